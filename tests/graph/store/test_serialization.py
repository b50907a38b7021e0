"""Rows are counted exactly, whatever is in them and wherever the chunks end."""

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oograph.graph.store.serialization import NotInXml, RowCounter, XmlCheck

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


@pytest.mark.parametrize("character", ["\0", "\x0b", "\x1f", "\ufffe", "\uffff"])
def test_what_xml_cannot_hold_is_seen_wherever_chunks_end(character: str) -> None:
    text = f"<literal>é\ufffd\t{character}</literal>".encode()
    for cut in range(len(text)):
        check = XmlCheck()
        with pytest.raises(NotInXml):
            for chunk in (text[:cut], text[cut : cut + 1], text[cut + 1 :]):
                check.feed(chunk)
    check, fine = XmlCheck(), text.replace(character.encode(), b"")
    for place in range(len(fine)):
        check.feed(fine[place : place + 1])
