"""The language of a work by its title: how often that is right, and when it stays unknown."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oograph.graph.catalogue import Catalogue, default_folder
from oograph.graph.languages import LANGUAGES, language_tag
from oograph.graph.model import Record
from oograph.graph.vocabulary.confidence import load_confidences
from oograph.graph.vocabulary.title_language import RULE, language_of_title


def tag_of(title: str, original: str = "") -> str:
    language = language_of_title(Record(title, original_title=original))
    return language.tag if language else ""


def stated() -> Iterator[tuple[str, str]]:
    """The languages that the shipped catalogue states, each with what the title says."""
    for work in Catalogue.read(default_folder()).works:
        if work.language:
            yield work.language, tag_of(work.title, work.original_title)


def test_the_languages_that_sources_state_are_those_of_the_titles() -> None:
    cases = list(stated())
    answered = [(language, tag) for language, tag in cases if tag]
    assert sum(language == tag for language, tag in answered) >= 0.97 * len(answered)
    assert len(answered) >= 0.85 * len(cases)
    others = [(language, tag) for language, tag in cases if language != "en"]
    assert sum(language == tag for language, tag in others) >= 0.85 * len(others) > 40


def test_the_rule_is_measured_and_sure() -> None:
    assert load_confidences()[RULE].is_sure


@pytest.mark.parametrize(
    ("title", "tag"),
    [
        ("Il lavoro su piattaforma in Italia: i rider e i loro diritti", "it"),
        ("De platformeconomie en de positie van werkenden", "nl"),
        ("Praca platformowa w Polsce: wyzwania dla prawa pracy", "pl"),
        ("Platform çalışanlarının hakları", "tr"),
    ],
)
def test_languages_that_the_catalogue_does_not_have(title: str, tag: str) -> None:
    assert tag_of(title) == tag


@pytest.mark.parametrize("title", ["Crowdsourcing", "Human Computation", "Uber", "", "2017", "?!"])
def test_a_title_that_says_too_little_leaves_it_open(title: str) -> None:
    assert tag_of(title) == ""


def test_a_translated_title_is_not_read_where_the_original_is_there() -> None:
    english = "Platform economy and the Swedish model of industrial relations"
    assert tag_of(english) == "en"
    assert tag_of(english, "Plattformsekonomin och den svenska partsmodellen") == "sv"


def test_no_more_than_a_title_is_read() -> None:
    english = "Workers on digital platforms and what they earn by their work " * 8
    assert tag_of(english + "und die Zukunft der Arbeit " * 10_000) == "en"


@given(st.text(max_size=300))
@settings(deadline=None)
def test_any_text_has_a_tag_that_a_record_may_name_or_none(title: str) -> None:
    assert tag_of(title) in {"", *(language_tag(name) for name in LANGUAGES)}
