"""Record pages as blocks of lines: where each page ends, and what each of its lines is.

A page ends at its disclaimer, or when the next page's title follows its bullets.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ...iris import fold
from ..citation import open_citation
from ..prose import prose
from ..source import LONGEST
from .field_alignment import is_recognised
from .vocabulary import PageVocabulary

_BULLET = re.compile(r"(?P<indent>\s*)(?:[•‣▪◦●∙·\uf0b7]\s*|[-*–]\s+)(?P<words>\S.*)")
_EMPTY_BULLET = re.compile(r"\s*+[•‣▪◦●∙·\uf0b7*–-]?\s*+")
_HEADING = re.compile(r"\s*+#*+\s*+Metadata\s*+:?\s*+", re.IGNORECASE)
_ACCESS_LINE = re.compile(r"\s*Access the [^.]{1,60}", re.IGNORECASE)
_DISCLAIMER = re.compile(
    r"Disclaimer\s*(?:[—–:-]|$)|Eurofound aims to keep the information in this database"
)
#: The disclaimer's last words; text after them on a line belongs to the next page.
_DISCLAIMER_END = re.compile(r"(?<=assumes no responsibility\.)\s*(?=\S)")
#: Citations and titles are shorter.
_LONGEST = 5000
#: Lines examined at first; more if these do not show where a page ends.
_WINDOW = 256
#: The most lines of a wrapped disclaimer.
_LOOKAHEAD = 12
_CITED_YEAR = re.compile(r"\((?:19|20)\d\d[a-z]?\b")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the file; a wrapped citation or bullet is joined into one line."""

    number: int
    text: str

    @property
    def words(self) -> str:
        """The line as people read it: without markup or entities, with single spaces."""
        return prose(self.text)


@dataclass(frozen=True, slots=True)
class Page:
    """One page: all its lines, and those that carry information."""

    lines: tuple[Line, ...]
    title: Line | None = None
    citation: Line | None = None
    bullets: tuple[Line, ...] = ()

    @property
    def abstract(self) -> str:
        """The prose between the title and the citation or, without one, the bullets."""
        if self.title is None:
            return ""
        ends = [line.number for line in (self.citation, *self.bullets[:1]) if line]
        last = min(ends, default=self.lines[-1].number + 1)
        return "\n".join(
            x.text.strip()
            for x in self.lines
            if self.title.number < x.number < last and _is_prose(x)
        )

    @property
    def text(self) -> str:
        """The page as it stands in the file."""
        return "\n".join(line.text for line in self.lines).strip("\n")

    @property
    def start(self) -> int:
        """The number of its first line that is not blank."""
        return next((line.number for line in self.lines if line.text.strip()), 1)


def pages(text: Iterable[str], vocabulary: PageVocabulary) -> Iterator[Page]:
    """The pages in the lines of a file, in order; every line that is not blank is in one of them.

    Only as many lines are held as it takes to find where a page ends.
    """
    coming = (
        Line(number, part)
        for number, line in enumerate(text, 1)
        for part in _parted(line.rstrip("\n"))
    )
    lines: list[Line] = []
    start, wanted, is_all = 0, _WINDOW, False
    while True:
        if not is_all and len(lines) < start + wanted:
            more, is_all = _take(coming, start + wanted - len(lines))
            lines += more
        if start == len(lines):
            return
        end = _end(lines, start, vocabulary)
        if not (is_all or _is_settled(lines, end) or _size(lines[start:]) > LONGEST):
            wanted = 4 * (len(lines) - start)
            continue
        if any(not _is_blank(line) for line in lines[start:end]):
            yield _page(lines[start:end], vocabulary)
        start, wanted = end, _WINDOW
        if 2 * start > len(lines):
            del lines[:start]
            start = 0


def _take(coming: Iterator[Line], count: int) -> tuple[list[Line], bool]:
    """Up to ``count`` lines, fewer if they are long, and whether there are no more."""
    taken: list[Line] = []
    size = 0
    for line in coming:
        taken.append(line)
        size += _size([line])
        if len(taken) == count or size > LONGEST:
            return taken, False
    return taken, True


def _size(lines: Sequence[Line]) -> int:
    """The approximate size of lines in memory, in characters, with an overhead for each line."""
    return sum(len(line.text) + 50 for line in lines)


