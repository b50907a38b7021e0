"""What points at a concept or a venue: the index says which works, the store all the rest."""

import re
from collections import defaultdict

import pytest

BASE = "https://w3id.org/oograph/"
#: What points at the concepts of a kind, parts of documents left out.
POINTING = """SELECT ?s ?p ?c {{ ?s ?p ?c FILTER(
  STRSTARTS(STR(?c), "{base}{kind}/") && !CONTAINS(STR(?s), "#") && ?s != ?c) }}"""
KINDS = (
    *("platform", "country", "topic", "method", "work-type", "sector", "scope", "access"),
    *("venue", "person", "organization"),
)


@pytest.fixture(scope="module")
def server(start_server, shipped_release):
    with start_server(
        shipped_release.folder, limits={"seconds": 60, "result_bytes": 2**24}
    ) as running:
        yield running


@pytest.mark.parametrize("kind", KINDS)
def test_all_that_points_at_a_concept_is_on_its_pages(server, kind) -> None:
    pointing = defaultdict(set)
    answer = server.query(POINTING.format(base=BASE, kind=kind), "application/sparql-results+json")
    for row in answer.json["results"]["bindings"]:
        pointing[row["c"]["value"]].add((row["s"]["value"], row["p"]["value"]))
    most = sorted(pointing, key=lambda iri: -len(pointing[iri]))[:10]
    assert most
    for iri in most:
        said, path = set(), f"/{iri.removeprefix(BASE)}.nt"
        while path:
            reply = server(path)
            triples = re.findall(rf"^<([^>#]*)> <([^>]*)> <{re.escape(iri)}> \.$", reply.text, re.M)
            # each page has works of its own
            works = {(s, p) for s, p in triples if "/publication/" in s}
            assert not works & said
            said |= {(s, p) for s, p in triples if s != iri and not p.endswith("primaryTopic")}
            after = re.search(r'<[^>]*?(/[^/>]*/[^/>]*)>; rel="next"', reply.headers["Link"])
            path = after[1] if after else ""
        assert said == pointing[iri], iri


def test_works_come_newest_first(server) -> None:
    text = server("/topic/crowdsourcing.html?page=2", "text/html").text
    years = [int(year) for year in re.findall(r'</a> <span class="quiet">(\d{4})</span>', text)]
    assert len(years) > 50 and years == sorted(years, reverse=True)
    assert server("/topic/crowdsourcing.ttl?page=9").status == 404


def test_a_vocabulary_lists_its_broadest_concepts_once(server) -> None:
    text = server("/scheme/methods.html", "text/html").text
    assert text.count("roadest concepts") == 1
    assert text.count('href="/method/case-study"') == 2  # once among all concepts
    text = server("/organization-kind/employee-organisation.html", "text/html").text
    assert "roadest concepts" not in text
