"""Names of properties and classes, used when their labels are not at hand."""

from __future__ import annotations

import re

from ...ontology import PREFIXES

_NAMES = {
    "altLabel": "also called",
    "creator": "author",
    "doi": "DOI",
    "exactMatch": "the same as",
    "closeMatch": "nearly the same as",
    "broadMatch": "narrower than",
    "narrowMatch": "broader than",
    "relatedMatch": "related to",
    "hasTopConcept": "broadest concepts",
    "hiddenLabel": "also found by",
    "inLanguage": "language",
    "inScheme": "vocabulary",
    "hasVersion": "later or other version",
    "isPartOf": "published in",
    "license": "licence",
    "linkPredicate": "links by",
    "objectsTarget": "links to",
    "subjectsTarget": "links from",
    "dataDump": "files",
    "isVersionOf": "version of",
    "isbn10": "ISBN-10",
    "isbn13": "ISBN-13",
    "issn": "ISSN",
    "m49": "UN M49 code",
    "alpha3": "ISO alpha-3 code",
    "notation": "code",
    "prefLabel": "label",
    "probablySameAs": "probably the same as",
    "sameAs": "the same as",
    "spatial": "country",
    "subject": "topic",
    "url": "web page",
}

#: Headings for things that point to another by a property.
_MEMBERS = {
    "inScheme": "Concepts",
    "linkset": "Links",
    "organizationKind": "Organisations",
    "subset": "Part of",
}

#: Severities of SHACL that pages call otherwise.
_SEVERITIES = {"Info": "hint"}


def members(iri: str) -> str:
    """The heading for things that point to another by a property.

    >>> members("http://www.w3.org/2004/02/skos/core#inScheme")
    'Concepts'
    >>> members("http://rdfs.org/ns/void#subset")
    'Part of'
    """
    return _MEMBERS.get(re.split(r"[#/]", iri)[-1]) or f"By {words(iri)}"


def words(iri: str) -> str:
    """The last part of an IRI in words.

    >>> words("https://w3id.org/oograph/ontology#organizationKind")
    'organization kind'
    """
    local = re.split(r"[#/]", iri.rstrip("#/"))[-1]
    return _NAMES.get(local) or re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", local).lower()


def severity(name: str) -> str:
    """What pages call a severity of SHACL.

    >>> severity("Info"), severity("Warning")
    ('hint', 'warning')
    """
    return _SEVERITIES.get(name, name.lower())


def curie(iri: str) -> str:
    """An IRI of a well-known namespace as a prefixed name; any other as it is.

    >>> curie("http://www.w3.org/2002/07/owl#Class")
    'owl:Class'
    """
    short = PREFIXES.compress(iri)
    return short if re.fullmatch(r"[\w-]+:\w+", short) else iri
