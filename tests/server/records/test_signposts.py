"""Links that lead a program from a record to its parts, in headers, heads and linksets."""

import http.client
import re

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.http import parse_options_header

from oograph.server.records.signposts import target
from oograph.server.web.links import Link, fitting, header

BASE = "https://w3id.org/oograph/"
WORK = "publication/doe-2020-clicks"
OO = f"{BASE}ontology#"
STATED = ox.NamedNode(f"{BASE}graph/stated")
Links = list[tuple[str, str, str]]


def read(value: str) -> Links:
    """The links of a Link header: relation, target, type."""
    found = []
    for part in re.split(r",\s*(?=<)", value):
        url, _, rest = part.removeprefix("<").partition(">")
        _, parameters = parse_options_header(f"link{rest}")
        found.append((parameters["rel"], url, parameters.get("type", "")))
    return sorted(found)


def of_head(page: str) -> Links:
    """The same of a page's head, without what only browsers follow."""
    found = []
    for tag in re.findall(r"<link [^>]+>", page.partition("</head>")[0]):
        attributes = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if not re.match(
            "stylesheet|icon|canonical|alternate|schema|search|unapi", attributes["rel"]
        ):
            found.append((attributes["rel"], attributes["href"], attributes.get("type", "")))
    return sorted(found)


def of_linkset(document: dict, anchor: str) -> Links:
    (context,) = (each for each in document["linkset"] if each["anchor"] == anchor)
    return sorted(
        (rel, link["href"], link.get("type", ""))
        for rel, links in context.items()
        if rel != "anchor"
        for link in links
    )


def targets(links: Links, rel: str) -> list[str]:
    return [url for each, url, _ in links if each == rel]


def test_the_links_of_a_page(server) -> None:
    page = server(f"/{WORK}.html")
    links = read(page.headers["Link"])
    assert of_head(page.text) == links
    assert of_linkset(server(f"/{WORK}.linkset.json").json, f"{server.url}/{WORK}.html") == links
    assert targets(links, "cite-as") == [BASE + WORK]
    assert targets(links, "author") == [f"{BASE}person/ada-roe", f"{BASE}person/jane-doe"]
    assert set(targets(links, "type")) == {
        "https://schema.org/AboutPage",
        "https://schema.org/ScholarlyArticle",
    }
    assert targets(links, "license") == ["https://creativecommons.org/licenses/by/4.0/"]
    assert targets(links, "item") == ["https://doi.org/10.5555/abc"]
    assert targets(links, "collection") == [f"{server.url}/"]
    assert targets(links, "linkset") == [f"{server.url}/{WORK}.linkset.json"]


@pytest.mark.parametrize("thing", [WORK, "platform/upwork", "graph/stated"])
def test_what_a_link_leads_to_is_what_it_says(server, thing) -> None:
    links = read(server(f"/{thing}", "text/html").headers["Link"])
    described = [link for link in links if link[0] in ("describedby", "linkset", "collection")]
    assert len(described) == (12 if thing == WORK else 8)
    for _, url, media_type in described:
        assert server(url.removeprefix(server.url), "text/html").type == media_type


@pytest.mark.parametrize("thing", [WORK, "platform/upwork"])
def test_every_document_says_what_it_describes(server, thing) -> None:
    linkset = server(f"/{thing}.linkset.json")
    assert linkset.type == "application/linkset+json"
    anchors = {each["anchor"] for each in linkset.json["linkset"]}
    redirect = read(server(f"/{thing}", "text/turtle").headers["Link"])
    assert of_linkset(linkset.json, f"{server.url}/{thing}") == redirect
    for url in targets(redirect, "describedby"):
        links = read(server(url.removeprefix(server.url)).headers["Link"])
        assert of_linkset(linkset.json, url) == links
        assert targets(links, "describes") == [f"{server.url}/{thing}.html", BASE + thing]
    assert anchors == {
        f"{server.url}/{thing}",
        f"{server.url}/{thing}.html",
        *targets(redirect, "describedby"),
    }


@pytest.mark.parametrize("thing", [WORK, "platform/upwork", "ontology", "shapes", "catalog"])
def test_the_forms_of_a_document_lead_to_each_other(server, thing) -> None:
    links = read(server(f"/{thing}", "text/turtle").headers["Link"])
    forms = {url: kind for rel, url, kind in links if rel == "alternate"}
    if thing != "catalog":
        assert f"{server.url}/{thing}.ttl" in forms
    for ending in ("html", "jsonld", "nt", "rdf", "trig", "nq"):
        assert f"{server.url}/{thing}.{ending}" in forms
    for url, kind in forms.items():
        reply = server(url.removeprefix(server.url))
        assert (reply.status, reply.type) == (200, kind)
        if not url.endswith(".html"):
            others = {url for rel, url, _ in read(reply.headers["Link"]) if rel == "alternate"}
            assert others >= forms.keys() - {url}


def test_the_linkset_by_negotiation(server) -> None:
    reply = server(f"/{WORK}", "application/linkset+json")
    assert reply.status == 303
    assert reply.headers["Location"] == f"{server.url}/{WORK}.linkset.json"
    # JSON alone is the data.
    assert server(f"/{WORK}", "application/json").headers["Location"].endswith(".jsonld")


