"""The data classes that all steps share: records, names, sources, problems and so on.

All are frozen: a step takes some and returns new ones. If CSL-JSON 1.0.2
(https://docs.citationstyles.org/) has a name for a field, we use the same one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, Protocol

from .fields import Scheme, named, names, table_of

#: SHACL's three severities, worst first.
Severity = Literal["violation", "warning", "info"]
#: The status of a work that its journal has retracted.
RETRACTED = "retracted"


@dataclass(frozen=True, slots=True)
class Name:
    """The name of an author or editor, as the source writes it: in parts, or as a ``literal``."""

    family: str = ""
    given: str = ""
    #: "de la", "van": sorts before or with the family name (CSL non-dropping-particle).
    particle: str = ""
    #: "Jr.", "III".
    suffix: str = ""
    #: A name without parts: that of a body, or one that could not be split.
    literal: str = ""
    #: The person's ORCID iD, 0000-0000-0000-0000, if the source has it.
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
    """An organisation that a record page names, with its kind in brackets ("Publisher")."""

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
    #: A few words, no more than a label has.
    matched_text: str
    #: 0-based character in the abstract without tags and repeated spaces.
    offset: int


@dataclass(frozen=True, slots=True)
class Abstract:
    """What was read in an abstract; the abstract itself is not kept."""

    #: The first 12 hex digits of the SHA-256 of the text to which the offsets refer.
    digest: str
    #: The same for the rules by which it was read.
    rules: str
    readings: tuple[Reading, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """Where a record was read: the file, the entry's key in it, and the line it starts on."""

    file: str
    key: str
    #: 1-based line of the entry's first character.
    position: int
    #: What the source states, word for word and in its order, as (field, text).
    stated: tuple[tuple[str, str], ...] = ()
    #: The first 12 hex digits of the SHA-256 of the entry's text, to see if it has changed.
    digest: str = ""
    #: What the entry's abstract says; None if it has none.
    abstract: Abstract | None = None

    @property
    def entry(self) -> tuple[str, str]:
        """The entry, whatever its text says now: the file and the key."""
        return self.file, self.key

    @property
    def name(self) -> str:
        """The entry as a curator's decision names it: ``file#key``."""
        return f"{self.file}#{self.key}"


@dataclass(frozen=True, slots=True)
class Facets:
    """The classification of a work in the words of its source; the mapping finds the concepts."""

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
    #: The record page's unlabelled "Yes", unchanged; the source does not say what it means.
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
    #: How the work relates to platform labour, if a source or a curator says so.
    scope: str = named(
        "oo:scope",
        kind="concept",
        label="scope",
        plural="Scopes",
        scheme=Scheme("scopes", "Scope", "scope"),
        column="Scope",
        inferable=True,
    )
    #: The year in the database's own field; the citation may have another one (Record.issued).
    year: int | None = named(
        "oo:recordedYear", kind="year", label="year in the database", column="Recorded Year"
    )


@dataclass(frozen=True, slots=True)
class Record:
    """A work, as a reader yields it (with an empty ``id``) and as the catalogue keeps it."""

    title: str = field(
        metadata=names("dcterms:title", csl="title", bibtex="title", ris="TI", column="Title")
    )
    #: A CSL type: article-journal, paper-conference, chapter, book, report, webpage, document.
    type: str = "document"
    #: The slug of its IRI; minted once by the catalogue, never by a reader.
    id: str = ""
    #: The title in the language of the work, if ``title`` is a translation.
    original_title: str = named(
        "dcterms:alternative",
        csl="original-title",
        bibtex="origtitle",
        ris="TT",
        column="Original Title",
    )
    authors: tuple[Name, ...] = ()
    #: True if the source ends its author list with "and others" or "et al.".
    more_authors: bool = False
    editors: tuple[Name, ...] = ()
    #: (year,), (year, month) or (year, month, day); () if the source gives none.
    issued: tuple[int, ...] = ()
    #: The date in EDTF (``edtf``) if it is a season, a range or approximate; then ``issued`` is its
    #: start.
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
    #: "forthcoming", "in press" and so on for a work that is not yet published; or "retracted".
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
    #: A BCP 47 tag ("en"), or the name as written if it is unknown.
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
    #: One agent id for each author ("person/mark-graham"); minted once by the catalogue.
    agents: tuple[str, ...] = ()
    #: One agent id for each editor.
    editor_agents: tuple[str, ...] = ()
    #: Ids of the works that this one is an earlier version of (preprint -> article).
    version_of: tuple[str, ...] = ()

    @property
    def year(self) -> int | None:
        """The year of publication, if the source gives one."""
        return self.issued[0] if self.issued else None


#: The bibliographic fields, with their names in CSL-JSON, RDF, BibTeX, RIS and CSV.
FIELDS = table_of(Record)
#: The fields that classify a work.
FACETS = table_of(Facets)


class Lineage(Protocol):
    """The part of a work that links it to other versions."""

    @property
    def id(self) -> str:
        """The work's id."""

    @property
    def version_of(self) -> tuple[str, ...]:
        """The ids of the works that it is an earlier version of."""


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What remains of a work that was withdrawn, or merged into another."""

    id: str
    #: The id of the work that replaces it; "" if it was withdrawn.
    replaced_by: str = ""
    reason: str = ""
    #: ISO 8601.
    date: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with the data: where it is, what it is, and how to fix it."""

    severity: Severity
    #: What is wrong, in a sentence.
    message: str
    #: What a curator can do about it, in a sentence.
    remedy: str
    file: str = ""
    #: 1-based; None if the problem has no line (in an RDF graph).
    line: int | None = None
    #: The entry's key in its file, or the IRI of the node.
    record: str = ""
    #: The field of the record, or the property's IRI.
    property: str = ""
    #: The wrong value, if there is one.
    value: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a source file: its record, or (with ``record`` None) a reject with the reason.

    Readers yield one for every entry in the file, so entries = records + rejects.
    """

    source: Source
    #: The entry as it is in the file; for a reject, it is written to the rejects file.
    text: str
    record: Record | None = None
    problems: tuple[Problem, ...] = ()
    #: As the source gives it; read at import, never kept.
    abstract: str = ""
