"""Suspects: the nodes that a quick look cannot clear of breaking a core constraint of SHACL.

pySHACL asks a graph for each value of each node at each shape; nearly all nodes are sound. A node
is cleared here only where every constraint on it surely holds; what is not known, or not certain,
makes a suspect, on which pySHACL decides.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Quad
from rdflib import RDF, RDFS, SH, XSD
from rdflib import Literal as RdflibLiteral
from rdflib import URIRef as RdflibIRI

__all__ = [
    "CoreShape",
    "Index",
    "core_shapes",
]


_TYPE, _SUBCLASS = NamedNode(RDF.type), NamedNode(RDFS.subClassOf)
_SH = str(SH)
#: What a shape says that is no constraint, and the flags that belong to a pattern.
_NOT_CONSTRAINTS = frozenset(
    f"{_SH}{name}"
    for name in "path name description message severity targetClass property sparql flags".split()
)
_NUMBER = re.compile(r"[+-]?[0-9]{1,18}(\.[0-9]{1,18})?")
_KINDS: Mapping[str, type] = {f"{_SH}IRI": NamedNode, f"{_SH}Literal": Literal}

#: A term, as pyoxigraph has it.
Term = Any


class Index:
    """The triples of a graph by property, then by subject; a triple may be in it twice."""

    def __init__(self, quads: Iterable[Quad]) -> None:
        self.values: defaultdict[NamedNode, defaultdict[Term, list[Term]]]
        self.values = defaultdict(lambda: defaultdict(list))
        for quad in quads:
            self.values[quad.predicate][quad.subject].append(quad.object)
        subclasses: defaultdict[Term, list[Term]] = defaultdict(list)
        for subclass, superclasses in self.of(_SUBCLASS).items():
            for superclass in superclasses:
                subclasses[superclass].append(subclass)
        self._subclasses = subclasses
        self._members: defaultdict[Term, list[Term]] = defaultdict(list)
        for node, classes in self.of(_TYPE).items():
            for cls in classes:
                self._members[cls].append(node)

    def of(self, predicate: NamedNode) -> Mapping[Term, list[Term]]:
        """The values of a property, by subject."""
        return self.values.get(predicate, {})

    def instances(self, cls: Term) -> set[Term]:
        """The nodes of a class or of a class below it, as SHACL has it."""
        classes, waiting = {cls}, [cls]
        while waiting:
            below = set(self._subclasses.get(waiting.pop(), ())) - classes
            classes |= below
            waiting += below
        return {node for each in classes for node in self._members.get(each, ())}

    def suspects(self, shapes: Iterable[CoreShape]) -> dict[CoreShape, set[Term]]:
        """The nodes that may break a shape, of each shape that has any."""
        suspects: defaultdict[CoreShape, set[Term]] = defaultdict(set)
        for shape in shapes:
            checks = [_CHECKS.get(name, _unknown)(value, self) for name, value in shape.asks]
            values = self.of(shape.path) if shape.path else None
            for cls in shape.classes:
                for node in self.instances(cls):
                    given = (node,) if values is None else values.get(node, ())
                    for holds in checks:
                        if not holds(node, given):
                            suspects[shape].add(node)
                            break
        return suspects

    def around(self, nodes: Collection[Term]) -> Iterable[tuple[Term, NamedNode, Term]]:
        """What pySHACL needs to decide on ``nodes``: their triples, and the classes of values."""
        values: set[Term] = set()
        for predicate, by_subject in self.values.items():
            for node in nodes & by_subject.keys():
                for value in by_subject[node]:
                    yield node, predicate, value
                    if predicate != _TYPE:
                        values.add(value)
        for predicate, wanted in ((_TYPE, values), (_SUBCLASS, None)):
            for node, classes in self.of(predicate).items():
                if wanted is None or node in wanted:
                    yield from ((node, predicate, cls) for cls in classes)


@dataclass(frozen=True, slots=True)
class CoreShape:
    """The core constraints of one shape."""

    node: Term
    classes: tuple[Term, ...]
    #: The property that it is on; None where it is on the nodes themselves.
    path: NamedNode | None
    #: The IRI of each parameter, and its value (of a pattern: the compiled expression).
    asks: tuple[tuple[str, Any], ...]


def core_shapes(quads: Iterable[Quad]) -> tuple[CoreShape, ...]:
    """The shapes of a shapes graph that have core constraints, with the targets of their nodes."""
    said: defaultdict[Term, list[tuple[str, Term]]] = defaultdict(list)
    for quad in quads:
        if quad.predicate.value.startswith(_SH):
            said[quad.subject].append((quad.predicate.value, quad.object))
    shapes = []
    for node, pairs in list(said.items()):
        classes = tuple(value for name, value in pairs if name == f"{_SH}targetClass")
        properties = [value for name, value in pairs if name == f"{_SH}property"]
        for shape in (node, *properties) if classes else ():
            constraints = said[shape]
            path = next((value for name, value in constraints if name == f"{_SH}path"), None)
            flags = next((value.value for name, value in constraints if name == f"{_SH}flags"), "")
            asks = tuple(
                (name, _pattern(value.value, flags) if name == f"{_SH}pattern" else value)
                for name, value in constraints
                if name not in _NOT_CONSTRAINTS
            )
            if asks:
                shapes.append(CoreShape(shape, classes, path, asks))
    return tuple(shapes)


def _pattern(text: str, flags: str) -> re.Pattern[str]:
    """The expression as pySHACL takes it: the flag "s" counts for nothing."""
    return re.compile(text, (re.I if "i" in flags else 0) | (re.M if "m" in flags else 0))


#: Whether a constraint surely holds for a node and its values.
_Check = Callable[[Term, Collection[Term]], bool]


def _unknown(_: Term, __: Index) -> _Check:
    return lambda node, values: False


def _each(surely: Callable[[Any, Index], Callable[[Term], bool]]) -> Callable[[Any, Index], _Check]:
    """The check of a constraint that every value meets or breaks by itself."""

    def check(argument: Any, index: Index) -> _Check:
        holds = surely(argument, index)
        return lambda node, values: all(map(holds, values))

    return check


def _is_instance(cls: Term, index: Index) -> Callable[[Term], bool]:
    return index.instances(cls).__contains__


def _is_of_kind(kind: Term, _: Index) -> Callable[[Term], bool]:
    expected = _KINDS.get(kind.value, ())
    return lambda value: isinstance(value, expected)


def _is_typed(datatype: Term, _: Index) -> Callable[[Term], bool]:
    any_form = datatype.value == str(XSD.string)
    return lambda value: (
        isinstance(value, Literal)
        and value.datatype == datatype
        and (any_form or _is_well_formed(value.value, datatype.value))
    )


@cache
def _is_well_formed(text: str, datatype: str) -> bool:
    literal = RdflibLiteral(text, datatype=RdflibIRI(datatype), normalize=False)
    # None: of a datatype that rdflib does not know, which pySHACL takes as it is
    return literal.ill_typed is None or (not literal.ill_typed and literal.value is not None)


def _matches(pattern: re.Pattern[str], _: Index) -> Callable[[Term], bool]:
    return lambda value: (
        not isinstance(value, BlankNode) and pattern.search(value.value) is not None
    )


def _is_long(length: Term, _: Index) -> Callable[[Term], bool]:
    least = int(length.value)
    return lambda value: not isinstance(value, BlankNode) and len(value.value) >= least


def _number(term: Term) -> Decimal:
    """NaN, which is neither more nor less than anything, for what is no plain number."""
    plain = (
        isinstance(term, Literal)
        and term.datatype.value in (str(XSD.integer), str(XSD.decimal))
        and _NUMBER.fullmatch(term.value)
    )
    return Decimal(term.value if plain else "NaN")


def _is_least(least: Term, _: Index) -> Callable[[Term], bool]:
    bound = _number(least)
    return lambda value: not (number := _number(value)).is_nan() and number >= bound


def _is_most(most: Term, _: Index) -> Callable[[Term], bool]:
    bound = _number(most)
    return lambda value: not (number := _number(value)).is_nan() and number <= bound


def _at_least(count: Term, _: Index) -> _Check:
    least = int(count.value)
    return lambda node, values: len(set(values)) >= least


def _at_most(count: Term, _: Index) -> _Check:
    most = int(count.value)
    return lambda node, values: len(values) <= most or len(set(values)) <= most


def _has(value: Term, _: Index) -> _Check:
    return lambda node, values: value in values


def _disjoint(other: Term, index: Index) -> _Check:
    others = index.of(other)
    return lambda node, values: not (values and set(values) & set(others.get(node, ())))


def _equal(other: Term, index: Index) -> _Check:
    others = index.of(other)
    return lambda node, values: set(values) == set(others.get(node, ()))


def _one_a_language(_: Term, __: Index) -> _Check:
    def holds(node: Term, values: Collection[Term]) -> bool:
        tags = [value.language for value in set(values) if isinstance(value, Literal)]
        return len(tags) == len(set(tags))

    return holds


#: The parameter of a constraint -> what makes its check.
_CHECKS: Mapping[str, Callable[[Any, Index], _Check]] = {
    f"{_SH}class": _each(_is_instance),
    f"{_SH}datatype": _each(_is_typed),
    f"{_SH}disjoint": _disjoint,
    f"{_SH}equals": _equal,
    f"{_SH}hasValue": _has,
    f"{_SH}maxCount": _at_most,
    f"{_SH}maxInclusive": _each(_is_most),
    f"{_SH}minCount": _at_least,
    f"{_SH}minInclusive": _each(_is_least),
    f"{_SH}minLength": _each(_is_long),
    f"{_SH}nodeKind": _each(_is_of_kind),
    f"{_SH}pattern": _each(_matches),
    f"{_SH}uniqueLang": _one_a_language,
}
