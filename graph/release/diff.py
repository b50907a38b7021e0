"""Diff: the difference between two graphs, as an RDF Patch (https://afs.github.io/rdf-delta/).

Graphs are compared as sorted lines of N-Triples. A release has these on disk, so releases of any
size are compared in little memory. Other files are read whole and sorted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox

from ..rdf.rdf_file import read
from . import open_release

#: The mark of a line: only in the new graph, only in the old one, in both.
ADDED, DELETED, BOTH = "A", "D", " "


def compare(old: Iterable[str], new: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Every line of two sorted inputs once, with a mark: only in the new, only in the old, both."""
    before, after = iter(old), iter(new)
    left, right = next(before, None), next(after, None)
    while left is not None or right is not None:
        if right is None or (left is not None and left < right):
            assert left is not None
            yield DELETED, left
            left = next(before, None)
        elif left is None or right < left:
            yield ADDED, right
            right = next(after, None)
        else:
            yield BOTH, left
            left, right = next(before, None), next(after, None)


def patch_line(mark: str, line: str) -> str:
    """A line of N-Triples as a line of an RDF Patch."""
    return f"{mark} {line}"


def triple_lines(folder: Path) -> Iterator[str]:
    """The sorted N-Triples of a release's folder, line by line."""
    with (folder / "dumps" / "oograph.nt").open(encoding="utf-8", newline="\n") as file:
        yield from file


def sorted_lines(path: Path) -> Iterator[str]:
    """The sorted N-Triples of a release (its folder, or a link to it) or of an RDF file.

    The named graphs of a file are merged into one. Blank nodes get the names that RDFC-1.0
    gives them (https://www.w3.org/TR/rdf-canon/). Raises NoRelease and UnreadableRDF.
    """
    if path.is_dir():
        return triple_lines(open_release(path).folder)
    store = read(path)
    quads: Iterable[ox.Quad] = store
    if any(isinstance(t, ox.BlankNode) for quad in store for t in (quad.subject, quad.object)):
        dataset = ox.Dataset(store)
        dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        quads = dataset
    # in the form of a release's own dumps: one triple a line
    return iter(sorted(f"{quad.triple} .\n" for quad in quads))
