"""Data extension: the values of properties of many things at once, to fill a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from ...graph.store.problems import ProblemDetails, QueryError
from ...ontology import PREFIXES
from ..records.own import own
from ..web.deadline import check
from ..web.site import Site
from .properties import PROPERTIES, TYPES, Property, Value, named_type, values

#: The most things in one request. The number of properties is limited to those proposed.
_IDS = 1000
_XSD = PREFIXES["xsd"]


@dataclass(frozen=True, slots=True)
class Extension:
    """The answer to a data extension query."""

    #: The properties in the order of the request.
    meta: list[dict[str, object]]
    #: id of a thing -> id of a property -> values.
    rows: dict[str, dict[str, list[dict[str, object]]]]


def proposed(path: str | None) -> list[dict[str, str]]:
    """Return the properties that things of a class may have; all properties for None."""
    return [
        {"id": each.id, "name": each.name}
        for each in PROPERTIES.values()
        if path is None or not each.classes or path in each.classes
    ]


def extended(site: Site, asked: Mapping[str, object]) -> Extension:
    """Answer a data extension query; all rows share the SPARQL queries for a property."""
    ids, wanted = asked.get("ids"), asked.get("properties")
    if not isinstance(ids, list) or not all(isinstance(each, str) for each in ids):
        raise _refused("extend must have ids, a list of strings.")
    if len(ids) > _IDS:
        raise _refused(f"extend may have at most {_IDS:,} ids; it has {len(ids):,}.", 413)
    if not isinstance(wanted, list) or len(wanted) > len(PROPERTIES):
        raise _refused(f"extend must have properties, a list of at most {len(PROPERTIES)}.")
    limits = dict(map(_wanted, wanted))
    iris = {id: thing_of(site, id) for id in ids}
    rows: dict[str, dict[str, list[dict[str, object]]]] = {id: {} for id in ids}
    for pid, limit in limits.items():
        known = values(site, PROPERTIES[pid], iris.values())
        for id, iri in iris.items():
            check()
            cells = [_told(site, value) for value in known.get(iri, ())]
            rows[id][pid] = cells[:limit] if limit else cells
    meta = [_meta(PROPERTIES[pid]) for pid in limits]
    return Extension(meta, rows)


def thing_of(site: Site, id: str) -> str:
    """Return the IRI for an id: a path, one of our IRIs, or the address of a page."""
    return next(reversed(own(site, id)), site.iris.at(id))


def _wanted(asked: object) -> tuple[str, int]:
    """Return the id of a property, and how many of its values are wanted; 0 for all."""
    if not isinstance(asked, Mapping) or not isinstance(pid := asked.get("id"), str):
        raise _refused("Each property must have an id.")
    if pid not in PROPERTIES:
        known = ", ".join(PROPERTIES)
        raise _refused(f"There is no property {pid[:40]!r}; the properties are {known}.")
    settings = asked.get("settings") or {}
    limit = settings.get("limit", 0) if isinstance(settings, Mapping) else 0
    text = str(limit or 0).removesuffix(".0")
    if not (text.isascii() and text.isdecimal()):
        raise _refused(f"The limit of {pid!r} must be a number from 0.")
    return pid, int(text[:6])


def _meta(property: Property) -> dict[str, object]:
    meta: dict[str, object] = {"id": property.id, "name": property.name}
    if property.value_type:
        meta["type"] = named_type(property.value_type)
    return meta


def _told(site: Site, value: Value) -> dict[str, object]:
    """Return a value in the API's format: an entity, a text, a number or a date."""
    term = value.term
    if isinstance(term, ox.NamedNode):
        local = site.iris.path(term.value)
        if local != term.value and local.partition("/")[0] in TYPES.values():
            return {"id": local, "name": value.label or local}
        return {"str": term.value}
    return _LITERALS.get(term.datatype.value.removeprefix(_XSD), _as_text)(term.value)


def _as_text(text: str) -> dict[str, object]:
    return {"str": text}


_LITERALS: Mapping[str, Callable[[str], dict[str, object]]] = {
    "integer": lambda text: {"int": int(text)},
    "decimal": lambda text: {"float": float(text)},
    "double": lambda text: {"float": float(text)},
    "date": lambda text: {"date": f"{text[:10]}T00:00:00Z"},
    "dateTime": lambda text: {"date": text},
}


def _refused(detail: str, status: int = 400) -> QueryError:
    return QueryError(ProblemDetails(status, "Not a data extension query", detail))
