"""What pages claim of the release that is shipped, held against its own data."""

import csv
import html
import io
import re

import pytest

from oograph.graph.release.changes import modified_on
from oograph.ontology import BASE_IRI

BROWSER = "text/html,*/*;q=0.1"


@pytest.fixture(scope="module")
def server(shipped_server):
    return shipped_server


def rows(server, query: str) -> list[list[str]]:
    prefix = "PREFIX oo: <https://w3id.org/oograph/ontology#>\n"
    reply = server(
        "/sparql", "text/csv", "POST", prefix + query, Content_Type="application/sparql-query"
    )
    assert reply.status == 200, reply.text
    return list(csv.reader(io.StringIO(reply.text)))[1:]


@pytest.mark.parametrize("path", ["/", "/about"])
def test_the_works_of_each_scope_are_counted(server, path) -> None:
    page = server(path, BROWSER).text
    counted = rows(
        server,
        "SELECT ?s (COUNT(DISTINCT ?w) AS ?n) { ?w a oo:Publication ; oo:scope ?s } GROUP BY ?s",
    )
    assert counted
    for scope, number in counted:
        name = scope.rpartition("/")[2]
        shown = re.search(rf'<a href="/works\?scope={name}">[^<]+</a> ([\d,]+)', page)
        assert shown and shown[1].replace(",", "") == number, name


def test_the_map_says_of_how_many_works_it_can_know(server) -> None:
    ((both,),) = rows(
        server,
        "SELECT (COUNT(DISTINCT ?w) AS ?n) "
        "{ ?w a oo:Publication ; oo:platform ?p ; <http://purl.org/dc/terms/spatial> ?c }",
    )
    lead = re.search(r'<p class="lead">(.*?)</p>', server("/map", BROWSER).text)
    assert lead and f"both are known for {both} of " in lead[1]
    assert "is a gap" not in lead[1]


def test_a_scope_that_no_source_states_is_the_curators(server) -> None:
    stated = "GRAPH <https://w3id.org/oograph/graph/stated> { ?w oo:scope ?s }"
    ((work,),) = rows(server, f"SELECT ?w {{ {stated} }} ORDER BY ?w LIMIT 1")
    page = server(f"{work.removeprefix('https://w3id.org/oograph')}.html", BROWSER).text
    row = re.search(r'rowspan="1">Scopes</th>.*?</tr>', page, re.DOTALL)
    assert row and "<td>stated by the curator</td>" in row[0]


@pytest.mark.parametrize(
    ("work", "is_named_once"),
    [
        ("malik-2017-understanding-development-implications", True),
        ("bai-2025-all-that-glitters", False),
    ],
)
def test_the_source_of_all_that_is_stated_is_named_once(server, work, is_named_once) -> None:
    page = server(f"/publication/{work}.html", BROWSER).text
    (section,) = re.findall(r'aria-labelledby="about">.*?</section>', page, re.DOTALL)
    before, _, facts = section.partition("<table")
    assert ("“Stated” means stated by " in before) == is_named_once
    assert ("<td>stated by " in facts) != is_named_once
    assert ("<td>stated</td>" in facts) == is_named_once


def test_what_one_source_states_stands_in_one_row(server) -> None:
    stated = "GRAPH <https://w3id.org/oograph/graph/stated> { ?w oo:platform ?p }"
    ((work, number),) = rows(
        server,
        f"SELECT ?w (COUNT(?p) AS ?n) {{ {stated} }} GROUP BY ?w ORDER BY DESC(?n) ?w LIMIT 1",
    )
    page = server(f"{work.removeprefix('https://w3id.org/oograph')}.html", BROWSER).text
    row = re.search(r">Platforms</th>.*?</tr>", page, re.DOTALL)
    assert row and row[0].count('class="chip"') == int(number) > 1
    assert row[0].count(">stated") == 1


def test_sizes_are_short_and_exact_in_the_tooltip(server) -> None:
    page = server("/dumps/", BROWSER).text
    sizes = re.findall(r'title="([\d,]+) bytes">([\d.]+ (?:Bytes|kB|MB|GB))<', page)
    assert ("oograph.nq.gz" in page) and len(sizes) > 10
    status = server("/status", BROWSER).text
    assert re.search(r'title="[\d,]+ bytes">[\d.]+ (?:kB|MB|GB)<', status)


