"""The values of facets in the index of works, and why it finds a work."""

import re
from dataclasses import replace

import pytest

from oograph.graph.catalogue import Catalogue
from oograph.graph.index.hits import Reason, marked, reasons
from oograph.graph.index.profile import profile_of
from oograph.graph.index.related import related
from oograph.graph.index.search_query import parse
from oograph.graph.index.values import MANY
from oograph.graph.index.works import Choice, Works
from oograph.graph.index.works_index import NOT_STATED
from oograph.graph.model import Name, Record, Source
from oograph.graph.release.build import build


@pytest.fixture(scope="module")
def works(small_release) -> Works:
    return Works(small_release.folder)


def test_persons_are_listed_by_family_name(works) -> None:
    names = [entry.listed for entry in works.values.listing("author", "person/", 0, 100)]
    assert names == sorted(names, key=str.casefold)
    assert "Heeks, Richard" in names
    assert len(names) == works.values.count("author", "person/")


def test_letters_say_how_many_names_come_before(works) -> None:
    names = [entry.listed for entry in works.values.listing("author", "person/", 0, 100)]
    for letter, before in works.values.letters("author", "person/"):
        assert names[before].casefold().startswith(letter)
        assert before == 0 or not names[before - 1].casefold().startswith(letter)


def test_a_broader_value_has_the_narrower_ones_below_it(works) -> None:
    below = {entry.value for entry in works.values.below("countries", "southern-asia")}
    assert {"IN", "PK"} <= below
    above = [entry.value for entry in works.values.above("countries", "IN")]
    assert above[0] == "southern-asia" and "asia" in above


def test_evidence_counts_only_what_it_names(works) -> None:
    answer = works.find(Choice())
    for facet in ("countries", "platforms", "keywords", "methods"):
        counts = {
            evidence: {
                v.value: v.count
                for v in works.members.counts(answer.numbers, facet, evidence=evidence)
            }
            for evidence in ("", "stated", "inferred")
        }
        for value, count in counts[""].items():
            stated, inferred = (counts[e].get(value, 0) for e in ("stated", "inferred"))
            assert count == stated + inferred
            if value != NOT_STATED:
                choice = Choice(facets={facet: (value,)}, evidence="inferred")
                assert len(works.find(choice)) == inferred


def test_a_language_by_its_title_counts_as_inferred(tmp_path) -> None:
    german = Record("Crowdwork und die Zukunft der Arbeit", authors=(Name("Doe", "Ann"),))
    french = replace(german, title="Le travail sur les plateformes", language="fr")
    records = [
        replace(each, issued=(2020,), sources=(Source("a.bib", each.title, 1),))
        for each in (german, french, replace(german, title="Crowdsourcing"))
    ]
    Catalogue().add(records).catalogue.save(tmp_path / "catalogue")
    works = Works(build(tmp_path / "catalogue", tmp_path / "out").release.folder)
    assert [*map(len, works.members.of("language"))] == [1, 1]
    for tag, evidence, count in (("de", "inferred", 1), ("de", "stated", 0), ("fr", "stated", 1)):
        assert len(works.find(Choice(facets={"language": (tag,)}, evidence=evidence))) == count


@pytest.mark.parametrize("evidence", ["", "stated", "inferred"])
def test_every_count_is_that_of_the_list_it_leads_to(works, evidence) -> None:
    for facet in works.members.facets:
        for value in works.members.counts(works.find(Choice()).numbers, facet, evidence=evidence):
            if facet != "year":
                choice = Choice(facets={facet: (value.value,)}, evidence=evidence)
                assert value.count == len(works.find(choice)), (facet, value)


def test_values_that_are_many_are_counted_alike_one_by_one_and_by_bitmap(works) -> None:
    answer = works.find(Choice("online"))
    by_bitmap = {
        each.value: each.stated.intersection_cardinality(answer.numbers)
        for each in works.members._read("author")
    }
    counted = {value.value: value.count for value in works.members.counts(answer.numbers, "author")}
    assert counted == {value: count for value, count in by_bitmap.items() if count}


