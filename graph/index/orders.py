"""Orders: sort lists of works, without sorting them again for each page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pyroaring import BitMap

from .database import Database

#: The orders in which the works are given to be ranked.
RELEVANCE, CHANGED = "relevance", "changed"
#: Sort order, as named in a URL -> its column; "" is the order of the numbers.
SORTS = {"newest": "", "title": "by_title", "author": "by_author", CHANGED: "", RELEVANCE: ""}


class Orders:
    """The sort orders of the works of an index, each as blocks of consecutive works."""

    def __init__(self, base: Database) -> None:
        self._base = base
        columns = filter(None, SORTS.values())
        self._blocks = {column: tuple(self._read_blocks(column)) for column in columns}

    def page(
        self, numbers: BitMap, ranked: Sequence[BitMap], sort: str, offset: int, limit: int
    ) -> Iterator[int]:
        """A page of the works with these numbers; ``ranked`` has them in an order of its own."""
        if sort in (RELEVANCE, CHANGED) and ranked:
            yield from _window(ranked, offset, limit)
        elif not (column := SORTS.get(sort, "")):
            yield from numbers[offset : offset + limit]
        else:
            for block in self._blocks[column]:
                size = block.intersection_cardinality(numbers)
                if offset < size and limit:
                    marks = ",".join(map(str, block & numbers))
                    query = f"SELECT number FROM work WHERE number IN ({marks}) ORDER BY {column}"
                    rows = self._base.rows(f"{query} LIMIT ? OFFSET ?", limit, offset)
                    members = [number for (number,) in rows]
                    yield from members
                    limit -= len(members)
                offset = max(0, offset - size)

    def _read_blocks(self, column: str) -> Iterator[BitMap]:
        rows = self._base.rows("SELECT works FROM block WHERE sort = ? ORDER BY place", column)
        return (BitMap.deserialize(works) for (works,) in rows)


def _window(groups: Iterable[BitMap], offset: int, limit: int) -> Iterator[int]:
    """A page of the members of some sets, one set after the other."""
    for group in groups:
        members = group[offset : offset + limit]
        yield from members
        limit -= len(members)
        offset = max(0, offset - len(group))
        if not limit:
            return
