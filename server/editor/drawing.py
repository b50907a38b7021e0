"""Drawing: the chart that suits an answer, if there is one.

A number per country makes a map, per year a timeline, per name a bar chart, and per pair of values
a matrix. Any other answer is shown as a table only.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from ...graph.errors import OutOfTime
from ..figures.asking import source_line
from ..figures.bars import Bar, bars
from ..figures.chart import Drawing, description
from ..figures.choropleth import choropleth
from ..figures.counts import Cell, Count, CrossTable
from ..figures.matrix import matrix
from ..figures.picture import Plate, plate_of
from ..figures.svg import Frame
from ..figures.timeline import timeline
from ..figures.world import world
from ..web.site import Site
from .answer import Solutions, Value

#: The most bars, years, matrix rows and matrix columns that are drawn.
_BARS, _YEARS, _ROWS, _COLUMNS = 25, 150, 25, 12
#: The most characters of a name: no chart shows more, and measuring them takes long.
_CHARACTERS = 100
#: Columns with such names hold years, if all their values can be years.
_YEARLY = re.compile(r"year|since|until|first|last|issued", re.IGNORECASE)
_COUNTRY = re.compile(r"country/([A-Z]{2})")


@dataclass(frozen=True, slots=True)
class _Entry:
    """A row that is drawn: a number, the names it belongs to, and a year if there is one."""

    number: float
    names: tuple[Value, ...]
    year: int | None

    @property
    def parts(self) -> tuple[str, ...]:
        """The names without duplicates: a thing and its label have the same text."""
        return tuple(dict.fromkeys(_cut(value.text) for value in self.names))

    @property
    def label(self) -> str:
        return " · ".join(self.parts)


@dataclass(frozen=True, slots=True)
class _Series:
    """The part of an answer that can be drawn: a number in each row, and what it counts."""

    noun: str
    entries: tuple[_Entry, ...]
    #: Whether the numbers are in the first column.
    is_first: bool

    @property
    def is_an_order(self) -> bool:
        """Whether the numbers are in the first column and only number the rows."""
        numbers = [entry.number for entry in self.entries]
        return self.is_first and numbers == [*range(1, len(numbers) + 1)]

    @property
    def is_whole(self) -> bool:
        """Whether all numbers are integers."""
        return all(isinstance(entry.number, int) for entry in self.entries)

    def said(self, number: float, inferred: float = 0) -> str:
        """Return a number with what it counts."""
        return f"{written(number)} ({self.noun})"


def _cut(text: str) -> str:
    return text if len(text) <= _CHARACTERS else f"{text[:_CHARACTERS]}…"


def written(number: float) -> str:
    """Format a number for a chart.

    >>> written(1200), written(3.14159), written(0.000271)
    ('1,200', '3.14', '0.000271')
    """
    if isinstance(number, int):
        return f"{number:,}"
    return f"{number:,.2f}" if abs(number) >= 1 else f"{number:.3g}"


def drawn(site: Site, table: Solutions, count: int) -> Plate | None:
    """Return the chart for an answer of ``count`` rows; None if no chart suits its columns."""
    series = _series(table)
    if series is None or len(series.entries) < 2 or series.is_an_order:
        return None
    picture = _map(site, series) or _timeline(series) or _matrix(series) or _bars(site, series)
    if picture is None:
        return None
    title = f"{series.noun} {picture.by}".strip()
    caption = title
    if picture.rows < count:
        caption = f"{title}: {picture.rows:,} of {count:,} rows are drawn"
    shown = series.entries[: picture.rows]
    words = [f"{each.label or each.year}: {written(each.number)}" for each in shown]
    source = source_line(site)
    frame = Frame(title, "", (caption, source), description(words), picture.drawing.legend)
    return plate_of(frame, picture.drawing, "drawing", True)


def _series(table: Solutions) -> _Series | None:
    """Return the first numeric column that does not hold years, with the rest of its rows."""
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
    noun = _cut(table.columns[place])
    return _Series(noun, tuple(entries), place == 0)


@dataclass(frozen=True, slots=True)
class _Picture:
    drawing: Drawing
    #: What distinguishes the numbers, such as "by year"; "" if the labels say it.
    by: str
    #: The number of rows that are drawn.
    rows: int


def _map(site: Site, series: _Series) -> _Picture | None:
    """Return a map if the rows have countries, each a different one."""
    codes = _codes(site, series.entries)
    known = [code for code in codes if code]
    if len(known) < 2 or len(set(known)) < len(known) or len(known) * 2 < len(codes):
        return None
    if not series.is_whole:
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
    """Return the country code of each row; "" for a row without a country.

    Countries are recognised by their IRIs, or by name if every row has nothing but one name.
    """
    by_iri = [_code(site, entry.names) for entry in entries]
    if any(by_iri) or any(len(entry.names) != 1 for entry in entries):
        return by_iri
    things = {site.iris.thing("country", each.code): each.code for each in world().outlines}
    codes: dict[str, str] = {}
    with suppress(OutOfTime):  # then another chart is drawn
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
    """Return a timeline if each row is a different year."""
    of = {entry.year: entry.number for entry in series.entries if not entry.names}
    years = [year for year in of if year is not None]
    if len(of) < len(series.entries) or len(years) < len(of):
        return None
    span = range(min(years), max(years) + 1)
    if len(span) > _YEARS or not series.is_whole:
        return None
    columns = [Bar(str(year), int(of.get(year, 0)), 0) for year in span]
    return _Picture(timeline(columns, series.said), "by year", len(years))


def _matrix(series: _Series) -> _Picture | None:
    """Return a matrix if each row is a different pair, from few values of two kinds."""
    pairs: dict[tuple[str, str], int] = {}
    has_years = series.entries[0].year is not None
    for entry in series.entries:
        parts = (*entry.parts, str(entry.year)) if has_years else entry.parts
        if len(parts) == 2:
            pairs[parts[0], parts[1]] = int(entry.number)
    firsts, seconds = ({pair[place] for pair in pairs} for place in (0, 1))
    if len(pairs) < len(series.entries) or len(pairs) <= max(len(firsts), len(seconds)):
        return None
    if min(len(firsts), len(seconds)) < 2 or not series.is_whole:
        return None
    if len(seconds) > len(firsts) and not has_years:
        pairs = {(second, first): number for (first, second), number in pairs.items()}
    columns = _largest(pairs, 1, _COLUMNS)
    if has_years:
        columns = sorted({year for _, year in pairs})[-_COLUMNS:]
    pairs = {pair: number for pair, number in pairs.items() if pair[1] in columns}
    rows = _largest(pairs, 0, _ROWS)
    cells = tuple(tuple(Cell(pairs.get((row, each), 0), 0) for each in columns) for row in rows)
    shown = sum((row, each) in pairs for row in rows for each in columns)
    sides = [tuple(Count(label, label, 0, 0) for label in side) for side in (columns, rows)]
    table = CrossTable(0, 0, sides[0], sides[1], cells, 0, 0)
    drawing = matrix(table, lambda column, row: "", series.said)
    return _Picture(drawing, "of each pair", shown)


def _bars(site: Site, series: _Series) -> _Picture | None:
    """Return bars if each row has a different name."""
    labels = [entry.label for entry in series.entries]
    if not all(labels) or len(set(labels)) < len(labels):
        return None
    if any(len(entry.parts) > 2 for entry in series.entries):
        return None
    shown = series.entries[:_BARS]
    entries = [Bar(each.label, each.number, 0, _address(site, each.names)) for each in shown]
    return _Picture(
        bars(entries, series.said, lambda number, inferred: written(number)), "", len(shown)
    )


def _largest(pairs: Mapping[tuple[str, str], int], place: int, most: int) -> list[str]:
    """Return the values at one place of the pairs that have the highest totals."""
    sums = Counter[str]()
    for pair, number in pairs.items():
        sums[pair[place]] += number
    return [label for label, _ in sums.most_common(most)]


def _address(site: Site, names: Iterable[Value]) -> str:
    """Return the link of a bar: the page of the only thing that its row names, else ""."""
    iris = {value.cell.text for value in names if value.cell.is_iri and not value.cell.is_cut}
    return site.href(iris.pop()) if len(iris) == 1 else ""
