"""Many clients at once: who has to wait, who is turned away, and who is not."""

import select
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from urllib.parse import urlencode

import pytest

SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n2 ?o }"
BROWSER = "text/html,*/*;q=0.1"


@pytest.fixture(scope="module")
def proxied(start_server):
    """A server behind one proxy, so that a test can come from any address."""
    with start_server(
        trusted_proxies=1, limits={"client_queries": 3, "queue": 6, "seconds": 20.0}
    ) as running:
        assert running("/health").status == 200
        yield running


def ask(server, query: str, address: str, timeout: float = 0.5):
    path = f"/sparql?query={query.replace(' ', '+')}&timeout={timeout}"
    return server(path, X_Forwarded_For=address)


def test_one_client_cannot_starve_another(proxied, eventually) -> None:
    stop = threading.Event()
    statuses: Counter[int] = Counter()

    def flood() -> None:
        while not stop.is_set():
            statuses[ask(proxied, SLOW, "192.0.2.1").status] += 1

    flooding = [threading.Thread(target=flood) for _ in range(12)]
    for thread in flooding:
        thread.start()
    try:
        eventually(lambda: statuses.total(), "the flood is not answered")
        for number in range(4):
            query = f"SELECT ?s {{ ?s ?p {number} }}"
            assert ask(proxied, query, "192.0.2.2", timeout=20).status == 200
    finally:
        stop.set()
        for thread in flooding:
            thread.join()
    assert set(statuses) <= {429, 503}


def test_hogs_shut_nobody_out(start_server) -> None:
    server = start_server(
        trusted_proxies=1, limits={"seconds": 1.0, "queue": 8, "client_queries": 4}
    )
    stop = threading.Event()

    def flood(address: str) -> None:
        while not stop.is_set():
            ask(server, SLOW, address)

    hogs = [f"192.0.2.{number}" for number in (1, 2, 3) for _ in range(4)]
    flooding = [threading.Thread(target=flood, args=(address,)) for address in hogs]
    for thread in flooding:
        thread.start()
    try:
        time.sleep(1)
        # Patience is a time limit and the start of a worker: 200 says that it did not run out.
        statuses = [ask(server, f"ASK {{}} # {n}", "192.0.2.9").status for n in range(6)]
    finally:
        stop.set()
        for thread in flooding:
            thread.join()
        server.stop()
    assert statuses == [200] * 6


def test_a_class_behind_one_address_is_served(start_server) -> None:
    with start_server(limits={"queue": 32, "client_queries": 4, "seconds": 10}) as server:
        queries = [f"SELECT ?s {{ ?s ?p ?o }} LIMIT {number + 1}" for number in range(12)]
        with ThreadPoolExecutor(12) as pool:
            assert [reply.status for reply in pool.map(server.query, queries)] == [200] * 12


@contextmanager
def others_asking(server) -> Iterator[None]:
    """Four clients whose queries run, or wait, from before the body begins until it is over."""
    with ExitStack() as stack:
        asked = []
        for number in range(4):
            connection = HTTPConnection("127.0.0.1", server.port, timeout=60)
            stack.callback(connection.close)
            path = f"/sparql?{urlencode({'query': f'{SLOW} # {number}'})}"
            connection.request("GET", path, headers={"X-Forwarded-For": f"198.51.100.{number}"})
            asked.append(connection.sock)
        time.sleep(0.5)
        yield
        answered, _, _ = select.select(asked, [], [], 0)
        assert not answered


def test_pages_do_not_wait_for_queries(proxied) -> None:
    with others_asking(proxied):
        assert proxied("/publication/doe-2020-clicks.html", BROWSER).status == 200
        assert proxied("/health").status == 200


def test_past_the_queue_everybody_is_turned_away(proxied) -> None:
    with ThreadPoolExecutor(24) as pool:
        addresses = [f"198.51.100.{number}" for number in range(24)]
        replies = list(pool.map(lambda address: ask(proxied, SLOW, address, timeout=1), addresses))
    full = [reply for reply in replies if reply.json["limit"] == "workers"]
    assert len(full) >= 12
    assert all(reply.status == 503 and reply.headers["Retry-After"] for reply in full)
    assert ask(proxied, "ASK {}", "198.51.100.1").status == 200


@pytest.mark.parametrize(
    ("addresses", "one_client"),
    [
        pytest.param([f"2001:db8:1:2::{n:x}" for n in range(8)], True, id="one IPv6 network"),
        pytest.param([f"192.0.2.1:{5000 + n}" for n in range(8)], True, id="one, with its ports"),
        pytest.param([f"2001:db8:1:{n:x}::1" for n in range(8)], False, id="eight networks"),
        pytest.param([f"203.0.113.9, 192.0.2.{n}" for n in range(8)], False, id="last hop counts"),
        pytest.param([f"192.0.2.{n}, 203.0.113.9" for n in range(8)], True, id="first is hearsay"),
    ],
)
def test_who_counts_as_one_client(proxied, addresses, one_client) -> None:
    with others_asking(proxied), ThreadPoolExecutor(12) as pool:
        replies = list(pool.map(lambda address: ask(proxied, SLOW, address), addresses))
    crowded = sum(reply.json["limit"] == "client_queries" for reply in replies)
    assert (crowded > 0) is one_client


def test_without_a_trusted_proxy_the_header_counts_for_nothing(server) -> None:
    with ThreadPoolExecutor(10) as pool:
        addresses = [f"192.0.2.{number}" for number in range(10)]
        replies = list(pool.map(lambda address: ask(server, SLOW, address), addresses))
    # All of it is one client, none of whose requests is displaced by another's.
    assert {reply.status for reply in replies} == {503}
