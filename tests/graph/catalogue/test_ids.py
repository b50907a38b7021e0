"""An id that was ever given out is a work or a tombstone, and never comes to mean another work."""

import csv
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from oograph.graph.catalogue import Catalogue, Decision, editing
from oograph.graph.catalogue.tombstones import (
    dangling,
    format_tombstones,
    parse_tombstones,
)
from oograph.graph.errors import BrokenCatalogue, NothingToUndo, UnknownWork
from oograph.graph.model import Facets, Name, Record, Source, Tombstone
from oograph.graph.readers import read_file
from oograph.graph.writers import WRITERS

A, B = Record("A", id="a"), Record("B", id="b")
C = Record("C", id="c", version_of=("b",))
GONE = Tombstone("b", "a", "the same report", "2026-01-02")

JONES = Record(
    "Crowd work wages among the first",
    authors=(Name("Jones", "Ann"),),
    issued=(2018,),
    sources=(Source("a.bib", "jones", 1, digest="1"),),
)
#: Another work, whose id would be the same.
OTHER_JONES = replace(
    JONES,
    title="Crowd work wages in nine entirely different countries",
    sources=(Source("c.bib", "other", 1, digest="2"),),
)
UNRELATED = Record("A history of piece rates", sources=(Source("b.bib", "x", 1, digest="3"),))
ID = "jones-2018-crowd-work-wages"
GIG_MAP = Record(
    "Gig map",
    id="bai-2020-gig-map",
    authors=(Name("Bai", "Ann"),),
    agents=("person/ann-bai",),
    issued=(2020,),
    url="https://example.org/map",
    sources=(Source("library.bib", "bai", 1, digest="1"),),
)
IRI = "https://w3id.org/oograph/publication/bai-2020-gig-map"


def test_tombstones_come_back_sorted() -> None:
    data = format_tombstones([GONE, Tombstone("a2")])
    assert parse_tombstones(data, Path("t.json")) == (Tombstone("a2"), GONE)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[\n{", 2),
        ("[1]", 1),
        ('[{"no": "id"}]', 1),
        ('{"id": "x"}', None),
        ('[{"id": 1}]', 1),
        ('[{"id": "x"}, {"id": "x"}]', 1),
        ("\ud800", None),
        pytest.param("[" * 100_000, None, id="deep"),
    ],
)
def test_a_broken_file_of_tombstones_is_named(text: str, line: int | None) -> None:
    with pytest.raises(BrokenCatalogue) as caught:
        parse_tombstones(text.encode("utf-8", "surrogatepass"), Path("cat/tombstones.json"))
    (problem,) = caught.value.problems
    assert (problem.file, problem.line) == ("cat/tombstones.json", line)
    assert problem.message and problem.remedy


def test_withdrawing_leaves_a_tombstone_and_moves_what_pointed_there() -> None:
    catalogue = Catalogue((A, B, C), (Tombstone("old", "b"),)).withdraw(GONE)
    assert catalogue.works == (A, replace(C, version_of=("a",)))
    assert catalogue.tombstones == (GONE, Tombstone("old", "a"))
    assert dangling({work.id for work in catalogue.works}, catalogue.tombstones) == ()


def test_a_work_that_leaves_no_survivor_is_no_version_any_more() -> None:
    catalogue = Catalogue((B, C)).withdraw(Tombstone("b", reason="not on the subject"))
    assert catalogue.works == (replace(C, version_of=()),)


@pytest.mark.parametrize("gone", [Tombstone("x"), Tombstone("b", "x"), Tombstone("b", "b")])
def test_only_a_work_can_be_withdrawn_in_favour_of_another(gone: Tombstone) -> None:
    with pytest.raises(UnknownWork, match="the id"):
        Catalogue((A, B)).withdraw(gone)


