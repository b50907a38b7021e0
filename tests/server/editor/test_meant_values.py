"""Texts and IRIs that a query finds nothing by: the page says what may be meant."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oograph.ontology import PREFIXES
from oograph.server.editor.compared_values import compared_values

BASE = "https://w3id.org/oograph/"
YEAR = '"{}"^^<http://www.w3.org/2001/XMLSchema#gYear>'
PROLOGUE = "".join(
    f"PREFIX {prefix}: <{PREFIXES[prefix]}>\n" for prefix in ("oo", "bibo", "dcterms", "skos")
)


@pytest.mark.parametrize(
    ("pattern", "meant"),
    [
        ('?w dcterms:spatial "India"', f"<{BASE}country/IN>"),
        ('?w dcterms:spatial "india"@en', f"<{BASE}country/IN>"),
        ('?w a oo:Publication ; dcterms:spatial "India" .', f"<{BASE}country/IN>"),
        ('?w oo:year "2020"', "2020"),
        ('?w oo:year ?y FILTER(?y = "2020")', "2020"),
        ('?w oo:year ?y FILTER(?y >= "2020")', "2020"),
        ("?w dcterms:issued ?y FILTER(?y > 2018 && ?y<2021)", YEAR.format(2018)),
        ("?w dcterms:issued 2020", YEAR.format(2020)),
        ('?w dcterms:issued "2020"', YEAR.format(2020)),
        ('?p skos:prefLabel "Upwork"', '"Upwork"@en'),
        ('?p skos:prefLabel ?l FILTER(?l = "upwork")', '"Upwork"@en'),
        ('?p skos:prefLabel "upwork"', '"Upwork"@en'),
        ('?w oo:platform/skos:prefLabel "upwork"@en', '"Upwork"@en'),
        ('?w bibo:doi "https://doi.org/10.5555/ABC"', '"10.5555/abc"'),
        ("?w oo:platform <http://w3id.org/oograph/platform/upwork>", f"<{BASE}platform/upwork>"),
        ("?w oo:platform <$URL/platform/upwork>", f"<{BASE}platform/upwork>"),
        ("?w oo:platform <$URL/platform/upwork.html>", f"<{BASE}platform/upwork>"),
        (f"?w oo:platform <{BASE}platforms/upwork>", f"<{BASE}platform/upwork>"),
        (f"?w dcterms:spatial <{BASE}countries/IN>", f"<{BASE}country/IN>"),
        (f"?w oo:platform <{BASE}platform/upwrok>", f"<{BASE}platform/upwork>"),
    ],
)
def test_what_finds_nothing_leads_to_what_finds_something(server, noted, pattern, meant) -> None:
    query = f"{PROLOGUE}SELECT * {{ {pattern.replace('$URL', server.url)} }}"
    [(note, address)] = noted(server, query)
    assert note.endswith(f"; did you mean {meant}?")
    page = server(address, "text/html").text
    assert re.search(r">[12] rows?\.", page)
    assert 'class="note"' not in page


def test_a_prefix_of_another_scheme_is_corrected(server, noted) -> None:
    query = PROLOGUE.replace("https://w3id", "http://w3id") + "SELECT * { ?w oo:year 2020 }"
    [(note, address)] = noted(server, query)
    assert note.endswith(f"did you mean <{BASE}ontology#>?")
    assert ">1 row." in server(address, "text/html").text


@pytest.mark.parametrize(
    ("prologue", "meant"),
    [
        (f"PREFIX oo: <{BASE}ontology> ASK {{ ?w oo:year 2020 }}", f"{BASE}ontology#"),
        ("PREFIX s: <http://schema.org/> ASK { ?w s:sameAs ?l }", "https://schema.org/"),
        (f"ASK FROM <{BASE}graph/statd> {{ ?s ?p ?o }}", f"{BASE}graph/stated"),
        (f"ASK {{ GRAPH <{BASE}graphs/stated> {{ ?s ?p ?o }} }}", f"{BASE}graph/stated"),
    ],
)
def test_a_namespace_and_a_graph_are_corrected(server, noted, prologue, meant) -> None:
    [(note, address)] = noted(server, prologue)
    assert note.endswith(f"did you mean <{meant}>?")
    assert '<p class="verdict">Yes' in server(address, "text/html").text


def test_a_prefixed_name_of_a_thing_is_corrected(server, noted) -> None:
    query = f"{PROLOGUE}PREFIX p: <{BASE}platform/> SELECT * {{ ?w oo:platform p:upwrok }}"
    [(note, address)] = noted(server, query)
    assert note.startswith("p:upwrok: ")
    assert ">2 rows." in server(address, "text/html").text


@pytest.mark.parametrize(
    "pattern",
    [
        '?w dcterms:title "no work is called so"',
        '?w dcterms:title "Freelancers of Upwork" ; oo:year 1900',
        '?w dcterms:title ?t FILTER(CONTAINS(?t, "upwork "))',
        f"?w oo:platform <{BASE}platform/zzzzqqqq>",
        "?w oo:platform <https://example.org/platform/upwork>",
        f"?w oo:platform <{BASE}platform/upwork> ; oo:year 1900",
    ],
)
def test_where_nothing_is_meant_nothing_is_said(server, noted, pattern) -> None:
    assert noted(server, f"{PROLOGUE}SELECT * {{ {pattern} }}") == []


@given(st.text(alphabet="PREFIX oo:<>a#\"'\\\n?^@()/{}é"))
def test_any_text_is_read(text: str) -> None:
    for each in compared_values(text):
        assert text[each.start : each.end].startswith(('"', "'")) or each.property


def test_so_many_are_named_and_no_more(server, noted) -> None:
    iris = " ".join(f"<http://w3id.org/oograph/platform/p{number}>" for number in range(50))
    assert len(noted(server, f"SELECT * {{ VALUES ?p {{ {iris} }} ?w ?q ?p }}")) == 5
