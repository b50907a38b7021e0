"""Dumps as files: exact types, ranges, checksums, and nothing else on disk."""

import base64
import gzip
import hashlib
import http.client
import random
import re
import shutil
import signal
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
from rdflib import OWL, VOID, Graph, URIRef

VERSION = "2026-01-01-0123456789ab"

TYPES = {
    "nt": "application/n-triples",
    "nq": "application/n-quads",
    "ttl": "text/turtle",
    "trig": "application/trig",
    "rdf": "application/rdf+xml",
    "jsonld": "application/ld+json",
}


def test_a_dump_that_there_is_not_suggests_dumps_only(server) -> None:
    assert "near" not in server("/dumps/none").json
    assert "Did you mean" not in server("/dumps/upwork").json["detail"]
    for folder in ("dumps", "dumps/latest"):
        said = server(f"/{folder}/oograph.tl").json
        assert "Did you mean oograph.ttl or " in said["detail"] and "near" not in said


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


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("headers", [{}, {"Range": "bytes=5-99"}], ids=["whole", "part"])
def test_each_dump_says_the_digest_of_the_whole(server, method: str, headers: dict) -> None:
    for line in server("/dumps/SHA256SUMS").text.splitlines():
        _, name = line.split()
        whole = server(f"/dumps/{name}").body
        digest = base64.b64encode(hashlib.sha256(whole).digest()).decode()
        reply = server(f"/dumps/{VERSION}/{name}", method=method, **headers)
        assert reply.headers["Repr-Digest"] == f"sha-256=:{digest}:"
        assert "Repr-Digest" in reply.headers["Access-Control-Expose-Headers"]


def test_what_is_no_dump_has_no_digest(server) -> None:
    for path in ("/dumps/", "/dumps/SHA256SUMS", "/dumps/none.ttl"):
        assert "Repr-Digest" not in server(path).headers
    past = server("/dumps/oograph.nt", Range="bytes=999999999-")
    assert past.status == 416 and "Repr-Digest" not in past.headers
    whole = int(server("/dumps/oograph.nt").headers["Content-Length"])
    assert f"has {whole:,} bytes" in past.json["detail"]
    (example,) = re.findall(r"Range: (bytes=0-\d+)", past.json["detail"])
    assert server("/dumps/oograph.nt", Range=example).status == 206


def test_the_listing_names_every_file(server) -> None:
    page = server("/dumps/").text
    for ending in TYPES:
        assert f'href="/dumps/{VERSION}/oograph.{ending}.gz"' in page
    for line in server("/dumps/SHA256SUMS").text.splitlines():
        assert f"/dumps/{VERSION}/{line.split()[1]}" in page


def test_parts_have_exact_types(server) -> None:
    assert server("/dumps/publication.ttl").type == "text/turtle"
    assert server("/dumps/publication.nt.gz").type == "application/gzip"


def test_latest_leads_to_the_version(server) -> None:
    reply = server("/dumps/latest/oograph.nt.gz")
    assert reply.status == 302
    assert reply.headers["Location"] == f"{server.url}/dumps/{VERSION}/oograph.nt.gz"
    assert reply.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("name", ["a%0d%0aSet-Cookie:x", "a%3Fb", "..%5c", "nothing.ttl", "%00"])
def test_latest_leads_to_nothing_else(server, name) -> None:
    reply = server(f"/dumps/latest/{name}")
    assert reply.status == 404
    assert "Set-Cookie" not in reply.headers and "Location" not in reply.headers


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        pytest.param("HEAD", {"Range": "bytes=0-3"}, id="only GET has ranges"),
        pytest.param("GET", {"Range": "lines=1-2"}, id="unit that is not known"),
        pytest.param("GET", {"Range": "bytes=0-1,5-6"}, id="several ranges"),
        pytest.param("GET", {"Range": "bytes=" + "0-1," * 5000 + "0-1"}, id="very many ranges"),
        pytest.param("GET", {"Range": "bytes=0-" + "9" * 5000}, id="very large"),
        pytest.param("GET", {"Range": "bytes=--1"}, id="no range"),
        pytest.param("GET", {"Range": "bytes=0-3", "If_None_Match": '"x"'}, id="another tag"),
    ],
)
@pytest.mark.parametrize("path", ["/dumps/oograph.nt.gz", "/static/style.css"])
def test_a_range_that_is_ignored(server, path, method, headers) -> None:
    whole = server(path)
    reply = server(path, method=method, **headers)
    assert reply.status == 200
    assert reply.headers["Content-Length"] == str(len(whole.body))
    assert reply.body == (whole.body if method == "GET" else b"")


def test_ranges_and_validators_together(server) -> None:
    path = "/dumps/oograph.nt"
    tag = server(path, method="HEAD").headers["ETag"]
    assert server(path, Range="bytes=0-3", If_None_Match=tag).status == 304
    # A weak tag says nothing of bytes.
    assert server(path, Range="bytes=0-3", If_Range=f"W/{tag}").status == 200
    assert server(path, Range="bytes=0-3", If_Range=tag).status == 206


