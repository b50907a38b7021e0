"""Missing and damaged files of a release are noticed and named."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from oograph.graph.errors import NoRelease
from oograph.graph.model import Problem
from oograph.graph.release import Release, open_release
from oograph.graph.release.dumps import SUMS
from oograph.graph.release.verify import inspection_of, missing, verify, verify_quads


@pytest.fixture
def release(small_release: Release, tmp_path: Path) -> Release:
    shutil.copytree(small_release.folder, tmp_path / small_release.version)
    return open_release(tmp_path / small_release.version)


def served(release: Release) -> tuple[Problem, ...]:
    """The problems that a server finds before it switches to a release."""
    return inspection_of(release).wait()


def test_a_release_as_it_was_built_has_no_problems(release: Release) -> None:
    assert verify(release) == served(release) == missing(release) == ()


def test_every_missing_file_is_named_and_no_other(release: Release, tmp_path: Path) -> None:
    files = [path for path in release.folder.rglob("*") if path.is_file()]
    needed = [path for path in files if path.parent.name != "store" and path.name != "release.json"]
    assert len(needed) > 50
    sums = release.folder / "dumps" / SUMS  # without it the other dumps are unknown
    needed.remove(sums)
    for gone in ([sums], needed[::2], needed[1::2]):
        for number, path in enumerate(gone):
            path.rename(tmp_path / f"away-{number}")
        problems = verify(release)
        assert {problem.file for problem in problems} == {*map(str, gone)}
        assert all(problem.message and problem.remedy for problem in problems)
        assert {problem.file for problem in missing(release)} == {*map(str, gone)}
        for number, path in enumerate(gone):
            (tmp_path / f"away-{number}").rename(path)


@pytest.mark.parametrize(
    "name", ["dumps/oograph.ttl", "dumps/oograph.nq", "names.db", "records.db", "void.ttl"]
)
def test_a_file_with_other_bytes_is_named(release: Release, name: str) -> None:
    path = release.folder / name
    data = bytearray(path.read_bytes())
    data[:200] = bytes(200)
    path.write_bytes(data)
    assert str(path) in {problem.file for problem in verify(release)}


def test_quads_that_break_off_at_a_line_are_noticed_at_the_cheap_level(release: Release) -> None:
    path = release.folder / "dumps" / "oograph.nq"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:-10]))
    (problem,) = verify_quads(release)
    assert problem.file == str(path)
    assert f"{len(lines) - 10:,} statements, not {len(lines):,}" in problem.message


def test_a_store_that_is_gone_is_noticed(release: Release) -> None:
    shutil.rmtree(release.folder / "store")
    assert [problem.file for problem in verify(release)] == [str(release.folder / "store")]


def test_a_damaged_store_is_no_traceback(release: Release) -> None:
    for file in (release.folder / "store").glob("*.sst"):
        size = file.stat().st_size
        file.write_bytes(b"\xff" * size)
    for check in (verify, served):
        (problem,) = check(release)
        assert "The file is damaged" in problem.message
        assert problem.file == str(release.folder / "store")


def test_too_few_descriptors_are_no_damage(release: Release) -> None:
    looked = (
        "import resource, sys; from pathlib import Path;"
        "from oograph.graph.release import open_release;"
        "from oograph.graph.release.verify import inspection_of;"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64));"
        "found = inspection_of(open_release(Path(sys.argv[1]))).wait();"
        "[print(each.message, each.remedy) for each in found]"
    )
    said = subprocess.check_output([sys.executable, "-c", looked, release.folder], text=True)
    assert "cannot be opened" in said and "ulimit -n" in said
    assert "damaged" not in said and "oograph build" not in said


def test_open_release_names_the_file(release: Release) -> None:
    facts = release.folder / "release.json"
    facts.write_text("{")
    with pytest.raises(NoRelease, match=r"release\.json is damaged"):
        open_release(release.folder)
    facts.unlink()
    with pytest.raises(NoRelease, match=r"release\.json"):
        open_release(release.folder)
