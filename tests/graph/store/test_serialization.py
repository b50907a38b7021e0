"""Rows are counted exactly, whatever is in them and wherever the chunks end."""

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oograph.graph.store.serialization import RowCounter

FORMATS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
#: What rows begin and end with, as text inside a row.
NASTY = st.lists(
    st.sampled_from(
        ["},{", "[{", '"', "\\", "\n", "\r\n", "\t", "<result>", "{}", "a", ",", "é", "}", "["]
    ),
    max_size=5,
).map("".join)
ROWS = st.lists(st.lists(st.none() | NASTY, min_size=2, max_size=2), max_size=6)


@given(rows=ROWS, sizes=st.lists(st.integers(1, 9), min_size=1))
@pytest.mark.parametrize("format", FORMATS)
def test_count(format: str, rows: list[list[str | None]], sizes: list[int]) -> None:
    values = (["UNDEF" if v is None else str(ox.Literal(v)) for v in row] for row in rows)
    table = " ".join(f"({' '.join(row)})" for row in values)
    results = ox.Store().query(f"SELECT * {{ VALUES (?a ?b) {{ {table} }} }}")
    assert isinstance(results, ox.QuerySolutions)
    body = results.serialize(format=FORMATS[format]) or b""
    counter = RowCounter(format)
    at = number = 0
    while at < len(body):
        size = sizes[number % len(sizes)]
        counter.feed(body[at : at + size])
        at, number = at + size, number + 1
    assert counter.rows == len(rows)
