"""Passages of a query that contain no SPARQL syntax: strings, IRIs and comments."""

from __future__ import annotations

import re

_STRING = (
    r"\"\"\"(?:\\.|[^\\])*?\"\"\"|'''(?:\\.|[^\\])*?'''"
    r"|\"(?:\\.|[^\"\\\n])*+\"|'(?:\\.|[^'\\\n])*+'"
)
IRI = r"<[^<>\"{}|^`\\\s]*>"
#: Any of them; an IRI or a string may contain what looks like a comment.
PASSAGE = re.compile(rf"{_STRING}|{IRI}|#[^\n]*", re.DOTALL)


def blanked(query: str) -> str:
    """Replace these passages with spaces; the query keeps its length.

    >>> blanked('SELECT ?x { ?x ?p "a, b" } # c')
    'SELECT ?x { ?x ?p        }    '
    """
    return PASSAGE.sub(_blank, query)


def without_strings(query: str) -> str:
    """Replace strings and comments with spaces, but keep IRIs.

    >>> without_strings('ASK { ?x <x:p> "a" }')
    'ASK { ?x <x:p>     }'
    """
    return PASSAGE.sub(lambda match: match[0] if match[0].startswith("<") else _blank(match), query)


def _blank(passage: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", passage[0])
