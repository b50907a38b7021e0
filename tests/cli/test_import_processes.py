"""An import in several processes: the same as in one, whatever the files; and one that is cut."""

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import psutil
import pytest
from click.testing import CliRunner, Result

from oograph.cli import catalogue as command
from oograph.cli import main
from oograph.graph.catalogue import reading
from oograph.graph.errors import UnreadableFile
from oograph.graph.model import Entry
from oograph.graph.readers import bibtex
from oograph.graph.release.processes import working

FIXTURES = Path(__file__).parents[1] / "fixtures"


def bib(first: int, last: int) -> str:
    """Entries of which some are of one work, some broken, and some have an abstract."""
    kinds = (
        "@article{{k{n}, author = {{Wood, Alex and Low, B{n}}}, title = {{Gig work in town {m}}},"
        " year = {{2019}}, abstract = {{We interviewed {n} couriers in Kenya.}}}}\n",
        "@misc{{k{n}, title = {{Tasks --- \\&\\ number {n}}}, yeer = {{2019}}, doi = {{none}}}}\n",
        "@article{{k{n}, title = {{Never closed {n}}}, year = {{2001}}\n",
        "@inproceedings{{k{m}, title = {{Twice {n}}}, crossref = {{whole}}, journal = jw}}\n",
    )
    return "".join(kinds[n % 4].format(n=n, m=n // 8) for n in range(first, last))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Files of many kinds, so small that parts and groups of files are many."""
    monkeypatch.setattr(bibtex, "_PART_LENGTH", 1_000)
    monkeypatch.setattr(reading, "_SMALL", 2_000)
    monkeypatch.setattr(reading, "_LARGE", 10_000)
    monkeypatch.chdir(tmp_path)
    files = tmp_path / "files"
    files.mkdir()
    whole = "@proceedings{whole, title = {The whole}, year = 2003}\n"
    (files / "a.bib").write_text(f"@string{{jw = {{Journal}}}}\n{bib(0, 200)}{whole}")
    (files / "b.bib").write_text(bib(150, 160))
    (files / "c.txt").write_text("in no format\n")
    (files / "d.bib").write_text("@comment{no records}\n" * 100)
    (files / "e.bib").write_bytes("@misc{é, title = {Café}}\n".encode("latin-1") * 100)
    (files / "f.bib").write_bytes(b"@misc{\x00}\n")
    for n in range(20):
        text = f"TY  - JOUR\nTI  - Work {n}\nPY  - 2000\nXX  - not read\nER  - \n"
        (files / f"g{n:02}.ris").write_text(text * (1 + n % 3 * 90))
    (files / "h.csv").write_text("Title,Year\n" + "".join(f"Row {n},2001\n" for n in range(2_000)))
    (files / "i.bib").write_text(bib(300, 400))
    return files


def run(files: Path, out: str, *more: str) -> Result:
    options = ["--catalogue", f"{out}/cat", "--rejects", f"{out}/rejects.jsonl", *more]
    return CliRunner().invoke(main, ["import", str(files), *options])


def written(folder: Path) -> Mapping[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_an_import_is_the_same_in_any_number_of_processes(folder: Path, tmp_path: Path) -> None:
    alone, two = (run(folder, n, "--explain", "--processes", n) for n in ("1", "2"))
    assert alone.exit_code == two.exit_code == 1
    assert alone.stderr == two.stderr
    assert alone.stdout == two.stdout.replace("see 2/", "see 1/")
    assert written(tmp_path / "1") == written(tmp_path / "2")
    assert {"cat/works.json", "rejects.jsonl"} <= written(tmp_path / "1").keys()
    # each of these is said of a file as a whole
    for text in ("c.txt", "no records found", "Windows-1252", "NUL", "not read: the"):
        assert text in alone.stderr
    assert "an earlier entry in this file has the same key" in alone.stderr


def test_an_error_of_a_file_comes_after_its_entries(folder: Path) -> None:
    entries, fault = reading._whole_file(folder / "c.txt", {})
    assert not entries and fault and fault.message == "c.txt: the format is not recognised"
    again = reading._again([], fault)
    with pytest.raises(UnreadableFile, match="not recognised"):
        next(again)


def test_little_is_read_in_one_process(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(command, "working")
    assert run(folder, "one").exit_code == 1


def test_much_is_read_in_several(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[int] = []

    def starting(processes: int) -> AbstractContextManager[Executor]:
        started.append(processes)
        return working(processes)

    monkeypatch.setattr(command, "working", starting)
    monkeypatch.setattr(reading, "_MUCH", 1_000)
    monkeypatch.setattr(command, "cores", lambda: 2)
    assert run(folder, "several").exit_code == 1
    assert started == [2]


def test_a_process_that_is_killed_is_an_error_and_nothing_is_written(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killing(
        paths: Iterable[Path], headers: Mapping[str, str], pool: ProcessPoolExecutor
    ) -> Iterator[tuple[Path, Iterator[Entry]]]:
        for each in reading.read_files(paths, headers, pool):
            yield each
            for pid in list(pool._processes or ()):
                os.kill(pid, signal.SIGKILL)

    assert run(folder / "b.bib", "out").exit_code == 1
    before = written(tmp_path / "out")
    monkeypatch.setattr(command, "read_files", killing)
    done = run(folder, "out", "--processes", "2")
    assert done.exit_code == 1
    assert "a worker process that was reading the files was killed" in done.stderr
    assert "nothing was imported; try again, with --processes 1" in done.stderr
    assert "Traceback" not in done.stderr and not done.stdout
    assert written(tmp_path / "out") == before


@pytest.fixture
def importing(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """An import that is reading a large file in two processes."""
    (tmp_path / "large.bib").write_text(bib(0, 60_000))
    program = str(Path(sys.executable).parent / "oograph")
    arguments = ["import", "large.bib", "--catalogue", "cat", "--processes", "2"]
    with subprocess.Popen(
        [program, *arguments], cwd=tmp_path, stderr=subprocess.PIPE, text=True
    ) as started:
        while len(psutil.Process(started.pid).children(recursive=True)) < 4:
            assert started.poll() is None
        yield started
        started.kill()


@pytest.mark.parametrize(("sign", "says"), [(signal.SIGINT, "Aborted!"), (signal.SIGKILL, "")])
def test_an_import_that_is_stopped_leaves_no_process(
    importing: subprocess.Popen[str],
    tmp_path: Path,
    eventually: Callable[[Callable[[], object], str], None],
    sign: signal.Signals,
    says: str,
) -> None:
    others: list[Any] = psutil.Process(importing.pid).children(recursive=True)
    importing.send_signal(sign)
    _, errors = importing.communicate(timeout=60)
    assert importing.returncode and says in errors and "Traceback" not in errors
    eventually(lambda: not any(map(psutil.Process.is_running, others)), "a process is left")
    assert not (tmp_path / "cat" / "works.json").exists()
    assert not (tmp_path / "rejects.jsonl").exists()


#: A command in a process where little stays in memory; else it would take many more works.
CROWDED = """
import sys
from oograph.cli import main
from oograph.graph import shelf
shelf._HELD, shelf._CACHE_KIB = 4, 8
main()
"""


@pytest.mark.parametrize(
    "arguments",
    [
        ["import", "more.bib", "--processes", "1"],
        ["import", "--undo"],
        ["withdraw", "wood-2019-gig-work-town", "--reason", "twice"],
        ["export", "csl"],
    ],
    ids=lambda arguments: " ".join(arguments[:2]),
)
def test_a_command_without_room_for_its_scratch_says_so(
    tmp_path: Path, arguments: list[str]
) -> None:
    (tmp_path / "some.bib").write_text(bib(0, 900))
    (tmp_path / "more.bib").write_text(bib(1000, 1100))
    assert run(tmp_path / "some.bib", str(tmp_path)).exit_code == 1
    before = written(tmp_path)
    done = subprocess.run(
        # "-B": Python would leave half a file of bytecode
        [sys.executable, "-B", "-c", CROWDED, *arguments, "--catalogue", "cat"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 14, 1 << 14)),
    )
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "cannot write a scratch file: " in done.stderr
    assert "nothing was changed; free some space in TMPDIR" in done.stderr
    assert written(tmp_path) == before
