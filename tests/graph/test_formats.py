"""Negotiation: the media type a client gets for what it says (RFC 9110, 12.5.1)."""

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MIMEAccept

from oograph.graph.formats import HTML, RDF, RDF_BY_ENDING, RESULTS, Format, negotiate

ALL = [*RDF.values(), HTML]


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", "ttl"),
        ("*/*", "ttl"),
        ("*", "ttl"),
        ("application/rdf+xml", "rdf"),
        ("application/rdf+xml;q=0.2, text/html;q=0.3", "html"),
        ("text/html;level=1", "html"),
        ("text/turtle;q=0, */*", "nt"),
        ("text/*;q=0.1, application/*;q=0.5", "nt"),
        ("application/json", "jsonld"),
        ("application/*, application/trig;q=0", "nt"),
        ("application/n-triples;charset=utf-8", "nt"),
        ("APPLICATION/LD+JSON", "jsonld"),
        ("q=abc", "ttl"),
        ("///", "ttl"),
        ("text/turtle;q=abc, application/trig;q=0.1", "trig"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "html"),
        ("application/rdf+xml, text/rdf;q=0.6", "rdf"),
        ("application/turtle", "ttl"),
        ("text/rdf+n3", "ttl"),
        ("application/n3", "ttl"),
        ("application/ntriples", "nt"),
        ("application/nquads", "nq"),
        ("text/trig", "trig"),
        ("application/x-json+ld", "jsonld"),
        ("image/png", None),
        ("*/*;q=0", None),
    ],
)
def test_negotiate(accept: str, expected: str | None) -> None:
    chosen = negotiate(accept, ALL)
    assert (chosen[0].name if chosen else None) == expected


def test_an_alias_is_answered_by_the_name_it_was_asked_by() -> None:
    chosen = negotiate("application/json", list(RESULTS.values()))
    assert chosen is not None
    assert chosen[1] == "application/json"


@given(st.text())
def test_any_header_gets_a_format_of_ours_or_none(accept: str) -> None:
    chosen = negotiate(accept, ALL)
    assert chosen is None or chosen[0] in ALL


def test_text_has_a_charset_and_nothing_else_does() -> None:
    every: list[Format] = [*RDF.values(), *RESULTS.values()]
    for format in every:
        expected = "; charset=utf-8" if format.media_type.startswith("text/") else ""
        assert format.content_type == format.media_type + expected


@pytest.mark.parametrize("name", RDF)
def test_each_format_of_rdf_is_read_as_it_was_written(name: str) -> None:
    quad = ox.Quad(ox.NamedNode("urn:s"), ox.NamedNode("urn:p"), ox.Literal("o"))
    text = ox.serialize([quad], format=RDF[name].rdf)
    assert list(ox.parse(text, format=RDF_BY_ENDING[name].rdf)) == [quad]
    assert RDF[name].media_type == RDF[name].rdf.media_type


def test_an_ending_has_one_format() -> None:
    endings = [ending for each in RDF.values() for ending in (each.name, *each.endings)]
    assert len(endings) == len(set(endings)) == len(RDF_BY_ENDING)
    assert {RESULTS[name].results.file_extension for name in RESULTS} == {
        "srj",
        "srx",
        "csv",
        "tsv",
    }


def test_what_fits_no_format_is_not_compared_with_each(monkeypatch) -> None:
    """Each comparison takes a microsecond or two, and one header holds thousands of ranges."""
    compared = 0
    matches = MIMEAccept._value_matches

    def counted(self: MIMEAccept, value: str, item: str) -> bool:
        nonlocal compared
        compared += 1
        return matches(self, value, item)

    monkeypatch.setattr(MIMEAccept, "_value_matches", counted)
    chosen = negotiate("a/b, text/turtle;q=0.5, " * 1_000 + "text/html;q=0.6", ALL)
    assert chosen is not None and chosen[0] is HTML
    assert compared < 100
