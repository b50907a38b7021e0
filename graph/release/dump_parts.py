"""Part dumps: a release's N-Triples cut by class and by linkset, in two passes over its lines.

A class's file holds the statements on its things and their parts (``publication/x#author-1``); a
linkset's the linkset, the evidence of each link, and the links. Nothing but the links of curators'
tables is held in memory, and every file is sorted as the whole is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import IO

import pyoxigraph as ox

from ...ontology import PREFIXES
from ..iris import THINGS, IRIs
from ..rdf.linksets import dataset_iri, record_linkset
from ..vocabulary import CONCEPTS
from ..vocabulary.sssom_writer import STATED, UNSPECIFIED_LICENCE, head, row

__all__ = [
    "KINDS",
    "write_parts",
]


#: The classes that have a dump, by the first part of their things' paths.
KINDS = tuple(sorted(CONCEPTS | THINGS))
_LABELS = tuple(f" <{PREFIXES.expand(curie)}> " for curie in ("skos:prefLabel", "rdfs:label"))
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
    facts: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    #: Name -> the IRI of the dataset it leads to.
    target: dict[str, str] = field(default_factory=dict)
    #: The line of a link in a table -> the linkset's name and the columns, for each that has it.
    links: dict[str, list[tuple[str, dict[str, str]]]] = field(
        default_factory=lambda: defaultdict(list)
    )


def write_parts(whole: Path, iris: IRIs) -> list[Path]:
    """The part dumps beside ``whole``, the sorted N-Triples: by class, and by linkset with SSSOM.

    Only classes that have things have a file. Returns the paths.
    """
    linksets = _read_linksets(whole, iris)
    paths: list[Path] = []
    with ExitStack() as stack:
        files: dict[str, IO[str]] = {}

        def file(name: str) -> IO[str]:
            if name not in files:
                path = whole.with_name(name)
                paths.append(path)
                files[name] = stack.enter_context(path.open("w", encoding="utf-8", newline="\n"))
            return files[name]

        for name, facts in sorted(linksets.facts.items()):
            file(f"linkset-{name}.sssom.tsv").write(head(facts, iris))
        for name, text in _cut(whole, linksets, iris):
            file(name).write(text)
    return paths


def _cut(whole: Path, linksets: _Linksets, iris: IRIs) -> Iterator[tuple[str, str]]:
    """The name of a file, and what goes into it next."""
    start, targets = iris.thing("linkset", ""), f"<{iris.dataset('')}"
    for subject, lines in _by_subject(whole):
        iri, part, _ = subject[1:-1].partition("#")
        kind = iris.kind(iri)
        if kind in KINDS:
            yield f"{kind}.nt", "".join(lines)
            if not part:
                yield from _links(subject[1:-1], lines, linksets, iris)
        elif iri.startswith(start) and (name := iri.removeprefix(start)) in linksets.facts:
            yield f"linkset-{name}.nt", "".join(lines)
        elif subject.startswith(targets):
            for name, target in linksets.target.items():
                if target == subject[1:-1] and target != dataset_iri(iris).value:
                    yield f"linkset-{name}.nt", "".join(lines)


def _links(
    iri: str, lines: list[str], linksets: _Linksets, iris: IRIs
) -> Iterator[tuple[str, str]]:
    """The links of one thing, as statements and as rows of a table."""
    for line in lines:
        of_tables = linksets.links.get(line, ())
        for name, values in of_tables:
            yield f"linkset-{name}.nt", line
            label = {"subject_label": _label(lines)}
            yield f"linkset-{name}.sssom.tsv", row({**values, **label}, iris)
        _, predicate, value = line.split(" ", 2)
        if of_tables or not value.startswith("<"):
            continue
        thing = value[1:].partition(">")[0]
        linkset = record_linkset(iri, predicate[1:-1], thing, iris)
        if linkset is None or linkset.name not in linksets.facts:
            continue
        yield f"linkset-{linkset.name}.nt", line
        values = {
            "subject_id": iri,
            "subject_label": _label(lines),
            "predicate_id": predicate[1:-1],
            "object_id": thing,
            "mapping_justification": STATED,
            "object_source": dataset_iri(iris, linkset.target).value,
            "comment": "stated by the record",
        }
        yield f"linkset-{linkset.name}.sssom.tsv", row(values, iris)


def _read_linksets(whole: Path, iris: IRIs) -> _Linksets:
    found = _Linksets()
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
    for subject, lines in _by_subject(whole, f"<{start}"):
        name, part, _ = subject[1:-1].removeprefix(start).partition("#")
        if part:
            reified.append((name, _values(lines, link_columns)))
            continue
        about = {"license": UNSPECIFIED_LICENCE, **_values(lines, _ABOUT)}
        found.facts[name] = {"mapping_set_id": start + name, **dict(sorted(about.items()))}
        to = _values(lines, {PREFIXES.expand("void:objectsTarget"): "target"})
        found.target[name] = to.get("target", "")
    for name, values in reified:
        columns = {**values, "object_source": found.target.get(name, "")}
        line = "<{subject_id}> <{predicate_id}> <{object_id}> .\n".format_map(columns)
        found.links[line].append((name, columns))
    return found


def _by_subject(whole: Path, start: str = "") -> Iterator[tuple[str, list[str]]]:
    """The lines of each subject that begins with ``start``."""
    with whole.open(encoding="utf-8", newline="\n") as file:
        lines: Iterable[str] = (line for line in file if line.startswith(start))
        for subject, found in groupby(lines, lambda line: line.partition(" ")[0]):
            yield subject, list(found)


def _values(lines: list[str], names: Mapping[str, str]) -> dict[str, str]:
    """The values of some properties of one subject, by the names they go by."""
    return {
        names[quad.predicate.value]: quad.object.value
        for quad in ox.parse("".join(lines), ox.RdfFormat.N_TRIPLES)
        if quad.predicate.value in names and isinstance(quad.object, ox.NamedNode | ox.Literal)
    }


def _label(lines: list[str]) -> str:
    for label in _LABELS:
        for line in lines:
            if label in line[: line.find(" ", line.find(" ") + 1) + 1]:
                (quad,) = ox.parse(line, ox.RdfFormat.N_TRIPLES)
                assert isinstance(quad.object, ox.Literal)
                return quad.object.value
    return ""
