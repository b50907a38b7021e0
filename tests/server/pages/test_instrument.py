"""Works that use a platform as an instrument are counted, and said apart from those on it."""

import json
import re
from pathlib import Path

import pytest

from oograph.graph.release.build import build

SMALL = Path(__file__).parents[2] / "fixtures" / "small"
BROWSER = "text/html,*/*;q=0.1"
UPWORK = "heeks-2018-home-based-work"


@pytest.fixture(scope="module")
def server(start_server, tmp_path_factory):
    folder = tmp_path_factory.mktemp("instrument")
    items = json.loads((SMALL / "works.json").read_text(encoding="utf-8"))
    for item in items:
        if item["id"] == UPWORK:
            item["custom"]["scope"] = "Platform work as an instrument"
    (folder / "works.json").write_text(json.dumps(items), encoding="utf-8")
    with start_server(build(folder, folder / "out").release.folder) as running:
        yield running


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/", "Upwork · 1 as an instrument"),
        ("/browse?class=platform", "Upwork 3 · 1 as an instrument"),
        ("/browse?class=platform&q=upwork", "Upwork 3 · 1 as an instrument"),
        ("/platform/upwork.html", "1 of them use it as an instrument"),
        # the other platforms of the same works, and platforms beside a method
        ("/method/qualitative-research.html", "Upwork · 1 as an instrument"),
        ("/works?platform=upwork", "1 of them use platform work as an instrument."),
        ("/figure/works-by-platform", "platform work as an instrument: Upwork 1 of 3."),
        ("/map?x=platform&y=country", "platform work as an instrument: Upwork 1 of 1."),
        ("/map?x=country&y=platform", "platform work as an instrument: Upwork 1 of 1."),
    ],
)
def test_a_number_of_works_on_a_platform_says_so(server, path, said) -> None:
    assert said in words(server(path, BROWSER).text)


@pytest.mark.parametrize(
    "path",
    [
        "/browse?class=method",
        "/platform/fiverr.html",
        "/works?platform=fiverr",
        "/works?platform=upwork&scope=instrument",
        "/figure/works-by-method",
    ],
)
def test_nothing_is_said_where_there_are_none_or_all_are(server, path) -> None:
    page = words(server(path, BROWSER).text)
    assert "of them use" not in page and "among them: Upwork" not in page
