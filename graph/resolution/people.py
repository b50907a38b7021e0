"""People: the persons named in the works of a catalogue, found by how their names may be written.

A scratch file, deleted with the object, holds all mentions; memory holds only the few persons that
are being compared.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import astuple
from functools import cached_property, lru_cache, partial
from itertools import groupby

from ..model import Name, Record
from ..shelf import Scratch
from .candidates import Candidates, abbreviations
from .profiles import Company, Forms, Profile

#: A family name with this many given names in the catalogue is common.
_COMMON = 5
#: How many persons, and how many works, are cached during the comparison.
_REMEMBERED = 2**12
_SCHEMA = """
CREATE TABLE mention (agent TEXT, place INTEGER, name TEXT);
CREATE TABLE holder (kind TEXT, name TEXT, agent TEXT);
CREATE TABLE given (family TEXT, name TEXT);
CREATE TABLE form (family TEXT, first TEXT, possible TEXT, initials TEXT, agent TEXT);
CREATE TABLE abbreviated (agent TEXT);
"""
_INDEX = """
CREATE INDEX by_name ON holder (kind, name, agent);
CREATE INDEX by_family ON form (family, first, possible, initials, agent);
"""
#: The kinds of name that persons may share -> the names of that kind that a person has.
_KINDS: dict[str, Callable[[Forms], Collection[str]]] = {
    "name": lambda forms: forms.names,
    "short name": lambda forms: forms.short_names,
    "initials": lambda forms: forms.abbreviated,
}


class People:
    """The persons of some works, as far as their given names or initials are known."""

    def __init__(self, works: Sequence[Record]) -> None:
        self._base = Scratch(_SCHEMA)
        self._base.executemany("INSERT INTO mention VALUES (?, ?, ?)", _mentions(works))
        self._base.execute("CREATE INDEX by_agent ON mention (agent, place)")
        for agent, names in self._named():
            self._note(agent, Forms.of(names))
        self._base.executescript(_INDEX)
        self.candidates = Candidates(self._base)
        company = lru_cache(_REMEMBERED)(lambda place: Company.of(works[place]))
        self.profile = lru_cache(_REMEMBERED)(partial(_profile, self._base, company))

    def sharing(self, kind: str) -> Iterator[list[str]]:
        """Yield the persons who share a name of a kind ("name", "short name" or "initials")."""
        shared = (
            "SELECT name, agent FROM holder WHERE kind = ? AND name IN (SELECT name FROM holder"
            " WHERE kind = ? GROUP BY name HAVING COUNT(*) > 1) ORDER BY name, agent"
        )
        for _, rows in groupby(self._base.execute(shared, (kind, kind)), lambda row: row[0]):
            yield [agent for _, agent in rows]

    def abbreviated(self) -> Iterator[str]:
        """Yield the persons without a full name, sorted by id."""
        for (agent,) in self._base.execute("SELECT agent FROM abbreviated ORDER BY agent"):
            yield agent

    @cached_property
    def common(self) -> frozenset[str]:
        """The family names that are common here."""
        many = "SELECT family FROM given GROUP BY family HAVING COUNT(DISTINCT name) >= ?"
        return frozenset(family for (family,) in self._base.execute(many, (_COMMON,)))

    def _named(self) -> Iterator[tuple[str, set[Name]]]:
        """Yield each person with all of their names."""
        rows = self._base.execute("SELECT DISTINCT agent, name FROM mention ORDER BY agent")
        for agent, named in groupby(rows, lambda row: row[0]):
            yield agent, {_name(text) for _, text in named}

    def _note(self, agent: str, forms: Forms) -> None:
        add = self._base.executemany
        for kind, names in _KINDS.items():
            add(
                "INSERT INTO holder VALUES (?, ?, ?)",
                ((kind, name, agent) for name in names(forms)),
            )
        add(
            "INSERT INTO given VALUES (?, ?)",
            ((family, name) for family in forms.families for name in forms.short_names),
        )
        if forms.names:
            rows = ((*each, agent) for each in abbreviations(forms))
            add("INSERT INTO form VALUES (?, ?, ?, ?, ?)", rows)
        else:
            self._base.execute("INSERT INTO abbreviated VALUES (?)", (agent,))


def _profile(base: Scratch, company_of: Callable[[int], Company], agent: str) -> Profile:
    rows = base.execute("SELECT place, name FROM mention WHERE agent = ?", (agent,))
    mentions = [(place, _name(text)) for place, text in rows]
    companies = {place: company_of(place) for place, _ in mentions}
    names = {name for _, name in mentions}
    return Profile(
        forms=Forms.of(names),
        company=frozenset(
            words for place, name in mentions for words in companies[place].of_one(name)
        ),
        orcids=frozenset(name.orcid for name in names) - {""},
        works=frozenset(companies),
        years=frozenset(each.year for each in companies.values() if each.year),
    )


def _mentions(works: Sequence[Record]) -> Iterator[tuple[str, int, str]]:
    """Yield each mention with a given name: the person's id, the place of the work, the name."""
    for place, work in enumerate(works):
        for agent, name in (
            *zip(work.agents, work.authors, strict=True),
            *zip(work.editor_agents, work.editors, strict=True),
        ):
            if not name.literal and name.given:
                yield agent, place, json.dumps(astuple(name))


def _name(text: str) -> Name:
    return Name(*json.loads(text))
