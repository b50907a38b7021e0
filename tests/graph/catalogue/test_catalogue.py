"""The catalogue on disk, and what adding records to it does."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from oograph.graph import catalogue
from oograph.graph.errors import BrokenCatalogue
from oograph.graph.model import Facets, Name, Record, Source

PAPER = Record(
    "Good gig, bad gig",
    type="article-journal",
    authors=(Name("Wood", "Alex"),),
    issued=(2019,),
    sources=(Source("a.bib", "wood", 1),),
)
TWIN = replace(PAPER, volume="33", sources=(Source("b.bib", "w19", 4),))


def test_write_then_read_gives_the_same_works(tmp_path: Path) -> None:
    works = catalogue.add([], [PAPER, replace(PAPER, title="Another work")]).works
    catalogue.write(tmp_path, works)
    assert tuple(catalogue.read(tmp_path)) == works


def test_the_file_is_sorted_and_has_a_value_a_line(tmp_path: Path) -> None:
    other = replace(PAPER, authors=(Name("Abilio", "Ludmila"),), sources=())
    catalogue.write(tmp_path, catalogue.add([], [PAPER, other]).works)
    text = (tmp_path / "works.json").read_text(encoding="utf-8")
    assert [item["id"][:6] for item in json.loads(text)] == ["abilio", "wood-2"]
    assert '\n  "title": "Good gig, bad gig",\n' in text


def test_a_folder_without_a_catalogue_is_an_empty_one(tmp_path: Path) -> None:
    assert catalogue.read(tmp_path) == []


def test_importing_twice_changes_nothing() -> None:
    once = catalogue.add([], [PAPER, TWIN])
    twice = catalogue.add(once.works, [PAPER, TWIN])
    assert twice.works == once.works
    assert (twice.new, twice.updated) == ((), ())


def test_a_record_of_a_known_work_updates_it() -> None:
    once = catalogue.add([], [PAPER])
    twice = catalogue.add(once.works, [TWIN])
    assert (len(twice.works), twice.new, twice.updated) == (1, (), (once.works[0].id,))
    assert twice.works[0].volume == "33"


def test_one_file_may_hold_a_work_twice() -> None:
    second = replace(PAPER, sources=(Source("a.bib", "again", 9),))
    assert len(catalogue.add([], [PAPER, second]).works) == 1


def test_a_failed_write_leaves_the_old_catalogue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    works = catalogue.add([], [PAPER]).works
    catalogue.write(tmp_path, works)

    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("os.replace", fail)
    with pytest.raises(OSError, match="disk full"):
        catalogue.write(tmp_path, ())
    assert tuple(catalogue.read(tmp_path)) == works
    assert [p.name for p in tmp_path.iterdir()] == ["works.json"]


@pytest.mark.parametrize(
    ("text", "why", "line"),
    [
        pytest.param('[\n{"id": }]', "not JSON", 2, id="not-json"),
        pytest.param("{}", "must hold one array", None, id="no-array"),
        pytest.param('[{"id": "x"}]', "item 1: no title", None, id="no-title"),
        pytest.param('[{"title": "T"}]', "no id", None, id="no-id"),
        pytest.param(
            '[{"id": "x", "title": "T"}, {"id": "x", "title": "T"}]', "twice", None, id="id-twice"
        ),
        pytest.param(
            '[{"id": "x", "title": "T", "author": [{"family": "A"}]}]',
            "1 authors but 0 agents",
            None,
            id="author-without-agent",
        ),
    ],
)
def test_a_broken_catalogue_says_where(
    tmp_path: Path, text: str, why: str, line: int | None
) -> None:
    (tmp_path / "works.json").write_text(text)
    with pytest.raises(BrokenCatalogue) as caught:
        catalogue.read(tmp_path)
    assert why in caught.value.problems[0].message
    assert caught.value.problems[0].line == line


def test_an_entry_mended_in_its_file_fills_gaps_of_its_work() -> None:
    once = catalogue.add([], [PAPER])
    source = replace(PAPER.sources[0], digest="another", position=7)
    mended = replace(PAPER, title="Good gigs, bad gigs", page="1-9", sources=(source,))
    (work,) = catalogue.add(once.works, [mended]).works
    assert (work.title, work.page, work.sources) == (PAPER.title, "1-9", (source,))


def test_what_a_curator_took_out_stays_out() -> None:
    record = replace(PAPER, facets=Facets(keywords=("noise",)))
    (work,) = catalogue.add([], [record]).works
    curated = replace(work, facets=Facets())
    assert catalogue.add([curated], [record]).works == (curated,)


def test_versions_and_undecided_pairs_come_again_with_every_import() -> None:
    talk = replace(PAPER, type="paper-conference", issued=(2017,), container_title="ICIS")
    talks = [talk, replace(talk, issued=(2018,), container_title="HICSS")]
    records = [replace(PAPER, container_title="Work"), *talks]
    records = [
        replace(r, title="Good gig, bad gig: a study", sources=(Source("c.bib", str(n), n),))
        for n, r in enumerate(records)
    ]
    once = catalogue.add([], records)
    assert [len(work.version_of) for work in once.works] == [1, 1, 0]
    assert [(pair.left, pair.right) for pair in once.undecided] == [
        (once.works[0].id, once.works[1].id)
    ]
    twice = catalogue.add(once.works, records)
    assert (twice.works, twice.undecided) == (once.works, once.undecided)
    assert (twice.new, twice.updated, twice.tombstones) == ((), (), ())


def test_a_match_leads_back_to_the_records_compared() -> None:
    found = catalogue.add([], [PAPER, TWIN])
    (match,) = found.matches
    assert {found.compared[match.left], found.compared[match.right]} == {PAPER, TWIN}
