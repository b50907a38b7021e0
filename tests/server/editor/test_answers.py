"""Answers on the page: names for IRIs, numbers as numbers, and what their columns call for."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask import g

from oograph.graph.store.answers import WHOLE
from oograph.graph.store.embedded import EmbeddedStore
from oograph.graph.store.excerpt import Cell, Table
from oograph.server.app import create_app
from oograph.server.editor.answer import SHOWN, Result, Solutions, Value
from oograph.server.editor.drawing import drawn, written

OO = "PREFIX oo: <https://w3id.org/oograph/ontology#> PREFIX dcterms: <http://purl.org/dc/terms/> "
XSD = "http://www.w3.org/2001/XMLSchema#"


@pytest.fixture(scope="module")
def site(small_server):
    return small_server


def page(site, query: str, **parameters: str) -> str:
    reply = site.query(OO + query, format="html", **parameters)
    assert reply.status == 200, reply.text
    return reply.text


def cells(text: str) -> list[str]:
    return re.findall(r"<td.*?</td>", text, re.DOTALL)


def test_our_things_are_read_by_their_names_and_others_by_their_prefixes(site) -> None:
    text = page(
        site,
        "SELECT * { VALUES ?x { <https://w3id.org/oograph/platform/upwork> oo:Publication "
        "dcterms:title <https://example.org/else> <https://w3id.org/oograph/graph/stated> } }",
    )
    upwork, publication, title, other, graph = cells(text)
    assert 'href="/platform/upwork"' in upwork and ">Upwork</a>" in upwork
    assert 'title="https://w3id.org/oograph/platform/upwork"' in upwork
    assert ">oo:Publication</a>" in publication and ">dcterms:title</a>" in title
    assert ">https://example.org/else</a>" in other
    assert ">graph/stated</a>" in graph


def test_numbers_stand_on_the_right_and_a_language_is_said_once(site) -> None:
    text = page(
        site,
        'SELECT * { VALUES (?name ?mixed ?n) { ("one"@en "eins"@de 1) ("two"@en "two"@en 2.5) } }',
    )
    assert '<th scope="col" class="number">n</th>' in text
    assert text.count('<td class="number">') == 2
    assert text.count("<small>@en</small>") == 1
    assert '<td lang="de">eins<small class="quiet"> @de</small></td>' in text
    assert '<td lang="en">one</td>' in text


@pytest.mark.parametrize(
    ("query", "drawing"),
    [
        # by the IRI of a country, by its name alone, and a region among them
        (
            "SELECT ?c (COUNT(*) AS ?works) { ?w dcterms:spatial ?c } GROUP BY ?c",
            "works by country",
        ),
        (
            "SELECT ?name ?n { VALUES (?name ?n) { ('India'@en 3) ('Italy'@en 2) } }",
            "n by country",
        ),
        ("SELECT ?year (COUNT(*) AS ?works) { ?w oo:year ?year } GROUP BY ?year", "works by year"),
        ("SELECT ?p (COUNT(*) AS ?works) { ?w oo:platform ?p } GROUP BY ?p", "works"),
        (
            "SELECT ?p ?m (COUNT(*) AS ?works) { ?w oo:platform ?p ; oo:method ?m } GROUP BY ?p ?m",
            "works of each pair",
        ),
        (
            "SELECT ?year ?x ?n { VALUES (?year ?x ?n) { (2019 'a' 1) (2020 'a' 2)(2019 'b' 1) } }",
            "n of each pair",
        ),
        ("SELECT ?x ?share { VALUES (?x ?share) { ('a' 0.25) ('b' 0.5) } }", "share"),
        # nothing that a drawing would show: an order, three names, no number, one row, two rows of
        # one name, a number below zero, none, without end, or that cannot be one
        ("SELECT ?place ?x { VALUES (?place ?x) { (1 'a') (2 'b') (3 'c') } }", ""),
        ("SELECT ?x ?y ?z ?n { VALUES (?x ?y ?z ?n) { ('a' 'b' 'c' 3) ('d' 'e' 'f' 4) } }", ""),
        ("SELECT ?w ?year { ?w oo:year ?year }", ""),
        ("SELECT ?x ?n { VALUES (?x ?n) { ('a' 1) } }", ""),
        ("SELECT ?x ?n { VALUES (?x ?n) { ('a' 1) ('a' 2) } }", ""),
        ("SELECT ?x ?n { VALUES (?x ?n) { ('a' 1) ('b' -2) } }", ""),
        ("SELECT ?x ?n { VALUES (?x ?n) { ('a' 1) ('b' UNDEF) } }", ""),
        (f"SELECT ?x ?n {{ VALUES (?x ?n) {{ ('a' 1) ('b' 'INF'^^<{XSD}double>) }} }}", ""),
        (f"SELECT ?x ?n {{ VALUES (?x ?n) {{ ('a' 1) ('b' 'x'^^<{XSD}integer>) }} }}", ""),
        (f"SELECT ?x ?n {{ VALUES (?x ?n) {{ ('a' 1) ('b' {'9' * 5000}) }} }}", ""),
    ],
)
def test_the_columns_say_what_is_drawn(site, query, drawing) -> None:
    text = page(site, query)
    titles = re.findall(r'<title id="drawing-t">(.*?)</title>', text)
    assert titles == ([drawing] if drawing else [])
    assert ("figures-" in text) is bool(drawing)


def test_what_is_drawn_leads_to_what_it_is_about(site) -> None:
    text = page(site, "SELECT ?p (COUNT(*) AS ?works) { ?w oo:platform ?p } GROUP BY ?p")
    drawn = text[text.index('<svg xmlns="') : text.index("</svg>")]
    assert 'href="/platform/upwork"' in drawn and "<title>Upwork: 3 (works)</title>" in drawn
    text = page(site, "SELECT ?c (COUNT(*) AS ?works) { ?w dcterms:spatial ?c } GROUP BY ?c")
    assert 'href="/country/IN"' in text and "<title>India: 2 (works)</title>" in text
    assert "5 of 6 rows are drawn" in text


def test_a_drawing_of_many_rows_says_what_it_leaves_out(site) -> None:
    values = " ".join(f"('{n}' {n})" for n in range(1200))
    text = page(site, f"SELECT ?x ?n {{ VALUES (?x ?n) {{ {values} }} }}")
    assert "n: 25 of 1,200 rows are drawn" in text
    assert 'class="sortable"' not in text  # an order of the first thousand would mislead


def test_a_matrix_has_the_largest_values_and_the_latest_years(site) -> None:
    pairs = " ".join(f"({y} 'm{n}' {n + 1})" for y in range(2001, 2021) for n in range(30))
    text = page(site, f"SELECT ?year ?x ?n {{ VALUES (?year ?x ?n) {{ {pairs} }} }}")
    assert "n of each pair: 300 of 600 rows are drawn" in text
    drawn = text[text.index('<svg xmlns="') : text.index("</svg>")]
    assert "<title>m29, 2020: 30 (n)</title>" in drawn and "<title>m5, 2009: 6 (n)" in drawn
    assert ">2008<" not in drawn and ">m4<" not in drawn


def test_what_stands_in_a_drawing_is_text(site) -> None:
    text = page(
        site, "SELECT ?x ?n { VALUES (?x ?n) { ('<script>alert(1)</script>' 1) ('\\u0008&' 2) } }"
    )
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;: 1 (n)" in text


def test_what_is_drawn_of_long_names_and_columns_is_short(site) -> None:
    noun = "n" * 20_000
    values = " ".join(f"('{letter * 5000}' {n})" for n, letter in enumerate("abcdefgh"))
    reply = site(
        "/sparql",
        "text/html",
        "POST",
        f"SELECT ?x ?{noun} {{ VALUES (?x ?{noun}) {{ {values} }} }}",
        Content_Type="application/sparql-query",
    )
    assert reply.status == 200
    drawn = reply.text[reply.text.index('<svg xmlns="') : reply.text.index("</svg>")]
    assert len(drawn) < 10_000 and f"<title>{'a' * 100}…: 0 ({'n' * 100}…)</title>" in drawn


def cell(text: str, datatype: str = "integer") -> Value:
    return Value(Cell(text, False, "", XSD + datatype, len(text)))


def test_a_number_is_finite_and_a_year_has_four_digits() -> None:
    assert cell("12").number == 12 and cell("1e3", "double").number == 1000
    assert cell("NaN", "double").number is None and cell("INF", "double").number is None
    assert cell("12", "string").number is None and cell("9" * 5000).number is None
    assert cell("2017", "gYear").year == cell("2017").year == 2017
    assert cell("12").year is None and cell("٢٠١٧").year is None


def test_numbers_are_written_as_people_read_them() -> None:
    assert [written(n) for n in (0, 1234567, 0.5, 12345.678)] == [
        "0",
        "1,234,567",
        "0.5",
        "12,345.68",
    ]


def test_a_column_is_looked_at_once() -> None:
    value = cell("1")
    table = Table(
        ("a", "b"),
        ((value.cell, None), (value.cell, None)),
    )
    solutions = Solutions.of(table, [(value, None), (value, None)])
    assert solutions.numeric == (True, False) and solutions.languages == ("", "")


def test_an_address_of_another_release_says_so(site, small_release) -> None:
    query = "ASK {}"
    text = page(site, query)
    (link,) = re.findall(r'<a id="permalink" href="([^"]*)"', text)
    assert link.endswith(f"release={small_release.version}")
    path = link.replace("&amp;", "&").removeprefix(site.url)
    same = site(path, "text/html")
    assert same.status == 200 and "was made for release" not in same.text
    other = "2020-01-01-0123456789ab"
    text = page(site, query, release=other)
    assert f"was made for release {other}" in text
    refused = site.query(query, "application/json", release=other)
    assert refused.status == 404 and refused.json["title"] == "Another release"
    assert small_release.version in str(refused.json["detail"])
    assert site.query(query, "application/json", release=small_release.version).status == 200


def test_missing_prefixes_are_added_by_a_link(site) -> None:
    reply = site.query("# Titles\nSELECT ?t { ?w a oo:Publication ; dct:title ?t }", format="html")
    assert reply.status == 400
    (link,) = re.findall(r'<a class="button" href="([^"]*)">Add the prefixes and run', reply.text)
    added = site(link.replace("&amp;", "&"))
    assert added.status == 200 and "# Titles\nPREFIX oo: &lt;https" in added.text
    unknown = site.query("SELECT * { ?s nobody:knows ?o }", format="html")
    assert unknown.status == 400 and "Add the prefix" not in unknown.text
    asked = site.query("SELECT * { ?s oo:year ?o }", "application/json")
    assert asked.json["prologue"] == "PREFIX oo: <https://w3id.org/oograph/ontology#>\n"


def test_every_question_is_offered_in_its_group(site) -> None:
    text = site("/sparql", "text/html").text
    groups = re.findall(r"<h3>(.*?)</h3>", text)
    assert len(groups) == len(set(groups)) >= 5 and all(groups)
    assert text.count("format=html") == 32
    assert "Needs%3A" not in text and "Group%3A" not in text


def test_an_answer_is_shown_without_names_where_there_is_no_time_for_them(small_release) -> None:
    with EmbeddedStore(small_release.folder) as store:
        app = create_app(small_release, store)
        site = app.extensions["site"]
        query = "SELECT ?c ?n { VALUES (?c ?n) { (<country/IN> 2) (<country/IT> 1) } }"
        planned = store.plan(query, "application/json", WHOLE, small_release.base_iri)
        answer = store.ask(replace(planned, excerpt=SHOWN))
        with app.test_request_context("/sparql"):
            table = Result.of(site, answer).table
            assert table and [row[0] and row[0].text for row in table.rows] == ["India", "Italy"]
            g.processor_until = 0.0
            table = Result.of(site, answer).table
            assert table and [row[0] and row[0].label for row in table.rows] == [
                "country/IN",
                "country/IT",
            ]
            plate = drawn(site, table, 2)
            assert plate and plate.caption[0] == "n by country"
