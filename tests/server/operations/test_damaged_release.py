"""A damaged release is never served."""

import subprocess
import sys
from pathlib import Path

import pytest


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
    "name", ["dumps/oograph.ttl", "dumps/SHA256SUMS", "works.db", "report.html", "store"]
)
def test_a_missing_file_is_named_at_the_start(release_at, tmp_path: Path, name: str) -> None:
    folder = release_at(tmp_path / "2026-01-01-0123456789ab")
    (folder / name).rename(tmp_path / "away")
    done = serve(folder)
    assert done.returncode == 1
    assert f"{folder.name}/{name}: The file is missing" in done.stderr
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


@pytest.mark.parametrize("name", ["names.db", "works.db", "records.db", "dumps/oograph.ttl"])
def test_every_file_that_is_served_is_checked(release_at, tmp_path: Path, name: str) -> None:
    folder = release_at(tmp_path / "damaged", "damaged")
    path = folder / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 4000] = bytes(len(data[len(data) // 2 :][:4000]))
    path.write_bytes(data)
    program = Path(sys.executable).parent / "oograph"
    command = [program, "serve", "--port", "0", "--release", folder]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1, done.stdout
    assert name in done.stderr and "Traceback" not in done.stderr
