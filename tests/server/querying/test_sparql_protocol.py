"""The endpoint against the SPARQL 1.1 Protocol, over real HTTP."""

import csv
import io
import json
import urllib.parse
import xml.etree.ElementTree as ET
from typing import Any

import pyoxigraph as ox
import pytest
from SPARQLWrapper import JSON, SPARQLWrapper

SELECT = "SELECT ?s WHERE { ?s a <https://w3id.org/oograph/ontology#Publication> } ORDER BY ?s"
CONSTRUCT = "CONSTRUCT WHERE { ?s <https://w3id.org/oograph/ontology#year> ?y }"
DESCRIBE = "DESCRIBE <https://w3id.org/oograph/platform/upwork>"
WORKS = [
    "https://w3id.org/oograph/publication/doe-2020-clicks",
    "https://w3id.org/oograph/publication/roe-2018-freelancers",
]
FORM = "application/x-www-form-urlencoded"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


def subjects(body: bytes) -> list[str]:
    return [row["s"]["value"] for row in json.loads(body)["results"]["bindings"]]


def test_get(server) -> None:
    assert subjects(server.query(SELECT).body) == WORKS


def test_form_post(server) -> None:
    body = urllib.parse.urlencode({"query": SELECT})
    assert subjects(server("/sparql", method="POST", body=body, Content_Type=FORM).body) == WORKS


def test_direct_post(server) -> None:
    kind = "application/sparql-query; charset=utf-8"
    assert subjects(server("/sparql", method="POST", body=SELECT, Content_Type=kind).body) == WORKS


def test_an_ordinary_client(server) -> None:
    client = SPARQLWrapper(f"{server.url}/sparql")
    client.setQuery(SELECT)
    client.setReturnFormat(JSON)
    answer: Any = client.queryAndConvert()
    assert [row["s"]["value"] for row in answer["results"]["bindings"]] == WORKS


def rows_json(body: bytes) -> int:
    return len(json.loads(body)["results"]["bindings"])


def rows_xml(body: bytes) -> int:
    return len(ET.fromstring(body).findall(".//{*}result"))


def rows_csv(body: bytes) -> int:
    return len(list(csv.reader(io.StringIO(body.decode())))) - 1


def rows_tsv(body: bytes) -> int:
    return len(body.decode().splitlines()) - 1


@pytest.mark.parametrize(
    ("name", "accept", "content_type", "count"),
    [
        ("json", "application/sparql-results+json", "application/sparql-results+json", rows_json),
        ("json", "application/json", "application/json", rows_json),
        ("xml", "application/sparql-results+xml", "application/sparql-results+xml", rows_xml),
        ("csv", "text/csv", "text/csv; charset=utf-8", rows_csv),
        ("tsv", "text/tab-separated-values", "text/tab-separated-values; charset=utf-8", rows_tsv),
    ],
)
def test_select_formats(server, name, accept, content_type, count) -> None:
    by_header = server.query(SELECT, accept)
    assert by_header.headers["Content-Type"] == content_type
    assert count(by_header.body) == 2
    # format= overrides what the header says.
    assert server.query(SELECT, "application/unknown", format=name).body == by_header.body


@pytest.mark.parametrize(
    ("query", "name", "media_type"),
    [
        (DESCRIBE, "turtle", "text/turtle"),
        (DESCRIBE, "n3", "text/turtle"),
        (DESCRIBE, "rdf+xml", "application/rdf+xml"),
        (DESCRIBE, "json-ld", "application/ld+json"),
        (DESCRIBE, "ntriples", "application/n-triples"),
        (SELECT, "application/sparql-results+json", "application/sparql-results+json"),
        (SELECT, "text/csv", "text/csv"),
        (SELECT, "JSON", "application/sparql-results+json"),
        (SELECT, "application/json", "application/json"),
        (SELECT, "application/sparql-results json", "application/sparql-results+json"),
        (SELECT, "application/sparql-results+xml;charset=utf-8", "application/sparql-results+xml"),
        (SELECT, "application/xml", "application/xml"),
        (DESCRIBE, "application/json", "application/json"),
        (DESCRIBE, "application/xml", "application/xml"),
        (DESCRIBE, "application/x-turtle", "application/x-turtle"),
        (DESCRIBE, "text/rdf n3", "text/rdf+n3"),
    ],
)
def test_the_names_that_other_clients_have_for_formats(server, query, name, media_type) -> None:
    assert server.query(query, "*/*", format=name).type == media_type


