"""Timeline: works per year, with a column for every year from the first to the last."""

from __future__ import annotations

from collections.abc import Sequence

from .bars import Bar
from .chart import EVIDENCE, Drawing, Say, said
from .svg import INFERRED, INNER, QUIET, STATED, block, line, linked, over_lines, text

_HEIGHT, _AXIS = 330.0, 44.0


def timeline(years: Sequence[Bar], say: Say = said) -> Drawing:
    """A column for each year, with its number above if there is room."""
    highest = int(max((1, *(year.works for year in years))))
    step = _step(highest)
    top = step * -(-highest // step)
    scale = (_HEIGHT - 24) / top
    elements = []
    for value in range(0, top + 1, step):
        y = _HEIGHT - value * scale
        elements.append(line(_AXIS, y, INNER, y))
        elements.append(text(f"{value:,}", _AXIS - 8, y + 5, 14, text_anchor="end", **QUIET))
    wide = (INNER - _AXIS) / max(1, len(years))
    column = min(48.0, wide * 0.76)
    every = next(n for n in (1, 2, 5, 10, 20) if wide * n >= 44)
    for place, year in enumerate(years):
        middle = _AXIS + (place + 0.5) * wide
        parts, y = [], _HEIGHT
        for works, look in ((year.stated, STATED), (year.inferred, INFERRED)):
            if works:
                tall = max(1.5, works * scale)
                y -= tall
                parts.append(block(look, middle - column / 2, y, column, tall))
        if wide >= 30 and year.works:
            parts.append(over_lines(f"{year.works:,}", middle, y - 6))
        if parts:
            words = f"{year.label}: {say(year.works, year.inferred)}"
            elements.append(linked(year.address, words, *parts))
        if int(year.label) % every == 0:
            elements.append(
                text(year.label, middle, _HEIGHT + 22, 14, text_anchor="middle", **QUIET)
            )
    legend = EVIDENCE if any(year.inferred for year in years) else ()
    return Drawing(elements, _HEIGHT + 26, legend)


def _step(highest: int) -> int:
    """The distance between grid lines: 1, 2 or 5 times a power of ten, for at most six lines.

    >>> _step(96), _step(3), _step(41)
    (20, 1, 10)
    """
    power = 1
    while True:
        for factor in (1, 2, 5):
            if highest <= factor * power * 5:
                return factor * power
        power *= 10
