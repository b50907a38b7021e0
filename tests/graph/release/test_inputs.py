"""A release is rebuilt if anything that the build reads has changed, and only then."""

import importlib.metadata
from pathlib import Path
from shutil import copyfile, copytree, ignore_patterns

import pytest

from oograph import graph
from oograph.graph.catalogue import Catalogue
from oograph.graph.dataset import OOGRAPH
from oograph.graph.release import inputs
from oograph.graph.release.build import build
from oograph.graph.release.inputs import digest_of_inputs

SMALL = Path(__file__).parents[2] / "fixtures" / "small"
ROOT = Path(graph.__file__).parents[1]


def append(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\n# changed\n")


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """The package's own files, next to folders of a checkout that are not part of it."""
    for name in ("graph", "ontology", "shapes", "server", "cli"):
        copytree(ROOT / name, tmp_path / "package" / name, ignore=ignore_patterns("__pycache__"))
    copyfile(ROOT / "__init__.py", tmp_path / "package" / "__init__.py")
    (tmp_path / "package" / "tests").mkdir()
    (tmp_path / "package" / "tests" / "test_x.py").touch()
    return tmp_path / "package"


@pytest.mark.parametrize(
    "name",
    [
        "ontology/questions/06-co-authors.rq",
        "ontology/__init__.py",
        "ontology/topics.ttl",
        "ontology/context.jsonld",
        "ontology/links/topics-gnd.sssom.tsv",
        "shapes/person.ttl",
        "graph/rdf/mapping.py",
        "graph/templates/release-report.html",
    ],
)
def test_a_change_of_each_kind_of_file_counts(package: Path, name: str) -> None:
    before = digest_of_inputs(SMALL, "https://example.org/", package)
    assert digest_of_inputs(SMALL, "https://example.org/", package) == before
    append(package / name)
    assert digest_of_inputs(SMALL, "https://example.org/", package) != before


def test_what_is_no_part_of_the_package_does_not_count(package: Path) -> None:
    before = digest_of_inputs(SMALL, "https://example.org/", package)
    append(package / "tests" / "test_x.py")
    (package / "graph" / "__pycache__").mkdir()
    (package / "graph" / "__pycache__" / "x.pyc").touch()
    assert digest_of_inputs(SMALL, "https://example.org/", package) == before


def test_the_base_iri_and_the_catalogue_count(package: Path, tmp_path: Path) -> None:
    copytree(SMALL, tmp_path / "cat")
    digests = {
        digest_of_inputs(SMALL, "https://example.org/", package),
        digest_of_inputs(SMALL, "https://example.com/", package),
    }
    append(tmp_path / "cat" / "works.json")
    digests.add(digest_of_inputs(tmp_path / "cat", "https://example.org/", package))
    (tmp_path / "cat" / "links").mkdir()
    (tmp_path / "cat" / "links" / "mine.csv").touch()
    digests.add(digest_of_inputs(tmp_path / "cat", "https://example.org/", package))
    assert len(digests) == 4


def test_a_new_title_and_a_new_version_of_a_dependency_are_built(
    small_out: Path, monkeypatch: pytest.MonkeyPatch, package: Path
) -> None:
    monkeypatch.setattr(inputs, "files", lambda name: package)
    assert not build(SMALL, small_out).fresh
    path = package / "graph" / "dataset.py"
    path.write_text(path.read_text().replace(OOGRAPH.subject, "another subject"))
    assert build(SMALL, small_out).fresh
    version = importlib.metadata.version
    monkeypatch.setattr(
        inputs, "version", lambda name: "99" if name == "pyshacl" else version(name)
    )
    assert build(SMALL, small_out).fresh
    assert not build(SMALL, small_out).fresh


@pytest.mark.parametrize(
    "name",
    ["works.json", "decisions.csv", "dataset.csv", "links/a.csv", "vocabularies/topics.ttl"],
)
def test_every_file_of_a_catalogue_counts(tmp_path: Path, name: str) -> None:
    folder = copytree(SMALL, tmp_path / "catalogue")
    before = digest_of_inputs(folder, "https://example.org/")
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).open("a").write("\n")
    assert digest_of_inputs(folder, "https://example.org/") != before


def test_other_files_beside_a_catalogue_do_not_count(tmp_path: Path) -> None:
    folder = copytree(SMALL, tmp_path / "catalogue")
    before = digest_of_inputs(folder, "https://example.org/")
    (folder / "links" / ".ipynb_checkpoints").mkdir(parents=True)
    (folder / "links" / "a.csv").mkdir()
    for name in ("links/a.csv~", "notes.json", "vocabularies"):
        (folder / name).touch()
    assert digest_of_inputs(folder, "https://example.org/") == before
    assert Catalogue.read(folder).links == ()
