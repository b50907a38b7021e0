"""SERVICE: to the hosts the operator lists, and nowhere else, whatever these do."""

import http.server
import subprocess
import sys
import threading
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from oograph.cli import main
from oograph.graph.store.answers import Limits
from oograph.graph.store.embedded import EmbeddedStore
from oograph.graph.store.service_hosts import ServiceHosts

SD = "http://www.w3.org/ns/sparql-service-description#"
JSON = "application/sparql-results+json"
ROWS = b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"literal","value":"a"}}]}}'
WORKS = "?s a <https://w3id.org/oograph/ontology#Publication>"


class Strange(http.server.ThreadingHTTPServer):
    """A listed service that does strange things, by path; ``asked`` is what it was asked."""

    daemon_threads = True

    def __init__(self, elsewhere: str) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.elsewhere = elsewhere
        self.asked: list[str] = []
        self.over = threading.Event()

    def handle_error(self, request: object, client_address: object) -> None:
        """Who asks may hang up at any time."""


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Strange

    def do_POST(self) -> None:
        query = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.asked.append(query)
        try:
            getattr(self, self.path.strip("/").split("?")[0])()
        except OSError:
            return

    def say(self, status: int, body: bytes, media_type: str = JSON, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def rows(self) -> None:
        self.say(200, ROWS)

    def broken(self) -> None:
        self.say(200, ROWS[:40])

    def page(self) -> None:
        self.say(200, b"<p>Hello", "text/html")

    def failing(self) -> None:
        self.say(500, b"out of order " * 100, "text/plain")

    def elsewhere(self) -> None:
        self.say(302, b"", Location=self.server.elsewhere)

    def kept(self) -> None:
        self.say(307, b"", Location=self.server.elsewhere)

    def hanging(self) -> None:
        self.server.over.wait(20)

    def endless(self) -> None:
        row = b'{"s":{"type":"literal","value":"' + b"a" * 100_000 + b'"}},'
        self.go_on(b'{"head":{"vars":["s"]},"results":{"bindings":[', row)

    def bottomless(self) -> None:
        # paced: the engine itself refuses a term of 16 MiB, which must not come before a limit
        head = b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"literal","value":"'
        self.go_on(head, b"a" * 2**20, pause=0.2)

    def go_on(self, head: bytes, more: bytes, pause: float = 0) -> None:
        """Say more and more, until nobody listens."""
        self.send_response(200)
        self.send_header("Content-Type", JSON)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        while not self.server.over.is_set():
            self.wfile.write(b"%x\r\n%b\r\n" % (len(head), head))
            head = more
            self.server.over.wait(pause)

    def log_message(self, format: str, *args: object) -> None:
        return


@pytest.fixture(scope="module")
def unlisted() -> Iterator[Strange]:
    running = Strange("")
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield running
    running.shutdown()
    running.server_close()


@pytest.fixture(scope="module")
def strange(unlisted: Strange) -> Iterator[Strange]:
    running = Strange(f"http://127.0.0.1:{unlisted.server_port}/rows")
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield running
    running.over.set()
    running.shutdown()
    running.server_close()


@pytest.fixture(scope="module")
def asking(start_server, server, strange: Strange):
    """A server that may ask the other one and the strange one."""
    hosts = [f"127.0.0.1:{server.port}", f"localhost:{server.port}"]
    with start_server(service_hosts=[*hosts, f"127.0.0.1:{strange.server_port}"]) as running:
        yield running


def test_a_listed_service_answers(asking, server) -> None:
    expected = server.query(f"SELECT ?s {{ {WORKS} }} ORDER BY ?s").json
    for name in ("127.0.0.1", "localhost"):
        at = f"http://{name}:{server.port}/sparql"
        query = f"SELECT ?s {{ SERVICE <{at}> {{ {WORKS} }} {WORKS} }} ORDER BY ?s"
        reply = asking.query(query)
        assert (reply.status, reply.json) == (200, expected)
        assert reply.headers["Cache-Control"] == "no-store"
        assert reply.headers["ETag"] is None
    ask = f"ASK {{ SERVICE <{at}> {{ {WORKS} }} }}"
    assert asking.query(ask).json["boolean"] is True
    graph = asking.query(f"CONSTRUCT {{ ?s ?p ?o }} {{ SERVICE <{at}> {{ {WORKS} ; ?p ?o }} }}")
    assert len(list(ox.parse(graph.body, ox.RdfFormat.TURTLE))) > 10


def test_an_answer_from_elsewhere_is_never_kept(asking, strange: Strange) -> None:
    query = f"SELECT ?s {{ SERVICE <http://127.0.0.1:{strange.server_port}/rows?x> {{ ?s ?p 1 }} }}"
    before = len(strange.asked)
    for _ in range(2):
        assert asking.query(query, "text/csv").text == "s\r\na\r\n"
    assert len(strange.asked) == before + 2


def test_the_page_asks_too(asking, strange: Strange) -> None:
    query = f"SELECT ?s {{ SERVICE <http://127.0.0.1:{strange.server_port}/rows> {{ ?s ?p ?o }} }}"
    assert "<td" in asking.query(query, "text/html").text


@pytest.mark.parametrize(
    "target",
    [
        "<http://127.0.0.1:{evil}/rows>",
        "SILENT <http://127.0.0.1:{evil}/rows>",
        "<http://localhost:{evil}/rows>",
        "<http://127.0.0.1:{good}@127.0.0.1:{evil}/rows>",
        "<http://127.0.0.1:{good}#@127.0.0.1:{evil}/rows>",
        "<http://127.0.0.1:{good}.evil.example/rows>",
        "<http://[::1]:{good}/rows>",
        "<https://127.1:{good}/rows>",
        "<http://127.0.0.1/rows>",
        "<ftp://127.0.0.1:{good}/rows>",
        "<file:///etc/passwd>",
        "<rows>",
        "evil:rows",
        "?where",
        "<\\u0068ttp://127.0.0.1:{evil}/rows>",
        "<http://127.0.0.1:{good}/rows> {{}} SERVICE <http://127.0.0.1:{evil}/rows>",
        "<http://127.0.0.1:{good}/rows> {{}} FILTER(1<'>')SERVICE <http://127.0.0.1:{evil}/rows>",
        "<http://127.0.0.1:{good}/rows> {{}} FILTER(1<2)SERVICE#>\n<http://127.0.0.1:{evil}/rows>",
        "<http://127.0.0.1:{good}/rows> {{ SERVICE <http://127.0.0.1:{evil}/rows> {{}} }} #",
    ],
)
def test_no_other_host_is_asked(asking, strange: Strange, unlisted: Strange, target: str) -> None:
    ports = {"good": strange.server_port, "evil": unlisted.server_port}
    base = "http://127.0.0.1:{evil}/".format(**ports)
    query = (
        f"BASE <{base}> PREFIX evil: <{base}> "
        f"SELECT * {{ VALUES ?where {{ <{base}rows> }} SERVICE {target.format(**ports)} {{}}\n }}"
    )
    reply = asking.query(query)
    assert reply.status == 403
    assert f"127.0.0.1:{strange.server_port}" in str(reply.json["detail"])
    assert "SERVICE <" in str(reply.json["detail"])
    assert unlisted.asked == []


def test_a_query_without_service_has_no_sockets(release_folder: Path, strange: Strange) -> None:
    """Even where hosts are listed, and the guard has seen no SERVICE."""
    hosts = ServiceHosts.of([f"127.0.0.1:{strange.server_port}"])
    url = f"http://127.0.0.1:{strange.server_port}/rows"
    with EmbeddedStore(release_folder, Limits(workers=1), 0, hosts) as store:
        query = f"SELECT ?s {{ SERVICE <{url}> {{ ?s ?p ?o }} }}"
        assert store.query(query).rows == 1
        planned = store.plan("ASK {}")
        object.__setattr__(planned, "text", query)
        object.__setattr__(planned, "format", store.plan(query).format)
        with pytest.raises(Exception, match="Too many open files"):
            for _ in range(3):  # Whichever worker it is.
                store.ask(planned)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("broken", "Unexpected end"),
        ("page", "text/html"),
        ("failing", "500"),
        ("elsewhere", "redirect"),
        ("kept", "307"),
    ],
)
def test_a_service_that_fails(
    asking, strange: Strange, unlisted: Strange, path: str, said: str
) -> None:
    target = f"<http://127.0.0.1:{strange.server_port}/{path}>"
    reply = asking.query(f"SELECT * {{ SERVICE {target} {{ ?s ?p ?o }} }}")
    assert (reply.status, reply.json["title"]) == (502, "The other service did not answer")
    assert said in str(reply.json["detail"])
    assert len(str(reply.json["detail"])) < 600
    silent = asking.query(f"SELECT * {{ SERVICE SILENT {target} {{ ?s ?p ?o }} }}")
    assert (silent.status, silent.json["results"]) == (200, {"bindings": [{}]})
    assert unlisted.asked == []


