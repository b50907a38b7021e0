"""What a shared link shows: the title of a page, what it is about, and the picture of a figure."""

import re
from html import unescape

import pytest


def preview(server, path: str) -> dict[str, str]:
    page = server(path, "text/html").text
    pairs = re.findall(
        r'<meta (?:name="description" )?property="og:([^"]+)" content="([^"]*)">', page
    )
    assert len(dict(pairs)) == len(pairs)
    return {name: unescape(content) for name, content in pairs}


@pytest.mark.parametrize(
    ("path", "title", "about"),
    [
        ("/", "Research on online outsourcing", "Publications on paid work done over"),
        (
            "/works?country=PK",
            "Works: Country or region: Pakistan",
            r"\d+ works? on online outsourcing: ",
        ),
        ("/platform/upwork.html", "Upwork", r"\d+ works? on online outsourcing. A marketplace "),
        ("/scheme/topics.html", "Topics", "The subjects of publications"),
        ("/figure/world-map", "Countries that works are about", r"\d+ of \d+ works name a country"),
    ],
)
def test_a_page_says_what_it_is(small_server, path: str, title: str, about: str) -> None:
    shown = preview(small_server, path)
    assert (shown["title"], shown["site_name"], shown["type"]) == (title, "oograph", "website")
    assert re.match(about, shown["description"])


@pytest.mark.parametrize("path", ["/figure/works-per-year?country=PK", "/map?x=platform&y=country"])
def test_the_preview_of_a_figure_is_the_figure(small_server, path: str) -> None:
    shown = preview(small_server, path)
    assert shown["image"].startswith(small_server.url) and shown["image:alt"]
    picture = small_server(shown["image"].removeprefix(small_server.url))
    assert (picture.status, picture.type) == (200, "image/png")


def test_a_work_has_no_description_that_could_be_taken_for_its_abstract(small_server) -> None:
    path = "/publication/heeks-2018-home-based-work.html"
    assert preview(small_server, path) == {}
    assert 'name="description"' not in small_server(path, "text/html").text


def test_an_error_has_no_preview(small_server) -> None:
    assert preview(small_server, "/nothing") == {}
