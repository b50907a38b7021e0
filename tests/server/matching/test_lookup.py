"""From anybody's IRI to ours, search, and what is told where there is nothing."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyoxigraph as ox
import pytest

from oograph.server.matching.external import external

BASE = "https://w3id.org/oograph/"
EXTRA = f"""
@prefix oo: <{BASE}ontology#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix p: <{BASE}publication/> .
p:book a oo:Publication ; rdfs:label "A book" ; schema:sameAs <urn:isbn:9780804429573> .
p:preprint a oo:Publication ; rdfs:label "A preprint" ;
    schema:sameAs <https://arxiv.org/abs/2001.01234>, <https://openalex.org/W2741809807> .
p:chapter a oo:Publication ; rdfs:label "A chapter" ; schema:isPartOf <urn:isbn:9780804429573> .
p:one a oo:Publication ; rdfs:label "Chapter one" ; schema:isPartOf <urn:isbn:9783161484100> .
p:two a oo:Publication ; rdfs:label "Chapter two" ; schema:isPartOf <urn:isbn:9783161484100> .
p:sici a oo:Publication ; rdfs:label "A title of 1998" ;
  schema:sameAs
  <https://doi.org/10.1002/(sici)1097-0266(199809)19:9%3C833::aid-smj967%3E3.0.co;2-b> .
<{BASE}venue/journal-of-examples> schema:sameAs <urn:issn:0028-0836> .
<{BASE}person/ada-roe> schema:sameAs <https://orcid.org/0000-0002-1825-0097> .
<{BASE}country/IN> skos:exactMatch <https://sws.geonames.org/1269750/>,
  <http://www.wikidata.org/entity/Q668> .
<{BASE}topic/microtask-work> skos:closeMatch <http://zbw.eu/stw/descriptor/30236-5> ;
  skos:exactMatch <http://eurovoc.europa.eu/c_12345678>, <http://d-nb.info/gnd/1031281274> ;
  skos:broadMatch <http://www.wikidata.org/entity/Q668> .
