"""The properties that a table can be matched by and extended with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph as ox

from ...graph.iris import expand
from ...graph.model import FACETS
from ..web.classes import CLASSES
from ..web.facets import SHOWN
from ..web.site import Site, integer
from .external import batches

#: The types that can be reconciled: local name of our class -> path of its things.
TYPES = {
    each.rdf_classes[0].removeprefix("oo:"): each.path
    for each in CLASSES.values()
    if each.rdf_classes[0].startswith("oo:")
}


def named_type(id: str) -> dict[str, str]:
    """Return a type as answers give it, with the name that pages use."""
    return {"id": id, "name": CLASSES[TYPES[id]].singular}


@dataclass(frozen=True, slots=True)
class Property:
    """A property of things, with an id for tables."""

    id: str
    name: str
    #: The SPARQL property path, with prefixed names.
    path: str
    #: The paths of the classes whose things have it; () for all.
    classes: tuple[str, ...] = ()
    #: The type of its values, if they are things.
    value_type: str = ""
    #: Whether a value identifies a thing, so that an equal value decides a match.
    identifies: bool = False
    #: SPARQL that binds the ?place of a ?value among those of a ?thing; "" if they have no order.
    order: str = ""


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a property: a thing, another IRI, or a literal."""

    term: ox.NamedNode | ox.Literal
    #: The label of a thing; "" for anything else.
    label: str = ""


_WORK = ("publication",)
_CONCEPTS = tuple(
    field.scheme.kind for field in FACETS if field.scheme and field.kind == "concepts"
)
_COUNTRY = ("country",)
_AUTHORSHIP = "?thing oo:authorship ?part . ?part oo:agent ?value ; oo:position ?place"

#: By id, in the order they are proposed.
PROPERTIES = {
    each.id: each
    for each in (
        Property("year", "year", "oo:year", _WORK),
        Property("author", "author", "dcterms:creator", _WORK, "Person", order=_AUTHORSHIP),
        Property("doi", "DOI", "bibo:doi", _WORK, identifies=True),
        Property("venue", "published in", "dcterms:isPartOf", _WORK, "Venue"),
        *(
            Property(
                field.scheme.kind, field.label, field.predicate, _WORK, field.scheme.concept_class
            )
            for field in SHOWN
            if field.scheme and field.kind != "bodies"
        ),
        Property("publisher", "publisher", "dcterms:publisher", _WORK, "Organization"),
        Property("organization", "organisation", "oo:organization", _WORK, "Organization"),
        Property("isbn", "ISBN", "bibo:isbn13|bibo:isbn10", _WORK, identifies=True),
        Property("volume", "volume", "bibo:volume", _WORK),
        Property("issue", "issue", "bibo:issue", _WORK),
        Property("pages", "pages", "bibo:pages", _WORK),
        Property("language", "language", "schema:inLanguage", _WORK),
        Property("url", "web page", "schema:url", (*_WORK, "platform")),
        Property("family-name", "family name", "foaf:familyName", ("person",)),
        Property("given-name", "given name", "foaf:givenName", ("person",)),
        Property("issn", "ISSN", "bibo:issn", ("venue",), identifies=True),
        Property("alpha2", "ISO alpha-2 code", "skos:notation", _COUNTRY, identifies=True),
        Property("alpha3", "ISO alpha-3 code", "oo:alpha3", _COUNTRY, identifies=True),
        Property("m49", "UN M49 code", "oo:m49", _COUNTRY, identifies=True),
        Property("definition", "definition", "skos:definition", _CONCEPTS),
        Property("also-called", "also called", "skos:altLabel|dcterms:alternative"),
        Property("broader", "broader", "skos:broader", _CONCEPTS),
        Property("same-as", "the same as", "schema:sameAs|skos:exactMatch", identifies=True),
        Property("close-match", "nearly the same as", "skos:closeMatch", _CONCEPTS),
    )
}


def type_path(type: str, base_iri: str) -> str | None:
    """Return the path of a type's things, by its id or IRI; None if there is no such type."""
    return TYPES.get(type.removeprefix(expand("oo:", base_iri)).removeprefix("oo:"))


def values(site: Site, property: Property, iris: Iterable[str]) -> dict[str, list[Value]]:
    """Return the values of a property by thing, without duplicates, in their order or by name."""
    rows: dict[str, list[tuple[int, str, str, Value]]] = {}
    order = f"OPTIONAL {{ {property.order} }}" if property.order else ""
    for things in batches(site, iris):
        for row in site.select("values", things=things, path=property.path, order=order):
            value = Value(row["value"], row["label"].value if "label" in row else "")
            place = (integer(row, "place"), value.label, str(value.term))
            rows.setdefault(row["thing"].value, []).append((*place, value))
    return {iri: _one_each(sorted(each, key=lambda row: row[:3])) for iri, each in rows.items()}


def _one_each(rows: Iterable[tuple[int, str, str, Value]]) -> list[Value]:
    """Return the values in order, each term once, with its first label."""
    once: dict[str, Value] = {}
    for _, _, term, value in rows:
        once.setdefault(term, value)
    return list(once.values())
