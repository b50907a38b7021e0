"""Changes: what each release adds, removes and changes, record by record.

``changes.json`` is the history, newest first: the previous release's with one more step, up to a
limit. ``modified.tsv`` has the day on which the statements on each record last changed.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from heapq import nsmallest
from itertools import groupby
from pathlib import Path
from typing import IO

import pyoxigraph as ox

from ...ontology import PREFIXES
from ..files import link
from ..shelf import Scratch
from . import Release
from .diff import ADDED, BOTH, DELETED, compare, patch_line, triple_lines
from .statements import TYPE, seek

#: What may have happened to a record.
KINDS = ("new", "changed", "gone")
#: How many releases the history holds, and how many records of each it names.
_RELEASES, _RECORDS = 20, 1000
_HISTORY, _MODIFIED = "changes.json", "modified.tsv"
#: The difference from the previous release, as triples and as an RDF Patch.
PATCHES = {"add.nt": "changes.add.nt", "del.nt": "changes.del.nt", "rdfp": "changes.rdfp"}
#: Instead of a mark: the RDF Patch, which has lines of both marks.
_PATCH = ""
_LABELS = tuple(f"<{PREFIXES.expand(curie)}>" for curie in ("rdfs:label", "skos:prefLabel"))


@dataclass(frozen=True, slots=True)
class Change:
    """A record that a release has added, changed or removed."""

    iri: str
    label: str
    #: One of KINDS.
    kind: str


@dataclass(frozen=True, slots=True)
class Step:
    """The changes of one release since the previous one."""

    version: str
    #: ISO 8601: the day, and the second in UTC.
    date: str
    time: str
    #: The previous version; "" for the first release.
    before: str
    #: How many triples.
    added: int
    deleted: int
    #: How many records are new, changed and gone, in total.
    counts: Mapping[str, int]
    #: Some of these records, publications first.
    records: tuple[Change, ...]


@dataclass(slots=True)
class Met:
    """A thing in either of two graphs: whether it is a record in each, and whether it differs."""

    iri: str
    in_old: bool = False
    in_new: bool = False
    differs: bool = False
    #: As N-Triples writes it.
    _label: str = ""

    def take(self, mark: str, line: str) -> None:
        """Note a line of ``compare`` that is about the thing itself."""
        self.differs |= mark != BOTH
        _, predicate, value = line.split(" ", 2)
        if predicate == TYPE:
            # the two graphs may have different bases: a class is ours if it is in an ontology
            # below the base of the thing itself
            base, ours, name = value[1:].partition("ontology#")
            if ours and self.iri.startswith(base) and not name.startswith("Tombstone>"):
                self.in_old |= mark != ADDED
                self.in_new |= mark != DELETED
        elif predicate in _LABELS and (mark != DELETED or not self._label):
            self._label = value

    @property
    def kind(self) -> str:
        """What happened to a record; "" if nothing did, or if it is not a record."""
        if not self.in_new:
            return "gone" if self.in_old else ""
        if not self.in_old:
            return "new"
        return "changed" if self.differs else ""

    @property
    def label(self) -> str:
        """Its label, or the end of its IRI if it has none."""
        if not self._label:
            return self.iri.rpartition("/")[2]
        (triple,) = ox.parse(f"<urn:s> <urn:p> {self._label}", ox.RdfFormat.N_TRIPLES)
        assert isinstance(triple.object, ox.Literal)
        return re.sub(r"\s+", " ", triple.object.value)


def met(lines: Iterable[tuple[str, str]]) -> Iterator[Met]:
    """The things that two graphs are about, from the lines of ``compare``.

    A record is a thing of one of our classes with a page of its own; its parts (``#author-1``)
    count as part of it. A tombstone is not a record.
    """
    # things with a part that differs: their own lines come after those of their parts
    parts: set[str] = set()
    for subject, of_one in groupby(lines, lambda each: each[1].partition(" ")[0]):
        iri, part, _ = subject[1:-1].partition("#")
        if part:
            if any(mark != BOTH for mark, _ in of_one):
                parts.add(iri)
            continue
        thing = Met(iri, differs=iri in parts)
        parts.discard(iri)
        for mark, line in of_one:
            thing.take(mark, line)
        yield thing


def history(release: Release) -> tuple[Step, ...]:
    """The changes of each release up to this one, newest first."""
    steps = json.loads((release.folder / _HISTORY).read_text(encoding="utf-8"))
    return tuple(
        Step(**{**step, "records": tuple(Change(*each) for each in step["records"])})
        for step in steps
    )


def modified(release: Release) -> Iterator[tuple[str, str]]:
    """The IRI of each record, sorted, and the ISO 8601 day when it last changed."""
    with (release.folder / _MODIFIED).open(encoding="utf-8", newline="\n") as file:
        for line in file:
            iri, _, date = line.rstrip("\n").partition("\t")
            yield iri, date


def modified_on(release: Release, iri: str) -> str:
    """The ISO 8601 day when a record last changed; "" if there is no such record."""
    start = f"{iri}\t".encode()
    with (release.folder / _MODIFIED).open("rb") as file:
        seek(file, start)
        line = file.readline()
    return line[len(start) :].decode().rstrip("\n") if line.startswith(start) else ""


def write_changes(
    folder: Path, release: Release, before: Release | None, time: str, union: Path
) -> None:
    """Write the files about changes of a release that is being filled in ``folder``.

    ``time`` is when it is made, ``union`` its sorted N-Triples. If the same graph is released
    again, it keeps the files it had. Without a previous release, everything is added.
    """
    if before and before.version == release.version:
        for name in (_HISTORY, _MODIFIED, *PATCHES.values()):
            link(before.folder / name, folder / name)
        return
    old = triple_lines(before.folder) if before else iter(())
    count, kinds = Counter[str](), Counter[str]()
    # an unnamed file, which sorts the records
    dates = Scratch("CREATE TABLE record (iri TEXT, changed INTEGER)")
    with (
        union.open(encoding="utf-8", newline="\n") as new,
        _patches(folder, union if before is None else None) as files,
    ):
        lines = _written(compare(old, new), files, count)
        first = nsmallest(_RECORDS, _changed(met(lines), dates, kinds), key=_order)
    _write_modified(folder / _MODIFIED, dates, release.date, before)
    step = Step(
        version=release.version,
        date=release.date,
        time=time,
        before=release.before,
        added=count[ADDED],
        deleted=count[DELETED],
        counts={kind: kinds[kind] for kind in KINDS},
        records=tuple(Change(thing.iri, thing.label, thing.kind) for thing in first),
    )
    earlier = [s for s in _history_of(before) if s.version != release.version]
    steps = [_facts(each) for each in (step, *earlier)][:_RELEASES]
    history = json.dumps(steps, ensure_ascii=False, indent=0) + "\n"
    (folder / _HISTORY).write_text(history, encoding="utf-8", newline="\n")


@contextmanager
def _patches(folder: Path, all_added: Path | None) -> Iterator[Mapping[str, IO[str]]]:
    """The files that lines go to, by mark, and under ``_PATCH`` the file for all marks.

    If a whole graph is added, ``all_added`` is its file, which is linked and not written again.
    """
    names = {DELETED: PATCHES["del.nt"], _PATCH: PATCHES["rdfp"]}
    if all_added:
        link(all_added, folder / PATCHES["add.nt"])
    else:
        names[ADDED] = PATCHES["add.nt"]
    with ExitStack() as stack:
        yield {
            mark: stack.enter_context((folder / name).open("w", encoding="utf-8", newline="\n"))
            for mark, name in names.items()
        }


def _written(
    lines: Iterable[tuple[str, str]], files: Mapping[str, IO[str]], count: Counter[str]
) -> Iterator[tuple[str, str]]:
    """Pass lines on; those that differ are written and counted on the way."""
    patch = files[_PATCH]
    for mark, line in lines:
        if mark != BOTH:
            count[mark] += 1
            if mark in files:
                files[mark].write(line)
            patch.write(patch_line(mark, line))
        yield mark, line


def _changed(things: Iterable[Met], dates: Scratch, kinds: Counter[str]) -> Iterator[Met]:
    """The records that differ, counted by kind; all current records are noted in ``dates``."""
    for thing in things:
        if thing.in_new:
            dates.execute("INSERT INTO record VALUES (?, ?)", (thing.iri, bool(thing.kind)))
        if thing.kind:
            kinds[thing.kind] += 1
            yield thing


def _order(thing: Met) -> tuple[bool, int, str]:
    """Sort key: publications first; new records before changed and gone ones."""
    is_other = not thing.iri.rpartition("/")[0].endswith("/publication")
    return is_other, KINDS.index(thing.kind), thing.iri


def _write_modified(path: Path, records: Scratch, date: str, before: Release | None) -> None:
    """Write the day on which each record last changed; both releases are sorted by IRI."""
    earlier = _modified_of(before)
    other, day = next(earlier, ("", ""))
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for iri, changed in records.execute("SELECT iri, changed FROM record ORDER BY iri"):
            while other and other < iri:
                other, day = next(earlier, ("", ""))
            file.write(f"{iri}\t{day if other == iri and not changed else date}\n")


def _facts(step: Step) -> dict[str, object]:
    records = [(each.iri, each.label, each.kind) for each in step.records]
    return {**asdict(step), "records": records}


def _history_of(before: Release | None) -> tuple[Step, ...]:
    return history(before) if before and (before.folder / _HISTORY).exists() else ()


def _modified_of(before: Release | None) -> Iterator[tuple[str, str]]:
    if before and (before.folder / _MODIFIED).exists():
        yield from modified(before)
