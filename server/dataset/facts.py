"""The description of the dataset in DCAT, schema.org and the Citation File Format.

All three are written from one set of facts, so that they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from ...graph.dataset import THEMES, Dataset
from ...graph.formats import HTML, LINKSET, RDF
from ...graph.iris import expand
from ...graph.rdf.graph_builder import typed
from ...graph.release import Release
from ...graph.release.dumps import Dump, listing
from ..records.schema_org import CONTEXT
from ..web.links import Link
from ..web.site import Site
from ..web.triples import triple

#: The EU's authority tables, which DCAT-AP asks for: themes, file types and so on.
_AUTHORITY = "http://publications.europa.eu/resource/authority/"
_THEMES = f"{_AUTHORITY}data-theme"
#: Open to everyone (https://op.europa.eu/en/web/eu-vocabularies/access-right), as DCAT-AP asks.
_PUBLIC = f"{_AUTHORITY}access-right/PUBLIC"
#: Media type -> its code in the table of file types.
_FILE_TYPES = {
    "text/turtle": "RDF_TURTLE",
    "application/n-triples": "RDF_N_TRIPLES",
    "application/n-quads": "RDF_N_QUADS",
    "application/trig": "RDF_TRIG",
    "application/rdf+xml": "RDF_XML",
    "application/ld+json": "JSON_LD",
    "text/tab-separated-values": "TSV",
    "text/csv": "CSV",
    "application/csvm+json": "JSON",
    "application/json": "JSON",
    "application/vnd.apache.parquet": "PARQUET",
}
_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
#: The language, as DCAT and as DCAT-AP recommend it.
_ENGLISH = ("http://id.loc.gov/vocabulary/iso639-1/en", f"{_AUTHORITY}language/ENG")
#: For properties whose values are other people's resources: the class that DCAT-AP gives them.
_RANGES = {
    expand("dcat:compressFormat"): expand("dcterms:MediaType"),
    expand("dcat:landingPage"): expand("foaf:Document"),
    expand("dcat:mediaType"): expand("dcterms:MediaType"),
    expand("dcat:theme"): expand("skos:Concept"),
    expand("dcat:themeTaxonomy"): expand("skos:ConceptScheme"),
    expand("dcterms:accessRights"): expand("dcterms:RightsStatement"),
    expand("dcterms:conformsTo"): expand("dcterms:Standard"),
    expand("dcterms:format"): expand("dcterms:MediaTypeOrExtent"),
    expand("dcterms:language"): expand("dcterms:LinguisticSystem"),
    expand("dcterms:license"): expand("dcterms:LicenseDocument"),
    expand("foaf:homepage"): expand("foaf:Document"),
    expand("spdx:algorithm"): expand("spdx:ChecksumAlgorithm"),
}


@dataclass(frozen=True, slots=True)
class Service:
    """A service for querying the dataset."""

    #: The path of the endpoint, without the first "/". The endpoint describes itself.
    path: str
    title: str
    #: The specification it follows.
    standard: str


SERVICES = (
    Service("sparql", "SPARQL endpoint", "https://www.w3.org/TR/sparql11-protocol/"),
    Service(
        "fragments",
        "Triple Pattern Fragments",
        "https://linkeddatafragments.org/specification/triple-pattern-fragments/",
    ),
    Service(
        "reconcile",
        "Reconciliation service",
        "https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/",
    ),
)


def dcat(site: Site, contact: str) -> Iterator[ox.Triple]:
    """Describe the catalogue with its one dataset (https://www.w3.org/TR/vocab-dcat-3/).

    ``contact`` is a URL or mailto: IRI for reporting mistakes; "" if there is none.
    """
    described = list(_catalog(site, contact))
    yield from described
    yield from _classes(described)


def _classes(described: Iterable[ox.Triple]) -> Iterator[ox.Triple]:
    """Give the classes of other people's resources in a catalogue, and their EU tables."""
    classes = {
        (t.object.value, _RANGES[t.predicate.value])
        for t in described
        if t.predicate.value in _RANGES and isinstance(t.object, ox.NamedNode)
    }
    for iri, name in classes:
        yield triple(iri, "rdf:type", name)
    for iri in {iri for iri, _ in classes}:
        table, _, code = iri.removeprefix(_AUTHORITY).partition("/")
        if iri.startswith(_AUTHORITY) and code:
            yield triple(iri, "skos:inScheme", _AUTHORITY + table)


def _catalog(site: Site, contact: str) -> Iterator[ox.Triple]:
    release, data, home = site.release, site.iris.dataset(), site.absolute("")
    about = release.dataset
    catalog = site.iris.at("catalog")
    publisher, title = f"{catalog}#publisher", ox.Literal(about.title, language="en")
    yield triple(catalog, "rdf:type", expand("dcat:Catalog"))
    yield triple(catalog, "dcterms:title", ox.Literal(f"Catalogue of {about.name}", language="en"))
    yield triple(catalog, "dcat:dataset", data)
    yield triple(data, "rdf:type", expand("dcat:Dataset"))
    yield triple(data, "dcterms:identifier", ox.Literal(data))
    for thing in (catalog, data):
        yield triple(thing, "dcterms:description", ox.Literal(about.description, language="en"))
        yield triple(thing, "dcterms:publisher", publisher)
        yield triple(thing, "dcterms:license", about.licence.iri)
        for language in _ENGLISH:
            yield triple(thing, "dcterms:language", language)
        yield triple(thing, "dcterms:issued", typed(release.date, "date"))
        yield triple(thing, "dcterms:modified", typed(release.date, "date"))
        yield triple(thing, "foaf:homepage", home)
    yield triple(publisher, "rdf:type", expand("foaf:Agent"))
    yield triple(publisher, "foaf:name", ox.Literal(about.creator))
    yield triple(data, "dcterms:title", title)
    yield triple(data, "dcterms:creator", publisher)
    yield triple(data, "dcterms:accessRights", _PUBLIC)
    yield triple(data, "dcterms:conformsTo", site.iris.at("ontology"))
    yield triple(data, "dcat:version", ox.Literal(release.version))
    yield triple(data, "dcat:landingPage", home)
    yield from _period(site)
    yield from _themes(catalog, about)
    yield from _about(data, about)
    contact_point = f"{catalog}#contact"
    if contact:
        yield from _contact_point(contact_point, contact, about)
        yield triple(data, "dcat:contactPoint", contact_point)
    for dump in listing(release.folder / "dumps"):
        yield from _distribution(site, dump)
    for service in SERVICES:
        node = f"{catalog}#{service.path}"
        yield triple(catalog, "dcat:service", node)
        yield triple(node, "rdf:type", expand("dcat:DataService"))
        yield triple(node, "dcterms:title", ox.Literal(service.title, language="en"))
        yield triple(node, "dcterms:license", about.licence.iri)
        yield triple(node, "dcterms:conformsTo", service.standard)
        yield triple(node, "dcat:endpointURL", site.absolute(service.path))
        yield triple(node, "dcat:endpointDescription", site.absolute(service.path))
        yield triple(node, "dcat:servesDataset", data)
        yield triple(node, "dcterms:publisher", publisher)
        if contact:
            yield triple(node, "dcat:contactPoint", contact_point)
        yield from _about(node, about)


def _contact_point(node: str, contact: str, about: Dataset) -> Iterator[ox.Triple]:
    way = "hasEmail" if contact.startswith("mailto:") else "hasURL"
    asked, vcard = ox.NamedNode(node), "http://www.w3.org/2006/vcard/ns#"
    yield triple(node, "rdf:type", f"{vcard}Kind")
    yield ox.Triple(asked, ox.NamedNode(f"{vcard}fn"), ox.Literal(about.creator))
    yield ox.Triple(asked, ox.NamedNode(vcard + way), ox.NamedNode(contact))


def _period(site: Site) -> Iterator[ox.Triple]:
    if years := _years(site):
        node = site.iris.at("catalog#period")
        yield triple(site.iris.dataset(), "dcterms:temporal", node)
        yield triple(node, "rdf:type", expand("dcterms:PeriodOfTime"))
        for end, year in zip(("start", "end"), years, strict=True):
            yield triple(node, f"dcat:{end}Date", typed(year, "gYear"))


def _years(site: Site) -> tuple[str, str] | None:
    """Return the first and last year of any work; None if no work has a year."""
    works = site.works
    years = works.members.years(works.everything.numbers)
    return (f"{min(years):04d}", f"{max(years):04d}") if years else None


def _themes(catalog: str, about: Dataset) -> Iterator[ox.Triple]:
    yield triple(catalog, "dcat:themeTaxonomy", _THEMES)
    yield triple(_THEMES, "dcterms:title", ox.Literal("Data theme", language="en"))
    if about.theme:
        label = ox.Literal(THEMES[about.theme], language="en")
        yield triple(f"{_THEMES}/{about.theme}", "skos:prefLabel", label)


def _about(thing: str, about: Dataset) -> Iterator[ox.Triple]:
    if about.theme:
        yield triple(thing, "dcat:theme", f"{_THEMES}/{about.theme}")
    for word in about.keywords:
        yield triple(thing, "dcat:keyword", ox.Literal(word, language="en"))


def _distribution(site: Site, dump: Dump) -> Iterator[ox.Triple]:
    """Describe a dump, with its size in bytes and its SHA-256."""
    node = site.iris.at(f"catalog#{dump.name}")
    checksum = f"{node}-sha256"
    yield triple(site.iris.dataset(), "dcat:distribution", node)
    yield triple(node, "rdf:type", expand("dcat:Distribution"))
    yield triple(node, "dcterms:title", ox.Literal(dump.title, language="en"))
    yield triple(node, "dcterms:license", site.release.dataset.licence.iri)
    yield triple(node, "dcterms:modified", typed(site.release.date, "date"))
    described = f"{dump.title}, of release {site.release.version}"
    yield triple(node, "dcterms:description", ox.Literal(described, language="en"))
    yield triple(node, "dcat:mediaType", _MEDIA_TYPES + dump.media_type)
    if file_type := _FILE_TYPES.get(dump.media_type):
        yield triple(node, "dcterms:format", f"{_AUTHORITY}file-type/{file_type}")
    if dump.compressed:
        yield triple(node, "dcat:compressFormat", f"{_MEDIA_TYPES}application/gzip")
    yield triple(node, "dcat:accessURL", site.absolute("dumps/"))
    yield triple(
        node, "dcat:downloadURL", site.absolute(f"dumps/{site.release.version}/{dump.name}")
    )
    size = typed(dump.size, "nonNegativeInteger")
    yield triple(node, "dcat:byteSize", size)
    yield triple(node, "spdx:checksum", checksum)
    yield triple(checksum, "rdf:type", expand("spdx:Checksum"))
    yield triple(checksum, "spdx:algorithm", expand("spdx:checksumAlgorithm_sha256"))
    hexadecimal = typed(dump.sha256, "hexBinary")
    yield triple(checksum, "spdx:checksumValue", hexadecimal)


def schema_org(site: Site) -> dict[str, object]:
    """Describe the dataset for search engines, as a schema.org Dataset in JSON-LD."""
    release, about = site.release, site.release.dataset
    return {
        "@context": CONTEXT,
        "@type": "Dataset",
        "@id": site.iris.dataset(),
        "name": about.title,
        "description": about.description,
        "url": release.base_iri,
        "identifier": site.iris.dataset(),
        "license": about.licence.iri,
        "version": release.version,
        "datePublished": release.date,
        "dateModified": release.date,
        "isAccessibleForFree": True,
        "conditionsOfAccess": _PUBLIC,
        "inLanguage": "en",
        "keywords": list(about.keywords),
        **({"temporalCoverage": "/".join(years)} if (years := _years(site)) else {}),
        "creator": {"@type": "Organization", "name": about.creator, "url": release.base_iri},
        "includedInDataCatalog": {
            "@type": "DataCatalog",
            "@id": site.iris.at("catalog"),
            "url": site.absolute("catalog"),
        },
        "distribution": [
            {
                "@type": "DataDownload",
                "name": dump.title,
                "encodingFormat": dump.media_type,
                "contentUrl": site.absolute(f"dumps/{release.version}/{dump.name}"),
                "contentSize": f"{dump.size} B",
                "sha256": dump.sha256,
            }
            for dump in listing(release.folder / "dumps")
            if dump.kind in ("whole", "table")
        ],
    }


def citation(site: Site) -> dict[str, object]:
    """Describe how to cite the release, in the Citation File Format 1.2.0."""
    about = site.release.dataset
    return {
        "cff-version": "1.2.0",
        "message": "If you use this dataset, please cite it as below, with its version.",
        "type": "dataset",
        "title": about.title,
        "abstract": about.description,
        "authors": [{"name": about.creator}],
        "version": site.release.version,
        "date-released": site.release.date,
        "license": about.licence_id,
        "license-url": about.licence.iri,
        "url": site.release.base_iri,
        "identifiers": [
            {
                "type": "url",
                "value": site.iris.at(f"dumps/{site.release.version}/"),
                "description": "The files of this release",
            }
        ],
        "keywords": list(about.keywords),
    }


def signposts(site: Site) -> list[Link]:
    """Return the typed links of the home page (https://signposting.org/FAIR/)."""
    described = {
        "catalog": RDF["ttl"],
        "catalog.jsonld": RDF["jsonld"],
        ".well-known/void": RDF["ttl"],
    }
    dumps = (dump for dump in listing(site.release.folder / "dumps") if dump.kind == "whole")
    return [
        Link("cite-as", site.release.base_iri),
        Link("type", "https://schema.org/Dataset"),
        Link("license", site.release.dataset.licence.iri),
        Link("linkset", site.absolute("catalog.linkset.json"), LINKSET.media_type),
        *(Link("describedby", site.absolute(path), f.media_type) for path, f in described.items()),
        *(
            Link("item", site.absolute(f"dumps/{dump.name}"), dump.media_type)
            for dump in dumps
            if not dump.compressed
        ),
    ]


def signposts_back(site: Site) -> list[Link]:
    """Return the typed links from a description of the dataset to the dataset."""
    return [
        Link("describes", site.release.base_iri),
        Link("describes", site.absolute(""), HTML.media_type),
        Link("license", site.release.dataset.licence.iri),
        Link("linkset", site.absolute("catalog.linkset.json"), LINKSET.media_type),
    ]


def signposts_of_file(site: Site, release: Release) -> list[Link]:
    """Return the typed links from a file of a release to the dataset."""
    return [
        Link("collection", site.absolute(""), HTML.media_type),
        Link("license", release.dataset.licence.iri),
    ]
