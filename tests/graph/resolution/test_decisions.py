"""A curator's decisions: the files, and that they override every rule."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oograph.graph.catalogue import Catalogue, Decision, Undecided
from oograph.graph.errors import BrokenCatalogue
from oograph.graph.model import Name, Record, Source, Tombstone
from oograph.graph.readers.source import LONGEST
from oograph.graph.resolution.decisions import (
    check_decisions,
    format_undecided,
    parse_decisions,
    parse_undecided,
)
from oograph.graph.resolution.resolve import resolve

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


PATH = Path("decisions.csv")


def test_a_file_of_decisions_is_read_with_its_lines() -> None:
    rows = (
        Decision("a.bib#x", "wood-2019", "same", 'the "same", says he', "2026-01-02", 2),
        Decision("a", "b", "version", "two\nlines", "", 3),
        Decision("a", "c", "different", "", "", 5),
    )
    text = (
        f'{HEADER}a.bib#x,wood-2019,same,"the ""same"", says he",2026-01-02\n'
        'a,b,version,"two\nlines",\na,c,different,,\n'
    )
    assert parse_decisions(text.encode(), PATH) == (rows, ())


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_a_file_may_be_as_a_spreadsheet_writes_it(delimiter: str) -> None:
    rows = (Decision("a", "b", "same", "", "", 3),)
    text = "\nLeft,Right,Decision,Reason,Date\na,b,Same,,\n".replace(",", delimiter)
    assert parse_decisions(f"\ufeff{text}".encode(), PATH) == (rows, ())


def test_an_empty_file_has_no_decisions() -> None:
    assert parse_decisions(b"\n", PATH) == ((), ())


def test_undecided_pairs_come_back() -> None:
    pairs = (Undecided("a", "b", "why", "Title, one", "Two"), Undecided("a", "c", ""))
    assert parse_undecided(format_undecided(pairs), PATH) == pairs


def test_a_filled_in_row_of_undecided_is_a_decision() -> None:
    text = format_undecided([Undecided("a", "b", "why", "Title, one", "Two")]).decode()
    header, row = text.splitlines()
    assert header == "left,right,decision,reason,date,left_title,right_title"
    text = HEADER + row.replace(",,why", ",Same,why")
    assert parse_decisions(text.encode(), PATH)[0] == (Decision("a", "b", "same", "why", "", 2),)


@pytest.mark.parametrize(
    ("row", "what", "line"),
    [
        pytest.param("a,b,maybe\n", '"maybe" is not a decision', 2, id="unknown-word"),
        pytest.param("\na,b,\n", "no decision", 3, id="nothing-filled-in"),
        pytest.param("a,,same\n", "one side is empty", 2, id="one-side"),
        pytest.param("a\n", "one side is empty", 2, id="short-row"),
        pytest.param("a,a,same\n", "both sides are a", 2, id="same-side-twice"),
    ],
)
def test_a_line_without_a_decision_says_where(row: str, what: str, line: int) -> None:
    text = f"{HEADER}{row}x,y,same\n"
    (decision,), (problem,) = parse_decisions(text.encode(), PATH)
    assert decision.left == "x"
    assert what in problem.message and problem.line == line and problem.remedy


@pytest.mark.parametrize(
    ("text", "what", "line"),
    [
        pytest.param("left,right\na,b\n", "no column decision", 1, id="no-column"),
        pytest.param(HEADER + "a,b\0,same\n", "U+0000", 2, id="nul"),
        pytest.param(f"{HEADER}a,{'b' * (2 * LONGEST + 1)},same\n", "field larger", 2, id="huge"),
        pytest.param(HEADER + "ä,b,same\n", "not UTF-8", 2, id="latin-1"),
    ],
)
def test_a_file_that_is_no_table_stops_an_import(text: str, what: str, line: int) -> None:
    """Read as no decisions at all, it would have merged what a curator keeps apart."""
    with pytest.raises(BrokenCatalogue) as caught:
        parse_decisions(text.encode("latin-1"), PATH)
    (problem,) = caught.value.problems
    assert what in problem.message
    assert (problem.file, problem.line) == ("decisions.csv", line)
    assert problem.remedy


def test_a_misspelt_id_is_led_to_the_work() -> None:
    works = [replace(PAPER, id="wood-2019-good-gig"), replace(OTHER, id="roe-2019-another-work")]
    decision = Decision("wood-2019-good-gigs", "roe-2019-another-work", "different", line=2)
    (problem,) = resolve(works, [decision]).problems
    assert problem.message.endswith('"wood-2019-good-gigs"; did you mean wood-2019-good-gig?')


def test_a_table_is_checked_without_the_works(tmp_path: Path) -> None:
    path = tmp_path / "decisions.csv"
    path.write_text(f"{HEADER}a,b,maybe\nc,d,same\ne,,version\n", encoding="utf-8")
    assert [(each.line, each.record) for each in check_decisions(path)] == [(2, "a"), (4, "e")]
    path.write_text("left,right\n", encoding="utf-8")
    (problem,) = check_decisions(path)
    assert "no column decision" in problem.message


@given(text=st.text())
@settings(deadline=None)
def test_any_text_is_decisions_or_problems(text: str) -> None:
    try:
        decisions, problems = parse_decisions(text.encode("utf-8", "replace"), PATH)
    except BrokenCatalogue as error:
        decisions, problems = (), error.problems
    resolve([PAPER, TWIN], decisions)
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
    first = Catalogue().add([PAPER, OTHER]).catalogue
    left, right = (work.id for work in first.works)
    rows = (Decision(left, right, "same", "one report", line=2),)
    once = replace(first, decisions=rows).add([], "2026-01-02")
    (work,) = once.catalogue.works
    (stone,) = once.catalogue.tombstones
    assert {work.id, stone.id} == {left, right}
    assert (stone.replaced_by, stone.reason) == (work.id, "merged: decision one report")
    assert stone.date == "2026-01-02"
    twice = once.catalogue.add([PAPER, OTHER], "2026-02-03")
    assert (twice.catalogue, twice.tombstones, twice.problems) == (once.catalogue, (), ())


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
        pytest.param(
            [
                ("a.bib#wood", "b.bib#w19", "same"),
                ("a.bib#wood", "c.bib#o", "version"),
                ("b.bib#w19", "c.bib#o", "different"),
            ],
            '"different" contradicts line 3',
            id="version-and-different-by-a-third",
        ),
        pytest.param([("wood", "b.bib#w19", "different")], "already merged", id="merged-already"),
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
