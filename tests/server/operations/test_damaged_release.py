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
    program = Path(sys.executable).parent / "oograph"
    command = [program, "serve", "--port", "0", "--release", folder]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "oograph.nq" in done.stderr and "Traceback" not in done.stderr
    assert "oograph build" in done.stderr
