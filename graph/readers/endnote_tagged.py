"""EndNote's tagged format (.enw), older Refer: what Google Scholar and publishers export.

The tags are those of EndNote's own list ("EndNote Import", in its help; the letters are Refer's):

======= =======================================================================
tag     record
======= =======================================================================
%0      type
%T      title
%A %E   authors, editors, one a line
%J %B   journal; the book or the series
%S      series
%D %8   year, date
%V %N %P  volume, issue (of a report its number), pages
%I %C   publisher, place
%R %@ %U  DOI, ISBN or ISSN, URL
%K %G   keywords, language
%7 %9   edition, kind of work
======= =======================================================================
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ..identifiers import normal_doi
from ..model import Entry, Name
from .name_lists import divided, is_more
from .names import in_reading_order
from .plain_work import PlainWork
from .prose import prose
from .source import SourceFile
from .tagged import Form, Tags, read_tagged

_STARTS = re.compile(r"\A\s*%0 \S")
_FORM = Form(
    name="EndNote",
    line=re.compile(r"%([0-9A-Z@!#$&(*+<>?\[^~=]) ?(.*)"),
    starts="0",
    listed=frozenset("AEYK"),
    known=frozenset("0TAEJBSDVNPICRUK@G789YFMWXZ<>#$+[~!*?^=(&L2346"),
    never_read=frozenset("Z<"),
)
#: EndNote's names of the types of reference -> CSL type.
ENDNOTE_TYPES = {
    "Artwork": "graphic",
    "Blog": "post-weblog",
    "Book": "book",
    "Book Section": "chapter",
    "Computer Program": "software",
    "Conference Paper": "paper-conference",
    "Conference Proceedings": "paper-conference",
    "Dataset": "dataset",
    "Edited Book": "book",
    "Electronic Article": "article-journal",
    "Electronic Book": "book",
    "Electronic Book Section": "chapter",
    "Encyclopedia": "entry-encyclopedia",
    "Government Document": "report",
    "Journal Article": "article-journal",
    "Legal Rule or Regulation": "legislation",
    "Magazine Article": "article-magazine",
    "Manuscript": "manuscript",
    "Newspaper Article": "article-newspaper",
    "Patent": "patent",
    "Report": "report",
    "Serial": "book",
    "Standard": "standard",
    "Thesis": "thesis",
    "Unpublished Work": "manuscript",
    "Web Page": "webpage",
}
#: Works whose secondary title is that of a series.
IN_SERIES = frozenset({"book", "report", "thesis"})


def looks_like(head: str) -> bool:
    """True for text that begins with "%0" and a type."""
    return _STARTS.match(head) is not None


def read(source: SourceFile) -> Iterator[Entry]:
    """One Entry for each reference, from its %0 to the next."""
    return read_tagged(source, _FORM, _work, "F")


def _work(tags: Tags) -> PlainWork:
    csl = ENDNOTE_TYPES.get(tags.first("0"), "document")
    whole, number = tags.first("B"), tags.first("N")
    return PlainWork(
        type=csl,
        title=tags.first("T"),
        authors=endnote_names(tags.all("A")),
        editors=endnote_names(tags.all("E")),
        dates=(tags.first("D"), tags.first("8")),
        month=tags.first("8"),
        container_title=tags.first("J") or ("" if csl in IN_SERIES else whole),
        collection_title=tags.first("S") or (whole if csl in IN_SERIES else ""),
        publisher=tags.first("I"),
        publisher_place=tags.first("C"),
        volume=tags.first("V"),
        issue=number if has_issue(csl) else "",
        number="" if has_issue(csl) else number,
        page=tags.first("P"),
        genre=tags.first("9"),
        edition=tags.first("7"),
        doi=tags.first("R") if normal_doi(tags.first("R")) else "",
        serials=tags.all("@"),
        urls=tags.all("U"),
        language=tags.first("G"),
        keywords=tuple(part for text in tags.all("K") for part in text.split(";")),
        abstract=tags.first("X"),
    )


def has_issue(csl: str) -> bool:
    """Whether the number of a work of this CSL type is that of an issue."""
    return csl.startswith("article") or csl == "paper-conference"


def endnote_names(texts: Iterable[str]) -> tuple[Name, ...]:
    """The names of a field, one a line; in some lines stand several."""
    parts = (part for text in texts for part in _parts(prose(text)))
    return tuple(_name(part) for part in parts if not is_more(part))


def _parts(text: str) -> list[str]:
    return [text] if text.endswith(",") else divided(text)[0]


def _name(text: str) -> Name:
    """ "Family, Given"; a comma at the end says that it is a body; else as it is read."""
    return Name(literal=text.rstrip(" ,")) if text.endswith(",") else in_reading_order(text)
