"""Query terms: the IRIs that a query names, and replacing them in the query."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ...ontology import Prefixes
from .passages import IRI, PASSAGE, without_strings

_DECLARED = re.compile(r"\bPREFIX\s+([^\s:<>]*):\s*<([^<>\s]*)>", re.IGNORECASE)
_IRI = re.compile(IRI)
#: A prefixed name that is not a literal's datatype or a function. Names with an escape or a second
#: colon do not match.
_NAME = re.compile(r"(?<![\w:.^@?$-])([A-Za-z][\w-]*|):([A-Za-z_][\w-]*)(?![\w:%\\-]|\.\w|\s*\()")


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark on a term or text of a query, as the query writes it."""

    name: str
    #: Why it finds nothing; "" if it does not occur in the release.
    reason: str
    #: A suggestion; "" if there is none.
    meant: str = ""
    #: The query with the suggestion; "" if it cannot simply be put in.
    corrected: str = ""


def declared_in(query: str) -> Mapping[str, str]:
    """Return the prefixes that a query declares, with their namespaces."""
    return dict(_DECLARED.findall(without_strings(query)))


def named_in(query: str) -> Mapping[str, str]:
    """Return the prefixed names of a query, with their IRIs."""
    declared = declared_in(query)
    body = _IRI.sub(" ", _DECLARED.sub(" ", without_strings(query)))
    return {
        match[0]: declared[match[1]] + match[2]
        for match in _NAME.finditer(body)
        if match[1] in declared
    }


def iri_of(term: str, declared: Mapping[str, str]) -> str:
    """Return the IRI of a term in a query; "" if it is not an IRI."""
    prefix, _, local = term.partition(":")
    if term.startswith("<"):
        return term[1:-1]
    return declared[prefix] + local if prefix in declared else ""


def written_in(query: str, name: str, namespaces: Prefixes) -> tuple[str, str]:
    """Return how a query writes one of our prefixed names, and the declaration it lacks."""
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
    """Return how a query writes one of our names, and the query with it in place of a term."""
    written, declaration = written_in(query, name, namespaces)
    return written, f"{declaration}{query[:start]}{written}{query[start + len(term) :]}"


def replaced(query: str, term: str, instead: str) -> str:
    """Replace each occurrence of an IRI or prefixed name in a query."""
    pattern = rf"{PASSAGE.pattern}|(?<![\w:.^@?$-]){re.escape(term)}(?![\w:%\\-])"
    return re.sub(
        pattern, lambda match: instead if match[0] == term else match[0], query, flags=re.DOTALL
    )
