"""Foreign titles and names say their language, wherever a page has them (WCAG 3.1.2)."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from oograph.graph.release.build import build

SMALL = Path(__file__).parents[2] / "fixtures" / "small"
TITLE = "Umfrage zur Arbeit auf Upwork"
ID = "garcia-2020-reparto-madrid"
TITLED = re.compile(r'<(?:a|h1)[^>]* lang="de">(?:<mark>|</mark>|[^<])*</(?:a|h1)>')


@pytest.fixture(scope="module")
def server(start_server, tmp_path_factory):
    folder = tmp_path_factory.mktemp("german")
    items = json.loads((SMALL / "works.json").read_text(encoding="utf-8"))
    [item] = [each for each in items if each["id"].startswith("garcia-2020")]
    item |= {"title": TITLE, "language": "de"}
    del item["original-title"]
    item["custom"]["sources"][0]["stated"] = [["title", TITLE]]
    item["custom"]["methods"] = ["Qualitative research"]
    (folder / "works.json").write_text(json.dumps(items), encoding="utf-8")
    running = start_server(build(folder, folder / "out").release.folder)
    yield running
    running.stop()


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/works",
        "/works?q=umfrage",
        "/changes",
        "/country/ES.html",
        "/publication/garcia-2020-reparto-madrid.html",
    ],
)
def test_a_title(server, path) -> None:
    page = server(path, "text/html").text
    titles = [re.sub("<[^>]*>", "", each) for each in TITLED.findall(page)]
    assert TITLE in titles


class Spoken(HTMLParser):
    """The language of each text that holds the title."""

    def __init__(self) -> None:
        super().__init__()
        self.within: list[tuple[str, str]] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.within.append((tag, dict(attrs).get("lang") or ""))

    def handle_endtag(self, tag: str) -> None:
        while self.within and self.within.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if TITLE in data and self.within[-1][0] not in ("title", "script"):
            self.found.append(next(filter(None, (lang for _, lang in self.within[::-1]))))


@pytest.mark.parametrize(
    ("path", "times"),
    [
        (f"/publication/{ID}.html", 5),  # heading, three citations, a source
        ("/report", 1),
        ("/report?shape=article-doi-given", 1),
        (f"/report?of={ID}", 1),
        ("/changes", 1),
    ],
)
def test_a_title_wherever_a_page_shows_it(server, path, times) -> None:
    reader = Spoken()
    reader.feed(server(path, "text/html").text)
    assert reader.found == ["de"] * times


def test_a_name_that_is_why_a_work_was_found(server) -> None:
    page = server("/works?q=qualitative+studie", "text/html").text
    assert '<span lang="de"><mark>qualitative</mark> <mark>Studie</mark></span>' in page
    assert "Qualitative research" in page


def test_a_suggestion(server) -> None:
    reply = server("/suggest?q=umfrage+zur")
    [group] = json.loads(reply.body)["groups"]
    assert group["options"][0]["lang"] == "de"
