"""The type of work and the sector that follow from a platform, by its kind.

The table is ``ontology/platform-work.tsv``. Whether the work is done online or on location is more
certain than the narrower type of work, so it has a rule of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from ...ontology import BASE_IRI
from ..iris import IRIs
from ..model import Problem
from . import SCHEMES, Vocabulary, load_vocabulary
from .tables import Row, by_row, check_table, sound_table

COLUMNS = ("kind", "work_type", "sector", "why")
#: The scheme of the concepts in a column.
_SCHEMES: Mapping[str, str] = {
    "kind": "platforms",
    "work_type": "work-types",
    "sector": "sectors",
}
_TYPE, _PLACE, _SECTOR = "work-type-of-platform", "work-place-of-platform", "sector-of-platform"
#: A type of work or a sector that follows from a platform: the scheme, the concept's IRI, the rule.
PlatformWork = tuple[str, str, str]


@cache
def load_platform_work(base_iri: str = BASE_IRI) -> Mapping[str, tuple[PlatformWork, ...]]:
    """Map the IRI of each platform, and of each kind of platform, to what follows from its kind.

    Raises InvalidVocabulary if the table names a concept that does not exist.
    """
    table = sound_table("platform-work.tsv", COLUMNS, by_row(_problems))
    vocabulary, iris = load_vocabulary(base_iri), IRIs(base_iri)
    of_kind = {
        iris.thing("platform", row.get("kind")): tuple(_of_row(row, vocabulary, iris))
        for row in table.rows
    }
    of_platforms = {
        platform: of_kind.get(kind, ()) for platform, kind in load_kinds(base_iri).items()
    }
    return of_platforms | of_kind


@cache
def load_kinds(base_iri: str = BASE_IRI) -> Mapping[str, str]:
    """Map the IRI of each platform to that of its kind."""
    iris = IRIs(base_iri)
    return {
        iris.thing("platform", name): iris.thing("platform", kind)
        for name, kind in load_vocabulary(base_iri).broader("platforms")
    }


def check_platform_work(path: Path) -> tuple[Problem, ...]:
    """Check a table of kinds of platforms against the shipped vocabularies."""
    return check_table(path, COLUMNS, by_row(_problems))


def _problems(row: Row) -> Iterator[Problem]:
    vocabulary = load_vocabulary()
    yield from row.surplus_problems("kind")
    yield from row.empty_problems(("kind", "why"), "kind")
    for column, scheme in _SCHEMES.items():
        if (slug := row.get(column)) and slug not in vocabulary.slugs(scheme):
            message = f"The vocabulary {scheme} has no concept with this slug."
            yield row.problem(column, message, "Write the end of a concept's IRI.", key="kind")


def _of_row(row: Row, vocabulary: Vocabulary, iris: IRIs) -> Iterator[PlatformWork]:
    if name := row.get("work_type"):
        kind = SCHEMES["work-types"].kind
        wider = [wide for narrow, wide in vocabulary.broader("work-types") if narrow == name]
        for wide in wider or [name]:
            yield "work-types", iris.thing(kind, wide), _PLACE
        if wider:
            yield "work-types", iris.thing(kind, name), _TYPE
    if sector := row.get("sector"):
        yield "sectors", iris.thing(SCHEMES["sectors"].kind, sector), _SECTOR
