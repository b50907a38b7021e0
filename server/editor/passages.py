"""Passages of a query that hold no terms of SPARQL: strings, IRIs and comments."""

from __future__ import annotations

import re

_LONG = r"\"\"\"(?:\\.|[^\\])*?\"\"\"|'''(?:\\.|[^\\])*?'''"
_STRING = _LONG + r"|\"(?:\\.|[^\"\\\n])*+\"|'(?:\\.|[^'\\\n])*+'"
IRI = r"<[^<>\"{}|^`\\\s]*>"
#: Any of them; an IRI or a string may hold what looks like a comment.
PASSAGE = re.compile(rf"{_STRING}|{IRI}|#[^\n]*", re.DOTALL)


def blanked(query: str) -> str:
    """The query, of the same length, with spaces in the place of these passages.

    >>> blanked('SELECT ?x { ?x ?p "a, b" } # c')
    'SELECT ?x { ?x ?p        }    '
    """
    return PASSAGE.sub(_blank, query)


def without_strings(query: str) -> str:
    """The same, but for its IRIs, which stay.

    >>> without_strings('ASK { ?x <x:p> "a" }')
    'ASK { ?x <x:p>     }'
    """
    return PASSAGE.sub(lambda match: match[0] if match[0].startswith("<") else _blank(match), query)


def _blank(passage: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", passage[0])
