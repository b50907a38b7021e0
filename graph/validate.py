"""Validation: a graph against the SHACL shapes, and the problems as text, JSON or RDF.

SHACL: https://www.w3.org/TR/shacl/. A problem's message and remedy are the two halves of a
shape's ``sh:message``, which reads "What is wrong. Mend: what a curator does."
"""

from __future__ import annotations

import gzip
import json
import logging
import re
import zlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.parsers import expat

import pyshacl
from pyoxigraph import BlankNode, NamedNode, Quad, QuerySolutions, RdfFormat, Store, parse
from rdflib import RDF, SH, XSD, BNode, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from .. import ontology, shapes
from ..ontology import BASE_IRI, PREFIXES
from .identity import IRIs
from .model import Problem, Severity

__all__ = [
    "FORMATS",
    "Report",
    "as_json",
    "as_report",
    "as_text",
    "validate_graph",
    "validate_rdf",
]

#: Between what is wrong and what to do, in every message of the shapes.
MEND = " Mend: "

#: The RDF formats by the ending of a file's name, before ".gz".
RDF_FORMATS = {
    ".json": RdfFormat.JSON_LD,
    ".jsonld": RdfFormat.JSON_LD,
    ".nq": RdfFormat.N_QUADS,
    ".nt": RdfFormat.N_TRIPLES,
    ".owl": RdfFormat.RDF_XML,
    ".rdf": RdfFormat.RDF_XML,
    ".trig": RdfFormat.TRIG,
    ".ttl": RdfFormat.TURTLE,
    ".xml": RdfFormat.RDF_XML,
}
#: What a file with another ending is tried as; TriG includes Turtle, N-Quads N-Triples.
_GUESSES = (RdfFormat.TRIG, RdfFormat.N_QUADS, RdfFormat.RDF_XML, RdfFormat.JSON_LD)

_REWRITE = "Correct the line, or write the file again with the program that made it."

_SEVERITIES: dict[Node | None, Severity] = {
    SH.Violation: "violation",
    SH.Warning: "warning",
    SH.Info: "info",
}
_RANK: dict[Severity, int] = {"violation": 0, "warning": 1, "info": 2}
_STRING = NamedNode(str(XSD.string))
_TYPE = NamedNode(str(RDF.type))


@dataclass(frozen=True, slots=True)
class Report:
    """What validation found: the problems, worst first, and the same as a SHACL report."""

    #: True where no problem is a violation.
    conforms: bool
    problems: tuple[Problem, ...]
    #: An sh:ValidationReport without blank nodes.
    graph: Graph


@contextmanager
def _quiet_literals() -> Iterator[None]:
    """Keep rdflib from logging a traceback for each ill-typed literal: the shapes report it."""
    logger = logging.getLogger("rdflib.term")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)


@_quiet_literals()
def validate_graph(data: Graph, base_iri: str = BASE_IRI) -> Report:
    """The report on a whole graph: the data with its vocabularies, below ``base_iri``."""
    store = Store()
    triples = data.serialize(format="nt", encoding="utf-8")
    store.bulk_load(triples, RdfFormat.N_TRIPLES, lenient=True)
    return _validate(data, store, base_iri)


@_quiet_literals()
def validate_rdf(path: str | Path, base_iri: str = BASE_IRI) -> tuple[Problem, ...]:
    """The problems of an RDF file, worst first; its named graphs are taken as one graph.

    The shipped vocabularies stand behind the file, except for the things it describes itself.
    Nothing is loaded from the network.
    """
    path = Path(path)
    try:
        store = _read(path, base_iri)
    except _Unreadable as error:
        return (error.problem,)
    named = {quad.subject.value for quad in store}
    described = {quad.subject for quad in store.quads_for_pattern(None, _TYPE, None, None)}
    if not any(_has_instance(store, cls) for cls in _our_classes(base_iri)):
        return (_nothing_checked(path, base_iri),)
    for name in ontology.turtle_names():
        quads = parse(ontology.turtle(name, base_iri), RdfFormat.TURTLE)
        store.extend(Quad(*q.triple) for q in quads if q.subject not in described)
    data = Graph()
    for quad in store:
        data.add((_to_rdflib(quad.subject), _to_rdflib(quad.predicate), _to_rdflib(quad.object)))
    problems = _validate(data, store, base_iri).problems
    ours = (p for p in problems if p.record.removeprefix("_:") in named)
    return tuple(replace(problem, file=str(path)) for problem in ours)


# Reading


