"""The command line, run as a user runs it."""

import contextlib
import errno
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from rdflib import Graph
from rdflib.namespace import RDF, SH

from oograph.cli import main
from oograph.graph.catalogue import editing
from oograph.graph.errors import ReleaseLocked
from oograph.graph.files import locked
from oograph.graph.release import Release

SMALL = Path(__file__).parents[1] / "fixtures" / "small"
BIB = """@article{wood, author = {Wood, Alex}, title = {Good gig, bad gig}, year = 2019}
@article{broken, author = {Foo
@article{graham, author = {Graham, Mark}, title = {Digital labour}, year = 2017}
"""


def oograph_process(
    *arguments: object, cwd: Path, stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).parent / "oograph"), *map(str, arguments)]
    return subprocess.run(
        command, cwd=cwd, input=stdin, capture_output=True, text=True, timeout=120, check=False
    )


def oograph(*arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    """The same without a process, whose start takes longer than most commands."""
    command = list(map(str, arguments))
    with contextlib.chdir(cwd):
        done = CliRunner().invoke(main, command)
    error = done.exc_info if done.exc_info and not isinstance(done.exception, SystemExit) else None
    trace = "".join(traceback.format_exception(*error)) if error else ""
    return subprocess.CompletedProcess(command, done.exit_code, done.stdout, done.stderr + trace)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, small_release: Release) -> Path:
    """A folder with a release of the small graph in build/release."""
    folder = tmp_path_factory.mktemp("user")
    releases = small_release.folder.parent
    shutil.copytree(releases, folder / "build" / "release", symlinks=True)
    return folder


def test_works_without_a_scope_are_named_up_to_a_number(tmp_path: Path) -> None:
    entries = (
        f"@article{{k{n}, title = {{Paddies of year {n}}}, year = {n}}}" for n in range(1990, 2013)
    )
    (tmp_path / "x.bib").write_text("\n".join(entries))
    done = oograph("import", "x.bib", "--catalogue", "cat", "--dry-run", cwd=tmp_path)
    assert "23 new works have no scope" in done.stderr
    assert done.stderr.count("Paddies of year") == 20
    assert "  … and 3 more" in done.stderr


def test_another_dataset_is_asked_for_no_scope_and_is_not_taken_for_ours(tmp_path: Path) -> None:
    (tmp_path / "x.bib").write_text("@article{a, title = {Paddies}, year = 2019}")
    oograph("import", "x.bib", "--catalogue", "cat", cwd=tmp_path)
    done = oograph("build", "--catalogue", "cat", "--out", "out", cwd=tmp_path)
    assert f"describe your own dataset in {Path('cat/dataset.csv')}" in done.stderr
    (tmp_path / "cat" / "dataset.csv").write_text(
        "property,value\nname,rs\nsubject,remote sensing\ndescription,Works.\n"
        "creator,Us\nlicence,CC0-1.0\n"
    )
    (tmp_path / "y.bib").write_text("@article{b, title = {Wetlands}, year = 2018}")
    done = oograph("import", "y.bib", "--catalogue", "cat", cwd=tmp_path)
    assert "scope" not in done.stderr
    done = oograph("build", "--catalogue", "cat", "--out", "out", cwd=tmp_path)
    assert "dataset.csv" not in done.stderr and "choose a base of your own" in done.stderr


def test_help_shows_every_command(tmp_path: Path) -> None:
    text = oograph_process("--help", cwd=tmp_path).stdout
    assert {"import", "withdraw", "export", "build", "validate", "serve", "query"} <= set(
        text.split()
    )


@pytest.mark.parametrize(
    ("program", "other"),
    [
        (
            "from oograph.cli import main; main(['query', '--help'], standalone_mode=False)",
            "oograph.server",
        ),
        ("import oograph.server", "duckdb"),  # which only a build needs: 13 MB
    ],
    ids=["query", "serve"],
)
def test_a_command_imports_only_what_it_needs(tmp_path: Path, program: str, other: str) -> None:
    program += f"; import sys; print([m for m in sys.modules if m.startswith({other!r})])"
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_wrong_usage_exits_with_2(tmp_path: Path) -> None:
    assert oograph("build", "--no-such-option", cwd=tmp_path).returncode == 2
    assert oograph("import", "missing.bib", cwd=tmp_path).returncode == 2
    assert oograph("build", "--base-iri", "no-iri", cwd=tmp_path).returncode == 2


