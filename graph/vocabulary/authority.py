"""Authority: names of venues and publishers that are one, by a table that curators edit.

``ontology/authority.tsv`` is the table, and its head says what the columns mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ..errors import InvalidVocabulary
from ..identifiers import normal_issn
from ..iris import fold
from ..model import Problem
from .tables import Row, Table, check_table, shipped_table

COLUMNS = ("kind", "name", "variants", "editions", "issn", "type", "evidence")
_KINDS = ("venue", "publisher", "no venue", "no publisher")
_TYPES = ("article", "manuscript", "report", "document")
#: A variant that is the abbreviation a venue or publisher goes by: "HICSS", "W4A", "ILO".
_ABBREVIATION = re.compile(r"[A-Z][A-Z0-9]{1,9}")
#: No name is longer; what follows is not looked at.
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Place:
    """Where a work appeared: the venue by the name it is published under, and its series."""

    name: str
    #: The series that the venue is an edition of; "" where there is none.
    series: str = ""
    #: Whether the table knows the venue, so that its name is settled.
    settled: bool = False


@dataclass(frozen=True, slots=True)
class NoVenue:
    """What stands in a venue's place and is the name of a kind of work."""

    name: str
    #: A CSL type.
    type: str


@dataclass(frozen=True, slots=True)
class Authority:
    """The rows of a table by the names they know, and what is wrong with the others."""

    #: (kind, name as it is compared) -> the name that is published.
    names: Mapping[tuple[str, str], str]
    #: (kind, pattern, name that is published) of the names that are known by a pattern.
    editions: Sequence[tuple[str, re.Pattern[str], str]]
    issns: Mapping[str, str]
    #: (kind, name that is published) of a venue or a publisher -> what it goes by.
    abbreviations: Mapping[tuple[str, str], tuple[str, ...]]
    #: Name of no venue -> the CSL type of such works.
    types: Mapping[str, str]
    problems: tuple[Problem, ...]

    @classmethod
    def of(cls, table: Table) -> Authority:
        """The sound rows of a table."""
        names: dict[tuple[str, str], str] = {}
        editions: list[tuple[str, re.Pattern[str], str]] = []
        issns: dict[str, str] = {}
        abbreviations: dict[tuple[str, str], tuple[str, ...]] = {}
        types: dict[str, str] = {}
        problems: list[Problem] = []
        for row in table.rows:
            wrong = list(_problems(row, names))
            problems += wrong
            if wrong:
                continue
            kind, name = row.get("kind"), row.get("name")
            names.update({(kind, form): name for form in _forms(row)})
            if pattern := row.get("editions"):
                editions.append((kind, re.compile(pattern), name))
            issns.update(dict.fromkeys(_listed(row, "issn"), name))
            types[name] = row.get("type")
            if kind in ("venue", "publisher"):
                short = filter(_ABBREVIATION.fullmatch, _listed(row, "variants"))
                abbreviations[kind, name] = tuple(short)
        return cls(names, tuple(editions), issns, abbreviations, types, tuple(problems))

    def place(self, name: str, issn: Sequence[str] = ()) -> Place:
        """The venue that a record names."""
        known = self.names.get(("venue", _key(name)))
        known = known or next((self.issns[each] for each in issn if each in self.issns), None)
        if known:
            series = self._by_pattern("venue", known)  # a series fits its own pattern
            return Place(known, "" if series == known else series, settled=True)
        return Place(name, self._by_pattern("venue", name))

    def no_venue(self, name: str) -> NoVenue | None:
        """The kind of work that a record names in a venue's place; None for a venue."""
        known = self.names.get(("no venue", _key(name))) or self._by_pattern("no venue", name)
        return NoVenue(known, self.types[known]) if known else None

    def publisher(self, name: str) -> str:
        """The name under which a publisher is published; "" where it is none."""
        if ("no publisher", _key(name)) in self.names:
            return ""
        return self.names.get(("publisher", _key(name)), name)

    def _by_pattern(self, kind: str, name: str) -> str:
        key = _key(name)
        fitting = (known for k, form, known in self.editions if k == kind and form.fullmatch(key))
        return next(fitting, "")


@cache
def load_authority() -> Authority:
    """The shipped table; raises InvalidVocabulary where a row is wrong."""
    shipped = Authority.of(shipped_table("authority.tsv", COLUMNS))
    if shipped.problems:
        raise InvalidVocabulary(shipped.problems)
    return shipped


def check_authority(path: Path) -> tuple[Problem, ...]:
    """The problems of a table of authority."""
    return check_table(path, COLUMNS, lambda table: Authority.of(table).problems)


def _key(name: str) -> str:
    return fold(name[:_LONGEST].replace("&", " and "))


def _listed(row: Row, column: str) -> tuple[str, ...]:
    return tuple(filter(None, map(str.strip, row.get(column).split("|"))))


def _forms(row: Row) -> tuple[str, ...]:
    return tuple(map(_key, (row.get("name"), *_listed(row, "variants"))))


def _problems(row: Row, names: Mapping[tuple[str, str], str]) -> Iterator[Problem]:
    """What is wrong with a row, beside those that stand above it."""

    def wrong(column: str, message: str, remedy: str) -> Problem:
        return row.problem(column, message, remedy, key="name")

    kind = row.get("kind")
    if kind not in _KINDS:
        yield wrong("kind", "There is no such kind.", f"Write one of {', '.join(_KINDS)}.")
    if row.surplus:
        yield row.surplus_problem("name")
    for column in ("name", "evidence"):
        if not row.get(column):
            yield wrong(column, f"The cell {column} is empty.", "Fill it in.")
    for form in _forms(row):
        if (kind, form) in names:
            message = f'"{form}" is a name of {names[kind, form]} already.'
            yield wrong("variants", message, "Take it out of one of the two rows.")
    try:
        re.compile(row.get("editions"))
    except re.error as error:
        yield row.pattern_problem("editions", error, "name")
    for issn in _listed(row, "issn"):
        if normal_issn(issn) != issn:
            yield wrong("issn", f"{issn} is not an ISSN.", "Copy it from the journal.")
    if (kind == "no venue") != (row.get("type") in _TYPES):
        remedy = f'Write one of {", ".join(_TYPES)} for "no venue", and nothing for others.'
        yield wrong("type", "The type is missing, unknown or too many.", remedy)
