"""Identifiers: parse and check DOI, ISBN, ISSN, ORCID iD, arXiv, SSRN, handle and URL; make IRIs.

python-stdnum verifies the check digits. Each ``normal_*`` returns the form in which we keep an
identifier, or "" if the text has none; each ``*_iri`` and ``*_urn`` returns the IRI that its
registry uses.
"""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

from stdnum import isbn as _isbn
from stdnum import issn as _issn
from stdnum.iso7064 import mod_11_2

from .model import Record
from .targets import TARGETS

DOI_RESOLVER = "https://doi.org/"

#: The form of an ORCID iD, as a regular expression without groups; the check digit may be wrong.
ORCID = r"\b[0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9Xx]\b"
#: The form of an arXiv identifier in lower case without its version, also without groups.
ARXIV = r"(?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z-]+)?/\d{7})"

_DOI = re.compile(r"10\.\d{4,9}/\S+", re.IGNORECASE)
_DOI_URL = re.compile(r"https?://(?:dx\.|www\.)?doi\.org/", re.IGNORECASE)
_ORCID = re.compile(ORCID, re.ASCII)
_ARXIV = re.compile(rf"(?:arxiv:)?({ARXIV}(?:v\d+)?)", re.IGNORECASE)
_HANDLE = re.compile(r"(?:hdl:)?(\d+(?:\.\d+)*/\S+)", re.IGNORECASE)
_SSRN = re.compile(r"(?:ssrn:)?([1-9]\d*)", re.IGNORECASE)
#: BibLaTeX's name of an archive, or "" if none is given -> (the form of its numbers, its IRIs).
_ARCHIVES = {
    "": (_ARXIV, TARGETS["arxiv"].space),
    "arxiv": (_ARXIV, TARGETS["arxiv"].space),
    "hdl": (_HANDLE, "https://hdl.handle.net/"),
    "ssrn": (_SSRN, TARGETS["ssrn"].space),
}
#: Spaces, and hyphens and dashes as people type them and typesetters set them.
_DASHES = re.compile(r"[\s‐-―-]")
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.(.+)", re.IGNORECASE)
_ARXIV_URL = re.compile(
    r"https?://(?:www\.|export\.)?arxiv\.org/(?:abs|pdf|html)/(.+)", re.IGNORECASE
)
_SSRN_DOI = re.compile(r"10\.2139/ssrn\.(\d+)", re.IGNORECASE)
_SSRN_URL = re.compile(
    r"https?://(?:www\.|papers\.)?ssrn\.com/(?:.*[?&]abstract(?:_id)?=|abstract=)(\d+)",
    re.IGNORECASE,
)
#: Characters that an IRI's path, query and fragment may contain unescaped (RFC 3987), and "%".
_IRI_SAFE = "%/:?#[]@!$&'()*+,;=~-._"


def normal_doi(text: str) -> str:
    """The DOI in ``text`` (bare, with "doi:", or as any resolver's URL) in lower case; "" if none.

    >>> normal_doi("http://dx.doi.org/10.1177/0950017018760136.")
    '10.1177/0950017018760136'
    >>> normal_doi("10.1177/...")
    ''
    """
    match = _DOI.search(unquote(text.strip()))
    doi = match.group().rstrip(".,;").lower() if match else ""
    return "" if doi.endswith("/") and doi.count("/") == 1 else doi


def doi_of_url(url: str) -> str:
    """The DOI in a URL of the official resolver (doi.org); "" for any other URL.

    >>> doi_of_url("https://doi.org/10.1000/X"), doi_of_url("https://example.org/10.1000/x")
    ('10.1000/x', '')
    """
    return normal_doi(url) if _DOI_URL.match(url) else ""


def eprint_url(number: str, archive: str = "") -> str:
    """The URL of a paper by its number in an archive (arXiv if none is named); "" if there is none.

    >>> eprint_url("arXiv:1801.01234v2"), eprint_url("10419/1", "hdl")
    ('https://arxiv.org/abs/1801.01234v2', 'https://hdl.handle.net/10419/1')
    """
    form, space = _ARCHIVES.get(archive.strip().casefold(), (None, ""))
    match = form.fullmatch(number.strip()) if form else None
    return normal_url(space + match[1]) if match else ""


