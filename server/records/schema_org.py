"""A thing described with schema.org, for search engines that read it in a page's head."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ...graph.dataset import Licence
from .description import Description, Node, Value

#: The part of the schema.org context that we need, inlined so that no client has to fetch it.
CONTEXT: Mapping[str, Any] = {
    "@vocab": "https://schema.org/",
    **{
        name: {"@type": "@id"}
        for name in ("contentUrl", "inDefinedTermSet", "license", "sameAs", "url")
    },
}

#: Class of a publication -> type; the first match counts.
_WORKS = {
    "bibo:AcademicArticle": "ScholarlyArticle",
    "fabio:ConferencePaper": "ScholarlyArticle",
    "fabio:Preprint": "ScholarlyArticle",
    "bibo:Article": "Article",
    "bibo:Chapter": "Chapter",
    "bibo:Manuscript": "Manuscript",
    "bibo:Book": "Book",
    "bibo:Proceedings": "Book",
    "bibo:Report": "Report",
    "bibo:Thesis": "Thesis",
    "bibo:Webpage": "WebPage",
}
#: Path of a class -> types; things of other classes are a DefinedTerm.
_KINDS: Mapping[str, tuple[str, ...]] = {
    "publication": ("CreativeWork",),
    "platform": ("Organization", "WebSite"),
    "country": ("Country",),
    "person": ("Person",),
    "organization": ("Organization",),
    "venue": ("CreativeWorkSeries",),
    "scheme": ("DefinedTermSet",),
    "linkset": ("Dataset",),
    "graph": ("Dataset",),
}
#: Characters that would end a script element or a line of JavaScript.
_UNSAFE = {ord(mark): f"\\u{ord(mark):04x}" for mark in "<>&\u2028\u2029"}


def types_of(kind: str, this: Node) -> tuple[str, ...]:
    """The schema.org types of a thing of a class, without their namespace."""
    if kind == "publication":
        type = next((t for name, t in _WORKS.items() if this.is_a(name)), "")
        return (type,) if type else _KINDS[kind]
    if kind == "venue" and this.is_a("schema:Periodical"):
        return ("Periodical",)
    if kind == "country" and this.is_a("oo:Region"):
        return ("Place",)
    return _KINDS.get(kind, ("DefinedTerm",))


def embedded(document: Mapping[str, Any]) -> str:
    """A JSON document that is safe inside a script element, whatever its texts contain."""
    return json.dumps(document, ensure_ascii=False, indent=1).translate(_UNSAFE)


def described(kind: str, description: Description, licence: Licence) -> dict[str, Any]:
    """A thing as a schema.org JSON-LD document; the licence is that of its page."""
    this = description.this
    types = types_of(kind, this)
    properties = {
        "name": description.title,
        "alternateName": _texts(this, "skos:altLabel") + _texts(this, "dcterms:alternative"),
        "description": this.first("skos:definition"),
        "url": _iris(this, "schema:url"),
        "sameAs": _iris(this, "schema:sameAs") + _iris(this, "skos:exactMatch"),
        "subjectOf": {"@type": "WebPage", "license": licence.iri},
    }
    more = _publication(description) if kind == "publication" else _other(kind, this)
    return {
        "@context": CONTEXT,
        "@id": this.iri,
        "@type": _one(list(types)),
        **{name: _one(value) for name, value in (properties | more).items() if value},
    }


def _publication(description: Description) -> dict[str, Any]:
    this = description.this
    venue = next(iter(this.values("dcterms:isPartOf")), None)
    pages = this.first("bibo:pages")
    start, end = this.first("bibo:pageStart"), this.first("bibo:pageEnd")
    platforms = _named(this, "oo:platform", "Organization")
    return {
        "headline": description.title[:110],
        "author": [_contributor(part, description) for part in description.authorships],
        "editor": [_contributor(part, description) for part in description.editorships],
        "datePublished": this.first("oo:year"),
        "inLanguage": this.first("schema:inLanguage"),
        "isPartOf": _part(this, venue, description),
        "publisher": _named(this, "dcterms:publisher", "Organization"),
        "pageStart": start,
        "pageEnd": end,
        "pagination": "" if start else pages,
        "isbn": _texts(this, "bibo:isbn13") or _texts(this, "bibo:isbn10"),
        "identifier": _doi(this),
        "about": _named(this, "dcterms:subject", "DefinedTerm") + platforms,
        "spatialCoverage": _named(this, "dcterms:spatial", "Place"),
        "keywords": ", ".join(value.text for value in this.values("dcterms:subject")),
    }


def _other(kind: str, this: Node) -> dict[str, Any]:
    scheme = _iris(this, "skos:inScheme")
    is_term = kind not in _KINDS
    return {
        "givenName": this.first("foaf:givenName"),
        "familyName": this.first("foaf:familyName"),
        "issn": _texts(this, "bibo:issn"),
        "identifier": _texts(this, "skos:notation") if kind == "country" else [],
        "inDefinedTermSet": scheme if is_term else [],
    }


def _contributor(part: Node, description: Description) -> dict[str, Any]:
    """The author or editor of an authorship or editorship."""
    agent = next(iter(part.values("oo:agent")), None)
    if agent is None:
        return {"@type": "Person", "name": part.first("oo:nameAsWritten")}
    known = description.parts.get(agent.iri)
    is_body = known and known.is_a("oo:Organization")
    agent_facts: dict[str, Any] = {
        "@type": "Organization" if is_body else "Person",
        "@id": agent.iri,
        "name": agent.text,
    }
    if known:
        parts = {
            "givenName": known.first("foaf:givenName"),
            "familyName": known.first("foaf:familyName"),
            "sameAs": _one(_iris(known, "schema:sameAs")),
        }
        agent_facts |= {name: value for name, value in parts.items() if value}
    return agent_facts


def _part(this: Node, venue: Value | None, description: Description) -> dict[str, Any]:
    """What a work is part of: an issue of a volume of a venue."""
    whole: dict[str, Any] = {}
    if venue:
        known = description.parts.get(venue.iri)
        is_journal = known and known.is_a("schema:Periodical")
        kind = "Periodical" if is_journal else "CreativeWorkSeries"
        whole = {"@type": kind, "@id": venue.iri, "name": venue.text}
        if known and (issn := _texts(known, "bibo:issn")):
            whole["issn"] = _one(issn)
    levels = {
        "PublicationVolume": ("volumeNumber", this.first("bibo:volume")),
        "PublicationIssue": ("issueNumber", this.first("bibo:issue")),
    }
    for kind, (name, number) in levels.items():
        if number:
            whole = {"@type": kind, name: number} | ({"isPartOf": whole} if whole else {})
    return whole


def _doi(this: Node) -> dict[str, Any]:
    doi = this.first("bibo:doi")
    return {"@type": "PropertyValue", "propertyID": "DOI", "value": doi} if doi else {}


def _named(this: Node, property: str, kind: str) -> list[dict[str, Any]]:
    return [
        {"@type": kind, "@id": value.iri, "name": value.text}
        for value in this.values(property)
        if value.iri
    ]


def _texts(this: Node, property: str) -> list[str]:
    return [value.text for value in this.values(property) if not value.iri]


def _iris(this: Node, property: str) -> list[str]:
    """The IRIs among the values of a property that are safe as links."""
    return [
        value.iri
        for value in this.values(property)
        if value.iri.startswith(("http://", "https://", "urn:"))
    ]


def _one(value: Any) -> Any:
    """A list of one item as the item itself, as usual in JSON-LD."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value
