"""Normal forms and IRIs."""

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oograph.graph import identifiers, iris
from oograph.graph.iris import IRIs
from oograph.graph.model import Name, Record
from oograph.ontology import BASE_IRI


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        pytest.param("10.1177/0950017018760136", "10.1177/0950017018760136", id="bare"),
        pytest.param("doi:10.1177/ABC", "10.1177/abc", id="scheme-and-case"),
        pytest.param("https://doi.org/10.1177/x.", "10.1177/x", id="resolver-and-full-stop"),
        pytest.param("http://dx.doi.org/10.1177/x", "10.1177/x", id="old-resolver"),
        pytest.param("https://doi.org/10.1002%2Fpoi3.111", "10.1002/poi3.111", id="escaped"),
        pytest.param("no doi here", "", id="none"),
    ],
)
def test_doi(given_text: str, expected: str) -> None:
    assert identifiers.normal_doi(given_text) == expected


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        pytest.param("978-1-4503-1899-0", "9781450318990", id="13"),
        pytest.param("ISBN 0-306-40615-2", "0306406152", id="10"),
        pytest.param("0-8044-2957-X", "080442957X", id="10-with-x"),
        pytest.param("978-1-4503-1899-1", "", id="13-wrong-check-digit"),
        pytest.param("0-306-40615-3", "", id="10-wrong-check-digit"),
    ],
)
def test_isbn(given_text: str, expected: str) -> None:
    assert identifiers.normal_isbn(given_text) == expected


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [("0378-5955", "0378-5955"), ("2434561X", "2434-561X"), ("0378-5956", ""), ("x", "")],
)
def test_issn(given_text: str, expected: str) -> None:
    assert identifiers.normal_issn(given_text) == expected


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        pytest.param("http://a.org/x y", "http://a.org/x%20y", id="space"),
        pytest.param("http://a.org/%41", "http://a.org/%41", id="escaped-stays"),
        pytest.param("http://a.org/50%", "http://a.org/50%25", id="lone-percent"),
        pytest.param("http://a.org/<x>", "http://a.org/%3Cx%3E", id="angle-brackets"),
        pytest.param("http://a.org/#x#y", "http://a.org/#x%23y", id="two-fragments"),
        pytest.param("javascript:alert(1)", "", id="javascript"),
        pytest.param("file:///etc/passwd", "", id="file"),
        pytest.param("www.a.org", "", id="no-scheme"),
    ],
)
def test_url(given_text: str, expected: str) -> None:
    assert identifiers.normal_url(given_text) == expected


@given(st.text())
def test_whatever_passes_as_url_is_an_iri_to_the_store(text: str) -> None:
    if url := identifiers.normal_url("http://a.org/" + text):
        ox.NamedNode(url)


@given(st.text())
def test_a_slug_is_one_segment_of_an_iri(text: str) -> None:
    found = iris.slug(text)
    assert found and set(found) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


@given(st.text())
def test_folding_is_idempotent(text: str) -> None:
    assert iris.fold(iris.fold(text)) == iris.fold(text)


@given(st.text(st.characters(max_codepoint=127)))
def test_ascii_is_folded_as_any_other_text_is(text: str) -> None:
    assert f"{iris.fold(text)} e".lstrip() == iris.fold(f"{text} é")


def test_publication_slug_leaves_small_words_out() -> None:
    title = "Understanding the development implications of online outsourcing"
    record = Record(title, authors=(Name("Malik", "F."),), issued=(2017,))
    assert iris.publication_slug(record) == "malik-2017-understanding-development-implications"


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        pytest.param(Record("The the"), "nd-the-the", id="only-small-words"),
        pytest.param(
            Record("Ünï", authors=(Name(literal="UNI Global Union"),)),
            "uni-global-union-nd-uni",
            id="corporate-author-no-year",
        ),
    ],
)
def test_publication_slug(record: Record, expected: str) -> None:
    assert iris.publication_slug(record) == expected


def test_mint_never_gives_what_is_taken() -> None:
    assert iris.Minter({"a", "a-2"}).mint("a") == "a-3"


def test_doi_iri_is_escaped() -> None:
    assert (
        IRIs().doi("10.1002/(sici)1<1::aid>3.0") == "https://doi.org/10.1002/(sici)1%3C1::aid%3E3.0"
    )


@pytest.mark.parametrize(
    ("iri", "kind"),
    [
        (f"{BASE_IRI}platform/upwork", "platform"),
        (f"{BASE_IRI}platform/", ""),
        (f"{BASE_IRI}platform", ""),
        (f"{BASE_IRI}platform/a/b", ""),
        ("https://example.org/platform/upwork", ""),
    ],
)
def test_the_kind_of_a_thing(iri: str, kind: str) -> None:
    assert IRIs().kind(iri) == kind
