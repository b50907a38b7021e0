"""A damaged release is never served."""

import subprocess
import sys
from pathlib import Path

import pytest

from oograph.graph.release import open_release
from oograph.graph.release.verify import verify_served


@pytest.mark.parametrize("damage", ["cut", "flipped", "missing"])
def test_a_damaged_release_is_refused_at_the_start(release_at, tmp_path: Path, damage: str) -> None:
    folder = release_at(tmp_path / "damaged", "damaged")
    dump = folder / "dumps" / "oograph.nq"
    data = dump.read_bytes()
    if damage == "cut":
        lines = data.splitlines(keepends=True)
        dump.write_bytes(b"".join(lines[: len(lines) // 2]))
    elif damage == "flipped":
        dump.write_bytes(data.replace(b"Upwork", b"Upwrok", 1))
    else:
        dump.unlink()
    done = serve(folder)
    assert done.returncode == 1
    assert "oograph.nq" in done.stderr and "Traceback" not in done.stderr
    assert "oograph build" in done.stderr


@pytest.mark.parametrize(
    "names",
    [("dumps/oograph.ttl", "works.db", "report.html", "store"), ("dumps/SHA256SUMS",)],
    ids=["files", "the list of the dumps"],
)
def test_each_missing_file_is_named_at_the_start(
    release_at, tmp_path: Path, names: tuple[str, ...]
) -> None:
    folder = release_at(tmp_path / "2026-01-01-0123456789ab")
    for number, name in enumerate(names):
        (folder / name).rename(tmp_path / f"away-{number}")
    problems = verify_served(open_release(folder))
    assert {problem.file for problem in problems} == {str(folder / name) for name in names}
    done = serve(folder)
    assert done.returncode == 1
    assert any(f"{folder.name}/{name}: The file is missing" in done.stderr for name in names)
    assert "oograph build" in done.stderr
    assert "--port" not in done.stderr and "Traceback" not in done.stderr


def test_a_damaged_release_before_keeps_nobody_from_the_new_one(
    release_at, start_server, tmp_path: Path
) -> None:
    before = release_at(tmp_path / "2026-01-01-0123456789ab")
    (before / "dumps" / "oograph.ttl").unlink()
    version = "2026-01-02-0123456789ab"
    server = start_server(release_at(tmp_path / version, version))
    try:
        assert server("/health").json["version"] == version
        assert server(f"/dumps/{version}/").status == 200
        assert server(f"/dumps/{before.name}/").status == 410
    finally:
        server.stop()


def serve(folder: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).parent / "oograph"
    command = [str(program), "serve", "--port", "0", "--release", str(folder)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def test_every_file_that_is_served_is_checked(release_at, tmp_path: Path) -> None:
    folder = release_at(tmp_path / "damaged", "damaged")
    names = ("names.db", "works.db", "records.db", "dumps/oograph.ttl")
    for name in names:
        data = bytearray((folder / name).read_bytes())
        data[len(data) // 2 : len(data) // 2 + 4000] = bytes(len(data[len(data) // 2 :][:4000]))
        (folder / name).write_bytes(data)
    problems = verify_served(open_release(folder))
    assert {problem.file for problem in problems} == {str(folder / name) for name in names}
    done = serve(folder)
    assert done.returncode == 1, done.stdout
    assert any(name in done.stderr for name in names) and "Traceback" not in done.stderr
