"""From a catalogue to a release: whole, reproducible, and sound."""

import gzip
import hashlib
import json
import os
import re
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import DCTERMS, RDF, RDFS, SH, SKOS, BNode, Dataset, Graph, Literal, URIRef

from oograph.cli import main
from oograph.graph.catalogue import Catalogue
from oograph.graph.dataset import LICENCES
from oograph.graph.dataset import Dataset as Description
from oograph.graph.errors import BadEpoch, BrokenCatalogue
from oograph.graph.rdf.report import SEVERITIES, in_numbers
from oograph.graph.release import Release, open_release
from oograph.graph.release.build import Build, build
from oograph.graph.release.dumps import listing
from oograph.graph.release.verify import verify
from oograph.ontology import BASE_IRI, PREFIXES

SMALL = Path(__file__).parents[2] / "fixtures" / "small"
RDFLIB = {"nt": "nt", "ttl": "turtle", "rdf": "xml", "jsonld": "json-ld"}
OXIGRAPH = {
    "nt": ox.RdfFormat.N_TRIPLES,
    "ttl": ox.RdfFormat.TURTLE,
    "rdf": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
    "nq": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
}


@pytest.fixture(scope="module")
def release(small_release: Release) -> Release:
    return small_release


@pytest.fixture(scope="module")
def quads(release: Release) -> set[ox.Quad]:
    text = (release.folder / "dumps" / "oograph.nq").read_bytes()
    return set(ox.parse(text, format=ox.RdfFormat.N_QUADS))


def test_the_small_graph_conforms(release: Release) -> None:
    assert release.quarantined == ()
    assert release.classes["Publication"] == 8


@pytest.mark.parametrize("ending", OXIGRAPH)
def test_each_dump_holds_the_same_to_pyoxigraph(
    release: Release, quads: set[ox.Quad], ending: str
) -> None:
    path = release.folder / "dumps" / f"oograph.{ending}"
    found = set(ox.parse(path=path, format=OXIGRAPH[ending]))
    if ending in ("nq", "trig"):
        assert found == quads
    else:
        assert {quad.triple for quad in found} == {quad.triple for quad in quads}


@pytest.mark.parametrize("ending", RDFLIB)
def test_each_dump_of_triples_holds_the_same_to_rdflib(release: Release, ending: str) -> None:
    dumps = release.folder / "dumps"
    found = set(Graph().parse(dumps / f"oograph.{ending}", format=RDFLIB[ending]))
    assert found == set(Graph().parse(dumps / "oograph.nt", format="nt"))
    assert len(found) == release.triples


def test_the_dumps_of_quads_hold_the_same_to_rdflib(release: Release) -> None:
    dumps = release.folder / "dumps"
    trig, nquads = Dataset(), Dataset()
    trig.parse(dumps / "oograph.trig", format="trig")
    nquads.parse(dumps / "oograph.nq", format="nquads")
    assert set(trig.quads()) == set(nquads.quads())
    assert len(set(trig.quads())) == release.quads


@pytest.mark.parametrize("kind", ["platform", "country", "topic", "work-type"])
def test_the_file_of_a_vocabulary_has_its_scheme(release: Release, kind: str) -> None:
    path = release.folder / "dumps" / f"{kind}.nt"
    graph = Graph().parse(path)
    (scheme,) = graph.subjects(RDF.type, SKOS.ConceptScheme)
    assert graph.value(scheme, DCTERMS.title)
    assert set(graph.objects(None, SKOS.inScheme)) == {scheme}
    top = set(graph.objects(scheme, SKOS.hasTopConcept))
    assert top and top <= set(graph.subjects(RDF.type, SKOS.Concept))
    lines = path.read_bytes().splitlines()
    assert lines == sorted(lines)