@pytest.mark.parametrize("query", [CONSTRUCT, DESCRIBE], ids=["construct", "describe"])
@pytest.mark.parametrize(
    ("name", "media_type", "format"),
    [
        ("ttl", "text/turtle", ox.RdfFormat.TURTLE),
        ("nt", "application/n-triples", ox.RdfFormat.N_TRIPLES),
        ("rdf", "application/rdf+xml", ox.RdfFormat.RDF_XML),
        ("jsonld", "application/ld+json", ox.RdfFormat.JSON_LD),
        ("trig", "application/trig", ox.RdfFormat.TRIG),
        ("nq", "application/n-quads", ox.RdfFormat.N_QUADS),
    ],
)
def test_graph_formats(server, query, name, media_type, format) -> None:
    reply = server.query(query, media_type)
    assert reply.type == media_type
    expected = set(ox.parse(server.query(query, format="nt").body, ox.RdfFormat.N_TRIPLES))
    assert set(ox.parse(reply.body, format)) == expected != set()
    assert server.query(query, format=name).body == reply.body


@pytest.mark.parametrize(
    ("format", "body"), [("json", '"boolean":true'), ("xml", "true</boolean>")]
)
def test_ask(server, format, body) -> None:
    assert body in server.query("ASK { ?s ?p ?o }", format=format).text


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        pytest.param(None, "application/sparql-results+json", id="no header"),
        pytest.param("*/*", "application/sparql-results+json", id="anything"),
        pytest.param("text/*", "text/csv", id="any text"),
        pytest.param("nonsense", "application/sparql-results+json", id="nonsense"),
        pytest.param(
            "application/sparql-results+json;q=0, */*",
            "application/sparql-results+xml",
            id="q=0 refuses",
        ),
        pytest.param("text/csv;q=0.5, text/tab-separated-values", "text/tab-separated-values"),
        pytest.param(BROWSER, "text/html", id="browser"),
        pytest.param(
            "application/sparql-results+json,text/html;q=0.9",
            "application/sparql-results+json",
            id="html second",
        ),
    ],
)
def test_negotiation(server, accept, media_type) -> None:
    reply = server.query(SELECT, accept)
    assert (reply.status, reply.type) == (200, media_type)
    assert "Accept" in reply.headers["Vary"]


@pytest.mark.parametrize(
    ("query", "accept"), [(SELECT, "text/turtle"), (CONSTRUCT, "text/csv"), ("ASK {}", "text/csv")]
)
def test_not_acceptable_lists_what_there_is(server, query, accept) -> None:
    reply = server.query(query, accept)
    assert reply.status == 406
    assert reply.type == "application/problem+json"
    assert reply.json["detail"].startswith(f"The answer to {query.split()[0]} is available as ")
    for media_type in reply.json["available"]:
        assert server.query(query, media_type).status == 200


