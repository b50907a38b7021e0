"""docs/questions.md answers the questions that are there, and each question's needs are real."""

import re
from pathlib import Path

from oograph.ontology import PREFIXES, questions

PAGE = Path(__file__).parents[1] / "docs" / "questions.md"


def test_the_page_answers_every_question() -> None:
    headings = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line[:3] == "## "]
    asked = [f"## {q.name.partition('-')[0]} {q.words}" for q in questions()]
    assert headings == ["## How much is known", *asked]


def test_the_page_says_which_queries_stop_before_the_last_row() -> None:
    sections = PAGE.read_text(encoding="utf-8").split("\n## ")[2:]
    stopped = {}
    for section, question in zip(sections, questions(), strict=True):
        limit = re.search(r"\bLIMIT (\d+)\s*\Z", question.query)
        more = re.search(r"^… and ([\d,]+) more rows?(.*)\.$", section, re.MULTILINE)
        if limit and more and int(more[1]) + 10 == int(limit[1]):
            stopped[question.name] = more[2] == f"; the query asks for the first {limit[1]} only"
        elif more:
            assert not more[2], question.name
    assert stopped and all(stopped.values()), stopped


def test_what_a_question_needs_is_in_its_query() -> None:
    for question in questions():
        assert question.needs, question.name
        body = question.query.partition("\n\n")[2]
        for curie in question.needs:
            assert curie in body and PREFIXES.expand(curie), question.name
