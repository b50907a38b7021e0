"""Confidence: how often an annotation rule is right, as measured on labelled texts.

The table is ``ontology/confidence.tsv``; ``make bench PARTS=annotation`` and
``bench/parts/abstract_report.py`` produce the figures.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ..model import Problem
from .tables import Row, by_row, check_table, sound_table

COLUMNS = ("rules", "right", "cases", "on")
#: If a rule is right less often than this, its results are suggestions, not statements.
SURE = 0.97
#: The rules for names and other labels of a catalogue's own concepts: their curator chose the words
#: and is responsible for them.
OWN_NAME, OWN_LABEL = "own-name", "own-label"


@dataclass(frozen=True, slots=True)
class Confidence:
    """How often a rule, or several counted together, was right."""

    right: int
    cases: int

    @property
    def share(self) -> float:
        """The share of cases in which it was right."""
        return self.right / self.cases

    @property
    def is_sure(self) -> bool:
        """Whether it is right often enough for its results to be statements."""
        return self.share >= SURE


@cache
def load_confidences() -> Mapping[str, Confidence]:
    """Load the confidence of each rule; raises InvalidVocabulary if the table is wrong."""
    table = sound_table("confidence.tsv", COLUMNS, by_row(_problems))
    return {
        rule: Confidence(int(row.get("right")), int(row.get("cases")))
        for row in table.rows
        for rule in row.get("rules").split("|")
    }


def check_confidences(path: Path) -> tuple[Problem, ...]:
    """Return the problems of a table of confidences."""
    return check_table(path, COLUMNS, by_row(_problems))


def _problems(row: Row) -> Iterator[Problem]:
    right, cases = row.get("right"), row.get("cases")
    yield from row.surplus_problems("rules")
    yield from row.empty_problems(("rules", "on"), "rules")
    if not (right.isdecimal() and cases.isdecimal() and 0 < int(cases) >= int(right)):
        message = "Right and cases are not two sensible counts."
        remedy = "Write two whole numbers, with right no larger than cases."
        yield row.problem("cases", message, remedy, key="rules")
