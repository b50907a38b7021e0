"""Growth: time and memory of import, build and start as the catalogue grows."""

from __future__ import annotations

import csv
import math
import shutil
import sys
from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path

from oograph.graph.release import open_release

from ..catalogues import REFERENCES, RELEASE, TRUTH, works_of
from ..charts import growth
from ..part import Bench, Figures, Part, called, table
from ..processes import CommandFailed, spend, tree
from ..processes import pss as memory
from ..served import served

_STEPS = ("import", "build", "start")


def _measure(size: int, bench: Bench) -> Figures:
    """Measure each step; one that fails is shown as failed, and steps that need it are left out."""
    catalogue, program = bench.catalogue(size), Path(sys.executable).parent / "oograph"
    imported = bench.work / f"imported-{size}"
    shutil.rmtree(imported, ignore_errors=True)
    bench.step("growth: import")
    read = (program, "import", catalogue / REFERENCES, "--catalogue", imported)
    rejects = ("--rejects", bench.work / "rejects.jsonl")
    # 1: an entry has a problem, as some do here
    figures: Figures = {"import": _tried((*read, *rejects), good=(0, 1))}
    if "failed" not in figures["import"]:
        figures["resolved"] = _resolved(catalogue, imported)
    shutil.rmtree(imported, ignore_errors=True)
    release = catalogue / RELEASE
    shutil.rmtree(release, ignore_errors=True)
    bench.step("growth: build")
    figures["build"] = _tried((program, "build", "--catalogue", catalogue, "--out", release))
    if "failed" not in figures["build"]:
        figures["statements"] = open_release(release / "current").quads
        bench.step("growth: start")
        with served(release / "current") as site:
            megabytes = sum(map(memory, tree(site.pid)))
            figures["start"] = {"seconds": site.seconds, "peak MB": megabytes}
    return figures


def _tried(command: Sequence[str | Path], good: Container[int] = (0,)) -> Figures:
    try:
        spent = spend(command, good=good)
    except CommandFailed as failed:
        return {"failed": str(failed)}
    return {
        "seconds": spent.seconds,
        "processor seconds": spent.processor_seconds,
        "peak MB": spent.peak_mb,
    }


def _resolved(catalogue: Path, imported: Path) -> Figures:
    """The number of entries; the share of duplicate pairs that were merged ("recall"); and the
    share of merged pairs that are not duplicates ("wrong")."""
    with (catalogue / TRUTH).open(encoding="utf-8", newline="") as file:
        truth = {(r["file"], r["key"]): r["work"] for r in csv.DictReader(file, delimiter="\t")}
    meant = sum(math.comb(count, 2) for count in Counter(truth.values()).values())
    right = joined = 0
    for work in works_of(imported):
        of_works = Counter(truth[source.file, source.key] for source in work.sources)
        joined += math.comb(of_works.total(), 2)
        right += sum(math.comb(count, 2) for count in of_works.values())
    return {
        "entries": len(truth),
        "recall": right / meant if meant else 1.0,
        "wrong": 1 - right / joined if joined else 0.0,
    }


def _markdown(sizes: Mapping[int, Figures]) -> str:
    steps = ("import", "build", "start to first answer")
    head = ("works", *(f"{step}, {unit}" for step in steps for unit in ("s", "MB")))
    lines = [
        (called(size), *(cell for step in _STEPS for cell in _cells(of.get(step, {}))))
        for size, of in sizes.items()
    ]
    return "\n".join((table(head, lines), "", *_notes(sizes)))


def _cells(step: Figures) -> tuple[str, str]:
    if "seconds" not in step:
        return ("failed" if "failed" in step else "–"), ""
    return _seconds(step["seconds"]), f"{step['peak MB']:,.0f}"


def _notes(sizes: Mapping[int, Figures]) -> Iterator[str]:
    for size, of in sizes.items():
        if resolved := of.get("resolved"):
            yield (
                f"- {called(size)}: {resolved['entries']:,} entries imported. Recall of duplicate "
                f"pairs: {resolved['recall']:.1%}; wrongly merged: {resolved['wrong']:.2%}."
            )
        if statements := of.get("statements"):
            yield f"- {called(size)}: {statements:,} statements built."
        yield from (
            f"- {called(size)}: {step} failed: {of[step]['failed']}"
            for step in _STEPS
            if "failed" in of.get(step, {})
        )
    for (small, before), (large, after) in pairwise(sizes.items()):
        times = [
            f"{step} {after[step]['seconds'] / before[step]['seconds']:.1f} × time, "
            f"{after[step]['peak MB'] / before[step]['peak MB']:.1f} × memory"
            for step in _STEPS
            if "seconds" in before.get(step, {}) and "seconds" in after.get(step, {})
        ]
        yield (
            f"- From {called(small)} to {called(large)} ({large / small:g} times as many works): "
            f"{'; '.join(times)}."
        )


def _seconds(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


def _chart(title: str, key: str, unit: str, sizes: Mapping[int, Figures]) -> str:
    series = {
        step: {size: of[step][key] for size, of in sizes.items() if key in of.get(step, {})}
        for step in _STEPS
    }
    return growth(title, "works", unit, series)


_CHARTS = {
    "growth": partial(_chart, "Growth: time", "seconds", "seconds"),
    "growth-memory": partial(_chart, "Growth: memory", "peak MB", "MB"),
}
PART = Part("growth", _measure, _markdown, _CHARTS, most=1_000_000)
