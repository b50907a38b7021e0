"""The formats that we read and write, in one table, and content negotiation between them.

The table is our own, because pyoxigraph's media type for CSV already includes a charset, and
clients use different names for some formats.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

import pyoxigraph as ox
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header


@dataclass(frozen=True, slots=True)
class Format:
    """A format to answer in; ``name`` is also its file extension and its value of ``format=``."""

    name: str
    title: str
    #: Without parameters; ``content_type`` is the value for the ``Content-Type`` header.
    media_type: str
    #: Other media types that clients such as Jena, RDF4J, SPARQLWrapper and rdflib use for it.
    aliases: tuple[str, ...] = ()
    #: The W3C's IRI for it (https://www.w3.org/ns/formats/); "" if it has none.
    iri: str = ""
    #: The engine's constant for it; None if the engine does not write it.
    engine: ox.RdfFormat | ox.QueryResultsFormat | None = None
    #: Other file extensions, besides its name.
    endings: tuple[str, ...] = ()

    @property
    def rdf(self) -> ox.RdfFormat:
        """The engine's constant for a format of ``RDF``."""
        return cast(ox.RdfFormat, self.engine)

    @property
    def results(self) -> ox.QueryResultsFormat:
        """The engine's constant for a format of ``RESULTS``."""
        return cast(ox.QueryResultsFormat, self.engine)

    @property
    def content_type(self) -> str:
        """The media type, with ``charset=utf-8`` if it is a text type."""
        return with_charset(self.media_type)


def with_charset(media_type: str) -> str:
    """A media type as ``Content-Type`` writes it."""
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def _table(*formats: Format) -> dict[str, Format]:
    return {each.name: each for each in formats}


_W3C = "http://www.w3.org/ns/formats/"

#: The formats for SELECT and ASK results, by short name; the first one is the default.
RESULTS = _table(
    Format(
        "json",
        "SPARQL JSON",
        "application/sparql-results+json",
        ("application/json", "text/json"),
        f"{_W3C}SPARQL_Results_JSON",
        ox.QueryResultsFormat.JSON,
    ),
    Format(
        "xml",
        "SPARQL XML",
        "application/sparql-results+xml",
        ("application/xml", "text/xml"),
        f"{_W3C}SPARQL_Results_XML",
        ox.QueryResultsFormat.XML,
    ),
    Format("csv", "CSV", "text/csv", (), f"{_W3C}SPARQL_Results_CSV", ox.QueryResultsFormat.CSV),
    Format(
        "tsv",
        "TSV",
        "text/tab-separated-values",
        (),
        f"{_W3C}SPARQL_Results_TSV",
        ox.QueryResultsFormat.TSV,
    ),
)

#: The formats for RDF, by short name; the first one is the default.
RDF = _table(
    Format(
        "ttl",
        "Turtle",
        "text/turtle",
        ("application/x-turtle", "application/turtle", "text/n3", "text/rdf+n3", "application/n3"),
        f"{_W3C}Turtle",
        ox.RdfFormat.TURTLE,
    ),
    Format(
        "nt",
        "N-Triples",
        "application/n-triples",
        ("application/ntriples", "text/plain"),
        f"{_W3C}N-Triples",
        ox.RdfFormat.N_TRIPLES,
    ),
    Format(
        "rdf",
        "RDF/XML",
        "application/rdf+xml",
        ("application/xml", "text/xml"),
        f"{_W3C}RDF_XML",
        ox.RdfFormat.RDF_XML,
        ("owl", "xml"),
    ),
    Format(
        "jsonld",
        "JSON-LD",
        "application/ld+json",
        ("application/x-json+ld", "application/json"),
        f"{_W3C}JSON-LD",
        ox.RdfFormat.JSON_LD,
        ("json",),
    ),
    Format(
        "trig",
        "TriG",
        "application/trig",
        ("application/x-trig", "text/trig"),
        f"{_W3C}TriG",
        ox.RdfFormat.TRIG,
    ),
    Format(
        "nq",
        "N-Quads",
        "application/n-quads",
        ("text/x-nquads", "text/nquads", "application/nquads"),
        f"{_W3C}N-Quads",
        ox.RdfFormat.N_QUADS,
    ),
)

