"""Joined values: columns that GROUP_CONCAT leaves empty because it joins only texts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .answer import Result
from .passages import blanked
from .query_terms import Remark

_JOINED = re.compile(
    r"\bGROUP_CONCAT\s*\(\s*(?:DISTINCT\s+)?(?P<of>[?$]\w+)\s*(?:;[^()]*)?\)\s*AS\s+[?$](?P<name>\w+)",
    re.IGNORECASE,
)
_REASON = "GROUP_CONCAT joins only texts, and has no value if one of the values is not a text"


def joined_values(query: str, result: Result) -> Iterator[Remark]:
    """Yield a remark on each column that lacks values because GROUP_CONCAT met an IRI or a number.

    Joining nothing gives an empty text, so a cell without a value means such an error.
    """
    if not result.table:
        return
    for match in _JOINED.finditer(blanked(query)):
        name = match["name"]
        if name not in result.table.columns:
            continue
        at = result.table.columns.index(name)
        if all(row[at] for row in result.table.rows):
            continue
        start, end = match.span("of")
        text = f"STR({match['of']})"
        yield Remark(f"?{name}", _REASON, text, query[:start] + text + query[end:])
