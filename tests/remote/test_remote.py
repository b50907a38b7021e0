"""The remote store: the same answers, formats and faults as the embedded one, or an error."""

import http.server
import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from oograph.graph.errors import BadAddress, LoadError
from oograph.graph.release import Release
from oograph.graph.store.answers import WHOLE, Answer, Dataset, Limits
from oograph.graph.store.embedded import EmbeddedStore, Store
from oograph.graph.store.endpoint import Endpoint
from oograph.graph.store.excerpt import Excerpt, Table
from oograph.graph.store.graph_store_client import find_graph_store
from oograph.graph.store.load import load, loaded_version
from oograph.graph.store.problems import ProblemDetails, QueryError
from oograph.graph.store.remote import RemoteStore
from oograph.graph.store.service_hosts import ServiceHosts
from oograph.ontology import BASE_IRI, Question, questions
from oograph.server.app import create_app
from oograph.server.web.classes import CLASSES

KINDS = ["oxigraph", "virtuoso"]
GRAPH = "https://w3id.org/oograph/graph/"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
BY_GRAPH = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g"
PUBLICATIONS = (
    "PREFIX oo: <https://w3id.org/oograph/ontology#> "
    "SELECT ?s ?p ?o { ?s a oo:Publication ; ?p ?o } ORDER BY ?s ?p ?o"
)
ALL_COLUMNS = (
    "PREFIX oo: <https://w3id.org/oograph/ontology#> "
    "SELECT * { ?work oo:year ?a ; a oo:Publication ; ?m ?z } ORDER BY ?work ?m ?z"
)
CONSTRUCT = (
    "PREFIX oo: <https://w3id.org/oograph/ontology#> "
    "CONSTRUCT WHERE { ?s a oo:Publication ; ?p ?o }"
)


@pytest.fixture(scope="module")
def embedded(small_release: Release) -> Iterator[EmbeddedStore]:
    with EmbeddedStore(small_release.folder) as store:
        yield store


