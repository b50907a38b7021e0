"""The endpoint's finer points: limits a client sets, caching, compression, what it claims."""

import gzip
import json
import urllib.parse

import pyoxigraph as ox
import pytest

SELECT = "SELECT ?s WHERE { ?s a <https://w3id.org/oograph/ontology#Publication> } ORDER BY ?s"
MANY = "SELECT * { ?s ?p ?o }"
PRODUCT = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n2 ?o }"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def hurried(start_server):
    with start_server(limits={"seconds": 1.0}) as running:
        yield running


def test_timeout_lowers_the_limit(server) -> None:
    reply = server.query(PRODUCT, timeout="0.2")
    assert reply.status == 503
    assert "0.2 seconds" in str(reply.json["detail"])


def test_timeout_does_not_raise_it(hurried) -> None:
    assert "limit of 1 second" in str(hurried.query(PRODUCT, timeout="3600").json["detail"])


@pytest.mark.parametrize("value", ["0", "-1", "soon", "1e9", "nan", "1,5", "٣"])
def test_timeout_is_a_number(server, value) -> None:
    reply = server.query(SELECT, timeout=value)
    assert reply.status == 400
    assert "seconds" in str(reply.json["detail"])


def test_timeout_in_a_form(server) -> None:
    body = urllib.parse.urlencode({"query": PRODUCT, "timeout": "0.3"})
    reply = server("/sparql", method="POST", body=body, Content_Type=FORM)
    assert "0.3 seconds" in str(reply.json["detail"])


def test_a_long_url(server) -> None:
    reply = server.query("#" * 300_000)
    assert reply.status == 414
    assert "POST" in str(reply.json["detail"])


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "PROPFIND"])
def test_other_methods(server, method) -> None:
    reply = server("/sparql", method=method)
    assert reply.status == 405
    assert {"GET", "HEAD", "OPTIONS", "POST"} <= set(reply.headers["Allow"].split(", "))


@pytest.mark.parametrize(
    "path",
    [
        "/sparql",
        "/sparql?query=nonsense",
        "/sparql?query=DROP%20ALL",
        "/sparql?query=ASK%7B%7D&format=csv",
        "/nothing",
        "/platform/upwork",
        "/health",
        "/metrics",
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT"])
def test_cors_and_preflight_everywhere(server, path, method) -> None:
    asked = {"Origin": "https://example.org", "Access_Control_Request_Method": "POST"}
    reply = server(path, method=method, **asked)
    assert reply.headers["Access-Control-Allow-Origin"] == "*"
    assert "POST" in reply.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in reply.headers["Access-Control-Allow-Headers"]
    assert "Retry-After" in reply.headers["Access-Control-Expose-Headers"]
    if method == "OPTIONS" and path != "/nothing":
        assert reply.status == 200


@pytest.mark.parametrize("accept", ["text/csv", "text/turtle", "image/png"])
@pytest.mark.parametrize("query", [SELECT, MANY, "nonsense"])
def test_head_says_what_get_says(server, query, accept) -> None:
    path = f"/sparql?{urllib.parse.urlencode({'query': query})}"
    for encoding in ("identity", "gzip"):
        get = server(path, accept, Accept_Encoding=encoding)
        head = server(path, accept, "HEAD", Accept_Encoding=encoding)
        assert head.status == get.status
        assert head.body == b""
        same = [name for name in get.headers if name != "Date"]
        assert [head.headers[name] for name in same] == [get.headers[name] for name in same]
        assert get.headers["Content-Length"] == str(len(get.body))


def test_an_etag_for_each_question_and_form(server) -> None:
    tags = [
        server.query(SELECT, "text/csv").headers["ETag"],
        server.query(SELECT, "application/json").headers["ETag"],
        server.query(SELECT, "application/sparql-results+json").headers["ETag"],
        server.query(SELECT + " LIMIT 1", "text/csv").headers["ETag"],
        server.query(
            SELECT, "text/csv", **{"default-graph-uri": "https://w3id.org/oograph/graph/stated"}
        ).headers["ETag"],
    ]
    assert len(set(tags)) == len(tags)
    assert server.query(SELECT, "text/csv").headers["ETag"] == tags[0]


def test_not_modified_without_asking_the_store(server) -> None:
    path = f"/sparql?{urllib.parse.urlencode({'query': SELECT})}"
    tag = server(path).headers["ETag"]
    reply = server(path, If_None_Match=f'"other", {tag}')
    assert (reply.status, reply.body) == (304, b"")
    assert reply.headers["ETag"] == tag
    assert reply.headers["Access-Control-Allow-Origin"] == "*"
    assert set(reply.headers["Vary"].split(", ")) == {"Accept", "Accept-Encoding"}
    assert server(path, If_None_Match='"other"').status == 200
    assert server(path, "text/csv", If_None_Match=tag).status == 200


def test_errors_and_answers_of_the_moment_have_no_etag(server) -> None:
    for query in ("nonsense", "SELECT (RAND() AS ?x) {}", "SELECT (NOW() AS ?x) {}"):
        reply = server.query(query)
        assert "ETag" not in reply.headers
    assert reply.headers["Cache-Control"] == "no-store"
    body = urllib.parse.urlencode({"query": SELECT})
    assert "ETag" not in server("/sparql", method="POST", body=body, Content_Type=FORM).headers


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        pytest.param("gzip", True, id="gzip"),
        pytest.param("gzip, deflate, br", True, id="browser"),
        pytest.param("*", True, id="any"),
        pytest.param("gzip;q=0", False, id="refused"),
        pytest.param("identity, gzip;q=0.5", False, id="plain preferred"),
        pytest.param("br", False, id="other"),
        pytest.param("", False, id="none"),
    ],
)
@pytest.mark.parametrize("path", ["/publication/doe-2020-clicks.ttl", "/sparql", "answer"])
def test_gzip(server, path, encoding, packed) -> None:
    path = f"/sparql?{urllib.parse.urlencode({'query': MANY})}" if path == "answer" else path
    plain = server(path, Accept_Encoding="identity")
    reply = server(path, Accept_Encoding=encoding)
    assert (reply.headers["Content-Encoding"] == "gzip") is packed
    assert (gzip.decompress(reply.body) if packed else reply.body) == plain.body
    assert "Accept-Encoding" in reply.headers["Vary"]
    assert "Accept-Encoding" in plain.headers["Vary"]
    if "ETag" in plain.headers:
        assert (reply.headers["ETag"] != plain.headers["ETag"]) is packed


