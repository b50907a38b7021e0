"""Columns that no pattern of the query gives a value: the page says so, whatever it finds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oograph.ontology import questions
from oograph.server.editor.unbound_columns import unbound_columns


@pytest.mark.parametrize(
    ("query", "name", "corrected"),
    [
        (
            'SELECT ?w ?platfrom { ?w <x:p> ?platform , "?platfrom" } ORDER BY ?platfrom',
            "?platfrom",
            'SELECT ?w ?platform { ?w <x:p> ?platform , "?platfrom" } ORDER BY ?platform',
        ),
        (
            "SELECT (COUNT(?wrk) AS ?n) WHERE { ?work ?p ?o }",
            "?wrk",
            "SELECT (COUNT(?work) AS ?n) WHERE { ?work ?p ?o }",
        ),
        ("SELECT ?zzz { ?work ?p ?o }", "?zzz", ""),
    ],
)
def test_a_column_that_no_pattern_has_is_named(query, name, corrected) -> None:
    assert [(each.name, each.corrected) for each in unbound_columns(query)] == [(name, corrected)]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?a ?b ?c }",
        "ASK { ?a ?b ?c }",
        "SELECT ?a $b { $a ?b ?c }",
        "SELECT ?n (?n / 2 AS ?half) { { SELECT (COUNT(*) AS ?n) { ?a ?b ?c } } }",
        "SELECT (COUNT(*) AS ?n) (?n / 2 AS ?half) { ?a ?b ?c }",
        "SELECT ?decade { ?a ?b ?year } GROUP BY (?year / 10 AS ?decade)",
        "SELECT ?x { } VALUES ?x { 1 }",
    ],
)
def test_a_column_that_has_a_value_is_not(query) -> None:
    assert unbound_columns(query) == []


def test_no_question_that_we_ship_has_such_a_column() -> None:
    for question in questions("https://w3id.org/oograph/"):
        assert unbound_columns(question.query) == []


@given(st.text(alphabet="SELCTWHR ?$ab{}()AS\"'#\n"))
def test_any_text_is_read(text: str) -> None:
    unbound_columns(f"SELECT {text}")


def test_the_page_says_so_beside_the_answer(server) -> None:
    page = server.query("SELECT ?platfrom { ?w ?p ?platform } LIMIT 2", "text/html").text
    assert "<code>?platfrom</code>: No pattern in the query uses this variable; did you" in page
