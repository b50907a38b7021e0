"""The nouns every step shares: a record, the names in it, where it came from, and a problem.

All are frozen; a step takes some and gives new ones. Field names follow CSL-JSON 1.0.2
(https://docs.citationstyles.org/) where it has a word for the thing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, Protocol

from .fields import Scheme, named, names, table_of

#: SHACL's three severities, worst first.
Severity = Literal["violation", "warning", "info"]
#: The status of a work that its journal has taken back.
RETRACTED = "retracted"


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
class Reading:
    """A concept that an abstract says its work studies."""

    #: The stem of the vocabulary: platforms, countries, methods, …
    scheme: str
    #: The end of the concept's IRI.
    concept: str
    rule: str
    #: At most as many words as a label has.
    matched_text: str
    #: 0-based character of the abstract without tags and runs of space.
    offset: int


@dataclass(frozen=True, slots=True)
class Abstract:
    """What was read in an abstract; the abstract itself is not kept."""

    #: The first 12 hex digits of the SHA-256 of the text that the offsets are of.
    digest: str
    #: The same of the rules it was read by.
    rules: str
    readings: tuple[Reading, ...] = ()


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
    #: What the entry's abstract says; None where it has none.
    abstract: Abstract | None = None


@dataclass(frozen=True, slots=True)
class Facets:
    """The classification of a work in the words of its source; mapping finds the concepts."""

    record_types: tuple[str, ...] = named(
        "dcterms:type",
        kind="concepts",
        label="record type",
        plural="Record types",
        scheme=Scheme("record-types", "RecordType", "record-type"),
        column="Record Types",
    )
    countries: tuple[str, ...] = named(
        "dcterms:spatial",
        kind="concepts",
        label="country or region",
        plural="Countries and regions",
        scheme=Scheme("countries", "Country", "country"),
        column="Countries",
        inferable=True,
    )
    sectors: tuple[str, ...] = named(
        "oo:sector",
        kind="concepts",
        label="sector",
        plural="Sectors",
        scheme=Scheme("sectors", "Sector", "sector"),
        column="Sectors",
        inferable=True,
    )
    work_types: tuple[str, ...] = named(
        "oo:workType",
        kind="concepts",
        label="type of work",
        plural="Types of work",
        scheme=Scheme("work-types", "WorkType", "work-type"),
        column="Work Types",
        inferable=True,
    )
    platforms: tuple[str, ...] = named(
        "oo:platform",
        kind="concepts",
        label="platform",
        plural="Platforms",
        scheme=Scheme("platforms", "Platform", "platform"),
        column="Platforms",
        inferable=True,
    )
    #: Topics and keywords.
    keywords: tuple[str, ...] = named(
        "dcterms:subject",
        kind="concepts",
        label="topic",
        plural="Topics",
        scheme=Scheme("topics", "Topic", "topic"),
        bibtex="keywords",
        ris="KW",
        column="Manual Tags",
        inferable=True,
    )
    methods: tuple[str, ...] = named(
        "oo:method",
        kind="concepts",
        label="method",
        plural="Methods",
        scheme=Scheme("methods", "Method", "method"),
        column="Methods",
        inferable=True,
    )
    #: The record page's unlabelled "Yes", as it stands; nobody says what it means.
    flag: str = named("oo:flag", column="Flag")
    organisations: tuple[Organisation, ...] = named(
        "oo:organization",
        kind="bodies",
        label="organisation",
        plural="Organisations",
        scheme=Scheme("organization-kinds", "OrganizationKind", "organization-kind"),
        column="Organisations",
    )
    access: str = named(
        "dcterms:accessRights",
        kind="concept",
        label="access status",
        plural="Access statuses",
        scheme=Scheme("access", "AccessStatus", "access"),
        column="Access",
    )
    #: What the work has to do with platform labour, where a source or a curator says so.
    scope: str = named(
        "oo:scope",
        kind="concept",
        label="scope",
        plural="Scopes",
        scheme=Scheme("scopes", "Scope", "scope"),
        column="Scope",
        inferable=True,
    )
    #: The year in the database's own field; the citation may say another (Record.issued).
    year: int | None = named(
        "oo:recordedYear", kind="year", label="year in the database", column="Recorded Year"
    )


@dataclass(frozen=True, slots=True)
class Record:
    """One work: what a reader yields (``id`` empty), and what the catalogue keeps."""

    title: str = field(
        metadata=names("dcterms:title", csl="title", bibtex="title", ris="TI", column="Title")
    )
    #: A CSL type: article-journal, paper-conference, chapter, book, report, webpage, document.
    type: str = "document"
    #: The slug of its IRI; minted once by the catalogue, never by a reader.
    id: str = ""
    #: The title in the language of the work, where ``title`` is a translation.
    original_title: str = named(
        "dcterms:alternative",
        csl="original-title",
        bibtex="origtitle",
        ris="TT",
        column="Original Title",
    )
    authors: tuple[Name, ...] = ()
    #: True where the source ends its author list with "and others" or "et al.".
    more_authors: bool = False
    editors: tuple[Name, ...] = ()
    #: (year,), (year, month) or (year, month, day); () where the source gives none.
    issued: tuple[int, ...] = ()
    #: The date in EDTF (``edtf``), where it is a season, a range, or approximate; then ``issued``
    #: is its start.
    issued_edtf: str = ""
    container_title: str = named(
        "dcterms:isPartOf",
        label="published in",
        csl="container-title",
        bibtex="booktitle",
        ris="T2",
        column="Publication Title",
    )
    collection_title: str = named(
        "oo:series",
        label="series",
        csl="collection-title",
        bibtex="series",
        ris="T3",
        column="Series",
    )
    event_title: str = named(
        "oo:event",
        label="event",
        csl="event-title",
        bibtex="eventtitle",
        ris="T2",
        column="Conference Name",
    )
    publisher: str = named(
        "dcterms:publisher", csl="publisher", bibtex="publisher", ris="PB", column="Publisher"
    )
    publisher_place: str = named(
        "oo:place", label="place", csl="publisher-place", bibtex="address", ris="CY", column="Place"
    )
    volume: str = named("bibo:volume", csl="volume", bibtex="volume", ris="VL", column="Volume")
    issue: str = named("bibo:issue", csl="issue", bibtex="issue", ris="IS", column="Issue")
    page: str = named(
        "bibo:pages", label="pages", csl="page", bibtex="pages", ris="SP", column="Pages"
    )
    number: str = named("bibo:number", csl="number", bibtex="number", ris="M1", column="Number")
    genre: str = named("oo:genre", csl="genre", bibtex="type", ris="M3", column="Genre")
    edition: str = named(
        "bibo:edition", csl="edition", bibtex="edition", ris="ET", column="Edition"
    )
    #: Of a work that is not out yet, how far it is: "forthcoming", "in press"; "retracted".
    status: str = named(
        "schema:creativeWorkStatus",
        label="publication status",
        csl="status",
        bibtex="pubstate",
        column="Publication Status",
    )
    #: Lower case, without "https://doi.org/".
    doi: str = named("bibo:doi", label="DOI", csl="DOI", bibtex="doi", ris="DO", column="DOI")
    #: Digits (and X) only.
    isbn: tuple[str, ...] = named(
        kind="texts", label="ISBN", csl="ISBN", bibtex="isbn", ris="SN", column="ISBN"
    )
    #: "1234-567X".
    issn: tuple[str, ...] = named(
        kind="texts", label="ISSN", csl="ISSN", bibtex="issn", ris="SN", column="ISSN"
    )
    url: str = named(
        "schema:url", label="web page", csl="URL", bibtex="url", ris="UR", column="Url"
    )
    #: A BCP 47 tag ("en"), or the name as written where it is not known.
    language: str = named(
        "schema:inLanguage",
        csl="language",
        bibtex="langid",
        ris="LA",
        column="Language",
        inferable=True,
    )
    facets: Facets = field(default_factory=Facets)
    sources: tuple[Source, ...] = ()
    #: One agent id an author ("person/mark-graham"); minted once by the catalogue.
    agents: tuple[str, ...] = ()
    #: One agent id an editor.
    editor_agents: tuple[str, ...] = ()
    #: Ids of the works that this one is an earlier version of (preprint -> article).
    version_of: tuple[str, ...] = ()

    @property
    def year(self) -> int | None:
        """The year of issue, where the source gives one."""
        return self.issued[0] if self.issued else None


#: The fields that CSL-JSON, RDF, BibTeX, RIS and CSV have words of their own for.
FIELDS = table_of(Record)
#: The fields that classify a work.
FACETS = table_of(Facets)


class Lineage(Protocol):
    """What of a work says which others it is a version of."""

    @property
    def id(self) -> str:
        """The work's id."""

    @property
    def version_of(self) -> tuple[str, ...]:
        """The ids of the works that it is a later or earlier version of."""


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
    #: As the source gives it; read at import, never kept.
    abstract: str = ""
