"""Calls of functions that the engine does not have: the page names them beside the answer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oograph.ontology import questions
from oograph.server.editor.unknown_functions import unknown_functions

E = "PREFIX e: <http://e.example/>\nPREFIX xsd: <http://www.w3.org/2001/XMLSchema#>\n"


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("SELECT * { ?s ?p ?o FILTER(e:f(?o)) }", ["e:f"]),
        ("SELECT * { ?s ?p ?o FILTER e:f(?o) }", ["e:f"]),
        (
            "SELECT (e:f (?o) AS ?x) { ?s ?p ?o BIND(<http://e.example/g>(?o) AS ?y) }",
            ["e:f", "<http://e.example/g>"],
        ),
        (
            "SELECT ?s { ?s ?p ?o } GROUP BY ?s HAVING(e:f(COUNT(?o)) > 1) ORDER BY e:g(?s)",
            ["e:f", "e:g"],
        ),
        ("SELECT (xsd:int(?o) AS ?n) { ?s ?p ?o }", ["xsd:int"]),
        ("SELECT (COUNT(?o) AS ?n) { ?s ?p ?o FILTER(e:f(?o) && e:f(?s)) }", ["e:f"]),
    ],
)
def test_an_unknown_function_is_named(query, names) -> None:
    assert [each.name for each in unknown_functions(E + query)] == names


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (xsd:integer(?o) AS ?n) (xsd:date(?o) AS ?d) { ?s ?p ?o }",
        "SELECT * { ?s e:p (1 2) ; e:q ?x . FILTER EXISTS { ?s e:list (?o) } }",
        'SELECT * { ?s ?p "e:f(1)" } # FILTER(e:f(?o))',
        "SELECT * { ?s e:p/(e:q|e:r)* ?o FILTER(?o IN (e:a, e:b)) VALUES (?s) { (e:x) } }",
        "SELECT * { ?s ?p ?o FILTER(undeclared:f(?o)) }",
    ],
)
def test_nothing_else_is(query) -> None:
    assert unknown_functions(E + query) == []


def test_no_example_calls_one() -> None:
    assert all(unknown_functions(each.query) == [] for each in questions())


@given(st.text(alphabet="e:f<>(){}\"'# \nFILTERx1.,", max_size=200))
def test_no_text_is_too_odd(text) -> None:
    for each in unknown_functions(E + text):
        assert each.name in text


def test_the_page_says_so(server) -> None:
    query = f"{E}SELECT ?s {{ ?s ?p ?o FILTER(e:near(?s, ?o)) }}"
    page = server.query(query, "text/html").text
    assert "<code>e:near</code>: There is no function with this name here" in page
    assert (
        "<code>xsd:int</code>: There is no cast with this name here"
        in server.query(f"{E}SELECT (xsd:int(1) AS ?n) {{}}", "text/html").text
    )
