"""The report on queries: the measurements as Markdown and as charts."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping, Sequence

from .charts import rows
from .clients import CLIENTS, PATIENCE
from .measured import FLOOR, Column, Size
from .part import Figures

_OURS, _KEPT, _OXIGRAPH, _RDFLIB = (
    "oograph",
    "oograph, answers kept",
    "oxigraph serve",
    "rdflib-endpoint",
)
#: The aims: milliseconds above in-process, and multiples of the peers' throughput.
_MS_OVER = 1
_TIMES: Mapping[str, Mapping[str, float]] = {
    _OURS: {_OXIGRAPH: 0.5, _RDFLIB: 15},
    _KEPT: {_OXIGRAPH: 1, _RDFLIB: 15},
}


def markdown(sizes: Mapping[int, Figures]) -> str:
    """All tables."""
    parts = [part for figures in sizes.values() for part in _size(Size.of(figures))]
    return "\n\n".join((*parts, f"A query is abandoned after {PATIENCE:g} s."))


def _latency_chart(sizes: Mapping[int, Figures]) -> str:
    """The latencies of each store."""
    measured = [Size.of(figures) for figures in sizes.values()]
    data = {
        f"{size.publications:,} works, {name}": {
            column.name: 1000 * column.latencies[name].median
            for column in size.columns
            if name in column.latencies
        }
        for size in measured
        for name in size.questions
    }
    return rows("Queries: median at 1 client", "milliseconds", data)


def _throughput_chart(sizes: Mapping[int, Figures]) -> str:
    """Right answers a second for each store."""
    data = {
        f"{size.publications:,} works": {
            column.name: column.rate.per_second for column in size.columns if column.rate
        }
        for size in map(Size.of, sizes.values())
    }
    return rows(f"Queries: {CLIENTS} clients", "right answers a second", data)


CHARTS = {"queries": _latency_chart, "queries-throughput": _throughput_chart}


def _size(size: Size) -> Iterator[str]:
    yield (
        f"### The {size.name} graph\n"
        f"{size.publications:,} publications, {size.quads:,} statements; "
        f"oograph, pyoxigraph and oxigraph serve hold it {size.held}."
    )
    yield "Milliseconds at 1 client, median (95th percentile):"
    yield _latencies(size)
    if notes := _notes(size):
        yield notes
    yield f"Right answers a second at {CLIENTS} clients, and memory:"
    yield _rates(size)
    versions = ", ".join(f"{name} {version}" for name, version in size.versions.items())
    lines = (*_aims(size), *_client(size), f"Versions: {versions}.")
    yield "\n".join(f"- {line}" for line in lines)


def _latencies(size: Size) -> str:
    columns = [column for column in size.columns]
    lines = [("query", "rows", *(column.name for column in columns), "HTTP")]
    lines.append(("---", *("---:",) * (len(columns) + 2)))
    floor, ours = size.column(FLOOR), size.column(_OURS)
    for name, title in size.questions.items():
        lines.append(
            (
                f"{name[:2]} {title}",
                str(floor.latencies[name].rows),
                *(_cell(column, name) for column in columns),
                _share(floor, ours, name),
            )
        )
    return _table(lines)


def _cell(column: Column, name: str) -> str:
    if column.missing:
        return "absent"
    waits = column.latencies.get(name)
    if not waits:
        return column.faults.get(name, "–")
    mark = "*" if name in column.faults else ""
    return f"{_ms(waits.median)} ({_ms(waits.p95)}){mark}"


def _share(floor: Column, ours: Column, name: str) -> str:
    if name not in ours.latencies:
        return "–"
    whole = ours.latencies[name].median
    return f"{max(0.0, 1 - floor.latencies[name].median / whole):.0%}"


def _notes(size: Size) -> str:
    lines = ['"HTTP" is the share of oograph\'s time outside the engine (no answers kept).']
    for column in size.columns:
        if column.missing:
            lines.append(f"{column.name}: {column.missing}.")
        for name, fault in column.faults.items():
            mark = "*" if name in column.latencies else ""
            lines.append(f"{mark}{column.name}: {name} is left out of its mix ({fault}).")
    return "\n".join(f"- {line}" for line in lines)


def _rates(size: Size) -> str:
    lines = [
        ("store", "queries in the mix", "answers a second", "wrong or none", "memory, MB (PSS)")
    ]
    lines.append(("---", "---:", "---:", "---:", "---"))
    for column in size.columns:
        if column.missing:
            lines.append((column.name, "", "", "", column.missing))
            continue
        mix = len(size.questions) - len(column.faults)
        rate = column.rate
        lines.append(
            (
                column.name,
                str(mix),
                _rate(rate.per_second) if rate else "–",
                str(rate.wrong) if rate else "–",
                "; ".join(_memory(role, sizes) for role, sizes in column.memory.items()) or "–",
            )
        )
    return _table(lines)


def _memory(role: str, sizes: Sequence[float]) -> str:
    if role == "worker":
        return f"{len(sizes)} workers, {statistics.mean(sizes):,.0f} each"
    return f"{role} {sum(sizes):,.0f}"


def _aims(size: Size) -> Iterator[str]:
    """The aims, and whether they are met."""
    floor = size.column(FLOOR)
    for name in (_OURS, _KEPT):
        ours = size.column(name)
        over = {
            question: 1000 * (waits.median - floor.latencies[question].median)
            for question, waits in ours.latencies.items()
        }
        if over:
            middle, worst = statistics.median(over.values()), max(over, key=lambda q: over[q])
            within = sum(value <= _MS_OVER for value in over.values())
            yield (
                f"{name}: {middle:.2f} ms above in-process in the median of the queries "
                f"(aim: at most {_MS_OVER}). {within} of {len(over)} queries meet the aim; the "
                f"largest difference is {over[worst]:.2f} ms ({worst})."
            )
        if ours.rate:
            for peer, aim in _TIMES[name].items():
                rate = size.column(peer).rate
                if rate and rate.right:
                    times = ours.rate.per_second / rate.per_second
                    yield f"{name}: {times:.2f} times the throughput of {peer} (aim: {aim})."
    before, after = size.column(_OURS).rate, size.column(_KEPT).rate
    if before and after and before.right:
        yield (
            f"Keeping answers multiplies the throughput by "
            f"{after.per_second / before.per_second:.1f} if every question has been asked before."
        )


def _client(size: Size) -> Iterator[str]:
    waits, rate = size.client, size.client_rate
    yield (
        f"The client itself takes {_ms(waits.median)} ms against a server that does nothing. "
        f"{CLIENTS} clients query that server {rate.per_second:,.0f} times a second, with "
        f"{1000 * rate.client_seconds / max(1, rate.right):.2f} ms of processor time an answer."
    )


def _ms(seconds: float) -> str:
    ms = 1000 * seconds
    return f"{ms:,.0f}" if ms >= 100 else f"{ms:.1f}" if ms >= 10 else f"{ms:.2f}"


def _rate(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 1 else f"{value:.2f}"


def _table(lines: Sequence[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
