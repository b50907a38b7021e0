"""ORCID iDs beside the names: whose each is."""

import pytest

from oograph.graph.identifiers import normal_orcid
from oograph.graph.model import Name
from oograph.graph.readers import bibtex, web_of_science
from oograph.graph.readers.orcids import with_orcids
from oograph.graph.readers.source import SourceFile

A, B = "0000-0002-1825-0097", "0000-0001-5109-3700"
X = "0000-0002-1694-233X"


@pytest.mark.parametrize(
    ("text", "orcid"),
    [
        pytest.param(A, A, id="bare"),
        pytest.param(f"https://orcid.org/{B}", B, id="url"),
        pytest.param(X.lower(), X, id="x"),
        pytest.param("0000-0002-1825-0098", "", id="wrong-digit"),
        pytest.param("0000-0002-1694-2330", "", id="wrong-x"),
        pytest.param("٠٠٠٠-0002-1825-0097", "", id="other-digits"),
        pytest.param("no iD", "", id="none"),
    ],
)
def test_an_orcid_is_known_by_its_check_digit(text: str, orcid: str) -> None:
    assert normal_orcid(text) == orcid


_NAMES = (Name("Müller", "Ann"), Name("Ahn", "Luis", particle="von"), Name(literal="ACM"))


@pytest.mark.parametrize(
    ("text", "orcids", "is_all"),
    [
        pytest.param(f"Muller, A./{A}", [A, "", ""], True, id="by-name"),
        pytest.param(f"von Ahn, Luis/{B}\n   Müller, Ann/{A}", [A, B, ""], True, id="several"),
        pytest.param(f"Müller, Ann/{A} and von Ahn, L/{B}", [A, B, ""], True, id="and"),
        pytest.param(f"Müller, Bob/{A}", ["", "", ""], False, id="other-person"),
        pytest.param(f'2:orcid="{B}";1:orcid="{A}"', [A, B, ""], True, id="annotation"),
        pytest.param(f"1={A}; 9={B}", [A, "", ""], False, id="no-such-number"),
        pytest.param(f"3={A}", ["", "", ""], False, id="organisation"),
        pytest.param(f"{A}", ["", "", ""], False, id="one-for-three"),
        pytest.param(f"None|{A}|", ["", A, ""], True, id="between-bars"),
        pytest.param("Müller, Ann/0000-0002-1825-0098", ["", "", ""], False, id="wrong"),
        pytest.param("none", ["", "", ""], False, id="none"),
    ],
)
def test_an_orcid_is_the_name_s_that_the_text_says(
    text: str, orcids: list[str], is_all: bool
) -> None:
    names, found = with_orcids(_NAMES, text)
    assert ([name.orcid for name in names], found) == (orcids, is_all)


def test_two_people_of_one_name_get_none() -> None:
    twins = (Name("Doe", "Ann"), Name("Doe", "Alan"))
    assert with_orcids(twins, f"Doe, A./{A}") == (twins, False)


@pytest.mark.parametrize(
    "field",
    [
        pytest.param(f"orcid = {{{A}}}", id="orcid"),
        pytest.param(f"ORCID-Numbers = {{Doe, Ann/{A}}}", id="orcid-numbers"),
        pytest.param(f'author+an:orcid = {{1="{A}"}}', id="biblatex"),
    ],
)
def test_bibtex_fields_with_an_orcid(field: str) -> None:
    text = f"@book{{k, title = {{A}}, author = {{Doe, Ann}}, year = 2000, {field}}}"
    (entry,) = bibtex.read(SourceFile.of_text(text, "x.bib"))
    assert entry.record is not None and entry.problems == ()
    assert entry.record.authors == (Name("Doe", "Ann", orcid=A),)


def test_an_orcid_that_is_nobody_s_is_said() -> None:
    text = "@book{k, title = {A}, author = {Doe, Ann}, year = 2000, orcid = {0000}}"
    (entry,) = bibtex.read(SourceFile.of_text(text, "x.bib"))
    assert entry.record is not None and entry.record.authors == (Name("Doe", "Ann"),)
    assert [problem.property for problem in entry.problems] == ["orcid"]


@pytest.mark.parametrize(
    ("written", "orcid", "told"),
    [
        pytest.param(f"Doe, Ann/{A}", A, [], id="its-own"),
        pytest.param(f"Roe, Jo/{A}", "", ["ORCID"], id="nobody-s"),
    ],
)
def test_web_of_science_says_which_orcid_fits_nobody(
    written: str, orcid: str, told: list[str]
) -> None:
    text = f"FN Clarivate\nVR 1.0\nPT J\nAU Doe, A\nAF Doe, Ann\nTI A\nPY 2000\nOI {written}\nER\n"
    (entry,) = web_of_science.read(SourceFile.of_text(text, "x.txt"))
    assert entry.record is not None and entry.record.authors == (Name("Doe", "Ann", orcid=orcid),)
    assert [problem.property for problem in entry.problems] == told