def _is_settled(lines: Sequence[Line], end: int) -> bool:
    """True if the lines after ``end`` are enough to tell that the page ends there."""
    return len(lines) - end > _LOOKAHEAD and _next(lines, end) < len(lines)


def titles_of(title: str) -> tuple[str, ...]:
    """The titles a title line may hold: the whole and, for "English (Original)", each part.

    >>> titles_of("Two models (Zwei Modelle)")
    ('Two models (Zwei Modelle)', 'Two models', 'Zwei Modelle')
    """
    translated, _, original = title.rstrip().rpartition("(")
    if not translated.strip() or not original.endswith(")"):
        return (title,)
    return (title, translated.rstrip(), original.removesuffix(")"))


def _parted(line: str) -> list[str]:
    """The line, cut before a disclaimer at the end of a bullet, and after a disclaimer."""
    parts = _DISCLAIMER_END.split(line)
    match = _DISCLAIMER.search(parts[0]) if _BULLET.fullmatch(parts[0]) else None
    if match and match.start():
        parts[0:1] = [parts[0][: match.start()], parts[0][match.start() :]]
    return parts


def is_page_line(text: str, vocabulary: PageVocabulary) -> bool:
    """True for a line only record pages have: the heading, the disclaimer or a known bullet."""
    line = Line(1, text)
    is_ours = _HEADING.fullmatch(text) or _is_disclaimer(line) or _ACCESS_LINE.fullmatch(text)
    return bool(is_ours) or (_is_bullet(line) and is_recognised(_value(line), vocabulary))


def _is_blank(line: Line) -> bool:
    return bool(_EMPTY_BULLET.fullmatch(line.text))


def _is_disclaimer(line: Line) -> bool:
    return bool(_DISCLAIMER.match(line.text.strip()))


def _is_bullet(line: Line) -> bool:
    return bool(_BULLET.fullmatch(line.text)) and not _is_disclaimer(line)


def _is_prose(line: Line) -> bool:
    """True for a line of text: title, abstract or citation."""
    return not (
        _is_blank(line) or _is_bullet(line) or _is_disclaimer(line)
        or _HEADING.fullmatch(line.text)
    )  # fmt: skip


def _end(lines: Sequence[Line], start: int, vocabulary: PageVocabulary) -> int:
    """The end of the page that begins at ``start``."""
    at, title, cited = start, "", False
    while at < len(lines):
        line = lines[at]
        if _is_disclaimer(line):
            return _after_disclaimer(lines, at)
        if _is_bullet(line):
            bullets, after = _run(lines, at)
            coming = _next(lines, after)
            if coming == len(lines) or (
                not _is_disclaimer(lines[coming]) and (cited or _are_known(bullets, vocabulary))
            ):
                return coming
            at = after
            continue
        if _is_prose(line):
            if title and not cited and is_citation(line, title, strictly=True):
                coming, cited = _next(lines, at + 1), True
                # A page without bullets: after its citation comes the next page's title.
                blank = coming - at - 1
                is_sure = blank > 1 or (blank and holds_title(line, title))
                if coming < len(lines) and is_sure and _is_title(lines[coming]):
                    return coming
            elif title and cited and _ACCESS_LINE.fullmatch(line.text) is None:
                cited = False
            title = title or line.words
        at += 1
    return at


def _are_known(bullets: Sequence[Line], vocabulary: PageVocabulary) -> bool:
    """True if a third of the values are in the vocabularies."""
    known = [bullet for bullet in bullets if is_recognised(_value(bullet), vocabulary)]
    return 3 * len(known) >= len(bullets)


def holds_title(line: Line, title: str) -> bool:
    """True for a line that contains the title, or its translation in brackets."""
    return any(t in fold(line.words) for t in map(fold, titles_of(title)) if len(t) > 7)


def _is_title(line: Line) -> bool:
    return _is_prose(line) and not _ACCESS_LINE.fullmatch(line.text)


def _next(lines: Sequence[Line], at: int) -> int:
    """The position of the next line that is not blank."""
    while at < len(lines) and _is_blank(lines[at]):
        at += 1
    return at


