"""The query page asks the same of another country, platform, topic or method."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

BASE = "https://w3id.org/oograph/"
QUERY = """\
# Which works are on India?
# all of them
SELECT ?work WHERE {
  ?work <http://purl.org/dc/terms/spatial> <https://w3id.org/oograph/country/IN> . # India
}
"""
#: The parameter of a query that names India.
ASKED = urlencode({"query": f"ASK {{ ?work ?p <{BASE}country/IN> }}"})


@pytest.fixture(scope="module")
def server(small_server):
    return small_server


def shown(server, query: str) -> str:
    return server(f"/sparql?{urlencode({'query': query, 'format': 'html'})}", "text/html").text


def asked_of(server, named: str, other: str, query: str = QUERY) -> str:
    iris = {"named": BASE + named, "other": BASE + other}
    reply = server(f"/sparql/of?{urlencode({'query': query, **iris})}")
    assert reply.status == 303
    [asked] = parse_qs(urlsplit(reply.headers["Location"]).query)["query"]
    return asked


def test_a_concept_that_a_query_names_can_be_another(server) -> None:
    page = shown(server, QUERY)
    assert "Instead of India:" in page
    [chosen] = re.findall(r'<option value="([^"]+)" selected>India', page)
    assert chosen == f"{BASE}country/IN"
    assert f'<option value="{BASE}country/PK">Pakistan (' in page
    [sent] = re.findall(r'name="query" value="([^"]+)"', page)
    assert unescape(sent) == QUERY
    asked = asked_of(server, "country/IN", "country/PK")
    assert asked.startswith("# Which works are on Pakistan?\n# all of them\n")
    assert f"<{BASE}country/PK> . # India" in asked and "country/IN" not in asked
    assert '<h2 id="result">Answer</h2>' in shown(server, asked)


def test_a_title_that_does_not_name_the_concept_is_left_out(server) -> None:
    query = QUERY.replace("on India?", "on one place?")
    assert asked_of(server, "country/IN", "country/PK", query).startswith("# all of them\n")


@pytest.mark.parametrize(
    "query",
    [
        "ASK {}",
        f"ASK {{ ?w ?p <{BASE}country/NOWHERE> }}",
        f"ASK {{ ?w ?p <{BASE}scope/instrument> }}",
        f"ASK {{ VALUES ?p {{ <{BASE}country/IN> <{BASE}country/PK> <{BASE}country/BD> }} }}",
        f"ASK {{ <{BASE}country/IN> ",
    ],
)
def test_nothing_is_offered_where_there_is_not_one_concept_or_two(server, query) -> None:
    assert "Instead of" not in shown(server, query)


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "query=ASK{}",
        f"query=ASK{{}}&named={BASE}country/IN&other={BASE}country/PK",
        f"query=%23+{BASE}country/IN%0AASK{{}}&named={BASE}country/IN&other={BASE}country/PK",
        f"{ASKED}&named={BASE}country/IN&other={BASE}country/NOWHERE",
        f"{ASKED}{'+' * 5_000}&named={BASE}country/IN&other={BASE}country/PK",
    ],
)
def test_what_is_not_known_is_refused(server, asked) -> None:
    reply = server(f"/sparql/of?{asked}")
    assert (reply.status, reply.type) == (400, "application/problem+json")
