"""Records to CSL-JSON and back."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oograph.graph.csl import from_csl, to_csl
from oograph.graph.errors import MalformedItem
from oograph.graph.model import Facets, Name, Organisation, Record, Source

words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12).map(str.strip)
filled = words.filter(bool)
texts = st.lists(filled, max_size=3).map(tuple)
names = st.builds(Name, family=filled, given=words, particle=words, suffix=words) | st.builds(
    Name, literal=filled
)
authors = st.builds(
    lambda name, orcid: replace(name, orcid=orcid),
    names,
    st.sampled_from(["", "0000-0002-1825-0097"]),
)
facets = st.builds(
    Facets,
    record_types=texts,
    countries=texts,
    flag=words,
    sectors=texts,
    work_types=texts,
    platforms=texts,
    keywords=texts,
    organisations=st.lists(st.builds(Organisation, filled, words), max_size=2).map(tuple),
    methods=texts,
    access=words,
    year=st.none() | st.integers(1900, 2100),
)
sources = st.builds(
    Source,
    filled,
    filled,
    st.integers(1, 10**6),
    st.lists(st.tuples(filled, filled), max_size=2).map(tuple),
    words,
)
records = st.builds(
    Record,
    title=filled,
    type=st.sampled_from(["article-journal", "book", "document"]),
    id=words,
    authors=st.lists(
        st.builds(
            lambda name, orcid: replace(name, orcid=orcid),
            names,
            st.sampled_from(["", "0000-0002-1825-0097"]),
        ),
        max_size=3,
    ).map(tuple),
    version_of=texts,
    more_authors=st.booleans(),
    editors=st.lists(names, max_size=2).map(tuple),
    issued=st.sampled_from([(), (2017,), (2017, 3), (2017, 3, 1)]),
    container_title=words,
    publisher=words,
    volume=words,
    page=words,
    doi=words,
    isbn=st.sampled_from([(), ("9781450318990",), ("9781450318990", "0306406152")]),
    url=words,
    language=words,
    facets=facets,
    sources=st.lists(sources, max_size=2).map(tuple),
    agents=texts,
)


@given(records)
def test_round_trip(record: Record) -> None:
    assert from_csl(json.loads(json.dumps(to_csl(record)))) == record


def test_what_csl_has_a_variable_for_stands_there() -> None:
    record = Record(
        "T",
        type="paper-conference",
        id="x",
        authors=(Name("Cruz", "Ana", particle="de la"), Name(literal="UNI")),
        issued=(2017,),
        container_title="Proceedings",
        doi="10.1/x",
        facets=Facets(platforms=("Upwork",)),
    )
    assert to_csl(record) == {
        "id": "x",
        "type": "paper-conference",
        "title": "T",
        "container-title": "Proceedings",
        "DOI": "10.1/x",
        "author": [
            {"family": "Cruz", "given": "Ana", "non-dropping-particle": "de la"},
            {"literal": "UNI"},
        ],
        "issued": {"date-parts": [[2017]]},
        "custom": {"platforms": ["Upwork"]},
    }


def test_numbers_are_read_where_csl_allows_them() -> None:
    assert from_csl({"title": "T", "volume": 3}).volume == "3"


@pytest.mark.parametrize(
    ("item", "why"),
    [
        pytest.param({}, "no title", id="no-title"),
        pytest.param({"title": ["T"]}, '"title" must be text', id="title-a-list"),
        pytest.param({"title": "T", "author": "X"}, '"author" must be a list', id="author-a-text"),
        pytest.param({"title": "T", "author": ["X"]}, "must be an object", id="name-a-text"),
        pytest.param(
            {"title": "T", "issued": {"date-parts": [["x"]]}}, "date-parts", id="year-no-number"
        ),
        pytest.param([], "an item must be an object", id="not-an-object"),
    ],
)
def test_malformed_items_say_why(item: object, why: str) -> None:
    with pytest.raises(MalformedItem, match=why):
        from_csl(item)  # type: ignore[arg-type]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(
    st.dictionaries(st.sampled_from(["title", "author", "issued", "custom", "ISBN"]), json_values)
)
def test_no_json_raises_anything_else(item: dict[str, object]) -> None:
    try:
        from_csl(item)
    except MalformedItem:
        pass
