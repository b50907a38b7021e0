"""The command line, run as a user runs it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from rdflib import Graph
from rdflib.namespace import RDF, SH

SMALL = Path(__file__).parent / "fixtures" / "small"
BIB = """@article{wood, author = {Wood, Alex}, title = {Good gig, bad gig}, year = 2019}
@article{broken, author = {Foo
@article{graham, author = {Graham, Mark}, title = {Digital labour}, year = 2017}
"""


def oograph(*arguments: object, cwd: Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).parent / "oograph"), *map(str, arguments)]
    return subprocess.run(
        command, cwd=cwd, input=stdin, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a release of the small graph in build/release."""
    folder = tmp_path_factory.mktemp("user")
    made = oograph("build", "--catalogue", SMALL, cwd=folder)
    assert made.returncode == 0, made.stderr
    return folder


def test_help_shows_every_command(tmp_path: Path) -> None:
    text = oograph("--help", cwd=tmp_path).stdout
    assert {"import", "build", "validate", "serve", "query"} <= set(text.split())


def test_wrong_usage_exits_with_2(tmp_path: Path) -> None:
    assert oograph("build", "--no-such-option", cwd=tmp_path).returncode == 2
    assert oograph("import", "missing.bib", cwd=tmp_path).returncode == 2
    assert oograph("build", "--base-iri", "no-iri", cwd=tmp_path).returncode == 2


def test_build_says_what_it_made_and_then_that_nothing_changed(folder: Path) -> None:
    again = oograph("build", "--catalogue", SMALL, cwd=folder)
    assert "up to date: 8 publications" in again.stdout


def test_import_keeps_the_good_and_rejects_the_bad(tmp_path: Path) -> None:
    (tmp_path / "x.bib").write_text(BIB)
    done = oograph("import", "x.bib", "--catalogue", "cat", cwd=tmp_path)
    assert done.returncode == 1
    assert "2 new works" in done.stdout and "1 entries rejected" in done.stdout
    (reject,) = map(json.loads, (tmp_path / "rejects.jsonl").read_text().splitlines())
    assert (reject["file"], reject["line"]) == ("x.bib", 2)
    assert reject["reason"] and reject["remedy"] and "Foo" in reject["text"]
    works = json.loads((tmp_path / "cat" / "works.json").read_text())
    assert [work["id"] for work in works] == [
        "graham-2017-digital-labour",
        "wood-2019-good-gig-bad",
    ]


def test_importing_twice_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "x.bib").write_text(BIB)
    oograph("import", "x.bib", "--catalogue", "cat", cwd=tmp_path)
    once = (tmp_path / "cat" / "works.json").read_bytes()
    done = oograph("import", "x.bib", "--catalogue", "cat", cwd=tmp_path)
    assert "0 new works" in done.stdout
    assert (tmp_path / "cat" / "works.json").read_bytes() == once


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "x.bib").write_text(BIB)
    done = oograph("import", "x.bib", "--catalogue", "cat", "--dry-run", cwd=tmp_path)
    assert "2 new works" in done.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["x.bib"]


def test_a_file_no_reader_takes_is_named_and_the_rest_is_imported(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "x.bib").write_text(BIB.splitlines()[0])
    (tmp_path / "in" / "y.docx").write_bytes(b"PK\x03\x04")
    (tmp_path / "in" / "z.bib").write_bytes(b"\xff\xfe\x00@")
    done = oograph("import", "in", "--catalogue", "cat", cwd=tmp_path)
    assert done.returncode == 1 and "1 new works" in done.stdout
    assert "y.docx" in done.stderr and "z.bib" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_broken_catalogue_is_an_error_not_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "works.json").write_text('[{"id": "x"}]')
    done = oograph("build", "--catalogue", ".", cwd=tmp_path)
    assert done.returncode == 1
    assert "no title" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("form", "starts"), [("csv", "label"), ("json", "{"), ("table", "+-"), ("tsv", "?label")]
)
def test_query(folder: Path, form: str, starts: str) -> None:
    text = (
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> SELECT ?label {"
        " <https://w3id.org/oograph/platform/upwork> skos:prefLabel ?label }"
    )
    done = oograph("query", text, "--format", form, cwd=folder)
    assert done.returncode == 0 and done.stdout.startswith(starts) and "Upwork" in done.stdout


def test_query_from_standard_input(folder: Path) -> None:
    assert oograph("query", "-", cwd=folder, stdin="ASK { ?s ?p ?o }").stdout == "true\n"


def test_a_bad_query_says_where(folder: Path) -> None:
    done = oograph("query", "SELECT * { ?s ?p }", cwd=folder)
    assert done.returncode == 1
    assert "line 1, column 19" in done.stderr and "Traceback" not in done.stderr


def test_serving_or_asking_without_a_release_says_what_to_do(tmp_path: Path) -> None:
    for command in (["serve"], ["query", "ASK {}"]):
        done = oograph(*command, cwd=tmp_path)
        assert done.returncode == 1 and "oograph build" in done.stderr


def test_validate_records(tmp_path: Path) -> None:
    (tmp_path / "x.bib").write_text(BIB)
    done = oograph("validate", "x.bib", "--format", "json", cwd=tmp_path)
    assert done.returncode == 1
    problems = json.loads(done.stdout)
    assert any(p["line"] == 2 and p["severity"] == "violation" for p in problems)
    assert all(p["message"] and p["remedy"] and p["file"] for p in problems)


def test_validate_rdf(tmp_path: Path) -> None:
    (tmp_path / "x.ttl").write_text(
        "@prefix oo: <https://w3id.org/oograph/ontology#> .\n<http://e.org/p> a oo:Publication .\n"
    )
    done = oograph("validate", "x.ttl", cwd=tmp_path)
    assert done.returncode == 1 and "title" in done.stdout and "Mend" in done.stdout
    report = Graph().parse(
        data=oograph("validate", "x.ttl", "--format", "turtle", cwd=tmp_path).stdout
    )
    assert list(report.subjects(RDF.type, SH.ValidationReport))
    assert list(report.objects(None, SH.resultMessage))


def test_a_dump_of_ours_is_valid(folder: Path) -> None:
    done = oograph("validate", "build/release/current/dumps/oograph.ttl", cwd=folder)
    assert done.returncode == 0, done.stdout
