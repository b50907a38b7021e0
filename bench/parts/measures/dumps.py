"""Dumps: each format as oograph writes it (sorted), beside pyoxigraph's serialisation."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Mapping
from functools import partial
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

import pyoxigraph as ox

from oograph.graph.iris import IRIs
from oograph.graph.release.dumps import DATASETS, DUMPS
from oograph.graph.release.statements import Statements, write_run
from oograph.ontology import prefixes

from ..charts import rows
from ..part import Bench, Figures, Part, called, table

_FORMATS = {
    "nt": ox.RdfFormat.N_TRIPLES,
    "nq": ox.RdfFormat.N_QUADS,
    "ttl": ox.RdfFormat.TURTLE,
    "trig": ox.RdfFormat.TRIG,
    "rdf": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}
#: How many times as long as pyoxigraph a format may take.
_AIMS = {"nq": 3, "ttl": 10, "jsonld": 10}


class _Counted(io.RawIOBase):
    """A file that counts what is written and discards it, so that the disk is not measured."""

    size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        size = memoryview(data).nbytes  # type: ignore[arg-type]
        self.size += size
        return size


def _measure(size: int, bench: Bench) -> Figures:
    release = bench.release(size)
    dump, iris = release.folder / "dumps" / "oograph.nq", IRIs(release.base_iri)
    quads = list(ox.parse(path=str(dump), format=ox.RdfFormat.N_QUADS))
    shuffled = sorted(quads, key=hash)
    formats = {}
    with TemporaryDirectory() as folder:
        whole, union = Path(folder) / "graph.nq", Path(folder) / "union.nt"
        bench.step("dumps: sorting")
        begin = time.perf_counter()
        write_run(shuffled, whole)
        Statements((whole,)).write_union(union)
        sorting = time.perf_counter() - begin
        triples = [quad.triple for quad in ox.parse(path=str(union), format=_FORMATS["nt"])]
        for ending, format in _FORMATS.items():
            bench.step(f"dumps: {ending}")
            path, plain = (whole, quads) if ending in DATASETS else (union, triples)
            theirs = partial(ox.serialize, plain, format=format, prefixes=prefixes(iris.base))

            def ours(file: IO[bytes], ending: str = ending, path: Path = path) -> None:
                DUMPS[ending](path, file, iris)

            formats[ending] = {"oograph": _written(ours), "pyoxigraph": _written(theirs)}
    return {
        "statements": len(quads),
        "sorting": sorting,
        "formats": formats,
        "version": version("pyoxigraph"),
    }


def _written(write: Callable[[IO[bytes]], object]) -> Figures:
    """The time and size of what is written to a file."""
    target = _Counted()
    begin = time.perf_counter()
    with io.BufferedWriter(target, 2**18) as file:
        write(file)
    return {"seconds": time.perf_counter() - begin, "bytes": target.size}


def _markdown(sizes: Mapping[int, Figures]) -> str:
    head = ("works, format", "oograph, s", "pyoxigraph, s", "times", "aim", "MB", "pyoxigraph, MB")
    lines, notes = [], []
    for size, figures in sizes.items():
        formats = figures["formats"]
        sorting = formats["nq"]["oograph"] | {"seconds": figures["sorting"]}
        sorted_too = {"nq, sorting": {**formats["nq"], "oograph": sorting}}
        for ending, of in (sorted_too | formats).items():
            ours, theirs = of["oograph"], of["pyoxigraph"]
            lines.append(
                (
                    f"{called(size)}, {ending}",
                    f"{ours['seconds']:.2f}",
                    f"{theirs['seconds']:.2f}",
                    f"{ours['seconds'] / theirs['seconds']:.1f}",
                    f"≤ {_AIMS[ending]}" if ending in _AIMS else "",
                    f"{ours['bytes'] / 1e6:,.1f}",
                    f"{theirs['bytes'] / 1e6:,.1f}",
                )
            )
        notes.append(
            f"- {called(size)}: {figures['statements']:,} statements; "
            f"pyoxigraph {figures['version']}."
        )
    return "\n".join((table(head, lines), "", *notes))


def _chart(sizes: Mapping[int, Figures]) -> str:
    data = {
        f"{called(size)}, {ending}": {name: spent["seconds"] for name, spent in of.items()}
        for size, figures in sizes.items()
        for ending, of in figures["formats"].items()
    }
    return rows("Dumps", "seconds", data)


PART = Part(
    "dumps", _measure, _markdown, {"dumps": _chart}, base="the shipped catalogue", most=10_000
)
