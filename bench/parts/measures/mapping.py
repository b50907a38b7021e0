"""Mapping: records to RDF, beside morph-kgc, each as a process of its own on the same works.

morph-kgc reads the works as CSV and maps what RML can express: fields that become one literal,
years, contributions in order, sources and what they state. oograph reads ``works.json`` and maps
everything. The triples of the shared part must be the same.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pyoxigraph as ox

from oograph.graph.iris import IRIs
from oograph.ontology import BASE_IRI, PREFIXES

from ..catalogues import works_of
from ..charts import growth
from ..part import Bench, Figures, Part, called, table
from ..peers import MissingPeer
from ..processes import Spent, spend
from ..rml import PLAIN, ROLES, rml, write_tables

_BENCH = Path(__file__).parents[2]
_AIM = 5
_CLASSES = ("Publication", "Authorship", "Editorship", "SourceRecord", "StatedField")
_OTHERS = (
    *("oo:year", "oo:position", "oo:agent", "oo:nameAsWritten", "prov:wasDerivedFrom"),
    *("oo:file", "oo:key", "oo:line", "oo:statedField", "oo:fieldName", "rdf:value"),
    *(curie for links in ROLES.values() for curie in links[:2]),
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
        write_tables(works_of(catalogue), folder)
        (folder / "map.ttl").write_text("\n".join(rml(folder)), encoding="utf-8")
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
    """How many triples of the shared part only oograph has, and how many only morph-kgc."""
    predicates = {PREFIXES.expand(curie) for curie in (*PLAIN.values(), *_OTHERS)}
    classes = {f"{BASE_IRI}ontology#{name}" for name in _CLASSES}
    others = {IRIs(BASE_IRI).graph(name) for name in ("inferred", "vocabulary")}

    def part(path: Path, format: ox.RdfFormat) -> set[ox.Triple]:
        return {
            quad.triple
            for quad in ox.parse(path=str(path), format=format)
            if getattr(quad.graph_name, "value", "") not in others
            and (
                quad.predicate.value in predicates
                or (quad.predicate == _TYPE and getattr(quad.object, "value", "") in classes)
            )
        }

    mine, other = part(ours, ox.RdfFormat.N_QUADS), part(theirs, ox.RdfFormat.N_TRIPLES)
    return len(mine - other), len(other - mine)


def _count(path: Path) -> int:
    """Count the statements, except those of the vocabularies, which come from no record."""
    with path.open("rb") as file:
        return sum(1 for line in file if not line.endswith(_VOCABULARY))


def _markdown(sizes: Mapping[int, Figures]) -> str:
    programs = ("oograph", "morph-kgc")
    head = ("works, program", "statements", "s", "statements a second", "processor, s", "peak MB")
    lines: list[tuple[str, ...]] = []
    notes: list[str] = []
    for size, figures in sizes.items():
        for name in programs:
            if of := figures.get(name):
                rate = of["statements"] / of["seconds"]
                cells = (f"{of['statements']:,}", f"{of['seconds']:.1f}", f"{rate:,.0f}")
                used = f"{of['processor seconds']:.1f}"
                lines.append((f"{called(size)}, {name}", *cells, used, f"{of['peak MB']:,.0f}"))
        notes += _notes(size, figures)
    return "\n".join((table(head, lines), "", *notes))


def _notes(size: int, figures: Figures) -> Iterator[str]:
    if "missing" in figures:
        yield f"- {called(size)}: {figures['missing']}."
        return
    times = _rate(figures["oograph"]) / _rate(figures["morph-kgc"])
    same = figures["only oograph"] == figures["only morph-kgc"] == 0
    agree = (
        "The triples of the shared part are the same"
        if same
        else f"The shared part differs: {figures['only oograph']:,} triples only in oograph, "
        f"{figures['only morph-kgc']:,} only in morph-kgc"
    )
    yield (
        f"- {called(size)}: oograph makes {times:.1f} times as many statements a second as "
        f"morph-kgc {figures['version']} (aim: {_AIM}). {agree}."
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


PART = Part("mapping", _measure, _markdown, {"mapping": _chart}, most=100_000)
