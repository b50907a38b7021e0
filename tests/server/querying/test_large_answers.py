"""Large answers: whole, with their length, and without the server growing."""

import gzip
import http.client
import urllib.parse
from pathlib import Path

import pytest

ROWS = 5_000_000
QUERY = (
    "SELECT ?a {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }} LIMIT {0} # {0} rows, some 50 bytes"
)


@pytest.fixture(scope="module")
def roomy(start_server):
    with start_server(
        limits={"seconds": 100, "result_bytes": 2**30, "memory_bytes": 2**28},
    ) as running:
        assert running("/health").status == 200
        yield running


def fetch(server, query: str, **headers: str) -> tuple[http.client.HTTPResponse, int, bytes]:
    """The response's head, the number of bytes of its body, and its last bytes."""
    path = f"/sparql?{urllib.parse.urlencode({'query': query, 'format': 'csv'})}"
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=200)
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    size, lines, tail = 0, 0, b""
    while piece := response.read(2**20):
        size += len(piece)
        lines += piece.count(b"\n")
        tail = piece[-2:]
    connection.close()
    assert response.status == 200, tail
    return response, size, b"%d %s" % (lines, tail)


def test_five_million_rows(roomy) -> None:
    before = roomy.resident
    response, size, end = fetch(roomy, QUERY.format(ROWS))
    assert response.headers["Content-Length"] == str(size)
    assert size > 200 * 2**20
    assert end == b"%d \r\n" % (ROWS + 1)
    assert roomy.resident - before < 60 * 2**20
    metrics = roomy("/metrics").text
    rows = next(line for line in metrics.splitlines() if line.startswith("oograph_rows_total"))
    assert float(rows.split()[1]) == ROWS


def test_gzipped(roomy) -> None:
    query = QUERY.format(200_000)
    path = f"/sparql?{urllib.parse.urlencode({'query': query, 'format': 'csv'})}"
    packed = roomy(path, Accept_Encoding="gzip")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Content-Length"] == str(len(packed.body))
    plain = roomy(path)
    assert len(plain.body) > 5 * len(packed.body)
    # Which rows they are is the engine's choice; how many, and of what size, is not.
    assert gzip.decompress(packed.body).count(b"\n") == plain.body.count(b"\n") == 200_001
    assert packed.headers["ETag"] != plain.headers["ETag"]


def test_head_of_a_large_answer(roomy) -> None:
    query = QUERY.format(100_000)
    path = f"/sparql?{urllib.parse.urlencode({'query': query, 'format': 'tsv'})}"
    head = roomy(path, method="HEAD")
    assert (head.status, head.body) == (200, b"")
    assert int(head.headers["Content-Length"]) > 2**20
    assert roomy("/health").status == 200


def test_no_file_is_left_behind(roomy, eventually) -> None:
    before = deleted_files(roomy.process.pid)  # Such as where pytest keeps its output.
    for number in range(5):
        fetch(roomy, QUERY.format(100_000 + number))
    eventually(lambda: deleted_files(roomy.process.pid) <= before, "a file is left open")


def deleted_files(pid: int) -> set[str]:
    """The files a process has open that are in no folder."""
    links = []
    for path in Path(f"/proc/{pid}/fd").iterdir():
        try:
            links.append(str(path.readlink()))
        except FileNotFoundError:
            pass  # Closed meanwhile.
    return {link for link in links if "(deleted)" in link}


@pytest.mark.parametrize("query", ["SELECT * {0}", "CONSTRUCT {{ ?a <urn:p> ?x }} {0}"])
def test_a_page_shows_the_beginning_of_a_large_answer(roomy, query) -> None:
    where = (
        "{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i BIND(CONCAT(STR(?d), STR(?g), STR(?f)) AS ?x) } "
        "LIMIT 100000"
    )
    reply = roomy.query(query.format(where), "text/html")
    assert reply.status == 200
    assert len(reply.body) < 2 * 2**20
    assert "Full answer as" in reply.text
