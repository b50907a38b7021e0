"""Hogs, slow readers and drippers together take their part, and no more.

Each client is a loopback address of its own, so that nothing stands between it and the server.
"""

import http.client
import json
import socket
import threading
import urllib.parse
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest

POLITE = "127.0.0.100"
TIMED_OUT = (503, "seconds")
#: Runs until the time limit, whoever asks it.
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n2 ?o }"
#: Some 6 MB as TSV, and soon made.
LARGE = "SELECT ?a ?d { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } LIMIT 50000"
#: As many waiting places as there are clients, but fewer connections than the hostile want.
SETTINGS = {
    "limits": {
        "seconds": 10,
        "queue": 16,
        "client_queries": 4,
        "result_bytes": 2**27,
        "memory_bytes": 2**28,
    },
    "connections": {"connections": 120, "client_connections": 60},
}


def ask(server, address: str, query: str, number: object, **parameters: str) -> tuple[int, str]:
    """The status of a query that nobody has asked before, and the limit that it reached."""
    values = urllib.parse.urlencode({"query": f"{query} # {address} {number}", **parameters})
    connection = http.client.HTTPConnection(
        "127.0.0.1", server.port, timeout=60, source_address=(address, 0)
    )
    try:
        connection.request("GET", f"/sparql?{values}")
        response = connection.getresponse()
        body = response.read()
        problem = json.loads(body) if response.status >= 400 else {}
        return response.status, problem.get("limit", "")
    finally:
        connection.close()


class Hostile:
    """What one address does in its threads until it is stopped."""

    def __init__(self, server, stop: threading.Event) -> None:
        self.server, self.stop = server, stop
        #: Answers to queries that took their whole time, by address.
        self.ran: Counter[str] = Counter()

    def hog(self, address: str) -> None:
        """Ask queries that use all the time that they may have."""
        self._ask_without_end(address, "1")

    def short_hog(self, address: str) -> None:
        self._ask_without_end(address, "0.5")

    def _ask_without_end(self, address: str, seconds: str) -> None:
        number = 0
        while not self.stop.is_set():
            number += 1
            name = f"{threading.get_ident()} {number}"
            try:
                outcome = ask(self.server, address, ENDLESS, name, timeout=seconds)
            except (OSError, http.client.HTTPException, json.JSONDecodeError):
                continue
            if outcome == TIMED_OUT:
                self.ran[address] += 1
            else:
                self.stop.wait(0.05)

    def slow_reader(self, address: str) -> None:
        values = urllib.parse.urlencode({"query": LARGE, "format": "tsv"})
        request = f"GET /sparql?{values} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
        self._hold(address, request, lambda connection: connection.recv(256))

    def dripper(self, address: str) -> None:
        self._hold(address, b"GET / HTTP/1.1\r\n", lambda connection: connection.sendall(b"X"))

    def _hold(self, address: str, first: bytes, then: Callable[[socket.socket], object]) -> None:
        """Keep ten connections busy with next to nothing, and open another for each that ends."""
        held: list[socket.socket] = []
        while not self.stop.is_set():
            try:
                if len(held) < 10:
                    connection = socket.socket()
                    held.append(connection)
                    connection.settimeout(0.2)
                    connection.bind((address, 0))
                    connection.connect(("127.0.0.1", self.server.port))
                    connection.sendall(first)
            except OSError:
                held.pop().close()
            for connection in held[:]:
                try:
                    if then(connection) == b"":
                        raise ConnectionResetError
                except TimeoutError:
                    pass
                except OSError:
                    held.remove(connection)
                    connection.close()
            self.stop.wait(0.05)
        for connection in held:
            connection.close()


@contextmanager
def hostility(server, kinds: dict[str, int]) -> Iterator[Hostile]:
    """So many addresses of each kind, each with four threads; the server ends with them."""
    stop = threading.Event()
    hostile = Hostile(server, stop)
    addresses = (f"127.0.0.{number}" for number in range(2, 100))
    with ExitStack() as stack:
        for kind, count in kinds.items():
            for _ in range(count):
                address = next(addresses)
                for _ in range(4):
                    thread = threading.Thread(target=getattr(hostile, kind), args=(address,))
                    thread.start()
                    stack.callback(thread.join)
        stack.callback(server.process.wait)
        stack.callback(server.process.kill)  # what they wait for ends
        stack.callback(stop.set)
        yield hostile


@pytest.mark.parametrize(
    "kinds",
    [
        pytest.param({"hog": 9}, id="hogs"),
        pytest.param({"short_hog": 4}, id="hogs of short queries"),
        pytest.param({"slow_reader": 8}, id="slow readers"),
        pytest.param({"dripper": 4}, id="drippers"),
        pytest.param({"hog": 3, "slow_reader": 3, "dripper": 3}, id="mixed"),
    ],
)
def test_hostile_clients_shut_nobody_out(start_server, eventually, kinds: dict[str, int]) -> None:
    server = start_server(**SETTINGS)
    with hostility(server, kinds) as hostile:
        if hogs := kinds.keys() & {"hog", "short_hog"}:
            eventually(lambda: hostile.ran.total() > 2 * len(hogs), "no hog is answered")
        assert [ask(server, POLITE, "ASK {}", n) for n in range(6)] == [(200, "")] * 6
        assert ask(server, POLITE, LARGE, 0, format="tsv") == (200, "")
        assert server("/health").status == 200


def test_hogs_get_no_more_than_their_part(start_server, eventually) -> None:
    """Of the queries that run for their whole time, a polite client gets as many as each hog."""
    server = start_server(**SETTINGS)
    hogs = 3
    with hostility(server, {"short_hog": hogs, "slow_reader": 1, "dripper": 1}) as hostile:
        eventually(lambda: hostile.ran.total() > 4, "no hog is answered")
        before, polite = hostile.ran.total(), 0
        for number in range(8):
            polite += ask(server, POLITE, ENDLESS, number, timeout="0.5") == TIMED_OUT
        ran = hostile.ran.total() - before
    assert polite == 8
    # Two run at once, and a client that asks one at a time leaves its place to others in between.
    assert ran <= hogs * polite + 8
