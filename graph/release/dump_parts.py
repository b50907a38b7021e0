"""Dump parts: a release's statements cut by class and by linkset, in two passes over the stream.

A class's part holds the statements on its things and their parts (``publication/x#author-1``); a
linkset's the linkset, the evidence of each link, and the links. A part is a list of statements
that are in memory anyway, in the order of the whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from ...ontology import PREFIXES
from ..iris import THINGS, IRIs
from ..rdf.linksets import dataset_iri, record_linkset
from ..vocabulary import CONCEPTS
from ..vocabulary.sssom_writer import STATED, UNSPECIFIED_LICENCE, head, row
from .statements import Statement, by_subject, with_prefix

__all__ = [
    "KINDS",
    "cut",
]


#: The classes that have a dump, by the first part of their things' paths.
KINDS = tuple(sorted(CONCEPTS | THINGS))
_LABELS = (f"{PREFIXES['skos']}prefLabel", f"{PREFIXES['rdfs']}label")
#: The properties of a link -> the columns they fill.
_COLUMNS = {
    PREFIXES.expand("dcterms:source"): "object_source_version",
    PREFIXES.expand("dcterms:date"): "mapping_date",
    PREFIXES.expand("rdfs:comment"): "comment",
}
_ABOUT = {
    PREFIXES.expand("dcterms:title"): "mapping_set_title",
    PREFIXES.expand("dcterms:description"): "mapping_set_description",
    PREFIXES.expand("dcterms:license"): "license",
}


@dataclass(frozen=True, slots=True)
class _Linksets:
    """What is known of the linksets before their links are met."""

    #: Name -> the metadata of its table.
    facts: dict[str, dict[str, str]] = field(default_factory=dict)
    #: Name -> the IRI of the dataset it leads to.
    target: dict[str, str] = field(default_factory=dict)
    #: A link of a table (subject, predicate, object) -> each linkset that has it: its name, and
    #: the columns of its row.
    links: dict[tuple[str, ...], list[tuple[str, dict[str, str]]]] = field(
        default_factory=lambda: defaultdict(list)
    )


def cut(
    statements: Sequence[Statement], iris: IRIs
) -> tuple[dict[str, list[Statement]], dict[str, str]]:
    """The parts by the stem of their files, and the linksets' tables (SSSOM) by theirs.

    Only classes that have things have a part.
    """
    linksets = _read_linksets(statements, iris)
    parts: dict[str, list[Statement]] = defaultdict(list)
    rows: dict[str, list[str]] = {
        f"linkset-{name}": [head(facts, iris)] for name, facts in linksets.facts.items()
    }
    start, targets = iris.thing("linkset", ""), f"{iris.base}.well-known/"
    own = dataset_iri(iris).value
    for subject, given in by_subject(statements):
        if not isinstance(subject, ox.NamedNode):
            continue
        iri, part, _ = subject.value.partition("#")
        kind = iris.kind(iri)
        if kind in KINDS:
            parts[kind] += given
            for name, link, values in () if part else _links(iri, given, linksets, iris):
                parts[f"linkset-{name}"].append(link)
                rows[f"linkset-{name}"].append(row(values, iris))
        elif iri.startswith(start) and (name := iri.removeprefix(start)) in linksets.facts:
            parts[f"linkset-{name}"] += given
        elif iri.startswith(targets) and subject.value != own:
            for name, target in linksets.target.items():
                if target == subject.value:
                    parts[f"linkset-{name}"] += given
    return parts, {stem: "".join(lines) for stem, lines in rows.items()}


def _links(
    iri: str, statements: Sequence[Statement], linksets: _Linksets, iris: IRIs
) -> Iterator[tuple[str, Statement, dict[str, str]]]:
    """The links of one thing: the linkset's name, the statement, and the columns of its row."""
    label = {"subject_label": _label(statements)}
    for statement in statements:
        if not isinstance(thing := statement.quad.object, ox.NamedNode):
            continue
        predicate = statement.quad.predicate.value
        of_tables = linksets.links.get((iri, predicate, thing.value), ())
        for name, values in of_tables:
            yield name, statement, {**values, **label}
        linkset = None if of_tables else record_linkset(iri, predicate, thing.value, iris)
        if linkset is None or linkset.name not in linksets.facts:
            continue
        values = {
            "subject_id": iri,
            "predicate_id": predicate,
            "object_id": thing.value,
            "mapping_justification": STATED,
            "object_source": dataset_iri(iris, linkset.target).value,
            "comment": "stated by the record",
        }
        yield linkset.name, statement, {**values, **label}


def _read_linksets(statements: Sequence[Statement], iris: IRIs) -> _Linksets:
    linksets = _Linksets()
    start = iris.thing("linkset", "")
    link_columns = {
        PREFIXES.expand("rdf:subject"): "subject_id",
        PREFIXES.expand("rdf:predicate"): "predicate_id",
        PREFIXES.expand("rdf:object"): "object_id",
        f"{iris.ontology}justification": "mapping_justification",
        f"{iris.ontology}confidence": "confidence",
        **_COLUMNS,
    }
    reified: list[tuple[str, dict[str, str]]] = []
    for subject, given in by_subject(with_prefix(statements, start)):
        assert isinstance(subject, ox.NamedNode)
        name, part, _ = subject.value.removeprefix(start).partition("#")
        if part:
            reified.append((name, _values(given, link_columns)))
            continue
        about = {"license": UNSPECIFIED_LICENCE, **_values(given, _ABOUT)}
        linksets.facts[name] = {"mapping_set_id": start + name, **dict(sorted(about.items()))}
        to = _values(given, {f"{PREFIXES['void']}objectsTarget": "target"})
        linksets.target[name] = to.get("target", "")
    for name, values in reified:
        columns = {**values, "object_source": linksets.target.get(name, "")}
        link = tuple(columns[column] for column in ("subject_id", "predicate_id", "object_id"))
        linksets.links[link].append((name, columns))
    return linksets


def _values(statements: Iterable[Statement], names: Mapping[str, str]) -> dict[str, str]:
    """The values of some properties of one subject, by the names they go by."""
    return {
        names[quad.predicate.value]: quad.object.value
        for _, _, quad in statements
        if quad.predicate.value in names and isinstance(quad.object, ox.NamedNode | ox.Literal)
    }


def _label(statements: Sequence[Statement]) -> str:
    for label in _LABELS:
        for _, _, quad in statements:
            if quad.predicate.value == label and isinstance(quad.object, ox.Literal):
                return quad.object.value
    return ""
