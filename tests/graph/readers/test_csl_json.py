"""The CSL-JSON reader: Zotero's items, Crossref's, and ours, which come back as they were."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oograph.graph.catalogue import Catalogue, default_folder
from oograph.graph.errors import UnreadableFile
from oograph.graph.model import Entry, Name
from oograph.graph.readers import csl_json, read_file
from oograph.graph.readers.source import SourceFile

FIXTURE = Path(__file__).parents[2] / "fixtures" / "csl" / "zotero.json"


def read(text: str) -> list[Entry]:
    return list(csl_json.read(SourceFile.of_text(text, "works.json")))


def fixture() -> list[Entry]:
    return list(csl_json.read(SourceFile.of_path(FIXTURE)))


def messages(entry: Entry) -> list[str]:
    return [problem.message for problem in entry.problems]


def test_zotero() -> None:
    entry = fixture()[0]
    record = entry.record
    assert record is not None and entry.problems == ()
    assert record.title == "Regulating labour platforms, the data deficit"
    assert record.authors == (
        Name("Hawley", "Adrian John"),
        Name("Beek", "Jo", "van", "Jr."),
        Name(literal="World Bank"),
    )
    assert record.more_authors
    assert (record.id, record.agents) == ("", ())
    assert (record.doi, record.issn) == ("10.17979/ejge.2018.7.1.4330", ("2254-7088",))
    assert (record.page, record.language, record.issued) == ("5-23", "en", (2018, 6, 12))
    assert record.facets.keywords == ("data", "platforms")
    assert "Never" not in repr(record)
    (source,) = record.sources
    assert (source.key, source.position) == ("http://zotero.org/users/1/items/ABCD2345", 2)
    assert ("author", "Hawley, Adrian John") in source.stated


def test_a_name_in_one_field_and_the_doi_of_zoteros_extra() -> None:
    item = {
        "type": "report",
        "title": "T",
        "author": [{"family": "Doe, Jane"}, {"family": "ILO"}],
        "note": "PMID: 1\nDOI: 10.1000/x",
    }
    record = read(json.dumps([item]))[0].record
    assert record is not None and record.doi == "10.1000/x"
    assert [name.inverted for name in record.authors] == ["Doe, Jane", "ILO"]


def test_dates_and_events_of_older_forms() -> None:
    record = fixture()[1].record
    assert record is not None
    assert (record.issued, record.event_title) == ((2017, 5), "ICT4D 2017")
    assert record.isbn == ("9783319591100", "9783319591117")


def test_malformed_items_are_rejects_with_number_and_line() -> None:
    rejected = [entry for entry in fixture() if entry.record is None]
    assert [(entry.source.position, messages(entry)[0]) for entry in rejected] == [
        (32, "item 3: no title"),
        (33, "item 4: expected an object, found str"),
        (34, 'item 5: "author" must be a list of names'),
    ]
    assert rejected[1].text == '"no object"'


def test_crossref() -> None:
    record = fixture()[5].record
    assert record is not None
    assert record.title == "A title: and more"
    assert (record.type, record.container_title) == ("article-journal", "PLoS ONE")
    assert record.authors == (
        Name(literal="Fairwork"),
        Name("Graham", "Mark", orcid="0000-0001-8370-9848"),
    )
    assert record.event_title == "An event"


@pytest.mark.parametrize(
    "text",
    [
        '[{"title": "A"}, {"title": "B"}]',
        '{"items": [{"title": "A"}, {"title": "B"}]}',
    ],
    ids=["array", "items"],
)
def test_the_shapes_of_a_file(text: str) -> None:
    assert [entry.record.title for entry in read(text) if entry.record] == ["A", "B"]


def test_one_item() -> None:
    text = '{"type": "book", "title": "A"}'
    assert [entry.record.title for entry in read(text) if entry.record] == ["A"]


def test_the_shipped_catalogue_comes_back_as_it_is() -> None:
    path = default_folder() / "works.json"
    entries = list(csl_json.read(SourceFile.of_path(path)))
    assert tuple(e.record for e in entries) == Catalogue.read(default_folder()).works
    problems = [problem for entry in entries for problem in entry.problems]
    undated = [entry for entry in entries if entry.record and not entry.record.issued]
    assert [problem.message for problem in problems] == ["no year"] * len(undated)


def test_an_item_of_ours_with_a_wrong_number_of_agents_is_a_reject() -> None:
    item = {"title": "A", "custom": {"agents": ["person/a"], "sources": [{"file": "f"}]}}
    (entry,) = read(json.dumps([item]))
    assert messages(entry) == ["item 1: 0 authors but 1 agents"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "line 1: this is not valid JSON"),
        ("[\n{},\n]", "line 3: this is not valid JSON"),
        ('[{"title": "A"}] more', "line 1: this is not valid JSON"),
        ("3", "neither an object nor an array"),
        ("{}", "no CSL-JSON items found"),
        ("[" * 10_000, "this is not valid JSON"),
        ("[NaN]", "this is not valid JSON"),
    ],
)
def test_what_is_no_csl_json_is_refused_before_the_first_item(text: str, told: str) -> None:
    with pytest.raises(UnreadableFile, match=told):
        next(csl_json.read(SourceFile.of_text(text, "works.json")))


def test_an_item_nested_too_deep_is_a_reject_and_the_next_is_read() -> None:
    deep = '{"title": "A", "x": ' + "[" * 2_000 + "]" * 2_000 + "}"
    first, second = read(f'[{deep},\n{{"title": "B"}}]')
    assert first.record is None and "nested" in messages(first)[0]
    assert second.record is not None and second.source.position == 2


VARIABLES = st.sampled_from(
    "id type title author editor issued DOI URL ISBN ISSN page volume language keyword custom "
    "event container-title citation-key".split()
)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
SCALARS = st.none() | st.booleans() | st.integers() | FLOATS | st.text()
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                "family given literal date-parts raw sources agents organisations year keywords "
                "stated name orcids".split()
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@given(st.lists(st.dictionaries(VARIABLES, VALUES, max_size=8) | VALUES, max_size=5))
def test_items_in_are_records_and_rejects(items: list[object]) -> None:
    try:
        entries = read(json.dumps(items))
    except UnreadableFile as error:
        assert "overflow" in str(error)  # a number no float holds
        return
    assert len(entries) == len(items)
    for entry in entries:
        assert (entry.record is None) == any(p.severity == "violation" for p in entry.problems)


@given(st.text(alphabet='[]{}":,0e-truefalsn \n\\u"title'))
def test_no_text_raises(text: str) -> None:
    try:
        read(text)
    except UnreadableFile as error:
        assert str(error).startswith("works.json")


def test_csl_json_looks_like_csl_json() -> None:
    assert csl_json.looks_like(SourceFile.of_path(FIXTURE).head)
    path = default_folder() / "works.json"
    assert csl_json.looks_like(SourceFile.of_path(path).head)
    assert not csl_json.looks_like('{"@context": "https://schema.org", "type": "book"}')
    assert not csl_json.looks_like("@article{x, title = {T}}")


@pytest.mark.parametrize(
    "issued", ['{"date-parts": [["forthcoming"]]}', '{"literal": "Forthcoming"}', '"forthcoming"']
)
def test_what_stands_in_a_dates_place_is_the_status(issued: str) -> None:
    (entry,) = read(f'[{{"type": "book", "title": "A", "issued": {issued}}}]')
    assert entry.record is not None
    assert (entry.record.status, entry.record.issued) == ("forthcoming", ())
    assert messages(entry) == ["no year: the work is undated"]


@pytest.mark.parametrize("custom", ["null", '{"sources": [{"file": "f"}]}'])
def test_no_year_is_warned_of_in_every_form(custom: str) -> None:
    (entry,) = read(f'[{{"type": "book", "title": "A", "custom": {custom}}}]')
    assert messages(entry) == ["no year"]


def test_a_type_is_known_in_any_case(tmp_path: Path) -> None:
    path = tmp_path / "works.json"
    path.write_text('[{"type": "Article-Journal", "title": "A", "issued": "2019"}]')
    (entry,) = read_file(path)
    assert entry.record is not None
    assert (entry.record.type, entry.problems) == ("article-journal", ())


@pytest.mark.parametrize(
    ("stated", "status"), [("in press", "in press"), ("inpress", "in press"), ("Published", "")]
)
def test_a_stated_status(stated: str, status: str) -> None:
    item = {"type": "book", "title": "A", "status": stated, "issued": {"raw": "2019"}}
    (entry,) = read(json.dumps([item]))
    assert entry.record is not None
    assert (entry.record.status, entry.record.issued) == (status, (2019,))


@pytest.mark.parametrize(("season", "edtf"), [("Summer", "2021-22"), ("3", "2021-23"), ("x", "")])
def test_a_season_may_be_a_word(season: str, edtf: str) -> None:
    date = f'{{"date-parts": [["2021"]], "season": "{season}"}}'
    (entry,) = read(f'[{{"type": "book", "title": "A", "issued": {date}}}]')
    assert entry.record is not None
    assert (entry.record.issued, entry.record.issued_edtf) == ((2021,), edtf)
