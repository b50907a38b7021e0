"""SSSOM writer: writes a linkset as a table with metadata."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from functools import cache

from ...ontology import PREFIXES, Prefixes
from ..iris import THINGS, IRIs
from ..targets import TARGETS, target_of
from . import CONCEPTS

COLUMNS = (
    "subject_id",
    "subject_label",
    "predicate_id",
    "object_id",
    "mapping_justification",
    "object_source",
    "object_source_version",
    "mapping_date",
    "confidence",
    "comment",
)
#: The justification of a link that a record or source states: it does not say how it was matched.
UNSPECIFIED = PREFIXES.expand("semapv:UnspecifiedMatching")
#: The licence to write if none was given, because SSSOM requires one.
UNSPECIFIED_LICENCE = PREFIXES.expand("sssom:license/unspecified")


def head(facts: Mapping[str, str], iris: IRIs) -> str:
    """Write the metadata of a table, as YAML in comment lines, and the line with the columns."""
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in facts.items()]
    prefixes = (f"  {name}: {json.dumps(iri)}" for name, iri in sorted(_prefixes(iris).items()))
    text = "".join(f"#{line}\n" for line in (*lines, "curie_map:", *prefixes))
    return text + _line(COLUMNS)


def row(values: Mapping[str, str], iris: IRIs) -> str:
    """Write a link as a line; IRIs in ``values`` become CURIEs."""
    named = {"subject_id", "predicate_id", "object_id", "mapping_justification", "object_source"}
    cells = (values.get(name, "") for name in COLUMNS)
    spaces = _prefixes(iris)
    return _line(
        tuple(
            _curie(cell, spaces) if name in named and cell else " ".join(cell.split())
            for name, cell in zip(COLUMNS, cells, strict=True)
        )
    )


def _curie(iri: str, spaces: Prefixes) -> str:
    """Shorten an IRI: an entity reference in SSSOM must be a CURIE."""
    target = target_of(iri)
    if target != "web" and TARGETS[target].has(iri):
        return f"{target}:{iri.removeprefix(TARGETS[target].space)}"
    return spaces.compress(iri)


@cache
def _prefixes(iris: IRIs) -> Prefixes:
    """Every prefix that a table may need; ``https`` and ``http`` are for web pages."""
    ours = ("dcterms", "foaf", "rdfs", "schema", "semapv", "skos")
    return Prefixes(
        {
            **{name: PREFIXES[name] for name in ours},
            **{name: target.space for name, target in TARGETS.items() if target.space},
            **{kind: iris.thing(kind, "") for kind in CONCEPTS | THINGS},
            "dataset": iris.dataset(""),
            "http": "http://",
            "https": "https://",
            "urn": "urn:",
        }
    )


def _line(cells: tuple[str, ...]) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter="\t", lineterminator="\n").writerow(cells)
    return text.getvalue()
