"""Dereferencing: from an IRI to a page or to RDF about the thing."""

import html

import pyoxigraph as ox
import pytest

WORK = "/publication/doe-2020-clicks"
BASE = "https://w3id.org/oograph"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
FORMATS = {
    "ttl": ("text/turtle", ox.RdfFormat.TURTLE),
    "jsonld": ("application/ld+json", ox.RdfFormat.JSON_LD),
    "nt": ("application/n-triples", ox.RdfFormat.N_TRIPLES),
    "rdf": ("application/rdf+xml", ox.RdfFormat.RDF_XML),
    "trig": ("application/trig", ox.RdfFormat.TRIG),
    "nq": ("application/n-quads", ox.RdfFormat.N_QUADS),
}


@pytest.mark.parametrize(
    ("accept", "extension"),
    [
        pytest.param(BROWSER, "html", id="browser"),
        pytest.param("application/rdf+xml;q=0.9,text/turtle;q=0.5", "rdf", id="q-values"),
        pytest.param("application/ld+json", "jsonld", id="JSON-LD"),
        pytest.param("text/turtle;q=0,application/n-triples;q=0.1", "nt", id="q=0"),
        pytest.param("application/n-quads", "nq", id="N-Quads"),
        pytest.param("application/trig, */*;q=0.1", "trig", id="TriG"),
        pytest.param("text/n3", "ttl", id="N3"),
        pytest.param("text/turtle, */*", "ttl", id="Turtle, or anything"),
        pytest.param("text/html;q=0.5, */*", "ttl", id="anything rather than a page"),
    ],
)
@pytest.mark.parametrize("path", [WORK, "/ontology", "/country/IN"])
def test_see_other(server, path, accept, extension) -> None:
    reply = server(path, accept)
    assert reply.status == 303
    assert reply.headers["Location"] == f"{server.url}{path}.{extension}"
    assert reply.headers["Vary"] == "Accept"
    assert server(f"{path}.{extension}").status == 200


@pytest.mark.parametrize("accept", [None, "*/*", "image/png, */*;q=0.8"])
@pytest.mark.parametrize(
    ("path", "extension"), [(WORK, "html"), ("/ontology", "ttl"), ("/country/IN", "ttl")]
)
def test_a_client_that_takes_anything(server, path, accept, extension) -> None:
    """Citation services, which read a work's page, send what curl sends."""
    reply = server(path, accept)
    assert reply.headers["Location"] == f"{server.url}{path}.{extension}"
    assert reply.headers["Vary"] == "Accept"


@pytest.mark.parametrize(
    ("accept", "extension"),
    [("text/turtle", "ttl"), ("application/ld+json, */*;q=0.1", "jsonld"), ("text/n3", "ttl")],
)
def test_the_home_page_as_data_is_the_catalogue(server, accept, extension) -> None:
    reply = server("/", accept)
    assert (reply.status, reply.headers["Vary"]) == (303, "Accept")
    assert reply.headers["Location"] == f"{server.url}/catalog.{extension}"
    for browser in (BROWSER, None, "*/*"):
        page = server("/", browser)
        assert (page.status, page.type) == (200, "text/html")
        assert "Accept" in page.headers["Vary"]


def test_the_location_is_made_from_the_configured_address(release_folder) -> None:
    from oograph.graph.release import open_release
    from oograph.graph.store.embedded import EmbeddedStore
    from oograph.server.app import create_app

    with EmbeddedStore(release_folder) as store:
        app = create_app(open_release(release_folder), store, "https://example.org/graph")
        reply = app.test_client().get(WORK, headers={"Accept": "text/turtle", "Host": "evil"})
    assert reply.headers["Location"] == f"https://example.org/graph{WORK}.ttl"


def test_not_acceptable(server) -> None:
    reply = server(WORK, "image/png")
    assert reply.status == 406
    assert reply.json["detail"].startswith("A description is available as text/turtle, ")
    assert "text/turtle" in reply.json["available"]
    assert reply.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("extension", FORMATS)
