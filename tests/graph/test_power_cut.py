"""What a power cut leaves is the old state or the new, by the least that POSIX promises.

What changes in folders while recording is noted, call by call. A change is on the disk for certain
once one of its folders is synced after it; before that it may be there or not, whatever became of
those around it. The content of a file is there once the file is synced; before that it is empty.
"""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from oograph.graph.catalogue.storage import editing, reading, replace_files
from oograph.graph.files import write_file, write_text
from oograph.graph.release.placing import put_in_place, writing

_open = os.open

#: Folder and name of an entry, and what it leads to; None: it is gone.
Entry = tuple[int, str, int | None]


@dataclass
class Disk:
    """The calls made in a folder, and what is known of files by their inodes."""

    root: Path
    start: Mapping[int, Mapping[str, int]]
    kinds: dict[int, str | bytes | None]  # a folder: None; a link: its target; a file: its bytes
    changes: list[list[Entry]] = field(default_factory=list)
    #: For each change, how many calls were made before it, and before it was certain.
    made: list[int] = field(default_factory=list)
    certain: list[int] = field(default_factory=list)
    #: Files by inode: how many calls were made before they were synced.
    synced: dict[int, int] = field(default_factory=dict)
    calls: int = 0
    #: What is held open, so that its inode becomes no other's.
    held: list[int] = field(default_factory=list)

    def inode(self, path: Any) -> int:
        self.held.append(_open(path, os.O_PATH | os.O_NOFOLLOW))
        return os.fstat(self.held[-1]).st_ino

    def let_go(self) -> None:
        for handle in self.held:
            os.close(handle)

    def note(self, *entries: Entry) -> None:
        self.changes.append(list(entries))
        self.made.append(self.calls)
        self.certain.append(10**9)
        self.calls += 1

    def sync(self, handle: int) -> None:
        inode = os.fstat(handle).st_ino
        self.calls += 1
        if self.kinds.get(inode, b"") is not None:
            self.synced[inode] = self.calls
            self.kinds[inode] = Path(f"/proc/self/fd/{handle}").read_bytes()
        for number, change in enumerate(self.changes):
            if inode in {folder for folder, *_ in change}:
                self.certain[number] = min(self.certain[number], self.calls)

    def states(self, into: Path) -> Iterator[tuple[int, Path]]:
        """What a cut after each number of calls may leave, each in a folder; and that number."""
        seen = set[str]()
        for calls in range(self.calls + 1):
            began = [n for n, made in enumerate(self.made) if made < calls]
            loose = [n for n in began if self.certain[n] > calls]
            choices = [loose[:end] for end in range(len(loose) + 1)]
            choices += [[n for n in loose if n != lost] for lost in loose] + [[n] for n in loose]
            for kept in choices:
                entries = {inode: dict(names) for inode, names in self.start.items()}
                for n in began:
                    if n in loose and n not in kept:
                        continue
                    for folder, name, inode in self.changes[n]:
                        if inode is None:
                            entries.setdefault(folder, {}).pop(name, None)
                        else:
                            entries.setdefault(folder, {})[name] = inode
                if (key := f"{calls == self.calls} {entries}") not in seen:
                    seen.add(key)
                    shutil.rmtree(into, ignore_errors=True)
                    self._make(into, self.root.stat().st_ino, entries, calls)
                    yield calls, into

    def _make(self, path: Path, inode: int, entries: Any, calls: int) -> None:
        kind = self.kinds.get(inode)
        if isinstance(kind, str):
            path.symlink_to(kind)
        elif isinstance(kind, bytes):
            path.write_bytes(kind if self.synced.get(inode, 10**9) <= calls else b"")
        else:
            path.mkdir()
            for name, child in entries.get(inode, {}).items():
                self._make(path / name, child, entries, calls)


def _place(path: Any, folder: int | None = None) -> tuple[int, str]:
    if folder is not None:
        return os.fstat(folder).st_ino, os.fspath(path)
    parent, name = os.path.split(os.path.abspath(path))
    return os.stat(parent).st_ino, name


def _as_it_is(root: Path) -> Disk:
    disk = Disk(root, {}, {})
    start: dict[int, dict[str, int]] = {}
    for parent, folders, files in os.walk(root):
        inode = os.stat(parent).st_ino
        disk.kinds[inode] = None
        start[inode] = {n: disk.inode(os.path.join(parent, n)) for n in (*folders, *files)}
        for name in (*folders, *files):
            path, child = Path(parent, name), start[inode][name]
            if path.is_symlink():
                disk.kinds[child] = os.readlink(path)
            elif path.is_file():
                disk.kinds[child], disk.synced[child] = path.read_bytes(), 0
    disk.start = start
    return disk


