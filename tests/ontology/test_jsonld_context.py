"""The JSON-LD context: one term a property, prefixes as everywhere, and nothing is lost."""

import json
import re
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import RDF, Dataset, Graph, URIRef

from oograph.ontology import BASE_IRI, PREFIXES, context, turtle, turtle_names

DATA_MODEL = Path(__file__).parents[2] / "docs" / "data-model.md"
CONTEXT = json.loads(context())["@context"]
TERMS = {
    name: definition
    for name, definition in CONTEXT.items()
    if name not in PREFIXES
    and name != "vann"
    and not name.startswith("@")
    and not str(definition).startswith("@")
}


def iri(definition: str | dict[str, str]) -> str:
    curie = definition if isinstance(definition, str) else definition["@id"]
    prefix, _, local = curie.partition(":")
    return f"{CONTEXT[prefix]}{local}"


PROPERTIES = {iri(definition): name for name, definition in TERMS.items()}


def used() -> set[str]:
    a = ox.NamedNode(RDF.type)
    quads = [q for name in turtle_names() for q in ox.parse(turtle(name), ox.RdfFormat.TURTLE)]
    return {q.object.value if q.predicate == a else q.predicate.value for q in quads}


def documented() -> set[str]:
    curies = set(re.findall(r"`(\w+):([A-Za-z]\w+)`", DATA_MODEL.read_text(encoding="utf-8")))
    return {PREFIXES[prefix] + local for prefix, local in curies if prefix in PREFIXES}


def test_it_has_our_prefixes() -> None:
    assert {name: CONTEXT[name] for name in PREFIXES} == PREFIXES
    assert (CONTEXT["id"], CONTEXT["type"]) == ("@id", "@type")


def test_a_property_has_one_term() -> None:
    assert not [name for name, count in Counter(map(iri, TERMS.values())).items() if count > 1]


def test_a_term_is_plain() -> None:
    """No container, language or default vocabulary, and nothing that JSON-LD 1.0 has not.

    RDF4J 3 and what else uses jsonld-java refuse "@version".
    """
    keys = {key for d in TERMS.values() if isinstance(d, dict) for key in d}
    assert keys == {"@id", "@type"}
    assert [key for key in CONTEXT if key.startswith("@")] == []


@pytest.mark.parametrize("predicate", sorted((used() | documented()) - {str(RDF.type)}))
def test_what_our_data_uses_has_a_term(predicate: str) -> None:
    assert predicate in PROPERTIES or predicate.startswith(PREFIXES["xsd"])


def test_another_base_leaves_nothing_of_ours() -> None:
    assert BASE_IRI not in context("http://localhost:8000/")


DOCUMENT = {
    "@context": CONTEXT,
    "id": f"{BASE_IRI}publication/a-2017-b",
    "type": ["Publication", "ConferencePaper"],
    "title": "B",
    "issued": "2017",
    "year": 2017,
    "moreAuthors": True,
    "creator": {"id": f"{BASE_IRI}person/a", "type": "Person", "name": "A"},
    "country": [f"{BASE_IRI}country/PK", f"{BASE_IRI}country/EU28"],
    "platform": f"{BASE_IRI}platform/upwork",
    "sameAs": "https://doi.org/10.1000/1",
    "isbn13": "9783319591117",
}
TRIPLES = f"""
@base <{BASE_IRI}> .
{"".join(f"@prefix {name}: <{space}> .{chr(10)}" for name, space in PREFIXES.items())}
<publication/a-2017-b> a oo:Publication , fabio:ConferencePaper ;
    dcterms:title "B" ; dcterms:issued "2017"^^xsd:gYear ; oo:year 2017 ; oo:moreAuthors true ;
    dcterms:creator <person/a> ; dcterms:spatial <country/PK> , <country/EU28> ;
    oo:platform <platform/upwork> ; schema:sameAs <https://doi.org/10.1000/1> ;
    bibo:isbn13 "9783319591117" .
<person/a> a oo:Person ; foaf:name "A" .
"""


def expected() -> set[str]:
    return {str(q.triple) for q in ox.parse(TRIPLES, format=ox.RdfFormat.TURTLE)}


def test_pyoxigraph_reads_a_document_written_by_hand() -> None:
    text = json.dumps(DOCUMENT)
    assert {str(q.triple) for q in ox.parse(text, format=ox.RdfFormat.JSON_LD)} == expected()


def test_rdflib_reads_a_document_written_by_hand() -> None:
    dataset = Dataset()
    dataset.parse(data=json.dumps(DOCUMENT), format="json-ld")
    found = {(s, p, o) for s, p, o, _ in dataset.quads()}
    assert found == set(Graph().parse(data=TRIPLES, format="turtle"))
    assert URIRef(f"{BASE_IRI}person/a") in {s for s, _, _ in found}
