"""Statements: the one sorted stream that every part of a release is written from."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

import pyoxigraph as ox

from ..iris import RDF_TYPE

__all__ = [
    "Statement",
    "by_subject",
    "each_triple",
    "in_order",
    "typing",
    "with_prefix",
]


_TYPE = f" {RDF_TYPE} <"


class Statement(NamedTuple):
    """A quad, with the text that releases are sorted by: it is made once."""

    #: The triple and the graph, as N-Triples writes them; "" for the default graph.
    triple: str
    graph: str
    quad: ox.Quad

    @property
    def line(self) -> str:
        """The triple as a line of N-Triples."""
        return f"{self.triple} .\n"

    @property
    def quad_line(self) -> str:
        """The quad as a line of N-Quads."""
        return f"{self.triple} {self.graph} .\n" if self.graph else self.line


def in_order(quads: Iterable[ox.Quad]) -> list[Statement]:
    """The quads in the order of a release: as their lines of N-Quads are sorted."""
    names: dict[object, str] = {}
    statements = []
    for quad in quads:
        graph = quad.graph_name
        if graph not in names:
            # the default graph has no name in N-Quads
            names[graph] = "" if isinstance(graph, ox.DefaultGraph) else str(graph)
        statements.append(Statement(str(quad.triple), names[graph], quad))
    statements.sort(key=itemgetter(0, 1))
    return statements


def each_triple(statements: Iterable[Statement]) -> Iterator[Statement]:
    """The union of the graphs: each triple once."""
    for _, same in groupby(statements, itemgetter(0)):
        yield next(same)


def by_subject(
    statements: Iterable[Statement],
) -> Iterator[tuple[ox.NamedNode | ox.BlankNode | ox.Triple, Sequence[Statement]]]:
    """Each subject with its triples, each once."""
    # by the text, which is at hand: the engine makes a new object of a term at each look
    for _, group in groupby(each_triple(statements), lambda each: each.triple.partition(" ")[0]):
        given = list(group)
        yield given[0].quad.subject, given


def typing(statements: Iterable[Statement]) -> Iterator[ox.Quad]:
    """The quads that give a thing a class."""
    # an IRI has no space: the first one ends the subject
    return (s.quad for s in statements if s.triple.startswith(_TYPE, s.triple.index(" ")))


def with_prefix(statements: Sequence[Statement], iri: str) -> Sequence[Statement]:
    """Those of the sorted statements whose subject's IRI begins so."""
    start = f"<{iri}"
    first = bisect_left(statements, start, key=itemgetter(0))
    last = bisect_left(statements, True, first, key=lambda each: not each[0].startswith(start))
    return statements[first:last]
