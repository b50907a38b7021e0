"""Triple patterns: the plain ones of a query's text, read without a parser.

What is odd is left out: a path, a list, what is in square brackets or for another service.
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
#: What follows these words is no pattern, as far as the next bracket.
_APART = frozenset("SELECT CONSTRUCT DESCRIBE ASK GRAPH GROUP ORDER HAVING LIMIT".split())
#: These have a block without patterns of ours: values, and what another service is asked.
_BLOCKS = frozenset(("VALUES", "SERVICE"))


@dataclass(frozen=True, slots=True)
class TriplePattern:
    """Three terms as a query writes them; ``a`` is a predicate."""

    subject: str
    predicate: str
    object: str
    #: Where the predicate stands, and where the object does.
    start: int
    object_start: int


def triple_patterns(query: str) -> list[TriplePattern]:
    """The plain triple patterns of a query, in order.

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
            elif text in ";,":
                terms = terms[: 1 if text == ";" else 2]
            elif text in "([":
                at = closing(plain, token.start(), text, ")" if text == "(" else "]") or len(query)
                if terms or text == "[":  # else it is an expression's
                    terms.append(("", 0))
            elif len(terms) in (1, 2):  # a path
                terms = [terms[0], ("", 0)]
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
