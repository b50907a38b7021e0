"""Names of persons, organisations, venues and new concepts, gathered from all records."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any, Self

from ..catalogue.sources import SourceName
from ..fields import Field
from ..files import unchanging
from ..iris import IRIs, slug
from ..model import FACETS, Name, Record
from ..vocabulary.authority import Authority, load_authority

#: The facets whose values are concepts of a vocabulary, one or several.
CONCEPTS = tuple(
    (field, field.scheme) for field in FACETS if field.scheme and field.kind != "bodies"
)
_SCHEMA = """
CREATE TABLE agent (id TEXT PRIMARY KEY, length INTEGER, text TEXT, name TEXT) WITHOUT ROWID;
CREATE TABLE orcid (agent TEXT, orcid TEXT, PRIMARY KEY (agent, orcid)) WITHOUT ROWID;
CREATE TABLE spelling (
  iri TEXT, label TEXT, number INTEGER, PRIMARY KEY (iri, label)) WITHOUT ROWID;
"""
_FULLEST = """
INSERT INTO agent VALUES (?, ?, ?, ?)
ON CONFLICT DO UPDATE SET length = excluded.length, text = excluded.text, name = excluded.name
WHERE (excluded.length, excluded.text) > (length, text)
"""
_AGENTS, _ORCIDS = "SELECT id, name FROM agent", "SELECT agent, orcid FROM orcid"
_SPELLINGS = "SELECT iri, label, number FROM spelling"
_Rows = Iterable[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Names:
    """Names of persons, organisations, venues and new concepts, gathered from all records."""

    #: Agent id -> the fullest form of its name.
    agents: Mapping[str, Name]
    #: IRI of a venue, organisation or new concept -> its most frequent spelling.
    labels: Mapping[str, str]
    #: Agent id -> every ORCID iD that a record gives for it.
    orcids: Mapping[str, frozenset[str]]
    #: The names of the files that records were read from.
    sources: Sequence[SourceName] = ()

    @classmethod
    def of(cls, records: Iterable[Record], iris: IRIs, sources: Sequence[SourceName] = ()) -> Self:
        """Collect the names from records, in one pass."""
        with closing(sqlite3.connect("")) as base:
            _note(records, base, iris)
            return cls._of(
                base.execute(_AGENTS), base.execute(_ORCIDS), base.execute(_SPELLINGS), sources
            )

    @classmethod
    def read(
        cls, path: Path, records: Iterable[Record], iris: IRIs, sources: Sequence[SourceName]
    ) -> Self:
        """Read the names needed to map some records from a file of all names."""
        authority = load_authority()
        agents, things = set[str](), set[str]()
        for record in records:
            agents.update(agent for agent, _ in _agents(record))
            things.update(
                iris.thing(kind, slug(label)) for kind, label in _named(record, authority)
            )
        with closing(sqlite3.connect(unchanging(path), uri=True)) as base:
            return cls._of(
                _among(base, f"{_AGENTS} WHERE id IN", agents),
                _among(base, f"{_ORCIDS} WHERE agent IN", agents),
                _among(base, f"{_SPELLINGS} WHERE iri IN", things),
                sources,
            )

    @classmethod
    def _of(
        cls, agents: _Rows, orcids: _Rows, spellings: _Rows, sources: Sequence[SourceName]
    ) -> Self:
        every: dict[str, frozenset[str]] = {}
        for agent, orcid in orcids:
            every[agent] = every.get(agent, frozenset()) | {orcid}
        best: dict[str, tuple[int, str]] = {}
        for iri, label, number in spellings:
            best[iri] = min(best.get(iri, (0, "")), (-number, label))
        names = {agent: Name(*json.loads(name)) for agent, name in agents}
        return cls(names, {iri: label for iri, (_, label) in best.items()}, every, sources)


def write_names(records: Iterable[Record], path: Path, iris: IRIs) -> None:
    """Collect the names from records, in one pass, into a new file."""
    with closing(sqlite3.connect(path)) as base:
        base.execute("PRAGMA journal_mode = OFF")
        base.execute("PRAGMA synchronous = OFF")
        _note(records, base, iris)
        base.commit()


def _note(records: Iterable[Record], base: sqlite3.Connection, iris: IRIs) -> None:
    base.executescript(_SCHEMA)
    authority = load_authority()
    for record in records:
        agents = list(_agents(record))
        base.executemany(
            _FULLEST,
            ((id, len(str(name)), str(name), json.dumps(astuple(name))) for id, name in agents),
        )
        base.executemany(
            "INSERT OR IGNORE INTO orcid VALUES (?, ?)",
            ((agent, name.orcid) for agent, name in agents if name.orcid),
        )
        named = _named(record, authority)
        base.executemany(
            "INSERT INTO spelling VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET number = number + 1",
            ((iris.thing(kind, slug(label)), label) for kind, label in named),
        )


def _among(base: sqlite3.Connection, query: str, values: Collection[str]) -> _Rows:
    """The rows of a query that ends in IN, for some values."""
    return base.execute(f"{query} (SELECT value FROM json_each(?))", (json.dumps([*values]),))


def _agents(record: Record) -> Iterator[tuple[str, Name]]:
    yield from zip(record.agents, record.authors, strict=True)
    yield from zip(record.editor_agents, record.editors, strict=True)


def _named(record: Record, authority: Authority) -> Iterator[tuple[str, str]]:
    """Each thing that a record names only by a label: the kind in its IRI, and the label."""
    if record.container_title:
        yield "venue", authority.place(record.container_title, record.issn).name
    if publisher := authority.publisher(record.publisher):
        yield "organization", publisher
    for organisation in record.facets.organisations:
        yield "organization", organisation.name
    for author in (*record.authors, *record.editors):
        if author.literal:
            yield "organization", author.literal
    for field, scheme in CONCEPTS:
        for label in labels_of(record, field):
            yield scheme.kind, label


def labels_of(record: Record, field: Field) -> tuple[str, ...]:
    """The labels in a facet that holds one concept or several."""
    value = getattr(record.facets, field.name)
    return value if field.kind == "concepts" else (value,) * bool(value)
