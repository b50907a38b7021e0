"""What beginners write in a query: the page says what is wrong, and offers it corrected."""

from __future__ import annotations

import html
import re
from urllib.parse import urlencode

import pyoxigraph as ox
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from oograph.ontology import questions
from oograph.server.editor.mistakes import mistake
from oograph.server.editor.passages import blanked

PREFIXES = (
    "PREFIX oo: <https://w3id.org/oograph/ontology#>\n"
    "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n"
)
IDIOM = ("?w", "?w oo:year ?y")
#: What people bring from other languages, and SPARQL.
IDIOMS = [
    ("SELECT {0} {{ {1} FILTER(?y == 2018) }}", "SELECT {0} {{ {1} FILTER(?y = 2018) }}"),
    (
        "SELECT {0} {{ {1} FILTER(?y > 2015 AND ?y < 2020 or ?y = 1) }}",
        "SELECT {0} {{ {1} FILTER(?y > 2015 && ?y < 2020 || ?y = 1) }}",
    ),
    (
        "SELECT {0} {{ {1} FILTER(?y BETWEEN 2015 AND 2020) }}",
        "SELECT {0} {{ {1} FILTER(?y >= 2015 && ?y <= 2020) }}",
    ),
    (
        "SELECT {0} {{ {1} ; skos:altLabel ?t FILTER(?t LIKE '%Gig and%') }}",
        "SELECT {0} {{ {1} ; skos:altLabel ?t FILTER(CONTAINS(LCASE(?t), 'gig and')) }}",
    ),
    ("SELECT {0} {{ {1} FILTER ?y > 2015 }}", "SELECT {0} {{ {1} FILTER(?y > 2015) }}"),
    ("SELECT {0} {{ {1} . FILTER YEAR(?y)=1 . }}", "SELECT {0} {{ {1} . FILTER(YEAR(?y)=1) . }}"),
    (
        "SELECT ?y {{ {1} }} GROUP BY ?y HAVING COUNT({0}) > 3",
        "SELECT ?y {{ {1} }} GROUP BY ?y HAVING(COUNT({0}) > 3)",
    ),
    (
        "SELECT {0} {{ {1} }} LIMIT 10 OFFSET 2 ORDER BY DESC ?y # at last",
        "SELECT {0} {{ {1} }} ORDER BY DESC(?y) LIMIT 10 OFFSET 2 # at last",
    ),
    ("SELECT {0} {{ {1} }} ORDER BY desc ?y", "SELECT {0} {{ {1} }} ORDER BY desc(?y)"),
    ("SELECT DISTINCT({0}) {{ {1} }}", "SELECT DISTINCT {0} {{ {1} }}"),
    ("SELECT w {{ {1} }}", "SELECT ?w {{ {1} }}"),
    ("SELECT TOP 5 {0} {{ {1} }}", "SELECT {0} {{ {1} }} LIMIT 5"),
    (
        "SELECT {0} {{ {1} OPTIONAL {0} oo:platform ?p }}",
        "SELECT {0} {{ {1} OPTIONAL {{ {0} oo:platform ?p }} }}",
    ),
    (
        "SELECT {0} {{ {1} NOT {{ {0} oo:platform ?p }} }}",
        "SELECT {0} {{ {1} FILTER NOT EXISTS {{ {0} oo:platform ?p }} }}",
    ),
    ("SELECT {0} {{ {1} FILTER(?y IN 1, 2) }}", "SELECT {0} {{ {1} FILTER(?y IN (1, 2)) }}"),
    (
        "SELECT {0} {{ {0} oo:year >= 2015 }}",
        "SELECT {0} {{ {0} oo:year ?year FILTER(?year >= 2015) }}",
    ),
    (
        "SELECT {0} {{ {1} FILTER(REGEX(STR(?y), gig, i)) }}",
        'SELECT {0} {{ {1} FILTER(REGEX(STR(?y), "gig", "i")) }}',
    ),
    ("SELECT {0} {{ {1} }};", "SELECT {0} {{ {1} }}"),
    ("PREFIX x <http://x/> SELECT {0} {{ {1} }}", "PREFIX x: <http://x/> SELECT {0} {{ {1} }}"),
]
WORDS = (
    "SELECT TOP 5 DISTINCT ?a ?b ( ) { } , ; . == < > = AND OR NOT IN LIKE 'x' BETWEEN FILTER "
    "HAVING DESC LIMIT ORDER BY OPTIONAL PREFIX oo <http://x/> oo:year f( 1 word"
).split()


@pytest.fixture(scope="module")
def server(small_server):
    return small_server


def page(server, query: str) -> str:
    address = f"/sparql?{urlencode({'query': PREFIXES + query, 'format': 'html'})}"
    return server(address, "text/html").text


