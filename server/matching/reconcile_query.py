"""Queries of the Reconciliation API: read, checked and bounded."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from ...graph.store.problems import ProblemDetails, QueryError
from ..web.site import Site
from .candidates import Question
from .properties import PROPERTIES, TYPES, type_path

__all__ = [
    "read_object",
    "read_question",
    "refused",
]


#: Candidates of a query, unless it asks for another number, and at most.
_CANDIDATES, _MOST = 5, 100
#: Properties of a query, values of a property, and characters of a text, that are looked at.
_PROPERTIES, _VALUES, _CHARACTERS = 20, 20, 1000


def read_object(text: str, name: str) -> Mapping[str, object]:
    try:
        found = json.loads(text)
        json.dumps(found, ensure_ascii=False).encode()  # half of a surrogate pair is no text
    except (ValueError, RecursionError) as error:
        raise refused(f"{name} is no JSON: {error}.") from None
    if not isinstance(found, Mapping):
        raise refused(f"{name} is a JSON object.")
    return found


def refused(detail: str, status: int = 400) -> QueryError:
    return QueryError(ProblemDetails(status, "Not a request of the Reconciliation API", detail))


def read_question(site: Site, key: str, query: object) -> Question | None:
    """A query as it is answered; None where no type it asks for is one of ours."""
    if not isinstance(query, Mapping):
        raise refused(f"Query {key[:40]!r} is no object.")
    text, limit = query.get("query", ""), query.get("limit", _CANDIDATES)
    types, given = query.get("type") or [], query.get("properties") or []
    if not isinstance(text, str):
        raise refused(f"The query of {key[:40]!r} is no text.")
    if isinstance(limit, bool) or not isinstance(limit, int | float) or not limit >= 1:
        raise refused(f"The limit of {key[:40]!r} is no number from 1.")
    types = [types] if isinstance(types, str | Mapping) else types
    if not isinstance(types, list) or not isinstance(given, list):
        raise refused(f"The type of {key[:40]!r} is a text or a list, its properties a list.")
    names = [each.get("id") if isinstance(each, Mapping) else each for each in types]
    paths = [type_path(str(name), site.release.base_iri) for name in names]
    if names and not any(paths):
        return None
    properties = []
    for each in given[:_PROPERTIES]:
        if not isinstance(each, Mapping) or not isinstance(each.get("pid"), str) or "v" not in each:
            raise refused(f"A property of {key[:40]!r} has no pid or no v.")
        wanted = tuple(filter(None, map(_text, _listed(each["v"]))))
        if each["pid"] in PROPERTIES and wanted:
            properties.append((each["pid"], wanted))
    if not text.strip() and not given:
        raise refused(f"{key[:40]!r} has neither query nor properties.")
    classes = tuple(sorted({path for path in paths if path})) or tuple(TYPES.values())
    if len(classes) == len(TYPES):
        classes = ()
    return Question(text.strip()[:_CHARACTERS], classes, tuple(properties), int(min(limit, _MOST)))


def _listed(value: object) -> Sequence[object]:
    return value[:_VALUES] if isinstance(value, list) else [value]


def _text(value: object) -> str:
    """A value of a property as text: its id where it is a thing."""
    if isinstance(value, Mapping):
        value = value.get("id", "")
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value)[:_CHARACTERS].strip() if isinstance(value, str | int | float) else ""
