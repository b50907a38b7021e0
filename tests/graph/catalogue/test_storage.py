"""One change is one step: killed or failed at any system call, by one writer at a time."""

import errno
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from oograph.graph.catalogue import Catalogue, editing
from oograph.graph.errors import CatalogueLocked, NothingToUndo
from oograph.graph.iris import IRIs
from oograph.graph.model import Name, Record, Source, Tombstone
from oograph.graph.rdf.lineage import lineage_quads

#: The calls that change a disk.
CALLS = ("write", "fsync", "link", "rename", "replace", "unlink", "rmdir", "mkdir", "ftruncate")
WOOD = Name("Wood", "Alex")


def paper(number: int, key: str = "") -> Record:
    """One of several works that would all get the same id."""
    subject = "alpha bravo charlie delta echo foxtrot golf hotel".split()[number]
    return Record(
        f"Crowd work wages {subject * 4}",
        authors=(WOOD,),
        issued=(2019,),
        sources=(Source("a.bib", key or subject, number + 1, digest=key or subject),),
    )


def add(folder: Path, *records: Record) -> None:
    with editing(folder, "oograph import") as edit:
        edit.save(edit.catalogue.add(records, "2026-01-02").catalogue)


def withdraw(folder: Path, id: str, into: str = "") -> None:
    with editing(folder, "oograph withdraw") as edit:
        edit.save(edit.catalogue.withdraw(Tombstone(id, into, "gone", "2026-01-03")))


def undo(folder: Path) -> None:
    with editing(folder, "oograph import --undo") as edit:
        edit.undo("2026-01-04")


@contextmanager
def at_call(number: int, act: Callable[[], None]) -> Iterator[list[int]]:
    """``act`` in place of the n-th call that changes the disk; gives the number of calls."""
    calls, done = [0], {name: getattr(os, name) for name in CALLS}

    def wrapped(name: str) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            calls[0] += 1
            if calls[0] == number:
                act()
            return done[name](*arguments, **options)

        return call

    for name in CALLS:
        setattr(os, name, wrapped(name))
    try:
        yield calls
    finally:
        for name in CALLS:
            setattr(os, name, done[name])


