"""The competency questions, each with its answer over the small graph checked by hand."""

import json
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import Dataset

from oograph.graph.catalogue import Catalogue
from oograph.graph.iris import IRIs
from oograph.graph.rdf.mapping import Mapper, vocabulary_quads
from oograph.graph.rdf.names import Names
from oograph.ontology import BASE_IRI, Question, questions

SMALL = Path(__file__).parents[2] / "fixtures" / "small"
ANSWERS = json.loads((SMALL / "answers.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def quads() -> list[ox.Quad]:
    works = Catalogue.read(SMALL).works
    mapper = Mapper.of(Names.of(works, IRIs()), IRIs())
    return [*vocabulary_quads(IRIs()), *(quad for work in works for quad in mapper.quads(work))]


@pytest.fixture(scope="module")
def store(quads: list[ox.Quad]) -> ox.Store:
    store = ox.Store()
    store.extend(quads)
    return store


def test_there_are_twenty_and_each_has_an_answer() -> None:
    names = [question.name for question in questions()]
    assert len(names) >= 20
    assert names == list(ANSWERS)
    assert all(ANSWERS.values()), "an empty answer tests nothing"


@pytest.mark.parametrize("question", questions(), ids=lambda question: question.name)
def test_answer(store: ox.Store, question: Question) -> None:
    solutions = store.query(question.query, use_default_graph_as_union=True)
    assert isinstance(solutions, ox.QuerySolutions)
    rows = [
        [None if term is None else term.value.replace(BASE_IRI, "") for term in row]
        for row in solutions
    ]
    assert rows == ANSWERS[question.name]


@pytest.fixture(scope="module")
def dataset(quads: list[ox.Quad]) -> Dataset:
    text = ox.serialize(quads, format=ox.RdfFormat.N_QUADS)
    dataset = Dataset(default_union=True)
    dataset.parse(data=text, format="nquads")
    return dataset


@pytest.mark.parametrize("question", questions(), ids=lambda question: question.name)
def test_rdflib_gives_the_same_answer(dataset: Dataset, question: Question) -> None:
    rows = [
        [None if term is None else str(term).replace(BASE_IRI, "") for term in row]
        for row in dataset.query(question.query)
    ]
    assert rows == ANSWERS[question.name]


def test_a_country_counts_its_works_without_a_year(quads: list[ox.Quad]) -> None:
    [question] = [each for each in questions() if each.name == "23-countries-most-studied"]
    store = ox.Store()
    store.extend(quads)
    undated = ox.NamedNode(f"{BASE_IRI}publication/anonymous-notes-crowd-work")
    spatial = ox.NamedNode("http://purl.org/dc/terms/spatial")
    for code in ("IN", "AD"):
        country = ox.NamedNode(f"{BASE_IRI}country/{code}")
        store.add(ox.Quad(undated, spatial, country, ox.NamedNode(f"{BASE_IRI}graph/stated")))
    solutions = store.query(question.query, use_default_graph_as_union=True)
    assert isinstance(solutions, ox.QuerySolutions)
    rows = [[term and term.value for term in row] for row in solutions]
    assert rows[0] == ["India", "3", "2014"]
    assert ["Andorra", "1", None] in rows
