"""Names in HAVING: columns named in a SELECT, which HAVING cannot see."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .mistakes import closing, columns_in
from .passages import blanked
from .query_terms import Remark

_HAVING = re.compile(r"\bHAVING\b.*?(?=\b(?:ORDER|LIMIT|OFFSET|VALUES)\b|$)", re.I | re.DOTALL)
_NAMED = re.compile(r"\bAS\s+[?$](?P<name>\w+)\s*\)$", re.IGNORECASE)
_REASON = "HAVING comes before the SELECT names its columns, so there it has no value"


def having_names(query: str) -> list[Remark]:
    """Return a remark on each column that the first SELECT names and its HAVING uses.

    >>> query = "SELECT ?p (COUNT(?w) AS ?n) { ?w ?p ?o } GROUP BY ?p HAVING (?n > 9)"
    >>> [each.corrected for each in having_names(query)]
    ['SELECT ?p (COUNT(?w) AS ?n) { ?w ?p ?o } GROUP BY ?p HAVING (COUNT(?w) > 9)']
    """
    plain = blanked(query)
    columns = columns_in(plain)
    start = plain.find("{", columns.stop) if columns else -1
    end = closing(plain, start, "{", "}") if start >= 0 else 0
    having = _HAVING.search(plain, end) if end else None
    if not having:
        return []
    computed = dict(_computed(query, plain, columns))
    used = re.compile(rf"[?$](?P<name>{'|'.join(computed) or '(?!)'})\b")
    condition = plain[: having.end()]
    places = [(each["name"], each.span()) for each in used.finditer(condition, having.start())]
    corrected = query
    for name, (first, last) in reversed(places):
        corrected = corrected[:first] + computed[name] + corrected[last:]
    return [Remark(f"?{each}", _REASON, computed[each], corrected) for each in dict(places)]


def _computed(query: str, plain: str, columns: range) -> Iterator[tuple[str, str]]:
    """Yield the name and the expression of each column that is computed."""
    at = columns.start
    while (at := plain.find("(", at, columns.stop)) >= 0:
        end = closing(plain, at)
        if not end:
            return
        if named := _NAMED.search(plain, at, end):
            opening = plain.find("(", at + 1)
            is_call = closing(plain, opening) == len(plain[: named.start()].rstrip())
            expression = query[at + 1 : named.start()].strip()
            yield named["name"], expression if is_call else f"({expression})"
        at = end