def test_build_says_what_it_made_and_then_that_nothing_changed(folder: Path) -> None:
    again = oograph_process("build", "--catalogue", SMALL, cwd=folder)
    assert "up to date: 8 publications" in again.stdout


def test_import_keeps_the_good_and_rejects_the_bad(tmp_path: Path) -> None:
    (tmp_path / "x.bib").write_text(BIB)
    done = oograph("import", "x.bib", "--catalogue", "cat", cwd=tmp_path)
    assert done.returncode == 1
    assert "2 new works" in done.stdout and "1 entry rejected" in done.stdout
    (reject,) = map(json.loads, (tmp_path / "rejects.jsonl").read_text().splitlines())
    assert (reject["file"], reject["line"]) == ("x.bib", 2)
    assert reject["reason"] and reject["remedy"] and "Foo" in reject["text"]
    works = json.loads((tmp_path / "cat" / "works.json").read_text())
    assert [work["id"] for work in works] == [
        "graham-2017-digital-labour",
        "wood-2019-good-gig-bad",
    ]


def test_the_rejects_of_several_imports_are_kept_each_once(tmp_path: Path) -> None:
    for name in ("x.bib", "y.bib", "x.bib"):
        (tmp_path / name).write_text(BIB)
        oograph("import", name, "--catalogue", "cat", cwd=tmp_path)
    rejects = map(json.loads, (tmp_path / "rejects.jsonl").read_text().splitlines())
    assert [reject["file"] for reject in rejects] == ["x.bib", "y.bib"]


def test_importing_twice_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "x.bib").write_text(BIB)
    oograph("import", "x.bib", "--catalogue", "cat", cwd=tmp_path)
    once = (tmp_path / "cat" / "works.json").read_bytes()
    done = oograph("import", "x.bib", "--catalogue", "cat", cwd=tmp_path)
    assert "0 new works" in done.stdout
    assert (tmp_path / "cat" / "works.json").read_bytes() == once
    undone = oograph("import", "--undo", "--catalogue", "cat", cwd=tmp_path)
    assert undone.stdout.startswith("0 works, as before"), undone.stdout  # the import that did


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "x.bib").write_text(BIB)
    done = oograph("import", "x.bib", "--catalogue", "cat", "--dry-run", cwd=tmp_path)
    assert "2 new works" in done.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["x.bib"]


def test_abstracts_are_read_and_never_kept(tmp_path: Path) -> None:
    abstract = "Nobody has asked. We interviewed freelancers in Kenya."
    text = f"@article{{k, title={{Riders at night}}, year=2000, abstract={{{abstract}}}}}"
    (tmp_path / "x.bib").write_text(text)
    works = tmp_path / "cat" / "works.json"
    command = ("import", "x.bib", "--catalogue", "cat")
    oograph(*command, cwd=tmp_path)
    text = works.read_text()
    assert '"concept": "KE"' in text and "interview-study" in text
    assert "Nobody" not in text and "freelancers in Kenya" not in text
    assert "0 works updated" in oograph(*command, cwd=tmp_path).stdout


def test_a_file_no_reader_takes_is_named_and_the_rest_is_imported(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "x.bib").write_text(BIB.splitlines()[0])
    (tmp_path / "in" / "y.docx").write_bytes(b"PK\x03\x04")
    (tmp_path / "in" / "z.bib").write_bytes(b"\xff\xfe\x00@")
    done = oograph("import", "in", "--catalogue", "cat", cwd=tmp_path)
    assert done.returncode == 1 and "1 new work" in done.stdout
    assert "y.docx" in done.stderr and "z.bib" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_broken_catalogue_is_an_error_not_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "works.json").write_text('[{"id": "x"}]')
    done = oograph("build", "--catalogue", ".", cwd=tmp_path)
    assert done.returncode == 1
    assert "no title" in done.stderr and "Traceback" not in done.stderr


