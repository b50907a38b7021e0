"""A release is put in place whole or not at all, however and whenever the build ends."""

import errno
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NoReturn

import pytest

from oograph.graph.errors import OographError, ReleaseLocked, UnwritableRelease
from oograph.graph.release import Release, open_release
from oograph.graph.release.build import build
from oograph.graph.release.placing import put_in_place, writing
from oograph.graph.release.verify import verify, verify_quads

SMALL = Path(__file__).parents[2] / "fixtures" / "small"
#: The calls that change what is on disk, or make sure that it is there.
CALLS = ("fsync", "link", "mkdir", "open", "rename", "replace", "rmdir", "symlink", "unlink")


@pytest.fixture(scope="module")
def built(small_release: Release) -> Release:
    return small_release


def cut_down(source: Release, folder: Path) -> None:
    """The files that the cheap level of ``verify`` reads; others are placed in the same way."""
    (folder / "dumps").mkdir(parents=True)
    for name in ("release.json", "dumps/oograph.nq"):
        shutil.copyfile(source.folder / name, folder / name)


def place(source: Release, out: Path) -> None:
    with writing(out) as scratch:
        cut_down(source, scratch / source.version)
        put_in_place(scratch / source.version, out)


def steps(end: Callable[[], object], at: int) -> Iterator[None]:
    """Call ``end`` instead of the call with this number."""
    counter = iter(range(10**6))
    for name in CALLS:
        call = getattr(os, name)

        def counted(*args: object, call: Callable[..., object] = call, **named: object) -> object:
            if next(counter) == at:
                end()
            return call(*args, **named)

        setattr(os, name, counted)
    yield


#: A build that is killed at one of its calls. In a process of its own: the threads
#: of the engine do not outlive a fork.
BUILD = """
import os, signal, sys
from pathlib import Path
from oograph.graph.release.build import build
count, at = 0, int(sys.argv[1])
def counted(call):
    def made(*args, **named):
        global count
        if count == at:
            os.kill(os.getpid(), signal.SIGKILL)
        count += 1
        return call(*args, **named)
    return made
for name in sys.argv[4].split():
    setattr(os, name, counted(getattr(os, name)))
build(Path(sys.argv[2]), Path(sys.argv[3]))
"""


#: A build that checks, before each of its calls, what is outside its scratch folder, and copies
#: everything if that has changed.
WATCHED = """
import os, shutil, sys
from pathlib import Path
from oograph.graph.release.build import build
out, copies = Path(sys.argv[2]), Path(sys.argv[3])
states, calls, copying = set(), 0, False
def state(folder):
    for entry in os.scandir(folder):
        if not entry.name.startswith((".new-", ".lock")):
            about = entry.stat(follow_symlinks=False)
            yield entry.path, about.st_ino, about.st_size, about.st_mtime_ns
            if entry.is_dir(follow_symlinks=False):
                yield from state(entry)
def look():
    global copying, calls
    if copying:
        return
    calls += 1
    now = tuple(sorted(state(out)))
    if now not in states:
        copying = True
        shutil.copytree(out, copies / str(len(states)), symlinks=True)
        copying = False
        states.add(now)
def watched(call):
    def made(*args, **named):
        look()
        return call(*args, **named)
    return made
for name in sys.argv[4].split():
    setattr(os, name, watched(getattr(os, name)))
build(Path(sys.argv[1]), out)
print(calls)
look()
"""


