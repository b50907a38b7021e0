"""Slips: what people often write in a query that does not parse, and how to write it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .guard import TOKEN

_CURLY = re.compile("[\u201c\u201d\u201e\u2018\u2019\u201a]")
_BARE_IRI = re.compile(r"(?<![\w:])https?://[^\s<>\"{}|^`\\]*", re.IGNORECASE)
_NEGATIVE = re.compile(r"\b(LIMIT|OFFSET)\s+-", re.IGNORECASE)
#: An aggregate at the end of a text, or its name.
_AGGREGATE = re.compile(
    r"\b(COUNT|SUM|AVG|MIN|MAX|SAMPLE|GROUP_CONCAT)\s*(\([^()]*+\)\s*)?$", re.IGNORECASE
)
#: What a group of patterns is made of. Each alternative runs on to its end without looking back
#: ("*+"), so that a text of n characters needs some n steps.
_PART = re.compile(
    r"""
      (?P<term>  \x00++(?:@[\w-]++|\^\^(?:\x00++|[\w-]*+:[\w.-]*+))?
               | [?$]\w++ | (?:[A-Za-z](?:[\w-]|\.(?=\w))*+)?+:(?:[\w:%-]|\.(?=[\w:%-]))*+
               | [+-]?\d++(?:\.\d++)? | \b(?:a|true|false)(?![\w-]|\.\w))
    | (?P<path>  [/|])
    | (?P<modifier> [*+?^!])
    | (?P<next>  ;)
    | (?P<more>  ,)
    | (?P<end>   [.{}])
    | (?P<other> \w(?:[\w-]|\.(?=\w))*+|\S)
    """,
    re.VERBOSE,
)
#: Values in a row are no pattern.
_VALUES = re.compile(r"\bVALUES\s+[?$]\w+\s*\{[^{}]*+\}", re.IGNORECASE)
#: The terms of a pattern.
_WHOLE = 3


@dataclass(frozen=True, slots=True)
class Slip:
    """Where a slip begins in a text, and how to correct it."""

    place: int
    hint: str


def slip(text: str, failed: int) -> Slip | None:
    """The first slip of a query that an engine failed to parse, at a place in it, or None.

    >>> slip("ASK { ?a ?b ?c ?d ?e ?f }", 19)
    Slip(place=15, hint='A "." is missing between two patterns, before this.')
    """
    plain = _blanked(text)
    if curly := _CURLY.search(plain):
        return Slip(curly.start(), "Quotes are straight (\" or '), not curly.")
    if bare := _BARE_IRI.search(plain):
        return Slip(bare.start(), "An IRI stands between < and >.")
    if negative := _NEGATIVE.search(plain):
        word = negative[1].upper()
        return Slip(negative.end() - 1, f"{word} takes a whole number, 0 or more.")
    columns = max(plain.rfind(bracket, 0, failed) for bracket in "{}") + 1
    aggregate = _AGGREGATE.search(plain, columns, failed)
    if aggregate and "SELECT" in plain[columns:failed].upper():
        name = aggregate[1].upper()
        return Slip(aggregate.start(), f"A column has brackets and a name: ({name}(…) AS ?name).")
    place = _without_dot(plain[:failed])
    if place is not None:
        return Slip(place, 'A "." is missing between two patterns, before this.')
    return None


def _blanked(text: str) -> str:
    """A text of the same length without what strings, IRIs and comments hold."""

    def blank(token: re.Match[str]) -> str:
        if token["string"] or token["iri"]:
            return "\0" * len(token[0])
        return " " * len(token[0]) if token["comment"] else token[0]

    return TOKEN.sub(blank, text)


def _without_dot(plain: str) -> int | None:
    """Where a fourth term follows the three of a pattern; None where none does."""
    terms: int | None = None  # unknown: outside of groups, or beside what is no plain pattern
    is_path = False
    patterns = _VALUES.sub(lambda values: "{}".rjust(len(values[0])), plain)
    for part in _PART.finditer(patterns):
        match part.lastgroup:
            case "end":
                terms = 0
            case "next":
                terms = None if terms is None else 1
            case "more":
                terms = None if terms is None else 2
            case "path":
                is_path = True
            case "other":
                terms = None
            case "term":
                if terms == _WHOLE and not is_path:
                    return part.start()
                if terms is not None and not is_path:
                    terms += 1
                is_path = False
            case _:
                pass
    return None
