"""Scopes: the labelled titles, what the rules read, and what is wrong with an edited table."""

import csv
from collections import Counter
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oograph.graph.model import Facets, Record
from oograph.graph.vocabulary import load_vocabulary, tables
from oograph.graph.vocabulary.annotate import Inference
from oograph.graph.vocabulary.confidence import load_confidences
from oograph.graph.vocabulary.scope import (
    COLUMNS,
    check_scope_rules,
    infer_scope,
    is_out_of_scope,
    load_scope_rules,
)

FIXTURES = Path(__file__).parents[2] / "fixtures" / "scopes"
#: Where no rule fits, nothing is inferred: the label that agrees with it.
NOTHING = "out-of-scope"
GOOD = {
    "scope": "related",
    "field": "title",
    "pattern": "taxis?",
    "rule": "taxi",
    "why": "an example",
}


def scope_of(title: str, keywords: tuple[str, ...] = (), work_types: tuple[str, ...] = ()) -> str:
    facets = Facets(keywords=keywords, work_types=work_types)
    return slug_of(infer_scope(Record(title, facets=facets), load_scope_rules()))


def slug_of(inference: Inference | None) -> str:
    return inference.concept.rpartition("/")[2] if inference else NOTHING


def confidences() -> tables.Table:
    return tables.shipped_table("confidence.tsv", ("rules", "right", "cases"))


def labels(name: str, half: str) -> list[dict[str, str]]:
    with (FIXTURES / name).open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file, delimiter="\t") if row["half"] == half]


def read(row: dict[str, str]) -> Inference | None:
    """What the rules say of a labelled work."""
    keywords, work_types = (
        tuple(filter(None, row.get(name, "").split("|"))) for name in ("keywords", "work_types")
    )
    facets = Facets(keywords=keywords, work_types=work_types)
    record = Record(row["title"], original_title=row["original_title"], facets=facets)
    return infer_scope(record, load_scope_rules())


@pytest.mark.parametrize("half", ["tuning", "held out"])
def test_the_labelled_titles(half: str) -> None:
    rows = labels("labels.tsv", half)
    assert len(rows) == 60
    read_of = [(read(row), row["scope"]) for row in rows]
    right = [scope for inference, scope in read_of if slug_of(inference) == scope]
    assert len(right) >= 57
    sure = [(i, scope) for i, scope in read_of if i and i.is_sure]
    assert all(slug_of(inference) == scope for inference, scope in sure)


def test_how_often_a_rule_of_scope_is_right() -> None:
    """What ontology/confidence.tsv says is what the held-out titles say."""
    said, right = Counter[str](), Counter[str]()
    for row in (*labels("labels.tsv", "held out"), *labels("samples.tsv", "held out")):
        if inference := read(row):
            said[inference.rule] += 1
            right[inference.rule] += slug_of(inference) == row["scope"]
    names = {rule.name for rule in load_scope_rules().rules}
    groups = [row.get("rules").split("|") for row in confidences().rows]
    of_scope = [group for group in groups if names & set(group)]
    assert set(chain(*of_scope)) == names
    for group in of_scope:
        confidence = load_confidences()[group[0]]
        assert sum(right[rule] for rule in group) == confidence.right, group
        assert sum(said[rule] for rule in group) == confidence.cases, group


def test_a_rule_that_is_right_too_seldom_only_suggests_a_scope() -> None:
    rules = load_scope_rules()
    sure, unsure = (infer_scope(Record(title), rules) for title in ("Gig work", "On crowds"))
    assert sure and sure.is_sure
    assert unsure and not unsure.is_sure


@pytest.mark.parametrize(
    ("title", "scope"),
    [
        ("Coursiers à vélo: enquête sur les livreurs des plateformes", "platform-labour"),
        ("Why riders strike: app-based couriers in three cities", "platform-labour"),
        ("Picking winners in software crowdsourcing contests", "contests"),
        ("Relevance judgments from a crowd: agreement and cost", "instrument"),
        ("Recruiting survey research participants on MTurk", "instrument"),
        ("Crowdsourcing: a definition", "related"),
        ("Room prices after the arrival of Airbnb", "related"),
        ("Contestation in the gig economy", "platform-labour"),
        ("Management accounting in factories", NOTHING),
        ("", NOTHING),
    ],
)
def test_titles(title: str, scope: str) -> None:
    assert scope_of(title) == scope


def test_keywords_and_the_stated_type_of_work_are_read() -> None:
    assert scope_of("On trust", keywords=("Gig work",)) == "platform-labour"
    assert scope_of("On trust", work_types=("Online contestant specialist work",)) == (
        "platform-labour"
    )


def test_the_evidence_is_where_it_says() -> None:
    record = Record("A view", original_title="Die Sicht der Crowdworker")
    inference = infer_scope(record, load_scope_rules())
    assert inference
    text = getattr(record, inference.matched_in)
    assert text[inference.offset :].startswith(inference.matched_text) and inference.matched_text


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    scope_of(text, keywords=(text,))


@pytest.mark.parametrize("label", ["Out of scope", "out of scope"])
def test_a_curator_takes_a_work_out_of_what_is_published(label: str) -> None:
    vocabulary = load_vocabulary()
    assert is_out_of_scope(Record("Gig work", facets=Facets(scope=label)), vocabulary)
    assert not is_out_of_scope(Record("Gig work", facets=Facets(scope="Related")), vocabulary)
    assert not is_out_of_scope(Record("Gig work"), vocabulary)


@pytest.mark.parametrize(
    ("changed", "column", "words"),
    [
        ({"scope": "labour"}, "scope", "not a known scope"),
        ({"field": "abstract"}, "field", "not a known field"),
        ({"pattern": ""}, "pattern", "is empty"),
        ({"pattern": "(a"}, "pattern", "not a valid regular expression"),
        ({"with": "[b"}, "with", "not a valid regular expression"),
        ({"without": "{cars}"}, "without", "Not defined: {cars}"),
        ({"rule": ""}, "rule", "is empty"),
        ({"why": ""}, "why", "is empty"),
        (
            {"scope": "define", "field": "cars"},
            "field",
            "not a name in braces, or",
        ),
    ],
)
def test_what_is_wrong_with_a_rule_is_reported(
    tmp_path: Path, changed: dict[str, str], column: str, words: str
) -> None:
    path = tmp_path / "rules.tsv"
    row = GOOD | changed
    cells = (COLUMNS, [row.get(name, "") for name in COLUMNS])
    path.write_text("".join("\t".join(line) + "\n" for line in cells), encoding="utf-8")
    (problem,) = check_scope_rules(path)
    assert (problem.line, problem.property) == (2, column)
    assert words in problem.message
