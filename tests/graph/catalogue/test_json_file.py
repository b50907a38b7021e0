"""The items of an array, one at a time: those that Python's own reader finds, and their lines."""

import json
from io import BytesIO
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oograph.graph.catalogue.json_file import items
from oograph.graph.errors import BrokenCatalogue

PATH = Path("cat/works.json")
# what no XML document can hold is another test's: here no character needs an escape
TEXTS = st.text(
    st.characters(min_codepoint=32, max_codepoint=0xD7FF)
    | st.sampled_from(["\ue000", "\ufffd", "😀"])
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
SPACE = st.text(" \t\r\n", max_size=3)


@given(st.lists(st.tuples(SPACE, VALUES, SPACE)), st.sampled_from([None, 1]), st.integers(1, 9))
def test_items_are_those_of_the_whole(parts, indent, window) -> None:
    written = [
        (before, json.dumps(value, ensure_ascii=False, indent=indent), after)
        for before, value, after in parts
    ]
    text = f"\n[{','.join(map(''.join, written))} ]\n"
    with patch("oograph.graph.catalogue.json_file._WINDOW", window):
        read = list(items(BytesIO(text.encode()), PATH))
    assert [item.value for item in read] == json.loads(text) == [value for _, value, _ in parts]
    assert [item.number for item in read] == list(range(1, len(parts) + 1))
    line = 2
    for item, (before, value, after) in zip(read, written, strict=True):
        assert item.line == line + before.count("\n")
        line += (before + value + after).count("\n")


@given(st.text('[]{},:"\\1au \n\ufeff\u00a0', max_size=12), st.sampled_from([1, 3, 2**20]))
def test_what_is_no_array_is_refused(text, window) -> None:
    try:
        whole = json.loads(text)
    except ValueError:
        whole = None
    with patch("oograph.graph.catalogue.json_file._WINDOW", window):
        if isinstance(whole, list):
            assert [item.value for item in items(BytesIO(text.encode()), PATH)] == whole
        else:
            with pytest.raises(BrokenCatalogue):
                list(items(BytesIO(text.encode()), PATH))
