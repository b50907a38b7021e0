"""Crossref: the works that its REST API returns.

The mapping follows Crossref's own description of its API's format (Crossref/rest-api-doc,
api_format.md, "Work"):

=============================== ==========================================================
Crossref                        record
=============================== ==========================================================
title, subtitle, original-title title, original title
type                            type; posted-content (preprints) becomes article
author, editor                  names; ``name`` is an organisation; ORCID iDs
issued, published, …            issued (the earliest date; print or online if missing)
container-title                 venue; for books and reports, the series
event.name                      event
publisher, institution          publisher
publisher-location              place
volume, issue, page             the same; article-number if there are no pages
DOI, ISBN, ISSN, URL            the same
language, edition-number        language, edition
updated-by                      status, if it is a retraction
=============================== ==========================================================

Not read: ``subject``, which described the journal and is no longer provided; ``resource``, the
publisher's page when the DOI was registered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ..csl_types import IN_SERIES
from ..model import Entry, Name
from .json_answers import Answer, at, is_json, many, one, read_answers, text_of
from .names import in_reading_order, person_of
from .plain_work import PlainWork
from .prose import prose
from .source import SourceFile

_LOOKS = re.compile(
    r'"message-type"\s*:\s*"work|"(?:is-referenced-by-count|content-domain|reference-count)"\s*:'
)
#: Crossref's type -> CSL type.
TYPES = {
    "book": "book",
    "book-chapter": "chapter",
    "book-part": "chapter",
    "book-section": "chapter",
    "book-series": "book",
    "book-set": "book",
    "database": "dataset",
    "dataset": "dataset",
    "dissertation": "thesis",
    "edited-book": "book",
    "journal-article": "article-journal",
    "monograph": "book",
    "peer-review": "review",
    "posted-content": "article",
    "proceedings": "book",
    "proceedings-article": "paper-conference",
    "reference-book": "book",
    "reference-entry": "entry-encyclopedia",
    "report": "report",
    "report-component": "report",
    "standard": "standard",
}
_DATES = ("issued", "published", "published-print", "published-online", "posted")
_PATHS = (("message", "items", "item"), ("message",), ("items", "item"), ("item",), ())


def looks_like(head: str) -> bool:
    """True for JSON with a member that only Crossref responses have."""
    return is_json(head) and _LOOKS.search(head) is not None


def read(source: SourceFile) -> Iterator[Entry]:
    """Yield one Entry for each work in a response, a list of works, or JSON lines."""
    return read_answers(source, _PATHS, _work, lambda item: text_of(item, "DOI"))


def _work(item: Answer) -> PlainWork:
    kind = text_of(item, "type")
    csl = TYPES.get(kind, "document")
    container = text_of(item, "container-title")
    authors = tuple(filter(None, map(_name, many(item, "author"))))
    return PlainWork(
        type=csl,
        title=text_of(item, "title"),
        subtitle=_subtitle(item),
        original_title=text_of(item, "original-title"),
        authors=authors,
        editors=tuple(filter(None, map(_name, many(item, "editor")))),
        dates=tuple(_date(at(item, name)) for name in _DATES),
        container_title="" if csl in IN_SERIES else container,
        collection_title=container if csl in IN_SERIES else "",
        event_title=text_of(item, "event", "name"),
        publisher=text_of(one(item, "institution"), "name") or text_of(item, "publisher"),
        publisher_place=text_of(item, "publisher-location"),
        volume=text_of(item, "volume"),
        issue=text_of(item, "issue"),
        page=text_of(item, "page") or text_of(item, "article-number"),
        genre="Proceedings" if kind == "proceedings" else text_of(item, "degree"),
        edition=text_of(item, "edition-number"),
        doi=text_of(item, "DOI"),
        # older responses give an ISBN as a URL
        serials=tuple(
            str(number).rpartition("/")[2] for number in (*many(item, "ISBN"), *many(item, "ISSN"))
        ),
        urls=(text_of(item, "URL"),),
        language=text_of(item, "language"),
        is_retracted=any(text_of(by, "type") == "retraction" for by in many(item, "updated-by")),
        abstract=text_of(item, "abstract"),
    )


def _subtitle(item: Answer) -> str:
    """The subtitle, unless the title already ends with it."""
    title, subtitle = text_of(item, "title"), text_of(item, "subtitle")
    return "" if title.casefold().endswith(subtitle.casefold()) else subtitle


def _name(item: Any) -> Name | None:
    family, given, whole = (prose(text_of(item, key)) for key in ("family", "given", "name"))
    orcid = text_of(item, "ORCID")
    if family:
        name = person_of(family, given)
        suffix = prose(text_of(item, "suffix")) or name.suffix
        return replace(name, suffix=suffix, orcid=orcid)
    if whole:
        return Name(literal=whole)
    return in_reading_order(given) if given else None


def _date(value: Any) -> str:
    """The first date in "date-parts", as "2018-01-05"."""
    dates = many(value, "date-parts")
    parts = dates[0] if dates and isinstance(dates[0], list) else []
    return "-".join(f"{part:02d}" for part in parts if type(part) is int)