@pytest.mark.parametrize("path", ["/", "/works", "/dumps/oograph.nt", "/static/style.css"])
@pytest.mark.parametrize("name", ["If-Modified-Since", "If-Range", "If-Unmodified-Since"])
@pytest.mark.parametrize("year", ["99999999999", "0", "-1", "9" * 5000])
def test_a_time_that_is_none_is_ignored(server, path, name, year) -> None:
    headers = {name: f"Fri, 27 Nov {year} 10:00:00 GMT", "Range": "bytes=0-3"}
    assert server(path, **headers).status == (
        200 if name == "If-Range" else server(path, Range="bytes=0-3").status
    )


def test_folders_without_their_last_slash(start_server) -> None:
    folder = f"https://example.org/graph/dumps/{VERSION}/"
    with start_server(public_url="https://example.org/graph") as running:
        for path, status, location in (
            ("/dumps", 308, "https://example.org/graph/dumps/"),
            # One that routing makes, of two slashes.
            ("/dumps//latest/", 308, "https://example.org/graph/dumps/latest/"),
            (f"/dumps/{VERSION}", 308, folder),
            ("/dumps/latest", 302, folder),
            ("/dumps/latest/", 302, folder),
        ):
            reply = running(path)
            assert (reply.status, reply.headers["Location"]) == (status, location), path


def test_a_version_is_for_ever(server) -> None:
    fixed = server(f"/dumps/{VERSION}/oograph.nt.gz")
    now = server("/dumps/oograph.nt.gz")
    assert fixed.body == now.body and fixed.headers["ETag"] == now.headers["ETag"]
    assert "immutable" in fixed.headers["Cache-Control"]
    assert now.headers["Cache-Control"] == "no-cache"
    part = server(
        f"/dumps/{VERSION}/oograph.nt.gz", Range="bytes=0-3", If_Range=now.headers["ETag"]
    )
    assert (part.status, part.body) == (206, now.body[:4])


def test_a_version_that_never_was(server) -> None:
    reply = server("/dumps/2020-01-01-000000000000/oograph.nt")
    assert reply.status == 404
    assert VERSION in reply.json["detail"]
    assert server(f"/dumps/{VERSION}/none.nt").status == 404


@pytest.fixture(scope="module")
def two(release_at, start_server, tmp_path_factory):
    """A server of a release that knows of three, two of which are there."""
    folder = tmp_path_factory.mktemp("versions")
    names = [f"2026-0{month}-01-{str(month) * 12}" for month in (1, 2, 3)]
    for name in names:
        title = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
        work = ox.NamedNode("https://w3id.org/oograph/publication/roe-2018-freelancers")
        graph = ox.NamedNode("https://w3id.org/oograph/graph/stated")
        release_at(folder / name, name, (ox.Quad(work, title, ox.Literal(f"<b>{name}"), graph),))
    shutil.rmtree(folder / names[0])
    with start_server(folder / names[2]) as running:
        yield running, names


def test_the_release_before_is_still_there(two) -> None:
    server, names = two
    old, new = (server(f"/dumps/{name}/oograph.nt") for name in names[1:])
    assert f"<b>{names[1]}" in old.text and f"<b>{names[2]}" in new.text
    assert f"/dumps/{names[1]}/" in server("/dumps/").text
    assert f"/dumps/{names[1]}/oograph.nt" in server(f"/dumps/{names[1]}/").text


def test_a_release_that_is_not_kept_is_gone(two) -> None:
    server, names = two
    reply = server(f"/dumps/{names[0]}/oograph.nt")
    assert reply.status == 410
    assert names[1] in reply.json["detail"] and names[2] in reply.json["detail"]
    assert server(f"/changes/{names[0]}.add.nt").status == 410


def test_the_page_of_changes(two) -> None:
    server, names = two
    page = server("/changes", "text/html").text
    assert [name in page for name in names] == [True, True, True]
    assert f'href="/changes/{names[2]}.add.nt"' in page
    assert f'href="/changes/{names[0]}.add.nt"' not in page
    assert "<b>2026" not in page
    assert server(f"/changes/{names[0]}").status == 200
    assert server("/changes/2020-01-01-000000000000").status == 404


def test_the_patches(two) -> None:
    server, names = two
    old, new = (set(server(f"/dumps/{n}/oograph.nt").text.splitlines()) for n in names[1:])
    added = server(f"/changes/{names[2]}.add.nt")
    deleted = server(f"/changes/{names[2]}.del.nt")
    assert added.type == "application/n-triples"
    assert set(added.text.splitlines()) == new - old
    assert set(deleted.text.splitlines()) == old - new
    patch = server(f"/changes/{names[2]}.rdfp")
    assert patch.type == "application/rdf-patch"
    assert len(patch.text.splitlines()) == len(new ^ old)


