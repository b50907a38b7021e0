"""The RIS reader, for all the dialects that Zotero, EndNote, Mendeley and databases write.

RIS is a line a value, "TI  - A title", from "TY" to "ER". The parser is our own: rispy, the one
kept library, reads the whole file at once, knows no line numbers, and stops at (or passes over)
what is not as it should be, so that entries would be lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from ..errors import UnreadableFile
from ..identifiers import normal_doi
from ..iris import fold
from ..model import Entry, Facets, Record, Source
from .latex import MAX_LENGTH
from .source import SourceFile
from .values import Checked, distinct, pages, reject, words

__all__ = [
    "TYPES",
    "looks_like",
    "read",
]


#: TY -> CSL type; of several for one type the first is the one we write.
TYPES: Mapping[str, str] = MappingProxyType(
    {
        tag: csl
        for csl, tags in {
            "article": "INPR",
            "article-journal": "JOUR ABST EJOUR JFULL",
            "article-magazine": "MGZN CTLG",
            "article-newspaper": "NEWS",
            "bill": "BILL UNBILL",
            "book": "BOOK EBOOK EDBOOK SER CLSWK",
            "broadcast": "VIDEO",
            "chapter": "CHAP ECHAP",
            "classic": "ANCIENT",
            "collection": "AGGR",
            "dataset": "DATA DBASE",
            "document": "GEN GRNT MULTI",
            "entry-dictionary": "DICT",
            "entry-encyclopedia": "ENCYC",
            "figure": "FIGURE CHART EQUA",
            "graphic": "ART",
            "hearing": "HEAR",
            "legal_case": "CASE",
            "legislation": "STAT LEGAL",
            "manuscript": "UNPB UNPD MANSCPT",
            "map": "MAP",
            "motion_picture": "MPCT ADVS",
            "musical_score": "MUSIC",
            "pamphlet": "PAMP",
            "paper-conference": "CONF CPAPER",
            "patent": "PAT",
            "personal_communication": "PCOMM ICOMM",
            "post-weblog": "BLOG",
            "report": "RPRT GOVDOC",
            "software": "COMP",
            "song": "SOUND",
            "speech": "SLIDE",
            "standard": "STAND",
            "thesis": "THES",
            "webpage": "ELEC WEB",
        }.items()
        for tag in tags.split()
    }
)
#: Works whose secondary title is that of a series.
SERIES_TYPES = frozenset({"book", "dataset", "map", "report", "software", "thesis"})

_TAGS = frozenset(
    "TY ER A1 A2 A3 A4 AB AD AN AU AV BT C1 C2 C3 C4 C5 C6 C7 C8 CA CN CP CR CT CY DA DB DI DO DP "
    "DS ED EP ET FD H1 H2 ID IS J1 J2 JA JF JO KW L1 L2 L3 L4 LA LB LK M1 M2 M3 N1 N2 NO NV OP PA "
    "PB PM PP PY RI RN RP SE SN SP SR ST SV T1 T2 T3 TA TI TT U1 U2 U3 U4 U5 UR VL VO WP WT WV Y1 "
    "Y2 YR".split()
)
#: Sentences that are not ours to publish, and notes to oneself.
_NEVER_READ = frozenset({"N1", "NO", "RN"})
#: Where databases put the abstract; a long one is no fault.
_ABSTRACT = ("AB", "N2")
_STATED = ("AU", "TI", "T1", "CT", "BT", "TT", "PY", "Y1", "DA", "DO", "DI")
_LINE = re.compile(r"[ \t]*([A-Za-z][A-Za-z0-9])([ \t]{1,3})-(?:[ \t]*)(.*)")
_TYPE_LINE = re.compile(r"^[ \t]*ty[ \t]{1,3}-[ \t]*\w", re.IGNORECASE | re.MULTILINE)
#: M3 of databases, where it says no more than TY.
_SAYS_NOTHING = frozenset(
    "article|book|book chapter|chapter|conference paper|full text|journal article|paper|review|text"
    "|original research|research article".split("|")
)
#: No entry is longer; one that is, is a file that is not RIS.
_LONGEST = 1_000_000


@dataclass(slots=True)
class _Raw:
    """The lines of one entry as they stand."""

    line: int
    #: Whether its lines have one space before the hyphen, where the form asks for two.
    narrow: bool = False
    text: list[str] = field(default_factory=list)
    length: int = 0
    values: dict[str, list[str]] = field(default_factory=dict)
    last: str = ""
    closed: bool = False
    #: Why it cannot be a record; "" where it can.
    fault: str = ""
    #: How much longer the last value may become.
    _rest: int = MAX_LENGTH

    def keep(self, line: str) -> None:
        """Hold the line's text, up to the longest an entry may be."""
        self.length += len(line)
        if self.length <= _LONGEST:
            self.text.append(line)
        else:
            limit = f"{_LONGEST:,} characters"
            self.fault = f"the entry has more than {limit}: an ER line may be missing"

    def add(self, tag: str, value: str) -> None:
        """A tagged value, or more of the one before where ``tag`` is empty."""
        tag = "AU" if tag == "A1" else tag  # one list in its order, where both occur
        is_new, self.last = bool(tag), tag or self.last
        if self.length > _LONGEST or self.last in _NEVER_READ:
            return
        if is_new:
            self.values.setdefault(tag, []).append(value.strip())
            self._rest = MAX_LENGTH
        elif self.last in self.values and self._rest >= 0:
            self.values[self.last][-1] += f"\n{value.strip()}"
        self._rest -= len(value)
        if self._rest < 0 and self.last not in _ABSTRACT:
            limit = f"{MAX_LENGTH:,} characters"
            self.fault = self.fault or f"the value of {self.last} has more than {limit}"


