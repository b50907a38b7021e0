"""Confidence: how often a rule of annotation is right, as measured on labelled texts.

``ontology/confidence.tsv`` is the table; ``make bench PARTS=annotation`` and
``bench/parts/abstract_report.py`` say how the figures come about.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from ..errors import InvalidVocabulary
from .tables import Row, shipped_table

#: What is right less often is a suggestion, not a statement.
SURE = 0.97
#: The rules of the names and the other labels of a catalogue's own concepts: its curator, who chose
#: the words, answers for them.
OWN_NAME, OWN_LABEL = "own-name", "own-label"


@dataclass(frozen=True, slots=True)
class Confidence:
    """How often a rule, or several counted together, was right."""

    right: int
    cases: int

    @property
    def share(self) -> float:
        """The share that was right."""
        return self.right / self.cases

    @property
    def is_sure(self) -> bool:
        """Whether what the rule says may be stated."""
        return self.share >= SURE


@cache
def load_confidences() -> Mapping[str, Confidence]:
    """Rule -> its confidence; raises InvalidVocabulary where the table is wrong."""
    table = shipped_table("confidence.tsv", ("rules", "right", "cases"))
    return {rule: _confidence(row) for row in table.rows for rule in row.get("rules").split("|")}


def _confidence(row: Row) -> Confidence:
    right, cases = row.get("right"), row.get("cases")
    if not (right.isdecimal() and cases.isdecimal() and 0 < int(cases) >= int(right)):
        message = "These are not a number of cases and how many of them were right."
        remedy = "Write two whole numbers, the first no larger than the second."
        raise InvalidVocabulary([row.problem("cases", message, remedy, key="rules")])
    return Confidence(int(right), int(cases))
