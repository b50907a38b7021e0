"""The RIS reader, for the dialects that Zotero, EndNote, Mendeley and databases write.

RIS has one value per line, "TI  - A title", from "TY" to "ER". The parser is our own: rispy, the
one maintained library, reads the whole file at once, has no line numbers, and stops at (or skips)
malformed text, so that entries would be lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ..model import Entry, Source
from ..ris import ORIGINAL
from .latex import MAX_LENGTH
from .ris_record import GROUP_AUTHORS, ORIGINAL_TITLE, first, ris_record
from .source import SourceFile, not_empty
from .unread import Unread
from .values import Checked, reject, words

_TAGS = frozenset(
    "TY ER A1 A2 A3 A4 AB AD AN AR AU AV BT C1 C2 C3 C4 C5 C6 C7 C8 CA CN CP CR CT CY DA DB DI DO "
    "DP DS ED EP ET FD H1 H2 ID IS J1 J2 JA JF JO KW L1 L2 L3 L4 LA LB LK M1 M2 M3 N1 N2 NO NV OP "
    "PA PB PD PG PI PM PP PU PY RI RN RP SE SN SO SP SR ST SV T1 T2 T3 TA TI TT U1 U2 U3 U4 U5 UR "
    "VL VO WP WT WV Y1 Y2 YR".split()
)
#: Text that is not ours to publish, and private notes.
_NEVER_READ = frozenset({"N1", "NO", "RN"})
#: Where databases put the abstract, which may be of any length.
_ABSTRACT = ("AB", "N2")
_STATED = ("AU", "TI", "T1", "CT", "BT", "TT", "PY", "Y1", "DA", "DO", "DI")
#: Numbers and dates, which have one line: a line without a tag does not continue them.
_SHORT = frozenset("TY PY Y1 DA VL IS SP EP LA".split())
#: There is a byte order mark in the text if files were concatenated.
_LINE = re.compile(r"[ \t\ufeff]*([A-Za-z][A-Za-z0-9])([ \t]{1,3})-(?:[ \t]*)(.*)")
#: A database's own tag: in the form of RIS, but not one of its tags ("LID  - 7").
_OWN_LINE = re.compile(r"([A-Z][A-Z0-9]{1,4})  - (.*)")
_TYPE_LINE = re.compile(r"^[ \t\ufeff]*ty[ \t]{1,3}-[ \t]*\w", re.IGNORECASE | re.MULTILINE)
#: No entry is longer; if one is, the file is not RIS.
_LONGEST = 1_000_000


@dataclass(slots=True)
class _Raw:
    """The lines of one entry, unprocessed."""

    line: int
    #: Whether its lines have one space before the hyphen instead of two.
    narrow: bool = False
    text: list[str] = field(default_factory=list)
    length: int = 0
    values: dict[str, list[str]] = field(default_factory=dict)
    last: str = ""
    closed: bool = False
    #: Lines without a tag that continue nothing.
    stray: list[str] = field(default_factory=list)
    #: Why it cannot be a record; "" if it can.
    fault: str = ""
    #: How many characters the last value may still grow by.
    _rest: int = MAX_LENGTH

    def keep(self, line: str) -> None:
        """Keep the line's text, up to the greatest length of an entry."""
        self.length += len(line)
        if self.length <= _LONGEST:
            self.text.append(line)
        else:
            limit = f"{_LONGEST:,} characters"
            self.fault = f"the entry is longer than {limit}: an ER line may be missing"

    def add(self, tag: str, value: str) -> None:
        """Add a tagged value or, if ``tag`` is empty, more of the one before."""
        if tag == "A1":
            # AU and A1 are one list, in file order; Web of Science has organisations in A1.
            self.values.setdefault(GROUP_AUTHORS, []).append(value.strip())
            tag = "AU"
        elif tag == "N1" and value.startswith(ORIGINAL):
            tag, value = ORIGINAL_TITLE, value.removeprefix(ORIGINAL)
        if not tag and self.last in _SHORT:
            self.stray.append(value)
            return
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
            self.fault = self.fault or f"the value of {self.last} is longer than {limit}"