class _Unreadable(Exception):
    """A file that gives no graph, with the problem to report."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


class _Lines(BytesIO):
    """Gives a parser its input line by line, so that ``line`` is the one it has come to.

    The RDF/XML parser does not say the line of an error.
    """

    def read(self, size: int | None = -1) -> bytes:
        return self.readline(size)

    @property
    def line(self) -> int:
        return self.getvalue().count(b"\n", 0, max(self.tell() - 1, 0)) + 1


def _read(path: Path, base_iri: str) -> Store:
    """The file's triples in one graph."""
    data = _bytes(path)
    ending = Path(path.name.lower().removesuffix(".gz")).suffix
    if ending in RDF_FORMATS:
        return _parse(data, RDF_FORMATS[ending], path, base_iri)
    for guess in _GUESSES:
        try:
            return _parse(data, guess, path, base_iri)
        except _Unreadable:
            continue
    raise _unreadable(
        path,
        None,
        "The file is not RDF in any format that oograph reads",
        f"Give the file the ending of its format: {', '.join(sorted(RDF_FORMATS))}.",
    )


def _bytes(path: Path) -> bytes:
    """The file's content, unpacked where it is gzip, without a byte order mark."""
    try:
        data = path.read_bytes()
        data = gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        what = f"The file is not whole gzip: {error}"
        raise _unreadable(path, None, what, "Copy or download the file again.") from error
    except OSError as error:
        what = f"The file cannot be read: {error.strerror}"
        raise _unreadable(path, None, what, "Check its name and who may read it.") from error
    return data.removeprefix(b"\xef\xbb\xbf")


def _parse(data: bytes, form: RdfFormat, path: Path, base_iri: str) -> Store:
    if form == RdfFormat.RDF_XML:
        _check_xml(data, path)
    else:
        _check_utf8(data, path)
    source = _Lines(data)
    store = Store()
    try:
        quads = parse(source, form, base_iri=base_iri, rename_blank_nodes=False)
        store.extend(Quad(*quad.triple) for quad in quads)
    except SyntaxError as error:
        if "LoadDocumentCallback" in error.msg:
            raise _remote_context(data, path) from error
        # JSON-LD is read ahead, so that where it has come to is not where the error is.
        line = error.lineno or (None if form == RdfFormat.JSON_LD else source.line)
        what = f"This is not valid {form.name}: {_detail(error.msg)}"
        raise _unreadable(path, line, what, _REWRITE) from error
    return store


def _check_utf8(data: bytes, path: Path) -> None:
    try:
        data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        what = f"The file is not UTF-8: byte 0x{data[error.start]:02x} begins no character"
        raise _unreadable(path, line, what, "Save the file as UTF-8.") from error


def _check_xml(data: bytes, path: Path) -> None:
    """Refuse what is not well-formed: the RDF/XML parser takes a file that breaks off."""
    try:
        expat.ParserCreate().Parse(data, True)
    except expat.ExpatError as error:
        what = f"This is not well-formed XML: {expat.ErrorString(error.code)}"
        raise _unreadable(path, error.lineno, what, _REWRITE) from error


def _remote_context(data: bytes, path: Path) -> _Unreadable:
    found = re.search(rb'"@(?:context|import)"\s*:\s*(?:\[\s*)?"([^"]*)"', data)
    line = data.count(b"\n", 0, found.start(1)) + 1 if found else None
    name = f"the context {found[1].decode()}" if found else "a context"
    what = f"The file needs {name} from the web, and oograph loads nothing from there"
    mend = "Copy the context into the file, or save the data in another format, such as Turtle."
    return _unreadable(path, line, what, mend)


def _detail(message: str) -> str:
    """A parser's message without the place, which the problem has beside it."""
    return re.sub(r"^Parser error (at|between) line [^:]*: ", "", message).rstrip(".")


def _unreadable(path: Path, line: int | None, what: str, mend: str) -> _Unreadable:
    return _Unreadable(Problem("violation", f"{what}.", mend, file=str(path), line=line))


def _our_classes(base_iri: str) -> list[NamedNode]:
    targets = set(_shapes_graph(base_iri).objects(None, SH.targetClass))
    return [NamedNode(str(c)) for c in targets if str(c).startswith(IRIs(base_iri).ontology)]


def _has_instance(store: Store, cls: NamedNode) -> bool:
    return next(store.quads_for_pattern(None, _TYPE, cls, None), None) is not None


def _nothing_checked(path: Path, base_iri: str) -> Problem:
    return Problem(
        "warning",
        "Nothing was checked: the file describes nothing of the classes of the oograph ontology, "
        f"{IRIs(base_iri).ontology}.",
        "Describe publications as oo:Publication and so on, or give a file that oograph wrote.",
        file=str(path),
    )


# Validating


def _validate(data: Graph, store: Store, base_iri: str) -> Report:
    """The report on ``data``, which ``store`` holds too: queries are 50 times as fast there."""
    core, queries = _prepared(base_iri)
    _, results, _ = pyshacl.validate(data, shacl_graph=core, inference="none", inplace=True)
    for query in queries:
        for triple in _query_results(query, store):
            results.add(triple)
    return _report(results, base_iri)


