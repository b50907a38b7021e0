"""A small release on disk, and a real server of it on a real port."""

import gzip
import hashlib
import http.client
import json
import signal
import subprocess
import sys
import urllib.parse
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
import pytest

FIXTURE = Path(__file__).parent.parent / "fixtures" / "server" / "oograph.trig"
BASE = "https://w3id.org/oograph/"
FORMATS = {
    "nt": ox.RdfFormat.N_TRIPLES,
    "nq": ox.RdfFormat.N_QUADS,
    "ttl": ox.RdfFormat.TURTLE,
    "trig": ox.RdfFormat.TRIG,
    "rdf": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}
SERVE = """
import json, sys
from pathlib import Path
from oograph.graph.sparql.store import Limits
from oograph.server import serve
settings = {"log": "off", **json.loads(sys.argv[2])}
serve(Path(sys.argv[1]), port=0, limits=Limits(**settings.pop("limits")), **settings)
"""
#: Small, so that hostile queries end soon.
LIMITS = {
    "seconds": 1.0,
    "memory_bytes": 100 * 2**20,
    "result_bytes": 2**20,
    "queue": 4,
    "client_queries": 3,
}


VERSION = "2026-01-01-0123456789ab"


def make_release(folder: Path, version: str = VERSION, extra: tuple[ox.Quad, ...] = ()) -> Path:
    quads = sorted([*ox.parse(path=str(FIXTURE)), *extra], key=str)
    dumps = folder / "dumps"
    dumps.mkdir(parents=True)
    sums = []
    for ending, format in FORMATS.items():
        path = dumps / f"oograph.{ending}"
        whole = format in (ox.RdfFormat.N_QUADS, ox.RdfFormat.TRIG)
        statements = quads if whole else sorted({quad.triple for quad in quads}, key=str)
        ox.serialize(statements, str(path), format)
        packed = dumps / f"{path.name}.gz"
        packed.write_bytes(gzip.compress(path.read_bytes(), mtime=0))
        for each in (path, packed):
            sums.append(f"{hashlib.sha256(each.read_bytes()).hexdigest()}  {each.name}\n")
    (dumps / "SHA256SUMS").write_text("".join(sums))
    ox.Store(str(folder / "store")).extend(quads)
    (folder / "void.ttl").write_text(
        f"<{BASE}.well-known/void#dataset> a <http://rdfs.org/ns/void#Dataset> ."
    )
    (folder / "report.ttl").write_text("<urn:x> a <http://www.w3.org/ns/shacl#ValidationReport> .")
    (folder / "report.html").write_text("<!doctype html><title>Report</title><h1>Report</h1>")
    facts = {
        "version": version,
        "date": "2026-01-01",
        "base_iri": BASE,
        "sha256": "0" * 64,
        "inputs": "0" * 64,
        "quads": len(quads),
        "triples": len({quad.triple for quad in quads}),
        "classes": {"Publication": 2},
        "quarantined": [],
    }
    (folder / "release.json").write_text(json.dumps(facts))
    return folder


@dataclass(frozen=True)
class Reply:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> dict[str, object]:
        return json.loads(self.body)

    @property
    def type(self) -> str:
        return self.headers.get_content_type()


@dataclass(frozen=True)
class Server:
    process: subprocess.Popen[str]
    url: str
    greeting: str

    @property
    def port(self) -> int:
        return urllib.parse.urlsplit(self.url).port or 0

    def __call__(
        self,
        path: str,
        accept: str | None = None,
        method: str = "GET",
        body: bytes | str | None = None,
        **headers: str,
    ) -> Reply:
        """One request, no redirect followed; ``Content_Type`` stands for Content-Type."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if accept is not None:
            named["Accept"] = accept
        try:
            connection.request(method, path, body, named)
            response = connection.getresponse()
            return Reply(response.status, response.headers, response.read())
        finally:
            connection.close()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)

    def query(self, text: str, accept: str | None = None, **parameters: str) -> Reply:
        return self(f"/sparql?{urllib.parse.urlencode({'query': text, **parameters})}", accept)


@pytest.fixture(scope="session")
def release_at() -> Callable[..., Path]:
    """Makes a release: ``release_at(folder, version, extra quads)``."""
    return make_release


@pytest.fixture(scope="session")
def release_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_release(tmp_path_factory.mktemp("release") / VERSION)


@pytest.fixture(scope="session")
def start_server(release_folder: Path) -> Callable[..., Server]:
    def start(
        folder: Path = release_folder, stderr: int | None = None, **settings: object
    ) -> Server:
        """A server of a release; ``limits`` and whatever else ``serve`` takes."""
        settings["limits"] = {**LIMITS, **dict(settings.get("limits", {}))}
        command = [sys.executable, "-c", SERVE, str(folder), json.dumps(settings)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=stderr, text=True)
        assert process.stdout is not None
        greeting = "".join(process.stdout.readline() for _ in range(4))
        url = greeting.split(" is served at ")[1].split("/ ")[0]
        return Server(process, url, greeting)

    return start


@pytest.fixture(scope="session")
def server(start_server: Callable[..., Server]) -> Iterator[Server]:
    running = start_server()
    yield running
    running.process.send_signal(signal.SIGTERM)
    running.process.wait(10)
