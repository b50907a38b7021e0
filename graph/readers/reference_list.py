"""The reader of plain reference lists: one citation a line, numbered or bulleted or neither."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..errors import UnreadableFile
from ..model import Entry, Problem, Record, Source
from .checked import words
from .citation import Citation, parse
from .fields import problem, reject
from .source import SourceFile

__all__ = [
    "looks_like",
    "read",
]


#: "[1] ", "(1) ", "1. ", "1) ", "1<TAB>", "• ", "- ".
_MARK = re.compile(r"\A(?:\[\d{1,5}\]|\(\d{1,4}\)|\d{1,4}(?:[.)](?=\s)|\t)|[•◦▪‣*·–—-](?=\s))\s*")
#: A year as citations give it: in brackets, or after a comma or full stop.
_YEAR = re.compile(r"\((?:c\.?\s*)?(?:19|20)\d\d[a-z]?\b|[.,]\s*(?:19|20)\d\d[a-z]?[.,)]")
#: Longer than any citation, so that a line which is none cannot hold the parser up.
_LONGEST = 3_000
_REMEDY = 'Write it as "Author, A. (2017), Title, Journal, Vol. 1, No. 2, pp. 3-4", and try again.'


def looks_like(head: str) -> bool:
    """True for a text whose lines are, most of them, citations with a year."""
    lines = [line for line in head.split("\n")[:200] if _is_entry(line)]
    years = [line for line in lines if _YEAR.search(line) and 30 < len(line) < _LONGEST]
    return bool(years) and len(years) * 2 > len(lines)


def read(source: SourceFile) -> Iterator[Entry]:
    """One Entry for each line that is not blank and no comment ("# …").

    What a line does not say plainly stays empty, with a warning where it is a field every work
    has; a line in which no title is found is a reject. The key is the citation's number in the
    list. Raises UnreadableFile where the file has no line at all.
    """
    number = 0
    for position, line in enumerate(source.lines(), 1):
        if _is_entry(line):
            number += 1
            yield _entry(line.rstrip("\n"), Source(source.name, str(number), position))
    if not number:
        raise UnreadableFile(f"{source.name}: no line here; give one citation a line")


def _is_entry(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _entry(text: str, where: Source) -> Entry:
    citation = words(_MARK.sub("", text.strip(), count=1))
    if len(citation) > _LONGEST:
        fault = f"the line has {len(citation):,} characters, too many for a citation"
        return reject(where, text, fault, "Give each citation a line of its own.")
    found = parse(citation)
    if not re.search(r"[^\W\d_]", found.title):
        fault = "no title can be told from the rest of the line"
        return reject(where, text, fault, _REMEDY)
    where = Source(where.file, where.key, where.position, (("citation", citation),))
    return Entry(where, text, _record(found, where), tuple(_problems(found, citation, where)))


def _record(found: Citation, where: Source) -> Record:
    imprint = found.publication_details
    return Record(
        title=found.title,
        type=imprint.type,
        authors=found.authors,
        more_authors=found.more_authors,
        editors=found.editors,
        issued=found.issued,
        container_title=imprint.container_title,
        collection_title=imprint.collection_title,
        event_title=imprint.event_title,
        publisher=imprint.publisher,
        publisher_place=imprint.publisher_place,
        volume=imprint.volume,
        issue=imprint.issue,
        page=imprint.page,
        number=imprint.number,
        genre=imprint.genre,
        doi=imprint.doi,
        isbn=imprint.isbn,
        url=imprint.url,
        sources=(where,),
    )


def _problems(found: Citation, citation: str, where: Source) -> Iterator[Problem]:
    """What the line did not say plainly enough."""
    unsure = {
        "author": not (found.authors or found.editors or found.more_authors),
        "year": not found.issued,
        "venue": not (
            found.publication_details.container_title or found.publication_details.publisher
        )
        and not (
            found.publication_details.collection_title
            or found.publication_details.url
            or found.publication_details.doi
        ),
    }
    for field, is_unsure in unsure.items():
        if is_unsure:
            message = f"no {field} can be told from the rest of the line; it is left empty"
            yield problem(where, "warning", message, _REMEDY, field, citation)
