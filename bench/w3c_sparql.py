"""Run the W3C's SPARQL 1.0 and 1.1 query test suites over HTTP against ``oograph serve``.

Usage: python bench/w3c_sparql.py FOLDER

FOLDER is ``sparql/`` in a copy of https://github.com/w3c/rdf-tests. Every data file is a named
graph of a release; the protocol's parameters give a test's dataset. A test that fails is repeated
with pyoxigraph in this process, to tell failures of the engine from those of the server. Prints
Markdown for docs/sparql-conformance.md.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import re
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
from parts.engines import Oograph

from oograph.graph.release import Release, write_facts
from oograph.graph.release.build import build
from oograph.graph.release.dumps import add_sums

SMALL = Path(__file__).parent.parent / "tests" / "fixtures" / "small"
MANIFESTS = (
    "sparql10/manifest-syntax.ttl",
    "sparql10/manifest-evaluation.ttl",
    "sparql11/manifest-sparql11-query.ttl",
    "sparql11/manifest-sparql11-results.ttl",
)
#: The base IRI of the suites' files; nothing is requested from it.
BASE = "http://w3c.example/sparql/"
_NOTHING = "http://w3c.example/nothing"
_MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
_QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
_RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_DATA = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".n3": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".rdf": ox.RdfFormat.RDF_XML,
}
_RESULTS = {
    ".srx": ox.QueryResultsFormat.XML,
    ".srj": ox.QueryResultsFormat.JSON,
    ".tsv": ox.QueryResultsFormat.TSV,
}
_NUMBERS = {
    f"{_XSD}{name}": read
    for name, read in (
        ("integer", Decimal),
        ("decimal", Decimal),
        ("double", float),
        ("float", float),
        ("boolean", lambda text: text in ("true", "1")),
    )
}
Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Solutions = list[Mapping[str, Term]]


@dataclass(frozen=True)
class Test:
    """One test of the suites; files are paths below FOLDER."""

    suite: str
    name: str
    kind: str
    query: str
    data: tuple[str, ...]
    named: tuple[str, ...]
    result: str
    #: Whether only the set of solutions counts, not how often each occurs.
    is_lax: bool


@dataclass(frozen=True)
class Reply:
    """An engine's answer: a body in a format, or an error message."""

    body: bytes
    media_type: str
    is_error: bool = False


Ask = Callable[[Test, str], Reply]


def main(folder: Path) -> None:
    """Run every test and print the results."""
    tests = [test for name in MANIFESTS for test in _tests(folder, name)]
    with tempfile.TemporaryDirectory() as out:
        release, graphs = _release(folder, Path(out))
        engine = Oograph(release, Path(out) / "run", 0)
        (Path(out) / "run").mkdir()
        store = ox.Store()
        store.extend(graphs)
        try:
            engine.start()
            outcomes = [_outcome(test, folder, engine.port, store) for test in tests]
        finally:
            engine.stop()
    _print(tests, outcomes)


def _outcome(test: Test, folder: Path, port: int, store: ox.Store) -> str:
    def over_http(test: Test, text: str) -> Reply:
        return _over_http(port, test, text)

    def bare(test: Test, text: str) -> Reply:
        return _bare(store, test, text)

    outcome = _judged(test, folder, over_http)
    if outcome == "fails":
        return "engine" if _judged(test, folder, bare) == "fails" else "server"
    return outcome


def _tests(folder: Path, manifest: str) -> Iterator[Test]:
    graph = _Graph.read(folder, manifest)
    for include in graph.members(graph.value(BASE + manifest, f"{_MF}include")):
        yield from _tests(folder, include.removeprefix(BASE))
    for entry in graph.members(graph.value(BASE + manifest, f"{_MF}entries")):
        kind = graph.value(entry, f"{_RDF}type").removeprefix(_MF)
        action = graph.value(entry, f"{_MF}action")
        query = graph.value(action, f"{_QT}query") or action
        if not kind.endswith(("SyntaxTest", "SyntaxTest11", "EvaluationTest", "FormatTest")):
            continue
        if "Update" in kind:
            continue
        yield Test(
            manifest.partition("/")[0],
            f"{manifest.split('/')[1]}/{entry.rpartition('#')[2]}",
            kind,
            query.removeprefix(BASE),
            graph.values(action, f"{_QT}data"),
            graph.values(action, f"{_QT}graphData"),
            graph.value(entry, f"{_MF}result").removeprefix(BASE),
            graph.value(entry, f"{_MF}resultCardinality") == f"{_MF}LaxCardinality",
        )


class _Graph:
    """A graph with strings as nodes: IRIs, ``_:`` with a label, or the values of literals."""

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        self._values: dict[tuple[str, str], list[str]] = defaultdict(list)
        for triple in triples:
            key = (_text(triple.subject), triple.predicate.value)
            self._values[key].append(_text(triple.object))

    @classmethod
    def read(cls, folder: Path, path: str) -> _Graph:
        quads = ox.parse(path=str(folder / path), format=_DATA[".ttl"], base_iri=BASE + path)
        return cls(quad.triple for quad in quads)

    def values(self, node: str, property: str) -> tuple[str, ...]:
        return tuple(self._values[node, property])

    def value(self, node: str, property: str) -> str:
        return next(iter(self._values[node, property]), "")

    def members(self, node: str) -> Iterator[str]:
        while node and node != f"{_RDF}nil":
            yield self.value(node, f"{_RDF}first")
            node = self.value(node, f"{_RDF}rest")


