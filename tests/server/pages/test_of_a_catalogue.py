"""Pages of a catalogue with what tests/fixtures/small lacks: editors, and broad kinds of work."""

import csv
import io
import json
import re
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox
import pytest

from oograph.graph.iris import GRAPHS
from oograph.graph.release.build import build

SMALL = Path(__file__).parents[2] / "fixtures" / "small"
BASE = "https://w3id.org/oograph/"
EDITED = "malik-2017-understanding-development-implications"
#: Out of alphabetical order, as title pages have them.
EDITORS = ("Zafar", "Abbot", "Mwangi")
#: A language as a source may have it, with what ends a text in SPARQL.
UNKNOWN = 'Old "Norse" \\'
BROWSER = "text/html,*/*;q=0.1"


@pytest.fixture(scope="module")
def server(start_server, tmp_path_factory):
    folder = tmp_path_factory.mktemp("edited")
    items = json.loads((SMALL / "works.json").read_text(encoding="utf-8"))
    for item in items:
        if item["id"] == EDITED:
            item["editor"] = [{"family": name, "given": "K."} for name in EDITORS]
            item["ISBN"] = "9783161484100"
            item["DOI"] = "10.1007/978-3-319-59111-7_35"
            item["language"] = UNKNOWN
        else:
            item["custom"]["work_types"] = ["Online platform work"]
    (folder / "works.json").write_text(json.dumps(items), encoding="utf-8")
    with start_server(build(folder, folder / "out").release.folder) as running:
        yield running


def test_a_language_of_any_characters_is_one_text_in_a_query(server) -> None:
    query = server(f"/works.rq?language={quote(UNKNOWN)}").text
    assert f"{BASE}publication/{EDITED}" in server.query(query, "text/csv").text


def test_editors_are_named_in_their_order(server) -> None:
    page = server(f"/publication/{EDITED}.html", BROWSER).text
    [line] = re.findall(r'<p class="citation">Edited by .*?</p>', page, re.DOTALL)
    assert re.findall(r">([^<]+)</a>", line) == [f"K. {name}" for name in EDITORS]
    assert "#editor-1" not in page
    assert "<dd><bdi>Zafar, K.</bdi>; <bdi>Abbot, K.</bdi>; <bdi>Mwangi, K.</bdi></dd>" in page
    data = json.loads(
        re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)[0]
    )
    assert [editor["familyName"] for editor in data["editor"]] == list(EDITORS)


@pytest.mark.parametrize("path", [f"/publication/{EDITED}.ttl", "/works.ttl?q=malik"])
def test_the_data_of_a_work_says_who_edited_it_in_which_place(server, path) -> None:
    positions = {
        quad.subject.value: quad.object.value
        for quad in ox.parse(server(path).body, ox.RdfFormat.TURTLE)
        if quad.predicate.value == f"{BASE}ontology#position"
    }
    editor = f"{BASE}publication/{EDITED}#editor-"
    assert [positions.get(f"{editor}{n}") for n in (1, 2, 3)] == ["1", "2", "3"]


def test_what_works_name_is_listed_though_there_are_narrower_terms(server) -> None:
    page = server("/browse", BROWSER).text
    [section] = re.findall(
        r'<section aria-labelledby="top-work-type">.*?</section>', page, re.DOTALL
    )
    first = re.findall(r'<a href="/work-type/([^"]+)">', section)[0]
    assert first == "online-platform-work"
    # most works of this one name a narrower one, which is listed
    assert "/country/southern-asia" not in page


@pytest.mark.parametrize("form", ["csv", "ris", "bib", "csl.json", "ttl", "jsonld", "rq", "atom"])
def test_a_search_for_an_identifier_can_be_exported(server, form) -> None:
    for identifier in ("978-3-16-148410-0", "10.1007/978-3-319-59111-7_35"):
        assert server(f"/works?q={identifier}", BROWSER).status == 303
        reply = server(f"/works.{form}?q={identifier}")
        assert (EDITED if form != "ris" else "AU  - Malik") in reply.text


def test_an_export_of_an_identifier_keeps_to_the_other_filters(server) -> None:
    def ids(query: str) -> list[str]:
        return [row["id"] for row in csv.DictReader(io.StringIO(server(query).text))]

    assert ids("/works.csv?q=10.5555/hw.2018") == ["heeks-2018-home-based-work"]
    assert ids("/works.csv?q=10.5555/hw.2018&from=2019") == []
    assert ids("/works.csv?q=10.5555/nothing") == []


@pytest.mark.parametrize(("linkset", "number"), [("publications-doi", 2), ("publications-isbn", 1)])
def test_a_set_of_links_says_how_many_it_has(server, linkset, number) -> None:
    page = server("/browse?class=linkset", BROWSER).text
    found = re.findall(rf'/linkset/{linkset}">[^<]*</a> <span class="quiet number">(\d+)', page)
    assert found == [str(number)]


