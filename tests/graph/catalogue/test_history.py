"""Tombstones, and one step back."""

from dataclasses import replace
from pathlib import Path

import pytest

from oograph.graph import catalogue
from oograph.graph.catalogue.history import (
    dangling,
    read_tombstones,
    remember,
    undo,
    withdraw,
    write_tombstones,
)
from oograph.graph.errors import BrokenCatalogue, NothingToUndo
from oograph.graph.model import Record, Tombstone

A = Record("A", id="a")
B = Record("B", id="b")
C = Record("C", id="c", version_of=("b",))
GONE = Tombstone("b", "a", "the same report", "2026-01-02")


def test_write_then_read(tmp_path: Path) -> None:
    write_tombstones(tmp_path, [GONE, Tombstone("a2")])
    assert read_tombstones(tmp_path) == (Tombstone("a2"), GONE)


def test_no_file_where_there_are_none(tmp_path: Path) -> None:
    write_tombstones(tmp_path, [])
    assert read_tombstones(tmp_path) == () and not list(tmp_path.iterdir())


@pytest.mark.parametrize("text", ["{", "[1]", '[{"no": "id"}]', '{"id": "x"}'])
def test_a_broken_file_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "tombstones.json").write_text(text)
    with pytest.raises(BrokenCatalogue, match=r"tombstones\.json"):
        read_tombstones(tmp_path)


def test_withdrawing_leaves_a_tombstone_and_moves_what_pointed_there() -> None:
    earlier = Tombstone("old", "b")
    works, tombstones = withdraw([A, B, C], [earlier], GONE)
    assert works == (A, replace(C, version_of=("a",)))
    assert tombstones == (Tombstone("old", "a"), GONE)
    assert dangling(works, tombstones) == ()


def test_a_work_that_leaves_no_survivor_is_no_version_any_more() -> None:
    works, _ = withdraw([B, C], [], Tombstone("b", reason="not on the subject"))
    assert works == (replace(C, version_of=()),)


@pytest.mark.parametrize("gone", [Tombstone("x"), Tombstone("b", "x"), Tombstone("b", "b")])
def test_who_is_not_there_cannot_go(gone: Tombstone) -> None:
    with pytest.raises(ValueError, match="the id"):
        withdraw([A, B], [], gone)


def test_dangling_tombstones_are_problems() -> None:
    assert [p.record for p in dangling([A], [Tombstone("a"), Tombstone("z", "y")])] == ["a", "z"]


def test_undo_puts_everything_back_and_again_redoes_it(tmp_path: Path) -> None:
    catalogue.write(tmp_path, [A, B])
    remember(tmp_path)
    catalogue.write(tmp_path, [A])
    write_tombstones(tmp_path, [GONE])
    undo(tmp_path)
    assert catalogue.read(tmp_path) == [A, B] and read_tombstones(tmp_path) == ()
    undo(tmp_path)
    assert catalogue.read(tmp_path) == [A] and read_tombstones(tmp_path) == (GONE,)


def test_nothing_to_undo(tmp_path: Path) -> None:
    with pytest.raises(NothingToUndo):
        undo(tmp_path)