def killed(number: int, command: Callable[[], None]) -> bool:
    """Run the command in a process of its own and kill it at the n-th call; whether it was."""
    child = os.fork()
    if child == 0:
        try:
            with at_call(number, lambda: os.kill(os.getpid(), signal.SIGKILL)):
                command()
            os._exit(0)
        except BaseException:
            os._exit(1)
    status = os.waitpid(child, 0)[1]
    assert status in (0, signal.SIGKILL), status
    return status != 0


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalogue with something in every file, and a state before it, to be copied."""
    folder = tmp_path_factory.mktemp("filled")
    add(folder, paper(0), paper(1), paper(2))
    withdraw(folder, "wood-2019-crowd-work-wages-2")
    add(folder, paper(3))
    undo(folder)
    return folder


def state(folder: Path) -> tuple[Catalogue, bytes]:
    return Catalogue.read(folder), (folder / "works.json").read_bytes()


COMMANDS = {
    "import": lambda folder: add(folder, paper(4), paper(5)),
    "withdraw": lambda folder: withdraw(folder, "wood-2019-crowd-work-wages"),
    "undo": undo,
}
KEPT = {
    "works.json",
    "tombstones.json",
    "undone.json",
    "withdrawn.json",
    "undecided.csv",
    ".before",
}


@pytest.mark.parametrize("name", COMMANDS)
def test_killed_at_any_call_it_is_the_old_state_or_the_new(
    filled: Path, tmp_path: Path, name: str
) -> None:
    command, results = COMMANDS[name], set()
    for number in count(1):
        folder = shutil.copytree(filled, tmp_path / str(number))
        old = Catalogue.read(folder)
        was_killed = killed(number, lambda folder=folder: command(folder))  # type: ignore[misc]
        now = Catalogue.read(folder)
        results.add(now == old)
        new = name not in ("undo",) or now != old
        with editing(folder, "the next command"):  # tidies up
            pass
        assert Catalogue.read(folder) == now
        assert {path.name for path in folder.iterdir()} <= KEPT
        undo(folder)  # there is always a whole state to go back to
        undo(folder)
        if now == old and new:
            command(folder)
        if not was_killed:
            break
    assert number > 20 and results == {True, False}


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EROFS])
@pytest.mark.parametrize("name", COMMANDS)
def test_failing_at_any_call_it_is_the_old_state(
    filled: Path, tmp_path: Path, name: str, code: int
) -> None:
    def fail() -> None:
        raise OSError(code, os.strerror(code))

    for number in count(1):
        folder = shutil.copytree(filled, tmp_path / str(number))
        old = state(folder)
        with at_call(number, fail) as calls:
            try:
                COMMANDS[name](folder)
                failed = False
            except OSError as error:
                failed = True
                assert error.errno == code
        assert (state(folder) == old) is failed
        assert not {path.name for path in folder.iterdir()} & {".journal"}
        if calls[0] < number:
            break
    assert number > 20


def test_an_undo_has_no_file_of_works_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_bytes = Path.read_bytes

    def read(path: Path) -> bytes:
        assert path.name != "works.json"
        return read_bytes(path)

    add(tmp_path, paper(0))
    add(tmp_path, paper(1))
    monkeypatch.setattr(Path, "read_bytes", read)
    for works in (1, 2, 1):
        undo(tmp_path)
        assert len(Catalogue.read(tmp_path).works) == works


def test_the_first_import_killed_leaves_no_catalogue_or_a_whole_one(tmp_path: Path) -> None:
    for number in count(1):
        folder = tmp_path / str(number)
        was_killed = killed(number, lambda folder=folder: add(folder, paper(0)))  # type: ignore[misc]
        assert len(Catalogue.read(folder).works) in (0, 1)
        add(folder, paper(0))
        assert len(Catalogue.read(folder).works) == 1
        if not was_killed:
            break


def test_a_second_writer_is_told_who_holds_it(tmp_path: Path) -> None:
    with editing(tmp_path, "oograph import"):
        with pytest.raises(CatalogueLocked, match=rf"oograph import \(pid {os.getpid()}, since"):
            add(tmp_path, paper(0))
        assert Catalogue.read(tmp_path) == Catalogue()  # readers need not wait
    add(tmp_path, paper(0))


def test_a_lock_that_a_killed_process_left_holds_nobody(tmp_path: Path) -> None:
    (tmp_path / ".lock").write_text("oograph import (pid 1, since long ago)")
    add(tmp_path, paper(0))
    assert not (tmp_path / ".lock").exists()


def test_two_imports_at_once_lose_nothing(tmp_path: Path) -> None:
    """As real processes: the second waits for nobody, and says who is at work."""
    for number in range(2):
        (tmp_path / f"{number}.bib").write_text(
            "".join(
                f"@misc{{k{number}-{n}, title = {{Work {number} {n} on its own}}, year = 2019}}\n"
                for n in range(400)
            )
        )
    program = str(Path(sys.executable).parent / "oograph")
    running = [
        subprocess.Popen(
            [program, "import", f"{number}.bib", "--catalogue", "cat"],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(2)
    ]
    done = [(process, *process.communicate()) for process in running]
    saved = 0
    for process, _, errors in done:
        assert process.returncode in (0, 2), errors
        saved += process.returncode == 0
        if process.returncode == 2:
            assert f"pid {next(p.pid for p in running if p is not process)}" in errors
            assert "Traceback" not in errors
    assert saved and len(Catalogue.read(tmp_path / "cat").works) == 400 * saved


class Ids(RuleBasedStateMachine):
    """Any order of commands, some of them killed: an id never comes to mean another work."""

    numbers = st.integers(0, 4)

    @initialize()
    def start(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.meaning: dict[str, str] = {}
        self.exported: list[Record] = []

    def teardown(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def ids(self) -> list[str]:
        return [work.id for work in Catalogue.read(self.folder).works]

    @rule(some=st.lists(numbers, min_size=1, max_size=3), key=st.sampled_from(["", "x", "y"]))
    def import_(self, some: list[int], key: str) -> None:
        add(self.folder, *(paper(number, f"{key}{number}" if key else "") for number in some))

    @rule()
    def export(self) -> None:
        self.exported = list(Catalogue.read(self.folder).works)

    @rule()
    def import_what_was_exported(self) -> None:
        add(self.folder, *self.exported)

    @rule(number=numbers, data=st.data())
    def import_of_another_catalogue(self, number: int, data: st.DataObject) -> None:
        gone = [stone.id for stone in Catalogue.read(self.folder).tombstones]
        add(self.folder, replace(paper(number), id=data.draw(st.sampled_from([*gone, ""]))))

    @rule(data=st.data(), into=st.booleans())
    def withdraw(self, data: st.DataObject, into: bool) -> None:
        if ids := self.ids():
            gone = data.draw(st.sampled_from(ids))
            others = [id for id in ids if id != gone]
            withdraw(self.folder, gone, data.draw(st.sampled_from([*others, ""])) if into else "")

    @rule(data=st.data(), ruling=st.sampled_from(["same", "different", "version"]))
    def decide(self, data: st.DataObject, ruling: str) -> None:
        if len(ids := self.ids()) > 1:
            left, right = data.draw(st.permutations(ids))[:2]
            path = self.folder / "decisions.csv"
            text = path.read_text() if path.exists() else "left,right,decision,reason,date\n"
            path.write_text(f"{text}{left},{right},{ruling},,\n")

    @rule()
    def undo(self) -> None:
        with suppress(NothingToUndo):
            undo(self.folder)

    @rule()
    def build(self) -> None:
        """The statements on works that are gone: each tombstone leads to a work, or nowhere."""
        catalogue = Catalogue.read(self.folder)
        alive = {work.id for work in catalogue.works}
        quads = lineage_quads(catalogue.works, alive, catalogue.tombstones, IRIs())
        nodes = {quad.subject.value.rpartition("/")[2] for quad in quads}
        assert nodes >= {stone.id for stone in catalogue.tombstones}

    @rule(number=st.integers(1, 50), some=st.lists(numbers, max_size=3), data=st.data())
    def killed(self, number: int, some: list[int], data: st.DataObject) -> None:
        ids = self.ids()
        commands: list[Callable[[], None]] = [
            lambda: add(self.folder, *map(paper, some)),
            *([lambda: withdraw(self.folder, ids[0])] if ids else []),
            *([lambda: undo(self.folder)] if (self.folder / ".before").exists() else []),
        ]
        killed(number, data.draw(st.sampled_from(commands)))

    @invariant()
    def every_id_is_a_work_or_a_tombstone_and_keeps_its_meaning(self) -> None:
        catalogue = Catalogue.read(self.folder)
        works = {work.id: work.title for work in catalogue.works}
        graves = {stone.id: stone for stone in catalogue.tombstones}
        assert not works.keys() & graves.keys()
        assert self.meaning.keys() <= works.keys() | graves.keys()
        for id, title in works.items():
            assert self.meaning.setdefault(id, title) == title
        assert all(stone.replaced_by in ("", *works) for stone in graves.values())
        assert all(later in works for work in catalogue.works for later in work.version_of)


TestIds = Ids.TestCase
TestIds.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)
