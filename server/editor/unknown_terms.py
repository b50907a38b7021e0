"""Unknown terms: what a query names that no statement of the release has, and what may be meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from ...graph.errors import OutOfTime
from ...ontology import Prefixes
from ..web.site import Site, text

__all__ = ["UnknownTerm", "unknown_terms"]

#: The most terms that are looked at, and how alike a term must be, in 100, to be meant.
_MOST, _ALIKE = 5, 70
#: What has no terms: strings and comments; an IRI may hold what looks like one.
_PASSED = re.compile(
    r"\"\"\"(?:\\.|[^\\])*?\"\"\"|'''(?:\\.|[^\\])*?'''|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'"
    r"|<[^<>\"{}|^`\\\s]*>|#[^\n]*",
    re.DOTALL,
)
_DECLARED = re.compile(r"\bPREFIX\s+([^\s:<>]*):\s*<([^<>\s]*)>", re.IGNORECASE)
_IRI = re.compile(r"<[^<>\"{}|^`\\\s]*>")
#: A prefixed name that is no datatype of a literal and no function; one with an escape or another
#: colon is left alone.
_NAME = re.compile(r"(?<![\w:.^@?$-])([A-Za-z][\w-]*|):([A-Za-z_][\w-]*)(?![\w:%\\-]|\.\w|\s*\()")


@dataclass(frozen=True, slots=True)
class UnknownTerm:
    """A term as a query writes it."""

    name: str
    #: The term of the release that is spelt most like it; "" where none is.
    meant: str
    #: The query with that in its place; "" where nothing is meant.
    corrected: str


def unknown_terms(
    site: Site, query: str, used: Iterable[str], namespaces: Prefixes
) -> list[UnknownTerm]:
    """The terms of a query that the release has nowhere.

    ``used`` are its classes and properties, as names with the prefixes of ``namespaces``.
    """
    known = {namespaces.expand(name): name for name in used}
    spaces = [iri for prefix, iri in namespaces.items() if prefix != "xsd"]
    named = {
        name: iri
        for name, iri in _named(query).items()
        if iri not in known and any(_is_term(iri, space) for space in spaces)
    }
    sought = dict(list(named.items())[:_MOST])
    with suppress(OutOfTime):  # the answer is there, and can be read without
        present = _present(site, sought.values())
        return [
            _unknown(query, name, iri, known) for name, iri in sought.items() if iri not in present
        ]
    return []


def _is_term(iri: str, space: str) -> bool:
    return iri.startswith(space) and not re.search(r"[/#]", iri[len(space) :])


def _named(query: str) -> Mapping[str, str]:
    """The prefixed names of a query, and what they stand for."""
    plain = _PASSED.sub(lambda match: match[0] if match[0].startswith("<") else " ", query)
    declared = dict(_DECLARED.findall(plain))
    body = _IRI.sub(" ", _DECLARED.sub(" ", plain))
    return {
        match[0]: declared[match[1]] + match[2]
        for match in _NAME.finditer(body)
        if match[1] in declared
    }


def _present(site: Site, iris: Iterable[str]) -> set[str]:
    """Those of some IRIs that any statement has."""
    terms = " ".join(f"<{iri}>" for iri in iris)
    rows = site.select("terms-present", terms=terms) if terms else ()
    return {text(row, "term") for row in rows}


def _unknown(query: str, name: str, iri: str, known: Mapping[str, str]) -> UnknownTerm:
    near = process.extractOne(iri, list(known), scorer=fuzz.ratio, processor=_local)
    if near is None or near[1] < _ALIKE:
        return UnknownTerm(name, "", "")
    meant, prefix = near[0], name.partition(":")[0]
    space = iri[: len(iri) - len(_local(iri))]
    # in the query's own prefix where that is its namespace
    written = f"{prefix}:{_local(meant)}" if meant.startswith(space) else known[meant]
    pattern = rf"{_PASSED.pattern}|(?<![\w:.^@?$-])(?P<name>{re.escape(name)})(?![\w:%\\-])"
    corrected = re.sub(
        pattern, lambda match: written if match["name"] else match[0], query, flags=re.DOTALL
    )
    return UnknownTerm(name, written, corrected)


def _local(iri: str) -> str:
    return re.split(r"[/#]", iri)[-1]
