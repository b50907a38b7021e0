"""Statements: the one sorted stream that every part of a release is written from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

import pyoxigraph as ox

__all__ = [
    "Statement",
    "by_subject",
    "each_triple",
    "in_order",
]


class Statement(NamedTuple):
    """A quad, with the text that releases are sorted by: it is made once."""

    #: The triple and the graph, as N-Triples writes them.
    triple: str
    graph: str
    quad: ox.Quad

    @property
    def line(self) -> str:
        """The triple as a line of N-Triples."""
        return f"{self.triple} .\n"


def in_order(quads: Iterable[ox.Quad]) -> list[Statement]:
    """The quads in the order of a release: as their lines of N-Quads are sorted."""
    names: dict[object, str] = {}
    statements = []
    for quad in quads:
        graph = quad.graph_name
        name = names.get(graph) or names.setdefault(graph, str(graph))
        statements.append(Statement(str(quad.triple), name, quad))
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
    for subject, group in groupby(each_triple(statements), lambda each: each.quad.subject):
        yield subject, list(group)
