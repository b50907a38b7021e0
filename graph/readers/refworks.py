"""RefWorks' tagged format: what RefWorks and the databases of ProQuest and EBSCO export to it.

The tags are those of RefWorks' help ("RefWorks Tagged Format"), one a line, then a blank:

======= =======================================================================
tag     record
======= =======================================================================
RT      type; begins an entry
T1      title
A1 A2   authors, editors, one a line
JF JO   journal, its abbreviation; T2 the book or the proceedings
T3      series
YR FD   year, date
VO IS   volume, issue
SP OP   first and last page
PB PP   publisher, place
DO SN   DOI, ISBN or ISSN
UL LK   addresses
K1 LA   keywords, language
ED      edition
======= =======================================================================
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..identifiers import normal_doi
from ..model import Entry
from .endnote_tagged import IN_SERIES, endnote_names, has_issue
from .plain_work import PlainWork
from .source import SourceFile
from .tagged import Form, Tags, read_tagged

_READ = "RT ID T1 A1 A2 JF JO T2 T3 YR FD VO IS SP OP PB PP DO SN UL LK K1 LA ED AB"
#: Who holds a copy, when it was retrieved, notes of the user, addresses of authors.
_KNOWN = "SR A3 A4 A5 A6 AD AN AV CL CN CY DB DS GE LL NO OL PA PM RD RP SL ST WP WT WV"
_TAGS = (*_READ.split(), *_KNOWN.split(), *(f"U{number}" for number in range(1, 10)))
_STARTS = re.compile(r"\A\s*RT [A-Z][^\n]*\n(?:SR|ID|A1|T1|JF|YR) ")
_FORM = Form(
    name="RefWorks",
    line=re.compile(rf"({'|'.join(_TAGS)}) (.*)"),
    starts="RT",
    listed=frozenset({"A1", "A2", "K1"}),
    known=frozenset(_TAGS),
    never_read=frozenset({"NO"}),
)
#: RefWorks' types of reference -> CSL type.
_TYPES = {
    "Abstract": "article-journal",
    "Book, Edited": "book",
    "Book, Section": "chapter",
    "Book, Whole": "book",
    "Computer Program": "software",
    "Conference Proceedings": "paper-conference",
    "Dissertation": "thesis",
    "Dissertation/Thesis": "thesis",
    "Dissertation/Thesis, Unpublished": "thesis",
    "Journal Article": "article-journal",
    "Journal, Electronic": "article-journal",
    "Magazine Article": "article-magazine",
    "Monograph": "book",
    "Newspaper Article": "article-newspaper",
    "Patent": "patent",
    "Report": "report",
    "Unpublished Material": "manuscript",
    "Web Page": "webpage",
}


def looks_like(head: str) -> bool:
    """True for text that begins with "RT", a type, and another of the first tags."""
    return _STARTS.match(head) is not None


def read(source: SourceFile) -> Iterator[Entry]:
    """One Entry for each reference, from its RT to the next."""
    return read_tagged(source, _FORM, _work, "ID")


def _work(tags: Tags) -> PlainWork:
    csl = _TYPES.get(tags.first("RT"), "document")
    whole, number = tags.first("T2"), tags.first("IS")
    return PlainWork(
        type=csl,
        title=tags.first("T1"),
        authors=endnote_names(tags.all("A1")),
        editors=endnote_names(tags.all("A2")),
        dates=(tags.first("YR"), tags.first("FD")),
        month=tags.first("FD"),
        container_title=tags.first("JF", "JO") or ("" if csl in IN_SERIES else whole),
        collection_title=tags.first("T3") or (whole if csl in IN_SERIES else ""),
        publisher=tags.first("PB"),
        publisher_place=tags.first("PP"),
        volume=tags.first("VO"),
        issue=number if has_issue(csl) else "",
        number="" if has_issue(csl) else number,
        page=tags.first("SP"),
        last_page=tags.first("OP"),
        edition=tags.first("ED"),
        doi=tags.first("DO") if normal_doi(tags.first("DO")) else "",
        serials=tags.all("SN"),
        urls=tags.all("UL", "LK"),
        language=tags.first("LA"),
        keywords=tuple(part for text in tags.all("K1") for part in text.split(";")),
        abstract=tags.first("AB"),
    )
