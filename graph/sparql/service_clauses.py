"""The SERVICE clauses of a query, found in its text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .sparql_tokens import TOKEN, unescape

__all__ = ["Clause", "as_graphs", "clauses", "targets"]

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
    undeclared), so SERVICE counts wherever it stands in either; but such a one has no target.
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
    found = tuple(clause.target for clause in clauses(text))
    if plain != text:
        return ("",) if found or any(clauses(plain)) else ()
    doubtful = any(token["unclosed"] or _doubtful(token) for token in TOKEN.finditer(text))
    return ("",) if found and doubtful else found


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
