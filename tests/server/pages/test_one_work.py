"""Pages of a catalogue with one work say "1 work"."""

import html
import json
import re
from collections import Counter, deque
from pathlib import Path

import pytest

from oograph.graph.release.build import build

SMALL = Path(__file__).parents[2] / "fixtures" / "small"
ONLY = "malik-2017-understanding-development-implications"
IN_THE_PLURAL = re.compile(
    r"(?<![\d,.])1 (?:works|publications|people|names of|matches|results|rows|statements|triples|"
    r"members|records|links|concepts|platforms|topics|methods|kinds)\b"
)
#: The address of a file.
FILE = re.compile(r"\.(?!html)[a-z]+(\?|$)")
#: Pages whose addresses differ in names or values only, so many are fetched.
OF_A_KIND = 6


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


def test_every_page_counts_one_in_the_singular(server) -> None:
    doors = ("/", "/map", "/changes", "/figures", "/report?shape=article-doi-given")
    seen, waiting, alike = set(doors), deque(doors), Counter(doors)
    found = []
    while waiting:
        path = waiting.popleft()
        page = server(path, "text/html")
        text = re.sub(r"<[^>]*>", "", re.sub(r"<script.*?</script>", "", page.text, flags=re.S))
        found += [(path, each) for each in IN_THE_PLURAL.findall(text)]
        links = [html.unescape(each) for each in re.findall(r'href="(/[^"#]*)', page.text)]
        for link in (*links, page.headers.get("Location", "").removeprefix(server.url)):
            kind = re.sub(r"[^/?]*$", "", link)
            if link and link not in seen and not FILE.search(link) and alike[kind] < OF_A_KIND:
                alike[kind] += 1
                seen.add(link)
                waiting.append(link)
    assert {"/about", "/figure/works-per-year", "/browse?class=person"} <= seen
    assert not found
