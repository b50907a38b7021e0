"""A record's citation as meta tags in its page: Highwire Press and Dublin Core.

Reference managers and Google Scholar read them. Zotero derives the item type from the tag that
holds the container, or else from DC.type. Where neither vocabulary has a tag, EPrints or BIBO tags
are used, which Zotero reads too (``tests/fixtures/zotero/tags.tsv``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...graph.model import Record
from ..web.links import is_web

#: The CSL types that Zotero cannot read from RIS. It reads such a work better from the page's tags,
#: so the page has no unAPI id.
UNTYPED = frozenset({"document", "manuscript"})
#: A name and its content.
Tag = tuple[str, str]

#: CSL type -> the tags for its container.
_CONTAINERS = {
    "article-journal": ("citation_journal_title",),
    "article-magazine": ("citation_journal_title",),
    "paper-conference": ("citation_conference_title",),
    # for Google Scholar and for Zotero
    "chapter": ("citation_inbook_title", "citation_book_title"),
}
#: CSL type -> its name in DC.type, as used by EPrints and Zotero.
_TYPES = {
    "article-journal": "Journal Article",
    "book": "Book",
    "chapter": "Book Chapter",
    "document": "document",
    "manuscript": "manuscript",
    "paper-conference": "Conference Paper",
    "report": "Report",
    "thesis": "Thesis",
    "webpage": "Web Page",
}
#: The code for an unknown language (ISO 639-2); without it, Zotero takes the page's language.
_UNDETERMINED = "und"
#: CSL type -> the tag for its publisher.
_PUBLISHERS = {
    "thesis": "citation_dissertation_institution",
    "report": "citation_technical_report_institution",
}


def tags(record: Record, iri: str, page: str) -> list[Tag]:
    """The tags of a work, given its IRI and the address of its page, in citation order."""
    return [(name, content) for name, content in _tags(record, iri, page) if content]


def _tags(record: Record, iri: str, page: str) -> Iterator[Tag]:
    for author in record.authors:
        yield "citation_author", _undivided(author.inverted)
        yield "DC.creator", author.inverted
    yield "citation_title", record.title
    yield "DC.title", record.title
    # "2013/01" for Google Scholar and "2013-01" for ISO 8601.
    year, *day = (f"{number:02d}" for number in record.issued or (0,))
    if record.issued:
        yield "citation_publication_date", "/".join([year.zfill(4), *day])
        yield "DC.date", "-".join([year.zfill(4), *day])
    yield "citation_language", record.language
    yield "language", record.language or _UNDETERMINED
    yield "DC.language", record.language
    yield "DC.rights", record.facets.access
    yield "citation_volume", record.volume
    yield "citation_issue", record.issue
    yield from (("citation_isbn", isbn) for isbn in record.isbn)
    yield "citation_doi", record.doi
    for editor in record.editors:
        yield "citation_editor", _undivided(editor.inverted)
        yield "DC.contributor", editor.inverted
    yield "citation_series_title", record.collection_title
    is_paper = record.type == "paper-conference"
    container = (record.event_title if is_paper else "") or record.container_title
    yield from ((name, container) for name in _CONTAINERS.get(record.type, ()))
    yield from (("citation_issn", issn) for issn in record.issn)
    yield "DC.source", record.container_title
    bodies = (
        body.name
        for body in record.facets.organisations
        if body.kind == "Publisher" and body.name != record.container_title
    )
    for publisher in dict.fromkeys((record.publisher, *bodies)):
        yield _PUBLISHERS.get(record.type, "citation_publisher"), publisher
        yield "DC.publisher", publisher
    yield "eprints.place_of_pub", record.publisher_place
    yield "bibo:edition", record.edition
    if record.type == "report":
        yield "citation_technical_report_number", record.number
    first, last = _pages(record.page)
    yield "citation_firstpage", first
    yield "citation_lastpage", last
    yield "citation_keywords", "; ".join(record.facets.keywords)
    yield from (("DC.subject", keyword) for keyword in record.facets.keywords)
    yield "citation_public_url", record.url if is_web(record.url) else iri
    yield "citation_abstract_html_url", page
    yield "DC.identifier", iri
    yield "DC.identifier", record.doi and f"doi:{record.doi}"
    yield "DC.type", _TYPES.get(record.type, "")
    yield "DC.type", "Text"


def _pages(page: str) -> tuple[str, str]:
    """The first and last page of a range; anything else is the first page."""
    limits = re.fullmatch(r"(\w+)[-–](\w+)", page)
    return (limits[1], limits[2]) if limits else (page, "")


def _undivided(name: str) -> str:
    """A name written so that Zotero reads one person.

    Zotero reads "Costhek Abilio, Ludmila Maria", with spaces on both sides of the comma, as two
    people, unless a semicolon shows how the list is divided.
    """
    family, _, given = name.partition(", ")
    return f"{name};" if " " in family.strip() and " " in given.strip() else name
