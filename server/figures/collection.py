"""Collection: all figures, each made from the index for any choice of works."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from ...graph.numbers import counted
from ..web.instrument import FACET
from .axes import AXES, Axis, with_article
from .bars import Bar, bars, shares
from .chart import Chart, Drawing, Link, Row, Where, said
from .choropleth import choropleth
from .counts import (
    Asked,
    Count,
    CrossTable,
    Distribution,
    Known,
    across,
    by_year,
    distribution,
    known,
)
from .matrix import matrix
from .timeline import timeline
from .world import world

#: The most bars in a figure, and the most columns and rows in a matrix.
_BARS, COLUMNS, ROWS = 20, 12, 25
_NUMBERS = ("works", "stated", "inferred")
#: The prefix of the names of figures that count works by one facet.
_BY_FACET = "works-by-"
#: Facets that a work "names" rather than "has".
_NAMED = frozenset(
    axis.facet for axis in AXES.values() if axis.facet not in ("kind", "language", "author", "year")
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the collection."""

    name: str
    make: Callable[[Asked], Chart]
    #: The axes it counts by; none for the coverage of facets.
    axes: tuple[Axis, ...] = ()

    @property
    def is_by_facet(self) -> bool:
        """Whether it counts works by one facet."""
        return self.name.startswith(_BY_FACET)


def _how_many(facts: Known, axis: Axis) -> str:
    """ "172 of 920 works name a platform: stated for 86, only inferred for 86." """
    several, one = ("name", "names") if axis.facet in _NAMED else ("have", "has")
    verb = one if facts.either == 1 else several
    how = (
        f": stated for {facts.stated:,}, only inferred for {facts.inferred:,}"
        if facts.inferred
        else ""
    )
    return (
        f"{facts.either:,} of {counted(facts.works, 'work')} {verb} {with_article(axis.noun)}{how}."
    )


def _row(axis: Axis, count: Count) -> Row:
    numbers = (count.works, count.stated, count.inferred)
    return Row((count.value, count.label), numbers, axis.where(count.value))


def _bar(row: Row, link: Link) -> Bar:
    return Bar(row.texts[1], row.numbers[1], row.numbers[2], link(row.where))


def _header(axis: Axis) -> tuple[str, ...]:
    return (f"{axis.name}_id", axis.name, *_NUMBERS)


def _shown(facts: Distribution, axis: Axis) -> Iterable[str]:
    if facts.more:
        yield f"Showing the {len(facts.counts)} {axis.heading.lower()} with the most works."


def _as_instrument(shown: Iterable[Count]) -> Iterable[str]:
    """The number of works per platform shown that use platform work as an instrument."""
    several = [
        f"{count.label} {count.as_instrument:,} of {count.works:,}"
        for count in shown
        if count.as_instrument
    ]
    if several:
        yield f"This includes works that use platform work as an instrument: {', '.join(several)}."


def _by(axis: Axis, title: str) -> Callable[[Asked], Chart]:
    def make(asked: Asked) -> Chart:
        facts = distribution(asked, axis, _BARS)
        rows = tuple(_row(axis, count) for count in facts.counts)
        caption = [_how_many(facts.known, axis), *_shown(facts, axis)]
        if asked.works.values.parents(axis.facet) & {count.value for count in facts.counts}:
            caption.append(f"Broader {axis.heading.lower()} include the works of narrower ones.")
        caption += _as_instrument(facts.counts)
        return Chart(
            title,
            tuple(caption),
            _header(axis),
            rows,
            lambda link: bars([_bar(row, link) for row in rows]),
        )

    return make


def _years(asked: Asked) -> Chart:
    axis = AXES["year"]
    facts = by_year(asked)
    rows = tuple(_row(axis, count) for count in facts.counts)
    caption = [_how_many(facts.known, axis)]
    if any(count.inferred for count in facts.counts):
        caption.append("“Inferred” works match the filters only by inference.")
    if facts.more:
        caption.append(f"Not shown: {said(facts.more, 0)} before {facts.counts[0].value}.")
    caption.append("A low bar may be a gap in this collection.")
    return Chart(
        "Works per year",
        tuple(caption),
        ("year_id", "year", *_NUMBERS),
        rows,
        lambda link: timeline([_bar(row, link) for row in rows]),
    )


