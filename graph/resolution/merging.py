"""Merging: combine several records of the same work into one.

One record leads: the work of the catalogue; otherwise the one that classifies the work (a record
page); otherwise the fullest. In general, its values are never replaced, so a curated work loses
nothing to an import. The other records contribute:

- every value that the leading record lacks;
- countries, topics, platforms, … that it does not have yet;
- a type ("article-journal") if it has only "document";
- ORCID iDs, if the persons are the same, in the same order;
- the publication status: a date replaces "forthcoming", and "retracted" always counts;
- their sources.

If the leading record is not yet in the catalogue, they also contribute:

- the title, if only the leading record's ends with a footnote mark ("… Design1");
- full names of authors instead of initials, if the persons are the same, in the same order;
- accents in authors' names that an export has left out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from operator import attrgetter
from typing import Any, TypeVar

from ..iris import fold
from ..model import RETRACTED, Facets, Name, Organisation, Record
from .names import family_key, fits, in_full, initials
from .titles import title_of

T = TypeVar("T")

_NOT_GAPS = frozenset(
    {
        "facets",
        "sources",
        "authors",
        "agents",
        "editor_agents",
        "type",
        "more_authors",
        "version_of",
        "issued_edtf",
        "status",
    }
)


_FILLED = attrgetter(*(f.name for f in fields(Record)))
_GAPS = tuple(f.name for f in fields(Record) if f.name not in _NOT_GAPS)
#: Reads the facets that say more about a work than its keywords do.
_CLASSIFYING = attrgetter(*(f.name for f in fields(Facets) if f.name != "keywords"))


def merge(records: Sequence[Record]) -> Record:
    """Merge records by the rules above; the result has the id of the leading record."""
    lead, *rest = sorted(records, key=_rank)
    merged = lead
    for other in rest:
        gaps: dict[str, Any] = {
            name: getattr(other, name) for name in _GAPS if not getattr(merged, name)
        }
        if "issued" in gaps:
            status = other.status if other.issued else merged.status or other.status
            gaps |= {"issued_edtf": other.issued_edtf, "status": status}
        if RETRACTED in (merged.status, other.status):
            gaps["status"] = RETRACTED
        versions = tuple(dict.fromkeys(merged.version_of + other.version_of))
        merged = replace(
            merged,
            **gaps,
            facets=_merge_facets(merged.facets, other.facets),
            version_of=versions,
            type=other.type if merged.type == "document" else merged.type,
        )
        if better := _better_authors(merged, other):
            merged = replace(merged, **better)
        if not merged.id:
            authors = _each(_with_accents, merged.authors, other.authors)
            merged = replace(merged, title=_better_title(merged, other), authors=authors)
        if any(name.orcid for name in other.authors):
            authors = _each(_with_orcid, merged.authors, other.authors)
            merged = replace(merged, authors=authors)
    every = {(s.file, s.key, s.position): s for record in records for s in record.sources}
    sources = tuple(every[place] for place in sorted(every))
    return replace(merged, sources=sources)


def _rank(record: Record) -> tuple[Any, ...]:
    """Sort key: the leading record comes first, whatever the order of the records."""
    places = [(s.file, s.key, s.position) for s in record.sources]
    return (
        not record.id,
        _CLASSIFYING(record.facets) == _CLASSIFYING(Facets()),  # False, so first, if it classifies
        -_fullness(record),
        record.id,
        places,
        record.title,
    )


def _fullness(record: Record) -> int:
    """How much a record says; a DOI and full names count extra."""
    filled = sum(map(bool, _FILLED(record)))
    return filled + 3 * bool(record.doi) + 3 * all(map(in_full, record.authors))


def _better_title(ours: Record, other: Record) -> str:
    """Our title, or the other one if it is the same without the footnote mark of ours."""
    one = title_of(ours.title)
    if not one.footnote:
        return ours.title
    two = title_of(other.title)
    return other.title if not two.footnote and one.key == two.key else ours.title


def _better_authors(ours: Record, other: Record) -> dict[str, Any]:
    """The other's author names if ours has none, or has initials of the same persons."""
    if ours.agents or not other.authors:
        return {}
    same = [*map(family_key, ours.authors)] == [*map(family_key, other.authors)]
    fuller = same and sum(map(in_full, other.authors)) > sum(map(in_full, ours.authors))
    if not ours.authors or fuller:
        return {"authors": other.authors, "more_authors": other.more_authors}
    return {}


def _each(
    better: Callable[[Name, Name], Name], ours: tuple[Name, ...], theirs: tuple[Name, ...]
) -> tuple[Name, ...]:
    """Our names, each improved by their name in the same place."""
    return (*map(better, ours, theirs), *ours[len(theirs) :])


def _with_accents(ours: Name, theirs: Name) -> Name:
    """Our name, or theirs if it is the same name with the accents that ours lacks."""
    is_better = (
        not _has_accent(ours)
        and _has_accent(theirs)
        and family_key(ours) == family_key(theirs)
        and fold(ours.given) == fold(theirs.given)
    )
    return replace(theirs, orcid=ours.orcid) if is_better else ours


def _has_accent(name: Name) -> bool:
    return any(letter.isalpha() and not letter.isascii() for letter in str(name))


def _with_orcid(ours: Name, theirs: Name) -> Name:
    """Our name; if it has no ORCID iD, with that of theirs if it is the same person."""
    is_theirs = (
        not ours.orcid
        and family_key(ours) == family_key(theirs)
        and fits(initials(ours), initials(theirs))
    )
    return replace(ours, orcid=theirs.orcid) if is_theirs and theirs.orcid else ours


def _merge_facets(first: Facets, second: Facets) -> Facets:
    values: dict[str, Any] = {}
    for f in fields(Facets):
        ours, theirs = getattr(first, f.name), getattr(second, f.name)
        is_list = isinstance(ours, tuple) and (ours or theirs)
        values[f.name] = _joined(ours, theirs) if is_list else ours or theirs
    return Facets(**values)


def _joined(first: tuple[T, ...], second: tuple[T, ...]) -> tuple[T, ...]:
    """The values of the first, then the new ones of the second; texts are compared folded."""

    def key(value: T) -> object:
        return fold(value.name if isinstance(value, Organisation) else str(value))

    values = {key(value): value for value in reversed(first + second)}
    return tuple(values[k] for k in dict.fromkeys(map(key, first + second)))
