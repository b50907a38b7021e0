"""Queries meant to break the service, really run against it; the next one must be answered."""

import socket
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest

PRODUCT = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n2 ?o }"
FIRST = "SELECT * { ?s ?p ?o } LIMIT 1"


def answers(server) -> bool:
    return server.query(FIRST).status == 200


def test_an_endless_query_is_stopped_on_time(server) -> None:
    assert answers(server)
    reply = server.query(PRODUCT, timeout="1")
    assert reply.status == 503
    assert reply.json["limit"] == "seconds"
    assert answers(server)


def test_the_processor_is_idle_after_a_time_out(server, eventually) -> None:
    server.query(PRODUCT, timeout="1")

    def idle() -> bool:
        listed = subprocess.run(
            ["ps", "-o", "pid=,stat=", "-A"], capture_output=True, text=True, check=True
        )
        states = dict(line.split() for line in listed.stdout.splitlines())
        return not any(states.get(str(pid), "").startswith("R") for pid in server.workers)

    eventually(idle, "a worker goes on with the query")


def test_too_much_memory(server) -> None:
    query = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i"
    reply = server.query(query)
    assert reply.status == 503
    assert reply.json["limit"] == "memory_bytes"
    assert answers(server)


@pytest.mark.parametrize("format", ["json", "csv", "tsv", "xml"])
def test_an_answer_too_large_is_an_error_and_never_cut_short(server, format) -> None:
    reply = server.query("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", format=format)
    assert reply.status == 422
    assert reply.json["limit"] == "result_bytes"
    assert "rows" in str(reply.json["detail"])


def test_a_graph_too_large(server) -> None:
    query = (
        "CONSTRUCT { ?x <urn:p> ?y } { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i "
        'BIND(IRI(CONCAT("urn:", STRUUID())) AS ?x) BIND(?x AS ?y) }'
    )
    reply = server.query(query)
    assert (reply.status, reply.json["limit"]) == (422, "result_bytes")


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("ASK {" + "{" * 5000 + "}" * 5000 + "}", id="groups"),
        pytest.param("ASK { FILTER(" + "(" * 5000 + "1" + ")" * 5000 + ") }", id="parentheses"),
        pytest.param("ASK { FILTER(" + "!" * 50_000 + "true) }", id="negations"),
        pytest.param("ASK { FILTER(" + "-" * 50_000 + "1 > 0) }", id="minus signs"),
        pytest.param("ASK {" + "OPTIONAL {" * 3000 + "}" * 3000 + "}", id="optionals"),
        pytest.param("ASK { " + "[" * 3000 + "]" * 3000 + " <urn:p> 1 }", id="blank nodes"),
        pytest.param("ASK { ?s " + "^" * 50_000 + "<urn:p> ?o }", id="paths"),
    ],
)
def test_nesting(server, query) -> None:
    reply = server.query(query)
    assert reply.status == 400
    assert answers(server)


@pytest.mark.parametrize(
    "query",
    [
        pytest.param(" || ".join(["true"] * 12_000), id="or"),
        pytest.param(" + ".join(["1"] * 24_000), id="plus"),
    ],
)
def test_chains_end_no_more_than_their_worker(server, query) -> None:
    assert server.query(f"ASK {{ FILTER({query}) }}", timeout="1").status in (200, 400, 503)
    assert answers(server)


def test_a_query_the_planner_drowns_in(server) -> None:
    patterns = " ".join(f"?a{i} ?b{i} ?c{i + 1} ." for i in range(1500))
    assert server.query(f"ASK {{ {patterns} }}", timeout="1").status in (200, 400, 503)
    assert answers(server)


@pytest.fixture
def listener():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        listening.settimeout(0.1)
        yield listening


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * {{ SERVICE <{url}> {{ ?s ?p ?o }} }}",
        "SELECT * {{ SeRvIcE SILENT <{url}> {{ ?s ?p ?o }} }}",
        "SELECT * {{ \\u0053ERVICE <{url}> {{ ?s ?p ?o }} }}",
        "SELECT * {{ ?s ?p trueSERVICE <{url}> {{ ?a ?b ?c }} }}",
        "PREFIX : <{url}> SELECT * {{ SERVICE:x {{ ?s ?p ?o }} }}",
        "SELECT * {{ ?s ?p '\\u005C' SERVICE <{url}> {{ ?a ?b ?c }} #' \n}}",
        "SELECT * {{ BIND(<{url}> AS ?u) SERVICE ?u {{ ?s ?p ?o }} }}",
        "LOAD <{url}>",
        "load silent <{url}> into graph <urn:g>",
    ],
)
def test_nothing_leaves_the_process(server, listener, query) -> None:
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
    reply = server.query(query.format(url=url))
    assert reply.status == (400 if query.upper().startswith("LOAD") else 403)
    with pytest.raises(TimeoutError):
        listener.accept()


