"""Tables saved as JSON: lists of flat objects, and one object a line."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oograph.graph.errors import UnreadableFile
from oograph.graph.model import Entry, Name
from oograph.graph.readers import READERS, choose, read_file
from oograph.graph.readers.source import SourceFile

ROW = {
    "doi": "10.5555/jt1",
    "title": "Crowd work at night",
    "journal": "Work Notes",
    "journal_short": "WN",
    "year": 2019,
    "publication_date": "2019-9",
    "volume": 12.0,
    "issue": None,
    "page": "5-9",
    "type": "journal-article",
    "authors": [
        {"given": "Ada", "family": "Low", "affiliation": ["Example University"]},
        {"name": "Gig Research Team"},
    ],
    "issn": ["1234-5679"],
}


def read(folder: Path, name: str, text: str, **mapping: str) -> list[Entry]:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return list(read_file(path, mapping))


@pytest.mark.parametrize("name", ["works.json", "works.jsonl", "works.txt"])
@pytest.mark.parametrize("is_list", [True, False])
def test_rows_are_works(tmp_path: Path, name: str, is_list: bool) -> None:
    rows = [ROW, {**ROW, "doi": None, "title": "Crowd work by day"}]
    text = json.dumps(rows, indent=1) if is_list else "\n".join(map(json.dumps, rows))
    first, second = read(tmp_path, name, text)
    assert first.record is not None and second.record is not None
    assert first.record.authors == (Name("Low", "Ada"), Name(literal="Gig Research Team"))
    assert (first.record.type, first.record.container_title) == ("article-journal", "Work Notes")
    assert (first.record.volume, first.record.issue, first.record.page) == ("12", "", "5-9")
    assert (first.record.issued, first.record.doi) == ((2019, 9), "10.5555/jt1")
    assert first.record.issn == ("1234-5679",)
    assert (second.record.title, second.record.doi) == ("Crowd work by day", "")
    assert first.problems == () or first.problems[0].message.startswith(name)
    assert second.problems[-1].message == "not read: the member journal_short"


def test_authors_may_be_objects_with_an_author(tmp_path: Path) -> None:
    authors = [{"author": "Ada Low", "institutions": []}, {"author": "Bo Ek", "institutions": []}]
    (entry, _) = read(tmp_path, "works.json", json.dumps([{**ROW, "authors": authors}, ROW]))
    assert entry.record is not None
    assert entry.record.authors == (Name("Low", "Ada"), Name("Ek", "Bo"))


def test_members_of_members_are_columns(tmp_path: Path) -> None:
    """Mendeley has identifiers in an object; what of such nobody reads is named."""
    row = {
        "title": "Crowd work at night",
        "type": "journal",
        "year": 2019,
        "source": "Work Notes",
        "authors": [{"first_name": "Ada", "last_name": "Low"}],
        "identifiers": {"doi": "10.5555/jt2", "issn": "12345679", "pui": "7"},
    }
    (entry, _) = read(tmp_path, "works.json", json.dumps([row, {**row, "title": "Another"}]))
    assert entry.record is not None
    assert entry.record.authors == (Name("Low", "Ada"),)
    assert (entry.record.type, entry.record.container_title) == ("article-journal", "Work Notes")
    assert (entry.record.doi, entry.record.issn) == ("10.5555/jt2", ("1234-5679",))
    *_, last = read(tmp_path, "works.json", json.dumps([row, row]))
    assert last.problems[-1].message == "not read: the member identifiers pui"


def test_values_with_types_are_columns(tmp_path: Path) -> None:
    """Lens has such."""
    row = {
        "title": "Crowd work at night",
        "publication_type": "journal article",
        "year_published": 2019,
        "source": {"title": "Work Notes", "issn": [{"type": "print", "value": "12345679"}]},
        "external_ids": [{"type": "doi", "value": "10.5555/jt3"}, {"type": "x", "value": "7"}],
    }
    first, second = read(tmp_path, "works.jsonl", "\n".join([json.dumps(row)] * 2))
    assert first.record is not None
    assert (first.record.container_title, first.record.issn) == ("Work Notes", ("1234-5679",))
    assert first.record.doi == "10.5555/jt3"
    assert second.problems[-1].message == "not read: the member external_ids x"


def test_a_mapping_gives_members_their_fields(tmp_path: Path) -> None:
    rows = [{"title": "A", "year": 2000, "where": "Work Notes"}, {"title": "B", "year": 2001}]
    first, _ = read(tmp_path, "works.json", json.dumps(rows), where="journal")
    assert first.record is not None and first.record.container_title == "Work Notes"


def test_a_mapping_says_that_json_is_a_table(tmp_path: Path) -> None:
    rows = json.dumps([{"Otsikko": "A", "Vuosi": 2000}, {"Otsikko": "B", "Vuosi": 2001}])
    with pytest.raises(UnreadableFile, match="the format is not recognised"):
        read(tmp_path, "works.json", rows)
    first, _ = read(tmp_path, "works.json", rows, Otsikko="title", Vuosi="year")
    assert first.record is not None and (first.record.title, first.record.year) == ("A", 2000)


@pytest.mark.parametrize(
    ("item", "name"),
    [
        ({"type": "book", "title": "A", "author": [], "year": 2019}, "json-table"),
        ({"type": "thesis", "title": "A", "authors": "Low, Ada", "date": "2019"}, "json-table"),
        ({"type": "book", "title": "A", "author": [{"family": "Low", "given": "A"}]}, "csl-json"),
        ({"type": "book", "title": "A", "issued": {"raw": "2019"}}, "csl-json"),
        ({"type": "report", "title": "A", "page": "1-9", "source": "Scholar"}, "csl-json"),
        ({"type": "article-journal", "title": "A", "container-title": "J"}, "csl-json"),
    ],
)
def test_a_row_is_no_item_of_csl(item: dict[str, object], name: str) -> None:
    source = SourceFile.of_text(json.dumps([item, item]), "works.json")
    assert choose(source) is READERS[name]


def test_what_is_no_row_is_a_reject_with_its_line(tmp_path: Path) -> None:
    lines = ['{"title": "A", "year": 2000}', "[1]", '{"year": 2001}', '{"title": "B", "year"']
    one, *others = read(tmp_path, "works.jsonl", "\n".join([lines[0], *lines]))[1:]
    assert one.record is not None
    assert [entry.source.position for entry in others] == [3, 4, 5]
    faults = [entry.problems[0].message for entry in others]
    assert faults[:2] == ["this is not an object with members", "no title"]
    assert faults[2].startswith("this line is not JSON")


def test_one_object_alone_is_no_table() -> None:
    package = '{"title": "A data package", "author": "Ada Low", "version": "1.0", "year": 2000}'
    with pytest.raises(UnreadableFile, match="the format is not recognised"):
        choose(SourceFile.of_text(package, "package.json"))


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
members = st.sampled_from(["author", "doi", "family", "year", "issn", "keywords", "x"])


@settings(deadline=None)
@given(st.lists(st.dictionaries(members, json_values, max_size=4), max_size=4))
def test_whatever_members_hold_each_object_is_a_record_or_a_reject(rows: list) -> None:
    rows = [{"title": "A", "year": 2000}, *rows]
    source = SourceFile.of_text(json.dumps(rows), "works.json")
    assert choose(source) is READERS["json-table"]
    entries = list(READERS["json-table"].reader.read(source))
    assert len(entries) == len(rows)
    assert all(e.record or e.problems[0].severity == "violation" for e in entries)