def _coverage(asked: Asked) -> Chart:
    rows = []
    # one row per facet: its levels share it
    facets = {axis.facet: axis for axis in AXES.values()}
    for axis in facets.values():
        facts = known(asked, axis.facet)
        label = axis.noun[:1].upper() + axis.noun[1:]
        numbers = (facts.either, facts.stated, facts.inferred)
        rows.append(Row((axis.parameter or axis.name, label), numbers, {}))
    rows.sort(key=lambda row: -row.numbers[0])
    total = len(asked.answer)
    return Chart(
        "How much is known about the works",
        (
            f"The share of {counted(total, 'work')} for which each aspect is stated, inferred or "
            "not known.",
        ),
        ("facet_id", "facet", *_NUMBERS),
        tuple(rows),
        lambda link: shares([_bar(row, lambda where: "") for row in rows], total),
    )


def _world(asked: Asked) -> Chart:
    axis = AXES["country"]
    facts = distribution(asked, axis, 300)
    counts = {count.value: count for count in facts.counts}
    rows = tuple(_row(axis, count) for count in facts.counts)
    drawn = {outline.code for outline in world().outlines}
    caption = [_how_many(facts.known, axis)]
    small = [count.label for count in facts.counts if count.value not in drawn]
    if small:
        caption.append(f"Too small to draw: {', '.join(small[:12])}.")
    caption.append("Outlines: Natural Earth, which shows borders as controlled on the ground.")

    def draw(link: Link) -> Drawing:
        return choropleth(
            counts,
            lambda code: link(axis.where(code)),
            lambda code: asked.works.values.label(axis.facet, code),
        )

    return Chart("Countries that works are about", tuple(caption), _header(axis), rows, draw)


def _matrix(asked: Asked) -> Chart:
    return crossed(asked, across(asked, COLUMNS, ROWS))


def crossed(asked: Asked, table: CrossTable) -> Chart:
    """The chart of a table of the two axes."""
    x, y = asked.x, asked.y
    rows = tuple(
        Row(
            (row.value, row.label, column.value, column.label),
            (cell.works, cell.stated, cell.inferred),
            both(x, column.value, y, row.value),
        )
        for row, cells in zip(table.rows, table.cells, strict=True)
        for column, cell in zip(table.columns, cells, strict=True)
    )
    caption = [
        f"{table.known:,} of {counted(table.works, 'work')} "
        f"{'has' if table.known == 1 else 'have'} {with_article(x.noun)} and "
        f"{with_article(y.noun)}. No circle means that no work is known to have both."
    ]
    more = [
        f"the last {len(side)} years"
        if axis.facet == "year"
        else f"the top {len(side)} {axis.heading.lower()}"
        for side, rest, axis in (
            (table.rows, table.more_rows, y),
            (table.columns, table.more_columns, x),
        )
        if rest
    ]
    if more:
        caption.append(f"Showing {' and '.join(more)}.")
    caption += _as_instrument(table.rows if x.facet != FACET else table.columns)

    def draw(link: Link) -> Drawing:
        return matrix(table, lambda c, r: link(both(x, c.value, y, r.value)))

    return Chart(
        f"{y.heading}, two at a time" if x is y else f"{y.heading} and {x.heading.lower()}",
        tuple(caption),
        (f"{y.name}_id", y.name, f"{x.name}_id", x.name, *_NUMBERS),
        rows,
        draw,
    )


def both(x: Axis, column: str, y: Axis, row: str) -> Where:
    """The parameters of ``/works`` for the works of a cell."""
    where: dict[str, list[str]] = {}
    for axis, value in ((x, column), (y, row)):
        for parameter, wanted in axis.where(value).items():
            where.setdefault(parameter, []).extend(wanted)
    return {parameter: tuple(dict.fromkeys(values)) for parameter, values in where.items()}


def _figures() -> Iterable[Figure]:
    yield Figure("works-per-year", _years, (AXES["year"],))
    yield Figure("coverage", _coverage)
    yield Figure("world-map", _world, (AXES["country"],))
    x, y = AXES["platform"], AXES["country"]
    yield Figure("evidence-map", _matrix, (x, y))
    for axis in AXES.values():
        if axis.facet != "year":
            make = _by(axis, f"Works by {axis.singular}")
            yield Figure(f"{_BY_FACET}{axis.name}", make, (axis,))


#: Every figure by its name.
FIGURES: Mapping[str, Figure] = {figure.name: figure for figure in _figures()}
