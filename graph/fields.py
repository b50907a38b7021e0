"""Fields: what each field of a record is called in every place a record goes to or comes from.

``graph/model.py`` gives each attribute of Record and Facets its ``names``; those are the one table
that readers, writers, CSL-JSON, the mapping to RDF, the JSON-LD context, pages and the tests of
the shapes go by. To add a facet is to add one attribute there, its terms to the ontology, and its
constraint to the shapes (docs/architecture.md shows it).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal

#: What a field holds: one text; several; the concept or concepts of a vocabulary; bodies with
#: their kind; or a year.
Kind = Literal["text", "texts", "concept", "concepts", "bodies", "year"]
#: What a field of a kind is where the source says nothing.
_EMPTY = {"text": "", "texts": (), "concept": "", "concepts": (), "bodies": (), "year": None}


@dataclass(frozen=True, slots=True)
class Scheme:
    """One vocabulary: its file, its concepts' class in the ontology, their path in an IRI."""

    #: The stem of the Turtle file in ``ontology/``, and the end of the scheme's IRI.
    stem: str
    #: The class's local name in the ontology.
    concept_class: str
    #: The first segment of the concepts' IRIs.
    kind: str


@dataclass(frozen=True, slots=True)
class Field:
    """One field, by its names; "" where a place has no word for it."""

    #: The property in the graph, with a prefix of ``ontology.PREFIXES``.
    predicate: str = ""
    #: The attribute of Record or Facets.
    name: str = ""
    kind: Kind = "text"
    #: What people call one value, and several.
    label: str = ""
    plural: str = ""
    #: The CSL-JSON 1.0.2 variable; facets stand under ``custom`` by their attribute's name.
    csl: str = ""
    #: The vocabulary that the concepts are of.
    scheme: Scheme | None = None
    bibtex: str = ""
    ris: str = ""
    #: The column of our CSV.
    column: str = ""
    #: Whether a rule may infer it from a title, a keyword or an abstract.
    inferable: bool = False


def names(predicate: str = "", **others: Any) -> Mapping[str, Field]:
    """The metadata of a dataclass's field: what it is called elsewhere (see ``Field``)."""
    return {"names": Field(predicate, **others)}


def named(predicate: str = "", kind: Kind = "text", **others: Any) -> Any:
    """A field of a dataclass with these ``names``, empty where nobody fills it."""
    return field(default=_EMPTY[kind], metadata=names(predicate, kind=kind, **others))


def table_of(record_type: type) -> tuple[Field, ...]:
    """The fields of a dataclass that have names, in their order; labels default to the name."""
    return tuple(
        replace(
            attribute.metadata["names"],
            name=attribute.name,
            label=attribute.metadata["names"].label or attribute.name.replace("_", " "),
        )
        for attribute in fields(record_type)
        if "names" in attribute.metadata
    )