def test_an_id_that_is_none_is_guessed() -> None:
    catalogue = Catalogue((replace(A, id="wood-2019-good-gig-bad"), B))
    with pytest.raises(
        UnknownWork, match=r"id wood-2019-good-gig; did you mean wood-2019-good-gig-b"
    ):
        catalogue.withdraw(Tombstone("wood-2019-good-gig"))
    with pytest.raises(UnknownWork, match=r"did you mean wood-2019-good-gig-bad\?$"):
        catalogue.withdraw(Tombstone("http://127.0.0.1:8000/publication/wood-2019-good-gig-bad"))
    with pytest.raises(UnknownWork, match="id quite-another$"):
        catalogue.withdraw(Tombstone("quite-another"))


def test_dangling_tombstones_are_problems() -> None:
    assert [p.record for p in dangling({"a"}, [Tombstone("a"), Tombstone("z", "y")])] == ["a", "z"]


def test_an_import_after_a_withdrawal_keeps_its_tombstone() -> None:
    catalogue = Catalogue().add([JONES]).catalogue.withdraw(Tombstone(ID, reason="x"))
    catalogue = catalogue.add([UNRELATED]).catalogue
    assert [stone.id for stone in catalogue.tombstones] == [ID]
    catalogue = catalogue.add([OTHER_JONES]).catalogue
    assert [work.id for work in catalogue.works if "Jones" in str(work.authors)] == [f"{ID}-2"]


def test_an_import_after_a_merge_keeps_its_tombstone() -> None:
    first = Catalogue().add([JONES, OTHER_JONES]).catalogue
    same = (Decision(ID, f"{ID}-2", "same"),)
    merged = replace(first, decisions=same).add([]).catalogue
    (stone,) = merged.tombstones
    assert merged.add([UNRELATED]).catalogue.tombstones == (stone,)
    gone = merged.withdraw(Tombstone(stone.replaced_by))
    assert [(s.id, s.replaced_by) for s in gone.tombstones] == [(ID, ""), (f"{ID}-2", "")]


def test_an_id_that_a_merge_frees_is_not_given_to_a_record_of_the_same_import() -> None:
    first = Catalogue().add([JONES, OTHER_JONES]).catalogue
    third = replace(JONES, title="Crowd work wages: a reply", sources=(Source("d.bib", "r", 1),))
    same = (Decision(ID, f"{ID}-2", "same"),)
    catalogue = replace(first, decisions=same).add([third]).catalogue
    assert [work.id for work in catalogue.works] == [ID, "jones-2018-crowd-work-wages-3"]


def test_a_source_does_not_bring_back_what_was_withdrawn() -> None:
    catalogue = Catalogue().add([JONES]).catalogue
    gone = catalogue.withdraw(Tombstone(ID, reason="off topic"))
    elsewhere = replace(JONES, sources=(Source("b.bib", "j", 7),))
    again = gone.add([elsewhere, UNRELATED])
    assert [work.id for work in again.catalogue.works] == [
        work.id for work in gone.add([UNRELATED]).catalogue.works
    ]
    (problem,) = again.problems
    assert ID in problem.message and "off topic" in problem.message
    assert (problem.file, problem.line) == ("b.bib", 7)
    let_in = replace(gone, withdrawn=()).add([elsewhere]).catalogue
    assert [work.id for work in let_in.works] == [f"{ID}-2"]


def test_what_was_withdrawn_is_kept_with_the_catalogue(tmp_path: Path) -> None:
    gone = Catalogue().add([JONES]).catalogue.withdraw(Tombstone(ID, reason="off topic"))
    gone.save(tmp_path)
    assert Catalogue.read(tmp_path) == gone
    merged = Catalogue((A, B, C)).withdraw(GONE)
    assert merged.withdrawn == (), "its place is taken by another, which a source may bring"


