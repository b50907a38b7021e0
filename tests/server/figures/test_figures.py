"""Figures: the same numbers as the list of works and as SPARQL, whatever they are asked of."""

import csv
import html
import io
import re
import struct
from typing import cast
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oograph.graph.index.works import Answer, Choice, Works
from oograph.graph.release import Release
from oograph.graph.store.problems import QueryError
from oograph.server.figures import queries
from oograph.server.figures.axes import AXES
from oograph.server.figures.collection import COLUMNS, FIGURES, ROWS
from oograph.server.figures.counts import Asked, across, by_year, distribution
from oograph.server.web.site import Site

HEADING = re.compile(r'<h2 id="hits">([\d,]+) of')
SVG = "{http://www.w3.org/2000/svg}"
CHOICES = [
    {},
    {"country": "southern-asia"},
    {"q": "online"},
    {"from": "2014", "to": "2018"},
    {"platform": "-"},
    {"evidence": "stated"},
    {"evidence": "inferred"},
    {"country": "southern-asia", "evidence": "inferred"},
]


@pytest.fixture(scope="module")
def server(small_server):
    return small_server


def table(server, name: str, **choice: str) -> list[dict[str, str]]:
    reply = server(f"/figure/{name}.csv?{urlencode(choice)}")
    assert (reply.status, reply.type) == (200, "text/csv"), reply.text
    assert reply.headers["Content-Disposition"] == f'attachment; filename="{name}.csv"'
    return list(csv.DictReader(io.StringIO(reply.text, newline="")))


def number_of_works(server, **choice: object) -> int:
    reply = server(f"/works?{urlencode(choice, doseq=True)}", "text/html")
    assert reply.status == 200, reply.text
    heading = HEADING.search(reply.text)
    return int(heading[1].replace(",", "")) if heading else 0


def solutions(server, query: str) -> list[dict[str, str]]:
    reply = server("/sparql", "text/csv", "POST", query, Content_Type="application/sparql-query")
    assert reply.status == 200, reply.text
    return list(csv.DictReader(io.StringIO(reply.text)))


@pytest.mark.parametrize("choice", CHOICES, ids=urlencode)
@pytest.mark.parametrize("name", FIGURES)
def test_each_form(server, name, choice) -> None:
    query = urlencode(choice)
    drawn = server(f"/figure/{name}.svg?{query}")
    assert (drawn.status, drawn.type) == (200, "image/svg+xml")
    root = ElementTree.fromstring(drawn.body)
    assert root.tag == f"{SVG}svg" and root.get("role") == "img"
    title, description = root.findall(f"{SVG}title") + root.findall(f"{SVG}desc")
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert title.text and description.text
    words = [element.text for element in root.iter(f"{SVG}text")]
    assert any(word and "CC BY 4.0" in word for word in words)
    assert not root.findall(f".//{SVG}a") and not root.findall(f".//{SVG}style")
    page = server(f"/figure/{name}?{query}", "text/html")
    assert (page.status, page.type) == (200, "text/html")
    assert page.text.count("<h1") == 1


@pytest.mark.parametrize("name", FIGURES)
def test_a_picture_is_twice_as_large(server, name) -> None:
    query = "country=southern-asia"
    picture = server(f"/figure/{name}.png?{query}")
    assert (picture.status, picture.type) == (200, "image/png")
    assert picture.body.startswith(b"\x89PNG\r\n\x1a\n")
    root = ElementTree.fromstring(server(f"/figure/{name}.svg?{query}").body)
    width, height = struct.unpack(">II", picture.body[16:24])
    assert (width, height) == (2 * int(root.get("width") or 0), 2 * int(root.get("height") or 0))


@pytest.mark.parametrize("choice", CHOICES, ids=urlencode)
def test_the_numbers_are_those_of_the_list_of_works(server, choice) -> None:
    for axis in AXES.values():
        if axis.facet == "year":
            continue
        for row in table(server, f"works-by-{axis.name}", **choice):
            value = row[f"{axis.name}_id"]
            chosen: dict[str, list[str]] = {name: [text] for name, text in choice.items()}
            for parameter, values in axis.where(value).items():
                chosen.setdefault(parameter, []).extend(values)
            assert int(row["works"]) == number_of_works(server, **chosen), (axis.name, row)
            assert int(row["works"]) == int(row["stated"]) + int(row["inferred"])
    for row in table(server, "works-per-year", **choice):
        in_year = {**choice, "from": row["year"], "to": row["year"]}
        assert int(row["works"]) == number_of_works(server, **in_year), row


