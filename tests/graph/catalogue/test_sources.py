"""What a curator calls the files that records are read from."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oograph.graph.catalogue import Catalogue, default_folder
from oograph.graph.catalogue.sources import SourceName, called, parse_sources

PATH = Path("sources.csv")
TABLE = """file,name,url
page-*.txt,a record page,https://example.org/pages/
*.bib,my library,
page-1.txt,never reached,
"""


def test_the_first_row_that_fits_names_a_file() -> None:
    names, problems = parse_sources(TABLE.encode(), PATH)
    assert problems == ()
    page = SourceName("page-*.txt", "a record page", "https://example.org/pages/")
    assert called(names, "page-1.txt") == page
    assert called(names, "refs.bib") == SourceName("*.bib", "my library")
    assert called(names, "refs.ris") is None


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (",my library,", "file"),
        ("refs.bib,,https://example.org/", "name"),
        ("refs.bib,my library,javascript:alert(1)", "url"),
        ("refs.bib,my library,https://example.org/a b", "url"),
        ("refs.bib,my\x01 library,https://example.org/", "name"),
    ],
)
def test_a_row_that_is_wrong_is_reported_and_the_rest_holds(row: str, column: str) -> None:
    names, [problem] = parse_sources(f"file,name,url\n{row}\n*.ris,another,\n".encode(), PATH)
    assert names == (SourceName("*.ris", "another"),)
    assert (problem.file, problem.line, problem.property) == ("sources.csv", 2, column)
    assert problem.remedy


def test_a_table_without_its_columns_is_reported() -> None:
    names, [problem] = parse_sources(b"file,title\nrefs.bib,x\n", PATH)
    assert names == ()
    assert "name, url" in problem.message


@given(st.binary(max_size=200))
def test_no_contents_end_in_another_error(data: bytes) -> None:
    parse_sources(b"file,name,url\n" + data, PATH)


def test_the_shipped_works_come_from_files_with_a_name() -> None:
    catalogue = Catalogue.read(default_folder())
    files = {source.file for work in catalogue.works for source in work.sources}
    assert [file for file in sorted(files) if not called(catalogue.sources, file)] == []
    patterns = {name.pattern for file in files if (name := called(catalogue.sources, file))}
    assert patterns == {each.pattern for each in catalogue.sources}
