"""Triple Pattern Fragments: the right triples, the right number, the controls a client needs."""

import threading
import urllib.parse
from pathlib import Path

import pyoxigraph as ox
import pytest

from oograph.graph.release import open_release
from oograph.graph.store import embedded
from oograph.graph.store.embedded import EmbeddedStore
from oograph.graph.store.worker_process import ForkServer
from oograph.server import create_app

BASE = "https://w3id.org/oograph/"
OO = f"{BASE}ontology#"
HYDRA = "http://www.w3.org/ns/hydra/core#"
VOID = "http://rdfs.org/ns/void#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
FORMATS = {
    "application/trig": ox.RdfFormat.TRIG,
    "application/n-quads": ox.RdfFormat.N_QUADS,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
}
NODE = ox.NamedNode


@pytest.fixture(scope="module")
def graph(release_folder: Path) -> set[ox.Triple]:
    return {quad.triple for quad in ox.parse(path=str(release_folder / "dumps" / "oograph.nq"))}


def test_pages_wait_until_the_store_has_its_order(
    release_folder: Path, monkeypatch: pytest.MonkeyPatch, eventually
) -> None:
    may_load = threading.Event()
    wait = ForkServer.wait
    monkeypatch.setattr(embedded, "LOADED_AT_ONCE", 10)
    monkeypatch.setattr(ForkServer, "wait", lambda each: may_load.wait(60) and wait(each))
    with EmbeddedStore(release_folder) as store:
        client = create_app(open_release(release_folder), store, "").test_client()
        many, few = address(), address(predicate="http://purl.org/dc/terms/license")
        reply = client.get(many)
        assert (reply.status_code, reply.headers["Retry-After"]) == (503, "30")
        assert client.get(few).status_code == 200
        may_load.set()
        eventually(lambda: not store.status().is_loading, "it is not loaded")
        assert client.get(many).status_code == 200


def address(**parameters: str) -> str:
    return f"/fragments?{urllib.parse.urlencode(parameters)}"


def fragment(server, **parameters: str) -> tuple[list[ox.Triple], ox.Dataset]:
    """The data of a page, and what it says of itself."""
    reply = server(address(**parameters), "application/trig")
    assert reply.status == 200, reply.text
    quads = list(ox.parse(reply.body, ox.RdfFormat.TRIG))
    data = [quad.triple for quad in quads if isinstance(quad.graph_name, ox.DefaultGraph)]
    return data, ox.Dataset(q for q in quads if not isinstance(q.graph_name, ox.DefaultGraph))


def value(controls: ox.Dataset, name: str) -> str:
    [quad] = [quad for quad in controls if quad.predicate == NODE(name)]
    return quad.object.value


PATTERNS = {
    "everything": {},
    "subject": {"subject": f"{BASE}platform/upwork"},
    "predicate": {"predicate": f"{RDF}type", "subject": "?s", "object": "?o"},
    "object": {"object": f"{BASE}platform/upwork"},
    "IRI in brackets": {"object": f"<{BASE}platform/upwork>"},
    "text in a language": {"object": '"Upwork"@en'},
    "plain text": {"object": '"Upwork"'},
    "text with quotes": {"object": '"Clicks for "pennies" </script><b>&"'},
    "number": {"object": '"2020"^^http://www.w3.org/2001/XMLSchema#integer'},
    "number as Turtle has it": {"object": '"2020"^^<http://www.w3.org/2001/XMLSchema#integer>'},
    "string with its datatype": {"object": '"IN"^^http://www.w3.org/2001/XMLSchema#string'},
    "all three": {
        "subject": f"{BASE}platform/upwork",
        "predicate": f"{RDF}type",
        "object": f"{OO}Platform",
    },
    "all three, and no such triple": {
        "subject": f"{BASE}platform/upwork",
        "predicate": f"{RDF}type",
        "object": f"{OO}Topic",
    },
    "a literal as subject": {"subject": '"Upwork"'},
    "a literal as predicate": {"predicate": '"Upwork"@en'},
    "a blank node": {"subject": "_:b1"},
}


