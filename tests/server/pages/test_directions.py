"""Titles and names of other languages in an English page: their direction and hyphens."""

import json
from pathlib import Path

import pytest

from oograph.graph.release.build import build

SMALL = Path(__file__).parents[2] / "fixtures" / "small"
WORK = "heeks-2018-home-based-work"
TITLE = "«اقتصاد المنصات» في مصر: دراسة حالة (Upwork)"
AUTHORS = [{"family": "الحسيني", "given": "محمد"}, {"family": "خليل", "given": "أحمد"}]
#: Where characters of the first text that holds a given one begin, by their places in it.
PLACES = """
    const [root, text, places] = arguments;
    const walk = document.createTreeWalker(document.querySelector(root), NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const at = walk.currentNode.data.indexOf(text);
        if (at < 0) continue;
        const letter = document.createRange();
        return places.map(place => {
            letter.setStart(walk.currentNode, at + place);
            letter.setEnd(walk.currentNode, at + place + 1);
            return letter.getBoundingClientRect().left;
        });
    }
"""


@pytest.fixture(scope="module")
def address(start_server, tmp_path_factory):
    folder = tmp_path_factory.mktemp("arabic")
    items = json.loads((SMALL / "works.json").read_text(encoding="utf-8"))
    [item] = [each for each in items if each["id"] == WORK]
    item |= {"title": TITLE, "language": "ar", "author": AUTHORS}
    item["custom"]["agents"] = ["person/al-husayni", "person/khalil"]
    (folder / "works.json").write_text(json.dumps(items), encoding="utf-8")
    with start_server(build(folder, folder / "out").release.folder) as running:
        yield running.url


@pytest.mark.parametrize(
    ("path", "title", "authors"),
    [
        ("/works?q=Upwork", ".works .title", ".works .quiet"),
        (f"/publication/{WORK}.html", "h1", ".authors"),
    ],
)
def test_a_title_and_its_authors(browser, address, path, title, authors) -> None:
    browser.look(1280)
    browser.get(f"{address}{path}")
    first, last = browser.execute_script(PLACES, title, TITLE[:20], [0, 19])
    assert first > last
    # the first author stands where an English reader begins
    [[one], [two]] = (
        browser.execute_script(PLACES, authors, name["family"], [0]) for name in AUTHORS
    )
    assert one < two


def test_a_long_word_of_another_language_is_hyphenated_on_a_phone(browser, address) -> None:
    browser.get(f"{address}/publication/{WORK}.html")
    for width, expected in ((390, "auto"), (1280, "manual")):
        browser.look(width)
        hyphens = "return getComputedStyle(document.querySelector('h1')).hyphens"
        assert browser.execute_script(hyphens) == expected


def test_a_reference(browser, address) -> None:
    browser.look(1280)
    browser.get(f"{address}/publication/{WORK}.html")
    first, second = (  # "and" is between them
        browser.execute_script(PLACES, "#reference-chicago", name["family"], [0])[0]
        for name in AUTHORS
    )
    assert first > second
