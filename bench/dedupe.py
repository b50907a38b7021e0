"""Deduplication measured: oograph beside bib-dedupe, on one corpus in one run.

Usage: python bench/dedupe.py [FOLDER]

FOLDER (default build/bench/digital-work) holds ``digital_work_records.csv`` (bib-dedupe's data set
"digital work") and ``digital_work_duplicate_clusters.csv``, one cluster of record ids a line,
divided by semicolons. The data set is not ours to ship: without it nothing is measured. A pair of
records counts as found where both are in one cluster. The table goes to standard output and into
bench/README.md.
"""

from __future__ import annotations

import contextlib
import csv
import io
import re
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.metadata import version
from itertools import combinations
from pathlib import Path

import pandas
from bib_dedupe import bib_dedupe

from oograph.graph.catalogue.resolve import cluster
from oograph.graph.readers import read_file

HERE = Path(__file__).parent
CORPUS = HERE.parent / "build" / "bench" / "digital-work"
RECORDS = "digital_work_records.csv"
CLUSTERS = "digital_work_duplicate_clusters.csv"
#: What stands between these in the README is written anew with each run.
BEGIN, END = "<!-- dedupe: begin -->", "<!-- dedupe: end -->"

Pairs = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Row:
    """What one program found."""

    name: str
    records: int
    pairs: Pairs
    truth: Pairs
    seconds: float

    def cells(self) -> tuple[str, ...]:
        """The row of the table."""
        right = len(self.pairs & self.truth)
        return (
            self.name,
            str(self.records),
            str(len(self.pairs)),
            str(right),
            str(len(self.pairs) - right),
            str(len(self.truth) - right),
            f"{right / len(self.pairs):.3f}" if self.pairs else "none found",
            f"{right / len(self.truth):.3f}",
            f"{self.seconds:.2f}",
        )


HEADER = (
    "program",
    "records",
    "pairs found",
    "true positives",
    "false positives",
    "false negatives",
    "precision",
    "recall",
    "seconds",
)


def main(folder: Path) -> None:
    """Run both and write the table; without the data set, say so and leave the old one."""
    missing = [name for name in (RECORDS, CLUSTERS) if not (folder / name).exists()]
    if missing:
        print(
            f"dedupe: skipped: {folder} lacks {' and '.join(missing)}. Fix: put bib-dedupe's data "
            "set there, or name its folder: python bench/dedupe.py FOLDER",
            file=sys.stderr,
        )
        return
    truth = _truth(folder / CLUSTERS)
    rows = [
        _run(f"oograph {version('oograph')}", _oograph, folder / RECORDS, truth),
        _run(f"bib-dedupe {version('bib-dedupe')}", _bib_dedupe, folder / RECORDS, truth),
    ]
    lines = [HEADER, ("---",) * len(HEADER), *(row.cells() for row in rows)]
    table = "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
    print(table)
    _write(HERE / "README.md", table)


def _run(
    name: str, program: Callable[[Path], tuple[int, Pairs, float]], path: Path, truth: Pairs
) -> Row:
    count, pairs, seconds = program(path)
    return Row(name, count, pairs, truth, seconds)


def _truth(path: Path) -> Pairs:
    with path.open(encoding="utf-8", newline="") as file:
        return _pairs(row["ids"].split(";") for row in csv.DictReader(file))


def _pairs(clusters: Iterable[Iterable[str]]) -> Pairs:
    return frozenset(pair for ids in clusters for pair in combinations(sorted(ids), 2))


def _oograph(path: Path) -> tuple[int, Pairs, float]:
    records = [entry.record for entry in read_file(path) if entry.record]
    start = time.perf_counter()
    clusters, _ = cluster(records)
    seconds = time.perf_counter() - start
    pairs = _pairs([records[place].sources[0].key for place in places] for places in clusters)
    return len(records), pairs, seconds


def _bib_dedupe(path: Path) -> tuple[int, Pairs, float]:
    records = pandas.read_csv(path, dtype=str, keep_default_na=False)
    start = time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()):  # it reports its steps
        prepared = bib_dedupe.prep(records.copy(), cpu=1)
        matched = bib_dedupe.match(bib_dedupe.block(prepared, cpu=1), cpu=1)
        clusters = bib_dedupe.cluster(matched)
    return len(records), _pairs(clusters), time.perf_counter() - start


def _write(readme: Path, table: str) -> None:
    text = readme.read_text(encoding="utf-8")
    between = re.compile(f"(?<={re.escape(BEGIN)}\n).*?(?={re.escape(END)})", re.DOTALL)
    readme.write_text(between.sub(lambda _: f"{table}\n", text), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else CORPUS)
