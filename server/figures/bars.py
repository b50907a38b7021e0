"""Bar charts: works per value, stated and inferred separately, or how much is known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from .chart import EVIDENCE, Drawing, Say, numbers, said
from .svg import (
    INFERRED,
    INNER,
    NOT_STATED,
    QUIET,
    STATED,
    Legend,
    block,
    linked,
    shortened,
    text,
    width_of,
)

_ROW, _THICK, _SIZE = 30.0, 20.0, 16
#: The greatest width of labels, and their distance from the bars.
_LABELS, _GAP = 420.0, 12.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its label, the works stated and inferred, and its link."""

    label: str
    stated: float
    inferred: float
    address: str = ""

    @property
    def works(self) -> float:
        """All of them."""
        return self.stated + self.inferred


def bars(entries: Sequence[Bar], say: Say = said, note_of: Say = numbers) -> Drawing:
    """A bar for each value, sized by its works; ``note_of`` makes the text at its end."""
    notes = [note_of(bar.works, bar.inferred) for bar in entries]
    left, room = _room(entries, notes)
    highest = max((1, *(bar.works for bar in entries)))
    elements = []
    for place, (bar, note) in enumerate(zip(entries, notes, strict=True)):
        parts = _stack(bar, left, place * _ROW, room / highest)
        end = left + room * bar.works / highest
        parts.append(text(note, end + 8, place * _ROW + 16, _SIZE, **QUIET))
        words = f"{bar.label}: {say(bar.works, bar.inferred)}"
        elements.append(linked(bar.address, words, *parts))
    legend = EVIDENCE if any(bar.inferred for bar in entries) else ()
    return Drawing(elements, len(entries) * _ROW, legend)


def shares(entries: Sequence[Bar], total: int) -> Drawing:
    """A bar for each facet: the share of works for which it is stated, inferred or not known."""
    notes = [f"{bar.works:,} · {_percent(bar.works, total)}" for bar in entries]
    left, room = _room(entries, notes)
    elements = []
    for place, (bar, note) in enumerate(zip(entries, notes, strict=True)):
        y = place * _ROW
        rest = (total - bar.works) * room / max(1, total)
        parts = _stack(bar, left, y, room / max(1, total))
        parts.append(block(NOT_STATED, left + room - rest, y, rest, _THICK))
        parts.append(text(note, INNER, y + 16, _SIZE, text_anchor="end", **QUIET))
        words = f"{bar.label}: {said(bar.works, bar.inferred)}, of {total:,}"
        elements.append(linked(bar.address, words, *parts))
    legend = (*EVIDENCE, Legend(NOT_STATED, "not known"))
    return Drawing(elements, len(entries) * _ROW, legend)


def _percent(part: float, whole: int) -> str:
    """A share in whole percent; a share above zero is never shown as 0%.

    >>> _percent(1, 920), _percent(0, 920), _percent(460, 920)
    ('under 1%', '0%', '50%')
    """
    share = 100 * part / max(1, whole)
    return "under 1%" if 0 < share < 1 else f"{share:.0f}%"


def _room(entries: Iterable[Bar], notes: Iterable[str]) -> tuple[float, float]:
    """Where bars begin, and the greatest length of a bar."""
    labels = max((width_of(bar.label, _SIZE) for bar in entries), default=0.0)
    left = min(labels, _LABELS) + _GAP
    note = max((width_of(note, _SIZE) for note in notes), default=0.0)
    return left, INNER - left - note - 16


def _stack(bar: Bar, left: float, y: float, scale: float) -> list[Element]:
    label = shortened(bar.label, _SIZE, left - _GAP)
    parts = [text(label, left - _GAP, y + 16, _SIZE, text_anchor="end")]
    x = left
    for works, look in ((bar.stated, STATED), (bar.inferred, INFERRED)):
        if works:
            parts.append(block(look, x, y, max(1.5, works * scale), _THICK))
            x += works * scale
    return parts