def _shapes_graph(base_iri: str) -> Graph:
    return Graph().parse(data=shapes.turtle(base_iri), format="turtle")


@dataclass(frozen=True, slots=True)
class _Query:
    """The query of a shape, for all nodes of its target classes at once."""

    text: str
    #: What every result says.
    said: Mapping[Node, Node]


@cache
def _prepared(base_iri: str) -> tuple[Graph, tuple[_Query, ...]]:
    """The shapes' core part for pySHACL, and their queries for the store.

    A property shape gets the targets of its node shape: pySHACL then takes it once with all its
    nodes, not once for each node. It would also run a query once for each node (at 0.5 ms), and
    0.40 fails on a value with a backslash. The results are the same where the query binds
    ``$this`` by a triple.
    """
    graph = _shapes_graph(base_iri)
    for node, shape in list(graph.subject_objects(SH.property)):
        graph.remove((node, SH.property, shape))
        for target in list(graph.objects(node, SH.targetClass)):
            graph.add((shape, SH.targetClass, target))
    queries = [
        _Query(
            _whole_query(graph, shape, query),
            {
                RDF.type: SH.ValidationResult,
                SH.resultMessage: _one(graph, shape, SH.message),
                SH.resultPath: _one(graph, shape, SH.path),
                SH.resultSeverity: graph.value(shape, SH.severity) or SH.Violation,
                SH.sourceConstraint: query,
                SH.sourceConstraintComponent: SH.SPARQLConstraintComponent,
                SH.sourceShape: shape,
            },
        )
        for shape, query in graph.subject_objects(SH.sparql)
    ]
    graph.remove((None, SH.sparql, None))
    return graph, tuple(queries)


def _query_results(query: _Query, store: Store) -> Iterator[tuple[Node, Node, Node]]:
    solutions = store.query(query.text)
    assert isinstance(solutions, QuerySolutions)
    with_value = "value" in {variable.value for variable in solutions.variables}
    for solution in solutions:
        result = BNode()
        yield from ((result, predicate, said) for predicate, said in query.said.items())
        yield result, SH.focusNode, _to_rdflib(solution["this"])
        if with_value:
            yield result, SH.value, _to_rdflib(solution["value"])


def _one(graph: Graph, subject: Node, predicate: Node) -> Node:
    found = graph.value(subject, predicate)
    assert found is not None, f"{subject} has no {predicate}"
    return found


def _whole_query(graph: Graph, shape: Node, query: Node) -> str:
    """A shape's query for all nodes of its target classes at once."""
    prefixes = [
        f"PREFIX {graph.value(each, SH.prefix)}: <{graph.value(each, SH.namespace)}>"
        for each in graph.objects(None, SH.declare)
    ]
    path = f"<{graph.value(shape, SH.path)}>"
    select = str(graph.value(query, SH.select)).replace("$PATH", path)
    classes = " ".join(f"<{target}>" for target in graph.objects(shape, SH.targetClass))
    head = "?this ?value" if "?value" in select.partition("WHERE")[0] else "?this"
    return "\n".join(
        [
            *prefixes,
            f"SELECT DISTINCT {head} WHERE {{",
            f"VALUES ?class {{ {classes} }} ?this a ?class .",
            f"{{ {select} }}",
            "}",
        ]
    )


def _to_rdflib(term: Any) -> Node:
    match term:
        case NamedNode():
            return URIRef(term.value)
        case BlankNode():
            return BNode(term.value)
    plain = term.language or term.datatype == _STRING
    datatype = None if plain else URIRef(term.datatype.value)
    return Literal(term.value, lang=term.language, datatype=datatype)


def _report(results: Graph, base_iri: str) -> Report:
    """The results in a fixed order, their blank nodes named after their place in it."""
    nodes = results.subjects(RDF.type, SH.ValidationResult)
    found = [(_problem(results, node), node) for node in nodes]
    found.sort(key=lambda pair: (_order(pair[0]), str(results.value(pair[1], SH.sourceShape))))
    problems = tuple(dict.fromkeys(problem for problem, _ in found))
    conforms = not any(problem.severity == "violation" for problem in problems)

    report = URIRef(f"{base_iri}report")
    names: dict[Node, URIRef] = {}
    graph = _new_report(report, conforms)
    for number, (_, node) in enumerate(found, 1):
        names[node] = URIRef(f"{report}#result-{number}")
        graph.add((report, SH.result, names[node]))
        for _, predicate, value in sorted(results.triples((node, None, None))):
            if isinstance(value, BNode) and value not in names:
                names[value] = URIRef(f"{report}#node-{len(names)}")
            graph.add((names[node], predicate, names.get(value, value)))
    return Report(conforms, problems, graph)


