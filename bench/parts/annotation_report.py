"""How well annotation reads titles, compared with a reader's labels."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from oograph.graph.model import Record
from oograph.graph.vocabulary.annotate import annotate
from oograph.graph.vocabulary.gazetteer import load_gazetteer

KINDS = ("platforms", "countries", "topics", "methods")


@dataclass(frozen=True, slots=True)
class Score:
    """One kind of concept in one part of the labelled titles."""

    kind: str
    #: "all", or the name of the part in the file.
    part: str
    #: How many titles the part has.
    titles: int
    true_positives: int
    #: (title's id, concept's slug) that was found but not labelled.
    false_positives: tuple[tuple[str, str], ...]
    #: (title's id, concept's slug) that was labelled but not found; "?name" has no concept.
    false_negatives: tuple[tuple[str, str], ...]

    @property
    def precision(self) -> float:
        """The share of found concepts that are right; 1 if none was found."""
        found = self.true_positives + len(self.false_positives)
        return self.true_positives / found if found else 1.0

    @property
    def recall(self) -> float:
        """The share of labelled concepts that were found; 1 if none was labelled."""
        labelled = self.true_positives + len(self.false_negatives)
        return self.true_positives / labelled if labelled else 1.0


def measure(labels: Path) -> tuple[Score, ...]:
    """The scores of the shipped rules on a file of labelled titles: all titles, then each part.

    The file's columns are id, title, one for each of ``KINDS`` (slugs between semicolons), part.
    """
    with labels.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    gazetteer = load_gazetteer()
    found = [
        {(i.scheme, i.concept.rsplit("/", 1)[1]) for i in annotate(Record(r["title"]), gazetteer)}
        for r in rows
    ]
    pairs = list(zip(rows, found, strict=True))
    parts = {row["part"] for row in rows} - {""}
    return tuple(
        _score(kind, part, [(row, f) for row, f in pairs if part in ("all", row["part"])])
        for part in ("all", *sorted(parts, reverse=True))
        for kind in KINDS
    )


def _score(kind: str, part: str, pairs: list[tuple[dict[str, str], set[tuple[str, str]]]]) -> Score:
    expected = {(row["id"], slug) for row, _ in pairs for slug in row[kind].split(";") if slug}
    found = {(row["id"], slug) for row, named in pairs for scheme, slug in named if scheme == kind}
    return Score(
        kind,
        part,
        titles=len(pairs),
        true_positives=len(expected & found),
        false_positives=tuple(sorted(found - expected)),
        false_negatives=tuple(sorted(expected - found)),
    )


def markdown(scores: tuple[Score, ...]) -> str:
    """The scores as a Markdown table, and the errors that remain as a list."""
    return "\n".join((*_table(scores), "", *_errors(scores))) + "\n"


def _table(scores: tuple[Score, ...]) -> Iterator[str]:
    yield "| titles | kind | right | wrong | missed | precision | recall |"
    yield "|---|---|---:|---:|---:|---:|---:|"
    for s in scores:
        counts = f"{s.true_positives} | {len(s.false_positives)} | {len(s.false_negatives)}"
        shares = f"{s.precision:.3f} | {s.recall:.3f}"
        yield f"| {s.part} ({s.titles}) | {s.kind} | {counts} | {shares} |"


def _errors(scores: tuple[Score, ...]) -> Iterator[str]:
    for s in scores:
        if s.part == "all":
            yield from (f"- wrong: `{slug}` in `{title}`" for title, slug in s.false_positives)
            yield from (f"- missed: `{slug}` in `{title}`" for title, slug in s.false_negatives)
