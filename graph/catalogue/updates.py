"""Updates: what records bring to the works that they are of already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace

from ..model import Facets, Name, Record, Source
from .merging import merge
from .resolve import is_same


def updated(
    works: Sequence[Record], records: Sequence[Record], copies: frozenset[Source] = frozenset()
) -> tuple[list[Record], list[Record]]:
    """The works with what records of theirs bring, and the records that are of none yet.

    A source that is a copy of what stands here is one only of what it brings that is new.
    """
    home: dict[tuple[str, str], list[tuple[int, Source]]] = {}
    same_text: dict[tuple[str, str], int] = {}
    for place, work in enumerate(works):
        for source in work.sources:
            home.setdefault((source.file, source.key), []).append((place, source))
            if source.digest:
                same_text.setdefault((source.file, source.digest), place)
    places = {work.id: place for place, work in enumerate(works)}
    shared = _shared_ids(works)
    changed: dict[int, list[Record]] = {}
    unchanged: dict[int, list[Record]] = {}
    fresh: list[Record] = []
    named: set[str] = set()
    for record in records:
        if record.id in places:
            work = works[places[record.id]]
            news = _with_news(record, work, shared)
            if not copies.issuperset(record.sources) or _is_news(news, work):
                changed.setdefault(places[record.id], []).append(news)
            continue
        known = [pair for s in record.sources for pair in home.get((s.file, s.key), ())]
        digests = {source.digest for _, source in known}
        if known and {source.digest for source in record.sources} <= digests:
            unchanged.setdefault(known[0][0], []).append(record)
            continue
        # a row that has moved in its table, and one that has come to stand in its place
        moved = {same_text.get((s.file, s.digest), -1) for s in record.sources}
        if len(moved) == 1 and -1 not in moved:
            unchanged.setdefault(moved.pop(), []).append(record)
            continue
        is_row = all(map(_is_row_number, record.sources))
        if len(known) == 1 and (not is_row or is_same(works[known[0][0]], record)):
            changed.setdefault(known[0][0], []).append(record)
        else:
            # two files of two catalogues may have given one id to two works
            fresh.append(replace(record, id="") if record.id in named else record)
            if record.id:
                named.add(record.id)
    current = [
        merge([_without_sources_of(work, changed[n]), *changed[n]]) if n in changed else work
        for n, work in enumerate(works)
    ]
    for place, again in unchanged.items():
        current[place] = _with_abstracts(current[place], again)
    return current, fresh


def _is_row_number(source: Source) -> bool:
    """Whether the key only says which row of its table the entry is: a table without ids."""
    # an id of a database is larger than any row's line, and may have any number of digits
    digits = len(str(source.position))
    return (
        source.key.isdecimal() and len(source.key) <= digits and int(source.key) <= source.position
    )


def _shared_ids(works: Iterable[Record]) -> frozenset[str]:
    """The ISSNs and ORCID iDs that works have."""
    return frozenset(
        id
        for work in works
        for id in (*work.issn, *(name.orcid for name in (*work.authors, *work.editors)))
        if id
    )


def _with_news(record: Record, work: Record, shared: frozenset[str]) -> Record:
    """Of an export of the work: the sources it does not have, and facets where it has none.

    An export may name a concept by another of its labels, which would look like one more. It has
    the ISSNs of all records of the venue and the ORCID iD of all mentions of the person: one that
    is ``shared`` says nothing on this work. Without its id the record never leads when the two are
    merged.
    """
    known = {(source.file, source.key) for source in work.sources}
    new = tuple(s for s in record.sources if (s.file, s.key) not in known)
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
        issn=tuple(issn for issn in record.issn if issn not in shared),
        authors=_without_orcids(record.authors, shared),
        editors=_without_orcids(record.editors, shared),
    )


def _is_news(copy: Record, work: Record) -> bool:
    """Whether what was a copy of a work brings more than a source: a value, an abstract's words.

    BibTeX and CSV have a document with an address for a web page.
    """
    is_read = any(source.abstract and source.abstract.readings for source in copy.sources)
    kind = "document" if copy.type == "webpage" else copy.type
    return is_read or merge([work, replace(copy, sources=(), type=kind)]) != work


def _without_orcids(names: tuple[Name, ...], shared: frozenset[str]) -> tuple[Name, ...]:
    return tuple(replace(name, orcid="") if name.orcid in shared else name for name in names)


def _with_abstracts(work: Record, records: Sequence[Record]) -> Record:
    """The work with what its sources' abstracts say that were not read before, or by other rules.

    By the same rules nothing is read again: a reading that a curator took out stays out.
    """
    brought = {(s.file, s.key): s.abstract for record in records for s in record.sources}

    def read(source: Source) -> Source:
        old, new = source.abstract, brought.get((source.file, source.key))
        is_known = old and new and (old.digest, old.rules) == (new.digest, new.rules)
        return source if new is None or is_known else replace(source, abstract=new)

    return replace(work, sources=tuple(map(read, work.sources)))


def _without_sources_of(work: Record, records: Sequence[Record]) -> Record:
    """The work without the sources that the records bring anew."""
    renewed = {(source.file, source.key) for record in records for source in record.sources}
    others = tuple(s for s in work.sources if (s.file, s.key) not in renewed)
    return replace(work, sources=others)