def test_a_service_that_is_not_there(start_server, free_port) -> None:
    nobody = f"127.0.0.1:{free_port()}"
    with start_server(service_hosts=[nobody, "nowhere.invalid"]) as running:
        for at in (f"http://{nobody}/", "https://nowhere.invalid/"):
            reply = running.query(f"ASK {{ SERVICE <{at}> {{ ?s ?p ?o }} }}")
            assert reply.status == 502, reply.text


@pytest.mark.parametrize(
    ("path", "limits"),
    [
        ("hanging", {"seconds"}),
        ("endless", {"seconds", "result_bytes"}),
        ("bottomless", {"seconds", "memory_bytes"}),
    ],
)
def test_a_service_without_end_is_cut_at_the_limit(
    asking, strange: Strange, path: str, limits: set[str]
) -> None:
    target = f"http://127.0.0.1:{strange.server_port}/{path}"
    query = f"SELECT * {{ SERVICE <{target}> {{ ?s ?p ?o }} }}"
    reply = asking.query(query, timeout="1")
    assert reply.status in (503, 422)
    assert reply.json["limit"] in limits
    assert asking.query("ASK {}").json["boolean"] is True


def test_many_services_in_one_query(asking, strange: Strange) -> None:
    target = f"<http://127.0.0.1:{strange.server_port}/rows>"
    clauses = "".join(f"SERVICE {target} {{ ?s ?p{n} ?o{n} }} " for n in range(200))
    reply = asking.query(f"SELECT ?s {{ {clauses} }}")
    assert reply.status in (200, 502, 503)
    assert asking.query("ASK {}").json["boolean"] is True


