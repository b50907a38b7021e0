"""A triple pattern, as the parameters of a URL write it.

Triple Pattern Fragments: https://linkeddatafragments.org/specification/triple-pattern-fragments/
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from ...graph.store.problems import ProblemDetails, QueryError

#: The parameters, in the order of a triple.
POSITIONS = ("subject", "predicate", "object")

Term = ox.NamedNode | ox.BlankNode | ox.Literal

# The words of a literal are written as they are, without escapes (hydra:ExplicitRepresentation).
_LITERAL = re.compile(
    r'"(?P<words>.*)"(?:@(?P<language>[A-Za-z0-9-]+)|\^\^<?(?P<datatype>[^<>"]+)>?)?', re.DOTALL
)
_VARIABLE = re.compile(r"\?\w*")


@dataclass(frozen=True, slots=True)
class TriplePattern:
    """What the triples of a fragment have in common."""

    #: Of each position that is not open, its term.
    terms: Mapping[str, Term]
    #: Of each open position, the name of its variable; the same name stands for the same term.
    variables: Mapping[str, str]

    @property
    def is_possible(self) -> bool:
        """Whether any triple of ours may match: a subject is no literal, nothing a blank node."""
        kinds = {"subject": ox.NamedNode, "predicate": ox.NamedNode}
        allowed = (ox.NamedNode, ox.Literal)
        return all(isinstance(t, kinds.get(name, allowed)) for name, t in self.terms.items())

    @property
    def is_open(self) -> bool:
        """Whether every triple matches."""
        return len(set(self.variables.values())) == len(POSITIONS)

    @property
    def sparql(self) -> str:
        """The pattern as SPARQL writes it."""
        return " ".join(
            str(self.terms[name]) if name in self.terms else f"?{self.variables[name]}"
            for name in POSITIONS
        )

    @property
    def sparql_variables(self) -> str:
        """Its variables as SPARQL writes them after SELECT, each once."""
        return " ".join(f"?{name}" for name in dict.fromkeys(self.variables.values()))

    def triple(self, solution: Mapping[str, ox.NamedNode | ox.Literal]) -> ox.Triple:
        """The triple that a solution of the pattern stands for."""
        terms = self.terms
        subject, predicate, object = (
            terms[name] if name in terms else solution[self.variables[name]] for name in POSITIONS
        )
        assert isinstance(subject, ox.NamedNode) and isinstance(predicate, ox.NamedNode)
        return ox.Triple(subject, predicate, object)


def read(parameters: Mapping[str, list[str]]) -> TriplePattern:
    """The pattern of a request; ``QueryError`` where a term cannot be read."""
    terms: dict[str, Term] = {}
    variables: dict[str, str] = {}
    for name, text in _texts(parameters):
        if not text or _VARIABLE.fullmatch(text):
            variables[name] = text
        else:
            terms[name] = _term(name, text)
    # Names of our own: a variable's own name may be none in SPARQL. "" and "?" stand for anything.
    first = {text: name for name, text in reversed(variables.items()) if text.strip("?")}
    return TriplePattern(terms, {name: first.get(text, name) for name, text in variables.items()})


def _texts(parameters: Mapping[str, list[str]]) -> Iterator[tuple[str, str]]:
    for name in POSITIONS:
        values = parameters.get(name, [])
        if len(values) > 1:
            raise _refusal(f"There are {len(values)} parameters named {name}; one is the most.")
        yield name, values[0].strip() if values else ""


def _term(name: str, text: str) -> Term:
    try:
        if text.startswith('"'):
            return _literal(name, text)
        if text.startswith("_:"):
            return ox.BlankNode(text.removeprefix("_:"))
        if text.startswith("<") and text.endswith(">"):
            return ox.NamedNode(text[1:-1])
        return ox.NamedNode(text)
    except ValueError as error:
        raise _refusal(f"The {name} is no term: {text[:200]!r}: {error}.") from error


def _literal(name: str, text: str) -> ox.Literal:
    match = _LITERAL.fullmatch(text)
    if not match:
        raise _refusal(f"The {name} is no literal: {text[:200]!r}.")
    words, language, datatype = match["words"], match["language"], match["datatype"]
    if language:
        return ox.Literal(words, language=language)
    return ox.Literal(words, datatype=ox.NamedNode(datatype) if datatype else None)


def _refusal(detail: str) -> QueryError:
    hint = (
        'Write an IRI as https://example.org/, a literal as "words", "words"@en or '
        '"1"^^http://www.w3.org/2001/XMLSchema#integer, and nothing or ?name for any term.'
    )
    return QueryError(ProblemDetails(400, "The request is no triple pattern", detail, hint=hint))
