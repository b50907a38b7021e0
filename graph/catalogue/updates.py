"""Updates: what imported records add to the works that they already belong to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, replace
from itertools import groupby
from typing import Any

from ..model import Facets, Name, Record, Source
from ..resolution.compare import is_completed
from ..resolution.merging import merge
from ..shelf import Scratch, Shelf, Texts, packed, unpacked
from .claims import Claim
from .register import Holder, Register


def updated(
    works: Sequence[Record], register: Register, claims: Iterable[Claim]
) -> Iterator[Record]:
    """Yield the works with what their records add, then the records that belong to no work yet.

    A copy of a work only counts if it adds something.
    """
    base = Scratch("CREATE TABLE brought (place INTEGER, is_changed INTEGER, record BLOB)")

    def bring(place: int, record: Record, is_changed: bool) -> None:
        row = (place, is_changed, packed(record))
        base.execute("INSERT INTO brought VALUES (?, ?, ?)", row)

    fresh, named = Shelf[Record](), Texts()
    for record, is_copy in claims:
        known = [pair for s in record.sources for pair in register.holders(s)]
        if record.id and (place := register.place(record.id)) is not None:
            work = works[place]
            news = _with_news(record, work, register)
            if not is_copy or _is_news(news, work):
                bring(place, news, True)
        elif (place := _unchanged(record, known, register)) is not None:
            bring(place, record, False)
        elif (place := _renewed(record, known, works)) is not None:
            bring(place, record, True)
        else:
            # files from two catalogues may use the same id for different works
            is_taken = record.id and not named.add(record.id)
            record = replace(record, id="") if is_taken else record
            if works:
                fresh.append(record)
            else:
                yield record  # there are no works to wait for
    rows = base.execute(
        "SELECT place, is_changed, record FROM brought ORDER BY place, is_changed DESC, rowid"
    )
    yield from _brought(works, groupby(rows, lambda row: row[:2]))
    yield from fresh


def _unchanged(record: Record, known: Sequence[Holder], register: Register) -> int | None:
    """The place of the work that has the record's entries, word for word."""
    if known and {source.digest for source in record.sources} <= {text for _, text in known}:
        return known[0][0]
    # a row that has moved in its table, or a row that has taken its place
    moved = set(map(register.of_text, record.sources))
    return moved.pop() if len(moved) == 1 else None


def _renewed(record: Record, known: Sequence[Holder], works: Sequence[Record]) -> int | None:
    """The place of the one work that has the record's entries, if their text has changed."""
    if len(known) != 1:
        return None
    ((place, _),) = known
    is_row = all(map(_is_row_number, record.sources))
    return place if not is_row or is_completed(works[place], record) else None


def _brought(
    works: Sequence[Record], brought: Iterator[tuple[tuple[int, int], Iterator[tuple[Any, ...]]]]
) -> Iterator[Record]:
    """Yield the works with the records brought for them: first those that change the work."""
    waiting = next(brought, None)
    for place, work in enumerate(works):
        while waiting and waiting[0][0] == place:
            (_, is_changed), rows = waiting
            records = [unpacked(record) for *_, record in rows]
            if is_changed:
                work = merge([_without_sources_of(work, records), *records])
            else:
                work = _with_abstracts(work, records)
            waiting = next(brought, None)
        yield work


def _is_row_number(source: Source) -> bool:
    """Whether the key is only the number of a row, because the table has no ids."""
    # a database id is larger than the row's line, and may have any number of digits
    digits = len(str(source.position))
    return (
        source.key.isdecimal() and len(source.key) <= digits and int(source.key) <= source.position
    )


def _with_news(record: Record, work: Record, register: Register) -> Record:
    """Reduce an export of the work to what may be new: sources it lacks, and facets if it has none.

    - Facets: an export may use another label of a concept, which would look like one more value.
    - ISSNs and ORCID iDs: an export has those of all records of the venue or person, so one that
      other works have says nothing about this work.
    - The id is removed, so that the record never leads when the two are merged.
    """
    known = {source.entry for source in work.sources}
    new = tuple(s for s in record.sources if s.entry not in known)
    facets = Facets(
        **{
            f.name: getattr(record.facets, f.name)
            for f in fields(Facets)
            if not getattr(work.facets, f.name)
        }
    )
    return replace(
        record,
        id="",
        sources=new,
        facets=facets,
        issn=tuple(issn for issn in record.issn if not register.shares(issn)),
        authors=_without_orcids(record.authors, register),
        editors=_without_orcids(record.editors, register),
    )


def _is_news(copy: Record, work: Record) -> bool:
    """Whether a copy of a work adds more than a source: a value, or what an abstract says.

    BibTeX and CSV give a document with a URL the type of a web page.
    """
    is_read = any(source.abstract and source.abstract.readings for source in copy.sources)
    kind = "document" if copy.type == "webpage" else copy.type
    return is_read or merge([work, replace(copy, sources=(), type=kind)]) != work


def _without_orcids(names: tuple[Name, ...], register: Register) -> tuple[Name, ...]:
    return tuple(
        replace(name, orcid="") if name.orcid and register.shares(name.orcid) else name
        for name in names
    )


def _with_abstracts(work: Record, records: Sequence[Record]) -> Record:
    """Return the work with the readings of abstracts that are new, or were read by other rules.

    Readings by the same rules are not replaced, so one that a curator removed stays removed.
    """
    brought = {s.entry: s.abstract for record in records for s in record.sources}

    def read(source: Source) -> Source:
        old, new = source.abstract, brought.get(source.entry)
        is_known = old and new and (old.digest, old.rules) == (new.digest, new.rules)
        return source if new is None or is_known else replace(source, abstract=new)

    return replace(work, sources=tuple(map(read, work.sources)))


def _without_sources_of(work: Record, records: Sequence[Record]) -> Record:
    """Return the work without the sources that the records replace."""
    renewed = {source.entry for record in records for source in record.sources}
    others = tuple(s for s in work.sources if s.entry not in renewed)
    return replace(work, sources=others)
