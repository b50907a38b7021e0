"""The register: finds the works of a catalogue by id or source entry, in a scratch file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..model import Record, Source
from ..shelf import Scratch, Texts

#: The place of a work that has an entry as a source, and the digest of the entry there.
Holder = tuple[int, str]

_SCHEMA = """
CREATE TABLE work (id TEXT PRIMARY KEY, place INTEGER) WITHOUT ROWID;
CREATE TABLE entry (file TEXT, key TEXT, digest TEXT, place INTEGER);
"""
_INDEX = """
CREATE INDEX by_key ON entry (file, key, place, digest);
CREATE INDEX by_digest ON entry (file, digest, place);
"""


class Register:
    """The places of works, by their ids and by the entries they were read from."""

    def __init__(self, works: Iterable[Record]) -> None:
        self._base = Scratch(_SCHEMA)
        self._shared = Texts()
        for place, work in enumerate(works):
            self._base.execute("INSERT OR REPLACE INTO work VALUES (?, ?)", (work.id, place))
            self._base.executemany(
                "INSERT INTO entry VALUES (?, ?, ?, ?)",
                ((s.file, s.key, s.digest, place) for s in work.sources),
            )
            self._shared.update(_shared_ids(work))
        self._base.executescript(_INDEX)

    def place(self, id: str) -> int | None:
        """The place of the work with an id."""
        return self._first("SELECT place FROM work WHERE id = ?", id)

    def holders(self, source: Source) -> list[Holder]:
        """The works that have the entry of a source."""
        query = "SELECT place, digest FROM entry WHERE file = ? AND key = ? ORDER BY place"
        return self._base.execute(query, source.entry).fetchall()

    def of_text(self, source: Source) -> int | None:
        """The place of the first work with an entry from the same file with the same text."""
        query = "SELECT MIN(place) FROM entry WHERE file = ? AND digest = ?"
        return self._first(query, source.file, source.digest) if source.digest else None

    def shares(self, id: str) -> bool:
        """Whether any work has this ISSN or ORCID iD."""
        return id in self._shared

    def _first(self, query: str, *values: str) -> int | None:
        place: int | None
        place, *_ = self._base.execute(query, values).fetchone() or (None,)
        return place


def _shared_ids(work: Record) -> Iterator[str]:
    yield from work.issn
    yield from (name.orcid for name in (*work.authors, *work.editors) if name.orcid)
