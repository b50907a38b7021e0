"""Descriptions: their pages, their validators, and IRIs that are not plain."""

import email.utils
import re
from urllib.parse import quote

import pyoxigraph as ox
import pytest

BASE = "https://w3id.org/oograph/"
BROWSER = "text/html,*/*;q=0.1"
FOAF = "http://xmlns.com/foaf/0.1/"
HYDRA = "http://www.w3.org/ns/hydra/core#"
OO = f"{BASE}ontology#"
RDF = {
    "ttl": ox.RdfFormat.TURTLE,
    "jsonld": ox.RdfFormat.JSON_LD,
    "nt": ox.RdfFormat.N_TRIPLES,
    "rdf": ox.RdfFormat.RDF_XML,
}
WORK = "/publication/doe-2020-clicks"
#: IRIs that are not plain, after the base.
ODD = {
    "escaped": "topic/caf%C3%A9",
    "not ASCII": "topic/größe",
    "space": "topic/two%20words",
    "plus": "topic/c+c",
    "escaped plus": "topic/d%2Bd",
    "slash": "topic/and/or",
    "escaped slash": "topic/this%2Fthat",
    "full stop": "topic/v1.5",
    "percent": "topic/100%25",
    "ending": "topic/a.ttl.b",
}


@pytest.fixture(scope="module")
def large(release_at, start_server, tmp_path_factory):
    """Where 450 works of ten years are about Upwork, and some things have odd IRIs."""
    node = ox.NamedNode
    stated, inferred = node(f"{BASE}graph/stated"), node(f"{BASE}graph/inferred")
    label = node("http://www.w3.org/2000/01/rdf-schema#label")
    title = node("http://purl.org/dc/terms/title")
    quads = []
    for number in range(450):
        work = node(f"{BASE}publication/work-{number:03d}")
        year = ox.Literal(2000 + number % 10)
        graph = inferred if number % 2 else stated
        quads += [
            ox.Quad(work, node(f"{OO}platform"), node(f"{BASE}platform/upwork"), graph),
            ox.Quad(work, label, ox.Literal(f"Work {number}"), stated),
            ox.Quad(work, title, ox.Literal(f"Work {number}"), stated),
            ox.Quad(work, node(f"{OO}year"), year, stated),
        ]
    quads += [ox.Quad(node(BASE + path), label, ox.Literal(path), stated) for path in ODD.values()]
    with start_server(
        release_at(tmp_path_factory.mktemp("large") / "r", extra=tuple(quads))
    ) as running:
        yield running


def pointing(body: bytes, format: ox.RdfFormat) -> set[str]:
    triples = ox.parse(body, format)
    return {t.subject.value for t in triples if t.object == ox.NamedNode(f"{BASE}platform/upwork")}


def relations(reply) -> dict[str, str]:
    found = re.findall(r'<([^>]*)>; rel="(first|prev|next|last)"', reply.headers["Link"])
    return {rel: url for url, rel in found}


@pytest.mark.parametrize("ending", RDF)
def test_pages_of_rdf_hold_everything_once(large, ending) -> None:
    path, seen = f"/platform/upwork.{ending}", []
    while path:
        reply = large(path)
        linking = pointing(reply.body, RDF[ending])
        seen.append({each for each in linking if not each.startswith(large.url)})
        found = relations(reply)
        assert found["first"] == f"{large.url}/platform/upwork.{ending}"
        assert found["last"] == f"{large.url}/platform/upwork.{ending}?page=3"
        itself = ox.NamedNode(large.url + path)
        about = {
            (t.predicate.value.removeprefix(HYDRA), t.object.value)
            for t in ox.parse(reply.body, RDF[ending])
            if t.subject == itself and t.predicate.value.startswith(HYDRA)
        }
        assert about == {("previous" if r == "prev" else r, url) for r, url in found.items()}
        path = found.get("next", "").removeprefix(large.url)
    assert [len(each) for each in seen] == [200, 200, 52]
    assert len(set.union(*seen)) == 452