@pytest.mark.parametrize("path", ["/about", "/dumps/", "/status", "/map", "/works", "/"])
def test_abstracts_are_not_forgotten_and_gaps_not_promised(server, path) -> None:
    page = server(path, BROWSER).text
    assert "Rules read titles, not full texts" not in page
    assert "is a gap" not in page and "filters count" not in page


@pytest.mark.parametrize(
    ("path", "property", "noun"),
    [
        ("platform/upwork", "oo:platform", "platform"),
        ("country/PK", "<http://purl.org/dc/terms/spatial>", "country or region"),
    ],
)
def test_works_on_a_thing_are_counted_among_those_that_name_any(
    server, path, property, noun
) -> None:
    ((count,),) = rows(server, f"SELECT (COUNT(DISTINCT ?w) AS ?n) {{ ?w {property} ?any }}")
    known = f"{int(count):,}"
    heading = re.search(r'<h2 id="years">.*?</h2>', server(f"/{path}.html", BROWSER).text)
    assert heading and f"of {known} that name a {noun}; " in heading[0]
    page = server("/browse", BROWSER).text
    assert f"of the {known} works that name one" in page


def test_works_of_a_person_are_counted_among_all(server) -> None:
    ((size,),) = rows(server, "SELECT (COUNT(?w) AS ?n) { ?w a oo:Publication }")
    page = server("/person/richard-heeks.html", BROWSER).text
    assert f'<span class="quiet">of {int(size):,}</span>' in page


@pytest.mark.parametrize("path", ["/", "/browse"])
def test_kinds_of_platforms_are_not_counted_as_platforms(server, path) -> None:
    broader = "<http://www.w3.org/2004/02/skos/core#broader>"
    platforms = {p for (p,) in rows(server, f"SELECT ?p {{ ?w oo:platform/{broader}* ?p }}")}
    kinds = {k for (k,) in rows(server, f"SELECT ?k {{ ?w oo:platform/{broader}+ ?k }}")}
    said = f"<b>{len(platforms - kinds)}</b> platforms of {len(kinds)} kinds<"
    assert said in server(path, BROWSER).text


def test_about_leads_to_how_many_works_come_from_each_source(server) -> None:
    (address,) = re.findall(r'href="([^"]*)">works per source<', server("/about").text)
    answer = server(html.unescape(address), "text/csv")
    first, *_ = csv.DictReader(io.StringIO(answer.text))
    work = "?w <http://www.w3.org/ns/prov#wasDerivedFrom> ?s"
    ((works,),) = rows(server, f"SELECT (COUNT(DISTINCT ?w) AS ?n) {{ {work} }}")
    assert 1 < int(first["works"]) <= int(works)


@pytest.mark.parametrize("path", ["publication/malik-2017-understanding-development-implications"])
def test_a_record_says_when_it_last_changed(server, shipped_release, path) -> None:
    page = server(f"/{path}.html", BROWSER).text
    assert f"Last changed on {modified_on(shipped_release, f'{BASE_IRI}{path}')} ·" in page
    assert "Last changed on" not in server("/graph/stated.html", BROWSER).text


def test_no_page_sets_a_cookie_or_loads_anything_from_elsewhere(server) -> None:
    assert "set no cookies" in server("/about", BROWSER).text
    for path in ("/", "/works?q=india", "/country/IN.html", "/figures", "/sparql", "/about"):
        reply = server(path, BROWSER)
        assert reply.headers["Set-Cookie"] is None
        loaded = re.findall(r'<(?:script|img|iframe)[^>]* src="([^"]+)"', reply.text)
        loaded += re.findall(r'<link rel="(?:stylesheet|icon)"[^>]* href="([^"]+)"', reply.text)
        assert loaded and all(address.startswith("/") for address in loaded)


def test_the_page_of_data_says_what_each_column_of_the_table_holds(server) -> None:
    page = server("/dumps/", BROWSER).text
    [heading] = csv.reader(io.StringIO(server("/dumps/works.csv").text.partition("\n")[0]))
    assert re.findall(r"<dt><code>(\w+)</code>", page) == heading


def test_countries_and_regions_are_counted_alike_on_two_pages(server) -> None:
    void = server("/.well-known/void", BROWSER).text
    ontology = server("/ontology.html", BROWSER).text
    [number] = re.findall(r"<b>([\d,]+)</b> countries and regions", void)
    assert re.search(rf">Countries and regions</a>[^\d]*{number} concepts", ontology)
