"""Picture: a chart as SVG or CSV, and as a page shows it."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from .chart import Chart, Drawing, Link, Where, description
from .svg import Frame, Legend, bare, framed, text

_NOTHING = "Nothing to draw: no works match all filters."


def _no_link(where: Where) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Plate:
    """A figure for a page, which shows its title, legend and caption as text of its own."""

    svg: Markup
    legend: Sequence[Legend]
    caption: Sequence[str]
    #: Whether it contains no text, so it can shrink to the width of the screen.
    is_wordless: bool


def svg(chart: Chart, chosen: str, source: str, name: str) -> str:
    """The figure as a standalone SVG."""
    drawing = _drawing(chart, _no_link)
    frame = _frame(chart, chosen, source, drawing)
    return framed(frame, drawing.elements, drawing.height, name)


def plate(chart: Chart, chosen: str, source: str, name: str, link: Link | None = None) -> Plate:
    """The figure for a page; with ``link``, its parts link to the works they count."""
    drawing = _drawing(chart, link or _no_link)
    return plate_of(_frame(chart, chosen, source, drawing), drawing, name, link is not None)


def plate_of(frame: Frame, drawing: Drawing, name: str, interactive: bool) -> Plate:
    """A drawing for a page, without title, legend and caption."""
    drawn = bare(frame, drawing.elements, drawing.height, name, interactive)
    is_wordless = not any(each.tag == "text" for part in drawing.elements for each in part.iter())
    return Plate(Markup(drawn), drawing.legend, frame.caption, is_wordless)


def _drawing(chart: Chart, link: Link) -> Drawing:
    """The drawing of a chart, or a note if it counts no works."""
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
    """The table of a figure as CSV (RFC 4180)."""
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(chart.header)
    table.writerows((*row.texts, *row.numbers) for row in chart.rows)
    return written.getvalue()
