"""The server's loop: how often it turns for a request, and what it answers without a thread."""

import http.client
import itertools
import os
import pickle
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

import pytest

from oograph.graph.store import worker_process
from oograph.graph.store.answers import Limits
from oograph.graph.store.waiting import WAITING, require_thread
from oograph.graph.store.worker import Setup
from oograph.graph.store.worker_process import ForkServer, WorkerProcess
from oograph.server.http import server as http_server
from oograph.server.http.connection import Connection
from oograph.server.http.server import Server, create_server

REQUESTS = 100


@pytest.fixture(autouse=True)
def time_to_end(monkeypatch) -> None:
    """No busy machine cuts off what a server may end."""
    monkeypatch.setattr(http_server, "_END_SECONDS", 120)


def answering(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
    start("200 OK", [("Content-Length", "5000"), ("Content-Type", "text/plain")])
    return (b"x" * 5000,)


def test_the_loop_turns_a_few_times_a_request(monkeypatch) -> None:
    """It has nothing to do with what another thread sends, and would take its turns from it."""
    turns = sent = 0
    asked, send = Connection.writable, Connection.send

    def writable(connection: Connection) -> bool:
        nonlocal turns
        turns += 1
        return asked(connection)

    def counted(connection: Connection, *arguments: Any, **named: Any) -> int:
        nonlocal sent
        sent += 1
        return send(connection, *arguments, **named)

    monkeypatch.setattr(Connection, "writable", writable)
    monkeypatch.setattr(Connection, "send", counted)
    server = create_server(answering, "127.0.0.1", 0, 4)
    loop = threading.Thread(target=server.run, daemon=True)
    loop.start()
    client = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    try:
        with closing(client):
            for _ in range(REQUESTS):
                client.request("GET", "/")
                assert client.getresponse().read() == b"x" * 5000
    finally:
        server.close()
    assert sent == REQUESTS  # the head with the body
    assert turns <= 10 * REQUESTS


#: What answers a path: with bytes, or with a file.
Views = dict[str, Callable[[], bytes | IO[bytes]]]


class Site:
    """A server that asks its application in its loop; each path is answered by a function."""

    def __init__(self, views: Views, threads: int = 2) -> None:
        self.views = views
        self.is_stopping = self.has_ended = False
        self.bodies: list[bytes] = []
        self.server: Server = create_server(self, "127.0.0.1", 0, threads, gives_way=True)
        self.loop = threading.Thread(target=self.serve, daemon=True)
        self.loop.start()

    def serve(self) -> None:
        self.server.run()
        self.is_stopping = True
        self.server.close()
        self.has_ended = True

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        self.bodies.append(environ["wsgi.input"].read())
        body = self.views[environ["PATH_INFO"]]()
        if not isinstance(body, bytes):
            start("200 OK", [("Content-Length", str(body.seek(0, os.SEEK_END)))])
            body.seek(0)
            return environ["wsgi.file_wrapper"](body)
        start("200 OK", [("Content-Length", str(len(body)))])
        return (body,)

    def ask(self, path: str, body: bytes | None = None) -> bytes:
        """The answer to a request on a connection of its own."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)) as it:
            it.request("POST" if body else "GET", path, body)
            reply = it.getresponse()
            return reply.read() if reply.status == 200 else str(reply.status).encode()

    def close(self) -> None:
        self.server.close()
        self.loop.join(60)


@pytest.fixture
def site_of() -> Iterator[Callable[..., Site]]:
    with ExitStack() as stack:

        def start(views: Views, threads: int = 2) -> Site:
            site = Site(views, threads)
            stack.callback(site.close)
            return site

        yield start


def own_thread() -> bytes:
    require_thread()
    return threading.current_thread().name.encode()


def in_loop() -> bytes:
    return threading.current_thread().name.encode()


def test_what_needs_a_thread_gets_one_and_its_body_again(site_of) -> None:
    site = site_of({"/thread": own_thread, "/loop": in_loop})
    assert site.ask("/loop", b"once") == site.loop.name.encode()
    assert site.ask("/thread", b"again").startswith(b"waitress-")
    assert site.bodies == [b"once", b"again", b"again"]


def test_what_waits_in_the_loop_lets_others_go_on(site_of) -> None:
    """More requests wait than there are threads, and others are answered meanwhile."""
    reading, writing = os.pipe()
    more, never = os.pipe()
    try:

        def read() -> bytes:
            return str(WAITING.get().readable(reading, 60)).encode()

        def wait() -> bytes:
            return str(WAITING.get().readable(more, 0.2)).encode()

        site = site_of({"/read": read, "/wait": wait, "/loop": in_loop}, 1)
        with ThreadPoolExecutor(4) as pool:
            first = pool.submit(site.ask, "/read")
            assert site.ask("/loop") == site.loop.name.encode()
            assert site.ask("/wait") == b"False"
            assert not first.done()
            os.write(writing, b"x")
            assert first.result(60) == b"True"
            assert site.ask("/loop") == site.loop.name.encode()
    finally:
        for descriptor in (reading, writing, more, never):
            os.close(descriptor)


def test_what_pauses_in_the_midst_of_a_message_holds_nobody_up(site_of, eventually) -> None:
    ours, theirs = worker_process._pipe()
    status, _ = socket.socketpair()
    worker = WorkerProcess(ForkServer(Setup(Path(), "", True, Limits())), ours, status)
    message = pickle.dumps(b"x" * 20_000)

    def receive() -> bytes:
        received = worker.receive(60)
        assert isinstance(received, bytes)
        return received

    site = site_of({"/worker": receive, "/loop": in_loop})
    with theirs, ThreadPoolExecutor(1) as pool:
        os.write(theirs.fileno(), len(message).to_bytes(4, "big") + message[:10])
        waiting = pool.submit(site.ask, "/worker")
        eventually(lambda: site.bodies, "it is not asked")
        assert site.ask("/loop") == site.loop.name.encode()
        assert not waiting.done()
        os.write(theirs.fileno(), message[10:])
        assert waiting.result(60) == b"x" * 20_000


def test_a_signal_ends_a_wait_once_from_any_thread(site_of, eventually) -> None:
    signals: list[Any] = []

    def wait() -> bytes:
        signals.append(WAITING.get().signal())
        return str(signals[-1].wait(60)).encode()

    def short() -> bytes:
        signal = WAITING.get().signal()
        before = signal.wait(0.05)
        signal.set()
        again = signal.wait(60)
        signal.clear()
        return f"{before} {again} {signal.wait(0.05)} {signal.is_set()}".encode()

    def set_all() -> bytes:
        for signal in signals:
            signal.set()
            signal.set()
        return b"set"

    site = site_of({"/wait": wait, "/short": short, "/set": set_all})
    with ThreadPoolExecutor(8) as pool:
        waiting = [pool.submit(site.ask, "/wait") for _ in range(6)]
        assert site.ask("/short") == b"False True False False"
        eventually(lambda: len(signals) == 6, "they do not wait")
        for signal in signals[:3]:
            signal.set()  # from this thread
        assert site.ask("/set") == b"set"  # from the loop's
        assert [each.result(60) for each in waiting] == [b"True"] * 6
    assert site.ask("/short") == b"False True False False"


def test_a_pause_in_the_loop_is_nobody_elses(site_of) -> None:
    def pause() -> bytes:
        for _ in range(20):
            WAITING.get().pause(0.01)
        return b"paused"

    site = site_of({"/pause": pause, "/loop": in_loop}, 1)
    with ThreadPoolExecutor(5) as pool:
        paused = [pool.submit(site.ask, "/pause") for _ in range(5)]
        assert site.ask("/loop") == site.loop.name.encode()
        assert [each.result(60) for each in paused] == [b"paused"] * 5


def test_long_work_is_done_apart(site_of) -> None:
    def apart() -> bytes:
        return WAITING.get().apart(in_loop)

    def failing() -> bytes:
        try:
            return WAITING.get().apart(lambda: b"%d" % (1 // 0))
        except ZeroDivisionError as error:
            return str(error).encode()

    site = site_of({"/apart": apart, "/failing": failing}, 1)
    assert site.ask("/apart") == b"waitress-0"
    assert site.ask("/failing") == b"integer division or modulo by zero"


def test_a_fault_in_the_loop_is_one_requests(site_of) -> None:
    def fail() -> bytes:
        WAITING.get().pause(0.01)
        raise ValueError("on purpose")

    site = site_of({"/fail": fail, "/loop": in_loop})
    assert site.ask("/fail") == b"500"
    assert site.ask("/loop") == site.loop.name.encode()


def test_what_has_come_is_answered_before_the_loop_ends(site_of) -> None:
    """As when the process is told to stop."""
    begun = threading.Event()

    def wait() -> bytes:
        begun.set()
        WAITING.get().pause(0.5)
        return b"answered"

    site = Site({"/wait": wait, "/stop": stop})
    with ThreadPoolExecutor(2) as pool:
        answer = pool.submit(site.ask, "/wait")
        assert begun.wait(60)
        stopping = pool.submit(site.ask, "/stop")
        assert answer.result(60) == b"answered"
        with pytest.raises((http.client.HTTPException, OSError)):
            stopping.result(60)
    site.loop.join(60)
    assert not site.loop.is_alive()


def large() -> IO[bytes]:
    """More than waitress lets wait for a client before it waits itself."""
    file = TemporaryFile()
    file.truncate(2**25)
    return file


def test_a_client_that_does_not_read_and_asks_again_holds_up_nobody(site_of) -> None:
    site = site_of({"/large": large, "/loop": in_loop})
    with closing(socket.create_connection(("127.0.0.1", site.server.port), 60)) as client:
        client.sendall(b"GET /large HTTP/1.1\r\nHost: a\r\n\r\n" * 2)
        assert client.recv(15) == b"HTTP/1.1 200 OK"
        for _ in range(3):
            assert site.ask("/loop") == site.loop.name.encode()


def stop() -> bytes:
    raise SystemExit


def test_what_is_being_sent_is_sent_before_the_loop_ends(eventually) -> None:
    site = Site({"/large": large, "/stop": stop})
    with (
        ThreadPoolExecutor(1) as pool,
        closing(http.client.HTTPConnection("127.0.0.1", site.server.port, timeout=60)) as client,
    ):
        client.request("GET", "/large")
        answer = client.getresponse()
        pool.submit(site.ask, "/stop")
        eventually(lambda: site.is_stopping, "it does not stop")
        assert len(answer.read()) == 2**25
    site.loop.join(60)
    assert site.has_ended


def test_what_is_being_sent_when_a_signal_comes_is_sent(monkeypatch) -> None:
    """The signal is heeded between two turns of the loop, not in the midst of sending."""
    send = Connection.send
    stopped = threading.Event()

    def interrupted(connection: Connection, *arguments: Any, **named: Any) -> int:
        sent: int = send(connection, *arguments, **named)
        if connection.total_outbufs_len > 2**20 and not stopped.is_set():
            stopped.set()
            site.server.stop()
        return sent

    monkeypatch.setattr(Connection, "send", interrupted)
    site = Site({"/large": large})
    assert len(site.ask("/large")) == 2**25
    site.loop.join(60)
    assert stopped.is_set() and site.has_ended


def test_clients_that_go_on_asking_do_not_prolong_its_end(eventually) -> None:
    """Each is answered, until its connection is closed or it finds none."""

    def pause() -> bytes:
        WAITING.get().pause(0.1)
        return b"paused"

    site = Site({"/pause": pause, "/stop": stop})

    def go_on(is_kept: bool) -> int:
        client = http.client.HTTPConnection("127.0.0.1", site.server.port, timeout=60)
        for count in itertools.count():
            try:
                client.request("GET", "/pause")
                assert client.getresponse().read() == b"paused"
            except (http.client.HTTPException, OSError):
                return count
            if not is_kept:
                client.close()
        raise AssertionError

    with ThreadPoolExecutor(9) as pool:
        asking = [pool.submit(go_on, number % 2 == 0) for number in range(8)]
        eventually(lambda: len(site.bodies) >= 100, "they are not answered")
        pool.submit(site.ask, "/stop")
        assert sum(each.result(60) for each in asking) > 50
    site.loop.join(60)
    assert site.has_ended


def test_what_waits_longer_than_the_loop_may_run_is_given_up(monkeypatch, eventually) -> None:
    monkeypatch.setattr(http_server, "_END_SECONDS", 0.1)
    reading, writing = os.pipe()
    try:

        def wait() -> bytes:
            return str(WAITING.get().readable(reading, 60)).encode()

        site = Site({"/wait": wait, "/stop": stop})
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(site.ask, "/wait")
            eventually(lambda: site.bodies, "it is not asked")
            with pytest.raises((http.client.HTTPException, OSError)):
                site.ask("/stop")
            with pytest.raises((http.client.HTTPException, OSError)):
                waiting.result(60)
        site.loop.join(60)
        assert site.has_ended
    finally:
        os.close(reading)
        os.close(writing)
