"""The nouns every step shares: a record, the names in it, where it came from, and a problem.

All are frozen; a step takes some and gives new ones. Field names follow CSL-JSON 1.0.2
(https://docs.citationstyles.org/) where it has a word for the thing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

__all__ = [
    "Entry",
    "Facets",
    "Name",
    "Organisation",
    "Problem",
    "Record",
    "Severity",
    "Source",
    "Tombstone",
]


#: SHACL's three severities, worst first.
Severity = Literal["violation", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Name:
    """An author or editor as the source writes the name: in parts, or whole as ``literal``."""

    family: str = ""
    given: str = ""
    #: "de la", "van": sorts before or with the family name (CSL non-dropping-particle).
    particle: str = ""
    #: "Jr.", "III".
    suffix: str = ""
    #: A name with no parts: a corporate author, or one nobody could divide.
    literal: str = ""
    #: The person's ORCID iD, 0000-0000-0000-0000, where the source has it.
    orcid: str = ""

    def __str__(self) -> str:
        """The name in reading order: ``Ludmila Costhek Abilio``, ``John Smith Jr.``."""
        parts = (self.given, self.particle, self.family, self.suffix)
        return self.literal or " ".join(part for part in parts if part)

    @property
    def inverted(self) -> str:
        """The name in index order: ``Abilio, Ludmila Costhek``."""
        if self.literal:
            return self.literal
        family = f"{self.particle} {self.family}".strip()
        return ", ".join(part for part in (family, self.suffix, self.given) if part)


@dataclass(frozen=True, slots=True)
class Organisation:
    """A body a record page names, with the kind it states in brackets ("Publisher")."""

    name: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a record was read: the file, the entry's key in it, and the line it starts on."""

    file: str
    key: str
    #: 1-based line of the entry's first character.
    position: int
    #: What the source says of the facts above, word for word, in its order: (field, text).
    stated: tuple[tuple[str, str], ...] = ()
    #: The first 12 hex digits of the SHA-256 of the entry's text: whether it has changed since.
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Facets:
    """The classification of a work in the words of its source; mapping finds the concepts."""

    record_types: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    #: The record page's unlabelled "Yes", as it stands; nobody says what it means.
    flag: str = ""
    sectors: tuple[str, ...] = ()
    work_types: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ()
    #: Topics and keywords.
    keywords: tuple[str, ...] = ()
    organisations: tuple[Organisation, ...] = ()
    methods: tuple[str, ...] = ()
    access: str = ""
    #: The year in the database's own field; the citation may say another (Record.issued).
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """One work: what a reader yields (``id`` empty), and what the catalogue keeps."""

    title: str
    #: A CSL type: article-journal, paper-conference, chapter, book, report, webpage, document.
    type: str = "document"
    #: The slug of its IRI; minted once by the catalogue, never by a reader.
    id: str = ""
    #: The title in the language of the work, where ``title`` is a translation.
    original_title: str = ""
    authors: tuple[Name, ...] = ()
    #: True where the source ends its author list with "and others" or "et al.".
    more_authors: bool = False
    editors: tuple[Name, ...] = ()
    #: (year,), (year, month) or (year, month, day); () where the source gives none.
    issued: tuple[int, ...] = ()
    container_title: str = ""
    collection_title: str = ""
    event_title: str = ""
    publisher: str = ""
    publisher_place: str = ""
    volume: str = ""
    issue: str = ""
    page: str = ""
    number: str = ""
    genre: str = ""
    edition: str = ""
    #: Lower case, without "https://doi.org/".
    doi: str = ""
    #: Digits (and X) only.
    isbn: tuple[str, ...] = ()
    #: "1234-567X".
    issn: tuple[str, ...] = ()
    url: str = ""
    #: A BCP 47 tag ("en"), or the name as written where it is not known.
    language: str = ""
    facets: Facets = field(default_factory=Facets)
    sources: tuple[Source, ...] = ()
    #: One agent id an author ("person/mark-graham"); minted once by the catalogue.
    agents: tuple[str, ...] = ()
    #: Ids of the works that this one is an earlier version of (preprint -> article).
    version_of: tuple[str, ...] = ()

    @property
    def year(self) -> int | None:
        """The year of issue, where the source gives one."""
        return self.issued[0] if self.issued else None


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What is left of a work that was withdrawn, or merged into another."""

    id: str
    #: The id of the work that took its place; "" where it was withdrawn.
    replaced_by: str = ""
    reason: str = ""
    #: ISO 8601.
    date: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with the data: where it is, what it is, how to mend it."""

    severity: Severity
    #: What is wrong, in a sentence.
    message: str
    #: What a curator does about it, in a sentence.
    remedy: str
    file: str = ""
    #: 1-based; None where the problem has no line (an RDF graph).
    line: int | None = None
    #: The entry's key in its file, or the IRI of the node.
    record: str = ""
    #: The field of the record, or the property's IRI.
    property: str = ""
    #: The offending value, where there is one.
    value: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a source file: its record, or (record None) a reject with the reason.

    Readers yield one for every entry of the file, so entries in = records + rejects.
    """

    source: Source
    #: The entry as it stands in the file; goes to the rejects file with the reason.
    text: str
    record: Record | None = None
    problems: tuple[Problem, ...] = ()
