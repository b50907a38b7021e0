"""The catalogue: the works we publish, tombstones of those that are gone, and curators' decisions.

A catalogue is one immutable object; its methods return a new one. ``editing`` locks the folder
against other writers and saves the new catalogue in one step. Every id that was ever given out
belongs to a work or a tombstone, and is never reused for another work.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from ..dataset import OOGRAPH, Dataset
from ..errors import BrokenCatalogue, NoCatalogue, UnknownWork, UnreadableTable
from ..model import Facets, Problem, Record, Source, Tombstone
from ..resolution.agents import with_agents
from ..resolution.decisions import (
    DECISIONS,
    Decision,
    Undecided,
    format_undecided,
    parse_decisions,
    parse_undecided,
)
from ..resolution.resolve import Match, resolve
from ..resolution.rulings import meant
from ..shelf import Shelf
from ..vocabulary.links import link_table_of
from ..vocabulary.tables import Table
from . import storage
from .claims import Claims
from .concepts import parse_concepts
from .description import parse_dataset
from .register import Register
from .sources import SourceName, parse_sources
from .spool import Spool
from .tombstones import buried, format_tombstones, parse_tombstones
from .updates import updated
from .works import by_id, each_work, format_works, read_works

#: The reason on the tombstone of a work whose import was undone; the page of its IRI shows it.
_UNDONE = "The import that added it was undone."
#: Bytes copied at a time.
_BLOCK = 2**20


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The catalogue at one point in time."""

    #: Sorted by id.
    works: Sequence[Record] = ()
    #: One for each id that no longer belongs to a work, sorted by id.
    tombstones: tuple[Tombstone, ...] = ()
    #: A curator's decisions on pairs of works.
    decisions: tuple[Decision, ...] = ()
    #: Pairs of works that a curator still has to decide on.
    undecided: tuple[Undecided, ...] = ()
    #: Works removed by an undo. They have tombstones; if imported again, they get their ids back.
    undone: Sequence[Record] = ()
    #: Works that a curator withdrew; kept so that an import does not bring them back.
    withdrawn: tuple[Record, ...] = ()
    #: A curator's tables of links, by name.
    links: tuple[Table, ...] = ()
    #: A curator's names for the source files.
    sources: tuple[SourceName, ...] = ()
    #: A curator's own concepts: Turtle, as ``load_vocabulary`` takes it.
    concepts: tuple[str, ...] = ()
    #: The description of the dataset.
    dataset: Dataset = OOGRAPH
    #: Problems in a curator's files; the rest of those files is in effect.
    problems: tuple[Problem, ...] = ()

    @classmethod
    def read(cls, folder: Path, must_exist: bool = False) -> Catalogue:
        """Read the catalogue in a folder; an empty one if there is none yet.

        Raises BrokenCatalogue with every problem of the first file that cannot be read, and
        NoCatalogue if there is none although it ``must_exist``.
        """
        with storage.reading(folder) as (works, files):
            catalogue = _parsed(files, folder, works)
            if works is None and must_exist:
                raise _missing(folder)
            return catalogue

    def save(self, folder: Path) -> None:
        """Save this as the catalogue in the folder, in one step; a curator's files stay."""
        with editing(folder, "another command") as edit:
            edit.save(self)

    def add(self, records: Iterable[Record], date: str = "") -> Import:
        """Add clean records: each becomes a new work, or is merged into the work it describes.

        - A value that a work already has is never replaced.
        - An entry that was imported before goes to the work that has it as a source. If the entry
          has not changed, it adds nothing, so that what a curator removed stays removed; only an
          abstract is read again, if the rules for abstracts have changed.
        - An entry from one of our own exports is recognised by its key or address.
        - If works turn out to be the same, one is merged into the other, which leaves a tombstone
          with this ``date``.

        The records are read one at a time, all of them before anything else is done.
        """
        register = Register(self.works)
        problems: list[Problem] = []
        claims = Claims(
            self.works, register, self.undone, self.withdrawn, self.tombstones, self.decisions
        )
        compared = updated(self.works, register, claims.settled(records, problems.append))
        resolution = resolve(compared, self.decisions, self.tombstones, self.undone)
        resolution, back_again = claims.without_withdrawn(resolution)
        new, changed = Shelf[str](), Shelf[str]()
        undone = {work.id for work in self.undone}
        back = set[str]()
        for work, before in _beside(resolution.works, self.works):
            if before is None:
                new.append(work.id)
            elif before != work:
                changed.append(work.id)
            if work.id in undone:
                back.add(work.id)
        gone = tuple(replace(stone, date=date) for stone in resolution.tombstones)
        return Import(
            catalogue=replace(
                self,
                works=resolution.works,
                tombstones=buried((s for s in self.tombstones if s.id not in back), gone),
                undecided=resolution.undecided,
                undone=Shelf(work for work in self.undone if work.id not in back),
            ),
            compared=resolution.records,
            matches=resolution.matches,
            versions=resolution.versions,
            new=new,
            updated=changed,
            tombstones=gone,
            problems=(*self.problems, *problems, *back_again, *resolution.problems),
        )

    def withdraw(self, gone: Tombstone) -> Catalogue:
        """Return the catalogue without a work, which becomes the tombstone ``gone``.

        Links to the work now lead to the survivor, if there is one. The survivor also takes over
        the source entries, so that importing them again does not bring the work back. Raises
        UnknownWork if there is no such work, or no such survivor.
        """
        ids = {work.id for work in self.works}
        if gone.id not in ids:
            raise UnknownWork(self._why_unknown(gone.id, ids))
        (taken_out,) = (work for work in self.works if work.id == gone.id)
        entries = tuple(replace(s, stated=(), abstract=None) for s in taken_out.sources)
        if gone.replaced_by and gone.replaced_by not in ids - {gone.id}:
            guess = meant(gone.replaced_by, ids - {gone.id})
            raise UnknownWork(f"no other work has the id {gone.replaced_by}{guess}")
        return replace(
            self,
            works=Shelf(
                _with_entries(work, entries) if work.id == gone.replaced_by else work
                for work in (_without_version(w, gone) for w in self.works if w.id != gone.id)
            ),
            tombstones=buried(self.tombstones, [gone]),
            undecided=tuple(p for p in self.undecided if gone.id not in (p.left, p.right)),
            withdrawn=(*self.withdrawn, replace(_compared(taken_out), sources=entries))
            if not gone.replaced_by
            else self.withdrawn,
        )

    def _why_unknown(self, id: str, ids: Collection[str]) -> str:
        if stone := next((stone for stone in self.tombstones if stone.id == id), None):
            by = f", replaced by {stone.replaced_by}" if stone.replaced_by else ""
            return f"the work {id} is already gone{by}: {stone.reason}"
        # the address of a page is often given instead of the id, which is its last part
        return f"no work has the id {id}{meant(id.rpartition('/')[2], ids)}"

    def back_to(self, before: Catalogue, date: str) -> Catalogue:
        """Return ``before`` with tombstones for the ids that were given out since.

        A release may have published those ids, so they must not be reused.
        """
        known = {work.id for work in before.works} | {stone.id for stone in before.tombstones}
        since = Shelf(_compared(work) for work in self.works if work.id not in known)
        stones = [stone for stone in self.tombstones if stone.id not in known]
        if not since and not stones:
            return before
        stones += (Tombstone(work.id, "", _UNDONE, date) for work in since)
        again = (work for work in self.undone if work.id not in known)
        return replace(
            before,
            tombstones=buried(before.tombstones, stones),
            # the next import adds the sources
            undone=Shelf(chain(before.undone, since, again)),
        )


