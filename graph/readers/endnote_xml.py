"""EndNote's XML export ("XML (*.xml)"), which Covidence, Rayyan and DistillerSR also accept.

The elements are those of EndNote's RSXML DTD:

============================================= =========================================
element                                       record
============================================= =========================================
ref-type/@name                                type
titles: title, secondary-, tertiary-title     title, venue or series, series
titles/translated-title                       title; then titles/title is the original title
contributors: authors, secondary-authors      authors; editors
dates/year, pub-dates/date                    issued
periodical/full-title, volume, number, pages  venue, volume, issue, pages
publisher, pub-location, edition, isbn        publisher, place, edition, ISBN or ISSN
electronic-resource-num, urls, language       DOI, URL, language
keywords/keyword, work-type                   keywords, kind of work
============================================= =========================================
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from ..csl_types import IN_SERIES
from ..identifiers import normal_doi
from ..model import Entry, Name
from .endnote_tagged import ENDNOTE_TYPES, endnote_names, endnote_titles, has_issue
from .latex import unescaped
from .plain_work import PlainWork
from .source import SourceFile
from .xml_answers import begins_with, read_xml, text_at, texts_at


def looks_like(head: str) -> bool:
    """True for XML with EndNote's root."""
    return begins_with(head, "xml") and "<record" in head


def read(source: SourceFile) -> Iterator[Entry]:
    """Yield one Entry for each record."""
    return read_xml(source, "record", _work, lambda record: text_at(record, "rec-number"))


def _work(record: Element) -> PlainWork:
    kind = record.find("ref-type")
    csl = ENDNOTE_TYPES.get(kind.get("name", "") if kind is not None else "", "document")
    second = text_at(record, "titles/secondary-title")
    third = text_at(record, "titles/tertiary-title")
    number = text_at(record, "number")
    doi = text_at(record, "electronic-resource-num")
    title, original_title = endnote_titles(
        text_at(record, "titles/title"), text_at(record, "titles/translated-title")
    )
    return PlainWork(
        type=csl,
        title=title,
        original_title=original_title,
        authors=_names(record, "contributors/authors/author"),
        editors=_names(record, "contributors/secondary-authors/author"),
        dates=(text_at(record, "dates/year"), text_at(record, "dates/pub-dates/date")),
        month=text_at(record, "dates/pub-dates/date"),
        container_title=""
        if csl in IN_SERIES
        else second or text_at(record, "periodical/full-title", "alt-periodical/full-title"),
        collection_title=second if csl in IN_SERIES else third,
        publisher=text_at(record, "publisher"),
        publisher_place=text_at(record, "pub-location"),
        volume=text_at(record, "volume"),
        issue=number if has_issue(csl) else "",
        number="" if has_issue(csl) else number,
        page=text_at(record, "pages"),
        genre=text_at(record, "work-type"),
        edition=text_at(record, "edition"),
        doi=doi if normal_doi(doi) else "",
        # one element holds several, one per line
        serials=tuple(text for element in record.iterfind("isbn") for text in _lines(element)),
        urls=texts_at(record, "urls/related-urls/url") + texts_at(record, "urls/web-urls/url"),
        language=text_at(record, "language"),
        keywords=tuple(
            part
            for text in texts_at(record, "keywords/keyword")
            for part in unescaped(text).split(";")
        ),
        abstract=text_at(record, "abstract"),
    )


def _lines(element: Element) -> list[str]:
    return "".join(element.itertext()).replace("\r", "\n").split("\n")


def _names(record: Element, path: str) -> tuple[Name, ...]:
    return endnote_names(texts_at(record, path))