def _after_disclaimer(lines: Sequence[Line], at: int) -> int:
    """The position after a disclaimer, which may be wrapped or have its text below a heading."""
    end = at + 1
    if re.fullmatch(r"\s*Disclaimer\W*", lines[at].text) and (
        (below := _next(lines, end)) < len(lines) and _is_disclaimer(lines[below])
    ):
        at, end = below, below + 1
    for place in range(at, min(at + _LOOKAHEAD, len(lines))):
        if not lines[place].text.strip():
            break
        if "assumes no responsibility." in lines[place].text:
            return place + 1
    return end


def _run(lines: Sequence[Line], at: int) -> tuple[list[Line], int]:
    """The bullets from ``at`` on, with wrapped ones joined, and the position after the last."""
    bullets: list[Line] = []
    indent, after = 0, at
    while at < len(lines):
        line = lines[at]
        if _is_bullet(line):
            match = _BULLET.fullmatch(line.text)
            indent = len(match["indent"]) if match else 0
            bullets.append(line)
        elif _is_blank(line):
            at += 1
            continue
        elif (
            at == after and not _is_disclaimer(line)
            and len(line.text) - len(line.text.lstrip()) > indent
        ):  # fmt: skip
            joined = f"{bullets[-1].text.rstrip()} {line.text.strip()}"
            bullets[-1] = replace(bullets[-1], text=joined)
        else:
            break
        at += 1
        after = at
    return bullets, after


def _value(bullet: Line) -> str:
    match = _BULLET.fullmatch(bullet.text)
    return " ".join((match["words"] if match else bullet.text).split())


def _page(lines: Sequence[Line], vocabulary: PageVocabulary) -> Page:
    """Make a page of its lines, with title, citation and bullets recognised."""
    at, bullets, last = 0, [], len(lines)
    while at < len(lines):
        if _is_bullet(lines[at]):
            run, after = _run(lines, at)
            bullets, last = run, at
            if any(not _is_disclaimer(x) for x in lines[after:] if not _is_blank(x)):
                bullets, last = [], len(lines)  # a list in the abstract, or see below
            at = after
        else:
            at += 1
    places = [i for i, line in enumerate(lines[:last]) if _is_prose(line)]
    if not places:
        return Page(tuple(lines), bullets=_values(bullets))
    title = lines[places[0]]
    citation = _citation(lines, places, title.words)
    if bullets and not citation and not any(is_recognised(_value(b), vocabulary) for b in bullets):
        bullets = []  # a list that ends an abstract
    return Page(tuple(lines), title, citation, _values(bullets))


def _values(bullets: Sequence[Line]) -> tuple[Line, ...]:
    matches = ((b, _BULLET.fullmatch(b.text)) for b in bullets)
    return tuple(replace(b, text=m["words"].rstrip()) for b, m in matches if m)


def _citation(lines: Sequence[Line], places: Sequence[int], title: str) -> Line | None:
    """The citation: the one among the last lines of text that is written like one."""
    texts = frozenset(places)
    for place in reversed(places[1:][-3:]):
        if is_citation(lines[place], title, strictly=place != places[-1]):
            words, after = [lines[place].text.strip()], place + 1
            while after in texts:  # wrapped
                words.append(lines[after].text.strip())
                after += 1
            return replace(lines[place], text=" ".join(words))
    return None


def is_citation(line: Line, title: str, strictly: bool) -> bool:
    """True for a line written like a citation: names and a year, or the title and little else."""
    words = line.words
    if len(words) > _LONGEST or len(title) > _LONGEST or _ACCESS_LINE.fullmatch(words):
        return False
    if strictly and not _CITED_YEAR.search(words):
        return False
    folded = fold(words)
    titles = [t for t in map(fold, titles_of(title)) if len(t) > 7]
    if not strictly and folded in titles:
        return True
    opening = open_citation(words, titles_of(title))
    if opening and opening.opens_with_names and opening.title:
        goes_on = re.match(r"[^()]*\([^()]*\)\s*[a-zß-öø-ÿ]", words)
        if not goes_on or any(t in folded for t in titles):
            return True
    # Without clear names: the title, perhaps with a publisher and a year; not an abstract.
    has_year = bool(opening and opening.issued)
    room = 250 if has_year else 150
    return any(
        t in folded and len(folded) < len(t) + room and (has_year or folded.startswith(t))
        for t in titles
    )