def _problem(results: Graph, node: Node) -> Problem:
    text = str(results.value(node, SH.resultMessage))
    message, _, remedy = text.partition(MEND)
    severity = _SEVERITIES[results.value(node, SH.resultSeverity)]
    focus, path, value = (
        _text(results.value(node, each)) for each in (SH.focusNode, SH.resultPath, SH.value)
    )
    remedy = remedy[:1].upper() + remedy[1:]
    return Problem(severity, message, remedy, record=focus, property=path, value=value)


def _text(node: Node | None) -> str:
    """A node as a problem shows it: an IRI or the words alone, "_:" before a blank node."""
    return "" if node is None else f"_:{node}" if isinstance(node, BNode) else str(node)


def _order(problem: Problem) -> tuple[int, str, str, str, str]:
    rank = _RANK[problem.severity]
    return (rank, problem.record, problem.property, problem.message, problem.value)


# Formatting


def as_text(problems: Sequence[Problem]) -> str:
    """The problems to read in a terminal: two or three lines each, and their number."""
    blocks = [
        "\n".join(
            [
                f"{problem.severity:<10} {_where(problem)}".rstrip(),
                f"           {problem.message}",
                *([f"           Mend: {problem.remedy}"] if problem.remedy else []),
            ]
        )
        for problem in problems
    ]
    return "\n\n".join([*blocks, _counts(problems)]) + "\n"


def _where(problem: Problem) -> str:
    place = f"{problem.file}:{problem.line}" if problem.line else problem.file
    value = problem.value if len(problem.value) <= 60 else f"{problem.value[:59]}…"
    parts = (place, problem.record, _curie(problem.property), f"“{value}”" if value else "")
    return "  ".join(part for part in parts if part)


def _curie(iri: str) -> str:
    """The property in short (``dcterms:title``) where its namespace has a prefix of ours."""
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri


def _counts(problems: Collection[Problem]) -> str:
    if not problems:
        return "No problems found."
    number = Counter(problem.severity for problem in problems)
    nouns: dict[Severity, str] = {"violation": "violation", "warning": "warning", "info": "hint"}
    return ", ".join(
        f"{number[severity]} {noun}{'' if number[severity] == 1 else 's'}"
        for severity, noun in nouns.items()
    )


def as_json(problems: Iterable[Problem]) -> str:
    """The problems as a JSON list of objects with the names of Problem's fields."""
    return json.dumps([asdict(problem) for problem in problems], ensure_ascii=False, indent=2)


def as_report(problems: Collection[Problem], base_iri: str = BASE_IRI) -> str:
    """The problems as an sh:ValidationReport in Turtle.

    A problem of a source file has oo:file, oo:line and oo:key where one of a graph has
    sh:focusNode, and the field's name in oo:fieldName where that has sh:resultPath.
    """
    oo = Namespace(IRIs(base_iri).ontology)
    report = URIRef(f"{base_iri}report")
    conforms = not any(problem.severity == "violation" for problem in problems)
    graph = _new_report(report, conforms)
    severities = {name: node for node, name in _SEVERITIES.items() if node is not None}
    for number, problem in enumerate(problems, 1):
        result = URIRef(f"{report}#result-{number}")
        text = f"{problem.message}{MEND}{problem.remedy}" if problem.remedy else problem.message
        said: list[tuple[Node, Node | None]] = [
            (RDF.type, SH.ValidationResult),
            (SH.resultSeverity, severities[problem.severity]),
            (SH.resultMessage, Literal(text, lang="en")),
            _iri_or(SH.focusNode, oo.key, problem.record),
            _iri_or(SH.resultPath, oo.fieldName, problem.property),
            (SH.value, Literal(problem.value) if problem.value else None),
            (oo.file, Literal(problem.file) if problem.file else None),
            (oo.line, Literal(problem.line) if problem.line else None),
        ]
        graph.add((report, SH.result, result))
        for predicate, value in said:
            if value is not None:
                graph.add((result, predicate, value))
    return graph.serialize(format="turtle")


def _iri_or(predicate: Node, otherwise: Node, text: str) -> tuple[Node, Node | None]:
    """``text`` as an IRI with the one property, or as words with the other."""
    if re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+", text):
        return predicate, URIRef(text)
    return otherwise, Literal(text) if text else None


def _new_report(report: URIRef, conforms: bool) -> Graph:
    graph = Graph()
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    graph.add((report, RDF.type, SH.ValidationReport))
    graph.add((report, SH.conforms, Literal(conforms)))
    return graph


#: The formats of ``oograph validate --format``.
FORMATS: dict[str, Callable[[Sequence[Problem]], str]] = {
    "json": as_json,
    "text": as_text,
    "turtle": as_report,
}
