"""Picture: a chart as SVG, PNG or CSV."""

from __future__ import annotations

import csv
import io
from functools import lru_cache
from importlib.resources import files

import resvg_py

from .chart import Chart, Link, Where, description
from .svg import Frame, framed

__all__ = ["comma_separated", "png", "svg"]

#: Pixels of a PNG for each unit of the figure: 1,920 across.
_ZOOM = 2
_FONTS = ("SourceSansPro-Regular.otf", "SourceSansPro-Semibold.otf")


def _no_link(where: Where) -> str:
    return ""


def svg(
    chart: Chart,
    chosen: str,
    source: str,
    name: str,
    titled: bool = True,
    link: Link = _no_link,
) -> str:
    """The figure as SVG; with ``link``, its parts lead to the works that they count.

    Not ``titled``: for a page that has its title in a heading.
    """
    drawing = chart.draw(link)
    frame = Frame(
        chart.title,
        chosen,
        (" ".join(chart.caption), source),
        f"{' '.join(chart.caption)} {description(chart.rows)}",
        drawing.legend,
    )
    return framed(frame, drawing.elements, drawing.height, name, titled, link is not _no_link)


@lru_cache(maxsize=64)
def png(drawn: str) -> bytes:
    """A figure as PNG, in a font of our own: it looks the same whatever the machine has.

    It takes some 100 ms to make and is too large for the cache of responses: the last ones asked
    for are at hand.
    """
    folder = files(__package__).joinpath("fonts")
    return resvg_py.svg_to_bytes(
        svg_string=drawn,
        zoom=_ZOOM,
        skip_system_fonts=True,
        font_files=[str(folder.joinpath(font)) for font in _FONTS],
        font_family="Source Sans Pro",
        sans_serif_family="Source Sans Pro",
    )


def comma_separated(chart: Chart) -> str:
    """The table of a figure (RFC 4180)."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(chart.header)
    table.writerows((*row.texts, *row.numbers) for row in chart.rows)
    return text.getvalue()