def build_killed_at(at: int, out: Path) -> subprocess.CompletedProcess[str]:
    """A build that is killed at its call with this number."""
    command = [sys.executable, "-c", BUILD, str(at), str(SMALL), str(out), " ".join(CALLS)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def ends_early(action: Callable[[], object], at: int) -> bool:
    """Whether a process that runs something is killed at its call with this number."""
    if not (child := os.fork()):
        try:
            next(steps(lambda: os.kill(os.getpid(), signal.SIGKILL), at))
            action()
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


@pytest.mark.parametrize("anew", [False, True], ids=["next", "the-same-version-anew"])
def test_a_kill_at_any_step_leaves_a_whole_release(
    built: Release, tmp_path: Path, anew: bool
) -> None:
    for at in range(10**3):
        out = tmp_path / str(at)
        cut_down(built, out / "2000-01-01-000000000000")
        if anew:
            cut_down(built, out / built.version)
        (out / "current").symlink_to(built.version if anew else "2000-01-01-000000000000")
        died = ends_early(partial(place, built, out), at)
        assert not list(verify_quads(open_release(out / "current"))), at
        place(built, out)
        left = {path.name for path in out.iterdir()}
        assert left == {"2000-01-01-000000000000", built.version, "current"}, at
        assert (out / "current").readlink() == Path(built.version)
        assert not list(verify_quads(open_release(out / "current"))), at
        if not died:
            assert at > 10
            return
    raise AssertionError("it never comes to its end")


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
def test_an_error_at_any_step_is_one_line_and_leaves_the_old_release(
    built: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    reached: list[int] = []

    def fail() -> NoReturn:
        reached.append(1)
        raise OSError(code, os.strerror(code))

    for at in range(10**3):
        reached.clear()
        out = tmp_path / str(at)
        cut_down(built, out / "2000-01-01-000000000000")
        (out / "current").symlink_to("2000-01-01-000000000000")
        with monkeypatch.context() as patch:
            for name in CALLS:
                patch.setattr(os, name, getattr(os, name))  # put back afterwards
            next(steps(fail, at))
            try:
                place(built, out)  # some steps may fail, such as making a folder that exists
            except UnwritableRelease as error:
                assert os.strerror(code) in str(error) and str(tmp_path) in str(error)
        assert not list(verify_quads(open_release(out / "current"))), at
        if not reached:
            assert at > 10
            return
    raise AssertionError("it never comes to its end")


def test_a_release_is_placed_again_where_a_file_has_one_name_only(
    built: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*args: object, **named: object) -> NoReturn:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", refused)
    for _ in range(2):
        place(built, tmp_path)
        assert not list(verify_quads(open_release(tmp_path / "current")))


def test_a_release_is_placed_again_in_a_folder_named_from_here(
    built: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for _ in range(2):
        with writing(Path("out").absolute()) as scratch:
            cut_down(built, scratch / built.version)
            put_in_place(scratch / built.version, Path("out"))
        assert (tmp_path / "out" / "current").readlink() == Path(built.version)


def test_a_second_build_is_refused_and_says_who_is_there(tmp_path: Path) -> None:
    with (
        writing(tmp_path),
        pytest.raises(ReleaseLocked, match=rf"oograph build \(pid {os.getpid()}"),
    ):
        build(SMALL, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_lock_of_a_dead_build_holds_nobody(tmp_path: Path) -> None:
    program = (
        "import os, sys, pathlib; from oograph.graph.release.placing import writing\n"
        "with writing(pathlib.Path(sys.argv[1])): os._exit(1)"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False)
    assert {path.name[:5] for path in tmp_path.iterdir()} == {".lock", ".new-"}
    with writing(tmp_path) as scratch:
        assert set(tmp_path.iterdir()) == {scratch, tmp_path / ".lock"}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("size", [3_000, 30_000, 300_000])
def test_a_disk_that_is_full_at_any_size_is_one_line_and_leaves_the_old_release(
    built: Release, tmp_path: Path, size: int
) -> None:
    """Whichever part meets it: SQLite, the engine or Python, in any process."""
    out = with_a_release(built, tmp_path)
    program = "import sys; from oograph.cli import main; main()"
    command = ["build", "--catalogue", str(SMALL), "--out", str(out), "--processes", "2"]
    done = subprocess.run(
        [sys.executable, "-B", "-c", program, *command],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)),
    )
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert done.stderr.splitlines()[-1].startswith(f"Error: cannot write {out}")
    assert not list(verify_quads(open_release(out / "current")))
    assert {path.name for path in out.iterdir()} == {BEFORE, "current"}


@pytest.mark.parametrize(
    "error",
    [OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), sqlite3.OperationalError("disk I/O error")],
)
def test_a_disk_that_is_not_named_may_be_that_of_temporary_files(
    tmp_path: Path, error: Exception
) -> None:
    with (
        pytest.raises(UnwritableRelease, match=rf"write {tmp_path}, or a temporary file in TMPDIR"),
        writing(tmp_path),
    ):
        raise error


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(OographError, match=r"cannot write .*out"):
        build(SMALL, tmp_path / "out")


BEFORE = "2000-01-01-000000000000"


def with_a_release(built: Release, folder: Path) -> Path:
    """A folder with a release of other inputs."""
    out = folder / "out"
    shutil.copytree(built.folder, out / BEFORE)
    facts = out / BEFORE / "release.json"
    text = facts.read_text().replace(built.inputs, "of other inputs")
    facts.write_text(text.replace(built.version, BEFORE))
    (out / "current").symlink_to(BEFORE)
    return out


@pytest.fixture(scope="module")
def watched(built: Release, tmp_path_factory: pytest.TempPathFactory) -> tuple[int, list[Path]]:
    """The number of calls of a build, and each distinct state on disk before a call."""
    folder = tmp_path_factory.mktemp("watched")
    arguments = [SMALL, with_a_release(built, folder), folder / "copies", " ".join(CALLS)]
    command = [sys.executable, "-c", WATCHED, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    copies = sorted((folder / "copies").iterdir(), key=lambda copy: int(copy.name))
    return int(done.stdout), copies


def test_before_each_call_of_a_build_there_is_a_whole_release(
    built: Release, watched: tuple[int, list[Path]]
) -> None:
    """What a kill leaves at any call; few calls change anything outside the scratch folder."""
    calls, copies = watched
    assert calls > 100  # each file is flushed to disk
    assert 2 < len(copies) < 20
    for copy in copies:
        assert verify(open_release(copy / "current")) == (), copy
        left = {path.name for path in copy.iterdir()}
        assert {name for name in left if name[:5] not in (".lock", ".new-")} <= {
            BEFORE,
            built.version,
            "current",
        }
        assert sum(name.startswith(".new-") for name in left) <= 1
    links = [(copy / "current").readlink().name for copy in copies]
    assert links == sorted(links) and (links[0], links[-1]) == (BEFORE, built.version)


def test_a_kill_at_any_stage_of_a_build_leaves_a_whole_release(
    built: Release, watched: tuple[int, list[Path]], tmp_path: Path
) -> None:
    """A build is killed at some of its steps, and the next build removes what is left."""
    calls, _ = watched
    out = with_a_release(built, tmp_path)
    for at in (0, calls // 2, calls - 2):
        assert build_killed_at(at, out).returncode == -signal.SIGKILL, at
        assert not list(verify_quads(open_release(out / "current"))), at
    made = build(SMALL, out).release
    assert verify(made) == verify(open_release(out / "current")) == ()
    assert {path.name for path in out.iterdir()} == {BEFORE, made.version, "current"}
    assert made.version == built.version


@pytest.mark.parametrize(
    ("error", "remedy"),
    [
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), "make room"),
        (OSError(errno.EMFILE, os.strerror(errno.EMFILE)), "ulimit -n"),
        (OSError(errno.EACCES, os.strerror(errno.EACCES)), "let this user write there"),
        (OSError("only 20 file descriptors allowed"), "put this right"),
    ],
)
def test_the_remedy_fits_the_error(tmp_path: Path, error: OSError, remedy: str) -> None:
    with pytest.raises(UnwritableRelease) as raised, writing(tmp_path):
        raise error
    assert remedy in str(raised.value)
    assert ("make room" in str(raised.value)) == (remedy == "make room")


def test_a_name_that_is_not_text_is_refused_at_once(tmp_path: Path) -> None:
    out = tmp_path / os.fsdecode(b"\xff")
    with pytest.raises(UnwritableRelease, match="give it a name in UTF-8"), writing(out):
        raise AssertionError("it has begun")
    assert not out.exists()
