"""CURIEs and IRIs, each from the other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oograph.ontology import PREFIXES, Prefixes, prefixes


@given(prefix=st.sampled_from(sorted(PREFIXES)), local=st.text("abcXYZ09_-", max_size=8))
def test_a_curie_comes_back(prefix: str, local: str) -> None:
    assert PREFIXES.compress(PREFIXES.expand(f"{prefix}:{local}")) == f"{prefix}:{local}"


def test_the_longest_namespace_decides() -> None:
    nested = Prefixes({"a": "http://example.org/", "b": "http://example.org/b/"})
    assert nested.compress("http://example.org/b/c") == "b:c"
    assert nested.compress("urn:isbn:1") == "urn:isbn:1"


def test_an_unknown_prefix_is_an_error() -> None:
    with pytest.raises(KeyError):
        PREFIXES.expand("dct:title")


def test_the_ontology_follows_the_base() -> None:
    ours = prefixes("http://localhost:8000/")
    assert ours.expand("oo:year") == "http://localhost:8000/ontology#year"
    assert list(ours) == list(PREFIXES) and ours["skos"] == PREFIXES["skos"]
