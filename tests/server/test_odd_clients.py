"""Clients that are slow, silent, gone, or send what nobody asked for."""

import json
import socket
import struct
import time
import urllib.parse
from contextlib import ExitStack

import pytest

FIRST = "SELECT * { ?s ?p ?o } LIMIT 1"
PRODUCT = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n2 ?o }"
#: Some 25 MB as TSV.
LARGE = "SELECT ?a ?d { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } LIMIT 200000"


@pytest.fixture(scope="module")
def patient(start_server):
    """A server with time and room enough that a client is slower."""
    with start_server(
        limits={"seconds": 3600, "result_bytes": 2**30, "memory_bytes": 2**29, "client_queries": 60}
    ) as running:
        assert running.query(FIRST).status == 200
        yield running


def connect(server, stack: ExitStack) -> socket.socket:
    return stack.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=60))


def read_all(connection: socket.socket) -> bytes:
    return b"".join(iter(lambda: connection.recv(2**16), b""))


def test_slow_senders_hold_nobody_up(patient) -> None:
    with ExitStack() as stack:
        body = urllib.parse.urlencode({"query": FIRST}).encode()
        head = (
            b"POST /sparql HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\n"
            b"Content-Length: %d\r\n\r\n" % len(body)
        )
        slow = [connect(patient, stack) for _ in range(150)]
        for number, connection in enumerate(slow):
            # Some stop in the head, some in the body.
            connection.sendall(head[:30] if number % 2 else head + body[:5])
        for _ in range(3):
            assert patient.query(FIRST).status == 200
        # One that goes on in the end is answered.
        slow[0].sendall(body[5:])
        assert read_all(slow[0]).startswith(b"HTTP/1.1 200")
        slow[1].sendall(head[30:] + body)
        assert read_all(slow[1]).startswith(b"HTTP/1.1 200")


def test_slow_readers_of_large_answers_hold_nobody_up(patient) -> None:
    with ExitStack() as stack:
        path = f"/sparql?{urllib.parse.urlencode({'query': LARGE, 'format': 'tsv'})}"
        request = f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()
        # As many as there are threads, and more.
        slow = [connect(patient, stack) for _ in range(40)]
        slow[0].sendall(request)
        begun = slow[0].recv(1000)
        assert begun.startswith(b"HTTP/1.1 200")
        for connection in slow[1:6]:
            connection.sendall(request)
        # Dumps are files as well.
        for connection in slow[6:]:
            connection.sendall(b"GET /dumps/oograph.nt HTTP/1.1\r\nHost: x\r\n\r\n")
        for _ in range(3):
            assert patient.query(FIRST).status == 200
        # The first one goes on reading, and gets all of it.
        whole = begun + read_all(slow[0])
    head, _, body = whole.partition(b"\r\n\r\n")
    length = next(line for line in head.split(b"\r\n") if line.startswith(b"Content-Length"))
    assert int(length.split(b":")[1]) == len(body) > 10 * 2**20
    assert body.count(b"\n") == 200_001


@pytest.mark.parametrize("how", ["closes", "resets"])
def test_a_client_that_leaves_frees_its_worker(patient, how) -> None:
    path = f"/sparql?{urllib.parse.urlencode({'query': PRODUCT})}"
    for _ in range(3):  # As many as there are workers for visitors.
        connection = socket.create_connection(("127.0.0.1", patient.port), timeout=60)
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        time.sleep(0.3)
        if how == "resets":
            linger = struct.pack("ii", 1, 0)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        connection.close()
    # Not an answer that was kept: it needs a worker, and a request here waits for a minute, less
    # than the hour that those three may take.
    assert patient.query(f"{FIRST} # {how}").status == 200


def test_a_client_that_leaves_in_the_midst_of_an_answer(patient) -> None:
    path = f"/sparql?{urllib.parse.urlencode({'query': LARGE, 'format': 'tsv'})}"
    for _ in range(5):
        with socket.create_connection(("127.0.0.1", patient.port), timeout=60) as connection:
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            assert connection.recv(1000).startswith(b"HTTP/1.1 200")
    assert patient.query(FIRST).status == 200


