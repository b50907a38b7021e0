"""What abstracts say that works study: rules for running text, on sentences of our own."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oograph.graph.catalogue import Catalogue
from oograph.graph.csl import from_csl, to_csl
from oograph.graph.model import Abstract, Reading, Record, Source
from oograph.graph.resolution.merging import merge
from oograph.graph.vocabulary.abstracts import load_abstract_reader
from oograph.graph.vocabulary.annotate import annotate
from oograph.graph.vocabulary.gazetteer import load_gazetteer

READER = load_abstract_reader()


def readings(abstract: str) -> tuple[Reading, ...]:
    read = READER.read(abstract)
    return read.readings if read else ()


def concepts(abstract: str, scheme: str = "") -> set[str]:
    return {r.concept for r in readings(abstract) if scheme in ("", r.scheme)}


@pytest.mark.parametrize(
    ("abstract", "expected"),
    [
        ("We spoke with Uber drivers about their pay.", {"uber"}),
        ("Our analysis uses bids on projects posted on Freelancer.com.", {"freelancer"}),
        ("Platforms such as Uber and Lyft have grown. We ask why.", set()),
        ("Unlike Uber, the company we study hires its drivers.", set()),
        ("Many apps (e.g. Uber, Lyft) set the fares that our model explains.", set()),
        ("We collected labels through Amazon Mechanical Turk.", set()),
        ("Uber is large.", set()),
        ("We use a natural experiment at Freelancer when it changed its fees.", {"freelancer"}),
        ("We compare two cases: Topcoder, which is old, and a new one.", {"topcoder"}),
        ("We recruit Upwork freelancers to rate the pictures.", set()),
        ("Our corpus holds articles from Wikipedia and reviews.", set()),
    ],
)
def test_platforms(abstract: str, expected: set[str]) -> None:
    assert concepts(abstract, "platforms") == expected


@pytest.mark.parametrize(
    ("abstract", "expected"),
    [
        ("This paper looks at online freelancers in Kenya.", {"KE"}),
        ("Drawing on fieldwork in Nairobi, we describe riders.", {"KE"}),
        ("We use data from a Chinese delivery platform.", {"CN"}),
        ("This study was funded by a council in Norway.", set()),
        ("Our text data are German tweets.", set()),
        ("We interviewed start-ups in Silicon Valley.", set()),
        ("Half a million people move to France every year.", set()),
        ("We study vendors in India and their clients in the USA.", {"IN"}),
        ("Our data are from firms headquartered in the United States.", set()),
        ("The gig economy grows in the U.S. and other countries.", set()),
        ("We surveyed workers in developing countries.", {"global-south"}),
        ("Our case study is a firm at the heart of Chinese industry.", {"CN"}),
        ('One of the queries is "films that we shot in England".', set()),
        ("We translated the survey into Bengali and Portuguese.", set()),
    ],
)
def test_countries(abstract: str, expected: set[str]) -> None:
    assert concepts(abstract, "countries") == expected


@pytest.mark.parametrize(
    ("abstract", "expected"),
    [
        ("We interviewed couriers at their stands.", {"interview-study"}),
        ("It rests on 21 semi-structured interviews.", {"interview-study"}),
        ("A survey of 312 workers shows this.", {"survey"}),
        ("A difference-in-differences design gives the effect.", {"difference-in-differences"}),
        ("We performed experiments on three benchmark algorithms.", set()),
        ("Future research may use semi-structured interviews.", set()),
        ("We used propensity score matching.", {"econometric-analysis"}),
        ("A fuzzy-set qualitative comparative analysis follows.", set()),
        ("The journal has themes such as pricing and grounded theory development.", set()),
        ("It is infeasible to run online experiments.", set()),
    ],
)
def test_methods(abstract: str, expected: set[str]) -> None:
    assert concepts(abstract, "methods") == expected


@pytest.mark.parametrize("end", ["Keywords: ", "Acknowledgements. ", "© 2019 "])
def test_what_runs_on_behind_the_abstract_is_not_read(end: str) -> None:
    assert concepts(f"We study markets. {end}Our data come from workers in Kenya.") == set()


def test_more_than_an_abstract_is_not_read() -> None:
    sentence = "We interviewed couriers. "
    assert concepts(sentence * 240) and not concepts(sentence * 241)


def test_a_topic_is_read_where_it_is_named_three_times() -> None:
    twice = "Reputation matters. We ask how reputation is built."
    assert concepts(twice, "topics") == set()
    assert concepts(f"{twice} Reputation pays.", "topics") == {"reputation"}


@pytest.mark.parametrize(
    ("abstract", "expected"),
    [
        ("We study ridesharing drivers.", {"on-location-platform-determined-routine-work"}),
        ("We study online labor markets.", {"online-platform-work"}),
        (
            "We study online labor markets and their freelancers.",
            {"online-client-determined-specialist-work"},
        ),
        ("We study markets such as online labor markets.", set()),
    ],
)
def test_of_two_types_of_work_the_narrower_is_read(abstract: str, expected: set[str]) -> None:
    assert concepts(abstract, "work-types") == expected


def test_it_is_not_information_technology() -> None:
    assert concepts("We ask whether it projects on a platform.", "work-types") == set()
    assert concepts("We ask about IT projects on a platform.", "work-types") == {
        "online-client-determined-specialist-work"
    }


def test_a_list_of_names_costs_no_more_than_a_sentence_may() -> None:
    judged = []

    class Counting(type(READER)):  # type: ignore[misc]
        def _judge(self, scheme: str, plain: str, marked: str) -> None:
            judged.append(scheme)

    parts = {field.name: getattr(READER, field.name) for field in fields(READER)}
    Counting(**parts).read("Uber, " * 900)
    assert len(judged) == 50


def test_the_place_is_of_the_text_without_markup_and_the_digest_too() -> None:
    read = READER.read("<jats:p>We   interviewed&#32;people.</jats:p>")
    text = "We interviewed people."
    assert read and read.digest == sha256(text.encode()).hexdigest()[:12]
    (reading,) = read.readings
    assert text[reading.offset :].startswith(reading.matched_text)


@given(
    st.text(max_size=400)
    | st.lists(st.sampled_from("we in Kenya , ( such as Uber . data".split()), max_size=80).map(
        " ".join
    )
)
def test_any_text_is_read_and_never_a_sentence_kept(abstract: str) -> None:
    for reading in readings(abstract):
        assert len(reading.matched_text.split()) <= 6
        assert not re.search(r"[.!?] [A-Z]", reading.matched_text)


def read(*concepts: str, rules: str = "1", digest: str = "a" * 12) -> Abstract:
    rule = "country-of-data"
    return Abstract(
        digest, rules, tuple(Reading("countries", c, rule, "Kenya", 3) for c in concepts)
    )


def record(abstract: Abstract | None, title: str = "Riders", key: str = "a") -> Record:
    source = Source("a.bib", key, 1, digest="b" * 12, abstract=abstract)
    return Record(title, sources=(source,))


def test_what_was_read_survives_the_catalogue_and_a_merge() -> None:
    one, other = record(read("KE")), record(read("KE", "UG"), key="b")
    assert from_csl(to_csl(one)) == one
    abstracts = [source.abstract for source in merge([one, other]).sources]
    assert abstracts == [read("KE"), read("KE", "UG")]


def test_a_reading_is_inferred_after_what_the_title_names() -> None:
    gazetteer = load_gazetteer()
    (inference,) = annotate(record(read("KE")), gazetteer)
    assert (inference.matched_in, inference.matched_text) == ("abstract", "Kenya")
    (inference,) = annotate(record(read("KE"), "Riders in Kenya"), gazetteer)
    assert inference.matched_in == "title"
    assert annotate(record(read("XX")), gazetteer) == ()


def imported(known: Abstract | None, brought: Abstract | None) -> Abstract | None:
    """What is left of an abstract when its entry, which has not changed, is imported again."""
    catalogue = Catalogue().add([record(known)]).catalogue
    (work,) = catalogue.add([replace(record(brought), volume="9")]).catalogue.works
    assert work.volume == ""
    return work.sources[0].abstract


def test_an_abstract_is_read_again_by_other_rules_only() -> None:
    assert imported(None, read("KE")) == read("KE")
    # what a curator took out stays out
    assert imported(read(), read("KE")) == read()
    assert imported(read("KE"), read("UG", rules="2")) == read("UG", rules="2")
    assert imported(read("KE"), read("UG", digest="c" * 12)) == read("UG", digest="c" * 12)
    assert imported(read("KE"), None) == read("KE")