def test_the_feed(two) -> None:
    server, names = two
    reply = server("/changes.atom")
    assert reply.type == "application/atom+xml"
    atom = "{http://www.w3.org/2005/Atom}"
    feed = ElementTree.fromstring(reply.body)
    assert feed.tag == f"{atom}feed"
    for required in ("id", "title", "updated", "author"):
        assert len(feed.findall(f"{atom}{required}")) == 1
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{atom}link")}
    assert links == {
        "self": f"{server.url}/changes.atom",
        "alternate": f"{server.url}/changes",
    }
    entries = feed.findall(f"{atom}entry")
    ids = [entry.findtext(f"{atom}id") for entry in entries]
    assert len(ids) == len(set(ids))
    work = "https://w3id.org/oograph/publication/roe-2018-freelancers"
    assert [i for i in ids if i.startswith(f"{work}#")] == [
        f"{work}#release-{name}" for name in reversed(names)
    ]
    times = [entry.findtext(f"{atom}updated", "") for entry in entries]
    assert times == sorted(times, reverse=True)
    assert feed.findtext(f"{atom}updated") == times[0] == f"{names[2][:10]}T00:00:00Z"
    for entry in entries:
        assert entry.findtext(f"{atom}title")
        assert server(entry.find(f"{atom}link").get("href").removeprefix(server.url)).status == 200
    tag = reply.headers["ETag"]
    assert server("/changes.atom", If_None_Match=tag).status == 304


def test_void_is_of_this_address(two) -> None:
    server, names = two
    graph = Graph().parse(data=server("/.well-known/void", "text/turtle").text, format="turtle")
    data = URIRef("https://w3id.org/oograph/.well-known/void#dataset")
    assert str(graph.value(data, OWL.versionInfo)) == names[2]
    assert str(graph.value(data, VOID.sparqlEndpoint)) == f"{server.url}/sparql"
    for dump in graph.objects(None, VOID.dataDump):
        assert server(str(dump).removeprefix(server.url), method="HEAD").status == 200
    counted = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    (row,) = server.query(counted, "application/sparql-results+json").json["results"]["bindings"]
    assert row["n"]["value"] == str(graph.value(data, VOID.triples))


def test_a_download_outlives_its_release(release_at, start_server, tmp_path, eventually) -> None:
    names = ("2026-01-01-111111111111", "2026-02-01-222222222222")
    label = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#comment")
    work = ox.NamedNode("https://w3id.org/oograph/publication/roe-2018-freelancers")
    graph = ox.NamedNode("https://w3id.org/oograph/graph/stated")
    rng = random.Random(1)
    texts = [rng.randbytes(2**13).hex() for _ in range(500)]
    quads = tuple(ox.Quad(work, label, ox.Literal(text), graph) for text in texts)
    first = release_at(tmp_path / names[0], names[0], quads)
    whole = (first / "dumps" / "oograph.nt").read_bytes()
    assert len(whole) > 2**23  # more than what sockets hold
    current = tmp_path / "current"
    current.symlink_to(first)
    with start_server(current) as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        connection.request("GET", "/dumps/oograph.nt")
        response = connection.getresponse()
        body = response.read(1000)
        second = release_at(tmp_path / names[1], names[1])
        (tmp_path / "next").symlink_to(second)
        (tmp_path / "next").replace(current)
        server.process.send_signal(signal.SIGHUP)
        eventually(
            lambda: server("/health").json["version"] == names[1], "the new release is not served"
        )
        shutil.rmtree(first)
        assert body + response.read() == whole
        assert server(f"/dumps/{names[0]}/oograph.nt").status == 410
        connection.close()


def test_another_file_than_was_begun_is_not_sent(server) -> None:
    reply = server("/dumps/oograph.nt", If_Match='"another"', Range="bytes=5-")
    assert (reply.status, reply.type) == (412, "application/problem+json")
    assert "If-Match" in str(reply.json["detail"])
    tag = server("/dumps/oograph.nt", method="HEAD").headers["ETag"]
    assert server("/dumps/oograph.nt", If_Match=tag, Range="bytes=5-8").status == 206
    assert server("/dumps/oograph.nt", If_Match="*").status == 200


def test_ranges(server) -> None:
    whole = server("/dumps/oograph.nt")
    part = server("/dumps/oograph.nt", Range="bytes=10-19")
    assert (part.status, part.body) == (206, whole.body[10:20])
    assert part.headers["Content-Range"] == f"bytes 10-19/{len(whole.body)}"
    beyond = server("/dumps/oograph.nt", Range=f"bytes={len(whole.body)}-")
    assert beyond.status == 416
    assert beyond.headers["Content-Range"] == f"bytes */{len(whole.body)}"
    all_of_it = server("/dumps/oograph.nt", Range=f"bytes=-{len(whole.body) + 1}")
    assert (all_of_it.status, all_of_it.body) == (206, whole.body)
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
