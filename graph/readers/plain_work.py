"""What a source says of a work in plain text, and the record it makes: for formats with fields.

A reader of an API's answers or of tagged lines fills a ``PlainWork`` from its own table; the values
get their normal form here, in one way for all.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from ..model import RETRACTED, Entry, Facets, Name, Record, Source
from .prose import prose
from .values import Checked, distinct, pages, reject, words


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainWork:
    """The words of a source, under the names that CSL has for them; "" where it has none."""

    #: A CSL type.
    type: str = "document"
    title: str = ""
    subtitle: str = ""
    original_title: str = ""
    authors: tuple[Name, ...] = ()
    more_authors: bool = False
    editors: tuple[Name, ...] = ()
    #: The first that has a year counts, with month and day where another has them.
    dates: tuple[str, ...] = ()
    #: A month and day beside a year.
    month: str = ""
    container_title: str = ""
    collection_title: str = ""
    event_title: str = ""
    publisher: str = ""
    publisher_place: str = ""
    volume: str = ""
    issue: str = ""
    page: str = ""
    last_page: str = ""
    number: str = ""
    genre: str = ""
    edition: str = ""
    doi: str = ""
    #: ISBNs and ISSNs, known by their form.
    serials: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    language: str = ""
    is_retracted: bool = False
    keywords: tuple[str, ...] = ()
    #: Read for what the work studies, never kept.
    abstract: str = ""


#: No title and no list of names is longer: articles of experiments have a few thousand authors.
_LONGEST = 1_000_000
_TEXTS = (
    "original_title container_title collection_title event_title publisher publisher_place volume "
    "issue number genre edition"
).split()


def plain_entry(work: PlainWork, where: Source, text: str) -> Entry:
    """The entry of a work, a reject where it has no title; ``text`` is what it was read from."""
    values = (getattr(work, field.name) for field in fields(PlainWork))
    if max(len(str(value)) for value in values) > _LONGEST:
        fault = f"a value has more than {_LONGEST:,} characters"
        return reject(where, text, fault, "Shorten the value and import the entry again.")
    checked = Checked(where)
    title = checked.title(work.title, "title")
    if not title:
        remedy = "Give the entry a title and import it again."
        return reject(where, text, "no title", remedy, checked.problems)
    if subtitle := prose(work.subtitle):
        title += f": {subtitle}"
    issued, issued_edtf = checked.issued(work.dates, "date", work.month)
    isbn, issn = checked.serials(work.serials, "ISSN")
    texts: dict[str, Any] = {name: prose(getattr(work, name)) for name in _TEXTS}
    record = Record(
        **texts,
        title=title,
        type=work.type,
        authors=work.authors,
        more_authors=work.more_authors,
        editors=work.editors,
        issued=issued,
        issued_edtf=issued_edtf,
        status=RETRACTED if work.is_retracted else checked.status(work.dates),
        page=pages(work.page, work.last_page),
        doi=checked.doi(work.doi, "DOI", work.urls),
        isbn=isbn,
        issn=issn,
        url=checked.url(work.urls, "URL"),
        language=checked.language(work.language),
        facets=Facets(keywords=distinct(map(prose, work.keywords))),
        sources=(Source(where.file, where.key, where.position, _stated(work)),),
    )
    return Entry(where, text, record, tuple(checked.problems), work.abstract)


def _stated(work: PlainWork) -> tuple[tuple[str, str], ...]:
    said = (
        ("author", "; ".join(name.inverted for name in work.authors)),
        ("title", work.title),
        ("date", next(filter(None, map(words, work.dates)), "")),
        ("doi", work.doi),
    )
    return tuple((field, words(text)) for field, text in said if words(text))
