"""Confidence: how often an annotation rule is right, as measured on labelled texts.

The table is ``ontology/confidence.tsv``; ``make bench PARTS=annotation`` and
``bench/parts/abstract_report.py`` produce the figures.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from ..errors import InvalidVocabulary
from .tables import Row, shipped_table

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
    table = shipped_table("confidence.tsv", ("rules", "right", "cases"))
    return {rule: _confidence(row) for row in table.rows for rule in row.get("rules").split("|")}


def _confidence(row: Row) -> Confidence:
    right, cases = row.get("right"), row.get("cases")
    if not (right.isdecimal() and cases.isdecimal() and 0 < int(cases) >= int(right)):
        message = "Right and cases are not two sensible counts."
        remedy = "Write two whole numbers, with right no larger than cases."
        raise InvalidVocabulary([row.problem("cases", message, remedy, key="rules")])
    return Confidence(int(right), int(cases))
