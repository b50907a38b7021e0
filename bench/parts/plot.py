"""The plot: latencies and throughput of each store, on logarithmic scales."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import matplotlib

from .clients import CLIENTS
from .measured import Size

__all__ = ["draw"]

matplotlib.use("svg")
#: The same figures give the same bytes, and text stays text.
matplotlib.rcParams.update({"svg.hashsalt": "oograph", "svg.fonttype": "none", "font.size": 9})
from matplotlib import pyplot  # noqa: E402

_MARKS = "ox^svDP"


def draw(sizes: Sequence[Size], path: Path) -> None:
    """Write the plot as SVG."""
    figure, rows = pyplot.subplots(
        len(sizes), 2, figsize=(11, 4.2 * len(sizes)), width_ratios=(2, 1), squeeze=False
    )
    for size, (left, right) in zip(sizes, rows, strict=True):
        measured = [column for column in size.columns if column.rate]
        places = {question.name: place for place, question in enumerate(size.questions)}
        for number, column in enumerate(measured):
            points = [(places[name], 1000 * v.median) for name, v in column.latencies.items()]
            left.plot(
                *zip(*points, strict=True),
                _MARKS[number % len(_MARKS)],
                color=f"C{number}",
                alpha=0.8,
                label=column.name,
            )
            right.barh(
                column.name, column.rate.per_second if column.rate else 0, color=f"C{number}"
            )
        left.set_xticks(list(places.values()), list(places), rotation=40, ha="right")
        left.set_yscale("log")
        left.set_ylabel("ms, median, 1 client")
        left.grid(axis="y", alpha=0.3)
        left.legend(fontsize=7)
        left.set_title(f"{size.name}: {size.release.quads:,} statements")
        right.set_xscale("log")
        right.invert_yaxis()
        right.set_xlabel(f"right answers a second, {CLIENTS} clients")
        right.grid(axis="x", alpha=0.3)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
