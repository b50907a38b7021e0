"""IRIs: every IRI that we mint, and the slugs and keys that they are made of.

No other module may join a base IRI and a slug.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

import pyoxigraph as ox
from slugify import slugify

from ..ontology import BASE_IRI, PREFIXES, prefixes
from .identifiers import DOI_RESOLVER
from .model import Name, Record
from .shelf import Scratch

#: The end of the IRI of each named graph of a release -> what the graph holds.
GRAPHS = {
    "stated": "What sources say about publications, persons, organisations and venues; versions "
    "of works.",
    "inferred": "Facets inferred from titles, keywords, abstracts or platforms, unless they are "
    "also stated; languages inferred from titles; persons who are probably the same.",
    "vocabulary": "The ontology and the controlled vocabularies, with their links to other "
    "datasets.",
    "provenance": "The source of each record, word for word; the rule and evidence of each "
    "inference; the source of each link; tombstones.",
    "description": "The dataset and its counts; example queries; prefixes.",
}
#: The kinds of things that records name, besides the concepts of the vocabularies.
THINGS = frozenset({"organization", "person", "publication", "venue"})
#: Words that mean little by themselves; they are left out of slugs.
SMALL_WORDS = frozenset(
    "a an and as at by das de der des die do ein eine el en et for from how in is la le les los "
    "of on or per the to und via vs what when where who why with you your".split()
)
_WORDS = re.compile(r"[^\W_]+")


def fold(text: str) -> str:
    """Normalise a text for comparison: no accents, capitals, punctuation or repeated spaces.

    >>> fold("Arbeitsmärkte in der  Plattform-Ökonomie?")
    'arbeitsmarkte in der plattform okonomie'
    """
    if not text:
        return ""
    if text.isascii():  # nothing to normalise: takes half of the time
        plain = text.lower()
    else:
        plain = unicodedata.normalize("NFKD", text.replace("ß", "ss")).casefold()
        plain = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(_WORDS.findall(plain.replace("'", "").replace("’", "")))


@lru_cache(2**14)
def slug(text: str) -> str:
    """Convert a text to a slug: ASCII, lower case, with hyphens; never empty.

    >>> slug("Amazon Mechanical Turk")
    'amazon-mechanical-turk'
    """
    return slugify(text, max_length=80, word_boundary=True) or "x-" + text.encode().hex()[:16]


def publication_slug(record: Record) -> str:
    """The slug for a new work: first author, year, and three words of the title.

    >>> publication_slug(Record("The future of work", authors=(Name("Malik"),), issued=(2017,)))
    'malik-2017-future-work'
    """
    author = record.authors[0] if record.authors else None
    name = (author.family or author.literal) if author else ""
    words = slug(record.title).split("-")
    large = [word for word in words if word not in SMALL_WORDS] or words
    parts = [slug(name)[:40].strip("-")] if name else []
    parts += [str(record.year) if record.year else "nd", *(w[:30] for w in large[:3])]
    return "-".join(parts)


class Minter:
    """Gives out ids: ``wanted``, or the first of ``wanted-2``, ``wanted-3``, … that is free."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._base = Scratch("CREATE TABLE id (id TEXT PRIMARY KEY, next INTEGER) WITHOUT ROWID")
        for id in taken:
            self.take(id)

    def take(self, id: str) -> bool:
        """Take this id; False if it is already taken."""
        return self._base.execute("INSERT OR IGNORE INTO id VALUES (?, 2)", (id,)).rowcount > 0

    def mint(self, wanted: str) -> str:
        """Take and return the first free id."""
        if self.take(wanted):
            return wanted
        ((number,),) = self._base.execute("SELECT next FROM id WHERE id = ?", (wanted,))
        while not self.take(f"{wanted}-{number}"):
            number += 1
        self._base.execute("UPDATE id SET next = ? WHERE id = ?", (number + 1, wanted))
        return f"{wanted}-{number}"


def agent_key(name: Name) -> str:
    """The wanted id of a new agent: ``person/mark-graham``, ``organization/eurofound``."""
    kind = "organization" if name.literal else "person"
    return f"{kind}/{slug(str(name))}"


@lru_cache(1024)
def expand(curie: str, base: str = BASE_IRI) -> str:
    """The IRI of a prefixed name; ``oo`` is the ontology below ``base``.

    >>> expand("skos:broader")
    'http://www.w3.org/2004/02/skos/core#broader'
    """
    return prefixes(base).expand(curie)


def node_of(iri: str) -> ox.NamedNode | None:
    """The node with this IRI; None if the text is not a valid IRI."""
    with suppress(ValueError):
        return ox.NamedNode(iri)
    return None


def named_node(curie: str) -> ox.NamedNode:
    """The node of a prefixed name; ``oo`` is the ontology below our own base."""
    return ox.NamedNode(PREFIXES.expand(curie))


RDF_TYPE = named_node("rdf:type")


@dataclass(frozen=True, slots=True)
class IRIs:
    """The IRIs of one build, all below one base."""

    base: str = BASE_IRI

    @property
    def ontology(self) -> str:
        """The namespace of the ontology's terms, with its "#"."""
        return f"{self.base}ontology#"

    def thing(self, kind: str, slug: str) -> str:
        """A publication, platform, country, …: ``…/{kind}/{slug}``."""
        return f"{self.base}{kind}/{slug}"

    def kind(self, iri: str) -> str:
        """The kind of thing that one of our IRIs names (platform, topic, …); "" for other IRIs."""
        kind, slash, name = iri.removeprefix(self.base).partition("/")
        return kind if iri.startswith(self.base) and slash and name and "/" not in name else ""

    def dataset(self, name: str = "dataset") -> str:
        """Our dataset, a target's dataset, or a part of their description, as in void.ttl."""
        return f"{self.base}.well-known/void#{name}"

    def at(self, path: str) -> str:
        """The IRI at a path below the base, such as that of a document (``catalog``)."""
        return self.base + path

    def path(self, iri: str) -> str:
        """The path of one of our IRIs below the base; any other IRI unchanged."""
        return iri.removeprefix(self.base)

    def agent(self, agent_id: str) -> str:
        """A person or organisation, by its id in the catalogue (``person/mark-graham``)."""
        return f"{self.base}{agent_id}"

    def graph(self, name: str) -> str:
        """A named graph: stated, inferred, vocabulary, provenance or description."""
        return f"{self.base}graph/{name}"

    def scheme(self, name: str) -> str:
        """A concept scheme."""
        return f"{self.base}scheme/{name}"

    def part(self, publication: str, name: str) -> str:
        """A node that belongs to one publication, such as ``…#author-1``."""
        return f"{publication}#{name}"

    def doi(self, doi: str) -> str:
        """A DOI as an IRI, escaped as the DOI handbook asks (https://doi.org/, no plain "<")."""
        return DOI_RESOLVER + quote(doi, safe="/:;()._-@!$&'*+,=~")
