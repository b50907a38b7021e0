"""Connections: who is too slow is let go, and who comes finds a place."""

import itertools
import json
import resource
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from typing import Any

import pytest

from oograph.server.http import connection as connections
from oograph.server.http import server as http_server
from oograph.server.http.connection import ConnectionLimits
from oograph.server.http.server import _allow_descriptors, create_server

QUICK = ConnectionLimits(head_seconds=1, body_seconds=1, leaving_seconds=1, reading_seconds=2)
ONE = b"GET /small HTTP/1.1\r\nHost: x\r\n\r\n"
LARGE = 2**26


class Clock:
    """A clock that moves when it is moved, in the place of the module ``time``."""

    now = seen = 0.0

    def monotonic(self) -> float:
        self.seen = self.now
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of connections."""
    clock = Clock()
    monkeypatch.setattr(connections, "time", clock)
    return clock


@pytest.fixture(autouse=True)
def time_to_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """No busy machine cuts off what a server may end."""
    monkeypatch.setattr(http_server, "_THREADS_END_SECONDS", 60)


class Site:
    """A server in a thread, of a site that answers "small", "large" or once it may."""

    def __init__(self, limits: ConnectionLimits) -> None:
        self.may_answer = threading.Event()
        self.held = 0
        self.server = create_server(self.answer, "127.0.0.1", 0, 16, limits)
        self.thread = threading.Thread(target=self.server.run, daemon=True)
        self.thread.start()

    def answer(self, environ: dict[str, Any], start: Callable[..., object]) -> list[bytes]:
        if environ["PATH_INFO"] == "/held":
            self.held += 1
            self.may_answer.wait(60)
        body = b"x" * (LARGE if environ["PATH_INFO"] == "/large" else 5)
        environ["wsgi.input"].read()
        start("200 OK", [("Content-Length", str(len(body)))])
        return [body]

    @property
    def port(self) -> int:
        return self.server.port

    @property
    def open(self) -> int:
        return len(self.server.connections)

    @property
    def phases(self) -> list[str]:
        return [each.phase.name for each in self.server.connections]

    def close(self) -> None:
        self.may_answer.set()
        self.server.close()
        self.thread.join(60)

    def connect(self, client: int = 1) -> socket.socket:
        """A connection from one of the machine's own addresses."""
        connection = socket.socket()
        connection.settimeout(60)
        connection.bind((f"127.0.0.{client}", 0))
        connection.connect(("127.0.0.1", self.port))
        return connection


@pytest.fixture
def site_with() -> Iterator[Callable[..., Site]]:
    with ExitStack() as stack:

        def start(limits: ConnectionLimits) -> Site:
            site = Site(limits)
            stack.callback(site.close)
            return site

        yield start


def read_all(connection: socket.socket) -> bytes:
    with connection:
        return b"".join(iter(lambda: connection.recv(2**16), b""))


def drip(connection: socket.socket, text: bytes) -> bytes:
    """Send byte for byte, over and over, until the server hangs up; what it says."""
    for number in itertools.cycle(text):
        with suppress(ConnectionError):  # it hung up, and what it said is still to be read
            connection.sendall(bytes([number]))
        time.sleep(0.05)
        connection.setblocking(False)
        try:
            return connection.recv(2**16)
        except BlockingIOError:
            connection.settimeout(60)
        except ConnectionError:
            return b""
    raise AssertionError


def is_closed(connection: socket.socket) -> bool:
    """Whether the server has hung up, on a connection that awaits nothing."""
    connection.setblocking(False)
    try:
        return connection.recv(1) == b""
    except BlockingIOError:
        return False
    except ConnectionError:
        return True
    finally:
        connection.settimeout(60)


@pytest.mark.parametrize(
    ("first", "then"),
    [
        pytest.param(b"GET / HTTP/1.1\r\nHost: x\r\n", b"X: y\r\n", id="head"),
        pytest.param(
            b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2000\r\n\r\n", b"x", id="body"
        ),
        pytest.param(
            b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
            b"1\r\nx\r\n",
            id="chunks",
        ),
    ],
)
def test_who_drips_a_request_is_told_and_let_go(site_with, eventually, first, then) -> None:
    site = site_with(QUICK)
    with site.connect() as connection:
        connection.sendall(first)
        answer = drip(connection, then)
        assert answer.startswith(b"HTTP/1.") and b" 408 " in answer.split(b"\r\n")[0]
        assert json.loads(answer.partition(b"\r\n\r\n")[2])["status"] == 408
        eventually(lambda: site.open == 0, "the connection stays")


@pytest.mark.parametrize("sent", [b"", b"\r\n"], ids=["nothing", "empty lines"])
def test_who_asks_nothing_is_let_go(site_with, eventually, sent: bytes) -> None:
    site = site_with(QUICK)
    with site.connect() as connection:
        if sent:
            drip(connection, sent * 2)
        eventually(lambda: site.open == 0, "the connection stays")