def as_term(text: str) -> object:
    quoted = text.startswith('"')
    if not quoted:
        return NODE(text.strip("<>"))
    words, _, after = text[1:].rpartition('"')
    if after.startswith("@"):
        return ox.Literal(words, language=after[1:])
    return ox.Literal(words, datatype=NODE(after[2:].strip("<>")) if after else None)


def matches(triple: ox.Triple, pattern: dict[str, str]) -> bool:
    return all(
        text.startswith("?") or (text[0] != "_" and getattr(triple, name) == as_term(text))
        for name, text in pattern.items()
    )


@pytest.mark.parametrize("pattern", PATTERNS.values(), ids=PATTERNS)
def test_a_fragment_has_the_triples_that_match(server, graph, pattern) -> None:
    expected = {triple for triple in graph if matches(triple, pattern)}
    data, controls = fragment(server, **pattern)
    assert int(value(controls, f"{VOID}triples")) == len(expected)
    assert int(value(controls, f"{HYDRA}totalItems")) == len(expected)
    assert len(data) == len(set(data)) == min(100, len(expected))
    assert set(data) <= expected


def test_the_pages_together_are_the_graph(server, graph) -> None:
    found: list[ox.Triple] = []
    path: str | None = "/fragments"
    while path:
        quads = list(ox.parse(server(path, "application/trig").body, ox.RdfFormat.TRIG))
        found += [q.triple for q in quads if isinstance(q.graph_name, ox.DefaultGraph)]
        following = [q.object.value for q in quads if q.predicate == NODE(f"{HYDRA}next")]
        path = following[0].removeprefix(server.url) if following else None
    assert len(found) == len(set(found)) > 100
    assert set(found) == graph


def test_a_repeated_variable_stands_for_one_term(start_server, release_at, tmp_path) -> None:
    odd = NODE("urn:example:itself")
    folder = release_at(tmp_path / "odd", "odd", (ox.Quad(odd, NODE("urn:example:p"), odd),))
    with start_server(folder) as server:
        data, controls = fragment(server, subject="?x", object="?x")
        assert [triple.subject for triple in data] == [odd]
        assert value(controls, f"{VOID}triples") == "1"
        assert len(fragment(server, subject="?x", object="?y")[0]) == 100
        assert len(fragment(server, subject="?", object="?")[0]) == 100


def test_a_triple_of_two_graphs_is_one(start_server, release_at, tmp_path, graph) -> None:
    upwork = NODE(f"{BASE}platform/upwork")
    first = next(triple for triple in graph if triple.subject == upwork)
    again = ox.Quad(first.subject, first.predicate, first.object, NODE(f"{BASE}graph/inferred"))
    with start_server(release_at(tmp_path / "twice", "twice", (again,))) as server:
        data, controls = fragment(server, subject=first.subject.value)
        expected = {triple for triple in graph if triple.subject == first.subject}
        assert len(data) == len(expected) == int(value(controls, f"{VOID}triples"))


def test_the_controls(server) -> None:
    page = address(predicate=f"{OO}year")
    _, controls = fragment(server, predicate=f"{OO}year")
    said = {(q.subject.value, q.predicate.value): q.object for q in controls}
    url, start = f"{server.url}{page}", f"{server.url}/fragments"
    [graph_name] = {quad.graph_name for quad in controls}
    whole = said[graph_name.value, "http://xmlns.com/foaf/0.1/primaryTopic"]
    data = f"{BASE}.well-known/void#dataset"
    # The count is that of the fragment: neither of the page nor of the dataset.
    assert (whole.value, f"{VOID}triples") in said
    assert whole.value not in (url, data)
    assert said[data, f"{VOID}subset"] == whole
    assert said[whole.value, f"{VOID}subset"] == NODE(url)
    assert said[data, f"{HYDRA}search"] == NODE(f"{start}#search")
    template = said[f"{start}#search", f"{HYDRA}template"].value
    assert template == f"{start}{{?subject,predicate,object}}"
    for name in ("subject", "predicate", "object"):
        assert said[f"{start}#{name}", f"{HYDRA}variable"].value == name
        assert said[f"{start}#{name}", f"{HYDRA}property"] == NODE(RDF + name)
    assert said[url, f"{HYDRA}itemsPerPage"].value == "100"
    assert (url, f"{HYDRA}first") in said
    assert (url, f"{HYDRA}next") not in said
    assert not any(isinstance(q.subject, ox.BlankNode) for q in controls)


