"""The fields of BibTeX and BibLaTeX, mapped to a Record; also used for tables with such headers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from ..identifiers import eprint_url, normal_url
from ..model import RETRACTED, Entry, Facets, Name, Problem, Record, Source
from .latex import MAX_LENGTH, fold_space, plain, verbatim
from .name_lists import NameList, name_list
from .notes import doi_of_note
from .prose import HISTORY, prose
from .proxies import unproxied
from .values import Checked, distinct, month_or_season, pages, reject, says_retracted, telling, urls

#: Private notes.
NEVER_READ = frozenset({"annotation", "annote", "file", "review"})
#: The fields that are read. ``UNSAID`` are others that add nothing about the work.
READ = frozenset(
    "abstract address archiveprefix article-number articleno author author+an:orcid "
    "author_keywords booksubtitle booktitle crossref date day doi edition editor eid eissn "
    "entrysubtype eprint eprinttype eventtitle "
    "howpublished institution isbn issn issue journal journalsubtitle journaltitle keywords "
    "langid language location month note number orcid orcid-numbers organization origtitle pages "
    "publisher pubstate school series subtitle title titleaddon type url volume xdata year".split()
)
UNSAID = NEVER_READ | frozenset(
    "abbrev_source_title acmid affiliation affiliations arxivid author-email bibsource biburl "
    "citationcount cited-references comment copyright creationdate da date-added date-modified "
    "doc-delivery-number eprintclass eventdate funding-acknowledgement funding-text groups "
    "issue_date journal-iso key keywords-plus lccn local-url mendeley-groups mendeley-tags "
    "modificationdate number-of-cited-references numpages oa owner pagetotal primaryclass printed "
    "priority publication_stage qualityassured ranking rating readstatus relevance research-areas "
    "researcherid-numbers rights shortjournal shorttitle source times-cited timestamp unique-id "
    "urldate usage-count-last-180-days usage-count-since-2013 "
    "web-of-science-categories web-of-science-index".split()
)
#: The fields whose original wording is kept, in this order.
_STATED = ("author", "title", "year", "date", "doi")

#: Entry type -> (CSL type, genre if the entry does not give one).
_TYPES: Mapping[str, tuple[str, str]] = {
    kind: (csl, genre)
    for csl, genre, kinds in (
        ("article", "", "preprint"),
        ("article-journal", "", "article suppperiodical"),
        ("article-magazine", "", "magazinearticle"),
        ("article-newspaper", "", "newspaperarticle"),
        ("book", "", "book collection mvbook mvcollection reference"),
        ("book", "Proceedings", "proceedings mvproceedings"),
        ("chapter", "", "bookinbook inbook incollection inreference suppbook suppcollection"),
        ("dataset", "", "dataset"),
        ("document", "", "misc"),
        ("document", "Booklet", "booklet"),
        ("document", "Manual", "manual"),
        ("entry-dictionary", "", "dictionaryentry"),
        ("entry-encyclopedia", "", "encyclopediaarticle"),
        ("bill", "", "bill"),
        ("broadcast", "", "podcast radiobroadcast tvbroadcast"),
        ("graphic", "", "artwork image"),
        ("hearing", "", "hearing"),
        ("interview", "", "interview"),
        ("legal_case", "", "jurisdiction case"),
        ("legislation", "", "legislation legal statute"),
        ("manuscript", "", "unpublished"),
        ("map", "", "map"),
        ("motion_picture", "", "movie video film videorecording"),
        ("paper-conference", "", "inproceedings conference"),
        ("patent", "", "patent"),
        ("performance", "", "performance"),
        ("personal_communication", "", "letter email instantmessage"),
        ("periodical", "", "periodical"),
        ("post", "", "forumpost"),
        ("post-weblog", "", "blogpost"),
        ("report", "", "report techreport"),
        ("review", "", "review"),
        ("software", "", "software"),
        ("song", "", "audio music audiorecording"),
        ("speech", "", "presentation"),
        ("standard", "", "standard"),
        ("thesis", "", "thesis"),
        ("thesis", "Master's thesis", "mastersthesis"),
        ("thesis", "PhD thesis", "phdthesis"),
        ("webpage", "", "online electronic www"),
    )
    for kind in kinds.split()
}
#: The fields of the publisher. A thesis may also have that of a database: ProQuest.
_PUBLISHERS = ("publisher", "institution", "school", "organization")
_OF_THESES = ("school", "institution", "publisher", "organization")
#: BibLaTeX's ``entrysubtype`` of an article -> CSL type.
_SUBTYPES = {"magazine": "article-magazine", "newspaper": "article-newspaper"}
#: Keys in BibLaTeX's ``type`` field -> the words for them.
_GENRES = {
    "bathesis": "Bachelor's thesis",
    "candthesis": "Candidate thesis",
    "mathesis": "Master's thesis",
    "phdthesis": "PhD thesis",
    "resreport": "Research report",
    "techreport": "Technical report",
}
#: A footnote mark on a title; not the star of "A*" (an algorithm) or "C*" (an algebra).
_FOOTNOTE = re.compile(r"(?<=[^\s*∗†‡]{2})\s*\^?[*∗⁎†‡]$|\s+\^?[*∗⁎†‡]{1,3}$")
_ARXIV = re.compile(r"https?://arxiv\.org/abs/")
#: An issue that is a number. In BibLaTeX it may be "Spring", beside the number.
_NUMBERED = re.compile(r"\D{0,8}\d{1,3}(?!\d)")
_ESCAPED_BRACE = re.compile(r"(?<!\\)\\[{}]")
#: Private marks rather than keywords: Zotero tags of ``\cite`` lists, "to read".
_BOOKKEEPING = re.compile(r"cite[a-z]?[A-Z]\w*|\w*CITE|temp|todo|to[ -]?read|unread")


def stated(fields: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """An entry's author, title, year (or date) and DOI, word for word."""
    fields = _given(fields)
    said = ((name, fold_space(fields.get(name, ""))) for name in _STATED)
    has_year = bool(fields.get("year"))
    return tuple((name, text) for name, text in said if text and (name, has_year) != ("date", True))


