"""Nesting as parsers see it, wherever what is read is cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import QueryResultsFormat, RdfFormat

from oograph.graph.nesting import DEEPEST, NotReadable, check_nesting

#: In Turtle, what has the marks of a term and is none.
TOKENS = [
    b'"""<< "" \\""" "" >>"""',
    b"'''>> \\''' '' <<'''",
    b'">> \\" << \\\\"',
    b"'<< \\' >> \\\\'",
    b"<x:'>",
    b'# << """ \'\n',
    b"x:a\\'\\#b",
    b'""',
    b" ",
]


def pieces(body: bytes, size: int) -> list[bytes]:
    return [body[start : start + size] for start in range(0, len(body), size)]


@given(st.lists(st.sampled_from(TOKENS), max_size=12).map(b" ".join), st.integers(1, 9))
def test_tokens_of_turtle_hide_no_depth_and_make_none(tokens: bytes, size: int) -> None:
    flat = b" ".join((tokens, b"<<" * DEEPEST))
    check_nesting(lambda: pieces(flat, size), RdfFormat.TURTLE)
    with pytest.raises(NotReadable):
        check_nesting(lambda: pieces(flat + tokens + b"<<", size), RdfFormat.TURTLE)


@given(
    st.lists(st.sampled_from([rb"\"", rb"\\", rb"\n", b"{", b"]", b"}"])).map(b"".join),
    st.integers(1, 9),
)
def test_strings_of_json_hide_no_depth_and_make_none(text: bytes, size: int) -> None:
    flat = b'["%s",{"%s":%s' % (text, text, b"[" * (2 * DEEPEST - 1))
    check_nesting(lambda: pieces(flat, size), QueryResultsFormat.JSON)
    with pytest.raises(NotReadable):
        check_nesting(lambda: pieces(flat + b'"%s"[' % text, size), QueryResultsFormat.JSON)