@pytest.mark.parametrize("path", ["/publication/doe-2020-clicks.ttl", "answer"])
def test_not_modified_when_gzipped(server, path) -> None:
    path = f"/sparql?{urllib.parse.urlencode({'query': MANY})}" if path == "answer" else path
    packed = server(path, Accept_Encoding="gzip").headers["ETag"]
    plain = server(path).headers["ETag"]
    for tag in (packed, plain):
        reply = server(path, Accept_Encoding="gzip", If_None_Match=tag)
        assert (reply.status, reply.headers["ETag"]) == (304, tag)
    # Who takes no gzip has no use for the gzipped form.
    assert server(path, If_None_Match=packed).status == 200


def test_what_may_be_asked_for_in_ranges_is_sent_as_it_is(server) -> None:
    for path in ("/dumps/oograph.ttl", "/dumps/oograph.ttl.gz"):
        reply = server(path, Accept_Encoding="gzip", Range="bytes=0-1999")
        assert reply.status == 206
        assert "Content-Encoding" not in reply.headers
        assert "Content-Encoding" not in server(path, Accept_Encoding="gzip").headers


SD = "http://www.w3.org/ns/sparql-service-description#"
VOID = "http://rdfs.org/ns/void#"
FORMS = {
    **dict.fromkeys(("JSON", "XML", "CSV", "TSV"), SELECT),
    **dict.fromkeys(
        ("Turtle", "N-Triples", "RDF_XML", "JSON-LD", "TriG", "N-Quads"),
        "CONSTRUCT WHERE { ?s <https://w3id.org/oograph/ontology#year> ?y }",
    ),
}


@pytest.fixture(scope="module")
def claims(server) -> dict[tuple[str, str], list[str]]:
    """What the service says of itself: (subject, predicate) -> objects."""
    found: dict[tuple[str, str], list[str]] = {}
    body = server("/sparql", "application/n-triples").body
    for quad in ox.parse(body, ox.RdfFormat.N_TRIPLES):
        key = (quad.subject.value, quad.predicate.value)
        found.setdefault(key, []).append(quad.object.value)
    return found


def objects(claims, predicate: str) -> list[str]:
    return [value for (_, p), values in claims.items() if p == predicate for value in values]


def count(server, pattern: str) -> int:
    rows = server.query(f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}").json["results"]["bindings"]
    return int(rows[0]["n"]["value"])


def test_every_result_format_claimed_is_given(server, claims) -> None:
    formats = objects(claims, f"{SD}resultFormat")
    assert len(formats) == 10
    for iri in formats:
        name = iri.removeprefix("http://www.w3.org/ns/formats/").removeprefix("SPARQL_Results_")
        query = FORMS[name]
        known = server.query(query, "image/png").json["available"]
        replies = {kind: server.query(query, kind) for kind in known}
        assert all(r.status == 200 and r.type == kind for kind, r in replies.items())
        assert len(replies) == len([n for n in FORMS if FORMS[n] == query])


def test_the_endpoint_and_its_language(server, claims) -> None:
    assert objects(claims, f"{SD}endpoint") == [f"{server.url}/sparql"]
    assert objects(claims, f"{SD}supportedLanguage") == [f"{SD}SPARQL11Query"]
    # Features of 1.1 that 1.0 has not.
    query = "SELECT (SUM(?x) AS ?n) { VALUES ?x { 1 2 } FILTER NOT EXISTS { ?s <a:p>/<a:q>* ?o } }"
    assert server.query(query).status == 200
    assert server.query("INSERT DATA { <a:a> <a:b> 1 }").status == 400


