"""Shelves: what they hold is what was put on them, and their files are nobody else's."""

import gc
import os
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oograph.graph.catalogue import Catalogue, default_folder
from oograph.graph.iris import Minter
from oograph.graph.resolution.likely import likely_agents
from oograph.graph.shelf import Picked, Scratch, Shelf, Texts, packed, unpacked
from oograph.graph.vocabulary.gazetteer import load_gazetteer

TEXTS = st.lists(st.text("ab-2", max_size=4), max_size=8)


@given(TEXTS, TEXTS, st.slices(8), st.integers(0, 8))
def test_a_shelf_is_a_sequence(first: list[str], more: list[str], part: slice, held: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("oograph.graph.shelf._HELD", held)
        shelf, both = Shelf(first), [*first, *more]
        for text in more:
            shelf.append(text)
    assert shelf == both and both == shelf and list(shelf) == both
    assert shelf[part] == tuple(both[part])
    assert [shelf[n - len(both)] for n in range(len(both))] == both
    assert shelf != [*both, ""]
    with pytest.raises(IndexError):
        shelf[len(both)]


@given(st.lists(st.text(), min_size=1, max_size=8), st.data())
def test_some_items_may_be_picked(items: list[str], data: st.DataObject) -> None:
    places = data.draw(st.lists(st.integers(0, len(items) - 1), unique=True))
    picked = Picked(Shelf(items), places)
    assert list(picked) == list(picked[:]) == [items[place] for place in places]
    stand = list(picked.as_they_stand())
    assert [item for _, item in stand] == [items[place] for place in sorted(places)]
    assert dict(stand) == dict(enumerate(picked))


def test_works_come_back_from_bytes_as_they_were() -> None:
    works = Catalogue.read(default_folder()).works
    assert all(unpacked(packed(work)) == work for work in works)


@given(TEXTS, TEXTS)
def test_texts_are_a_set(first: list[str], more: list[str]) -> None:
    texts, known = Texts(), set(first)
    texts.update(first)
    for text in more:
        assert texts.add(text) == (text not in known)
        known.add(text)
    assert all(text in texts for text in known) and "c" not in texts


@given(st.lists(st.text("a-2", max_size=3)), st.lists(st.text("a-2", max_size=3)))
def test_an_id_is_given_out_once(taken: list[str], wanted: list[str]) -> None:
    minter, known = Minter(taken), set(taken)
    for want in wanted:
        numbers = (f"{want}-{number}" for number in range(2, 100))
        free = next(id for id in (want, *numbers) if id not in known)
        assert minter.mint(want) == free
        known.add(free)


def test_a_large_shelf_is_in_a_file_that_nobody_can_leave_behind() -> None:
    shelf = Shelf(str(number) * 500 for number in range(40_000))
    ours = open_files()
    assert ours and all(name.endswith("(deleted)") for name in ours)
    assert shelf[39_999] == "39999" * 500


def test_a_file_is_closed_with_its_object() -> None:
    gc.disable()
    try:
        before = open_files()
        texts = Texts()
        texts.update(str(number) * 500 for number in range(5_000))
        assert len(open_files()) == len(before) + 1
        del texts
        assert open_files() == before
    finally:
        gc.enable()


def test_nothing_that_compares_records_stays() -> None:
    """An import and a build collect what is in cycles late."""
    works = Catalogue.read(default_folder()).works[:200]
    gazetteer = load_gazetteer()
    gc.collect()
    gc.disable()
    try:
        before = scratch_files()
        added = Catalogue().add(works)
        likely_agents(works, gazetteer)
        del added
        assert scratch_files() == before
    finally:
        gc.enable()


def scratch_files() -> int:
    return sum(isinstance(each, Scratch) for each in gc.get_objects())


def open_files() -> list[str]:
    """The files without a name, as SQLite calls them, that this process has open."""
    opened = []
    for handle in Path("/proc/self/fd").iterdir():
        with suppress(OSError):  # that of this very list
            opened.append(os.readlink(handle))
    return [name for name in opened if "etilqs" in name]
