"""The site of works on another subject: it offers what there is."""

import re

import pytest

from oograph.graph.catalogue import Catalogue
from oograph.graph.model import Facets, Name, Record, Source
from oograph.graph.release.build import build
from oograph.ontology import questions


@pytest.fixture(scope="module")
def elsewhere(start_server, tmp_path_factory):
    """A server of works on another subject, with a topic of its own; none has a platform."""
    folder = tmp_path_factory.mktemp("elsewhere")
    work = Record(
        "Rice paddies",
        id="doe-2020-paddies",
        type="article-journal",
        authors=(Name("Doe", "Jane"),),
        agents=("person/jane-doe",),
        issued=(2020,),
        status="retracted",
        facets=Facets(countries=("Pakistan",), keywords=("paddy",)),
        sources=(Source("x.bib", "doe", 1, (("countries", "Pakistan"), ("keywords", "paddy"))),),
    )
    Catalogue((work,)).save(folder / "cat")
    (folder / "cat" / "vocabularies").mkdir()
    (folder / "cat" / "vocabularies" / "farming.ttl").write_text(
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        '<topic/rice> skos:prefLabel "rice"@en ; skos:altLabel "paddy"@en ;'
        ' skos:definition "The crop, and where it grows."@en .'
    )
    with start_server(build(folder / "cat", folder / "out").release.folder) as running:
        yield running


def test_a_release_without_platforms_has_no_examples_on_them(elsewhere) -> None:
    page = elsewhere("/sparql", "text/html").text
    void = elsewhere("/.well-known/void", "text/turtle").text
    told = {question.name for question in questions() if f"#example-{question.name}>" in void}
    assert {"05-publications-per-year", "23-countries-most-studied"} <= told
    nothing = {"03-most-studied-platforms", "04-methods-per-year", "15-organisations-by-kind"}
    assert not (nothing | {"12-former-names"}) & told
    for question in questions():
        assert (question.words in page.replace("&#39;", "'").replace("&#34;", '"')) == (
            question.name in told
        )
    first = re.findall(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)[0]
    assert "oo:platform" not in first and "SELECT" in first


def test_what_no_work_has_is_no_filter(elsewhere) -> None:
    page = elsewhere("/works", "text/html").text
    assert "country=PK" in page
    for none in ("platform=-", "sector=-", "access=-"):
        assert none not in page
    # a filter that was chosen can be taken out
    assert "platform=-" in elsewhere("/works?platform=-", "text/html").text


def test_one_warning_is_one(elsewhere) -> None:
    page = elsewhere("/status", "text/html").text
    assert "1 hint." in page
    assert not re.search(r"\b1 (?:violations|warnings|hints)", page)


def test_a_topic_of_its_own_is_a_thing_like_others(elsewhere) -> None:
    page = elsewhere("/topic/rice.html", "text/html").text
    assert "The crop, and where it grows." in page and "Rice paddies" in page
    assert "Rice paddies" in elsewhere("/works?topic=rice", "text/html").text
    work = elsewhere("/publication/doe-2020-paddies.html", "text/html").text
    assert '<a class="chip" href="/topic/rice">' in work


def test_a_work_that_was_retracted_says_so_above_its_title(elsewhere) -> None:
    page = elsewhere("/publication/doe-2020-paddies.html", "text/html").text
    assert page.index("<strong>retracted</strong>") < page.index("<h1")
