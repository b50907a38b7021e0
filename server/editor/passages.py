"""Passages of a query that hold no terms of SPARQL: strings, IRIs and comments."""

from __future__ import annotations

import re

STRING = (
    r"\"\"\"(?:\\.|[^\\])*?\"\"\"|'''(?:\\.|[^\\])*?'''|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'"
)
IRI = r"<[^<>\"{}|^`\\\s]*>"
#: Any of them; an IRI or a string may hold what looks like a comment.
PASSAGE = re.compile(rf"{STRING}|{IRI}|#[^\n]*", re.DOTALL)


def blanked(query: str) -> str:
    """The query, of the same length, with spaces in the place of these passages.

    >>> blanked('SELECT ?x { ?x ?p "a, b" } # c')
    'SELECT ?x { ?x ?p        }    '
    """
    return PASSAGE.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), query)
