"""Completions: what an incomplete text may name, at a cost that does not grow."""

import json
import sqlite3
from collections.abc import Iterable
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oograph.graph.index.completion import Completion, Completions
from oograph.graph.index.completion_index import write_completions
from oograph.graph.index.database import Database
from oograph.graph.index.works import Works
from oograph.graph.iris import fold


@pytest.fixture(scope="module")
def works(small_release) -> Works:
    return Works(small_release.folder)


def labels(completions: list[Completion]) -> list[str]:
    return [each.entry.label for each in completions]


@pytest.mark.parametrize("text", ["upw", "Upwork", " ÚPWORK ", "up"])
def test_a_name_that_is_begun(works, text) -> None:
    assert labels(works.completions.values(text, ["platforms"])) == ["Upwork"]


def test_other_names_count_and_are_shown(works) -> None:
    [odesk] = works.completions.values("odes", ["platforms"])
    assert (odesk.entry.label, odesk.name) == ("Upwork", "oDesk")
    [pakistan] = works.completions.values("pakis", ["countries"])
    assert (pakistan.entry.label, pakistan.name) == ("Pakistan", "")


def test_a_region_has_the_works_of_its_countries(works) -> None:
    [asia, *_] = works.completions.values("southern", ["countries"])
    assert (asia.entry.label, asia.entry.works) == ("Southern Asia", 3)


def test_the_words_may_come_in_any_order_but_in_one_name(works) -> None:
    for text in ("heeks richard", "richard heeks", "Heeks, R"):
        assert "Richard Heeks" in labels(works.completions.values(text, ["author"]))
    # "Pakistan" and "Pakistán" name one thing, but no single name has both words
    assert works.completions.values("pakistan pakistanis", ["countries"]) == []


@pytest.mark.parametrize("text", ["", " ", "u", "?", "zzz", "'\"*", "NEAR(", "up OR", "\x00\x00"])
def test_too_little_and_what_is_no_name(works, text) -> None:
    assert works.completions.values(text, works.members.facets) == []
    assert works.completions.titles(text, 3) == []


def test_titles_that_begin_so_come_first_then_the_newest(works) -> None:
    def titles(text: str) -> list[str]:
        numbers = works.completions.titles(text, 3)
        return [work.title for work in works.numbered(numbers)]

    assert titles("on")[0].startswith("Bidding for jobs on")
    assert titles("home-b") == ["Home-based work online in Pakistan"]
    assert titles("india survey") == ["A survey of Amazon Mechanical Turk workers in India"]
    assert titles("survey indonesia") == []


@given(st.text(max_size=40))
def test_any_text(works, text) -> None:
    for each in works.completions.values(text, works.members.facets):
        names = (each.entry.label, each.entry.listed, *each.entry.names)
        assert any(all(word in fold(name) for word in fold(text).split()) for name in names)
        assert not each.name or each.name in each.entry.names
    assert len(works.completions.titles(text, 2)) <= 2


def index_of(path: Path, values: Iterable[tuple[str, str, str, str, str, str, int]]) -> Completions:
    """An index of these: facet, value, label, names, label as it is listed, as sorted, works."""
    path.unlink(missing_ok=True)
    base = sqlite3.connect(path)
    base.executescript("""
        CREATE TABLE value (
          facet TEXT, value TEXT, label TEXT, names TEXT, listed TEXT, sort TEXT, parents TEXT,
          works INTEGER, PRIMARY KEY (facet, value)) WITHOUT ROWID;
        CREATE INDEX value_sort ON value (facet, sort);
    """)
    base.executemany("INSERT INTO value VALUES (?, ?, ?, ?, ?, ?, '[]', ?)", values)
    write_completions(base, "-")
    base.commit()
    base.close()
    return Completions(Database(path))


def index_of_authors(path: Path, number: int) -> Completions:
    """An index of this many authors, all called Ma…, the first with the fewest works."""
    return index_of(
        path,
        (
            (
                *("author", f"person/{n}", f"Maria M{n}", json.dumps([f"M{n}, M."])),
                *(f"M{n}, Maria", f"m{n}", n),
            )
            for n in range(number)
        ),
    )


def test_the_most_works_come_first_and_no_more_steps_are_made_for_more_names(tmp_path) -> None:
    steps = {}
    for number in (1_000, 20_000):
        completions = index_of_authors(tmp_path / "works.db", number)
        made: list[int] = []
        completions._base.connection.set_progress_handler(partial(made.append, 1), 10)
        completed = completions.values("ma", ["author"])
        steps[number] = len(made)
        assert completed[0].entry.works == number - 1
        assert len(completed) <= 34
    assert steps[20_000] <= 1.2 * steps[1_000]


def test_a_word_of_a_name_of_many_works_comes_before_the_beginning_of_one_of_few(tmp_path) -> None:
    completions = index_of(
        tmp_path / "works.db",
        (
            (facet, label, label, "{}", label, fold(label), number)
            for facet, label, number in (
                ("countries", "Turkey", 4),
                ("platforms", "Mechanical Turk", 84),
                ("author", "Turk", 1),
                ("venue", "The Turk", 3),
            )
        ),
    )
    every = completions.values("turk", ["countries", "platforms", "author", "venue"])
    assert labels(every) == ["Turk", "Mechanical Turk", "Turkey", "The Turk"]
