"""The indexes are made from a stream, and hold all of it, in memory that does not grow."""

import json
import sqlite3
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from oograph.graph.collection import without_collection
from oograph.graph.index import names_index, postings, spellings, things, word_index, works_index
from oograph.graph.index.names_index import write_names
from oograph.graph.index.works_index import NOT_STATED, write_works
from oograph.graph.iris import IRIs, fold
from oograph.graph.release.statements import parsed, write_run
from oograph.ontology import PREFIXES

STATED = ox.NamedNode(IRIs().graph("stated"))


def node(kind: str, name: str) -> ox.NamedNode:
    return ox.NamedNode(IRIs().thing(kind, name))


def quad(subject: ox.NamedNode, curie: str, value: ox.NamedNode | str | int) -> ox.Quad:
    term = value if isinstance(value, ox.NamedNode) else ox.Literal(value)
    return ox.Quad(subject, ox.NamedNode(PREFIXES.expand(curie)), term, STATED)


@dataclass(frozen=True)
class Drawn:
    """A work as it is drawn: persons and venues are numbers."""

    title: str
    year: int | None
    persons: tuple[int, ...]
    venue: int | None


#: Some are beginnings of others; what follows sorts before or after "#" and ">".
IDS = ("a", "a-b", "a-b-c", "a!", "a.b", "a1", "aa", "b")
PERSONS = 12
VENUES = 3

DRAWN = st.builds(
    Drawn,
    title=st.sampled_from(("", "", "Gigs", "gigs", "Rides: a long view", "Ärger", "平台")),
    year=st.none() | st.integers(1990, 1992),
    persons=st.lists(st.integers(0, PERSONS - 1), unique=True).map(tuple),
    venue=st.none() | st.integers(0, VENUES - 1),
)
GRAPHS = st.dictionaries(st.sampled_from(IDS), DRAWN)


def quads_of(graph: dict[str, Drawn]) -> Iterator[ox.Quad]:
    """Person 1 is likely person 0; venue 2 is an edition of 1, which is one of 0."""
    for number in range(PERSONS):
        person = node("person", f"p-{number}")
        yield quad(person, "rdf:type", ox.NamedNode(PREFIXES.expand("oo:Person")))
        yield quad(person, "rdfs:label", f"Ann {number} Doe")
        yield quad(person, "foaf:familyName", f"Doe{number}")
    yield quad(node("person", "p-1"), "oo:probablySameAs", node("person", "p-0"))
    for number in range(VENUES):
        venue = node("venue", f"v-{number}")
        yield quad(venue, "skos:prefLabel", f"Venue {number}")
        if number:
            yield quad(venue, "dcterms:isPartOf", node("venue", f"v-{number - 1}"))
    for id, drawn in graph.items():
        work = node("publication", id)
        yield quad(work, "rdf:type", ox.NamedNode(PREFIXES.expand("oo:Publication")))
        if drawn.title:
            yield quad(work, "dcterms:title", drawn.title)
        if drawn.year:
            yield quad(work, "oo:year", drawn.year)
        if drawn.venue is not None:
            yield quad(work, "dcterms:isPartOf", node("venue", f"v-{drawn.venue}"))
        for place, number in enumerate(drawn.persons, 1):
            part = ox.NamedNode(f"{work.value}#author-{place}")
            yield quad(work, "dcterms:creator", node("person", f"p-{number}"))
            yield quad(part, "oo:agent", node("person", f"p-{number}"))
            yield quad(part, "oo:nameAsWritten", f"{id} writes {number}")


def above(drawn: Drawn) -> set[tuple[str, str]]:
    """The authors and venues that have a work, by the list of all."""
    persons = {*drawn.persons, *(0 for number in drawn.persons if number == 1)}
    venues = range(drawn.venue + 1) if drawn.venue is not None else ()
    return {
        *(("author", f"person/p-{number}") for number in persons),
        *(("venue", f"v-{number}") for number in venues),
        *([] if persons else [("author", NOT_STATED)]),
        *([] if venues else [("venue", NOT_STATED)]),
    }


