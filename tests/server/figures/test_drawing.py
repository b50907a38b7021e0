"""Drawing: any label is drawn as well-formed SVG, within its frame."""

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oograph.server.figures.bars import Bar, bars, shares
from oograph.server.figures.choropleth import Steps
from oograph.server.figures.counts import Cell, Count, CrossTable
from oograph.server.figures.matrix import matrix
from oograph.server.figures.rasterizer import rasterized
from oograph.server.figures.svg import LEFT, WIDTH, Frame, framed, shortened, width_of
from oograph.server.figures.timeline import timeline
from oograph.server.figures.world import SCALE, world

SVG = "{http://www.w3.org/2000/svg}"
BARS = st.builds(Bar, st.text(max_size=80), st.integers(0, 10**6), st.integers(0, 10**6))


def drawn(drawing, title: str = "A figure") -> ElementTree.Element:
    frame = Frame(title, "", ("Caption.",), "Description.", drawing.legend)
    return ElementTree.fromstring(framed(frame, drawing.elements, drawing.height, "a-figure"))


@given(entries=st.lists(BARS, max_size=20), title=st.text(max_size=300))
def test_bars_of_anything(entries, title) -> None:
    for drawing in (bars(entries), shares(entries, sum(bar.works for bar in entries))):
        root = drawn(drawing, title)
        inside = root.find(f"{SVG}g")
        assert inside is not None
        for bar in inside.iter(f"{SVG}rect"):
            assert float(bar.get("width", "0")) >= 0
            assert float(bar.get("x", "0")) + float(bar.get("width", "0")) <= WIDTH - LEFT


@given(
    first=st.integers(1, 2020),
    numbers=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 999)), max_size=60),
)
def test_any_years(first, numbers) -> None:
    years = [Bar(str(first + n), *counts) for n, counts in enumerate(numbers)]
    root = drawn(timeline(years))
    columns = [r for r in root.iter(f"{SVG}rect") if r.get("class") in ("stated", "inferred")]
    assert all(float(column.get("y", "0")) >= -20 for column in columns)


@given(
    labels=st.lists(st.text(max_size=60), min_size=1, max_size=12),
    works=st.integers(0, 10**6),
)
def test_any_matrix(labels, works) -> None:
    counts = tuple(Count(str(n), label, works, 0) for n, label in enumerate(labels))
    cells = tuple(tuple(Cell(works, n) for n in range(len(counts))) for _ in counts)
    table = CrossTable(10, 5, counts, counts, cells, 0, 0)
    drawn(matrix(table, lambda column, row: "/works"))


@given(words=st.text(max_size=200), width=st.integers(20, 500))
def test_shortened_words_fit(words, width) -> None:
    assert width_of(shortened(words, 15, width), 15) <= max(width, width_of("…", 15))


@given(highest=st.integers(1, 10**8))
def test_every_number_of_works_has_a_shade(highest) -> None:
    steps = Steps.up_to(highest)
    assert 1 <= len(steps.least) <= 5
    assert list(steps.least) == sorted(set(steps.least))
    assert steps.of(1) == 0 and steps.of(highest) == len(steps.least) - 1
    looks = [steps.look(place)["fill"] for place in range(len(steps.least))]
    assert len(set(looks)) == len(looks)


def test_the_world_is_whole() -> None:
    land = world()
    codes = [outline.code for outline in land.outlines if outline.code]
    assert len(codes) == len(set(codes)) > 170
    assert {"IN", "PK", "US", "DE", "BR", "FJ", "RU"} <= set(codes)
    # nothing reaches from one edge of the map to the other
    for outline in land.outlines:
        for ring in outline.path.split("M")[1:]:
            start, _, steps = ring.removesuffix("z").partition("l")
            x, y = map(int, start.split(","))
            for step in steps.split(" "):
                dx, dy = map(int, step.split(","))
                assert abs(dx) * SCALE < 200, outline.name
                x, y = x + dx, y + dy
                assert -1 <= x * SCALE <= WIDTH - 2 * LEFT + 1
                assert -1 <= y * SCALE <= land.height + 1


@pytest.mark.parametrize("words", ["<&>\"'", "\0\x1b\ufffe", "漢字", "x" * 5000])
def test_odd_words_become_a_picture(words) -> None:
    root = framed(Frame(words, words, (words,), words), (), 10, "odd")
    assert rasterized(root).startswith(b"\x89PNG")
