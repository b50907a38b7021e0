"""The classes of things that have pages: their paths, names and RDF classes."""

from __future__ import annotations

from dataclasses import dataclass

from ...graph.fields import Field, Scheme
from ...graph.iris import expand
from .facets import SHOWN


@dataclass(frozen=True, slots=True)
class ThingClass:
    """A class of things; ``path`` is the first path segment of their IRIs."""

    path: str
    singular: str
    plural: str
    #: Prefixed names, with the prefixes of ``ontology.PREFIXES``.
    rdf_classes: tuple[str, ...]

    def iris(self, base_iri: str) -> str:
        """The RDF classes as IRIs for a SPARQL VALUES block."""
        return " ".join(f"<{expand(name, base_iri)}>" for name in self.rdf_classes)


def _concepts(field: Field, scheme: Scheme) -> ThingClass:
    """The class of a facet's concepts; regions are listed with the countries."""
    more = ("oo:Region",) if scheme.kind == "country" else ()
    if field.kind == "bodies":  # their concepts are kinds of organisations
        singular, plural = f"Kind of {field.label}", f"Kinds of {field.label}"
    else:
        singular, plural = field.label.capitalize(), field.plural
    return ThingClass(scheme.kind, singular, plural, (f"oo:{scheme.concept_class}", *more))


#: By path, in display order.
CLASSES = {
    each.path: each
    for each in (
        ThingClass("publication", "Publication", "Publications", ("oo:Publication",)),
        *(_concepts(field, field.scheme) for field in SHOWN if field.scheme),
        ThingClass("person", "Person", "Persons", ("oo:Person",)),
        ThingClass("organization", "Organisation", "Organisations", ("oo:Organization",)),
        ThingClass("venue", "Venue", "Venues", ("oo:Venue",)),
        ThingClass("scheme", "Vocabulary", "Vocabularies", ("skos:ConceptScheme",)),
        ThingClass("linkset", "Set of links", "Sets of links", ("void:Linkset",)),
    )
}
