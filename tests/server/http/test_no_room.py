"""A server that has no room for its threads says so, and what to do."""

import subprocess
import sys
from pathlib import Path

OOGRAPH = Path(sys.executable).parent / "oograph"


def test_too_little_memory_for_the_threads_is_one_line(release_at, tmp_path: Path) -> None:
    folder = release_at(tmp_path / "2026-01-01-0123456789ab")
    command = f"ulimit -v 1200000; exec {OOGRAPH} serve --release {folder} --port 0"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=120)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("Error: the 88 threads of the server")
    assert "ulimit -v" in done.stderr and "Traceback" not in done.stderr
