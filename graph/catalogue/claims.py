"""Claims: which work of the catalogue an imported entry claims to be.

Our exports use a work's id as the key, and our pages give its IRI as the URL. Both survive when
somebody keeps the entry in a reference manager and edits it.

- One of our IRIs identifies the work, unless the entry is clearly another work. (If somebody
  duplicates an entry to fill in the next one, the copy keeps the first one's URL.)
- A key, or a page at any other address, may come from another catalogue that gave out the same id.
  So it counts only if the entry agrees with the work.

A record of a work that a curator withdrew is left out, whatever tells that it is that work.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import NamedTuple

from rapidfuzz.fuzz import ratio

from ..iris import IRIs
from ..model import Problem, Record, Source, Tombstone
from ..resolution.compare import compare, is_same, same_as
from ..resolution.contradictions import clash, conflict_of, years_apart
from ..resolution.decisions import Decision, line_of_same
from ..resolution.features import Features, features_of
from ..resolution.resolve import Resolution
from ..resolution.survivor import survivor
from ..shelf import Shelf
from .register import Register

_IRI = IRIs().thing("publication", "")
#: The address of a work or of a document about it, on any site.
_ADDRESS = re.compile(r"https?://[^?#]*/publication/(?P<id>[a-z0-9-]+)(?:\.[a-z.]+)?(?:[?#].*)?")

_LET_IN = "Nothing needs doing. To add it as a new work, remove it from withdrawn.json."
_NEW = "To add it as a new work, remove its id from the file."
#: A title this similar (0 to 100), with the work's key and authors, is an edited title of the work.
_ALIKE = 80


class Claim(NamedTuple):
    """An imported record, with the id of the work that it is, if known."""

    record: Record
    #: Whether its sources only copy that work: it comes from one of our own exports.
    is_copy: bool


class Claims:
    """The works that entries may claim to be: those of the catalogue, and those that are gone."""

    def __init__(
        self,
        works: Sequence[Record],
        register: Register,
        undone: Iterable[Record],
        withdrawn: Iterable[Record],
        tombstones: Iterable[Tombstone],
        decisions: Iterable[Decision],
    ) -> None:
        self._works, self._register = works, register
        self._undone = {work.id: work for work in undone}
        self._withdrawn = tuple(withdrawn)
        gone = (*self._undone.values(), *self._withdrawn)
        self._gone = {work.id: work for work in gone if register.place(work.id) is None}
        self._graves = {stone.id: stone for stone in tombstones}
        self._known = {s.entry for work in self._gone.values() for s in work.sources}
        self._ruled = {side for each in decisions for side in (each.left, each.right)}

    def settled(
        self, records: Iterable[Record], report: Callable[[Problem], object]
    ) -> Iterator[Claim]:
        """Yield the records; a record of a work gets the id that the work has here now.

        Our own dumps and exports say which work a record is, but that work may be gone since. A
        record of a withdrawn work is left out. ``report`` is called with each problem.
        """
        for given in records:
            record, problem = self._claimed(given)
            if problem:
                report(problem)
            now = survivor(record.id, self._graves)
            if record.id in self._undone:
                now = record.id if is_same(self._undone[record.id], record) else ""
            elif record.id and not now:
                report(self._refused(record, _NEW))
                continue
            is_copy = not record.sources or bool(record.id and not given.id)
            yield Claim(record if record.id == now else replace(record, id=now), is_copy)

    def without_withdrawn(self, resolution: Resolution) -> tuple[Resolution, list[Problem]]:
        """Leave out of a resolution the works that were withdrawn before, with a problem each."""
        if not self._withdrawn:
            return resolution, []
        back, problems = set[str](), list[Problem]()
        entries = {_text(s): gone for gone in self._withdrawn for s in gone.sources if s.digest}

        def fresh(known: bool) -> Iterator[Record]:
            for work in resolution.works:
                is_new = self._register.place(work.id) is None and work.id not in self._undone
                if is_new and _is_of(work, entries) == known:
                    yield work

        again = ((work, entries[_text(work.sources[0])]) for work in fresh(True))
        for work, gone in chain(again, same_as(fresh(False), self._withdrawn)):
            back.add(work.id)
            problems.append(self._refused(replace(work, id=gone.id), _LET_IN))
        if not back:
            return resolution, []
        works = Shelf(work for work in resolution.works if work.id not in back)
        undecided = tuple(p for p in resolution.undecided if not back & {p.left, p.right})
        return replace(resolution, works=works, undecided=undecided), problems

    def _refused(self, record: Record, remedy: str) -> Problem:
        """The problem of a record of a work that was withdrawn."""
        reason = self._graves.get(record.id, Tombstone("")).reason or "no reason given"
        source = record.sources[0] if record.sources else Source("", "", 0)
        return Problem(
            "warning",
            f"the work {record.id} was withdrawn: {reason}",
            remedy,
            file=source.file,
            line=source.position or None,
            record=record.id,
        )

    def _claimed(self, record: Record) -> tuple[Record, Problem | None]:
        """Return the record with the id of the work that it claims to be, and a problem if any.

        The IRI or page of that work is removed from the URL. An entry that was imported before, or
        that a curator has decided on, gets no id: it is settled by that. An entry that has the IRI
        of a work but is clearly another gets no id either, loses the URL, and gives a problem.
        """
        if record.id:
            return record, None
        named = _named(record.url)
        texts = {record.url: named, **{s.key: _named(s.key) or s.key for s in record.sources}}
        is_known = any(map(self._is_known, record.sources))
        id = next((id for text, id in texts.items() if self._is_true(text, id, record)), "")
        if id:
            url = "" if named == id else record.url
            return replace(record, id="" if is_known else id, url=url), None
        belied = (self._work(id) for text, id in texts.items() if text.startswith(_IRI))
        work = next(filter(None, belied), None)
        if work is None:
            return record, None
        url = "" if record.url.startswith(_IRI) else record.url
        return replace(record, url=url), None if is_known else _other_work(record, work)

    def _is_known(self, source: Source) -> bool:
        """Whether an entry was imported before, or a curator has decided on it."""
        is_imported = source.entry in self._known or self._register.holders(source)
        return bool(is_imported) or source.name in self._ruled

    def _is_true(self, text: str, id: str, record: Record) -> bool:
        """Whether a text names a work of ours, and the record does not contradict that."""
        is_gone = id in self._gone or id in self._graves
        if not is_gone and self._register.place(id) is None:
            return False
        if text.startswith(_IRI):
            work = self._work(id)
            return work is None or not _is_another(features_of(work), features_of(record))
        return self._agrees(record, id)

    def _work(self, id: str) -> Record | None:
        """The work that has, or had, this id."""
        now = survivor(id, self._graves) or id
        place = self._register.place(now)
        return self._gone.get(now) if place is None else self._works[place]

    def _agrees(self, record: Record, id: str) -> bool:
        """Whether a record can be the work with this id, and has the same or nearly its title."""
        work = self._work(id)
        if work is None:
            return False
        ours, theirs = features_of(work), features_of(record)
        if clash(ours, theirs):
            return False
        if ours.title.keys & theirs.title.keys:
            return True
        if compare(ours, theirs).relation in ("same", "undecided"):
            return True
        is_theirs = ours.families == theirs.families and ours.year == theirs.year
        return is_theirs and ratio(ours.title.key, theirs.title.key) >= _ALIKE


def _text(source: Source) -> tuple[str, str, str]:
    """An entry and the digest of its text."""
    return *source.entry, source.digest


def _is_of(work: Record, entries: Mapping[tuple[str, str, str], Record]) -> bool:
    """Whether all the sources of a work are among these entries."""
    return bool(work.sources) and all(_text(source) in entries for source in work.sources)


def _is_another(ours: Features, theirs: Features) -> bool:
    """Whether two records share nothing but a URL: the title differs, and so do the authors, the
    time or the DOI.
    """
    if ours.title.keys & theirs.title.keys:
        return False
    if ratio(ours.title.key, theirs.title.key) >= _ALIKE:
        return False
    one, other = frozenset(ours.families), frozenset(theirs.families)
    return bool(
        (one and other and one.isdisjoint(other))
        or (years_apart(ours, theirs) or 0) > 1
        or conflict_of(ours, theirs)
    )


def _other_work(record: Record, work: Record) -> Problem:
    source = record.sources[0] if record.sources else Source("", "", 0)
    return Problem(
        "warning",
        f'this entry has the IRI of {work.id} ("{work.title}") but describes another work',
        "The IRI is ignored, and the entry is compared like any other. If it is that work, add to"
        f" decisions.csv: {line_of_same(source.name, work.id)}",
        file=source.file,
        line=source.position or None,
        record=source.key,
    )


def _named(text: str) -> str:
    """Return the id in the IRI or page address of a work; "" for any other text."""
    match = _ADDRESS.fullmatch(text)
    return match["id"] if match else ""
