"""A damaged release is never served."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from oograph.graph.release import open_release
from oograph.graph.release.verify import inspection_of
from oograph.graph.store.embedded import EmbeddedStore
from oograph.server import create_app


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
    problems = inspection_of(open_release(folder)).wait()
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
    with start_server(release_at(tmp_path / version, version)) as server:
        assert server("/health").json["version"] == version
        assert server(f"/dumps/{version}/").status == 200
        assert server(f"/dumps/{before.name}/").status == 410


def serve(folder: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).parent / "oograph"
    command = [str(program), "serve", "--port", "0", "--release", str(folder)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def test_every_file_that_is_served_is_checked(release_at, tmp_path: Path) -> None:
    folder = release_at(tmp_path / "damaged", "damaged")
    beside = {path.name for path in folder.iterdir() if path.is_file()} - {"release.json"}
    assert {"works.db", "report.db", "void.ttl", "changes.add.nt", "report.html"} <= beside
    names = (*(name for name in beside if (folder / name).stat().st_size), "dumps/oograph.ttl")
    for name in names:
        data = bytearray((folder / name).read_bytes())
        data[len(data) // 2] ^= 1
        (folder / name).unlink()  # a file that the release has under two names is damaged in one
        (folder / name).write_bytes(data)
    problems = inspection_of(open_release(folder)).wait()
    assert {problem.file for problem in problems} == {str(folder / name) for name in names}
    done = serve(folder)
    assert done.returncode == 1, done.stdout
    assert any(name in done.stderr for name in names) and "Traceback" not in done.stderr


@pytest.fixture
def slow_dump(release_at, tmp_path: Path) -> Path:
    """A dump that is as slow as its writer: the file system hands on what is written to it."""
    folder = release_at(tmp_path / "2026-01-01-0123456789ab")
    dump = folder / "dumps" / "oograph.ttl"
    dump.rename(tmp_path / "whole.ttl")
    os.mkfifo(dump)
    return dump


def write(pipe: Path, data: bytes, eventually) -> None:
    """Write to a pipe, once there is a reader."""
    opened: list[int] = []

    def is_read() -> bool:
        with suppress(OSError):
            opened.append(os.open(pipe, os.O_WRONLY | os.O_NONBLOCK))
        return bool(opened)

    eventually(is_read, "nobody reads it")
    os.set_blocking(opened[0], True)
    with open(opened[0], "wb") as file:
        file.write(data)


def test_a_large_release_is_served_while_it_is_checked(
    start_server, eventually, slow_dump: Path, tmp_path: Path
) -> None:
    """Each dump from when it is found whole, and all else at once."""
    with start_server(slow_dump.parent.parent, check_seconds=0) as server:
        assert server("/").status == server("/works").status == 200
        assert server.query("ASK {}").status == 200
        # one after the other comes to be known as whole, but for the one that is slow
        eventually(
            lambda: str(server("/health").json.get("detail")).endswith("being checked: 1."),
            "the others are not checked",
        )
        health = server("/health")
        assert health.status == 200 and health.json["status"] == "degraded"
        assert server("/dumps/oograph.nq").status == 200
        assert server("/dumps/SHA256SUMS").status == 200
        for path in ("/dumps/oograph.ttl", f"/dumps/{slow_dump.parent.parent.name}/oograph.ttl"):
            reply = server(path)
            assert reply.status == reply.json["status"] == 503
            assert reply.type == "application/problem+json"
            assert int(reply.headers["Retry-After"]) > 0
            assert "Repr-Digest" not in reply.headers
        assert "oograph.ttl is still being" in server("/dumps/oograph.ttl", "text/html").text
        write(slow_dump, (tmp_path / "whole.ttl").read_bytes(), eventually)
        eventually(lambda: server("/health").json["status"] == "ok", "the last one is not checked")


def test_a_dump_is_given_once_it_is_checked(release_at, tmp_path: Path) -> None:
    folder = release_at(tmp_path / "2026-01-01-0123456789ab")
    unchecked = {"dumps/oograph.nt", "dumps/oograph.nq"}
    with EmbeddedStore(folder) as store:
        release = open_release(folder)
        app = create_app(release, store, unchecked=lambda: frozenset(unchecked))
        client = app.test_client()
        assert client.get("/dumps/oograph.nt").status_code == 503
        assert client.get("/dumps/oograph.ttl").status_code == 200
        unchecked.remove("dumps/oograph.nt")
        given = client.get("/dumps/oograph.nt")
        assert given.status_code == 200
        assert given.data == (folder / "dumps" / "oograph.nt").read_bytes()
        assert client.get("/dumps/oograph.nq").status_code == 503


def test_damage_that_is_found_later_ends_the_server(
    start_server, eventually, slow_dump: Path, tmp_path: Path, patience
) -> None:
    with (tmp_path / "said").open("w+") as said:
        server = start_server(slow_dump.parent.parent, stderr=said.fileno(), check_seconds=0)
        try:
            assert server("/").status == 200
            whole = (tmp_path / "whole.ttl").read_bytes()
            write(slow_dump, whole.replace(b"Upwork", b"Upwrok", 1), eventually)
            assert server.process.wait(patience) == 1
        finally:
            server.process.kill()
            server.process.wait(patience)
        said.seek(0)
        assert f"{slow_dump}: The file is damaged: its SHA-256 is not that" in said.read()


@pytest.mark.parametrize("name", ["dumps/oograph.ttl", "works.db"])
def test_a_small_release_is_checked_whole_before_anybody_is_answered(
    release_at, tmp_path: Path, name: str
) -> None:
    folder = release_at(tmp_path / "damaged", "damaged")
    data = bytearray((folder / name).read_bytes())
    middle = len(data) // 2
    data[middle : middle + 4000] = bytes(len(data[middle : middle + 4000]))
    (folder / name).write_bytes(data)
    program = "import sys; from pathlib import Path; from oograph.server import serve"
    patient = f"{program}; serve(Path(sys.argv[1]), port=0, check_seconds=60)"
    command = [sys.executable, "-c", patient, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1 and not done.stdout
    assert f"NoRelease: {folder / name}: The file is damaged" in done.stderr


def test_damage_in_what_another_release_has_replaced_ends_nobody(
    start_server, release_at, eventually, slow_dump: Path, tmp_path: Path
) -> None:
    version = "2026-01-02-0123456789ab"
    current = tmp_path / "current"
    current.symlink_to(slow_dump.parent.parent)
    with start_server(current, check_seconds=0) as server:
        assert server("/health").json["version"] == slow_dump.parent.parent.name
        new = release_at(tmp_path / version, version)
        (tmp_path / "next").symlink_to(new)
        (tmp_path / "next").rename(current)
        server.process.send_signal(signal.SIGHUP)
        eventually(lambda: server("/health").json["version"] == version, "it does not take over")
        write(slow_dump, b"something else", eventually)
        with pytest.raises(subprocess.TimeoutExpired):
            server.process.wait(1)
        assert server("/health").json["status"] == "ok"