@pytest.mark.parametrize("clause", ["FROM", "FROM NAMED"])
def test_from_fetches_nothing(server, listener, clause) -> None:
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/data.ttl"
    for iri in (url, "file:///etc/passwd"):
        reply = server.query(
            f"SELECT * {clause} <{iri}> {{ {{ ?s ?p ?o }} UNION {{ GRAPH ?g {{ ?s ?p ?o }} }} }}"
        )
        assert reply.json["results"]["bindings"] == []
    with pytest.raises(TimeoutError):
        listener.accept()


def test_keywords_in_texts_and_names_are_no_keywords(server) -> None:
    query = (
        "PREFIX load: <urn:x#> # SERVICE\n"
        'SELECT ?service WHERE { ?service load:insert \'SERVICE <x>\', """DELETE " LOAD""" , '
        "<urn:SERVICE>, 'a'@clear } "
    )
    assert server.query(query).status == 200


def test_many_at_once_learn_when_to_come_back(server) -> None:
    with ThreadPoolExecutor(12) as pool:
        replies = list(pool.map(lambda _: server.query(PRODUCT, timeout="1"), range(12)))
    # Nobody else waits, so it is the house that is full, and not the client that takes too much.
    assert {reply.status for reply in replies} == {503}
    turned_away = [reply for reply in replies if reply.json["limit"] == "workers"]
    assert len(turned_away) >= 4
    assert all(int(reply.headers["Retry-After"]) > 0 for reply in turned_away)
    assert answers(server)


@pytest.mark.parametrize(
    "query",
    [
        pytest.param(
            "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l "
            'FILTER(REGEX(CONCAT(STR(?a), STR(?d)), "' + "(a?){60}" * 3 + "(.*.*)*$" + '")) }',
            id="regex",
        ),
        pytest.param(
            "SELECT (STRLEN(?x30) AS ?n) { BIND('0123456789' AS ?x0) "
            + " ".join(f"BIND(CONCAT(?x{i}, ?x{i}) AS ?x{i + 1})" for i in range(30))
            + " }",
            id="concat",
        ),
        pytest.param(
            "SELECT (STRLEN(?x6) AS ?n) { BIND('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' AS ?x0) "
            + " ".join(
                f"BIND(REPLACE(?x{i}, 'a', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa') AS ?x{i + 1})"
                for i in range(6)
            )
            + " }",
            id="replace",
        ),
        pytest.param(
            "SELECT (COUNT(*) AS ?n) { ?a (!<urn:a>|^!<urn:b>)* ?b . ?b (!<urn:c>|^!<urn:d>)+ ?c "
            ". ?c (!<urn:e>|^!<urn:f>)* ?d }",
            id="paths over cycles",
        ),
        pytest.param(
            "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l } ORDER BY ?c ?f ?i ?l",
            id="order by",
        ),
        pytest.param(
            "SELECT (GROUP_CONCAT(?t) AS ?all) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l "
            "BIND(CONCAT(STR(?a), STR(?d), STR(?g), STR(?j)) AS ?t) }",
            id="group concat",
        ),
        pytest.param(
            "SELECT DISTINCT ?a ?f ?i ?k { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }",
            id="distinct",
        ),
    ],
)
def test_a_bomb_ends_with_a_limit_and_on_time(server, query) -> None:
    reply = server.query(query, timeout="1")
    assert reply.status in (400, 422, 503)
    assert reply.type == "application/problem+json"
    assert reply.json.get("limit") or reply.status == 400
    assert answers(server)


@pytest.mark.parametrize("count", [10_000, 100_000])
def test_a_hundred_thousand_nested_groups(server, count) -> None:
    query = "ASK " + "{" * count + "}" * count
    reply = server("/sparql", method="POST", body=query, Content_Type="application/sparql-query")
    assert reply.status in (400, 413)
    assert reply.json["limit"] in ("nesting", "query_characters")
    assert answers(server)


def test_the_fault_says_which_limit_and_what_to_do(server) -> None:
    problem = server.query(PRODUCT, timeout="1").json
    assert problem["title"] == "The query took too long"
    assert "1 second" in str(problem["detail"])
    assert "LIMIT" in str(problem["detail"])


def test_an_answer_too_large_says_how_far_it_came_and_where_the_whole_is(server) -> None:
    problem = server.query("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", format="csv").json
    assert int(str(problem["rows"])) > 1000
    assert problem["dumps"] == f"{server.url}/dumps/"
    assert server("/dumps/").status == 200
