"""A work described in plain text, and the record made from it: for formats with fields.

A reader of API responses or tagged lines fills in a ``PlainWork`` by its own mapping. The values
are normalised here, in the same way for all formats.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Any

from ..model import RETRACTED, Entry, Facets, Name, Record, Source
from .prose import prose
from .values import Checked, distinct, pages, reject, words


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainWork:
    """A source's words, under CSL's names for them; "" if there are none."""

    #: A CSL type.
    type: str = "document"
    title: str = ""
    subtitle: str = ""
    original_title: str = ""
    #: Their ORCID iDs are as the source has them.
    authors: tuple[Name, ...] = ()
    #: The authors' ORCID iDs, if they are beside the names, not with them.
    orcids: str = ""
    more_authors: bool = False
    editors: tuple[Name, ...] = ()
    #: The first with a year counts; another of the same year may add month and day.
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
    #: ISBNs and ISSNs, told apart by their form.
    serials: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    language: str = ""
    is_retracted: bool = False
    keywords: tuple[str, ...] = ()
    #: Read for annotation, never kept.
    abstract: str = ""


#: No title or list of names is longer: articles on experiments have up to a few thousand authors.
_LONGEST = 1_000_000
_TEXTS = (
    "original_title container_title collection_title event_title publisher publisher_place volume "
    "issue number genre edition"
).split()


def plain_entry(work: PlainWork, where: Source, text: str) -> Entry:
    """The entry of a work, or a reject if it has no title; ``text`` is what it was read from."""
    values = (getattr(work, field.name) for field in fields(PlainWork))
    if max(len(str(value)) for value in values) > _LONGEST:
        fault = f"a value is longer than {_LONGEST:,} characters"
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
        authors=_identified(work, checked),
        more_authors=work.more_authors,
        editors=_with_orcids(work.editors, checked),
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


def _identified(work: PlainWork, checked: Checked) -> tuple[Name, ...]:
    if work.orcids:
        return checked.identified(work.authors, work.orcids, "ORCID")
    return _with_orcids(work.authors, checked)


def _with_orcids(names: Iterable[Name], checked: Checked) -> tuple[Name, ...]:
    """The names, whose ORCID iDs are as the source has them, with those that are right."""
    return tuple(
        replace(name, orcid=checked.orcid(name.orcid, "ORCID")) if name.orcid else name
        for name in names
    )


def _stated(work: PlainWork) -> tuple[tuple[str, str], ...]:
    said = (
        ("author", "; ".join(name.inverted for name in work.authors)),
        ("title", work.title),
        ("date", next(filter(None, map(words, work.dates)), "")),
        ("doi", work.doi),
    )
    return tuple((field, words(text)) for field, text in said if words(text))