def _text(term: Term) -> str:
    if isinstance(term, ox.Triple):
        raise ValueError("the suites' manifests have no quoted triples")
    return f"_:{term.value}" if isinstance(term, ox.BlankNode) else term.value


def _release(folder: Path, out: Path) -> tuple[Release, list[ox.Quad]]:
    """A release that holds the data files, each in a graph named after the file."""
    quads: dict[ox.Quad, None] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.suffix not in _DATA or not name.startswith(("sparql10/", "sparql11/")):
            continue
        graph = ox.NamedNode(BASE + name)
        try:
            parsed = ox.parse(path=str(path), format=_DATA[path.suffix], base_iri=graph.value)
            answer = [(quad.subject, quad.predicate, quad.object) for quad in parsed]
        except (SyntaxError, ValueError) as error:
            print(f"skipping {name}: {error}", file=sys.stderr)
            continue
        # Blank nodes with the same label in two files are different nodes.
        mark = hashlib.sha256(name.encode()).hexdigest()[:8]
        for subject, predicate, value in answer:
            if isinstance(subject, ox.BlankNode):
                subject = ox.BlankNode(mark + subject.value)
            if isinstance(value, ox.BlankNode):
                value = ox.BlankNode(mark + value.value)
            quads[ox.Quad(subject, predicate, value, graph)] = None
    release = build(SMALL, out / "release").release
    text = "".join(f"{quad} .\n" for quad in quads)
    dumps = release.folder / "dumps"
    (dumps / "oograph.nq").write_text(text, encoding="utf-8")
    add_sums(dumps, ["oograph.nq"])
    digest = hashlib.sha256(text.encode()).hexdigest()
    release = replace(release, quads=len(quads), sha256=digest)
    write_facts(release, release.folder)
    return release, list(quads)


