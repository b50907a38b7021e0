"""What holds of every document: validators, HEAD, OPTIONS, one Vary, packed and plain."""

import gzip
import re

import pytest

VERSION = "2026-01-01-0123456789ab"
WORK = "/publication/doe-2020-clicks"
DOCUMENTS = [
    "/",
    "/browse?class=platform",
    *(f"{WORK}.{ending}" for ending in ("html", "ttl", "jsonld", "nt", "rdf", "bib", "ris")),
    f"{WORK}.csl.json",
    f"{WORK}.linkset.json",
    "/ontology.html",
    "/ontology.ttl",
    "/shapes.html",
    "/shapes.rdf",
    "/graph/stated.html",
    "/catalog",
    "/catalog.html",
    "/catalog.linkset.json",
    "/.well-known/void",
    "/CITATION.cff",
    "/changes",
    "/changes.atom",
    f"/changes/{VERSION}",
    f"/changes/{VERSION}.add.nt",
    "/dumps/",
    f"/dumps/{VERSION}/",
    f"/dumps/{VERSION}/oograph.nt",
    "/dumps/oograph.ttl.gz",
    "/fragments",
    "/sitemap.xml",
    "/robots.txt",
    "/opensearch.xml",
    "/static/style.css",
]
#: What may differ between two answers that are the same.
CLOCK = {"Date", "Expires", "Connection"}


def told(reply) -> dict[str, str]:
    """The headers, but for the time and the number that a page and its policy share once."""
    return {
        name: re.sub("'nonce-[^']+'", "'nonce'", value)
        for name, value in reply.headers.items()
        if name not in CLOCK
    }


@pytest.mark.parametrize("path", DOCUMENTS)
@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_a_document_is_asked_for_again(server, path, encoding) -> None:
    whole = server(path, Accept_Encoding=encoding)
    assert whole.status == 200
    tag, made = whole.headers["ETag"], whole.headers["Last-Modified"]
    if whole.headers["Content-Encoding"] == "gzip":
        assert tag.endswith('-gzip"')
        assert gzip.decompress(whole.body) == server(path).body
    for condition in ({"If_None_Match": tag}, {"If_None_Match": f'"x", W/{tag}'}):
        reply = server(path, Accept_Encoding=encoding, **condition)
        assert (reply.status, reply.body) == (304, b"")
        assert reply.headers["ETag"] == tag
        assert reply.headers["Vary"] == whole.headers["Vary"]
        assert reply.headers["Access-Control-Allow-Origin"] == "*"
    assert server(path, If_Modified_Since=made).status == 304
    assert server(path, If_Modified_Since=made, If_None_Match='"x"').status == 200


@pytest.mark.parametrize(
    "path",
    [
        *DOCUMENTS,
        WORK,
        "/dumps",
        "/dumps/latest/oograph.nt",
        "/lookup",
        "/reconcile",
        "/works?q=upwork",
        "/sparql",
        "/nothing",
        "/fragments?page=x",
    ],
)
def test_head_says_what_get_says(server, path) -> None:
    for accept in (None, "text/html"):
        get, head = server(path, accept), server(path, accept, "HEAD")
        assert (head.status, head.body) == (get.status, b"")
        assert told(head) == told(get)


@pytest.mark.parametrize("path", [*DOCUMENTS, WORK, "/dumps", "/sparql", "/reconcile", "/lookup"])
def test_options_tells_the_methods(server, path) -> None:
    reply = server(path, method="OPTIONS", Origin="https://a.example")
    assert reply.status in (200, 204)
    assert {"GET", "HEAD", "OPTIONS"} <= set(reply.headers["Allow"].split(", "))
    assert "Access-Control-Allow-Credentials" not in reply.headers
