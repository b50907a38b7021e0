"""RefWorks' tagged format, which RefWorks and the databases of ProQuest and EBSCO export.

RefWorks itself writes a list of the tags above the references. The tags are those of RefWorks'
help ("RefWorks Tagged Format"), one per line, then a space:

======= =======================================================================
tag     record
======= =======================================================================
RT      type; begins an entry
T1 OT   title, the title in the original language
A1 A2   authors, editors, one per line
JF JO   journal, its abbreviation; T2 the book or the proceedings
T3      series
YR FD   year, date
VO IS   volume, issue
SP OP   first and last page
PB PP   publisher, place
DO SN   DOI (also from a line of the notes, NO), ISBN or ISSN
UL LK   addresses
K1 LA   keywords, language
ED      edition
======= =======================================================================
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ..model import Entry
from .endnote_tagged import work_of_tags
from .notes import doi_of_note
from .plain_work import PlainWork
from .source import SourceFile
from .tagged import Form, Tags, read_tagged

_READ = "RT ID T1 OT A1 A2 JF JO T2 T3 YR FD VO IS SP OP PB PP DO SN UL LK K1 LA ED AB NO"
#: Holdings, dates of retrieval, the user's notes, the authors' addresses.
_KNOWN = (
    "SR A3 A4 A5 A6 AD AN AV CL CN CR CY DB DS GE IP LL OL PA PM PMID PMCID RD RP SF SL ST WP WT WV"
)
_TAGS = (*_READ.split(), *_KNOWN.split(), *(f"U{number}" for number in range(1, 16)))
_STARTS = re.compile(
    r"\A\s*(?:Ref[Ww]orks (?s:.*?)\nBEGIN EXPORTED REFERENCES\s+)?"
    r"RT [A-Z][^\n]*\n(?:SR|ID|A1|T1|JF|YR) "
)
_FORM = Form(
    name="RefWorks",
    line=re.compile(rf"({'|'.join(_TAGS)}) (.*)"),
    starts="RT",
    listed=frozenset({"A1", "A2", "K1"}),
    known=frozenset(_TAGS),
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
#: Field of a work -> its tags.
_FIELDS = {
    "title": "T1",
    "authors": "A1",
    "editors": "A2",
    "year": "YR",
    "date": "FD",
    "journal": "JF JO",
    "whole": "T2",
    "series": "T3",
    "publisher": "PB",
    "place": "PP",
    "volume": "VO",
    "number": "IS",
    "page": "SP",
    "last page": "OP",
    "edition": "ED",
    "doi": "DO",
    "serials": "SN",
    "urls": "UL LK",
    "language": "LA",
    "keywords": "K1",
    "abstract": "AB",
}


def looks_like(head: str) -> bool:
    """True for text that begins with "RT", a type, and another of the first tags."""
    return _STARTS.match(head) is not None


def read(source: SourceFile) -> Iterator[Entry]:
    """Yield one Entry for each reference, from its RT to the next."""
    return read_tagged(source, _FORM, _work, "ID")


def _work(tags: Tags) -> PlainWork:
    work = work_of_tags(tags, _TYPES.get(tags.first("RT"), "document"), _FIELDS)
    doi = work.doi or doi_of_note("\n".join(tags.all("NO")))
    return replace(work, doi=doi, original_title=tags.first("OT"))