@pytest.mark.parametrize("choice", CHOICES, ids=urlencode)
@pytest.mark.parametrize(
    ("x", "y"), [("platform", "country"), ("method", "topic"), ("year", "region")]
)
def test_a_cell_has_the_works_that_it_leads_to(server, x, y, choice) -> None:
    page = server(f"/map?{urlencode({**choice, 'x': x, 'y': y})}", "text/html").text
    cells = re.findall(r'<td><a rel="nofollow" href="(/works\?[^"]*)".*?<span>(\d+)</span>', page)
    rows = table(server, "evidence-map", **choice, x=x, y=y)
    assert len(cells) == sum(row["works"] != "0" for row in rows)
    for address, number in cells:
        reply = server(address.replace("&amp;", "&"), "text/html")
        heading = HEADING.search(reply.text)
        assert heading and heading[1] == number, address
    assert sum(int(row["works"]) for row in rows) == sum(int(number) for _, number in cells)


@pytest.mark.parametrize("choice", CHOICES, ids=urlencode)
@pytest.mark.parametrize("name", sorted(FIGURES.keys() - {"works-per-year", "evidence-map"}))
def test_the_query_of_a_figure_gives_its_numbers(server, name, choice) -> None:
    query = server(f"/figure/{name}.rq?{urlencode(choice)}")
    assert query.type == "application/sparql-query"
    rows = [row for row in table(server, name, **choice) if row["works"] != "0"]
    of_figure = sorted((row["works"], row["stated"], row["inferred"]) for row in rows)
    of_query = sorted(
        (row["works"], row["stated"], row["inferred"]) for row in solutions(server, query.text)
    )
    if name == "coverage":  # SPARQL has no short word for the kind of a publication
        for row in rows:
            if row["facet_id"] == "kind":
                of_figure.remove((row["works"], row["stated"], row["inferred"]))
    if len(of_query) > 20 and name != "world-map":
        of_query = sorted(of_query, key=lambda row: -int(row[0]))[:20]
        assert sorted(row[0] for row in of_query) == sorted(row[0] for row in of_figure)
    else:
        assert of_query == of_figure


@pytest.mark.parametrize("choice", CHOICES, ids=urlencode)
def test_the_queries_of_years_and_of_two_facets(server, choice) -> None:
    years = solutions(server, server(f"/figure/works-per-year.rq?{urlencode(choice)}").text)
    rows = [row for row in table(server, "works-per-year", **choice) if row["works"] != "0"]
    numbers = ("works", "stated", "inferred")
    assert [[row[name] for name in ("year", *numbers)] for row in years] == [
        [row[name] for name in ("year", *numbers)] for row in rows
    ]
    crossed = {**choice, "x": "method", "y": "country"}
    pairs = solutions(server, server(f"/figure/evidence-map.rq?{urlencode(crossed)}").text)
    rows = [row for row in table(server, "evidence-map", **crossed) if row["works"] != "0"]
    assert sorted(
        [row["x"].rpartition("/")[2], row["y"].rpartition("/")[2], *(row[name] for name in numbers)]
        for row in pairs
    ) == sorted(
        [row["method_id"], row["country_id"], *(row[name] for name in numbers)] for row in rows
    )


@pytest.mark.parametrize("sizes", [(1, 1), (1, 3), (2, 2), (COLUMNS, ROWS)])
@pytest.mark.parametrize(
    ("x", "y"), [("platform", "country"), ("country", "platform"), ("method", "topic")]
)
def test_a_map_shows_what_has_most_works_in_it(small_release: Release, x, y, sizes) -> None:
    works = Works(small_release.folder)
    asked = Asked(works, Choice(), AXES[x], AXES[y])
    shown = across(asked, *sizes)
    every = across(asked, 1000, 1000)
    totals = [
        sum(cell.works for cell in cells)
        for cells in ([row[n] for row in every.cells] for n in range(len(every.columns)))
    ]
    # a column that is left out has no works where the ones that are shown have none
    assert all(totals[: len(shown.columns)])
    assert all(any(cell.works for cell in cells) for cells in shown.cells)


@pytest.mark.parametrize("evidence", ["stated", "inferred"])
def test_the_query_of_an_evidence_names_no_works(server, evidence) -> None:
    for name in FIGURES:
        query = server(f"/figure/{name}.rq?evidence={evidence}&country=southern-asia").text
        assert "graph/stated>" in query and "/publication/" not in query


def test_a_query_that_the_endpoint_would_not_take_is_refused(
    start_server, small_release: Release
) -> None:
    with start_server(small_release.folder, limits={"query_characters": 1200}) as server:
        reply = server("/figure/works-by-topic.rq?q=online", "application/json")
        assert reply.status == 413 and "the limit is 1,200" in str(reply.json["detail"])
        page = server("/figure/works-by-topic?q=online", "text/html")
        assert page.status == 200 and "the limit is 1,200" in page.text


