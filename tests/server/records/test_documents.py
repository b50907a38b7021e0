"""The ontology, the shapes and the validation report as documents."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pyoxigraph as ox
import pytest

from oograph import shapes
from oograph.graph.errors import NoRelease
from oograph.graph.formats import RDF
from oograph.graph.iris import IRIs
from oograph.graph.release import open_release, write_facts
from oograph.graph.release.build import build
from oograph.graph.release.findings import FINDINGS, write_findings
from oograph.graph.release.report_forms import report_file, write_forms
from oograph.graph.store.embedded import EmbeddedStore
from oograph.server.app import create_app

SMALL = Path(__file__).parents[2] / "fixtures" / "small"
BASE = "https://w3id.org/oograph/"
SH = "http://www.w3.org/ns/shacl#"
BROWSER = "text/html,*/*;q=0.1"
FORMATS = {
    "ttl": ("text/turtle", ox.RdfFormat.TURTLE),
    "jsonld": ("application/ld+json", ox.RdfFormat.JSON_LD),
    "nt": ("application/n-triples", ox.RdfFormat.N_TRIPLES),
    "rdf": ("application/rdf+xml", ox.RdfFormat.RDF_XML),
}
#: 25 hints on DOIs, so that they take more than the first page shows, and two warnings.
REPORT = f"""
@prefix sh: <{SH}> .
@prefix report: <{BASE}report#> .
@prefix shapes: <{BASE}shapes#> .
<{BASE}report> a sh:ValidationReport ; sh:conforms true .
""" + "".join(
    f"""
report:result-{number} a sh:ValidationResult ;
  sh:focusNode <{BASE}{focus}> ; sh:resultSeverity sh:{severity} ;
  sh:resultMessage "{message}"@en ;
  <https://w3id.org/oograph/shapes#fix> "Look <b>again</b>."@en ;
  sh:sourceShape shapes:{shape} .