def test_pages_of_html_are_those_of_rdf(large) -> None:
    for page in ("?page=2", "?page=3"):
        text = large(f"/platform/upwork.html{page}").text
        found = re.findall(r'<li><a href="/(publication/[\w-]+)"', text)
        reply = large(f"/platform/upwork.nt{page}")
        assert {BASE + each for each in found} == {
            each
            for each in pointing(reply.body, RDF["nt"])
            if each.startswith(f"{BASE}publication/")
        }
        years = [int(year) for year in re.findall(r'<span class="quiet">(\d{4})</span>', text)]
        assert years == sorted(years, reverse=True)
    assert "Page 3 of 3" in text and 'href="/platform/upwork.html?page=2"' in text
    assert "Query all of them" in text


def test_the_first_page_of_html_is_a_profile_that_leads_to_all_works(large) -> None:
    text = large("/platform/upwork.html").text
    works = text.split('<ol class="works">')[1].split("</ol>")[0]
    shown = re.findall(r'class="title" href="/(publication/[\w-]+)"', works)
    assert len(shown) == 10
    assert {BASE + each for each in shown} <= pointing(large("/platform/upwork.nt").body, RDF["nt"])
    years = [int(year) for year in re.findall(r'<p class="quiet">(\d{4})', works)]
    assert years == sorted(years, reverse=True)
    listing = large("/works?platform=upwork").text
    [total] = re.findall(r'<h2 id="hits">(\d+) of', listing)
    assert f"all {total} works" in text and 'href="/works?platform=upwork"' in text


@pytest.mark.parametrize("ending", ["html", "ttl"])
def test_page_0_is_the_first(large, ending) -> None:
    reply = large(f"/platform/upwork.{ending}?page=0", BROWSER)
    assert (reply.status, reply.headers["Location"]) == (303, f"/platform/upwork.{ending}")


@pytest.mark.parametrize("ending", ["html", "ttl"])
def test_no_such_page(large, ending) -> None:
    for page in ("4", "9" * 400):
        assert large(f"/platform/upwork.{ending}?page={page}", BROWSER).status == 404


@pytest.mark.parametrize("page", ["-1", "x", "", "1.5", "٣"])
@pytest.mark.parametrize("ending", ["html", "ttl"])
def test_what_is_no_page_is_refused(large, page, ending) -> None:
    reply = large(f"/platform/upwork.{ending}?page={quote(page)}")
    assert reply.status == 400
    assert "page must be a whole number" in reply.json["detail"]


def test_small_things_have_one_page(server) -> None:
    reply = server("/platform/upwork.ttl")
    assert relations(reply) == {}
    assert "hydra:first" not in reply.text
    assert server("/platform/upwork.bib?page=2").status == 404
    assert server(f"{WORK}.bib?page=2").status == 404


@pytest.mark.parametrize("ending", RDF)
def test_a_document_says_whose_it_is_and_what_may_be_done_with_it(server, ending) -> None:
    itself = f"{server.url}{WORK}.{ending}"
    said = {
        (t.predicate.value, t.object.value)
        for t in ox.parse(server(f"{WORK}.{ending}").body, RDF[ending])
        if t.subject.value == itself
    }
    assert said == {
        ("http://www.w3.org/1999/02/22-rdf-syntax-ns#type", f"{FOAF}Document"),
        (f"{FOAF}primaryTopic", f"{BASE}publication/doe-2020-clicks"),
        (
            "http://purl.org/dc/terms/license",
            "https://creativecommons.org/licenses/by/4.0/",
        ),
        ("http://rdfs.org/ns/void#inDataset", f"{BASE}.well-known/void#dataset"),
    }


@pytest.mark.parametrize(
    "part",
    ["author-1", "author-2", "source-1", "source-1-field-1", "inferred-subject-microtask-work"],
)
def test_a_part_is_described_where_its_iri_leads(server, part) -> None:
    triples = ox.parse(server(f"{WORK}.nt").body, RDF["nt"])
    subjects = {triple.subject.value for triple in triples}
    assert f"{BASE}publication/doe-2020-clicks#{part}" in subjects


