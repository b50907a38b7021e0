"""The headers of tables: which field each column holds, by its name or a mapping file."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

from ..errors import UnreadableFile
from ..fields import Field
from ..iris import fold
from ..model import FACETS
from .source import SourceFile

#: Fields that tables have but BibTeX does not; the reader turns them into "author", "pages" etc.
FULL_NAMES, FIRST_PAGE, LAST_PAGE = "fullnames", "firstpage", "lastpage"
FULL_JOURNAL, GROUP_AUTHORS, IS_RETRACTED = "fulljournal", "groupauthors", "isretracted"
CITATION = "citation"
#: The authors of a spreadsheet with a column for each: "Author 1", "Author 2".
NUMBERED_AUTHORS = "numberedauthors"
#: A whole citation, in a table without titles.
REFERENCE = "reference"
#: Where the coder of a work read it, and the words that support its facets.
EVIDENCE = "evidence"

#: Folded header -> BibTeX field; BibTeX's own names map to themselves. Taken from exports of
#: Scopus, Web of Science (also its tags), Dimensions, Lens, OpenAlex (dotted), PubMed, Covidence,
#: Rayyan, Publish or Perish, JabRef, Zotero, Embase, Cochrane, RefWorks, Google Scholar, Paperpile,
#: IEEE Xplore and SpringerLink, and from members of Mendeley and Lens responses. German,
#: Spanish and French names are those of Zotero and common ones, if they can only mean one field.
HEADERS: Mapping[str, str] = {
    name: field
    for field, names in {
        "abstract": "abstract|abstracts|abstract note|ab|zusammenfassung|resumen|resume",
        "author": "author|authors|author s|author names|creator|creators|au|contributors"
        "|authorships author display name|authors primary|inventors"
        "|author editor or organization|autor hrsg oder institution"
        "|autor|autoren|autorin|autor in|autor innen|autorinnen und autoren|verfasser|verfasserin"
        "|verfasser in|autores|autora|autor a|autor es|auteur|auteurs|auteur s|auteur e s",
        FULL_NAMES: "author full names|author full name|fullnames|af",
        "booktitle": "booktitle|book title|conference title|proceedings title|anthology title"
        "|buchtitel|titulo del libro|titre du livre",
        CITATION: "citation",
        "date": "date|publication date|issued|date published|published date|pd|datepublished"
        "|cover date|publication date online|date of publication|pubdate"
        "|datum|erscheinungsdatum|veroffentlichungsdatum|fecha|fecha de publicacion"
        "|date de publication",
        "doi": "doi|digital object identifier|di|doi link|doi url|identifiers doi|external ids doi"
        "|digitalobjectidentifier|item doi"
        "|doi name",
        "edition": "edition|auflage|edicion",
        "editor": "editor|editors|book editors|be|editor names|authors secondary"
        "|herausgeber|herausgeberin|herausgeber in|editores",
        "ENTRYTYPE": "entrytype|entry type|document type|item type|publication type|type"
        "|dt|pt|reference type|bibliographytype|type crossref|ref type|source type"
        "|publication types|document identifier|documenttype|content type|doctype"
        "|dokumenttyp|dokumententyp|dokumentart|publikationstyp|eintragsart|tipo de documento"
        "|tipo de publicacion|tipo de elemento|type de document|type de publication",
        "eprint": "eprint|arxiv id",
        "eventtitle": "eventtitle|event title|conference name|meeting name|event|ct"
        "|conference|conference information",
        FIRST_PAGE: "firstpage|first page|page start|start page|beginning page|bp|startpage"
        "|biblio first page|pages start|pagestart",
        "ID": "id|key|citekey|citation key|bibtex key|bibtexkey|identifier|pmid|lens id|ut"
        "|publication id|eid|covidence|ut unique wos id|record id|cochrane id|medline pmid"
        "|ut unique id|reference id",
        "isbn": "isbn|isbns|e isbn|bn|isbn issn|issn isbn|identifiers isbn",
        "issn": "issn|issns|eissn|e issn|sn|ei|primary location source issn|issn print"
        "|primary location source issn l|electronic issn|print issn|identifiers issn"
        "|source issn|primary location issns|primary location issn l",
        "issue": "issue|issue number|is|biblio issue|issue no|journal issue"
        "|issuenumber|heft|heftnummer",
        FULL_JOURNAL: "full journal",
        GROUP_AUTHORS: "ca|group author|group authors",
        "howpublished": "howpublished",
        "institution": "institution|organization|school|university"
        "|hochschule|universitat|institucion|universidad|universite",
        "journal": "journal|journaltitle|journal title|source title|publication title"
        "|container title|journal book|publication|so|source|venue|periodical full"
        "|primary location source display name|host venue display name|journal name"
        "|source titles|secondary title|pubtitle|full journal name|published in"
        "|periodical"
        "|journal conference|journal or conference|primary location display name|ispartof"
        "|zeitschrift|zeitschriftentitel|publikation|revista|titulo de la revista|publicacion|revue"
        "|titre de la revue",
        "keywords": "keywords|author keywords|manual tags|automatic tags"
        "|index keywords|de|keyword|topics|topic|tags|subjects|subject|descriptors"
        "|keywords display name|identifierkeywords"
        "|schlagworter|schlagworte|stichworter|stichworte|palabras clave|mots cles",
        "langid": "langid",
        "language": "language|language of original document|la|languages|lang"
        "|sprache|idioma|langue",
        LAST_PAGE: "lastpage|last page|page end|end page|ending page|ep|endpage"
        "|biblio last page|pages end|other pages|pageend",
        "location": "location|address|place|publisher city|place of publication|placeofpublication"
        "|pi|place published"
        "|ort|verlagsort|erscheinungsort|lugar|lugar de publicacion|lieu|lieu de publication",
        "day": "day|published day",
        "month": "month|published month|publication month|pub date free from|pub month day",
        "note": "note|extra",
        "number": "number|report number|series number|nummer|numero",
        NUMBERED_AUTHORS: "|".join(
            f"{word} {number}" for word in ("author", "autor", "auteur") for number in range(1, 31)
        ),
        "orcid": "orcid|orcids|orcid ids|author orcid|author orcids|authorships author orcid|oi",
        "origtitle": "origtitle|original title",
        "pages": "pages|page|page s|pp|page range|pagination|ar|article number|art no"
        "|seiten|seite|seiten von bis|paginas|pagina",
        "publisher": "publisher|pu|publishers|source publisher|verlag|editorial|maison dedition"
        "|primary location host organization",
        "pubstate": "pubstate|publication status",
        IS_RETRACTED: "is retracted|retracted",
        REFERENCE: "reference|full reference|bibliographic reference|full citation|apa citation"
        "|literaturangabe|quellenangabe|referencia|referencia bibliografica"
        "|reference bibliographique",
        "series": "series|series title|book series title|collection title|se"
        "|reihe|schriftenreihe|serie",
        "subtitle": "subtitle|untertitel|subtitulo|sous titre",
        "title": "title|article title|document title|ti|display name|title primary|paper title"
        "|item title|title of paper|title of the paper|title of article|title of the article"
        "|titel|titulo|titre",
        "type": "genre",
        "url": "url|link|urls|articleurl|source linkout|external url|web address|doi url"
        "|primary location landing page url|article url|fulltext url|links"
        "|documenturl|full text link|publisher url"
        "|online adresse",
        "volume": "volume|volume issue|volumenumber|vl|biblio volume|vol|journal volume"
        "|band|jahrgang|volumen",
        "year": "year|publication year|pubyear|py|pub year|year published|published year"
        "|publish year|year of publication|publicationyear|jahr ermittelt"
        "|jahr|erscheinungsjahr|publikationsjahr|veroffentlichungsjahr|ano|ano de publicacion"
        "|annee|annee de publication",
    }.items()
    for name in names.split("|")
}
#: Folded headers of columns that say nothing about the work: counts, marks, search, indexing.
IGNORED = frozenset(
    name
    for names in (
        "notes|file attachments|file|owner|timestamp",
        "date added|date modified|access date|library catalog|call number|archive|rights",
        "short title",
        "cites|citesurl|gsrank|querydate|age|citesperyear|citesperauthor|authorcount|ecc|fulltexturl",
        "relatedurl|cited by|citing works count|citation count|times cited|tc|z9|u1|u2|nr|cr",
        "first author|create date|pmcid|nihms id|search query|rank|import id|publication stage",
        "author s id|author ids|authors id|page count",
        "affiliations|authors with affiliations|addresses|c1|rp|em|funding|fu|fx|references",
        "author affiliations|date added to xplore|ieee terms|mesh terms|article citation count",
        "patent citation count|reference count|pdf link|online date|issue date|funding information",
        "open access|oa|is open access|fulltext|j9|ji|abbreviated source title|ga|wc|we|sc|da",
        "journal abbreviation|journal iso abbreviation|num pages|number of pages|pg|correspondence "
        "address|keywords plus|reprint addresses|email addresses|researcher ids|c3|pa|si|dl|pm",
        "conference code|conference date|conference location|cited reference count|times cited wos "
        "core|times cited all databases|180 day usage count|since 2013 usage count|wos categories",
        "web of science index|research areas|ids number|open access designations|date of export",
        "web of science record|highly cited status|hot paper status|publisher address|funding orgs",
        "acknowledgements|authors raw affiliation|corresponding authors|authors affiliations|grid "
        "ids|research organizations standardized|city of standardized research organization|state "
        "of standardized research organization|country of standardized research organization",
        "funder|funder country|funder group|recent citations|rcr|fcr|altmetric|dimensions url",
        "fields of research anzsrc 2020|sustainable development goals|units of assessment",
        "source country|fields of study|source urls|citing patents count|microsoft academic id",
        "open access license|open access colour|chemicals|cited by count|open access is oa",
        "ids openalex|date published parts|scholarly citations count|created",
        "authorships institutions display name|primary topic display name|accession number",
        "included|asreview prior|asreview label|asreview time|asreview note|asreview ranking",
        "pubmed id|pmc id|labels filed in|folders filed in|rating|color",
    )
    for name in names.split("|")
)
#: Folded header -> the facet in that column: our own column, or a common name for it.
FACET_HEADERS: Mapping[str, Field] = {
    fold(header): field
    for field in FACETS
    if not field.bibtex  # facets with a BibTeX field are in HEADERS
    for header in (field.column, field.label, field.plural)
    if header
} | {
    fold(field.scheme.kind): field
    for field in FACETS
    if field.scheme and field.kind == "concepts" and not field.bibtex
}
#: Folded name of a type in databases -> entry type.
KINDS: Mapping[str, str] = (
    {
        kind: entry_type
        for entry_type, kinds in {
            "article": "article|journal article|journalarticle|review|article early access"
            "|editorial material|short survey|letter|jour|article in press|erratum|editorial|note"
            "|research article|review article|case reports|article journal|journal|ieee journals"
            "|ieee early access articles|retracted|retracted publication|feature"
            "|academic journal|scholarly journals"
            "|zeitschriftenaufsatz|zeitschriftenartikel|aufsatz|artikel|articulo"
            "|articulo de revista|articulo de revista academica|article de revue",
            "book": "book|book whole|book edited|monograph|edited book|reference book"
            "|buch|monographie|libro|livre",
            "dataset": "dataset|data set|data paper",
            "incollection": "incollection|book chapter|book section|booksection|chapter"
            "|article book chapter|chap|book part|buchteil|buchkapitel|beitrag im sammelband"
            "|seccion de un libro|capitulo de libro|chapitre de livre",
            "inproceedings": "inproceedings|conference|conference paper|conferencepaper"
            "|proceedings paper|paper conference|article proceedings paper|proceeding"
            "|conference article|conference abstract|conference review|proceedings article|conf"
            "|conference proceedings article"
            "|chapter conferencepaper"
            "|cpaper|meeting abstract|ieee conferences|konferenz paper|konferenzbeitrag"
            "|articulo en conferencia|article de colloque",
            "magazinearticle": "magazine article|magazinearticle|article magazine|ieee magazines",
            "manual": "manual",
            "mastersthesis": "mastersthesis",
            "misc": "misc|document|other",
            "newspaperarticle": "newspaper article|newspaperarticle|article newspaper"
            "|zeitungsartikel|articulo de periodico",
            "blogpost": "blog post|blogpost",
            "online": "online|web page|webpage|website|elec|webseite|pagina web|page web",
            "patent": "patent",
            "phdthesis": "phdthesis",
            "preprint": "preprint|posted content|preprint manuscript|preimpresion|prepublication",
            "proceedings": "proceedings|conference proceedings",
            "report": "report|working paper|rprt|bericht|forschungsbericht|informe|rapport",
            "software": "software|computer program|computerprogram",
            "standard": "standard",
            "techreport": "techreport",
            "thesis": "thesis|dissertation|thes|dissertation thesis|hochschulschrift|tesis|these",
            "unpublished": "unpublished|manuscript",
        }.items()
        for kind in kinds.split("|")
    }
    # LibreOffice's type numbers, which JabRef writes.
    | {
        str(number): entry_type
        for number, entry_type in enumerate(
            "article book booklet inproceedings inbook incollection inproceedings article manual "
            "mastersthesis misc phdthesis proceedings techreport unpublished misc online".split()
        )
    }
    # Web of Science's letters: journal, book, series.
    | {"j": "article", "b": "incollection", "s": "incollection"}
)
#: Publish or Perish types that say how a work was found, not what it is.
NO_KIND = frozenset("citation doc html pdf".split())


def read_mapping(path: Path) -> Mapping[str, str]:
    """Read the mapping file at ``path``: a table of two columns, header and field (or facet).

    Raises UnreadableFile, with the line and the valid fields, if a row is not valid.
    """
    facets = {name: fold(field.column) for name, field in FACET_HEADERS.items()}
    fields = facets | {field.casefold(): field for field in HEADERS.values()}
    known = ", ".join(sorted({field.casefold() for field in fields.values()}))
    remedy = f"the fields are {known}"
    mapping: dict[str, str] = {}
    rows = csv.reader(SourceFile.of_path(path).lines())
    try:
        for row in rows:
            cells = [cell.strip() for cell in row]
            if not any(cells) or [cell.casefold() for cell in cells] == ["header", "field"]:
                continue
            place = f"{path.name}, line {rows.line_num:,}"
            if len(cells) != 2 or not all(cells):
                raise UnreadableFile(
                    f"{place}: expected 2 cells, a header and its field, but found {len(cells)}",
                    remedy,
                )
            header, field = cells
            if field.casefold() not in fields:
                raise UnreadableFile(f'{place}: unknown field "{field}"', remedy)
            if (
                mapping.setdefault(fold(header), fields[field.casefold()])
                != fields[field.casefold()]
            ):
                message = f'{place}: the header "{header}" is mapped to two fields'
                raise UnreadableFile(message, "remove one of the rows")
    except csv.Error as error:
        message = f"{path.name}, line {rows.line_num:,}: {error}"
        raise UnreadableFile(message, "save the table as CSV again") from None
    if not mapping:
        raise UnreadableFile(f"{path.name}: no row maps a header to a field", remedy)
    return mapping
