"""Gazetteer: find the concepts that a text names, with the vocabularies' labels in a tree of words.

The longest label wins, and the same words never name two concepts. It takes one pass over the
words, so the time grows with the length of the text, not with the number of labels.
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
from .platform_work import load_kinds
from .tables import shipped_table
from .tokens import Token, keys, tokens, without_accents

#: The name of the rule for a label that needs no context.
_RULES: Mapping[str, str] = {
    "platforms": "platform-name",
    "countries": "country-name",
    "methods": "method-label",
    "topics": "topic-label",
}
#: The same for a catalogue's own concepts, whose rules have no measured confidence.
_OWN_RULES: Mapping[str, str] = {
    scheme: OWN_NAME if scheme in ("platforms", "countries") else OWN_LABEL for scheme in _RULES
}
#: The rules for labels that have no plural.
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
    """A label in the tree; ``concept`` is "" for a phrase that names nothing."""

    scheme: str
    concept: str
    #: The name of the rule in the evidence.
    name: str
    #: The words as written in the label.
    words: tuple[str, ...]
    rules: tuple[Rule, ...]


@dataclass(slots=True)
class _Node:
    """A node of the tree: the labels that end here, and the words that may follow."""

    entries: list[_Entry] = field(default_factory=list)
    children: dict[str, _Node] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Finds the labels of the schemes in ``NOUNS`` in a text."""

    tree: _Node
    vocabulary: Vocabulary
    rules: Rules

    @classmethod
    def of(cls, vocabulary: Vocabulary, rules: Rules) -> Gazetteer:
        """Build the gazetteer of a vocabulary's labels, with the rules for ambiguous ones."""
        return cls(_tree(vocabulary, rules), vocabulary, rules)

    def mentions(self, text: str) -> Iterator[Mention]:
        """Yield what the text names, from left to right; mentions do not overlap."""
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
        """Whether the rules say that the label names nothing without other words around it."""
        rules = self.rules.rules_for(scheme, label)
        fitting = next((rule for rule in rules if rule.fits(label, 0, len(label))), None)
        return fitting is not None and fitting.means == NOTHING

    def _longest(self, text: str, row: Sequence[Token], first: int) -> tuple[Mention | None, int]:
        """Return what the longest label that starts here names, and where to continue."""
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
    """Load the gazetteer of the shipped vocabularies and rules, with ``base_iri`` instead of ours.

    ``own`` are a catalogue's own concepts, as ``load_vocabulary`` takes them. Raises
    InvalidVocabulary if a rule is wrong.
    """
    vocabulary = load_vocabulary(base_iri, own)
    table = shipped_table("disambiguation.tsv", COLUMNS)
    rules = Rules.of(table, vocabulary)
    if rules.problems:
        raise InvalidVocabulary(rules.problems)
    return Gazetteer.of(vocabulary, rules)


def _meaning(entry: _Entry, rule: Rule | None) -> tuple[str, str]:
    """Return the concept that an entry names by a rule, and the rule's name in the evidence."""
    if rule is None:
        return entry.concept, entry.name
    concept = entry.concept
    if rule.means != ITSELF:
        concept = f"{concept.rpartition('/')[0]}/{rule.means}"
    return concept, rule.name or f"{entry.name}-in-context"


def _written_so(entry: _Entry, words: Sequence[str]) -> bool:
    """Whether the case of the words fits the label, and the number too if it is a name.

    A name of one word needs its capital, and a short abbreviation all of its capitals. Phrases,
    topics and methods may be in any case.
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
    """The labels of the schemes, in order of precedence.

    Those of kinds of platforms are for searching: in a title, "delivery platforms" says less than
    the topics around it.
    """
    kinds = set(load_kinds(vocabulary.base_iri).values())
    scheme_of = {
        iri: scheme
        for scheme in NOUNS
        for iri in vocabulary.forms[scheme].values()
        if iri not in kinds
    }
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
    """Add a label to the tree, and again without accents, which a source may have lost.

    A short word by itself keeps its accents, because "Irã" is not "Ira".
    """
    words = tuple(label[token.start : token.end] for token in tokens(label))
    is_alone = len(words) == 1
    bare = tuple(word if is_alone and len(word) <= 4 else without_accents(word) for word in words)
    for form in dict.fromkeys((words, bare)):
        node = tree
        for key in keys(label) if form is words else keys(" ".join(form)):
            node = node.children.setdefault(key, _Node())
        node.entries.append(_Entry(scheme, concept, name, form, rules))
