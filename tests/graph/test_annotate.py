"""What titles name, and what they only seem to name."""

import pytest

from oograph.graph.annotate import Gazetteer, annotate
from oograph.graph.model import Facets, Record
from oograph.graph.vocabulary import load_vocabulary

GAZETTEER = Gazetteer.of(load_vocabulary())


def named(title: str, scheme: str) -> set[str]:
    found = annotate(Record(title), GAZETTEER)
    return {i.concept.rsplit("/", 1)[1] for i in found if i.scheme == scheme}


@pytest.mark.parametrize(
    ("title", "scheme", "expected"),
    [
        pytest.param("Uber drivers in Nairobi", "platforms", {"uber"}, id="platform"),
        pytest.param("What workers earn on oDesk", "platforms", {"upwork"}, id="former-name"),
        pytest.param(
            "Using amazon’s Mechanical Turk",
            "platforms",
            {"amazon-mechanical-turk"},
            id="apostrophe",
        ),
        pytest.param("Uberisation of work", "platforms", set(), id="uber-inside-a-word"),
        pytest.param("The Uber-economy", "platforms", set(), id="uber-as-prefix"),
        pytest.param("The guru of management", "platforms", set(), id="guru-the-noun"),
        pytest.param("Guru or novice? Expertise online", "platforms", set(), id="guru-in-front"),
        pytest.param(
            "Prolific authors and their fame", "platforms", set(), id="prolific-adjective"
        ),
        pytest.param("Freelancer wellbeing", "platforms", set(), id="freelancer-the-noun"),
        pytest.param("Bidding on Freelancer.com", "platforms", {"freelancer"}, id="freelancer.com"),
        pytest.param("Crowd work in Kenya and India", "countries", {"KE", "IN"}, id="countries"),
        pytest.param("Online work in South Korea", "countries", {"KR"}, id="usual-name"),
        pytest.param(
            "Closure of Booking.com in Turkey", "countries", {"TR"}, id="turkey-the-country"
        ),
        pytest.param("Turkey farming by contract", "countries", set(), id="turkey-the-bird"),
        pytest.param("Jordan on labour", "countries", set(), id="jordan-the-author"),
        pytest.param("Indiana and its workers", "countries", set(), id="india-inside-a-word"),
        pytest.param("Digital labour marketplaces", "topics", {"digital-labour"}, id="topic"),
        pytest.param("The Gig-Economy", "topics", {"gig-economy"}, id="hyphen-for-space"),
        pytest.param("A survey of crowd workers", "methods", {"survey"}, id="method"),
    ],
)
def test_titles(title: str, scheme: str, expected: set[str]) -> None:
    found = named(title, scheme)
    assert found >= expected if scheme == "topics" else found == expected


def test_the_evidence_is_where_it_says() -> None:
    title = "What workers earn on oDesk"
    (found,) = [i for i in annotate(Record(title), GAZETTEER) if i.scheme == "platforms"]
    assert title[found.offset :][: len(found.matched_text)] == found.matched_text == "oDesk"
    assert (found.rule, found.matched_in) == ("platforms-label-in-title", "title")


def test_a_keyword_that_names_a_platform() -> None:
    record = Record("T", facets=Facets(keywords=("amazon mechanical turk", "income")))
    (found,) = annotate(record, GAZETTEER)
    assert found.concept.endswith("platform/amazon-mechanical-turk")
    assert found.rule == "platforms-label-is-keyword"
