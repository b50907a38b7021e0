"""Gazetteer: the vocabularies' labels as a tree of words, and where a text names a concept.

The longest label wins, and words that name one concept name no other. One pass over the words of
a text: the time grows with its length, not with the number of labels.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import pyoxigraph as ox

from ...ontology import BASE_IRI
from ..errors import InvalidVocabulary
from ..iris import named_node
from . import LABELS, NOUNS, Vocabulary, load_vocabulary
from .confidence import OWN_LABEL, OWN_NAME
from .disambiguation import COLUMNS, ITSELF, NOTHING, Rule, Rules
from .tables import shipped_table
from .tokens import Token, keys, tokens, without_accents

#: The rule of a label that needs no context.
_RULES: Mapping[str, str] = {
    "platforms": "platform-name",
    "countries": "country-name",
    "methods": "method-label",
    "topics": "topic-label",
}
#: The same of a catalogue's own concepts, for which nobody has measured how often it is right.
_OWN_RULES: Mapping[str, str] = {
    scheme: OWN_NAME if scheme in ("platforms", "countries") else OWN_LABEL for scheme in _RULES
}
#: The rules of labels that have no plural.
_EXACT = frozenset({"platform-name", "country-name", OWN_NAME})
_HIDDEN = named_node("skos:hiddenLabel")


@dataclass(frozen=True, slots=True)
class Mention:
    """A place in a text that names a concept."""

    scheme: str
    #: The concept's IRI.
    concept: str
    rule: str
    #: 0-based characters of the text.
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Label:
    scheme: str
    concept: str
    label: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class _Entry:
    """A label at its place in the tree; ``concept`` is "" for a phrase that names nothing."""

    scheme: str
    concept: str
    #: Its name in the evidence.
    name: str
    #: As the label writes them.
    words: tuple[str, ...]
    rules: tuple[Rule, ...]


@dataclass(slots=True)
class _Node:
    """Where a row of words leads: the labels that end here, and the words that go on."""

    entries: list[_Entry] = field(default_factory=list)
    children: dict[str, _Node] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """The labels of the schemes that titles can name, ready to be looked for."""

    tree: _Node
    vocabulary: Vocabulary
    rules: Rules

    @classmethod
    def of(cls, vocabulary: Vocabulary, rules: Rules) -> Gazetteer:
        """The gazetteer of a vocabulary's labels, and the rules of those that are ambiguous."""
        return cls(_tree(vocabulary, rules), vocabulary, rules)

    def mentions(self, text: str) -> Iterator[Mention]:
        """What the text names, from left to right; no two mentions overlap."""
        text = text.replace("’", "'")
        row = list(tokens(text))
        place = 0
        while place < len(row):
            if row[place].key not in self.tree.children:
                place += 1
                continue
            mention, place = self._longest(text, row, place)
            if mention:
                yield mention

    def is_nothing_alone(self, scheme: str, label: str) -> bool:
        """Whether the rules say that the label names nothing where no other words are."""
        rules = self.rules.rules_for(scheme, label)
        fitting = next((rule for rule in rules if rule.fits(label, 0, len(label))), None)
        return fitting is not None and fitting.means == NOTHING

    def _longest(self, text: str, row: Sequence[Token], first: int) -> tuple[Mention | None, int]:
        """What the longest label from here on names, and where to go on."""
        node: _Node | None = self.tree
        labels = []
        for after in range(first + 1, len(row) + 1):
            node = node.children.get(row[after - 1].key) if node else None
            if node is None:
                break
            if node.entries:
                labels.append((after, node.entries))
        for after, entries in reversed(labels):
            start, end = row[first].start, row[after - 1].end
            words = [text[token.start : token.end] for token in row[first:after]]
            for entry in entries:
                if not _written_so(entry, words):
                    continue
                if not entry.concept:
                    return None, after
                rule = next((r for r in entry.rules if r.fits(text, start, end)), None)
                if rule is None or rule.means != NOTHING:
                    concept, name = _meaning(entry, rule)
                    return Mention(entry.scheme, concept, name, start, end), after
        return None, first + 1


