"""Parameters: the facets that an address may name, and how it writes their values."""

from __future__ import annotations

from dataclasses import dataclass

from ...graph.iris import IRIs
from .facets import SHOWN


@dataclass(frozen=True, slots=True)
class Parameter:
    """One facet in an address."""

    name: str
    #: Its name in the index.
    facet: str
    heading: str
    #: The name of one value in a sentence.
    noun: str

    @property
    def singular(self) -> str:
        """The noun with a capital letter."""
        return self.noun[:1].upper() + self.noun[1:]

    def value(self, path: str) -> str:
        """The value for the thing with this path ("platform/upwork")."""
        return path if self.name == "author" else path.partition("/")[2]

    def iri(self, iris: IRIs, value: str) -> str:
        """The IRI of the thing a value stands for; a value that is an IRI is returned as is."""
        if ":" in value:
            return value
        return iris.agent(value) if self.name == "author" else iris.thing(self.name, value)


#: By name, in display order: the most used first, then those that few records have.
PARAMETERS = {
    each.name: each
    for each in (
        *(
            Parameter(field.scheme.kind, field.name, field.plural, field.label)
            for field in SHOWN
            if field.scheme and field.kind != "bodies"
        ),
        Parameter("kind", "kind", "Kind of publication", "kind of publication"),
        Parameter("language", "language", "Language", "language"),
        Parameter("doi", "doi", "DOI", "DOI"),
        Parameter("venue", "venue", "Published in", "journal, book or conference"),
        Parameter("author", "author", "Authors", "author"),
        Parameter(
            "organization",
            "organization",
            "Publishers and other organisations",
            "publisher or other organisation",
        ),
    )
}
#: By the facet's name in the index.
BY_FACET = {parameter.facet: parameter for parameter in PARAMETERS.values()}


def parameter_of(kind: str) -> Parameter | None:
    """The parameter whose values are the things of a class, by the class's path."""
    return PARAMETERS.get("author" if kind == "person" else kind)
