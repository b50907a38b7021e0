"""What holds of every answer: headers, errors, size; and the small documents."""

import json
import re
import socket
from html.parser import HTMLParser

import pyoxigraph as ox
import pytest

PATHS = {
    "/": 200,
    "/browse": 200,
    "/browse?class=platform&page=1": 200,
    "/browse?class=nonsense": 404,
    "/browse?class=person&page=99": 404,
    "/browse?class=person&page=x": 400,
    "/browse?class=person&page=" + "9" * 400: 404,
    "/browse?class=person&q=ada": 200,
    "/browse?class=publication": 303,
    "/works": 200,
    "/works?q=upwork": 200,
    "/about": 200,
    "/status": 200,
    "/search": 303,
    "/search?q=upwork": 303,
    "/sparql": 200,
    "/sparql?query=nonsense": 400,
    "/sparql?query=ASK%7B%7D&format=nonsense": 400,
    "/platform/upwork": 303,
    "/dumps": 308,
    "/dumps/": 200,
    "/report": 200,
    "/shapes": 303,
    "/fragments": 200,
    "/fragments?page=x": 400,
    "/.well-known/void": 200,
    "/robots.txt": 200,
    "/health": 200,
    "/static/style.css": 200,
    "/nothing": 404,
}
BROWSER = "text/html,*/*;q=0.1"


@pytest.mark.parametrize(("path", "status"), PATHS.items(), ids=[p[:40] for p in PATHS])
@pytest.mark.parametrize("accept", [BROWSER, None], ids=["browser", "program"])
def test_status_and_headers(server, path, status, accept) -> None:
    reply = server(path, accept)
    assert reply.status == status
    assert reply.headers["Access-Control-Allow-Origin"] == "*"
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert reply.headers["Referrer-Policy"]
    if status >= 400:
        assert reply.type == ("text/html" if accept else "application/problem+json")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "POST"])
def test_other_methods(server, method) -> None:
    reply = server("/dumps/", method=method)
    assert reply.status == 405
    assert "GET" in reply.headers["Allow"]


class Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            assert name != "style", "the policy forbids inline styles"
            if name in ("href", "src", "action") and value:
                self.found.add(value)


PAGES = [
    "/",
    "/browse",
    "/browse?class=person",
    "/browse?class=platform",
    "/browse?class=scheme",
    "/browse?class=person&q=ada",
    "/works",
    "/works?q=upwork",
    "/about",
    "/status",
    "/sparql",
    "/dumps/",
    "/ontology.html",
    "/shapes.html",
    "/report.html",
    "/fragments",
    "/publication/doe-2020-clicks.html",
    "/publication/roe-2018-freelancers.html",
    "/platform/upwork.html",
    "/person/ada-roe.html",
    "/venue/journal-of-examples.html",
    "/scheme/platforms.html",
    "/graph/stated.html",
]


@pytest.mark.parametrize("page", PAGES)
def test_every_local_link_leads_somewhere(server, page) -> None:
    reader = Links()
    reader.feed(server(page, BROWSER).text)
    local = {link.split("#")[0] for link in reader.found if link.startswith("/")}
    assert local
    for link in local:
        assert server(link, BROWSER).status in (200, 303), link


@pytest.mark.parametrize("page", PAGES)
def test_pages_are_sound(server, page) -> None:
    text = server(page, BROWSER).text
    assert text.count("<h1>") == 1
    assert '<html lang="en">' in text
    assert 'class="skip" href="#main"' in text
    assert not re.search(
        r"<script(?! type=.application/ld.json.>| src=./assets/[^>]*></script>)"
        r"|<[^>]+ on\w+=|=['\"]javascript:",
        text,
    )
    # Nothing is loaded from elsewhere.
    assert not re.search(r'<(?:link[^>]+stylesheet|img|script)[^>]+(?:href|src)="https?:', text)


def test_home_counts_what_is_in_the_store(server) -> None:
    text = server("/", BROWSER).text
    assert re.search(r"<b>2</b>\s*publications", text)
    assert re.search(r"<b>1</b>\s*platform<", text)


