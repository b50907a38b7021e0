"""Scope: how a work relates to paid work over online platforms, by rules that curators edit.

The table of rules is ``ontology/scope-rules.tsv``; the comments at its top explain the columns. A
scope that a source or a curator states overrides every rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from ...ontology import BASE_IRI
from ..errors import InvalidVocabulary
from ..model import Problem, Record
from . import Vocabulary, load_vocabulary
from .annotate import Inference
from .confidence import load_confidences
from .literals import folded, literals_of
from .tables import Row, Table, check_table, shipped_table

COLUMNS = ("scope", "field", "pattern", "with", "without", "rule", "why")
#: The slug of the scope whose works are not published.
_OUT_OF_SCOPE = "out-of-scope"
_DEFINE = "define"
_NAME = re.compile(r"\{[a-z][a-z ]*\}")
_FIELDS = ("title", "keywords", "work_types")
#: Only this much of a text is read, so that a long one cannot slow a rule down.
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class ScopeRule:
    """A row of the table: the scope of works whose text matches."""

    #: The concept's IRI.
    scope: str
    fields: tuple[str, ...]
    pattern: re.Pattern[str]
    #: Must also occur.
    beside: re.Pattern[str] | None
    #: Must not occur.
    without: re.Pattern[str] | None
    name: str
    #: If there are any, every match of the pattern contains one of these.
    literals: frozenset[str]

    def match(self, text: str, folded_text: str) -> re.Match[str] | None:
        """The words that the rule matches; None if it does not fit the text."""
        if self.literals and not any(map(folded_text.__contains__, self.literals)):
            return None
        match = self.pattern.search(text)
        if match is None or (self.without and self.without.search(text)):
            return None
        return None if self.beside and not self.beside.search(text) else match


@dataclass(frozen=True, slots=True)
class ScopeRules:
    """The sound rules of a table, in their order, and the problems of the others."""

    rules: tuple[ScopeRule, ...]
    problems: tuple[Problem, ...]

    @classmethod
    def of(cls, table: Table, vocabulary: Vocabulary) -> ScopeRules:
        """Compile the rules of a table, with the names that their patterns use."""
        reader = _Reader(vocabulary)
        return cls(tuple(reader.rules(table.rows)), tuple(reader.problems))


def infer_scope(record: Record, rules: ScopeRules) -> Inference | None:
    """Infer the scope of a work by the first rule that fits, with the evidence, or None."""
    texts = [(kind, name, text, folded(text)) for kind, name, text in _texts(record)]
    for rule in rules.rules:
        for kind, name, text, folded_text in texts:
            if kind in rule.fields and (match := rule.match(text, folded_text)):
                evidence = (match[0], name, match.start())
                confidence = load_confidences().get(rule.name)
                return Inference("scopes", rule.scope, rule.name, *evidence, confidence=confidence)
    return None


def is_out_of_scope(record: Record, vocabulary: Vocabulary) -> bool:
    """Whether a source or a curator says that the work is out of scope, so it is not published."""
    scope = vocabulary.concept("scopes", record.facets.scope) if record.facets.scope else None
    return scope is not None and scope.endswith(f"/{_OUT_OF_SCOPE}")


def _texts(record: Record) -> Iterator[tuple[str, str, str]]:
    """Yield what the rules read: the kind of field, the field, and the text."""
    for name in ("title", "original_title"):
        if text := getattr(record, name):
            yield "title", name, text[:_LONGEST]
    for name in ("keywords", "work_types"):
        for text in getattr(record.facets, name):
            yield name, name, text[:_LONGEST]


@cache
def load_scope_rules(base_iri: str = BASE_IRI) -> ScopeRules:
    """Load the shipped rules, with ``base_iri`` instead of ours.

    Raises InvalidVocabulary if a rule is wrong.
    """
    table = shipped_table("scope-rules.tsv", COLUMNS)
    rules = ScopeRules.of(table, load_vocabulary(base_iri))
    if rules.problems:
        raise InvalidVocabulary(rules.problems)
    return rules


def check_scope_rules(path: Path) -> tuple[Problem, ...]:
    """Check a table of scope rules against the shipped vocabulary."""
    vocabulary = load_vocabulary()
    return check_table(path, COLUMNS, lambda table: ScopeRules.of(table, vocabulary).problems)


@dataclass(slots=True)
class _Reader:
    """Reads rows and collects their problems."""

    vocabulary: Vocabulary
    scopes: dict[str, str] = field(init=False)
    #: A name in braces -> the pattern that it stands for.
    names: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.scopes = self.vocabulary.slugs("scopes")

    def rules(self, rows: Sequence[Row]) -> Iterator[ScopeRule]:
        """Yield the sound rules, in their order."""
        for row in rows:
            before = len(self.problems)
            if row.get("scope") == _DEFINE:
                self._define(row)
                continue
            rule = self._rule(row)
            if rule and len(self.problems) == before:
                yield rule

    def _wrong(self, row: Row, column: str, message: str, remedy: str) -> None:
        self.problems.append(row.problem(column, message, remedy, key="rule"))

    def _define(self, row: Row) -> None:
        name = row.get("field")
        if not _NAME.fullmatch(name) or name in self.names:
            message = "This is not a name in braces, or the name is already defined."
            self._wrong(row, "field", message, "Write a new name, such as {crowd}.")
        elif self._compiled(row, "pattern"):
            self.names[name] = f"(?:{self._expanded(row.get('pattern'))})"

    def _rule(self, row: Row) -> ScopeRule | None:
        fields = tuple(row.get("field").split("|"))
        scope = self.scopes.get(row.get("scope"), "")
        if not scope:
            remedy = f"Write one of {', '.join(sorted(self.scopes))}, or {_DEFINE}."
            self._wrong(row, "scope", "This is not a known scope.", remedy)
        if not set(fields) <= set(_FIELDS):
            remedy = f"Write one of {', '.join(_FIELDS)}, or several, separated by |."
            self._wrong(row, "field", "This is not a known field.", remedy)
        self.problems.extend(row.surplus_problems("rule"))
        self.problems.extend(row.empty_problems(("pattern", "rule", "why"), "rule"))
        patterns = [self._compiled(row, column) for column in ("pattern", "with", "without")]
        pattern, beside, without = patterns
        if pattern is None:
            return None
        literals = literals_of(pattern)
        return ScopeRule(scope, fields, pattern, beside, without, row.get("rule"), literals)

    def _compiled(self, row: Row, column: str) -> re.Pattern[str] | None:
        """Compile the pattern in this column; None if there is none, or it is wrong."""
        text = row.get(column)
        if not text:
            return None
        if unknown := [name for name in _NAME.findall(text) if name not in self.names]:
            remedy = f"Correct the name, or define it in a row above with the scope {_DEFINE}."
            self._wrong(row, column, f"Not defined: {', '.join(unknown)}.", remedy)
            return None
        try:
            return re.compile(self._expanded(text), re.IGNORECASE)
        except re.error as error:
            self.problems.append(row.pattern_problem(column, error, "rule"))
            return None

    def _expanded(self, text: str) -> str:
        return _NAME.sub(lambda name: self.names[name[0]], text)
