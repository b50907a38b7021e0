"""Triple patterns: the plain ones of a query's text, read without a parser.

Paths, lists, square brackets and the patterns of a SERVICE are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .mistakes import closing
from .passages import IRI, PASSAGE, blanked

_NAME = r"(?<![\w-])(?:[A-Za-z][\w-]*)?:[\w%-]*(?:\.+[\w%-]+)*"
_TOKEN = re.compile(
    rf"(?P<aside>#[^\n]*|@[A-Za-z][\w-]*|\^\^\s*(?:{IRI}|{_NAME}))"
    rf"|(?P<term>{PASSAGE.pattern}|[?$]\w+|{_NAME}|[+-]?\.?\d[\d.]*(?<!\.)|true\b|false\b)"
    r"|(?P<word>[A-Za-z_]+)|(?P<mark>[^\s\w])",
    re.DOTALL,
)
#: After these words there are no patterns until the next curly bracket or full stop.
_APART = frozenset("SELECT CONSTRUCT DESCRIBE ASK GRAPH GROUP ORDER HAVING LIMIT".split())
#: The blocks of these contain no patterns of ours, but values or another service's query.
_BLOCKS = frozenset(("VALUES", "SERVICE"))


@dataclass(frozen=True, slots=True)
class TriplePattern:
    """Three terms as a query writes them; the predicate may be ``a``."""

    subject: str
    predicate: str
    object: str
    #: The positions of the predicate and of the object.
    start: int
    object_start: int


def triple_patterns(query: str) -> list[TriplePattern]:
    """Return the plain triple patterns of a query, in order.

    >>> [(p.predicate, p.object) for p in triple_patterns("ASK { ?w a <x:W> ; <x:p> ?a, ?b }")]
    [('a', '<x:W>'), ('<x:p>', '?a'), ('<x:p>', '?b')]
    """
    return list(_read(query, blanked(query)))


def _read(query: str, plain: str) -> Iterator[TriplePattern]:
    terms: list[tuple[str, int]] = []
    at, depth, is_apart = 0, 0, True
    while token := _TOKEN.search(query, at):
        at, text = token.end(), token[0]
        if token["aside"]:
            continue
        if token["mark"]:
            if text in ".{}":
                terms, is_apart = [], False
                depth += {"{": 1, "}": -1}.get(text, 0)
            elif text in "([":
                at = closing(plain, token.start(), text, ")" if text == "(" else "]") or len(query)
                if terms or text == "[":  # else it belongs to an expression
                    terms.append(("", 0))
            else:
                terms = _kept(terms, text)
        elif token["word"] and not (text == "a" and len(terms) == 1):
            is_apart, terms = is_apart or text.upper() in _APART, []
            if text.upper() in _BLOCKS:
                block = plain.find("{", at)
                at = (closing(plain, block, "{", "}") if block >= 0 else 0) or len(query)
        else:
            terms.append((text, token.start()))
            if len(terms) == 3 and depth > 0 and not is_apart and all(term for term, _ in terms):
                (subject, _), (predicate, start), (value, value_start) = terms
                yield TriplePattern(subject, predicate, value, start, value_start)


def _kept(terms: list[tuple[str, int]], mark: str) -> list[tuple[str, int]]:
    """Return the terms that a mark leaves for the next pattern."""
    if mark in ";,":
        return terms[: 1 if mark == ";" else 2]
    return [terms[0], ("", 0)] if len(terms) in (1, 2) else terms  # a path