def test_broken_tombstones_are_an_error_not_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "works.json").write_bytes((SMALL / "works.json").read_bytes())
    (tmp_path / "tombstones.json").write_text("{")
    for command in (["build"], ["withdraw", "x", "--reason", "y"]):
        done = oograph(*command, "--catalogue", ".", cwd=tmp_path)
        assert done.returncode == 1
        assert "tombstones.json" in done.stderr and "Traceback" not in done.stderr


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
    assert oograph_process("query", "-", cwd=folder, stdin="ASK { ?s ?p ?o }").stdout == "true\n"


def test_a_bad_query_says_where(folder: Path) -> None:
    done = oograph_process("query", "SELECT * { ?s ?p }", cwd=folder)
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
    assert done.returncode == 1 and "title" in done.stdout and "Fix" in done.stdout
    report = Graph().parse(
        data=oograph("validate", "x.ttl", "--format", "turtle", cwd=tmp_path).stdout
    )
    assert list(report.subjects(RDF.type, SH.ValidationReport))
    assert list(report.objects(None, SH.resultMessage))


def test_zotero_rdf_is_validated_as_records(tmp_path: Path) -> None:
    library = SMALL.parent / "zotero" / "library.rdf"
    done = oograph("validate", library, cwd=tmp_path)
    assert done.returncode == 1 and "no title" in done.stdout


def test_a_dump_of_ours_is_valid(folder: Path) -> None:
    done = oograph("validate", "build/release/current/dumps/oograph.ttl", cwd=folder)
    assert done.returncode == 0, done.stdout


def test_an_import_can_be_undone(tmp_path: Path) -> None:
    (tmp_path / "x.bib").write_text(BIB)
    oograph("import", "x.bib", "--catalogue", "cat", cwd=tmp_path)
    once = (tmp_path / "cat" / "works.json").read_bytes()
    (tmp_path / "y.bib").write_text(BIB.splitlines()[0].replace("Good", "Bad"))
    oograph("import", "y.bib", "--catalogue", "cat", cwd=tmp_path)
    assert (tmp_path / "cat" / "works.json").read_bytes() != once
    done = oograph("import", "--undo", "--catalogue", "cat", cwd=tmp_path)
    assert done.returncode == 0 and "2 works" in done.stdout
    assert (tmp_path / "cat" / "works.json").read_bytes() == once


def test_nothing_to_undo_is_an_error(tmp_path: Path) -> None:
    done = oograph("import", "--undo", "--catalogue", "cat", cwd=tmp_path)
    assert done.returncode == 1 and "nothing to undo" in done.stderr


def test_explain_says_why_two_records_are_one(tmp_path: Path) -> None:
    twin = BIB.splitlines()[0].replace("wood,", "again,")
    (tmp_path / "x.bib").write_text(BIB.splitlines()[0] + "\n" + twin)
    done = oograph("import", "x.bib", "--catalogue", "cat", "--explain", cwd=tmp_path)
    (line,) = [line for line in done.stdout.splitlines() if "because" in line]
    assert "x.bib#wood" in line and "x.bib#again" in line


def test_a_decision_overrides_the_rules(tmp_path: Path) -> None:
    twin = BIB.splitlines()[0].replace("wood,", "again,")
    (tmp_path / "x.bib").write_text(BIB.splitlines()[0] + "\n" + twin)
    (tmp_path / "cat").mkdir()
    (tmp_path / "cat" / "decisions.csv").write_text(
        "left,right,decision,reason,date\nx.bib#wood,x.bib#again,different,two papers,2026-01-01\n"
    )
    done = oograph("import", "x.bib", "--catalogue", "cat", cwd=tmp_path)
    assert "2 new works" in done.stdout


