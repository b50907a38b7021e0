"""Columns that GROUP_CONCAT leaves empty: the page says why, and how to fill them."""

from __future__ import annotations

import html

import pytest

WORKS = "{ ?work <https://w3id.org/oograph/ontology#platform> ?platform }"


@pytest.mark.parametrize(
    ("joined", "corrected"),
    [
        ("GROUP_CONCAT(?work)", "GROUP_CONCAT(STR(?work))"),
        ('group_concat(DISTINCT ?work ; separator="(")', None),
        (
            'GROUP_CONCAT(DISTINCT ?work; SEPARATOR=", ")',
            'GROUP_CONCAT(DISTINCT STR(?work); SEPARATOR=", ")',
        ),
    ],
)
def test_a_column_of_joined_iris_is_named(server, joined: str, corrected: str | None) -> None:
    query = f"SELECT ?platform ({joined} AS ?works) {WORKS} GROUP BY ?platform"
    page = html.unescape(server.query(query, "text/html").text)
    assert "GROUP_CONCAT joins only texts" in page
    meant = corrected or joined.replace("?work", "STR(?work)")
    answer = server.query(query.replace(joined, meant), "text/csv").text
    assert "/publication/" in answer
    filled = html.unescape(server.query(query.replace(joined, meant), "text/html").text)
    assert "GROUP_CONCAT joins only texts" not in filled


@pytest.mark.parametrize(
    "query",
    [
        f"SELECT (GROUP_CONCAT(STR(?work)) AS ?works) {WORKS}",
        "SELECT (GROUP_CONCAT(?x) AS ?xs) { ?x <urn:x:none> ?y }",
        'SELECT (GROUP_CONCAT(?x) AS ?xs) { VALUES ?x { "a" "b" } }',
        "SELECT ?x { ?work ?p ?o OPTIONAL { ?work <urn:x:none> ?x } } LIMIT 2",
    ],
)
def test_what_has_a_value_or_is_not_joined_is_not_named(server, query: str) -> None:
    assert "GROUP_CONCAT joins" not in server.query(query, "text/html").text