def test_the_default_graph_is_the_union_as_claimed(server, claims) -> None:
    assert f"{SD}UnionDefaultGraph" in objects(claims, f"{SD}feature")
    assert count(server, "?s ?p ?o") == count(
        server, "{ SELECT DISTINCT ?s ?p ?o { GRAPH ?g { ?s ?p ?o } } }"
    )


def test_every_size_claimed_is_the_size(server, claims) -> None:
    endpoint = f"{server.url}/sparql"
    triples = f"{VOID}triples"
    for node in ("#dataset", "#default-graph"):
        assert claims[endpoint + node, triples] == [str(count(server, "?s ?p ?o"))]
    graphs = objects(claims, f"{SD}namedGraph")
    there = server.query("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }", "text/csv").text.split()
    assert {claims[graph, f"{SD}name"][0] for graph in graphs} == set(there[1:])
    for graph in graphs:
        (name,), (inside,) = claims[graph, f"{SD}name"], claims[graph, f"{SD}graph"]
        size = count(server, f"GRAPH <{name}> {{ ?s ?p ?o }}")
        assert claims[inside, triples] == [str(size)]
        assert size > 0
    for partition in objects(claims, f"{VOID}classPartition"):
        (kind,) = claims[partition, f"{VOID}class"]
        assert claims[partition, f"{VOID}entities"] == [str(count(server, f"?s a <{kind}>"))]


def test_every_dump_claimed_is_there(server, claims) -> None:
    dumps = objects(claims, f"{VOID}dataDump")
    assert len(dumps) == 12
    for url in (*dumps, *objects(claims, "http://www.w3.org/2000/01/rdf-schema#seeAlso")):
        assert server(url.removeprefix(server.url)).status == 200


def post(server, query: str):
    return server("/sparql", method="POST", body=query, Content_Type="application/sparql-query")


def test_every_limit_claimed_is_kept(server, hurried, claims) -> None:
    schema = "https://schema.org/"
    limits = {
        claims[node, f"{schema}name"][0]: float(claims[node, f"{schema}maxValue"][0])
        for node in objects(claims, f"{schema}additionalProperty")
    }
    large = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    reached = {
        "seconds": hurried.query(PRODUCT),
        "nesting": server.query("ASK " + "{" * 201 + "}" * 201),
        "query_characters": post(server, "ASK {}" + "#" * 100_000),
        "result_bytes": server.query(large),
        "memory_bytes": server.query(f"{large} ORDER BY ?c ?f"),
    }
    for name, reply in reached.items():
        assert reply.json["limit"] == name
        assert name in limits
    # Those of many queries at once are in test_fair_turns, that of memory in test_peak_memory.
    of_all = {"workers", "queue", "client_queries", "peak_memory_bytes"}
    assert set(limits) - set(reached) == of_all
    assert server.query("ASK " + "{" * 200 + "}" * 200).status == 200
    assert post(server, "ASK {}" + "#" * (100_000 - 6)).status == 200


def test_the_page_has_the_same_time_limit(server) -> None:
    reply = server.query(PRODUCT, "text/html", timeout="0.2")
    assert (reply.status, reply.type) == (503, "text/html")
    assert "0.2 seconds" in reply.text


def test_an_encoded_query_is_decoded_once(server) -> None:
    query = 'SELECT ("%20%2B+" AS ?s) { }'
    found = server.query(query).json["results"]["bindings"]
    assert json.dumps(found).count("%20%2B+") == 1


def test_relative_iris_are_resolved_against_the_endpoint(server) -> None:
    query = "CONSTRUCT { <s> <p> 1 } WHERE {}"
    reply = server.query(query, "application/n-triples")
    assert reply.text.startswith(f"<{server.url}/s> <{server.url}/p>")
    # Asked at another address it is another answer, with a tag of its own.
    path = f"/sparql?{urllib.parse.urlencode({'query': query})}"
    other = server(path, "application/n-triples", Host="a.example")
    assert other.text.startswith("<http://a.example/s>")
    assert other.headers["ETag"] != reply.headers["ETag"]


def test_an_update_as_a_query_is_a_bad_request(server) -> None:
    refused = server.query("DELETE WHERE { ?s ?p ?o }")
    assert (refused.status, refused.json["title"]) == (400, "This service is read-only")
    assert server("/sparql?update=CLEAR+ALL").status == 403


def test_the_iris_of_graphs_are_bounded(server) -> None:
    form = urllib.parse.urlencode({"query": "ASK {}", "default-graph-uri": "a:" + "b" * 100_000})
    reply = server(
        "/sparql", method="POST", body=form, Content_Type="application/x-www-form-urlencoded"
    )
    assert (reply.status, reply.json["limit"]) == (413, "query_characters")


def test_the_columns_of_a_star_are_in_alphabetical_order(server) -> None:
    for order in ("?s ?p ?o", "?o ?p ?s"):
        lines = server.query(f"SELECT * {{ {order} }} LIMIT 1", format="csv").text.splitlines()
        assert lines[0] == "o,p,s"
        lines = server.query(
            f"SELECT {order} {{ {order} }} LIMIT 1", format="csv"
        ).text.splitlines()
        assert lines[0] == order.replace("?", "").replace(" ", ",")
