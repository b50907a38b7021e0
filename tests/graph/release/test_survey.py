"""The survey of a graph's pieces: the classes of nodes, and the links that records state."""

from collections.abc import Mapping
from pathlib import Path

import pyoxigraph as ox

from oograph.graph.iris import RDF_TYPE, IRIs
from oograph.graph.model import Record
from oograph.graph.rdf.mapping import Mapper
from oograph.graph.rdf.names import Names
from oograph.graph.release.processes import working
from oograph.graph.release.statements import write_run
from oograph.graph.release.survey import survey
from oograph.graph.vocabulary.links import Linkset
from oograph.graph.vocabulary.sssom_reader import Link

IRIS = IRIs()
DOI, WEB = "https://doi.org/10.1000/1", "https://example.org/a"


def test_what_records_state_is_counted_once_and_not_what_tables_say_too(tmp_path: Path) -> None:
    records = (Record("A", id="a", doi="10.1000/1", url=WEB), Record("B", id="b", url=WEB))
    mapper = Mapper.of(Names.of(records, IRIS), IRIS)
    runs = []
    for record in records:
        # a statement of two runs is there once
        quads = {quad for each in (record, records[0]) for quad in mapper.quads(each)}
        write_run(quads, run := tmp_path / f"{record.id}.nq")
        runs.append(run)
    with working(1) as here:
        known = survey(runs, tmp_path / "all.nq", IRIS, here)
    lines = list(known.statements.lines())
    assert lines == sorted(set(lines))
    same_as = next(p for (linkset, p) in known.stated(()) if linkset.name == "publications-doi")
    assert _counts(known.stated(())) == {"publications-doi": 1, "publications-web": 2}
    link = Link(f"{IRIS.base}publication/a", same_as, DOI, "", "", "", "publications")
    assert _counts(known.stated([link, link])) == {"publications-web": 2}


def test_the_classes_of_a_node_come_from_all_its_pieces(tmp_path: Path) -> None:
    node, part = ox.NamedNode("urn:a"), ox.NamedNode("urn:a#b")
    names = [ox.NamedNode(f"urn:class-{n}") for n in (2, 1)]
    for n, name in enumerate(names):
        quads = [ox.Quad(each, RDF_TYPE, name) for each in (node, part)]
        write_run(quads, tmp_path / f"{n}.nq")
    with working(1) as here:
        known = survey([tmp_path / "0.nq", tmp_path / "1.nq"], tmp_path / "all.nq", IRIS, here)
    assert known.node_types()("<urn:a>") == ("urn:class-1", "urn:class-2")
    assert known.node_types()("<urn:a#b>") == ("urn:class-1", "urn:class-2")
    assert known.node_types({"<urn:c>": ("urn:d",)})("<urn:c>") == ("urn:d",)
    assert known.node_types()("<urn:none>") == ()


def _counts(stated: Mapping[tuple[Linkset, str], int]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for (linkset, _), number in stated.items():
        counts[linkset.name] = counts.get(linkset.name, 0) + number
    return counts
