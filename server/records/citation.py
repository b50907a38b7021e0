"""A publication's citation as tags in the head of its page: Highwire Press's and Dublin Core.

Reference managers and Google Scholar read them; Zotero chooses the kind of item by which tag the
work's container stands in.
"""

from __future__ import annotations

from collections.abc import Iterator

from .description import Description, Node

__all__ = [
    "Tag",
    "tags",
]


#: A name and its content.
Tag = tuple[str, str]

#: Class of a publication -> the tags its venue stands in.
_CONTAINERS = {
    "bibo:AcademicArticle": ("citation_journal_title",),
    "bibo:Article": ("citation_journal_title",),
    "fabio:ConferencePaper": ("citation_conference_title",),
    # Google Scholar's and Zotero's.
    "bibo:Chapter": ("citation_inbook_title", "citation_book_title"),
}
#: Class of a publication -> the tag its publisher stands in.
_PUBLISHERS = {
    "bibo:Thesis": "citation_dissertation_institution",
    "bibo:Report": "citation_technical_report_institution",
}
_SIMPLE = {
    "dcterms:title": ("citation_title", "DC.title"),
    "dcterms:issued": ("citation_publication_date", "DC.date"),
    "schema:inLanguage": ("citation_language", "DC.language"),
    "dcterms:accessRights": ("DC.rights",),
    "bibo:volume": ("citation_volume",),
    "bibo:issue": ("citation_issue",),
    "bibo:isbn10": ("citation_isbn",),
    "bibo:isbn13": ("citation_isbn",),
    "bibo:doi": ("citation_doi",),
    "bibo:editor": ("DC.contributor",),
    "oo:series": ("citation_series_title",),
}


def tags(description: Description, page: str) -> list[Tag]:
    """The tags of a publication whose page is at ``page``, in the order of a citation."""
    return [(name, text) for name, text in _tags(description, page) if text]


def _tags(description: Description, page: str) -> Iterator[Tag]:
    this = description.this
    classes = {value.iri for value in this.values("rdf:type")}
    for authorship in description.authorships:
        name = authorship.first("oo:nameAsWritten")
        yield "citation_author", _undivided(name)
        yield "DC.creator", name
    for property, names in _SIMPLE.items():
        for value in this.values(property):
            yield from ((name, value.text) for name in names)
    yield from _venue(description, classes)
    kind = next((name for name in _PUBLISHERS if this.expand(name) in classes), "")
    for publisher in this.values("dcterms:publisher"):
        yield _PUBLISHERS.get(kind, "citation_publisher"), publisher.text
        yield "DC.publisher", publisher.text
    if kind == "bibo:Report":
        yield "citation_technical_report_number", this.first("bibo:number")
    yield "citation_firstpage", this.first("bibo:pageStart") or this.first("bibo:pages")
    yield "citation_lastpage", this.first("bibo:pageEnd")
    # What a source states: no reader of these tags knows what an inference is.
    stated = [value.text for value in this.values("dcterms:subject") if not value.inferred]
    yield "citation_keywords", "; ".join(stated)
    urls = [value.iri for value in this.values("schema:url")]
    found = next((url for url in urls if url.startswith(("http://", "https://"))), "")
    yield "citation_public_url", found or this.iri
    yield "citation_abstract_html_url", page
    yield "DC.identifier", this.iri
    yield "DC.identifier", f"doi:{this.first('bibo:doi')}" if this.values("bibo:doi") else ""
    yield "DC.type", "Text"


def _venue(description: Description, classes: set[str]) -> Iterator[Tag]:
    this = description.this
    venue = next(iter(this.values("dcterms:isPartOf")), None)
    names = next((t for name, t in _CONTAINERS.items() if this.expand(name) in classes), ())
    is_paper = this.expand("fabio:ConferencePaper") in classes
    event = this.first("oo:event") if is_paper else ""
    title = event or (venue.text if venue else "")
    yield from ((name, title) for name in names)
    known: Node | None = description.parts.get(venue.iri) if venue else None
    if known:
        yield from (("citation_issn", value.text) for value in known.values("bibo:issn"))
    if venue:
        yield "DC.source", venue.text


def _undivided(name: str) -> str:
    """A name that Zotero takes for one.

    It reads "Costhek Abilio, Ludmila Maria", spaces on both sides of the comma, as two people,
    but not where a semicolon says what divides the list.
    """
    family, _, given = name.partition(", ")
    return f"{name};" if " " in family.strip() and " " in given.strip() else name
