"""Unbound columns: variables in a SELECT that are in none of its patterns."""

from __future__ import annotations

import re

from rapidfuzz import fuzz, process

from .mistakes import closing, columns_in
from .passages import PASSAGE, blanked
from .query_terms import Remark

_VARIABLE = re.compile(r"[?$](\w+)")
_NAMED = re.compile(r"\bAS\s+[?$](\w+)", re.IGNORECASE)
#: The least similarity, of 100, for a name to be suggested.
_ALIKE = 60
_REASON = "No pattern in the query uses this variable"


def unbound_columns(query: str) -> list[Remark]:
    """Return a remark on each variable of the first SELECT that nothing gives a value.

    >>> [each.corrected for each in unbound_columns("SELECT ?lable { ?x ?p ?label }")]
    ['SELECT ?label { ?x ?p ?label }']
    """
    plain = blanked(query)
    columns = columns_in(plain)
    if not columns:
        return []
    start = plain.find("{", columns.stop)
    end = closing(plain, start, "{", "}") if start >= 0 else 0
    if not end:
        return []
    bound = set(_VARIABLE.findall(plain[start:end]))
    values = re.search(r"\bVALUES\b.*", plain[end:], re.IGNORECASE | re.DOTALL)
    bound |= set(_VARIABLE.findall(values[0])) if values else set()
    given = bound | set(_NAMED.findall(plain))
    shown = dict.fromkeys(_VARIABLE.findall(plain[columns.start : columns.stop]))
    return [_meant(query, name, sorted(bound)) for name in shown if name not in given]


def _meant(query: str, name: str, bound: list[str]) -> Remark:
    near = process.extractOne(name, bound, scorer=fuzz.ratio, score_cutoff=_ALIKE)
    if near is None:
        return Remark(f"?{name}", _REASON)
    meant = f"?{near[0]}"
    pattern = rf"{PASSAGE.pattern}|(?P<variable>[?$]{name}\b)"
    corrected = re.sub(
        pattern, lambda match: meant if match["variable"] else match[0], query, flags=re.DOTALL
    )
    return Remark(f"?{name}", _REASON, meant, corrected)
