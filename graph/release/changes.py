"""Changes: what each release adds, takes away and changes, record by record.

``changes.json`` is the history, newest first, carried over from the release before and bounded;
``modified.tsv`` says for every record on which day what is said of it last changed.
"""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO

import pyoxigraph as ox

from ...ontology import PREFIXES
from ..iris import RDF_TYPE
from . import Release
from .diff import ADDED, BOTH, DELETED, compare, patch_line, triple_lines

#: What may have become of a record.
KINDS = ("new", "changed", "gone")
#: How many releases the history holds, and how many records of each it names.
_RELEASES, _RECORDS = 20, 1000
_HISTORY, _MODIFIED = "changes.json", "modified.tsv"
#: What is added and deleted against the release before, as triples and as an RDF Patch.
PATCHES = {"add.nt": "changes.add.nt", "del.nt": "changes.del.nt", "rdfp": "changes.rdfp"}
_TYPE = str(RDF_TYPE)
_LABELS = tuple(f"<{PREFIXES.expand(curie)}>" for curie in ("rdfs:label", "skos:prefLabel"))


@dataclass(frozen=True, slots=True)
class Change:
    """A record that a release has added, changed or taken away."""

    iri: str
    label: str
    #: One of KINDS.
    kind: str


@dataclass(frozen=True, slots=True)
class Step:
    """What one release changed against the one before."""

    version: str
    #: ISO 8601: the day, and the second in UTC.
    date: str
    time: str
    #: The version before; "" for the first release.
    before: str
    #: How many triples.
    added: int
    deleted: int
    #: How many records are new, changed and gone, all of them.
    counts: Mapping[str, int]
    #: The records by name, publications first; only so many.
    records: tuple[Change, ...]


@dataclass(slots=True)
class Records:
    """The records met in two graphs: which has which, what differs, what they are called.

    A record is a thing of one of our classes with a page of its own; its parts (``#author-1``)
    count as it. A tombstone is none. The two graphs may have different bases: a class is ours if
    it is in an ontology below the base of the thing itself.
    """

    old: set[str] = field(default_factory=set)
    new: set[str] = field(default_factory=set)
    touched: set[str] = field(default_factory=set)
    #: IRI -> the label, as N-Triples writes it.
    labels: dict[str, str] = field(default_factory=dict)

    def take(self, mark: str, line: str) -> None:
        """Note a line of ``compare``."""
        subject, _, rest = line.partition(" ")
        iri, part, _ = subject[1:-1].partition("#")
        if mark != BOTH:
            self.touched.add(iri)
        if part:
            return
        predicate, _, value = rest.partition(" ")
        if predicate == _TYPE:
            base, ours, name = value[1:].partition("ontology#")
            if not ours or not iri.startswith(base) or name.startswith("Tombstone>"):
                return
            if mark != ADDED:
                self.old.add(iri)
            if mark != DELETED:
                self.new.add(iri)
        elif predicate in _LABELS and (mark != DELETED or iri not in self.labels):
            self.labels[iri] = value

    def kind(self, iri: str) -> str:
        """What became of a record; "" where nothing did, or where it is no record."""
        if iri not in self.new:
            return "gone" if iri in self.old else ""
        if iri not in self.old:
            return "new"
        return "changed" if iri in self.touched else ""

    def changes(self) -> list[tuple[str, str]]:
        """The kind and the IRI of every change, in the order they are listed."""

        def order(change: tuple[str, str]) -> tuple[bool, int, str]:
            kind, iri = change
            return not iri.rpartition("/")[0].endswith("/publication"), KINDS.index(kind), iri

        return sorted(((kind, iri) for iri in self.touched if (kind := self.kind(iri))), key=order)

    def label(self, iri: str) -> str:
        """What a record is called; the end of its IRI where it has no label."""
        text = self.labels.get(iri)
        if text is None:
            return iri.rpartition("/")[2]
        (triple,) = ox.parse(f"<urn:s> <urn:p> {text}", ox.RdfFormat.N_TRIPLES)
        assert isinstance(triple.object, ox.Literal)
        return re.sub(r"\s+", " ", triple.object.value)


def history(release: Release) -> tuple[Step, ...]:
    """What the releases up to this one changed, newest first."""
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


def write_changes(
    folder: Path, release: Release, before: Release | None, time: str, union: Path
) -> None:
    """The files about changes of a release that is being filled in ``folder``.

    ``time`` is when it is made, ``union`` its sorted N-Triples. A graph that is released anew
    under its own version keeps the files it had.
    """
    if before and before.version == release.version:
        for name in (_HISTORY, _MODIFIED, *PATCHES.values()):
            shutil.copyfile(before.folder / name, folder / name)
        return
    records = Records()
    count: Counter[str] = Counter()
    old = triple_lines(before.folder) if before else iter(())
    with ExitStack() as stack:

        def opened(ending: str) -> IO[str]:
            path = folder / PATCHES[ending]
            return stack.enter_context(path.open("w", encoding="utf-8", newline="\n"))

        files, patch = {ADDED: opened("add.nt"), DELETED: opened("del.nt")}, opened("rdfp")
        new = stack.enter_context(union.open(encoding="utf-8", newline="\n"))
        for mark, line in compare(old, new):
            records.take(mark, line)
            if mark != BOTH:
                count[mark] += 1
                files[mark].write(line)
                patch.write(patch_line(mark, line))
    changes = records.changes()
    kinds = Counter(kind for kind, _ in changes)
    step = Step(
        version=release.version,
        date=release.date,
        time=time,
        before=release.before,
        added=count[ADDED],
        deleted=count[DELETED],
        counts={kind: kinds[kind] for kind in KINDS},
        records=tuple(Change(iri, records.label(iri), kind) for kind, iri in changes[:_RECORDS]),
    )
    earlier = [s for s in _history_of(before) if s.version != release.version]
    steps = [_facts(each) for each in (step, *earlier)][:_RELEASES]
    _write(folder / _HISTORY, json.dumps(steps, ensure_ascii=False, indent=0) + "\n")
    dates = dict(_modified_of(before))
    with (folder / _MODIFIED).open("w", encoding="utf-8", newline="\n") as file:
        for iri in sorted(records.new):
            date = release.date if records.kind(iri) else dates.get(iri, release.date)
            file.write(f"{iri}\t{date}\n")


def _facts(step: Step) -> dict[str, object]:
    records = [(each.iri, each.label, each.kind) for each in step.records]
    return {**asdict(step), "records": records}


def _history_of(before: Release | None) -> tuple[Step, ...]:
    return history(before) if before and (before.folder / _HISTORY).exists() else ()


def _modified_of(before: Release | None) -> Iterator[tuple[str, str]]:
    if before and (before.folder / _MODIFIED).exists():
        yield from modified(before)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