def test_search_takes_any_text(server) -> None:
    title = "<mark>Freelancers</mark> of <mark>Upwork</mark>"
    assert title in server("/works?q=UPWORK+free").text
    # By a name it also has.
    assert 'href="/platform/upwork"' in server("/works?q=odesk").text
    for text in ("%22)%20%7D%20%23", "%5C", "%27%20%7C%7C%20true", "%ED%A0%80", "$limit"):
        reply = server(f"/works?q={text}")
        assert reply.status == 200
        assert "No works match all of these" in reply.text


def test_void_in_each_form(server) -> None:
    for accept, format in (
        (None, ox.RdfFormat.TURTLE),
        ("application/ld+json", ox.RdfFormat.JSON_LD),
        ("application/rdf+xml", ox.RdfFormat.RDF_XML),
    ):
        reply = server("/.well-known/void", accept)
        objects = {quad.object.value for quad in ox.parse(reply.body, format)}
        assert "http://rdfs.org/ns/void#Dataset" in objects


def test_report_as_page_and_as_rdf(server) -> None:
    assert server("/report", BROWSER).type == "text/html"
    assert server("/report", "text/turtle").type == "text/turtle"


def test_health(server) -> None:
    assert server("/health").json == {
        "status": "ok",
        "store": True,
        "version": "2026-01-01-0123456789ab",
    }


def test_robots_are_kept_from_queries(server) -> None:
    assert "Disallow: /sparql?" in server("/robots.txt").text


def raw(server, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
        connection.sendall(request)
        return connection.recv(65536)


@pytest.mark.parametrize(
    "request_bytes",
    [
        pytest.param(b"GET /%ff%fe HTTP/1.1\r\nHost: x\r\n\r\n", id="path is not UTF-8"),
        pytest.param(b"GET /a b HTTP/1.1\r\nHost: x\r\n\r\n", id="space in path"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: x\r\nAccept: " + b"a," * 100_000 + b"\r\n\r\n"),
        pytest.param(b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", id="long path"),
        pytest.param(b'GET / HTTP/1.1\r\nHost: a"<b>/\r\n\r\n', id="bad host"),
        pytest.param(b"GET /?q=%c0%af HTTP/1.1\r\nHost: x\r\n\r\n", id="overlong"),
        pytest.param(b"\x00\x01\x02\r\n\r\n", id="not HTTP"),
    ],
)
def test_odd_requests_never_break_it(server, request_bytes) -> None:
    answer = raw(server, request_bytes)
    assert not answer.startswith((b"HTTP/1.1 5", b"HTTP/1.0 5"))
    assert server("/health").status == 200


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/works?q=\u5e73\u53f0-\xe9", "\u5e73\u53f0-\xe9"),
        ("/sparql?query=SELECT(%22\xe9%22AS%3Fx){}", '"value":"\xe9"'),
    ],
    ids=["page", "query"],
)
def test_a_url_that_is_not_escaped(server, path, said) -> None:
    request = f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
        connection.sendall(request)
        answer = b"".join(iter(lambda: connection.recv(65536), b"")).decode()
    assert answer.startswith("HTTP/1.1 200")
    assert said in answer


def test_a_very_long_accept_is_read_so_far(server) -> None:
    long = "text/html;q=0.1, " * 15_000
    reply = server("/platform/upwork", f"text/turtle;q=0.2, {long}application/n-triples")
    assert (reply.status, reply.headers["Location"][-4:]) == (303, ".ttl")
    # over 320 KiB of head, the server itself refuses
    assert server("/platform/upwork", long * 4).status == 431


def test_problems_are_json_objects(server) -> None:
    problem = json.loads(server("/nothing").body)
    assert problem["status"] == 404
    assert problem["title"] and problem["detail"]


def test_the_greeting_names_things_that_work(server) -> None:
    for link in re.findall(rf"{server.url}(\S*)", server.greeting):
        path = link.rstrip("'") or "/"
        assert server(path).status == 200, path
