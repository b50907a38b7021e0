"""Targets: the vocabularies, registries and sites that we link to, and the form of their IRIs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Target:
    """A place that links lead to."""

    title: str
    #: What its IRIs begin with; "" for the web in general.
    space: str
    #: What follows, as a regular expression.
    local: str
    #: A pattern for any way in which people write its addresses, right or wrong, after
    #: "http(s)://(www.)".
    place: str = ""

    def has(self, iri: str) -> bool:
        """Whether the IRI has exactly the form that the target uses."""
        return bool(re.fullmatch(re.escape(self.space) + self.local, iri))


#: Every target, by the name with which its linksets end; ``web`` is for all other sites.
TARGETS: Mapping[str, Target] = {
    "arxiv": Target(
        "arXiv",
        "https://arxiv.org/abs/",
        r"(?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})",
        r"arxiv\.org/",
    ),
    "doi": Target("DOI", "https://doi.org/", r"10\.\d{4,9}/\S+", r"(?:dx\.)?doi\.org/"),
    "esco": Target(
        "ESCO, the European classification of skills and occupations",
        "http://data.europa.eu/esco/skill/",
        r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
        r"data\.europa\.eu/esco/",
    ),
    "eu": Target(
        "Authority table of countries of the European Union",
        "http://publications.europa.eu/resource/authority/country/",
        r"[A-Z]{3}",
        r"publications\.europa\.eu/resource/authority/country/",
    ),
    "eurovoc": Target(
        "EuroVoc",
        "http://eurovoc.europa.eu/",
        r"(?:\d+|c_[0-9a-f]{8})",
        r"eurovoc\.europa\.eu/",
    ),
    "geonames": Target(
        "GeoNames", "https://sws.geonames.org/", r"[1-9]\d*/", r"(?:sws\.)?geonames\.org/"
    ),
    "gnd": Target(
        "GND, the integrated authority file of the German-speaking countries",
        "http://d-nb.info/gnd/",
        r"\d{1,9}-?[\dX]",
        r"d-nb\.info/gnd/",
    ),
    "isbn": Target("ISBN", "urn:isbn:", r"97[89]\d{10}", r"urn:isbn:"),
    "issn": Target(
        "ISSN", "urn:issn:", r"\d{4}-\d{3}[\dX]", r"(?:urn:issn:|portal\.issn\.org/resource/issn/)"
    ),
    "openalex": Target(
        "OpenAlex", "https://openalex.org/", r"W[1-9]\d*", r"(?:api\.)?openalex\.org/(?:works/)?"
    ),
    "orcid": Target("ORCID", "https://orcid.org/", r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]", r"orcid\.org/"),
    "ssrn": Target("SSRN", "https://ssrn.com/abstract=", r"[1-9]\d*", r"(?:papers\.)?ssrn\.com/"),
    "stw": Target(
        "STW Thesaurus for Economics",
        "http://zbw.eu/stw/descriptor/",
        r"\d{5}-\d",
        r"zbw\.eu/stw/",
    ),
    "wikidata": Target(
        "Wikidata", "http://www.wikidata.org/entity/", r"Q[1-9]\d*", r"wikidata\.org/"
    ),
    "yso": Target(
        "YSO, the General Finnish Ontology",
        "http://www.yso.fi/onto/yso/",
        r"p\d+",
        r"yso\.fi/onto/",
    ),
    "web": Target("Pages on the web", "", r"(?:https?://[^\s/]+|urn:[a-z0-9-]+:)\S*"),
}


@lru_cache(2**14)
def target_of(iri: str) -> str:
    """The name of the target that an IRI is meant for, even if it is written wrongly.

    >>> target_of("https://www.wikidata.org/wiki/Q42")
    'wikidata'
    """
    address = re.sub(r"^https?://(?:www\.)?", "", iri.casefold())
    return next(
        (name for name, t in TARGETS.items() if t.place and re.match(t.place, address)), "web"
    )
