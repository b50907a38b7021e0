"""OpenURL: a work as a context object (ANSI/NISO Z39.88) in the title of a COinS span.

Reference managers without unAPI support, and library software, read works from it
(https://en.wikipedia.org/wiki/COinS). The kind of a work decides which key/encoded-value format is
used, and which keys hold its title and its container's title.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote_plus

from ...graph.index.works import Work
from ...graph.model import Record


@dataclass(frozen=True, slots=True)
class Form:
    """How works of one kind are written."""

    #: The last part of the format's name.
    format: str
    genre: str
    title: str
    container: str = ""


_JOURNAL = Form("journal", "article", "atitle", "jtitle")
#: CSL type -> form; all other types use Dublin Core.
_FORMS = {
    "article-journal": _JOURNAL,
    "article-magazine": _JOURNAL,
    "article-newspaper": _JOURNAL,
    "book": Form("book", "book", "btitle"),
    "chapter": Form("book", "bookitem", "atitle", "btitle"),
    "paper-conference": Form("book", "proceeding", "atitle", "btitle"),
    "report": Form("book", "report", "btitle"),
    "thesis": Form("dissertation", "", "title"),
}
_OTHER = Form("dc", "", "title", "source")
#: Kind of publication in the index -> its CSL type.
_TYPES = {
    "Journal article": "article-journal",
    "Book": "book",
    "Proceedings": "book",
    "Chapter": "chapter",
    "Conference paper": "paper-conference",
    "Report": "report",
    "Thesis": "thesis",
}
#: The most authors to include: a span is not a bibliography.
_AUTHORS = 10


def of_work(work: Work, iri: str) -> str:
    """The context object of a work as a list shows it."""
    kinds = (value for facet, _, value, _ in work.facets if facet == "kind")
    form = _FORMS.get(_TYPES.get(next(kinds, ""), ""), _OTHER)
    pairs = [
        (form.title, work.title),
        (form.container, work.venue),
        ("date", str(work.year or "")),
        *_names(form, work.authors),
    ]
    return _written(form, iri, work.doi, pairs)


def of_record(record: Record, iri: str) -> str:
    """The context object of a work, with all bibliographic details of its record."""
    form = _FORMS.get(record.type, _OTHER)
    first, _, last = record.page.partition("-")
    pairs = [
        (form.title, record.title),
        (form.container, record.container_title),
        ("date", "-".join(f"{n:02d}" for n in record.issued)),
        *_names(form, [name.inverted for name in record.authors]),
    ]
    if form.format in ("journal", "book"):
        pairs += [("issn", issn) for issn in record.issn[:1]]
        pairs += [("spage", first), ("epage", last)]
    if form.format == "journal":
        pairs += [("volume", record.volume), ("issue", record.issue)]
    if form.format == "book":
        pairs += [("isbn", isbn) for isbn in record.isbn[:1]]
        pairs += [("pub", record.publisher), ("place", record.publisher_place)]
    if form.format == "dissertation":
        pairs += [("inst", record.publisher)]
    return _written(form, iri, record.doi, pairs)


def _names(form: Form, authors: Sequence[str]) -> Iterator[tuple[str, str]]:
    key = "creator" if form is _OTHER else "au"
    return ((key, name) for name in authors[:_AUTHORS])


def _written(form: Form, iri: str, doi: str, pairs: list[tuple[str, str]]) -> str:
    context = [
        ("ctx_ver", "Z39.88-2004"),
        ("rft_val_fmt", f"info:ofi/fmt:kev:mtx:{form.format}"),
        ("rft_id", f"info:doi/{doi}" if doi else ""),
        ("rft_id", iri),
        ("rft.genre", form.genre),
        *((f"rft.{key}", value) for key, value in pairs if key),
    ]
    return "&".join(f"{key}={quote_plus(value)}" for key, value in context if value)