def test_a_connection_lasts_as_long_as_it_is_used(site_with, clock) -> None:
    site = site_with(QUICK)
    with site.connect() as connection:
        for _ in range(20):  # many times the time that a single head may take
            connection.sendall(ONE)
            answer = b""
            while not answer.endswith(b"xxxxx"):
                assert (block := connection.recv(2**16))
                answer += block
            clock.now += 0.9


def test_a_body_has_a_time_of_its_own(site_with, clock, eventually) -> None:
    site = site_with(ConnectionLimits(head_seconds=1.5, body_seconds=60))
    with site.connect() as connection:
        connection.sendall(
            b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 40\r\n\r\n"
        )
        eventually(lambda: site.phases == ["BODY"], "the head is not read")
        for _ in range(40):
            connection.sendall(b"x")
            clock.now += 1.4
        assert read_all(connection).startswith(b"HTTP/1.1 200")


REFUSED = [
    pytest.param(b"Transfer-Encoding: chunked\r\n\r\n4000000\r\n", 413, id="a chunk"),
    pytest.param(b"Content-Length: 67108864\r\n\r\n", 413, id="a body"),
    pytest.param(b"Content-Length: 67108864\r\nHost: y\r\n\r\n", 400, id="a bad head"),
    pytest.param(b"A: ", 431, id="a long head"),
]


@pytest.mark.parametrize(("rest", "status"), REFUSED)
def test_who_sends_on_what_was_refused_sees_why(site_with, eventually, rest, status: int) -> None:
    """Also one that reads nothing before it has sent all."""
    site = site_with(ConnectionLimits())
    connection = site.connect()
    connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\n" + rest)
    for _ in range(64):
        connection.sendall(bytes(2**20))
    assert read_all(connection).split(b" ")[1] == str(status).encode()
    eventually(lambda: site.open == 0, "the connection stays")


@pytest.mark.parametrize("more", [b"", b"x"], ids=["nothing", "little"])
def test_who_sends_on_what_was_refused_has_an_end(site_with, eventually, more: bytes) -> None:
    site = site_with(QUICK)
    with site.connect() as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 67108864\r\n\r\n")
        assert connection.recv(2**16).split(b" ")[1] == b"413"
        if more:
            with suppress(ConnectionError):
                while site.open:
                    connection.sendall(more)
                    time.sleep(0.1)
        eventually(lambda: site.open == 0, "the connection stays")


def test_who_sends_on_and_on_what_was_refused_is_cut_off(site_with) -> None:
    site = site_with(ConnectionLimits())
    with site.connect() as connection, pytest.raises(ConnectionError):
        connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999\r\n\r\n")
        for _ in range(2**8 + 8):
            connection.sendall(bytes(2**20))


def test_a_server_that_ends_takes_no_more(eventually) -> None:
    """What has come is answered, and neither idle nor new clients can prolong it."""
    site = Site(ConnectionLimits())
    port = site.port
    with site.connect() as asking, site.connect() as idle:
        idle.sendall(ONE)
        assert idle.recv(2**10).endswith(b"xxxxx")
        asking.sendall(b"GET /held HTTP/1.1\r\nHost: x\r\n\r\n")
        eventually(lambda: site.held, "the request does not come")
        ending = threading.Thread(target=site.server.close)
        ending.start()
        assert read_all(idle) == b""
        with pytest.raises(ConnectionError):
            socket.create_connection(("127.0.0.1", port))
        asking.sendall(ONE)
        site.may_answer.set()
        answer = read_all(asking)
        assert answer.startswith(b"HTTP/1.1 200 OK") and b"Connection: close" in answer
        assert answer.count(b"HTTP/1.1") == 1
        ending.join(60)


def test_what_comes_after_the_last_request_costs_nobody_its_answer(site_with, eventually) -> None:
    site = site_with(ConnectionLimits())
    with site.connect() as asking:
        asking.sendall(b"GET /held HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        eventually(lambda: site.held, "the request does not come")
        for _ in range(3):  # of which one is read ahead
            asking.sendall(ONE)
            time.sleep(0.1)
        site.may_answer.set()
        assert read_all(asking).startswith(b"HTTP/1.1 200 OK")


def test_who_does_not_read_is_let_go(site_with, eventually) -> None:
    site = site_with(QUICK)
    with site.connect() as connection:
        connection.sendall(ONE.replace(b"small", b"large"))
        assert connection.recv(100).startswith(b"HTTP/1.1 200")
        for _ in range(3):  # a little is not enough
            connection.recv(100)
            time.sleep(0.1)
        eventually(lambda: site.open == 0, "the connection stays")


def test_who_reads_slowly_but_steadily_gets_all_of_it(site_with, clock, eventually) -> None:
    """Though the buffers of the system swallow megabytes at a time."""
    site = site_with(ConnectionLimits(reading_seconds=0.5, reading_rate=1000))
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2**16)
    connection.settimeout(60)
    with connection:
        connection.connect(("127.0.0.1", site.port))
        connection.sendall(
            ONE.replace(b"small", b"large").replace(b"x\r", b"x\r\nConnection: close\r")
        )
        length = 0
        for turn in itertools.count():
            block = connection.recv(2**16)
            if not block:
                break
            length += len(block)
            if turn < 30:
                clock.now += 0.1
                site.connect().close()  # the loop turns, and looks at every connection
                eventually(lambda: clock.seen == clock.now, "nobody looks at the clock")
    assert length > LARGE


