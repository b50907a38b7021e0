"""Scopus's plain text export ("SOURCE: Scopus" ends each record).

There is no published description. The lines down to the DOI, and DOCUMENT TYPE, follow records that
were exported in 2026. The older form of authors and the other labels are not checked against a
file.

============================================ =============================================
lines                                        record
============================================ =============================================
authors; AUTHOR FULL NAMES; their numbers    authors
the last line before the year                title
(2021) Venue, 68 (2), art. no. 1, pp. 2 - 9  year, venue, volume, issue, article number, pages
DOI, ISSN, ISBN, PUBLISHER, EDITORS          the same
LANGUAGE OF ORIGINAL DOCUMENT                language
AUTHOR KEYWORDS                              keywords (not INDEX KEYWORDS, which are assigned)
DOCUMENT TYPE                                type, status
============================================ =============================================
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ..model import Entry, Name, Source
from .latex import unescaped
from .name_lists import in_one_list, listed_with_initials
from .plain_work import PlainWork, plain_entry
from .prose import prose
from .source import SourceFile, not_empty
from .unread import Unread
from .values import reject, says_retracted

_LOOKS = re.compile(r"^(?:SOURCE: Scopus|AUTHOR FULL NAMES: .*)[^\S\n]*$", re.MULTILINE)
_LABELLED = re.compile(r"([A-Z][A-Z /&()-]{2,}): ?(.*)")
_HEADER = re.compile(r"(?:Scopus|EXPORT DATE: ?.*)\s*")
_PUBLISHED = re.compile(r"\((?P<year>\d{4})\) (?P<rest>.*)")
_CITED = re.compile(r"[.,]? *Cited \d+ times?\.?$|\.$")
#: "68 (2)", "12400 LNCS", "(3)", "2020-January".
_VOLUME = re.compile(r"(?P<volume>(?=\S*\d)[\w./-]+(?: [A-Z]{2,6})?)?(?: ?\((?P<issue>[^()]+)\))?")
_PAGES = re.compile(r"pp?\. (.+)")
_ARTICLE = re.compile(r"art\. no\. (.+)")
#: Scopus's number of an author.
_NUMBER = re.compile(r"\s*\(\d+\)$")
_NUMBERS = re.compile(r"[\d;, ]+")
_EID = re.compile(r"(?:\beid=|/publications/)([\w.-]+)")
_URL = re.compile(r"https?://\S+")
_NOBODY = "[No author name available]"
#: Labels that are read, or describe no more than the record in Scopus and where the authors work.
_KNOWN = frozenset(
    (
        "ABSTRACT|AUTHOR FULL NAMES|AUTHOR KEYWORDS|DOCUMENT TYPE|DOI|EDITORS|ISBN|ISSN|PUBLISHER"
        "|LANGUAGE OF ORIGINAL DOCUMENT|ABBREVIATED SOURCE TITLE|AFFILIATIONS|CODEN"
        "|CORRESPONDENCE ADDRESS|FUNDING DETAILS|FUNDING TEXT|INDEX KEYWORDS|OPEN ACCESS"
        "|PUBLICATION STAGE|PUBMED ID|REFERENCES|SOURCE"
    ).split("|")
)
_TYPES = {
    "book": "book",
    "book chapter": "chapter",
    "conference paper": "paper-conference",
    "conference review": "paper-conference",
    "data paper": "article-journal",
    "report": "report",
}
#: No record is longer; if one is, the line that ends it is missing.
_LONGEST = 1_000_000


@dataclass(slots=True)
class _Block:
    """The lines of a record: those before the year, the one with the year, and the labelled."""

    line: int
    text: list[str] = field(default_factory=list)
    length: int = 0
    before: list[str] = field(default_factory=list)
    published: str = ""
    values: dict[str, str] = field(default_factory=dict)
    address: str = ""
    label: str = ""

    def add(self, line: str) -> None:
        """Add a line that is not blank."""
        labelled = _LABELLED.fullmatch(line)
        # a title may look like a label: "TEACHING: A REVIEW"
        if labelled and (self.published or labelled[1] == "AUTHOR FULL NAMES"):
            self.label = labelled[1]
            self.values.setdefault(self.label, labelled[2])
        elif _PUBLISHED.fullmatch(line) and not self.published:
            self.published, self.label = line, ""
        elif not self.published:
            self.before.append(line)
        elif _URL.fullmatch(line):
            self.address = self.address or line
        elif self.label:
            self.values[self.label] += f"\n{line}"


def looks_like(head: str) -> bool:
    """True for text with a line that only Scopus's plain text has."""
    return _LOOKS.search(head) is not None


