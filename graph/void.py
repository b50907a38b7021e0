"""VoID: the description of a release's dataset (https://www.w3.org/TR/void/), in Turtle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox

from ..ontology import LICENCE, PREFIXES
from .identity import IRIs, slug
from .linking.linkset import dataset_iri
from .release import Release

__all__ = ["describe"]

_TITLE = "oograph: research on online outsourcing as linked data"
_DESCRIPTION = (
    "Publications on paid work done over online platforms, with the platforms, countries, topics "
    "and methods they study, their authors and venues, and the source of each record."
)


def describe(release: Release, quads: Iterable[ox.Quad], dumps: Path) -> str:
    """The Turtle text: counts of triples, classes and properties; dumps, endpoint, licence."""
    iris = IRIs(release.base_iri)
    data = dataset_iri(iris).value
    rdf_type = PREFIXES["rdf"] + "type"
    triples = {quad.triple for quad in quads}
    properties = Counter(t.predicate.value for t in triples)
    typed = [t for t in triples if t.predicate.value == rdf_type]
    classes = Counter(t.object.value for t in typed if isinstance(t.object, ox.NamedNode))
    entities = {t.subject for t in typed}
    linkset_class = ox.NamedNode(PREFIXES["void"] + "Linkset")
    linksets = {t.subject for t in typed if t.object == linkset_class}
    target = ox.NamedNode(PREFIXES["void"] + "objectsTarget")
    described = linksets | {t.object for t in triples if t.predicate == target}
    out: list[ox.Triple] = []

    def add(subject: str, name: str, value: str | int | ox.Literal) -> None:
        prefix, _, local = name.partition(":")
        if isinstance(value, int):
            value = ox.Literal(value)
        term = ox.NamedNode(value) if isinstance(value, str) else value
        out.append(ox.Triple(ox.NamedNode(subject), ox.NamedNode(PREFIXES[prefix] + local), term))

    add(data, "rdf:type", PREFIXES["void"] + "Dataset")
    add(data, "dcterms:title", ox.Literal(_TITLE, language="en"))
    add(data, "dcterms:description", ox.Literal(_DESCRIPTION, language="en"))
    add(data, "dcterms:license", LICENCE)
    date = ox.NamedNode(PREFIXES["xsd"] + "date")
    add(data, "dcterms:modified", ox.Literal(release.date, datatype=date))
    add(data, "owl:versionInfo", ox.Literal(release.version))
    add(data, "foaf:homepage", iris.base)
    add(data, "void:sparqlEndpoint", f"{iris.base}sparql")
    add(data, "void:uriSpace", ox.Literal(iris.base))
    add(data, "void:exampleResource", iris.thing("platform", "upwork"))
    for linkset in sorted(node.value for node in linksets if isinstance(node, ox.NamedNode)):
        add(data, "void:subset", linkset)
    out += sorted((triple for triple in triples if triple.subject in described), key=str)
    for path in sorted(dumps.glob("oograph.*")):
        add(data, "void:dataDump", f"{iris.base}dumps/{path.name}")
    for iri in sorted({*PREFIXES.values(), iris.ontology}):
        if any(name.startswith(iri) for name in (*properties, *classes)):
            add(data, "void:vocabulary", iri)
    add(data, "void:triples", len(triples))
    add(data, "void:entities", len(entities))
    add(data, "void:distinctSubjects", len({t.subject for t in triples}))
    add(data, "void:distinctObjects", len({t.object for t in triples}))
    add(data, "void:classes", len(classes))
    add(data, "void:properties", len(properties))
    for kind, counts, link, number in (
        ("class", classes, "void:class", "void:entities"),
        ("property", properties, "void:property", "void:triples"),
    ):
        for iri, count in sorted(counts.items()):
            part = f"{data}-{kind}-{slug(iri.partition('://')[2])}"
            add(data, f"void:{kind}Partition", part)
            add(part, link, iri)
            add(part, number, count)
    text = ox.serialize(out, format=ox.RdfFormat.TURTLE, prefixes={**PREFIXES, "oo": iris.ontology})
    assert text is not None
    return text.decode()