def test_the_entries_of_a_merged_work_do_not_bring_it_back_when_it_is_withdrawn() -> None:
    """By the rules they are no one work: a decision had made them one."""
    first = Catalogue().add([JONES, OTHER_JONES]).catalogue
    same = (Decision(ID, f"{ID}-2", "same"),)
    (work,) = (merged := replace(first, decisions=same).add([]).catalogue).works
    gone = merged.withdraw(Tombstone(work.id, reason="off topic"))
    again = gone.add([JONES, OTHER_JONES])
    assert again.catalogue.works == ()
    assert sum("off topic" in problem.message for problem in again.problems) == 2
    edited = replace(
        JONES,
        title="Another title of another work",
        sources=(replace(JONES.sources[0], digest="9"),),
    )
    assert len(gone.add([edited]).catalogue.works) == 1


def test_the_entries_of_a_work_whose_place_is_taken_are_those_of_the_survivor() -> None:
    first = Catalogue().add([JONES, OTHER_JONES]).catalogue
    merged = first.withdraw(Tombstone(ID, f"{ID}-2", "a duplicate"))
    (work,) = merged.works
    assert [source.key for source in work.sources] == ["other", "jones"]
    assert merged.add([JONES, OTHER_JONES]).catalogue == merged


def test_an_export_does_not_bring_back_what_was_withdrawn() -> None:
    catalogue = Catalogue().add([JONES]).catalogue
    (exported,) = catalogue.works
    gone = catalogue.withdraw(Tombstone(ID, reason="a duplicate"))
    again = gone.add([exported])
    assert again.catalogue == gone
    (problem,) = again.problems
    assert ID in problem.message and "a duplicate" in problem.message and problem.file == "a.bib"


def test_an_export_of_a_merged_work_goes_to_the_survivor() -> None:
    catalogue = Catalogue((A, B), ()).withdraw(GONE)
    again = catalogue.add([replace(B, volume="7")]).catalogue
    assert [(work.id, work.title, work.volume) for work in again.works] == [("a", "A", "7")]


def test_two_exports_with_one_id_are_two_works() -> None:
    records = [replace(JONES, id=ID), replace(OTHER_JONES, id=ID)]
    works = Catalogue().add(records).catalogue.works
    assert {work.id: work.title for work in works} == {
        ID: JONES.title,
        f"{ID}-2": OTHER_JONES.title,
    }


def test_undo_puts_everything_back_and_again_redoes_it(tmp_path: Path) -> None:
    before = Catalogue((A, B))
    before.save(tmp_path)
    with editing(tmp_path, "test") as edit:
        edit.save(edit.catalogue.withdraw(GONE))
    after = Catalogue.read(tmp_path)
    with editing(tmp_path, "test") as edit:
        edit.undo()
    assert Catalogue.read(tmp_path) == before
    with editing(tmp_path, "test") as edit:
        edit.undo()
    assert Catalogue.read(tmp_path) == after


def test_undo_puts_undecided_back(tmp_path: Path) -> None:
    papers = [
        replace(JONES, container_title=venue, issued=(year,), sources=(Source(venue, "x", 1),))
        for venue, year in (("Work", 2018), ("Society", 2020))
    ]
    with editing(tmp_path, "test") as edit:
        edit.save(edit.catalogue.add(papers[:1]).catalogue)
    with editing(tmp_path, "test") as edit:
        edit.save(edit.catalogue.add(papers).catalogue)
    assert Catalogue.read(tmp_path).undecided
    with editing(tmp_path, "test") as edit:
        edit.undo()
    assert not Catalogue.read(tmp_path).undecided


