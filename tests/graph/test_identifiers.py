"""The IRIs that a record's own identifiers have elsewhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oograph.graph.identifiers import isbn_urn, issn_urn, normal_isbn, orcid_iri, preprints
from oograph.graph.model import Record
from oograph.graph.targets import TARGETS


@pytest.mark.parametrize(
    ("isbn", "urn"),
    [
        ("080442957X", "urn:isbn:9780804429573"),
        ("0306406152", "urn:isbn:9780306406157"),
        ("9780306406157", "urn:isbn:9780306406157"),
        ("9780306406158", ""),
        ("a book", ""),
        ("", ""),
    ],
)
def test_a_book_has_one_urn_whichever_form_its_isbn_has(isbn: str, urn: str) -> None:
    assert isbn_urn(isbn) == urn


@given(st.from_regex(r"[0-9]{9}[0-9X]", fullmatch=True))
def test_the_urn_of_an_isbn_has_a_right_check_digit(isbn: str) -> None:
    urn = isbn_urn(isbn)
    assert bool(urn) == bool(normal_isbn(isbn))
    assert not urn or normal_isbn(urn.removeprefix("urn:isbn:"))


@pytest.mark.parametrize(
    ("issn", "urn"),
    [("0950-0170", "urn:issn:0950-0170"), ("0950-0171", ""), ("", "")],
)
def test_issn(issn: str, urn: str) -> None:
    assert issn_urn(issn) == urn


@pytest.mark.parametrize(
    ("orcid", "iri"),
    [
        ("0000-0002-1825-0097", "https://orcid.org/0000-0002-1825-0097"),
        ("0000-0002-1694-233x", "https://orcid.org/0000-0002-1694-233X"),
        ("0000000218250097", ""),
        ("Ana Lee", ""),
    ],
)
def test_orcid(orcid: str, iri: str) -> None:
    assert orcid_iri(orcid) == iri


ARXIV = "https://arxiv.org/abs/1701.00001"
SSRN = "https://ssrn.com/abstract=3266249"


@pytest.mark.parametrize(
    ("doi", "url", "expected"),
    [
        ("10.48550/arxiv.1701.00001", "", ((ARXIV, True),)),
        ("", "https://arxiv.org/abs/1701.00001", ((ARXIV, True),)),
        ("", "http://arxiv.org/pdf/1701.00001v3.pdf", ((ARXIV, True),)),
        ("", "https://www.arxiv.org/abs/1701.00001v2?context=cs", ((ARXIV, True),)),
        ("", "https://arxiv.org/abs/cs/0112017", (("https://arxiv.org/abs/cs/0112017", True),)),
        ("10.1145/1", "https://arxiv.org/abs/1701.00001", ((ARXIV, False),)),
        ("10.2139/ssrn.3266249", "", ((SSRN, True),)),
        ("", "https://papers.ssrn.com/sol3/papers.cfm?abstract_id=3266249", ((SSRN, True),)),
        ("", "https://ssrn.com/abstract=3266249", ((SSRN, True),)),
        ("10.2139/ssrn.3266249", "https://ssrn.com/abstract=3266249", ((SSRN, True),)),
        ("10.1093/1", "https://ssrn.com/abstract=3266249", ((SSRN, False),)),
        ("10.1145/1", "https://example.org/arxiv.org/abs/1701.00001", ()),
        ("", "https://arxiv.org/list/cs", ()),
        ("", "https://arxiv.org/abs/", ()),
        ("", "", ()),
    ],
)
def test_the_papers_on_arxiv_and_ssrn(
    doi: str, url: str, expected: tuple[tuple[str, bool], ...]
) -> None:
    assert preprints(Record("T", doi=doi, url=url)) == expected


@given(st.text(), st.text())
def test_no_text_makes_a_paper_of_another_form(doi: str, url: str) -> None:
    for iri, _ in preprints(Record("T", doi=doi, url=f"https://arxiv.org/abs/{url}")):
        assert TARGETS["arxiv"].has(iri)
