"""Charts: figures as SVG on logarithmic scales, with text as text.

The background is always white, because README embeds charts as pictures.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from xml.sax.saxutils import escape

_WIDTH = 900
_COLOURS = ("#0b6e63", "#c4501b", "#3d5a98", "#8a2f7b", "#7a6a00", "#444444", "#1f8fb3")
_HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
    'height="{height}" font-family="sans-serif" font-size="12"><title>{title}</title>'
    '<rect width="100%" height="100%" fill="#fff"/>'
    '<text x="16" y="22" font-size="15" font-weight="bold">{title}</text>'
)


def rows(title: str, unit: str, data: Mapping[str, Mapping[str, float]]) -> str:
    """A row for each key, with a mark for each of its values except 0."""
    names = list(dict.fromkeys(name for values in data.values() for name in values))
    values = [v for row in data.values() for v in row.values() if v > 0]
    left = 24 + 6.4 * max(map(len, data), default=0)
    scale = _Scale.of(values, left, _WIDTH - 24)
    top = 44 + 18 * len(names)
    height = top + 20 * len(data) + 48
    parts = [_HEAD.format(width=_WIDTH, height=height, title=escape(title))]
    parts += _legend(names)
    bottom = top + 20 * len(data)
    for tick in scale.ticks():
        x = scale.place(tick)
        parts.append(_line(x, top - 8, x, bottom, "#ddd"))
        parts.append(_text(x, bottom + 16, _number(tick), "middle"))
    parts.append(_text(_WIDTH - 24, bottom + 36, unit, "end"))
    for number, (name, row) in enumerate(data.items()):
        y = top + 20 * number + 8
        parts.append(_text(left - 10, y + 4, name, "end"))
        parts.append(_line(left, y, _WIDTH - 24, y, "#eee"))
        for series, value in row.items():
            if value > 0:
                label = f"{name}, {series}: {value:,.4g} {unit}"
                parts.append(_mark(scale.place(value), y, names.index(series), label))
    return "\n".join((*parts, "</svg>\n"))


def growth(title: str, across: str, up: str, series: Mapping[str, Mapping[int, float]]) -> str:
    """A line for each series of values by size."""
    xs = [float(x) for points in series.values() for x in points]
    ys = [y for points in series.values() for y in points.values() if y > 0]
    top, bottom = 64 + 18 * len(series), 364 + 18 * len(series)
    x_scale, y_scale = _Scale.of(xs, 76, _WIDTH - 40), _Scale.of(ys, bottom, top)
    parts = [_HEAD.format(width=_WIDTH, height=bottom + 48, title=escape(title))]
    parts += _legend(list(series))
    for tick in x_scale.ticks():
        x = x_scale.place(tick)
        parts.append(_line(x, top, x, bottom, "#eee"))
        parts.append(_text(x, bottom + 16, _number(tick), "middle"))
    for tick in y_scale.ticks():
        y = y_scale.place(tick)
        parts.append(_line(76, y, _WIDTH - 40, y, "#ddd"))
        parts.append(_text(70, y + 4, _number(tick), "end"))
    parts.append(_text(_WIDTH - 40, bottom + 36, across, "end"))
    parts.append(_text(16, top - 14, up, "start"))
    for number, (name, points) in enumerate(series.items()):
        places = [
            (x_scale.place(x), y_scale.place(y), x, y) for x, y in sorted(points.items()) if y > 0
        ]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y, _, _ in places)
        colour = _COLOURS[number % len(_COLOURS)]
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}"/>')
        parts += (_mark(x, y, number, f"{name}, {a:,}: {b:,.4g} {up}") for x, y, a, b in places)
    return "\n".join((*parts, "</svg>\n"))


class _Scale:
    """A logarithmic axis between two coordinates."""

    def __init__(self, low: int, high: int, start: float, end: float) -> None:
        self._low, self._high, self._start, self._end = low, high, start, end

    @classmethod
    def of(cls, values: Sequence[float], start: float, end: float) -> _Scale:
        low = math.floor(math.log10(min(values, default=1)))
        return cls(low, max(low + 1, math.ceil(math.log10(max(values, default=1)))), start, end)

    def place(self, value: float) -> float:
        part = (math.log10(value) - self._low) / (self._high - self._low)
        return self._start + part * (self._end - self._start)

    def ticks(self) -> list[float]:
        return [10.0**power for power in range(self._low, self._high + 1)]


def _legend(names: Sequence[str]) -> Iterator[str]:
    for number, name in enumerate(names):
        yield _mark(26, 40 + 18 * number, number, name)
        yield _text(38, 44 + 18 * number, name, "start")


def _mark(x: float, y: float, number: int, label: str) -> str:
    """A circle or a square, so that series differ not only in colour."""
    colour, title = _COLOURS[number % len(_COLOURS)], f"<title>{escape(label)}</title>"
    if number % 2:
        return (
            f'<rect x="{x - 4:.1f}" y="{y - 4:.1f}" width="8" height="8" fill="{colour}">'
            f"{title}</rect>"
        )
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="{colour}">{title}</circle>'


def _line(x: float, y: float, to_x: float, to_y: float, colour: str) -> str:
    return f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{to_x:.1f}" y2="{to_y:.1f}" stroke="{colour}"/>'


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 1 else f"{value:g}"
