"""Agents: which names belong to the same person or body.

The same name is not always the same person. Two mentions of a name are one person if

- both have the same ORCID iD (different iDs are different persons, whatever else they share); or
- both have the given name in full, and they share a co-author or a venue.

In a list of more than a hundred names, co-authors do not count as evidence: there would be too
many pairs. A body ("Eurofound") is identified by its name alone. Ids that the catalogue has
already given never change. ``likely`` finds the persons who are only *likely* to be the same.

A scratch file holds the mentions, sorted by what they share; memory holds only a number or two for
each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby, islice

from ..iris import Minter, agent_key, fold
from ..model import Name, Record
from ..shelf import Scratch, Shelf
from .groups import Groups
from .names import family_key, in_full, plain

#: In a list longer than this, co-authors are not used as evidence.
_LONG = 100
_SCHEMA = """
CREATE TABLE mention (
  place INTEGER PRIMARY KEY, agent TEXT, is_body INTEGER, name TEXT, holder INTEGER
);
CREATE TABLE evidence (key TEXT, place INTEGER, holder INTEGER);
CREATE TABLE holder (orcid TEXT PRIMARY KEY, place INTEGER) WITHOUT ROWID;
CREATE TABLE link (place INTEGER, holder INTEGER);
CREATE TABLE minted (place INTEGER PRIMARY KEY, agent TEXT);
"""


def with_agents(given: Iterable[Record]) -> Sequence[Record]:
    """Return the records with an agent id for every author and editor; existing ids stay."""
    base = Scratch(_SCHEMA)
    minter = Minter()
    records = Shelf[Record]()
    size = 0
    for record in given:
        size += _note(base, size, record, minter)
        records.append(record)
    _mint(base, _persons(base, size), minter)
    agents = (
        agent
        for (agent,) in base.execute(
            "SELECT COALESCE(minted.agent, mention.agent) FROM mention"
            " LEFT JOIN minted USING (place) ORDER BY place"
        )
    )
    return Shelf(_with(record, agents) for record in records)


def _with(record: Record, ids: Iterator[str]) -> Record:
    """Return the record with the next ids."""
    agents = tuple(islice(ids, len(record.authors)))
    editor_agents = tuple(islice(ids, len(record.editors)))
    if (record.agents, record.editor_agents) == (agents, editor_agents):
        return record  # true of most works, at every import
    return replace(record, agents=agents, editor_agents=editor_agents)


def _mentions(record: Record) -> Iterator[tuple[Name, Iterable[str], str]]:
    """Yield each author and editor, the evidence to match it by, and its id or ""."""
    lists = ((record.authors, record.agents), (record.editors, record.editor_agents))
    venue = f"venue {fold(record.container_title)}" if record.container_title else ""
    for names, agents in lists:
        known = agents if len(agents) == len(names) else [""] * len(names)
        yield from zip(names, _evidence(names, venue), known, strict=True)


def _note(base: Scratch, place: int, record: Record, minter: Minter) -> int:
    """Store a record's mentions, numbered from ``place``, and return how many there are.

    A mention's holder is the first mention with the same ORCID iD.
    """
    mentions, shared = list[tuple[object, ...]](), list[tuple[object, ...]]()
    for name, evidence, agent in _mentions(record):
        here = place + len(mentions)
        holder = _holder(base, name.orcid, here) if name.orcid else None
        mentions.append((here, agent, bool(name.literal), str(name), holder))
        shared += [(each, here, holder) for each in evidence]
        if agent:
            minter.take(agent)
    base.executemany("INSERT INTO mention VALUES (?, ?, ?, ?, ?)", mentions)
    base.executemany("INSERT INTO evidence VALUES (?, ?, ?)", shared)
    return len(mentions)


def _holder(base: Scratch, orcid: str, place: int) -> int:
    base.execute("INSERT OR IGNORE INTO holder VALUES (?, ?)", (orcid, place))
    ((holder,),) = base.execute("SELECT place FROM holder WHERE orcid = ?", (orcid,))
    return int(holder)


def _mint(base: Scratch, persons: Groups, minter: Minter) -> None:
    """Give each mention without an id the id of its person or body, or a new one."""
    base.create_function("person", 1, persons.find)
    rows = base.execute(
        "SELECT person(place) AS person, place, agent, is_body, name FROM mention"
        " ORDER BY person, place"
    )
    for _, mentions in groupby(rows, lambda row: row[0]):
        group = list(mentions)
        unknown = [place for _, place, agent, *_ in group if not agent]
        if not unknown:
            continue
        settled = sorted({agent for _, _, agent, *_ in group if agent})
        *_, is_body, whole = max(group, key=lambda row: (len(row[4]), row[4]))
        fullest = Name(literal=whole) if is_body else Name(family=whole)
        agent = settled[0] if settled else minter.mint(agent_key(fullest))
        base.executemany("INSERT INTO minted VALUES (?, ?)", ((place, agent) for place in unknown))


def _evidence(names: Sequence[Name], venue: str) -> Iterator[Sequence[str]]:
    """Yield, for each name of a list, the evidence that can match it with another mention."""
    wholes = [plain(fold(str(name))) for name in names]
    times = Counter(wholes)
    company = [f"co-author {family_key(name)} {fold(name.given)[:1]}" for name in names]
    for place, (name, whole) in enumerate(zip(names, wholes, strict=True)):
        if name.literal:
            yield (f"body: {fold(name.literal)}",)
        elif not in_full(name) or times[whole] > 1:  # two namesakes in one list are two people
            yield ()
        else:
            others = company[:place] + company[place + 1 :] if len(names) <= _LONG else []
            yield [f"{whole}, {shared}" for shared in ([venue] if venue else []) + others]


def _persons(base: Scratch, size: int) -> Groups:
    """Group the mentions, by their places, into persons and bodies.

    Mentions with an ORCID iD are grouped by iD, the others by the evidence they share. Then a group
    without an iD joins the person with an iD that it shares evidence with, if there is only one.
    """
    groups = Groups(size)
    for holder, place in base.execute("SELECT holder, place FROM mention WHERE holder >= 0"):
        groups.join(holder, place)
    rows = base.execute("SELECT key, place, holder FROM evidence ORDER BY key, place")
    for _, sharing in groupby(rows, lambda row: row[0]):
        first, holders = None, set[int]()
        for _, place, holder in sharing:
            if holder is not None:
                holders.add(holder)
            elif first is None:
                first = place
            else:
                groups.join(first, place)
        if first is not None:
            base.executemany("INSERT INTO link VALUES (?, ?)", ((first, each) for each in holders))
    base.create_function("group_of", 1, groups.find)
    base.execute(
        "CREATE TABLE linked AS SELECT group_of(place) AS place, MIN(holder) AS holder FROM link"
        " GROUP BY group_of(place) HAVING MIN(holder) = MAX(holder)"
    )
    for holder, place in base.execute("SELECT holder, place FROM linked"):
        groups.join(holder, place)
    return groups
