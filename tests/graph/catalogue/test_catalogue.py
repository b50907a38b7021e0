"""The catalogue on disk, and what adding records to it does."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from oograph.graph.catalogue import Catalogue
from oograph.graph.errors import BrokenCatalogue
from oograph.graph.model import Facets, Name, Record, Source
from oograph.graph.readers import read_file

PAPER = Record(
    "Good gig, bad gig",
    type="article-journal",
    authors=(Name("Wood", "Alex"),),
    issued=(2019,),
    sources=(Source("a.bib", "wood", 1),),
)
TWIN = replace(PAPER, volume="33", sources=(Source("b.bib", "w19", 4),))


def test_write_then_read_gives_the_same_works(tmp_path: Path) -> None:
    works = Catalogue().add([PAPER, replace(PAPER, title="Another work")]).catalogue.works
    Catalogue(works).save(tmp_path)
    assert Catalogue.read(tmp_path).works == works


def test_the_file_is_sorted_and_has_a_value_a_line(tmp_path: Path) -> None:
    other = replace(PAPER, authors=(Name("Abilio", "Ludmila"),), sources=())
    Catalogue().add([PAPER, other]).catalogue.save(tmp_path)
    text = (tmp_path / "works.json").read_text(encoding="utf-8")
    assert [item["id"][:6] for item in json.loads(text)] == ["abilio", "wood-2"]
    assert '\n  "title": "Good gig, bad gig",\n' in text


def test_a_folder_without_a_catalogue_is_an_empty_one(tmp_path: Path) -> None:
    assert Catalogue.read(tmp_path) == Catalogue()


def test_importing_twice_changes_nothing() -> None:
    once = Catalogue().add([PAPER, TWIN])
    twice = once.catalogue.add([PAPER, TWIN])
    assert twice.catalogue.works == once.catalogue.works
    assert (twice.new, twice.updated) == ((), ())


def test_a_record_of_a_known_work_updates_it() -> None:
    once = Catalogue().add([PAPER])
    twice = once.catalogue.add([TWIN])
    assert (len(twice.catalogue.works), twice.new, twice.updated) == (
        1,
        (),
        (once.catalogue.works[0].id,),
    )
    assert twice.catalogue.works[0].volume == "33"


def test_one_file_may_hold_a_work_twice() -> None:
    second = replace(PAPER, sources=(Source("a.bib", "again", 9),))
    assert len(Catalogue().add([PAPER, second]).catalogue.works) == 1


def test_a_failed_write_leaves_the_old_catalogue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    works = Catalogue().add([PAPER]).catalogue.works
    Catalogue(works).save(tmp_path)

    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("os.replace", fail)
    with pytest.raises(OSError, match="disk full"):
        Catalogue().save(tmp_path)
    assert Catalogue.read(tmp_path).works == works
    assert {p.name for p in tmp_path.iterdir()} == {"works.json", ".before"}


@pytest.mark.parametrize(
    ("text", "why", "line"),
    [
        pytest.param('[\n{"id": }]', "not JSON", 2, id="not-json"),
        pytest.param("{}", "must contain one array", None, id="no-array"),
        pytest.param('[{"id": "x"}]', "item 1: no title", 1, id="no-title"),
        pytest.param('[{"title": "T"}]', "no id", 1, id="no-id"),
        pytest.param(
            '[{"id": "x", "title": "T"},\n{"id": "x", "title": "T"}]', "twice", 2, id="id-twice"
        ),
        pytest.param(
            '[{"id": "x",\n "title": "gig \\ud800 b"}]',
            "half of a character",
            1,
            id="half-character",
        ),
        pytest.param(
            '[{"id": "x",\n "title": "gig \\u0001 b"}]',
            r"\u0001 is not allowed in XML",
            2,
            id="control",
        ),
        pytest.param(
            '[{"id": "x", "title": "T",\n "custom": {"countries": ["a\ufffe"]}}]',
            r"\ufffe is not allowed in XML",
            2,
            id="no-character",
        ),
        pytest.param(
            '[{"id": "x", "title": "T", "author": [{"family": "A"}]}]',
            "1 authors but 0 agents",
            1,
            id="author-without-agent",
        ),
    ],
)
def test_a_broken_catalogue_says_where(
    tmp_path: Path, text: str, why: str, line: int | None
) -> None:
    (tmp_path / "works.json").write_text(text)
    with pytest.raises(BrokenCatalogue) as caught:
        Catalogue.read(tmp_path)
    assert why in caught.value.problems[0].message
    assert caught.value.problems[0].line == line


def test_an_entry_mended_in_its_file_fills_gaps_of_its_work() -> None:
    once = Catalogue().add([PAPER])
    source = replace(PAPER.sources[0], digest="another", position=7)
    mended = replace(PAPER, title="Good gigs, bad gigs", page="1-9", sources=(source,))
    (work,) = once.catalogue.add([mended]).catalogue.works
    assert (work.title, work.page, work.sources) == (PAPER.title, "1-9", (source,))


def test_what_a_curator_took_out_stays_out() -> None:
    record = replace(PAPER, facets=Facets(keywords=("noise",)))
    (work,) = Catalogue().add([record]).catalogue.works
    curated = replace(work, facets=Facets())
    assert Catalogue((curated,)).add([record]).catalogue.works == (curated,)


def test_versions_and_undecided_pairs_come_again_with_every_import() -> None:
    talk = replace(PAPER, type="paper-conference", issued=(2017,), container_title="ICIS")
    talks = [talk, replace(talk, issued=(2018,), container_title="HICSS")]
    records = [replace(PAPER, container_title="Work"), *talks]
    records = [
        replace(r, title="Good gig, bad gig: a study", sources=(Source("c.bib", str(n), n),))
        for n, r in enumerate(records)
    ]
    once = Catalogue().add(records)
    assert [len(work.version_of) for work in once.catalogue.works] == [1, 1, 0]
    assert [(pair.left, pair.right) for pair in once.catalogue.undecided] == [
        (once.catalogue.works[0].id, once.catalogue.works[1].id)
    ]
    twice = once.catalogue.add(records)
    assert (twice.catalogue.works, twice.catalogue.undecided) == (
        once.catalogue.works,
        once.catalogue.undecided,
    )
    assert (twice.new, twice.updated, twice.tombstones) == ((), (), ())


def test_a_match_leads_back_to_the_records_compared() -> None:
    found = Catalogue().add([PAPER, TWIN])
    (match,) = found.matches
    assert {found.compared[match.left], found.compared[match.right]} == {PAPER, TWIN}


def rows(folder: Path, *lines: str) -> list[Record]:
    """The records of a table without ids, whose entries are known by the number of their row."""
    path = folder / "coded.tsv"
    path.write_text("\n".join(("title\tauthors\tyear\tcountries", *lines)) + "\n")
    return [entry.record for entry in read_file(path) if entry.record]


POLAND = "Riders in Poland and their rights\tKowalska, Anna\t2020\tPoland"
KENYA = "Cleaners on platforms in Kenya\tOtieno, Jane\t2021\tKenya"
BRAZIL = "Drivers in Brazil\tSilva, Joao\t2019\tBrazil"


def test_a_row_put_above_others_moves_none_into_another_work(tmp_path: Path) -> None:
    before = Catalogue().add(rows(tmp_path, POLAND, KENYA)).catalogue
    added = before.add(rows(tmp_path, BRAZIL, POLAND, KENYA))
    assert len(added.new) == 1
    countries = {work.title.split()[0]: work.facets.countries for work in added.catalogue.works}
    assert countries == {"Riders": ("Poland",), "Cleaners": ("Kenya",), "Drivers": ("Brazil",)}
    assert not added.catalogue.add(rows(tmp_path, BRAZIL, POLAND, KENYA)).updated


def test_an_id_may_have_any_number_of_digits() -> None:
    """More than Python makes a number of; it is the id of a database and no row's."""
    source = Source("export.csv", "9" * 5000, 2)
    before = Catalogue().add([replace(PAPER, sources=(source,))]).catalogue
    added = before.add([replace(PAPER, volume="9", sources=(replace(source, digest="new"),))])
    assert not added.new and len(added.updated) == 1


