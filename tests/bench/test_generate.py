"""Generated catalogues: what a build and an import take, and releases that serve every page."""

import csv
import random
import subprocess
import sys
from collections import defaultdict
from itertools import combinations
from pathlib import Path

import pytest

from oograph.bench.parts.citations import citation
from oograph.bench.parts.population import SEED, population
from oograph.graph.catalogue import Catalogue
from oograph.graph.catalogue.works import format_works
from oograph.graph.index.works import Choice, Works
from oograph.graph.model import Entry, Record
from oograph.graph.readers import read_file
from oograph.graph.release import open_release
from oograph.graph.release.changes import modified
from oograph.graph.release.records import Records
from oograph.graph.release.verify import missing
from oograph.graph.resolution.resolve import cluster

SCRIPT = Path(__file__).parents[2] / "bench" / "generate.py"
WORKS = 60


def generated(folder: Path, *options: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPT), "--publications", str(WORKS), "--out", str(folder)]
    done = subprocess.run([*command, *options], capture_output=True, text=True, timeout=120)
    assert done.returncode == code, done.stderr
    return done


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("generated") / "catalogue"
    assert generated(folder).stdout.strip() == str(folder)
    return folder


def test_the_catalogue_is_written_as_a_catalogue_is(folder: Path) -> None:
    catalogue = Catalogue.read(folder)
    assert len(catalogue.works) == WORKS
    assert catalogue.problems == ()
    assert b"".join(format_works(catalogue.works)) == (folder / "works.json").read_bytes()
    assert catalogue.links


def entries_of(folder: Path) -> list[Entry]:
    return [e for path in sorted(folder.glob("references/*.bib")) for e in read_file(path)]


def truth_of(folder: Path) -> dict[tuple[str, str], str]:
    with (folder / "truth.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t")
        return {(row["file"], row["key"]): row["work"] for row in rows}


def test_the_libraries_are_read_whole_and_the_truth_names_every_entry(folder: Path) -> None:
    entries, truth = entries_of(folder), truth_of(folder)
    assert all(entry.record for entry in entries)
    assert {(e.source.file, e.source.key) for e in entries} == truth.keys()
    works = {work.id: work for work in Catalogue.read(folder).works}
    assert set(truth.values()) == works.keys()
    lines = {(s.file, s.key): s.position for work in works.values() for s in work.sources}
    assert {(e.source.file, e.source.key): e.source.position for e in entries} == lines


def test_most_entries_of_a_work_resolve_to_it(folder: Path) -> None:
    entries, truth = entries_of(folder), truth_of(folder)
    clusters, _ = cluster([entry.record for entry in entries if entry.record])
    joined = {pair for places in clusters for pair in combinations(sorted(places), 2)}
    places_of = defaultdict(list)
    for place, entry in enumerate(entries):
        places_of[truth[entry.source.file, entry.source.key]].append(place)
    meant = {pair for places in places_of.values() for pair in combinations(places, 2)}
    assert len(joined & meant) > 0.9 * len(meant) > 20


def test_sources_have_the_faults_of_sources() -> None:
    rng = random.Random(SEED)
    pairs = [(work.record, citation(work.record, 1, rng)) for work in population(2000)]
    varied = [(work, cited) for work, cited in pairs if _facts(work) != _facts(cited)]
    assert 0.15 < len(varied) / len(pairs) < 0.35
    assert any(work.doi and not cited.doi for work, cited in varied)
    assert any(cited.doi and work.doi not in cited.doi.lower() for work, cited in varied)
    assert any(cited.authors and len(cited.authors[0].given) == 2 for _, cited in varied)
    assert any(
        work.title != cited.title and sorted(work.title) == sorted(cited.title)
        for work, cited in varied
    )


def _facts(record: Record) -> tuple[object, ...]:
    return record.title, record.authors, record.issued, record.doi


def test_the_same_works_come_each_time() -> None:
    some = list(population(50))
    assert some == list(population(50))
    assert some[:20] == list(population(20))


def test_a_folder_of_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").touch()
    assert "Fix: choose a new or empty folder" in generated(tmp_path, code=2).stderr
    assert (tmp_path / "thesis.tex").exists()


def test_a_release_can_be_served(folder: Path) -> None:
    release = open_release(Path(generated(folder, "--release").stdout.strip()))
    assert missing(release) == ()
    works = Works(release.folder)
    assert works.size == WORKS
    answer = works.find(Choice())
    kept = Records(release.folder)
    records = [kept.of(id) for id in works.ids(works.order(answer, Choice(), 100))]
    assert [r and r.title for r in records] == [
        w.title for w in works.page(answer, Choice(), 0, 100)
    ]
    assert len(list(modified(release))) > WORKS
    again = generated(folder, "--release")
    assert open_release(Path(again.stdout.strip())) == release
    assert again.stderr == ""
