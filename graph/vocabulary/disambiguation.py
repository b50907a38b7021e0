"""Disambiguation: what an ambiguous label means in its context, by rules that curators edit.

The table of rules is ``ontology/disambiguation.tsv``; the comments at its top explain the columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ..model import Problem
from . import NOUNS, Vocabulary, load_vocabulary
from .tables import Row, Table, check_table
from .tokens import keys

COLUMNS = ("scheme", "labels", "means", "before", "after", "around", "rule", "why")
ITSELF, NOTHING = "itself", "nothing"
_ALL, _DEFINE = "*", "define"
#: How many characters before a label, and on either side of it, the patterns may look at. The limit
#: keeps the time proportional to the length of the text.
_BEFORE, _AROUND = 120, 300
_NAME = re.compile(r"\{[a-z][a-z ]*\}")
#: The names that stand for the labels of a scheme.
_LABELS_OF = {"{platform}": "platforms", "{country}": "countries"}
_PLACES = {"before": r"(?:{})\Z", "after": "(?:{})", "around": "(?:{})"}


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of the table: what labels mean in a certain context."""

    scheme: str
    labels: tuple[str, ...]
    #: ITSELF, NOTHING, or the slug of another concept of the scheme.
    means: str
    #: Must end where the label begins.
    before: re.Pattern[str] | None
    #: Must begin where the label ends.
    after: re.Pattern[str] | None
    #: Must occur near the label.
    around: re.Pattern[str] | None
    #: Its name in the evidence; "" if the name comes from the kind of label.
    name: str

    def fits(self, text: str, start: int, end: int) -> bool:
        """Whether the label at these characters is in the context of the rule."""
        return (
            (not self.before or bool(self.before.search(text, max(0, start - _BEFORE), start)))
            and (not self.after or bool(self.after.match(text, end)))
            and (
                not self.around
                or bool(self.around.search(text[max(0, start - _AROUND) : end + _AROUND]))
            )
        )


@dataclass(frozen=True, slots=True)
class Rules:
    """The sound rules of a table, by scheme and label, and the problems of the others."""

    by_label: Mapping[tuple[str, Sequence[str]], Sequence[Rule]]
    problems: tuple[Problem, ...]

    @classmethod
    def of(cls, table: Table, vocabulary: Vocabulary) -> Rules:
        """Compile the rules of a table, with the names that their patterns use."""
        reader = _Reader(vocabulary)
        by_label: dict[tuple[str, Sequence[str]], list[Rule]] = {}
        for rule in reader.rules(table.rows):
            for label in rule.labels:
                by_label.setdefault((rule.scheme, _key(label)), []).append(rule)
        return cls(by_label, tuple(reader.problems))

    def rules_for(self, scheme: str, label: str) -> tuple[Rule, ...]:
        """The label's own rules, then those for all labels, in the order of the table."""
        places = ((scheme, keys(label)), (scheme, (_ALL,)), (_ALL, (_ALL,)))
        return tuple(rule for place in places for rule in self.by_label.get(place, ()))

    def labels(self) -> Iterator[tuple[str, str]]:
        """Every label that has a rule, with its scheme."""
        rules = dict.fromkeys(rule for rules in self.by_label.values() for rule in rules)
        return ((r.scheme, label) for r in rules for label in r.labels if label != _ALL)


def check_rules(path: Path) -> tuple[Problem, ...]:
    """Check a table of disambiguation rules against the shipped vocabularies."""
    return check_table(path, COLUMNS, lambda table: Rules.of(table, load_vocabulary()).problems)


def _key(label: str) -> tuple[str, ...]:
    return (_ALL,) if label == _ALL else keys(label)


