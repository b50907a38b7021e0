"""Values: the values of the facets of a release, by name, by letter, and as a tree."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..iris import fold
from .database import Database
from .inflection import other_number
from .search_query import Phrase
from .spellings import in_standard, spelt
from .works_index import CONCEPTS, NOT_STATED

#: The facets whose values grow with the number of works; all other values stay in memory.
MANY = ("author", "venue", "organization")
#: The facets whose values have proper names, not common nouns.
PROPER = ("platforms", "countries")
#: The columns that make an ``Entry``.
COLUMNS = "value, label, names, listed, parents, works"
_OF_ENTRY = ", ".join(f"entry.{name}" for name in COLUMNS.split(", "))


def is_country(value: str) -> bool:
    """Whether a value of the facet of countries is one country, not a region or a group."""
    return re.fullmatch("[A-Z]{2}", value) is not None


@dataclass(frozen=True, slots=True)
class Entry:
    """A value of a facet, independent of any query."""

    value: str
    label: str
    #: Its other names, each with its BCP 47 tag, or "" if it has none.
    names: Mapping[str, str]
    #: Its name in an alphabetical list.
    listed: str
    parents: tuple[str, ...]
    works: int


class Values:
    """The values of the facets of one release."""

    def __init__(self, base: Database) -> None:
        self._base = base

    def entry(self, facet: str, value: str) -> Entry | None:
        """One value; None if no work has it."""
        if facet not in MANY:
            return self._concepts.get(facet, {}).get(value)
        rows = self._base.rows(
            f"SELECT {COLUMNS} FROM value WHERE facet = ? AND value = ?", facet, value
        )
        return next(map(entry_of, rows), None)

    def label(self, facet: str, value: str) -> str:
        """The label of a value; "" if the facet has no such value."""
        entry = self.entry(facet, value)
        return entry.label if entry else ""

    def above(self, facet: str, value: str) -> Iterator[Entry]:
        """All broader values of one, the nearest first."""
        waiting, passed = [value], {value}
        while waiting:
            entry = self.entry(facet, waiting.pop(0))
            for parent in entry.parents if entry else ():
                if parent not in passed and (wider := self.entry(facet, parent)):
                    passed.add(parent)
                    waiting.append(parent)
                    yield wider

    def with_above(self, facet: str, values: Iterable[str]) -> dict[str, Entry]:
        """Some values of a facet with many, and all broader ones, read together."""
        entries: dict[str, Entry] = {}
        waiting = set(values)
        while waiting:
            rows = self._base.rows(
                f"SELECT {_OF_ENTRY} FROM json_each(?) AS asked CROSS JOIN value AS entry"
                " ON facet = ? AND entry.value = asked.value",
                json.dumps(sorted(waiting)),
                facet,
            )
            read = [entry_of(row) for row in rows]
            entries.update((entry.value, entry) for entry in read)
            waiting = {parent for entry in read for parent in entry.parents} - entries.keys()
        return entries

    def below(self, facet: str, value: str) -> list[Entry]:
        """The values one step narrower, those with the most works first."""
        concepts = self._concepts.get(facet, {}).values()
        narrower = (entry for entry in concepts if value in entry.parents)
        return sorted(narrower, key=lambda entry: (-entry.works, entry.listed))

    def parents(self, facet: str) -> frozenset[str]:
        """The values of a facet that have narrower ones."""
        values = self._concepts.get(facet, {}).values()
        return frozenset(parent for entry in values for parent in entry.parents)

    @cached_property
    def groups(self) -> frozenset[str]:
        """The groups of places that cut across the parts of the world (EU27, the Global South)."""
        return frozenset(value for (value,) in self._base.rows("SELECT value FROM place_group"))

    def count(self, facet: str, start: str = "") -> int:
        """The number of values, without "not stated"; ``start`` selects a kind of author
        ("person/").
        """
        query = "SELECT IFNULL(SUM(number), 0) FROM letter WHERE facet = ? AND start = ?"
        ((number,),) = self._base.rows(query, facet, start)
        return int(number)

    def letters(self, facet: str, start: str = "") -> list[tuple[str, int]]:
        """The first letters of the values, in order, each with how many values come before it."""
        rows = self._base.rows(
            "SELECT letter, number FROM letter WHERE facet = ? AND start = ? ORDER BY letter",
            facet,
            start,
        )
        letters, before = [], 0
        for letter, number in rows:
            letters.append((letter, before))
            before += number
        return letters

    def listing(self, facet: str, start: str, offset: int, limit: int) -> list[Entry]:
        """A page of the values, in alphabetical order."""
        rows = self._base.rows(
            f"SELECT {_OF_ENTRY} FROM listed JOIN value AS entry USING (facet, value)"
            " WHERE facet = ? AND start = ? AND place >= ? AND place < ? ORDER BY place",
            facet,
            start,
            offset,
            offset + limit,
        )
        return [entry_of(row) for row in rows]

    def shared(
        self, facet: str, start: str, listed: Iterable[str]
    ) -> dict[str, list[tuple[str, tuple[str, ...]]]]:
        """Those of some listed names that several values share, with these and their parents."""
        names = list(dict.fromkeys(listed))
        condition, arguments = _beginning(start)
        marks = ",".join("?" * len(names))
        rows = self._base.rows(
            "SELECT sort, listed, value, parents FROM value INDEXED BY value_sort"
            f" WHERE facet = ? AND sort IN ({marks}) {condition}",
            facet,
            *map(fold, names),
            *arguments,
        )
        alike: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
        spellings: dict[str, str] = {}
        for sort, name, value, parents in rows:
            alike.setdefault(sort, []).append((value, tuple(json.loads(parents))))
            spellings[name] = sort
        return {name: alike[sort] for name, sort in spellings.items() if len(alike[sort]) > 1}

    def called(self, name: str) -> tuple[str, Entry] | None:
        """The facet and the concept that has a name, in any spelling: the one with most works.

        Except for platforms and countries, the name may be in the other number ("surveys").
        """
        standard = in_standard(name)
        if found := self._called.get(standard):
            return found
        *before, last = standard.split() or [""]
        found = self._called.get(" ".join((*before, other_number(last))))
        return found if found and found[0] not in PROPER else None

    def naming(self, phrase: Phrase) -> list[tuple[str, str]]:
        """The facet and the value of each concept with a name that contains a phrase."""
        written = phrase.written
        return [
            (facet, value)
            for facet, value, names in self._names
            if any(each in names for each in written)
        ]

    @cached_property
    def _names(self) -> list[tuple[str, str, str]]:
        """Each concept's facet and value with all its names, a space at each end."""
        return [
            (facet, entry.value, f" {spelt((entry.label, *entry.names))} ")
            for facet in CONCEPTS
            for entry in self._concepts.get(facet, {}).values()
        ]

    @cached_property
    def _called(self) -> dict[str, tuple[str, Entry]]:
        called: dict[str, tuple[str, Entry]] = {}
        for facet in CONCEPTS:
            for entry in self._concepts.get(facet, {}).values():
                for name in map(in_standard, (entry.label, *entry.names)):
                    if name not in called or entry.works > called[name][1].works:
                        called[name] = facet, entry
        called.pop(in_standard(NOT_STATED), None)
        return called

    @cached_property
    def _concepts(self) -> dict[str, dict[str, Entry]]:
        marks = ",".join("?" * len(MANY))
        concepts: dict[str, dict[str, Entry]] = {}
        for facet, *row in self._base.rows(
            f"SELECT facet, {COLUMNS} FROM value WHERE facet NOT IN ({marks})", *MANY
        ):
            entry = entry_of(row)
            concepts.setdefault(facet, {})[entry.value] = entry
        return concepts


def _beginning(start: str) -> tuple[str, tuple[str, ...]]:
    """The SQL condition for values that begin with a text, and its arguments."""
    return ("AND value >= ? AND value < ?", (start, f"{start}\U0010ffff")) if start else ("", ())


def entry_of(row: Any) -> Entry:
    """The entry in a row of ``COLUMNS``."""
    value, label, names, listed, parents, works = row
    # Most values have neither, and a page reads hundreds of them.
    others = json.loads(names) if names != "{}" else {}
    broader = tuple(json.loads(parents)) if parents != "[]" else ()
    return Entry(value, label, others, listed, broader, works)