@pytest.mark.parametrize("ending", ["bib", "ris", "csl.json", "csv"])
def test_a_citation_is_saved_under_the_name_of_the_work(server, ending) -> None:
    reply = server(f"/publication/{EDITED}.{ending}")
    assert reply.headers["Content-Disposition"] == f'attachment; filename="{EDITED}.{ending}"'


def test_a_dump_is_saved_and_its_sums_are_shown(server) -> None:
    for name in ("oograph.ttl", "oograph.nt.gz"):
        reply = server(f"/dumps/{name}", method="HEAD")
        assert reply.headers["Content-Disposition"] == f"attachment; filename={name}"
    sums = server("/dumps/SHA256SUMS", method="HEAD")
    assert sums.headers["Content-Disposition"].startswith("inline")


def test_dumps_say_how_a_spreadsheet_opens_the_table(server) -> None:
    page = server("/dumps/", BROWSER).text
    assert "In Excel, import the CSV (Data, From Text/CSV) as UTF-8" in page


def test_every_table_of_dumps_can_be_scrolled_by_keyboard(server) -> None:
    page = server("/dumps/", BROWSER).text
    boxes = re.findall(r'<div class="scroll"([^>]*)>', page)
    assert len(boxes) == 4
    assert all('tabindex="0" role="region" aria-label="' in box for box in boxes)


def test_there_is_an_icon_where_browsers_look_for_one(server) -> None:
    reply = server("/favicon.ico")
    assert (reply.status, reply.headers["Location"]) == (301, "/static/icon.svg")
    assert server("/static/icon.svg").type == "image/svg+xml"


def test_an_answer_to_a_form_has_a_name_too(server) -> None:
    reply = server(
        "/sparql",
        method="POST",
        body="query=SELECT+*+%7B%7D&format=tsv",
        Content_Type="application/x-www-form-urlencoded",
    )
    assert re.fullmatch(
        r'inline; filename="oograph-answer-[\w-]+\.tsv"', reply.headers["Content-Disposition"]
    )


def test_a_set_of_links_names_its_files_and_not_their_whole_addresses(server) -> None:
    page = server("/linkset/publications-doi.html", BROWSER).text
    assert ">dumps/linkset-publications-doi.nt.gz</a>" in page


@pytest.mark.parametrize(
    ("path", "said", "files"),
    [
        ("/linkset/publications-doi", "Works and their DOIs", "linkset-publications-doi"),
        ("/scheme/methods", "How the research was done", "method"),
    ],
)
def test_a_set_says_what_it_is_how_large_and_where_to_get_it(server, path, said, files) -> None:
    page = server(f"{path}.html", BROWSER).text
    assert f'<p class="lead">{said}' in page
    line = re.search(r"<p>([\d,]+) (?:link|concept)s?, to download as .*</p>", page)
    assert line and int(line[1].replace(",", "")) > 0
    for ending in ("ttl", "nt"):
        assert f'href="/dumps/{files}.{ending}"' in line[0]
        assert server(f"/dumps/{files}.{ending}").status == 200
    assert ">description</a>" not in page


def test_a_named_graph_says_what_it_holds(server) -> None:
    for name, holds in GRAPHS.items():
        assert f'<p class="lead">{holds}</p>' in server(f"/graph/{name}.html", BROWSER).text
        assert holds in server(f"/graph/{name}.ttl").text
        assert holds in server("/sparql", "text/turtle").text


def test_status_names_limits_as_people_write_them(server) -> None:
    page = server("/status", BROWSER).text
    assert "Characters a query and the IRIs of its graphs may have" in page


def test_a_list_without_works_says_so(server) -> None:
    assert "No works match all of these" in server("/works?q=zzzz", BROWSER).text
    assert "no violations were found" in server("/report", BROWSER).text


def test_the_numbers_of_the_dataset_are_of_several(server) -> None:
    page = server("/.well-known/void", BROWSER).text
    numbers = re.findall(r"<li><a [^>]*><b>[\d,]+</b> ([^<]+)</a></li>", page)
    assert len(numbers) == 8
    assert {"triples", "countries and regions", "topics", "links"} <= set(numbers)


def test_what_a_list_is_exported_as_has_the_names_that_people_know(server) -> None:
    page = server("/works?from=2015", BROWSER).text
    buttons = re.findall(
        r'<a class="button" rel="nofollow" href="/works\.([a-z.]+)\?[^>]*>([^<]+)', page
    )
    assert dict(buttons) == {
        "csv": "CSV",
        "ris": "RIS",
        "bib": "BibTeX",
        "csl.json": "CSL-JSON",
        "ttl": "Turtle",
        "jsonld": "JSON-LD",
        "rq": "SPARQL query",
        "atom": "Atom feed",
    }
