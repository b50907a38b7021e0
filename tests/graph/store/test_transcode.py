"""What a remote store sends that could end the server, fill its memory or take for ever."""

import re
import time
from email.message import Message

import pytest

from oograph.graph.nesting import NotReadable
from oograph.graph.store.answers import WHOLE, Limits, Spool
from oograph.graph.store.endpoint import Reply, TooLate
from oograph.graph.store.plan import plan
from oograph.graph.store.service_hosts import NO_HOSTS
from oograph.graph.store.transcode import transcode
from oograph.ontology import BASE_IRI

SELECT, CONSTRUCT = "SELECT ?a { ?a ?b ?c }", "CONSTRUCT WHERE { ?a ?b ?c }"
JSON, XML = "application/sparql-results+json", "application/sparql-results+xml"
TURTLE, RDF_XML = "text/turtle", "application/rdf+xml"


def transcoded(media_type: str, body: bytes, seconds: float = 60) -> bytes:
    headers = Message()
    headers["Content-Type"] = media_type
    spool = Spool()
    spool.write(body)
    query = SELECT if media_type in (JSON, XML) else CONSTRUCT
    planned = plan(query, "*/*", WHOLE, "", Limits(), NO_HOSTS)
    until = time.monotonic() + seconds
    reply = Reply(200, headers, spool, True)
    answer, _ = transcode(reply, planned, ["a"], BASE_IRI, Limits(), until)
    return b"".join(answer)


def in_json(depth: int) -> bytes:
    x = b'{"type":"uri","value":"x:a"}'
    before = b'{"type":"triple","value":{"subject":%s,"predicate":%s,"object":' % (x, x)
    term = before * depth + x + b"}}" * depth
    return b'{"head":{"vars":["a"]},"results":{"bindings":[{"a":%s}]}}' % term


def in_xml(depth: int) -> bytes:
    x = b"<uri>x:a</uri>"
    before = b"<triple><subject>%s</subject><predicate>%s</predicate><object>" % (x, x)
    term = before * depth + x + b"</object></triple>" * depth
    return (
        b'<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head><variable name="a"/></head>'
        b'<results><result><binding name="a">%s</binding></result></results></sparql>' % term
    )


def in_turtle(depth: int) -> bytes:
    return b"<x:a> <x:b> " + b"<<( <x:a> <x:b> " * depth + b"<x:c>" + b" )>>" * depth + b" ."


@pytest.mark.parametrize(
    ("media_type", "nested"), [(JSON, in_json), (XML, in_xml), (TURTLE, in_turtle)]
)
def test_triples_within_triples_have_a_bound(media_type: str, nested) -> None:
    """A hundred thousand overflow the stack of what reads them, which is the server."""
    assert transcoded(media_type, nested(100)).count(b"x:a") > 100
    with pytest.raises(NotReadable, match="2,000 levels of triples within triples"):
        transcoded(media_type, nested(100_000))


def escaped(body: bytes) -> bytes:
    return body.replace(b'"triple"', rb'"\u0074riple"')


def prefixed(body: bytes) -> bytes:
    return re.sub(rb"<(/?)(?=\w)", rb"<\1s:", body).replace(b" xmlns=", b" xmlns:s=")


def ended_in_literals(body: bytes) -> bytes:
    before = rb"""<x:a> <x:b> <<( <x:a> <x:b> ">> \" >>" )>>, '''a ' >> ''' . # >>
"""
    return b"".join(before for _ in range(3000)) + body.replace(b"<<( ", b"<<( # >> '\n")


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        pytest.param(JSON, escaped(in_json(5000)), id="escapes in JSON"),
        pytest.param(XML, prefixed(in_xml(5000)), id="a prefix in XML"),
        pytest.param(TURTLE, ended_in_literals(in_turtle(5000)), id="ends in literals"),
    ],
)
def test_no_spelling_hides_triples_within_triples(media_type: str, body: bytes) -> None:
    with pytest.raises(NotReadable, match="2,000 levels of triples within triples"):
        transcoded(media_type, body)


def test_triples_beside_each_other_have_none() -> None:
    body = b"".join(b"<x:a> <x:b> <<( <x:a> <x:b> <x:%d> )>> .\n" % n for n in range(5000))
    assert transcoded(TURTLE, body).count(b"<<(") == 5000


def test_marks_in_texts_are_no_depth() -> None:
    begins = b"".join(b'<x:a> <x:b> "<<( %d", """ " <<( """ . # <<(\n' % n for n in range(3000))
    assert transcoded(TURTLE, begins).count(b"<<(") == 3001
    row = rb'{"a":{"type":"literal","value":"{\"[{\\"}}'
    rows = b",".join([row] * 5000)
    answer = transcoded(JSON, b'{"head":{"vars":["a"]},"results":{"bindings":[%s]}}' % rows)
    assert answer.count(b"[{") == 5001


@pytest.mark.parametrize("place", range(12))
def test_json_is_the_same_wherever_it_is_cut(place: int) -> None:
    """It is looked at in pieces of 2**18 bytes."""
    text = rb'"\\\"\\"'
    before = b'{"head":{"vars":["a"]},'
    blank = b" " * (2**18 - len(before) - place)
    deep = in_json(5000).partition(b",")[2]
    with pytest.raises(NotReadable, match="2,000 levels of triples within triples"):
        transcoded(JSON, before + blank + b'"x":' + text + b"," + deep)
    flat = b'"results":{"bindings":[{"a":{"type":"literal","value":"%s"}}]}}' % (b"{" * 5000)
    assert transcoded(JSON, before + blank + b'"x":' + text + b"," + flat).count(b"{") >= 5000


def rdf(before: bytes, inside: bytes) -> bytes:
    names = b'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:x="x:"'
    return b"%s<rdf:RDF %s>%s</rdf:RDF>" % (before, names, inside)


def test_entities_are_not_expanded() -> None:
    """Ten of ten of ten: gigabytes."""
    entities = b'<!ENTITY a0 "aaaaaaaaaa">' + b"".join(
        b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 4)
    )
    with pytest.raises(NotReadable, match="declares a document type"):
        body = rdf(b"<!DOCTYPE r [%s]>" % entities, b"<x:a><x:b>&a3;</x:b></x:a>")
        transcoded(RDF_XML, body)


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        pytest.param(RDF_XML, rdf(b"", b"<x:a><x:b>" * 100_000), id="elements within elements"),
        pytest.param(TURTLE, b"<x:a> <x:b> " + b"(" * 5_000_000, id="lists within lists"),
    ],
)
def test_what_takes_long_to_read_ends_on_time(media_type: str, body: bytes) -> None:
    begin = time.monotonic()
    with pytest.raises((TooLate, NotReadable)):
        transcoded(media_type, body, 1)
    assert time.monotonic() - begin < 20


@pytest.mark.parametrize("media_type", ["text/n3", "application/ld+json"])
def test_formats_that_were_not_asked_for_are_not_read(media_type: str) -> None:
    with pytest.raises(NotReadable, match="not RDF"):
        transcoded(media_type, b"")
