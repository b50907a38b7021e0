"""Mapping: records to RDF beside morph-kgc, each a process of its own on the same works.

morph-kgc reads the works as CSV and maps what RML can say of them: the fields that become one
literal, years, contributions in their order, sources and what they state. oograph reads
``works.json`` and maps all there is. The triples of that part must be the same.
"""

from __future__ import annotations

import csv
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pyoxigraph as ox

from oograph.graph.iris import IRIs
from oograph.graph.model import FIELDS, Record
from oograph.ontology import BASE_IRI, PREFIXES

from ..catalogues import works_of
from ..charts import growth
from ..part import Bench, Figures, Part, called, table
from ..peers import MissingPeer
from ..processes import Spent, spend

__all__ = ["PART"]

_BENCH = Path(__file__).parents[2]
_AIM = 5
#: The fields that the mapping copies as they stand, but for titles, which may have a language.
_PLAIN = {
    field.name: field.predicate
    for field in FIELDS
    if field.kind == "text"
    and field.predicate
    and field.name not in ("title", "original_title", "container_title", "publisher", "url")
}
_CLASSES = ("Publication", "Authorship", "Editorship", "SourceRecord", "StatedField")
#: Role in a node's name -> the links of the work, and the class of the node.
_ROLES = {
    "author": ("dcterms:creator", "oo:authorship", "Authorship"),
    "editor": ("bibo:editor", "oo:editorship", "Editorship"),
}
_OTHERS = (
    *("oo:year", "oo:position", "oo:agent", "oo:nameAsWritten", "prov:wasDerivedFrom"),
    *("oo:file", "oo:key", "oo:line", "oo:statedField", "oo:fieldName", "rdf:value"),
    *(curie for links in _ROLES.values() for curie in links[:2]),
)
_VOCABULARY = f" <{IRIs(BASE_IRI).graph('vocabulary')}> .\n".encode()
_TYPE = ox.NamedNode(PREFIXES.expand("rdf:type"))
_CONFIGURATION = """\
[CONFIGURATION]
output_file: {out}
output_format: N-TRIPLES
number_of_processes: 1
logging_level: ERROR

[works]
mappings: {mapping}
"""
_PREFIXES = """\
@prefix rr: <http://www.w3.org/ns/r2rml#> .
@prefix rml: <http://semweb.mmlab.be/ns/rml#> .
@prefix ql: <http://semweb.mmlab.be/ns/ql#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix oo: <{base}ontology#> .
"""


def _measure(size: int, bench: Bench) -> Figures:
    catalogue = bench.catalogue(size)
    with tempfile.TemporaryDirectory(prefix="oograph-bench-") as scratch:
        folder = Path(scratch)
        ours = folder / "ours.nq"
        program = ("-m", "parts.map_catalogue", catalogue.resolve(), ours)
        bench.step("mapping: oograph")
        spent = spend([sys.executable, *program], cwd=_BENCH)
        figures: Figures = {"oograph": _facts(spent, _count(ours))}
        try:
            peer = bench.peer("morph-kgc")
            python = peer.python
        except MissingPeer as missing:
            return {**figures, "missing": str(missing)}
        _write_tables(works_of(catalogue), folder)
        (folder / "map.ttl").write_text("\n".join(_rml(folder)), encoding="utf-8")
        theirs = folder / "theirs.nt"
        settings = _CONFIGURATION.format(out=theirs, mapping=folder / "map.ttl")
        (folder / "settings.ini").write_text(settings, encoding="utf-8")
        bench.step("mapping: morph-kgc")
        spent = spend([python, "-m", "morph_kgc", folder / "settings.ini"], cwd=folder)
        figures["morph-kgc"] = _facts(spent, _count(theirs))
        figures["version"] = peer.version
        bench.step("mapping: comparing the triples")
        figures["only oograph"], figures["only morph-kgc"] = _differences(ours, theirs)
    return figures


def _facts(spent: Spent, triples: int) -> Figures:
    return {
        "seconds": spent.seconds,
        "processor seconds": spent.processor_seconds,
        "peak MB": spent.peak_mb,
        "statements": triples,
    }


