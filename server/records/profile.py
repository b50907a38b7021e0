"""What the page of a thing says of it in words: its other names, its codes, where else it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pyoxigraph as ox

from ...graph.release.profile import Companions
from ...graph.release.values import MANY
from ...graph.release.works import Work, Works
from ..web.namesakes import works_of_namesakes
from .description import Node, Value

__all__ = [
    "LEVELS",
    "NESTED",
    "Levels",
    "LinkOut",
    "facts",
    "links_out",
    "namesakes",
    "other_names",
]

#: Properties that lead elsewhere -> how the thing there is related.
_LINKS = {
    "schema:url": "",
    "schema:sameAs": "",
    "skos:exactMatch": "",
    "skos:closeMatch": "nearly the same",
    "skos:relatedMatch": "related",
    "skos:broadMatch": "broader",
    "skos:narrowMatch": "narrower",
}
#: Hosts -> what people call what is there.
_HOSTS = {
    "www.wikidata.org": "Wikidata",
    "sws.geonames.org": "GeoNames",
    "publications.europa.eu": "EU Publications Office",
    "eurovoc.europa.eu": "EuroVoc",
    "data.europa.eu": "ESCO",
    "zbw.eu": "STW Thesaurus for Economics",
    "orcid.org": "ORCID",
    "doi.org": "DOI",
}
#: Properties -> what people call them.
_FACTS = {
    "skos:notation": "Code",
    "oo:alpha3": "ISO 3166 alpha-3",
    "oo:m49": "UN M49",
    "bibo:issn": "ISSN",
    "oo:organizationKind": "Kind",
    "skos:related": "Related",
    "oo:probablySameAs": "Perhaps the same as",
    "skos:scopeNote": "Note",
    "dcterms:description": "About it",
}


@dataclass(frozen=True, slots=True)
class LinkOut:
    """A link to what another dataset says of the thing."""

    href: str
    #: Whose page or data it is.
    at: str
    #: How the thing there is related; "" where it is the same.
    relation: str


@dataclass(frozen=True, slots=True)
class Levels:
    """What people call the values of a facet that has two levels, and what the upper ones count."""

    single: str
    groups: str
    note: str


#: By the facet's name in the index.
LEVELS = {
    "countries": Levels("Countries", "Regions", "A region has those of its countries."),
    "platforms": Levels("Platforms", "Kinds of platforms", "A kind has those of its platforms."),
}
#: What a value counts that others in the same list are part of.
NESTED = {
    "keywords": "A broader topic has the works of its narrower ones.",
    "methods": "A broader method has the works of its narrower ones.",
    "venue": "A series has the works of its editions.",
}


def namesakes(
    works: Works, companions: Iterable[Companions], persons: Iterable[str]
) -> dict[tuple[str, str], Work]:
    """The works that tell companions, and persons, from others of their name.

    They are by facet and value.
    """
    listed = {c.facet: [v.value for v in c.values] for c in companions if c.facet in MANY}
    listed["author"] = [*listed.get("author", ()), *persons]
    newest: dict[tuple[str, str], Work] = {}
    for facet, values in listed.items():
        entries = [entry for value in values if (entry := works.values.entry(facet, value))]
        of_values = works_of_namesakes(works, facet, entries)
        newest |= {(facet, value): work for value, work in of_values.items()}
    return newest


def other_names(this: Node, written: Iterable[str]) -> list[tuple[str, str]]:
    """What else a thing is called, each with its language, those without one and English first.

    ``written`` are its names in the index, of agents as their works write them.
    """
    labels = {v.term.value: v.term for v in this.values("skos:altLabel") if _is_text(v)}
    names = {name: _language(term) for name, term in labels.items()}
    names = {name: "" for name in written if name not in names} | names
    own = {value.text for name in ("skos:prefLabel", "rdfs:label") for value in this.values(name)}
    return sorted(
        ((name, language) for name, language in names.items() if name not in own),
        key=lambda each: (each[1] not in ("", "en"), each[1], each[0].casefold()),
    )


def facts(this: Node) -> Iterator[tuple[str, list[Value]]]:
    """Codes, notes and related things, by what people call them."""
    return ((title, this.values(name)) for name, title in _FACTS.items() if this.values(name))


def links_out(this: Node) -> list[LinkOut]:
    """Where else on the web the thing is."""
    return [
        LinkOut(value.iri, _HOSTS.get(host, host.removeprefix("www.")), relation)
        for name, relation in _LINKS.items()
        for value in this.values(name)
        if value.iri.startswith(("http://", "https://")) and (host := urlsplit(value.iri).netloc)
    ]


def _is_text(value: Value) -> bool:
    return isinstance(value.term, ox.Literal)


def _language(term: ox.NamedNode | ox.Literal) -> str:
    return (term.language or "") if isinstance(term, ox.Literal) else ""