@pytest.fixture(scope="module", params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def remote(kind: str, filled: Callable[[str], Any]) -> Iterator[RemoteStore]:
    with RemoteStore(filled(kind).query_url) as store:
        yield store


def outcome(
    store: Store, query: str, accept: str = "*/*", dataset: Dataset = WHOLE
) -> tuple[str, bytes, int | None] | ProblemDetails:
    try:
        answer: Answer = store.query(query, accept, dataset)
        return answer.media_type, answer.body, answer.rows
    except QueryError as error:
        return error.problem


@pytest.mark.parametrize("question", questions(), ids=lambda question: question.name)
def test_the_questions_have_the_same_answers(
    embedded: EmbeddedStore, remote: RemoteStore, question: Question
) -> None:
    expected = outcome(embedded, question.query, "text/csv")
    assert not isinstance(expected, ProblemDetails)
    assert outcome(remote, question.query, "text/csv") == expected


@pytest.mark.parametrize(
    ("query", "accept"),
    [
        *[(PUBLICATIONS, f"application/sparql-results+{name}") for name in ("json", "xml")],
        *[(PUBLICATIONS, f"text/{name}") for name in ("csv", "tab-separated-values")],
        *[(ALL_COLUMNS, f"text/{name}") for name in ("csv", "tab-separated-values")],
        (ALL_COLUMNS, "application/sparql-results+json"),
        *[(CONSTRUCT, f"text/{name}") for name in ("turtle", "plain")],
        *[(CONSTRUCT, f"application/{n}") for n in ("n-triples", "rdf+xml", "ld+json", "trig")],
        ("ASK { ?s ?p ?o }", "*/*"),
        ("ASK { ?s <urn:none> ?o }", "application/sparql-results+xml"),
        ("SELECT * {\n ?s ?p", "*/*"),
        ("SELECT * { ?s nope:p ?o }", "*/*"),
        ("ASK {}", "text/turtle"),
        ("ASK { SERVICE <http://127.0.0.1/> {} }", "*/*"),
        ("DROP ALL", "*/*"),
        ("ASK {" + "{" * 300 + "}" * 300 + "}", "*/*"),
        ("ASK { FILTER(" + "!" * 50_000 + "true) }", "*/*"),
    ],
    ids=lambda value: value[:40],
)
def test_the_same_bytes_or_the_same_fault(
    embedded: EmbeddedStore, remote: RemoteStore, query: str, accept: str
) -> None:
    assert outcome(remote, query, accept) == outcome(embedded, query, accept)


@pytest.mark.parametrize("query", [COUNT, BY_GRAPH], ids=["default graph", "named graphs"])
@pytest.mark.parametrize(
    "dataset",
    [
        WHOLE,
        Dataset((f"{GRAPH}stated",)),
        Dataset((), (f"{GRAPH}stated",)),
        Dataset((f"{GRAPH}inferred",), (f"{GRAPH}stated", f"{GRAPH}vocabulary")),
        Dataset((f"{GRAPH}nothing",)),
    ],
    ids=["whole", "default", "named", "both", "empty"],
)
def test_the_dataset_is_the_release_and_not_the_store(
    embedded: EmbeddedStore, kind: str, remote: RemoteStore, query: str, dataset: Dataset
) -> None:
    if kind == "virtuoso" and not dataset:
        pytest.skip("its default graph is all it has, its own graphs among it")
    expected = outcome(embedded, query, "text/csv", dataset)
    assert outcome(remote, query, "text/csv", dataset) == expected


def test_a_query_before_the_load_does_not_decide_how_later_ones_are_asked(
    new_oxigraph: Callable[..., Any], small_release: Release
) -> None:
    """A query that names no graphs also finds what is in a graph beside the release's."""
    running = new_oxigraph("--union-default-graph")
    other = "SELECT ?o { <urn:a> <urn:b> ?o }"
    with RemoteStore(running.query_url) as store:
        store.query("ASK {}")
        load(running.url, small_release)
        find_graph_store(running.url).update("INSERT DATA { GRAPH <urn:g> { <urn:a> <urn:b> 1 } }")
        assert store.query(other).rows == 1


@pytest.mark.parametrize("clause", ["FROM <{0}stated>", "FROM NAMED <{0}stated>"])
def test_a_query_may_choose_its_graphs(
    embedded: EmbeddedStore, remote: RemoteStore, clause: str
) -> None:
    query = COUNT.replace("{", clause.format(GRAPH) + " {", 1)
    assert outcome(remote, query, "text/csv") == outcome(embedded, query, "text/csv")


THINGS = ["platform/upwork", "country/IN", "topic/gig-economy", "publication/none", "graph/stated"]
PAGES = [
    "/",
    "/ontology.html",
    *("/works?q=work", "/works?q=upwork", "/works?q=m%C3%A4rkt", "/works?q=zzz"),
    *("/works.ttl?q=work", "/works.jsonld", "/works.csv"),
    *(f"/browse?class={name}" for name in CLASSES),
    *("/browse?class=person&page=2", "/about", "/status"),
    *(f"/{thing}{end}" for thing in THINGS for end in ("", ".html", ".ttl", ".jsonld", ".rdf")),
    *(f"/{thing}.linkset.json" for thing in THINGS),
    *("/lookup?iri=https://sws.geonames.org/1269750/", "/wikidata/Q668", "/doi/10.1/none"),
    *("/catalog.ttl", "/shapes.html", "/report", "/changes", "/reconcile/preview?id=country/IN"),
]
QUESTIONS = {
    "place": {"query": "Republic of India", "type": "Country"},
    "work": {"query": "Delivery ridrs in Madrid", "properties": [{"pid": "year", "v": 2020}]},
    "nothing": {"query": "zzzzzz"},
}
EXTEND = {
    "ids": ["country/IN", "platform/upwork"],
    "properties": [{"id": "broader"}, {"id": "url"}],
}
#: Fragments that fit on a page.
PATTERNS = [
    f"subject={BASE_IRI}platform/upwork",
    f"predicate=http://www.w3.org/2004/02/skos/core%23broader"
    f"&object={BASE_IRI}country/southern-asia",
    'object="Upwork"@en',
    f"subject={BASE_IRI}platform/none",
]


@pytest.fixture(scope="module")
def here(embedded: EmbeddedStore, small_release: Release) -> FlaskClient:
    return create_app(small_release, embedded).test_client()


@pytest.fixture(scope="module")
def there(remote: RemoteStore, small_release: Release) -> FlaskClient:
    return create_app(small_release, remote).test_client()


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_the_same(here: FlaskClient, there: FlaskClient, path: str) -> None:
    one, other = here.get(path), there.get(path)
    assert (other.status_code, comparable(other.text)) == (one.status_code, comparable(one.text))


@pytest.mark.parametrize(
    "form",
    [{"queries": json.dumps(QUESTIONS)}, {"extend": json.dumps(EXTEND)}],
    ids=["queries", "extend"],
)
def test_what_is_reconciled_is_the_same(
    here: FlaskClient, there: FlaskClient, form: dict[str, str]
) -> None:
    one, other = (each.post("/reconcile", data=form) for each in (here, there))
    assert (other.status_code, other.json) == (one.status_code, one.json)
    assert one.status_code == 200


@pytest.mark.parametrize("pattern", PATTERNS)
def test_fragments_are_the_same(here: FlaskClient, there: FlaskClient, pattern: str) -> None:
    """But for the order, which no remote store promises."""
    accept = {"Accept": "application/n-triples"}
    one, other = (each.get(f"/fragments?{pattern}", headers=accept) for each in (here, there))
    assert one.status_code == other.status_code == 200
    assert sorted(other.text.splitlines()) == sorted(one.text.splitlines())


def comparable(page: str) -> str:
    """A page without the examples of the ontology's terms: of many things the first one found."""
    return re.sub(r"<dt>Example</dt>.*", "", page)


def test_the_pages_of_the_newest_publications_are_the_same(
    here: FlaskClient, there: FlaskClient
) -> None:
    found = re.findall(r'href="/(publication/[^"]+)"', here.get("/works").text)
    assert len(found) > 5
    for path in found[:5]:
        for end in (".html", ".ttl", ".bib", ".ris", ".csl.json", ".linkset.json"):
            one, other = here.get(f"/{path}{end}"), there.get(f"/{path}{end}")
            assert (other.status_code, other.text) == (one.status_code, one.text)
            assert one.status_code == 200


def test_a_killed_store_is_an_error_and_then_none(
    new_oxigraph: Callable[..., Any], embedded: EmbeddedStore
) -> None:
    running = new_oxigraph()
    with RemoteStore(running.query_url) as store:
        assert json.loads(store.query("ASK {}").body)["boolean"] is True
        running.kill()
        fault = outcome(store, "ASK {}")
        assert isinstance(fault, ProblemDetails)
        assert (fault.status, fault.title) == (502, "The store is not reachable")
        running.start()
        assert json.loads(store.query("ASK {}").body)["boolean"] is True


SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?a != ?d && ?f != ?h) }"