@pytest.mark.parametrize("path", ODD.values(), ids=ODD)
def test_an_odd_iri_leads_to_its_document(large, path) -> None:
    asked = "/" + quote(path, safe="/%+")
    reply = large(asked, "application/n-triples")
    assert reply.status == 303
    assert reply.headers["Location"] == f"{large.url}{asked}.nt"
    document = large(f"{asked}.nt")
    subjects = {triple.subject.value for triple in ox.parse(document.body, RDF["nt"])}
    assert BASE + path in subjects
    assert f"{large.url}{asked}.nt" in subjects
    assert large(f"{asked}.html").status == 200
    assert f'<{large.url}{asked}.ttl>; rel="describedby"' in reply.headers["Link"]


@pytest.mark.parametrize("kind", ["publication", "topic", "organization-kind", "scheme"])
@pytest.mark.parametrize("slash", ["", "/"])
def test_a_class_leads_to_its_list(server, kind, slash) -> None:
    reply = server(f"/{kind}{slash}")
    assert reply.status == 303
    assert reply.headers["Location"] == f"{server.url}/browse?class={kind}"


@pytest.mark.parametrize("ending", [*RDF, "html", "bib", "ris", "csl.json", "linkset.json"])
def test_validators(server, ending) -> None:
    path = f"{WORK}.{ending}"
    reply = server(path)
    tag, made = reply.headers["ETag"], reply.headers["Last-Modified"]
    seconds = email.utils.parsedate_to_datetime(made).timestamp()
    before = email.utils.formatdate(seconds - 1, usegmt=True)
    after = email.utils.formatdate(seconds + 60, usegmt=True)
    expected = [
        ({"If_None_Match": tag}, 304),
        ({"If_None_Match": f'"other", {tag}'}, 304),
        ({"If_None_Match": f"W/{tag}"}, 304),
        ({"If_None_Match": "*"}, 304),
        ({"If_None_Match": '"other"'}, 200),
        ({"If_Modified_Since": made}, 304),
        ({"If_Modified_Since": after}, 304),
        ({"If_Modified_Since": before}, 200),
        ({"If_Modified_Since": "nonsense"}, 200),
        # The tag decides where there is one (RFC 9110, 13.2.2).
        ({"If_None_Match": '"other"', "If_Modified_Since": made}, 200),
        ({"If_None_Match": tag, "If_Modified_Since": before}, 304),
    ]
    for headers, status in expected:
        answer = server(path, **headers)
        assert answer.status == status, headers
        assert answer.headers["ETag"] == tag
        # Werkzeug leaves it out of a 304, whose tag says enough.
        assert answer.headers["Last-Modified"] == (made if status == 200 else None)
        assert answer.headers["Vary"].startswith("Accept")
        assert bool(answer.body) == (status == 200)


@pytest.mark.parametrize(
    "headers",
    [{"If_None_Match": "*"}, {"If_Modified_Since": "Fri, 01 Jan 2100 00:00:00 GMT"}],
    ids=["any", "date"],
)
def test_what_is_not_there_is_not_unmodified(server, headers) -> None:
    assert server("/publication/nobody-1999.ttl", **headers).status == 404
    assert server("/platform/upwork.ttl?page=2", **headers).status == 404


@pytest.mark.parametrize("ending", ["", ".ttl", ".html", ".bib", ".linkset.json"])
@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_head_tells_what_get_would(server, ending, encoding) -> None:
    answers = [
        server(WORK + ending, "text/turtle", method, Accept_Encoding=encoding)
        for method in ("GET", "HEAD")
    ]
    whole, head = ({n: v for n, v in a.headers.items() if n != "Date"} for a in answers)
    assert head == whole
    assert "Content-Length" in head
    assert answers[1].body == b""
