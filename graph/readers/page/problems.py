"""What is odd about a record page, and what a curator does about it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from ...model import FACETS, Problem, Record
from .blocks import Line, Page
from .field_alignment import UNKNOWN, other_fields
from .vocabulary import SCHEMES, PageVocabulary

__all__ = [
    "bullet_problems",
    "page_problems",
    "reject",
]


#: Field -> what the report calls one value of it.
_NAMES: Mapping[str, str] = MappingProxyType(
    {field.name: field.label for field in FACETS}
    | {"languages": "language", "organisations": "kind of organisation"}
)


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
            yield Problem(
                "warning",
                f"no field of the page is left for {bullet.words!r}",
                f"{_meant(bullet.words, vocabulary)}add the value to the vocabulary it belongs to, "
                "or correct the page",
                *at,
                bullet.words,
            )
            continue
        is_last = place == len(values) - 1
        for value in _unknown(field, bullet, vocabulary):
            ends_page = is_last and bullet.words.endswith(value)
            is_torn = ends_page and _is_torn(field, value, vocabulary)
            yield _torn(field, value, at) if is_torn else _not_known(field, value, at, vocabulary)
        if twins := other_fields(place, values, placed, vocabulary):
            names = " or ".join(_NAMES[twin] for twin in twins)
            yield Problem(
                "info",
                f"{bullet.words!r} was read as {_NAMES[field]}; it could also be {names}",
                "compare the record with its page on the site",
                *at,
                bullet.words,
            )


def page_problems(page: Page, record: Record) -> Iterator[Problem]:
    """What the page as a whole leaves open: two years, no citation, names that stay undivided."""
    source = record.sources[0]
    line = page.citation.number if page.citation else source.position
    recorded, cited = record.facets.year, record.year
    if recorded is not None and cited is not None and recorded != cited:
        yield Problem(
            "info",
            f"the citation says {cited}, the page's own field {recorded}; both are kept",
            "find out which year is right; the year of issue is the citation's",
            source.file,
            line,
            source.key,
            "year",
            str(recorded),
        )
    if not (record.authors or record.editors):
        why = "its names could not be divided" if page.citation else "the page has no citation"
        yield Problem(
            "info",
            f"no author: {why}",
            "add the authors to the catalogue's item by hand",
            source.file,
            line,
            source.key,
            "citation",
            page.citation.words if page.citation else "",
        )


_At = tuple[str, int, str, str]


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


def _is_torn(field: str, value: str, vocabulary: PageVocabulary) -> bool:
    return vocabulary.begins(field, value) or value.count("(") > value.count(")")


def _torn(field: str, value: str, at: _At) -> Problem:
    return Problem(
        "warning",
        f"the page breaks off in {value!r}: the last value is incomplete",
        f"complete the {_NAMES[field]} from the page on the site",
        *at,
        value,
    )


def _meant(words: str, vocabulary: PageVocabulary, *fields: str) -> str:
    """Which label a misspelt value was meant to be, of these fields or of any; "" if none is."""
    for field in fields or vocabulary.labels:
        for value in vocabulary.split(field, words):
            if label := vocabulary.nearest(field, value):
                return f"did you mean {label}? "
    return ""


def _not_known(field: str, value: str, at: _At, vocabulary: PageVocabulary) -> Problem:
    if field == "year":
        message, remedy = f"{value!r} is not one year", "write the year with four digits"
    elif field == "languages":
        message = f"the language {value!r} is not known"
        remedy = "correct its name, or add it to graph/languages.py"
    elif field == "organisations":
        message = f"the organisation has no known kind in brackets: {value!r}"
        remedy = "add the kind to ontology/organization-kinds.ttl, or the brackets to the page"
    else:
        message = f"the {_NAMES[field]} {value!r} is in no vocabulary; it is kept as written"
        remedy = f"add it to ontology/{SCHEMES[field]}.ttl, or as another label of what it means"
        remedy = _meant(value, vocabulary, field) + remedy
    return Problem("warning", message, remedy, *at, value)