def test_our_time_limit_holds(kind: str, filled: Callable[[str], Any]) -> None:
    running = filled(kind)
    with RemoteStore(running.query_url, limits=Limits(seconds=1, workers=1)) as store:
        store.query("ASK {}")  # The processes that read queries are there.
        fault = outcome(store, SLOW)
    running.kill()  # it would work on the answer that nobody waits for
    running.start()
    assert isinstance(fault, ProblemDetails)
    assert (fault.status, fault.limit) == (503, "seconds")
    assert "1 seconds" in fault.detail


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { GRAPH ?g { ?a ?b ?c . ?d ?e ?f . ?x ?h ?i } FILTER(STRLEN(STR(?i)) > 100) }",
        "CONSTRUCT { ?a ?b ?f } { GRAPH ?g { ?a ?b ?c . ?d ?e ?f . ?x ?h ?i } "
        "FILTER(STRLEN(STR(?i)) > 100) }",
    ],
    ids=["rows", "triples"],
)
def test_oxigraphs_own_time_limit_is_seen(
    new_oxigraph: Callable[..., Any], small_release: Release, query: str
) -> None:
    running = new_oxigraph("--timeout-s", "1")
    load(running.url, small_release)
    with RemoteStore(running.query_url, limits=Limits(seconds=20, workers=1)) as store:
        fault = outcome(store, query)
    assert isinstance(fault, ProblemDetails)
    assert (fault.status, fault.limit) == (503, "seconds")
    assert "its own time limit" in fault.detail