def test_withdrawing_leaves_a_tombstone_and_can_be_undone(tmp_path: Path) -> None:
    (tmp_path / "x.bib").write_text(BIB)
    oograph("import", "x.bib", "--catalogue", "cat", cwd=tmp_path)
    gone, into = "graham-2017-digital-labour", "wood-2019-good-gig-bad"
    command = ["withdraw", gone, "--into", into, "--reason", "the same", "--catalogue", "cat"]
    assert oograph(*command, cwd=tmp_path).returncode == 0
    (grave,) = json.loads((tmp_path / "cat" / "tombstones.json").read_text())
    assert (grave["id"], grave["replaced_by"], grave["reason"]) == (gone, into, "the same")
    again = oograph(*command, cwd=tmp_path)
    assert again.returncode == 1
    assert f"the work {gone} is already gone, replaced by {into}: the same" in again.stderr
    built = oograph("build", "--catalogue", "cat", cwd=tmp_path)
    assert built.returncode == 0, built.stderr
    query = (
        "ASK { <https://w3id.org/oograph/publication/graham-2017-digital-labour> "
        "<http://purl.org/dc/terms/isReplacedBy> "
        "<https://w3id.org/oograph/publication/wood-2019-good-gig-bad> }"
    )
    assert oograph("query", query, cwd=tmp_path).stdout == "true\n"
    oograph("import", "--undo", "--catalogue", "cat", cwd=tmp_path)
    assert len(json.loads((tmp_path / "cat" / "works.json").read_text())) == 2


def test_nothing_is_withdrawn_where_there_is_no_catalogue(tmp_path: Path) -> None:
    command = ["withdraw", "wood-2019-good-gig-bad", "--catalogue", "cat", "--reason", "twice"]
    done = oograph(*command, cwd=tmp_path)
    assert done.returncode == 1 and "there is no catalogue in cat" in done.stderr
    assert not (tmp_path / "cat").exists()


def test_a_work_is_withdrawn_for_a_reason(tmp_path: Path) -> None:
    (tmp_path / "x.bib").write_text(BIB)
    oograph("import", "x.bib", "--catalogue", "cat", cwd=tmp_path)
    command = ["withdraw", "wood-2019-good-gig-bad", "--catalogue", "cat", "--reason", " "]
    done = oograph(*command, cwd=tmp_path)
    assert done.returncode == 2 and "say why" in done.stderr
    assert len(json.loads((tmp_path / "cat" / "works.json").read_text())) == 2


def test_the_folder_of_a_catalogue_stands_for_its_works(tmp_path: Path) -> None:
    """What was withdrawn from it is not imported, and its tables are not taken for records."""
    (tmp_path / "one").mkdir()
    shutil.copy(SMALL / "works.json", tmp_path / "one")
    ids = {work["id"] for work in json.loads((SMALL / "works.json").read_text())}
    gone = min(ids)
    oograph("withdraw", gone, "--reason", "Off topic.", "--catalogue", "one", cwd=tmp_path)
    (tmp_path / "one" / "sources.csv").write_text("file,name,url\n")
    assert oograph("import", "one", "--catalogue", "two", cwd=tmp_path).returncode == 0
    works = json.loads((tmp_path / "two" / "works.json").read_text())
    assert {work["id"] for work in works} == ids - {gone}
    assert "0 violations" in oograph("validate", "one", cwd=tmp_path).stdout


def test_a_folder_stands_for_the_files_in_its_folders_too(tmp_path: Path) -> None:
    refs = tmp_path / "refs"
    (refs / "scopus" / "2019").mkdir(parents=True)
    (refs / ".DS_Store").write_bytes(b"\0\1")
    (refs / "scopus" / "again").symlink_to(refs)
    for number, folder in enumerate((refs, refs / "scopus", refs / "scopus" / "2019")):
        (folder / "a.bib").write_text(f"@misc{{k, title={{Gigs {number}}}, year={{2019}}}}")
    done = oograph("import", "refs", "--catalogue", "cat", cwd=tmp_path)
    assert done.returncode == 0 and "3 new works" in done.stdout


@pytest.mark.parametrize("command", ["import", "validate"])
def test_a_folder_without_files_is_named(tmp_path: Path, command: str) -> None:
    (tmp_path / "empty").mkdir()
    done = oograph(command, "empty", cwd=tmp_path)
    assert done.returncode == 2 and "no files in the folder empty" in done.stderr


