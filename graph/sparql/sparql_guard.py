"""A look at a query's text before any engine sees it.

The worker that runs a query can open no file and no socket (except where the operator lists
hosts, and all that the query asks are listed), so the guard is not the only lock on the door: it
gives the clear answer ("SERVICE is not available here") where the engine would give a strange
one, and stops what is known to end a worker (deep nesting).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .service_clauses import targets
from .sparql_tokens import TOKEN, unescape

__all__ = ["Shape", "inspect"]

_FORMS = frozenset(("SELECT", "ASK", "CONSTRUCT", "DESCRIBE"))
#: Functions that say something else each time they are asked.
_VOLATILE = frozenset(("NOW", "RAND", "UUID", "STRUUID", "BNODE"))
_UPDATES = frozenset(
    ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH")
)


@dataclass(frozen=True, slots=True)
class Shape:
    """What the words of a query say of it, without parsing it."""

    #: SELECT, ASK, CONSTRUCT or DESCRIBE; "" where the text has none (a syntax error).
    form: str
    #: True where the query chooses its own graphs with FROM or FROM NAMED.
    has_dataset: bool
    #: The word of SPARQL Update found in it; "" if none.
    forbidden: str
    #: What each SERVICE asks; "" for one whose target is no full web address, or not plain.
    services: tuple[str, ...]
    #: True where the same query may rightly have another answer the next time.
    is_volatile: bool
    #: The most brackets of any kind that are open at once.
    depth: int
    #: Brackets still open at the end; below 0 where one is closed too often.
    unclosed: int
    #: Prefixes used and not declared, in the order they occur.
    undeclared: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Reading:
    #: Words that are no part of a name, in capitals.
    words: tuple[str, ...]
    #: The prefixes of prefixed names, as written.
    prefixes: tuple[str, ...]
    declared: frozenset[str]
    depth: int
    unclosed: int


def inspect(text: str) -> Shape:
    r"""The shape of a query.

    Both the text as it stands and the text with its ``\u`` escapes undone (SPARQL 1.1, 19.2)
    are read, since an escape can hide a keyword, or hide the end of a string that hides one.

    >>> inspect("ASK {} # DROP\\u000ADROP").forbidden
    'DROP'
    """
    reading = _read(text)
    plain = unescape(text)
    views = [reading] if plain == text else [reading, _read(plain)]
    services = targets(text)
    return Shape(
        form=next((word for word in reading.words if word in _FORMS), ""),
        has_dataset="FROM" in reading.words,
        forbidden=next((word for view in views for word in _forbidden(view)), ""),
        services=services,
        is_volatile=bool(services) or any(_VOLATILE.intersection(view.words) for view in views),
        depth=reading.depth,
        unclosed=reading.unclosed,
        undeclared=tuple(
            prefix for prefix in dict.fromkeys(reading.prefixes) if prefix not in reading.declared
        ),
    )


def _forbidden(reading: _Reading) -> Iterator[str]:
    yield from (word for word in reading.words if word in _UPDATES)


def _read(text: str) -> _Reading:
    words: list[str] = []
    prefixes: list[str] = []
    declared = {"_"}
    depth = deepest = 0
    declares = False
    for token in TOKEN.finditer(text):
        if token["local"] is not None or token["name"]:
            prefix = token["word"] or ""
            declared.update([prefix] if declares else [])
            prefixes.append(prefix)
        elif token["word"]:
            words += re.split(r"[.-]", token["word"].upper())
        elif token["open"]:
            depth += 1
            deepest = max(deepest, depth)
        elif token["close"]:
            depth -= 1
        declares = (token["word"] or "").upper() == "PREFIX" and token["local"] is None
    return _Reading(tuple(words), tuple(prefixes), frozenset(declared), deepest, depth)
