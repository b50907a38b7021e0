"""Lists of things, profiles, the about and status pages, and what was wrong with pages once."""

import re
from email.message import Message
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from oograph.cli import main
from oograph.graph.model import Record, Source
from oograph.ontology import PREFIXES
from oograph.server.records.report_address import report_address

ROOT = Path(__file__).parents[3]
BROWSER = "text/html,*/*;q=0.1"


def count(server, pattern: str) -> int:
    reply = server.query(f"SELECT (COUNT(DISTINCT ?x) AS ?n) {{ {pattern} }}", "text/csv")
    return int(reply.text.split()[1])


@pytest.mark.parametrize(
    ("path", "thing", "pattern"),
    [
        ("scheme", "scheme/topics", "?x <http://www.w3.org/2004/02/skos/core#inScheme> <{}>"),
        (
            "linkset",
            "linkset/countries-wikidata",
            "?x <https://w3id.org/oograph/ontology#linkset> <{}>",
        ),
    ],
)
def test_vocabularies_and_sets_of_links_have_their_own_counts(server, path, thing, pattern) -> None:
    page = server(f"/browse?class={path}", BROWSER).text
    [number] = re.findall(rf'href="/{thing}">[^<]*</a> <span class="quiet number">([\d,]+)', page)
    expected = count(server, pattern.format(f"https://w3id.org/oograph/{thing}"))
    assert int(number.replace(",", "")) == expected > 10


def shown(server, path: str, asked: str = "") -> dict[str, str]:
    """What a list counts, by the path of the thing."""
    page = server(f"/browse?class={path}" + (f"&q={asked}" if asked else ""), BROWSER).text
    pattern = rf'<a href="/({path}/[^"]+)">[^<]*</a> <span class="quiet number">([\d,]+)<'
    return dict(re.findall(pattern, page))


@pytest.mark.parametrize(
    ("path", "asked"),
    [("country", "asia"), ("person", "heeks"), ("scheme", "topics"), ("venue", "mis")],
)
def test_a_list_by_name_counts_as_the_whole_list_does(server, path, asked) -> None:
    whole, by_name = shown(server, path), shown(server, path, asked)
    assert by_name
    assert by_name == {thing: whole.get(thing, "0") for thing in by_name}
    unit = "concepts" if path == "scheme" else "works"
    assert (
        f"each with its number of {unit}" in server(f"/browse?class={path}&q={asked}", BROWSER).text
    )


@pytest.mark.parametrize(
    ("path", "has_narrower"), [("topic", True), ("platform", True), ("organization", False)]
)
def test_only_a_list_with_narrower_entries_speaks_of_them(server, path, has_narrower) -> None:
    page = server(f"/browse?class={path}", BROWSER).text
    assert "each with its number of works" in page
    assert ("including those of narrower entries" in page) == has_narrower


@pytest.mark.parametrize(
    ("path", "name"), [("organization", "an organisation"), ("platform", "a platform")]
)
def test_a_list_asks_for_a_name(server, path, name) -> None:
    assert f">Name of {name}</label>" in server(f"/browse?class={path}", BROWSER).text


def test_a_tree_shows_each_concept_that_any_work_has_below_its_broader_one(server) -> None:
    page = server("/browse?class=country", BROWSER).text
    asia, southern, india = (
        page.index(f'href="/country/{name}"') for name in ("asia", "southern-asia", "IN")
    )
    assert asia < southern < india
    assert 'href="/country/AD"' not in page  # no work is about Andorra


BASE = "https://w3id.org/oograph/"
ADA, NAMESAKE = (ox.NamedNode(f"{BASE}person/ada-roe{end}") for end in ("", "-2"))


def of_a_namesake(*more: tuple[ox.NamedNode, str, ox.NamedNode]) -> tuple[ox.Quad, ...]:
    """A second Ada Roe, who wrote another work, and what else is said."""
    work = ox.NamedNode(f"{BASE}publication/roe-2018-freelancers")
    triples: tuple[tuple[ox.NamedNode, str, ox.NamedNode | ox.Literal], ...] = (
        (NAMESAKE, "rdf:type", ox.NamedNode(f"{BASE}ontology#Person")),
        (NAMESAKE, "rdfs:label", ox.Literal("Ada Roe")),
        (work, "dcterms:creator", NAMESAKE),
        *more,
    )
    stated = ox.NamedNode(f"{BASE}graph/stated")
    return tuple(ox.Quad(s, ox.NamedNode(PREFIXES.expand(p)), o, stated) for s, p, o in triples)


