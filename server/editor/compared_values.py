"""Compared values: the texts and years that a query looks for, each with its property.

They are read from the query's text, without a parser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

import pyoxigraph as ox

from ...graph.iris import named_node, node_of
from .passages import PASSAGE, blanked
from .query_terms import named_in
from .triple_patterns import triple_patterns

#: The language of all our labels.
LANGUAGE = "en"
INTEGER = named_node("xsd:integer")
#: The longest text that is considered, and how far back from it the property is searched.
_CHARACTERS = 200
#: What precedes an argument of a function, which is not compared with anything.
_ARGUMENT = re.compile(r"[(,]\s*$")
#: The property, or the last one of a path, whose value follows.
_PROPERTY = re.compile(r"(?:<([^<>\s]*)>|(?<![\w?$])([\w-]*:[\w-]+))\s*$")
#: The variable that a value is compared with.
_COMPARED = re.compile(r"([?$]\w+)\s*(?:=|!=|[<>]=?)\s*$")
_TAG = re.compile(r"@[A-Za-z]+(?:-[A-Za-z0-9]+)*")
#: A separate number that may be a year.
_YEAR = re.compile(r"(?<![\w.+:?$-])[12]\d{3}(?![\w.])")


@dataclass(frozen=True, slots=True)
class ComparedValue:
    """A text or year in a query, at ``start`` to ``end``, that is compared with a property."""

    start: int
    end: int
    literal: ox.Literal
    #: None if the property is not clear: any property.
    property: ox.NamedNode | None


def compared_values(query: str) -> Iterator[ComparedValue]:
    """Yield the texts of a query, and those years whose property is clear.

    >>> [each.literal.value for each in compared_values('ASK { ?w <x:p> "a" ; <x:y> 2020 }')]
    ['a', '2020']
    """
    names = named_in(query)
    properties = {each.object: each.predicate for each in triple_patterns(query)}

    def property_of(start: int) -> ox.NamedNode | None:
        before = query[max(0, start - _CHARACTERS) : start]
        if compared := _COMPARED.search(before):
            before = properties.get(compared[1], "")
        return _property(before, names)

    for match in PASSAGE.finditer(query):
        tag = _TAG.match(query, match.end())
        if not _is_plain(query, match) or len(match[0]) - 2 > _CHARACTERS:
            continue
        if tag and tag[0][1:].lower() != LANGUAGE:  # the query asks for another language
            continue
        end = tag.end() if tag else match.end()
        with suppress(ValueError):  # the tag is not a language
            literal = ox.Literal(match[0][1:-1], language=tag[0][1:] if tag else None)
            yield ComparedValue(match.start(), end, literal, property_of(match.start()))
    for match in _YEAR.finditer(blanked(query)):
        if property := property_of(match.start()):
            year = ox.Literal(match[0], datatype=INTEGER)
            yield ComparedValue(match.start(), match.end(), year, property)


def _is_plain(query: str, passage: re.Match[str]) -> bool:
    """Whether a passage is a text with no datatype or escape, and not a function's argument."""
    text = passage[0]
    return (
        text[0] in "\"'"
        and not text.startswith(('"""', "'''"))
        and len(text) > 2
        and "\\" not in text
        and not query.startswith("^^", passage.end())
        and not _ARGUMENT.search(query[max(0, passage.start() - 20) : passage.start()])
    )


def _property(before: str, names: Mapping[str, str]) -> ox.NamedNode | None:
    """Return the property that a text ends with, or None."""
    written = _PROPERTY.search(before)
    return node_of(written[1] or names.get(written[2], "")) if written else None
