"""The shapes of a release and what validation with them came to, as pages show them.

SHACL: https://www.w3.org/TR/shacl/.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ...ontology import PREFIXES
from ..web.turtle_file import Properties, nodes
from ..web.words import curie

_SH = PREFIXES["sh"]
_RDF_TYPE = f"{PREFIXES['rdf']}type"
#: Worst first.
_SEVERITIES = ("Violation", "Warning", "Info")
#: What a constraint asks, by its parameter.
_WORDS = {
    "minCount": "at least {}",
    "maxCount": "at most {}",
    "datatype": "each of type {}",
    "class": "each of type {}",
    "nodeKind": "each a node of kind {}",
    "pattern": "each matches {}",
    "minLength": "each of at least {} character(s)",
    "minInclusive": "each {} or more",
    "maxInclusive": "each {} or less",
    "hasValue": "one is {}",
    "disjoint": "none is also a value of {}",
    "equals": "the same as the values of {}",
    "uniqueLang": "one a language",
    "sparql": "what a query finds is wrong",
}


@dataclass(frozen=True, slots=True)
class PropertyShape:
    """What is asked of one property."""

    iri: str
    path: str
    title: str
    #: What it asks, in words, one a constraint.
    asks: tuple[str, ...]
    #: What a result says is wrong, and what to do.
    message: str
    remedy: str
    severity: str

    @property
    def name(self) -> str:
        """The end of its IRI, which names its place on the page."""
        return self.iri.partition("#")[2]


@dataclass(frozen=True, slots=True)
class NodeShape:
    """What is asked of the members of some classes."""

    iri: str
    description: str
    targets: tuple[str, ...]
    #: What the node itself must be, where that is asked.
    asks: tuple[str, ...]
    message: str
    properties: tuple[PropertyShape, ...]

    @property
    def name(self) -> str:
        """The end of its IRI, which names its place on the page."""
        return self.iri.partition("#")[2]


@dataclass(frozen=True, slots=True)
class Result:
    """One thing that validation found."""

    iri: str
    focus: str
    #: The property, or the name of a file's field.
    path: str
    value: str
    message: str
    remedy: str
    severity: str
    shape: str
    #: The file and the line, where the result is on a file of the catalogue; "" where not.
    file: str
    line: str
    #: The ids of works that were left out, or what the record is called in the file.
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """The results of a release, by the shape that gave them: the worst and most frequent first."""

    conforms: bool
    by_shape: dict[str, list[Result]]
    #: Why works are not in the release, by the work's id.
    left_out: dict[str, list[Result]]
    #: What is wrong with the catalogue's links, versions and tombstones.
    catalogue: list[Result]

    def of(self, iri: str) -> list[Result]:
        """What is said of a thing and its parts, the worst first."""
        return [
            result
            for results in self.by_shape.values()
            for result in results
            if result.focus.partition("#")[0] == iri
        ]

    @property
    def count(self) -> int:
        """The number of results."""
        return sum(map(len, self.by_shape.values()))

    @property
    def severities(self) -> dict[str, int]:
        """How many results there are of each severity, worst first."""
        counts = Counter(r.severity for results in self.by_shape.values() for r in results)
        return {name: counts[name] for name in _SEVERITIES}


def read_shapes(path: Path) -> tuple[NodeShape, ...]:
    """The node shapes in a file, by name."""
    by_node = nodes(path)
    shapes = [
        NodeShape(
            iri,
            _first(said, "description"),
            tuple(sorted(value.value for value in said.get(f"{_SH}targetClass", ()))),
            tuple(_asks(said)),
            _first(said, "message"),
            tuple(
                _property_shape(each.value, by_node.get(each.value, {}))
                for each in said.get(f"{_SH}property", ())
            ),
        )
        for iri, said in by_node.items()
        if any(value.value == f"{_SH}NodeShape" for value in said.get(_RDF_TYPE, ()))
    ]
    return tuple(sorted(shapes, key=lambda shape: shape.name))


def _property_shape(iri: str, said: Properties) -> PropertyShape:
    return PropertyShape(
        iri=iri,
        path=_first(said, "path"),
        title=_first(said, "name"),
        asks=tuple(_asks(said)),
        message=_first(said, "message"),
        remedy=_own(said, "shapes#fix"),
        severity=_first(said, "severity").removeprefix(_SH) or "Violation",
    )


def _asks(said: Properties) -> Iterable[str]:
    for parameter, phrase in _WORDS.items():
        for value in said.get(f"{_SH}{parameter}", ()):
            yield phrase.format(curie(value.value).removeprefix("sh:"))


def read_report(path: Path) -> Report:
    """The report in a file, with the two that may stand beside it (see graph/release/report.py)."""
    by_node = nodes(path)
    by_shape: dict[str, list[Result]] = {}
    left_out: dict[str, list[Result]] = {}
    catalogue: list[Result] = []
    conforms = True
    for iri, said in by_node.items():
        part = iri.partition("#")[2]
        results = (
            _result(value.value, by_node.get(value.value, {}))
            for value in said.get(f"{_SH}result", ())
        )
        if part == "left-out":
            for result in results:
                for key in result.keys:
                    left_out.setdefault(key, []).append(result)
        elif part == "catalogue":
            catalogue += results
        else:
            conforms &= _first(said, "conforms") != "false"
            for result in results:
                by_shape.setdefault(result.shape, []).append(result)
    for results_of in (*by_shape.values(), *left_out.values(), catalogue):
        results_of.sort(key=_order)
    order = sorted(by_shape, key=lambda shape: (_rank(by_shape[shape]), shape))
    return Report(conforms, {shape: by_shape[shape] for shape in order}, left_out, catalogue)


def _order(result: Result) -> tuple[str, int, str, str, str]:
    return result.file, int(result.line or 0), result.focus, result.path, result.value


def _rank(results: list[Result]) -> tuple[int, int]:
    known = {name: rank for rank, name in enumerate(_SEVERITIES)}
    return known.get(results[0].severity, len(known)), -len(results)


def _result(iri: str, said: Properties) -> Result:
    return Result(
        iri=iri,
        focus=_first(said, "focusNode"),
        path=_first(said, "resultPath") or _own(said, "ontology#fieldName"),
        value=_first(said, "value"),
        message=_first(said, "resultMessage"),
        remedy=_own(said, "shapes#fix"),
        severity=_first(said, "resultSeverity").removeprefix(_SH),
        shape=_first(said, "sourceShape"),
        file=_own(said, "ontology#file"),
        line=_own(said, "ontology#line"),
        keys=tuple(sorted(_own_values(said, "ontology#key"))),
    )


def _own(said: Properties, name: str) -> str:
    return next(iter(_own_values(said, name)), "")


def _own_values(said: Properties, name: str) -> list[str]:
    """The values of a property of our ontology or shapes, whatever its base."""
    return [
        value.value
        for property, values in said.items()
        if property.endswith(f"/{name}")
        for value in values
    ]


def _first(said: Properties, name: str) -> str:
    values = said.get(f"{_SH}{name}")
    return values[0].value if values else ""
