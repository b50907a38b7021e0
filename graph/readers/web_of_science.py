"""Web of Science's plain text ("FN Clarivate Analytics Web of Science").

The tags are those of Clarivate's list ("Web of Science Core Collection Field Tags"):

=========== ================================================================
tag         record
=========== ================================================================
PT DT       type; status
AF, AU; CA  authors in full, otherwise with initials; organisations
BE          editors
TI SO SE    title, venue, series
CT CL       conference, its place
PY PD       year, month and day
VL IS BP EP AR  volume, issue, pages, article number (PS: pages in other databases there)
PU PI       publisher, place
DI SN EI BN DOI, ISSN, ISBN
LA DE       language, the authors' keywords (not ID, which are generated)
OI          ORCID iDs, after the names
=========== ================================================================
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..iris import fold
from ..model import Entry, Name
from .names import person, with_comma, with_initials
from .plain_work import PlainWork
from .prose import prose
from .source import SourceFile
from .tagged import Form, Tags, read_tagged
from .values import says_retracted

_STARTS = re.compile(r"(?:[^\S\n]*\n|(?:FN|VR) .*\n)*+PT [A-Z]\b")
_KNOWN = (
    "PT DT AF AU CA BE TI SO SE CT CL PY PD VL IS BP EP AR PU PI DI SN EI BN LA DE OI UT CY SP HO "
    "ID AB C1 C3 RP EM RI FU FX CR NR TC Z9 U1 U2 PA J9 JI PG WC SC GA DA PM OA HC HP WE SI MA BA "
    "BF GP ED D2 EA SU PN EF FN VR ER PS"
)
_FORM = Form(
    name="Web of Science",
    line=re.compile(r"([A-Z][A-Z0-9])(?!\S) ?(.*)"),
    starts="PT",
    ends="ER",
    listed=frozenset({"AU", "AF", "BE", "CA", "CR"}),
    known=frozenset(_KNOWN.split()),
    never_read=frozenset({"CR", "C1", "FX", "RP"}),
)
#: Folded DT -> CSL type; the first known one counts, otherwise PT's.
_TYPES = {
    "article": "article-journal",
    "article; book chapter": "chapter",
    "article; early access": "article-journal",
    "article; proceedings paper": "paper-conference",
    "book": "book",
    "book chapter": "chapter",
    "data paper": "article-journal",
    "editorial material": "article-journal",
    "letter": "article-journal",
    "meeting abstract": "paper-conference",
    "proceedings paper": "paper-conference",
    "review": "article-journal",
}
_BY_PUBLICATION = {"B": "chapter", "C": "paper-conference", "J": "article-journal", "P": "patent"}


def looks_like(head: str) -> bool:
    """True for text that begins like a Web of Science file, or with its PT tag."""
    return _STARTS.match(head) is not None


def read(source: SourceFile) -> Iterator[Entry]:
    """Yield one Entry for each record, from its PT to its ER."""
    return read_tagged(source, _FORM, _work, "UT")


def _work(tags: Tags) -> PlainWork:
    by_publication = _BY_PUBLICATION.get(tags.first("PT")[:1], "document")
    kind = tags.first("DT").casefold()
    known = (_TYPES[part] for part in (kind, *kind.split("; ")) if part in _TYPES)
    csl = next(known, by_publication)
    if not kind and csl == "chapter" and fold(tags.first("SO")) == fold(tags.first("TI")):
        csl = "book"
    full, short = (
        tuple(prose(part) for text in tags.all(tag) for part in text.split(";"))
        for tag in ("AF", "AU")
    )
    if len(full) == len(short):
        full = tuple(map(with_comma, full, short))
    names = tuple(map(person, full)) or tuple(with_initials(text) or person(text) for text in short)
    return PlainWork(
        type=csl,
        title=tags.first("TI"),
        authors=names + tuple(Name(literal=prose(body)) for body in tags.all("CA")),
        orcids=tags.first("OI"),
        editors=tuple(person(prose(text)) for text in tags.all("BE")),
        dates=(tags.first("PY"),),
        month=tags.first("PD"),
        container_title=tags.first("SO"),
        collection_title=tags.first("SE"),
        event_title=tags.first("CT"),
        publisher=tags.first("PU"),
        publisher_place=tags.first("PI"),
        volume=tags.first("VL"),
        issue=tags.first("IS"),
        page=tags.first("BP", "PS", "AR"),
        last_page=tags.first("EP"),
        doi=tags.first("DI"),
        serials=tags.all("SN", "EI", "BN"),
        language=tags.first("LA"),
        is_retracted=says_retracted(kind),
        keywords=tuple(tags.first("DE").split(";")),
        abstract=tags.first("AB"),
    )
