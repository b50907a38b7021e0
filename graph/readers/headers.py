"""The headers of tables: which field of a record a column holds, by its name or a mapping file."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from ..errors import UnreadableFile
from ..fields import Field
from ..iris import fold
from ..model import FACETS
from .source import SourceFile

__all__ = [
    "FACET_HEADERS",
    "FIRST_PAGE",
    "FULL_NAMES",
    "HEADERS",
    "KINDS",
    "LAST_PAGE",
    "read_mapping",
]


#: Fields a table has and BibTeX has not: the reader makes "author" and "pages" of them.
FULL_NAMES, FIRST_PAGE, LAST_PAGE = "fullnames", "firstpage", "lastpage"

#: Header, folded -> the BibTeX field; BibTeX's own names stand for themselves.
HEADERS: Mapping[str, str] = MappingProxyType(
    {
        name: field
        for field, names in {
            "abstract": "abstract|abstracts|abstract note",
            "author": "author|authors|author s|creator|creators",
            FULL_NAMES: "author full names|author full name|fullnames",
            "booktitle": "booktitle|book title|conference title|proceedings title",
            "date": "date|publication date|issued",
            "doi": "doi|digital object identifier",
            "edition": "edition",
            "editor": "editor|editors|book editors",
            "ENTRYTYPE": "entrytype|entry type|document type|item type|publication type|type",
            "eprint": "eprint",
            "eventtitle": "eventtitle|event title|conference name|meeting name|event",
            FIRST_PAGE: "firstpage|first page|page start|start page|beginning page",
            "ID": "id|key|citekey|citation key|bibtex key|bibtexkey",
            "isbn": "isbn|isbns|e isbn",
            "issn": "issn|issns|eissn|e issn",
            "issue": "issue|issue number",
            "howpublished": "howpublished",
            "institution": "institution|organization|school",
            "journal": "journal|journaltitle|journal title|source title|publication title"
            "|container title",
            "keywords": "keywords|author keywords|manual tags|automatic tags|keywords plus"
            "|index keywords",
            "langid": "langid",
            "language": "language|language of original document",
            LAST_PAGE: "lastpage|last page|page end|end page|ending page",
            "location": "location|address|place|publisher city",
            "month": "month",
            "note": "note",
            "number": "number|report number",
            "orcid": "orcid|orcids|orcid ids|author orcid|author orcids",
            "origtitle": "origtitle|original title",
            "pages": "pages|page|page range",
            "publisher": "publisher",
            "series": "series|series title|book series title|collection title",
            "subtitle": "subtitle",
            "title": "title|article title|document title",
            "type": "genre",
            "url": "url|link|urls",
            "volume": "volume",
            "year": "year|publication year|pubyear",
        }.items()
        for name in names.split("|")
    }
)
#: Header, folded -> the facet that the column holds: our own column, or what people call it.
FACET_HEADERS: Mapping[str, Field] = MappingProxyType(
    {
        fold(header): field
        for field in FACETS
        if not field.bibtex  # what BibTeX has a field for is a field here, too
        for header in (field.column, field.label, field.plural)
        if header
    }
    | {
        fold(field.scheme.kind): field
        for field in FACETS
        if field.scheme and field.kind == "concepts" and not field.bibtex
    }
)
#: What databases call the types, folded -> the entry type.
KINDS: Mapping[str, str] = MappingProxyType(
    {
        kind: entry_type
        for entry_type, kinds in {
            "article": "article|journal article|journalarticle|review|article early access"
            "|editorial material|short survey|letter",
            "book": "book",
            "incollection": "incollection|book chapter|book section|booksection|chapter"
            "|article book chapter",
            "inproceedings": "inproceedings|conference|conference paper|conferencepaper"
            "|proceedings paper|paper conference|article proceedings paper",
            "magazinearticle": "magazine article|magazinearticle",
            "manual": "manual",
            "mastersthesis": "mastersthesis",
            "misc": "misc|document",
            "newspaperarticle": "newspaper article|newspaperarticle",
            "online": "online|blog post|blogpost|web page|webpage",
            "phdthesis": "phdthesis",
            "proceedings": "proceedings|conference proceedings",
            "report": "report|working paper",
            "techreport": "techreport",
            "thesis": "thesis|dissertation",
            "unpublished": "unpublished|manuscript",
        }.items()
        for kind in kinds.split("|")
    }
)


def read_mapping(path: Path) -> Mapping[str, str]:
    """The mapping file at ``path``: a table of two columns, header and field.

    Raises UnreadableFile with the line and the fields there are, where a row is none.
    """
    fields = {field.casefold(): field for field in HEADERS.values()}
    known = ", ".join(sorted(fields))
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
                    f"{place}: {len(cells)} cells where two should be, a header and its field "
                    f"({known})"
                )
            header, field = cells
            if field.casefold() not in fields:
                raise UnreadableFile(
                    f'{place}: there is no field "{field}"; the fields are {known}'
                )
            if (
                mapping.setdefault(fold(header), fields[field.casefold()])
                != fields[field.casefold()]
            ):
                raise UnreadableFile(f'{place}: the header "{header}" has two fields')
    except csv.Error as error:
        raise UnreadableFile(f"{path.name}, line {rows.line_num:,}: {error}") from None
    if not mapping:
        raise UnreadableFile(f"{path.name}: no row names a header and its field ({known})")
    return MappingProxyType(mapping)
