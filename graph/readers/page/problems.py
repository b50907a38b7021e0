"""What is odd about a record page, and what a curator does about it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from ...model import FACETS, Problem, Record
from .blocks import Line, Page
from .field_alignment import UNKNOWN, other_fields
from .vocabulary import SCHEMES, PageVocabulary

#: Field -> what the report calls one value of it.
_NAMES: Mapping[str, str] = {field.name: field.label for field in FACETS} | {
    "languages": "language",
    "organisations": "kind of organisation",
}


def reject(page: Page, file: str, key: str) -> Problem | None:
    """Why a block of text is no record; None where it is one."""
    if page.title is None:
        message = "no title stands before the bullets"
        remedy = "put the title on the first line of the page"
        return Problem("violation", message, remedy, file, page.start, key, "title")
    if not page.bullets and page.citation is None:
        message = "this is no record page: it has neither bullets nor a citation"
        remedy = "add the citation line or the bullets below the title, or take the text out"
        return Problem("violation", message, remedy, file, page.start, key, "citation")
    return None


def bullet_problems(
    page: Page, placed: Sequence[str], file: str, key: str, vocabulary: PageVocabulary
) -> Iterator[Problem]:
    """One problem for each value no vocabulary knows, and for each bullet in doubt."""
    values = [bullet.words for bullet in page.bullets]
    for place, (bullet, field) in enumerate(zip(page.bullets, placed, strict=True)):
        at = (file, bullet.number, key, field)
        if field == UNKNOWN:
            meant = _meant(bullet.words, vocabulary)
            message = f"no field of the page is left for {bullet.words!r}"
            remedy = f"{meant}add the value to the vocabulary it belongs to, or correct the page"
            yield Problem("warning", message, remedy, *at, bullet.words)
            continue
        is_last = place == len(values) - 1
        for value in _unknown(field, bullet, vocabulary):
            ends_page = is_last and bullet.words.endswith(value)
            is_torn = vocabulary.begins(field, value) or value.count("(") > value.count(")")
            message, remedy = (
                _torn(field, value) if ends_page and is_torn else _new(field, value, vocabulary)
            )
            yield Problem("warning", message, remedy, *at, value)
        if twins := other_fields(place, values, placed, vocabulary):
            names = " or ".join(_NAMES[twin] for twin in twins)
            message = f"{bullet.words!r} was read as {_NAMES[field]}; it could also be {names}"
            remedy = "compare the record with its page on the site"
            yield Problem("info", message, remedy, *at, bullet.words)


def page_problems(page: Page, record: Record) -> Iterator[Problem]:
    """What the page as a whole leaves open: two years, no citation, names that stay undivided."""
    source = record.sources[0]
    at = (source.file, page.citation.number if page.citation else source.position, source.key)
    recorded, cited = record.facets.year, record.year
    if recorded is not None and cited is not None and recorded != cited:
        message = f"the citation says {cited}, the page's own field {recorded}; both are kept"
        remedy = "find out which year is right; the year of issue is the citation's"
        yield Problem("info", message, remedy, *at, "year", str(recorded))
    if not (record.authors or record.editors):
        why = "its names could not be divided" if page.citation else "the page has no citation"
        remedy = "add the authors to the catalogue's item by hand"
        words = page.citation.words if page.citation else ""
        yield Problem("info", f"no author: {why}", remedy, *at, "citation", words)


def _unknown(field: str, bullet: Line, vocabulary: PageVocabulary) -> Iterator[str]:
    """The values of a bullet that its field's vocabulary does not hold."""
    words = bullet.words
    if field == "year":
        yield from () if re.fullmatch(r"\d{4}", words) else (words,)
    elif field == "organisations":
        for body in vocabulary.organisations(words):
            if not vocabulary.knows(field, body.kind):
                yield body.kind or body.name
    elif field != "flag":
        for value in vocabulary.split(field, words):
            if not vocabulary.knows(field, value):
                yield value


def _torn(field: str, value: str) -> tuple[str, str]:
    """What is wrong with the value that a page ends in, and the remedy."""
    message = f"the page breaks off in {value!r}: the last value is incomplete"
    return message, f"complete the {_NAMES[field]} from the page on the site"


def _meant(words: str, vocabulary: PageVocabulary, *fields: str) -> str:
    """Which label a misspelt value was meant to be, of these fields or of any; "" if none is."""
    for field in fields or vocabulary.labels:
        for value in vocabulary.split(field, words):
            if label := vocabulary.nearest(field, value):
                return f"did you mean {label}? "
    return ""


def _new(field: str, value: str, vocabulary: PageVocabulary) -> tuple[str, str]:
    """What is wrong with a value that no vocabulary knows, and the remedy."""
    if field == "year":
        return f"{value!r} is not one year", "write the year with four digits"
    if field == "languages":
        remedy = "correct its name, or add it to graph/languages.py"
        return f"the language {value!r} is not known", remedy
    if field == "organisations":
        remedy = "add the kind to ontology/organization-kinds.ttl, or the brackets to the page"
        return f"the organisation has no known kind in brackets: {value!r}", remedy
    remedy = f"add it to ontology/{SCHEMES[field]}.ttl, or as another label of what it means"
    remedy = _meant(value, vocabulary, field) + remedy
    return f"the {_NAMES[field]} {value!r} is in no vocabulary; it is kept as written", remedy
