"""Many clients at once: who has to wait, who is turned away, and who is not."""

import json
import re
import select
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from http.client import HTTPConnection
from urllib.parse import urlencode

import pytest

SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n2 ?o }"
BROWSER = "text/html,*/*;q=0.1"


@pytest.fixture(scope="module")
def proxied(start_server):
    """A server behind one proxy, so that a test can come from any address."""
    with start_server(trusted_proxies=1, limits={"client_queries": 3, "queue": 6}) as running:
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
            assert ask(proxied, query, "192.0.2.2", timeout=60).status == 200
    finally:
        stop.set()
        for thread in flooding:
            thread.join()
    assert set(statuses) <= {429, 503}


def test_hogs_shut_nobody_out(start_server, eventually) -> None:
    server = start_server(trusted_proxies=1, limits={"queue": 8, "client_queries": 4})
    stop = threading.Event()
    flooded: Counter[str] = Counter()

    def flood(address: str) -> None:
        while not stop.is_set():
            ask(server, SLOW, address)
            flooded[address] += 1

    hogs = [f"192.0.2.{number}" for number in (1, 2, 3) for _ in range(4)]
    flooding = [threading.Thread(target=flood, args=(address,)) for address in hogs]
    for thread in flooding:
        thread.start()
    try:
        eventually(lambda: len(flooded) == 3, "a hog is not answered")
        # Patience is a time limit and the start of a worker: 200 says that it did not run out.
        polite = "192.0.2.9"
        statuses = [ask(server, f"ASK {{}} # {n}", polite, timeout=60).status for n in range(6)]
    finally:
        stop.set()
        for thread in flooding:
            thread.join()
        server.stop()
    assert statuses == [200] * 6


def test_a_class_behind_one_address_is_served(start_server) -> None:
    with start_server(limits={"queue": 32, "client_queries": 4}) as server:
        queries = [f"SELECT ?s {{ ?s ?p ?o }} LIMIT {number + 1}" for number in range(12)]
        with ThreadPoolExecutor(12) as pool:
            assert [reply.status for reply in pool.map(server.query, queries)] == [200] * 12


def send(server, stack: ExitStack, query: str, address: str) -> HTTPConnection:
    """Ask, and leave the answer to be read; it leaves with the stack."""
    connection = stack.enter_context(closing(HTTPConnection("127.0.0.1", server.port, timeout=60)))
    path = f"/sparql?{urlencode({'query': query})}"
    connection.request("GET", path, headers={"X-Forwarded-For": address})
    return connection


def answered(asked: Sequence[HTTPConnection]) -> list[HTTPConnection]:
    """Those of the connections that have an answer."""
    ready, _, _ = select.select([each.sock for each in asked], [], [], 0)
    return [each for each in asked if each.sock in ready]


def in_hand(server) -> int:
    """The number of queries that run or wait."""
    found = re.findall(r"^oograph_(?:running|waiting) (\S+)", server("/metrics").text, re.MULTILINE)
    return int(sum(map(float, found)))


@pytest.fixture
def others_asking(proxied, eventually) -> Iterator[None]:
    """Four clients whose queries run, or wait, all the time."""
    with ExitStack() as stack:
        asked = [
            send(proxied, stack, f"{SLOW} # {number}", f"198.51.100.{number}")
            for number in range(4)
        ]
        eventually(lambda: in_hand(proxied) == 4, "they are not admitted")
        yield
        assert not answered(asked)
    eventually(lambda: in_hand(proxied) == 0, "their queries go on")


@pytest.mark.usefixtures("others_asking")
def test_pages_do_not_wait_for_queries(proxied) -> None:
    assert proxied("/publication/doe-2020-clicks.html", BROWSER).status == 200
    assert proxied("/health").status == 200


def test_past_the_queue_everybody_is_turned_away(proxied, eventually) -> None:
    with ExitStack() as stack:
        asked = [send(proxied, stack, SLOW, f"198.51.100.{number}") for number in range(24)]
        # two run, one is tried and six wait
        eventually(lambda: len(answered(asked)) == 24 - 9, "others are not turned away")
        for connection in answered(asked):
            reply = connection.getresponse()
            assert (reply.status, json.load(reply)["limit"]) == (503, "workers")
            assert reply.headers["Retry-After"]
    eventually(lambda: in_hand(proxied) == 0, "their queries go on")
    assert ask(proxied, "ASK {}", "198.51.100.1", timeout=60).status == 200


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
@pytest.mark.usefixtures("others_asking")
def test_who_counts_as_one_client(proxied, eventually, addresses, one_client) -> None:
    with ExitStack() as stack:
        asked = [send(proxied, stack, SLOW, address) for address in addresses]
        # nine places, of which the others have four
        eventually(lambda: len(answered(asked)) >= 3, "nobody is turned away")
        limits = [json.load(each.getresponse())["limit"] for each in answered(asked)]
        assert ("client_queries" in limits) is one_client


def test_without_a_trusted_proxy_the_header_counts_for_nothing(server) -> None:
    with ThreadPoolExecutor(10) as pool:
        addresses = [f"192.0.2.{number}" for number in range(10)]
        replies = list(pool.map(lambda address: ask(server, SLOW, address), addresses))
    # All of it is one client, none of whose requests is displaced by another's.
    assert {reply.status for reply in replies} == {503}