@dataclass(frozen=True, slots=True)
class Import:
    """The result of adding records to a catalogue."""

    catalogue: Catalogue
    #: The records that were compared; ``matches`` and ``versions`` give places in this sequence.
    compared: Sequence[Record]
    #: Why records are the same work.
    matches: Sequence[Match]
    #: Why works are versions of one another.
    versions: tuple[Match, ...]
    #: Ids of the works that were added.
    new: Sequence[str]
    #: Ids of the works that gained a source or a value.
    updated: Sequence[str]
    #: The tombstones of works that were merged into others.
    tombstones: tuple[Tombstone, ...]
    #: Decisions that cannot be applied, and records of works that were withdrawn.
    problems: tuple[Problem, ...]

    def new_works(self) -> Iterator[Record]:
        """Yield the works that were added."""
        ids = iter(self.new)
        id = next(ids, None)
        for work in self.catalogue.works:
            if work.id == id:
                yield work
                id = next(ids, None)


@dataclass(frozen=True, slots=True)
class Edit:
    """A catalogue that is locked against other writers."""

    folder: Path
    catalogue: Catalogue

    def save(self, catalogue: Catalogue) -> None:
        """Save ``catalogue`` in the folder, in one step; after an error the old one remains."""
        storage.replace_files(self.folder, _formatted(catalogue))

    def undo(self, date: str = "") -> Catalogue:
        """Restore the catalogue as it was before the last change; a second undo redoes the change.

        Raises NothingToUndo if there was no change.
        """
        with storage.reading_before(self.folder) as (works, files):
            before = _parsed(files, self.folder, works)
            after = self.catalogue.back_to(before, date)
            parts = _formatted(after) if after is not before else _as_they_were(works, files)
            storage.replace_files(self.folder, parts)
        return after


