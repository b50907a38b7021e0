"""Names of columns in HAVING: other engines allow them, this one finds nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oograph.ontology import questions
from oograph.server.editor.having_names import having_names


@pytest.mark.parametrize(
    ("query", "name", "corrected"),
    [
        (
            "SELECT ?p (SUM(?x) AS ?n) { ?w ?p ?x } GROUP BY ?p"
            " HAVING(?n > 2 && ?n < 9) ORDER BY ?n",
            "?n",
            "SELECT ?p (SUM(?x) AS ?n) { ?w ?p ?x } GROUP BY ?p"
            " HAVING(SUM(?x) > 2 && SUM(?x) < 9) ORDER BY ?n",
        ),
        (
            'SELECT (GROUP_CONCAT(?x; separator=" (") as $n) { ?w ?p ?x } HAVING ($n != "?n")',
            "?n",
            'SELECT (GROUP_CONCAT(?x; separator=" (") as $n) { ?w ?p ?x }'
            ' HAVING (GROUP_CONCAT(?x; separator=" (") != "?n")',
        ),
        (
            "SELECT (SUM(?x) / MAX(?x) AS ?n) { ?w ?p ?x } GROUP BY ?p HAVING(?n * 2 > 3)",
            "?n",
            "SELECT (SUM(?x) / MAX(?x) AS ?n) { ?w ?p ?x } GROUP BY ?p"
            " HAVING((SUM(?x) / MAX(?x)) * 2 > 3)",
        ),
    ],
)
def test_a_named_column_in_having_is_replaced_by_what_it_names(query, name, corrected) -> None:
    assert [(each.name, each.corrected) for each in having_names(query)] == [(name, corrected)]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?p (COUNT(?w) AS ?n) { ?w ?p ?o } GROUP BY ?p HAVING (COUNT(?w) > 9) ORDER BY ?n",
        "SELECT ?p (COUNT(?w) AS ?n) { ?w ?p ?o } GROUP BY ?p HAVING (?p != <x:n>)",
        "SELECT ?p { ?w ?p ?o } GROUP BY ?p HAVING (?n > 1)",
        "SELECT ?p (COUNT(?w) AS ?n) { ?w ?p ?n }",
        "ASK { ?having ?n ?o }",
    ],
)
def test_other_conditions_are_left_alone(query) -> None:
    assert having_names(query) == []


def test_no_question_that_we_ship_needs_the_remark() -> None:
    for question in questions("https://w3id.org/oograph/"):
        assert having_names(question.query) == []


@given(st.text(alphabet="SELCTHAVING ?$ab{}()\"'#\n"))
def test_any_text_is_read(text: str) -> None:
    having_names(f"SELECT {text}")


def test_the_page_says_so_beside_the_empty_answer(server) -> None:
    query = "SELECT ?p (COUNT(?w) AS ?n) { ?w ?p ?o } GROUP BY ?p HAVING (?n > 1)"
    page = server.query(query, "text/html").text
    assert "HAVING comes before the SELECT names its columns" in page
    assert "<code>COUNT(?w)</code></a>?" in page
