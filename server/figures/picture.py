"""Picture: a chart as SVG or CSV, and as a page shows it."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from .chart import Chart, Drawing, Link, Where, description
from .svg import Frame, Legend, bare, framed, text

_NOTHING = "There is nothing to draw: no work has all of this."


def _no_link(where: Where) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Plate:
    """A figure as a page shows it: what is read beside the drawing is the page's own text."""

    svg: Markup
    legend: Sequence[Legend]
    caption: Sequence[str]
    #: Whether it may be as narrow as the screen: it has no words of its own.
    is_wordless: bool


def svg(chart: Chart, chosen: str, source: str, name: str) -> str:
    """The figure as SVG by itself."""
    drawing = _drawing(chart, _no_link)
    frame = _frame(chart, chosen, source, drawing)
    return framed(frame, drawing.elements, drawing.height, name)


def plate(chart: Chart, chosen: str, source: str, name: str, link: Link | None = None) -> Plate:
    """The figure for a page; with ``link``, its parts lead to the works that they count."""
    drawing = _drawing(chart, link or _no_link)
    return plate_of(_frame(chart, chosen, source, drawing), drawing, name, link is not None)


def plate_of(frame: Frame, drawing: Drawing, name: str, interactive: bool) -> Plate:
    """A drawing for a page, which has its title, legend and caption in text of its own."""
    drawn = bare(frame, drawing.elements, drawing.height, name, interactive)
    is_wordless = not any(each.tag == "text" for part in drawing.elements for each in part.iter())
    return Plate(Markup(drawn), drawing.legend, frame.caption, is_wordless)


def _drawing(chart: Chart, link: Link) -> Drawing:
    """What is drawn; of a chart that counts no work, that there is none."""
    if chart.is_empty:
        return Drawing([text(_NOTHING, 0, 20)], 30)
    return chart.draw(link)


def _frame(chart: Chart, chosen: str, source: str, drawing: Drawing) -> Frame:
    shown = _NOTHING if chart.is_empty else description([*map(str, chart.rows)])
    return Frame(
        chart.title,
        chosen,
        (" ".join(chart.caption), source),
        f"{' '.join(chart.caption)} {shown}",
        drawing.legend,
    )


def comma_separated(chart: Chart) -> str:
    """The table of a figure (RFC 4180)."""
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(chart.header)
    table.writerows((*row.texts, *row.numbers) for row in chart.rows)
    return written.getvalue()