@dataclass(frozen=True, slots=True)
class Opened:
    """A catalogue whose works are read one at a time, so that it need not fit in memory."""

    #: Everything but the works.
    catalogue: Catalogue
    _file: BinaryIO
    _folder: Path

    def spool(self, path: Path, wanted: Callable[[Record], bool]) -> Spool:
        """Put the wanted works in a new file; raises BrokenCatalogue if they cannot be read."""
        source = self._folder / storage.WORKS
        try:
            works = _with_editor_ids(each_work(self._file, source))
            return Spool.of(filter(wanted, works), path)
        except _EditorsWithoutIds:
            path.unlink()
        self._file.seek(0)  # not opened again: a writer may have replaced the file since
        return Spool.of(filter(wanted, with_agents(read_works(self._file, source))), path)


@contextmanager
def opened(folder: Path) -> Iterator[Opened]:
    """Open the catalogue in a folder in its present state, even if a writer changes it meanwhile.

    Raises BrokenCatalogue, and NoCatalogue if there is none.
    """
    with storage.reading(folder) as (works, files):
        catalogue = _parsed(files, folder, None)
        if works is None:
            raise _missing(folder)
        yield Opened(catalogue, works, folder)


@contextmanager
def editing(folder: Path, command: str, must_exist: bool = False) -> Iterator[Edit]:
    """Open the catalogue in a folder like ``Catalogue.read``, locked against other writers.

    Their error message names ``command``. Raises also CatalogueLocked.
    """
    with storage.editing(folder, command):
        yield Edit(folder, Catalogue.read(folder, must_exist))


def default_folder() -> Path:
    """The folder of the catalogue that comes with oograph."""
    return Path(__file__).parent


class _EditorsWithoutIds(Exception):
    """A work was written before editors had ids; giving them ids takes all works."""


def _with_editor_ids(works: Iterable[Record]) -> Iterator[Record]:
    for work in works:
        if not _has_editor_ids(work):
            raise _EditorsWithoutIds
        yield work


def _has_editor_ids(work: Record) -> bool:
    return len(work.editor_agents) == len(work.editors)


def _missing(folder: Path) -> NoCatalogue:
    return NoCatalogue(
        f"there is no catalogue in {folder}: {storage.WORKS} is missing; give the folder of"
        f" a catalogue, or create one: oograph import FILE --catalogue {folder}"
    )


