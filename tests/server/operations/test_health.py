"""/health says what is wrong as soon as it is, and is well again once it is put right."""

import os
import resource
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from oograph.graph.release import open_release
from oograph.graph.store.embedded import EmbeddedStore
from oograph.server import create_app


@pytest.fixture(scope="module")
def folder(release_at, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return release_at(tmp_path_factory.mktemp("health") / "2026-01-01-0123456789ab")


@pytest.fixture(scope="module")
def started(start_server, folder: Path) -> Iterator:
    with start_server(folder) as server:
        yield server


@pytest.fixture
def running(started) -> Iterator:
    """A server that is well, and that a test leaves well."""
    assert started("/health").json["status"] == "ok"
    yield started
    assert started("/health").json["status"] == "ok"


def assert_failing(reply, says: str) -> None:
    assert reply.status == 503
    assert reply.json["status"] == "failing" and reply.json["store"] is True
    assert says in str(reply.json["detail"])
    assert reply.headers["Cache-Control"] == "no-store"


def test_a_release_that_went_away(running, folder: Path) -> None:
    away = folder.rename(folder.parent / "away")
    assert_failing(running("/health"), "release.json")
    away.rename(folder)


@pytest.mark.parametrize("name", ["dumps", "names.db", "works.db", "records.db", "report.html"])
def test_a_part_of_a_release_that_went_away(running, folder: Path, name: str) -> None:
    away = (folder / name).rename(folder.parent / "away")
    assert_failing(running("/health"), name)
    away.rename(folder / name)


@pytest.mark.parametrize("name", ["works.db", "dumps/oograph.ttl", "dumps/oograph.nq.gz"])
def test_a_part_of_a_release_that_was_cut_short(running, folder: Path, name: str) -> None:
    path = folder / name
    whole, times = path.read_bytes(), path.stat()
    os.truncate(path, 1000)
    assert_failing(running("/health"), name.partition("/")[0])
    if name.startswith("dumps/"):
        # not a thousand bytes under the digest of them all
        damaged = running(f"/{name}")
        assert damaged.status == 500 and "has changed since it was built" in damaged.text
        assert "Repr-Digest" not in damaged.headers
    path.write_bytes(whole)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


@pytest.mark.parametrize(
    ("damage", "address"),
    [
        pytest.param(lambda folder: os.truncate(folder / "works.db", 100), "/works", id="cut"),
        pytest.param(
            lambda folder: (folder / "works.db").write_bytes(
                bytes((folder / "works.db").stat().st_size)
            ),
            "/works",
            id="its length kept",
        ),
        pytest.param(
            lambda folder: (folder / "void.ttl").unlink(), "/.well-known/void", id="missing"
        ),
    ],
)
def test_a_page_that_cannot_be_made_of_damaged_files_says_so(
    release_at, tmp_path: Path, caplog: pytest.LogCaptureFixture, damage, address: str
) -> None:
    """And the log has a line of it, not a traceback a request."""
    folder = release_at(tmp_path / "2026-01-01-0123456789ab")
    with EmbeddedStore(folder) as store:
        client = create_app(open_release(folder), store).test_client()
        damage(folder)
        reply = client.get(address)
        assert reply.status_code == 500 and reply.json["title"] == "The release is damaged"
        assert "oograph check" in reply.json["detail"]
        (logged,) = caplog.records
        assert logged.levelname == "ERROR" and not logged.exc_info


@pytest.mark.parametrize(
    ("address", "status"),
    [
        pytest.param("/dumps/oograph.nt", 500, id="of the newest"),
        pytest.param("/dumps/2026-01-01-0123456789ab/oograph.nt", 410, id="of a version"),
    ],
)
def test_a_dump_of_a_release_that_went_away(running, folder: Path, address, status) -> None:
    """Where "the newest" is it is not gone for good."""
    away = folder.rename(folder.parent / "away")
    assert running(address).status == status
    away.rename(folder)


def test_a_full_disk(running) -> None:
    before = resource.prlimit(running.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(running.process.pid, resource.RLIMIT_FSIZE, (2**19, before[1]))
    assert_failing(running("/health"), "room")
    resource.prlimit(running.process.pid, resource.RLIMIT_FSIZE, before)


def test_a_process_that_is_missing_is_told(folder: Path, monkeypatch) -> None:
    """And a load balancer goes on sending: every query is answered."""
    with EmbeddedStore(folder) as store:
        assert store.wait(60)
        client = create_app(open_release(folder), store).test_client()
        assert client.get("/health").json["status"] == "ok"
        whole = store.status()
        one_ended = replace(whole, ready=whole.wanted - 1, replaced=1)
        monkeypatch.setattr(store, "status", lambda: one_ended)
        reply = client.get("/health")
        assert reply.status_code == 200 and reply.json["store"] is True
        assert reply.json["status"] == "degraded" and "3 of 4" in reply.json["detail"]