def looks_like(head: str) -> bool:
    """True for a text with a line that begins a RIS entry."""
    return bool(_TYPE_LINE.search(head))


def read(source: SourceFile) -> Iterator[Entry]:
    """Yield one Entry for each entry of a RIS file, in file order; one without a title is a reject.

    Raises UnreadableFile if no line has a RIS tag.
    """
    unread = Unread("tag", "No action needed unless they describe the work.")
    return not_empty(
        unread.named_last(_entries(source, unread)),
        f'{source.name}: no line is in RIS format ("TY  - JOUR")',
        "export the records as RIS, or give the file the ending of its format",
    )


def _entries(source: SourceFile, unread: Unread) -> Iterator[Entry]:
    keys: set[str] = set()
    for number, raw in enumerate(_raw_entries(source), 1):
        unread.add(tag for tag in raw.values if tag.isupper() and tag not in _TAGS)
        key = next(filter(None, (first(raw.values, tag) for tag in ("ID", "LB", "AN"))), "")
        where = Source(source.name, key or str(number), raw.line, _stated(raw.values))
        yield _entry(raw, where, where.key in keys)
        keys.add(where.key)


def _raw_entries(source: SourceFile) -> Iterator[_Raw]:
    """The entries: each from its TY to its ER, to the next TY, or to the end."""
    raw: _Raw | None = None
    for number, line in enumerate(source.lines(), 1):
        tag, value, narrow = _tagged(line, raw)
        # Some databases put tags before TY; a second TY begins the next entry.
        if tag == "TY" and raw and ("TY" in raw.values or raw.length > _LONGEST):
            yield raw
            raw = None
        if tag and tag != "ER" and raw is None:
            raw = _Raw(number, narrow)
        if raw is None:
            continue  # Between entries: blank lines, "Provider: …".
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
    """A line's tag ("" if it continues the one before), its value, and whether it is narrow."""
    match = _LINE.match(line)
    tag = match[1].upper() if match else ""
    if match is None or tag not in _TAGS:
        own = _OWN_LINE.match(line)
        return (own[1], own[2], False) if own else ("", line, False)
    narrow = match[2] == " "
    # "IS - a theory" in a wrapped abstract is not a tag, unless all tags of the entry look so or
    # the line before cannot go on.
    is_tag = not narrow or tag in ("TY", "ER") or raw is None or raw.narrow or raw.last in _SHORT
    return (tag, match[3], narrow) if is_tag else ("", line, False)


def _stated(tags: Mapping[str, list[str]]) -> tuple[tuple[str, str], ...]:
    said = ((tag, words(text)) for tag in _STATED for text in tags.get(tag, ()))
    return tuple((tag, text) for tag, text in said if text)


def _entry(raw: _Raw, where: Source, is_taken: bool) -> Entry:
    text = "".join(raw.text).rstrip("\n")
    if raw.fault:
        remedy = 'Shorten the value, or end each entry with a line "ER  - ".'
        return reject(where, text, raw.fault, remedy)
    if not raw.closed and "TY" not in raw.values:
        fault = "no TY line begins this entry and no ER line ends it, so it may be several"
        return reject(where, text, fault, 'Begin each entry with "TY  - JOUR", and import again.')
    checked = Checked(where)
    if is_taken:
        message = f'an earlier entry in this file has the same key, "{where.key}"'
        remedy = "Change the ID of one, or remove one entry if they are duplicates."
        checked.warn(message, remedy, "ID", where.key)
    if not raw.closed:
        message = "the entry has no closing ER line"
        checked.warn(message, 'End each entry with a line "ER  - ".', "ER")
    for line in raw.stray:
        message = "a line without a tag was not read, because it continues no text"
        checked.warn(message, 'Begin the line with its tag, such as "PG  - ".', "", line)
    record = ris_record(raw.values, where, checked)
    if not record.title:
        remedy = "Give the entry a title (TI) and import it again."
        return reject(where, text, "no title", remedy, checked.problems)
    abstract = next((text for tag in _ABSTRACT for text in raw.values.get(tag, ())), "")
    return Entry(where, text, record, tuple(checked.problems), abstract)