def test_namesakes_are_told_apart_by_when_and_with_whom(start_server, release_at, tmp_path) -> None:
    extra = of_a_namesake()
    with start_server(release_at(tmp_path / "namesakes", "namesakes", extra=extra)) as running:
        page = running("/browse?class=person", BROWSER).text
        notes = re.findall(r'href="/person/ada-roe[-2]*">Ada Roe</a>.*<span class="quiet">· ', page)
        assert len(notes) == 2
        assert "Jane Doe" not in page and "Doe, Jane" in page
        by_name = running("/browse?class=person&q=roe", BROWSER).text
        told_apart = r'href="/person/(ada-roe[-2]*)">Ada Roe</a>.* <span class="quiet">· ([^<]+)'
        assert sorted(re.findall(told_apart, by_name)) == [
            ("ada-roe", "2018–2020, with Doe"),
            ("ada-roe-2", "2018"),
        ]
        profile = running("/person/jane-doe.html", BROWSER).text
        assert re.findall(told_apart, profile) == [("ada-roe", "2018–2020, with Doe")]


def test_names_in_other_scripts_stand_under_a_heading_of_their_own(
    start_server, release_at, tmp_path
) -> None:
    base = "https://w3id.org/oograph/"
    node, stated = ox.NamedNode, ox.NamedNode(f"{base}graph/stated")
    label = node("http://www.w3.org/2000/01/rdf-schema#label")
    work = node(f"{base}publication/roe-2018-freelancers")
    quads = []
    for slug, name in (("anna-znak", "Анна Знак"), ("pavel-orlov", "Павел Орлов")):
        person = node(f"{base}person/{slug}")
        creator = node("http://purl.org/dc/terms/creator")
        quads += [
            ox.Quad(person, label, ox.Literal(name), stated),
            ox.Quad(work, creator, person, stated),
        ]
    extra = tuple(quads)
    with start_server(release_at(tmp_path / "scripts", "scripts", extra=extra)) as running:
        page = running("/browse?class=person", BROWSER).text
        [letters] = re.findall(r'<nav class="letters".*?</nav>', page)
        links = re.findall(r'href="[^"]*page=1#([^"]+)">([^<]+)<', letters)
        assert links[-1] == ("letter-Other-scripts", "Other scripts")
        assert len([text for _, text in links if len(text) > 1]) == 1
        headings = re.findall(r'<h2 id="([^"]+)">([^<]+)</h2>', page)
        assert headings == links
        assert page.index("Знак") > page.index(">Other scripts</h2>")


def test_namesakes_that_are_likely_the_same_lead_to_one_another(
    start_server, release_at, tmp_path
) -> None:
    same = "oo:probablySameAs"
    extra = of_a_namesake((ADA, same, NAMESAKE), (NAMESAKE, same, ADA))
    with start_server(release_at(tmp_path / "likely", "likely", extra=extra)) as running:
        page = running("/browse?class=person", BROWSER).text
        links = re.findall(
            r'href="/person/(ada-roe[-2]*)">Ada Roe</a> <span class="quiet number">\d</span>.*'
            r'likely the same as <a href="/person/(ada-roe[-2]*)">Ada Roe</a> \(2\)',
            page,
        )
        assert sorted(links) == [("ada-roe", "ada-roe-2"), ("ada-roe-2", "ada-roe")]
        assert shown(running, "person", "roe")["person/ada-roe"] == "2"
        likely = running("/person/ada-roe.html", BROWSER).text.partition("Likely the same person")[
            2
        ]
        assert 'href="/person/ada-roe-2"' in likely.partition("</dd>")[0]
        # the filter has the two of them as one, with the works of both
        filtered = running("/works", BROWSER).text
        assert re.findall(r'author=person%2F(ada-roe[^"&]*)"', filtered) == ["ada-roe"]