def test_a_dry_run_leads_to_no_file_that_it_does_not_write(tmp_path: Path) -> None:
    likely = "@article{b, author = {Wood, Alex}, title = {Good gig, bad gig}, year = 2011}\n"
    (tmp_path / "x.bib").write_text(BIB + likely)
    command = ["import", "x.bib", "--catalogue", "cat"]
    dry = oograph(*command, "--dry-run", cwd=tmp_path).stdout
    assert "1 pair in the catalogue undecided\n" in dry and "1 entry rejected\n" in dry
    done = oograph(*command, cwd=tmp_path).stdout
    assert "undecided, see undecided.csv\n" in done and "rejected, see rejects.jsonl\n" in done


@pytest.mark.parametrize(
    ("form", "name", "first"),
    [
        ("bibtex", "x.bib", "@"),
        ("ris", "x.ris", "TY  - "),
        ("csl", "x.json", "["),
        ("csv", "x.csv", ""),
    ],
)
def test_what_is_exported_is_imported_again(
    tmp_path: Path, form: str, name: str, first: str
) -> None:
    done = oograph("export", form, "--catalogue", SMALL, cwd=tmp_path)
    assert done.returncode == 0 and done.stdout.startswith(first)
    (tmp_path / name).write_text(done.stdout, encoding="utf-8")
    again = oograph("import", name, "--catalogue", "cat", cwd=tmp_path)
    assert "8 works in total" in again.stdout, again.stdout + again.stderr