def normal_isbn(text: str) -> str:
    """The 10 or 13 characters of an ISBN with a correct check digit; "" otherwise."""
    digits = _DASHES.sub("", text).upper().removeprefix("ISBN").lstrip(":")
    right = digits.isascii() and digits.strip("0") and _isbn.is_valid(digits)
    return digits if right else ""


def normal_issn(text: str) -> str:
    """An ISSN as ``1234-567X`` with a correct check digit; "" otherwise."""
    digits = _DASHES.sub("", text).upper()
    right = digits.isascii() and digits.strip("0") and _issn.is_valid(digits)
    return f"{digits[:4]}-{digits[4:]}" if right else ""


def normal_orcid(text: str) -> str:
    """The ORCID iD in ``text`` (bare or as URL), with a correct check digit; "" if none.

    >>> normal_orcid("https://orcid.org/0000-0002-1825-0097")
    '0000-0002-1825-0097'
    """
    match = _ORCID.search(text)
    orcid = match.group().upper() if match else ""
    return orcid if orcid and mod_11_2.is_valid(orcid.replace("-", "")) else ""


def normal_url(text: str) -> str:
    """An http(s) URL, escaped as necessary to be a valid IRI; "" for any other text."""
    text = text.strip()
    if not re.match(r"https?://[^\s/?#\[\]@]+(?:[/?#]|$)", text, re.IGNORECASE):
        return ""
    before, hash_mark, fragment = _escaped(text).partition("#")
    return before + hash_mark + fragment.replace("#", "%23")


def _escaped(text: str) -> str:
    """Escape what an IRI must not contain; what is already escaped stays."""
    whole = quote(re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", text), safe=_IRI_SAFE)
    return whole.replace("[", "%5B").replace("]", "%5D")


def isbn_urn(isbn: str) -> str:
    """The URN of an ISBN, always with 13 digits, so that a book has one IRI; "" if none (RFC 8254).

    >>> isbn_urn("080442957X")
    'urn:isbn:9780804429573'
    """
    return TARGETS["isbn"].space + _isbn.to_isbn13(isbn) if normal_isbn(isbn) else ""


def issn_urn(issn: str) -> str:
    """The URN of an ISSN; "" for any other text (RFC 8254)."""
    return TARGETS["issn"].space + normal_issn(issn) if normal_issn(issn) else ""


def orcid_iri(orcid: str) -> str:
    """The IRI of an ORCID iD; "" for any other text."""
    normal = normal_orcid(orcid)
    return TARGETS["orcid"].space + normal if normal else ""


def openalex_iris(record: Record) -> tuple[str, ...]:
    """The IRIs of the OpenAlex entries that a record was read from, which are the entries' keys."""
    has = TARGETS["openalex"].has
    return tuple(sorted({source.key for source in record.sources if has(source.key)}))


def preprints(record: Record) -> tuple[tuple[str, bool], ...]:
    """The IRIs of the record's arXiv and SSRN papers, each with whether it is the work itself.

    It is the work itself if the work has no DOI from elsewhere. Otherwise it is an earlier version
    of a published work.
    """
    papers: dict[str, bool] = {}
    for name, by_doi, by_url in (("arxiv", _ARXIV_DOI, _ARXIV_URL), ("ssrn", _SSRN_DOI, _SSRN_URL)):
        from_doi = by_doi.fullmatch(record.doi)
        from_url = by_url.match(record.url)
        for match, itself in ((from_doi, True), (from_url, not record.doi)):
            if match is None:
                continue
            # without the version number: this is the paper, not one version of it
            local = re.sub(r"(?:v\d+)?(?:\.pdf)?(?:[?#].*)?/?$", "", match[1], flags=re.IGNORECASE)
            iri = TARGETS[name].space + local
            if TARGETS[name].has(iri):
                papers[iri] = papers.get(iri, False) or itself
    return tuple(sorted(papers.items()))