def test_virtuosos_own_time_limit_is_seen(filled: Callable[[str], Any]) -> None:
    url = f"{filled('virtuoso').query_url}?timeout=1000"
    with RemoteStore(url, limits=Limits(seconds=30, workers=1)) as store:
        fault = outcome(store, SLOW)
    assert isinstance(fault, ProblemDetails)
    assert (fault.status, fault.limit) == (503, "seconds")
    assert "its own time limit" in fault.detail


def test_virtuosos_own_row_limit_is_seen(
    new_virtuoso: Callable[..., Any], small_release: Release
) -> None:
    running = new_virtuoso(rows=50)
    load(running.url, small_release)
    with RemoteStore(running.query_url) as store:
        fault = outcome(store, "SELECT * { ?s ?p ?o }")
        few = outcome(store, "SELECT ?s { ?s ?p ?o } LIMIT 49", "text/csv")
    assert isinstance(fault, ProblemDetails)
    assert (fault.status, fault.title) == (422, "The answer is too large")
    assert not isinstance(few, ProblemDetails)
    assert few[2] == 49


ROWS = b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"literal","value":"a"}}]}}'
JSON = "application/sparql-results+json"
Script = tuple[int, dict[str, str], bytes]


@pytest.fixture
def scripted() -> Iterator[Callable[..., str]]:
    """A server that says one thing, and the URL to hear it at."""
    servers: list[http.server.ThreadingHTTPServer] = []

    def start(script: Script, pause: float = 0.0) -> str:
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                status, headers, body = script
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.close_connection = True
                try:
                    for piece in map(bytes, zip(body, strict=True)) if pause else [body]:
                        self.wfile.write(piece)
                        time.sleep(pause)
                except OSError:
                    return

            def log_message(self, format: str, *args: object) -> None:
                return

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}/sparql"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def reply(body: bytes = ROWS, status: int = 200, type: str = JSON, **headers: str) -> Script:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return status, {"Content-Type": type, "Content-Length": str(len(body)), **named}, body


@pytest.mark.parametrize(
    ("script", "status", "said"),
    [
        pytest.param(reply(Content_Length="99999"), 502, "ended too early", id="cut"),
        pytest.param((200, {"Content-Type": JSON}, ROWS), 502, "where it ends", id="no length"),
        pytest.param(reply(X_SQL_State="S1TAT"), 503, "own time limit", id="Virtuoso's clock"),
        pytest.param(reply(X_SPARQL_MaxRows="1"), 422, "at most 1 rows", id="Virtuoso's rows"),
        pytest.param(reply(ROWS[:-9]), 502, "cannot be read", id="half"),
        pytest.param(reply(type="text/html"), 502, "text/html", id="web page"),
        pytest.param(reply(b'{"head":{},"boolean":true}'), 502, "cannot be read", id="other form"),
        pytest.param(reply(b"not at all", 400), 400, "not at all", id="400"),
        pytest.param(reply(b"", 401), 502, "credentials", id="401"),
        pytest.param(reply(b"", 404), 502, "no SPARQL service", id="404"),
        pytest.param(reply(b"", 429, Retry_After="7"), 503, "no more queries", id="429"),
        pytest.param(
            reply(b"", 429, Retry_After="7" * 5000), 503, "no more queries", id="429 long"
        ),
        pytest.param(reply(b"", 500), 502, "status 500", id="500"),
        pytest.param(reply(b"Query timed out", 500), 503, "own time limit", id="500 late"),
        pytest.param(reply(b"", 302, Location="http://127.0.0.1:1/"), 502, "redirects", id="302"),
        pytest.param(reply(), 200, "", id="fine"),
    ],
)
def test_an_answer_is_whole_or_an_error(
    scripted: Callable[..., str], script: Script, status: int, said: str
) -> None:
    with RemoteStore(scripted(script), limits=Limits(seconds=60, workers=1)) as store:
        found = outcome(store, "SELECT ?s { ?s ?p ?o }", "text/csv")
    if isinstance(found, ProblemDetails):
        assert (found.status, said in found.detail) == (status, True), found
    else:
        assert (status, found[1], found[2]) == (200, b"s\r\na\r\n", 1)