@pytest.mark.parametrize("command", [("build", "--out", "out"), ("export", "ris")])
def test_a_catalogue_that_is_not_there_is_an_error(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    # An empty release would take the place of the one that is served.
    done = oograph(*command, "--catalogue", "mistyped", cwd=tmp_path)
    assert done.returncode == 1, done.stdout
    assert "mistyped" in done.stderr and "there is no catalogue in" in done.stderr
    assert not done.stdout and not (tmp_path / "out").exists()


def test_an_export_for_spreadsheets(tmp_path: Path) -> None:
    (tmp_path / "a.bib").write_text("@book{k, title = {=1+1 is 2}, author = {Doe, A}, year = 2000}")
    oograph("import", "a.bib", "--catalogue", "cat", cwd=tmp_path)
    plain, harmless = (
        oograph("export", "csv", "--catalogue", "cat", *option, cwd=tmp_path).stdout
        for option in ((), ("--for-spreadsheets",))
    )
    assert ",=1+1 is 2," in plain and ",'=1+1 is 2," in harmless
    refused = oograph("export", "ris", "--for-spreadsheets", cwd=tmp_path)
    assert refused.returncode == 2 and "for csv" in refused.stderr


def test_importing_our_own_dump_changes_nothing(folder: Path) -> None:
    dump = "build/release/current/dumps/oograph.nq.gz"
    done = oograph("import", dump, "--catalogue", "again", cwd=folder)
    assert done.returncode == 0, done.stderr
    ids = [work["id"] for work in json.loads((SMALL / "works.json").read_text())]
    found = json.loads((folder / "again" / "works.json").read_text())
    assert [work["id"] for work in found] == sorted(ids)


def test_a_table_of_links_is_checked(tmp_path: Path) -> None:
    (tmp_path / "links.csv").write_text(
        "subject_id,predicate_id,object_id,mapping_justification,object_source,mapping_date\n"
        "https://w3id.org/oograph/platform/no-such,skos:exactMatch,http://www.wikidata.org/entity/Q1,"
        "semapv:ManualMappingCuration,somebody,2026-01-01\n"
    )
    done = oograph("validate", "links.csv", cwd=tmp_path)
    assert done.returncode == 1 and "links.csv:2" in done.stdout


def test_what_a_table_without_known_headers_is_told_to_do_helps(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text('No.,"Name of paper, in full",When\n1,Gig work in Kenya,2019\n')
    told = oograph("import", "x.csv", "--catalogue", "cat", cwd=tmp_path)
    lines = re.search(r"write the lines (\S+) and (.+),title to a CSV file", told.stderr)
    assert lines, told.stderr
    (tmp_path / "map.csv").write_text(f"{lines[1]}\n{lines[2]},title\n")
    done = oograph("import", "x.csv", "--mapping", "map.csv", "--catalogue", "cat", cwd=tmp_path)
    assert "1 new work" in done.stdout, done.stderr


def test_a_table_with_other_headers_is_read_with_a_mapping(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("Werk,Jahr\nArbeit im Netz,2019\n")
    (tmp_path / "map.csv").write_text("header,field\nWerk,title\nJahr,year\n")
    done = oograph("import", "x.csv", "--mapping", "map.csv", "--catalogue", "cat", cwd=tmp_path)
    assert "1 new work" in done.stdout, done.stderr


@pytest.mark.parametrize(
    "command",
    [["import", "x.bib"], ["import", "--undo"], ["withdraw", "x", "--reason", "y"]],
    ids=["import", "undo", "withdraw"],
)
def test_a_catalogue_that_is_being_changed_exits_with_2(tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "x.bib").write_text(BIB)
    with editing(tmp_path / "cat", "oograph import"):
        done = oograph_process(*command, "--catalogue", "cat", cwd=tmp_path)
        assert done.returncode == 2
        assert f"oograph import (pid {os.getpid()}, since" in done.stderr
        assert "Traceback" not in done.stderr
        dry = oograph("import", "x.bib", "--catalogue", "cat", "--dry-run", cwd=tmp_path)
        assert dry.returncode == 1 and "2 new works" in dry.stdout


def test_a_second_build_in_one_folder_exits_with_2(tmp_path: Path) -> None:
    with locked(tmp_path / "out", "oograph build", ReleaseLocked):
        done = oograph_process("build", "--catalogue", SMALL, "--out", "out", cwd=tmp_path)
    assert done.returncode == 2
    assert f"oograph build (pid {os.getpid()}, since" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("code", "remedy"), [(errno.ENOSPC, "make room"), (errno.EROFS, "make it writable")]
)
@pytest.mark.parametrize("call", ["fsync", "write", "mkdir", "replace"])
def test_a_full_disk_or_a_read_only_folder_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, code: int, remedy: str
) -> None:
    (tmp_path / "x.bib").write_text(BIB.splitlines()[0])

    def fail(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, call, fail)
    command = ["import", str(tmp_path / "x.bib"), "--catalogue", str(tmp_path / "cat")]
    done = CliRunner().invoke(main, command)
    assert done.exit_code == 1, done.output
    last = done.stderr.splitlines()[-1]
    assert last.endswith(f"{os.strerror(code)}; {remedy}, and try again")
    assert call not in ("write", "fsync") or str(tmp_path / "cat") in last
    assert "Traceback" not in done.output
    assert not (tmp_path / "cat" / "works.json").exists()


def test_what_others_wrote_does_not_steer_the_terminal(tmp_path: Path, folder: Path) -> None:
    name = "a\x1b[31m\x9b2J.ttl"
    (tmp_path / name).write_text("<a:a> <a:b> \x1b]0;title\x07 .")
    for command in (("validate", name), ("diff", name, name)):
        done = oograph(*command, cwd=tmp_path)
        assert done.returncode == 1
        said = done.stdout + done.stderr
        assert "\\x1b[31m\\x9b2J.ttl" in said
        assert not {"\x1b", "\x9b", "\x07"} & set(said)
    asked = oograph("query", 'SELECT ("\x1b[31m\tx" AS ?x) {}', cwd=folder)
    assert "\\x1b[31m" in asked.stdout and "\x1b" not in asked.stdout


def test_too_little_memory_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.ttl").write_text("<a:a> a <a:b> .")

    def fail(path: Path) -> None:
        raise MemoryError

    monkeypatch.setattr("oograph.cli.release.validate_rdf", fail)
    done = oograph("validate", "a.ttl", cwd=tmp_path)
    assert done.returncode == 1
    assert "too little memory" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("works.json", '[\n{"id": "x",}]', 2),
        ("tombstones.json", "[\n{", 2),
        ("undone.json", "[\n{", 2),
        ("decisions.csv", "left;right\n", 1),
    ],
)
def test_a_damaged_catalogue_names_file_and_line(
    tmp_path: Path, name: str, text: str, line: int
) -> None:
    (tmp_path / "x.bib").write_text(BIB)
    (tmp_path / "cat").mkdir()
    (tmp_path / "cat" / name).write_text(text)
    for command in (["import", "x.bib"], ["withdraw", "x", "--reason", "y"], ["export", "csl"]):
        done = oograph(*command, "--catalogue", "cat", cwd=tmp_path)
        assert done.returncode == 1
        assert f"cat/{name}:{line}" in done.stderr and "Fix:" in done.stderr
        assert "Traceback" not in done.stderr
    assert (tmp_path / "cat" / name).read_text() == text