def _dataset(test: Test, text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The default graphs and the named graphs; none if the query has FROM."""
    if "EvaluationTest" in test.kind and re.search(r"^\s*FROM\b", text, re.I | re.M):
        return (), ()
    return test.data or (_NOTHING,), test.named


def _accept(test: Test) -> str:
    if test.result.endswith(".csv"):
        return "text/csv"
    if test.result.endswith(".tsv"):
        return "text/tab-separated-values"
    return "application/sparql-results+json, application/n-triples"


def _over_http(port: int, test: Test, text: str) -> Reply:
    default, named = _dataset(test, text)
    form = [("query", text), *(("default-graph-uri", iri) for iri in default)]
    form += [("named-graph-uri", iri) for iri in named]
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/sparql",
        urllib.parse.urlencode(form).encode(),
        {"Accept": _accept(test), "Content-Type": "application/x-www-form-urlencoded"},
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as reply:
            return Reply(reply.read(), reply.headers.get_content_type())
    except urllib.error.HTTPError as error:
        return Reply(error.read(), error.headers.get_content_type(), is_error=True)


def _bare(store: ox.Store, test: Test, text: str) -> Reply:
    default, named = _dataset(test, text)
    try:
        answer = store.query(
            text,
            default_graph=[*map(ox.NamedNode, default)] if default else None,
            named_graphs=[*map(ox.NamedNode, named)] if default else None,
        )
        if isinstance(answer, ox.QueryTriples):
            body = answer.serialize(format=ox.RdfFormat.N_TRIPLES)
            return Reply(body or b"", "application/n-triples")
        wanted = _accept(test).partition(",")[0]
        format = ox.QueryResultsFormat.from_media_type(wanted) or ox.QueryResultsFormat.JSON
        return Reply(answer.serialize(format=format) or b"", wanted)
    except (SyntaxError, ValueError, RuntimeError, OSError) as error:
        return Reply(str(error).encode(), "text/plain", is_error=True)


def _judged(test: Test, folder: Path, ask: Ask) -> str:
    """Return "passes", "by value" (numbers are written differently) or "fails"."""
    text = (folder / test.query).read_bytes().decode("utf-8", "surrogatepass")
    reply = ask(test, f"BASE <{BASE}{test.query}>\n{text}")
    if "Syntax" in test.kind:
        return "passes" if reply.is_error == ("Negative" in test.kind) else "fails"
    if reply.is_error:
        return "fails"
    if test.result.endswith(".csv"):
        expected = (folder / test.result).read_text(encoding="utf-8")
        return "passes" if _rows(expected) == _rows(reply.body.decode()) else "fails"
    expected_result = _expected(folder, test.result)
    answer = _answered(reply)
    for outcome, read in (("passes", _same), ("by value", _by_value)):
        if _equal(expected_result, answer, read, test.is_lax):
            return outcome
    return "fails"


def _rows(text: str) -> list[list[tuple[str, str]]]:
    """The rows and columns of a table, sorted; blank nodes have no label."""
    rows = csv.DictReader(io.StringIO(text))
    return sorted(
        sorted((name, "_:" if cell.startswith("_:") else cell) for name, cell in row.items())
        for row in rows
    )


Result = bool | set[ox.Triple] | Solutions


def _answered(reply: Reply) -> Result:
    if reply.media_type == "application/n-triples":
        return {quad.triple for quad in ox.parse(reply.body, ox.RdfFormat.N_TRIPLES)}
    format = ox.QueryResultsFormat.from_media_type(reply.media_type)
    return _solutions(ox.parse_query_results(reply.body, format=format))


def _solutions(result: object) -> Result:
    if isinstance(result, ox.QueryBoolean):
        return bool(result)
    assert isinstance(result, ox.QuerySolutions)
    names = [variable.value for variable in result.variables]
    return [{name: row[name] for name in names if row[name] is not None} for row in result]


def _expected(folder: Path, path: str) -> Result:
    suffix = Path(path).suffix
    if suffix in _RESULTS:
        return _solutions(ox.parse_query_results(path=str(folder / path), format=_RESULTS[suffix]))
    quads = ox.parse(path=str(folder / path), format=_DATA[suffix], base_iri=BASE + path)
    triples = {quad.triple for quad in quads}
    if not any(t.object == ox.NamedNode(f"{_RS}ResultSet") for t in triples):
        return triples
    by_subject: dict[Term, list[ox.Triple]] = defaultdict(list)
    for triple in triples:
        by_subject[triple.subject].append(triple)

    def objects(node: Term, name: str) -> list[Term]:
        return [t.object for t in by_subject[node] if t.predicate.value == f"{_RS}{name}"]

    (root,) = (t.subject for t in triples if t.object == ox.NamedNode(f"{_RS}ResultSet"))
    if truth := objects(root, "boolean"):
        return _text(truth[0]) == "true"
    return [
        {
            _text(objects(binding, "variable")[0]): objects(binding, "value")[0]
            for binding in objects(solution, "binding")
        }
        for solution in objects(root, "solution")
    ]


def _equal(one: Result, other: Result, read: Callable[[Term], Term], is_lax: bool) -> bool:
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if is_lax and isinstance(one, list) and isinstance(other, list):
        first, second = (
            {tuple(sorted((name, str(term)) for name, term in row.items())) for row in rows}
            for rows in (one, other)
        )
        return first == second and len(first) <= len(other) <= len(one)
    return _canonical(one, read) == _canonical(other, read)


def _canonical(result: set[ox.Triple] | Solutions, read: Callable[[Term], Term]) -> ox.Dataset:
    """A graph, or solutions as a graph (a blank node each), with canonical blank nodes."""
    quads = []
    if isinstance(result, set):
        for t in result:
            quads.append(ox.Quad(t.subject, t.predicate, read(t.object)))
    else:
        for row in result:
            node = ox.BlankNode()
            quads.append(ox.Quad(node, ox.NamedNode(_RS), ox.Literal("row")))
            for name, term in row.items():
                quads.append(ox.Quad(node, ox.NamedNode(f"{_RS}{name}"), read(term)))
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return dataset


def _same(term: Term) -> Term:
    return term


def _by_value(term: Term) -> Term:
    """A number as its value, and a UTC date with "Z"."""
    if isinstance(term, ox.Literal) and term.datatype.value == f"{_XSD}date":
        return ox.Literal(term.value.replace("+00:00", "Z"), datatype=term.datatype)
    if isinstance(term, ox.Literal) and term.datatype.value in _NUMBERS:
        try:
            return ox.Literal(str(float(_NUMBERS[term.datatype.value](term.value))))
        except (ValueError, ArithmeticError):
            return term
    return term


def _print(tests: Sequence[Test], outcomes: Sequence[str]) -> None:
    print("| suite | tests | pass | pass by value | fail in the engine | fail in the server |")
    print("|---|---:|---:|---:|---:|---:|")
    by_suite: dict[str, Counter[str]] = defaultdict(Counter)
    for test, outcome in zip(tests, outcomes, strict=True):
        by_suite[test.suite][outcome] += 1
    by_suite["both"] = sum(by_suite.values(), Counter())
    for suite, counts in by_suite.items():
        cells = [counts.total(), *(counts[n] for n in ("passes", "by value", "engine", "server"))]
        print(f"| {suite} | {' | '.join(map(str, cells))} |")
    for whose in ("engine", "server"):
        failed = [t for t, outcome in zip(tests, outcomes, strict=True) if outcome == whose]
        if failed:
            print(f"\nFailed in the {whose}:\n")
        for test in failed:
            print(f"- `{test.suite}/{test.name}` ({test.kind})")
    print(json.dumps({"pyoxigraph": ox.__version__}), file=sys.stderr)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    main(parser.parse_args().folder)