def test_checksums_and_gzip(release: Release) -> None:
    dumps = release.folder / "dumps"
    lines = (dumps / "SHA256SUMS").read_text().splitlines()
    sums = {name: digest for digest, name in (line.split("  ") for line in lines)}
    assert list(sums) == sorted(p.name for p in dumps.iterdir() if p.name != "SHA256SUMS")
    assert {dump.name: dump.sha256 for dump in listing(dumps)} == sums
    for name, expected in sums.items():
        content = (dumps / name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == expected
        if name.endswith(".gz"):
            assert gzip.decompress(content) == (dumps / name.removesuffix(".gz")).read_bytes()


def test_the_version_is_the_date_and_the_hash_of_the_sorted_nquads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1500000000")
    release = build(SMALL, tmp_path).release
    lines = (release.folder / "dumps" / "oograph.nq").read_bytes().splitlines(keepends=True)
    assert lines == sorted(lines)
    digest = hashlib.sha256(b"".join(lines)).hexdigest()
    assert release.version == f"2017-07-14-{digest[:12]}"
    assert (tmp_path / "current").resolve().name == release.version


def test_two_builds_are_byte_identical(release: Release, tmp_path: Path) -> None:
    again = build(SMALL, tmp_path).release
    for name in ("dumps", ""):
        for path in (again.folder / name).iterdir():
            if path.is_file() and not path.name.startswith("changes"):
                assert path.read_bytes() == (release.folder / name / path.name).read_bytes(), path


def test_a_work_out_of_scope_is_not_published_and_its_iri_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, *others = Catalogue.read(SMALL).works
    outside = replace(first, facets=replace(first.facets, scope="Out of scope"))
    Catalogue((outside, *others)).save(tmp_path / "cat")
    release = build(tmp_path / "cat", tmp_path / "out").release
    lines = (release.folder / "dumps" / "oograph.nq").read_text(encoding="utf-8")
    work = f"<{BASE_IRI}publication/{first.id}>"
    about = [line for line in lines.splitlines() if line.startswith(work)]
    assert any("Out of scope." in line for line in about)
    assert not any(f"<{PREFIXES.expand('dcterms:title')}>" in line for line in about)
    assert release.quarantined == ()
    with pytest.raises(SystemExit):
        main(["stats", "--release", str(release.folder)])
    said = capsys.readouterr().out
    assert f"{len(others)} works" in said and "Platform labour" in said


@pytest.fixture(scope="module")
def with_a_broken_record(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Build]:
    """The id of a record that breaks a shape, and a build of it and others."""
    folder = tmp_path_factory.mktemp("broken")
    items = json.loads((SMALL / "works.json").read_text(encoding="utf-8"))
    items[1]["DOI"] = "not a doi"
    (folder / "works.json").write_text(json.dumps(items), encoding="utf-8")
    return items[1]["id"], build(folder, folder / "out")


def test_a_build_says_how_many_problems_its_report_has_of_each_severity(
    with_a_broken_record: tuple[str, Build],
    capsys: pytest.CaptureFixture[str],
) -> None:
    _, made = with_a_broken_record
    report = Graph().parse(made.release.folder / "report.ttl")
    severities = report.objects(None, SH.resultSeverity)
    number = Counter(SEVERITIES[str(severity)] for severity in severities)
    assert number["violation"] and number["info"], "else this says nothing"
    again = ["build", "--catalogue", made.release.folder.parents[1], "--out"]
    with pytest.raises(SystemExit) as ended:
        main([*map(str, again), str(made.release.folder.parent)])
    assert ended.value.code == 1
    *_, last = capsys.readouterr().out.splitlines()
    assert last == f"its report has {in_numbers(number)}: {made.release.folder / 'report.html'}"


def test_a_record_that_breaks_a_shape_is_left_out_and_reported(
    with_a_broken_record: tuple[str, Build],
) -> None:
    id, made = with_a_broken_record
    assert made.release.quarantined == (id,)
    assert made.release.classes["Publication"] == 7
    assert any(id in problem.record for problem in made.problems)
    assert id in (made.release.folder / "report.html").read_text(encoding="utf-8")


def test_the_report_tells_why_works_were_left_out_and_what_is_wrong_with_the_catalogue(
    tmp_path: Path,
) -> None:
    items = json.loads((SMALL / "works.json").read_text(encoding="utf-8"))
    items[1]["DOI"] = "not a doi"
    items[2]["custom"]["version_of"] = ["nothing-of-this-id"]
    (tmp_path / "works.json").write_text(json.dumps(items), encoding="utf-8")
    grave = {"id": "gone", "replaced_by": "gone-too", "reason": "", "date": "2026-01-01"}
    (tmp_path / "tombstones.json").write_text(json.dumps([grave]), encoding="utf-8")
    (tmp_path / "links").mkdir()
    (tmp_path / "links" / "mine.csv").write_text(
        "subject_id,predicate_id,object_id,mapping_justification,object_source,mapping_date\n"
        "platform:upwork,skos:exactMatch,not an iri,semapv:ManualMappingCuration,x,2026-01-01\n"
    )
    base = "https://example.org/graph/"
    made = build(tmp_path, tmp_path / "out", base)
    graph = Graph().parse(made.release.folder / "report.ttl")
    report, left_out, wrong = (
        URIRef(f"{base}report{part}") for part in ("", "#left-out", "#catalogue")
    )
    assert not any(isinstance(node, BNode) for node in graph.all_nodes())
    conforms = [bool(graph.value(each, SH.conforms)) for each in (report, left_out, wrong)]
    assert conforms == [True, False, False]
    assert set(graph.objects(report, RDFS.seeAlso)) == {left_out, wrong}
    results = [set(graph.objects(each, SH.result)) for each in (report, left_out, wrong)]
    assert sum(map(len, results)) == len(set(graph.subjects(RDF.type, SH.ValidationResult)))
    key = URIRef(f"{base}ontology#key")
    (doi,) = (r for r in results[1] if (r, SH.value, Literal("not a doi")) in graph)
    assert graph.value(doi, key) == Literal(items[1]["id"])
    assert graph.value(doi, SH.focusNode) == URIRef(f"{base}publication/{items[1]['id']}")
    assert graph.value(doi, SH.resultPath) == URIRef(f"{PREFIXES['bibo']}doi")
    assert graph.value(doi, SH.sourceShape) == URIRef(f"{base}shapes#publication-doi")
    message = str(graph.value(doi, SH.resultMessage) or "")
    assert message and "Fix" not in message
    assert graph.value(doi, URIRef(f"{base}shapes#fix"))
    assert {graph.value(r, SH.resultSeverity) for r in results[1]} == {SH.Violation}
    told = {str(graph.value(r, URIRef(f"{base}ontology#file"))) for r in results[2]}
    assert "mine.csv" in told
    assert str(tmp_path) not in (made.release.folder / "report.ttl").read_text(encoding="utf-8")
    assert {Literal(items[2]["id"]), Literal("gone")} <= {graph.value(r, key) for r in results[2]}


def test_the_report_page_works_from_disk(with_a_broken_record: tuple[str, Build]) -> None:
    id, made = with_a_broken_record
    folder = made.release.folder
    page = (folder / "report.html").read_text(encoding="utf-8")
    links = re.findall(r'(?:href|src)="([^"]*)"', page)
    assert f"{BASE_IRI}publication/{id}" in links
    for link in links:
        here = f'id="{link[1:]}"' in page if link[:1] == "#" else (folder / link).is_file()
        assert link.startswith(BASE_IRI) or here, link
    assert "To fix it: Keep one DOI" in page


def test_a_sound_catalogue_has_one_report(release: Release) -> None:
    graph = Graph().parse(release.folder / "report.ttl")
    assert set(graph.subjects(RDF.type, SH.ValidationReport)) == {URIRef(f"{BASE_IRI}report")}


def test_a_failed_build_leaves_the_old_release(
    tmp_path: Path, small_out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = open_release(small_out / "current")
    Catalogue(Catalogue.read(SMALL).works[1:]).save(tmp_path / "cat")

    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("oograph.graph.release.build.describe", fail)
    with pytest.raises(OSError, match="disk full"):
        build(tmp_path / "cat", small_out)
    assert open_release(small_out / "current") == before
    assert {path.name for path in small_out.iterdir()} == {before.version, "current"}


@pytest.mark.parametrize("epoch", ["yesterday", "-5", "1e9", "nan", "253402300800"])
def test_a_time_of_the_build_that_is_none_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, epoch: str
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    with pytest.raises(BadEpoch, match="whole seconds since 1970"):
        build(SMALL, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_broken_catalogue_is_refused(tmp_path: Path) -> None:
    (tmp_path / "works.json").write_text("[")
    with pytest.raises(BrokenCatalogue):
        build(tmp_path, tmp_path / "out")


def test_the_store_holds_the_same_quads(release: Release, quads: set[ox.Quad]) -> None:
    assert set(ox.Store.read_only(str(release.folder / "store"))) == quads


@pytest.fixture(scope="module")
def changed(small_release: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a catalogue of one work less, and its release next to the small one."""
    folder = tmp_path_factory.mktemp("changed")
    shutil.copytree(small_release.folder.parent, folder / "out", symlinks=True)
    Catalogue(Catalogue.read(SMALL).works[1:]).save(folder / "cat")
    build(folder / "cat", folder / "out")
    return folder


@pytest.fixture
def two(small_release: Release, changed: Path, tmp_path: Path) -> tuple[Release, Release]:
    """A copy of the small release, and of the next one from ``changed``."""
    out = shutil.copytree(changed / "out", tmp_path / "out", symlinks=True)
    return open_release(out / small_release.version), open_release(out / "current")


@pytest.mark.parametrize("name", ["void.ttl", "changes.add.nt", "dumps/oograph.nq", "records.db"])
def test_a_damaged_release_is_made_anew(
    changed: Path, two: tuple[Release, Release], name: str
) -> None:
    """Its changes are those since the previous release; nothing comes from the damaged file."""
    first, second = two
    out = second.folder.parent
    bytes_before = {path.name: path.read_bytes() for path in second.folder.glob("*.nt")}
    assert not build(changed / "cat", out).fresh
    with (second.folder / name).open("r+b") as file:
        file.truncate(100)
    again = build(changed / "cat", out)
    assert again.fresh and (again.release.version, again.release.before) == (
        second.version,
        first.version,
    )
    assert verify(again.release) == ()
    assert {p.name: p.read_bytes() for p in again.release.folder.glob("*.nt")} == bytes_before


@pytest.mark.parametrize("facts", ["", '{"version": ', "[" * 100_000, "{}"])
def test_a_release_that_cannot_be_opened_is_told_and_kept(
    changed: Path, two: tuple[Release, Release], facts: str
) -> None:
    first, second = two
    out = second.folder.parent
    (second.folder / "release.json").write_text(facts)
    told: list[str] = []
    again = build(changed / "cat", out, step=told.append).release
    # The build continues from the release before that, and keeps the damaged folder.
    assert (again.version, again.before) == (second.version, first.version)
    aside = out / f"set-aside-{second.version}"
    assert (aside / "release.json").read_text() == facts
    assert str(second.folder / "release.json") in told[0] and str(aside) in told[0]
    assert not any("new history" in line for line in told)
    assert {path.name for path in out.iterdir()} == {
        first.version,
        second.version,
        "current",
        aside.name,
    }


def test_a_history_that_begins_anew_is_told(changed: Path, small_out: Path) -> None:
    first = open_release(small_out / "current")
    (first.folder / "release.json").write_text("")
    told: list[str] = []
    second = build(changed / "cat", small_out, step=told.append).release
    assert second.before == ""
    assert f"no release in {small_out} is intact; starting a new history" in told
    names = {path.name for path in small_out.iterdir()}
    assert names == {second.version, "current", f"set-aside-{first.version}"}
    # The next build has nothing to report.
    told.clear()
    third = build(SMALL, small_out, step=told.append).release
    assert third.before == second.version and "history" not in " ".join(told)


def test_the_same_graph_released_by_other_code_replaces_its_folder(
    small_out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = open_release(small_out / "current")
    monkeypatch.setattr("oograph.graph.release.inputs.version", lambda name: "99")
    (before.folder / "report.html").write_text("old")
    after = build(SMALL, small_out).release
    assert after.version == before.version
    assert (after.folder / "report.html").read_text() != "old"
    assert {path.name for path in small_out.iterdir()} == {after.version, "current"}


def test_other_code_builds_in_a_copy_with_hard_links_without_touching_the_original(
    small_out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in an upgrade, with ``cp -al`` (docs/operating.md)."""
    copy = tmp_path / "copy"
    shutil.copytree(small_out, copy, symlinks=True, copy_function=os.link)
    monkeypatch.setattr("oograph.graph.release.inputs.version", lambda name: "99")
    made = build(SMALL, copy)
    assert made.fresh and made.release.folder.is_relative_to(copy)
    assert not verify(open_release(small_out / "current"))


def test_a_release_is_what_its_catalogue_says(tmp_path: Path) -> None:
    licence = LICENCES["CC0-1.0"].iri
    (tmp_path / "cat").mkdir()
    (tmp_path / "cat" / "works.json").write_bytes((SMALL / "works.json").read_bytes())
    (tmp_path / "cat" / "dataset.csv").write_text(
        "property,value\nname,rsgraph\nsubject,remote sensing\ndescription,Publications on it.\n"
        "creator,The group\nlicence,CC0-1.0\n"
    )
    release = build(tmp_path / "cat", tmp_path / "out").release
    assert release.dataset == Description(
        "rsgraph", "remote sensing", "Publications on it.", "The group", "CC0-1.0"
    )
    void = Graph().parse(release.folder / "void.ttl")
    about = URIRef(f"{BASE_IRI}.well-known/void#dataset")
    title = void.value(about, URIRef(PREFIXES.expand("dcterms:title")))
    assert str(title) == "rsgraph: research on remote sensing as linked data"
    own = URIRef(f"{BASE_IRI}linkset/publications-doi")
    for thing in (about, own):
        assert void.value(thing, URIRef(PREFIXES.expand("dcterms:license"))) == URIRef(licence)
    package = json.loads((release.folder / "dumps" / "datapackage.json").read_text())
    assert package["licenses"] == [{"name": "CC0-1.0", "path": licence}]
