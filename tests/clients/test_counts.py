"""Every number in a description is the one that a query counts."""

from urllib.parse import urlencode

import pandas
import pytest
import rdflib
from rdflib.namespace import VOID

SD = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")


def ask(site: str, query: str) -> pandas.DataFrame:
    parameters = urlencode({"query": query, "format": "csv"})
    return pandas.read_csv(f"{site}sparql?{parameters}")


def count(site: str, pattern: str, what: str = "*") -> int:
    return int(ask(site, f"SELECT (COUNT({what}) AS ?n) WHERE {{ {pattern} }}")["n"][0])


def number_of(graph: rdflib.Graph, node: rdflib.Node | None, property: rdflib.Node) -> int:
    number = graph.value(node, property)
    assert isinstance(number, rdflib.Literal)
    return int(number)


@pytest.fixture(scope="module")
def void(site: str) -> rdflib.Graph:
    return rdflib.Graph().parse(f"{site}.well-known/void", format="turtle")


@pytest.fixture(scope="module")
def dataset(site: str) -> rdflib.URIRef:
    return rdflib.URIRef(f"{site}.well-known/void#dataset")


def test_the_numbers_of_the_dataset(site: str, void: rdflib.Graph, dataset: rdflib.URIRef) -> None:
    expected = {
        VOID.triples: count(site, "?s ?p ?o"),
        VOID.entities: count(site, "?s a ?class", "DISTINCT ?s"),
        VOID.distinctSubjects: count(site, "?s ?p ?o", "DISTINCT ?s"),
        VOID.classes: count(site, "?s a ?class", "DISTINCT ?class"),
        VOID.properties: count(site, "?s ?p ?o", "DISTINCT ?p"),
    }
    if (dataset, VOID.distinctObjects, None) in void:
        expected[VOID.distinctObjects] = count(site, "?s ?p ?o", "DISTINCT ?o")
    found = {name: number_of(void, dataset, name) for name in expected}
    assert found == expected


@pytest.mark.parametrize(
    ("partition", "name", "number", "query"),
    [
        (
            VOID.classPartition,
            VOID["class"],
            VOID.entities,
            "SELECT ?x (COUNT(DISTINCT ?s) AS ?n) WHERE { ?s a ?x } GROUP BY ?x",
        ),
        (
            VOID.propertyPartition,
            VOID.property,
            VOID.triples,
            "SELECT ?x (COUNT(*) AS ?n) WHERE { ?s ?x ?o } GROUP BY ?x",
        ),
    ],
    ids=["classes", "properties"],
)
def test_partitions(site, void, dataset, partition, name, number, query) -> None:
    found = {
        str(void.value(part, name)): number_of(void, part, number)
        for part in void.objects(dataset, partition)
    }
    assert found == dict(ask(site, query).itertuples(index=False, name=None))


def test_the_graph_says_of_itself_what_the_file_says(
    site: str, void: rdflib.Graph, dataset: rdflib.URIRef
) -> None:
    numbers = f"SELECT ?p ?o WHERE {{ GRAPH ?g {{ <{dataset}> ?p ?o }} FILTER(isNumeric(?o)) }}"
    inside = dict(ask(site, numbers).itertuples(index=False, name=None))
    outside = {
        str(p): o.toPython()
        for p, o in void.predicate_objects(dataset)
        if isinstance(o, rdflib.Literal)
    }
    assert inside and inside.items() <= outside.items()


def test_linksets(site: str, void: rdflib.Graph, dataset: rdflib.URIRef) -> None:
    linksets = list(void.objects(dataset, VOID.subset))
    assert len(linksets) > 5
    for linkset in linksets:
        triples = number_of(void, linkset, VOID.triples)
        dump = rdflib.Graph().parse(f"{site}dumps/linkset-{str(linkset).rpartition('/')[2]}.ttl")
        predicates = set(void.objects(linkset, VOID.linkPredicate))
        links = {t for t in dump if t[1] in predicates}
        assert len(links) == triples, linkset


def test_the_service_description(site: str) -> None:
    graph = rdflib.Graph().parse(f"{site}sparql", format="turtle")
    (default,) = graph.objects(None, SD.defaultGraph)
    assert number_of(graph, default, VOID.triples) == count(site, "?s ?p ?o")
    sizes = {
        str(graph.value(named, SD.name)): number_of(
            graph, graph.value(named, SD.graph), VOID.triples
        )
        for named in graph.objects(None, SD.namedGraph)
    }
    query = "SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
    assert sizes == dict(ask(site, query).itertuples(index=False, name=None))


def test_fragments(site: str) -> None:
    everything = rdflib.Dataset()
    everything.parse(f"{site}fragments", format="trig")
    totals = {int(str(o)) for _, _, o, _ in everything.quads((None, VOID.triples, None, None))}
    assert count(site, "?s ?p ?o") in totals


def test_the_home_page(site: str) -> None:
    import re
    from urllib.request import Request, urlopen

    page = urlopen(Request(site, headers={"Accept": "text/html"})).read().decode()
    # of persons, who may be likely the same, their names
    number = r'browse\?class=([a-z-]+)"><b>(?:<small>about</small> [\d,]+</b> people \()?([\d,]+)'
    numbers = re.findall(number, page)
    broader = "<http://www.w3.org/2004/02/skos/core#broader>*"
    pointing = {
        "platform": f"<{site}ontology#platform>/{broader}",
        "person": "<http://purl.org/dc/terms/creator>",
    }
    classes = {"publication": "Publication", "platform": "Platform", "person": "Person"}
    counted = {path: int(number.replace(",", "")) for path, number in numbers}
    kinds = re.search(r"</b> platforms of (\d+) kinds", page)
    counted["platform"] += int(kinds[1]) if kinds else 0
    for path, name in classes.items():
        pattern = f"?s a <{site}ontology#{name}>"
        if path in pointing:  # things that no work has are not counted
            pattern += f" . ?w a <{site}ontology#Publication> ; {pointing[path]} ?s"
        assert counted[path] == count(site, pattern, "DISTINCT ?s"), path
