"""Slips of beginners: the problem of a query that does not parse says how to write it."""

from __future__ import annotations

import time

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oograph.graph.store.slips import slip
from oograph.graph.store.syntax import syntax_error
from oograph.ontology import BASE_IRI, questions

DOT = 'A "." is missing before this, between two patterns.'
IRI = "Write the IRI between < and >."
CURLY = "Use straight quotes (\" or '), not curly ones."
OO = "PREFIX oo: <https://w3id.org/oograph/ontology#>\n"
COUNT = "A column needs brackets and a name: (COUNT(…) AS ?name)."


def problem_of(query: str):
    with pytest.raises(SyntaxError) as error:
        ox.Store().query(query)
    return syntax_error(query, str(error.value), BASE_IRI)


@pytest.mark.parametrize(
    ("query", "line", "column", "hint"),
    [
        (OO + "SELECT * { ?w oo:year ?y ?w oo:platform ?p }", 2, 26, DOT),
        (OO + "SELECT * {\n ?w oo:year ?y\n ?w oo:platform ?p\n}", 4, 2, DOT),
        (OO + "SELECT * {\r\n ?w oo:year 2015 # a.\r\n ?w oo:platform ?p }", 4, 2, DOT),
        (OO + "SELECT * { ?w a oo:P ?w oo:year ?y }", 2, 22, DOT),
        (OO + "SELECT * { ?w a oo:P ; oo:title 'a.'@en ?w oo:year ?y }", 2, 41, DOT),
        (OO + "SELECT * { ?w oo:a/oo:b* ?x , ?z <urn:w> oo:year ?y }", 2, 34, DOT),
        (OO + "SELECT * { ?w oo:title “x” }", 2, 24, CURLY),
        (OO + "SELECT * { ?w oo:title ‘x’ . }", 2, 24, CURLY),
        ("SELECT * { ?s ?p ?o } LIMIT -1", 1, 29, "LIMIT takes a whole number, 0 or more."),
        ("SELECT * { ?s ?p ?o } offset  -5", 1, 31, "OFFSET takes a whole number, 0 or more."),
        (OO + "SELECT * { ?w oo:platform https://w3id.org/oograph/platform/upwork }", 2, 27, IRI),
        ("PREFIX oo: https://w3id.org/a#\nSELECT * { ?s ?p ?o }", 1, 12, IRI),
        (OO + "SELECT ?m COUNT(?w) { ?w oo:a ?m } GROUP BY ?m", 2, 11, COUNT),
        (OO + "SELECT count(*) WHERE { ?w oo:a ?m }", 2, 8, COUNT),
        (OO + "SELECT ?m { { SELECT ?m COUNT(?w) { ?w oo:a ?m } } }", 2, 25, COUNT),
    ],
)
def test_a_slip_is_named_where_it_is(query, line, column, hint) -> None:
    problem = problem_of(query)
    assert (problem.line, problem.column, problem.hint) == (line, column, hint)
    assert problem.detail == f"The query does not parse at line {line}, column {column}."


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s ?p “ }".replace("“", "'“' ?o ?x"),  # in a text they are no slip
        "SELECT * { ?s ?p ?o FILTER(?o > 3 ?x ?y) }",
        "SELECT ?a ?b ?c ?d { ?s ?p }",
        "SELECT ?a { ?a ?b ?c } GROUP BY ?a HAVING COUNT(?b) > 3",
        "SELECT ?a { ?a ?b ?c } ORDER BY COUNT(?b) }",
        "SELECT * { ?s ^<urn:a>|!<urn:b> ?o . ?x }",
    ],
)
def test_another_fault_keeps_its_own_hint(query) -> None:
    hint = problem_of(query).hint
    assert hint not in (CURLY, COUNT)
    assert (hint == DOT) is ("'“'" in query)


def test_nothing_is_wrong_with_the_questions_that_we_ship() -> None:
    for question in questions(BASE_IRI):
        assert slip(question.query, len(question.query)) is None


@given(st.text(alphabet="ASK{}?ab:c.;,/^*+<>\"'“#\n -1"), st.integers(0, 50))
def test_any_text_is_read(text: str, place: int) -> None:
    wrong = slip(text, place)
    assert wrong is None or 0 <= wrong.place < len(text)


@pytest.mark.parametrize(
    "part", ["a", ":", "a.", "1", "-", "?", "a:", '"', "<", "{ ", "VALUES ?x {"]
)
def test_a_long_text_takes_one_look(part) -> None:
    text = part * 50_000
    assert slip(text, len(text)) is None or part != "a"


def test_a_long_string_before_an_undeclared_prefix_costs_nothing() -> None:
    """Though it may hold as many beginnings of a name as letters, none of which ends one."""
    begun = time.process_time()
    problem = problem_of('SELECT * { ?s ?p "' + "a:/" * 30_000 + '" . a:b ?p ?o }')
    assert time.process_time() - begun < 4  # 0.02, and 8 where each was looked at
    assert "The prefix a: is not declared." in problem.hint and problem.column == 90_031


def test_an_unknown_prefix_leads_to_the_prefix_of_our_terms() -> None:
    assert problem_of("SELECT * { ?w a oograph:Publication }").hint == (
        "The prefix oograph: is not declared. Add: PREFIX oograph: <…>."
        " For the terms of this graph, add: PREFIX oo: <https://w3id.org/oograph/ontology#>"
    )