@pytest.mark.parametrize(
    "path",
    ["platform/upwork", "country/southern-asia", "person/richard-heeks", "venue/mis-quarterly"],
)
def test_a_profile_leads_to_its_list_and_counts_the_same(server, path) -> None:
    page = server(f"/{path}.html", BROWSER).text
    [number] = re.findall(r'<h2 id="years">(\d+) work', page)
    [link] = re.findall(r'<a class="button" href="(/works\?[^"]+)"', page)
    listing = server(link, BROWSER).text
    assert f'<h2 id="hits">{number} of ' in listing
    shown = re.findall(r'class="title" href="([^"]+)"', page)
    assert shown == re.findall(r'class="title" href="([^"]+)"', listing)[: len(shown)]


def test_a_region_says_how_many_of_its_works_name_a_place_within_it(server) -> None:
    assert (
        "All of them name a place within it." in server("/country/southern-asia.html", BROWSER).text
    )
    assert "a place within it" not in server("/country/IN.html", BROWSER).text


def test_a_number_can_be_quoted_with_what_it_counts(server) -> None:
    page = server("/country/southern-asia.html", BROWSER).text
    [works, known] = re.findall(r'<h2 id="years">(\d+) work.*?>of (\d+) that name', page)[0]
    [quote] = re.findall(r'id="number">([^<]+)</p>', page)
    assert quote.startswith(
        f"Of {known} works that name a country or region, {works} name Southern Asia "
        "or a place within it"
    )
    assert quote.endswith("/country/southern-asia") and "release 2" in quote
    # who wrote works, and where they appeared, is known of nearly all
    assert "Cite this number" not in server("/person/richard-heeks.html", BROWSER).text


def test_a_concept_without_works_has_a_page_that_says_so(server) -> None:
    page = server("/country/AD.html", BROWSER)
    assert page.status == 200
    assert "No work in this release names it." in page.text
    assert "Wikidata" in page.text


def test_every_number_of_a_profile_is_that_of_the_list_it_leads_to(server) -> None:
    page = server("/country/southern-asia.html", BROWSER).text
    links = re.findall(r'<a class="number" rel="nofollow" href="([^"]+)"[^>]*>(\d+)</a>', page)
    assert len(links) > 5
    for link, number in links[:12]:
        assert f'<h2 id="hits">{number} of ' in server(link.replace("&amp;", "&"), BROWSER).text


def test_home_says_how_many_works_each_number_is_of(server) -> None:
    page = server("/", BROWSER).text
    assert re.search(r"of the \d+ works that name one", page)
    examples = page.split("For example:")[1].split("</p>")[0]
    for link, number in re.findall(
        r'href="([^"]+)">[^<]*<span class="quiet">(\d+)</span>', examples
    ):
        found = server(link.replace("&amp;", "&"), BROWSER).text
        assert f'<h2 id="hits">{number} of ' in found


def test_status_has_the_limits_that_the_service_has(server) -> None:
    page = server("/status", BROWSER).text
    for limit in ("seconds", "result_bytes", "client_queries"):
        assert f"<code>{limit}</code>" in page


@pytest.mark.parametrize(
    ("query", "ending", "name"),
    [
        ("ASK {}", "json", "oograph-answer-"),
        ("# Works on India?\nASK {}", "xml", "oograph-works-on-india-"),
        ('# "; filename=x.exe\nASK {}', "xml", "oograph-filename-x-exe-"),
    ],
)
def test_an_answer_that_is_saved_has_a_name(server, small_release, query, ending, name) -> None:
    reply = server.query(query, format=ending)
    expected = f'inline; filename="{name}{small_release.version}.{ending}"'
    assert reply.headers["Content-Disposition"] == expected
    assert "Content-Disposition" not in server.query(query, "text/csv").headers


def test_the_title_of_a_page_names_its_error(server) -> None:
    page = server.query("SELECT", BROWSER)
    assert page.status == 400
    assert "<title>Error: " in page.text
    assert "<title>Error: " in server("/nothing", BROWSER).text


