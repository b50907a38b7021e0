"""Dates: every way to write one gives the same answer."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oograph.graph.dates import (
    best_date,
    is_undated,
    parse_date,
    publication_status,
    whole_month_and_day,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2019", (2019,)),
        ("2019-03", (2019, 3)),
        ("2019/03/01/", (2019, 3, 1)),
        ("2019-03-01T12:00:00Z", (2019, 3, 1)),
        ("2019//05", (2019,)),
        ("1 March 2019", (2019, 3, 1)),
        ("March 1st, 2019", (2019, 3, 1)),
        ("2019 Mar 1", (2019, 3, 1)),
        ("1. März 2019", (2019, 3, 1)),
        ("Déc. 2019", (2019, 12)),
        ("03/2019", (2019, 3)),
        ("Spring 2019", (2019,)),
        ("2019-21", (2019,)),
        ("2010-05/2012", (2010, 5)),
        ("May-June 2019", (2019, 5)),
        ("2018-2019", (2018,)),
        ("2013-02-30", (2013, 2)),
        ("c. 1995", (1995,)),
        ("[1995?]", (1995,)),
        ("1995~", (1995,)),
        ("2017a", (2017,)),
        ("2020.0", (2020,)),
        ("0000", ()),
        ("12345", ()),
        ("forthcoming", ()),
        ("", ()),
    ],
)
def test_dates(text: str, expected: tuple[int, ...]) -> None:
    assert parse_date(text) == expected


def test_month_and_day_beside_a_year() -> None:
    assert parse_date("2019", "March", "1") == (2019, 3, 1)
    assert parse_date("2019", "1 dec") == (2019, 12, 1)
    assert parse_date("2019", "04--06") == (2019, 4)
    assert parse_date("2019", "Spring") == (2019,)
    assert parse_date("2019-05", "March") == (2019, 5)


def test_the_first_year_counts_with_the_fullest_date_of_it() -> None:
    assert best_date(["2017", "2017/03/01/", "2018-01-01"]) == (2017, 3, 1)
    assert best_date(["", "n.d."]) == ()


@pytest.mark.parametrize(
    "text", ["forthcoming", "In press", "n.d.", "(n. d.)", "s.d.", "to appear"]
)
def test_what_has_no_date(text: str) -> None:
    assert is_undated(text) and not is_undated(f"{text} 2019")


def test_what_stands_in_a_dates_place_may_say_how_far_the_work_is() -> None:
    texts = ("Forthcoming", "(in press)", "To appear.", "n.d.", "2019", "in press 2019", "")
    assert [publication_status(text) for text in texts] == [
        *("forthcoming", "in press", "to appear"),
        *[""] * 4,
    ]


@pytest.mark.parametrize("text", ["Marketing", "Maybe", "Decision 3", "12", "March of progress"])
def test_words_that_begin_like_months_are_no_date(text: str) -> None:
    assert whole_month_and_day(text) == ()


FORMS = (
    "{:%Y-%m-%d}",
    "{:%Y/%m/%d}",
    "{:%d %B %Y}",
    "{:%B %d, %Y}",
    "{:%Y %b %d}",
    "{:%d. %b. %Y}",
)


@given(st.dates(date(1000, 1, 1), date(2999, 12, 31)), st.sampled_from(FORMS))
def test_any_day_in_any_form(day: date, form: str) -> None:
    assert parse_date(form.format(day)) == (day.year, day.month, day.day)


@given(st.text(max_size=300), st.text(max_size=20), st.text(max_size=20))
def test_any_text_gives_a_date_or_none(text: str, month: str, day: str) -> None:
    parts = parse_date(text, month, day)
    assert not parts or date(*(*parts, 1, 1)[:3])
