"""Completion: the terms that the editor offers, with how often the release uses each.

The terms and counts come from the release's VoID (https://www.w3.org/TR/void/), the labels from
the ontology.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from itertools import chain

import pyoxigraph as ox
from flask import Blueprint, Response

from ...graph.formats import Format
from ...graph.iris import expand
from ...graph.rdf.nodes import Properties, by_node
from ...ontology import PREFIXES, Prefixes, prefixes, turtle
from ..web.classes import CLASSES
from ..web.negotiation import cached
from ..web.site import Site
from ..web.words import words

_JSON = Format("json", "JSON", "application/json")
_VOID = PREFIXES["void"]
#: The classes of things that have pages, in the order in which pages list them.
_THINGS = tuple(name for each in CLASSES.values() for name in each.rdf_classes)
#: A local name that needs no escapes.
_LOCAL = re.compile(r"[A-Za-z_][\w-]*")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The terms that the editor offers."""

    base: str
    prefixes: Mapping[str, str]
    #: By prefixed name: label, count, definition, and the properties of the members.
    classes: Mapping[str, Mapping[str, object]]
    properties: Mapping[str, Mapping[str, object]]

    @property
    def labels(self) -> dict[str, str]:
        """The label of each class and property, by prefixed name."""
        terms = chain(self.classes.items(), self.properties.items())
        return {name: str(term["label"]) for name, term in terms}


@dataclass(frozen=True, slots=True)
class _Facts:
    """The statements of a Turtle file, by subject."""

    of: Mapping[str, Properties]

    @classmethod
    def read(cls, text: bytes | str) -> _Facts:
        """Read a Turtle file."""
        return cls(by_node(ox.parse(text, format=ox.RdfFormat.TURTLE)))

    def every(self, subject: str, property: str) -> list[str]:
        """Return the values of a property, without duplicates."""
        values = self.of.get(subject, {}).get(property, ())
        return list(dict.fromkeys(value.value for value in values))

    def first(self, subject: str, *properties: str) -> str:
        """Return the first value of the first property that has one; "" if none has."""
        values = (value for each in properties for value in self.every(subject, each))
        return next(values, "")


def blueprint(site: Site) -> Blueprint:
    """``/sparql/completion.json``."""
    surface = Blueprint("completion", __name__)

    @surface.get("/sparql/completion.json")
    def completion() -> Response:
        return cached("completion", _JSON, site, lambda: _written(site))

    return surface


def _written(site: Site) -> str:
    return json.dumps(asdict(vocabulary_of(site)), ensure_ascii=False, separators=(",", ":"))


def vocabulary_of(site: Site) -> Vocabulary:
    """Return the terms that the editor offers for a release."""
    void = (site.release.folder / "void.ttl").read_bytes()
    return vocabulary(void, site.iris.dataset(), site.release.base_iri)


def vocabulary(void: bytes, dataset: str, base_iri: str) -> Vocabulary:
    """Return the prefixes, classes and properties of a dataset, in the order they are offered."""
    facts, ontology = _Facts.read(void), _Facts.read(turtle("oograph.ttl", base_iri))
    namespaces = prefixes(base_iri)

    def term(iri: str, count: str) -> dict[str, object]:
        about = ontology.first(iri, expand("skos:definition"), expand("rdfs:comment"))
        label = ontology.first(iri, expand("rdfs:label")) or words(iri)
        return {"label": label, "count": int(count)} | ({"about": about} if about else {})

    classes: dict[str, dict[str, object]] = {}
    properties: dict[str, dict[str, object]] = {}
    values: dict[str, dict[str, None]] = {}
    of_classes: dict[str, dict[str, int]] = {}
    for part in _by_size(facts, dataset, "property", "triples"):
        if name := _short(facts.first(part, f"{_VOID}property"), namespaces):
            iri, count = namespaces.expand(name), facts.first(part, f"{_VOID}triples")
            properties[name] = term(iri, count)
    for part in _by_size(facts, dataset, "class", "entities"):
        if not (name := _short(facts.first(part, f"{_VOID}class"), namespaces)):
            continue
        classes[name] = term(namespaces.expand(name), facts.first(part, f"{_VOID}entities"))
        used: dict[str, int] = {}
        for each in _by_size(facts, part, "property", "triples"):
            if property := _short(facts.first(each, f"{_VOID}property"), namespaces):
                used[property] = int(facts.first(each, f"{_VOID}triples"))
                ranges = _by_size(facts, each, "class", "triples")
                iris = (facts.first(range, f"{_VOID}class") for range in ranges)
                named = filter(None, (_short(iri, namespaces) for iri in iris))
                values.setdefault(property, {}).update(dict.fromkeys(named))
        of_classes[name] = used
        classes[name]["properties"] = used
    for property, ranges_of in values.items():
        if ranges_of and property in properties:
            properties[property]["values"] = list(ranges_of)
    things = {name for name in _THINGS if name in classes}
    of_things = {property for name in things for property in of_classes[name]}
    return Vocabulary(
        base=base_iri,
        prefixes=namespaces,
        classes={name: classes[name] for name in sorted(classes, key=_class_order)},
        properties=dict(sorted(properties.items(), key=lambda each: each[0] not in of_things)),
    )


def _class_order(name: str) -> tuple[bool, int]:
    """The sort key of a class: things with pages, other vocabularies, then the rest of ours."""
    if name in _THINGS:
        return (False, _THINGS.index(name))
    return (True, name.startswith("oo:"))


def _by_size(facts: _Facts, whole: str, kind: str, size: str) -> Iterable[str]:
    """Return the partitions of a dataset or of a partition, the largest first."""
    parts = facts.every(whole, f"{_VOID}{kind}Partition")
    return sorted(parts, key=lambda part: -int(facts.first(part, f"{_VOID}{size}") or 0))


def _short(iri: str, namespaces: Prefixes) -> str:
    """Return the IRI as a prefixed name; "" if it cannot be written as one."""
    short = namespaces.compress(iri)
    prefix, _, local = short.partition(":")
    return short if prefix in namespaces and _LOCAL.fullmatch(local) else ""
