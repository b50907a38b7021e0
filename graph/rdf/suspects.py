"""Suspects: nodes that may violate a core constraint of SHACL, found by a quick check.

pySHACL looks up each value of each node for each shape, although nearly all nodes are valid. The
quick check clears a node only if every constraint on it certainly holds. Any node for which this
is unknown or uncertain is a suspect, and pySHACL decides.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from pyoxigraph import Literal, Quad, RdfFormat, parse
from rdflib import RDF, RDFS, SH, XSD
from rdflib import Literal as RdflibLiteral
from rdflib import URIRef as RdflibIRI

_TYPE, _SUBCLASS = f"<{RDF.type}>", f"<{RDFS.subClassOf}>"
_SH = str(SH)
#: Properties of a shape that are not constraints, and the flags of a pattern.
_NOT_CONSTRAINTS = frozenset(
    f"{_SH}{name}"
    for name in "path name description message severity targetClass property sparql flags".split()
)
_NUMBER = re.compile(r"[+-]?[0-9]{1,18}(\.[0-9]{1,18})?")

#: A term in N-Triples: ``<iri>``, ``_:node``, ``"text"@en``. Strings cache their hash, whereas the
#: engine makes a new object for a term at each access.
Term = str
#: Subject, predicate and value.
Terms = Sequence[Term]


@dataclass(frozen=True, slots=True)
class _Values:
    """The values of a property."""

    #: By subject; a value may occur twice.
    of: Mapping[Term, Sequence[Term]]
    #: All values.
    every: Set[Term]
    #: Subjects with several values, and the number of distinct ones.
    several: Mapping[Term, int]

    @classmethod
    def grouped(cls, of: Mapping[Term, Sequence[Term]]) -> _Values:
        several = {node: len(set(own)) for node, own in of.items() if len(own) > 1}
        return cls(of, {value for own in of.values() for value in own}, several)


class Index:
    """The triples of a graph, by property and then by subject."""

    def __init__(self, triples: Iterable[Terms]) -> None:
        self._of: defaultdict[Term, defaultdict[Term, list[Term]]]
        self._of = defaultdict(lambda: defaultdict(list))
        for subject, predicate, value in triples:
            self._of[predicate][subject].append(value)
        self._values: dict[Term, _Values] = {}
        subclasses: defaultdict[Term, list[Term]] = defaultdict(list)
        for subclass, superclasses in self.of(_SUBCLASS).items():
            for superclass in superclasses:
                subclasses[superclass].append(subclass)
        self._subclasses = subclasses
        self._members: defaultdict[Term, list[Term]] = defaultdict(list)
        for node, classes in self.of(_TYPE).items():
            for cls in classes:
                self._members[cls].append(node)

    def of(self, predicate: Term) -> Mapping[Term, Sequence[Term]]:
        """The values of a property, by subject."""
        return self._of.get(predicate, {})

    def values(self, predicate: Term) -> _Values:
        """The values of a property, grouped; computed once."""
        if predicate not in self._values:
            self._values[predicate] = _Values.grouped(self.of(predicate))
        return self._values[predicate]

    def instances(self, cls: Term) -> set[Term]:
        """The nodes of a class or of a subclass, as defined by SHACL."""
        classes, waiting = {cls}, [cls]
        while waiting:
            below = set(self._subclasses.get(waiting.pop(), ())) - classes
            classes |= below
            waiting += below
        return {node for each in classes for node in self._members.get(each, ())}

    def suspects(self, shapes: Iterable[CoreShape]) -> dict[CoreShape, set[Term]]:
        """The nodes that may violate a shape, for each shape that has any."""
        members = cache(self.instances)
        suspects: dict[CoreShape, set[Term]] = {}
        for shape in shapes:
            nodes = set().union(*map(members, shape.classes))
            values = self.values(shape.path) if shape.path else _themselves(nodes)
            suspected: set[Term] = set()
            for name, argument in shape.asks:
                check = _CHECKS.get(name)
                suspected |= check(argument, nodes, values, self) if check else nodes
            if suspected:
                suspects[shape] = suspected
        return suspects

    def around(self, nodes: Set[Term]) -> Iterator[str]:
        """The triples that pySHACL needs for ``nodes``: their own, and their values' classes."""
        values: set[Term] = set()
        for predicate, by_subject in self._of.items():
            for node in nodes & by_subject.keys():
                for value in by_subject[node]:
                    yield f"{node} {predicate} {value}"
                    if predicate != _TYPE:
                        values.add(value)
        for predicate, wanted in ((_TYPE, values), (_SUBCLASS, None)):
            for node, classes in self.of(predicate).items():
                if wanted is None or node in wanted:
                    yield from (f"{node} {predicate} {cls}" for cls in classes)


