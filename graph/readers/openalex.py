"""OpenAlex: the works that its API returns, with all of their fields or a selection.

The mapping follows OpenAlex's own description of the work object (docs.openalex.org,
"Work object"):

========================================== =================================================
OpenAlex                                   record
========================================== =================================================
title, display_name                        title
type (and the raw type of the location)    type
authorships[].author / raw_author_name     authors, ORCID iDs
publication_date, publication_year         issued
primary_location.source.display_name       venue; raw_source_name if the source is unknown
primary_location.source.issn               ISSN
primary_location.source.host_organization  publisher
biblio.volume, issue, first_page, …        volume, issue, pages
doi, primary_location.landing_page_url     DOI, URL
language                                   language
is_retracted                               status
========================================== =================================================

Not read: the countries of the authors' institutions, which are not the countries studied; keywords
and topics, which OpenAlex assigns automatically.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ..model import Entry, Name
from .json_answers import Answer, at, is_json, many, one, read_answers, text_of
from .names import in_reading_order
from .plain_work import PlainWork
from .prose import prose
from .source import SourceFile

_LOOKS = re.compile(r'"id"\s*:\s*"https://openalex\.org/W\d')
#: OpenAlex's type, or the raw type of its location (Crossref's) -> CSL type.
_TYPES = {
    "article": "article-journal",
    "book": "book",
    "book-chapter": "chapter",
    "conference-paper": "paper-conference",
    "dataset": "dataset",
    "dissertation": "thesis",
    "editorial": "article-journal",
    "erratum": "article-journal",
    "letter": "article-journal",
    "preprint": "article",
    "proceedings-article": "paper-conference",
    "reference-entry": "entry-encyclopedia",
    "report": "report",
    "review": "article-journal",
    "software": "software",
    "standard": "standard",
}
_PATHS = (("results", "item"), ("item",), ())


def looks_like(head: str) -> bool:
    """True for JSON with the id of an OpenAlex work."""
    return is_json(head) and _LOOKS.search(head) is not None


def read(source: SourceFile) -> Iterator[Entry]:
    """Yield one Entry for each work in a response, a list of works, or JSON lines."""
    return read_answers(source, _PATHS, _work, lambda item: text_of(item, "id"))


def _work(item: Answer) -> PlainWork:
    place = one(item, "primary_location")
    venue, biblio = one(place, "source"), one(item, "biblio")
    raw = text_of(place, "raw_type")
    kind = raw if raw == "proceedings-article" else text_of(item, "type")
    if kind == "article" and text_of(venue, "type") == "conference":
        kind = "conference-paper"
    csl = _TYPES.get(kind, "document")
    is_repository = text_of(venue, "type") == "repository"
    landing = text_of(place, "landing_page_url")
    return PlainWork(
        type=csl,
        title=text_of(item, "title") or text_of(item, "display_name"),
        authors=tuple(filter(None, map(_author, many(item, "authorships")))),
        dates=(text_of(item, "publication_date"), text_of(item, "publication_year")),
        # a repository holds a copy; it is not where the work was published
        container_title=""
        if is_repository
        else text_of(venue, "display_name") or text_of(place, "raw_source_name"),
        publisher="" if is_repository else text_of(venue, "host_organization_name"),
        serials=tuple(map(str, many(venue, "issn") or many(venue, "issn_l"))),
        volume=text_of(biblio, "volume"),
        issue=text_of(biblio, "issue"),
        page=text_of(biblio, "first_page"),
        last_page=text_of(biblio, "last_page"),
        doi=text_of(item, "doi"),
        urls=(landing,) if landing else (),
        language=text_of(item, "language"),
        is_retracted=at(item, "is_retracted") is True,
        abstract=text_of(item, "abstract") or _in_order(one(item, "abstract_inverted_index")),
    )


def _in_order(index: Answer) -> str:
    """The words of an abstract, from an index of each word's positions."""
    places = (
        (place, word) for word in index for place in many(index, word) if isinstance(place, int)
    )
    return " ".join(word for _, word in sorted(places))


def _author(item: Answer) -> Name | None:
    """An author under OpenAlex's name for them, otherwise as printed in the work."""
    text = prose(text_of(item, "author", "display_name") or text_of(item, "raw_author_name"))
    name = in_reading_order(text) if text else None
    return name and replace(name, orcid=text_of(item, "author", "orcid"))