def test_a_description_holds_the_thing_its_parts_and_their_names(server, extension) -> None:
    media_type, format = FORMATS[extension]
    reply = server(f"{WORK}.{extension}")
    assert reply.type == media_type
    triples = {quad.triple for quad in ox.parse(reply.body, format)}
    subjects = {triple.subject.value for triple in triples}
    assert f"{BASE}{WORK}#author-2" in subjects
    assert f"{BASE}{WORK}#source-1-field-1" in subjects
    assert f"{BASE}{WORK}#inferred-subject-microtask-work" in subjects
    names = {t.object.value for t in triples if t.subject.value == f"{BASE}/platform/upwork"}
    assert names == {"Upwork"}


def test_all_forms_say_the_same(server) -> None:
    said = [
        {quad.triple for quad in ox.parse(server(f"{WORK}.{extension}").body, format)}
        for extension, (_, format) in FORMATS.items()
    ]
    assert len(said[0]) > 30
    assert all(each == said[0] for each in said)


def test_a_platform_knows_the_publications_about_it(server) -> None:
    text = server("/platform/upwork.nt").text
    for work in ("doe-2020-clicks", "roe-2018-freelancers"):
        assert f"<{BASE}/publication/{work}> <{BASE}/ontology#platform>" in text


@pytest.mark.parametrize(
    "path",
    [
        "/publication/nobody-1999",
        "/publication/nobody-1999.ttl",
        "/publication/nobody-1999.html",
        "/publication/a%20b%3E",
        "/publication/%00",
        "/publication/..%2f..%2fetc%2fpasswd",
        "/unknown/class",
        "/ontology/0.0.0",
        "/graph/none",
        "/publication/" + "x" * 5000,
    ],
)
@pytest.mark.parametrize(
    ("accept", "media_type"),
    [(BROWSER, "text/html"), ("application/ld+json, */*;q=0.1", "application/problem+json")],
)
def test_unknown_things(server, path, accept, media_type) -> None:
    reply = server(path, accept)
    assert (reply.status, reply.type) == (404, media_type)


def test_an_etag_for_each_format_and_304(server) -> None:
    tags = {server(f"{WORK}.{name}").headers["ETag"] for name in (*FORMATS, "html")}
    assert len(tags) == len(FORMATS) + 1
    for name in (*FORMATS, "html"):
        tag = server(f"{WORK}.{name}").headers["ETag"]
        reply = server(f"{WORK}.{name}", If_None_Match=tag)
        assert (reply.status, reply.body) == (304, b"")
        assert reply.headers["ETag"] == tag
        assert server(f"{WORK}.{name}", If_None_Match='"other"').status == 200


def test_a_named_graph_says_how_large_it_is_and_where_its_statements_are(server) -> None:
    triples = list(ox.parse(server("/graph/inferred.nt").body, ox.RdfFormat.N_TRIPLES))
    assert {quad.object.value for quad in triples if "triples" in quad.predicate.value} == {"2"}
    (dump,) = (quad.object.value for quad in triples if "dataDump" in quad.predicate.value)
    inside = server(dump.removeprefix(server.url), "application/n-triples").body
    assert inside.count(b"\n") == 2


def test_the_page_of_a_named_graph_says_so_too(server) -> None:
    page = server("/graph/inferred.html").text
    assert "2 statements in this release." in page
    asked = html.unescape(page.partition('in this release. <a href="')[2].partition('"')[0])
    inside = server(asked, "application/n-triples").body
    assert inside.count(b"\n") == 2


def test_the_ontology_has_all_its_terms(server) -> None:
    triples = list(ox.parse(server("/ontology.ttl").body, ox.RdfFormat.TURTLE))
    assert {quad.subject.value for quad in triples} == {
        f"{BASE}/ontology",
        f"{BASE}/ontology#Publication",
        f"{BASE}/ontology#platform",
    }
    assert 'id="platform"' in server("/ontology.html").text


