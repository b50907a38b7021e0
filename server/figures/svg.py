"""SVG: the elements of a drawing, how long words are, and the frame that every figure has.

Colours stand in attributes, for light ground, so that a figure is the same in a slide and as a
PNG; the classes let our own pages show it in the reader's colour scheme (``static/figures.css``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from ...graph.characters import UNREADABLE

#: The width of every figure, of the margin on both sides, and of what is between them.
WIDTH, LEFT = 960, 32
INNER = WIDTH - 2 * LEFT
_NAMESPACE = "http://www.w3.org/2000/svg"
_FONTS = "Source Sans Pro, Segoe UI, Roboto, Helvetica Neue, Arial, sans-serif"
_INK, _GROUND, _LINE = "#1c2327", "#ffffff", "#d8dee0"
#: How what is stated, what is only inferred, and what is not known look.
STATED: Mapping[str, str] = {"class_": "stated", "fill": "#0b6e63"}
INFERRED: Mapping[str, str] = {
    "class_": "inferred",
    "fill": "#cfe6e2",
    "stroke": "#0b6e63",
    "stroke_dasharray": "3 2",
}
NOT_STATED: Mapping[str, str] = {"class_": "unknown", "fill": "#e6eaeb"}
#: How words that are not in the foreground look.
QUIET: Mapping[str, str] = {"class_": "quiet", "fill": "#58646b"}
#: Letters that are narrow and wide. The widths are those of wide fonts (DejaVu, Verdana): which
#: font a reader has is not known.
_NARROW, _WIDE = frozenset("fijlrtI.,;:!|'()[]/ "), frozenset("mwMW@%")


@dataclass(frozen=True, slots=True)
class Legend:
    """What a colour means."""

    look: Mapping[str, str]
    label: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around a drawing."""

    title: str
    #: What the works were chosen by; "" for all.
    chosen: str
    #: What is below: how much is known, the release, the source.
    caption: Sequence[str]
    #: What the drawing shows, in words.
    description: str
    legend: Sequence[Legend] = ()


def element(tag: str, *children: Element | str, **attributes: object) -> Element:
    """An element; ``stroke_width`` stands for stroke-width, ``class_`` for class."""
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
    """Words that begin at a point, or end or are centred there (``text_anchor``)."""
    attributes = {"class_": "ink", "fill": _INK, **attributes}
    return element("text", words, x=float(x), y=float(y), font_size=size, **attributes)


def over_lines(words: str, x: float, y: float) -> Element:
    """Words centred on lines, which they are to be read before."""
    halo = {"class_": "ink halo", "stroke": _GROUND, "stroke_width": 4, "paint_order": "stroke"}
    return text(words, x, y, 14, text_anchor="middle", **halo)


def line(x1: float, y1: float, x2: float, y2: float) -> Element:
    """A thin line."""
    points = dict(x1=float(x1), y1=float(y1), x2=float(x2), y2=float(y2))
    return element("line", class_="rule", stroke=_LINE, **points)


def block(look: Mapping[str, str], x: float, y: float, width: float, height: float) -> Element:
    """A rectangle; an outline that is dashed lies inside it."""
    inset = 0.5 if "stroke" in look else 0.0
    size = dict(width=width - 2 * inset, height=height - 2 * inset)
    return element("rect", x=x + inset, y=y + inset, **size, **look)


def linked(address: str, label: str, *children: Element) -> Element:
    """What leads to an address, where there is one, and what the pointer shows over it."""
    title = element("title", label)
    if not address:
        return element("g", title, *children)
    return element("a", title, *children, href=address)


def width_of(words: str, size: float) -> float:
    """About how wide words are.

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
    """Words cut to a width, with an ellipsis where some are cut off.

    >>> shortened("International Conference on Information Systems", 15, 120)
    'International…'
    """
    if width_of(words, size) <= width:
        return words
    while words and width_of(words + "…", size) > width:
        words = words[:-1]
    return words.rstrip() + "…"


def _lines(words: str, size: float, width: float) -> list[str]:
    """Words broken into lines of a width, four at most."""
    lines, current = [], ""
    for word in words.split():
        longer = f"{current} {word}".strip()
        if current and width_of(longer, size) > width:
            lines.append(current)
            longer = word
        current = longer
    lines.append(current)
    *first, last = [shortened(each, size, width) for each in lines[:4]]
    return [*first, f"{last} …" if len(lines) > 4 else last]


def framed(frame: Frame, drawing: Sequence[Element], height: float, name: str) -> str:
    """A whole figure: title, choice, legend, the drawing (which begins at 0, 0), caption.

    ``name`` tells it apart from others of one page.
    """
    parts: list[Element] = []
    y = 22.0
    for words in _lines(frame.title, 26, INNER):
        y += 30
        parts.append(text(words, LEFT, y, 26, font_weight="600"))
    for words in _lines(frame.chosen, 16, INNER) if frame.chosen else ():
        y += 24
        parts.append(text(words, LEFT, y, 16, **QUIET))
    if frame.legend:
        y += 30
        parts.extend(_legend(frame.legend, y))
    y += 20
    parts.append(element("g", *drawing, transform=f"translate({LEFT} {y:.0f})"))
    y += height + 14
    for sentence in frame.caption:
        for words in _lines(sentence, 14, INNER):
            y += 20
            parts.append(text(words, LEFT, y, 14, **QUIET))
    return _root(frame, parts, y + 24, name, False)


def bare(
    frame: Frame, drawing: Sequence[Element], height: float, name: str, interactive: bool
) -> str:
    """The drawing alone, for a page that has the rest in text of its own.

    What is not ``interactive`` is one picture to screen readers.
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
