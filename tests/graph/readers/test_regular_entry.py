"""A regular entry of BibTeX is read as bibtexparser reads it."""

import pytest
from bibtexparser.model import DuplicateFieldKeyBlock, Entry
from bibtexparser.splitter import Splitter
from hypothesis import given, settings
from hypothesis import strategies as st

from oograph.graph.readers.bibtex_syntax import regular_entry

MARKS = st.text(st.sampled_from('{}"\\@=,#\n ()%a1-é'), max_size=3)
VALUES = st.sampled_from(
    [
        *(
            "{Gig}",
            "{{Gig} at {W}ork}",
            "{{{Three}} deep}",
            "{{{{Four}}}}",
            "{}",
            "2019",
            "may",
            "ſept",
        ),
        *('"Quoted"', "{a, b = c}", '{an "inch"}', r"{\'{e} \& \o}", r"{a \\ b}", r"{\{x\}}"),
        *("{two\n lines}", "{me@example.org}", "{a @b{c}}", "jan # {x}", "1{2}", "{1}2", "{open"),
    ]
)
FIELDS = st.tuples(st.sampled_from(["title", "Year", "author+an:orcid", "a b", "{x}", ""]), VALUES)
TYPES = st.sampled_from(["article", "Misc", "comment", "string", "preamble", "Strings", "ärticle"])


@st.composite
def entries(draw: st.DrawFn) -> str:
    fields = draw(st.lists(FIELDS, max_size=4))
    comma = draw(st.sampled_from(["", ",", ",\n"]))
    text = f"@{draw(TYPES)}{{key,\n" + ",\n ".join(f"{n} = {v}" for n, v in fields) + comma + "}\n"
    place = draw(st.integers(0, len(text)))
    return text[:place] + draw(MARKS) + text[place:]


def facts(entry: Entry) -> tuple[object, ...]:
    fields = [(field.key, field.value) for field in entry.fields]
    return entry.entry_type, entry.key, fields, entry.raw


@settings(max_examples=500)
@given(entries())
def test_a_regular_entry_is_what_the_parser_reads(text: str) -> None:
    if regular := regular_entry(text):
        (block,) = Splitter(text).split().blocks
        inner = block.ignore_error_block if isinstance(block, DuplicateFieldKeyBlock) else block
        assert isinstance(inner, Entry) and facts(inner) == facts(regular)


@pytest.mark.parametrize("value", ["{Gig {W}ork}", "{{{x}}}", "2019", "may", r"{\'{e}}", '{a "b"}'])
def test_what_exports_write_is_regular(value: str) -> None:
    text = f"@Article{{k,\n  title = {value},\n}}"
    regular = regular_entry(f"\n{text}\n\n")
    assert regular and facts(regular) == ("article", "k", [("title", value)], text)


def test_what_is_not_closed_is_not_regular() -> None:
    for text in ("@a{k, " * 20_000, "@a{k, t = {" + "{" * 100_000, "@a{k, t = " + "1" * 100_000):
        assert regular_entry(text) is None