@pytest.mark.parametrize(
    ("query", "corrected"),
    [
        ("SELECT ?x, ?y { ?x oo:platform ?y }", "SELECT ?x ?y { ?x oo:platform ?y }"),
        (
            "SELECT COUNT(?x) { ?x oo:platform ?y }",
            "SELECT (COUNT(?x) AS ?count) { ?x oo:platform ?y }",
        ),
        (
            "SELECT DISTINCT ?y, count(DISTINCT ?x) as ?n WHERE { ?x oo:platform ?y } LIMIT 3",
            "SELECT DISTINCT ?y (count(DISTINCT ?x) AS ?n) WHERE { ?x oo:platform ?y }\n"
            "GROUP BY ?y LIMIT 3",
        ),
        (
            "SELECT ?count (MAX(?x)) ( COUNT(*) ) { ?x oo:year ?count } GROUP BY ?count",
            "SELECT ?count (MAX(?x) AS ?max) ( COUNT(*)  AS ?count2) { ?x oo:year ?count }"
            " GROUP BY ?count",
        ),
        (
            '# SELECT ?a, ?b\nSELECT ?y (GROUP_CONCAT(?x; SEPARATOR=", (") AS ?all)'
            " { { ?x oo:platform ?y } }",
            '# SELECT ?a, ?b\nSELECT ?y (GROUP_CONCAT(?x; SEPARATOR=", (") AS ?all)'
            " { { ?x oo:platform ?y } }\nGROUP BY ?y",
        ),
        *((before.format(*IDIOM), after.format(*IDIOM)) for before, after in IDIOMS),
    ],
)
def test_a_mistake_is_named_and_corrected_by_a_click(server, query, corrected) -> None:
    shown = page(server, query)
    assert 'role="alert"' in shown
    wrong = mistake(PREFIXES + query)
    assert wrong and f"at line {wrong.line}, column {wrong.column}." in shown
    meant = re.search(r'aria-label="Suggested correction">(.*?)</pre>', shown, re.DOTALL)
    assert meant and html.unescape(meant[1]) == PREFIXES + corrected
    [address] = re.findall(r'href="([^"]*)">Apply this correction and run<', shown)
    answer = server(html.unescape(address), "text/html")
    assert answer.status == 200 and '<h2 id="result">' in answer.text


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?x { ?x oo:platform ",
        "SELECT COUNT(?x { ?x oo:platform ?y }",
        "SELECT ?discount (?x) { ?x oo:platform ?discount }",
        "SELECT (IF(?x, 1, 2) AS ?y) ?z { ?x oo:platform ?z ?z }",
        "ASK { ?x, ?y }",
    ],
)
def test_what_is_wrong_otherwise_is_not_called_one_of_them(server, query) -> None:
    shown = page(server, query)
    assert 'role="alert"' in shown and "Suggested correction" not in shown


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("SELECT ?s, ?p {{ ?s ?p ?o {} }} LIMIT 1", "Suggested correction"),
        ('ASK {{ ?x skos:prefLabel "Upwork" {} }}', '<p class="note">'),
    ],
)
def test_a_query_as_no_person_writes_it_is_not_looked_through(server, query, says: str) -> None:
    """It would take the server's loop seconds."""
    assert says in asked(server, query.format("")).text
    assert says not in asked(server, query.format("." + " " * 10_000)).text


def asked(server, query: str):
    kind = "application/sparql-query"
    return server("/sparql", "text/html", method="POST", body=PREFIXES + query, Content_Type=kind)


def test_no_question_that_we_ship_has_a_mistake() -> None:
    assert [each.name for each in questions() if mistake(each.query)] == []


@given(st.text(alphabet="SELECT COUNT(?x, )AS{}<>#\"'\\\n?"))
def test_any_text_is_read_once(text: str) -> None:
    assert len(blanked(text)) == len(text)
    if of_text := mistake(text):
        assert of_text.corrected != text


@given(st.lists(st.sampled_from(WORDS), max_size=30), st.sampled_from((" ", "    ", "\n")))
@example(["?a", "LIKE", "}"], "    ")
@example(["?a", "ILIKE", "<http://x/>", "}"], " ")
def test_any_words_are_read(words: list[str], between: str) -> None:
    text = between.join(words)
    if wrong := mistake(text):
        assert wrong.corrected != text and wrong.column <= len(text) + 1


@pytest.mark.parametrize(
    ("query", "corrected"),
    [
        ('SELECT * { ?x skos:prefLabel "Upwork" }', 'SELECT * { ?x skos:prefLabel "Upwork"@en }'),
        (
            "SELECT (COUNT(?x) AS ?n) { ?x skos:prefLabel ?l FILTER(?l = 'Upwork') }",
            "SELECT (COUNT(?x) AS ?n) { ?x skos:prefLabel ?l FILTER(?l = 'Upwork'@en) }",
        ),
        ('ASK { ?x skos:prefLabel "India" }', 'ASK { ?x skos:prefLabel "India"@en }'),
    ],
)
def test_a_text_without_its_language_is_named(server, query, corrected) -> None:
    [note] = re.findall(r'<p class="note">(.*?)</p>', page(server, query))
    [address] = re.findall('href="([^"]*)"', note)
    answer = server(html.unescape(address), "text/html").text
    assert (
        html.escape(PREFIXES + corrected, quote=False).replace("'", "&#39;").replace('"', "&#34;")
        in answer
    )
    assert '<p class="note">' not in answer
    store = ox.Store()  # what is offered is SPARQL
    store.query(PREFIXES + corrected)


@pytest.mark.parametrize(
    "query",
    [
        'SELECT * { ?x skos:prefLabel "Upwork"@en }',
        'SELECT * { ?x skos:prefLabel ?l FILTER(STR(?l) = "Upwork") }',
        'SELECT * { ?x skos:prefLabel ?l FILTER(CONTAINS(?l, "Upwork") && ?l = "none") }',
        'SELECT * { ?x skos:prefLabel "Upwork"@de }',
        'SELECT * { ?x skos:prefLabel "nobody is called so" }',
        'SELECT * { ?x skos:prefLabel "a \\" b" } # "Upwork"',
    ],
)
def test_a_text_that_is_right_or_nowhere_is_not_named(server, query) -> None:
    assert '<p class="note">' not in page(server, query)
