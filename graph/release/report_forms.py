"""The report of a release in every format, written once so that no request has to.

A report can be long. ``report.ttl`` comes first, then the other RDF formats, sorted, and each
format gzipped.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pyoxigraph as ox

from ..files import gzipped, link
from ..formats import RDF
from ..iris import IRIs
from .dumps import DUMPS


def report_file(folder: Path, form: str, is_packed: bool = False) -> Path:
    """The file of the report in a format of ``formats.RDF``, in the folder of a release."""
    return folder / f"report.{form}{'.gz' if is_packed else ''}"


def has_all_forms(folder: Path) -> bool:
    """Whether the report exists in every format."""
    files = (report_file(folder, form, packed) for form in RDF for packed in (False, True))
    return all(file.is_file() for file in files)


def write_forms(folder: Path, iris: IRIs) -> None:
    """Write ``report.ttl`` in the other formats; if it is missing, write an empty report."""
    turtle, triples = report_file(folder, "ttl"), report_file(folder, "nt")
    turtle.touch()
    with triples.open("w", encoding="utf-8", newline="\n") as file:
        quads = ox.parse(path=turtle, format=ox.RdfFormat.TURTLE)
        file.writelines(f"{triple} .\n" for triple in sorted(str(quad.triple) for quad in quads))
    quads_of_no_graph = report_file(folder, "nq")
    quads_of_no_graph.unlink(missing_ok=True)
    link(triples, quads_of_no_graph)
    for form in ("rdf", "trig", "jsonld"):
        with report_file(folder, form).open("wb") as target:
            DUMPS[form](triples, target, iris)
    for form in RDF:
        _pack(report_file(folder, form), report_file(folder, form, is_packed=True))


def _pack(path: Path, into: Path) -> None:
    with path.open("rb") as file, into.open("wb") as target, gzipped(target) as packed:
        shutil.copyfileobj(file, packed)
