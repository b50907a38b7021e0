"""Untagged: texts of a query that the release has with a language, and so not as they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

import pyoxigraph as ox

from ...graph.errors import OutOfTime
from ..web.site import Site
from .answer import Result
from .passages import PASSAGE

#: The most texts that are looked at, and the characters of one.
_MOST, _CHARACTERS = 5, 200
#: The language that every label of ours has.
_LANGUAGE = "en"
#: What a text follows that is not compared with: an argument of a function.
_ARGUMENT = re.compile(r"[(,]\s*$")


@dataclass(frozen=True, slots=True)
class Untagged:
    """A text as a query writes it, as the release has it, and the query with that."""

    name: str
    meant: str
    corrected: str


def is_empty(result: Result) -> bool:
    """Whether an answer says that there is nothing: no rows, no, or a count of none."""
    if result.table is None:
        return result.verdict is False
    if result.count != 1:
        return result.count == 0
    return all(value is not None and value.number == 0 for value in result.table.rows[0])


def untagged(site: Site, query: str) -> list[Untagged]:
    """The texts of a query that the release has with a language only."""
    texts = dict.fromkeys(_texts(query))
    literals = {text: ox.Literal(text[1:-1], language=_LANGUAGE) for text in list(texts)[:_MOST]}
    if not literals:
        return []
    present = set()
    with suppress(OutOfTime):  # the answer is there, and can be read without
        rows = site.select("texts-present", texts=" ".join(map(str, literals.values())))
        present = {row["text"] for row in rows}
    return [
        Untagged(text, f"{text}@{_LANGUAGE}", _tagged(query, text))
        for text, literal in literals.items()
        if literal in present
    ]


def _texts(query: str) -> Iterator[str]:
    """The texts that are compared with, each with its quotes."""
    for match in PASSAGE.finditer(query):
        text = match[0]
        if _is_plain(query, match) and len(text) - 2 <= _CHARACTERS:
            yield text


def _is_plain(query: str, passage: re.Match[str]) -> bool:
    """Whether a passage is a text without a language, datatype or escape that is no argument."""
    text = passage[0]
    return (
        text[0] in "\"'"
        and not text.startswith(('"""', "'''"))
        and len(text) > 2
        and "\\" not in text
        and not query.startswith(("@", "^^"), passage.end())
        and not _ARGUMENT.search(query[max(0, passage.start() - 20) : passage.start()])
    )


def _tagged(query: str, text: str) -> str:
    return PASSAGE.sub(
        lambda match: (
            f"{text}@{_LANGUAGE}" if match[0] == text and _is_plain(query, match) else match[0]
        ),
        query,
    )
