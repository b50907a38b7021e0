"""The type of work and the sector that follow from a platform, by its kind.

The table is ``ontology/platform-work.tsv``. Whether the work is done online or on location is more
certain than the narrower type of work, so it has a rule of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from ...ontology import BASE_IRI
from ..errors import InvalidVocabulary
from ..iris import IRIs
from . import SCHEMES, Vocabulary, load_vocabulary
from .tables import Row, shipped_table

_COLUMNS: Mapping[str, str] = {"work_type": "work-types", "sector": "sectors"}
_TYPE, _PLACE, _SECTOR = "work-type-of-platform", "work-place-of-platform", "sector-of-platform"
#: A type of work or a sector that follows from a platform: the scheme, the concept's IRI, the rule.
PlatformWork = tuple[str, str, str]


@cache
def load_platform_work(base_iri: str = BASE_IRI) -> Mapping[str, tuple[PlatformWork, ...]]:
    """Map the IRI of each platform, and of each kind of platform, to what follows from its kind.

    Raises InvalidVocabulary if the table names a concept that does not exist.
    """
    table = shipped_table("platform-work.tsv", ("kind", *_COLUMNS))
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


def _of_row(row: Row, vocabulary: Vocabulary, iris: IRIs) -> Iterator[PlatformWork]:
    for column, scheme in _COLUMNS.items():
        if name := row.get(column):
            kind = SCHEMES[scheme].kind
            concept = iris.thing(kind, name)
            if concept not in vocabulary.forms[scheme].values():
                message = f"The vocabulary {scheme} has no concept with this slug."
                remedy = "Write the end of a concept's IRI, or nothing."
                raise InvalidVocabulary([row.problem(column, message, remedy, key="kind")])
            if scheme == "sectors":
                yield scheme, concept, _SECTOR
                continue
            wider = [wide for narrow, wide in vocabulary.broader(scheme) if narrow == name]
            for wide in wider or [name]:
                yield scheme, iris.thing(kind, wide), _PLACE
            if wider:
                yield scheme, concept, _TYPE
