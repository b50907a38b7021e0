"""The endpoint's description of itself (https://www.w3.org/TR/sparql11-service-description/)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

import pyoxigraph as ox

from ...graph.formats import RDF, RESULTS
from ...graph.iris import GRAPHS, expand
from ...graph.store.answers import Limits
from ..web.site import Site
from ..web.triples import triple

#: The unit of each limit.
UNITS = {
    "seconds": "seconds a query may run",
    "result_bytes": "bytes an answer may have",
    "query_characters": "characters a query and the IRIs of its graphs may have",
    "nesting": "brackets that may be open at once",
    "memory_bytes": "bytes of memory a query may use",
    "workers": "visitors' queries that run at once",
    "queue": "queries that may wait",
    "client_queries": "queries of one client, or its equal share if more, while others wait",
}

_PEAK = "bytes of memory that the whole service takes at most"


def describe(site: Site) -> Iterator[ox.Triple]:
    """Describe the running service in triples."""
    endpoint = site.absolute("sparql")
    yield triple(endpoint, "rdf:type", expand("sd:Service"))
    yield triple(endpoint, "sd:endpoint", endpoint)
    yield triple(endpoint, "sd:supportedLanguage", expand("sd:SPARQL11Query"))
    yield triple(endpoint, "sd:feature", expand("sd:UnionDefaultGraph"))
    if site.store.service_hosts:
        yield triple(endpoint, "sd:feature", expand("sd:BasicFederatedQuery"))
    for format in (*RESULTS.values(), *RDF.values()):
        yield triple(endpoint, "sd:resultFormat", format.iri)
    yield triple(endpoint, "sd:defaultDataset", f"{endpoint}#dataset")
    yield from _dataset(site, endpoint)
    yield from _limits(endpoint, site.store.limits)
    if site.memory:
        yield from _limit(endpoint, "peak_memory_bytes", site.memory.total, _PEAK)


def _dataset(site: Site, endpoint: str) -> Iterator[ox.Triple]:
    """Describe the dataset, its graphs and their sizes (https://www.w3.org/TR/void/)."""
    release = site.release
    data, graph = f"{endpoint}#dataset", f"{endpoint}#default-graph"
    for kind in (expand("sd:Dataset"), expand("void:Dataset")):
        yield triple(data, "rdf:type", kind)
    yield triple(data, "owl:versionInfo", ox.Literal(release.version))
    yield triple(data, "void:sparqlEndpoint", endpoint)
    yield triple(data, "void:triples", release.triples)
    for path in sorted((release.folder / "dumps").glob("oograph.*")):
        yield triple(data, "void:dataDump", site.absolute(f"dumps/{path.name}"))
    yield triple(data, "rdfs:seeAlso", site.absolute(".well-known/void"))
    yield triple(data, "sd:defaultGraph", graph)
    yield triple(graph, "rdf:type", expand("sd:Graph"))
    yield triple(graph, "void:triples", release.triples)
    for name, count in sorted(release.classes.items()):
        partition = f"{endpoint}#class-{name}"
        yield triple(graph, "void:classPartition", partition)
        yield triple(partition, "void:class", expand(f"oo:{name}", release.base_iri))
        yield triple(partition, "void:entities", count)
    sizes = site.works.graph_sizes
    for name, holds in GRAPHS.items():
        named, iri = f"{endpoint}#graph-{name}", site.iris.graph(name)
        if iri not in sizes:
            continue
        inside = f"{endpoint}#graph-{name}-content"
        yield triple(data, "sd:namedGraph", named)
        yield triple(named, "rdf:type", expand("sd:NamedGraph"))
        yield triple(named, "sd:name", iri)
        yield triple(named, "sd:graph", inside)
        yield triple(inside, "rdf:type", expand("sd:Graph"))
        yield triple(inside, "dcterms:description", ox.Literal(holds, language="en"))
        yield triple(inside, "void:triples", sizes[iri])


def _limits(endpoint: str, limits: Limits) -> Iterator[ox.Triple]:
    """Describe the limits as generic properties, because no vocabulary has terms for them."""
    for field in fields(limits):
        yield from _limit(endpoint, field.name, getattr(limits, field.name), UNITS[field.name])


def _limit(endpoint: str, name: str, most: float, unit: str) -> Iterator[ox.Triple]:
    limit = f"{endpoint}#limit-{name.replace('_', '-')}"
    yield triple(endpoint, "schema:additionalProperty", limit)
    yield triple(limit, "rdf:type", expand("schema:PropertyValue"))
    yield triple(limit, "schema:name", ox.Literal(name))
    yield triple(limit, "schema:maxValue", ox.Literal(most))
    yield triple(limit, "schema:unitText", ox.Literal(unit))