@dataclass(slots=True)
class _Reader:
    """Reads rows and collects their problems."""

    vocabulary: Vocabulary
    #: Scheme -> the keys of its labels, and the slugs of its concepts.
    known: dict[str, frozenset[tuple[str, ...]]] = field(init=False)
    slugs: dict[str, dict[str, str]] = field(init=False)
    #: A name in braces -> what it stands for.
    names: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def __post_init__(self) -> None:
        forms = self.vocabulary.forms
        self.known = {scheme: frozenset(map(keys, forms[scheme])) for scheme in NOUNS}
        self.slugs = {scheme: self.vocabulary.slugs(scheme) for scheme in NOUNS}

    def rules(self, rows: Sequence[Row]) -> Iterator[Rule]:
        """Yield the sound rules, in their order."""
        for row in rows:
            if row.get("scheme") == _DEFINE:
                self._define(row)
        rows = [row for row in rows if row.get("scheme") != _DEFINE]
        self._name_labels(rows)
        for row in rows:
            before = len(self.problems)
            rule = self._rule(row)
            if len(self.problems) == before:
                yield rule

    def _wrong(self, row: Row, column: str, message: str, remedy: str) -> None:
        self.problems.append(row.problem(column, message, remedy, key="labels"))

    def _define(self, row: Row) -> None:
        name = row.get("labels")
        if not _NAME.fullmatch(name) or name in _LABELS_OF or name in self.names:
            message = "This is not a name in braces, or the name is already defined."
            self._wrong(row, "labels", message, "Write a new name, such as {places}.")
        elif not row.get("means"):
            message = "The definition of the name is empty."
            remedy = "Write words or patterns, separated by |."
            self._wrong(row, "means", message, remedy)
        elif self._compiled(row, "means", "{}"):
            self.names[name] = row.values["means"]

    def _name_labels(self, rows: Sequence[Row]) -> None:
        """Define {platform} and {country} as the labels that are not ambiguous."""
        unsure = {
            (row.get("scheme"), keys(label))
            for row in rows
            if row.get("means") == NOTHING and not any(row.get(place) for place in _PLACES)
            for label in self._labels(row)
        }
        for name, scheme in _LABELS_OF.items():
            labels = (x for x in self.vocabulary.forms[scheme] if (scheme, keys(x)) not in unsure)
            longest_first = sorted(labels, key=lambda label: (-len(label), label))
            self.names[name] = "|".join(map(re.escape, longest_first))

    def _labels(self, row: Row) -> tuple[str, ...]:
        """The labels of a row, with defined names replaced by their labels."""
        return tuple(_NAME.sub(self._meaning, row.get("labels")).split("|"))

    def _meaning(self, name: re.Match[str]) -> str:
        return self.names.get(name[0], name[0])

    def _rule(self, row: Row) -> Rule:
        scheme, labels, means = row.get("scheme"), self._labels(row), row.get("means")
        if scheme not in (*NOUNS, _ALL):
            remedy = f"Write one of {', '.join(NOUNS)}, * for all, or {_DEFINE}."
            self._wrong(row, "scheme", "This is not a known scheme.", remedy)
        else:
            self._check(row, scheme, labels, means)
        self.problems.extend(row.surplus_problems("labels"))
        if not row.get("why"):
            self._wrong(row, "why", "The reason is missing.", "Explain why the rule is right.")
        before, after, around = (self._compiled(row, *place) for place in _PLACES.items())
        return Rule(scheme, labels, means, before, after, around, row.get("rule"))

    def _check(self, row: Row, scheme: str, labels: Sequence[str], means: str) -> None:
        """Check that the labels, and the concept they mean, are in the vocabulary."""
        if means not in (ITSELF, NOTHING) and means not in self.slugs.get(scheme, ()):
            message = f"The vocabulary {scheme} has no concept with this slug."
            remedy = f"Write {ITSELF}, {NOTHING}, or the end of a concept's IRI."
            self._wrong(row, "means", message, remedy)
        if unknown := [label for label in labels if _NAME.fullmatch(label)]:
            self._undefined(row, "labels", unknown)
        elif not all(map(_key, labels)):
            message = "A label is missing."
            self._wrong(row, "labels", message, "Write labels, with a single | between them.")
        elif unknown := [
            label
            for label in labels
            if label != _ALL and means != NOTHING and keys(label) not in self.known.get(scheme, ())
        ]:
            message = f"The vocabulary {scheme} has no label {', '.join(unknown)}."
            remedy = f"Correct the label, or first add it to ontology/{scheme}.ttl."
            self._wrong(row, "labels", message, remedy)

    def _undefined(self, row: Row, column: str, names: Sequence[str]) -> None:
        remedy = f"Correct the name, or add a row with the scheme {_DEFINE}."
        self._wrong(row, column, f"Not defined: {', '.join(names)}.", remedy)

    def _compiled(self, row: Row, column: str, form: str) -> re.Pattern[str] | None:
        """Compile the pattern in this column; None if there is none, or it is wrong."""
        text = row.values.get(column, "")
        if not text:
            return None
        if unknown := [name for name in _NAME.findall(text) if name not in self.names]:
            self._undefined(row, column, unknown)
            return None
        whole = form.replace("{}", _NAME.sub(lambda name: f"(?:{self._meaning(name)})", text))
        try:
            re.compile(_NAME.sub("x", text))  # by itself: ``form`` could hide unbalanced brackets
            return re.compile(whole)
        except re.error as error:
            self.problems.append(row.pattern_problem(column, error, "labels"))
            return None
