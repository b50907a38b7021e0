"""Drawing: the picture that the columns of an answer call for, where they do.

A number for each country is a map, a number for each year a timeline, a number for each of some
names bars. Everything else is a table only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from markupsafe import Markup

from ...graph.errors import OutOfTime
from ..figures.asking import source_line
from ..figures.bars import Bar, bars
from ..figures.chart import Drawing
from ..figures.choropleth import choropleth
from ..figures.svg import Frame, framed
from ..figures.timeline import timeline
from ..figures.world import world
from ..web.site import Site
from .answer import Solutions, Value

__all__ = ["drawn"]

#: The most bars, and years, that are drawn.
_BARS, _YEARS = 25, 150
#: Columns of these names hold years, where their numbers can be such.
_YEARLY = re.compile(r"year|since|until|first|last|issued", re.IGNORECASE)
_COUNTRY = re.compile(r"country/([A-Z]{2})")


@dataclass(frozen=True, slots=True)
class _Entry:
    """A row that is drawn: its number, what it is the number of, and where that leads."""

    number: float
    names: tuple[Value, ...]
    year: int | None

    @property
    def label(self) -> str:
        return " · ".join(dict.fromkeys(value.text for value in self.names))


@dataclass(frozen=True, slots=True)
class _Series:
    """What can be drawn of an answer: a number in each row, and what it is the number of."""

    noun: str
    entries: tuple[_Entry, ...]

    def said(self, number: float, inferred: float = 0) -> str:
        """A number with its noun."""
        return f"{written(number)} ({self.noun})"


def written(number: float) -> str:
    """A number as a drawing writes it.

    >>> written(1200), written(3.14159), written(0.000271)
    ('1,200', '3.14', '0.000271')
    """
    if isinstance(number, int):
        return f"{number:,}"
    return f"{number:,.2f}" if abs(number) >= 1 else f"{number:.3g}"


def drawn(site: Site, table: Solutions, count: int) -> Markup | None:
    """The picture of an answer of so many rows, as SVG; None where its columns call for none."""
    series = _series(table)
    if series is None or len(series.entries) < 2:
        return None
    picture = _map(site, series) or _timeline(series) or _bars(site, series)
    if picture is None:
        return None
    title = f"{series.noun} {picture.by}".strip()
    caption = title
    if picture.rows < count:
        caption = f"{title}: {picture.rows:,} of {count:,} rows are drawn"
    frame = Frame(
        title,
        "",
        (caption, source_line(site)),
        _described(series.entries[: picture.rows]),
        picture.drawing.legend,
    )
    drawing = picture.drawing
    return Markup(framed(frame, drawing.elements, drawing.height, "drawing", False, True))


def _series(table: Solutions) -> _Series | None:
    """The first column of numbers that are no years, and what else is in its rows."""
    columns = list(zip(*table.rows, strict=True)) if table.rows else []
    yearly = [
        bool(_YEARLY.search(name)) and all(value is None or value.year for value in values)
        for name, values in zip(table.columns, columns, strict=False)
    ]
    numeric = table.numeric
    place = next((at for at, is_number in enumerate(numeric) if is_number and not yearly[at]), None)
    if place is None:
        return None
    names = [at for at, is_number in enumerate(numeric) if not is_number and not yearly[at]]
    years = [at for at, is_year in enumerate(yearly) if is_year]
    entries = []
    for row in table.rows:
        value = row[place]
        number = value.number if value else None
        if number is None or number < 0:
            return None
        year = next((row[at] for at in years), None)
        texts = tuple(value for at in names if (value := row[at]))
        entries.append(_Entry(number, texts, year.year if year else None))
    return _Series(table.columns[place], tuple(entries))


@dataclass(frozen=True, slots=True)
class _Picture:
    drawing: Drawing
    #: What the numbers are told apart by, in words; "" where the labels say it.
    by: str
    #: How many rows are in it.
    rows: int


def _map(site: Site, series: _Series) -> _Picture | None:
    """A map, where each row has a country and no two have the same."""
    codes = _codes(site, series.entries)
    known = [code for code in codes if code]
    if len(known) < 2 or len(set(known)) < len(known) or len(known) * 2 < len(codes):
        return None
    if any(not isinstance(entry.number, int) for entry in series.entries):
        return None
    counts = {
        code: Bar(entry.label, int(entry.number), 0)
        for code, entry in zip(codes, series.entries, strict=True)
        if code
    }
    outlined = {outline.code for outline in world().outlines}
    drawing = choropleth(
        counts,
        lambda code: site.href(site.iris.thing("country", code)),
        lambda code: counts[code].label if code in counts else "",
        series.said,
        "not in the answer",
    )
    return _Picture(drawing, "by country", len(counts.keys() & outlined))


def _codes(site: Site, entries: Sequence[_Entry]) -> list[str]:
    """The code of the country that each row is about; "" where it is about none.

    A country is known by its IRI, or by its name where all that a row has are names.
    """
    by_iri = [_code(site, entry.names) for entry in entries]
    if any(by_iri) or any(len(entry.names) != 1 for entry in entries):
        return by_iri
    things = {site.iris.thing("country", each.code): each.code for each in world().outlines}
    codes: dict[str, str] = {}
    with suppress(OutOfTime):  # then there is another drawing
        named = site.names.named([*things])
        codes = {match.label: things[iri] for iri, match in named.items()}
    return [codes.get(entry.label, "") for entry in entries]


def _code(site: Site, names: Iterable[Value]) -> str:
    matches = (
        _COUNTRY.fullmatch(site.iris.path(value.cell.text)) for value in names if value.cell.is_iri
    )
    codes = {match[1] for match in matches if match}
    return codes.pop() if len(codes) == 1 else ""


def _timeline(series: _Series) -> _Picture | None:
    """A timeline, where each row is a year and no two are the same."""
    of = {entry.year: entry.number for entry in series.entries if not entry.names}
    years = [year for year in of if year is not None]
    if len(of) < len(series.entries) or len(years) < len(of):
        return None
    span = range(min(years), max(years) + 1)
    if len(span) > _YEARS or any(not isinstance(number, int) for number in of.values()):
        return None
    columns = [Bar(str(year), int(of.get(year, 0)), 0) for year in span]
    return _Picture(timeline(columns, series.said), "by year", len(years))


def _bars(site: Site, series: _Series) -> _Picture | None:
    """Bars, where each row has a name of its own."""
    labels = [entry.label for entry in series.entries]
    if not all(labels) or len(set(labels)) < len(labels):
        return None
    shown = series.entries[:_BARS]
    entries = [Bar(each.label, each.number, 0, _address(site, each.names)) for each in shown]
    return _Picture(
        bars(entries, series.said, lambda number, inferred: written(number)), "", len(shown)
    )


def _address(site: Site, names: Iterable[Value]) -> str:
    """Where a bar leads: to the only thing that its row names."""
    iris = {value.cell.text for value in names if value.cell.is_iri and not value.cell.is_cut}
    return site.href(iris.pop()) if len(iris) == 1 else ""


def _described(entries: Sequence[_Entry], most: int = 12) -> str:
    words = [f"{each.label or each.year}: {written(each.number)}" for each in entries[:most]]
    more = f"; and {len(entries) - most} more" if len(entries) > most else ""
    return "; ".join(words) + more + "."
