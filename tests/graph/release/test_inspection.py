"""Files are checked in the background; each is trusted as soon as it is found intact."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from oograph.graph.model import Problem
from oograph.graph.release import inspection
from oograph.graph.release.inspection import Inspection, Read

DAMAGED = Problem("violation", "It is damaged.", "Mend it.", file="b")


def whole(read: Read) -> tuple[Problem, ...]:
    return ()


def damaged(read: Read) -> Iterator[Problem]:
    yield DAMAGED


def test_each_file_is_vouched_for_as_it_is_found_whole(monkeypatch, eventually) -> None:
    monkeypatch.setattr(inspection, "cores", lambda: 1)
    go_on = threading.Event()

    def slow(read: Read) -> tuple[Problem, ...]:
        go_on.wait()
        return ()

    checks = Inspection({"a": whole, "slow": slow, "b": damaged, "c": whole})
    eventually(lambda: "a" not in checks.unchecked(), "the first is not checked")
    assert checks.unchecked() == {"slow", "b", "c"}
    assert checks.wait(0) == ()
    told: list[Problem] = []
    checks.tell(told.append)
    go_on.set()
    assert checks.wait() == (DAMAGED,)
    # a damaged file is never trusted, however often it has been checked
    assert checks.unchecked() == {"b"}
    eventually(lambda: told == [DAMAGED], "the damage is not told")
    late: list[Problem] = []
    checks.tell(late.append)
    assert late == [DAMAGED]


def test_without_room_for_a_thread_it_is_over_at_once(monkeypatch) -> None:
    def refuse(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    checks = Inspection({"a": whole, "b": damaged})
    assert checks.unchecked() == {"b"} and checks.wait(0) == (DAMAGED,)


def test_a_check_that_fails_vouches_for_nothing() -> None:
    def failing(read: Read) -> tuple[Problem, ...]:
        raise MemoryError("no room")

    checks = Inspection({"a": failing})
    (problem,) = checks.wait()
    assert problem.file == "a" and "MemoryError no room" in problem.message
    assert checks.unchecked() == {"a"}


@pytest.mark.parametrize("made_way", [False, True])
def test_files_are_read_whole_also_when_others_need_the_processor(
    tmp_path: Path, made_way: bool
) -> None:
    content = bytes(range(256)) * 10_000
    paths = [tmp_path / str(number) for number in range(4)]
    read_so: dict[str, bytes] = {}

    def reading(path: Path) -> inspection.Check:
        def check(read: Read) -> tuple[Problem, ...]:
            begun.wait()
            read_so[path.name] = b"".join(read(path))
            return ()

        return check

    begun = threading.Event()
    for path in paths:
        path.write_bytes(content)
    checks = Inspection({path.name: reading(path) for path in paths})
    if made_way:
        checks.make_way()
    begun.set()
    assert checks.wait() == ()
    assert read_so == {path.name: content for path in paths}