def read(source: SourceFile) -> Iterator[Entry]:
    """Yield one Entry for each record, to its line "SOURCE: Scopus"."""
    unread = Unread("label", "No action needed unless they describe the work.")
    entries = (_entry(*each, source.name, unread) for each in enumerate(_blocks(source), 1))
    return not_empty(unread.named_last(entries), f"{source.name}: no records found")


def _blocks(source: SourceFile) -> Iterator[_Block]:
    block: _Block | None = None
    for number, line in enumerate(source.lines(), 1):
        text = line.strip()
        if not text or (block is None and _HEADER.fullmatch(text)):
            continue
        block = block or _Block(number)
        block.length += len(line)
        if block.length < _LONGEST:
            block.text.append(line)
            block.add(text)
        if text == "SOURCE: Scopus":
            yield block
            block = None
    if block:
        yield block


def _entry(number: int, block: _Block, file: str, unread: Unread) -> Entry:
    unread.add(label for label in block.values if label not in _KNOWN)
    eid = _EID.search(block.address)
    where = Source(file, eid[1][:200] if eid else str(number), block.line)
    text = "".join(block.text).rstrip("\n")
    if block.length >= _LONGEST:
        fault = f"the record is longer than {_LONGEST:,} characters"
        return reject(where, text, fault, 'Check that each record ends with "SOURCE: Scopus".')
    if not block.published:
        remedy = "Export the record again, or add the line."
        return reject(where, text, 'no line such as "(2021) Venue, 68 (2), pp. 1 - 9"', remedy)
    return plain_entry(_work(block), where, text)


def _work(block: _Block) -> PlainWork:
    published = _PUBLISHED.fullmatch(block.published)
    assert published is not None
    venue, volume, issue, page = _place(_CITED.sub("", published["rest"]))
    said = block.values.get
    kind = said("DOCUMENT TYPE", "").casefold()
    return PlainWork(
        type=_TYPES.get(kind, "article-journal"),
        title=block.before[-1] if block.before else "",
        authors=_authors(block.before[:-1], said("AUTHOR FULL NAMES", "")),
        editors=tuple(in_one_list(_split(said("EDITORS", "")))),
        dates=(published["year"],),
        container_title=venue,
        publisher=said("PUBLISHER", ""),
        volume=volume,
        issue=issue,
        page=page,
        doi=said("DOI", ""),
        serials=(*_split(said("ISSN", "")), *_split(said("ISBN", ""))),
        urls=(block.address,) if block.address else (),
        language=said("LANGUAGE OF ORIGINAL DOCUMENT", ""),
        is_retracted=says_retracted(kind),
        keywords=tuple(_split(said("AUTHOR KEYWORDS", ""))),
        abstract=said("ABSTRACT", ""),
    )


def _place(text: str) -> tuple[str, str, str, str]:
    """Venue, volume, issue and pages; read from the end, since the venue may contain commas."""
    parts = text.split(", ")
    pages = article = volume = issue = ""
    while len(parts) > 1:
        last = parts[-1].strip()
        if match := _PAGES.fullmatch(last):
            pages = match[1]
        elif match := _ARTICLE.fullmatch(last):
            article = match[1]
        else:
            break
        parts.pop()
    if len(parts) > 1 and (numbers := _VOLUME.fullmatch(parts[-1].strip())):
        volume, issue = (numbers[name] or "" for name in ("volume", "issue"))
        parts.pop()
    return ", ".join(parts).strip(' "'), volume, issue, pages or article


def _authors(lines: Sequence[str], full_names: str) -> tuple[Name, ...]:
    if names := [_NUMBER.sub("", name) for name in _split(full_names)]:
        return tuple(in_one_list(names))
    written = next((line for line in lines if not _NUMBERS.fullmatch(line)), _NOBODY)
    listed = _split(written) if ";" in written else listed_with_initials(written)
    return () if written == _NOBODY else tuple(in_one_list(listed or [written]))


def _split(text: str) -> list[str]:
    return [name for part in unescaped(text).split(";") if (name := prose(part))]