@pytest.mark.parametrize("path", ["/sparql", "/dumps/", "/nothing"])
def test_a_body_of_fifty_megabytes(server, path) -> None:
    kind = "application/sparql-query"
    reply = server(path, method="POST", body=b"#" * 50 * 2**20, Content_Type=kind)
    assert reply.status == 413
    assert reply.type == "application/problem+json"
    assert reply.json["status"] == 413
    assert reply.headers["Access-Control-Allow-Origin"] == "*"
    assert server.query(FIRST).status == 200


def test_a_large_body_that_asks_first_is_refused_at_once(server) -> None:
    with ExitStack() as stack:
        connection = connect(server, stack)
        connection.sendall(
            b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 52428800\r\n"
            b"Content-Type: application/sparql-query\r\nExpect: 100-continue\r\n\r\n"
        )
        assert connection.recv(1000).startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        pytest.param(b"GET / HTTP/1.1\r\nA: " + b"a" * 2**20 + b"\r\n\r\n", 431, id="head"),
        pytest.param(b"GET / HTTP/1.1\r\nA b\r\n\r\n", 400, id="header"),
        pytest.param(
            b"POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", 501, id="transfer encoding"
        ),
    ],
)
def test_what_never_reaches_the_site_is_a_problem_too(server, request_bytes, status) -> None:
    with ExitStack() as stack:
        connection = connect(server, stack)
        try:
            connection.sendall(request_bytes)
        except OSError:
            pass  # Refused before all was sent.
        head, _, body = read_all(connection).partition(b"\r\n\r\n")
    assert f" {status} ".encode() in head.split(b"\r\n")[0]
    assert b"application/problem+json" in head
    assert b"Access-Control-Allow-Origin: *" in head
    assert json.loads(body)["status"] == status


def test_many_requests_on_one_connection(server) -> None:
    with ExitStack() as stack:
        connection = connect(server, stack)
        one = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\n\r\n"
        last = one.replace(b"Host: x", b"Host: x\r\nConnection: close")
        connection.sendall(one * 20 + last)
        assert read_all(connection).count(b'"boolean":true') == 21


def test_who_asks_on_without_reading_is_cut_off(patient, eventually) -> None:
    # More than the system's buffers hold, and less than the server puts off until it is read.
    query = LARGE.replace("200000", "120000")
    path = f"/sparql?{urllib.parse.urlencode({'query': query, 'format': 'tsv'})}"
    request = f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode()

    def answered() -> float:
        lines = patient("/metrics").body.decode().splitlines()
        counts = (line for line in lines if line.startswith("oograph_requests_total"))
        return sum(float(line.split()[-1]) for line in counts if '"/sparql"' in line)

    with ExitStack() as stack:
        connection = stack.enter_context(socket.socket())
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2**14)
        connection.settimeout(60)
        connection.connect(("127.0.0.1", patient.port))
        before = answered()
        connection.sendall(request * 5)
        eventually(lambda: answered() > before, "the first request is not answered")
        time.sleep(1)  # The second is begun.
        answers = read_all(connection)
    assert answers.count(b"HTTP/1.1 200") == 1
    assert answers.count(b"\n") > 120_000


def test_a_client_that_reads_nothing_is_not_given_more_and_more(start_server, eventually) -> None:
    with start_server(
        limits={"seconds": 60, "result_bytes": 2**30, "memory_bytes": 2**29}
    ) as server:
        path = f"/sparql?{urllib.parse.urlencode({'query': LARGE, 'format': 'tsv'})}"
        request = f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
        with ExitStack() as stack:
            for _ in range(3):  # As many as one client may have queries.
                connection = connect(server, stack)
                connection.sendall(request)
                assert connection.recv(100).startswith(b"HTTP/1.1 200")
            refused = server(path)
            assert refused.status == 429
            assert int(refused.headers["Retry-After"]) > 0
            assert server("/health").status == 200
        eventually(lambda: server(path).status == 200, "it may not ask again once they are gone")
