"""Requests whose end or whose host could be read in two ways are refused (RFC 9112)."""

import json
import re
import socket
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from waitress.adjustments import Adjustments

from oograph.server.http.request import Request
from oograph.server.web.host import is_host

ONE = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
CHUNKED = b"6\r\nASK {}\r\n0\r\n\r\n"
POST = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"


def exchange(server, sent: bytes) -> bytes:
    """All that comes back until the server closes the connection."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
        connection.sendall(sent)
        return b"".join(iter(lambda: connection.recv(2**16), b""))


def statuses(answers: bytes) -> list[int]:
    return [int(status) for status in re.findall(rb"HTTP/1\.[01] (\d{3}) ", answers)]


def test_a_long_host_costs_nothing() -> None:
    # The square of their number would be hours; 300,000 of them held up the loop for 30 seconds.
    assert not is_host("xn--" + "9" * 10**7)
    assert is_host(f"{'a' * 63}.{'b' * 63}.{'c' * 63}.{'d' * 61}.:65535")


@pytest.mark.parametrize(
    ("head", "status", "says"),
    [
        pytest.param(b"GET / HTTP/1.1\r\n", 400, "Host", id="no host"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n", 400, "two Host", id="two hosts"),
        pytest.param(b"GET / HTTP/1.0\r\nHost: a\r\nhost: b\r\n", 400, "two Host", id="two in 1.0"),
        pytest.param(b"GET / HTTP/1.1\r\nHost:\r\n", 400, "Host", id="empty host"),
        pytest.param(b'GET / HTTP/1.1\r\nHost: evil/x?y="\r\n', 400, "Host", id="host with path"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: user@host\r\n", 400, "Host", id="host with user"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: a, b\r\n", 400, "Host", id="a list of hosts"),
        pytest.param(b"GET / HTTP/1.0\r\nHost: a b\r\n", 400, "Host", id="bad host in 1.0"),
        *(
            pytest.param(b"GET / HTTP/1.1\r\nHost: %b\r\n" % host, 400, "Host", id=host.decode())
            for host in (b"a:65536", b"a:99999", b"[:]", b"[1]", b"[::1]:99999", b"....", b"~")
        ),
        pytest.param(b"GET / HTTP/1.1\r\nHost: xn--a\r\n", 400, "Host", id="no punycode"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n", 400, "folded", id="folded"),
        pytest.param(b"GET / HTTP/1.1\r\n Host: a\r\n", 400, "folded", id="folded at once"),
        pytest.param(b"GET http://[/ HTTP/1.1\r\nHost: a\r\n", 400, "address", id="no URL"),
        pytest.param(
            b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: %b\r\n" % (b"9" * 5000),
            400,
            "Content-Length",
            id="a length of many digits",
        ),
        pytest.param(
            b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n" % 10**12,
            413,
            "2,097,152 bytes; send it in parts",
            id="a body of many bytes",
        ),
        pytest.param(b"GET http:///a HTTP/1.1\r\nHost: a\r\n", 400, "host", id="URL with no host"),
        pytest.param(b"GET http://u@h/a HTTP/1.1\r\nHost: a\r\n", 400, "host", id="user in URL"),
        pytest.param(b"GET ftp://a/a HTTP/1.1\r\nHost: a\r\n", 400, "target", id="another scheme"),
        pytest.param(b"GET sparql HTTP/1.1\r\nHost: a\r\n", 400, "slash", id="no slash"),
        pytest.param(
            b"GET /assets/x-%b HTTP/1.1\r\nHost: a\r\n" % (b"-" * 100_000),
            414,
            "8,192",
            id="a long path",
        ),
        pytest.param(b"CONNECT a:443 HTTP/1.1\r\nHost: a\r\n", 400, "target", id="connect"),
        pytest.param(b"GET /\r\nHost: a\r\n", 400, "version", id="HTTP/0.9"),
        *(
            pytest.param(
                b"GET /a%bb HTTP/1.1\r\nHost: a\r\n" % bytes([code]), 400, "control", id=id
            )
            for code, id in ((0, "NUL"), (9, "tab"), (11, "VT"), (12, "FF"), (127, "DEL"))
        ),
        pytest.param(b"GET / HTTP/2.0\r\nHost: a\r\n", 505, "HTTP/1.1", id="HTTP/2"),
        pytest.param(b"GET / HTTP/1.7\r\nHost: a\r\n", 505, "HTTP/1.1", id="HTTP/1.7"),
    ],
)
def test_heads_that_are_refused(server, head: bytes, status: int, says: str) -> None:
    answers = exchange(server, head + b"\r\n" + ONE)
    assert statuses(answers) == [status]  # and what comes after is no request
    body = json.loads(answers.partition(b"\r\n\r\n")[2])
    assert body["status"] == status and says in body["detail"]


@pytest.mark.parametrize("options", [b"close", b"TE, close", b"keep-alive,Close"])
def test_close_among_other_options_closes(server, options: bytes) -> None:
    head = b"GET /robots.txt HTTP/1.1\r\nHost: x\r\nConnection: %b\r\n\r\n" % options
    answer = exchange(server, head + ONE)
    assert statuses(answer) == [200] and b"\r\nConnection: close\r\n" in answer


@pytest.mark.parametrize("wish", [b"websocket", b"h2c, websocket"])
def test_another_protocol_is_not_spoken_but_the_request_is_answered(server, wish: bytes) -> None:
    fields = b"\r\nUpgrade: %b\r\nConnection: close, Upgrade\r\n" % wish
    assert statuses(exchange(server, ONE.replace(b"\r\nConnection: close\r\n", fields))) == [200]


@pytest.mark.parametrize("host", ["a_b", "a_b:8000", "a:0", "[::1]:8000", "xn--bcher-kva.example"])
def test_links_lead_to_the_host_that_was_asked(server, host: str) -> None:
    head = f"GET /platform/upwork HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    answer = exchange(server, head.encode())
    assert statuses(answer) == [303]
    assert f"\r\nLocation: http://{host}/platform/upwork.".encode() in answer


def test_an_empty_port_and_the_usual_one_are_left_out(server) -> None:
    for host in ("a:", "a:80"):
        head = f"GET /platform/upwork HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        assert b"\r\nLocation: http://a/platform/upwork." in exchange(server, head.encode())


@pytest.mark.parametrize(
    ("fields", "body"),
    [
        pytest.param(b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n", CHUNKED, id="both"),
        pytest.param(b"Transfer-Encoding: chunked\r\nContent-Length: 0\r\n", CHUNKED, id="and 0"),
        pytest.param(b"Transfer-Encoding: chunked, chunked\r\n", CHUNKED, id="twice"),
        pytest.param(
            b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", CHUNKED, id="two lines"
        ),
        pytest.param(b"Transfer-Encoding:\r\n", b"", id="empty"),
        pytest.param(b"Content-Length: 6\r\nContent-Length: 6\r\n", b"ASK {}", id="two lengths"),
    ],
)
def test_bodies_with_two_ends_close_the_connection(server, fields: bytes, body: bytes) -> None:
    answers = exchange(server, POST + fields + b"\r\n" + body + ONE)
    assert statuses(answers) == [400]
    assert b"Connection: close" in answers


def test_chunks_are_for_1_1(server) -> None:
    head = POST.replace(b"1.1", b"1.0") + b"Transfer-Encoding: chunked\r\n"
    assert statuses(exchange(server, head + b"\r\n" + CHUNKED + ONE)) == [400]


def test_chunks_alone_are_read(server) -> None:
    answers = exchange(server, POST + b"Transfer-Encoding: Chunked\r\n\r\n" + CHUNKED + ONE)
    assert statuses(answers) == [200, 200]


@pytest.mark.parametrize(
    ("chunks", "status", "says"),
    [
        pytest.param(b"200001\r\n", 413, "2,097,152 bytes", id="a size past the limit"),
        pytest.param(b"1\r\na\r\n200000\r\n", 413, "2,097,152 bytes", id="with those before"),
        pytest.param(b"%b\r\n" % (b"F" * 17), 400, "size of a chunk", id="a size of many digits"),
        pytest.param(b"1;%b" % (b"a" * 9000), 400, "too long", id="a long line"),
        pytest.param(b"\r\n" + CHUNKED, 400, "size of a chunk", id="an empty line first"),
        pytest.param(b"6\r\nASK {}\r\n\r\n0\r\n\r\n", 400, "size of a chunk", id="or between"),
        pytest.param(b"0x6\r\nASK {}\r\n", 400, "size of a chunk", id="0x"),
        pytest.param(b"6\nASK {}\r\n", 400, "CR LF", id="a size before LF"),
        pytest.param(b"6\r\nASK {}\n", 400, "CR LF", id="a chunk before LF"),
        pytest.param(b"6\r\rASK {}\r\n", 400, "CR LF", id="CR CR"),
        pytest.param(b"6\r\nASK {} \r\n", 400, "longer", id="a chunk past its size"),
        pytest.param(b"1\r\na\r\n" * 9_000, 400, "8,192 chunks", id="many small ones"),
        pytest.param(b"0\r\nno field\r\n\r\n", 400, "last chunk", id="no field at the end"),
        pytest.param(b"0\r\n" + b"A: b\r\n" * 5_000, 400, "last chunk", id="many fields"),
    ],
)
def test_chunks_that_are_refused_at_once(server, chunks: bytes, status: int, says: str) -> None:
    answers = exchange(server, POST + b"Transfer-Encoding: chunked\r\n\r\n" + chunks)
    assert statuses(answers) == [status]
    assert says in json.loads(answers.partition(b"\r\n\r\n")[2])["detail"]


@pytest.mark.parametrize("length", [b"", b"Content-Length: 0\r\n"])
def test_who_would_wait_to_send_nothing_is_answered(server, length: bytes) -> None:
    head = b"GET /robots.txt HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n" + length
    assert statuses(exchange(server, head + b"\r\n" + ONE)) == [200, 200]


def test_who_waits_to_send_something_is_told_to(server) -> None:
    fields = b"Content-Length: 6\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
        connection.sendall(POST + fields)
        assert statuses(connection.recv(2**16)) == [100]
        connection.sendall(b"ASK {}")
        assert statuses(connection.recv(2**16)) == [200]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 10**6])
def test_chunks_are_read_however_they_come(size: int) -> None:
    head = POST + b"Transfer-Encoding: chunked\r\n\r\n"
    sent = head + b'4;a="b;c"\r\nA\r\nB\r\n000a \r\n0123456789\r\n0\r\nX: y\r\n\r\n' + ONE
    request, at = Request(Adjustments()), 0
    while not request.completed:
        at += request.received(sent[at : at + size])
    assert request.error is None
    assert request.get_body_stream().read() == b"A\r\nB0123456789"
    assert request.headers["CONTENT_LENGTH"] == "14"
    assert sent[at:] == ONE


@pytest.mark.parametrize("size", [1, 2, 3, 7, 10**6])
def test_heads_are_read_however_they_come(size: int) -> None:
    sent = b"\r\nGET /a HTTP/1.1\r\nHost: x\r\nA: b\r\n\r\n" + ONE
    request, at = Request(Adjustments()), 0
    while not request.headers_finished:
        at += request.received(sent[at : at + size])
        if request.empty:
            request = Request(Adjustments())
    assert sent[at:] == ONE and request.completed
    assert (request.path, request.headers["HOST"], request.error) == ("/a", "x", None)


def test_a_head_in_small_pieces_is_looked_through_once() -> None:
    request = Request(Adjustments(max_request_header_size=2**31))
    begun = time.process_time()
    request.received(b"GET / HTTP/1.1\r\nHost: x\r\nA: ")
    for _ in range(40_000):
        request.received(b"aaaaaaaa")
    assert time.process_time() - begun < 1  # 0.03, and 2.5 where each piece begins anew
    assert not request.completed


def test_blank_lines_before_a_request_are_passed_over_at_once(server) -> None:
    assert statuses(exchange(server, b"\r\n" * 200_000 + ONE)) == [200]
    request = Request(Adjustments())
    assert request.received(b"\r\n" * 4000) == 8000
    assert request.completed and request.empty


def test_the_target_wins_over_the_host(server) -> None:
    head = b"GET http://one.example:81/catalog HTTP/1.1\r\nHost: two.example\r\n"
    answer = exchange(server, head + b"Accept: text/turtle\r\nConnection: close\r\n\r\n")
    assert statuses(answer) == [200]
    assert b"http://one.example:81/dumps/" in answer and b"two.example" not in answer


def test_a_target_without_a_path_is_the_home_page(server) -> None:
    head = b"GET http://one.example HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    assert statuses(exchange(server, head)) == [200]


def test_http_1_0_needs_no_host(server) -> None:
    """And what it gets is not what one who asks for the host "None" has left behind."""
    ask = b"GET /country/IN.ttl HTTP/1.0\r\n"
    named = exchange(server, ask + b"Host: None\r\n\r\n")
    nameless = exchange(server, ask + b"\r\n")
    assert statuses(named) == statuses(nameless) == [200]
    assert b"http://None/" in named or b"http://none/" in named
    assert b"none/" not in nameless.lower()
    assert f"http://127.0.0.1:{server.port}/".encode() in nameless


@pytest.mark.parametrize("coding", ["gzip", "identity, br", "x"])
def test_a_body_in_a_content_coding_is_not_read(server, coding: str) -> None:
    reply = server(
        "/sparql",
        method="POST",
        body="ASK {}",
        Content_Type="application/sparql-query",
        Content_Encoding=coding,
    )
    assert (reply.status, reply.type) == (415, "application/problem+json")
    assert reply.headers["Accept-Encoding"] == "identity"
    assert "plain" in str(reply.json["detail"])


def test_no_coding_is_no_coding(server) -> None:
    kind = "application/sparql-query"
    for coding in ("", "identity", "Identity"):
        reply = server(
            "/sparql", method="POST", body="ASK {}", Content_Type=kind, Content_Encoding=coding
        )
        assert reply.status == 200
    assert server("/sparql?query=ASK%7B%7D", Content_Encoding="gzip").status == 200  # no body


@pytest.mark.parametrize(
    ("head", "status"),
    [
        pytest.param(b"GET /?" + b"a" * 900_000 + b" HTTP/1.1\r\nHost: x\r\n", 414, id="URL"),
        pytest.param(
            b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"a" * 900_000 + b"\r\n", 431, id="field"
        ),
        pytest.param(b"GET / HTTP/1.1\r\nHost: x\r\n" + b"A: b\r\n" * 90_000, 431, id="fields"),
    ],
)
def test_a_long_head_is_refused_and_not_held(server, head: bytes, status: int) -> None:
    whole = head + b"\r\n" + ONE
    assert statuses(exchange(server, whole)) == [status]  # and what comes after is no request
    request = Request(Adjustments(max_request_header_size=2**31))
    held, at = 0, 0
    while not request.completed:
        at += request.received(whole[at : at + 8192])
        held = max(held, len(request.header_plus))
    assert held < 400_000
    assert at < 400_000 and not request.header_plus


LINES = st.sampled_from(
    [
        b"Host: a",
        b"Host: b",
        b"Content-Length: 5",
        b"Content-Length: 0",
        b"Transfer-Encoding: chunked",
        b"Transfer-Encoding: gzip",
        b"transfer-encoding: chunked, chunked",
        b" folded",
        b"X: y",
    ]
)
TARGETS = st.sampled_from([b"/", b"*", b"http://a/", b"http://[::1]/b", b"//b/", b"a:1", b"?"])


@settings(max_examples=200)
@given(
    st.sampled_from([b"GET", b"POST", b"OPTIONS"]),
    TARGETS,
    st.sampled_from([b" HTTP/1.1", b" HTTP/1.0", b" HTTP/2.0", b""]),
    st.lists(LINES, max_size=4),
    st.binary(max_size=30),
)
def test_what_is_taken_has_one_end_and_one_host(
    method: bytes, target: bytes, version: bytes, lines: list[bytes], body: bytes
) -> None:
    request = Request(Adjustments())
    head = b"\r\n".join([method + b" " + target + version, *lines, b"", b""])
    request.received(head + body)
    if request.error or request.empty:
        return
    names = [line.partition(b":")[0].lower() for line in lines]
    assert names.count(b"host") <= 1
    assert names.count(b"content-length") + names.count(b"transfer-encoding") <= 1
    assert b" folded" not in lines
    assert version == b" HTTP/1.0" or request.headers["HOST"]
    assert request.path.startswith("/") or request.path == "*"
