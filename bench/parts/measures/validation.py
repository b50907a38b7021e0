"""Validation: a release's graph against the shapes, beside pySHACL alone."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

from ..charts import growth
from ..part import Bench, Figures, Part, called, table
from ..processes import Spent, spend

__all__ = ["PART"]

_BENCH = Path(__file__).parents[2]
#: How long pySHACL may take, in seconds, and up to how many works it is asked.
_PATIENCE, _FEW = 300, 1_000


def _measure(size: int, bench: Bench) -> Figures:
    release = bench.release(size)
    figures: Figures = {"statements": release.quads, "version": version("pyshacl")}
    program = (sys.executable, "-m", "parts.validate_release", release.folder.resolve())
    bench.step("validation: oograph")
    figures["oograph"] = _facts(spend([*program, "oograph"], _BENCH))
    if size <= _FEW:
        bench.step("validation: pySHACL")
        try:
            figures["pySHACL"] = _facts(spend([*program, "pySHACL"], _BENCH, _PATIENCE))
        except TimeoutError:
            figures["given up"] = _PATIENCE
    return figures


def _facts(spent: Spent) -> Figures:
    seconds, results, digest = spent.output.split()
    return {
        "seconds": float(seconds),
        "results": int(results),
        "digest": digest,
        "peak MB": spent.peak_mb,
    }


def _markdown(sizes: Mapping[int, Figures]) -> str:
    head = ("works, program", "statements", "results", "seconds", "peak MB")
    lines, notes = [], []
    for size, figures in sizes.items():
        for name in ("oograph", "pySHACL"):
            if of := figures.get(name):
                cells = (f"{figures['statements']:,}", f"{of['results']:,}")
                seconds = f"{of['seconds']:.1f}"
                lines.append((f"{called(size)}, {name}", *cells, seconds, f"{of['peak MB']:,.0f}"))
        if peer := figures.get("pySHACL"):
            ours = figures["oograph"]
            same = "the same" if peer["digest"] == ours["digest"] else "**not** the same"
            notes.append(
                f"- {called(size)}: oograph takes {ours['seconds'] / peer['seconds']:.2f} of the "
                f"seconds of pySHACL {figures['version']}; the results are {same}."
            )
        if "given up" in figures:
            notes.append(
                f"- {called(size)}: pySHACL {figures['version']} was given up after "
                f"{figures['given up']} s, more than "
                f"{figures['given up'] / figures['oograph']['seconds']:.0f} times as long."
            )
    return "\n".join((table(head, lines), "", *notes))


def _chart(sizes: Mapping[int, Figures]) -> str:
    series = {
        name: {size: of[name]["seconds"] for size, of in sizes.items() if size and name in of}
        for name in ("oograph", "pySHACL")
    }
    return growth("Validation", "works", "seconds", {k: v for k, v in series.items() if v})


PART = Part("validation", _measure, _markdown, _chart, shipped=True, most=100_000)
