"""Properties that nothing of the class has that a query asks them of: the page says so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oograph.ontology import PREFIXES, prefixes, questions
from oograph.server.editor.completion import Vocabulary, vocabulary
from oograph.server.editor.missing_properties import missing_properties
from oograph.server.editor.triple_patterns import triple_patterns

BASE = "https://w3id.org/oograph/"
PROLOGUE = "".join(
    f"PREFIX {prefix}: <{PREFIXES[prefix]}>\n"
    for prefix in ("oo", "dcterms", "foaf", "rdf", "rdfs", "skos", "xsd")
)


@pytest.fixture(scope="module")
def shipped(shipped_release) -> Vocabulary:
    void = (shipped_release.folder / "void.ttl").read_bytes()
    return vocabulary(void, f"{BASE}.well-known/void#dataset", BASE)


def missing(shipped: Vocabulary, query: str) -> list[tuple[str, str, str]]:
    named = missing_properties(query, shipped, prefixes(BASE))
    return [(each.name, each.reason, each.meant) for each in named]


@pytest.mark.parametrize(
    ("pattern", "name", "of", "meant"),
    [
        ("?p a oo:Platform ; rdfs:label ?l", "rdfs:label", "oo:Platform", "skos:prefLabel"),
        ("?p rdfs:label ?l . ?p rdf:type oo:Platform", "rdfs:label", "oo:Platform", None),
        ("?w oo:platform ?p . ?p dcterms:title ?l", "dcterms:title", "oo:Platform", None),
        ("?w dcterms:creator ?a OPTIONAL { ?a skos:prefLabel ?n }", "skos:prefLabel", None, None),
        ("?w a oo:Publication ; foaf:name ?n", "foaf:name", "oo:Publication", "dcterms:title"),
        ("?p a oo:Platform ; oo:year ?y", "oo:year", "oo:Platform", ""),
        (f"?p a <{BASE}ontology#Venue> ; oo:platform ?y", "oo:platform", "oo:Venue", ""),
    ],
)
def test_what_no_thing_of_the_class_has_is_named(shipped, pattern, name, of, meant) -> None:
    [(property, reason, instead)] = missing(shipped, f"{PROLOGUE}SELECT * {{ {pattern} }}")
    assert property == name
    assert reason == f"No {of or 'oo:Person or oo:Organization'} in this release has this property"
    assert instead == (meant if meant is not None else instead)
    assert instead or meant == ""


@pytest.mark.parametrize(
    "pattern",
    [
        "?p a oo:Platform ; skos:prefLabel ?l",
        "{ ?x a oo:Platform ; skos:prefLabel ?l } UNION { ?x a oo:Venue ; rdfs:label ?l }",
        "?p a ?class ; rdfs:label ?l",
        "?p a oo:Nothing ; rdfs:label ?l",
        "?p a oo:Platform ; ^oo:platform/dcterms:title ?l ; oo:platfrom ?q",
        "?w oo:platform [ rdfs:label ?l ] ; oo:platform/rdfs:label ?m",
        "?p a oo:Platform SERVICE <http://e/> { ?p rdfs:label ?l } ?p skos:prefLabel ?m",
        "?w oo:platform ?p . FILTER(?p != ?q) # ?p rdfs:label ?l",
    ],
)
def test_nothing_is_said_of_what_something_has(shipped, pattern) -> None:
    assert missing(shipped, f"{PROLOGUE}SELECT * {{ {pattern} }}") == []


def test_no_example_asks_for_one(shipped) -> None:
    assert [missing(shipped, each.query) for each in questions()] == [[]] * len(questions())


@pytest.mark.parametrize(
    ("prologue", "written"),
    [
        (PROLOGUE, "skos:prefLabel"),
        ("PREFIX oo: <https://w3id.org/oograph/ontology#>\n", "skos:prefLabel"),
        (PROLOGUE.replace("skos:", "s:"), "s:prefLabel"),
        (PROLOGUE.replace(PREFIXES["skos"], "http://e/"), f"<{PREFIXES['skos']}prefLabel>"),
    ],
)
def test_the_corrected_query_finds_something(server, shipped, prologue, written) -> None:
    label = f"<{PREFIXES['rdfs']}label>"
    query = f"{prologue}SELECT ?l {{ ?p a oo:Platform ; {label} ?l . ?w {label} ?m }} LIMIT 1"
    [named] = missing_properties(query, shipped, prefixes(BASE))
    assert named.name == label and named.meant == written
    assert named.corrected.count(label) == 1  # that of ?w, which may have it
    assert len(server.query(named.corrected, "text/csv").text.splitlines()) == 2
    page = server.query(query, "text/html").text
    assert "No oo:Platform in this release has this property; did you mean" in page


def test_patterns_are_read_among_all_else() -> None:
    query = """SELECT ?a ?b ?c WHERE {
      ?w a oo:W ; oo:y ?y , 5 . FILTER(?y > "2" && EXISTS { ?z ?p ?q })
      ?w oo:a/oo:b* ?k ; dcterms:title "x"@en, 'y'^^xsd:string ; oo:z true .
      OPTIONAL { ?w ^oo:p ?m . ?m rdfs:label ?l } VALUES (?a ?b) { (oo:x oo:y) }
      GRAPH ?g { ?s ?p ?o } { SELECT ?q ?r ?t { ?q oo:r 3.5 } } BIND(1 AS ?one)
    } ORDER BY ?a ?b ?c"""
    read = [(each.subject, each.predicate, each.object) for each in triple_patterns(query)]
    assert read == [
        ("?w", "a", "oo:W"),
        ("?w", "oo:y", "?y"),
        ("?w", "oo:y", "5"),
        ("?w", "dcterms:title", '"x"'),
        ("?w", "dcterms:title", "'y'"),
        ("?w", "oo:z", "true"),
        ("?m", "rdfs:label", "?l"),
        ("?s", "?p", "?o"),
        ("?q", "oo:r", "3.5"),
    ]


@given(st.text(alphabet="aeo:?<>#\"'\\.;,(){}[]@^/| \nVALUES1", max_size=200))
def test_any_text_is_read(text: str) -> None:
    for each in triple_patterns(text):
        assert text.startswith(each.predicate, each.start)
        assert text.startswith(each.object, each.object_start)
