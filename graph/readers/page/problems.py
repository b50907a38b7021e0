"""Problems with a record page, and how a curator can solve them."""

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
    """Why a block of text is not a record page; None if it is one."""
    if page.title is None:
        message = "there is no title before the bullets"
        remedy = "Put the title on the first line of the page."
        return Problem("violation", message, remedy, file, page.start, key, "title")
    if not page.bullets and page.citation is None:
        message = "this is not a record page: it has neither bullets nor a citation"
        remedy = "Add the citation or the bullets below the title, or remove the text."
        return Problem("violation", message, remedy, file, page.start, key, "citation")
    return None


def bullet_problems(
    page: Page, placed: Sequence[str], file: str, key: str, vocabulary: PageVocabulary
) -> Iterator[Problem]:
    """Yield a problem for each value that is in no vocabulary, and for each bullet in doubt."""
    values = [bullet.words for bullet in page.bullets]
    for place, (bullet, field) in enumerate(zip(page.bullets, placed, strict=True)):
        at = (file, bullet.number, key, field)
        if field == UNKNOWN:
            meant = _meant(bullet.words, vocabulary)
            message = f"{bullet.words!r} fits no remaining field of the page"
            remedy = f"{meant}Add the value to the vocabulary it belongs to, or correct the page."
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
            remedy = "Compare the record with its page on the site."
            yield Problem("info", message, remedy, *at, bullet.words)


def page_problems(page: Page, record: Record) -> Iterator[Problem]:
    """Problems of the page as a whole: two years, no citation, names that could not be split."""
    source = record.sources[0]
    at = (source.file, page.citation.number if page.citation else source.position, source.key)
    recorded, cited = record.facets.year, record.year
    if recorded is not None and cited is not None and recorded != cited:
        message = f"the citation says {cited}, the page's year field {recorded}; both are kept"
        remedy = "Find out which year is right; the citation's is the year of publication."
        yield Problem("info", message, remedy, *at, "year", str(recorded))
    if not (record.authors or record.editors):
        why = "its names could not be split" if page.citation else "the page has no citation"
        remedy = "Add the authors to the work in works.json."
        words = page.citation.words if page.citation else ""
        yield Problem("info", f"no author: {why}", remedy, *at, "citation", words)


def _unknown(field: str, bullet: Line, vocabulary: PageVocabulary) -> Iterator[str]:
    """The values of a bullet that are not in its field's vocabulary."""
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
    """The message and the remedy for an incomplete last value."""
    message = f"the page breaks off in {value!r}: the last value is incomplete"
    return message, f"Complete the {_NAMES[field]} from the page on the site."


def _meant(words: str, vocabulary: PageVocabulary, *fields: str) -> str:
    """A hint at the label that a misspelt value was meant to be; "" if there is none."""
    for field in fields or vocabulary.labels:
        for value in vocabulary.split(field, words):
            if label := vocabulary.nearest(field, value):
                return f"Did you mean {label}? "
    return ""


def _new(field: str, value: str, vocabulary: PageVocabulary) -> tuple[str, str]:
    """The message and the remedy for a value that is in no vocabulary."""
    if field == "year":
        return f"{value!r} is not a single year", "Write the year with four digits."
    if field == "languages":
        remedy = "Correct its name, or add it to graph/languages.py."
        return f"unknown language {value!r}", remedy
    if field == "organisations":
        remedy = "Add the kind to ontology/organization-kinds.ttl, or in brackets to the page."
        return f"the organisation has no known kind in brackets: {value!r}", remedy
    remedy = f"Add it to ontology/{SCHEMES[field]}.ttl, as a concept or as another label of one."
    remedy = _meant(value, vocabulary, field) + remedy
    return f"the {_NAMES[field]} {value!r} is not in the vocabulary; it is kept as written", remedy
