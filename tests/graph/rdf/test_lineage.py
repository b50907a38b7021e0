"""Versions and tombstones in RDF."""

import pyoxigraph as ox
import pytest

from oograph.graph.iris import IRIs
from oograph.graph.model import Record, Tombstone
from oograph.graph.rdf.lineage import lineage_problems, lineage_quads
from oograph.graph.resolution.survivor import survivor
from oograph.ontology import BASE_IRI, PREFIXES

ARTICLE = Record("A", id="article", type="article-journal")
PREPRINT = Record("A", id="preprint", version_of=("article",))


def short(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    assert isinstance(term, ox.NamedNode | ox.Literal)
    value = term.value
    for name, space in PREFIXES.items():
        if value.startswith(space):
            return f"{name}:{value.removeprefix(space)}"
    return value.removeprefix(BASE_IRI).removeprefix("publication/")


def ids(works: list[Record]) -> set[str]:
    return {work.id for work in works}


def triples(works: list[Record], graves: list[Tombstone]) -> set[tuple[str, ...]]:
    quads = lineage_quads(works, ids(works), graves, IRIs())
    return {
        (
            q.graph_name.value.rpartition("/")[2],
            *(short(t) for t in (q.subject, q.predicate, q.object)),
        )
        for q in quads
    }


def test_a_version_leads_both_ways() -> None:
    assert triples([ARTICLE, PREPRINT], []) == {
        ("stated", "preprint", "dcterms:isVersionOf", "article"),
        ("stated", "article", "dcterms:hasVersion", "preprint"),
    }


def test_a_version_of_what_was_merged_is_one_of_the_survivor() -> None:
    graves = [Tombstone("article", "kept"), Tombstone("older", "article")]
    works = [Record("A", id="kept"), PREPRINT]
    assert ("stated", "preprint", "dcterms:isVersionOf", "kept") in triples(works, graves)
    assert lineage_problems(works, ids(works), graves) == ()


def test_a_version_of_nothing_is_left_out_and_told() -> None:
    assert triples([PREPRINT], []) == set()
    (problem,) = lineage_problems([PREPRINT], {"preprint"}, [])
    assert (problem.severity, problem.record, problem.value) == ("warning", "preprint", "article")


def test_a_work_is_no_version_of_itself() -> None:
    assert triples([Record("A", id="a", version_of=("a",))], []) == set()


def test_a_tombstone_says_what_became_of_the_work() -> None:
    grave = Tombstone("old", "article", "merged: same DOI", "2026-01-31")
    assert triples([ARTICLE], [grave]) == {
        ("provenance", "old", "rdf:type", "oo:Tombstone"),
        ("provenance", "old", "owl:deprecated", "true"),
        ("provenance", "old", "dcterms:isReplacedBy", "article"),
        ("provenance", "old", "oo:reason", "merged: same DOI"),
        ("provenance", "old", "dcterms:date", "2026-01-31"),
    }


@pytest.mark.parametrize("heir", ["", "gone-too", "old"])
def test_a_withdrawn_work_is_replaced_by_nothing(heir: str) -> None:
    found = triples([ARTICLE], [Tombstone("old", heir), Tombstone("gone-too")])
    assert not [t for t in found if t[2] == "dcterms:isReplacedBy"]


def test_a_living_work_has_no_tombstone() -> None:
    assert triples([ARTICLE], [Tombstone("article")]) == set()


@pytest.mark.parametrize(
    ("work", "expected"),
    [("a", "d"), ("b", "d"), ("d", "d"), ("e", ""), ("f", ""), ("g", "")],
)
def test_the_survivor_is_at_the_end_of_the_chain(work: str, expected: str) -> None:
    chain = {"a": "b", "b": "d", "e": "", "f": "g", "g": "f"}
    graves = {grave: Tombstone(grave, heir) for grave, heir in chain.items()}
    assert survivor(work, graves) == expected
