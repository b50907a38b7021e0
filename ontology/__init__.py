"""The ontology, the controlled vocabularies and the namespaces, with functions to read them."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass
from importlib.resources import files

__all__ = [
    "BASE_IRI",
    "PREFIXES",
    "Prefixes",
    "Question",
    "context",
    "link_table",
    "link_table_names",
    "prefixes",
    "questions",
    "table",
    "turtle",
    "turtle_names",
]

#: The base IRI of all shipped files; a build may use another.
BASE_IRI = "https://w3id.org/oograph/"


class Prefixes(dict[str, str]):
    """Namespaces by prefix, in the order in which they are written."""

    def expand(self, curie: str) -> str:
        """The IRI of a CURIE; raise KeyError if its prefix is unknown.

        >>> PREFIXES.expand("skos:prefLabel")
        'http://www.w3.org/2004/02/skos/core#prefLabel'
        """
        prefix, _, local = curie.partition(":")
        return self[prefix] + local

    def compress(self, iri: str) -> str:
        """The IRI as a CURIE with the longest matching namespace, or unchanged.

        >>> PREFIXES.compress("http://www.w3.org/2004/02/skos/core#prefLabel")
        'skos:prefLabel'
        """
        fitting = (prefix for prefix, namespace in self.items() if iri.startswith(namespace))
        best = max(fitting, key=lambda prefix: len(self[prefix]), default=None)
        return iri if best is None else f"{best}:{iri.removeprefix(self[best])}"


#: The prefixes in all output, in the order in which they are written. ``oo`` is the ontology.
PREFIXES = Prefixes(
    {
        "oo": f"{BASE_IRI}ontology#",
        "bibo": "http://purl.org/ontology/bibo/",
        "dc": "http://purl.org/dc/elements/1.1/",
        "dcat": "http://www.w3.org/ns/dcat#",
        "dcterms": "http://purl.org/dc/terms/",
        "fabio": "http://purl.org/spar/fabio/",
        "foaf": "http://xmlns.com/foaf/0.1/",
        "hydra": "http://www.w3.org/ns/hydra/core#",
        "org": "http://www.w3.org/ns/org#",
        "owl": "http://www.w3.org/2002/07/owl#",
        "prov": "http://www.w3.org/ns/prov#",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "schema": "https://schema.org/",
        "sd": "http://www.w3.org/ns/sparql-service-description#",
        "semapv": "https://w3id.org/semapv/vocab/",
        "sh": "http://www.w3.org/ns/shacl#",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "spdx": "http://spdx.org/rdf/terms#",
        "sssom": "https://w3id.org/sssom/",
        "vann": "http://purl.org/vocab/vann/",
        "void": "http://rdfs.org/ns/void#",
        "void-ext": "http://ldf.fi/void-ext#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    }
)


@dataclass(frozen=True, slots=True)
class Question:
    """A competency question: a user's question, in words and in SPARQL."""

    name: str
    words: str
    query: str
    #: Its subject, in a word or two.
    group: str = ""
    #: The properties, with prefixes, that publications need to answer it.
    needs: tuple[str, ...] = ()

    def is_for(self, properties: Container[str]) -> bool:
        """Whether a graph with these properties, with prefixes, can answer it."""
        return all(name in properties for name in self.needs)


def prefixes(base_iri: str = BASE_IRI) -> Prefixes:
    """The prefixes, with ``base_iri`` in place of the default."""
    return Prefixes(PREFIXES | {"oo": f"{base_iri}ontology#"})


def turtle_names() -> tuple[str, ...]:
    """The sorted names of the Turtle files here, including ``oograph.ttl``, the ontology."""
    return tuple(sorted(f.name for f in files(__name__).iterdir() if f.name.endswith(".ttl")))


def turtle(name: str, base_iri: str = BASE_IRI) -> str:
    """The text of one Turtle file, with ``base_iri`` in place of the default."""
    return _text(name).replace(BASE_IRI, base_iri)


def link_table_names() -> tuple[str, ...]:
    """The sorted names of the link tables in ``links/`` (SSSOM TSV)."""
    return tuple(sorted(f.name for f in files(__name__).joinpath("links").iterdir()))


def link_table(name: str, base_iri: str = BASE_IRI) -> str:
    """The text of one link table, with ``base_iri`` in place of the default."""
    return _text("links", name).replace(BASE_IRI, base_iri)


def table(name: str) -> str:
    """The text of one of the tables here (TSV), by file name."""
    return _text(name)


def context(base_iri: str = BASE_IRI) -> str:
    """The text of the JSON-LD context, with ``base_iri`` in place of the default."""
    return _text("context.jsonld").replace(BASE_IRI, base_iri)


def questions(base_iri: str = BASE_IRI) -> tuple[Question, ...]:
    """The competency questions in order, with ``base_iri`` in place of the default."""
    every = []
    for path in sorted(files(__name__).joinpath("questions").iterdir(), key=lambda f: f.name):
        query = path.read_text(encoding="utf-8").replace(BASE_IRI, base_iri)
        words = query.partition("\n")[0].removeprefix("# ")
        facts = dict(re.findall(r"^# (Group|Needs): (.*)$", query, re.MULTILINE))
        needs = tuple(facts.get("Needs", "").split())
        name = path.name.removesuffix(".rq")
        every.append(Question(name, words, query, facts.get("Group", ""), needs))
    return tuple(every)


def _text(*path: str) -> str:
    return files(__name__).joinpath(*path).read_text(encoding="utf-8")