def entry(
    kind: str,
    fields: Mapping[str, str],
    source: Source,
    text: str,
    problems: Iterable[Problem] = (),
) -> Entry:
    """The record of one entry, or a reject if it has no title.

    ``kind`` is the entry's type ("article") and ``fields`` its values by lower-case name, in
    LaTeX, without the braces or quotes around them.
    """
    checked = Checked(source, problems)
    try:
        record = _record(kind, _given(fields), source, checked)
    except ValueError as error:
        return reject(
            source,
            text,
            f"a value cannot be read: {error}",
            "Shorten or simplify the value and import the entry again.",
            checked.problems,
        )
    if not record.title:
        remedy = "Give the entry a title and import it again."
        return reject(source, text, "no title", remedy, checked.problems)
    # an overlong abstract is dropped; it is no reason to reject the entry
    given = fields.get("abstract", "")
    abstract = plain(given) if len(given) <= MAX_LENGTH else ""
    return Entry(source, text, record, tuple(checked.problems), abstract)


def _given(fields: Mapping[str, str]) -> Mapping[str, str]:
    """The fields that have a value; CoLRev writes UNKNOWN for none."""
    return {name: text for name, text in fields.items() if text.strip("{} ") not in ("", "UNKNOWN")}


def _record(kind: str, fields: Mapping[str, str], source: Source, checked: Checked) -> Record:
    def words(*names: str) -> str:
        for name in names:
            if name in fields and (text := _prose(fields[name])):
                return text
        return ""

    def venue(*names: str) -> str:
        return words(*names).rstrip(" ,;")

    def code(name: str) -> str:
        return verbatim(fields[name]) if name in fields else ""

    def whole(title: str, subtitle: str) -> str:
        return f"{title}: {rest}" if title and (rest := words(subtitle)) else title

    csl, genre = _TYPES.get(kind, ("document", ""))
    if kind not in _TYPES:
        unknown = fold_space(kind)[:200]
        message = f'unknown entry type "{unknown}"; the work is treated as a document'
        remedy = "Use a type such as article, inproceedings or report."
        checked.warn(message, remedy, "", severity="info")
    authors, editors = (_names(name, fields, checked) for name in ("author", "editor"))
    checked.readable(" ".join(map(str, authors.names)), "author")
    title = whole(checked.title(_bare(words("title")), "title"), "subtitle")
    book = whole(venue("booktitle"), "booksubtitle")
    journal = whole(venue("journaltitle", "journal"), "journalsubtitle")
    dates = code("date"), words("year")
    issue, number = words("issue"), words("number")
    month = month_or_season(words("month"), issue)
    issued, issued_edtf = checked.issued(dates, "year", month, words("day"))
    # Zotero's CSV has the book of a chapter in the column of the journal
    is_numbered = bool(journal) and csl != "chapter" and not fields.get("booktitle")
    is_issue = csl == "article-journal" or is_numbered
    if is_issue and not _NUMBERED.match(issue):
        issue, number = number or issue, ""
    isbn, issn = _serials(code("isbn"), f"{code('issn')}, {code('eissn')}", checked)
    url = checked.url([code("url")], "url") or _other_url(fields)
    csl = _type(csl, kind, fields, url)
    # Zotero puts the name of a page's web site there
    site = venue("titleaddon") if csl == "webpage" else ""
    return Record(
        title=title,
        type=csl,
        original_title=words("origtitle"),
        authors=_identified(authors, fields, checked),
        more_authors=authors.more,
        editors=editors.names,
        issued=issued,
        issued_edtf=issued_edtf,
        container_title=book or journal or site,
        collection_title=venue("series"),
        event_title=venue("eventtitle"),
        publisher=venue(*(_OF_THESES if csl == "thesis" else _PUBLISHERS)),
        # if there are both, ACM's location is that of the conference
        publisher_place=venue("address", "location"),
        volume=words("volume"),
        issue=issue,
        page=pages(words("pages", "eid", "articleno", "article-number")),
        number=number,
        genre=telling(_GENRES.get(words("type"), words("type"))) or genre,
        edition=words("edition"),
        status=RETRACTED
        if says_retracted(words("type"))
        else checked.status(dates, words("pubstate")),
        doi=checked.doi(code("doi") or doi_of_note(fields.get("note", "")), "doi", [url]),
        isbn=isbn,
        issn=issn,
        url=url,
        language=checked.language(words("language", "langid")),
        facets=Facets(keywords=_keywords(words("author_keywords"), words("keywords"))),
        sources=(source,),
    )