def test_the_id_of_an_undone_import_waits_for_its_work(tmp_path: Path) -> None:
    def run(*records: Record) -> None:
        with editing(tmp_path, "test") as edit:
            edit.save(edit.catalogue.add(records).catalogue)

    run(UNRELATED)
    run(JONES)
    with editing(tmp_path, "test") as edit:
        edit.undo("2026-01-02")
    undone = Catalogue.read(tmp_path)
    assert [(stone.id, stone.date) for stone in undone.tombstones] == [(ID, "2026-01-02")]
    run(OTHER_JONES)
    assert {work.id for work in Catalogue.read(tmp_path).works} > {f"{ID}-2"}
    run(replace(JONES, page="1-9", sources=(Source("a.bib", "jones", 1, digest="mended"),)))
    catalogue = Catalogue.read(tmp_path)
    assert {work.id: work.title for work in catalogue.works}[ID] == JONES.title
    assert (catalogue.tombstones, catalogue.undone) == ((), ())


def test_nothing_to_undo(tmp_path: Path) -> None:
    with pytest.raises(NothingToUndo), editing(tmp_path / "cat", "test") as edit:
        edit.undo()
    assert not list(tmp_path.iterdir())


def test_an_export_gives_no_work_the_issn_and_orcid_of_another() -> None:
    """A dump has the ISSNs of all records of a venue, and the iD of all mentions of a person."""
    wood = Name("Wood", "Alex", orcid="0000-0002-1825-0097")
    paper = Record(
        "Good gig, bad gig",
        authors=(wood,),
        container_title="Work",
        issn=("0950-0170",),
        sources=(Source("a.bib", "a", 1),),
    )
    other = Record(
        "Algorithmic control",
        authors=(Name("Wood", "Alex"),),
        editors=(Name("Wood", "Alex"),),
        container_title="Work",
        sources=(Source("a.bib", "b", 2),),
    )
    catalogue = Catalogue().add([paper, other]).catalogue
    exported = [
        replace(work, issn=paper.issn, authors=(wood,), editors=work.editors and (wood,))
        for work in catalogue.works
    ]
    again = catalogue.add(exported)
    assert (again.new, again.updated) == ((), ())
    bare = Catalogue().add([other]).catalogue
    (gained,) = bare.add([replace(bare.works[0], issn=paper.issn, authors=(wood,))]).catalogue.works
    assert (gained.issn, gained.authors) == (paper.issn, (wood,))


@pytest.mark.parametrize("name", ["bibtex", "ris", "csv"])
def test_an_export_of_ours_brings_nothing(name: str, tmp_path: Path) -> None:
    """Nor a source: it says only what stands here, of works whose titles say too little, too."""
    catalogue = Catalogue((GIG_MAP, replace(JONES, id=ID, agents=("person/ann-jones",))))
    file = tmp_path / f"export.{name}"
    file.write_text("".join(WRITERS[name].write(catalogue.works)), newline="")
    added = catalogue.add([entry.record for entry in read_file(file) if entry.record])
    assert added.catalogue == catalogue
    assert (added.new, added.updated) == ((), ())