"""
SICI = "10.1002/(SICI)1097-0266(199809)19:9<833::AID-SMJ967>3.0.CO;2-B"


@pytest.fixture(scope="module")
def server(
    tmp_path_factory: pytest.TempPathFactory,
    release_at: Callable[..., Path],
    start_server: Callable[..., Any],
) -> Iterator[Any]:
    graph = ox.NamedNode(f"{BASE}graph/stated")
    extra = tuple(
        ox.Quad(q.subject, q.predicate, q.object, graph)
        for q in ox.parse(EXTRA, format=ox.RdfFormat.TURTLE)
    )
    with start_server(release_at(tmp_path_factory.mktemp("lookup") / "r", extra=extra)) as running:
        yield running


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        ("10.5555/abc", "publication/doe-2020-clicks"),
        ("10.5555/ABC", "publication/doe-2020-clicks"),
        ("doi:10.5555/abc", "publication/doe-2020-clicks"),
        ("DOI: 10.5555/abc", "publication/doe-2020-clicks"),
        ("info:doi/10.5555/abc", "publication/doe-2020-clicks"),
        ("https://dx.doi.org/10.5555/abc", "publication/doe-2020-clicks"),
        ("http://www.doi.org/10.5555%2Fabc", "publication/doe-2020-clicks"),
        ("https://journals.example/doi/full/10.5555/abc", "publication/doe-2020-clicks"),
        (SICI, "publication/sici"),
        ("https://doi.org/" + quote(SICI, safe=""), "publication/sici"),
        ("https://sws.geonames.org/1269750/", "country/IN"),
        ("http://sws.geonames.org/1269750", "country/IN"),
        ("https://www.geonames.org/1269750/republic-of-india.html", "country/IN"),
        ("geonames:1269750", "country/IN"),
        ("Q668", "country/IN"),
        ("wd:Q668", "country/IN"),
        ("https://www.wikidata.org/wiki/Q668", "country/IN"),
        ("https://m.wikidata.org/wiki/Q668#P31", "country/IN"),
        ("http://www.wikidata.org/entity/Q668", "country/IN"),
        ("https://zbw.eu/stw/descriptor/30236-5", "topic/microtask-work"),
        (
            "https://zbw.eu/stw/version/latest/descriptor/30236-5/about.de.html",
            "topic/microtask-work",
        ),
        ("http://eurovoc.europa.eu/c_12345678", "topic/microtask-work"),
        ("https://d-nb.info/gnd/1031281274", "topic/microtask-work"),
        ("0000-0002-1825-0097", "person/ada-roe"),
        ("0000000218250097", "person/ada-roe"),
        ("http://orcid.org/0000-0002-1825-0097", "person/ada-roe"),
        ("urn:isbn:9780804429573", "publication/book"),
        ("0-8044-2957-X", "publication/book"),
        ("ISBN 978-0-8044-2957-3", "publication/book"),
        ("0028-0836", "venue/journal-of-examples"),
        ("urn:issn:00280836", "venue/journal-of-examples"),
        ("ISSN 0028-0836", "venue/journal-of-examples"),
        ("https://portal.issn.org/resource/ISSN/0028-0836", "venue/journal-of-examples"),
        ("doi 10.5555/abc", "publication/doe-2020-clicks"),
        ("dx.doi.org/10.5555/abc", "publication/doe-2020-clicks"),
        ("arXiv 2001.01234v2", "publication/preprint"),
        ("https://arxiv.org/pdf/2001.01234v1.pdf", "publication/preprint"),
        ("https://openalex.org/W2741809807", "publication/preprint"),
        ("https://openalex.org/works/w2741809807", "publication/preprint"),
        ("https://api.openalex.org/works/W2741809807", "publication/preprint"),
        ("openalex:W2741809807", "publication/preprint"),
        ("W2741809807", "publication/preprint"),
        ("http://upwork.com/", "platform/upwork"),
        ("upwork.com", "platform/upwork"),
        ("www.Upwork.com/", "platform/upwork"),
        ("https://www.upwork.com", "platform/upwork"),
        (f"{BASE}platform/upwork", "platform/upwork"),
    ],
)
def test_an_iri_leads_to_ours(server, asked: str, path: str) -> None:
    reply = server("/lookup?iri=" + quote(asked, safe=""))
    assert reply.status == 303, reply.text
    assert reply.headers["Location"] == f"{server.url}/{path}"
    assert reply.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("/doi/10.5555/abc", "publication/doe-2020-clicks"),
        ("/doi/10.5555%2FABC", "publication/doe-2020-clicks"),
        ("/doi/" + quote(SICI), "publication/sici"),
        ("/wikidata/Q668", "country/IN"),
        ("/wikidata/q668", "country/IN"),
        ("/orcid/0000-0002-1825-0097", "person/ada-roe"),
        ("/isbn/0-8044-2957-X", "publication/book"),
        ("/issn/0028-0836", "venue/journal-of-examples"),
        ("/geonames/1269750", "country/IN"),
    ],
)
def test_each_kind_of_identifier_has_an_address(server, address: str, path: str) -> None:
    reply = server(address)
    assert (reply.status, reply.headers["Location"]) == (303, f"{server.url}/{path}")


def test_several_things_are_told_to_choose_from(server) -> None:
    reply = server("/isbn/9783161484100")
    assert reply.status == 300
    assert [each["label"] for each in reply.json["choices"]] == ["Chapter one", "Chapter two"]
    assert len(reply.headers.get_all("Link")) == 2
    page = server("/isbn/9783161484100", accept="text/html")
    assert page.status == 300 and f'href="{server.url}/publication/one"' in page.text


@pytest.mark.parametrize(
    "path",
    [
        "/lookup?iri=nonsense",
        "/lookup?iri=0000-0002-1825-0098",
        "/lookup?iri=978-0-8044-2957-4",
        "/lookup?iri=%00",
        "/doi/nothing",
        "/wikidata/P31",
        "/orcid/1",
    ],
)
def test_nonsense_is_told_with_an_example(server, path: str) -> None:
    reply = server(path)
    assert (reply.status, reply.type) == (400, "application/problem+json")
    assert "https://doi.org/10." in reply.text


def test_a_request_without_an_iri_teaches(server) -> None:
    assert "/lookup?iri=https://doi.org/" in server("/lookup").json["detail"]
    page = server("/lookup", accept="text/html")
    assert page.status == 200 and "<form" in page.text and 'name="iri"' in page.text


def test_what_nothing_is_linked_to_is_told_with_what_is_near(server) -> None:
    reply = server("/lookup?iri=" + quote("https://example.org/upwork"))
    assert reply.status == 404
    assert reply.json["near"][0]["iri"] == f"{BASE}platform/upwork"
    assert "https://doi.org/10.5555/nope" in server("/doi/10.5555/nope").json["detail"]


@pytest.mark.parametrize(
    ("path", "near"),
    [
        ("/topic/upwork", "platform/upwork"),
        ("/platform/upwrok", "platform/upwork"),
        ("/platform/odesk.ttl", "platform/upwork"),
        ("/upwork", "platform/upwork"),
        ("/publication/doe-2020-click", "publication/doe-2020-clicks"),
        ("/country/indai", "country/IN"),
    ],
)
def test_a_404_tells_what_may_have_been_meant(server, path: str, near: str) -> None:
    reply = server(path)
    assert reply.status == 404
    first = reply.json["near"][0]
    assert (first["iri"], first["url"]) == (BASE + near, f"{server.url}/{near}")
    page = server(path, accept="text/html")
    assert "Did you mean" in page.text and f'href="{first["url"]}"' in page.text


def test_a_404_that_is_like_nothing_tells_nothing(server) -> None:
    assert "near" not in server("/qzxv-jkwp").json
    assert "near" not in server("/dumps/a/b/upwork").json


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("q=upwork", "platform/upwork"),
        ("q=upw", "platform/upwork"),
        ("q=odesk", "platform/upwork"),
        ("q=upwrok", "platform/upwork"),
        ("q=upwork+freelancers", "publication/roe-2018-freelancers"),
    ],
)
def test_search_lists_the_nearest_name_first(server, query: str, first: str) -> None:
    moved = server(f"/search?{query}")
    assert moved.status == 303
    page = server(moved.headers["Location"].removeprefix(server.url)).text
    links = re.findall('href="([^"#]+)"', page.split('<h2 id="hits">')[1])
    listed = [link for link in links if not link.startswith(("/figures", "/works.atom"))]
    assert listed[0] == f"/{first}"


def test_a_search_for_publications_is_one_for_works(server) -> None:
    moved = server("/search?class=publication&q=upwork&page=1")
    assert moved.headers["Location"] == f"{server.url}/works?q=upwork&page=1"
    assert "Freelancers of" in server("/works?q=upwork").text


def test_a_search_for_things_of_a_class_is_a_list_of_the_nearest_names(server) -> None:
    moved = server("/search?q=upwrok&class=platform")
    assert moved.headers["Location"] == f"{server.url}/browse?q=upwrok&class=platform"
    page = server("/browse?q=upwrok&class=platform").text
    assert page.split('<ul class="list')[1].split('href="')[1].startswith("/platform/upwork")


def test_search_refuses_what_there_is_not_and_survives_anything(server) -> None:
    assert server("/search?q=upwork&class=no").status == 404
    assert server("/browse?q=upwork&class=platform&page=9").status == 404
    assert server("/search").status == 303
    for asked in ('"', "*", "a AND", "%00", "\U0001f600", "x" * 5000):
        assert server("/search?q=" + quote(asked)).status == 303
        assert server("/works?q=" + quote(asked)).status == 200
        assert server("/browse?class=person&q=" + quote(asked)).status == 200


@pytest.mark.parametrize(
    "text", ["", "http://", "urn:", "10.", "Q", "doi:", ":", "//", "%", "[::1"]
)
def test_no_text_breaks_the_reader_of_identifiers(text: str) -> None:
    assert external(text) is None
