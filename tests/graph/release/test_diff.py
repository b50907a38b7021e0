"""The difference between two graphs, applied to the old one, gives the new one."""

import gzip
import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from oograph.cli import main
from oograph.graph.catalogue import Catalogue
from oograph.graph.release import open_release
from oograph.graph.release.build import build
from oograph.graph.release.changes import history
from oograph.graph.release.diff import ADDED, BOTH, DELETED, compare, sorted_lines
from oograph.ontology import BASE_IRI

SMALL = Path(__file__).parents[2] / "fixtures" / "small"
NODES = st.sampled_from([ox.NamedNode(f"urn:x:{name}") for name in ("a", "a#b", "a-b", "é", "z")])
LITERALS = st.builds(ox.Literal, st.text(max_size=5)) | st.builds(
    lambda text: ox.Literal(text, language="en"), st.text(max_size=3)
)
GRAPHS = st.frozensets(st.builds(ox.Triple, NODES, NODES, NODES | LITERALS), max_size=12)


def lines(graph: frozenset[ox.Triple]) -> list[str]:
    return sorted(f"{triple} .\n" for triple in graph)


@given(GRAPHS, GRAPHS)
def test_a_patch_applied_to_the_old_graph_gives_the_new(old, new) -> None:
    found = list(compare(lines(old), lines(new)))
    marked = {mark: {line for m, line in found if m == mark} for mark in (ADDED, DELETED, BOTH)}
    assert len(found) == len(set(found)) == len(old | new)
    assert marked[BOTH] == set(lines(old & new))
    applied = set(lines(old)) - marked[DELETED] | marked[ADDED]
    assert applied == set(lines(new))


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("diff")
    works = Catalogue.read(SMALL).works
    Catalogue(works[1:]).save(folder / "cat")
    old = build(folder / "cat", folder / "out").release.folder
    Catalogue(works).save(folder / "cat")
    return old, build(folder / "cat", folder / "out").release.folder


def test_changes_against_the_release_before(folders: tuple[Path, Path]) -> None:
    _, folder = folders
    work = Catalogue.read(SMALL).works[0].id
    added = (folder / "changes.add.nt").read_text().splitlines()
    described = f"<{BASE_IRI}.well-known/void#"
    assert any(work in line for line in added)
    assert all(work in line or line.startswith(described) for line in added)
    deleted = (folder / "changes.del.nt").read_text().splitlines()
    assert all(line.startswith(described) for line in deleted)
    patch = (folder / "changes.rdfp").read_text().splitlines()
    assert sorted(patch) == sorted([*(f"A {a}" for a in added), *(f"D {d}" for d in deleted)])


def diff(*paths: Path | str) -> Result:
    return CliRunner().invoke(main, ["diff", *map(str, paths)])


def test_two_releases(folders: tuple[Path, Path]) -> None:
    result = diff(*folders)
    assert result.exit_code == 0
    assert result.stdout == (folders[1] / "changes.rdfp").read_text(encoding="utf-8")
    assert "statements added" in result.stderr and "records: 1 new" in result.stderr
    work = Catalogue.read(SMALL).works[0]
    assert f"\n  new      {work.id}: {work.title}\n" in result.stderr
    assert f"\n  gone     {work.id}: {work.title}\n" in diff(*reversed(folders)).stderr


def test_releases_below_another_base(tmp_path: Path) -> None:
    base = "https://example.org/graph/"
    works = Catalogue.read(SMALL).works
    made = []
    for some, address in ((works[1:], base), (works, base), (works, "https://example.net/")):
        Catalogue(some).save(tmp_path / "cat")
        folder = build(tmp_path / "cat", tmp_path / "out", address).release.folder
        made.append(folder.rename(tmp_path / f"kept-{len(made)}"))
        shutil.copytree(made[-1], folder)  # a build keeps only two
    old, new, moved = made
    result = diff(old, new)
    assert result.stdout == (new / "changes.rdfp").read_text(encoding="utf-8")
    assert "records: 1 new" in result.stderr
    assert diff(old, new / "dumps" / "oograph.ttl").stderr == result.stderr
    # With another base IRI, only statements about others' terms are the same.
    lines = (moved / "dumps" / "oograph.nt").read_text(encoding="utf-8").splitlines()
    same = sum("https://example.net/" not in line for line in lines)
    assert same < 50
    step = history(open_release(moved))[0]
    facts = open_release(new)
    assert (step.added, step.deleted) == (len(lines) - same, facts.triples - same)
    records = len((new / "modified.tsv").read_text(encoding="utf-8").splitlines())
    assert step.counts == {"new": records, "changed": 0, "gone": records}
    assert f"records: {records} new, 0 changed, {records} gone" in diff(new, moved).stderr
    assert "/publication/" in step.records[0].iri


@pytest.mark.parametrize("name", ["nt", "nq", "ttl", "trig", "rdf", "jsonld", "ttl.gz", "nq.gz"])
def test_a_release_and_its_dumps_are_the_same(folders: tuple[Path, Path], name: str) -> None:
    result = diff(folders[1], folders[1] / "dumps" / f"oograph.{name}")
    assert (result.exit_code, result.stdout) == (0, "")


def test_blank_nodes_are_named_by_what_is_said_of_them(tmp_path: Path) -> None:
    old, new = tmp_path / "old.ttl", tmp_path / "new.ttl.gz"
    old.write_text("<urn:a> <urn:p> [ <urn:q> 1 ], [ <urn:q> 2 ] .")
    new.write_bytes(gzip.compress(b"_:x <urn:q> 2 . _:y <urn:q> 1 . <urn:a> <urn:p> _:y, _:x ."))
    assert list(sorted_lines(old)) == list(sorted_lines(new))
    assert diff(old, new).stdout == ""


def test_what_cannot_be_compared(tmp_path: Path) -> None:
    broken = tmp_path / "broken.ttl"
    broken.write_text("<urn:a> <urn:b>\n<urn:c")
    for wrong, code, told in (
        ("nowhere", 2, "no file, folder or release called nowhere"),
        ("2020-01-01-000000000000", 2, "no file, folder or release"),
        (tmp_path, 1, "no release in"),
        (broken, 1, "not valid Turtle"),
    ):
        result = diff(wrong, broken)
        assert result.exit_code == code, wrong
        assert told in result.stderr and "Traceback" not in result.stderr