@dataclass(frozen=True, slots=True)
class CoreShape:
    """The core constraints of one shape."""

    node: Term
    classes: tuple[Term, ...]
    #: The property it constrains; None if it constrains the nodes themselves.
    path: Term | None
    #: The IRI of each parameter, and its value (of a pattern: the compiled expression).
    asks: tuple[tuple[str, Any], ...]


def core_shapes(quads: Iterable[Quad]) -> tuple[CoreShape, ...]:
    """The shapes of a shapes graph that have core constraints, with the targets of their nodes."""
    said: defaultdict[Term, list[tuple[str, Term]]] = defaultdict(list)
    for quad in quads:
        if quad.predicate.value.startswith(_SH):
            said[str(quad.subject)].append((quad.predicate.value, str(quad.object)))
    shapes = []
    for node, pairs in list(said.items()):
        classes = tuple(value for name, value in pairs if name == f"{_SH}targetClass")
        properties = [value for name, value in pairs if name == f"{_SH}property"]
        for shape in (node, *properties) if classes else ():
            constraints = said[shape]
            path = next((value for name, value in constraints if name == f"{_SH}path"), None)
            flags = next((_text(value) for name, value in constraints if name == f"{_SH}flags"), "")
            asks = tuple(
                (name, _pattern(_text(value) or "", flags) if name == f"{_SH}pattern" else value)
                for name, value in constraints
                if name not in _NOT_CONSTRAINTS
            )
            if asks:
                shapes.append(CoreShape(shape, classes, path, asks))
    return tuple(shapes)


def terms_of(triple: str) -> Terms:
    """The terms of a triple in N-Triples."""
    return triple.split(" ", 2)


def _pattern(text: str, flags: str | None) -> re.Pattern[str]:
    """The expression as pySHACL compiles it, which ignores the flag "s"."""
    flags = flags or ""
    return re.compile(text, (re.I if "i" in flags else 0) | (re.M if "m" in flags else 0))


def _themselves(nodes: Set[Term]) -> _Values:
    return _Values({node: (node,) for node in nodes}, nodes, {})


def _text(term: Term) -> str | None:
    """The IRI, or the text of a literal; None for a blank node."""
    if term.startswith("<"):
        return term[1:-1]
    if not term.startswith('"'):
        return None
    text = term[1 : term.rindex('"')]
    return _unescaped(term) if "\\" in text else text


def _unescaped(literal: Term) -> str:
    (quad,) = parse(f"<a:a> <a:a> {literal} .", RdfFormat.N_TRIPLES, lenient=True)
    assert isinstance(quad.object, Literal)
    return quad.object.value


def _datatype(term: Term) -> str:
    """The IRI of a literal's datatype; "" if it is not a literal."""
    if not term.startswith('"'):
        return ""
    kind = term[term.rindex('"') + 1 :]
    if kind.startswith("^^"):
        return kind[3:-1]
    return str(RDF.langString if kind else XSD.string)


#: Returns the nodes for which a constraint may not hold, from its argument, nodes and values.
_Check = Callable[[Any, Set[Term], _Values, Index], Set[Term]]


def _each(surely: Callable[[Any, Index], Callable[[Term], bool]]) -> _Check:
    """The check of a constraint that applies to each value on its own."""

    def check(argument: Any, nodes: Set[Term], values: _Values, index: Index) -> Set[Term]:
        holds = surely(argument, index)
        doubtful = {value for value in values.every if not holds(value)}
        if not doubtful:
            return set()
        return {node for node in nodes if not doubtful.isdisjoint(values.of.get(node, ()))}

    return check