def test_links_between_pages(server) -> None:
    for number, names in ((1, {"first", "next", "last"}), (2, {"first", "previous", "last"})):
        _, controls = fragment(server, page=str(number))
        links = {q.predicate.value.removeprefix(HYDRA): q.object.value for q in controls}
        assert names <= links.keys()
        for name in names:
            assert server(links[name].removeprefix(server.url)).status == 200


@pytest.mark.parametrize(("media_type", "format"), FORMATS.items(), ids=FORMATS)
def test_each_format(server, graph, media_type, format) -> None:
    reply = server(address(object=f"{BASE}platform/upwork"), media_type)
    assert reply.type == media_type
    assert reply.headers["Vary"].startswith("Accept")
    triples = {quad.triple for quad in ox.parse(reply.body, format)}
    assert {t for t in graph if t.object == NODE(f"{BASE}platform/upwork")} <= triples
    counts = [t for t in triples if t.predicate == NODE(f"{VOID}triples")]
    number = sum(t.object == NODE(f"{BASE}platform/upwork") for t in graph)
    assert [t.object.value for t in counts] == [str(number)]


def test_program_gets_graphs_and_a_browser_a_page(server) -> None:
    assert server("/fragments").type == "application/trig"
    page = server(address(object='"Clicks for "pennies" </script><b>&"'), "text/html")
    assert page.type == "text/html"
    assert "2 triples" in page.text
    assert "</script><b>" not in page.text
    assert server("/fragments", "image/png").status == 406


WRONG = {
    "relative": {"subject": "upwork"},
    "space": {"object": "https://example.org/a b"},
    "open quote": {"object": '"Upwork'},
    "empty language": {"object": '"Upwork"@'},
    "language": {"object": '"Upwork"@12345678901'},
    "datatype": {"object": '"1"^^integer'},
    "variable": {"subject": "?a b"},
    "injected": {"object": "https://example.org/> } UNION { ?s ?p ?o"},
    "page": {"page": "x"},
    "page 0": {"page": "0"},
    "negative page": {"page": "-1"},
}


@pytest.mark.parametrize("parameters", WRONG.values(), ids=WRONG)
def test_what_cannot_be_read_is_refused(server, parameters) -> None:
    reply = server(address(**parameters))
    assert reply.status == 400
    assert reply.type == "application/problem+json"
    assert reply.headers["Access-Control-Allow-Origin"] == "*"
    assert reply.json["detail"]


def test_a_parameter_given_twice_is_refused(server) -> None:
    assert server("/fragments?subject=urn:a:b&subject=urn:a:c").status == 400


def test_there_is_no_page_after_the_last(server) -> None:
    assert server("/fragments?page=1000").status == 404
    assert server(f"/fragments?page={'9' * 400}").status == 404
    assert server(address(subject="urn:none:here", page="1")).status == 200
    assert server(address(subject="urn:none:here", page="2")).status == 404


def test_conditional_and_head(server) -> None:
    first = server("/fragments")
    tag = first.headers["ETag"]
    assert server("/fragments", If_None_Match=tag).status == 304
    assert server("/fragments", "text/turtle", If_None_Match=tag).status == 200
    assert server("/fragments?page=2", If_None_Match=tag).status == 200
    head = server("/fragments", method="HEAD")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["Content-Length"] == first.headers["Content-Length"]


def test_the_page_is_named_as_it_was_asked_for(server) -> None:
    path = "/fragments?object=%22caf%c3%a9%22&predicate=&x='"
    quads = list(ox.parse(server(path).body, ox.RdfFormat.TRIG))
    [page] = {q.subject.value for q in quads if q.predicate == NODE(f"{HYDRA}itemsPerPage")}
    assert page == f"{server.url}{path}"
    # What no IRI may hold is escaped.
    quads = list(ox.parse(server('/fragments?object="caf"').body, ox.RdfFormat.TRIG))
    [page] = {q.subject.value for q in quads if q.predicate == NODE(f"{HYDRA}itemsPerPage")}
    assert page == f"{server.url}/fragments?object=%22caf%22"