@contextmanager
def recorded(root: Path) -> Iterator[Disk]:
    """Note all that is done in ``root`` meanwhile; what is there already is on the disk."""
    disk = _as_it_is(root)

    def moved(call: Callable[..., Any], source: Any, target: Any, **more: Any) -> None:
        inode = disk.inode(source)
        entries = (*_place(source), None), (*_place(target), inode)
        call(source, target, **more)
        disk.note(*entries)

    def linked(call: Callable[..., Any], source: Any, target: Any, **more: Any) -> None:
        call(source, target, **more)
        disk.note((*_place(target), os.lstat(source).st_ino))

    def pointed(call: Callable[..., Any], to: Any, path: Any, *rest: Any, **more: Any) -> None:
        call(to, path, *rest, **more)
        disk.kinds[inode := disk.inode(path)] = os.fspath(to)
        disk.note((*_place(path), inode))

    def removed(call: Callable[..., Any], path: Any, *, dir_fd: int | None = None) -> None:
        call(path, dir_fd=dir_fd)
        disk.note((*_place(path, dir_fd), None))

    def made(call: Callable[..., Any], path: Any, *rest: Any, **more: Any) -> None:
        call(path, *rest, **more)
        disk.kinds[inode := disk.inode(path)] = None
        disk.note((*_place(path), inode))

    def opened(call: Callable[..., Any], path: Any, flags: int, *rest: Any, **more: Any) -> int:
        is_new = flags & os.O_CREAT and not os.path.lexists(path)
        handle: int = call(path, flags, *rest, **more)
        if is_new:
            disk.kinds[inode := disk.inode(path)] = b""
            disk.note((*_place(path), inode))
        return handle

    def synced(call: Callable[..., Any], handle: int) -> None:
        call(handle)
        disk.sync(handle)

    doubles: dict[str, Callable[..., Any]] = {
        "rename": moved,
        "replace": moved,
        "link": linked,
        "symlink": pointed,
    }
    doubles |= {"unlink": removed, "rmdir": removed, "mkdir": made, "open": opened, "fsync": synced}
    with pytest.MonkeyPatch.context() as patch:
        for name, double in doubles.items():
            patch.setattr(os, name, partial(double, getattr(os, name)))
        yield disk
    disk.let_go()


def change(folder: Path, files: Mapping[str, bytes]) -> None:
    with editing(folder, "a command"):
        replace_files(folder, {name: [data] for name, data in files.items()})


def tidy(folder: Path) -> None:
    with editing(folder, "the next command"):
        pass


def read(folder: Path) -> dict[str, bytes]:
    with reading(folder) as (works, others):
        return {**({"works.json": works.read()} if works else {}), **others}


OLD = {"works.json": b"[1]", "tombstones.json": b"[1]", "undone.json": b"[1]"}
NEW = {"works.json": b"[2]", "tombstones.json": b"[2]", "withdrawn.json": b"[2]"}


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    for files in ({"works.json": b"[0]"}, OLD):
        change(tmp_path / "catalogue", files)
    return tmp_path / "catalogue"


def test_of_a_catalogue(catalogue: Path, tmp_path: Path) -> None:
    with recorded(catalogue) as disk:
        change(catalogue, NEW)
    states = 0
    for calls, left in disk.states(tmp_path / "left"):
        found = read(left)
        assert found == NEW or (found == OLD and calls < disk.calls)
        tidy(left)
        assert read(left) == found
        states += 1
    assert states > 20


def test_in_the_midst_of_tidying_a_catalogue(catalogue: Path, tmp_path: Path) -> None:
    with recorded(catalogue) as disk:
        change(catalogue, NEW)
    halves = set[str]()
    for _, left in disk.states(tmp_path / "left"):
        files = (p for p in sorted(left.rglob("*")) if ".new-" not in str(p) and p.is_file())
        key = str([(path, path.read_bytes()) for path in files if path.name != ".lock"])
        if key in halves or not (left / ".journal").exists():
            continue
        halves.add(key)
        if len(halves) % 3:  # some are enough
            continue
        half = shutil.copytree(left, tmp_path / f"half-{len(halves)}")
        with recorded(half) as tidying:
            tidy(half)
        for _, again in tidying.states(tmp_path / "again"):
            assert read(again) == OLD
    assert len(halves) > 3


def test_of_a_text(tmp_path: Path) -> None:
    write_text(tmp_path / "in" / "text", "old")
    with recorded(tmp_path / "in") as disk:
        write_text(tmp_path / "in" / "text", "new")
    for calls, left in disk.states(tmp_path / "left"):
        found = (left / "text").read_text()
        assert found == "new" or (found == "old" and calls < disk.calls)


@pytest.mark.parametrize("again", ["another version", "the same version"])
def test_of_a_release(tmp_path: Path, again: str) -> None:
    def place(out: Path, version: str, content: bytes) -> None:
        with writing(out) as scratch:
            (scratch / version / "dumps").mkdir(parents=True)
            write_file(scratch / version / "dumps" / "oograph.nq", [content])
            write_file(scratch / version / "release.json", [content])
            put_in_place(scratch / version, out)

    def found(out: Path) -> bytes:
        release = out / "current"
        data = (release / "release.json").read_bytes()
        assert data == (release / "dumps" / "oograph.nq").read_bytes()
        return data

    out = tmp_path / "out"
    place(out, "one", b"old")
    with recorded(out) as disk:
        place(out, "one" if again == "the same version" else "two", b"new")
    states = 0
    for calls, left in disk.states(tmp_path / "left"):
        data = found(left)
        assert data == b"new" or (data == b"old" and calls < disk.calls)
        with writing(left):
            pass
        assert found(left) == data
        states += 1
    assert states > 20
