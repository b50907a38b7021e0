"""The classes of things that have pages: their path, their name, their RDF classes."""

from __future__ import annotations

from dataclasses import dataclass

from ...graph.iris import expand

__all__ = [
    "CLASSES",
    "ThingClass",
]


@dataclass(frozen=True, slots=True)
class ThingClass:
    """A class of things; ``path`` is the first segment of their IRIs."""

    path: str
    singular: str
    plural: str
    #: With the prefixes of ``ontology.PREFIXES``.
    rdf_classes: tuple[str, ...]

    def iris(self, base_iri: str) -> str:
        """The RDF classes as SPARQL writes them after VALUES."""
        return " ".join(f"<{expand(name, base_iri)}>" for name in self.rdf_classes)


#: By path, in the order they are shown.
CLASSES = {
    each.path: each
    for each in (
        ThingClass("publication", "Publication", "Publications", ("oo:Publication",)),
        ThingClass("platform", "Platform", "Platforms", ("oo:Platform",)),
        ThingClass("country", "Country", "Countries and regions", ("oo:Country", "oo:Region")),
        ThingClass("topic", "Topic", "Topics", ("oo:Topic",)),
        ThingClass("method", "Method", "Methods", ("oo:Method",)),
        ThingClass("sector", "Sector", "Sectors", ("oo:Sector",)),
        ThingClass("work-type", "Type of work", "Types of work", ("oo:WorkType",)),
        ThingClass("person", "Person", "Persons", ("oo:Person",)),
        ThingClass("organization", "Organisation", "Organisations", ("oo:Organization",)),
        ThingClass("venue", "Venue", "Venues", ("oo:Venue",)),
        ThingClass("record-type", "Record type", "Record types", ("oo:RecordType",)),
        ThingClass("access", "Access status", "Access statuses", ("oo:AccessStatus",)),
        ThingClass(
            "organization-kind",
            "Kind of organisation",
            "Kinds of organisation",
            ("oo:OrganizationKind",),
        ),
        ThingClass("scheme", "Vocabulary", "Vocabularies", ("skos:ConceptScheme",)),
        ThingClass("linkset", "Set of links", "Sets of links", ("void:Linkset",)),
    )
}