def looks_like(head: str) -> bool:
    """True for a text with a line that opens an entry of RIS."""
    return bool(_TYPE_LINE.search(head))


def read(source: SourceFile) -> Iterator[Entry]:
    """One Entry for each entry of a RIS file, in file order; one without a title is a reject.

    Raises UnreadableFile where no line has a tag of RIS.
    """
    seen: set[str] = set()
    number = 0
    for number, raw in enumerate(_raw_entries(source), 1):
        key = next(filter(None, (_first(raw.values, tag) for tag in ("ID", "LB", "AN"))), "")
        where = Source(source.name, key or str(number), raw.line, _stated(raw.values))
        yield _entry(raw, where, where.key in seen)
        seen.add(where.key)
    if not number:
        raise UnreadableFile(
            f'{source.name}: no line is one of RIS ("TY  - JOUR"); '
            "export the records as RIS, or give the file the ending of its format"
        )


def _raw_entries(source: SourceFile) -> Iterator[_Raw]:
    """The entries: each from its TY to its ER, to the next TY, or to the end."""
    raw: _Raw | None = None
    for number, line in enumerate(source.lines(), 1):
        tag, value, narrow = _tagged(line, raw)
        if tag == "TY" and raw and (raw.values or raw.length > _LONGEST):
            yield raw
            raw = None
        if tag and tag != "ER" and raw is None:
            raw = _Raw(number, narrow)
        if raw is None:
            continue  # What stands between entries: blank lines, "Provider: …".
        raw.keep(line)
        if tag == "ER":
            raw.closed = True
            yield raw
            raw = None
        elif tag or line.strip():
            raw.add(tag, value)
    if raw:
        yield raw


def _tagged(line: str, raw: _Raw | None) -> tuple[str, str, bool]:
    """The tag of a line ("" where it goes on the one before), its value, and if it is narrow."""
    match = _LINE.match(line)
    tag = match[1].upper() if match else ""
    if match is None or tag not in _TAGS:
        return "", line, False
    narrow = match[2] == " "
    # "IS - a theory" in a wrapped abstract is no tag, unless the entry writes all its tags so.
    is_tag = not narrow or tag in ("TY", "ER") or raw is None or raw.narrow
    return (tag, match[3], narrow) if is_tag else ("", line, False)


def _first(tags: Mapping[str, list[str]], *names: str) -> str:
    """The first of these tags that has a value."""
    texts = (words(text) for name in names for text in tags.get(name, ()))
    return next(filter(None, texts), "")


def _all(tags: Mapping[str, list[str]], *names: str) -> list[str]:
    return [text for name in names for text in tags.get(name, ()) if text.strip()]


