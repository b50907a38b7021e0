"""Validate a release as a process of its own; print seconds, results and digests of them.

Run in bench/: python -m parts.validate_release RELEASE PROGRAM
"""

from __future__ import annotations

import hashlib
import sys
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox
import pyshacl
from rdflib import RDF, SH, Graph

from oograph import shapes
from oograph.graph.rdf.prepared import rdflib_graph
from oograph.graph.rdf.validate import validate_quads
from oograph.graph.release import Release, open_release

#: The properties by which results are compared, in any order.
_SAID = (
    SH.focusNode,
    SH.resultPath,
    SH.value,
    SH.sourceConstraintComponent,
    SH.resultSeverity,
)


def _oograph(release: Release) -> Graph:
    dump = release.folder / "dumps" / "oograph.nq"
    quads = ox.parse(path=str(dump), format=ox.RdfFormat.N_QUADS)
    return rdflib_graph(validate_quads(quads, release.base_iri).triples())


def _pyshacl(release: Release, with_queries: bool = True) -> Graph:
    data, shape_graph = Graph(), Graph()
    data.parse(release.folder / "dumps" / "oograph.nt", format="nt")
    shape_graph.parse(data=shapes.turtle(release.base_iri), format="turtle")
    if not with_queries:
        shape_graph.remove((None, SH.sparql, None))
    return pyshacl.validate(data, shacl_graph=shape_graph, inference="none")[1]  # type: ignore[no-any-return]


def _pyshacl_core(release: Release) -> Graph:
    return _pyshacl(release, with_queries=False)


#: Programs by their name in the table.
_PROGRAMS = {
    "oograph": _oograph,
    "pySHACL": _pyshacl,
    "pySHACL without SPARQL": _pyshacl_core,
}


def _digest(results: Iterable[tuple[str, ...]]) -> str:
    counted = sorted(Counter(results).items())
    return hashlib.sha256(repr(counted).encode()).hexdigest()[:12]


def _results(graph: Graph) -> list[tuple[str, ...]]:
    nodes = graph.subjects(RDF.type, SH.ValidationResult)
    return [tuple(str(graph.value(node, said)) for said in _SAID) for node in nodes]


if __name__ == "__main__":
    folder, chosen = sys.argv[1:]
    begin = time.perf_counter()
    report = _PROGRAMS[chosen](open_release(Path(folder)))
    elapsed = time.perf_counter() - begin
    results = _results(report)
    core = [result for result in results if str(SH.SPARQLConstraintComponent) not in result]
    print(elapsed, len(results), _digest(results), _digest(core))
