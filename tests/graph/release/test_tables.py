"""The works as one table: every program that reads tables sees the same rows."""

import csv
import hashlib
import json
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import duckdb
import pandas
import pytest
from csvw import CSVW

from oograph.graph.catalogue import Catalogue, default_folder
from oograph.graph.index.works import Choice, Works
from oograph.graph.index.works_index import NOT_STATED
from oograph.graph.model import Name, Record, Source
from oograph.graph.readers import read_file
from oograph.graph.release import Release
from oograph.graph.release.build import build
from oograph.graph.release.dumps import WORKS_CSV, WORKS_CSVW, WORKS_PARQUET, listing
from oograph.graph.release.table_schema import SEPARATOR, columns

SMALL = Path(__file__).parents[2] / "fixtures" / "small"
HOSTILE = (
    '=HYPERLINK("https://example.org/","open")',
    "+1 and -1",
    '"quoted", with a comma',
    "Größe, 漢字 und Ж",
    "@SUM(1)",
)


@pytest.fixture(scope="module")
def hostile_dumps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The dumps of works with titles that are difficult in tables."""
    folder = tmp_path_factory.mktemp("hostile")
    works = [
        Record(
            title,
            type="report",
            issued=(2000 + n,),
            authors=(Name("Doe", f"Ann {n}"),),
            sources=(Source("made-up.bib", f"doe{n}", 1 + n),),
        )
        for n, title in enumerate(HOSTILE)
    ]
    Catalogue().add(works).catalogue.save(folder / "catalogue")
    return build(folder / "catalogue", folder / "out").release.folder / "dumps"


def rows_of(dumps: Path) -> list[dict[str, str]]:
    with (dumps / WORKS_CSV).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_each_work_has_one_row_in_the_order_of_the_ids(small_release: Release) -> None:
    rows = rows_of(small_release.folder / "dumps")
    works = Works(small_release.folder)
    ids = [row["id"] for row in rows]
    assert ids == sorted(works.ids(list(works.find(Choice()).numbers)))
    assert all(row["iri"] == f"{small_release.base_iri}publication/{row['id']}" for row in rows)
    assert list(rows[0]) == [column.name for column in columns()]


@pytest.mark.parametrize(
    ("column", "facet"),
    [("platforms", "platforms"), ("methods", "methods"), ("topics", "keywords")],
)
def test_stated_and_inferred_are_those_of_the_index(
    shipped_release: Release, column: str, facet: str
) -> None:
    works = Works(shipped_release.folder)
    rows = rows_of(shipped_release.folder / "dumps")
    stated = {row["id"] for row in rows if row[column]}
    inferred = {row["id"] for row in rows if row[f"{column}_inferred"]}
    assert [len(stated), len(inferred - stated)] == [*map(len, works.members.of(facet))]
    neither = works.find(Choice(facets={facet: (NOT_STATED,)}))
    assert len(rows) - len(stated | inferred) == len(neither)


def test_a_count_by_venue_is_that_of_the_pages(shipped_release: Release) -> None:
    """Editions count for their series, and a venue that sources write in two ways is one."""
    works = Works(shipped_release.folder)
    counts, labels = Counter[str](), dict[str, str]()
    for row in rows_of(shipped_release.folder / "dumps"):
        if row["venue"]:
            ids = row["venue_id"].split(SEPARATOR)
            counts.update(ids)
            labels |= zip(ids, row["venue"].split(SEPARATOR), strict=True)
    entries = works.values.listing("venue", "", 0, 10_000)
    assert counts == {entry.value: entry.works for entry in entries}
    assert labels == {entry.value: entry.label for entry in entries}
    assert counts["international-conference-on-information-systems"] > 100


def test_each_author_has_an_id(shipped_release: Release) -> None:
    works = Works(shipped_release.folder)
    ids = set[str]()
    for row in rows_of(shipped_release.folder / "dumps"):
        assert row["author_ids"].count(SEPARATOR) == row["authors"].count(SEPARATOR)
        ids.update(row["author_ids"].split(SEPARATOR) if row["authors"] else ())
    assert all(works.values.entry("author", id) for id in ids)


def test_our_table_is_read_as_it_was_written(shipped_release: Release) -> None:
    """The venue as the source writes it, not the one that the pages count by."""
    path = shipped_release.folder / "dumps" / WORKS_CSV
    records = [entry.record for entry in read_file(path) if entry.record]
    rows = rows_of(path.parent)
    assert any(row["venue"] != row["published_in"] for row in rows)
    assert [(work.title, work.container_title) for work in records] == [
        (row["title"], row["published_in"]) for row in rows
    ]


def test_countries_have_their_codes(small_release: Release) -> None:
    rows = rows_of(small_release.folder / "dumps")
    pairs = {(row["country_codes"], row["countries"]) for row in rows if row["country_codes"]}
    pairs |= {(row["country_codes_inferred"], row["countries_inferred"]) for row in rows}
    assert ("PK", "Pakistan") in pairs
    assert any(row["country_codes"] == f"BD{SEPARATOR}IN" for row in rows)


def test_no_value_holds_the_separator(shipped_release: Release) -> None:
    several = {column.name for column in columns() if column.several}
    works = {work.id: work for work in Catalogue.read(default_folder()).works}
    for row in rows_of(shipped_release.folder / "dumps"):
        names = row["authors"].split(SEPARATOR) if row["authors"] else []
        assert names == [name.inverted for name in works[row["id"]].authors]
        for name, cell in row.items():
            assert name in several or SEPARATOR not in cell, (row["id"], name)


def test_values_are_as_they_are(hostile_dumps: Path) -> None:
    assert {row["title"] for row in rows_of(hostile_dumps)} == set(HOSTILE)


def test_pandas_and_duckdb_read_the_same_from_both_files(hostile_dumps: Path) -> None:
    expected = [(row["title"], int(row["year"])) for row in rows_of(hostile_dumps)]
    frame = pandas.read_csv(hostile_dumps / WORKS_CSV)
    assert list(zip(frame["title"], frame["year"], strict=True)) == expected
    for name in (WORKS_CSV, WORKS_PARQUET):
        table = duckdb.sql(f"SELECT title, year FROM '{hostile_dumps / name}'")
        assert table.fetchall() == expected


def test_the_parquet_is_the_csv(shipped_release: Release) -> None:
    dumps = shipped_release.folder / "dumps"
    table = duckdb.sql(f"SELECT * FROM '{dumps / WORKS_PARQUET}'")
    assert dict(zip(table.columns, table.types, strict=True)) == {
        column.name: column.type[2] for column in columns()
    }
    rows = [
        {
            name: "" if value is None else str(value)
            for name, value in zip(table.columns, row, strict=True)
        }
        for row in table.fetchall()
    ]
    assert rows == rows_of(dumps)


def test_r_reads_the_same(hostile_dumps: Path) -> None:
    r = shutil.which("Rscript")
    if r is None:
        pytest.skip("R is not installed")
    program = (
        f'w <- read.csv("{hostile_dumps / WORKS_CSV}", encoding = "UTF-8")\n'
        "stopifnot(is.integer(w$year))\n"
        'cat(paste0(w$title, "\\n"), sep = "")'
    )
    done = subprocess.run([r, "-e", program], capture_output=True, text=True, encoding="utf-8")
    assert done.stdout.splitlines() == [row["title"] for row in rows_of(hostile_dumps)], done.stderr


def test_a_spreadsheet_reads_the_same(hostile_dumps: Path, tmp_path: Path) -> None:
    gnumeric = shutil.which("ssconvert")
    if gnumeric is None:
        pytest.skip("Gnumeric's ssconvert is not installed")
    # its column types: text for all, as docs/api.md asks for
    sheet, back = tmp_path / "works.gnumeric", tmp_path / "back.csv"
    subprocess.run([gnumeric, hostile_dumps / WORKS_CSV, sheet], check=True, capture_output=True)
    subprocess.run([gnumeric, sheet, back], check=True, capture_output=True)
    with back.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["id"] for row in rows] == [row["id"] for row in rows_of(hostile_dumps)]
    plain = [title for title in HOSTILE if title[0] not in "=+@"]
    assert set(plain) <= {row["title"] for row in rows}


def test_csv_on_the_web(small_release: Release) -> None:
    dumps = small_release.folder / "dumps"
    table = CSVW(str(dumps / WORKS_CSVW))
    assert table.is_valid
    rows = list(table.tables[0])  # raises if a cell does not fit its column
    expected = rows_of(dumps)
    years = [int(row["year"]) if row["year"] else None for row in expected]
    assert [row["id"] for row in rows] == [row["id"] for row in expected]
    assert [row["year"] for row in rows] == years
    assert [SEPARATOR.join(row["authors"]) for row in rows] == [row["authors"] for row in expected]


def test_the_data_package(small_release: Release) -> None:
    dumps = small_release.folder / "dumps"
    package = json.loads((dumps / "datapackage.json").read_text(encoding="utf-8"))
    assert package["version"] == small_release.version
    for resource in package["resources"]:
        content = (dumps / resource["path"]).read_bytes()
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
    table, parquet = package["resources"]
    assert parquet["schema"] == table["schema"]
    names = [field["name"] for field in table["schema"]["fields"]]
    assert names == list(rows_of(dumps)[0])
    assert {field["type"] for field in table["schema"]["fields"]} == {"string", "integer"}


def test_the_tables_are_dumps_with_sums(small_release: Release) -> None:
    dumps = small_release.folder / "dumps"
    tables = {dump.name: dump for dump in listing(dumps) if dump.kind == "table"}
    assert set(tables) == {WORKS_CSV, WORKS_CSVW, WORKS_PARQUET, "datapackage.json"}
    for name, dump in tables.items():
        assert dump.sha256 == hashlib.sha256((dumps / name).read_bytes()).hexdigest()


def test_the_examples_of_the_documentation_count_the_same(
    shipped_release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (Path(__file__).parents[3] / "docs" / "figures.md").read_text(encoding="utf-8")
    examples = dict(re.findall(r"```(python|r|sql)\n(.*?)```", text, re.DOTALL))
    monkeypatch.chdir(shipped_release.folder / "dumps")
    rows = rows_of(Path())
    counts = Counter(name for row in rows for name in row["platforms"].split(SEPARATOR) if name)
    assignment, expression = examples["python"].splitlines()
    names: dict[str, pandas.DataFrame] = {"pandas": pandas}
    exec(assignment, names)
    assert eval(expression, names).to_dict() == counts
    table = [row for row in duckdb.sql(examples["sql"]).fetchall() if row[0]]
    assert dict(table) == counts
    if r := shutil.which("Rscript"):
        done = subprocess.run([r, "-e", examples["r"]], capture_output=True, check=True)
        assert b"Upwork" in done.stdout


def test_a_folder_may_have_any_name(tmp_path: Path) -> None:
    release = build(SMALL, tmp_path / "[a]*? 'b'").release
    dumps = release.folder / "dumps"
    pattern = tmp_path / "*" / release.version / "dumps" / WORKS_PARQUET
    assert len(duckdb.read_parquet(str(pattern))) == len(rows_of(dumps))
