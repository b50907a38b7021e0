"""Trees: values nested below their broader values, once below each of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Protocol, TypeVar

#: The greatest depth of a tree.
_DEPTH = 6


class Placed(Protocol):
    """A value that may have broader values."""

    @property
    def value(self) -> str:
        """Its unique value."""

    @property
    def parents(self) -> tuple[str, ...]:
        """The values that are broader."""


V = TypeVar("V", bound=Placed)
B = TypeVar("B")


def tree(
    values: Sequence[V], branch: Callable[[V, tuple[B, ...]], B], across: Collection[str] = ()
) -> list[B]:
    """The branches of the broadest values; ``branch`` makes one from a value and its children.

    Siblings are in the order of the values. Groups that cut ``across`` the tree are shown without
    children: their members have their place elsewhere.
    """
    known = {value.value for value in values}.difference(across)
    children: dict[str, list[V]] = {}
    for value in values:
        for parent in known.intersection(value.parents):
            children.setdefault(parent, []).append(value)

    def grown(value: V, depth: int) -> B:
        below = children.get(value.value, ()) if depth < _DEPTH else ()
        return branch(value, tuple(grown(child, depth + 1) for child in below))

    return [grown(value, 0) for value in values if not known.intersection(value.parents)]
