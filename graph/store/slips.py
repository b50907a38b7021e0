"""Slips: common mistakes in queries that do not parse, and how to correct them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .guard import TOKEN

_CURLY = re.compile("[\u201c\u201d\u201e\u2018\u2019\u201a]")
_BARE_IRI = re.compile(r"(?<![\w:])https?://[^\s<>\"{}|^`\\]*", re.IGNORECASE)
_NEGATIVE = re.compile(r"\b(LIMIT|OFFSET)\s+-", re.IGNORECASE)
#: An aggregate, or its name, at the end of a text.
_AGGREGATE = re.compile(
    r"\b(COUNT|SUM|AVG|MIN|MAX|SAMPLE|GROUP_CONCAT)\s*(\([^()]*+\)\s*)?$", re.IGNORECASE
)
#: The parts of a group of patterns. The quantifiers are possessive ("*+"), so that matching takes
#: time linear in the length of the text.
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
#: Inline data, which is not a pattern.
_VALUES = re.compile(r"\bVALUES\s+[?$]\w+\s*\{[^{}]*+\}", re.IGNORECASE)
#: The number of terms in a triple pattern.
_WHOLE = 3


@dataclass(frozen=True, slots=True)
class Slip:
    """The offset of a slip in a text, and how to correct it."""

    place: int
    hint: str


def slip(text: str, failed: int) -> Slip | None:
    """The first slip in a query, or None; ``failed`` is the offset where parsing failed.

    >>> slip("ASK { ?a ?b ?c ?d ?e ?f }", 19)
    Slip(place=15, hint='A "." is missing before this, between two patterns.')
    """
    plain = _blanked(text)
    if curly := _CURLY.search(plain):
        return Slip(curly.start(), "Use straight quotes (\" or '), not curly ones.")
    if bare := _BARE_IRI.search(plain):
        return Slip(bare.start(), "Write the IRI between < and >.")
    if negative := _NEGATIVE.search(plain):
        word = negative[1].upper()
        return Slip(negative.end() - 1, f"{word} takes a whole number, 0 or more.")
    columns = max(plain.rfind(bracket, 0, failed) for bracket in "{}") + 1
    aggregate = _AGGREGATE.search(plain, columns, failed)
    if aggregate and "SELECT" in plain[columns:failed].upper():
        name = aggregate[1].upper()
        return Slip(aggregate.start(), f"A column needs brackets and a name: ({name}(…) AS ?name).")
    place = _without_dot(plain[:failed])
    if place is not None:
        return Slip(place, 'A "." is missing before this, between two patterns.')
    return None


def _blanked(text: str) -> str:
    """A text of the same length with strings, IRIs and comments blanked out."""

    def blank(token: re.Match[str]) -> str:
        if token["string"] or token["iri"]:
            return "\0" * len(token[0])
        return " " * len(token[0]) if token["comment"] else token[0]

    return TOKEN.sub(blank, text)


def _without_dot(plain: str) -> int | None:
    """The offset of a fourth term that follows the three of a pattern; None if there is none."""
    terms: int | None = None  # unknown: outside groups, or next to other syntax
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
