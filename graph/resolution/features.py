"""Features: the values of a record that are compared with those of others.

They are computed once for each record; after that, comparing two records means comparing sets.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

from stdnum.isbn import to_isbn13

from ..identifiers import ARXIV
from ..iris import fold
from ..model import Name, Record
from .names import family_key, family_words, name_words
from .titles import TELLING, Title, title_of

#: Shared by all records without an ISBN.
_NONE = frozenset[str]()
#: Where a DOI or URL holds an identifier. The version of an e-print ("v2") is left out.
_IN_ADDRESS = {
    "arxiv": re.compile(
        rf"(?:10\.48550/arxiv\.|arxiv\.org/(?:abs|pdf)/)(?P<id>{ARXIV})", re.IGNORECASE
    ),
    "ssrn": re.compile(
        r"(?:10\.2139/ssrn\.|ssrn\.com/(?:sol3/papers\.cfm\?abstract_?id=|abstract=))(?P<id>\d+)",
        re.IGNORECASE,
    ),
    "handle": re.compile(r"(?:hdl\.handle\.net|/handle)/(?P<id>\d[\d.]*/[^\s?#]+)", re.IGNORECASE),
}
_ARXIV_NUMBER = re.compile(rf"\barxiv:\s*(?P<id>{ARXIV})", re.IGNORECASE)
_PREPRINT = re.compile(
    r"\b(?:ssrn|\w*rxiv|preprints?|mpra|(?:working|discussion|diskussions|arbeits) ?papers?"
    r"|arbeitspapiere?|documentos? de trabajo)\b"
)
_BUREAU = re.compile(r"\bnber\b|\bnational bureau of economic research\b")
_MEETING = re.compile(
    r"\b(?:conference|proceedings|symposium|workshop|congress|meeting|kongress|tagung|congreso)\b"
)
#: What databases add before a conference's name: "Proceedings of the 50th Annual …", "2019 IEEE".
_BOILERPLATE = re.compile(
    r"^(?:(?:in|the|annual|international proceedings|proceedings of|proceedings|\d+(?:st|nd|rd|th)?"
    r"|acm|ieee) )+(?=\w+ \w+)"
)
_KINDS = {
    "article-journal": "journal",
    "article-magazine": "journal",
    "paper-conference": "conference",
    "manuscript": "preprint",
}


@dataclass(frozen=True, slots=True)
class Venue:
    """A journal or conference by name; false if the record has none."""

    #: Without case, accents and punctuation, and without "Proceedings of the 50th Annual".
    name: str
    #: The first letters of its longer words; "?" if there are too few.
    acronym: str

    def __bool__(self) -> bool:
        return bool(self.name)

    def same(self, other: Venue) -> bool:
        """Whether two are the same: by name, by the start of a longer name, or by acronym."""
        one, more = sorted((self.name, other.name), key=len)
        if not one:
            return False
        if one == more or (len(one) >= TELLING and more.startswith(f"{one} ")):
            return True
        return (self.name.split()[0] == other.acronym) or (other.name.split()[0] == self.acronym)


@dataclass(frozen=True, slots=True)
class Features:
    """The values of a record that are compared."""

    title: Title
    authors: tuple[Name, ...]
    #: One key for each author.
    families: tuple[str, ...]
    year: int | None
    #: A CSL type.
    type: str
    #: "preprint", "conference", "journal", or the CSL type if it is none of these.
    kind: str
    venue: Venue
    #: "" if it only repeats the year, as in some databases.
    volume: str
    issue: str
    page: str
    edition: str
    #: "doi", "arxiv", "ssrn" or "handle" -> the identifier.
    identifiers: Mapping[str, str]
    #: ISBNs in 13 digits.
    isbn: frozenset[str]

    # not stored: few records are compared by these, and they are larger than everything else

    @property
    def words(self) -> Iterator[frozenset[str]]:
        """One set of words for each author, to recognise a name with its parts swapped."""
        return map(name_words, self.authors)

    @property
    def family_words(self) -> Iterator[frozenset[str]]:
        """The same, but only the words of the family name."""
        return map(family_words, self.authors)


def features_of(record: Record) -> Features:
    """The features of a record."""
    identifiers = _identifiers(record)
    venue = fold(record.container_title).replace(" and ", " ")  # "&" and "and" are one
    year = record.year
    return Features(
        title=title_of(record.title, record.original_title),
        authors=record.authors,
        families=tuple([family_key(name) for name in record.authors]),
        year=year,
        type=record.type,
        kind=_kind(record, identifiers, venue),
        venue=_venue(venue),
        volume="" if record.volume == str(year) else _number(record.volume),
        issue=_number(record.issue),
        page=fold(record.page),
        edition=_edition(record.edition),
        identifiers=identifiers,
        isbn=_isbn13(record.isbn) if record.isbn else _NONE,
    )


def _isbn13(isbns: Iterable[str]) -> frozenset[str]:
    return frozenset(to_isbn13(isbn) if len(isbn) == 10 else isbn for isbn in isbns)


def _identifiers(record: Record) -> dict[str, str]:
    identifiers = {"doi": record.doi.lower()} if record.doi else {}
    address = f"{record.doi} {unquote(record.url)}".lower()
    for scheme, pattern in _IN_ADDRESS.items():
        if scheme in address and (match := pattern.search(address)):
            identifiers[scheme] = match["id"].rstrip("/.")
    place = f"{record.number} {record.container_title} {record.volume}".lower()
    if "arxiv" in place and (match := _ARXIV_NUMBER.search(place)):
        identifiers.setdefault("arxiv", match["id"])
    return identifiers


def _kind(record: Record, identifiers: Mapping[str, str], venue: str) -> str:
    said = " ; ".join(
        (venue, fold(record.collection_title), fold(record.genre), fold(record.number))
    )
    if _PREPRINT.search(said) or (
        record.type not in ("chapter", "book", "article-journal")
        and _BUREAU.search(f"{said} ; {fold(record.publisher)}")
    ):
        return "preprint"
    # if the record has a venue, its URL says little: databases mix them up
    if not venue and identifiers.keys() & {"arxiv", "ssrn"} and not _has_own_doi(record):
        return "preprint"
    if record.type == "article" and not venue:
        return "preprint"
    if record.type in ("article-journal", "document") and _MEETING.search(venue):
        return "conference"
    return _KINDS.get(record.type, record.type)


def _has_own_doi(record: Record) -> bool:
    """Whether the record has a DOI that is not from a preprint server."""
    return bool(record.doi) and not record.doi.lower().startswith(("10.48550/", "10.2139/"))


def _number(text: str) -> str:
    """The number of a volume or issue: "174" for "174 AISC", "" for "May"."""
    first = fold(text).split(" ")[0]
    return first if any(c.isdigit() for c in first) else ""


@lru_cache(maxsize=2**14)
def _venue(folded: str) -> Venue:
    name = _BOILERPLATE.sub("", folded)
    letters = "".join(word[0] for word in name.split() if len(word) > 3)
    return Venue(name, letters if len(letters) > 2 else "?")


def _edition(text: str) -> str:
    """The number of an edition ("2nd" -> "2"), or the word for it."""
    digits = re.search(r"\d+", text)
    return digits.group() if digits else fold(text)
