"""Terms that a query names and no statement has: the page says so, and what may be meant."""

from __future__ import annotations

import html
import re
from urllib.parse import parse_qs, unquote_plus, urlencode, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from oograph.ontology import questions
from oograph.server.editor.query_terms import named_in

OO = "PREFIX oo: <https://w3id.org/oograph/ontology#>\n"


@pytest.fixture(scope="module")
def server(shipped_server):
    return shipped_server


def notes(server, query: str) -> list[str]:
    page = server(f"/sparql?{urlencode({'query': query, 'format': 'html'})}", "text/html").text
    return [html.unescape(note) for note in re.findall(r'<p class="note">(.*?)</p>', page)]


def words(note: str) -> str:
    return re.sub(r"<[^>]*>", "", note)


def test_the_name_of_a_thing_leads_to_its_iri(server) -> None:
    (note,) = notes(server, OO + "SELECT * { ?w oo:platform oo:Upwork }")
    meant = "<https://w3id.org/oograph/platform/upwork>"
    assert html.unescape(note).count(meant) == 1
    (corrected,) = parse_qs(urlsplit(re.findall('href="([^"]*)"', note)[0]).query)["query"]
    assert corrected == OO + f"SELECT * {{ ?w oo:platform {meant} }}"


@pytest.mark.parametrize(
    ("query", "name", "meant"),
    [
        (OO + "SELECT * { ?w oo:platfrom ?p }", "oo:platfrom", "oo:platform"),
        (OO + "SELECT * { ?w a oo:Publicaton }", "oo:Publicaton", "oo:Publication"),
        (OO.replace("oo:", "o:") + "ASK { ?w o:platfrom ?p }", "o:platfrom", "o:platform"),
        (OO.replace("oo:", ":") + "ASK { ?w :platfrom ?p }", ":platfrom", ":platform"),
        (OO + "SELECT * { ?w oo:title ?t ; oo:zzzqqqxx ?p }", "oo:zzzqqqxx", ""),
        (
            OO + "SELECT * { ?w oo:year ?y FILTER(?y<2020) ?w oo:platfrom ?p FILTER(?y>2010) }",
            "oo:platfrom",
            "oo:platform",
        ),
    ],
)
def test_a_term_that_is_nowhere_is_named(server, query, name, meant) -> None:
    note = next(note for note in notes(server, query) if f"<code>{name}</code>" in note)
    rest = f"; did you mean {meant}?" if meant else "."
    assert words(note) == f"{name} is not in this release{rest}"
    if meant:
        (address,) = re.findall('href="([^"]*)"', note)
        (corrected,) = parse_qs(urlsplit(address).query)["query"]
        assert corrected == query.replace(name, meant)
        assert notes(server, corrected) == []


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("oo:Work", "oo:Publication"),
        ("oo:Paper", "oo:Publication"),
        ("oo:Author", "oo:Person"),
        ("oo:country", "dcterms:spatial"),
        ("oo:topics", "dcterms:subject"),
        ("oo:venue", "dcterms:isPartOf"),
        ("oo:region", "dcterms:spatial"),
    ],
)
def test_a_term_is_known_by_what_people_call_it(server, name, meant) -> None:
    query = f"{OO}SELECT * {{ {f'?w a {name}' if name[3].isupper() else f'?w {name} ?x'} }} LIMIT 3"
    [note] = notes(server, query)
    assert words(note) == f"{name} is not in this release; did you mean {meant}?"
    (address,) = re.findall('href="([^"]*)"', note)
    page = server(html.unescape(address), "text/html").text
    assert ">3 rows." in page  # its prefix is declared, too


@pytest.mark.parametrize(
    "query",
    [
        OO + "SELECT * { ?w oo:platform ?p } LIMIT 3",
        # a comment, a string, a datatype, a function, a variable and an IRI name no term
        OO
        + "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>\n"
        + "# oo:platfrom\n"
        + "SELECT ?oo { ?w oo:year ?y BIND(1 AS ?oo)"
        + ' FILTER(STR(?y) = "oo:platfrom" || xsd:integer(?y) = 1'
        + ' || ?y = "2"^^xsd:nope || STR(?w) = STR(<urn:oo:platfrom>)) } LIMIT 3',
        # a term of the ontology is a thing that statements are about, wherever else it is
        OO + "SELECT * { oo:Suggestion ?p ?o } LIMIT 3",
        # a name with an escape or another colon is not read to its end
        OO + "SELECT * { ?w oo:platf%41rm ?p } LIMIT 3",
        OO + "SELECT * { ?w oo:plattform:x ?p } LIMIT 3",
        # another's vocabulary is not ours to know
        "PREFIX x: <https://example.org/> SELECT * { ?s x:platfrom ?o }",
    ],
)
def test_what_is_known_or_not_ours_is_not_named(server, query) -> None:
    assert notes(server, query) == []


def test_no_question_that_we_ship_names_an_unknown_term(server) -> None:
    for question in questions("https://w3id.org/oograph/"):
        assert [words(note) for note in notes(server, question.query)] == []


pieces = ("PREFIX oo: <https://example.org/>", "oo:ab", "oo:", *"#\"'\\\n ?^@()/<>{}aé")


@given(st.lists(st.sampled_from(pieces)).map("".join))
@example(f"{OO} SELECT * {{ ?s oo:ab ?o }}")
def test_any_text_is_read(text: str) -> None:
    for name in named_in(text):
        assert name.startswith("oo:") and name in text


def test_what_is_corrected_is_the_term_and_no_text(server) -> None:
    query = OO + '# oo:platfrom\nSELECT * { ?w oo:platfrom ?p FILTER(STR(?p) != "oo:platfrom") }'
    note = next(note for note in notes(server, query) if "<code>oo:platfrom</code>" in note)
    link = unquote_plus(note.partition('href="/sparql?query=')[2].partition("&format")[0])
    assert link == query.replace("?w oo:platfrom", "?w oo:platform")
