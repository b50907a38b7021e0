"""Validation: the graph of a release against the shapes, beside pySHACL."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path

from ..charts import growth
from ..part import SHIPPED, Bench, Figures, Part, called, table
from ..processes import Spent, spend

_BENCH = Path(__file__).parents[2]
#: pySHACL as a user would run it, and without SPARQL constraints, whose queries it parses again
#: for each node.
_WHOLE, _CORE = "pySHACL", "pySHACL without SPARQL"
#: Its time limit as a multiple of the time per page, and the most works that it is given.
_TIMES, _FEW = 150, 1_000


def _measure(size: int, bench: Bench) -> Figures:
    release = bench.release(size)
    figures: Figures = {"statements": release.quads, "version": version("pyshacl")}
    program = (sys.executable, "-m", "parts.validate_release", release.folder.resolve())
    bench.step("validation: oograph")
    figures["oograph"] = _facts(spend([*program, "oograph"], _BENCH))
    for name in (_CORE, _WHOLE) if size <= _FEW else ():
        bench.step(f"validation: {name}")
        patience = _TIMES * bench.seconds
        try:
            figures[name] = _facts(spend([*program, name], _BENCH, patience))
        except TimeoutError:
            figures[name] = {"given up": patience}
    return figures


def _facts(spent: Spent) -> Figures:
    seconds, results, whole, core = spent.output.split()
    return {
        "seconds": float(seconds),
        "results": int(results),
        "digest": whole,
        "core digest": core,
        "peak MB": spent.peak_mb,
    }


def _markdown(sizes: Mapping[int, Figures]) -> str:
    head = ("works, program", "statements", "results", "seconds", "peak MB")
    lines, notes = [], []
    for size, figures in sizes.items():
        for name in ("oograph", _CORE, _WHOLE):
            if of := figures.get(name):
                name = f"{called(size)}, {name}"
                lines.append((name, f"{figures['statements']:,}", *_cells(of)))
        notes += [f"- {called(size)}: {note}" for note in _notes(figures)]
    return "\n".join((table(head, lines), "", *notes))


def _cells(of: Figures) -> tuple[str, str, str]:
    if "given up" in of:
        return "", f"> {of['given up']:g}", ""
    return f"{of['results']:,}", f"{of['seconds']:.1f}", f"{of['peak MB']:,.0f}"


def _notes(figures: Figures) -> Iterator[str]:
    ours = figures["oograph"]
    for name, digest in ((_CORE, "core digest"), (_WHOLE, "digest")):
        of = figures.get(name)
        if of is None:
            continue
        version = f"{figures['version']}{name.removeprefix(_WHOLE)}"
        if "given up" in of:
            times = of["given up"] / ours["seconds"]
            yield f"pySHACL {version} was stopped after {times:.0f} times oograph's time."
        else:
            same = "the same" if of[digest] == ours[digest] else "**not** the same"
            yield (
                f"pySHACL {version} takes {of['seconds'] / ours['seconds']:.1f} times as long as "
                f"oograph; the results are {same}."
            )


def _chart(sizes: Mapping[int, Figures]) -> str:
    series = {
        name: {
            size: of[name]["seconds"]
            for size, of in sizes.items()
            if size != SHIPPED and "seconds" in of.get(name, {})
        }
        for name in ("oograph", _CORE, _WHOLE)
    }
    return growth("Validation", "works", "seconds", {k: v for k, v in series.items() if v})


PART = Part(
    "validation",
    _measure,
    _markdown,
    {"validation": _chart},
    base="the shipped catalogue",
    most=10_000,
)
