"""Outward IRIs: what a record's own identifiers are called where they come from."""

from __future__ import annotations

import re

from ..identity import normal_isbn, normal_issn
from ..model import Record
from .target import TARGETS

__all__ = ["isbn_urn", "issn_urn", "orcid_iri", "preprints"]

_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.(.+)", re.IGNORECASE)
_ARXIV_URL = re.compile(
    r"https?://(?:www\.|export\.)?arxiv\.org/(?:abs|pdf|html)/(.+)", re.IGNORECASE
)
_SSRN_DOI = re.compile(r"10\.2139/ssrn\.(\d+)", re.IGNORECASE)
_SSRN_URL = re.compile(
    r"https?://(?:www\.|papers\.)?ssrn\.com/(?:.*[?&]abstract(?:_id)?=|abstract=)(\d+)",
    re.IGNORECASE,
)


def isbn_urn(isbn: str) -> str:
    """The URN of an ISBN, in its form of 13 digits: a book has one IRI; "" for no ISBN (RFC 8254).

    >>> isbn_urn("080442957X")
    'urn:isbn:9780804429573'
    """
    if not normal_isbn(isbn):
        return ""
    if len(isbn) == 10:
        digits = "978" + isbn[:9]
        total = sum(int(d) * (3 if place % 2 else 1) for place, d in enumerate(digits))
        isbn = digits + str(-total % 10)
    return TARGETS["isbn"].space + isbn


def issn_urn(issn: str) -> str:
    """The URN of an ISSN; "" where the text is none (RFC 8254)."""
    return TARGETS["issn"].space + normal_issn(issn) if normal_issn(issn) else ""


def orcid_iri(orcid: str) -> str:
    """The IRI of an ORCID iD; "" where it is not of an iD's form."""
    iri = TARGETS["orcid"].space + orcid.upper()
    return iri if TARGETS["orcid"].has(iri) else ""


def preprints(record: Record) -> tuple[tuple[str, bool], ...]:
    """The IRIs of the record's arXiv and SSRN papers, each with whether it is the work itself.

    It is the work itself where the work has no DOI of another place; otherwise what a journal
    printed has an earlier version there.
    """
    found: dict[str, bool] = {}
    for name, by_doi, by_url in (("arxiv", _ARXIV_DOI, _ARXIV_URL), ("ssrn", _SSRN_DOI, _SSRN_URL)):
        from_doi = by_doi.fullmatch(record.doi)
        from_url = by_url.match(record.url)
        for match, itself in ((from_doi, True), (from_url, not record.doi)):
            if match is None:
                continue
            # without the number of the version: the paper, not one state of it
            local = re.sub(r"(?:v\d+)?(?:\.pdf)?(?:[?#].*)?/?$", "", match[1], flags=re.IGNORECASE)
            iri = TARGETS[name].space + local
            if TARGETS[name].has(iri):
                found[iri] = found.get(iri, False) or itself
    return tuple(sorted(found.items()))
