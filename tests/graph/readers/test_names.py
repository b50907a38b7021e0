"""Persons and bodies as files write them: initials, capitals, particles, and doubled commas."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oograph.graph.model import Entry, Name
from oograph.graph.readers import read_file
from oograph.graph.readers.name_lists import in_one_list
from oograph.graph.readers.names import in_reading_order, person_of, with_initials

GRIFF, LOW = Name("GRIFF", "DK"), Name("LOW", "A")


def entry(folder: Path, name: str, text: str) -> Entry:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    (one,) = read_file(path)
    return one


def of_ris(folder: Path, *names: str) -> Entry:
    lines = ["TY  - JOUR", *(f"AU  - {name}" for name in names), "TI  - A", "PY  - 2019", "ER  - "]
    return entry(folder, "works.ris", "\n".join(lines))


def of_bibtex(folder: Path, names: str) -> Entry:
    return entry(folder, "works.bib", f"@misc{{a, author={{{names}}}, title={{A}}, year=2019}}")


def of_table(folder: Path, names: str) -> Entry:
    return entry(folder, "works.csv", f'Authors,Title,Year\n"{names}",A,2019\n')


def authors(one: Entry) -> tuple[Name, ...]:
    assert one.record is not None, one.problems
    return one.record.authors


# --- initials ---------------------------------------------------------------------------------


def test_a_list_of_families_in_capitals_is_several_people(tmp_path: Path) -> None:
    assert authors(of_bibtex(tmp_path, "GRIFF DK, LOW A")) == (GRIFF, LOW)
    assert authors(of_table(tmp_path, "GRIFF DK, LOW A")) == (GRIFF, LOW)


def test_commas_divide_names_in_full_before_the_last_and(tmp_path: Path) -> None:
    one = of_bibtex(tmp_path, "Man-Ching Yuen, Irwin King and Kwong-Sak Leung")
    assert list(map(str, authors(one))) == ["Man-Ching Yuen", "Irwin King", "Kwong-Sak Leung"]
    assert [problem.message for problem in one.problems] == [
        'names are separated by commas instead of "and"'
    ]


@pytest.mark.parametrize("word", ["und", "et", "e", "&"])
def test_a_word_for_and_within_a_name_does_not_hide_another(tmp_path: Path, word: str) -> None:
    two = of_bibtex(tmp_path, f"Ortega y Gasset, José {word} Roe, Bo")
    assert list(map(str, authors(two))) == ["José Ortega y Gasset", "Bo Roe"]


@pytest.mark.parametrize("word", ["und", "et", "y", "e", "&"])
def test_and_in_another_language_divides_names_turned_round(tmp_path: Path, word: str) -> None:
    for one in (
        of_bibtex(tmp_path, f"Doe, Ann {word} Roe, Bo"),
        of_table(tmp_path, f"Doe, Ann {word} Roe, Bo"),
    ):
        assert list(map(str, authors(one))) == ["Ann Doe", "Bo Roe"]
    body = f"{{Haus Arbeit {word} Technik}} and Ortega y Gasset, José"
    assert list(map(str, authors(of_bibtex(tmp_path, body)))) == [
        f"Haus Arbeit {word} Technik",
        "José Ortega y Gasset",
    ]


@pytest.mark.parametrize("word", ["und", "et", "y", "e"])
def test_a_word_for_and_between_names_without_commas_is_reported(tmp_path: Path, word: str) -> None:
    for one in (
        of_bibtex(tmp_path, f"Ann Low {word} Bo Li"),
        of_table(tmp_path, f"Ann Low {word} Bo Li"),
        of_ris(tmp_path, f"Ann Low {word} Bo Li"),
        of_ris(tmp_path, "A. Low and B. Li"),
    ):
        assert len(authors(one)) == 1
        (found,) = one.problems
        assert re.fullmatch(rf'a name with "({word}|and)" was not split', found.message)
    for name in ("José Ortega y Gasset", "{Ann Low und Bo Li}"):
        assert of_bibtex(tmp_path, name).problems == ()


@pytest.mark.parametrize(
    "names",
    [
        "García Márquez, Gabriel José and Low, Ann",
        "García Márquez, Gabriel José and Huws, Ursula and Bo Li",
        "Huang, Xuemei and Long The Nguyen",
    ],
)
def test_a_comma_divides_a_name_where_another_is_turned_round(tmp_path: Path, names: str) -> None:
    one = of_bibtex(tmp_path, names)
    assert len(authors(one)) == names.count(" and ") + 1 and not one.problems


def test_a_name_in_the_field_of_the_family_name(tmp_path: Path) -> None:
    """Crossref has such from old deposits, CSL-JSON from those who typed them so."""
    crossref = (
        '{"DOI": "10.5555/1", "type": "journal-article", "title": ["A"], "reference-count": 0,'
        ' "container-title": ["Work Notes"], "author": [{"family": "Low, Ann, Jr."}]}'
    )
    csl = '[{"type": "book", "title": "A", "author": [{"family": "Low, Ann, Jr."}]}]'
    for text in (crossref, csl):
        assert authors(entry(tmp_path, "works.json", text)) == (Name("Low", "Ann", "", "Jr."),)


def test_longer_lists_of_a_table_show_how_two_names_are_divided(tmp_path: Path) -> None:
    """Litmaps, ResearchRabbit and Elicit divide names in reading order by commas."""
    path = tmp_path / "works.csv"
    rows = ['"Ann Low, Bo Li",A,2019', '"Cy Mo, Ann Low, Bo E. Li",B,2020', "Cy Mo,C,2021"]
    path.write_text("\n".join(["Authors,Title,Year", *rows]) + "\n")
    first, second, third = read_file(path)
    assert authors(first) == (Name("Low", "Ann"), Name("Li", "Bo")) and not first.problems
    assert len(authors(second)) == 3 and authors(third) == (Name("Mo", "Cy"),)
    path.write_text("\n".join(["Authors,Title,Year", rows[0]]) + "\n")
    (alone,) = read_file(path)  # one person, or two: nothing tells
    assert len(authors(alone)) == 1 and alone.problems


@pytest.mark.parametrize("mark", ["&", r"\&", r"{\&}", "&amp;", "and"])
@pytest.mark.parametrize(
    ("before", "last", "inverted"),
    [
        ("Low, A., Chi, E.,", "Suh, B.", ["Low, A.", "Chi, E.", "Suh, B."]),
        ("Low, A., Chi, E.", "Suh, B.", ["Low, A.", "Chi, E.", "Suh, B."]),
        ("Low A, Chi E", "Suh B", ["Low, A", "Chi, E", "Suh, B"]),
        ("Low A", "Suh B", ["Low, A", "Suh, B"]),
        ("Ann Low, Ed Chi", "Bo Suh", ["Low, Ann", "Chi, Ed", "Suh, Bo"]),
        ("A. Low, E. Chi", "B. Suh", ["Low, A.", "Chi, E.", "Suh, B."]),
        ("Low, Ann; Chi, Ed", "Suh, Bo", ["Low, Ann", "Chi, Ed", "Suh, Bo"]),
        ("Low, Ann; Chi, Ed;", "Suh, Bo", ["Low, Ann", "Chi, Ed", "Suh, Bo"]),
    ],
)
def test_an_ampersand_before_the_last_name_is_an_and(
    before: str, last: str, inverted: list[str], mark: str, tmp_path: Path
) -> None:
    one = of_bibtex(tmp_path, f"{before} {mark} {last}")
    assert [name.inverted for name in authors(one)] == inverted
    if "\\" not in mark:
        one = of_table(tmp_path, f"{before} {mark} {last}")
        assert [name.inverted for name in authors(one)] == inverted


@pytest.mark.parametrize("mark", ["…", "...", ". . .", "... &", r"\ldots{}", "and ... and"])
def test_an_ellipsis_before_the_last_name_is_no_part_of_it(mark: str, tmp_path: Path) -> None:
    joined = mark.startswith("and")
    names = f"Low, A. {mark} Suh, B." if joined else f"Low, A., Chi, E., {mark} Suh, B."
    for one in (of_bibtex(tmp_path, names), of_table(tmp_path, names)):
        inverted = [name.inverted for name in authors(one)]
        assert inverted == ["Low, A.", *([] if joined else ["Chi, E."]), "Suh, B."]
        assert one.record is not None and one.record.more_authors


def test_an_ampersand_between_names_in_reading_order_divides_them_in_ris(tmp_path: Path) -> None:
    one = of_ris(tmp_path, "Ann Low, Bo Li & Cy Mo")
    assert list(map(str, authors(one))) == ["Ann Low", "Bo Li", "Cy Mo"] and one.problems


@pytest.mark.parametrize("read_names", [of_bibtex, of_table])
def test_pubmeds_full_stop_and_suffixes_are_no_names(
    read_names: Callable[[Path, str], Entry], tmp_path: Path
) -> None:
    assert authors(read_names(tmp_path, "Griff DK.")) == (Name("Griff", "DK"),)
    assert authors(read_names(tmp_path, "Griff DK Jr, Low A 3rd, Li B.")) == (
        Name("Griff", "DK", suffix="Jr"),
        Name("Low", "A", suffix="3rd"),
        Name("Li", "B"),
    )


def test_a_line_of_ris_with_a_list_is_several_people(tmp_path: Path) -> None:
    one = of_ris(tmp_path, "Griff DK, Low A")
    assert authors(one) == (Name("Griff", "DK"), Name("Low", "A"))
    assert [problem.message for problem in one.problems] == [
        "several names in one value were split at the commas"
    ]


@pytest.mark.parametrize(
    ("written", "inverted"),
    [
        ("A. Low, E. H. Chi, and B. Suh", ["Low, A.", "Chi, E. H.", "Suh, B."]),
        ("Ann Low, Ed H. Chi, and Bo Suh", ["Low, Ann", "Chi, Ed H.", "Suh, Bo"]),
        ("A. Low, E. H. Chi", ["Low, A.", "Chi, E. H."]),
        ("Low, Ann, and García Márquez, José María", ["Low, Ann", "García Márquez, José María"]),
        ("Ann Low & Bo E. Li", ["Low, Ann", "Li, Bo E."]),
        ("Smith & Wesson", ["Smith & Wesson"]),
        (r"Onso, \{A\}l and \{M\}o Lease", ["Onso, Al", "Lease, Mo"]),
        ("Low, MD & Gig Work, Inc.", ["Low, MD & Gig Work, Inc."]),
        (r"Orwin {\&} Daughters and Low, Ann", ["Orwin & Daughters", "Low, Ann"]),
        ("Ann Low, Jr. and B. Suh, Ph.D.", ["Low, Jr., Ann", "Suh, Ph.D., B."]),
        ("Low, MD and Gig Work, Inc.", ["Low, MD", "Gig Work, Inc."]),
    ],
)
def test_commas_in_the_names_of_bibtex(written: str, inverted: list[str], tmp_path: Path) -> None:
    assert [name.inverted for name in authors(of_bibtex(tmp_path, written))] == inverted


@pytest.mark.parametrize(
    ("line", "inverted"),
    [
        ("Low, A. and Suh, B.", ["Low, A.", "Suh, B."]),
        ("Low, A.; Suh, B.", ["Low, A.", "Suh, B."]),
        ("Low, A., Chi, E., & Suh, B.", ["Low, A.", "Chi, E.", "Suh, B."]),
        ("Low A, Chi E & Suh B", ["Low, A", "Chi, E", "Suh, B"]),
        ("Low, Ann; Chi, Ed & Suh, Bo", ["Low, Ann", "Chi, Ed", "Suh, Bo"]),
        ("Low, Ann; Chi, Ed; & Suh, Bo", ["Low, Ann", "Chi, Ed", "Suh, Bo"]),
        ("Larch and Finch, Inc.", ["one"]),
    ],
)
def test_a_line_with_several_names_in_formats_that_have_one_a_line(
    line: str, inverted: list[str], tmp_path: Path
) -> None:
    xml = line.replace("&", "&amp;")
    read = {
        "ris": of_ris(tmp_path, line),
        "enw": entry(tmp_path, "a.enw", f"%0 Journal Article\n%T A\n%A {line}\n%D 2019\n"),
        "xml": entry(
            tmp_path,
            "a.xml",
            f"<xml><records><record><contributors><authors><author>{xml}</author></authors>"
            "</contributors><titles><title>A</title></titles></record></records></xml>",
        ),
    }
    if len(inverted) > 1:
        for form, one in read.items():
            assert [name.inverted for name in authors(one)] == inverted, form
    else:
        assert {len(authors(one)) for one in read.values()} == {1}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Griff D.K.", Name("Griff", "D.K.")),
        ("Griff D. K.", Name("Griff", "D. K.")),
        ("Griff D.-K.", Name("Griff", "D.-K.")),
        ("Griff D K", Name("Griff", "D K")),
        ("GRIFF DK", GRIFF),
        ("GRIFF D K", Name("GRIFF", "D K")),
        ("LI X", Name("LI", "X")),
        ("van den Berge PA", Name("Berge", "PA", particle="van den")),
        ("VAN DOORN N", Name("VAN DOORN", "N")),
        ("Griff DK.", Name("Griff", "DK")),
        ("Griff DK Jr", Name("Griff", "DK", suffix="Jr")),
        ("Griff D 3rd", Name("Griff", "D", suffix="3rd")),
        ("GRIFF DK III", Name("GRIFF", "DK", suffix="III")),
    ],
)
def test_initials_behind_a_family_name_are_its_given_name(
    text: str, name: Name, tmp_path: Path
) -> None:
    one = of_ris(tmp_path, text)
    assert authors(one) == (name,)
    assert not one.problems


@pytest.mark.parametrize(
    "text",
    [
        "OECD",
        "ILO",
        "WORLD BANK",
        "OXFAM UK",
        "Oxfam U.K.",
        "IEEE CS",
        "UNI EUROPA",
        "EU OSHA",
        "UN DESA",
        "BBC UK",
        "3M A",
        "WORLD BANK GB",
        "Research Group GB",
    ],
)
def test_a_body_is_no_person(text: str, tmp_path: Path) -> None:
    assert authors(of_ris(tmp_path, text)) == (Name(literal=text),)
    assert Name(literal=text) in authors(of_ris(tmp_path, "Smith, Jo", text, "Brooks KA"))


def test_what_a_list_shows_holds_for_its_capitals() -> None:
    assert list(in_one_list(["LEE JA"])) == [Name(literal="LEE JA")]
    assert list(in_one_list(["LEE JA", "GRIFF DK"])) == [Name("LEE", "JA"), GRIFF]
    assert list(in_one_list(["CAIZHI SHEN", "Smith, Jo"]))[0] == Name(literal="CAIZHI SHEN")


def test_a_name_in_capitals_beside_a_person_in_capitals_is_a_person(tmp_path: Path) -> None:
    one = of_ris(tmp_path, "CROUD, ANGUS D.", "CAIZHI SHEN", "Hughes GB", "WORLD BANK")
    assert authors(one) == (
        Name("CROUD", "ANGUS D."),
        Name("SHEN", "CAIZHI"),
        Name("Hughes", "GB"),
        Name(literal="WORLD BANK"),
    )
    assert [problem.message for problem in one.problems] == [
        'the name CAIZHI SHEN has no comma and was read as "SHEN, CAIZHI"'
    ]


def test_a_name_in_capitals_that_nothing_tells_of_is_warned_of(tmp_path: Path) -> None:
    one = of_ris(tmp_path, "CAIZHI SHEN")
    assert authors(one) == (Name(literal="CAIZHI SHEN"),)
    assert [problem.message for problem in one.problems] == [
        "the name CAIZHI SHEN has no comma and was not split"
    ]


def test_a_body_in_capitals_without_braces_is_one_in_bibtex(tmp_path: Path) -> None:
    one = of_bibtex(tmp_path, "WORLD BANK and Low, Ada")
    assert authors(one) == (Name(literal="WORLD BANK"), Name("Low", "Ada"))
    assert one.problems
    assert authors(of_bibtex(tmp_path, "{WORLD BANK}")) == (Name(literal="WORLD BANK"),)


@given(st.text(max_size=30))
def test_any_text_is_a_name_with_initials_or_none(text: str) -> None:
    name = with_initials(text)
    assert name is None or (name.family and name.given and not name.literal)


@given(st.lists(st.text(max_size=12), max_size=4))
def test_a_list_has_as_many_names_as_lines(texts: list[str]) -> None:
    assert len(list(in_one_list(texts))) == len(texts)


# --- particles --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("family", "particle", "rest"),
    [
        ("Van den Berge", "Van den", "Berge"),
        ("De la Cruz", "De la", "Cruz"),
        ("van der Heijden", "van der", "Heijden"),
        ("Van Belle", "", "Van Belle"),
        ("Alvarez de la Vega", "", "Alvarez de la Vega"),
        ("Van den", "", "Van den"),
        ("de", "", "de"),
    ],
)
def test_the_particle_of_a_family_name(family: str, particle: str, rest: str) -> None:
    assert person_of(family, "P.") == Name(rest, "P.", particle=particle)


@pytest.mark.parametrize(
    ("text", "inverted"),
    [
        ("Adrian Del Maestro", "Del Maestro, Adrian"),
        ("A. Del Maestro", "Del Maestro, A."),
        ("M. W. Van Alstyne", "Van Alstyne, M. W."),
        ("MW Van Alstyne", "Van Alstyne, MW"),
        ("Mark De Rond", "De Rond, Mark"),
        ("José Luis De Los Santos", "De Los Santos, José Luis"),
        ("Eva Von Der Heide Jr.", "Von Der Heide, Jr., Eva"),
        ("De Rond", "Rond, De"),
        ("Nguyen Van An", "An, Nguyen Van"),
        ("Maria de la Cruz", "de la Cruz, Maria"),
    ],
)
def test_a_particle_with_a_capital_is_of_the_family_name(text: str, inverted: str) -> None:
    assert in_reading_order(text).inverted == inverted


def test_a_particle_is_one_in_every_format(tmp_path: Path) -> None:
    berge = (Name("Berge", "P.", particle="Van den"), Name("Akker", "S."))
    assert authors(of_bibtex(tmp_path, "Van den Berge, P. and Akker, S.")) == berge
    assert authors(of_ris(tmp_path, "Van den Berge, P.", "Akker, S.")) == berge
    assert authors(of_table(tmp_path, "Van den Berge, P.; Akker, S.")) == berge
    names = [{"family": "Van den Berge", "given": "P."}, {"family": "Akker", "given": "S."}]
    item = {"type": "book", "title": "A", "issued": "2019", "author": names}
    assert authors(entry(tmp_path, "works.json", json.dumps([item]))) == berge


# --- bodies in tables -------------------------------------------------------------------------


def test_a_bodys_comma_is_written_twice(tmp_path: Path) -> None:
    larch, low = Name(literal="Larch and Finch, Inc."), Name("Low", "Ada")
    assert authors(of_ris(tmp_path, "Larch and Finch,, Inc.")) == (larch,)
    assert authors(of_table(tmp_path, "Larch and Finch,, Inc.")) == (larch,)
    assert authors(of_table(tmp_path, "Larch and Finch,, Inc.; Low, Ada")) == (larch, low)
    assert authors(of_table(tmp_path, "Low, Ada and Larch,, Inc.")) == (
        low,
        Name(literal="Larch, Inc."),
    )


def test_a_name_without_a_comma_among_others_with_one_stays_whole(tmp_path: Path) -> None:
    one = of_table(tmp_path, "World Bank; Low, Ada; Brooks KA; others")
    assert authors(one) == (Name(literal="World Bank"), Name("Low", "Ada"), Name("Brooks", "KA"))
    assert one.record is not None
    assert one.record.more_authors


def test_and_within_the_name_of_a_body_among_persons_does_not_split_it(tmp_path: Path) -> None:
    team, firm = "Ground and Air Gig Research Team", "Smith and Sons Ltd."
    one = of_table(tmp_path, f"Munro, Ida; {team}; {firm}; World Bank")
    assert [name.inverted for name in authors(one)] == ["Munro, Ida", team, firm, "World Bank"]
    one = of_table(tmp_path, "Low, Ann; Bo Li and Cy Mo")
    assert [name.inverted for name in authors(one)] == ["Low, Ann", "Li, Bo", "Mo, Cy"]


def test_a_body_among_persons_is_none_of_them(tmp_path: Path) -> None:
    for names in ("Low A, World Bank, Mo C", "Ann Low, World Bank, Cy Mo"):
        for one in (of_bibtex(tmp_path, names), of_table(tmp_path, names)):
            assert authors(one)[1] == Name(literal="World Bank")


def test_a_cell_with_a_name_a_line_is_a_list(tmp_path: Path) -> None:
    for names in ("Low, Ann\nLi, Bo\nMo, Cy", "Ann Low\nBo Li\n\nCy Mo\n"):
        inverted = [name.inverted for name in authors(of_table(tmp_path, names))]
        assert inverted == ["Low, Ann", "Li, Bo", "Mo, Cy"]
    for wrapped in ("Low, Ann; Li,\nBo", "Low,\nAnn and Li, Bo"):
        inverted = [name.inverted for name in authors(of_table(tmp_path, wrapped))]
        assert inverted == ["Low, Ann", "Li, Bo"]


def test_marks_and_numbers_in_a_list_of_names(tmp_path: Path) -> None:
    one = of_table(tmp_path, "Low, Ann1,2; Chi, E.; Li, Bo3; 3 others")
    assert [name.inverted for name in authors(one)] == ["Low, Ann", "Chi, E.", "Li, Bo"]
    assert one.record is not None and one.record.more_authors
    assert len(authors(of_table(tmp_path, "Low, A., Chi, E., & Suh, B."))) == 3


def test_a_list_without_commas_is_in_reading_order(tmp_path: Path) -> None:
    assert authors(of_table(tmp_path, "Ada Low; Bo Li and others")) == (
        Name("Low", "Ada"),
        Name("Li", "Bo"),
    )


@pytest.mark.parametrize("read_names", [of_bibtex, of_table])
@pytest.mark.parametrize(
    ("written", "name", "is_told"),
    [
        ("International Labour Organization", Name(literal="International Labour Organization"), 1),
        ("World Bank", Name(literal="World Bank"), 1),
        ("Gig Research Team", Name(literal="Gig Research Team"), 1),
        ("Upwork Inc.", Name(literal="Upwork Inc."), 0),
        ("Fiverr International Ltd", Name(literal="Fiverr International Ltd"), 0),
        ("William H. Press", Name("Press", "William H."), 0),
        ("Press, Jane", Name("Press", "Jane"), 0),
    ],
)
def test_an_organisation_is_known_by_its_words(
    read_names: Callable[[Path, str], Entry], written: str, name: Name, is_told: int, tmp_path: Path
) -> None:
    one = read_names(tmp_path, written)
    assert authors(one) == (name,)
    assert len([problem for problem in one.problems if problem.property == "author"]) == is_told


@pytest.mark.parametrize("name", ["World Bank", "Gig Research Team", "Upwork Inc."])
@pytest.mark.parametrize(
    "text",
    [
        "%0 Journal Article\n%T A\n%A {}\n%D 2019\n",
        "RT Journal Article\nA1 {}\nT1 A\nYR 2019\n",
        "Template-Type: ReDIF-Article 1.0\nAuthor-Name: {}\nTitle: A\nYear: 2019\n"
        "Handle: RePEc:a:b\n",
        '{{"id": "https://openalex.org/W1", "display_name": "A", "publication_year": 2019, '
        '"authorships": [{{"author": {{"display_name": "{}"}}}}]}}',
        "TY  - JOUR\nAU  - {}\nTI  - A\nPY  - 2019\nER  - \n",
    ],
    ids=["endnote", "refworks", "redif", "openalex", "ris"],
)
def test_an_organisation_is_one_in_formats_with_a_name_a_line(
    text: str, name: str, tmp_path: Path
) -> None:
    assert authors(entry(tmp_path, "works", text.format(name))) == (Name(literal=name),)


def test_an_organisation_in_the_field_of_the_family_name_of_csl_is_one(tmp_path: Path) -> None:
    item = {"type": "book", "title": "A", "author": [{"family": "World Bank", "given": ""}]}
    assert authors(entry(tmp_path, "a.json", json.dumps([item]))) == (Name(literal="World Bank"),)


def test_a_date_that_does_not_show_its_month_is_reported(tmp_path: Path) -> None:
    def dated(date: str) -> Entry:
        return entry(tmp_path, "works.csv", f"Title,Authors,Date\nA,Low,{date}\n")

    (found,) = dated("01/05/2019").problems
    assert (found.severity, found.value) == ("info", "01/05/2019")
    assert "only the year was read" in found.message
    assert dated("14/05/2019").problems == dated("2019").problems == ()