<{BASE}report> sh:result report:result-{number} .
"""
    for number, (focus, severity, message, shape) in enumerate(
        [
            *[
                (f"publication/work-{n}", "Info", "The article has no DOI.", "article-doi-given")
                for n in range(225)
            ],
            ("topic/odd", "Warning", "The value is in no vocabulary.", "concept-unreviewed"),
            ("platform/upwork", "Warning", "The value is in no vocabulary.", "concept-unreviewed"),
        ],
        1,
    )
)


@pytest.fixture(scope="module")
def folder(release_at, tmp_path_factory) -> Path:
    folder: Path = release_at(tmp_path_factory.mktemp("reported") / "reported", "reported")
    (folder / "report.ttl").write_text(REPORT)
    write_findings(folder / "report.ttl", folder / FINDINGS)
    write_forms(folder, IRIs(BASE))
    write_facts(open_release(folder), folder)
    return folder


@pytest.fixture(scope="module")
def reported(start_server, folder):
    with start_server(folder) as server:
        yield server


@pytest.mark.parametrize(
    "path", ["/status", "/report", "/report?shape=article-doi-given", "/shapes.html"]
)
def test_no_page_reads_a_report_whole(release_at, tmp_path: Path, path: str) -> None:
    folder: Path = release_at(tmp_path / "release", "reported")
    (folder / "report.ttl").write_text(REPORT)
    write_findings(folder / "report.ttl", folder / FINDINGS)
    write_forms(folder, IRIs(BASE))
    write_facts(open_release(folder), folder)
    for form in RDF:
        for is_packed in (False, True):
            report_file(folder, form, is_packed).write_bytes(b"")
    release = open_release(folder)
    with EmbeddedStore(release.folder) as store:
        reply = create_app(release, store).test_client().get(path, headers={"Accept": "text/html"})
    assert reply.status_code == 200
    assert re.search(r"\b225\b", reply.text)


class Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if tag == "a" and name == "href":
                self.links.append(value or "")


def triples(reply, format: ox.RdfFormat) -> set[ox.Triple]:
    return {quad.triple for quad in ox.parse(reply.body, format)}


@pytest.mark.parametrize("name", ["ontology", "shapes", "report"])
@pytest.mark.parametrize("ending", FORMATS)
def test_each_document_in_each_format(reported, name, ending) -> None:
    media_type, format = FORMATS[ending]
    reply = reported(f"/{name}.{ending}")
    assert (reply.status, reply.type) == (200, media_type)
    found = triples(reply, format)
    assert found == triples(reported(f"/{name}.ttl"), ox.RdfFormat.TURTLE)
    assert any(triple.subject == ox.NamedNode(BASE + name) for triple in found)
    nodes = {node for triple in found for node in (triple.subject, triple.object)}
    assert not any(isinstance(node, ox.BlankNode) for node in nodes)
    tag = reply.headers["ETag"]
    assert reported(f"/{name}.{ending}", If_None_Match=tag).status == 304


@pytest.mark.parametrize("name", ["ontology", "shapes"])
def test_the_iri_of_a_document_leads_to_it(reported, name) -> None:
    for accept, ending in ((None, "ttl"), (BROWSER, "html"), ("application/rdf+xml", "rdf")):
        reply = reported(f"/{name}", accept)
        assert reply.status == 303
        assert reply.headers["Location"] == f"{reported.url}/{name}.{ending}"
        assert reply.headers["Vary"] == "Accept"
    assert reported(f"/{name}", "image/png").status == 406


def test_the_version_of_the_ontology_leads_to_it(reported) -> None:
    assert reported("/ontology/0.1.0", "text/turtle").status == 303
    assert reported("/ontology/9.9.9").status == 404


@pytest.mark.parametrize("name", ["ontology.html", "shapes.html", "report.html"])
def test_anchors_and_links_within_a_page(reported, name) -> None:
    page = Page(reported(f"/{name}", BROWSER).text)
    assert len(page.ids) == len(set(page.ids))
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)


def test_links_to_shapes_and_terms_lead_to_their_place(reported) -> None:
    places = {
        f"/{name}.html": Page(reported(f"/{name}.html", BROWSER).text).ids
        for name in ("ontology", "shapes")
    }
    places["/ontology"] = places["/ontology.html"]
    checked = 0
    for name in ("ontology", "report"):
        for link in Page(reported(f"/{name}.html", BROWSER).text).links:
            path, hash, place = link.partition("#")
            if hash and path in places:
                assert place in places[path], link
                checked += 1
    assert checked


def test_a_term_is_defined_counted_and_shown_in_use(server) -> None:
    text = server("/ontology.html", BROWSER).text
    [platform] = re.findall(r'<section class="term" id="platform">.*?</section>', text, re.DOTALL)
    assert "A platform a publication is about." in platform
    assert "2 statements" in platform
    assert 'href="/platform/upwork"' in platform
    assert 'href="#Publication"' in platform
    assert 'href="/shapes.html#publication-platform"' in platform
    [publication] = re.findall(
        r'<section class="term" id="Publication">.*?</section>', text, re.DOTALL
    )
    assert "2 members" in publication
    assert 'href="/shapes.html#PublicationShape"' in publication
    assert re.search(r"Platforms</a>\s*<span[^>]*>1 concept<", text)


def test_every_shape_is_on_the_page(reported) -> None:
    text = reported("/shapes.html", BROWSER).text
    ids = set(Page(text).ids)
    quads = list(ox.parse(shapes.turtle(), ox.RdfFormat.TURTLE))
    kinds = {ox.NamedNode(f"{SH}NodeShape"), ox.NamedNode(f"{SH}PropertyShape")}
    names = {q.subject.value.partition("#")[2] for q in quads if q.object in kinds}
    assert names <= ids
    assert 'href="/report?shape=article-doi-given">225 results</a>' in text
    assert "conforms" in text
    assert "each at least 1 character long" in text


def test_a_check_of_the_thing_itself_is_a_row_like_the_others(
    reported, start_server, release_at, tmp_path
) -> None:
    """It says what is wrong, how bad that is and how often it happened."""
    text = reported("/shapes.html", BROWSER).text
    person = text.split('<section id="PersonShape">')[1].split("</section>")[0]
    row = person.split("<td>The thing itself</td>")[1].split("</tr>")[0]
    assert "of kind IRI" in row
    assert "A person has no IRI: it is a blank node." in row
    assert "Give the author an id" in row
    assert "Violation" in row and "conforms" in row
    folder = release_at(tmp_path / "own", "own")
    (folder / "shapes.ttl").write_text(f"""
        <{BASE}shapes#concept-unreviewed> a <{SH}NodeShape> ;
            <{SH}sparql> <{BASE}shapes#query> ; <{SH}severity> <{SH}Warning> .
    """)
    (folder / "report.ttl").write_text(REPORT)
    write_findings(folder / "report.ttl", folder / FINDINGS)
    write_facts(open_release(folder), folder)
    with start_server(folder) as server:
        text = server("/shapes.html", BROWSER).text
    assert "1 shape with 1 check." in text
    assert "no results of a query" in text
    assert 'href="/report?shape=concept-unreviewed">2 results</a>' in text


def test_the_shapes_are_those_of_the_release(start_server, release_at, tmp_path) -> None:
    folder = release_at(tmp_path / "own", "own")
    (folder / "shapes.ttl").write_text(
        f"<{BASE}shapes#OnlyShape> a <{SH}NodeShape> ; <{SH}description> 'The only one' ."
    )
    write_facts(open_release(folder), folder)
    with start_server(folder) as server:
        assert "The only one" in server("/shapes.html", BROWSER).text
        (folder / "shapes.ttl").unlink()
        assert server("/shapes.html").status == 404


def test_the_report_by_shape(reported) -> None:
    text = reported("/report", BROWSER).text
    assert re.search(r"<b>225</b>\s*hints", text) and re.search(r"<b>2</b>\s*warnings", text)
    # The worst first, and no more than a few of each.
    assert text.index("concept-unreviewed") < text.index("article-doi-given")
    assert text.count("/publication/work-") == 10
    assert 'href="/platform/upwork"' in text
    assert "Look &lt;b&gt;again&lt;/b&gt;." in text


def test_all_results_of_a_shape_in_pages(reported) -> None:
    first = reported("/report?shape=article-doi-given", BROWSER)
    second = reported("/report?shape=article-doi-given&page=2", BROWSER)
    assert (first.status, second.status) == (200, 200)
    found = re.findall(r'href="(/publication/work-\d+)"', first.text + second.text)
    assert len(found) == len(set(found)) == 225
    assert first.headers["ETag"] != second.headers["ETag"]
    for wrong in ("nothing", "article-doi-given&page=3"):
        assert reported(f"/report?shape={wrong}", BROWSER).status == 404
    assert reported("/report?shape=article-doi-given&page=x", BROWSER).status == 400


@pytest.mark.parametrize("ending", RDF)
def test_the_report_is_sent_as_it_was_made(reported, folder, ending) -> None:
    plain = reported(f"/report.{ending}")
    packed = reported(f"/report.{ending}", Accept_Encoding="gzip")
    assert plain.body == report_file(folder, ending).read_bytes()
    assert packed.body == report_file(folder, ending, is_packed=True).read_bytes()
    assert packed.headers["Content-Encoding"] == "gzip"
    assert int(packed.headers["Content-Length"]) == len(packed.body)
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept, Accept-Encoding"
    tag = packed.headers["ETag"]
    assert tag == f'{plain.headers["ETag"][:-1]}-gzip"'
    assert reported(f"/report.{ending}", Accept_Encoding="gzip", If_None_Match=tag).status == 304


def test_a_release_with_its_report_in_turtle_alone_is_not_served(release_at, tmp_path) -> None:
    folder = release_at(tmp_path / "release", "reported")
    report_file(folder, "jsonld").unlink()
    with (
        EmbeddedStore(folder) as store,
        pytest.raises(NoRelease, match="its report only in Turtle; rebuild it"),
    ):
        create_app(open_release(folder), store)


def test_the_report_at_its_own_iri(reported) -> None:
    assert reported("/report", "text/turtle").type == "text/turtle"
    assert reported("/report").headers["Vary"].startswith("Accept")
    assert reported("/report", "image/png").status == 406


def test_works_left_out_are_listed(start_server, release_at, tmp_path) -> None:
    folder = release_at(tmp_path / "less", "less")
    facts = folder / "release.json"
    facts.write_text(facts.read_text().replace('"quarantined": []', '"quarantined": ["bad-work"]'))
    with start_server(folder) as server:
        assert "<code>bad-work</code>" in server("/report", BROWSER).text


@pytest.fixture(scope="module")
def flawed(start_server, tmp_path_factory):
    """A server of a catalogue with a broken work, a broken link and a version of nothing."""
    folder = tmp_path_factory.mktemp("flawed")
    items = json.loads((SMALL / "works.json").read_text(encoding="utf-8"))
    items[1]["DOI"] = "not a doi & <b>worse</b>"
    items[2]["custom"]["version_of"] = ["nothing-of-this-id"]
    (folder / "works.json").write_text(json.dumps(items), encoding="utf-8")
    (folder / "links").mkdir()
    (folder / "links" / "mine.csv").write_text(
        "subject_id,predicate_id,object_id,mapping_justification,object_source,mapping_date\n"
        "platform:upwork,skos:exactMatch,not an iri,semapv:ManualMappingCuration,x,2026-01-01\n"
    )
    with start_server(build(folder, folder / "out").release.folder) as server:
        yield server, items


def test_why_works_were_left_out(flawed) -> None:
    server, items = flawed
    text = server("/report", BROWSER).text
    [section] = re.findall(r'<section id="left-out">.*?</section>', text, re.DOTALL)
    assert f"<code>{items[1]['id']}</code>" in section
    assert "The DOI is given more than once, or does not look like" in section
    assert "To fix it: Keep one DOI" in section
    assert "bibo:doi" in section
    assert "not a doi &amp; &lt;b&gt;worse" in section
    assert 'href="/shapes.html#publication-doi"' in section
    # It is no result on what was released, which conforms.
    assert "It conforms" in text
    assert 'id="publication-doi"' not in text
    assert ">conforms<" in server("/shapes.html", BROWSER).text
    assert server("/report?shape=publication-doi", BROWSER).status == 404


def test_what_is_wrong_with_the_catalogue(flawed) -> None:
    server, items = flawed
    text = server("/report", BROWSER).text
    [section] = re.findall(r'<section id="catalogue">.*?</section>', text, re.DOTALL)
    assert "mine.csv:2" in section and "not an iri" in section
    assert items[2]["id"] in section and "nothing-of-this-id" in section
    page = Page(text)
    assert len(page.ids) == len(set(page.ids))
    for link in page.links:
        assert link.startswith(("#", "http")) or server(link).status < 400, link


@pytest.mark.parametrize("ending", RDF)
def test_the_whole_report_in_each_format(flawed, ending) -> None:
    server, items = flawed
    found = triples(server(f"/report.{ending}"), RDF[ending].rdf)
    key = ox.NamedNode(f"{BASE}ontology#key")
    [left_out] = {t.subject for t in found if t.object == ox.Literal(items[1]["id"])}
    assert ox.Triple(left_out, key, ox.Literal(items[1]["id"])) in found
    result = ox.NamedNode(f"{SH}result")
    assert ox.Triple(ox.NamedNode(f"{BASE}report#left-out"), result, left_out) in found
    assert ox.Triple(ox.NamedNode(f"{BASE}report"), result, left_out) not in found