def test_a_damaged_list_of_undecided_pairs_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "x.bib").write_text(BIB.splitlines()[0])
    (tmp_path / "cat").mkdir()
    (tmp_path / "cat" / "undecided.csv").write_text("left;right\n")
    done = oograph("import", "x.bib", "--catalogue", "cat", cwd=tmp_path)
    assert done.returncode == 0 and "cat/undecided.csv:1" in done.stderr
    assert not (tmp_path / "cat" / "undecided.csv").exists()


@pytest.mark.parametrize(
    ("host", "other"), [("127.0.0.1", "--port"), ("300.1.1.1", "--host"), ("192.0.2.1", "--host")]
)
def test_what_to_change_where_nobody_can_listen(
    small_release: Release, tmp_path: Path, host: str, other: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        folder = small_release.folder
        done = oograph_process(
            "serve", "--release", folder, "--host", host, "--port", port, cwd=tmp_path
        )
    assert done.returncode == 1
    assert f"cannot listen on {host}:{port}" in done.stderr
    assert done.stderr.rstrip().endswith(f"give another {other}")


def test_which_store_is_waited_for_is_said(
    small_release: Release, free_port: Callable[[], int], tmp_path: Path
) -> None:
    """One that says nothing is waited for for ten seconds; this one hangs up."""
    url = f"http://127.0.0.1:{free_port()}/sparql"
    folder = small_release.folder
    served = oograph("serve", "--release", folder, "--store", url, cwd=tmp_path)
    assert served.returncode == 1
    assert served.stderr.startswith(f"asking {url} which release it holds\nError: {url}: ")
    loaded = oograph("load", url, "--release", folder, cwd=tmp_path)
    assert loaded.returncode == 1
    assert loaded.stderr.startswith(f"looking for the services of {url}\nError: {url}: ")


@pytest.mark.parametrize("url", ["foo", "http://x/y?z", "https://", "ftp://example.org/"])
def test_a_public_url_is_an_address(tmp_path: Path, url: str) -> None:
    done = oograph("serve", "--public-url", url, cwd=tmp_path)
    assert done.returncode == 2
    assert "give an http:// or https:// address" in done.stderr


def test_a_build_that_is_told_to_stop_leaves_nothing(tmp_path: Path) -> None:
    program = str(Path(sys.executable).parent / "oograph")
    command = [program, "build", "--out", str(tmp_path / "out"), "--processes", "2"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as started:
        assert started.stderr
        while "mapping" not in started.stderr.readline():
            assert started.poll() is None
        assert list(tmp_path.glob("out/.new-*"))
        started.terminate()
        _, errors = started.communicate(timeout=60)
    assert started.returncode == 128 + signal.SIGTERM and "Traceback" not in errors
    assert not list(tmp_path.glob("out/*"))


def test_a_validation_that_is_told_to_stop_leaves_nothing(tmp_path: Path) -> None:
    one = "@book{x%d, title = {Gig work, part %d}, author = {Low, Ada}, year = 2019}\n"
    (tmp_path / "a.bib").write_text("".join(one % (n, n) for n in range(3_000)))
    (scratch := tmp_path / "scratch").mkdir()
    command = [str(Path(sys.executable).parent / "oograph"), "validate", str(tmp_path / "a.bib")]
    with subprocess.Popen(command, env={**os.environ, "TMPDIR": str(scratch)}) as started:
        while not list(scratch.glob("oograph-*")):
            assert started.poll() is None
            time.sleep(0.01)
        started.terminate()
        assert started.wait(60) == 128 + signal.SIGTERM
    assert not list(scratch.iterdir())


@pytest.mark.parametrize("command", ["import", "validate"])
def test_a_pipe_is_not_taken_for_an_empty_file(command: str, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    done = CliRunner().invoke(main, [command, str(tmp_path / "pipe")])
    assert done.exit_code == 2 and "is a pipe" in done.stderr and "Save it as a file" in done.stderr
