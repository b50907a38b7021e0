"""EPPI-Reviewer: the references that it exports as JSON, with the codes of a review.

The members are those of an export of EPPI-Reviewer:

==================================== ====================================================
EPPI-Reviewer                        record
==================================== ====================================================
TypeName                             type
Title, ParentTitle                   title, venue
Authors, ParentAuthors               authors, editors: "Family Given;", without a comma
Year, Month                          issued
Volume, Issue, Pages, Edition        the same
Publisher or Institution, City       publisher, place
DOI, URL, StandardNumber             DOI, URL, ISBN or ISSN
Keywords                             keywords
==================================== ====================================================

Not read: the codes, which quote from the papers, and the reviewers' comments.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..model import Entry, Name
from .json_answers import Answer, is_json, read_answers, text_of
from .latex import unescaped
from .names import family_first
from .plain_work import PlainWork
from .prose import prose
from .source import SourceFile

_LOOKS = re.compile(r'"(?:CodeSets|QuickCitation)"\s*:')
#: EPPI-Reviewer's type -> CSL type; only "Journal, Article" is checked against an export.
_TYPES = {
    "Article In A Periodical": "article-magazine",
    "Book, Chapter": "chapter",
    "Book, Whole": "book",
    "Conference Proceedings": "paper-conference",
    "Dissertation": "thesis",
    "Document From Internet Site": "webpage",
    "Interview": "interview",
    "Journal, Article": "article-journal",
    "Report": "report",
    "Web Site": "webpage",
}
#: A number of Web of Science or PubMed in place of an ISBN or ISSN.
_OF_DATABASE = re.compile(r"[A-Z]+:.*")


def looks_like(head: str) -> bool:
    """True for JSON with a member that only EPPI-Reviewer writes."""
    return is_json(head) and _LOOKS.search(head) is not None


def read(source: SourceFile) -> Iterator[Entry]:
    """Yield one Entry for each reference."""
    return read_answers(
        source, [["References", "item"]], _work, lambda item: text_of(item, "ItemId")
    )


def _work(item: Answer) -> PlainWork:
    number = text_of(item, "StandardNumber").strip()
    return PlainWork(
        type=_TYPES.get(text_of(item, "TypeName"), "document"),
        title=text_of(item, "Title"),
        authors=_names(text_of(item, "Authors")),
        editors=_names(text_of(item, "ParentAuthors")),
        dates=(text_of(item, "Year"),),
        month=text_of(item, "Month"),
        container_title=text_of(item, "ParentTitle"),
        publisher=text_of(item, "Publisher") or text_of(item, "Institution"),
        publisher_place=text_of(item, "City"),
        volume=text_of(item, "Volume"),
        issue=text_of(item, "Issue"),
        page=text_of(item, "Pages"),
        edition=text_of(item, "Edition"),
        doi=text_of(item, "DOI"),
        serials=() if _OF_DATABASE.fullmatch(number) else tuple(filter(None, [number])),
        urls=tuple(filter(None, [text_of(item, "URL")])),
        keywords=tuple(re.split(r"[;\r\n]+", unescaped(text_of(item, "Keywords")))),
        abstract=text_of(item, "Abstract"),
    )


def _names(text: str) -> tuple[Name, ...]:
    return tuple(family_first(name) for part in unescaped(text).split(";") if (name := prose(part)))