@pytest.mark.parametrize(
    "edited",
    [
        pytest.param({"title": "The gig map"}, id="title"),
        pytest.param({"facets": Facets(keywords=("mine",)), "number": "7"}, id="tags"),
        pytest.param({"sources": (Source("z.bib", "bai_gig_2020", 1),), "url": IRI}, id="iri"),
        pytest.param({"sources": (Source("z.json", IRI, 1),), "issued": (2016,)}, id="iri-as-key"),
        pytest.param(
            {
                "sources": (Source("z.bib", "bai_gig_2020", 1),),
                "url": "http://127.0.0.1:8000/publication/bai-2020-gig-map.html",
            },
            id="page",
        ),
    ],
)
def test_an_edited_entry_that_says_which_work_it_is(edited: Any) -> None:
    catalogue = Catalogue((GIG_MAP,))
    entry = replace(GIG_MAP, id="", agents=(), sources=(Source("z.bib", GIG_MAP.id, 1),))
    added = catalogue.add([replace(entry, **edited)])
    (work,) = added.catalogue.works
    assert (work.id, work.title, work.url) == (GIG_MAP.id, "Gig map", "https://example.org/map")
    is_news = "facets" in edited
    assert len(work.sources) == 1 + is_news, "a source only of what it brings"
    assert added.catalogue.add([replace(entry, **edited)]).updated == ()


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"title": "Gig works"}, id="title"),
        pytest.param({"doi": "10.1000/other", "title": "Gig maps"}, id="doi"),
        pytest.param({"issued": (1990,)}, id="year"),
        pytest.param({"title": "Gig map: a reply"}, id="notice"),
    ],
)
def test_a_key_of_ours_that_another_catalogue_gave_to_another_work(other: Any) -> None:
    catalogue = Catalogue((replace(GIG_MAP, doi="10.1000/map"),))
    entry = replace(GIG_MAP, id="", agents=(), sources=(Source("z.bib", GIG_MAP.id, 1),))
    assert len(catalogue.add([replace(entry, **other)]).catalogue.works) == 2


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"authors": (Name("Smith", "Bob"),), "doi": "10.1000/fish"}, id="all"),
        pytest.param({"authors": (Name("Smith", "Bob"),)}, id="authors"),
        pytest.param({"issued": (2012,)}, id="year"),
        pytest.param({"doi": "10.1000/fish"}, id="doi"),
    ],
)
@pytest.mark.parametrize("place", ["url", "key"])
def test_an_iri_of_ours_in_an_entry_of_plainly_another_work(place: str, other: Any) -> None:
    """As a copy of an entry has it that was made for the next: nothing of it gets into the work."""
    catalogue = Catalogue((replace(GIG_MAP, doi="10.1000/map"),))
    entry = Record(
        "Fish in the North Sea",
        authors=GIG_MAP.authors,
        issued=GIG_MAP.issued,
        container_title="Fishery",
        url=IRI if place == "url" else "",
        sources=(Source("z.bib", IRI if place == "key" else "fish, 2010", 3, digest="9"),),
    )
    entry = replace(entry, **other)
    added = catalogue.add([entry])
    works = {work.id: work for work in added.catalogue.works}
    assert works.pop(GIG_MAP.id) == catalogue.works[0]
    ((id, fish),) = works.items()
    assert fish.url == ""
    (problem,) = added.problems
    assert (problem.severity, problem.file, problem.line) == ("warning", "z.bib", 3)
    assert GIG_MAP.id in problem.message
    again = added.catalogue.add([replace(entry, sources=(replace(entry.sources[0], digest="8"),))])
    assert {work.id: work.url for work in again.catalogue.works}[id] == ""
    assert not again.problems, "it is known"
    ((left, right, _),) = csv.reader([problem.remedy.partition("decisions.csv: ")[2]])
    decided = replace(catalogue, decisions=(Decision(left, right, "same"),))
    assert [work.id for work in decided.add([entry]).catalogue.works] == [GIG_MAP.id]


def test_a_decision_on_an_entry_is_stronger_than_its_key() -> None:
    decided = Catalogue(
        (GIG_MAP,), decisions=(Decision(f"z.bib#{GIG_MAP.id}", GIG_MAP.id, "different"),)
    )
    entry = replace(GIG_MAP, id="", agents=(), sources=(Source("z.bib", GIG_MAP.id, 1),))
    assert len(decided.add([entry]).catalogue.works) == 2


def test_a_citation_of_a_merged_or_withdrawn_work_follows_it() -> None:
    entry = replace(GIG_MAP, id="", agents=(), sources=(Source("z.bib", GIG_MAP.id, 1),))
    catalogue = Catalogue((replace(GIG_MAP, id="b"), GIG_MAP))
    merged = catalogue.withdraw(Tombstone(GIG_MAP.id, "b"))
    assert [work.id for work in merged.add([entry]).catalogue.works] == ["b"]
    gone = Catalogue((GIG_MAP,)).withdraw(Tombstone(GIG_MAP.id, reason="off topic"))
    again = gone.add([entry])
    assert again.catalogue == gone
    assert "off topic" in again.problems[0].message
