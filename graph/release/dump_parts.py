"""Dump parts: a release's statements cut by class and by linkset, in one pass over the stream.

The part of a class holds the statements on its things and their parts
(``publication/x#author-1``). If they are concepts, it also has their scheme, so that it is a
vocabulary by itself. The part of a linkset holds the linkset, its links, and the evidence of each.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ...ontology import PREFIXES
from ..iris import THINGS, IRIs
from ..rdf.linksets import LINKING, dataset_iri, record_linkset
from ..vocabulary import CONCEPTS, SCHEMES
from ..vocabulary.sssom_writer import UNSPECIFIED, UNSPECIFIED_LICENCE, head, row
from .statements import Statement, Statements, by_subject, value_of

#: The classes that have a dump, by the first part of their things' paths.
KINDS = tuple(sorted(CONCEPTS | THINGS))
_LABELS = (f"<{PREFIXES['skos']}prefLabel>", f"<{PREFIXES['rdfs']}label>")
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
    """What is known about the linksets before their links are read."""

    #: Name -> the metadata of its table.
    facts: dict[str, dict[str, str]] = field(default_factory=dict)
    #: Name -> the IRI of the dataset it leads to.
    target: dict[str, str] = field(default_factory=dict)
    #: A link of a table (subject, predicate, object) -> each linkset that has it: its name, and
    #: the columns of its row.
    links: dict[tuple[str, ...], list[tuple[str, dict[str, str]]]] = field(
        default_factory=lambda: defaultdict(list)
    )


@dataclass(frozen=True, slots=True)
class Piece:
    """Some lines of a part and, if they are a link, its row in the part's table."""

    #: The stem of the part's files.
    stem: str
    lines: bytes
    row: str = ""


def heads(statements: Statements, iris: IRIs) -> dict[str, str]:
    """The head of each linkset's SSSOM table, by the stem of its files."""
    facts = _read_linksets(statements, iris).facts
    return {f"linkset-{name}": head(about, iris) for name, about in facts.items()}


def cut(statements: Statements, iris: IRIs) -> Iterator[Piece]:
    """The pieces of all parts; the pieces of one part keep the order of the whole.

    A class without things has no part.
    """
    linksets = _read_linksets(statements, iris)
    linking = {f"<{iri}>".encode() for iri in LINKING.union(link[1] for link in linksets.links)}
    start, targets = iris.thing("linkset", ""), f"{iris.base}.well-known/"
    own = dataset_iri(iris).value
    schemes = {iris.scheme(stem): scheme.kind for stem, scheme in SCHEMES.items()}
    for subject, lines in statements.subjects():
        if subject[0] != "<":
            continue
        whole = subject[1:-1]
        iri, part, _ = whole.partition("#")
        kind = schemes.get(whole) or iris.kind(iri)
        if kind in KINDS:
            yield Piece(kind, b"".join(lines))
            if not part and not linking.isdisjoint(line.split(b" ", 2)[1] for line in lines):
                yield from _links(iri, lines, linksets, iris)
        elif iri.startswith(start) and (name := iri.removeprefix(start)) in linksets.facts:
            yield Piece(f"linkset-{name}", b"".join(lines))
        elif iri.startswith(targets) and whole != own:
            for name, target in linksets.target.items():
                if target == whole:
                    yield Piece(f"linkset-{name}", b"".join(lines))


def _links(iri: str, lines: Iterable[bytes], linksets: _Linksets, iris: IRIs) -> Iterator[Piece]:
    """The links of one thing."""
    statements = [Statement.of(line) for line in lines]
    for statement in statements:
        predicate, thing = (value_of(term) if term[0] == "<" else "" for term in statement[1:3])
        if not thing:
            continue
        of_tables = linksets.links.get((iri, predicate, thing), ())
        for name, values in of_tables:
            yield _link(name, statement, values, statements, iris)
        linkset = None if of_tables else record_linkset(iri, predicate, thing, iris)
        if linkset is None or linkset.name not in linksets.facts:
            continue
        values = {
            "subject_id": iri,
            "predicate_id": predicate,
            "object_id": thing,
            "mapping_justification": UNSPECIFIED,
            "object_source": dataset_iri(iris, linkset.target).value,
            "comment": "stated by the record",
        }
        yield _link(linkset.name, statement, values, statements, iris)


def _link(
    name: str,
    statement: Statement,
    values: Mapping[str, str],
    statements: Sequence[Statement],
    iris: IRIs,
) -> Piece:
    labelled = {**values, "subject_label": _label(statements)}
    return Piece(f"linkset-{name}", statement.line.encode(), row(labelled, iris))


def _read_linksets(statements: Statements, iris: IRIs) -> _Linksets:
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
    for subject, given in by_subject(statements.with_prefix(start)):
        name, part, _ = value_of(subject).removeprefix(start).partition("#")
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
    """The values of some properties of one subject, by the names given for these."""
    return {
        names[predicate[1:-1]]: value_of(value)
        for _, predicate, value, _ in statements
        if predicate[1:-1] in names and value[0] in '<"'
    }


def _label(statements: Sequence[Statement]) -> str:
    for label in _LABELS:
        for statement in statements:
            _, predicate, value, _ = statement
            if predicate == label and value[0] == '"':
                return value_of(value)
    return ""
