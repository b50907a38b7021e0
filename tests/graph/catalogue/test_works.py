"""The file of works is what Python's own JSON writer makes of them."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from oograph.graph.catalogue.works import _lines, format_works

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda values: st.lists(values, max_size=4) | st.dictionaries(TEXT, values, max_size=4),
)


@given(JSON)
def test_lines_are_those_of_json(value: Any) -> None:
    assert _lines(value, "\n") == json.dumps(value, ensure_ascii=False, indent=1)


def test_no_works_are_an_empty_array() -> None:
    assert b"".join(format_works([])) == b"[]\n"
