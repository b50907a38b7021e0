"""Duplicates: which records are one work, beside bib-dedupe, each on one processor.

A pair of records counts as found if both are in one cluster. The corpus marked by people is
bib-dedupe's data set "digital work": ``digital_work_records.csv`` and
``digital_work_duplicate_clusters.csv`` (one cluster of record ids a line, separated by semicolons)
in build/bench/digital-work. We may not ship it; without it, only generated libraries are measured.
"""

from __future__ import annotations

import csv
import json
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path

from oograph.graph.model import Record
from oograph.graph.readers import read_file
from oograph.graph.resolution.resolve import cluster

from ..catalogues import REFERENCES, TRUTH
from ..part import SHIPPED, Bench, Figures, Part, Skipped, called, table
from ..peers import MissingPeer
from ..processes import spend

_FOLDER = "digital-work"
_RECORDS, _CLUSTERS = "digital_work_records.csv", "digital_work_duplicate_clusters.csv"
_SCRIPT = Path(__file__).parents[1] / "peer_dedupe.py"
#: bib-dedupe's column -> the attribute of a record.
_COLUMNS = {
    "title": "title",
    "journal": "container_title",
    "volume": "volume",
    "number": "issue",
    "pages": "page",
    "doi": "doi",
    "year": "year",
}
Pairs = frozenset[tuple[str, str]]


def _measure(size: int, bench: Bench) -> Figures:
    with tempfile.TemporaryDirectory(prefix="oograph-bench-") as scratch:
        folder = Path(scratch)
        if size == SHIPPED:
            marked = bench.work / _FOLDER
            if missing := [name for name in (_RECORDS, _CLUSTERS) if not (marked / name).exists()]:
                raise Skipped(f"{marked} lacks {' and '.join(missing)}")
            table_path, truth = marked / _RECORDS, _marked(marked / _CLUSTERS)
            records = [entry.record for entry in read_file(table_path) if entry.record]
            keys = [record.sources[0].key for record in records]
        else:
            catalogue = bench.catalogue(size)
            records, keys = _generated(catalogue)
            truth, table_path = _truth(catalogue), folder / "records.csv"
            _write_table(records, keys, table_path)
        bench.step("duplicates: oograph")
        begin = time.perf_counter()
        clusters, _ = cluster(records)
        seconds = time.perf_counter() - begin
        pairs = _pairs([keys[place] for place in places] for places in clusters)
        figures: Figures = {"records": len(records), "oograph": _score(pairs, truth, seconds)}
        bench.step("duplicates: bib-dedupe")
        peer = bench.peer("bib-dedupe")
        try:
            spent = spend([peer.python, _SCRIPT, table_path, folder / "clusters.json"])
        except MissingPeer as missing_peer:
            return {**figures, "missing": str(missing_peer)}
        pairs = _pairs(json.loads((folder / "clusters.json").read_text(encoding="utf-8")))
        figures["bib-dedupe"] = _score(pairs, truth, float(spent.output))
        figures["version"] = peer.version
    return figures


def _generated(catalogue: Path) -> tuple[list[Record], list[str]]:
    """The entries of a catalogue's libraries, with a name for each."""
    paths = sorted((catalogue / REFERENCES).glob("*.bib"))
    records = [entry.record for path in paths for entry in read_file(path) if entry.record]
    return records, [f"{record.sources[0].file} {record.sources[0].key}" for record in records]


def _truth(catalogue: Path) -> Pairs:
    entries: dict[str, list[str]] = defaultdict(list)
    with (catalogue / TRUTH).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            entries[row["work"]].append(f"{row['file']} {row['key']}")
    return _pairs(entries.values())


def _marked(path: Path) -> Pairs:
    with path.open(encoding="utf-8", newline="") as file:
        return _pairs(row["ids"].split(";") for row in csv.DictReader(file))


def _pairs(clusters: Iterable[Iterable[str]]) -> Pairs:
    return frozenset(pair for ids in clusters for pair in combinations(sorted(ids), 2))


def _write_table(records: Sequence[Record], keys: Sequence[str], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ("ID", "ENTRYTYPE", "author", "abstract", *_COLUMNS))
        writer.writeheader()
        for record, key in zip(records, keys, strict=True):
            cells = {column: getattr(record, name) or "" for column, name in _COLUMNS.items()}
            kind = "article" if record.type.startswith("article") else "inproceedings"
            author = " and ".join(name.inverted for name in record.authors)
            writer.writerow({"ID": key, "ENTRYTYPE": kind, "author": author, **cells})


def _score(pairs: Pairs, truth: Pairs, seconds: float) -> Figures:
    right = len(pairs & truth)
    wrong, missed = len(pairs) - right, len(truth) - right
    return {"right": right, "wrong": wrong, "missed": missed, "seconds": seconds}


def _markdown(sizes: Mapping[int, Figures]) -> str:
    head = ("corpus, program", "records", "right", "wrong", "missed", "precision", "recall", "s")
    lines, notes = [], []
    for size, figures in sizes.items():
        for name, program in (("oograph", "oograph"), ("bib-dedupe", _peer(figures))):
            if of := figures.get(name):
                corpus = called(size) if size else "marked by people"
                cells = (f"{figures['records']:,}", *_cells(of))
                lines.append((f"{corpus}, {program}", *cells))
        if "missing" in figures:
            notes.append(f"- {called(size)}: {figures['missing']}.")
    return "\n".join((table(head, lines), *([""] if notes else []), *notes))


def _peer(figures: Figures) -> str:
    return f"bib-dedupe {figures.get('version', '')}"


def _cells(of: Figures) -> Iterator[str]:
    for key in ("right", "wrong", "missed"):
        yield f"{of[key]:,}"
    for other in ("wrong", "missed"):
        whole = of["right"] + of[other]
        yield f"{of['right'] / whole:.3f}" if whole else "–"
    yield f"{of['seconds']:.2f}"


PART = Part("duplicates", _measure, _markdown, base="the corpus marked by people", most=10_000)