def _differences(ours: Path, theirs: Path) -> tuple[int, int]:
    """How many triples of the part only oograph has, and how many only morph-kgc."""
    predicates = {PREFIXES.expand(curie) for curie in (*_PLAIN.values(), *_OTHERS)}
    classes = {f"{BASE_IRI}ontology#{name}" for name in _CLASSES}
    vocabulary = IRIs(BASE_IRI).graph("vocabulary")

    def part(path: Path, format: ox.RdfFormat) -> set[ox.Triple]:
        return {
            quad.triple
            for quad in ox.parse(path=str(path), format=format)
            if getattr(quad.graph_name, "value", "") != vocabulary
            and (
                quad.predicate.value in predicates
                or (quad.predicate == _TYPE and getattr(quad.object, "value", "") in classes)
            )
        }

    mine, other = part(ours, ox.RdfFormat.N_QUADS), part(theirs, ox.RdfFormat.N_TRIPLES)
    return len(mine - other), len(other - mine)


def _count(path: Path) -> int:
    """The statements, without those of the vocabularies, which no record makes."""
    with path.open("rb") as file:
        return sum(1 for line in file if not line.endswith(_VOCABULARY))


def _write_tables(works: Iterable[Record], folder: Path) -> None:
    """The works as CSV; of each kind of node a file."""
    with ExitStack() as stack:

        def opened(name: str, *head: str) -> csv.DictWriter[str]:
            path = folder / f"{name}.csv"
            file = stack.enter_context(path.open("w", encoding="utf-8", newline=""))
            writer = csv.DictWriter(file, head)
            writer.writeheader()
            return writer

        files = {
            "works": opened("works", "id", "year", *_PLAIN),
            **{role: opened(role, "id", "number", "agent", "name") for role in _ROLES},
            "sources": opened("sources", "id", "source", "file", "key", "line"),
            "stated": opened("stated", "id", "source", "place", "field", "words"),
        }
        for work in works:
            for name, cells in _rows(work):
                files[name].writerow({"id": work.id, **cells})


def _rows(work: Record) -> Iterator[tuple[str, Mapping[str, object]]]:
    plain = {name: getattr(work, name) for name in _PLAIN}
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


def _rml(folder: Path) -> Iterator[str]:
    """The mapping of the tables."""
    work = f"{BASE_IRI}publication/{{id}}"
    source = f"{work}#source-{{source}}"
    yield _PREFIXES.format(base=BASE_IRI)
    yield from _subject("works", folder / "works.csv", work, "Publication")
    for name, predicate in _PLAIN.items():
        yield _object(predicate, f'rml:reference "{name}"')
    yield _object("oo:year", 'rml:reference "year" ; rr:datatype xsd:integer')
    yield "."
    for role, (link, to_part, kind) in _ROLES.items():
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


def _markdown(sizes: Mapping[int, Figures]) -> str:
    programs = ("oograph", "morph-kgc")
    head = ("works", "program", "statements", "seconds", "statements a second", "peak MB")
    lines: list[tuple[str, ...]] = []
    notes: list[str] = []
    for size, figures in sizes.items():
        for name in programs:
            if of := figures.get(name):
                rate = of["statements"] / of["seconds"]
                cells = (f"{of['statements']:,}", f"{of['seconds']:.1f}", f"{rate:,.0f}")
                lines.append((called(size), name, *cells, f"{of['peak MB']:,.0f}"))
        notes += _notes(size, figures)
    return "\n".join((table(head, lines), "", *notes))


def _notes(size: int, figures: Figures) -> Iterator[str]:
    if "missing" in figures:
        yield f"- {called(size)}: {figures['missing']}."
        return
    times = _rate(figures["oograph"]) / _rate(figures["morph-kgc"])
    same = figures["only oograph"] == figures["only morph-kgc"] == 0
    agree = (
        "the triples of the part are the same"
        if same
        else f"the part differs: {figures['only oograph']:,} triples only oograph has, "
        f"{figures['only morph-kgc']:,} only morph-kgc"
    )
    yield (
        f"- {called(size)}: oograph makes {times:.1f} times as many statements a second as "
        f"morph-kgc {figures['version']} (aim: {_AIM}); {agree}."
    )


def _rate(figures: Figures) -> float:
    return float(figures["statements"] / figures["seconds"])


def _chart(sizes: Mapping[int, Figures]) -> str:
    series: dict[str, dict[int, float]] = {}
    for size, figures in sizes.items():
        for name in ("oograph", "morph-kgc"):
            if of := figures.get(name):
                series.setdefault(name, {})[size] = of["seconds"]
    return growth("Mapping", "works", "seconds", series)


PART = Part("mapping", _measure, _markdown, _chart, most=1_000_000)
