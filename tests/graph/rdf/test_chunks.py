"""A graph validated in chunks: any division gives the report on the whole."""

import pickle
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import BNode

from oograph.graph.rdf.chunks import Checker, document_of
from oograph.graph.rdf.join import Join
from oograph.graph.rdf.results import Report
from oograph.graph.rdf.validate import validate_quads

FIXTURES = Path(__file__).parents[2] / "fixtures" / "shapes"
GRAPHS = {
    path.stem: list(ox.parse(path=path, rename_blank_nodes=False))
    for path in sorted(FIXTURES.glob("*.ttl"))
}


class Described:
    """What a graph says of documents, and how often it was asked."""

    def __init__(self, chunks: Iterable[Iterable[ox.Quad]]) -> None:
        self.quads = [quad for chunk in chunks for quad in chunk]
        self.asked: list[str] = []

    def __call__(self, documents: Collection[str]) -> list[ox.Quad]:
        self.asked += documents
        return [quad for quad in self.quads if document_of(str(quad.subject)) in documents]


def joined(
    chunks: Sequence[Sequence[ox.Quad]], common: Sequence[ox.Quad] = ()
) -> tuple[Report, Described]:
    checker, described = Checker.of(common), Described(chunks)
    with Join(checker, described) as join:
        for chunk in chunks:
            join.add(pickle.loads(pickle.dumps(checker.check(chunk))))
        return join.report(), described


def same(one: Report, other: Report) -> bool:
    return one.problems == other.problems and set(one.graph) == set(other.graph)


def divided(quads: Sequence[ox.Quad], places: Sequence[int], number: int) -> list[list[ox.Quad]]:
    chunks: list[list[ox.Quad]] = [[] for _ in range(number)]
    for quad, place in zip(quads, places, strict=True):
        chunks[place % number].append(quad)
    return chunks


@pytest.mark.parametrize("name", GRAPHS)
def test_each_statement_in_a_chunk_of_its_own(name: str) -> None:
    quads = GRAPHS[name]
    report, _ = joined([[quad] for quad in quads])
    assert same(report, validate_quads(quads))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_division_of_any_failing_graphs(data: st.DataObject) -> None:
    names = data.draw(st.lists(st.sampled_from([*GRAPHS]), min_size=1, max_size=3))
    quads = list(dict.fromkeys(quad for name in names for quad in GRAPHS[name]))
    places = data.draw(st.lists(st.integers(0, 5), min_size=len(quads), max_size=len(quads)))
    *chunks, common = divided(quads, places, 5)
    report, _ = joined(chunks, common)
    assert same(report, validate_quads(quads))
