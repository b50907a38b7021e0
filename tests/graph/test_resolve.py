"""Which records are one work, and which names one person."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oograph.graph.model import Facets, Name, Record, Source
from oograph.graph.resolve import cluster, match, merge, with_agents, with_ids

WOOD = Name("Wood", "Alex")
PAPER = Record(
    "Good gig, bad gig: autonomy in the gig economy",
    type="article-journal",
    authors=(WOOD, Name("Graham", "Mark")),
    issued=(2019,),
    container_title="Work, Employment and Society",
    doi="10.1177/1",
    sources=(Source("a.bib", "wood", 1),),
)


@pytest.mark.parametrize(
    ("other", "rule"),
    [
        pytest.param(replace(PAPER, title=PAPER.title.upper()), "doi", id="same-doi"),
        pytest.param(replace(PAPER, doi=""), "title-year-author", id="no-doi"),
        pytest.param(
            replace(PAPER, doi="", authors=(Name("Wood", "A."), Name("Graham", "M."))),
            "title-year-author",
            id="initials",
        ),
        pytest.param(
            replace(PAPER, doi="", title=PAPER.title + " [Boa viração, má viração]"),
            "title-year-author",
            id="title-with-translation",
        ),
        pytest.param(
            replace(PAPER, doi="", title=PAPER.title + " 1"),
            "title-year-author",
            id="footnote-mark-left-on-title",
        ),
        pytest.param(replace(PAPER, doi="", issued=()), "title-author", id="no-year"),
        pytest.param(
            replace(PAPER, doi="", issued=(2018,)),
            "title-author-venue",
            id="year-before-same-venue",
        ),
        pytest.param(
            replace(PAPER, doi="", title="Good gig, bad gig"),
            "short-title-authors-venue",
            id="main-title-only",
        ),
        pytest.param(replace(PAPER, doi="10.1177/2"), "", id="another-doi"),
        pytest.param(
            replace(PAPER, doi="", issued=(2018,), container_title="ICIS"), "", id="another-venue"
        ),
        pytest.param(replace(PAPER, doi="", issued=(2016,)), "", id="three-years-apart"),
        pytest.param(replace(PAPER, doi="", type="chapter"), "", id="chapter"),
        pytest.param(replace(PAPER, doi="", authors=(Name("Smith"),)), "", id="another-author"),
        pytest.param(replace(PAPER, doi="", title=PAPER.title + " Response"), "", id="response"),
        pytest.param(
            replace(PAPER, doi="", title="Good gig, bad gig: the employers"),
            "",
            id="other-subtitle",
        ),
    ],
)
def test_match(other: Record, rule: str) -> None:
    assert match(PAPER, other) == rule
    assert match(other, PAPER) == rule


def test_parts_of_a_series_stay_apart() -> None:
    one = replace(PAPER, doi="", title="A history of platform labour: Part I")
    two = replace(PAPER, doi="", title="A history of platform labour: Part II")
    assert match(one, two) == ""


def test_titles_that_say_little_are_no_evidence() -> None:
    one = Record("Editorial", authors=(WOOD,), issued=(2019,))
    assert match(one, replace(one, issued=(2019,))) == ""


def test_a_contradiction_inside_a_cluster_keeps_it_apart() -> None:
    bridge = replace(PAPER, doi="")
    found, _ = cluster([PAPER, bridge, replace(PAPER, doi="10.1177/2")])
    assert sorted(map(len, found)) == [1, 2]


@given(st.permutations(range(4)))
def test_the_order_of_records_does_not_change_the_clusters(order: list[int]) -> None:
    records = [
        PAPER,
        replace(PAPER, doi=""),
        Record("Another title entirely", authors=(WOOD,), issued=(2019,)),
        replace(PAPER, doi="", authors=(Name("Wood", "A."), Name("Graham", "M."))),
    ]
    shuffled = [records[i] for i in order]
    found, _ = cluster(shuffled)
    assert {frozenset(order[i] for i in members) for members in found} == {
        frozenset({0, 1, 3}),
        frozenset({2}),
    }


def test_merging_fills_gaps_and_replaces_nothing() -> None:
    lead = replace(PAPER, id="wood-2019", agents=("person/a", "person/b"), volume="33")
    other = replace(
        PAPER,
        volume="34",
        page="56-75",
        facets=Facets(platforms=("Upwork",)),
        sources=(Source("b.bib", "w", 9),),
    )
    found = merge([other, lead])
    assert (found.id, found.volume, found.page) == ("wood-2019", "33", "56-75")
    assert found.facets.platforms == ("Upwork",)
    assert [s.file for s in found.sources] == ["a.bib", "b.bib"]


def test_merging_prefers_names_in_full() -> None:
    initials = replace(PAPER, authors=(Name("Wood", "A."), Name("Graham", "M.")), volume="33")
    assert merge([initials, replace(PAPER, doi="")]).authors == PAPER.authors


def test_ids_stay_when_other_records_come() -> None:
    first = with_ids([PAPER])
    again = with_ids([*first, replace(PAPER, doi="10.1177/9")])
    assert [r.id for r in again] == ["wood-2019-good-gig-bad", "wood-2019-good-gig-bad-2"]


def test_one_name_is_one_person_only_with_a_shared_co_author_or_venue() -> None:
    same = replace(PAPER, title="Another", container_title="Elsewhere")
    stranger = Record("Third", authors=(WOOD,), container_title="Nature")
    found = with_agents([PAPER, same, stranger])
    assert found[0].agents == found[1].agents == ("person/alex-wood", "person/mark-graham")
    assert found[2].agents == ("person/alex-wood-2",)


def test_initials_are_never_enough() -> None:
    short = replace(PAPER, authors=(Name("Wood", "A."), Name("Graham", "M.")))
    found = with_agents([short, replace(short, title="Another")])
    assert not set(found[0].agents) & set(found[1].agents)


def test_two_namesakes_in_one_list_are_two() -> None:
    record = replace(PAPER, authors=(Name("Wang", "Wei"), Name("Wang", "Wei"), WOOD))
    assert len(set(with_agents([record])[0].agents)) == 3


def test_a_body_is_one_by_its_name() -> None:
    eurofound = Name(literal="Eurofound")
    found = with_agents([Record("A", authors=(eurofound,)), Record("B", authors=(eurofound,))])
    assert found[0].agents == found[1].agents == ("organization/eurofound",)


def test_agent_ids_stay() -> None:
    kept = replace(PAPER, agents=("person/x", "person/y"))
    found = with_agents([kept, replace(PAPER, title="Another")])
    assert found[0].agents == found[1].agents == ("person/x", "person/y")
