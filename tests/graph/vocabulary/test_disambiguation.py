"""The table of disambiguation rules: the shipped one, and what is wrong with an edited one."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oograph.graph.model import Problem
from oograph.graph.vocabulary import load_vocabulary
from oograph.graph.vocabulary.disambiguation import COLUMNS, Rules, check_rules
from oograph.graph.vocabulary.gazetteer import Gazetteer, load_gazetteer
from oograph.graph.vocabulary.tables import has_columns, parse_table

GOOD = {"scheme": "platforms", "labels": "Uber", "means": "nothing", "why": "an example"}


def text(*rows: dict[str, str]) -> str:
    lines = (COLUMNS, *([row.get(column, "") for column in COLUMNS] for row in rows))
    return "".join("\t".join(line) + "\n" for line in lines)


def problems(tmp_path: Path, *rows: dict[str, str]) -> tuple[Problem, ...]:
    path = tmp_path / "rules.tsv"
    path.write_text(text(*rows), encoding="utf-8")
    return check_rules(path)


@pytest.mark.parametrize(
    ("changed", "column", "words"),
    [
        ({"scheme": "platform"}, "scheme", "not a known scheme"),
        ({"scheme": ""}, "scheme", "not a known scheme"),
        ({"labels": "Uper", "means": "itself"}, "labels", "no label Uper"),
        ({"labels": "Uber|", "means": "itself"}, "labels", "A label is missing"),
        ({"labels": ""}, "labels", "A label is missing"),
        ({"labels": "{cities}"}, "labels", "Not defined: {cities}"),
        ({"means": "uper"}, "means", "no concept with this slug"),
        ({"means": ""}, "means", "no concept with this slug"),
        ({"scheme": "*", "labels": "*", "means": "uber"}, "means", "no concept with this slug"),
        ({"before": "(on|via "}, "before", "not a valid regular expression"),
        ({"before": "on |via)|("}, "before", "not a valid regular expression"),
        ({"after": "a{cities}"}, "after", "Not defined: {cities}"),
        ({"around": "[a-"}, "around", "not a valid regular expression"),
        ({"why": ""}, "why", "reason is missing"),
        ({"why": "an\texample"}, "", "more cells"),
        (
            {"scheme": "define", "labels": "cities"},
            "labels",
            "not a name in braces, or",
        ),
        (
            {"scheme": "define", "labels": "{country}"},
            "labels",
            "not a name in braces, or",
        ),
        ({"scheme": "define", "labels": "{cities}", "means": "("}, "means", "regular expression"),
        (
            {"scheme": "define", "labels": "{cities}", "means": ""},
            "means",
            "definition of the name is",
        ),
    ],
)
def test_what_is_wrong_with_a_rule_is_reported(
    tmp_path: Path, changed: dict[str, str], column: str, words: str
) -> None:
    (problem,) = problems(tmp_path, GOOD, GOOD | changed)
    assert (problem.file, problem.line) == (str(tmp_path / "rules.tsv"), 3)
    assert problem.property == column and words in problem.message and problem.remedy


def test_a_file_that_is_not_a_table_of_rules_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "rules.tsv"
    path.write_text("scheme\tlabels\n", encoding="utf-8")
    (problem,) = check_rules(path)
    assert "no column means" in problem.message and problem.line == 1
    assert not has_columns(path, COLUMNS)


def test_a_defined_name_stands_for_its_words(tmp_path: Path) -> None:
    vocabulary = load_vocabulary()
    rows = (
        {"scheme": "define", "labels": "{rides}", "means": "taxi|ride", "why": "an example"},
        GOOD | {"after": " {rides}s?"},
    )
    rules = Rules.of(parse_table(text(*rows), "rules.tsv", COLUMNS), vocabulary)
    gazetteer = Gazetteer.of(vocabulary, rules)
    assert rules.problems == ()
    assert not [m for m in gazetteer.mentions("Uber rides at night") if m.scheme == "platforms"]
    assert [m for m in gazetteer.mentions("Uber at night") if m.scheme == "platforms"]


def test_the_gazetteer_is_made_once() -> None:
    assert load_gazetteer("http://localhost/") is load_gazetteer("http://localhost/")


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    rows=st.lists(
        st.fixed_dictionaries(
            {
                column: st.sampled_from(("", "*", "define", "{x}", "itself", "Uber|", "[", "("))
                | st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=8)
                for column in COLUMNS
            }
        ),
        max_size=3,
    )
)
def test_no_content_makes_the_reader_raise(tmp_path: Path, rows: list[dict[str, str]]) -> None:
    for problem in problems(tmp_path, *rows):
        assert problem.message and problem.remedy
