"""Authority: the different names of a venue or publisher, by a table that curators edit.

The table is ``ontology/authority.tsv``; the comments at its top explain the columns.
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
#: Only this many characters of a name are compared.
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Place:
    """Where a work appeared: the preferred name of the venue, and its series."""

    name: str
    #: The series that the venue is an edition of; "" if there is none.
    series: str = ""
    #: Whether the name comes from the table.
    settled: bool = False


@dataclass(frozen=True, slots=True)
class NoVenue:
    """A text in place of a venue that is really the name of a kind of work."""

    name: str
    #: A CSL type.
    type: str


@dataclass(frozen=True, slots=True)
class Authority:
    """The sound rows of a table, by name, and the problems of the others."""

    #: (kind, folded name) -> the preferred name.
    names: Mapping[tuple[str, str], str]
    #: (kind, pattern, preferred name) for names that are recognised by a pattern.
    editions: Sequence[tuple[str, re.Pattern[str], str]]
    #: ISSN -> the preferred name.
    issns: Mapping[str, str]
    #: (kind, preferred name) of a venue or publisher -> its abbreviations.
    abbreviations: Mapping[tuple[str, str], tuple[str, ...]]
    #: The name of a "no venue" row -> the CSL type of such works.
    types: Mapping[str, str]
    problems: tuple[Problem, ...]

    @classmethod
    def of(cls, table: Table) -> Authority:
        """Read the rows of a table."""
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
            if kind == "no venue":
                types[name] = row.get("type")
            if kind in ("venue", "publisher"):
                short = filter(_ABBREVIATION.fullmatch, _listed(row, "variants"))
                abbreviations[kind, name] = tuple(short)
        return cls(names, tuple(editions), issns, abbreviations, types, tuple(problems))

    def place(self, name: str, issn: Sequence[str] = ()) -> Place:
        """Return the venue that a record names."""
        known = self.names.get(("venue", _key(name)))
        known = known or next((self.issns[each] for each in issn if each in self.issns), None)
        if known:
            series = self._by_pattern("venue", known)  # a series fits its own pattern
            return Place(known, "" if series == known else series, settled=True)
        return Place(name, self._by_pattern("venue", name))

    def no_venue(self, name: str) -> NoVenue | None:
        """Return the kind of work that a record names in place of a venue; None for a venue."""
        known = self.names.get(("no venue", _key(name))) or self._by_pattern("no venue", name)
        return NoVenue(known, self.types[known]) if known else None

    def publisher(self, name: str) -> str:
        """The preferred name of a publisher; "" if the name does not stand for a publisher."""
        if ("no publisher", _key(name)) in self.names:
            return ""
        return self.names.get(("publisher", _key(name)), name)

    def _by_pattern(self, kind: str, name: str) -> str:
        key = _key(name)
        fitting = (known for k, form, known in self.editions if k == kind and form.fullmatch(key))
        return next(fitting, "")


@cache
def load_authority() -> Authority:
    """Load the shipped table; raises InvalidVocabulary if a row is wrong."""
    shipped = Authority.of(shipped_table("authority.tsv", COLUMNS))
    if shipped.problems:
        raise InvalidVocabulary(shipped.problems)
    return shipped


def check_authority(path: Path) -> tuple[Problem, ...]:
    """Return the problems of an authority table."""
    return check_table(path, COLUMNS, lambda table: Authority.of(table).problems)


def _key(name: str) -> str:
    return fold(name[:_LONGEST].replace("&", " and "))


def _listed(row: Row, column: str) -> tuple[str, ...]:
    return tuple(filter(None, map(str.strip, row.get(column).split("|"))))


def _forms(row: Row) -> tuple[str, ...]:
    return tuple(map(_key, (row.get("name"), *_listed(row, "variants"))))


def _problems(row: Row, names: Mapping[tuple[str, str], str]) -> Iterator[Problem]:
    """Yield the problems of a row; ``names`` are those of the rows above it."""

    def wrong(column: str, message: str, remedy: str) -> Problem:
        return row.problem(column, message, remedy, key="name")

    kind = row.get("kind")
    if kind not in _KINDS:
        yield wrong("kind", "This is not a known kind.", f"Write one of {', '.join(_KINDS)}.")
    yield from row.surplus_problems("name")
    yield from row.empty_problems(("name", "evidence"), "name")
    for form in _forms(row):
        if (kind, form) in names:
            message = f'"{form}" is already a name of {names[kind, form]}.'
            yield wrong("variants", message, "Remove it from one of the two rows.")
    try:
        re.compile(row.get("editions"))
    except re.error as error:
        yield row.pattern_problem("editions", error, "name")
    for issn in _listed(row, "issn"):
        if normal_issn(issn) != issn:
            yield wrong("issn", f"{issn} is not a valid ISSN.", "Copy it from the journal.")
    if (kind == "no venue") != (row.get("type") in _TYPES):
        remedy = f'Write one of {", ".join(_TYPES)} for "no venue", and nothing for other kinds.'
        yield wrong("type", "The type is missing, unknown, or not allowed for this kind.", remedy)