def test_the_description_says_so(asking, server) -> None:
    feature = f"<{SD}feature> <{SD}BasicFederatedQuery>"
    assert feature in asking("/sparql", "application/n-triples").text
    assert feature not in server("/sparql", "application/n-triples").text
    reply = server.query(f"ASK {{ SERVICE <{asking.url}/sparql> {{}} }}")
    assert (reply.status, reply.json["title"]) == (403, "SERVICE is not available")


def test_two_services_that_ask_each_other_end(start_server, eventually, free_port) -> None:
    """What asks itself holds a place at each step, and the places run out."""
    port = free_port()
    hosts = [f"127.0.0.1:{port}"]
    with start_server(port=port, service_hosts=hosts, limits={"seconds": 1.0}) as again:
        inner = "?s ?p ?o"
        for _ in range(10):
            inner = f"SERVICE <{again.url}/sparql> {{ {inner} }}"
        reply = again.query(f"SELECT * {{ {inner} }}")
        assert reply.status in (429, 502, 503)
        eventually(lambda: again.query("ASK {}").status == 200, "places are not given back")


def test_a_form_post_may_ask_too(asking, strange: Strange) -> None:
    query = f"ASK {{ SERVICE <http://127.0.0.1:{strange.server_port}/rows> {{ ?s ?p ?o }} }}"
    body = urllib.parse.urlencode({"query": query})
    kind = "application/x-www-form-urlencoded"
    assert asking("/sparql", method="POST", body=body, Content_Type=kind).status == 200


def test_what_is_no_host_is_told_at_the_start() -> None:
    done = CliRunner().invoke(main, ["serve", "--service-host", "https://a.example/sparql"])
    assert done.exit_code == 2
    assert "write it as query.example.org or 127.0.0.1:3030" in " ".join(done.output.split())


def test_the_option_reaches_the_workers(release_folder: Path, strange: Strange) -> None:
    command = [sys.executable, "-c", "from oograph.cli import main; main()", "serve"]
    command += ["--release", str(release_folder)]
    command += ["--port", "0", "--log", "off"]
    command += ["--service-host", f"127.0.0.1:{strange.server_port}", "--service-host", "a.example"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        url = process.stdout.readline().split(" is served at ")[1].split("/ ")[0]
        target = f"<http://127.0.0.1:{strange.server_port}/rows>"
        query = urllib.parse.quote(f"SELECT ?s {{ SERVICE {target} {{ ?s ?p ?o }} }}")
        with urllib.request.urlopen(f"{url}/sparql?query={query}&format=csv", timeout=60) as reply:
            assert reply.read() == b"s\r\na\r\n"
    finally:
        process.terminate()
        process.wait(60)