def test_a_figure_has_one_tag_a_release(server) -> None:
    for ending in ("svg", "png", "csv"):
        first = server(f"/figure/works-by-country.{ending}")
        tag = first.headers["ETag"]
        again = server(f"/figure/works-by-country.{ending}", If_None_Match=tag)
        assert (again.status, again.body) == (304, b"")
        other = server(f"/figure/works-by-country.{ending}?from=2015")
        assert other.headers["ETag"] != tag


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/figure/nothing.svg", "works-per-year"),
        ("/figure/works-per-year.exe", "works-per-year"),
        ("/figure/" + "x" * 5000, "There is no figure"),
        ("/figure/%00.svg", "There is no figure"),
        ("/figure/works-by-country.svg?country=nowhere", "country"),
        ("/figure/evidence-map.svg?x=height", "platform"),
        ("/map?x=" + "x" * 5000, "platform"),
        ("/map?y=%3Cscript%3E", "platform"),
        ("/figures?method=" + "9" * 5000, "method"),
    ],
    ids=lambda text: text[:40],
)
def test_what_there_is_not_is_named(server, path, words) -> None:
    reply = server(path, "application/json")
    assert reply.status == 404
    assert words in reply.json["detail"]
    assert len(reply.body) < 2000


@pytest.mark.parametrize(
    "query",
    [
        "_scheme=x&_external=1&_method=POST&_anchor=y",
        "endpoint=a&values=1&self=2&name=3&form=4",
        "x=&y=&q=",
        "q=" + "%3Csvg%20onload%3D%22x%22%3E" * 20,
        "q=%00%01%ef%bf%be",
        "x=year&y=year",
        "x=author&y=author",
        "&".join(f"country=IN&platform=upwork&n{n}={n}" for n in range(30)),
    ],
    ids=lambda text: text[:30],
)
def test_odd_parameters_do_no_harm(server, query) -> None:
    for path in ("/figures", "/map", "/figure/works-per-year", "/figure/evidence-map.svg"):
        is_file = "." in path
        reply = server(f"{path}?{query}", None if is_file else "text/html")
        names_no_filter = query.startswith(("_scheme", "endpoint", "country"))
        assert reply.status == (400 if is_file and names_no_filter else 200)
        assert b"<svg onload" not in reply.body
        assert len(reply.body) < 1_000_000


@settings(max_examples=60)
@given(
    parameters=st.dictionaries(
        st.sampled_from(["q", "from", "to", "x", "y", "evidence", "country", "author", "sort"]),
        st.text(max_size=30),
        max_size=4,
    ),
    path=st.sampled_from(["/map", "/figure/evidence-map.svg", "/figure/works-per-year.csv"]),
)
def test_any_parameters_are_answered(server, parameters, path) -> None:
    query = urlencode(parameters, errors="replace")
    assert server(f"{path}?{query}", "application/json, */*;q=0.1").status in (200, 303, 400, 404)


def test_nothing_chosen_is_nothing_drawn(server) -> None:
    none = urlencode({"q": "zzzzzzzzzz"})
    assert "Nothing to draw" in server(f"/figure/works-by-topic?{none}", "text/html").text
    assert "Nothing to compare" in server(f"/map?{none}", "text/html").text


def test_the_gallery_has_every_figure(server) -> None:
    page = server("/figures", "text/html").text
    for name in FIGURES:
        if table(server, name):
            assert f'id="{name}"' in page
            for ending in ("svg", "png", "csv", "rq"):
                assert f'href="/figure/{name}.{ending}"' in page
    assert "<script>" not in page and "style=" not in page


@pytest.mark.parametrize(
    ("evidence", "words"), [("stated", "stated only"), ("inferred", "inferred only")]
)
def test_a_figure_says_which_evidence_counts(server, evidence, words) -> None:
    page = server(f"/figure/works-by-country?evidence={evidence}", "text/html").text
    assert f"· {words}</p>" in page


@pytest.mark.parametrize("page", ["/figures", "/map"])
def test_an_identifier_chooses_the_works_of_its_thing(server, page) -> None:
    doi = "10.5555/hw.2018"
    for words in (doi, f"https://doi.org/{doi}"):
        shown = server(f"{page}?{urlencode({'q': words})}", "text/html").text
        assert "<b>1 of 8 works</b>" in shown
        assert re.search(r"1 of 1 works? has ", shown)
    platforms = table(server, "works-by-platform", q=doi)
    assert {row["platform_id"] for row in platforms} == {"upwork"}
    none = server(f"{page}?q=10.9999/nowhere", "text/html").text
    assert "Nothing to " in none


