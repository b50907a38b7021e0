"""Unknown functions: calls in a query that have no value, because no function is called so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice

import pyoxigraph as ox

from ...ontology import PREFIXES
from .passages import IRI, blanked, without_strings
from .query_terms import Remark, declared_in, iri_of

#: The most functions that are looked at.
_MOST = 5
_CALL = re.compile(rf"({IRI}|(?<![\w:.^@?$-])(?:[A-Za-z][\w-]*|):[A-Za-z_][\w-]*)\s*\(")
#: What a call may follow that is not itself in brackets; elsewhere a list follows a name.
_CALLS = re.compile(r"\b(?:FILTER|HAVING|BY)\s*$", re.IGNORECASE)
_BRACKET = re.compile(r"[(){}]")
_XSD = PREFIXES.expand("xsd:")
_REASON = (
    "No function here has this name, so a call of it has no value and a FILTER by it lets nothing "
    "through"
)
_CAST = (
    "There is no such cast, so it has no value; there are xsd:string, xsd:boolean, xsd:integer, "
    "xsd:decimal, xsd:float, xsd:double, and those of dates and durations"
)


def unknown_functions(query: str) -> list[Remark]:
    """The functions that a query calls and the engine does not have.

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
    """Each call, as the query writes it and as an IRI."""
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
    """Whether the engine has a function; it says so before it evaluates anything."""
    try:
        ox.Store().query(f"ASK {{ BIND(<{iri}>(1) AS ?x) }}")
    except (RuntimeError, SyntaxError, ValueError):
        return False
    return True