def _stated(tags: Mapping[str, list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((tag, words(text)) for tag in _STATED for text in _all(tags, tag) if words(text))


def _entry(raw: _Raw, where: Source, is_taken: bool) -> Entry:
    text = "".join(raw.text).rstrip("\n")
    if raw.fault:
        remedy = 'Shorten the value, or end each entry with a line "ER  - ".'
        return reject(where, text, raw.fault, remedy)
    checked = Checked(where)
    if is_taken:
        message = f'the key "{where.key}" is taken by an earlier entry of this file'
        remedy = "Give one of the two another ID, or remove one if they are the same."
        checked.warn(message, remedy, "ID", where.key)
    if not raw.closed:
        message = "the entry is not closed"
        checked.warn(message, 'End each entry with a line "ER  - ".', "ER")
    record = _record(raw.values, where, checked)
    if not record.title:
        remedy = "Give the entry a title (TI) and import it again."
        return reject(where, text, "no title", remedy, checked.problems)
    return Entry(where, text, record, tuple(checked.problems), _first(raw.values, *_ABSTRACT))


def _record(tags: Mapping[str, list[str]], where: Source, checked: Checked) -> Record:
    kind = _first(tags, "TY").upper()
    csl = TYPES.get(kind, "document")
    if kind not in TYPES:
        fault = f'the type "{kind[:80]}" is not known' if kind else "the entry has no type"
        remedy = "Give one of RIS as TY, such as JOUR, CONF, CHAP or RPRT."
        checked.warn(f"{fault}; the work is a document", remedy, "", severity="info")
    title, original = _titles(tags, checked)
    authors, more = checked.names(_all(tags, "AU"), "AU")
    # Zotero gives a book's editors as A3, and as A2 those of its series.
    second = "A3" if csl == "book" and "A3" in tags else "A2"
    editors, _ = checked.names(_all(tags, "ED", second), "ED")
    if kind == "EDBOOK":
        authors, editors = (), (*authors, *editors)
    urls = _all(tags, "UR", "LK") or [u for u in _all(tags, "L1", "L2") if u.startswith("http")]
    doi = checked.doi(_first(tags, "DO", "DI") or _doi_elsewhere(tags), "DO", urls)
    isbn, issn, number = _serials(tags, csl, checked)
    container, collection, event = _containers(tags, csl, title)
    genre = _first(tags, "M3")
    return Record(
        title=title,
        type=csl,
        original_title=original,
        authors=authors,
        more_authors=more,
        editors=editors,
        issued=checked.issued(_all(tags, "PY", "YR", "Y1", "DA"), "PY"),
        container_title=container,
        collection_title=collection,
        event_title=event,
        publisher=_first(tags, "PB"),
        publisher_place=_first(tags, "CY", "PP") or (_first(tags, "C1") if "C3" in tags else ""),
        volume=_first(tags, "VL", "VO"),
        issue=_first(tags, "IS", "CP"),
        page=_pages(tags),
        number=number or _first(tags, "M1"),
        genre="" if normal_doi(genre) or fold(genre) in _SAYS_NOTHING else genre,
        edition=_first(tags, "ET"),
        doi=doi,
        isbn=isbn,
        issn=issn,
        url=checked.url(urls, "UR"),
        language=checked.language(_first(tags, "LA")),
        facets=Facets(keywords=_keywords(_all(tags, "KW"))),
        sources=(where,),
    )


def _titles(tags: Mapping[str, list[str]], checked: Checked) -> tuple[str, str]:
    """The title and, where that is a translation (TT), the one in the language of the work."""
    own = checked.title(_first(tags, "TI", "T1", "CT") or _first(tags, "BT", "ST"), "TI")
    translated = checked.title(_first(tags, "TT"), "TT")
    return (translated, own) if translated and translated != own else (own, "")


def _containers(tags: Mapping[str, list[str]], csl: str, title: str) -> tuple[str, str, str]:
    """The titles of what the work appeared in, of the series, and of the event."""
    second, third = _first(tags, "T2"), _first(tags, "T3")
    whole = _first(tags, "BT")
    whole = "" if whole == title else whole
    journal = _first(tags, "JF"), _first(tags, "JO", "JA", "J1", "TA", "J2")
    if csl in SERIES_TYPES:
        return next(filter(None, (*journal, whole)), ""), second or third, ""
    if csl == "paper-conference" and "C3" in tags:
        return _first(tags, "C3"), third, second
    return next(filter(None, (journal[0], whole, second, journal[1])), ""), third, ""


def _pages(tags: Mapping[str, list[str]]) -> str:
    # Scopus has the article's number in C7
    return pages(_first(tags, "SP"), _first(tags, "EP")) or pages(_first(tags, "C7"))


def _doi_elsewhere(tags: Mapping[str, list[str]]) -> str:
    """A DOI that older exports write as M3 or L3."""
    return next((text for text in _all(tags, "M3", "L3") if normal_doi(text)), "")


def _serials(
    tags: Mapping[str, list[str]], csl: str, checked: Checked
) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    """ISBNs, ISSNs, and the number that a report has in their place."""
    texts = _all(tags, "SN")
    numbers = [text for text in texts if csl == "report" and not _has_serial(text)]
    isbn, issn = checked.serials([text for text in texts if text not in numbers], "SN")
    return isbn, issn, words(numbers[0]) if numbers else ""


def _has_serial(text: str) -> bool:
    silent = Checked(Source("", "", 0))
    return any(silent.serials([text], ""))


def _keywords(texts: Iterable[str]) -> tuple[str, ...]:
    """Keywords, one or several a line: divided at semicolons; one line alone also at commas."""
    lines = [part for text in texts for part in text.split("\n")]
    if len(lines) == 1 and ";" not in lines[0] and lines[0].count(",") > 1:
        lines = lines[0].split(",")
    return distinct(part for line in lines for part in line.split(";"))
