"""Pages of a catalogue with one work say "1 work"."""

import json
import re
from pathlib import Path

import pytest

from oograph.graph.release.build import build

SMALL = Path(__file__).parents[2] / "fixtures" / "small"
ONLY = "malik-2017-understanding-development-implications"


@pytest.fixture(scope="module")
def server(start_server, tmp_path_factory):
    folder = tmp_path_factory.mktemp("one")
    items = json.loads((SMALL / "works.json").read_text(encoding="utf-8"))
    (one,) = (item for item in items if item["id"] == ONLY)
    one["type"] = "article-journal"
    one.pop("DOI", None)
    (folder / "works.json").write_text(json.dumps([one]), encoding="utf-8")
    with start_server(build(folder, folder / "out").release.folder) as running:
        yield running


@pytest.mark.parametrize(
    "path",
    ["/", "/about", "/browse", "/figure/works-per-year", "/report?shape=article-doi-given"],
)
def test_a_page_counts_one_in_the_singular(server, path) -> None:
    page = server(path, "text/html")
    assert page.status == 200
    assert not re.search(r"(?<![\d,.])1 (works|results)\b", re.sub(r"<[^>]*>", "", page.text))
