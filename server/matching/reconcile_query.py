"""Reading and checking queries of the Reconciliation API."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from math import isfinite

from ...graph.store.problems import ProblemDetails, QueryError
from ..web.site import Site
from .candidates import Question
from .properties import PROPERTIES, TYPES, type_path

#: The number of candidates for a query by default, and the most it may ask for.
_CANDIDATES, _MOST = 5, 100
#: The most properties of a query, values of a property and characters of a text that are read.
_PROPERTIES, _VALUES, _CHARACTERS = 20, 20, 1000


def read_object(text: str, name: str) -> Mapping[str, object]:
    try:
        value = json.loads(text)
        json.dumps(value, ensure_ascii=False).encode()  # half of a surrogate pair is no text
    except (ValueError, RecursionError) as error:
        raise refused(f"{name} is not valid JSON: {error}.") from None
    if not isinstance(value, Mapping):
        raise refused(f"{name} must be a JSON object.")
    return value


def refused(detail: str, status: int = 400) -> QueryError:
    return QueryError(ProblemDetails(status, "Not a request of the Reconciliation API", detail))


def read_question(site: Site, query: object) -> Question | None:
    """Read a query; None if it cannot have any candidates.

    That is the case for a query without text and properties (a blank cell), with a limit below 1,
    or of an unknown type. None of this is an error, because it would affect the other rows of the
    batch.
    """
    if not isinstance(query, Mapping):
        return None
    text, limit = _text(query.get("query", "")), query.get("limit", _CANDIDATES)
    if isinstance(limit, bool) or not isinstance(limit, int | float) or limit != limit:
        limit = _CANDIDATES
    types = query.get("type") or []
    names = [each.get("id") if isinstance(each, Mapping) else each for each in _listed(types)]
    paths = [type_path(str(name), site.release.base_iri) for name in names]
    properties = []
    for each in _listed(query.get("properties") or [])[:_PROPERTIES]:
        if isinstance(each, Mapping) and isinstance(each.get("pid"), str):
            wanted = tuple(filter(None, map(_text, _listed(each.get("v", "")))))
            if each["pid"] in PROPERTIES and wanted:
                properties.append((each["pid"], wanted))
    if limit < 1 or not (text or properties) or (names and not any(paths)):
        return None
    classes = tuple(sorted({path for path in paths if path})) or tuple(TYPES.values())
    if len(classes) == len(TYPES):
        classes = ()
    return Question(text, classes, tuple(properties), int(min(limit, _MOST)))


def _listed(value: object) -> Sequence[object]:
    return value[:_VALUES] if isinstance(value, list) else [value]


def _text(value: object) -> str:
    """Return a property's value as text: the id of a thing, and "" for NaN, pandas' blank cell."""
    if isinstance(value, Mapping):
        value = value.get("id", "")
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        value = int(value) if value.is_integer() else value if isfinite(value) else ""
    return str(value)[:_CHARACTERS].strip() if isinstance(value, str | int | float) else ""
