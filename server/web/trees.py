"""Trees: values below those that are broader, each as often as it has broader ones."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Protocol, TypeVar

#: How deep values are shown below broader ones.
_DEPTH = 6


class Placed(Protocol):
    """What has broader ones."""

    @property
    def value(self) -> str:
        """What tells it from others."""

    @property
    def parents(self) -> tuple[str, ...]:
        """The values that are broader."""


V = TypeVar("V", bound=Placed)
B = TypeVar("B")


def tree(
    values: Sequence[V], branch: Callable[[V, tuple[B, ...]], B], across: Collection[str] = ()
) -> list[B]:
    """The branches of the broadest values; ``branch`` makes one of a value and its narrower ones.

    Branches beside each other are in the order of the values. Groups that cut ``across`` the tree
    stand in it with none below them: what they have has its place.
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
