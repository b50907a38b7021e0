"""Fields: the names of each field of a record, in every format that it is read from or written to.

``graph/model.py`` gives each attribute of Record and Facets its ``names``. Readers, writers,
CSL-JSON, the mapping to RDF, the JSON-LD context, pages and the tests of the shapes all use this
one table. To add a facet, add an attribute there, its terms to the ontology, and its constraint to
the shapes (docs/architecture.md shows how).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal

#: What a field holds: one text or several; one concept of a vocabulary or several; bodies with
#: their kind; or a year.
Kind = Literal["text", "texts", "concept", "concepts", "bodies", "year"]
#: The value of a field of each kind if the source says nothing.
_EMPTY = {"text": "", "texts": (), "concept": "", "concepts": (), "bodies": (), "year": None}


@dataclass(frozen=True, slots=True)
class Scheme:
    """A vocabulary: its file, and the class and IRIs of its concepts."""

    #: The stem of the Turtle file in ``ontology/``, and the end of the scheme's IRI.
    stem: str
    #: The class's local name in the ontology.
    concept_class: str
    #: The first segment of the concepts' IRIs.
    kind: str


@dataclass(frozen=True, slots=True)
class Field:
    """The names of a field; "" if a format has no name for it."""

    #: The property in the graph, with a prefix of ``ontology.PREFIXES``.
    predicate: str = ""
    #: The attribute of Record or Facets.
    name: str = ""
    kind: Kind = "text"
    #: The words for one value and for several, as people see them.
    label: str = ""
    plural: str = ""
    #: The CSL-JSON 1.0.2 variable; facets are under ``custom``, by the name of the attribute.
    csl: str = ""
    #: The vocabulary of the concepts.
    scheme: Scheme | None = None
    bibtex: str = ""
    ris: str = ""
    #: The column of our CSV.
    column: str = ""
    #: Whether a rule may infer it from a title, a keyword or an abstract.
    inferable: bool = False


def names(predicate: str = "", **others: Any) -> Mapping[str, Field]:
    """The metadata of a dataclass field: its names in other formats (see ``Field``)."""
    return {"names": Field(predicate, **others)}


def named(predicate: str = "", kind: Kind = "text", **others: Any) -> Any:
    """A dataclass field with these ``names``, empty by default."""
    return field(default=_EMPTY[kind], metadata=names(predicate, kind=kind, **others))


def table_of(record_type: type) -> tuple[Field, ...]:
    """The fields of a dataclass that have ``names``, in order; a label defaults to the name."""
    return tuple(
        replace(
            attribute.metadata["names"],
            name=attribute.name,
            label=attribute.metadata["names"].label or attribute.name.replace("_", " "),
        )
        for attribute in fields(record_type)
        if "names" in attribute.metadata
    )