def test_works_lead_to_their_figures(server) -> None:
    page = server("/works?country=IN", "text/html").text
    (address,) = re.findall(r'href="(/figures\?[^"]*)"', page)
    number = number_of_works(server, country="IN")
    assert f"<b>{number} of 8 works</b>" in server(address, "text/html").text


def test_how_much_is_read_does_not_grow_with_the_works(shipped_release) -> None:
    works = Works(shipped_release.folder)
    statements: list[str] = []
    works.values.label("countries", "IN")
    works._base.connection.set_trace_callback(statements.append)
    across(Asked(works, Choice(), AXES["topic"], AXES["author"]), COLUMNS, ROWS)
    assert len(statements) <= 4 * (COLUMNS + ROWS) + 10
    statements.clear()
    distribution(Asked(works, Choice()), AXES["author"], 20)
    by_year(Asked(works, Choice()))
    assert len(statements) <= 12
    works._base.connection.set_trace_callback(None)


def test_a_page_finds_its_works_once(shipped_release, monkeypatch) -> None:
    works = Works(shipped_release.folder)
    asked_for: list[Choice] = []
    find = works.find

    def counted(choice: Choice) -> Answer:
        asked_for.append(choice)
        return find(choice)

    monkeypatch.setattr(works, "find", counted)
    asked = Asked(works, Choice("online", {"countries": ("IN",)}))
    for figure in FIGURES.values():
        assert figure.make(asked).title
    assert [choice.words for choice in asked_for if choice.words] == ["online"]
    assert len(asked_for) <= 2


def test_a_matrix_has_a_bound(shipped_release) -> None:
    works = Works(shipped_release.folder)
    crossed = across(Asked(works, Choice(), AXES["topic"], AXES["author"]), COLUMNS, ROWS)
    assert (len(crossed.columns), len(crossed.rows)) == (COLUMNS, ROWS)
    assert all(len(row) == COLUMNS for row in crossed.cells)
    for count, cells in zip(crossed.rows, crossed.cells, strict=True):
        assert all(cell.works <= count.works for cell in cells)


def test_a_query_that_would_name_too_many_works_is_refused(
    small_release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "EXPORTED", 1)
    works = Works(small_release.folder)
    site = cast(Site, None)  # it is refused before anything is asked
    with pytest.raises(QueryError) as refused:
        queries.sparql(site, FIGURES["works-by-topic"], Asked(works, Choice("online")))
    assert refused.value.problem.status == 413


def test_languages_have_names(server) -> None:
    rows = table(server, "works-by-language")
    assert ("en", "English") in {(row["language_id"], row["language"]) for row in rows}


def test_a_figure_is_described_in_labels_and_not_in_ids(server) -> None:
    root = ElementTree.fromstring(server("/figure/evidence-map.svg").text)
    said = root.findtext(f"{SVG}desc") or ""
    rows = table(server, "evidence-map")
    first = rows[0]
    assert f"{first['country']}, {first['platform']}: {first['works']};" in said
    assert f" {first['platform_id']}," not in said


@pytest.mark.parametrize("name", FIGURES)
def test_an_empty_figure_says_that_no_work_matches(server, name) -> None:
    nothing = urlencode({"q": "zzzzqqqq"})
    root = ElementTree.fromstring(server(f"/figure/{name}.svg?{nothing}").text)
    said = "Nothing to draw: no works match all filters."
    assert said in [each.text for each in root.iter(f"{SVG}text")]
    assert (root.findtext(f"{SVG}desc") or "").endswith(said)
    assert said in server(f"/figure/{name}?{nothing}", "text/html").text


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/figure/works-per-year?country=southern-asia", "Works per year: "),
        ("/map?country=southern-asia&x=method&y=country", "Countries and methods: "),
    ],
)
def test_a_figure_says_how_it_is_cited(server, path, title) -> None:
    page = server(path, "text/html").text
    (reference,) = re.findall(r'<p class="reference" id="reference">(.*?)</p>', page)
    works = number_of_works(server, country="southern-asia")
    assert f"<cite>{title}" in reference and f"[Figure of {works} works]" in reference
    address = html.unescape(reference.rpartition(" ")[2])
    assert address.startswith("http")
    assert html.unescape(server(address[address.index("/", 8) :], "text/html").text) == (
        html.unescape(page)
    )


def test_two_facets_are_headed_by_their_names(server) -> None:
    page = server("/figures", "text/html").text
    assert page.count("Countries and platforms") > 1 and "Two facets" not in page
