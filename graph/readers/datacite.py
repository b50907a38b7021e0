"""DataCite: the DOIs that its REST API returns (JSON:API), and its metadata in JSON.

The mapping follows DataCite's metadata schema 4.6 and the format of its API
(support.datacite.org, "DataCite JSON"):

=========================================== ===============================================
DataCite                                    record
=========================================== ===============================================
titles                                      title; Subtitle; a translation if it is alone
creators, contributors of type Editor       authors, editors; nameType Organizational: organisation
dates of type Issued, publicationYear       issued
types.resourceTypeGeneral                   type (of a Text: citeproc); resourceType is the genre
container, relatedItems IsPublishedIn       venue, volume, issue, pages
publisher, url, doi, language, version      publisher, URL, DOI, language, edition
their identifiers, relatedIdentifiers       ISSN, ISBN
subjects                                    keywords, except terms of a classification
=========================================== ===============================================
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ..csl_types import TYPES
from ..model import Entry, Name
from .json_answers import Answer, is_json, many, one, read_answers, text_of
from .names import in_reading_order, person_of
from .orcids import is_orcid
from .plain_work import PlainWork
from .prose import prose
from .source import SourceFile
from .values import telling

_LOOKS = re.compile(r'"resourceTypeGeneral"\s*:|"type"\s*:\s*"dois"')
#: resourceTypeGeneral -> CSL type.
_TYPES = {
    "Audiovisual": "motion_picture",
    "Book": "book",
    "BookChapter": "chapter",
    "ComputationalNotebook": "software",
    "ConferencePaper": "paper-conference",
    "ConferenceProceeding": "book",
    "DataPaper": "article-journal",
    "Dataset": "dataset",
    "Dissertation": "thesis",
    "Image": "graphic",
    "JournalArticle": "article-journal",
    "PeerReview": "review",
    "Preprint": "article",
    "Report": "report",
    "Software": "software",
    "Standard": "standard",
}
#: A page. DataCite divides "Notes, No 1-2 (2018)" at the commas and hyphens, wherever they are.
_PAGE = re.compile(r"[\w.:-]*")
_INSIDE = ("IsPartOf", "IsPublishedIn")
_PATHS = (("data", "item"), ("data",), ("item",), ())


def looks_like(head: str) -> bool:
    """True for JSON that names a DataCite resource type."""
    return is_json(head) and _LOOKS.search(head) is not None


def read(source: SourceFile) -> Iterator[Entry]:
    """Yield one Entry for each DOI in a response, a list, or JSON lines."""
    return read_answers(source, _PATHS, _work, lambda item: text_of(_attributes(item), "doi"))


def _attributes(item: Answer) -> Answer:
    return one(item, "attributes") or item


def _work(item: Answer) -> PlainWork:
    item = _attributes(item)
    titles = {text_of(title, "titleType"): title for title in reversed(many(item, "titles"))}
    # a title of a type that is not a subtitle, such as a translation, if there is no other
    title = titles.get("") or next((t for of, t in titles.items() if of != "Subtitle"), None)
    kind = text_of(item, "types", "resourceTypeGeneral")
    wholes = [
        whole
        for whole in many(item, "relatedItems")
        if text_of(whole, "relationType") == "IsPublishedIn"
    ]
    is_series = [text_of(whole, "relatedItemType") == "Collection" for whole in wholes]
    whole = next((w for w, of in zip(wholes, is_series, strict=True) if not of), None)
    series = next((w for w, of in zip(wholes, is_series, strict=True) if of), None)
    container = one(item, "container")
    first, last = (text_of(container, page) for page in ("firstPage", "lastPage"))
    if not (_PAGE.fullmatch(first) and _PAGE.fullmatch(last)):
        first = last = ""
    genre = text_of(item, "types", "resourceType")
    publisher = text_of(item, "publisher") or text_of(item, "publisher", "name")
    dates = [d for d in many(item, "dates") if text_of(d, "dateType") == "Issued"]
    return PlainWork(
        type=_TYPES.get(kind) or _type(text_of(item, "types", "citeproc")),
        title=text_of(title, "title"),
        subtitle=text_of(titles.get("Subtitle"), "title"),
        authors=tuple(filter(None, map(_name, many(item, "creators")))),
        editors=tuple(
            name
            for person in many(item, "contributors")
            if text_of(person, "contributorType") == "Editor" and (name := _name(person))
        ),
        dates=(*(text_of(date, "date") for date in dates), text_of(item, "publicationYear")),
        container_title=text_of(one(whole, "titles"), "title") or text_of(container, "title"),
        collection_title=text_of(one(series, "titles"), "title"),
        publisher=publisher,
        volume=text_of(whole, "volume") or text_of(container, "volume"),
        issue=text_of(whole, "issue") or text_of(container, "issue"),
        page=text_of(whole, "firstPage") or first,
        last_page=text_of(whole, "lastPage") or last,
        genre="" if genre.casefold().replace(" ", "") == kind.casefold() else telling(genre),
        edition=text_of(item, "version"),
        doi=text_of(item, "doi"),
        serials=tuple(_serials(item, wholes)),
        urls=tuple(filter(None, (text_of(item, "url"),))),
        language=text_of(item, "language"),
        keywords=tuple(
            word
            for subject in many(item, "subjects")
            if not text_of(subject, "subjectScheme")
            for word in text_of(subject, "subject").split(";")
        ),
    )


def _type(citeproc: str) -> str:
    """The CSL type of a text; DataCite calls anything that has none an "article"."""
    return citeproc if citeproc in TYPES and citeproc != "article" else "document"


def _serials(item: Answer, wholes: list[Any]) -> Iterator[str]:
    """The ISSNs and ISBNs of what contains a work."""
    parts = [
        (text_of(part, "relatedIdentifier"), text_of(part, "relatedIdentifierType"))
        for part in many(item, "relatedIdentifiers")
        if text_of(part, "relationType") in _INSIDE
    ]
    name = "relatedItemIdentifier"
    parts += [(text_of(whole, name, name), text_of(whole, name, f"{name}Type")) for whole in wholes]
    return (number for number, kind in parts if kind in ("ISSN", "EISSN", "ISBN"))


def _name(item: Any) -> Name | None:
    whole = prose(text_of(item, "name"))
    family, given = prose(text_of(item, "familyName")), prose(text_of(item, "givenName"))
    ids = (text_of(each, "nameIdentifier") for each in many(item, "nameIdentifiers"))
    orcid = next(filter(is_orcid, ids), "")
    if text_of(item, "nameType") == "Organizational":
        return Name(literal=whole) if whole else None
    if family:
        return replace(person_of(family, given), orcid=orcid)
    # without a nameType this may be an organisation: only a comma shows that it is a person
    if whole and "," in whole:
        return replace(in_reading_order(whole), orcid=orcid)
    return Name(literal=whole) if whole else None