#: The formats of RDF files by file extension, without its dot.
RDF_BY_ENDING: Mapping[str, Format] = {
    ending: each for each in RDF.values() for ending in (each.name, *each.endings)
}

#: The formats in which each form of query can be answered.
FORMATS: Mapping[str, Mapping[str, Format]] = {
    "SELECT": RESULTS,
    "ASK": {name: RESULTS[name] for name in ("json", "xml")},
    "CONSTRUCT": RDF,
    "DESCRIBE": RDF,
}

#: The formats that reference managers read, by short name.
CITATIONS = _table(
    Format("bib", "BibTeX", "application/x-bibtex", ("text/x-bibtex", "application/bibtex")),
    Format(
        "ris",
        "RIS",
        "application/x-research-info-systems",
        ("application/research-info-systems",),
    ),
    Format(
        "csl.json",
        "CSL-JSON",
        "application/vnd.citationstyles.csl+json",
        ("application/citeproc+json",),
    ),
    Format("csv", "CSV", "text/csv"),
)

#: The links of a document, with their relations, as a document of its own (RFC 9264).
LINKSET = Format("linkset.json", "Linkset", "application/linkset+json")

#: For people.
HTML = Format("html", "HTML", "text/html", ("application/xhtml+xml",))

#: Error responses for programs (RFC 9457).
PROBLEM = Format("json", "Problem", "application/problem+json", ("application/json",))


#: Choices for Accept headers up to this length are cached: clients use only a few.
_USUAL_ACCEPT = 500


def negotiate(accept: str, formats: Sequence[Format]) -> tuple[Format, str] | None:
    """Choose the format that a client prefers, with the media type it used; None if there is none.

    RFC 9110, section 12.5.1: the most specific range that matches a type decides on it, and q=0
    refuses it. Among equals, the first one in ``formats`` wins. A missing header, or one without
    any media range, accepts everything.
    """
    choose = _choice if len(accept) <= _USUAL_ACCEPT else _choice.__wrapped__
    return choose(accept, tuple(formats))


@lru_cache(maxsize=512)
def _choice(accept: str, formats: tuple[Format, ...]) -> tuple[Format, str] | None:
    parsed = parse_accept_header(accept, MIMEAccept)
    ranges = MIMEAccept(
        [("*/*" if kind == "*" else kind.partition(";")[0].strip(), q) for kind, q in parsed]
    )
    if not any("/" in kind.strip("/") for kind, _ in ranges):
        return formats[0], formats[0].media_type
    ranges = _that_may_fit(ranges, formats)
    best: tuple[float, Format, str] | None = None
    for each in formats:
        for media_type in (each.media_type, *each.aliases):
            quality = float(ranges.quality(media_type))
            # A wildcard matches only the proper media type; an alias must be asked for by name.
            asked = media_type == each.media_type or media_type in ranges.values()
            if asked and quality > (best[0] if best else 0.0):
                best = quality, each, media_type
    return (best[1], best[2]) if best else None


def _that_may_fit(ranges: MIMEAccept, formats: Sequence[Format]) -> MIMEAccept:
    """The ranges that any of the formats can match, each once: each is compared with every type."""
    types = {kind for each in formats for kind in (each.media_type, *each.aliases)}
    fitting = {"*/*", *types, *(f"{kind.partition('/')[0]}/*" for kind in types)}
    first: dict[str, float] = {}
    for kind, quality in ranges:  # the best quality of a range comes first
        if kind.lower() in fitting:
            first.setdefault(kind, quality)
    return MIMEAccept(first.items())