@pytest.mark.parametrize("kind", ["Negotiate", "Bearer", "Digest", 'Digest realm="a", nonce="b"'])
def test_a_store_that_asks_for_other_credentials_says_so(
    scripted: Callable[..., str], monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setenv("OOGRAPH_STORE_USER", "user")
    url = scripted(reply(b"", 401, WWW_Authenticate=kind))
    with RemoteStore(url, limits=Limits(seconds=60, workers=1)) as store:
        found = outcome(store, "SELECT ?s { ?s ?p ?o }")
    assert isinstance(found, ProblemDetails)
    assert (found.status, "credentials" in found.detail) == (502, True), found


def test_of_several_kinds_of_credentials_basic_ones_are_given(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            is_known = (self.headers["Authorization"] or "").startswith("Basic ")
            self.send_response(200 if is_known else 401)
            for kind in () if is_known else ("Bearer", 'Basic realm="a"'):
                self.send_header("WWW-Authenticate", kind)
            self.send_header("Content-Type", JSON)
            self.send_header("Content-Length", str(len(ROWS)))
            self.end_headers()
            self.wfile.write(ROWS)

        def log_message(self, format: str, *args: object) -> None:
            return

    monkeypatch.setenv("OOGRAPH_STORE_USER", "user")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/sparql"
        with RemoteStore(url, limits=Limits(seconds=60, workers=1)) as store:
            found = outcome(store, "SELECT ?s { ?s ?p ?o }", "text/csv")
        server.shutdown()
    assert not isinstance(found, ProblemDetails) and found[1] == b"s\r\na\r\n"


def test_what_a_load_reads_cannot_end_it(scripted: Callable[..., str]) -> None:
    """Triples within triples overflow the stack of what reads them."""
    part = b'{"type":"uri","value":"x:a"}'
    before = b'{"type":"triple","value":{"subject":%s,"predicate":%s,"object":' % (part, part)
    term = before * 6000 + part + b"}}" * 6000
    body = ROWS.replace(b'{"type":"literal","value":"a"}', term)
    with pytest.raises(LoadError):
        loaded_version(scripted(reply(body)), BASE_IRI, 60)


@pytest.mark.parametrize("name", ["n", "s", "property"])
def test_a_load_says_what_a_store_does_not_answer(
    scripted: Callable[..., str], small_release: Release, name: str
) -> None:
    url = scripted(reply(ROWS.replace(b'"s"', f'"{name}"'.encode())))
    with pytest.raises(LoadError, match="does not answer what it is asked"):
        loaded_version(url, BASE_IRI, 60)
    with pytest.raises(LoadError, match="does not answer what it is asked"):
        load(url, small_release)


@pytest.mark.parametrize("number", ["a", "-1", "1.5", "9" * 5000])
def test_what_is_no_number_is_no_count(scripted: Callable[..., str], number: str) -> None:
    body = ROWS.replace(b'"s"', b'"n"').replace(b'"a"', f'"{number}"'.encode())
    with pytest.raises(LoadError, match="does not count"):
        find_graph_store(scripted(reply(body))).count("urn:g")


def test_a_store_that_keeps_nothing_is_not_another_load(
    scripted: Callable[..., str], small_release: Release
) -> None:
    nothing = b'{"head":{"vars":["property","version","n"]},"results":{"bindings":[]}}'
    with pytest.raises(LoadError, match="lost the mark of this load"):
        load(scripted(reply(nothing)), small_release)


def test_a_text_that_xml_cannot_hold_is_no_xml(scripted: Callable[..., str]) -> None:
    url = scripted(reply(ROWS.replace(b'"a"', rb'"\u0001"')))
    with RemoteStore(url, limits=Limits(seconds=60, workers=1)) as store:
        found = outcome(store, "SELECT ?s { ?s ?p ?o }", "application/sparql-results+xml")
        other = outcome(store, "SELECT ?s { ?s ?p ?o }", "text/csv")
    assert isinstance(found, ProblemDetails) and found.status == 406
    assert not isinstance(other, ProblemDetails)


@pytest.mark.parametrize("iri", ["http://x/1", "http://www.w3.org/1999/02/22-rdf-syntax-ns#about"])
def test_an_iri_that_is_no_xml_name_is_no_xml(scripted: Callable[..., str], iri: str) -> None:
    url = scripted(reply(f"<x:s> <{iri}> 1 .".encode(), type="text/turtle"))
    query = f"CONSTRUCT {{ <x:s> <{iri}> 1 }} {{}}"
    with RemoteStore(url, limits=Limits(seconds=60, workers=1)) as store:
        found = outcome(store, query, "application/rdf+xml")
        other = outcome(store, query, "text/turtle")
    assert isinstance(found, ProblemDetails) and found.status == 406
    assert not isinstance(other, ProblemDetails)


def test_a_store_that_dribbles_is_cut_off(scripted: Callable[..., str]) -> None:
    with RemoteStore(scripted(reply(), 0.2), limits=Limits(seconds=1, workers=1)) as store:
        found = outcome(store, "SELECT ?s { ?s ?p ?o }")
    assert isinstance(found, ProblemDetails)
    assert found.limit == "seconds"


def test_a_lower_time_limit_is_the_one_that_is_reported(scripted: Callable[..., str]) -> None:
    with RemoteStore(scripted(reply(), 0.2), limits=Limits(seconds=60, workers=1)) as store:
        with pytest.raises(QueryError) as caught:
            store.query("SELECT ?s { ?s ?p ?o }", seconds=1.5)
    assert "time limit of 1.5 seconds" in caught.value.problem.detail


def test_an_answer_took_no_longer_than_its_time_limit(scripted: Callable[..., str]) -> None:
    with RemoteStore(scripted(reply()), limits=Limits(seconds=60, workers=1)) as store:
        assert 0 < store.query("SELECT ?s { ?s ?p ?o }", seconds=20).seconds < 20


def test_an_answer_with_too_many_bytes(scripted: Callable[..., str]) -> None:
    row = b'{"s":{"type":"literal","value":"a"}}'
    body = ROWS.replace(row, b",".join([row] * 200))
    for size in (200, 20):  # As written here; as it comes.
        with RemoteStore(
            scripted(reply(body)), limits=Limits(seconds=60, result_bytes=size, workers=1)
        ) as store:
            found = outcome(store, "SELECT ?s { ?s ?p ?o }", "text/csv")
        assert isinstance(found, ProblemDetails)
        assert (found.status, found.limit) == (422, "result_bytes")


def test_an_excerpt_is_cut_in_front_of_a_remote_store(scripted: Callable[..., str]) -> None:
    row = b'{"s":{"type":"literal","value":"%s"}}' % (b"a" * 50)
    body = ROWS.replace(b'{"s":{"type":"literal","value":"a"}}', b",".join([row] * 30))
    query, excerpt = "SELECT ?s { ?s ?p ?o }", Excerpt(rows=20, characters=10)
    with RemoteStore(scripted(reply(body)), limits=Limits(seconds=60, workers=1)) as store:
        answer = store.ask(replace(store.plan(query, JSON), excerpt=excerpt))
        table = Table.read(answer.body)
    assert answer.rows == 30
    assert [[cell and (cell.text, cell.length) for cell in row] for row in table.rows] == [
        [("a" * 10, 50)]
    ] * 20


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s <bif:contains> ?o }",
        "PREFIX j: <java:org.example.> SELECT * { ?s j:Property ?o }",
        r"SELECT * { ?s <\u0062if:contains> ?o }",
    ],
)
def test_what_only_one_engine_has_is_refused(scripted: Callable[..., str], query: str) -> None:
    with RemoteStore(scripted(reply()), limits=Limits(workers=1)) as store:
        fault = outcome(store, query)
    assert isinstance(fault, ProblemDetails)
    assert fault.status == 403


