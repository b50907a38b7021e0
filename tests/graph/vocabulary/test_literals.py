"""A text without any of a pattern's literals is one that the pattern does not match."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oograph.graph.vocabulary.abstracts import load_abstract_reader
from oograph.graph.vocabulary.literals import folded, literals_of

RULES = load_abstract_reader().finders


@pytest.mark.parametrize(
    ("pattern", "literals"),
    [
        (r"\bfield experiments?\b", {"field experiment"}),
        (r"(?:diff[- ]in[- ]diff)", {"diff"}),
        (r"(?:audit|correspondence) stud(?:y|ies)", {"audit", "correspondence"}),
        (r"(?-i:IT) teams", {" teams"}),
        (r"(?:ab|)c?", set()),
        (r"(?:ab)*|x", set()),
        (r"(?:ab){2,}[xyz]", {"ab"}),
        (r"\w+|\d", set()),
        (r"é", set()),
        ("", set()),
    ],
)
def test_literals(pattern: str, literals: set[str]) -> None:
    assert literals_of(re.compile(pattern, re.IGNORECASE)) == literals


@settings(max_examples=500)
@given(st.data())
def test_every_match_has_a_literal(data: st.DataObject) -> None:
    rule = data.draw(st.sampled_from(RULES))
    text = data.draw(st.from_regex(rule.pattern))
    assert rule.pattern.search(text)
    assert any(literal in folded(text) for literal in rule.literals)


@given(st.text(st.sampled_from("survey ſurveyıİKkelvn experiment"), max_size=30))
def test_case_as_re_ignores_it(text: str) -> None:
    for pattern in ("survey", "kelvin", "experiment", "i"):
        if re.search(pattern, text, re.IGNORECASE):
            assert pattern in folded(text)
