"""Records as RIS: one tag per line; as the format requires, lines end with CR LF, entries with ER.

The tags are those that Zotero writes and EndNote reads. All bibliographic fields and the keywords
survive, except:

- types for which RIS has no TY, which come back as documents;
- the event of a work that is not a conference paper;
- the status of a work with a date, unless it is retracted;
- ORCID iDs, facets other than keywords, sources and agents.

Spaces are collapsed, so that no value can begin a line. A semicolon would split keywords and names:
in keywords it becomes a comma, in names it is left out. A family name without a given name comes
back as a whole name, and "others" as more authors. RIS has one title per work, so an original title
is a note ("Original title: …"). ISBN and ISSN share one SN.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ..csl_types import names_of
from ..edtf import other_information
from ..fields import Field
from ..identifiers import normal_isbn, normal_issn
from ..model import FIELDS, RETRACTED, Name, Record
from ..ris import ORIGINAL, SERIES_TYPES

#: The fields that are written separately, because their tag or their place varies.
_ELSEWHERE = frozenset(
    {"title", "original_title", "container_title", "collection_title", "event_title", "status"}
)


def write(records: Iterable[Record]) -> Iterator[str]:
    """Yield one entry for each record."""
    for record in records:
        lines = (f"{tag}  - {' '.join(text.split())}" for tag, text in _lines(record))
        yield "\r\n".join([*lines, "ER  - ", "", ""])


def _lines(record: Record) -> Iterator[tuple[str, str]]:
    """Yield the tags and values, in the order to write them; only C3 and IS can be empty."""
    yield "TY", names_of(record.type).ris.partition(" ")[0] or "GEN"
    yield "ID", record.id
    for name in record.authors:
        yield "AU", _name(name)
    if record.more_authors:
        yield "AU", "et al."
    for name in record.editors:
        yield "ED", _name(name)
    yield "TI", record.title
    if record.original_title:
        # not TT: some programs read it as a second title of the work, or as a short title
        yield "N1", f"{ORIGINAL}{record.original_title}"
    yield from _dates(record)
    yield from _containers(record)
    for field in FIELDS:
        if field.name not in _ELSEWHERE:
            yield from _tagged(field, record)
    yield from (("KW", _keyword(keyword)) for keyword in record.facets.keywords)


def _tagged(field: Field, record: Record) -> Iterator[tuple[str, str]]:
    if field.name == "isbn" and (serials := record.isbn + record.issn):
        yield field.ris, "; ".join(serials)  # programs read only one SN
    value = getattr(record, field.name)
    if field.name == "genre" and record.status == RETRACTED:
        value = "; ".join(filter(None, (value, RETRACTED.title())))  # as Scopus has it
    if not value or field.kind == "texts":
        return
    if field.name == "page":
        yield from _pages(value)
    elif field.name == "number" and record.type == "report" and not _is_serial(value):
        yield "SN", value
    else:
        if field.name == "number" and record.type.startswith("article") and not record.issue:
            yield "IS", ""  # otherwise M1 would be read as the issue
        yield field.ris, value


def _name(name: Name) -> str:
    """Write "Family, Given, Suffix"; a comma in a body's name is doubled, as in EndNote."""
    if name.literal:
        text = name.literal.replace(",", ",,")
    else:
        family = f"{name.particle} {name.family}".strip()
        text = ", ".join(part for part in (family, name.given, name.suffix) if part)
    return text.replace(";", "")


def _dates(record: Record) -> Iterator[tuple[str, str]]:
    if not record.issued:
        if record.status:
            yield "PY", record.status
        return
    year, *rest = (f"{part:02d}" for part in record.issued)
    year = year.zfill(4)
    yield "PY", year
    if record.issued_edtf:
        yield "DA", "/".join([year, *[*rest, "", ""][:2], other_information(record.issued_edtf)])
    elif rest:
        yield "DA", "/".join([year, *rest])


def _containers(record: Record) -> Iterator[tuple[str, str]]:
    """Yield the container, series and event of a work, under the tags for its type."""
    container, series = record.container_title, record.collection_title
    if record.type in SERIES_TYPES:
        names = [("JF", container), ("T2", series)]
    elif record.type == "paper-conference":
        # An empty C3 says that T2 is an event, not a container.
        if record.event_title or container:
            yield "C3", container
        names = [("T2", record.event_title), ("T3", series)]
    else:
        names = [("T2", container), ("T3", series)]
    yield from ((tag, text) for tag, text in names if text)


def _pages(page: str) -> Iterator[tuple[str, str]]:
    range_ = re.fullmatch(r"([^\s-]+)-([^\s-]+)", page)
    if range_ and range_[1] != range_[2]:
        yield "SP", range_[1]
        yield "EP", range_[2]
    else:
        yield "SP", page


def _is_serial(number: str) -> bool:
    return any(normal_isbn(part) or normal_issn(part) for part in re.split(r"[,;/\s]", number))


def _keyword(keyword: str) -> str:
    """Write a keyword; if it contains commas, with a semicolon at its end, so it is not split."""
    text = keyword.replace(";", ",")
    return f"{text};" if "," in text else text
