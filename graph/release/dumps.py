"""Dumps: a release as files: whole in six RDF forms, by class and by linkset, with checksums.

Everything is written in one sorted order, so the same graph always gives the same bytes.
"""

from __future__ import annotations

import gzip
import hashlib
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

import pyoxigraph as ox

from ...ontology import context, prefixes
from ..formats import RDF
from ..iris import IRIs
from ..rdf.jsonld import Context
from ..rdf.jsonld import write as write_jsonld
from .dump_parts import write_parts

__all__ = [
    "DUMPS",
    "Dump",
    "SUMS",
    "linkset_names",
    "listing",
    "sorted_triples",
    "whole_names",
    "write_dumps",
]


#: The list of checksums beside the dumps.
SUMS = "SHA256SUMS"
_STEM, _LINKSET, _SSSOM = "oograph", "linkset-", ".sssom.tsv"
#: gzip's effort; more takes twice the time for one part in a hundred.
_EFFORT = 6


@dataclass(frozen=True, slots=True)
class Dump:
    """One file that anyone may have."""

    name: str
    title: str
    #: Of what is inside; a compressed file itself is application/gzip.
    media_type: str
    compressed: bool
    #: Bytes.
    size: int
    #: In hexadecimal.
    sha256: str
    kind: Literal["whole", "class", "linkset"]
    #: The class (by the path of its things) or the linkset that it is of; "" for the whole graph.
    of: str


def listing(folder: Path) -> tuple[Dump, ...]:
    """The dumps that lie in a folder: the whole graph, then by class, then by linkset."""
    lines = (folder / SUMS).read_text(encoding="ascii").splitlines()
    sums = {name.lstrip("*"): sha256 for sha256, name in (line.split() for line in lines)}
    found = [_dump(folder / name, sha256) for name, sha256 in sums.items()]
    order = ("whole", "class", "linkset")
    return tuple(sorted(found, key=lambda dump: (order.index(dump.kind), dump.name)))


def whole_names() -> tuple[str, ...]:
    """The names of the files that hold the whole graph, sorted."""
    return tuple(sorted(f"{_STEM}.{e}{packed}" for e in DUMPS for packed in ("", ".gz")))


def linkset_names(name: str) -> tuple[str, ...]:
    """The names of the files that a linkset has, sorted."""
    endings = (".nt", ".nt.gz", _SSSOM, ".ttl", ".ttl.gz")
    return tuple(f"{_LINKSET}{name}{ending}" for ending in endings)


def _dump(path: Path, sha256: str) -> Dump:
    compressed = path.suffix == ".gz"
    plain = path.name.removesuffix(".gz")
    stem, _, ending = plain.partition(".")
    kind: Literal["whole", "class", "linkset"] = (
        "whole" if stem == _STEM else "linkset" if stem.startswith(_LINKSET) else "class"
    )
    of = "" if kind == "whole" else stem.removeprefix(_LINKSET)
    what = {"whole": "The whole graph", "class": of.replace("-", " ").capitalize()}.get(
        kind, f"Linkset {of}"
    )
    table = plain.endswith(_SSSOM)
    form = "SSSOM" if table else RDF[ending].title
    return Dump(
        name=path.name,
        title=f"{what}: {form}{', gzipped' if compressed else ''}",
        media_type="text/tab-separated-values" if table else RDF[ending].media_type,
        compressed=compressed,
        size=path.stat().st_size,
        sha256=sha256,
        kind=kind,
        of=of,
    )


def sorted_triples(quads: Iterable[ox.Quad]) -> Iterator[ox.Triple]:
    """The triples of the union of the graphs, each once; quads must be sorted by triple."""
    last = None
    for quad in quads:
        triple = quad.triple
        if triple != last:
            yield triple
        last = triple


def _graph(format: ox.RdfFormat) -> Callable[[Sequence[ox.Quad], IO[bytes], IRIs], None]:
    def write(quads: Sequence[ox.Quad], file: IO[bytes], iris: IRIs) -> None:
        ox.serialize(sorted_triples(quads), file, format, prefixes=prefixes(iris.base))

    return write


def _lines(quads: Sequence[ox.Quad], file: IO[bytes], iris: IRIs) -> None:
    ox.serialize(quads, file, ox.RdfFormat.N_QUADS)


def _dataset(format: ox.RdfFormat) -> Callable[[Sequence[ox.Quad], IO[bytes], IRIs], None]:
    def write(quads: Sequence[ox.Quad], file: IO[bytes], iris: IRIs) -> None:
        by_graph = sorted(quads, key=lambda quad: str(quad.graph_name))  # stable: keeps the rest
        ox.serialize(by_graph, file, format, prefixes=prefixes(iris.base))

    return write


def _jsonld(quads: Sequence[ox.Quad], file: IO[bytes], iris: IRIs) -> None:
    ours = Context.of(context(iris.base))
    for chunk in write_jsonld(sorted_triples(quads), ours):
        file.write(chunk.encode())


#: The ending of each dump -> what writes it. Dumps of triples hold the union of the graphs.
DUMPS: dict[str, Callable[[Sequence[ox.Quad], IO[bytes], IRIs], None]] = {
    "nt": _graph(ox.RdfFormat.N_TRIPLES),
    "nq": _lines,
    "ttl": _graph(ox.RdfFormat.TURTLE),
    "trig": _dataset(ox.RdfFormat.TRIG),
    "rdf": _graph(ox.RdfFormat.RDF_XML),
    "jsonld": _jsonld,
}


def write_dumps(quads: Sequence[ox.Quad], folder: Path, iris: IRIs) -> str:
    """All dumps of sorted quads, plain and (but for tables) gzipped, and SHA256SUMS over them.

    Returns the SHA-256 of the N-Quads, in hexadecimal.
    """
    folder.mkdir(parents=True, exist_ok=True)
    plain = []
    for ending, write in DUMPS.items():
        path = folder / f"{_STEM}.{ending}"
        with path.open("wb") as file:
            write(quads, file, iris)
        plain.append(path)
    for path in write_parts(folder / f"{_STEM}.nt", iris):
        plain.append(path)
        if path.suffix == ".nt":
            plain.append(_as_turtle(path, iris))
    packed = [_packed(path) for path in plain if not path.name.endswith(_SSSOM)]
    every = sorted((*plain, *packed), key=lambda path: path.name)
    sums = {path.name: _sha256(path) for path in every}
    text = "".join(f"{sha256}  {name}\n" for name, sha256 in sums.items())
    (folder / SUMS).write_text(text, encoding="ascii")
    return sums[f"{_STEM}.nq"]


def _as_turtle(path: Path, iris: IRIs) -> Path:
    """The same as a file of N-Triples, in Turtle, without holding it in memory."""
    into = path.with_suffix(".ttl")
    with into.open("wb") as file:
        triples = (quad.triple for quad in ox.parse(path=path, format=ox.RdfFormat.N_TRIPLES))
        ox.serialize(triples, file, ox.RdfFormat.TURTLE, prefixes=prefixes(iris.base))
    return into


def _packed(path: Path) -> Path:
    into = path.with_name(f"{path.name}.gz")
    # no name and no time in the header: the same graph gives the same bytes
    with path.open("rb") as source, into.open("wb") as target:
        with gzip.GzipFile("", "wb", _EFFORT, target, mtime=0) as archive:
            shutil.copyfileobj(source, archive)
    return into


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
