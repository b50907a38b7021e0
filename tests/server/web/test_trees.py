"""Trees of values below those that are broader."""

from __future__ import annotations

from dataclasses import dataclass

from oograph.server.web.trees import tree


@dataclass(frozen=True)
class Place:
    value: str
    parents: tuple[str, ...] = ()


PLACES = [
    Place("world-south"),
    Place("africa", ("world-south",)),
    Place("kenya", ("africa", "world-south")),
    Place("europe"),
]


def branch(place: Place, narrower: tuple[object, ...]) -> object:
    return (place.value, *narrower)


def test_a_value_is_below_each_that_is_broader() -> None:
    africa = ("africa", ("kenya",))
    assert tree(PLACES, branch) == [("world-south", africa, ("kenya",)), ("europe",)]


def test_what_a_group_has_across_the_tree_stays_in_its_place() -> None:
    places = tree(PLACES, branch, {"world-south"})
    assert places == [("world-south",), ("africa", ("kenya",)), ("europe",)]
