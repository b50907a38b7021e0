"""A response that is given again is the one that would have been made."""

import json
import subprocess
import urllib.parse

import pytest

QUERY = "SELECT ?s WHERE { ?s a <https://w3id.org/oograph/ontology#Platform> } ORDER BY ?s"


def told(reply) -> dict[str, str]:
    return {name: value for name, value in reply.headers.items() if name != "Date"}


@pytest.mark.parametrize(
    ("path", "accept"),
    [
        ("/sparql?" + urllib.parse.urlencode({"query": QUERY}), "text/csv"),
        ("/platform/upwork.ttl", "*/*"),
        ("/platform/upwork.html", "text/html"),
        ("/works?q=work", "text/html"),
        ("/ontology.jsonld", "*/*"),
        ("/catalog", "text/turtle"),
    ],
)
def test_the_second_answer_is_the_first(server, path: str, accept: str) -> None:
    first, second = server(path, accept), server(path, accept)
    assert first.status == 200
    assert (second.status, second.body, told(second)) == (200, first.body, told(first))
    whole = server(path, accept, method="HEAD")
    assert told(whole) == told(first)
    known = server(path, accept, If_None_Match=first.headers["ETag"])
    assert (known.status, known.body) == (304, b"")


def test_forms_are_not_mixed_up(server) -> None:
    path = "/sparql?" + urllib.parse.urlencode({"query": QUERY})
    for _ in range(2):
        assert server(path, "text/csv").type == "text/csv"
        assert server(path, "application/sparql-results+json").type.endswith("results+json")
        assert server(path, "image/png").status == 406
        packed = server("/ontology.ttl", Accept_Encoding="gzip")
        assert packed.headers["Content-Encoding"] == "gzip"
        assert server("/ontology.ttl").headers["Content-Encoding"] is None


def test_each_address_gets_its_own(server) -> None:
    """Documents hold the address that they were asked for at."""
    for host in ("one.example", "two.example", "one.example"):
        assert f"http://{host}/dumps/" in server("/catalog", "text/turtle", Host=host).text


def test_no_page_keeps_the_address_of_another(start_server) -> None:
    """Templates are read, and what is computed once is computed, for the first who asks."""
    pages = (
        "/ /about /browse /browse?class=platform /catalog.html /changes /dumps/ /figures /map"
        " /ontology.html /platform/upwork.html /report.html /shapes.html /sparql /status /works"
    )
    with start_server() as running:
        for path in pages.split():
            assert running(path, "text/html", Host="evil.example").status == 200
        for path in pages.split():
            assert "evil.example" not in running(path, "text/html", Host="a.example").text, path


def test_what_is_new_each_time_is_not_kept(server) -> None:
    path = "/sparql?" + urllib.parse.urlencode({"query": "SELECT (UUID() AS ?x) {}"})
    assert server(path, "text/csv").body != server(path, "text/csv").body


def test_the_log_and_the_metrics_tell_of_it(start_server, tmp_path) -> None:
    with start_server(stderr=subprocess.PIPE, log="requests") as server:
        path = "/sparql?" + urllib.parse.urlencode({"query": QUERY})
        for _ in range(3):
            server(path, "text/csv")
        numbers = server("/metrics").text
    assert "oograph_responses_kept_total 2.0" in numbers
    assert 'oograph_requests_total{method="GET",route="/sparql",status="200"} 3.0' in numbers
    lines = [json.loads(line) for line in server.process.stderr if line.startswith("{")]
    asked = [line for line in lines if line.get("route") == "/sparql"]
    assert [line.get("kept", False) for line in asked] == [False, True, True]
    assert len({(line["rows"], line["query"], line["bytes"]) for line in asked}) == 1


def test_nothing_is_kept_where_nothing_shall_be(start_server) -> None:
    with start_server(cache_bytes=0) as server:
        for _ in range(3):
            assert server("/platform/upwork.ttl").status == 200
        assert "oograph_responses_kept_total 0.0" in server("/metrics").text
