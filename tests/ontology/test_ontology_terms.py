"""The ontology: every term is documented, and it and docs/data-model.md name the same ones."""

import re
from itertools import combinations
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import DC, DCTERMS, OWL, RDF, RDFS, SKOS, BNode, Graph, Literal, Namespace, URIRef

from oograph.graph.iris import GRAPHS
from oograph.ontology import BASE_IRI, PREFIXES, turtle, turtle_names

DATA_MODEL = Path(__file__).parents[2] / "docs" / "data-model.md"
OO = Namespace(PREFIXES["oo"])
ONTOLOGY = URIRef(f"{BASE_IRI}ontology")
VANN = Namespace("http://purl.org/vocab/vann/")
GRAPH = Graph().parse(data=turtle("oograph.ttl"), format="turtle")
TERMS = sorted(
    (t for t in set(GRAPH.subjects()) if str(t).startswith(OO) and isinstance(t, URIRef)), key=str
)
#: What OWL 2 RL can say in single triples (https://www.w3.org/TR/owl2-profiles/#OWL_2_RL).
AXIOMS = {
    RDF.type,
    RDFS.domain,
    RDFS.range,
    RDFS.subClassOf,
    RDFS.subPropertyOf,
    OWL.disjointWith,
}
#: The kinds a node can have only one of.
KINDS = ("Country", "Organization", "Person", "Platform", "Publication", "Region", "Topic", "Venue")


def test_the_data_model_says_of_the_named_graphs_what_their_pages_say() -> None:
    rows = re.findall(r"^\| `graph/(\w+)` \| (.*) \|$", DATA_MODEL.read_text("utf-8"), re.MULTILINE)
    held = {name: f"{text[:1].upper()}{text[1:]}." for name, text in rows}
    assert held == GRAPHS


def local(term: URIRef) -> str:
    return str(term).removeprefix(str(OO))


@pytest.mark.parametrize("name", turtle_names())
def test_two_parsers_read_the_same_triples(name: str) -> None:
    ours = {str(q.triple) for q in ox.parse(turtle(name), format=ox.RdfFormat.TURTLE)}
    theirs = Graph().parse(data=turtle(name), format="turtle").serialize(format="nt")
    again = {str(q.triple) for q in ox.parse(theirs, format=ox.RdfFormat.N_TRIPLES)}
    assert ours == again and ours


@pytest.mark.parametrize("name", turtle_names())
def test_there_are_no_blank_nodes(name: str) -> None:
    graph = Graph().parse(data=turtle(name), format="turtle")
    assert not [t for triple in graph for t in triple if isinstance(t, BNode)]


@pytest.mark.parametrize("name", turtle_names())
def test_another_base_leaves_nothing_of_ours(name: str) -> None:
    assert BASE_IRI not in turtle(name, "http://localhost:8000/")


@pytest.mark.parametrize("term", TERMS, ids=local)
@pytest.mark.parametrize("predicate", [RDFS.label, SKOS.definition, SKOS.example])
def test_every_term_is_explained_in_english(term: URIRef, predicate: URIRef) -> None:
    texts = list(GRAPH.objects(term, predicate))
    assert [isinstance(t, Literal) and t.language for t in texts] == ["en"]
    assert str(texts[0]).strip()


@pytest.mark.parametrize("term", TERMS, ids=local)
def test_every_term_has_one_type_and_leads_to_the_ontology(term: URIRef) -> None:
    kinds = [OWL.Class] if local(term)[0].isupper() else [OWL.ObjectProperty, OWL.DatatypeProperty]
    types = list(GRAPH.objects(term, RDF.type))
    assert len(types) == 1 and types[0] in kinds
    assert list(GRAPH.objects(term, RDFS.isDefinedBy)) == [ONTOLOGY]


def test_the_data_model_and_the_ontology_name_the_same_terms() -> None:
    documented = set(re.findall(r"\boo:(\w+)", DATA_MODEL.read_text(encoding="utf-8")))
    assert documented == {local(term) for term in TERMS}


