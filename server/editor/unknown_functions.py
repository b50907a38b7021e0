"""Unknown functions: calls of functions that the engine does not have."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice

import pyoxigraph as ox

from ...ontology import PREFIXES
from .passages import IRI, blanked, without_strings
from .query_terms import Remark, declared_in, iri_of

#: The most functions that are reported.
_MOST = 5
_CALL = re.compile(rf"({IRI}|(?<![\w:.^@?$-])(?:[A-Za-z][\w-]*|):[A-Za-z_][\w-]*)\s*\(")
#: What precedes a call outside brackets; anywhere else, a name before "(" is followed by a list.
_CALLS = re.compile(r"\b(?:FILTER|HAVING|BY)\s*$", re.IGNORECASE)
_BRACKET = re.compile(r"[(){}]")
_XSD = PREFIXES.expand("xsd:")
_REASON = (
    "There is no function with this name here, so a call has no value and a FILTER that uses it "
    "finds nothing"
)
_CAST = (
    "There is no cast with this name here, so it has no value; use xsd:string, xsd:boolean, "
    "xsd:integer, xsd:decimal, xsd:float, xsd:double, or a cast for dates or durations"
)


def unknown_functions(query: str) -> list[Remark]:
    """Return a remark on each function that a query calls and the engine does not have.

    >>> [each.name for each in unknown_functions("SELECT * { ?a ?b ?c FILTER(<x:f>(?c)) }")]
    ['<x:f>']
    """
    called = dict.fromkeys(_called(query, declared_in(query)))
    unknown = (each for each in called if not _is_known(each[1]))
    return [
        Remark(name, _CAST if iri.startswith(_XSD) else _REASON)
        for name, iri in islice(unknown, _MOST)
    ]


def _called(query: str, declared: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield each function that is called, as the query writes it and as an IRI."""
    plain, at = blanked(query), 0
    opened: list[str] = []
    for match in _CALL.finditer(without_strings(query)):
        for bracket in _BRACKET.findall(plain, at, match.start()):
            if bracket in "({":
                opened.append(bracket)
            elif opened:
                opened.pop()
        at = match.start()
        if opened[-1:] != ["("] and not _CALLS.search(plain, max(0, at - 40), at):
            continue
        if iri := iri_of(match[1], declared):
            yield match[1], iri


def _is_known(iri: str) -> bool:
    """Whether the engine has a function, which it checks before it evaluates anything."""
    try:
        ox.Store().query(f"ASK {{ BIND(<{iri}>(1) AS ?x) }}")
    except (RuntimeError, SyntaxError, ValueError):
        return False
    return True
