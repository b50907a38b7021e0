"""A server that has no room: for its threads, or for a file."""

import http.client
import resource
import subprocess
import sys
from contextlib import closing
from pathlib import Path

OOGRAPH = Path(sys.executable).parent / "oograph"


def test_too_little_memory_for_the_threads_is_one_line(release_at, tmp_path: Path) -> None:
    folder = release_at(tmp_path / "2026-01-01-0123456789ab")
    command = f"ulimit -v 1200000; exec {OOGRAPH} serve --release {folder} --port 0"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=120)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("Error: cannot start the 88 threads")
    assert "ulimit -v" in done.stderr and "Traceback" not in done.stderr


def test_a_full_disk_is_no_bar_to_a_large_body(start_server) -> None:
    with start_server() as running:
        resource.prlimit(running.process.pid, resource.RLIMIT_FSIZE, (0, 0))
        with closing(http.client.HTTPConnection("127.0.0.1", running.port, timeout=60)) as client:
            media_type = {"Content-Type": "application/sparql-query"}
            client.request("POST", "/sparql", b"ASK {} #".ljust(1_900_000, b"x"), media_type)
            assert client.getresponse().status == 413
