"""The index of works: shared names stay apart; clusters and series count their members' works."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from oograph.graph.catalogue import Catalogue
from oograph.graph.index.names_index import NAMES, write_names
from oograph.graph.index.works import Choice, Works
from oograph.graph.index.works_index import WORKS, add_read, write_works
from oograph.graph.iris import IRIs
from oograph.graph.model import Facets, Name, Record, Source, Tombstone
from oograph.graph.release.build import build
from oograph.graph.release.statements import parsed

SMALL = Path(__file__).parents[2] / "fixtures" / "small"


def index_of(folder: Path, records: Iterable[Record]) -> Works:
    sourced = [replace(r, sources=(Source("works.bib", r.title, 1),)) for r in records]
    Catalogue().add(sourced).catalogue.save(folder / "catalogue")
    return Works(build(folder / "catalogue", folder / "out").release.folder)


def titles(works: Works, facet: str, value: str) -> list[str]:
    choice = Choice(facets={facet: (value,)}, sort="title")
    return [work.title for work in works.page(works.find(choice), choice, 0, 9)]


def test_a_person_and_a_body_of_one_name_are_two_authors(tmp_path: Path) -> None:
    authors = {"Of a body": Name(literal="Jane Doe"), "Of a person": Name("Doe", "Jane")}
    works = index_of(
        tmp_path,
        [
            Record(title, type="report", authors=(author,), issued=(2020,))
            for title, author in authors.items()
        ],
    )
    assert titles(works, "author", "organization/jane-doe") == ["Of a body"]
    assert titles(works, "author", "person/jane-doe") == ["Of a person"]


def test_a_cluster_of_persons_has_the_works_of_its_members(tmp_path: Path) -> None:
    jane, ann = Name("Doe", "Jane"), Name("Roe", "Ann")
    works = index_of(
        tmp_path,
        [
            Record("Gigs", "report", authors=(jane, ann), issued=(2019,)),
            Record("More gigs", "report", authors=(jane, ann), issued=(2020,)),
            Record("Rides", "report", authors=(jane,), issued=(2021,)),
        ],
    )
    assert titles(works, "author", "person/jane-doe") == ["Gigs", "More gigs", "Rides"]
    assert titles(works, "author", "person/jane-doe-2") == ["Rides"]


def test_a_series_has_the_works_of_its_editions(tmp_path: Path) -> None:
    edition = "Proceedings of the 2019 CHI Conference on Human Factors in Computing Systems"
    works = index_of(
        tmp_path,
        [
            Record(title, "paper-conference", authors=(Name("Doe", "J."),), container_title=venue)
            for title, venue in (("Gigs", edition), ("Rides", "CHI"))
        ],
    )
    chi = "chi-conference-on-human-factors-in-computing-systems"
    assert titles(works, "venue", chi) == ["Gigs", "Rides"]
    assert (
        works.values.label("venue", chi) == "CHI Conference on Human Factors in Computing Systems"
    )


def test_a_work_is_found_as_it_is_cited_by_author_and_year(tmp_path: Path) -> None:
    jane = Name("Doe", "Jane")
    works = index_of(
        tmp_path,
        [
            Record("Gigs", "report", authors=(jane,), issued=(2019,)),
            Record("Rides", "report", authors=(jane,), issued=(2021,)),
        ],
    )
    choice = Choice("doe 2021")
    assert [work.title for work in works.page(works.find(choice), choice, 0, 9)] == ["Rides"]


def ranked(works: Works, words: str) -> list[str]:
    choice = Choice(words, sort="relevance")
    return [work.title for work in works.page(works.find(choice), choice, 0, 9)]


def test_a_concept_that_is_called_so_comes_before_one_that_only_has_the_words(
    tmp_path: Path,
) -> None:
    records = [
        Record(title, "report", authors=(Name("Doe", "Jane"),), issued=(2019,), facets=facets)
        for title, facets in (
            ("South of the city, riders who speak of Asia", Facets(countries=("Viet Nam",))),
            ("Gigs in a large and distant place", Facets(countries=("India",))),
            ("Rides in a large and distant place", Facets(countries=("Viet Nam",))),
        )
    ]
    works = index_of(tmp_path, records)
    first, *others = ranked(works, "south asia")
    assert first == "Gigs in a large and distant place" and len(others) == 2
    assert ranked(works, "distant south asia")[0] == first


def test_a_whole_word_comes_before_one_that_only_begins_so(tmp_path: Path) -> None:
    jane = Name("Doe", "Jane")
    works = index_of(
        tmp_path,
        [
            Record("Southeast rides", "report", authors=(jane,), issued=(2021,)),
            Record("The rides of the south", "report", authors=(jane,), issued=(2019,)),
        ],
    )
    assert ranked(works, "south") == ["The rides of the south", "Southeast rides"]


def test_the_indexes_are_those_of_all_statements(tmp_path: Path) -> None:
    works = Catalogue.read(SMALL).works
    # its tombstone is provenance, and points to a work
    graves = (Tombstone("doe-2001-gone", replaced_by=works[0].id, reason="Twice."),)
    Catalogue(works, graves).save(tmp_path / "catalogue")
    release = build(tmp_path / "catalogue", tmp_path / "out").release
    quads = list(parsed(release.folder / "dumps" / "oograph.nq"))
    write_works(quads, len(quads), tmp_path / WORKS, IRIs())
    add_read(works, tmp_path / WORKS)
    write_names(quads, tmp_path / NAMES, IRIs())
    for name in (WORKS, NAMES):
        assert (release.folder / name).read_bytes() == (tmp_path / name).read_bytes()