def test_a_mistake_is_reported_where_the_operator_says() -> None:
    record = Record("A & B", id="a-2020-b", sources=(Source("works.bib", "a", 12),))
    iri = "https://w3id.org/oograph/publication/a-2020-b"
    assert report_address("", record, iri) == ""
    mail = report_address("mailto:desk@example.org", record, iri)
    assert mail.startswith("mailto:desk@example.org?subject=Mistake%20in%20a-2020-b&body=")
    assert "works.bib%2C%20line%2012" in mail and "A%20%26%20B" in mail and "+" not in mail
    form = report_address("https://example.org/new?labels=data", record, iri)
    assert form.startswith("https://example.org/new?labels=data&title=Mistake%20in%20")


def test_the_form_for_mistakes_asks_for_what_a_record_fills_in() -> None:
    text = (ROOT / ".github" / "ISSUE_TEMPLATE" / "record.md").read_text(encoding="utf-8")
    record = Record("Gigs", id="a-2020-b", sources=(Source("works.bib", "a", 12),))
    address = report_address("https://example.org/new?template=record.md", record, "urn:x")
    body = parse_qs(urlsplit(address).query)["body"][0]
    asked = [line.partition(":")[0] for line in text.split("-->")[1].splitlines() if line]
    assert asked == [line.partition(":")[0] for line in body.splitlines() if line]


def test_without_a_contact_no_page_asks_for_reports(server) -> None:
    page = server("/publication/heeks-2018-home-based-work.html", BROWSER).text
    assert "Report a mistake" not in page and "Contact</a>" not in page


def test_without_a_contact_pages_say_how_one_is_set(server) -> None:
    page = server("/publication/heeks-2018-home-based-work.html", BROWSER).text
    assert 'href="/about#contribute">can set one</a>' in page
    assert "<code>oograph serve --contact mailto:" in server("/about", BROWSER).text


@pytest.mark.parametrize(
    ("urls", "contact"),
    [
        ([], ""),
        (["Homepage, https://example.org/"], ""),
        (
            ["Homepage, https://example.org/", "Issues, https://example.org/i"],
            "https://example.org/i",
        ),
    ],
)
def test_mistakes_go_to_the_packages_issues_by_default(monkeypatch, urls, contact) -> None:
    facts = Message()
    for url in urls:
        facts["Project-URL"] = url
    calls: list[dict[str, object]] = []
    monkeypatch.setattr("oograph.cli.serve.metadata", lambda name: facts)
    monkeypatch.setattr("oograph.cli.serve.run", lambda *_, **settings: calls.append(settings))
    assert CliRunner().invoke(main, ["serve"]).exit_code == 0
    assert CliRunner().invoke(main, ["serve", "--contact", "mailto:a@b.org"]).exit_code == 0
    assert [call["contact"] for call in calls] == [contact, "mailto:a@b.org"]


@pytest.mark.parametrize(
    "contact", ["javascript:alert(1)", "desk@example.org", "mailto:x y@z", "mailto:<x>@example.org"]
)
def test_a_contact_is_a_mailbox_or_a_web_address(contact) -> None:
    done = CliRunner().invoke(main, ["serve", "--contact", contact])
    assert done.exit_code == 2
    assert "give mailto:name@example.org or a web address" in done.output


def test_about_says_that_the_redirect_is_not_registered(server) -> None:
    page = server("/about", BROWSER).text
    assert "The redirect at w3id.org is not registered yet" in page
    [path] = re.findall(r'use the same path on this site: <a href="[^"]*?(/country/IN)">', page)
    assert server(path, BROWSER).status == 303


def test_links_to_one_site_are_told_apart(server) -> None:
    links = re.compile(r'<a href="http://eurovoc\.europa\.eu/(\d+)">([^<]*)</a>')
    several = links.findall(server("/topic/gender.html", BROWSER).text)
    assert len(several) == 2
    assert all(name == f"EuroVoc {number}" for number, name in several)
    [(_, name)] = links.findall(server("/topic/collective-bargaining.html", BROWSER).text)
    assert name == "EuroVoc"
