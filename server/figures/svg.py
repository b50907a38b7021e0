"""SVG: the elements of a drawing, text widths, and the frame around every figure.

Colours for a light background are in attributes, so a figure looks the same in slides and as PNG.
The classes let our pages adapt it to the reader's colour scheme (``static/figures.css``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from ...graph.characters import UNREADABLE

#: The width of every figure, of its margins, and of the space between them.
WIDTH, LEFT = 960, 32
INNER = WIDTH - 2 * LEFT
_NAMESPACE = "http://www.w3.org/2000/svg"
_FONTS = "Source Sans Pro, Segoe UI, Roboto, Helvetica Neue, Arial, sans-serif"
_INK, _GROUND, _LINE = "#1c2327", "#ffffff", "#d8dee0"
#: The looks of stated, inferred and unknown.
STATED: Mapping[str, str] = {"class_": "stated", "fill": "#0b6e63"}
INFERRED: Mapping[str, str] = {
    "class_": "inferred",
    "fill": "#cfe6e2",
    "stroke": "#0b6e63",
    "stroke_dasharray": "3 2",
}
NOT_STATED: Mapping[str, str] = {"class_": "unknown", "fill": "#e6eaeb"}
#: The look of secondary text.
QUIET: Mapping[str, str] = {"class_": "quiet", "fill": "#58646b"}
#: Narrow and wide letters. Widths are those of wide fonts (DejaVu, Verdana), because the reader's
#: font is unknown.
_NARROW, _WIDE = frozenset("fijlrtI.,;:!|'()[]/ "), frozenset("mwMW@%")


@dataclass(frozen=True, slots=True)
class Legend:
    """An entry of a legend: a look and its meaning."""

    look: Mapping[str, str]
    label: str


@dataclass(frozen=True, slots=True)
class Frame:
    """The text around a drawing."""

    title: str
    #: The filters that the works were chosen by; "" for all works.
    chosen: str
    #: The lines below: how much is known, the release, the source.
    caption: Sequence[str]
    #: A description of the drawing in words.
    description: str
    legend: Sequence[Legend] = ()


def element(tag: str, *children: Element | str, **attributes: object) -> Element:
    """Make an element; write stroke-width as ``stroke_width`` and class as ``class_``."""
    names = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
    made = Element(tag, {name: _written(value) for name, value in names.items()})
    for child in children:
        if isinstance(child, str):
            made.text = UNREADABLE.sub("\ufffd", child)
        else:
            made.append(child)
    return made


def _written(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.1f}".removesuffix(".0")
    return UNREADABLE.sub("\ufffd", str(value))


def text(words: str, x: float, y: float, size: int = 15, **attributes: object) -> Element:
    """Text that begins at a point, or ends or is centred there (``text_anchor``)."""
    attributes = {"class_": "ink", "fill": _INK, **attributes}
    return element("text", words, x=float(x), y=float(y), font_size=size, **attributes)


def over_lines(words: str, x: float, y: float) -> Element:
    """Centred text with a halo, so that it stays readable in front of lines."""
    halo = {"class_": "ink halo", "stroke": _GROUND, "stroke_width": 4, "paint_order": "stroke"}
    return text(words, x, y, 14, text_anchor="middle", **halo)


def line(x1: float, y1: float, x2: float, y2: float) -> Element:
    """A thin line."""
    points = dict(x1=float(x1), y1=float(y1), x2=float(x2), y2=float(y2))
    return element("line", class_="rule", stroke=_LINE, **points)


def block(look: Mapping[str, str], x: float, y: float, width: float, height: float) -> Element:
    """A rectangle; its outline, if any, is drawn inside it."""
    inset = 0.5 if "stroke" in look else 0.0
    size = dict(width=width - 2 * inset, height=height - 2 * inset)
    return element("rect", x=x + inset, y=y + inset, **size, **look)


def linked(address: str, label: str, *children: Element) -> Element:
    """Elements with a tooltip, and a link if there is an address."""
    title = element("title", label)
    if not address:
        return element("g", title, *children)
    return element("a", title, *children, href=address)


def width_of(words: str, size: float) -> float:
    """The approximate width of a text.

    >>> width_of("illicit", 10) < width_of("Mammoth", 10)
    True
    """
    return size * sum(map(_letter, words))


def _letter(letter: str) -> float:
    if letter in _NARROW:
        return 0.36
    if letter in _WIDE:
        return 0.96
    if letter > "\u2e7f":
        return 1.0
    return 0.7 if letter.isupper() else 0.62


def shortened(words: str, size: float, width: float) -> str:
    """A text cut to a width, with an ellipsis if something was cut off.

    >>> shortened("International Conference on Information Systems", 15, 120)
    'International…'
    """
    if width_of(words, size) <= width:
        return words
    while words and width_of(words + "…", size) > width:
        words = words[:-1]
    return words.rstrip() + "…"


def _lines(words: str, size: float) -> list[str]:
    """A text broken into at most four lines of the figure's width."""
    lines, current = [], ""
    for word in words.split():
        longer = f"{current} {word}".strip()
        if current and width_of(longer, size) > INNER:
            lines.append(current)
            longer = word
        current = longer
    lines.append(current)
    *first, last = [shortened(each, size, INNER) for each in lines[:4]]
    return [*first, f"{last} …" if len(lines) > 4 else last]