def test_the_page_of_a_publication(server) -> None:
    page = server(f"{WORK}.html").text
    assert page.index("Jane Doe") < page.index("Ada Roe")
    assert "Clicks for &#34;pennies&#34; &lt;/script&gt;&lt;b&gt;&amp;" in page
    assert "<b>&" not in page
    # What is ours is linked here and what is no web address is not linked at all.
    assert 'href="/platform/upwork"' in page
    assert 'href="javascript' not in page
    assert f'<a href="{BASE}' not in page
    # Stated and inferred are told apart, with the reason.
    assert '<a class="chip" href="/platform/upwork">' in page
    assert '<a class="chip inferred" href="/topic/microtask-work">' in page
    assert "topics-label-in-title" in page
    assert "works.bib" in page and "click work" in page
    assert 'href="/publication/doe-2020-clicks.jsonld"' in page


def test_a_report_of_a_series_says_which_and_its_number(start_server, release_at, tmp_path) -> None:
    work = ox.NamedNode(f"{BASE}/publication/roe-2018-freelancers")
    stated = ox.NamedNode(f"{BASE}/graph/stated")
    said = (
        (f"{BASE}/ontology#series", "Clicking Papers"),
        ("http://purl.org/ontology/bibo/issue", "85"),
    )
    extra = tuple(ox.Quad(work, ox.NamedNode(p), ox.Literal(o), stated) for p, o in said)
    with start_server(release_at(tmp_path / "series", "series", extra=extra)) as running:
        page = running("/publication/roe-2018-freelancers.html").text
        line = page.partition('<p class="citation">')[2].partition("</p>")[0]
        assert " ".join(line.split()) == "<cite>Clicking Papers</cite> no. 85 · 2018"


def test_a_source_is_named_for_people_its_file_second(start_server, release_at, tmp_path) -> None:
    source = ox.NamedNode(f"{BASE}/publication/doe-2020-clicks#source-1")
    rdfs, graph = "http://www.w3.org/2000/01/rdf-schema#", ox.NamedNode(f"{BASE}/graph/provenance")
    named = (
        ("label", ox.Literal("the library of a group", language="en")),
        ("seeAlso", ox.NamedNode("https://example.org/library")),
    )
    extra = tuple(ox.Quad(source, ox.NamedNode(rdfs + name), o, graph) for name, o in named)
    with start_server(release_at(tmp_path / "named", "named", extra=extra)) as running:
        page = running(f"{WORK}.html").text
        sources = page.partition('id="sources"')[2]
        assert "<summary>the library of a group <span" in sources
        assert '<a href="https://example.org/library">' in sources
        assert sources.index("the library") < sources.index("<code>works.bib</code>, line 12")


def test_a_suggestion_is_shown_as_one_and_counts_nowhere(server) -> None:
    page = server("/publication/roe-2018-freelancers.html").text
    row = page.partition('id="suggested"')[2].partition("</li>")[0]
    assert "Survey" in row and ">suggestion</span>" in row
    assert (
        "survey-phrase" in row
        and "online survey" in row
        and "abstract" in row
        and "75% of checked cases" in row
    )
    assert 'class="chip" href="/method/survey"' not in page
    assert 'class="chip inferred" href="/method/survey"' not in page
    assert "Freelancers of Upwork" not in server("/works?method=survey").text


def test_the_page_of_a_platform_tells_inferred_publications(server) -> None:
    page = server("/platform/upwork.html").text
    assert "A marketplace of freelancers." in page
    stated, inferred = page.split('<ol class="works">')[1].split("Freelancers of Upwork")
    assert "(inferred)</span>" in inferred and "(inferred)</span>" not in stated
    assert "1 stated, 1 inferred" in page


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("country/india", "country/IN"),
        ("country/India.ttl", "country/IN.ttl"),
        ("platform/Upwork.html", "platform/upwork.html"),
        ("person/ada%20roe", "person/ada-roe"),
    ],
)
def test_the_name_of_one_thing_leads_to_it(server, path, location) -> None:
    for accept in ("text/html", "text/turtle"):
        reply = server(f"/{path}", accept)
        assert (reply.status, reply.headers["Location"]) == (303, f"{server.url}/{location}")


@pytest.mark.parametrize(
    "path",
    ["platform/india", "country/republic-of-india", "platform/upwork.html?page=99", "country/ind"],
)
def test_what_is_not_the_one_name_of_a_thing_is_not_there(server, path) -> None:
    assert server(f"/{path}", "text/html").status == 404