@pytest.fixture(scope="module")
def crowded(release_at, start_server, tmp_path_factory):
    """A work of a hundred authors, each with an ORCID iD, and a name that needs escaping."""
    work = f"{BASE}publication/many-2021-hands"
    node, text = ox.NamedNode, ox.Literal
    quads = [
        (work, f"{BASE}ontology#Publication"),
        *((f"{BASE}person/p{number}", f"{OO}Person") for number in range(100)),
    ]
    rdf_type = node("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    found = [ox.Quad(node(s), rdf_type, node(o), STATED) for s, o in quads]
    say: list[tuple[str, str, ox.NamedNode | ox.Literal]] = [
        (work, "http://purl.org/dc/terms/title", text("Many hands")),
        (work, "https://schema.org/sameAs", node("https://doi.org/10.1/é,;b")),
        (work, "https://schema.org/sameAs", node("https://openalex.org/W1")),
    ]
    for number in range(100):
        part = f"{work}#author-{number}"
        orcid = f"https://orcid.org/0000-0000-0000-{number:04d}"
        say += [
            (work, f"{OO}authorship", node(part)),
            (part, f"{OO}position", text(number)),
            (part, f"{OO}nameAsWritten", text(f"P{number}")),
            (part, f"{OO}agent", node(f"{BASE}person/p{number}")),
            (f"{BASE}person/p{number}", "https://schema.org/sameAs", node(orcid)),
        ]
    found += [ox.Quad(node(s), node(p), o, STATED) for s, p, o in say]
    folder = release_at(tmp_path_factory.mktemp("crowded") / "r", extra=tuple(found))
    with start_server(folder) as running:
        yield running


def test_a_crowd_fits_in_the_header(crowded) -> None:
    page = crowded("/publication/many-2021-hands.html")
    value = page.headers["Link"]
    links = read(value)
    assert len(value) <= 3000
    authors = targets(links, "author")
    assert 10 < len(authors) < 100
    assert of_head(page.text) == links
    assert targets(links, "item") == ["https://doi.org/10.1/%C3%A9,;b"]
    url = f"{crowded.url}/publication/many-2021-hands.html"
    whole = of_linkset(crowded("/publication/many-2021-hands.linkset.json").json, url)
    assert len(targets(whole, "author")) == 200
    assert set(links) < set(whole)


@pytest.mark.parametrize("trusted", [0, 1])
def test_links_and_location_agree_behind_a_proxy(start_server, trusted) -> None:
    with start_server(trusted_proxies=trusted) as running:
        told = {"X_Forwarded_Proto": "https", "X_Forwarded_Host": "graph.example.org"}
        reply = running(f"/{WORK}", "text/turtle", **told)
        root = "https://graph.example.org" if trusted else running.url
        assert reply.headers["Location"] == f"{root}/{WORK}.ttl"
        assert f"{root}/{WORK}.ttl" in targets(read(reply.headers["Link"]), "describedby")
        document = running(f"/{WORK}.ttl", **told)
        assert f"<{root}/{WORK}.ttl>" in document.text
        # What is said there depends on where one asks.
        assert document.headers["ETag"] != running(f"/{WORK}.ttl", Host="other").headers["ETag"]
        for accept in ("text/turtle", "text/html"):
            reply = running(f"/{WORK}", accept, X_Forwarded_Proto="javascript")
            assert reply.status == (400 if trusted else 303)
            reply = running(f"/{WORK}", accept, X_Forwarded_Host="no host")
            assert reply.status == (400 if trusted else 303)


def test_a_site_below_a_path_of_the_proxy(start_server) -> None:
    """The proxy takes /graph off the path and says so."""
    with start_server(trusted_proxies=1) as running:
        told = {"X_Forwarded_Host": "example.org", "X_Forwarded_Prefix": "/graph"}
        reply = running(f"/{WORK}", "text/html", **told)
        assert reply.headers["Location"] == f"http://example.org/graph/{WORK}.html"
        page = running(f"/{WORK}.html", **told).text
        local = re.findall(r'(?:href|src|action)="(/[^"]*)"', page)
        assert local and all(path.startswith("/graph/") for path in local)
        for prefix in ("//evil.example", "/a//b", "/<b>", "/a b"):
            assert running(f"/{WORK}.html", X_Forwarded_Prefix=prefix).status == 400


def test_links_are_made_from_the_configured_address(start_server) -> None:
    with start_server(public_url="https://example.org/graph") as running:
        reply = running(f"/{WORK}.html", Host="evil.example")
        assert "evil" not in reply.headers["Link"]
        assert "evil" not in reply.text
        links = read(reply.headers["Link"])
        assert targets(links, "linkset") == [f"https://example.org/graph/{WORK}.linkset.json"]


@given(st.lists(st.text(min_size=1), max_size=80))
def test_any_iri_can_stand_in_a_header(texts) -> None:
    links = [Link("item", target(f"https://example.org/{each}")) for each in texts]
    value = header(links)
    assert len(value) <= 3000
    assert value.isascii() and value.isprintable()
    illegal = vars(http.client)["_is_illegal_header_value"]
    assert illegal(value.encode()) is None
    expected = sorted((link.rel, link.href, "") for link in fitting(links))
    assert (read(value) if value else []) == expected


def test_a_link_keeps_what_is_escaped() -> None:
    assert target('https://example.org/a%20b/é<>"?x=1#y') == (
        "https://example.org/a%20b/%C3%A9%3C%3E%22?x=1#y"
    )