def test_service_is_refused_unless_listed(scripted: Callable[..., str]) -> None:
    """The store behind would ask: what is refused never reaches it."""
    hosts = ServiceHosts.of(["a.example"])
    ask = "SELECT ?s {{ SERVICE <{0}> {{ ?s ?p ?o }} }}"
    with RemoteStore(scripted(reply()), limits=Limits(workers=1), service_hosts=hosts) as store:
        for target in ("http://b.example/", "http://a.example@b.example/", "ftp://a.example/"):
            fault = outcome(store, ask.format(target))
            assert isinstance(fault, ProblemDetails)
            assert (fault.status, "a.example" in fault.detail) == (403, True)
        assert outcome(store, ask.format("http://a.example/"), "text/csv")[1] == b"s\r\na\r\n"
        fault = outcome(store, ask.format("http://a.example/")[:-1])
    assert isinstance(fault, ProblemDetails)
    assert (fault.status, fault.line) == (400, 1)
    assert "SERVICE <http://a.example/>" in fault.excerpt
    with RemoteStore(scripted(reply(b"no answer there", 500)), service_hosts=hosts) as store:
        fault = outcome(store, ask.format("http://a.example/"))
    assert isinstance(fault, ProblemDetails)
    assert (fault.status, fault.title) == (502, "The other service did not answer")


