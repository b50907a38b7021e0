"""A check of a query's text before the engine sees it.

The guard is not the only protection: the worker that runs a query cannot open files, nor sockets
unless all services in the query are on hosts listed by the operator. The guard gives clear errors
("SERVICE is not available") where the engine's would be obscure, and refuses queries known to
crash a worker (deep nesting).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

#: Comments, strings and IRIs (which may contain any word), names, words, brackets (SPARQL 1.1,
#: 19.8). The quantifiers are possessive ("*+"), and an unterminated string is one token, so that
#: matching takes time linear in the length of the text.
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
    r"""A text with its ``\u`` escapes resolved (SPARQL 1.1, 19.2)."""
    return _ESCAPE.sub(_character, text)


def _character(escape: re.Match[str]) -> str:
    code = int(escape[1] or escape[2], 16)
    return chr(code) if code < 0x110000 else ""


_FULL = re.compile(r"https?://", re.IGNORECASE)
#: What looks like an IRI may belong to a comparison: "(1<2)SERVICE#>", "(?a<'>')". Not with ://.
_CERTAIN = re.compile(r"<[a-z][a-z0-9]*://|[^'#()]*+$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Clause:
    """One SERVICE clause in a query."""

    #: The offset of the keyword.
    start: int
    #: The offset of its SILENT; None if it has none.
    silent: int | None
    #: The full web address it queries; "" if the text does not name one directly.
    target: str


def clauses(text: str) -> Iterator[Clause]:
    """Every place where an engine could read SERVICE, in a text without escapes.

    The engine reads "trueSERVICE" as two words, and "SERVICE:x" as one or two (the prefix may be
    undeclared). SERVICE therefore counts anywhere within such a word, but then without a target.
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
    r"""The targets of a query's SERVICE clauses, each "" if it cannot be determined for certain.

    Engines differ in where they resolve ``\u`` escapes, and the meaning of a text may depend on
    whether a "<" begins an IRI. If a query has either problem, none of its targets is certain.

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
    """The token if it looks like an IRI but may be something else; otherwise ""."""
    iri = token["iri"] or ""
    return "" if _CERTAIN.match(iri) else iri


def as_graphs(text: str) -> str:
    """A query with GRAPH in place of SERVICE: same grammar and offsets, but no request is made."""
    for clause in clauses(text):
        text = _written(text, clause.start, "GRAPH  ")
        if clause.silent is not None:
            text = _written(text, clause.silent, " " * len("SILENT"))
    return text


def _written(text: str, start: int, word: str) -> str:
    return text[:start] + word + text[start + len(word) :]


_FORMS = frozenset(("SELECT", "ASK", "CONSTRUCT", "DESCRIBE"))
#: Functions whose value differs each time.
_VOLATILE = frozenset(("NOW", "RAND", "UUID", "STRUUID", "BNODE"))
_UPDATES = frozenset(
    ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH")
)


@dataclass(frozen=True, slots=True)
class Shape:
    """The properties of a query that its tokens show, without parsing."""

    #: SELECT, ASK, CONSTRUCT or DESCRIBE; "" if the text has none (a syntax error).
    form: str
    #: True if the query chooses its graphs with FROM or FROM NAMED.
    has_dataset: bool
    #: True if the query has BASE.
    has_base: bool
    #: The SPARQL Update keyword in it; "" if none.
    forbidden: str
    #: The target of each SERVICE; "" if it is not a full web address, or not certain.
    services: tuple[str, ...]
    #: True if the same query may have a different answer the next time.
    is_volatile: bool
    #: The most brackets of any kind open at the same time.
    depth: int
    #: Brackets still open at the end; negative if there are too many closing ones.
    unclosed: int
    #: Prefixes used but not declared, in order of appearance.
    undeclared: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Reading:
    #: Words that are not part of a name, in capitals.
    words: tuple[str, ...]
    #: The prefixes of prefixed names, as written.
    prefixes: tuple[str, ...]
    declared: frozenset[str]
    depth: int
    unclosed: int


def inspect(text: str) -> Shape:
    r"""The shape of a query.

    The text is read both as it is and with its ``\u`` escapes resolved (SPARQL 1.1, 19.2), because
    an escape can hide a keyword, or the end of a string that contains one.

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
