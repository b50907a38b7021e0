"""A curator's decisions: the files, and that they override every rule."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oograph.graph import catalogue
from oograph.graph.catalogue import decisions
from oograph.graph.catalogue.decisions import Decision, Undecided
from oograph.graph.catalogue.resolve import resolve
from oograph.graph.model import Name, Record, Source, Tombstone

PAPER = Record(
    "Good gig, bad gig: autonomy",
    type="article-journal",
    authors=(Name("Wood", "Alex"),),
    issued=(2019,),
    sources=(Source("a.bib", "wood", 1),),
)
TWIN = replace(PAPER, sources=(Source("b.bib", "w19", 4),))
OTHER = replace(PAPER, title="Another work", doi="10.1/2", sources=(Source("c.bib", "o", 2),))
HEADER = "left,right,decision,reason,date\n"


def test_write_then_read_gives_the_same_decisions(tmp_path: Path) -> None:
    rows = (
        Decision("a.bib#x", "wood-2019", "same", 'the "same", says he', "2026-01-02", 2),
        Decision("a", "b", "version", "two\nlines", "", 3),
        Decision("a", "c", "different", "", "", 5),
    )
    decisions.write(tmp_path, rows)
    assert decisions.read(tmp_path) == (rows, ())


def test_no_file_is_no_decision(tmp_path: Path) -> None:
    assert decisions.read(tmp_path) == ((), ())


def test_a_filled_in_row_of_undecided_is_a_decision(tmp_path: Path) -> None:
    decisions.write_undecided(tmp_path, [Undecided("a", "b", "why", "Title, one", "Two")])
    header, row = (tmp_path / "undecided.csv").read_text(encoding="utf-8").splitlines()
    assert header == "left,right,decision,reason,date,left_title,right_title"
    (tmp_path / "decisions.csv").write_text(HEADER + row.replace(",,why", ",Same,why"))
    assert decisions.read(tmp_path)[0] == (Decision("a", "b", "same", "why", "", 2),)


@pytest.mark.parametrize(
    ("text", "what", "line"),
    [
        pytest.param("left,right\na,b\n", "no column decision", 1, id="no-column"),
        pytest.param(HEADER + "a,b,maybe\n", '"maybe" is none', 2, id="unknown-word"),
        pytest.param(HEADER + "\na,b,\n", "no decision", 3, id="nothing-filled-in"),
        pytest.param(HEADER + "a,,same\n", "one side is empty", 2, id="one-side"),
        pytest.param(HEADER + "a\n", "one side is empty", 2, id="short-row"),
        pytest.param(HEADER + "a,a,same\n", "both sides are a", 2, id="same-side-twice"),
        pytest.param(HEADER + "a,b\0,same\n", "NUL", 2, id="nul"),
        pytest.param(HEADER + f"a,{'b' * 200_000},same\n", "not CSV", 2, id="huge-cell"),
        pytest.param(HEADER + "ä,b,same\n", "not UTF-8", None, id="latin-1"),
    ],
)
def test_a_broken_file_says_where(tmp_path: Path, text: str, what: str, line: int | None) -> None:
    (tmp_path / "decisions.csv").write_bytes(text.encode("latin-1"))
    found, (problem,) = decisions.read(tmp_path)
    assert found == ()
    assert what in problem.message
    assert problem.line == line
    assert problem.remedy


@given(text=st.text())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_no_text_makes_it_raise(tmp_path: Path, text: str) -> None:
    (tmp_path / "decisions.csv").write_text(text, encoding="utf-8", errors="replace")
    found, problems = decisions.read(tmp_path)
    resolve([PAPER, TWIN], found)
    assert all(problem.remedy for problem in problems)


def test_same_overrides_every_rule() -> None:
    book = replace(PAPER, type="book", doi="10.1/1", sources=(Source("c.bib", "b", 1),))
    chapter = replace(book, type="chapter", doi="10.1/2", sources=(Source("d.bib", "c", 1),))
    found = resolve([book, chapter], [Decision("c.bib#b", "d.bib#c", "same", "checked")])
    assert len(found.works) == 1
    assert [(m.rule, m.evidence) for m in found.matches] == [("decision", "checked")]


def test_different_overrides_every_rule() -> None:
    twin = replace(TWIN, doi="10.1/1")
    apart = [Decision("a.bib#wood", "b.bib#w19", "different")]
    found = resolve([replace(PAPER, doi="10.1/1"), twin], apart)
    assert len(found.works) == 2
    assert found.undecided == ()


def test_different_holds_through_a_third_record() -> None:
    third = replace(PAPER, sources=(Source("c.bib", "x", 1),))
    apart = [Decision("a.bib#wood", "b.bib#w19", "different")]
    assert len(resolve([PAPER, third, TWIN], apart).works) == 2


def test_version_links_and_keeps_apart() -> None:
    rows = [Decision("a.bib#wood", "b.bib#w19", "version", "the journal says so")]
    found = resolve([PAPER, TWIN], rows)
    earlier, later = found.works
    if later.sources == PAPER.sources:
        earlier, later = later, earlier
    assert (earlier.version_of, later.version_of) == ((later.id,), ())
    assert [match.evidence for match in found.versions] == ["the journal says so"]
    assert resolve(found.works, rows).works == found.works


def test_different_takes_a_version_link_away() -> None:
    talk = replace(PAPER, type="paper-conference", issued=(2018,), container_title="ICIS", id="t")
    paper = replace(TWIN, container_title="Work", id="p")
    (_, linked) = works = resolve([paper, talk]).works
    assert linked.version_of == ("p",)
    found = resolve(works, [Decision("t", "p", "different")])
    assert [work.version_of for work in found.works] == [(), ()]


def test_merging_two_works_leaves_a_tombstone_and_later_imports_change_nothing() -> None:
    first = catalogue.add([], [PAPER, OTHER])
    left, right = (work.id for work in first.works)
    rows = [Decision(left, right, "same", "one report", line=2)]
    once = catalogue.add(first.works, [], rows)
    (work,) = once.works
    (stone,) = once.tombstones
    assert {work.id, stone.id} == {left, right}
    assert (stone.replaced_by, stone.reason) == (work.id, "merged: decision one report")
    twice = catalogue.add(once.works, [PAPER, OTHER], rows, once.tombstones)
    assert (twice.works, twice.tombstones, twice.problems) == (once.works, (), ())


@pytest.mark.parametrize(
    ("rows", "what"),
    [
        pytest.param([("a.bib#wood", "x", "same")], 'no source entry "x"', id="dangling"),
        pytest.param(
            [("a.bib#wood", "c.bib#o", "same"), ("c.bib#o", "a.bib#wood", "different")],
            '"same" contradicts line 3',
            id="same-and-different",
        ),
        pytest.param(
            [
                ("a.bib#wood", "b.bib#w19", "same"),
                ("b.bib#w19", "c.bib#o", "same"),
                ("a.bib#wood", "c.bib#o", "different"),
            ],
            '"same" contradicts line 4',
            id="by-a-third",
        ),
        pytest.param(
            [("a.bib#wood", "c.bib#o", "version"), ("c.bib#o", "a.bib#wood", "version")],
            '"version" contradicts line 2',
            id="versions-of-each-other",
        ),
        pytest.param([("wood", "b.bib#w19", "different")], "have been merged", id="merged-already"),
        pytest.param([("gone", "c.bib#o", "same")], 'no source entry "gone"', id="withdrawn"),
    ],
)
def test_a_decision_that_cannot_be_followed(rows: list[tuple[str, str, str]], what: str) -> None:
    work = replace(PAPER, id="wood", sources=(*PAPER.sources, *TWIN.sources), agents=("person/w",))
    given = [
        Decision(left, right, ruling, line=line)  # type: ignore[arg-type]
        for line, (left, right, ruling) in enumerate(rows, 2)
    ]
    records = [work, OTHER] if "merged" in what else [PAPER, TWIN, OTHER]
    found = resolve(records, given, [Tombstone("gone")])
    (problem,) = found.problems
    assert what in problem.message
    assert (problem.file, problem.line in range(2, 6)) == ("decisions.csv", True)
    assert problem.remedy
    assert any(w.sources == OTHER.sources for w in found.works), "contradiction merges nothing"
