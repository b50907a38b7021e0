"""EndNote's tagged format (.enw), formerly Refer, exported by Google Scholar and publishers.

The tags are those of EndNote's own list ("EndNote Import", in its help; the letters are Refer's):

======= =======================================================================
tag     record
======= =======================================================================
%0      type
%T %Q   title; if it is translated, the original title and its translation
%A %E   authors, editors, one per line
%J %B   journal; the book or the series
%S      series
%D %8   year, date
%V %N %P  volume, issue (for a report, its number), pages
%I %C   publisher, place
%R %@ %U  DOI, ISBN or ISSN, URL
%K %G   keywords, language
%7 %9   edition, kind of work
======= =======================================================================

bepress, the software of AIS eLibrary, begins a reference with %T, may leave out %0, and has %B for
journals and proceedings alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from ..csl_types import IN_SERIES
from ..identifiers import normal_doi
from ..iris import fold
from ..model import Entry, Name
from .name_lists import divided, is_more
from .names import in_reading_order
from .plain_work import PlainWork
from .prose import prose
from .source import SourceFile
from .tagged import Form, Tags, read_tagged

_STARTS = re.compile(r"\A\s*%0 \S")
_STARTS_WITH_TITLE = re.compile(r"\A\s*%T \S[^\n]*\n%[0A-Z] ")
_FORM = Form(
    name="EndNote",
    line=re.compile(r"%([0-9A-Z@!#$&(*+<>?\[^~=]) ?(.*)"),
    starts="0",
    mark="%",
    listed=frozenset("AEYK"),
    known=frozenset("0TQAEJBSDVNPICRUK@G789YFMWXZ<>#$+[~!*?^=(&L2346"),
    never_read=frozenset("Z<"),
)
_MEETING = re.compile(r"\b(?:proceedings|conference)\b", re.IGNORECASE)
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
#: Field of a work -> its tags.
_FIELDS = {
    "title": "T",
    "translated title": "Q",
    "authors": "A",
    "editors": "E",
    "year": "D",
    "date": "8",
    "journal": "J",
    "whole": "B",
    "series": "S",
    "publisher": "I",
    "place": "C",
    "volume": "V",
    "number": "N",
    "page": "P",
    "genre": "9",
    "edition": "7",
    "doi": "R",
    "serials": "@",
    "urls": "U",
    "language": "G",
    "keywords": "K",
    "abstract": "X",
}


def looks_like(head: str) -> bool:
    """True for text that begins with "%0" and a type, or with "%T", a title and another tag."""
    return any(form.match(head) for form in (_STARTS, _STARTS_WITH_TITLE))


def read(source: SourceFile) -> Iterator[Entry]:
    """Yield one Entry for each reference, from its %0 (or %T, if that is first) to the next."""
    is_title_first = _STARTS_WITH_TITLE.match(source.head)
    form = replace(_FORM, starts="T") if is_title_first else _FORM
    return read_tagged(source, form, _work, "F")


def _work(tags: Tags) -> PlainWork:
    return work_of_tags(tags, _type(tags), _FIELDS)


def _type(tags: Tags) -> str:
    kind, whole, volume = tags.first("0"), tags.first("B"), tags.first("V")
    csl = ENDNOTE_TYPES.get(kind, "document")
    if csl == "article-journal" or not kind:
        if _MEETING.search(whole) and not volume:
            return "paper-conference"
        return "article-journal" if whole and volume else csl
    return csl


def work_of_tags(tags: Tags, csl: str, fields: Mapping[str, str]) -> PlainWork:
    """The work that an entry describes, with this CSL type.

    ``fields`` has the tags of each field, separated by spaces. "whole" is the book, proceedings or
    series that contains the work; "number" is the number of an issue or a report.
    """

    def every(field: str) -> tuple[str, ...]:
        return tags.all(*fields.get(field, "").split())

    def first(field: str) -> str:
        return next(iter(every(field)), "")

    whole, number = first("whole"), first("number")
    title, original_title = endnote_titles(first("title"), first("translated title"))
    return PlainWork(
        type=csl,
        title=title,
        original_title=original_title,
        authors=endnote_names(every("authors")),
        editors=endnote_names(every("editors")),
        dates=(first("year"), first("date")),
        month=first("date"),
        container_title=first("journal") or ("" if csl in IN_SERIES else whole),
        collection_title=first("series") or (whole if csl in IN_SERIES else ""),
        publisher=first("publisher"),
        publisher_place=first("place"),
        volume=first("volume"),
        issue=number if has_issue(csl) else "",
        number="" if has_issue(csl) else number,
        page=first("page"),
        last_page=first("last page"),
        genre=first("genre"),
        edition=first("edition"),
        doi=first("doi") if normal_doi(first("doi")) else "",
        serials=every("serials"),
        urls=every("urls"),
        language=first("language"),
        keywords=tuple(part for text in every("keywords") for part in text.split(";")),
        abstract=first("abstract"),
    )


def has_issue(csl: str) -> bool:
    """Whether the number of a work of this CSL type is an issue number."""
    return csl.startswith("article-") or csl == "paper-conference"


def endnote_titles(own: str, translated: str) -> tuple[str, str]:
    """The title of a work and, if that is a translation, the title in the work's own language."""
    return (translated, own) if translated and fold(translated) != fold(own) else (own, "")


def endnote_names(texts: Iterable[str]) -> tuple[Name, ...]:
    """The names of a field, one per line; some lines hold several."""
    parts = (part for text in texts for part in _parts(prose(text)))
    return tuple(_name(part) for part in parts if not is_more(part))


def _parts(text: str) -> list[str]:
    return [text] if text.endswith(",") else divided(text)[0]


def _name(text: str) -> Name:
    """The name: an organisation if it ends with a comma, otherwise a person."""
    return Name(literal=text.rstrip(" ,")) if text.endswith(",") else in_reading_order(text)
