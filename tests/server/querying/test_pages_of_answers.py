"""The page of an answer: bounded in rows, cells and bytes, and made where the query runs."""

import re
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from oograph.graph.store.excerpt import Excerpt, Table, write_table, write_turtle

PAGE_BYTES = 4 * 2**20


@pytest.fixture(scope="module")
def roomy(start_server):
    with start_server(
        limits={"seconds": 20, "result_bytes": 2**30, "memory_bytes": 2**30}, cache_bytes=0
    ) as running:
        assert running("/health").status == 200
        yield running


def peak(pid: int) -> int:
    """The most bytes of memory that a process has held."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024


def page(server, query: str):
    return server.query(query, format="html")


def rows(reply) -> list[str]:
    return re.findall(r"<tr><td\b.*?</tr>", reply.text, re.DOTALL)


def repeated(times: int, into: str, count: int) -> str:
    values = " ".join(map(str, range(count)))
    return f'SELECT (REPLACE("{"a" * times}", "a", "{into}") AS ?x) {{ VALUES ?i {{ {values} }} }}'


HOSTILE = {
    "40 cells of 7 MB of brackets": repeated(1000, "<" * 7000, 40),
    "a row of 40 MB": repeated(1000, "&" * 40_000, 1),
    "many columns": "SELECT "
    + " ".join(f"({n} AS ?a{n})" for n in range(2000))
    + " { ?s ?p ?o . ?t ?q ?r } LIMIT 500",
    "many long columns": "SELECT "
    + " ".join(f"(?x AS ?a{n})" for n in range(500))
    + ' { ?s ?p ?o . ?t ?q ?r BIND(REPLACE("'
    + "a" * 100
    + '", "a", "'
    + "<" * 100
    + '") AS ?x) } LIMIT 500',
    "long IRIs": 'SELECT (IRI(CONCAT("http://a/", REPLACE("'
    + "a" * 1000
    + '", "a", "'
    + "&" * 100
    + '"))) AS ?x) { ?s ?p ?o . ?t ?q ?r } LIMIT 2000',
    "a long language": 'SELECT (STRLANG("x", CONCAT("a", REPLACE("'
    + "a" * 1000
    + '", "a", "-bcdefgh"))) AS ?x) { ?s ?p ?o . ?t ?q ?r } LIMIT 2000',
    "a graph of one long line": 'CONSTRUCT { <urn:a> <urn:b> ?x } { BIND(REPLACE("'
    + "a" * 1000
    + '", "a", "'
    + "<" * 10_000
    + '") AS ?x) }',
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_page_is_small_whatever_the_answer(roomy, kind) -> None:
    assert page(roomy, "SELECT * { ?s ?p ?o }").status == 200
    before = peak(roomy.process.pid)
    reply = page(roomy, HOSTILE[kind])
    assert reply.status == 200, reply.text[-2000:]
    assert len(reply.body) < PAGE_BYTES
    assert peak(roomy.process.pid) - before < 60 * 2**20
    assert rows(reply) or "<pre" in reply.text


def test_a_page_says_what_it_leaves_out_and_where_all_is(roomy) -> None:
    long = f'REPLACE("{"a" * 30}", "a", "{"é" * 100}")'
    query = f"SELECT ?s ({long} AS ?x) {{ ?s ?p ?o . ?t ?q ?r }} LIMIT 1200"
    reply = page(roomy, query)
    shown = rows(reply)
    assert f"1,200 rows; the first {len(shown):,} are shown" in reply.text
    assert f"{len(shown):,} long values are cut off at" in reply.text
    assert "(3,000 characters)" in shown[0] and "é" * 2000 + "…" in shown[0]
    (link,) = re.findall(r'<a href="(/sparql\?[^"]*format=csv)" download>CSV</a>', reply.text)
    assert roomy(link.replace("&amp;", "&")).text.count("\r\n") == 1201


def test_a_query_too_long_for_a_link_says_how_to_get_all(roomy) -> None:
    reply = page(roomy, f"SELECT * {{ ?s ?p ?o }} # {'é' * 10_000}")
    assert reply.status == 200 and len(reply.body) < PAGE_BYTES
    assert "choose another format above" in reply.text
    assert "format=csv" not in reply.text


def test_a_cut_address_is_no_link(roomy) -> None:
    query = f'SELECT (IRI("http://a.example/{"b" * 3000}") AS ?x) {{}}'
    assert 'href="http://a.example/b' not in page(roomy, query).text


def test_a_page_has_the_time_of_a_query(roomy) -> None:
    count = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"
    reply = roomy.query(count, format="html", timeout="0.5")
    assert reply.status == 503
    assert "The query took too long" in reply.text


def test_terms_of_every_kind(roomy) -> None:
    text = page(
        roomy,
        'SELECT ?a ?b ?c ?d ?e { BIND(<urn:a> AS ?a) BIND("<b>"@en AS ?b) BIND(BNODE() AS ?c) '
        "BIND(<<( <urn:s> <urn:p> 1 )>> AS ?d) }",
    ).text
    assert "<td>urn:a</td>" in text
    assert '<td lang="en">&lt;b&gt;</td>' in text and "<small>@en</small>" in text
    assert "_:" in text and "&lt;urn:s&gt;" in text
    assert "<td></td>" in text


def solutions(count: int, value: str) -> ox.QuerySolutions:
    found = ox.Store().query(
        f"SELECT ?i ?x {{ VALUES ?i {{ {' '.join(map(str, range(count)))} }} BIND({value} AS ?x) }}"
    )
    assert isinstance(found, ox.QuerySolutions)
    return found


def test_a_table_has_no_more_rows_than_there_is_room_for() -> None:
    excerpt = Excerpt(rows=10, characters=50, table_bytes=5000)
    text, count = write_table(["i", "x"], solutions(30, '"short"'), excerpt)
    assert (count, len(Table.read(text).rows)) == (30, 10)
    excerpt = replace(excerpt, table_bytes=3000)
    text, count = write_table(["i", "x"], solutions(30, f'"{"<" * 400}"'), excerpt)
    table = Table.read(text)
    assert count == 30 and 0 < len(table.rows) < 10
    assert sum(cell.cost for row in table.rows for cell in row if cell) <= 3000
    assert table.cut_cells == len(table.rows)


def test_one_row_fits_whatever_is_in_it() -> None:
    excerpt = Excerpt(table_bytes=2000)
    text, count = write_table(["i", "x"], solutions(1, f'"{"&" * 10_000}"'), excerpt)
    ((number, value),) = Table.read(text).rows
    assert count == 1 and number and number.text == "0"
    assert value and value.is_cut and value.length == 10_000


@pytest.mark.parametrize("size", [1, 100, 10_000])
def test_a_graph_is_a_byte_too_long_where_it_goes_on(size) -> None:
    node = ox.NamedNode("urn:a")
    triples = [ox.Triple(node, node, ox.Literal(n)) for n in range(50)]
    whole = write_turtle(triples, Excerpt(turtle_bytes=2**20), "https://w3id.org/oograph/")
    cut = write_turtle(triples, Excerpt(turtle_bytes=size), "https://w3id.org/oograph/")
    assert cut == whole[: size + 1]
