"""The endpoint's description of itself (https://www.w3.org/TR/sparql11-service-description/)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

import pyoxigraph as ox

from ...graph.formats import RDF, RESULTS
from ...graph.iris import GRAPHS, expand
from ...graph.store.answers import Limits
from ..web.site import Site

_SD = "http://www.w3.org/ns/sparql-service-description#"
#: What each limit is counted in.
UNITS = {
    "seconds": "seconds a query may run",
    "result_bytes": "bytes an answer may have",
    "query_characters": "characters a query and the IRIs of its graphs may have",
    "nesting": "brackets that may be open at once",
    "memory_bytes": "bytes of memory a query may use",
    "workers": "queries of visitors that run at once",
    "queue": "queries that may wait",
    "client_queries": "queries of one client, or its equal part of all, while others wait",
}

_PEAK = "bytes of memory that the whole service takes, at most"


def describe(site: Site) -> Iterator[ox.Triple]:
    """What the running service offers, in triples."""
    endpoint = site.absolute("sparql")
    yield _triple(endpoint, "rdf:type", _node(f"{_SD}Service"))
    yield _triple(endpoint, "sd:endpoint", _node(endpoint))
    yield _triple(endpoint, "sd:supportedLanguage", _node(f"{_SD}SPARQL11Query"))
    yield _triple(endpoint, "sd:feature", _node(f"{_SD}UnionDefaultGraph"))
    if site.store.service_hosts:
        yield _triple(endpoint, "sd:feature", _node(f"{_SD}BasicFederatedQuery"))
    for format in (*RESULTS.values(), *RDF.values()):
        yield _triple(endpoint, "sd:resultFormat", _node(format.iri))
    yield _triple(endpoint, "sd:defaultDataset", _node(f"{endpoint}#dataset"))
    yield from _dataset(site, endpoint)
    yield from _limits(endpoint, site.store.limits)
    if site.memory:
        yield from _limit(endpoint, "peak_memory_bytes", site.memory.total, _PEAK)


def _dataset(site: Site, endpoint: str) -> Iterator[ox.Triple]:
    """The dataset, its graphs and their sizes (https://www.w3.org/TR/void/)."""
    release = site.release
    data, graph = f"{endpoint}#dataset", f"{endpoint}#default-graph"
    for kind in (f"{_SD}Dataset", expand("void:Dataset")):
        yield _triple(data, "rdf:type", _node(kind))
    yield _triple(data, "owl:versionInfo", ox.Literal(release.version))
    yield _triple(data, "void:sparqlEndpoint", _node(endpoint))
    yield _triple(data, "void:triples", ox.Literal(release.triples))
    for path in sorted((release.folder / "dumps").glob("oograph.*")):
        yield _triple(data, "void:dataDump", _node(site.absolute(f"dumps/{path.name}")))
    yield _triple(data, "rdfs:seeAlso", _node(site.absolute(".well-known/void")))
    yield _triple(data, "sd:defaultGraph", _node(graph))
    yield _triple(graph, "rdf:type", _node(f"{_SD}Graph"))
    yield _triple(graph, "void:triples", ox.Literal(release.triples))
    for name, count in sorted(release.classes.items()):
        partition = f"{endpoint}#class-{name}"
        yield _triple(graph, "void:classPartition", _node(partition))
        yield _triple(partition, "void:class", _node(expand(f"oo:{name}", release.base_iri)))
        yield _triple(partition, "void:entities", ox.Literal(count))
    sizes = site.works.graph_sizes
    for name in GRAPHS:
        named, iri = f"{endpoint}#graph-{name}", site.iris.graph(name)
        if iri not in sizes:
            continue
        inside = f"{endpoint}#graph-{name}-content"
        yield _triple(data, "sd:namedGraph", _node(named))
        yield _triple(named, "rdf:type", _node(f"{_SD}NamedGraph"))
        yield _triple(named, "sd:name", _node(iri))
        yield _triple(named, "sd:graph", _node(inside))
        yield _triple(inside, "rdf:type", _node(f"{_SD}Graph"))
        yield _triple(inside, "void:triples", ox.Literal(sizes[iri]))


def _limits(endpoint: str, limits: Limits) -> Iterator[ox.Triple]:
    """The limits, as the properties of a thing that has no better word for them."""
    for field in fields(limits):
        yield from _limit(endpoint, field.name, getattr(limits, field.name), UNITS[field.name])


def _limit(endpoint: str, name: str, most: float, unit: str) -> Iterator[ox.Triple]:
    limit = f"{endpoint}#limit-{name.replace('_', '-')}"
    yield _triple(endpoint, "schema:additionalProperty", _node(limit))
    yield _triple(limit, "rdf:type", _node(expand("schema:PropertyValue")))
    yield _triple(limit, "schema:name", ox.Literal(name))
    yield _triple(limit, "schema:maxValue", ox.Literal(most))
    yield _triple(limit, "schema:unitText", ox.Literal(unit))


def _triple(subject: str, name: str, value: ox.NamedNode | ox.Literal) -> ox.Triple:
    property = name.replace("sd:", _SD) if name.startswith("sd:") else expand(name)
    return ox.Triple(_node(subject), _node(property), value)


def _node(iri: str) -> ox.NamedNode:
    return ox.NamedNode(iri)
