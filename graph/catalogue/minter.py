"""Ids that are given out once: ``wanted``, or ``wanted-2``, ``wanted-3``, …"""

from __future__ import annotations

from collections.abc import Iterable

__all__ = [
    "Minter",
]


class Minter:
    """Gives the same ids as ``identity.mint``, without trying again those it has given out."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = set(taken)
        self._next: dict[str, int] = {}

    def mint(self, wanted: str) -> str:
        """The first of the ids that is free; it is taken from now on."""
        number = self._next.get(wanted, 1)
        found = wanted if number == 1 else f"{wanted}-{number}"
        while found in self._taken:
            number += 1
            found = f"{wanted}-{number}"
        self._next[wanted] = number + 1
        self._taken.add(found)
        return found