def test_two_queries(server) -> None:
    path = f"/sparql?{urllib.parse.urlencode([('query', SELECT), ('query', 'ASK {}')])}"
    assert server(path).status == 400
    body = urllib.parse.urlencode({"query": SELECT})
    path = f"/sparql?{urllib.parse.urlencode({'query': SELECT})}"
    assert server(path, method="POST", body=body, Content_Type=FORM).status == 400


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        pytest.param("text/plain", SELECT, 415, id="wrong type"),
        pytest.param("application/sparql-update", "CLEAR ALL", 403, id="update, direct"),
        pytest.param(FORM, "update=CLEAR+ALL", 403, id="update, form"),
        pytest.param(FORM, "qery=ASK+%7B%7D", 400, id="no query"),
        pytest.param("application/sparql-query", b"ASK { \xff }", 400, id="not UTF-8"),
        pytest.param("application/sparql-query", "INSERT DATA { <a:a> <a:b> 1 }", 400, id="insert"),
        pytest.param("application/sparql-query", b"#" * 3 * 2**20, 413, id="huge body"),
        pytest.param("application/sparql-query", "#" * 200_000, 413, id="long query"),
    ],
)
def test_refused_posts(server, content_type, body, status) -> None:
    reply = server("/sparql", method="POST", body=body, Content_Type=content_type)
    assert reply.status == status
    assert reply.type == "application/problem+json"
    assert reply.headers["Access-Control-Allow-Origin"] == "*"


def test_a_form_of_another_type_is_told_how_to_be_one(server) -> None:
    """httr in R sends a list as multipart, and fetch in JavaScript a FormData."""
    body = f'--x\r\nContent-Disposition: form-data; name="query"\r\n\r\n{SELECT}\r\n--x--\r\n'
    kind = "multipart/form-data; boundary=x"
    reply = server("/sparql", method="POST", body=body, Content_Type=kind)
    assert reply.status == 415
    assert "multipart/form-data" in reply.json["detail"]
    assert 'encode = "form"' in reply.json["detail"]


def test_a_syntax_error_says_where_and_how_to_mend_it(server) -> None:
    reply = server.query("SELECT ?n WHERE {\n  ?p foaf:name ?n\n}")
    assert reply.status == 400
    assert reply.json["line"] == 2
    assert str(reply.json["excerpt"]).splitlines()[1].endswith("^")
    assert "PREFIX foaf: <http://xmlns.com/foaf/0.1/>" in str(reply.json["hint"])


@pytest.mark.parametrize(
    ("query", "line", "column", "said"),
    [
        ("ASK { ?p foaf:name ?n }", 1, 10, "PREFIX foaf: <http://xmlns.com/foaf/0.1/>"),
        ("ASK {\n\t?p a dct:x }", 2, 7, "PREFIX dct: <http://purl.org/dc/terms/>"),
        ("ASK { ?p :name ?n }", 1, 10, "PREFIX : <…>"),
        ("PREFIX a: <x:> ASK { ?a a:a ?b . ?c no-pe.x:b ?n }", 1, 37, "PREFIX no-pe.x: <…>"),
    ],
)
def test_the_caret_stands_below_the_place(server, query, line, column, said) -> None:
    found = server.query(query).json
    assert (found["line"], found["column"]) == (line, column)
    shown, caret = str(found["excerpt"]).split("\n")
    assert query.split("\n")[line - 1].replace("\t", " ") == shown
    assert caret == " " * (column - 1) + "^"
    assert said in str(found.get("hint", ""))


STATED = "https://w3id.org/oograph/graph/stated"
INFERRED = "https://w3id.org/oograph/graph/inferred"
COUNT = "SELECT (COUNT(*) AS ?s) {0} {{ ?a ?b ?c }}"
IN_GRAPHS = "SELECT (COUNT(*) AS ?s) WHERE { GRAPH ?g { ?a ?b ?c } }"


def count(reply) -> int:
    return int(subjects(reply.body)[0])


def test_the_default_graph_is_the_union(server) -> None:
    assert count(server.query(COUNT.format(""))) == count(server.query(IN_GRAPHS))


def test_from_selects_our_graphs(server) -> None:
    assert count(server.query(COUNT.format(f"FROM <{INFERRED}>"))) == 2
    assert count(server.query(COUNT.format(f"FROM NAMED <{INFERRED}>"))) == 0
    assert count(server.query(COUNT.format("FROM <file:///etc/passwd>"))) == 0


