"""Names of venues and publishers that are one: the shipped table, and what is wrong with others."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oograph.graph.vocabulary.authority import (
    COLUMNS,
    Authority,
    NoVenue,
    Place,
    check_authority,
    load_authority,
)
from oograph.graph.vocabulary.tables import read_table

CHI = "CHI Conference on Human Factors in Computing Systems"
CSCW = "ACM Conference on Computer-Supported Cooperative Work and Social Computing"


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("Work, Employment & Society", Place("Work, Employment and Society", settled=True)),
        ("Transfer", Place("Transfer: European Review of Labour and Research", settled=True)),
        ("Proceedings of the SIGCHI Conference on Human Factors in Computing Systems",
         Place(CHI, settled=True)),
        ("Proc. CHI 2008", Place("Proc. CHI 2008", CHI)),
        ("WWW 2016", Place("WWW 2016", "International Conference on World Wide Web")),
        ("Extended Abstracts of the 2018 CHI Conference on Human Factors in Computing Systems",
         Place("Extended Abstracts of the 2018 CHI Conference on Human Factors in Computing "
               "Systems", CHI)),
        ("Proceedings of the ACM 2012 conference on Computer Supported Cooperative Work",
         Place("Proceedings of the ACM 2012 conference on Computer Supported Cooperative Work",
               CSCW)),
        # the journal, the European conference and the one on design are others
        ("Computer Supported Cooperative Work",
         Place("Computer Supported Cooperative Work (CSCW)", settled=True)),
        ("Proceedings of 15th European Conference on Computer-Supported Cooperative Work",
         Place("Proceedings of 15th European Conference on Computer-Supported Cooperative Work")),
        ("IEEE 20th International Conference on Computer Supported Cooperative Work in Design",
         Place("IEEE 20th International Conference on Computer Supported Cooperative Work in "
               "Design", settled=True)),
        ("Hawaii International Conference on System Sciences",
         Place("Hawaii International Conference on System Sciences", settled=True)),
        ("2013 46th Hawaii International Conference on System Sciences",
         Place("2013 46th Hawaii International Conference on System Sciences",
               "Hawaii International Conference on System Sciences")),
        # an edition under two names is one, below its series
        ("Proceedings of the 2017 CHI Conference on Human Factors in Computing Systems (CHI '17)",
         Place("Proceedings of the 2017 CHI Conference on Human Factors in Computing Systems", CHI,
               settled=True)),
        ("49th Hawaii International Conference on System Sciences (HICSS), 2016",
         Place("2016 49th Hawaii International Conference on System Sciences (HICSS)",
               "Hawaii International Conference on System Sciences", settled=True)),
        ("20th ACM Conference on Computer-Supported Cooperative Work and Social Computing",
         Place("Proceedings of the 2017 ACM Conference on Computer Supported Cooperative Work and "
               "Social Computing", CSCW, settled=True)),
        ("ICIS", Place("International Conference on Information Systems", settled=True)),
        ("Nature Cities", Place("Nature Cities")),
    ],
)  # fmt: skip
def test_places(name: str, place: Place) -> None:
    assert load_authority().place(name) == place


def test_an_issn_names_a_journal_however_it_is_written() -> None:
    place = load_authority().place("J. Strat. Inf. Syst.", ("0963-8687",))
    assert place == Place("Journal of Strategic Information Systems", settled=True)


@pytest.mark.parametrize(
    ("name", "type"),
    [("Working Paper", "manuscript"), ("Report", "report"), ("Available at SSRN 3777307",
     "manuscript")],
)  # fmt: skip
def test_what_is_no_venue(name: str, type: str) -> None:
    none = load_authority().no_venue(name)
    assert none and none.type == type
    assert load_authority().no_venue("Management Science") is None


@pytest.mark.parametrize(
    ("name", "publisher"),
    [
        ("ACM Press", "Association for Computing Machinery"),
        ("The University of Chicago Press Chicago, IL", "University of Chicago Press"),
        ("Polity Press", "Polity"),
        ("Citeseer", ""),
        ("Bomarzo", "Bomarzo"),
        ("", ""),
    ],
)
def test_publishers(name: str, publisher: str) -> None:
    assert load_authority().publisher(name) == publisher


@given(st.text(max_size=400))
def test_any_name_has_a_place(name: str) -> None:
    assert load_authority().place(name).name or not name


@pytest.mark.parametrize(
    ("changed", "column", "words"),
    [
        ({"kind": "journal"}, "kind", "not a known kind"),
        ({"name": ""}, "name", "is empty"),
        ({"evidence": ""}, "evidence", "is empty"),
        ({"variants": "Other"}, "variants", "already a name of Other"),
        ({"editions": "(a"}, "editions", "not a valid regular expression"),
        ({"issn": "1234-5678"}, "issn", "not a valid ISSN"),
        ({"type": "report"}, "type", "The type is"),
        ({"kind": "no venue"}, "type", "The type is"),
    ],
)
def test_what_is_wrong_with_a_row_is_reported(
    tmp_path: Path, changed: dict[str, str], column: str, words: str
) -> None:
    good = {"kind": "venue", "name": "Work", "evidence": "an example"}
    rows = [good | {"name": "Other"}, good | changed]
    lines = (COLUMNS, *([row.get(name, "") for name in COLUMNS] for row in rows))
    path = tmp_path / "names.tsv"
    path.write_text("".join("\t".join(line) + "\n" for line in lines), encoding="utf-8")
    problems = check_authority(path)
    assert problems[0].line == 3
    assert (problems[0].property, words in problems[0].message) == (column, True)


def test_a_name_of_another_kind_does_not_change_what_is_no_venue(tmp_path: Path) -> None:
    rows = [
        {"kind": "no venue", "name": "Report", "evidence": "an example", "type": "report"},
        {"kind": "publisher", "name": "Report", "evidence": "an example"},
    ]
    lines = (COLUMNS, *([row.get(name, "") for name in COLUMNS] for row in rows))
    path = tmp_path / "names.tsv"
    path.write_text("".join("\t".join(line) + "\n" for line in lines), encoding="utf-8")
    authority = Authority.of(read_table(path, COLUMNS))
    assert authority.no_venue("Report") == NoVenue("Report", "report")


def test_what_a_venue_or_publisher_goes_by_is_one_word_in_capitals() -> None:
    abbreviations = load_authority().abbreviations
    assert abbreviations["venue", CHI] == ("CHI",)
    assert abbreviations["venue", "International Web for All Conference"] == ("W4A",)
    assert abbreviations["venue", "Transfer: European Review of Labour and Research"] == ()
    assert abbreviations["publisher", "Association for Computing Machinery"] == ("ACM",)
