"""Dumps: the six RDF forms of a release, each gzipped too, with checksums.

Everything is written in one sorted order, so the same graph always gives the same bytes.
"""

from __future__ import annotations

import gzip
import hashlib
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO

import pyoxigraph as ox

from ..ontology import PREFIXES, context
from .identity import IRIs
from .jsonld import Context
from .jsonld import write as write_jsonld

__all__ = ["DUMPS", "sorted_triples", "write_dumps"]

_STEM = "oograph"


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
        ox.serialize(sorted_triples(quads), file, format, prefixes=_prefixes(iris))

    return write


def _lines(quads: Sequence[ox.Quad], file: IO[bytes], iris: IRIs) -> None:
    ox.serialize(quads, file, ox.RdfFormat.N_QUADS)


def _dataset(format: ox.RdfFormat) -> Callable[[Sequence[ox.Quad], IO[bytes], IRIs], None]:
    def write(quads: Sequence[ox.Quad], file: IO[bytes], iris: IRIs) -> None:
        by_graph = sorted(quads, key=lambda quad: str(quad.graph_name))  # stable: keeps the rest
        ox.serialize(by_graph, file, format, prefixes=_prefixes(iris))

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


def write_dumps(quads: Sequence[ox.Quad], folder: Path, iris: IRIs) -> None:
    """All dumps of sorted quads, each plain and gzipped, and SHA256SUMS over them."""
    folder.mkdir(parents=True, exist_ok=True)
    sums = []
    for ending, write in DUMPS.items():
        plain = folder / f"{_STEM}.{ending}"
        with plain.open("wb") as file:
            write(quads, file, iris)
        zipped = folder / f"{plain.name}.gz"
        # no name and no time in the header: the same graph gives the same bytes
        with plain.open("rb") as source, zipped.open("wb") as target:
            with gzip.GzipFile("", "wb", 9, target, mtime=0) as archive:
                shutil.copyfileobj(source, archive)
        sums += [f"{_sha256(path)}  {path.name}\n" for path in (plain, zipped)]
    (folder / "SHA256SUMS").write_text("".join(sums), encoding="ascii")


def _prefixes(iris: IRIs) -> dict[str, str]:
    return {**PREFIXES, "oo": iris.ontology}


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