def _is_instance(cls: Term, index: Index) -> Callable[[Term], bool]:
    return index.instances(cls).__contains__


def _is_of_kind(kind: Term, _: Index) -> Callable[[Term], bool]:
    start = {f"<{_SH}IRI>": "<", f"<{_SH}Literal>": '"'}.get(kind)
    return lambda value: start is not None and value.startswith(start)


def _is_typed(datatype: Term, _: Index) -> Callable[[Term], bool]:
    expected = _text(datatype) or ""
    any_form = expected == str(XSD.string)
    return lambda value: (
        _datatype(value) == expected and (any_form or _is_well_formed(_text(value) or "", expected))
    )


@lru_cache(maxsize=10_000)
def _is_well_formed(text: str, datatype: str) -> bool:
    literal = RdflibLiteral(text, datatype=RdflibIRI(datatype), normalize=False)
    # None: a datatype unknown to rdflib, which pySHACL accepts
    return literal.ill_typed is None or (not literal.ill_typed and literal.value is not None)


def _matches(pattern: re.Pattern[str], _: Index) -> Callable[[Term], bool]:
    return lambda value: (text := _text(value)) is not None and bool(pattern.search(text))


def _is_long(length: Term, _: Index) -> Callable[[Term], bool]:
    least = int(_text(length) or "")
    return lambda value: (text := _text(value)) is not None and len(text) >= least


@lru_cache(maxsize=10_000)
def _number(term: Term) -> Decimal:
    """The value of a plain number, otherwise NaN, which compares with nothing."""
    plain = _datatype(term) in (str(XSD.integer), str(XSD.decimal))
    text = _text(term) if plain else None
    return Decimal(text if text and _NUMBER.fullmatch(text) else "NaN")


def _is_least(least: Term, _: Index) -> Callable[[Term], bool]:
    bound = _number(least)
    return lambda value: not (number := _number(value)).is_nan() and number >= bound


def _is_most(most: Term, _: Index) -> Callable[[Term], bool]:
    bound = _number(most)
    return lambda value: not (number := _number(value)).is_nan() and number <= bound


def _at_least(count: Term, nodes: Set[Term], values: _Values, _: Index) -> Set[Term]:
    least = int(_text(count) or "")
    if least == 1:
        return nodes - values.of.keys()
    return {node for node in nodes if values.several.get(node, node in values.of) < least}


def _at_most(count: Term, nodes: Set[Term], values: _Values, _: Index) -> Set[Term]:
    most = int(_text(count) or "")
    if most == 0:
        return nodes & values.of.keys()
    return {node for node in nodes & values.several.keys() if values.several[node] > most}


def _has(value: Term, nodes: Set[Term], values: _Values, _: Index) -> Set[Term]:
    return {node for node in nodes if value not in values.of.get(node, ())}


def _disjoint(other: Term, nodes: Set[Term], values: _Values, index: Index) -> Set[Term]:
    others = index.of(other)
    both = nodes & values.of.keys() & others.keys()
    return {node for node in both if not set(values.of[node]).isdisjoint(others[node])}


def _equal(other: Term, nodes: Set[Term], values: _Values, index: Index) -> Set[Term]:
    others = index.of(other)
    return {node for node in nodes if set(values.of.get(node, ())) != set(others.get(node, ()))}


def _one_a_language(_: Term, nodes: Set[Term], values: _Values, __: Index) -> Set[Term]:
    doubtful = set()
    for node in nodes & values.several.keys():
        own = (v for v in set(values.of[node]) if _datatype(v) == str(RDF.langString))
        tags = [value[value.rindex('"') :].lower() for value in own]
        if len(tags) != len(set(tags)):
            doubtful.add(node)
    return doubtful


#: The parameter of a constraint -> its check.
_CHECKS: Mapping[str, _Check] = {
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
