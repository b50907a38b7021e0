"""Query terms: the IRIs that a query's text names, and the query with another in their place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ...ontology import Prefixes
from .passages import IRI, PASSAGE, without_strings

_DECLARED = re.compile(r"\bPREFIX\s+([^\s:<>]*):\s*<([^<>\s]*)>", re.IGNORECASE)
_IRI = re.compile(IRI)
#: A prefixed name that is no datatype of a literal and no function; one with an escape or another
#: colon is left alone.
_NAME = re.compile(r"(?<![\w:.^@?$-])([A-Za-z][\w-]*|):([A-Za-z_][\w-]*)(?![\w:%\\-]|\.\w|\s*\()")


@dataclass(frozen=True, slots=True)
class Remark:
    """A term or a text as a query writes it, of which there is something to say."""

    name: str
    #: Why it finds nothing, in words; "" where the release has it nowhere.
    reason: str
    #: What may be meant; "" where nothing is.
    meant: str = ""
    #: The query with that in its place; "" where it cannot stand there.
    corrected: str = ""


def declared_in(query: str) -> Mapping[str, str]:
    """The prefixes that a query declares, and what they stand for."""
    return dict(_DECLARED.findall(without_strings(query)))


def named_in(query: str) -> Mapping[str, str]:
    """The prefixed names of a query, and what they stand for."""
    declared = declared_in(query)
    body = _IRI.sub(" ", _DECLARED.sub(" ", without_strings(query)))
    return {
        match[0]: declared[match[1]] + match[2]
        for match in _NAME.finditer(body)
        if match[1] in declared
    }


def iri_of(term: str, declared: Mapping[str, str]) -> str:
    """The IRI that a term of a query is; "" where it is none."""
    prefix, _, local = term.partition(":")
    if term.startswith("<"):
        return term[1:-1]
    return declared[prefix] + local if prefix in declared else ""


def written_in(query: str, name: str, namespaces: Prefixes) -> tuple[str, str]:
    """How a query writes a prefixed name of ours, and the declaration that it lacks for that."""
    declared = declared_in(query)
    prefix, _, local = name.partition(":")
    own = next((each for each, iri in declared.items() if iri == namespaces[prefix]), None)
    if own is not None:
        return f"{own}:{local}", ""
    if prefix in declared:
        return f"<{namespaces.expand(name)}>", ""
    return name, f"PREFIX {prefix}: <{namespaces[prefix]}>\n"


def replaced_at(
    query: str, start: int, term: str, name: str, namespaces: Prefixes
) -> tuple[str, str]:
    """How a query writes a name of ours, and the query with it in the place of a term."""
    written, declaration = written_in(query, name, namespaces)
    return written, f"{declaration}{query[:start]}{written}{query[start + len(term) :]}"


def replaced(query: str, term: str, instead: str) -> str:
    """The query with another text in the place of each such IRI or prefixed name."""
    pattern = rf"{PASSAGE.pattern}|(?<![\w:.^@?$-]){re.escape(term)}(?![\w:%\\-])"
    return re.sub(
        pattern, lambda match: instead if match[0] == term else match[0], query, flags=re.DOTALL
    )
