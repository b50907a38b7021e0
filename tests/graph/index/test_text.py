"""What words find, and how it is ranked and sorted, compared with the plain way."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyroaring import BitMap

from oograph.graph.index.database import Database
from oograph.graph.index.hits import marked
from oograph.graph.index.scratch import with_scratch
from oograph.graph.index.search_query import parse
from oograph.graph.index.spellings import standard
from oograph.graph.index.text import Text, ranked, with_most
from oograph.graph.index.word_index import write_words
from oograph.graph.index.works import Choice, Works
from oograph.graph.iris import fold

words = st.text(alphabet="abcdeé' -", max_size=12)


@given(st.lists(st.tuples(words, words, words, words), min_size=1, max_size=8), words)
@example([("", "", "", "b")], "a-b")
@example([("", "", "", "be c")], "be d")
def test_a_work_is_found_where_each_word_begins_one_of_its_texts(
    tmp_path_factory, texts: Sequence[tuple[str, ...]], asked: str
) -> None:
    path = tmp_path_factory.mktemp("text") / "works.db"
    with with_scratch(path) as base:
        write_words(base, [[(text,) for text in each] for each in texts])
    own = [
        [word for text in each for s in (text, text.replace("'", " ")) for word in fold(s).split()]
        for each in texts
    ]
    # a longer word may be corrected or divided
    terms = [term for term in map(fold, re.findall(r"\w+", asked)) if term][:3]
    match = Text(Database(path), lambda phrase: BitMap()).matching(parse(" ".join(terms)))
    assert (match.works is None) is not bool(terms)
    is_plain = not any(phrase.otherwise for phrase in match.interpretation.phrases)
    if match.works is not None and not match.interpretation.corrected and is_plain:
        # small words need not be in a work that has the others
        telling = [term for term in terms if term not in ("a", "be", "de")] or terms
        expected = {
            number
            for number, several in enumerate(own)
            if terms and all(any(word.startswith(term) for word in several) for term in telling)
        }
        assert set(match.works) == expected


levels = st.dictionaries(st.integers(1, 16), st.frozensets(st.integers(0, 30)), max_size=4)


@given(st.frozensets(st.integers(0, 30), min_size=1), st.lists(levels, min_size=1, max_size=3))
def test_works_are_ranked_by_the_sum_of_what_their_words_count(
    among: frozenset[int], several: list[Mapping[int, frozenset[int]]]
) -> None:
    # a work has one level for each word, and has every word
    of_words: list[dict[int, BitMap]] = []
    for word in several:
        rest = set(among)
        of_words.append({})
        for level, members in word.items():
            of_words[-1][level] = BitMap(rest & members)
            rest -= members
        of_words[-1][1] = of_words[-1].get(1, BitMap()) | BitMap(rest)
    groups = list(ranked(BitMap(among), of_words, (), 31))
    assert sorted(number for group in groups for number in group) == sorted(among)
    if len(of_words) == 1:
        level_of = {n: level for level, members in of_words[0].items() for n in members}
        places = [{level_of[number] for number in group} for group in groups]
        assert [len(place) for place in places] == [1] * len(places)
        assert [max(place) for place in places] == sorted(set(level_of.values()), reverse=True)


@given(st.lists(st.frozensets(st.integers(0, 9)), min_size=1), st.integers(1, 6))
def test_those_with_most_of_the_words(words: Sequence[frozenset[int]], least: int) -> None:
    counts = {number: sum(number in works for works in words) for number in range(10)}
    most = max(counts.values())
    expected = {number for number, count in counts.items() if count == most >= least}
    assert set(with_most(BitMap(range(10)), [*map(BitMap, words)], least)) == expected


def test_the_first_come_first(size: int = 9) -> None:
    level = {8: BitMap([0, 1]), 1: BitMap([2, 3])}
    groups = ranked(BitMap(range(4)), [level], [BitMap([3, 1]), BitMap([3])], size)
    assert [list(group) for group in groups] == [[3], [1], [0], [2]]


@pytest.mark.parametrize("sort", ["title", "author"])
@pytest.mark.parametrize("query", ["", "online"])
def test_any_part_of_a_sorted_list_is_that_part_of_the_whole(
    small_release, monkeypatch: pytest.MonkeyPatch, sort: str, query: str
) -> None:
    works = Works(small_release.folder)
    choice = Choice(query, sort=sort)
    answer = works.find(choice)
    whole = works.page(answer, choice, 0, works.size)
    keys = [
        fold(work.title if sort == "title" else (work.authors or ("~",))[0]) or "~"
        for work in whole
    ]
    assert keys == sorted(keys) and len(whole) == len(answer)
    # as if a block held only a few
    (block,) = works._orders._blocks[f"by_{sort}"]
    ranks = {
        work.id: place
        for place, work in enumerate(works.page(works.find(Choice()), choice, 0, 999))
    }
    numbers = sorted(block, key=lambda n: ranks[works.numbered([n])[0].id])
    few = tuple(BitMap(numbers[start : start + 7]) for start in range(0, len(numbers), 7))
    monkeypatch.setitem(works._orders._blocks, f"by_{sort}", few)
    for offset in (0, 3, 7, 12):
        assert works.page(answer, choice, offset, 10) == whole[offset : offset + 10]


SPELT = {
    "labour": ("labor", "labour", "Labour's"),
    "behavioral": ("Behavioral", "behavioural"),
    "organisation": ("organization", "organisation", "Organizations"),
    "organiz": ("organization", "organised"),
    "data labeling": ("data labelling", "labeling data"),
    "centre": ("center", "centres"),
    '"labour process"': ("labor process", "Labour process"),
    "gig workers": ("gig workers", "A gig-worker"),
    "countries": ("Countries", "a country"),
    "woman": ("women", "woman"),
    "surveys": ("a survey", "survey data"),
    "analysis": ("analyses", "analysis"),
    "micro-workers": ("a microworker", "micro-workers", "micro worker"),
    "crowdsourcing": ("crowdsourcing", "crowd-sourcing", "Crowd sourcing"),
    "crowd-sourcing": ("crowdsourcing", "crowd-sourcing", "crowd sourcing"),
    "crowd sourcing": ("crowdsourcing", "crowd-sourcing", "sourcing from a crowd"),
    "ecommerce": ("e-commerce", "ecommerce"),
    "e-commerce": ("e-commerce", "ecommerce"),
    "micro-labor": ("microlabour", "micro-labour"),
    # incomplete words that a spelling rule would take for whole ones
    "outsour": ("outsourcing", "Outsource", "outsourced"),
    "global outsour": ("global outsourcing", "Global outsource"),
    "distres": ("distress",),
    "modell": ("modelling",),
}


@pytest.mark.parametrize("asked", SPELT)
def test_each_spelling_of_a_word_finds_them_all(tmp_path: Path, asked: str) -> None:
    titles = (*SPELT[asked], "organs and data of a Centaur")
    with with_scratch(tmp_path / "works.db") as base:
        write_words(base, [[(title,), (), (), ()] for title in titles])
    text = Text(Database(tmp_path / "works.db"), lambda phrase: BitMap())
    match = text.matching(parse(asked))
    assert (
        not match.interpretation.corrected
        and not match.interpretation.unknown
        and not match.interpretation.apart
    )
    assert match.works is not None and [*match.works] == [*range(len(SPELT[asked]))]
    for title in SPELT[asked]:
        assert any(is_asked for _, is_asked in marked(title, match.interpretation.phrases)), title
    without = text.matching(parse('-"Labour process"')).excluded
    assert {titles[number] for number in without} <= {"labor process", "Labour process"}
    assert len(without) == sum("process" in title for title in titles)


@pytest.mark.parametrize(
    "word", ["size", "prize", "hour", "source", "journal", "selling", "filled"]
)
def test_a_word_that_has_one_spelling_stands_for_itself(word: str) -> None:
    assert standard(word) == word


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("gig workers", [0, 1]),
        ('"gig workers"', [1]),
        ("gig -workers", [0, 2]),
        ("woods", [3]),
        ("services", []),
        ("What is known of gigs", [0, 1]),
        ("of the", [0]),
    ],
)
def test_words_are_read_for_what_they_say(tmp_path: Path, asked: str, found: Sequence[int]) -> None:
    texts = (
        ("Of the gig worker, as known", ""),
        ("Gig workers, known", ""),
        ("Chopping wood, a service", "Annals of gig and worker"),
        ("", "Woods"),
    )
    with with_scratch(tmp_path / "works.db") as base:
        write_words(base, [[(title,), (name,), (), ()] for title, name in texts])
    text = Text(Database(tmp_path / "works.db"), lambda phrase: BitMap())
    match = text.matching(parse(asked), ("services",))
    assert match.works is not None and [*match.works - match.excluded] == found


def test_a_misspelt_word_is_taken_for_one_that_is_written(tmp_path: Path) -> None:
    with with_scratch(tmp_path / "works.db") as base:
        write_words(base, [[("Citizens and citizenship",), (), (), ()]])
    text = Text(Database(tmp_path / "works.db"), lambda phrase: BitMap())
    assert text.matching(parse("citixens")).interpretation.corrected == {"citixens": "citizens"}