@pytest.fixture(scope="module")
def little_memory() -> Iterator[None]:
    """Almost nothing is held in memory or cached."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(postings, "_KEYS", 5)
        patch.setattr(postings, "_NUMBERS", 50)
        patch.setattr(works_index, "_BLOCK", 10)
        patch.setattr(things, "_REMEMBERED", 2)
        patch.setattr(spellings, "spellings", spellings.spellings.__wrapped__)
        patch.setattr(word_index, "words_of", spellings.words_of.__wrapped__)
        patch.setattr(names_index, "_HELD", 2)
        patch.setattr(names_index, "_REMEMBERED", 2)
        yield


@pytest.mark.usefixtures("little_memory")
@settings(max_examples=60, deadline=None)
@given(graph=GRAPHS)
def test_an_index_says_what_the_graph_says(graph: dict[str, Drawn]) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        write_run(quads_of(graph), lines := folder / "graph.nq")
        statements = list(parsed(lines))
        write_works(parsed(lines), len(statements), folder / "works.db", IRIs())
        write_names(parsed(lines), folder / "names.db", IRIs())
        assert {path.name for path in folder.iterdir()} == {"graph.nq", "works.db", "names.db"}
        check_works(folder / "works.db", graph)
        check_names(folder / "names.db", graph)


def check_works(path: Path, graph: dict[str, Drawn]) -> None:
    titled = {id: drawn for id, drawn in graph.items() if drawn.title}
    order = sorted(titled, key=lambda id: (-(titled[id].year or 0), fold(titled[id].title), id))
    by_title = sorted(order, key=lambda id: fold(titled[id].title))
    with closing(sqlite3.connect(path)) as base:
        rows = base.execute("SELECT id, title, year, venue, by_title, authors FROM work")
        assert [(*row, json.loads(authors)) for *row, authors in rows] == [
            (
                id,
                titled[id].title,
                titled[id].year,
                "" if titled[id].venue is None else f"Venue {titled[id].venue}",
                by_title.index(id),
                [f"{id} writes {number}" for number in titled[id].persons],
            )
            for id in order
        ]
        having: dict[tuple[str, str], set[str]] = {}
        for facet, value, stated in base.execute(
            "SELECT facet, value, stated FROM value WHERE facet IN ('author', 'venue')"
        ):
            having[facet, value] = {order[number] for number in BitMap.deserialize(stated)}
        assert having == {
            each: {id for id, drawn in titled.items() if each in above(drawn)}
            for drawn in titled.values()
            for each in above(drawn)
        }
        for value, names in base.execute("SELECT value, names FROM value WHERE facet = 'author'"):
            # a work without a title writes names, too
            assert set(json.loads(names)) == {
                f"{id} writes {number}"
                for id, drawn in graph.items()
                for number in drawn.persons
                if value == f"person/p-{number}"
            }
        words = base.execute("SELECT term, works FROM term WHERE term IN ('gigs', 'rides')")
        assert dict(words) == {
            word: number
            for word in ("gigs", "rides")
            if (number := sum(word in fold(drawn.title).split() for drawn in titled.values()))
        }


def check_names(path: Path, graph: dict[str, Drawn]) -> None:
    titled = {id: drawn for id, drawn in graph.items() if drawn.title}
    persons = [f"p-{number}" for number in range(PERSONS)]
    with closing(sqlite3.connect(path)) as base:
        things = base.execute("SELECT iri, label, year, mentions FROM thing ORDER BY id")
        assert [*things] == sorted(
            [
                *(
                    (
                        node("person", name).value,
                        f"Ann {number} Doe",
                        None,
                        sum(number in drawn.persons for drawn in graph.values()),
                    )
                    for number, name in enumerate(persons)
                ),
                *(
                    (node("publication", id).value, drawn.title, drawn.year, 0)
                    for id, drawn in titled.items()
                ),
            ]
        )
        texts = base.execute("SELECT text, id & 0xFFFFFFFF FROM name ORDER BY id")
        names = [text for text, place in texts if text not in IDS]
        of_class = [number for (number,) in base.execute("SELECT id >> 32 FROM name ORDER BY id")]
        assert of_class == sorted(of_class)
        assert {*names} >= {drawn.title for drawn in titled.values() if fold(drawn.title)}
        lengths = [
            (number >> 32, len(folded), folded)
            for number, folded in base.execute("SELECT id, folded FROM name ORDER BY id")
        ]
        assert lengths == sorted(lengths)


def many(works: int) -> Iterator[ox.Quad]:
    """As many persons and venues as works, in the order of a sorted file."""
    for number in map("{:06}".format, range(works)):
        person = node("person", number)
        yield quad(person, "rdf:type", ox.NamedNode(PREFIXES.expand("oo:Person")))
        yield quad(person, "rdfs:label", f"Ann Doe {number}")
    for number in map("{:06}".format, range(works)):
        work = node("publication", number)
        part = ox.NamedNode(f"{work.value}#author-1")
        yield quad(part, "oo:agent", node("person", number))
        yield quad(part, "oo:nameAsWritten", f"Doe {number}, A.")
        yield quad(work, "dcterms:creator", node("person", number))
        yield quad(work, "dcterms:isPartOf", node("venue", number))
        yield quad(work, "dcterms:title", f"The gigs of {number}")
        yield quad(work, "rdf:type", ox.NamedNode(PREFIXES.expand("oo:Publication")))
        yield quad(work, "oo:year", 2000)
    for number in map("{:06}".format, range(works)):
        yield quad(node("venue", number), "rdfs:label", f"Venue {number}")


@pytest.mark.usefixtures("little_memory")
@pytest.mark.parametrize(
    "write",
    [
        lambda quads, path: write_works(quads, 0, path, IRIs()),
        lambda quads, path: write_names(quads, path, IRIs()),
    ],
    ids=["works", "names"],
)
def test_memory_does_not_grow_with_the_works(
    write: Callable[[Iterator[ox.Quad], Path], None], tmp_path: Path
) -> None:
    def peak(works: int) -> int:
        tracemalloc.start()
        try:
            with without_collection():  # as a build does
                write(many(works), tmp_path / "index.db")
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(2000)  # Python keeps some of the tuples that are no longer needed
    # the numbers of the works that have one word, no more
    assert peak(2000) - peak(500) < 32 * (2000 - 500)


def test_nothing_is_left_beside_an_index_that_fails(tmp_path: Path) -> None:
    def broken() -> Iterator[ox.Quad]:
        yield from many(3)
        raise OSError

    with pytest.raises(OSError):
        write_works(broken(), 0, tmp_path / "index.db", IRIs())
    with pytest.raises(OSError):
        write_names(broken(), tmp_path / "index.db", IRIs())
    assert [path.name for path in tmp_path.iterdir()] == ["index.db"]