@pytest.mark.parametrize("evidence", ["", "stated", "inferred"])
@pytest.mark.parametrize("most", [1, 3, 10])
def test_of_the_most_frequent_values_none_is_missed(works, evidence, most) -> None:
    """Also if counting ends early, because the values left have fewer works."""
    for words in ("", "online", "work"):
        answer = works.find(Choice(words))
        for facet in works.members.facets:
            if facet in MANY:
                continue
            whole = works.members.counts(answer.numbers, facet, evidence)
            few = works.members.counts(answer.numbers, facet, evidence, most)
            highest = sorted((value.count for value in whole), reverse=True)
            assert sorted((value.count for value in few), reverse=True) == highest[:most]
            assert set(few) <= set(whole)


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("heeks", "author"),
        ("india", "countries"),
        ("asia", "countries"),
        ("odesk", "platforms"),
        ("qualitative", "methods"),
    ],
)
def test_a_work_that_is_found_has_the_word_where_it_says(works, words, place) -> None:
    choice = Choice(words)
    answer = works.find(choice)
    assert len(answer)
    places = set()
    for work in works.page(answer, choice, 0, 20):
        why = reasons(work, answer.interpretation.phrases, works.values)
        places |= {reason.place for reason in why}
        in_title = any(
            is_marked for _, is_marked in marked(work.title, answer.interpretation.phrases)
        )
        assert in_title or why, work.title
        for reason in why:
            assert any(
                is_marked for _, is_marked in marked(reason.name, answer.interpretation.phrases)
            )
    assert place in places


def test_the_pieces_of_a_marked_text_are_the_text(works) -> None:
    for text in ("", "Ärger mit Ärzten", "don't stop", "a b", "平台 work"):
        pieces = marked(text, parse('arzt stop a work "a b"').phrases)
        assert "".join(piece for piece, _ in pieces) == text


def test_a_profile_counts_what_the_list_of_its_works_counts(works) -> None:
    profile = profile_of(works, "countries", "southern-asia")
    assert profile
    answer = works.find(Choice(facets={"countries": ("southern-asia",)}))
    assert profile.entry.works == len(answer) == sum(map(sum, profile.years.values()))
    assert profile.inferred == sum(read for _, read in profile.years.values())
    for companions in profile.companions:
        for value in companions.values:
            having = works.members.having(companions.facet, value.value)
            assert having.intersection_cardinality(answer.numbers) == value.count
    # broader and narrower values are not companions
    own = next((c.values for c in profile.companions if c.facet == "countries"), ())
    assert not {"IN", "PK", "asia"} & {value.value for value in own}
    assert profile_of(works, "countries", "nowhere") is None


def test_the_parts_of_the_world_that_a_group_cuts_across_are_no_companions(works) -> None:
    profile = profile_of(works, "countries", "global-south")
    assert profile and "global-south" in works.values.groups
    own = [c for c in profile.companions if c.facet == "countries"]
    assert "asia" not in {value.value for each in own for value in each.groups}


def test_a_profile_tells_what_is_narrower_from_what_is_only_itself(works) -> None:
    for facet, value in (("countries", "asia"), ("keywords", "platform-work")):
        profile = profile_of(works, facet, value)
        assert profile
        own = set(profile.answer.numbers)
        for each in profile.narrower:
            own -= set(works.members.having(facet, each.value))
        assert profile.narrower and profile.within == profile.entry.works - len(own)


def test_a_profile_has_regions_apart_from_countries_and_kinds_from_platforms(works) -> None:
    profile = profile_of(works, "keywords", "platform-work")
    assert profile
    by_facet = {each.facet: each for each in profile.companions}
    countries, platforms = by_facet["countries"], by_facet["platforms"]
    assert countries.values and countries.groups and platforms.values and platforms.groups
    assert all(re.fullmatch("[A-Z]{2}", each.value) for each in countries.values)
    assert not any(re.fullmatch("[A-Z]{2}", each.value) for each in countries.groups)
    kinds = works.values.parents("platforms")
    assert {each.value for each in platforms.groups} <= kinds
    assert not {each.value for each in platforms.values} & kinds


def test_an_agents_other_names_are_those_its_works_write(works) -> None:
    entry = works.values.entry("author", "person/richard-heeks")
    assert entry and "Heeks, Richard" in entry.names


def test_related_works_share_something_and_are_others(works) -> None:
    id = "heeks-2018-home-based-work"
    near = related(works, id, 3)
    assert near and id not in {work.id for work in near}
    assert related(works, "no-such-work", 3) == []
    ((_, facets),) = works.indexed([id])
    own = {tuple(each[:2]) for each in facets}
    for work in near:
        ((_, others),) = works.indexed([work.id])
        assert own & {tuple(each[:2]) for each in others}


def test_a_name_finds_the_works_of_who_is_likely_the_person(shipped_release) -> None:
    works = Works(shipped_release.folder)
    named = works.values.entry("author", "person/vili-lehdonvirta")
    assert named
    answer = works.find(Choice(named.label, sort="relevance"))
    having = works.members.having("author", named.value)
    assert len(having) > 4 and having <= answer.numbers
    found = works.page(answer, Choice(named.label), 0, 100)
    why = {
        reason
        for work in found
        for reason in reasons(work, answer.interpretation.phrases, works.values)
    }
    assert Reason("likely author", named.label) in why
