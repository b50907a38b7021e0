"""Foreign titles and names say their language, wherever a page has them (WCAG 3.1.2)."""

import json
import re
from pathlib import Path

import pytest

from oograph.graph.release.build import build

SMALL = Path(__file__).parents[2] / "fixtures" / "small"
TITLE = "Umfrage zur Arbeit auf Upwork"
TITLED = re.compile(r'<(?:a|h1)[^>]* lang="de">(?:<mark>|</mark>|[^<])*</(?:a|h1)>')


@pytest.fixture(scope="module")
def server(start_server, tmp_path_factory):
    folder = tmp_path_factory.mktemp("german")
    items = json.loads((SMALL / "works.json").read_text(encoding="utf-8"))
    [item] = [each for each in items if each["id"].startswith("garcia-2020")]
    item |= {"title": TITLE, "language": "de"}
    del item["original-title"]
    item["custom"]["methods"] = ["Qualitative research"]
    (folder / "works.json").write_text(json.dumps(items), encoding="utf-8")
    with start_server(build(folder, folder / "out").release.folder) as running:
        yield running


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


def test_a_name_that_is_why_a_work_was_found(server) -> None:
    page = server("/works?q=qualitative+studie", "text/html").text
    assert '<span lang="de"><mark>qualitative</mark> <mark>Studie</mark></span>' in page
    assert "Qualitative research" in page


def test_a_suggestion(server) -> None:
    reply = server("/suggest?q=umfrage+zur")
    [group] = json.loads(reply.body)["groups"]
    assert group["options"][0]["lang"] == "de"
