"""Semantic Scholar: the papers that its Graph API returns (search, batch, one paper).

The mapping follows the API's own description (api.semanticscholar.org, "Academic Graph API",
FullPaper):

================================= ===================================================
Semantic Scholar                  record
================================= ===================================================
title, authors[].name             title, authors
publicationTypes, journal, venue  type
publicationDate, year             issued
journal.name, publicationVenue    venue
journal.volume                    volume, issue ("7 2")
journal.pages                     pages
externalIds.DOI, .ArXiv           DOI, URL
publicationVenue.issn             ISSN
================================= ===================================================

The URL is that of Semantic Scholar's own page only if the paper has no DOI or arXiv number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..identifiers import eprint_url
from ..model import Entry
from .json_answers import Answer, is_json, many, one, read_answers, text_of
from .names import in_reading_order
from .plain_work import PlainWork
from .prose import prose
from .source import SourceFile

_LOOKS = re.compile(r'"paperId"\s*:\s*"[0-9a-f]{40}"')
#: publicationTypes -> CSL type; the first known one counts.
_TYPES = {
    "Book": "book",
    "BookSection": "chapter",
    "Conference": "paper-conference",
    "Dataset": "dataset",
    "JournalArticle": "article-journal",
    "Review": "article-journal",
}
_PATHS = (("data", "item"), ("item",), ())


def looks_like(head: str) -> bool:
    """True for JSON with the id of a Semantic Scholar paper."""
    return is_json(head) and _LOOKS.search(head) is not None


def read(source: SourceFile) -> Iterator[Entry]:
    """Yield one Entry for each paper in a response, a list, or JSON lines."""
    return read_answers(source, _PATHS, _work, lambda item: text_of(item, "paperId"))


def _work(item: Answer) -> PlainWork:
    venue, journal = one(item, "publicationVenue"), one(item, "journal")
    kinds = [_TYPES[kind] for kind in map(str, many(item, "publicationTypes")) if kind in _TYPES]
    # papers in proceedings are also called journal articles
    csl = "paper-conference" if "paper-conference" in kinds else next(iter(kinds), "document")
    if text_of(venue, "type") == "conference" and csl == "article-journal":
        csl = "paper-conference"
    volume, _, issue = text_of(journal, "volume").partition(" ")
    container = text_of(journal, "name") or text_of(venue, "name") or text_of(item, "venue")
    arxiv = eprint_url(text_of(item, "externalIds", "ArXiv"))
    doi = text_of(item, "externalIds", "DOI")
    own = "" if doi or arxiv else text_of(item, "url")
    return PlainWork(
        type="article" if csl == "document" and arxiv else csl,
        title=text_of(item, "title"),
        authors=tuple(
            in_reading_order(name)
            for author in many(item, "authors")
            if (name := prose(text_of(author, "name")))
        ),
        dates=(text_of(item, "publicationDate"), text_of(item, "year")),
        container_title="" if container.casefold().startswith("arxiv") else container,
        volume=volume if not volume.startswith("abs/") else "",
        issue=issue.strip("() "),
        page=text_of(journal, "pages"),
        doi=doi,
        serials=tuple(filter(None, (text_of(venue, "issn"),))),
        urls=tuple(filter(None, (arxiv, own))),
        abstract=text_of(item, "abstract"),
    )
