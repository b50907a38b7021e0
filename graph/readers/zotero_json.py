"""Zotero's own JSON: the items that its web API returns, also as saved by other programs.

The fields are those of Zotero's schema (api.zotero.org/schema), under "data" or by themselves:

================================== ===========================================================
field                              record
================================== ===========================================================
itemType                           the type; attachments and notes are skipped
title, shortTitle                  title; the short one is not read
creators                           authors and editors: two parts, or one that is not split
date                               issued
publicationTitle, bookTitle, …     venue
conferenceName                     event
series, seriesTitle                series
publisher, university, institution publisher
volume, issue, pages, edition      the same
number, reportNumber, seriesNumber number
DOI, ISBN, ISSN, url, language     the same; a DOI also from "extra"
tags                               keywords, automatic ones (type 1) too
================================== ===========================================================
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..model import Entry, Name
from .json_answers import Answer, is_json, many, one, read_answers, text_of
from .names import person_of
from .notes import doi_of_note
from .plain_work import PlainWork
from .prose import prose
from .source import SourceFile
from .zotero_rdf import NO_AUTHORS, NO_WORKS, ZOTERO_TYPES

_LOOKS = re.compile(r'"itemType"\s*:\s*"[a-zA-Z]+"')
_PATHS = (("items", "item"), ("item",), ())
#: Zotero's names for one field in items of different types; the first that is filled counts.
_VENUE = "publicationTitle bookTitle proceedingsTitle encyclopediaTitle dictionaryTitle"
_VENUE += " websiteTitle blogTitle forumTitle"
_PUBLISHER = "publisher university institution repository company studio network label"
_NUMBER = "number reportNumber patentNumber archiveID seriesNumber"
_GENRE = "genre thesisType reportType manuscriptType type"


def looks_like(head: str) -> bool:
    """True for JSON with a Zotero item."""
    return is_json(head) and _LOOKS.search(head) is not None


def read(source: SourceFile) -> Iterator[Entry]:
    """Yield one Entry for each item that is a work, in a list or JSON lines."""
    return read_answers(source, _PATHS, _work, _key, _is_work)


def _is_work(item: Answer) -> bool:
    """False for an attachment or a note; those inside a work do not count."""
    return text_of(_data(item), "itemType") not in NO_WORKS


def _key(item: Answer) -> str:
    data = _data(item)
    return text_of(data, "citationKey") or text_of(data, "key") or text_of(data, "itemKey")


def _data(item: Answer) -> Answer:
    return one(item, "data") or item


def _work(item: Answer) -> PlainWork:
    data = _data(item)

    def first(names: str) -> str:
        return next(filter(None, (text_of(data, name) for name in names.split())), "")

    return PlainWork(
        type=ZOTERO_TYPES.get(first("itemType"), "document"),
        title=first("title caseName nameOfAct subject"),
        authors=_names(data, is_editor=False),
        editors=_names(data, is_editor=True),
        dates=(first("date dateDecided dateEnacted issueDate"),),
        container_title=first(_VENUE),
        collection_title=first("series seriesTitle"),
        event_title=first("conferenceName meetingName"),
        publisher=first(_PUBLISHER),
        publisher_place=first("place"),
        volume=first("volume"),
        issue=first("issue"),
        page=first("pages"),
        number=first(_NUMBER),
        genre=first(_GENRE),
        edition=first("edition"),
        doi=first("DOI") or doi_of_note(first("extra")),
        serials=tuple(filter(None, (first("ISBN"), first("ISSN")))),
        urls=tuple(filter(None, (first("url"),))),
        language=first("language"),
        keywords=tuple(text_of(tag, "tag") for tag in many(data, "tags")),
        abstract=first("abstractNote"),
    )


def _names(data: Answer, is_editor: bool) -> tuple[Name, ...]:
    """The editors, or the work's authors in any role; not translators, contributors and so on."""
    creators = [each for each in many(data, "creators") if text_of(each, "creatorType")]
    return tuple(
        name
        for each in creators
        if (role := text_of(each, "creatorType")) not in NO_AUTHORS
        and (role == "editor") == is_editor
        and (name := _name(each))
    )


def _name(creator: Any) -> Name | None:
    family, given, whole = (
        prose(text_of(creator, part)) for part in ("lastName", "firstName", "name")
    )
    if family and given:
        return person_of(family, given)
    whole = whole or family or given
    return Name(literal=whole) if whole else None