def _type(csl: str, kind: str, fields: Mapping[str, str], url: str) -> str:
    """The CSL type of an entry; ``csl`` is that of most entries of its kind."""
    if csl in ("document", "webpage") and _ARXIV.match(url):
        return "article"  # CSL's preprint
    if kind == "misc" and url and not _is_published(fields):
        return "webpage"
    if csl == "article-journal":
        return _SUBTYPES.get(verbatim(fields.get("entrysubtype", "")), csl)
    return csl


def _prose(text: str) -> str:
    # "\\{GIG\\}" has braces that protect capitals, escaped once too often by an export.
    return prose(plain(_ESCAPED_BRACE.sub("", text) if "\\" in text else text))


def _bare(title: str) -> str:
    """A title without quotes around all of it and without a footnote mark at its end."""
    if len(title) > 2 and title[0] == title[-1] == '"' and title.count('"') == 2:
        title = title[1:-1].strip()
    # The mark points to a note in the printed article; it is not part of the title.
    return _FOOTNOTE.sub("", title)


def _names(name: str, fields: Mapping[str, str], checked: Checked) -> NameList:
    names = name_list(_ESCAPED_BRACE.sub("", fields.get(name, "")))
    if names.doubt:
        remedy = 'Write "Last, First and Last, First", with an organisation in braces.'
        checked.warn(names.doubt, remedy, name, fields[name])
    return names


def _serials(isbn: str, issn: str, checked: Checked) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The ISBNs and ISSNs; Mendeley and RefWorks have ISSNs in the field of ISBNs, too."""
    books, journals = checked.serials([isbn], "isbn")
    others, issns = checked.serials([issn], "issn")
    return distinct((*books, *others)), distinct((*journals, *issns))


def _identified(authors: NameList, fields: Mapping[str, str], checked: Checked) -> tuple[Name, ...]:
    """The authors, with the ORCID iDs that a field gives them."""
    for field in ("orcid", "orcid-numbers", "author+an:orcid"):
        if field in fields and (written := verbatim(fields[field])):
            return checked.identified(authors.names, written, field)
    return authors.names


def _other_url(fields: Mapping[str, str]) -> str:
    """The first URL from the number in an archive, ``howpublished`` or ``note``."""
    number, kind, prefix, how, note = (
        verbatim(fields[name]) if name in fields else ""
        for name in ("eprint", "eprinttype", "archiveprefix", "howpublished", "note")
    )
    written = (url for text in (number, how, note) for url in urls(text))
    return eprint_url(number, kind or prefix) or next(
        filter(None, (normal_url(unproxied(url)) for url in written)), ""
    )


def _keywords(*texts: str) -> tuple[str, ...]:
    """Keywords in order, each once, without private marks."""
    # our writers end the list with ";" if keywords contain commas
    keywords = (
        part.strip(" .")
        for text in texts
        for part in re.split(";" if text.endswith(";") else "[,;]", HISTORY.sub("", text))
    )
    useful = (word for word in keywords if word and not _BOOKKEEPING.fullmatch(word))
    return tuple(dict.fromkeys(useful))


def _is_published(fields: Mapping[str, str]) -> bool:
    """Whether a field other than the URL says how the work was published."""
    names = ("journal", "journaltitle", "booktitle", "publisher", "institution", "organization")
    return any(fields.get(name) for name in (*names, "school", "doi", "isbn", "eprint"))
