"""RML: works as tables, and a mapping of these tables to the triples of oograph's own mapping.

It covers what RML can express: fields that become one literal, years, contributions in order,
sources and what they state (https://rml.io/specs/rml/).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

from oograph.graph.model import FIELDS, Record
from oograph.ontology import BASE_IRI, PREFIXES

#: The fields that are copied unchanged; titles are not among them, since they may have a language.
PLAIN = {
    field.name: field.predicate
    for field in FIELDS
    if field.kind == "text"
    and field.predicate
    and field.name not in ("title", "original_title", "container_title", "publisher", "url")
}
#: Role in a node's name -> predicates of the work, and the class of the node.
ROLES = {
    "author": ("dcterms:creator", "oo:authorship", "Authorship"),
    "editor": ("bibo:editor", "oo:editorship", "Editorship"),
}
_PREFIXES = """\
@prefix rr: <http://www.w3.org/ns/r2rml#> .
@prefix rml: <http://semweb.mmlab.be/ns/rml#> .
@prefix ql: <http://semweb.mmlab.be/ns/ql#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix oo: <{base}ontology#> .
"""


def write_tables(works: Iterable[Record], folder: Path) -> None:
    """Write the works as CSV, one file for each kind of node."""
    with ExitStack() as stack:

        def opened(name: str, *head: str) -> csv.DictWriter[str]:
            path = folder / f"{name}.csv"
            file = stack.enter_context(path.open("w", encoding="utf-8", newline=""))
            writer = csv.DictWriter(file, head)
            writer.writeheader()
            return writer

        files = {
            "works": opened("works", "id", "year", *PLAIN),
            **{role: opened(role, "id", "number", "agent", "name") for role in ROLES},
            "sources": opened("sources", "id", "source", "file", "key", "line"),
            "stated": opened("stated", "id", "source", "place", "field", "words"),
        }
        for work in works:
            for name, cells in _rows(work):
                files[name].writerow({"id": work.id, **cells})


def _rows(work: Record) -> Iterator[tuple[str, Mapping[str, object]]]:
    plain = {name: getattr(work, name) for name in PLAIN}
    yield "works", {"year": "" if work.year is None else work.year, **plain}
    roles = (("author", work.agents, work.authors), ("editor", work.editor_agents, work.editors))
    for role, agents, names in roles:
        for number, (agent, name) in enumerate(zip(agents, names, strict=True), 1):
            iri = f"{BASE_IRI}{agent}"
            yield role, {"number": number, "agent": iri, "name": name.inverted}
    for number, source in enumerate(work.sources, 1):
        place = {"source": number, "file": source.file, "key": source.key}
        yield "sources", {**place, "line": source.position}
        for n, (field, words) in enumerate(source.stated, 1):
            yield "stated", {"source": number, "place": n, "field": field, "words": words}


def rml(folder: Path) -> Iterator[str]:
    """The RML mapping of the tables."""
    work = f"{BASE_IRI}publication/{{id}}"
    source = f"{work}#source-{{source}}"
    yield _PREFIXES.format(base=BASE_IRI)
    yield from _subject("works", folder / "works.csv", work, "Publication")
    for name, predicate in PLAIN.items():
        yield _object(predicate, f'rml:reference "{name}"')
    yield _object("oo:year", 'rml:reference "year" ; rr:datatype xsd:integer')
    yield "."
    for role, (link, to_part, kind) in ROLES.items():
        path, part = folder / f"{role}.csv", f"{work}#{role}-{{number}}"
        agent = 'rml:reference "agent" ; rr:termType rr:IRI'
        yield from _subject(f"{role}-of", path, work)
        yield _object(link, agent)
        yield _object(to_part, f'rr:template "{part}"')
        yield "."
        yield from _subject(role, path, part, kind)
        yield _object("oo:position", 'rml:reference "number" ; rr:datatype xsd:integer')
        yield _object("oo:agent", agent)
        yield _object("oo:nameAsWritten", 'rml:reference "name"')
        yield "."
    yield from _subject("source-of", folder / "sources.csv", work)
    yield _object("prov:wasDerivedFrom", f'rr:template "{source}"')
    yield "."
    yield from _subject("source", folder / "sources.csv", source, "SourceRecord")
    yield _object("oo:file", 'rml:reference "file"')
    yield _object("oo:key", 'rml:reference "key"')
    yield _object("oo:line", 'rml:reference "line" ; rr:datatype xsd:integer')
    yield "."
    field = f"{source}-field-{{place}}"
    yield from _subject("field-of", folder / "stated.csv", source)
    yield _object("oo:statedField", f'rr:template "{field}"')
    yield "."
    yield from _subject("field", folder / "stated.csv", field, "StatedField")
    yield _object("oo:position", 'rml:reference "place" ; rr:datatype xsd:integer')
    yield _object("oo:fieldName", 'rml:reference "field"')
    yield _object("rdf:value", 'rml:reference "words"')
    yield "."


def _subject(name: str, path: Path, template: str, kind: str = "") -> Iterator[str]:
    yield (
        f'<#{name}> rml:logicalSource [ rml:source "{path}" ; rml:referenceFormulation ql:CSV ] ;'
    )
    classed = f" ; rr:class oo:{kind}" if kind else ""
    yield f'  rr:subjectMap [ rr:template "{template}"{classed} ]'


def _object(predicate: str, of: str) -> str:
    iri = PREFIXES.expand(predicate)
    return f"; rr:predicateObjectMap [ rr:predicate <{iri}> ; rr:objectMap [ {of} ] ]"
