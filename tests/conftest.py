"""What the whole suite shares: one patience, one hypothesis profile, one release of each kind."""

from __future__ import annotations

import fcntl
import gc
import os
import shutil
import socket
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from oograph.graph import catalogue
from oograph.graph.release import Release
from oograph.graph.release.build import build

#: The only limit on time in the suite: how long to wait, in seconds, for what has to happen. It is
#: generous because a machine may be busy; speed is measured in bench/, not here.
PATIENCE = 60.0
SMALL = Path(__file__).parent / "fixtures" / "small"
#: The modules that take longest come first: a worker that began one of them last would leave the
#: others without work. (Of pytest-xdist's orders none knows how long a module takes.) Those that
#: keep all processors busy are apart from each other.
LONG = (
    "clients/test_every_link.py",
    "graph/release/test_processes.py",
    "test_shipped.py",
    "graph/release/test_build.py",
    "server/operations/test_mixed_hostility.py",
    "graph/rdf/test_chunks.py",
    "cli/test_import_processes.py",
    "remote/test_remote.py",
    "bench/test_parts.py",
    "graph/release/test_placing.py",
    "server/figures/test_figures.py",
    "server/test_every_page_in_a_browser.py",
    "graph/catalogue/test_storage.py",
    "graph/readers/test_bounds.py",
    "server/figures/test_in_a_browser.py",
    "cli/test_cli.py",
    "server/operations/test_fairness.py",
    "server/test_growth.py",
    "remote/test_load.py",
    "test_readme.py",
    "server/editor/test_in_a_browser.py",
    "graph/readers/test_dump.py",
    "graph/store/test_embedded.py",
    "server/operations/test_under_load.py",
    "graph/index/test_works_index.py",
    "server/operations/test_damaged_release.py",
    "graph/release/test_diff.py",
    "graph/index/test_search_query.py",
    "server/operations/test_serving.py",
    "graph/readers/test_source.py",
    "server/operations/test_peak_memory.py",
    "server/http/test_connections.py",
    "graph/index/test_index_streams.py",
    "server/test_journeys.py",
    "server/test_seen_from_outside.py",
    "bench/test_generate.py",
    "server/records/test_documents.py",
    "graph/release/test_releases.py",
    "shapes/test_every_shape.py",
    "server/dataset/test_dumps.py",
    "graph/rdf/test_validate.py",
    "server/test_pages_in_a_browser.py",
    "test_usual_changes.py",
    "server/querying/test_hostile_queries.py",
    "graph/vocabulary/test_links.py",
    "bench/test_w3c_sparql.py",
    "server/test_other_services.py",
    "server/pages/test_instrument.py",
    "graph/release/test_work_blocks.py",
    "graph/resolution/test_resolve.py",
    "clients/test_clients.py",
    "server/pages/test_lists.py",
)

settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")


def pytest_configure() -> None:
    """Say what goes for all processes of the run; workers have it from the first."""
    # all releases are dated alike, those of a run past midnight too
    os.environ.setdefault("SOURCE_DATE_EPOCH", str(int(time.time())))
    # none of the servers and commands that tests start compiles the package anew
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is collected stays: no garbage collection looks through it, now or later."""
    gc.disable()
    collected = yield
    gc.freeze()
    gc.enable()
    return collected


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest modules first."""
    place = {Path(__file__).parent / name: number for number, name in enumerate(LONG)}
    items.sort(key=lambda item: place.get(item.path, len(LONG)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: many tests wait for what they have started."""
    return len(os.sched_getaffinity(0)) + 1


@pytest.fixture(scope="session", autouse=True)
def no_wait_for_the_disk() -> Iterator[None]:
    """What is written is whole for all processes, on the disk or not; no test cuts the power."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda handle: None)
        yield


@pytest.fixture(scope="session")
def patience() -> float:
    """The limit on every wait, in seconds."""
    return PATIENCE


@pytest.fixture(scope="session")
def free_port() -> Iterator[Callable[[], int]]:
    """Finds a port that nobody listens on, and that the system gives to nobody else."""
    with ExitStack() as kept:

        def find() -> int:
            # bound, and not listening: who names this port may bind it, too
            taken = kept.enter_context(socket.socket())
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            taken.bind(("127.0.0.1", 0))
            return int(taken.getsockname()[1])

        yield find


@pytest.fixture(scope="session")
def eventually() -> Callable[[Callable[[], object], str], None]:
    """Wait until a condition holds; fail with the message where it never does."""

    def wait(condition: Callable[[], object], message: str) -> None:
        until = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < until, message
            time.sleep(0.02)

    return wait


@pytest.fixture(scope="session")
def small_release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The release of tests/fixtures/small. Read it; copy it to change it."""
    return _built_once(SMALL, tmp_path_factory)


@pytest.fixture
def small_out(small_release: Release, tmp_path: Path) -> Path:
    """A copy of the folder that the small release was built into."""
    return shutil.copytree(small_release.folder.parent, tmp_path / "out", symlinks=True)


@pytest.fixture(scope="session")
def shipped_release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The release of the catalogue that is shipped. Read it; copy it to change it."""
    return _built_once(catalogue.default_folder(), tmp_path_factory)


def _built_once(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The release of a catalogue, built by the first worker of pytest-xdist that wants it."""
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / folder.name
    shared.mkdir(exist_ok=True)
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return build(folder, shared / "out").release  # an up-to-date release is not built again
