"""The index of works: values that have a name in common stay apart."""

from pathlib import Path

from oograph.graph.catalogue import Catalogue
from oograph.graph.model import Name, Record, Source
from oograph.graph.release.build import build
from oograph.graph.release.works import Choice, Works


def test_a_person_and_a_body_of_one_name_are_two_authors(tmp_path: Path) -> None:
    authors = {"Of a body": Name(literal="Jane Doe"), "Of a person": Name("Doe", "Jane")}
    records = [
        Record(
            title,
            type="report",
            authors=(author,),
            issued=(2020,),
            sources=(Source("works.bib", title, 1),),
        )
        for title, author in authors.items()
    ]
    Catalogue().add(records).catalogue.save(tmp_path / "catalogue")
    release = build(tmp_path / "catalogue", tmp_path / "out").release
    works = Works(release.folder)
    for author, title in (
        ("organization/jane-doe", "Of a body"),
        ("person/jane-doe", "Of a person"),
    ):
        choice = Choice(facets={"author": (author,)})
        assert [work.title for work in works.page(works.find(choice), choice, 0, 5)] == [title]
