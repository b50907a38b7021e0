"""The shapes of a release, as pages show them.

SHACL: https://www.w3.org/TR/shacl/.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ...graph.iris import RDF_TYPE
from ...graph.numbers import counted
from ...graph.rdf.nodes import Properties, first, nodes, own_values
from ...ontology import PREFIXES
from ..web.words import curie

_SH = PREFIXES["sh"]
#: What a constraint requires, by parameter.
_WORDS = {
    "minCount": "at least {}",
    "maxCount": "at most {}",
    "datatype": "each of type {}",
    "class": "each of type {}",
    "nodeKind": "of kind {}",
    "pattern": "each matches {}",
    "minLength": "each at least {} long",
    "minInclusive": "each {} or more",
    "maxInclusive": "each {} or less",
    "hasValue": "one is {}",
    "disjoint": "none is also a value of {}",
    "equals": "the same as the values of {}",
    "uniqueLang": "one per language",
    "sparql": "no results of a query",
}


@dataclass(frozen=True, slots=True)
class Check:
    """The requirements on one property, or on the thing itself."""

    iri: str
    #: The property; empty for the thing itself.
    path: str
    title: str
    #: Its requirements in words, one per constraint.
    asks: tuple[str, ...]
    #: What a result says is wrong, and how to fix it.
    message: str
    remedy: str
    severity: str

    @property
    def name(self) -> str:
        """The end of its IRI, which is its anchor on the page."""
        return self.iri.partition("#")[2]


@dataclass(frozen=True, slots=True)
class NodeShape:
    """The requirements on the members of some classes."""

    iri: str
    description: str
    targets: tuple[str, ...]
    #: First the requirements on the thing itself, if there are any.
    checks: tuple[Check, ...]

    @property
    def name(self) -> str:
        """The end of its IRI, which is its anchor on the page."""
        return self.iri.partition("#")[2]


def read_shapes(path: Path) -> tuple[NodeShape, ...]:
    """Read the node shapes in a file, sorted by name."""
    by_node = nodes(path)
    shapes = [
        NodeShape(
            iri,
            first(said, f"{_SH}description"),
            tuple(sorted(value.value for value in said.get(f"{_SH}targetClass", ()))),
            tuple(
                _check(each, by_node.get(each, {}))
                for each in (
                    *([iri] if any(_asks(said)) else []),
                    *(value.value for value in said.get(f"{_SH}property", ())),
                )
            ),
        )
        for iri, said in by_node.items()
        if any(value.value == f"{_SH}NodeShape" for value in said.get(RDF_TYPE.value, ()))
    ]
    return tuple(sorted(shapes, key=lambda shape: shape.name))


def _check(iri: str, said: Properties) -> Check:
    return Check(
        iri=iri,
        path=first(said, f"{_SH}path"),
        title=first(said, f"{_SH}name"),
        asks=tuple(_asks(said)),
        message=first(said, f"{_SH}message"),
        remedy=next(own_values(said, "shapes#fix"), ""),
        severity=first(said, f"{_SH}severity").removeprefix(_SH) or "Violation",
    )


def _asks(said: Properties) -> Iterable[str]:
    for parameter, phrase in _WORDS.items():
        for value in said.get(f"{_SH}{parameter}", ()):
            yield phrase.format(_argument(parameter, value.value))


def _argument(parameter: str, value: str) -> str:
    if parameter == "minLength":
        return counted(int(value), "character")
    return curie(value).removeprefix("sh:")
