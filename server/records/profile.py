"""The text of a thing's page: its other names, codes, and links to other sites."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

import pyoxigraph as ox

from ...graph.index.persons import likely_the_same
from ...graph.index.profile import Companions, Profile
from ...graph.index.values import MANY
from ...graph.index.works import Work, Works
from ..web.facets import SHOWN
from ..web.instrument import each_as_instrument
from ..web.links import is_web
from ..web.namesakes import Distinction, distinctions
from ..web.site import Site
from .description import Node, Value

#: Properties that link elsewhere -> the relation to the thing there.
_LINKS = {
    "schema:url": "",
    "schema:sameAs": "",
    "skos:exactMatch": "",
    "skos:closeMatch": "nearly the same",
    "skos:relatedMatch": "related",
    "skos:broadMatch": "broader",
    "skos:narrowMatch": "narrower",
}
#: Host -> the name of the site.
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
#: Property -> its label.
_FACTS = {
    "skos:notation": "Code",
    "oo:alpha3": "ISO 3166 alpha-3",
    "oo:m49": "UN M49",
    "bibo:issn": "ISSN",
    "oo:organizationKind": "Kind",
    "skos:related": "Related",
    "skos:scopeNote": "Note",
    "dcterms:description": "Description",
}


@dataclass(frozen=True, slots=True)
class LinkOut:
    """A link to the thing in another dataset."""

    href: str
    #: The name of the other site.
    at: str
    #: The relation to the thing there; "" if it is the same.
    relation: str


@dataclass(frozen=True, slots=True)
class SamePerson:
    """A person who is likely the same."""

    iri: str
    name: str
    works: int
    #: When, and with whom or where; "" if the name is unique.
    note: str


@dataclass(frozen=True, slots=True)
class Levels:
    """The labels of the two levels of a facet, and a note on what the upper level counts."""

    single: str
    groups: str
    note: str


#: By the facet's name in the index.
LEVELS = {
    "countries": Levels("Countries", "Regions", "Regions include the works on their countries."),
    "platforms": Levels(
        "Platforms", "Kinds of platforms", "Kinds include the works on their platforms."
    ),
}
#: What a work may name instead of the value itself, by facet.
WITHIN = {
    "countries": "a place within it",
    "platforms": "a platform of this kind",
    "keywords": "a narrower topic",
    "methods": "a narrower method",
    "work_types": "a narrower type of work",
}
#: The facets that say what works are about; many works have no value.
_ABOUT = frozenset(field.name for field in SHOWN if field.inferable)
#: Notes for lists in which a value includes the works of others.
NESTED = {
    "keywords": "Broader topics include the works on narrower ones.",
    "methods": "Broader methods include the works with narrower ones.",
    "venue": "A series includes the works in its editions.",
}


def known_of(works: Works, facet: str) -> int:
    """How many works name any value of a facet; 0 for facets such as author and venue."""
    return works.members.known(facet) if facet in _ABOUT else 0


def namesakes(works: Works, companions: Iterable[Companions]) -> dict[tuple[str, str], Distinction]:
    """What tells companions from their namesakes, by facet and value."""
    apart: dict[tuple[str, str], Distinction] = {}
    for group in companions:
        if group.facet not in MANY:
            continue
        entries = (works.values.entry(group.facet, each.value) for each in group.values)
        of_values = distinctions(works, group.facet, list(filter(None, entries)))
        apart |= {(group.facet, value): each for value, each in of_values.items()}
    return apart


def instruments(works: Works, profile: Profile) -> dict[str, int]:
    """By platform, how many works of a profile use platform work as an instrument."""
    counted = each_as_instrument(works, profile.answer, profile.facet, [profile.entry.value])
    for group in profile.companions:
        values = (each.value for each in (*group.values, *group.groups))
        counted |= each_as_instrument(works, profile.answer, group.facet, values)
    return counted


def only_inferred(works: Works, profile: Profile, listed: Iterable[Work]) -> dict[str, str]:
    """By the id of a work, what a rule found that puts it into a profile, if no source states any.

    That is the thing of the profile, or something within it.
    """
    if not profile.inferred:  # for example of a person, whose works have hundreds of authors
        return {}
    facet, own = profile.facet, profile.entry.value
    reasons = {}
    for work in listed:
        found = [
            (value != own, label, inferred)
            for each, label, value, inferred in work.facets
            if each == facet
            and own in (value, *(wider.value for wider in works.values.above(facet, value)))
        ]
        if found and all(inferred for *_, inferred in found):
            reasons[work.id] = min(found)[1]
    return reasons


def same_persons(site: Site, this: Node, profile: Profile | None) -> list[SamePerson]:
    """The persons likely the same as this one, by a link in either direction."""
    names = {value.iri: value.text for value in this.values("oo:probablySameAs")}
    if profile and profile.facet == "author":
        for value in likely_the_same(site.works, profile.answer, profile.entry.value):
            names.setdefault(site.iris.agent(value.value), value.label)
    values = [site.iris.path(iri) for iri in names]
    entries = [site.works.values.entry("author", value) for value in values]
    apart = distinctions(site.works, "author", list(filter(None, entries)))
    notes = {value: each.note for value, each in apart.items()}
    return [
        SamePerson(iri, name, entry.works if entry else 0, notes.get(value, ""))
        for (iri, name), value, entry in zip(names.items(), values, entries, strict=True)
    ]


def other_names(this: Node, written: Iterable[str]) -> list[tuple[str, str]]:
    """The other names of a thing with their languages; English and untagged names first.

    ``written`` are its names in the index; for agents, as their works write them.
    """
    terms = (value.term for value in this.values("skos:altLabel"))
    names = {term.value: term.language or "" for term in terms if isinstance(term, ox.Literal)}
    names = {name: "" for name in written if name not in names} | names
    own = {value.text for name in ("skos:prefLabel", "rdfs:label") for value in this.values(name)}
    return sorted(
        ((name, language) for name, language in names.items() if name not in own),
        key=lambda each: (each[1] not in ("", "en"), each[1], each[0].casefold()),
    )


def facts(this: Node) -> Iterator[tuple[str, list[Value]]]:
    """Codes, notes and related things, by label."""
    return ((title, this.values(name)) for name, title in _FACTS.items() if this.values(name))


def links_out(this: Node) -> list[LinkOut]:
    """Links to the thing elsewhere on the web, told apart if several are of one site."""
    links = [
        LinkOut(value.iri, _HOSTS.get(host, host.removeprefix("www.")), relation)
        for name, relation in _LINKS.items()
        for value in this.values(name)
        if is_web(value.iri) and (host := urlsplit(value.iri).netloc)
    ]
    number = Counter(link.at for link in links)
    return [
        replace(link, at=f"{link.at} {link.href.rstrip('/').rpartition('/')[2]}")
        if number[link.at] > 1
        else link
        for link in links
    ]