def framed(frame: Frame, drawing: Sequence[Element], height: float, name: str) -> str:
    """A whole figure: title, choice, legend, the drawing (with its origin at 0, 0), caption.

    ``name`` tells it from other figures on the same page.
    """
    parts: list[Element] = []
    y = 22.0
    for words in _lines(frame.title, 26):
        y += 30
        parts.append(text(words, LEFT, y, 26, font_weight="600"))
    for words in _lines(frame.chosen, 16) if frame.chosen else ():
        y += 24
        parts.append(text(words, LEFT, y, 16, **QUIET))
    if frame.legend:
        y += 30
        parts.extend(_legend(frame.legend, y))
    y += 20
    parts.append(element("g", *drawing, transform=f"translate({LEFT} {y:.0f})"))
    y += height + 14
    for sentence in frame.caption:
        for words in _lines(sentence, 14):
            y += 20
            parts.append(text(words, LEFT, y, 14, **QUIET))
    return _root(frame, parts, y + 24, name, False)


def bare(
    frame: Frame, drawing: Sequence[Element], height: float, name: str, interactive: bool
) -> str:
    """The drawing alone, for a page that shows the rest as text.

    If it is not ``interactive``, screen readers treat it as a single image.
    """
    moved = element("g", *drawing, transform=f"translate({LEFT} 20)")
    return _root(frame, [moved], height + 40, name, interactive)


def _root(
    frame: Frame, parts: Sequence[Element], height: float, name: str, interactive: bool
) -> str:
    root = element(
        "svg",
        element(
            "title", frame.title + (f": {frame.chosen}" if frame.chosen else ""), id=f"{name}-t"
        ),
        element("desc", frame.description, id=f"{name}-d"),
        element("rect", class_="ground", fill=_GROUND, width=WIDTH, height=round(height)),
        *parts,
        xmlns=_NAMESPACE,
        viewBox=f"0 0 {WIDTH} {round(height)}",
        width=WIDTH,
        height=round(height),
        font_family=_FONTS,
        class_="figure",
        role="group" if interactive else "img",
        aria_labelledby=f"{name}-t {name}-d",
    )
    return ElementTree.tostring(root, encoding="unicode")


def _legend(legend: Sequence[Legend], y: float) -> list[Element]:
    parts, x = [], float(LEFT)
    for entry in legend:
        parts.append(element("rect", x=x + 0.5, y=y - 12.5, width=16, height=14, **entry.look))
        parts.append(text(entry.label, x + 24, y, 15, **QUIET))
        x += 24 + width_of(entry.label, 15) + 28
    return parts