def _parsed(files: storage.Files, folder: Path, file: BinaryIO | None) -> Catalogue:
    def data(name: str, empty: bytes) -> tuple[bytes, Path]:
        return files.get(name, empty), folder / name

    def inside(name: str) -> list[str]:
        return sorted(file for file in files if file.startswith(f"{name}/"))

    def gone(name: str) -> Sequence[Record]:
        return read_works(BytesIO(files.get(name, b"[]")), folder / name)

    header = format_undecided(())
    decisions, problems = parse_decisions(*data(DECISIONS, header))
    try:
        undecided = parse_undecided(*data(storage.UNDECIDED, header))
    except BrokenCatalogue as error:  # every import writes this file again: no reason to stop
        undecided = ()
        remedy = "Delete the file; the next import creates it again."
        problems += tuple(replace(p, severity="warning", remedy=remedy) for p in error.problems)
    works = read_works(file or BytesIO(b"[]"), folder / storage.WORKS)
    if not all(map(_has_editor_ids, works)):
        works = with_agents(works)
    sources: tuple[SourceName, ...] = ()
    if storage.SOURCES in files:
        sources, wrong = parse_sources(*data(storage.SOURCES, b""))
        problems += wrong
    links = []
    for name in inside(storage.LINKS):
        try:
            links.append(link_table_of(*data(name, b"")))
        except UnreadableTable as error:
            problems += error.problems
    return Catalogue(
        works=works,
        tombstones=parse_tombstones(*data(storage.TOMBSTONES, b"[]")),
        decisions=decisions,
        undecided=undecided,
        undone=gone(storage.UNDONE),
        withdrawn=tuple(gone(storage.WITHDRAWN)),
        links=tuple(links),
        sources=sources,
        concepts=tuple(parse_concepts(*data(name, b"")) for name in inside(storage.VOCABULARIES)),
        dataset=(
            parse_dataset(*data(storage.DATASET, b"")) if storage.DATASET in files else OOGRAPH
        ),
        problems=problems,
    )


def _formatted(catalogue: Catalogue) -> storage.Parts:
    """The files of a catalogue; apart from the works, an empty part has no file."""
    files: dict[str, Iterable[bytes]] = {storage.WORKS: format_works(catalogue.works)}
    if catalogue.tombstones:
        files[storage.TOMBSTONES] = (format_tombstones(catalogue.tombstones),)
    if catalogue.undecided:
        files[storage.UNDECIDED] = (format_undecided(catalogue.undecided),)
    for name, works in (
        (storage.UNDONE, catalogue.undone),
        (storage.WITHDRAWN, catalogue.withdrawn),
    ):
        if works:
            files[name] = format_works(by_id(works))
    return files


def _as_they_were(works: BinaryIO | None, files: storage.Files) -> storage.Parts:
    """The files of a state that was read, unchanged."""
    parts: dict[str, Iterable[bytes]] = {name: (data,) for name, data in files.items()}
    if works:
        works.seek(0)
        parts[storage.WORKS] = iter(partial(works.read, _BLOCK), b"")
    return parts


def _beside(
    works: Iterable[Record], others: Iterable[Record]
) -> Iterator[tuple[Record, Record | None]]:
    """Pair each work with the one of ``others`` that has its id, or None; both are sorted."""
    rest = iter(others)
    other = next(rest, None)
    for work in works:
        while other and other.id < work.id:
            other = next(rest, None)
        yield work, other if other and other.id == work.id else None


def _compared(work: Record) -> Record:
    """Return a work that is gone with only the values needed to compare it."""
    return replace(work, facets=Facets(), sources=(), version_of=())


def _with_entries(work: Record, entries: Iterable[Source]) -> Record:
    """Return the work with those of the source entries that it does not have yet."""
    known = {source.entry for source in work.sources}
    more = (source for source in entries if source.entry not in known)
    return replace(work, sources=(*work.sources, *more))


def _without_version(work: Record, gone: Tombstone) -> Record:
    """Return the work with its link to a gone version replaced by the survivor, or removed."""
    if gone.id not in work.version_of:
        return work
    others = tuple(v for v in work.version_of if v != gone.id)
    heir = (gone.replaced_by,) if gone.replaced_by not in ("", work.id) else ()
    return replace(work, version_of=tuple(dict.fromkeys((*others, *heir))))