def test_the_header_says_what_it_is_and_which_version() -> None:
    assert (ONTOLOGY, RDF.type, OWL.Ontology) in GRAPH
    version = str(GRAPH.value(ONTOLOGY, OWL.versionInfo))
    assert str(GRAPH.value(ONTOLOGY, OWL.versionIRI)) == f"{ONTOLOGY}/{version}"
    licence = URIRef("https://creativecommons.org/licenses/by/4.0/")
    assert GRAPH.value(ONTOLOGY, DCTERMS.license) == licence
    for predicate in (DCTERMS.title, DCTERMS.description, DC.creator, DC.publisher):
        assert GRAPH.value(ONTOLOGY, predicate), predicate
    assert str(GRAPH.value(ONTOLOGY, VANN.preferredNamespacePrefix)) == "oo"
    assert str(GRAPH.value(ONTOLOGY, VANN.preferredNamespaceUri)) == str(OO)


def test_every_owl_axiom_is_one_that_the_rl_profile_allows() -> None:
    logical = {p for p in GRAPH.predicates() if str(p).startswith((str(OWL), str(RDFS), str(RDF)))}
    described = {RDFS.label, RDFS.comment, RDFS.isDefinedBy, RDFS.seeAlso}
    described |= {OWL.versionIRI, OWL.versionInfo}
    assert logical - described <= AXIOMS


def test_what_an_axiom_names_is_declared_as_owl_2_asks() -> None:
    """By https://www.w3.org/TR/owl2-syntax/#Typing_Constraints_of_OWL_2_DL."""
    built_in = tuple(PREFIXES[name] for name in ("rdf", "rdfs", "owl", "xsd"))
    above = {*GRAPH.objects(None, RDFS.subClassOf), *GRAPH.objects(None, RDFS.subPropertyOf)}
    beside = {
        *GRAPH.objects(None, RDFS.domain),
        *GRAPH.objects(None, RDFS.range),
        *GRAPH.predicates(),
    }
    named = above | {term for term in beside if not str(term).startswith(built_in)}
    assert [term for term in sorted(named, key=str) if (term, RDF.type, None) not in GRAPH] == []
    for below, term in GRAPH.subject_objects(RDFS.subPropertyOf):
        assert GRAPH.value(term, RDF.type) == GRAPH.value(below, RDF.type)


def test_the_header_has_literals_where_they_may_stand() -> None:
    """dcterms:creator and dcterms:publisher are for agents with IRIs."""
    for agents in (DCTERMS.creator, DCTERMS.publisher):
        assert not [o for o in GRAPH.objects(None, agents) if isinstance(o, Literal)]


@pytest.mark.parametrize("term", TERMS, ids=local)
def test_what_a_term_refers_to_in_our_namespace_exists(term: URIRef) -> None:
    inside = {o for o in GRAPH.objects(term) if str(o).startswith(str(OO))}
    assert inside <= set(TERMS)


@pytest.mark.parametrize(("one", "other"), list(combinations(KINDS, 2)))
def test_kinds_that_must_not_mix_are_disjoint(one: str, other: str) -> None:
    stated = {(OO[one], OO[other]), (OO[other], OO[one])} & set(
        GRAPH.subject_objects(OWL.disjointWith)
    )
    a_platform_may_be_a_firm = {one, other} == {"Organization", "Platform"}
    assert len(stated) == (0 if a_platform_may_be_a_firm else 1)


@pytest.mark.parametrize(
    ("term", "superclass"),
    [
        ("Publication", "http://purl.org/ontology/bibo/Document"),
        ("Publication", "http://purl.org/spar/fabio/Expression"),
        ("Publication", "https://schema.org/CreativeWork"),
        ("Platform", "https://schema.org/Organization"),
        ("Platform", "https://schema.org/WebSite"),
        ("Country", "https://schema.org/Country"),
        ("Person", "http://xmlns.com/foaf/0.1/Person"),
        ("Organization", "http://www.w3.org/ns/org#Organization"),
        ("Authorship", "https://schema.org/Role"),
        ("SourceRecord", "http://www.w3.org/ns/prov#Entity"),
        ("StatedField", "http://www.w3.org/ns/prov#Entity"),
    ],
)
def test_the_alignment_with_other_vocabularies(term: str, superclass: str) -> None:
    assert (OO[term], RDFS.subClassOf, URIRef(superclass)) in GRAPH
