"""Matrix: works by two axes, with a circle for each pair that has works."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import sqrt
from xml.etree.ElementTree import Element

from .chart import EVIDENCE, Drawing, Say, said
from .counts import Cell, Count, CrossTable
from .svg import INFERRED, INNER, QUIET, STATED, element, line, linked, shortened, text
from .svg import width_of as _width

_ROW, _SIZE = 36.0, 15
#: The greatest width of row labels, and the greatest height of column labels.
_LABELS, _HEAD = 280.0, 230.0
_WIDEST = 72.0
#: The radius of the largest circle.
_LARGEST = 13.0


def matrix(table: CrossTable, address: Callable[[Count, Count], str], say: Say = said) -> Drawing:
    """A row for each value of one axis, a column for each value of the other."""
    left = min(_LABELS, max((_width(row.label, _SIZE) for row in table.rows), default=0)) + 12
    # column labels are rotated by 45 degrees: the last one needs room to its right
    slope = 0.71
    longest = max((_width(column.label, _SIZE) for column in table.columns), default=0) * slope
    head = min(_HEAD, longest) + 14
    last = min(head, _width(table.columns[-1].label, _SIZE) * slope) if table.columns else 0
    wide = min(_WIDEST, (INNER - left - last) / max(1, len(table.columns)))
    largest = max((cell.works for row in table.cells for cell in row), default=1)
    elements = []
    for place, column in enumerate(table.columns):
        x = left + (place + 0.5) * wide
        label = shortened(column.label, _SIZE, (head - 14) / slope)
        elements.append(
            text(label, 0, 0, _SIZE, transform=f"translate({x:.1f} {head - 10:.1f}) rotate(-45)")
        )
    for number, (row, cells) in enumerate(zip(table.rows, table.cells, strict=True)):
        middle = head + (number + 0.5) * _ROW
        elements.append(line(0, middle - _ROW / 2, left + wide * len(cells), middle - _ROW / 2))
        label = shortened(row.label, _SIZE, left - 12)
        elements.append(text(label, left - 12, middle + 5, _SIZE, text_anchor="end"))
        for place, (column, cell) in enumerate(zip(table.columns, cells, strict=True)):
            if cell.works:
                x = left + (place + 0.5) * wide
                words = f"{row.label}, {column.label}: {say(cell.works, cell.inferred)}"
                parts = circle(cell, largest, x - wide * 0.14, middle)
                parts.append(text(f"{cell.works:,}", x + wide * 0.14, middle + 5, 14, **QUIET))
                elements.append(linked(address(column, row), words, *parts))
    height = head + len(table.rows) * _ROW
    elements.append(line(0, height, left + wide * len(table.columns), height))
    inferred = any(cell.inferred for row in table.cells for cell in row)
    return Drawing(elements, height, EVIDENCE if inferred else ())


def radius(works: int, highest: int, largest: float) -> float:
    """The radius of a circle whose area is proportional to the number of works.

    >>> radius(25, 100, 16.0)
    8.0
    """
    return max(2.5, largest * sqrt(works / max(1, highest)))


def circle(cell: Cell, highest: int, x: float, y: float) -> list[Element]:
    """The works of a cell as a circle, with the stated ones as a circle inside it."""
    pairs = ((cell.works if cell.inferred else 0, INFERRED), (cell.stated, STATED))
    return [
        # dashes would make a small circle unrecognisable
        element("circle", cx=x, cy=y, r=radius(works, highest, _LARGEST), **_solid(look))
        for works, look in pairs
        if works
    ]


def _solid(look: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in look.items() if name != "stroke_dasharray"}
