"""Triple patterns in the parameters of a URL.

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

# The text of a literal is written without escapes (hydra:ExplicitRepresentation).
_LITERAL = re.compile(
    r'"(?P<words>.*)"(?:@(?P<language>[A-Za-z0-9-]+)|\^\^<?(?P<datatype>[^<>"]+)>?)?', re.DOTALL
)
_VARIABLE = re.compile(r"\?\w*")


@dataclass(frozen=True, slots=True)
class TriplePattern:
    """The pattern that the triples of a fragment match."""

    #: The term of each position that is not open.
    terms: Mapping[str, Term]
    #: The variable of each open position; the same variable stands for the same term.
    variables: Mapping[str, str]

    @property
    def is_possible(self) -> bool:
        """Whether any of our triples can match: subjects are IRIs, and there are no blank nodes."""
        kinds = {"subject": ox.NamedNode, "predicate": ox.NamedNode}
        allowed = (ox.NamedNode, ox.Literal)
        return all(isinstance(t, kinds.get(name, allowed)) for name, t in self.terms.items())

    @property
    def is_open(self) -> bool:
        """Whether every triple matches."""
        return len(set(self.variables.values())) == len(POSITIONS)

    @property
    def sparql(self) -> str:
        """The pattern in SPARQL."""
        return " ".join(
            str(self.terms[name]) if name in self.terms else f"?{self.variables[name]}"
            for name in POSITIONS
        )

    @property
    def sparql_variables(self) -> str:
        """The variables as after SELECT, each once."""
        return " ".join(f"?{name}" for name in dict.fromkeys(self.variables.values()))

    def triple(self, solution: Mapping[str, ox.NamedNode | ox.Literal]) -> ox.Triple:
        """Return the triple of a solution of the pattern."""
        terms = self.terms
        subject, predicate, object = (
            terms[name] if name in terms else solution[self.variables[name]] for name in POSITIONS
        )
        assert isinstance(subject, ox.NamedNode) and isinstance(predicate, ox.NamedNode)
        return ox.Triple(subject, predicate, object)


def read(parameters: Mapping[str, list[str]]) -> TriplePattern:
    """Read the pattern of a request; raise ``QueryError`` if a term cannot be read."""
    terms: dict[str, Term] = {}
    variables: dict[str, str] = {}
    for name, text in _texts(parameters):
        if not text or _VARIABLE.fullmatch(text):
            variables[name] = text
        else:
            terms[name] = _term(name, text)
    # Use our own names, because the client's may not be valid in SPARQL. "" and "?" are any term.
    first = {text: name for name, text in reversed(variables.items()) if text.strip("?")}
    return TriplePattern(terms, {name: first.get(text, name) for name, text in variables.items()})


def _texts(parameters: Mapping[str, list[str]]) -> Iterator[tuple[str, str]]:
    for name in POSITIONS:
        values = parameters.get(name, [])
        if len(values) > 1:
            raise _refusal(f"There are {len(values)} parameters named {name}; give at most one.")
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
        raise _refusal(f"The {name} {text[:200]!r} is not a valid term: {error}.") from error


def _literal(name: str, text: str) -> ox.Literal:
    match = _LITERAL.fullmatch(text)
    if not match:
        raise _refusal(f"The {name} {text[:200]!r} is not a valid literal.")
    words, language, datatype = match["words"], match["language"], match["datatype"]
    if language:
        return ox.Literal(words, language=language)
    return ox.Literal(words, datatype=ox.NamedNode(datatype) if datatype else None)


def _refusal(detail: str) -> QueryError:
    hint = (
        'Write an IRI as https://example.org/, a literal as "words", "words"@en or '
        '"1"^^http://www.w3.org/2001/XMLSchema#integer. For any term, write nothing or ?name.'
    )
    return QueryError(ProblemDetails(400, "Not a triple pattern", detail, hint=hint))
