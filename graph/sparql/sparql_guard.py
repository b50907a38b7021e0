"""A look at a query's text before any engine sees it.

The worker that runs a query can open no file and no socket, so nothing here is the only lock
on a door: the guard gives the clear answer ("SERVICE is not available here") where the engine
would give a strange one, and stops what is known to end a worker (deep nesting).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Shape", "inspect"]

#: Comments, strings and IRIs (which may hold any word), names, words, brackets (SPARQL 1.1, 19.8).
#: Each alternative runs on to its end without looking back ("*+"), and a string that never ends
#: is taken whole, so that no text of n characters needs more than some n steps.
_TOKEN = re.compile(
    r"""
      (?P<comment>  \#[^\r\n]*+)
    | (?P<string>   \"{3}(?:[^"\\]|\\.|\"{1,2}(?!\"))*+(?:\"{3})? | \"(?:[^"\\\r\n]|\\.)*+\"?
                  | '{3}(?:[^'\\]|\\.|'{1,2}(?!'))*+(?:'{3})? | '(?:[^'\\\r\n]|\\.)*+'?)
    | (?P<iri>      <[^<>"{}|^`\\\x00-\x20]*+>)
    | (?P<variable> [?$]\w++ | @[A-Za-z]++(?:-[A-Za-z0-9]++)*+)
    | (?P<number>   \d++(?:[eE][+-]?\d++)?+)
    | (?P<word>     [^\W\d][\w.\-]*+)(?P<local>:(?:[\w:.\-]|%[0-9A-Fa-f]{2}|\\.)*+)?+
    | (?P<name>     :(?:[\w:.\-]|%[0-9A-Fa-f]{2}|\\.)*+)
    | (?P<open>     [({\[])
    | (?P<close>    [)}\]])
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
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
    #: "SERVICE" or the word of SPARQL Update found in it; "" if neither.
    forbidden: str
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

    >>> inspect("ASK { \\u0053ervice <http://127.0.0.1/> {} # SERVICE }").forbidden
    'SERVICE'
    """
    reading = _read(text)
    plain = _unescape(text)
    views = [reading] if plain == text else [reading, _read(plain)]
    return Shape(
        form=next((word for word in reading.words if word in _FORMS), ""),
        has_dataset="FROM" in reading.words,
        forbidden=next((word for view in views for word in _forbidden(view)), ""),
        is_volatile=any(_VOLATILE.intersection(view.words) for view in views),
        depth=reading.depth,
        unclosed=reading.unclosed,
        undeclared=tuple(
            prefix for prefix in dict.fromkeys(reading.prefixes) if prefix not in reading.declared
        ),
    )


def _forbidden(reading: _Reading) -> Iterator[str]:
    # The engine reads "trueSERVICE" as two words, and "SERVICE:x" as one or two (the prefix may
    # be undeclared), so SERVICE counts wherever it stands in either.
    if any("SERVICE" in word.upper() for word in (*reading.words, *reading.prefixes)):
        yield "SERVICE"
    yield from (word for word in reading.words if word in _UPDATES)


def _read(text: str) -> _Reading:
    words: list[str] = []
    prefixes: list[str] = []
    declared = {"_"}
    depth = deepest = 0
    declares = False
    for token in _TOKEN.finditer(text):
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


def _unescape(text: str) -> str:
    def character(found: re.Match[str]) -> str:
        code = int(found[1] or found[2], 16)
        return chr(code) if code < 0x110000 else ""

    return _ESCAPE.sub(character, text)