def test_the_protocols_dataset_wins_over_from(server) -> None:
    query = COUNT.format(f"FROM <{STATED}>")
    assert count(server.query(query, **{"default-graph-uri": INFERRED})) == 2
    assert count(server.query(IN_GRAPHS, **{"named-graph-uri": INFERRED})) == 2
    assert count(server.query(IN_GRAPHS, **{"default-graph-uri": INFERRED})) == 0
    assert server.query(IN_GRAPHS, **{"default-graph-uri": "no iri"}).status == 400
    empty = {"default-graph-uri": "", "named-graph-uri": ""}
    assert count(server.query(query, **empty)) == count(server.query(query))


@pytest.mark.parametrize("text", ["a b", "é", "a+b", "a/b", "50%20", "日本"])
def test_characters_survive_every_way_in(server, text) -> None:
    query = f'SELECT ("{text}" AS ?s) {{}}'
    body = urllib.parse.urlencode({"query": query})
    direct = {"Content_Type": "application/sparql-query"}
    for reply in (
        server.query(query),
        server("/sparql", method="POST", body=body, Content_Type=FORM),
        server("/sparql", method="POST", body=query.encode(), **direct),
    ):
        assert subjects(reply.body) == [text]


def test_a_query_file_may_begin_with_a_byte_order_mark(server) -> None:
    body = b"\xef\xbb\xbf" + SELECT.encode()
    kind = "application/sparql-query"
    assert subjects(server("/sparql", method="POST", body=body, Content_Type=kind).body) == WORKS


@pytest.mark.parametrize("kind", ["application/sparql-query", FORM])
@pytest.mark.parametrize(
    ("charset", "encoding"),
    [("utf-8", "utf-8"), ('"UTF8"', "utf-8"), ("ISO-8859-1", "latin-1"), ("us-ascii", "ascii")],
)
def test_a_body_is_read_in_the_charset_that_it_says(server, kind, charset, encoding) -> None:
    letter = "e" if encoding == "ascii" else "é"
    sent = f'SELECT ("{letter}" AS ?x) {{}}'.encode(encoding)
    body = b"query=" + urllib.parse.quote_from_bytes(sent).encode() if kind == FORM else sent
    asked = {"Content_Type": f"{kind}; charset={charset}", "Accept": "text/csv"}
    reply = server("/sparql", method="POST", body=body, **asked)
    assert (reply.status, reply.body) == (200, f"x\r\n{letter}\r\n".encode())


@pytest.mark.parametrize("kind", ["application/sparql-query", FORM])
@pytest.mark.parametrize("charset", ["utf-16", "UTF-16LE", "utf-7", "rot13", "x" * 5000])
def test_another_charset_is_not_misread(server, kind, charset) -> None:
    body = "query=ASK+%7B%7D" if kind == FORM else "ASK {}"
    for path in ("/sparql", "/reconcile") if kind == FORM else ("/sparql",):
        content_type = f"{kind}; charset={charset}"
        reply = server(path, method="POST", body=body, Content_Type=content_type)
        assert (reply.status, reply.type) == (415, "application/problem+json")
        assert "send it as UTF-8" in str(reply.json["detail"])


def test_bytes_that_are_not_of_their_charset(server) -> None:
    asked = {"Content_Type": "application/sparql-query; charset=us-ascii"}
    reply = server("/sparql", method="POST", body='ASK { ?s ?p "é" }'.encode(), **asked)
    assert reply.status == 400
    assert "not ASCII" in str(reply.json["detail"])


def test_bytes_that_are_no_text(server) -> None:
    broken = "query=SELECT+(%22%FF%22+AS+%3Fs)+%7B%7D"
    for reply in (
        server(f"/sparql?{broken}"),
        server("/sparql", method="POST", body=broken, Content_Type=FORM),
    ):
        assert (reply.status, reply.type) == (400, "application/problem+json")
        assert "not UTF-8" in str(reply.json["detail"])


