"""arXiv: the Atom feed that its API returns.

The mapping follows arXiv's own description (info.arxiv.org/help/api/user-manual.html, "Details of
Atom Results Returned"):

==================== =======================================================
arXiv                record
==================== =======================================================
title, author/name   title, authors
published            issued (the date of the first version)
arxiv:doi            a note that a journal has published it, as a separate work
id                   URL, without the version number
==================== =======================================================

Not read: journal_ref (free text), the categories (arXiv's classification) and comments.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from xml.etree.ElementTree import Element

from ..model import Entry
from .names import in_reading_order
from .plain_work import PlainWork
from .prose import prose
from .source import SourceFile
from .values import problem
from .xml_answers import begins_with, read_xml, text_at, texts_at

_VERSION = re.compile(r"v\d+$")


def looks_like(head: str) -> bool:
    """True for an arXiv Atom feed."""
    return begins_with(head, "feed") and "arxiv.org/" in head


def read(source: SourceFile) -> Iterator[Entry]:
    """Yield one Entry for each paper of a feed."""
    printed: dict[str, str] = {}

    def work(entry: Element) -> PlainWork:
        printed[_number(entry)] = text_at(entry, "doi")
        return _work(entry)

    for entry in read_xml(source, "entry", work, _number):
        doi = printed.pop(entry.source.key, "")
        yield _with_word(entry, doi) if doi and entry.record else entry


def _with_word(entry: Entry, doi: str) -> Entry:
    """The entry of a paper, with a note that a journal has published it."""
    remedy = "Import the article too; the paper is then linked to it as an earlier version."
    message = f"a journal has published this paper as {doi[:200]}"
    word = problem(entry.source, "info", message, remedy, "doi", doi)
    return replace(entry, problems=(*entry.problems, word))


def _number(entry: Element) -> str:
    return _VERSION.sub("", text_at(entry, "id").rpartition("/abs/")[2])


def _work(entry: Element) -> PlainWork:
    number = _number(entry)
    return PlainWork(
        type="article",
        title=text_at(entry, "title"),
        authors=tuple(in_reading_order(prose(name)) for name in texts_at(entry, "author/name")),
        dates=(text_at(entry, "published"),),
        urls=(f"https://arxiv.org/abs/{number}",) if number else (),
        abstract=text_at(entry, "summary"),
    )
