"""How often rules are right, and what follows from it: a statement, or a suggestion."""

from __future__ import annotations

from itertools import chain

import pytest

from oograph.graph.errors import InvalidVocabulary
from oograph.graph.model import Abstract, Facets, Reading, Record, Source
from oograph.graph.vocabulary import confidence, platform_work, tables
from oograph.graph.vocabulary.abstracts import load_abstract_reader
from oograph.graph.vocabulary.annotate import Inference, annotate
from oograph.graph.vocabulary.confidence import Confidence, load_confidences
from oograph.graph.vocabulary.gazetteer import load_gazetteer
from oograph.graph.vocabulary.platform_work import load_platform_work

BASE = "https://w3id.org/oograph/"


def inferred(record: Record) -> dict[str, Inference]:
    return {i.concept.removeprefix(BASE): i for i in annotate(record, load_gazetteer())}


def read(*readings: tuple[str, str, str]) -> Record:
    abstract = Abstract("a" * 12, "1", tuple(Reading(*r, "words", 3) for r in readings))
    return Record("A title", sources=(Source("a.bib", "a", 1, abstract=abstract),))


def test_every_rule_of_abstracts_and_platforms_is_measured() -> None:
    reader = load_abstract_reader()
    rules = {*reader.finders, *chain(*reader.judges.values())}
    names = {rule.name for rule in rules if rule.means != "nothing"} | {"topic-repeated"}
    names |= {rule for work in load_platform_work().values() for _, _, rule in work}
    assert names <= load_confidences().keys()
    for stem in ("platform-name", "country-name", "method-label", "topic-label"):
        assert {stem, f"{stem}-in-context"} <= load_confidences().keys()
    assert not {name for name in load_confidences() if name.endswith("-phrase")} - names


def test_no_rule_is_measured_twice() -> None:
    rows = tables.shipped_table("confidence.tsv", ("rules", "right", "cases")).rows
    names = [name for row in rows for name in row.get("rules").split("|")]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("right", "cases", "is_sure"), [(97, 100, True), (96, 100, False), (0, 1, False), (1, 1, True)]
)
def test_what_is_sure(right: int, cases: int, is_sure: bool) -> None:
    assert Confidence(right, cases).is_sure is is_sure


@pytest.mark.parametrize("row", ["a\t2\t1\tx", "a\t0\t0\tx", "a\tmany\t1\tx", "a\t-1\t1\tx"])
def test_a_wrong_row_is_said(row: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "table", lambda name: f"rules\tright\tcases\ton\n{row}\n")
    with pytest.raises(InvalidVocabulary) as error:
        confidence.load_confidences.__wrapped__()
    assert error.value.problems[0].line == 2


def test_a_case_with_a_name_only_suggests_a_case_study() -> None:
    title = "The dynamics of micro-task crowdsourcing: the case of Amazon MTurk"
    assert not inferred(Record(title))["method/case-study"].is_sure
    assert inferred(Record("Trust: a case study"))["method/case-study"].is_sure


def test_a_rule_that_is_right_too_seldom_suggests() -> None:
    inferences = inferred(
        read(("countries", "KE", "country-of-data"), ("topics", "reputation", "topic-repeated"))
    )
    assert inferences["country/KE"].is_sure
    assert not inferences["topic/reputation"].is_sure


def test_a_rule_that_nobody_measured_suggests() -> None:
    assert not inferred(read(("countries", "KE", "a-rule-of-old")))["country/KE"].is_sure


def test_a_sure_mention_counts_before_an_unsure_one() -> None:
    record = read(
        ("methods", "experiment", "experiment-phrase"), ("methods", "experiment", "survey-phrase")
    )
    assert inferred(record)["method/experiment"].rule == "survey-phrase"


def test_the_kind_of_work_follows_from_the_platform() -> None:
    inferences = inferred(Record("What workers earn on oDesk"))
    place = inferences["work-type/online-platform-work"]
    assert (place.is_sure, place.evidence) == (True, f"{BASE}platform/upwork")
    assert not inferences["work-type/online-client-determined-specialist-work"].is_sure
    assert not inferences["sector/professional-services"].is_sure


def test_it_follows_from_a_stated_platform_too_but_not_where_a_source_states_it() -> None:
    facets = Facets(platforms=("Uber",))
    assert "work-type/on-location-platform-work" in inferred(Record("Driving", facets=facets))
    stated = Facets(platforms=("Uber",), work_types=("Online platform work",))
    assert not [k for k in inferred(Record("Driving", facets=stated)) if k.startswith("work-type")]


def test_it_follows_where_only_the_kind_of_the_platforms_is_known() -> None:
    inferences = inferred(Record("Riders", facets=Facets(platforms=("Platforms for delivery",))))
    place = inferences["work-type/on-location-platform-work"]
    assert (place.is_sure, place.evidence) == (True, f"{BASE}platform/platforms-for-delivery")
    assert not inferences["sector/transport"].is_sure


def test_it_does_not_follow_from_a_suggested_platform() -> None:
    inferences = inferred(read(("platforms", "uber", "platform-data")))
    assert inferences.keys() == {"platform/uber"}


def test_a_table_of_platforms_names_what_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    table = "kind\twork_type\tsector\twhy\nplatforms-for-microtasks\tno-such-work\t\tx\n"
    monkeypatch.setattr(tables, "table", lambda name: table)
    with pytest.raises(InvalidVocabulary):
        platform_work.load_platform_work.__wrapped__(BASE)