@pytest.mark.parametrize(
    "path", [f"/sparql?{urllib.parse.urlencode({'query': SELECT})}", "/sparql"]
)
def test_what_a_client_has_is_not_sent_again(server, path) -> None:
    first = server(path)
    tag = first.headers["ETag"]
    # As it was sent; as one of several; as a proxy weakens it.
    for tags in (tag, f'"other", {tag}', f"W/{tag}"):
        again = server(path, If_None_Match=tags)
        assert (again.status, again.body, again.headers["ETag"]) == (304, b"", tag)
        assert "Accept" in again.headers["Vary"]
    assert server(path, If_None_Match='"other"').status == 200
    assert server(path, "application/rdf+xml, text/csv", If_None_Match=tag).status == 200


def test_columns_keep_their_order(server) -> None:
    query = "SELECT * { ?work <https://w3id.org/oograph/ontology#year> ?a ; ?m ?z }"
    heads = {server.query(query, "text/csv").text.splitlines()[0] for _ in range(3)}
    assert heads == {"a,m,work,z"}


def test_head_is_get_without_the_body(server) -> None:
    path = f"/sparql?{urllib.parse.urlencode({'query': SELECT})}"
    head, get = server(path, method="HEAD"), server(path)
    assert (head.status, head.body) == (200, b"")
    assert head.headers["Content-Length"] == str(len(get.body))


def test_preflight(server) -> None:
    reply = server("/sparql", method="OPTIONS", Origin="https://example.org")
    assert reply.status == 200
    assert "POST" in reply.headers["Allow"]
    assert "Content-Type" in reply.headers["Access-Control-Allow-Headers"]


SD = "http://www.w3.org/ns/sparql-service-description#"


@pytest.mark.parametrize(
    ("accept", "format"),
    [
        (None, ox.RdfFormat.TURTLE),
        ("application/rdf+xml", ox.RdfFormat.RDF_XML),
        ("application/ld+json", ox.RdfFormat.JSON_LD),
        ("application/n-triples", ox.RdfFormat.N_TRIPLES),
    ],
)
def test_the_service_describes_itself(server, accept, format) -> None:
    found = {
        (quad.predicate.value, quad.object.value)
        for quad in ox.parse(server("/sparql", accept).body, format)
    }
    assert (f"{SD}endpoint", f"{server.url}/sparql") in found
    assert ("https://schema.org/maxValue", "100000") in found
    assert (f"{SD}name", STATED) in found
    formats = {value for name, value in found if name == f"{SD}resultFormat"}
    assert len(formats) == 10


def test_no_blank_nodes_in_the_service_description(server) -> None:
    assert "_:" not in server("/sparql", "application/n-triples").text


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_address_with_a_last_slash_leads_to_the_endpoint(server, method) -> None:
    query = "?query=ASK%7B%7D&format=json"
    reply = server(f"/sparql/{query}", method=method)
    assert reply.status == 308
    assert reply.headers["Location"] == f"{server.url}/sparql{query}"
    assert server("/sparql/").headers["Location"] == f"{server.url}/sparql"


@pytest.mark.parametrize(
    "path", ["/works", "/figures", "/map", "/ontology", "/figure/works-per-year"]
)
def test_an_address_of_a_page_with_a_last_slash_leads_to_it(server, path) -> None:
    reply = server(f"{path}/?q=a%26b")
    assert (reply.status, reply.headers["Location"]) == (308, f"{server.url}{path}?q=a%26b")


@pytest.mark.parametrize(
    "path", ["/nothing/", "/works/x/", "/%2e%2e/", "/platform/no/", "/w%0d%0aorks/"]
)
def test_a_last_slash_leads_to_nothing_but_what_there_is(server, path) -> None:
    reply = server(path)
    assert reply.status in (301, 303, 308, 400, 404)
    assert reply.headers.get("Location", f"{server.url}/").startswith(f"{server.url}/")


def test_a_byte_order_mark_is_no_part_of_a_query(server) -> None:
    assert server.query("\ufeffASK { ?a ?b ?c }").json["boolean"] is True
    body = urllib.parse.urlencode({"query": "\ufeffASK { ?a ?b ?c }"})
    reply = server("/sparql", None, "POST", body, Content_Type="application/x-www-form-urlencoded")
    assert reply.json["boolean"] is True
