"""Meaning: the concepts and the years that a question names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oograph.graph.index.meaning import Meaning, meaning_of
from oograph.graph.index.works import Works


@pytest.fixture(scope="module")
def works(small_release) -> Works:
    return Works(small_release.folder)


def meant(works: Works, text: str) -> Meaning:
    return meaning_of(text, works.values, works.completions)


def values(works: Works, text: str) -> set[str]:
    return {concept.value for concept in meant(works, text).concepts}


def test_the_longest_name_is_meant_and_the_first_word_of_a_label_of_two(works) -> None:
    assert values(works, "qualitative, South Asia, since 2015") == {
        "qualitative-research",
        "southern-asia",
    }
    assert values(works, "Open Access Upwork") == {"open-access", "upwork"}


def test_what_names_nothing_is_left_but_for_small_words(works) -> None:
    meaning = meant(works, "the wages of India in 2014 zzz")
    assert (meaning.first_year, meaning.last_year) == (2014, 2014)
    assert "zzz" in meaning.rest and not {"the", "of", "in", "india", "2014"} & {*meaning.rest}


def test_a_word_does_not_stand_for_a_longer_label_that_goes_on_otherwise(works) -> None:
    assert values(works, "platforms") == set()


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("since 2015", (2015, None)),
        ("after 2015", (2016, None)),
        ("until 2020", (None, 2020)),
        ("before 2020", (None, 2019)),
        ("newer than 2022", (2023, None)),
        ("post-2020", (2021, None)),
        ("2015 onwards", (2015, None)),
        ("from 2015 to the present", (2015, None)),
        ("2015–now", (2015, None)),
        ("2015+", (2015, None)),
        ("2015 to knowledge", (2015, 2015)),
        ("older than 2015", (None, 2014)),
        ("from 2015 to 2018", (2015, 2018)),
        ("between 2015 and 2018", (2015, 2018)),
        ("2018-2015", (2015, 2018)),
        ("since 2015 until 2018", (2015, 2018)),
        ("in 2015", (2015, 2015)),
        ("the 3000 workers", (None, None)),
    ],
)
def test_years(works, text, years) -> None:
    meaning = meant(works, text)
    assert (meaning.first_year, meaning.last_year) == years
    assert not any(word.isdecimal() and years[0] for word in meaning.rest)


@given(text=st.text(max_size=60))
def test_any_text(works, text) -> None:
    meaning = meant(works, text)
    assert all(works.values.label(each.facet, each.value) for each in meaning.concepts)
