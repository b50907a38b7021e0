"""Places: names of cities, regions and groups of countries, with the countries they stand for.

The tables are ``ontology/cities.tsv`` and ``ontology/country-groups.tsv``; the comments at their
tops say what each is for.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from ..model import Problem
from . import load_vocabulary
from .tables import Row, by_row, check_table, sound_table

COLUMNS = ("country", "places")
CITIES, GROUPS = "cities.tsv", "country-groups.tsv"


@cache
def load_places(name: str) -> tuple[tuple[str, str], ...]:
    """Load the places of a shipped table, each with the slug of its country or region.

    Raises InvalidVocabulary if a row is wrong.
    """
    table = sound_table(name, COLUMNS, by_row(_problems))
    return tuple((place, row.get("country")) for row in table.rows for place in _listed(row))


def check_places(path: Path) -> tuple[Problem, ...]:
    """Check a table of places against the shipped vocabulary of countries."""
    return check_table(path, COLUMNS, by_row(_problems))


def _problems(row: Row) -> Iterator[Problem]:
    yield from row.surplus_problems("places")
    if row.get("country") not in load_vocabulary().slugs("countries"):
        message = "There is no country or region with this slug."
        remedy = "Write a country code, or the end of a region's IRI."
        yield row.problem("country", message, remedy, key="places")
    if not all(_listed(row)):
        remedy = "Write names, with a single | between them."
        yield row.problem("places", "A place is missing.", remedy, key="country")


def _listed(row: Row) -> list[str]:
    return [place.strip() for place in row.get("places").split("|")]
