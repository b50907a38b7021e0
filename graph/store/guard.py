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

#: Comments, strings and IRIs (which may hold any word), names, words, brackets (SPARQL 1.1, 19.8).
#: Each alternative runs on to its end without looking back ("*+"), and a string that never ends
#: is taken whole, so that no text of n characters needs more than some n steps.
TOKEN = re.compile(
    r"""
      (?P<comment>  \#[^\r\n]*+)
    | (?P<string>   \"{3}(?:[^"\\]|\\.|\"{1,2}(?!\"))*+\"{3} | (?!\"{3})\"(?:[^"\\\r\n]|\\.)*+\"
                  | '{3}(?:[^'\\]|\\.|'{1,2}(?!'))*+'{3} | (?!'{3})'(?:[^'\\\r\n]|\\.)*+')
    | (?P<unclosed> \"{3}.*+ | '{3}.*+ | ["'][^\r\n]*+)
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


def unescape(text: str) -> str:
    r"""A text with its ``\u`` escapes undone (SPARQL 1.1, 19.2)."""
    return _ESCAPE.sub(_character, text)


def _character(escape: re.Match[str]) -> str:
    code = int(escape[1] or escape[2], 16)
    return chr(code) if code < 0x110000 else ""


_FULL = re.compile(r"https?://", re.IGNORECASE)
#: What reads as an IRI may be the end of a comparison: "(1<2)SERVICE#>", "(?a<'>')". Not with ://.
_CERTAIN = re.compile(r"<[a-z][a-z0-9]*://|[^'#()]*+$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Clause:
    """One SERVICE in a query."""

    #: Where the word begins.
    start: int
    #: Where its SILENT begins; None where it has none.
    silent: int | None
    #: The full web address it asks; "" where it names none that can be read off the text.
    target: str


def clauses(text: str) -> Iterator[Clause]:
    """Every place where an engine could read SERVICE, in a text without escapes.

    The engine reads "trueSERVICE" as two words, and "SERVICE:x" as one or two (the prefix may be
    undeclared), so SERVICE counts wherever it stands in either, there without a target.
    """
    if "SERVICE" not in text.upper():
        return
    begun: Clause | None = None
    end = 0
    for token in TOKEN.finditer(text):
        adjacent = not text[end : token.start()].strip()
        end = token.end()
        if token["comment"] and adjacent:
            continue
        word = "" if token["local"] else (token["word"] or "").upper()
        if begun and word == "SILENT" and begun.silent is None and adjacent:
            begun = Clause(begun.start, token.start(), "")
            continue
        if begun:
            iri = (token["iri"] or "")[1:-1] if adjacent else ""
            yield Clause(begun.start, begun.silent, iri if _FULL.match(iri) else "")
            begun = None
        if word == "SERVICE":
            begun = Clause(token.start(), None, "")
        elif "SERVICE" in (token["word"] or _doubtful(token)).upper():
            yield Clause(token.start(), None, "")
    if begun:
        yield begun


def targets(text: str) -> tuple[str, ...]:
    r"""What the SERVICE clauses of a query ask, each "" where that is not plain to see.

    Engines differ in where they undo ``\u`` escapes, and what a text says may hang on whether a
    "<" begins an IRI: with the one or the other none is plain.

    >>> targets("ASK { SERVICE <http://a.example/> {} SERVICE ?s {} } # SERVICE")
    ('http://a.example/', '')
    """
    plain = unescape(text)
    plainly = tuple(clause.target for clause in clauses(text))
    if plain != text:
        return ("",) if plainly or any(clauses(plain)) else ()
    if not plainly:
        return ()
    doubtful = any(token["unclosed"] or _doubtful(token) for token in TOKEN.finditer(text))
    return ("",) if doubtful else plainly


def _doubtful(token: re.Match[str]) -> str:
    """The token where it reads as an IRI and may be something else; "" where not."""
    iri = token["iri"] or ""
    return "" if _CERTAIN.match(iri) else iri


def as_graphs(text: str) -> str:
    """A query with GRAPH in place of SERVICE: the same grammar and places, and nobody is asked."""
    for clause in clauses(text):
        text = _written(text, clause.start, "GRAPH  ")
        if clause.silent is not None:
            text = _written(text, clause.silent, " " * len("SILENT"))
    return text


def _written(text: str, start: int, word: str) -> str:
    return text[:start] + word + text[start + len(word) :]


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
    #: True where the query has BASE.
    has_base: bool
    #: The word of SPARQL Update in it; "" if none.
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
        has_base="BASE" in reading.words,
        forbidden=next((w for view in views for w in view.words if w in _UPDATES), ""),
        services=services,
        is_volatile=bool(services) or any(_VOLATILE.intersection(view.words) for view in views),
        depth=reading.depth,
        unclosed=reading.unclosed,
        undeclared=tuple(
            prefix for prefix in dict.fromkeys(reading.prefixes) if prefix not in reading.declared
        ),
    )


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
