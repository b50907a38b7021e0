"""Which requests are answered in the server's loop, and which need a thread of their own."""

import select
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote

import pytest

from oograph.graph.release import Release, open_release
from oograph.graph.store.answers import Limits
from oograph.graph.store.embedded import EmbeddedStore
from oograph.server.app import create_app
from oograph.server.http.server import Server, create_server
from oograph.server.http.threads import FairThreads
from oograph.server.operations.response_cache import ResponseCache
from oograph.server.querying import sparql

JSON = {"Accept": "application/sparql-results+json"}
#: Some 10 million rows.
LONG = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


class Site:
    """A site in this process, which counts what it has threads for."""

    def __init__(self, release: Release) -> None:
        self.in_threads = 0
        self.store = EmbeddedStore(release.folder, Limits(seconds=60), cache_bytes=0)
        self.store.wait(60)
        app = create_app(release, self.store)
        cached = ResponseCache(app, 2**20, (), sparql.PATH)
        self.server: Server = create_server(cached, "127.0.0.1", 0, 4, gives_way=True)
        threading.Thread(target=self.server.run, daemon=True).start()

    def connect(self) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self.server.port, timeout=60)

    def ask(
        self, path: str, headers: dict[str, str] = JSON, body: str = ""
    ) -> tuple[int, bytes, bool]:
        """The status and the body of an answer, and whether it took a thread."""
        before = self.in_threads
        with closing(self.connect()) as connection:
            form = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
            connection.request("POST" if body else "GET", path, body or None, headers | form)
            reply = connection.getresponse()
            return reply.status, reply.read(), self.in_threads > before

    def query(self, text: str, **headers: str) -> tuple[int, bytes, bool]:
        """The answer to a query by GET."""
        return self.ask("/sparql?query=" + quote(text), JSON | headers)


@pytest.fixture
def site(small_release: Release, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    site = Site(open_release(small_release.folder))
    add = FairThreads.add_task

    def counted(dispatcher: FairThreads, task: Any) -> None:
        site.in_threads += 1
        add(dispatcher, task)

    monkeypatch.setattr(FairThreads, "add_task", counted)
    yield site
    site.server.close()
    site.store.close()


def test_a_query_takes_no_thread(site) -> None:
    query = "SELECT ?s { ?s ?p ?o } LIMIT 3"
    status, body, took_thread = site.query(query)
    assert (status, took_thread) == (200, False)
    assert site.ask("/sparql", body="query=" + quote(query)) == (200, body, False)
    assert site.query("SELECT nonsense")[::2] == (400, False)


def test_a_page_takes_one_until_it_is_kept(site) -> None:
    html = {"Accept": "text/html"}
    first, again = site.ask("/about", html), site.ask("/about", html)
    assert first == (200, again[1], True)
    assert not again[2]
    assert site.ask("/sparql?query=" + quote("ASK {}"), html)[::2] == (200, True)


def test_what_is_long_takes_one(site) -> None:
    """A query that takes long to read, a service description, and a long answer."""
    assert site.query("ASK {}" + "#" * 4_000)[::2] == (200, True)
    assert site.ask("/sparql", body="query=" + quote("ASK {}" + "#" * 4_000))[::2] == (200, True)
    for header in ("Accept-Encoding", "If-None-Match", "X-Anything"):
        assert site.query("ASK {}", **{header: "a," * 2_000})[::2] == (200, True)
    assert site.ask("/sparql", {"Accept": "text/turtle"})[::2] == (200, True)
    long = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 20000"
    status, body, took_thread = site.query(long)
    assert (status, took_thread) == (200, True)
    assert body == site.store.query(long, JSON["Accept"]).body
    status, packed, took_thread = site.query(long + "#", **{"Accept-Encoding": "gzip"})
    assert (status, took_thread) == (200, True)
    assert len(packed) < len(body) / 2


def test_a_long_query_holds_up_nobody(site, eventually) -> None:
    with ExitStack() as stack:
        long = [stack.enter_context(closing(site.connect())) for _ in range(2)]
        for number, connection in enumerate(long):
            connection.request("GET", f"/sparql?query={quote(LONG)}%23{number}")
        eventually(lambda: site.store.status().running == 2, "they do not begin")
        for number in range(6):
            assert site.query(f"ASK {{}} # {number}")[0] == 200
        answered, _, _ = select.select([connection.sock for connection in long], [], [], 0)
        assert not answered
    eventually(lambda: site.store.status().running == 0, "they go on")


def test_a_query_that_is_stopped_takes_no_thread(site) -> None:
    assert site.ask(f"/sparql?timeout=0.3&query={quote(LONG)}")[::2] == (503, False)


def test_a_query_whose_worker_is_killed_is_tried_again(site) -> None:
    pool = site.store._pool
    stop = threading.Event()

    def kill() -> None:
        while not stop.wait(0.05):
            for worker in list(pool._ready):
                worker.kill()

    killing = threading.Thread(target=kill)
    killing.start()
    try:
        statuses = {site.query(f"ASK {{}} # {number}")[0] for number in range(30)}
    finally:
        stop.set()
        killing.join()
    assert statuses <= {200, 503}
    assert site.store.wait(60)
    assert site.query("ASK {} # now")[::2] == (200, False)
