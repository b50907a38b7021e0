"""What abstracts say that works study: rules for running text, on sentences of our own."""

from __future__ import annotations

import re
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oograph.graph.catalogue import Catalogue
from oograph.graph.catalogue.merging import merge
from oograph.graph.csl import from_csl, to_csl
from oograph.graph.model import Facets, Reading, Record, Source
from oograph.graph.vocabulary.abstracts import load_abstract_reader
from oograph.graph.vocabulary.annotate import annotate
from oograph.graph.vocabulary.gazetteer import load_gazetteer

READER = load_abstract_reader()


def concepts(abstract: str, scheme: str = "") -> set[str]:
    return {r.concept for r in READER.read(abstract) if scheme in ("", r.scheme)}


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
    ],
)
def test_methods(abstract: str, expected: set[str]) -> None:
    assert concepts(abstract, "methods") == expected


@pytest.mark.parametrize("end", ["Keywords: ", "Acknowledgements. ", "© 2019 "])
def test_what_runs_on_behind_the_abstract_is_not_read(end: str) -> None:
    assert concepts(f"We study taxis. {end}Our data come from workers in Kenya.") == set()


def test_more_than_an_abstract_is_not_read() -> None:
    sentence = "We interviewed couriers. "
    assert concepts(sentence * 240) and not concepts(sentence * 241)


def test_the_place_is_of_the_text_without_markup_and_the_digest_too() -> None:
    (reading,) = READER.read("<jats:p>We   interviewed&#32;couriers.</jats:p>")
    text = "We interviewed couriers."
    assert text[reading.offset :].startswith(reading.matched_text)
    assert reading.digest == sha256(text.encode()).hexdigest()[:12]


@given(
    st.text(max_size=400)
    | st.lists(st.sampled_from("we in Kenya , ( such as Uber . data".split()), max_size=80).map(
        " ".join
    )
)
def test_any_text_is_read_and_never_a_sentence_kept(abstract: str) -> None:
    for reading in READER.read(abstract):
        assert len(reading.matched_text.split()) <= 6
        assert not re.search(r"[.!?] [A-Z]", reading.matched_text)


def reading(concept: str = "KE", digest: str = "a" * 12) -> Reading:
    return Reading("countries", concept, "country-of-study", "Kenya", 3, digest)


def test_readings_survive_the_catalogue_and_a_merge() -> None:
    one = Record("A title", readings=(reading(),))
    other = Record("A title", readings=(reading(), reading("UG")))
    assert from_csl(to_csl(one)) == one
    assert merge([one, other]).readings == (reading(), reading("UG"))


def test_a_reading_is_inferred_after_what_the_title_names() -> None:
    gazetteer = load_gazetteer()
    (inference,) = annotate(Record("Riders", readings=(reading(),)), gazetteer)
    assert (inference.matched_in, inference.matched_text) == ("abstract", "Kenya")
    (inference,) = annotate(Record("Riders in Kenya", readings=(reading(),)), gazetteer)
    assert inference.matched_in == "title"
    assert annotate(Record("Riders", readings=(reading("XX"),)), gazetteer) == ()


def test_an_abstract_read_for_the_first_time_updates_a_known_entry_and_nothing_else() -> None:
    source = (Source("a.bib", "a", 1, digest="b" * 12),)
    plain = Record("Riders of the city at night", sources=source)
    catalogue = Catalogue().add([plain]).catalogue
    curated = catalogue
    brought = Record(
        plain.title, volume="9", facets=Facets(), sources=source, readings=(reading(),)
    )
    added = curated.add([brought])
    assert added.updated == (catalogue.works[0].id,)
    (work,) = added.catalogue.works
    assert (work.readings, work.volume) == ((reading(),), "")
    # what a curator took out of an abstract that is known stays out
    again = added.catalogue.add(
        [Record(plain.title, sources=source, readings=(reading(), reading("UG")))]
    )
    assert again.updated == ()
