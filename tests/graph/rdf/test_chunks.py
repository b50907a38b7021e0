"""A graph validated in chunks: any division gives the report on the whole."""

import gc
import os
import pickle
import subprocess
import sys
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from itertools import chain, repeat
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import Graph

from oograph.graph.catalogue import Catalogue, default_folder
from oograph.graph.collection import without_collection
from oograph.graph.iris import IRIs
from oograph.graph.rdf.chunks import Checker, document_of
from oograph.graph.rdf.join import Join
from oograph.graph.rdf.lineage import lineage_quads
from oograph.graph.rdf.mapping import Mapper, vocabulary_quads
from oograph.graph.rdf.names import Names
from oograph.graph.rdf.provenance import likely_quads
from oograph.graph.rdf.results import Report
from oograph.graph.rdf.validate import validate_quads
from oograph.graph.release.processes import working
from oograph.graph.resolution.likely import likely_agents
from oograph.ontology import BASE_IRI

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
    chunks: Sequence[Sequence[ox.Quad]],
    common: Sequence[ox.Quad] = (),
    beside: Sequence[Sequence[ox.Quad]] | None = None,
) -> tuple[Report, Described]:
    checker, described = Checker.of(common), Described(chunks)
    with TemporaryDirectory() as folder, working(1) as here:
        with Join(lambda: checker, described, Path(folder) / "notes.db") as join:
            for chunk, near in zip(chunks, beside or repeat(()), strict=bool(beside)):
                join.add(pickle.loads(pickle.dumps(checker.check(chunk, near))))
            report = join.report(here)
            return replace(report, results=tuple(report.results)), described


def test_what_it_took_to_judge_a_chunk_is_let_go() -> None:
    checker, quads = Checker.of(()), GRAPHS[min(GRAPHS)]
    checker.check(quads)
    before = _graphs()
    with without_collection():
        checker.check(quads)
        assert _graphs() == before


def _graphs() -> int:
    return sum(isinstance(each, Graph) for each in gc.get_objects())


def divided(quads: Sequence[ox.Quad], places: Sequence[int], number: int) -> list[list[ox.Quad]]:
    chunks: list[list[ox.Quad]] = [[] for _ in range(number)]
    for quad, place in zip(quads, places, strict=True):
        chunks[place % number].append(quad)
    return chunks


@pytest.mark.parametrize("name", GRAPHS)
def test_each_failing_graph_in_thirds(name: str) -> None:
    quads = GRAPHS[name]
    report, _ = joined([quads[n::3] for n in range(3)])
    assert report == validate_quads(quads)


@settings(max_examples=30)
@given(st.data())
def test_any_division_of_failing_graphs(data: st.DataObject) -> None:
    names = data.draw(st.lists(st.sampled_from([*GRAPHS]), min_size=1, max_size=3))
    quads = list(dict.fromkeys(quad for name in names for quad in GRAPHS[name]))
    places = st.lists(st.integers(0, 5), min_size=len(quads), max_size=len(quads))
    *chunks, common = divided(quads, data.draw(places), 6)
    report, _ = joined(chunks, common)
    assert report == validate_quads(quads)


def apart(quads: Sequence[ox.Quad], *documents: str) -> list[list[ox.Quad]]:
    """The first statement of each of these documents in a chunk of its own."""
    first = {document: first_of(quads, document) for document in documents}
    rest = [quad for quad in quads if quad not in first.values()]
    return [rest, *([quad] for quad in first.values())]


def first_of(quads: Sequence[ox.Quad], document: str) -> ox.Quad:
    return next(q for q in quads if document_of(str(q.subject)).endswith(document))


@pytest.mark.parametrize(
    "quad",
    [quad for quad in GRAPHS["sound"] if isinstance(quad.object, ox.NamedNode)],
    ids=lambda quad: f"{quad.subject.value[27:]} {quad.predicate.value.rpartition('/')[2]}",
)
def test_a_statement_elsewhere_cures_what_lacks_it(quad: ox.Quad) -> None:
    """The class of a person, say, whose works are judged without it."""
    report, _ = joined([[other for other in GRAPHS["sound"] if other != quad], [quad]])
    assert report.problems == ()


def test_a_document_is_judged_again_with_what_points_to_it() -> None:
    """An author entry of two works, one of which is described in two chunks."""
    sound, work = GRAPHS["sound"], "publication/lee-2017-gig-work"
    link = next(quad for quad in sound if quad.predicate.value.endswith("#authorship"))
    other = ox.NamedNode(f"{link.subject.value}-2")
    quads = [*sound, ox.Quad(other, link.predicate, link.object)]
    report, _ = joined(apart(quads, work))
    assert "more than one" in report.problems[0].message
    assert report == validate_quads(quads)