def test_one_client_has_its_part_of_the_connections(site_with, eventually) -> None:
    site = site_with(ConnectionLimits(connections=20, client_connections=5))
    with ExitStack() as stack:
        held = [stack.enter_context(site.connect()) for _ in range(5)]
        eventually(lambda: site.open == 5, "they do not open")
        more = [stack.enter_context(site.connect()) for _ in range(3)]
        eventually(lambda: [is_closed(each) for each in held] == [True] * 3 + [False] * 2, "kept")
        eventually(lambda: site.open == 5, "a place stays empty")  # one goes before one comes
        for connection in [*held[3:], *more]:
            connection.sendall(ONE)
            assert connection.recv(100).startswith(b"HTTP/1.1 200")


def test_what_is_being_answered_is_not_given_up_for_more(site_with, eventually) -> None:
    site = site_with(ConnectionLimits(connections=20, client_connections=3))
    with ExitStack() as stack:
        held = [stack.enter_context(site.connect()) for _ in range(3)]
        for connection in held:
            connection.sendall(ONE.replace(b"small", b"held"))
        eventually(lambda: site.held == 3, "they are not answered")
        assert read_all(site.connect()) == b""
        site.may_answer.set()
        for connection in held:
            assert connection.recv(100).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("hostile", [1, 4, 9])
def test_a_full_house_has_a_place_for_a_newcomer(site_with, eventually, hostile: int) -> None:
    site = site_with(ConnectionLimits(connections=20, client_connections=20))
    with ExitStack() as stack:
        for number in range(40):
            connection = stack.enter_context(site.connect(client=2 + number % hostile))
            connection.sendall(b"GET / HT")
        eventually(lambda: site.open == 20, "more than there may be")
        polite = [stack.enter_context(site.connect()) for _ in range(20 // (hostile + 1))]
        for number in range(20):  # the hostile come again
            connection = stack.enter_context(site.connect(client=2 + number % hostile))
            connection.sendall(b"GET / HT")
        for connection in polite:
            connection.sendall(ONE)
            assert connection.recv(100).startswith(b"HTTP/1.1 200")
        eventually(lambda: site.open == 20, "a place stays empty")  # one goes before one comes


def test_slow_readers_in_all_places_give_way(site_with, eventually) -> None:
    site = site_with(ConnectionLimits(connections=8, client_connections=8))
    with ExitStack() as stack:
        for number in range(8):
            connection = stack.enter_context(site.connect(client=2 + number % 2))
            connection.sendall(ONE.replace(b"small", b"large"))
            assert connection.recv(100).startswith(b"HTTP/1.1 200")
        polite = stack.enter_context(site.connect())
        polite.sendall(ONE)
        assert polite.recv(100).startswith(b"HTTP/1.1 200")


def test_where_each_has_one_the_longest_waited_for_gives_way(site_with, eventually) -> None:
    site = site_with(ConnectionLimits(connections=5, client_connections=5))
    with ExitStack() as stack:
        held = []
        for number in range(5):
            held.append(stack.enter_context(site.connect(client=2 + number)))
            eventually(lambda number=number: site.open == number + 1, "it does not open")
        newcomer = stack.enter_context(site.connect(client=9))
        newcomer.sendall(ONE)
        assert newcomer.recv(100).startswith(b"HTTP/1.1 200")
        eventually(lambda: [is_closed(each) for each in held] == [True] + [False] * 4, "kept")


@pytest.mark.parametrize(
    ("soft", "hard", "connections"),
    [
        pytest.param(1024, 4096, 1000, id="may be raised"),
        pytest.param(1024, 1024, 262, id="a thousand"),
        pytest.param(64, 64, 16, id="few"),
        pytest.param(4096, 4096, 1000, id="enough"),
        pytest.param(1024, resource.RLIM_INFINITY, 1000, id="no bound"),
    ],
)
def test_there_are_no_more_connections_than_files(
    monkeypatch: pytest.MonkeyPatch, soft: int, hard: int, connections: int
) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda which: (soft, hard))
    monkeypatch.setattr(resource, "setrlimit", lambda which, limits: None)
    assert _allow_descriptors(1000) == connections


@pytest.mark.parametrize("host", ["300.1.1.1", "nosuch.invalid"])
def test_a_host_that_is_none_cannot_be_listened_on(host: str) -> None:
    with pytest.raises(OSError, match="there is no such host"):
        create_server(lambda environ, start: [], host, 0, 1)