def test_oxigraph_asks_a_listed_service(
    new_oxigraph: Callable[..., Any], filled: Callable[[str], Any]
) -> None:
    other = filled("oxigraph")
    hosts = ServiceHosts.of([other.query_url.split("/")[2]])
    graph = f"GRAPH <{GRAPH}stated> {{ ?s a <https://w3id.org/oograph/ontology#Publication> }}"
    query = f"SELECT (COUNT(*) AS ?n) {{ SERVICE <{other.query_url}> {{ {graph} }} }}"
    with RemoteStore(new_oxigraph().query_url, service_hosts=hosts) as store:
        found = outcome(store, query, "text/csv")
    assert not isinstance(found, ProblemDetails)
    assert int(found[1].split()[1]) > 0


def test_a_prefix_with_the_name_of_an_update_is_no_update(
    remote: RemoteStore, embedded: EmbeddedStore
) -> None:
    query = (
        "prefix load: <https://w3id.org/oograph/ontology#> "
        "SELECT (COUNT(?s) AS ?n) { ?s a load:Publication }"
    )
    assert outcome(remote, query) == outcome(embedded, query)


@pytest.mark.parametrize("url", ["", "ftp://x/", "file:///etc", "http://", "http://h:port/"])
def test_bad_addresses(url: str) -> None:
    with pytest.raises(BadAddress):
        Endpoint.of(url)


def test_credentials_are_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OOGRAPH_STORE_PASSWORD", "hidden")
    one = Endpoint.of("http://me:p%40ss@example.org:81/sparql?access-token=t0ken")
    assert (one.user, one.password) == ("me", "p@ss")
    assert "p@ss" not in repr(one)
    assert one.label == "http://example.org:81/sparql"
    monkeypatch.setenv("OOGRAPH_STORE_USER", "other")
    two = Endpoint.of("http://example.org/")
    assert (two.user, two.password) == ("other", "hidden")


@pytest.mark.parametrize("own", ["", "BASE <http://own.example/> ", "PREFIX e: <x/> "])
def test_relative_iris_have_the_same_base(
    embedded: EmbeddedStore, remote: RemoteStore, own: str
) -> None:
    text = f"{own}CONSTRUCT {{ <s> <p> 1 }} WHERE {{}}"
    bodies = []
    for store in (embedded, remote):
        planned = store.plan(text, "application/n-triples", base_iri="http://a.example/sparql")
        bodies.append(store.ask(planned).body)
    assert bodies[0] == bodies[1]
    assert bodies[0].startswith(b"<http://own" if "BASE" in own else b"<http://a.example/s>")


def test_unknown_functions_never_leave(remote: RemoteStore) -> None:
    refused = outcome(remote, "ASK { FILTER <http://a.example/f>(1) }")
    assert isinstance(refused, ProblemDetails)
    assert (refused.status, "<http://a.example/f>" in refused.detail) == (400, True)
