"""Dumps as files: exact types, ranges, checksums, and nothing else on disk."""

import gzip
import hashlib

import pytest

TYPES = {
    "nt": "application/n-triples",
    "nq": "application/n-quads",
    "ttl": "text/turtle",
    "trig": "application/trig",
    "rdf": "application/rdf+xml",
    "jsonld": "application/ld+json",
}


@pytest.mark.parametrize(("ending", "media_type"), TYPES.items())
def test_each_dump(server, ending, media_type) -> None:
    plain = server(f"/dumps/oograph.{ending}")
    packed = server(f"/dumps/oograph.{ending}.gz", Accept_Encoding="gzip")
    assert (plain.type, packed.type) == (media_type, "application/gzip")
    assert packed.headers["Content-Encoding"] is None
    assert packed.headers["Content-Length"] == str(len(packed.body))
    assert gzip.decompress(packed.body) == plain.body
    for reply in (plain, packed):
        assert reply.headers["Last-Modified"]
        assert reply.headers["ETag"] == f'"{hashlib.sha256(reply.body).hexdigest()}"'


def test_checksums_are_those_of_the_files(server) -> None:
    for line in server("/dumps/SHA256SUMS").text.splitlines():
        checksum, name = line.split()
        assert hashlib.sha256(server(f"/dumps/{name}").body).hexdigest() == checksum


def test_the_listing_names_every_file(server) -> None:
    page = server("/dumps/").text
    for ending in TYPES:
        assert f'href="/dumps/oograph.{ending}.gz"' in page


def test_ranges(server) -> None:
    whole = server("/dumps/oograph.nt")
    part = server("/dumps/oograph.nt", Range="bytes=10-19")
    assert (part.status, part.body) == (206, whole.body[10:20])
    assert part.headers["Content-Range"] == f"bytes 10-19/{len(whole.body)}"
    beyond = server("/dumps/oograph.nt", Range=f"bytes={len(whole.body)}-")
    assert beyond.status == 416
    assert beyond.headers["Content-Range"] == f"bytes */{len(whole.body)}"
    stale = server("/dumps/oograph.nt", Range="bytes=0-1", If_Range='"old"')
    assert (stale.status, stale.body) == (200, whole.body)


def test_not_modified(server) -> None:
    tag = server("/dumps/oograph.ttl").headers["ETag"]
    assert server("/dumps/oograph.ttl", If_None_Match=tag).status == 304


def test_head(server) -> None:
    head = server("/dumps/oograph.ttl.gz", method="HEAD")
    get = server("/dumps/oograph.ttl.gz")
    assert head.body == b""
    assert head.headers["Content-Length"] == get.headers["Content-Length"]


@pytest.mark.parametrize(
    "path",
    [
        "/dumps/../release.json",
        "/dumps/..%2frelease.json",
        "/dumps/%2e%2e/release.json",
        "/dumps/%2e%2e%2frelease.json",
        "/dumps/....//release.json",
        "/dumps/%2fetc%2fpasswd",
        "/dumps//etc/passwd",
        "/dumps/oograph.ttl%00",
        "/dumps/..\\release.json",
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static/..%2fapp.py",
    ],
)
def test_no_other_file_is_read(server, path) -> None:
    reply = server(path)
    assert reply.status == 404
    assert b"base_iri" not in reply.body and b"create_app" not in reply.body