@pytest.mark.parametrize("most", [1, 2, 100])
def test_documents_of_two_batches(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A work that is judged again leads to a person who shares an ORCID iD with another."""
    monkeypatch.setattr("oograph.graph.rdf.join._BATCH", most)
    people = GRAPHS["person-orcid-shared.sparql"]
    quads = list(dict.fromkeys([*GRAPHS["sound"], *people]))
    chunks = apart(quads, "publication/lee-2017-gig-work", "person/ana-lee-2", "platform/upwork")
    report, _ = joined(chunks)
    assert len(report.problems) >= 2
    assert report == validate_quads(quads)


# Links

LINKSET = f"{BASE_IRI}linkset/"


#: The shapes of which a link needs its linkset, or a linkset its links.
TOGETHER = ("LinkShape", "LinksetShape", "link-linkset", "link-triple", "linkset-count")


@pytest.mark.parametrize("name", [name for name in GRAPHS if name.startswith(TOGETHER)])
def test_links_are_judged_apart_from_each_other(name: str) -> None:
    """Each beside what the linksets say, the linksets beside what says that links are in them."""
    quads = GRAPHS[name]
    linksets = [q for q in quads if q.subject.value == f"{LINKSET}topics-web"]
    members = [q for q in quads if q.predicate.value.endswith("ontology#linkset")]
    links: dict[str, list[ox.Quad]] = {}
    for quad in quads:
        if quad.subject.value.startswith(LINKSET) and quad not in linksets:
            links.setdefault(quad.subject.value, []).append(quad)
    triples = [q for q in quads if q.predicate.value.endswith("Match")]
    chunks = [linksets, *([*link, *triples] for link in links.values())]
    apart = {quad for chunk in chunks for quad in chunk}
    chunks.append([quad for quad in quads if quad not in apart])
    report, _ = joined(chunks, beside=[members, *([linksets] * len(links)), []])
    assert report == validate_quads(quads)


@pytest.mark.parametrize("said", [2, 3])
def test_a_linkset_counts_links_that_are_judged_apart(said: int) -> None:
    quads = GRAPHS["sound"]
    linkset = [q for q in quads if q.subject.value == f"{LINKSET}topics-web"]
    one = [q for q in quads if q.subject.value.startswith(LINKSET) and q not in linkset]
    other = [ox.Quad(ox.NamedNode(f"{q.subject.value}-2"), q.predicate, q.object) for q in one]
    linkset = [
        ox.Quad(q.subject, q.predicate, ox.Literal(said)) if q.object == ox.Literal(1) else q
        for q in linkset
    ]
    members = [q for q in (*one, *other) if q.predicate.value.endswith("ontology#linkset")]
    triples = [q for q in quads if q.predicate.value.endswith("exactMatch")]
    rest = [q for q in quads if not q.subject.value.startswith(LINKSET)]
    chunks = [linkset, [*one, *triples], [*other, *triples], rest]
    report, described = joined(chunks, beside=[members, linkset, linkset, []])
    assert not any(LINKSET in document for document in described.asked)  # judged once
    assert [problem.record for problem in report.problems] == [f"{LINKSET}topics-web"] * (said - 2)


# Records


@pytest.fixture(scope="module")
def mapped() -> tuple[list[ox.Quad], list[list[ox.Quad]]]:
    """The vocabulary, and the statements of each work; versions and tombstones with the last."""
    catalogue, iris = Catalogue.read(default_folder()), IRIs()
    works = catalogue.works[:120]
    mapper = Mapper.of(Names.of(works, iris), iris)
    lineage = lineage_quads(works, {work.id for work in works}, catalogue.tombstones, iris)
    likely = likely_quads(likely_agents(works, mapper.gazetteer), iris)
    own = [list(mapper.quads(work)) for work in works]
    return list(vocabulary_quads(iris)), [*own, [*lineage, *likely]]


def test_sound_records_are_judged_once(mapped: tuple[list[ox.Quad], list[list[ox.Quad]]]) -> None:
    """Only what is described in two ways, or linked across chunks, is judged again."""
    common, records = mapped
    chunks = [list(chain(*records[n::4])) for n in range(4)]
    report, described = joined(chunks, common)
    assert report == validate_quads([*common, *chain(*records)])
    documents = {document_of(str(quad.subject)) for quad in chain(*records)}
    assert len(described.asked) < len(documents) / 4


@settings(max_examples=15)
@given(st.data())
def test_any_division_of_records_with_faults(
    mapped: tuple[list[ox.Quad], list[list[ox.Quad]]], data: st.DataObject
) -> None:
    """Statements taken away, repeated, and given to other things, of works in any chunk."""
    common, records = mapped
    quads = list(chain(*records[:20], records[-1]))
    place = st.integers(0, len(quads) - 1)
    for n in data.draw(st.lists(place, max_size=8)):
        other = quads[data.draw(place)]
        quads[n] = ox.Quad(other.subject, quads[n].predicate, quads[n].object, other.graph_name)
    chunk_of: dict[str, int] = {}
    chunks: list[list[ox.Quad]] = [[], [], []]
    for quad in quads:
        document = document_of(str(quad.subject))
        if document not in chunk_of:
            chunk_of[document] = data.draw(st.integers(0, 2))
        chunks[chunk_of[document]].append(quad)
    report, _ = joined(chunks, common)
    assert report == validate_quads([*common, *quads])


def test_a_digest_is_the_same_in_every_process() -> None:
    """Python's own hash of a text is not."""
    text = "from oograph.graph.rdf.chunks import Checker\n" + (
        "import pyoxigraph as ox, sys\n"
        "quads = ox.parse(path=sys.argv[1])\n"
        "print(sorted(Checker.of(()).check(quads).described.items()))"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", text, str(FIXTURES / "sound.ttl")],
            check=True,
            capture_output=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(runs) == 1
