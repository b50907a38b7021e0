"""Suggestions while somebody types: grouped, few bytes, kept by browsers, whatever is asked."""

import json
from urllib.parse import quote

import pyoxigraph as ox
import pytest

from oograph.graph.iris import expand


def groups(server, text: str) -> dict[str, list[dict[str, str]]]:
    reply = server(f"/suggest?q={quote(text)}")
    assert reply.status == 200
    assert reply.type == "application/json"
    assert len(reply.body) < 4096
    return {each["heading"]: each["options"] for each in json.loads(reply.body)["groups"]}


def test_things_by_class_then_works(server) -> None:
    answer = groups(server, "pak")
    assert list(answer) == ["Countries and regions", "Works"]
    [country], [work] = answer.values()
    assert country == {"label": "Pakistan", "href": "/country/PK", "note": "1 work"}
    assert work == {
        "label": "Home-based work online in Pakistan",
        "href": "/publication/heeks-2018-home-based-work",
        "note": "Heeks et al. 2018",
        "lang": "en",
    }


def test_another_name_is_shown_beside_the_label(server) -> None:
    [platform] = groups(server, "odesk")["Platforms"]
    assert platform["label"] == "Upwork"
    assert platform["also"] == "oDesk"
    [method] = groups(server, "qualitative studie")["Methods"]
    assert (method["label"], method["also_lang"]) == ("Qualitative research", "de")


def test_a_plural_suggests_the_concept(server) -> None:
    [method] = groups(server, "surveys")["Methods"]
    assert (method["label"], method["href"]) == ("Survey", "/method/survey")


def test_every_suggestion_leads_to_a_page(server) -> None:
    for text in ("on", "he", "wo", "so", "qu", "mi"):
        for options in groups(server, text).values():
            for option in options:
                assert server(option["href"], "text/html").status == 303


def test_a_misspelt_name_is_asked_for(server) -> None:
    assert [each["label"] for each in groups(server, "upwrok")["Did you mean"]] == ["Upwork"]


def test_what_no_work_has_is_not_suggested(server) -> None:
    assert groups(server, "fiji") == {}


@pytest.mark.parametrize(
    "query", ["", "?q=", "?q=x", "?p=1", "?q=%00%ff", f"?q={'a' * 9000}", f"?q={'a+' * 4000}b"]
)
def test_little_much_and_odd_input(server, query) -> None:
    reply = server(f"/suggest{query}")
    assert reply.status == 200
    assert len(reply.body) < 4096


def test_browsers_keep_what_they_have_got(server) -> None:
    reply = server("/suggest?q=upw")
    assert reply.headers["Cache-Control"] == "max-age=300"
    again = server("/suggest?q=upw", If_None_Match=reply.headers["ETag"])
    assert (again.status, again.body) == (304, b"")
    assert server("/suggest?q=pak").headers["ETag"] != reply.headers["ETag"]


def test_the_list_of_works_names_things_the_same_way(server) -> None:
    for text in ("odesk", "upwrok"):
        page = server(f"/works?q={text}", "text/html").text
        assert '<a class="chip" href="/platform/upwork">Platform: Upwork' in page


def test_what_is_right_as_it_is_is_not_taken_for_a_misspelt_name(server) -> None:
    # most of its letters are those of "Quantitative analysis", but works have both words
    page = server("/works?q=quantitative+asia", "text/html").text
    assert '<ol class="works" start="1">' in page and "heeks-2019" in page
    assert '<p class="named">' not in page


BASE = "https://w3id.org/oograph/"


def stated(*triples: tuple[str, str, ox.NamedNode | ox.Literal]) -> tuple[ox.Quad, ...]:
    graph = ox.NamedNode(f"{BASE}graph/stated")
    return tuple(
        ox.Quad(ox.NamedNode(BASE + subject), ox.NamedNode(expand(predicate)), value, graph)
        for subject, predicate, value in triples
    )


def test_a_body_is_no_person_and_stands_after_the_platform_of_its_name(
    start_server, release_at, tmp_path
) -> None:
    body, work = "organization/upwork-research", "publication/roe-2018-freelancers"
    extra = stated(
        (body, "rdfs:label", ox.Literal("Upwork")),
        (body, "rdf:type", ox.NamedNode(expand("oo:Organization"))),
        (work, "dcterms:creator", ox.NamedNode(BASE + body)),
        ("organization/zyx", "rdfs:label", ox.Literal("Zyx Press")),
        (work, "dcterms:publisher", ox.NamedNode(f"{BASE}organization/zyx")),
    )
    with start_server(release_at(tmp_path / "bodies", "bodies", extra=extra)) as running:
        for text in ("upwork", "upwor"):
            answer = groups(running, text)
            assert list(answer)[:2] == ["Platforms", "Organisations"]
            assert "Persons" not in answer
            assert [each["href"] for each in answer["Organisations"]] == [f"/{body}"]
        # found by its publisher alone, a work says so
        page = running("/works?q=zyx", "text/html").text
        assert "Publisher or other organisation: <span><mark>Zyx</mark> Press</span></span>" in page


def test_namesakes_that_are_likely_one_are_named_once(start_server, release_at, tmp_path) -> None:
    first, second, third = (f"person/ada-roe{number}" for number in ("", "-2", "-3"))
    work = "publication/roe-2018-freelancers"
    extra = stated(
        *((each, "rdfs:label", ox.Literal("Ada Roe")) for each in (second, third)),
        *((work, "dcterms:creator", ox.NamedNode(BASE + each)) for each in (second, third)),
        # as in a release: the one with most works has those of the others, not the reverse
        (second, "oo:probablySameAs", ox.NamedNode(BASE + first)),
    )
    with start_server(release_at(tmp_path / "likely", "likely", extra=extra)) as running:
        persons = groups(running, "ada roe")["Persons"]
        assert [each["href"] for each in persons] == [f"/{first}", f"/{third}"]


@pytest.mark.parametrize(
    ("typed", "suggested"),
    [
        ('"mis quart', "MIS Quarterly"),
        ("heeks OR pak", "Pakistan"),
        ("pak -upwork", "Pakistan"),
        ("“mis quarterly”", "MIS Quarterly"),
    ],
)
def test_what_is_wanted_is_completed(server, typed: str, suggested: str) -> None:
    labels = [each["label"] for options in groups(server, typed).values() for each in options]
    assert suggested in labels
