"""Europe PMC: the results that its REST API returns, raw or as saved by pygetpapers.

The mapping follows Europe PMC's description of its web service (europepmc.org/RestfulWebService,
"core" result type):

========================================== ===========================================
Europe PMC                                 record
========================================== ===========================================
title, authorList (or authorString)        title, authors, ORCID iDs
collectiveName in authorList               an author that is an organisation
journalInfo.journal, .volume, .issue       venue, ISSN, volume, issue
bookOrReportDetails                        publisher, ISBN, the book's title
firstPublicationDate, journalInfo, pubYear issued
pageInfo, doi, language                    pages, DOI, language
pubTypeList                                type, status
keywordList                                keywords (the authors' own)
========================================== ===========================================
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ..model import Entry, Name
from .json_answers import Answer, is_json, many, one, read_answers, text_of
from .names import person_of, with_initials
from .orcids import is_orcid
from .plain_work import PlainWork
from .prose import prose, without_brackets, without_place
from .source import SourceFile
from .values import says_retracted

_LOOKS = re.compile(r'"(?:authorString|resultList|firstPublicationDate)"\s*:')
#: Folded pubType -> CSL type; the first known one counts.
_TYPES = {
    "book": "book",
    "book chapter": "chapter",
    "case reports": "article-journal",
    "journal article": "article-journal",
    "letter": "article-journal",
    "preprint": "article",
    "research-article": "article-journal",
    "review": "article-journal",
    "review-article": "article-journal",
    "thesis": "thesis",
}
_PATHS = (("resultList", "result", "item"), ("papers", "*"), ("item",), ())


def looks_like(head: str) -> bool:
    """True for JSON with a member that only Europe PMC responses have."""
    return is_json(head) and _LOOKS.search(head) is not None


def read(source: SourceFile) -> Iterator[Entry]:
    """Yield one Entry for each result in a response, a list, or JSON lines."""
    return read_answers(source, _PATHS, _work, _key)


def _key(item: Answer) -> str:
    return text_of(item, "pmcid") or text_of(item, "id")


def _work(item: Answer) -> PlainWork:
    info, book = one(item, "journalInfo"), one(item, "bookOrReportDetails")
    journal = one(info, "journal")
    kinds = [str(kind).casefold() for kind in many(item, "pubTypeList", "pubType")]
    kinds += text_of(item, "pubType").casefold().split("; ")
    return PlainWork(
        type=next((_TYPES[kind] for kind in kinds if kind in _TYPES), "document"),
        title=without_brackets(text_of(item, "title")),
        authors=_authors(item),
        dates=(
            text_of(info, "printPublicationDate") or text_of(info, "dateOfPublication"),
            text_of(item, "pubYear"),
            text_of(item, "firstPublicationDate"),
        ),
        container_title=without_place(text_of(journal, "title"))
        or text_of(item, "journalTitle")
        or text_of(book, "comprisingTitle"),
        publisher=text_of(book, "publisher"),
        volume=text_of(info, "volume") or text_of(item, "journalVolume"),
        issue=text_of(info, "issue") or text_of(item, "issue"),
        page=text_of(item, "pageInfo"),
        doi=text_of(item, "doi"),
        serials=tuple(
            filter(
                None,
                (
                    *(text_of(journal, key) for key in ("issn", "ISSN", "essn", "ESSN")),
                    *text_of(item, "journalIssn").split("; "),
                    text_of(book, "isbn13") or text_of(book, "isbn10"),
                ),
            )
        ),
        language=text_of(item, "language"),
        is_retracted=any(map(says_retracted, kinds)),
        keywords=tuple(map(str, many(item, "keywordList", "keyword"))),
        abstract=text_of(item, "abstractText"),
    )


def _authors(item: Answer) -> tuple[Name, ...]:
    listed = tuple(filter(None, map(_author, many(item, "authorList", "author"))))
    written = text_of(item, "authorString").rstrip(" .").split(", ")
    return listed or tuple(
        with_initials(name) or Name(literal=name) for name in map(prose, written) if name
    )


def _author(item: Any) -> Name | None:
    if body := prose(text_of(item, "collectiveName")):
        return Name(literal=body.rstrip("."))
    family = prose(text_of(item, "lastName"))
    given = prose(text_of(item, "firstName") or text_of(item, "initials"))
    id = one(item, "authorId")
    orcid = text_of(id, "value") or text_of(id, "#text")
    if not family:
        whole = prose(text_of(item, "fullName"))
        return (with_initials(whole) or Name(literal=whole)) if whole else None
    return replace(person_of(family, given), orcid=orcid if is_orcid(orcid) else "")
