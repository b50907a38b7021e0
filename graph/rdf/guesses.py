"""Guesses: the concept that a value in no vocabulary was meant to be."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, replace

from pyoxigraph import Literal, NamedNode, Store
from rdflib import SKOS, URIRef

from ...ontology import BASE_IRI, PREFIXES
from ..iris import fold
from ..model import FACETS, Problem
from ..vocabulary import load_vocabulary

__all__ = ["Guesses"]


#: How alike a label must be to a value to be what was meant.
_ALIKE = 0.75
#: The property of a facet -> the vocabulary that its values are of.
_SCHEMES = {
    PREFIXES.expand(field.predicate): field.scheme.stem
    for field in FACETS
    if field.scheme and field.kind != "bodies"
}


@dataclass(frozen=True, slots=True)
class Guesses:
    """Guesses by the labels of the shipped vocabularies."""

    store: Store
    base_iri: str

    def guessed(self, problem: Problem) -> Problem:
        """The problem; that of a value in no vocabulary, with the label that is most like it."""
        written, scheme = self._value(problem)
        forms = load_vocabulary(self.base_iri).forms.get(scheme, {})
        labels = {fold(label): label for label in reversed([*forms])}
        near = difflib.get_close_matches(fold(written), labels, 1, _ALIKE)
        if not near or forms[labels[near[0]]] == problem.value:
            return problem
        return replace(problem, remedy=f"Did you mean {labels[near[0]]}? {problem.remedy}")

    def _value(self, problem: Problem) -> tuple[str, str]:
        """The words of the value that the problem is about, and their vocabulary; "" if none."""
        if problem.property.endswith("ontology#unreviewed"):
            node = NamedNode(problem.record)
            label, scheme = (self._one(node, name) for name in (SKOS.prefLabel, SKOS.inScheme))
            return label, scheme.rpartition("/")[2]
        # the last part of an IRI is its label, words divided by hyphens
        words = problem.value.rpartition("/")[2]
        return words, _SCHEMES.get(problem.property.replace(self.base_iri, BASE_IRI), "")

    def _one(self, node: NamedNode, predicate: URIRef) -> str:
        quads = self.store.quads_for_pattern(node, NamedNode(str(predicate)), None)
        values = [q.object.value for q in quads if isinstance(q.object, NamedNode | Literal)]
        return min(values, default="")