def test_a_row_that_has_changed_in_its_place_changes_its_work(tmp_path: Path) -> None:
    before = Catalogue().add(rows(tmp_path, POLAND, KENYA)).catalogue
    added = before.add(rows(tmp_path, POLAND, KENYA.replace("\tKenya", "\tKenya; Uganda")))
    assert not added.new
    assert [len(work.sources) for work in added.catalogue.works] == [1, 1]
    (kenya,) = (work for work in added.catalogue.works if "Kenya" in work.title)
    assert set(kenya.facets.countries) == {"Kenya", "Uganda"}


@pytest.mark.parametrize("year", ["", "2021"])
def test_the_authors_of_a_row_without_any_are_added_to_its_work(tmp_path: Path, year: str) -> None:
    unsigned = "Cleaners on platforms in Kenya\t\t\tKenya"
    before = Catalogue().add(rows(tmp_path, POLAND, unsigned)).catalogue
    added = before.add(rows(tmp_path, POLAND, KENYA.replace("2021", year)))
    assert not added.new and not added.catalogue.undecided
    (kenya,) = (work for work in added.catalogue.works if "Kenya" in work.title)
    assert kenya.id in {work.id for work in before.works}
    assert [str(name) for name in kenya.authors] == ["Jane Otieno"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Annual report of the platform\t\t2019", "Annual report of the platform\t\t2020"),
        ("The future of crowd work\t\t2015", "The future of crowd work\tLow, Ann\t2018"),
        ("Introduction\t\t2015", "Introduction\tLow, Ann\t2015"),
        ("Crowd workers at home\t\t2015\tWork", "Crowd workers at home\tLow, Ann\t2015\tPay"),
        ("Crowd workers at home\t\t2015\tPay\t1", "Crowd workers at home\tLow, Ann\t2015\tPay\t9"),
    ],
    ids=["next report", "other year", "recurring", "other venue", "other volume"],
)
def test_a_row_of_the_same_title_that_takes_the_place_of_another_is_a_work_of_its_own(
    tmp_path: Path, before: str, after: str
) -> None:
    def table(*lines: str) -> list[Record]:
        path = tmp_path / "coded.tsv"
        path.write_text("\n".join(("title\tauthors\tyear\tjournal\tvolume", *lines)) + "\n")
        return [entry.record for entry in read_file(path) if entry.record]

    once = Catalogue().add(table(before)).catalogue
    added = once.add(table(after, before))
    assert once.works[0] in added.catalogue.works
    assert len(added.catalogue.works) == 2
