"""Ids: the id of each work, which it keeps, and how works are ordered until they have one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from ..iris import Minter, publication_slug
from ..model import Record
from ..shelf import Picked, Scratch
from .compare import is_same


class Ids:
    """The ids of works, by their places."""

    def __init__(
        self, works: Picked[Record], taken: Iterable[str], undone: Iterable[Record]
    ) -> None:
        self._base = Scratch(
            "CREATE TABLE work (place INTEGER PRIMARY KEY, id TEXT);"
            "CREATE TABLE fresh (slug TEXT, value BLOB, place INTEGER)"
        )
        minter = Minter(taken)
        ids = {work.id for work in undone}
        for place, work in works.as_they_stand():
            if work.id:
                minter.take(work.id)
                ids.discard(work.id)
                self._put(place, work.id)
                continue
            row = (publication_slug(work), order_of(work), place)
            self._base.execute("INSERT INTO fresh VALUES (?, ?, ?)", row)
        known: dict[str, list[Record]] = defaultdict(list)
        for work in undone:
            if work.id in ids:
                known[publication_slug(work)].append(work)
        fresh = self._base.execute("SELECT slug, place FROM fresh ORDER BY slug, value, place")
        for slug, place in fresh:
            same = (work for work in known.get(slug, ()) if is_same(work, works[place]))
            again = next(same, None)
            if again:
                known[slug].remove(again)
            self._put(place, again.id if again else minter.mint(slug))

    def __getitem__(self, place: int) -> str:
        ((id,),) = self._base.execute("SELECT id FROM work WHERE place = ?", (place,))
        return str(id)

    def __iter__(self) -> Iterator[tuple[str, int]]:
        """Yield each id with the place of its work, sorted."""
        yield from self._base.execute("SELECT id, place FROM work ORDER BY id, place")

    def _put(self, place: int, id: str) -> None:
        self._base.execute("INSERT INTO work VALUES (?, ?)", (place, id))


def with_ids(records: Sequence[Record]) -> list[Record]:
    """Give records without an id the next free slug, in stable order; return all, sorted by id."""
    return [
        replace(records[place], id=id)
        for id, place in Ids(Picked(records, range(len(records))), (), ())
    ]


def order_of(record: Record) -> bytes:
    """A sort key for a record, so that the order of the input does not matter."""
    source = record.sources[0] if record.sources else None
    parts = (
        *(record.title, str(record.year), "; ".join(map(str, record.authors))),
        *(record.doi, record.container_title, record.volume, record.issue, record.page),
        *(record.type, record.edition, record.url, record.original_title, " ".join(record.isbn)),
        *(record.number, record.genre, record.collection_title, record.publisher, record.id),
        *((source.file, source.key, str(source.position)) if source else ()),
    )
    return "\0".join(parts).encode("utf-8", "surrogatepass")  # no text has that character