@cache
def load_gazetteer(base_iri: str = BASE_IRI, own: tuple[str, ...] = ()) -> Gazetteer:
    """The gazetteer of the shipped vocabularies and rules, with ``base_iri`` in the place of ours.

    ``own`` are a catalogue's own concepts, as ``load_vocabulary`` takes them. Raises
    InvalidVocabulary where a rule is wrong.
    """
    vocabulary = load_vocabulary(base_iri, own)
    table = shipped_table("disambiguation.tsv", COLUMNS)
    rules = Rules.of(table, vocabulary)
    if rules.problems:
        raise InvalidVocabulary(rules.problems)
    return Gazetteer.of(vocabulary, rules)


def _meaning(entry: _Entry, rule: Rule | None) -> tuple[str, str]:
    """The concept an entry names by a rule, and the name of the rule in the evidence."""
    if rule is None:
        return entry.concept, entry.name
    concept = entry.concept
    if rule.means != ITSELF:
        concept = f"{concept.rpartition('/')[0]}/{rule.means}"
    return concept, rule.name or f"{entry.name}-in-context"


def _written_so(entry: _Entry, words: Sequence[str]) -> bool:
    """Whether the words have the case of the label and, where it is a name, its number.

    A name of one word keeps its capital, a short abbreviation all of them; phrases, topics and
    methods may be in any case.
    """
    pairs = list(zip(entry.words, words, strict=True))
    if entry.name in _EXACT and any(a.casefold() != b.casefold() for a, b in pairs):
        return False
    if len(pairs) > 1:
        return all(a == b for a, b in pairs if a.isupper() and len(a) == 2)
    ((label, word),) = pairs
    if label.isupper() and len(label) <= 4:
        return label == word
    is_name = entry.scheme in ("platforms", "countries") and label[0].isupper()
    return not is_name or word[0].isupper()


def _tree(vocabulary: Vocabulary, rules: Rules) -> _Node:
    tree = _Node()
    labels = _labels(vocabulary)
    for x in labels:
        name = "country-demonym" if x.hidden and x.scheme == "countries" else _RULES[x.scheme]
        if x.concept in vocabulary.own:
            name = _OWN_RULES[x.scheme]
        _plant(tree, x.label, x.scheme, x.concept, name, rules.rules_for(x.scheme, x.label))
    known = {(x.scheme, keys(x.label)) for x in labels}
    for scheme, phrase in rules.labels():
        if (scheme, keys(phrase)) not in known:
            _plant(tree, phrase, scheme, "", "", ())
    return tree


def _labels(vocabulary: Vocabulary) -> list[_Label]:
    """The labels of the schemes in the order in which they win."""
    scheme_of = {iri: scheme for scheme in NOUNS for iri in vocabulary.forms[scheme].values()}
    labels = [
        _Label(scheme, t.subject.value, t.object.value, t.predicate == _HIDDEN)
        for t in vocabulary.triples
        if t.predicate in LABELS
        and isinstance(t.object, ox.Literal)
        and isinstance(t.subject, ox.NamedNode)
        and (scheme := scheme_of.get(t.subject.value))
    ]
    order = list(NOUNS)
    return sorted(labels, key=lambda x: (order.index(x.scheme), x.hidden, x.label, x.concept))


def _plant(
    tree: _Node, label: str, scheme: str, concept: str, name: str, rules: tuple[Rule, ...]
) -> None:
    """Put the label in the tree, and once more without accents: a source may have lost them.

    A short word by itself keeps them, for "Irã" is not "Ira".
    """
    words = tuple(label[token.start : token.end] for token in tokens(label))
    is_alone = len(words) == 1
    bare = tuple(word if is_alone and len(word) <= 4 else without_accents(word) for word in words)
    for form in dict.fromkeys((words, bare)):
        node = tree
        for key in keys(label) if form is words else keys(" ".join(form)):
            node = node.children.setdefault(key, _Node())
        node.entries.append(_Entry(scheme, concept, name, form, rules))
