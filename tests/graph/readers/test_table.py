"""The table reader: headers, delimiters, rows that cannot be used."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oograph.graph.errors import UnreadableFile
from oograph.graph.model import Entry, Facets, Name, Record
from oograph.graph.readers import bibtex, read_file, table
from oograph.graph.readers.headers import read_mapping
from oograph.graph.readers.source import SourceFile

FIXTURES = Path(__file__).parents[2] / "fixtures" / "table"


def read(text: str) -> list[Entry]:
    return list(table.read(SourceFile.of_text(text, "works.csv")))


def fixture(name: str) -> list[Entry]:
    return list(table.read(SourceFile.of_path(FIXTURES / name)))


def records(entries: list[Entry]) -> list[Record]:
    return [entry.record for entry in entries if entry.record]


def test_a_table_with_the_headers_of_bibtex() -> None:
    entries = fixture("works.csv")
    article, paper, report = records(entries)
    assert replace(article, sources=()) == Record(
        title="The Rise of Domestic Outsourcing, and so on",
        type="article-journal",
        authors=(Name("Goldschmidt", "Deborah"), Name("Schmieder", "Johannes F.")),
        issued=(2017,),
        container_title="The Quarterly Journal of Economics",
        volume="132",
        issue="3",
        page="1165-1217",
        doi="10.1093/qje/qjx008",
    )
    assert paper.title == 'Task "search" in a human computation market & more'
    assert paper.more_authors and paper.isbn == ("9781450318990",)
    assert (report.type, report.number, report.publisher) == (
        "report",
        "323",
        "Hans-Böckler-Stiftung",
    )


def test_rows_have_their_line_key_and_text() -> None:
    entries = fixture("works.csv")
    found = [(entry.source.key, entry.source.position) for entry in entries]
    assert found == [
        ("goldschmidt2017", 2),
        ("chilton2010", 3),
        ("3", 6),
        ("untitled", 7),
        ("long", 8),
    ]
    lines = (FIXTURES / "works.csv").read_text(encoding="utf-8").split("\n")
    assert entries[1].text == "\n".join(lines[2:4])
    assert dict(entries[0].source.stated)["doi"] == "10.1093/QJE/qjx008"


def test_rows_that_cannot_be_used_are_rejects() -> None:
    untitled, long = fixture("works.csv")[3:]
    assert untitled.record is None and untitled.problems[0].message == "no title"
    assert long.record is None
    (problem,) = long.problems
    assert problem.message == "16 cells, but the header has 15"
    assert (problem.severity, problem.file, problem.line) == ("violation", "works.csv", 8)


def test_a_table_with_the_headers_of_a_database() -> None:
    (entry,) = fixture("scopus.tsv")
    assert entry.record is not None and entry.problems == ()
    assert replace(entry.record, sources=(), facets=entry.record.facets) == Record(
        title="Antecedents of Perceived Fairness",
        type="paper-conference",
        authors=(Name("Alpar", "P."), Name("Osterbrink", "L.")),
        issued=(2018,),
        container_title="European Conference on Information Systems",
        volume="1",
        issue="2",
        doi="10.1000/x",
        facets=entry.record.facets,
    )
    assert entry.record.facets.keywords == ("crowdwork", "fairness")
    assert "not read" not in repr(entry.record)


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    text = delimiter.join(["KEY", "Title", "Year"]) + "\n" + delimiter.join(["k", "A, b", "2000"])
    if delimiter == ",":
        text = text.replace("A, b", '"A, b"')
    (record,) = records(read(text))
    assert (record.title, record.issued) == ("A, b", (2000,))


@pytest.mark.parametrize("separator", ["sep=;", '"sep=;"', "SEP=;;"])
def test_the_line_that_tells_excel_the_delimiter_is_skipped(separator: str) -> None:
    (entry,) = read(f"{separator}\nTitle;Year\nA, b;2000\n")
    assert entry.record is not None and entry.source.position == 3
    assert (entry.record.title, entry.record.issued) == ("A, b", (2000,))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("ids\na;b\n", "headers found: ids;", id="no-title"),
        pytest.param("", "headers found: none;", id="empty"),
        pytest.param("a,b\n1,2\n", "headers found: a, b;", id="other-table"),
        pytest.param("a;b\n1;2\n", "headers found: a, b;", id="semicolons"),
        pytest.param("sep=;\na;b, c\n1;2\n", "headers found: a, b, c;", id="excel"),
        pytest.param("sep=;\n", "headers found: none;", id="excel-empty"),
    ],
)
def test_a_table_without_titles_is_no_bibliography(text: str, said: str) -> None:
    with pytest.raises(UnreadableFile, match="title") as error:
        table.read(SourceFile.of_text(text, "other.csv"))
    assert said in str(error.value) and str(error.value).startswith("other.csv: ")


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        (
            "Autor/in;Titel;Untertitel;Zeitschrift;Band;Heft;Seiten;Jahr;Sprache;Schlagwörter",
            "Deutsch",
        ),
        (
            "Autores;Título;Subtítulo;Revista;Volumen;Número;Páginas;Año;Idioma;Palabras clave",
            "Español",
        ),
        ("Auteurs;Titre;Sous-titre;Revue;Volume;Numéro;Pages;Année;Langue;Mots-clés", "Français"),
    ],
)
def test_a_table_with_german_spanish_or_french_headers(header: str, cells: str) -> None:
    row = f'"Doe, Ann; Roe, Bob";A;B;J;12;3;5-9;2018;{cells};gig work'
    (entry,) = read(f"{header}\n{row}\n")
    assert entry.record is not None and entry.problems == ()
    assert replace(entry.record, sources=()) == Record(
        title="A: B",
        type="article-journal",
        authors=(Name("Doe", "Ann"), Name("Roe", "Bob")),
        issued=(2018,),
        container_title="J",
        volume="12",
        issue="3",
        page="5-9",
        language={"Deutsch": "de", "Español": "es", "Français": "fr"}[cells],
        facets=Facets(keywords=("gig work",)),
    )


@pytest.mark.parametrize(
    ("header", "cells", "field", "lost"),
    [
        ("Title,Title,Year", "A,B,2000", "title", "B"),
        ("Title,Titel,Year", "A,B,2000", "title", "B"),
        ("Title,Year,Journal,journal", "A,2000,J,K", "journal", "K"),
        ("Title,Year,Author,Author", 'A,2000,"Doe, Ann","Roe, Bob"', "author", "Roe, Bob"),
    ],
)
def test_a_value_in_a_second_column_of_a_field_is_said_to_be_lost(
    header: str, cells: str, field: str, lost: str
) -> None:
    (entry,) = read(f"{header}\n{cells}\n")
    (problem,) = entry.problems
    assert (problem.severity, problem.line) == ("warning", 2)
    assert (problem.property, problem.value) == (field, lost)
    assert problem.message == f'two columns hold the field "{field}"; the first value was used'


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("Title,Title,Year", "A,,2000"),
        ("Title,Title,Year", ",A,2000"),
        ("Title,Title,Year", "A,A,2000"),
        ("Title,Title,Year", "A,nan,2000"),
        ("Title,Year,ISSN,ISSN", "A,2000,0378-5955,2049-3630"),
        ("Title,Year,Keywords,Keywords", "A,2000,x,y"),
    ],
)
def test_a_second_column_of_a_field_that_loses_nothing(header: str, cells: str) -> None:
    (entry,) = read(f"{header}\n{cells}\n")
    assert entry.record is not None and entry.record.title == "A" and entry.problems == ()


def test_an_empty_second_column_of_a_facet_takes_nothing_away() -> None:
    (record,) = records(read("Title,Year,Access,Access\nA,2000,Open access,\n"))
    assert record.facets.access == "Open access"


def test_kinds_in_german_spanish_and_french() -> None:
    kinds = "Zeitschriftenaufsatz Buch Tesis Livre Rapport".split()
    found = records(read("Titel;Dokumenttyp\n" + "".join(f"A;{kind}\n" for kind in kinds)))
    assert [record.type for record in found] == [
        "article-journal",
        "book",
        "thesis",
        "book",
        "report",
    ]


def test_a_table_of_zotero() -> None:
    entries = fixture("zotero.csv")
    assert [entry.problems for entry in entries] == [()] * 5
    article, chapter, report, paper, column = records(entries)
    assert replace(article, sources=()) == Record(
        title="Invented work on demand",
        type="article-journal",
        authors=(Name("Doe", "Ann"), Name("Roe", "Bob")),
        issued=(2018, 6),
        container_title="Review of Invented Work",
        volume="27",
        issue="3",
        page="1-20",
        doi="10.1000/x1",
        issn=("0033-5533",),
        url="https://example.org/x1",
        language="en",
        facets=Facets(keywords=("gig work", "platforms", "crowdwork")),
    )
    assert entries[0].source.key == "ABCD2345" and "Not read." not in repr(article)
    assert (chapter.type, chapter.container_title, chapter.collection_title) == (
        "chapter",
        "An Invented Book",
        "Series of Work",
    )
    assert (chapter.editors, chapter.isbn, chapter.language, chapter.publisher_place) == (
        (Name("Doe", "Ann"),),
        ("9780306406157",),
        "de",
        "Oxford",
    )
    assert (report.type, report.genre, report.publisher) == (
        "report",
        "Working paper",
        "Invented House",
    )
    assert (paper.type, paper.event_title) == ("paper-conference", "Conference on Invention")
    assert (column.type, column.issued) == ("article-newspaper", (2022, 3, 4))


def test_a_table_of_web_of_science() -> None:
    (entry,) = fixture("web-of-science.tsv")
    assert entry.problems == () and entry.record is not None
    assert replace(entry.record, sources=()) == Record(
        title="Invented work on demand",
        type="article-journal",
        authors=(Name("Doe", "Ann"), Name("Roe", "Bob", orcid="0000-0002-1825-0097")),
        issued=(2018, 6, 15),
        container_title="REVIEW OF INVENTED WORK",
        volume="27",
        issue="3",
        page="1-20",
        doi="10.1000/x1",
        issn=("0033-5533",),
        language="en",
        facets=Facets(keywords=("gig work",)),
    )


@pytest.mark.parametrize(
    ("header", "cells", "expected"),
    [
        pytest.param("volume,year", "27.0,2018.0", ("27", (2018,)), id="pandas"),
        pytest.param("volume,year", '"27,0",2018', ("27", (2018,)), id="decimal-comma"),
        pytest.param("volume,year", "2.5,2018", ("2.5", (2018,)), id="no-whole-number"),
        pytest.param("Volume,Date", "A1,1 June 2018", ("A1", (2018, 6, 1)), id="date"),
    ],
)
def test_numbers_that_pandas_made(header: str, cells: str, expected: tuple[str, object]) -> None:
    (record,) = records(read(f"title,{header}\nA,{cells}\n"))
    assert (record.volume, record.issued) == expected


def test_a_serial_number_that_pandas_made_is_one() -> None:
    (entry,) = read("title,issn,isbn\nA,12345679.0,9783161484100.0\n")
    assert entry.record is not None
    assert (entry.record.issn, entry.record.isbn) == (("1234-5679",), ("9783161484100",))


@pytest.mark.parametrize(
    "cell", ["gig work\npay", "gig work; pay", "gig work,\npay", "gig\nwork; pay"]
)
def test_a_cell_with_a_keyword_a_line_is_a_list(cell: str) -> None:
    (record,) = records(read(f'title,keywords\nA,"{cell}"\n'))
    assert record.facets.keywords == ("gig work", "pay")


@pytest.mark.parametrize(
    ("header", "cells", "said"),
    [
        ("Authors", '"Low A.; Li B."', ("author", "Low A.; Li B.")),
        ("Authors", '"Griff DK, Lark DM."', ("author", "Griff DK, Lark DM.")),
        (
            "Authors,Author full names",
            'Low A.,"Low, Ada (57190012345)"',
            ("author", "Low, Ada (57190012345)"),
        ),
        ("Year", "2018.0", ("year", "2018.0")),
    ],
)
def test_what_a_cell_says_is_stated_as_it_stands(
    header: str, cells: str, said: tuple[str, str]
) -> None:
    (record,) = records(read(f"Title,Journal,{header}\nA,J,{cells}\n"))
    assert said in record.sources[0].stated


def test_zotero_keeps_a_doi_in_a_line_of_extra() -> None:
    (record,) = records(read('Title,Item Type,Extra\nA,book,"OCLC: 1\nDOI: 10.5555/x1"\n'))
    assert record.doi == "10.5555/x1"


@pytest.mark.parametrize("nothing", ["nan", "NaN", "NULL", "None", "N/A", "#N/A", "NA"])
def test_what_a_program_writes_into_an_empty_cell_is_nothing(nothing: str) -> None:
    header = "title,author,year,journal,issue,doi,countries"
    (entry,) = read(f"{header}\nA,{nothing},2000,{nothing},{nothing},{nothing},Namibia\n")
    assert entry.record is not None and entry.problems == ()
    assert (entry.record.authors, entry.record.container_title) == ((), "")
    assert (entry.record.issue, entry.record.doi) == ("", "")
    (rejected,) = read(f"{header}\n{nothing},Doe,2000,J,1,,\n")
    assert [problem.message for problem in rejected.problems] == ["no title"]


@pytest.mark.parametrize("date", ["14-May", "5-Mai", "14. Mai", "1-Dec", "12.Okt."])
def test_a_date_that_a_spreadsheet_made_of_pages_or_an_issue_is_left_empty(date: str) -> None:
    (entry,) = read(f"title,author,year,pages,issue\nA,Doe,2000,{date},{date}\n")
    assert entry.record is not None and (entry.record.page, entry.record.issue) == ("", "")
    assert [(p.property, p.value) for p in entry.problems] == [("pages", date), ("issue", date)]
    assert all(
        "a spreadsheet has turned this value into a date" in p.message for p in entry.problems
    )


def test_pages_and_issues_that_look_like_dates_and_are_none() -> None:
    text = "title,author,year,pages,issue\nA,Doe,2000,Mai 14,Mar-21\nB,Doe,2000,12-Sup,Jan-Feb\n"
    first, second = records(read(text))
    assert (first.page, first.issue) == ("", "Mar-21")
    assert (second.page, second.issue) == ("12-Sup", "Jan-Feb")


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ("Griff DK, O'Conn RE.", (Name("Griff", "DK"), Name("O'Conn", "RE"))),
        ("GRIFF DK, LEE JA", (Name("GRIFF", "DK"), Name("LEE", "JA"))),
        ("A Low, B Li", (Name("Low", "A"), Name("Li", "B"))),
        ("Gatto, G.N., Sequo, F.A.", (Name("Gatto", "G.N."), Name("Sequo", "F.A."))),
        (
            "de Souza, G. N., Low, A.",
            (Name("Souza", "G. N.", particle="de"), Name("Low", "A.")),
        ),
    ],
)
def test_a_database_s_list_with_commas_is_no_reason_for_a_warning(
    names: str, expected: tuple[Name, ...]
) -> None:
    (entry,) = read(f'title,author,year\nA,"{names}",2000\n')
    assert entry.record is not None and entry.record.authors == expected
    assert entry.problems == ()


@pytest.mark.parametrize(
    ("names", "read_as"),
    [
        ("Jane Doe, Richard Roe", Name("Jane Doe", "Richard Roe")),
        ("García Márquez, Gabriel José", Name("García Márquez", "Gabriel José")),
    ],
)
def test_a_name_that_may_be_two_is_one_with_a_warning(names: str, read_as: Name) -> None:
    (entry,) = read(f'title,author,year\nA,"{names}",2000\n')
    (problem,) = entry.problems
    assert entry.record is not None and entry.record.authors == (read_as,)
    assert (problem.severity, problem.property, problem.value) == ("warning", "author", names)
    two = f"{read_as.family}; {read_as.given}"
    assert f'write "{two}"' in problem.remedy
    (entry,) = read(f'title,author,year\nA,"{two}",2000\n')
    assert entry.problems == () and entry.record is not None and len(entry.record.authors) == 2


@pytest.mark.parametrize(
    "names",
    ["Doe, Jane Ann", "García Márquez, Gabriel J.", "Gig Research Institute, Bonn Office"],
)
def test_a_name_that_is_one_has_no_warning(names: str) -> None:
    (entry,) = read(f'title,author,year\nA,"{names}",2000\n')
    assert entry.problems == ()


def test_scopus_full_names_go_before_its_short_ones() -> None:
    header = "Authors,Author full names,Title,Year,Page start,Page end"
    (record,) = records(read(f'{header}\nDoe A.,"Doe, Ann (57190012345)",A,2000,5,5\n'))
    assert (record.authors, record.page) == ((Name("Doe", "Ann"),), "5")


def mapping_file(folder: Path, text: str) -> Path:
    path = folder / "map.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_column_for_each_author() -> None:
    header = "Author 1;Author 2;Title;Year\n"
    entry, other = read(f"{header}Low, Ada;Mo, Cy;Gigs;2019\nLi, Bo;;Pay;2020\n")
    assert entry.record and entry.record.authors == (Name("Low", "Ada"), Name("Mo", "Cy"))
    assert entry.source.stated[0] == ("author", "Low, Ada; Mo, Cy")
    assert other.record and other.record.authors == (Name("Li", "Bo"),)


def test_columns_of_authors_that_an_export_has_sorted_by_name_are_read_by_number() -> None:
    (entry,) = read("Author 1,Author 10,Author 2,Title\nLow A,Mo C,Li B,Gigs\n")
    assert entry.record is not None
    assert [name.family for name in entry.record.authors] == ["Low", "Li", "Mo"]
    assert entry.source.stated[0] == ("author", "Low A; Li B; Mo C")


def test_notes_above_a_header_without_a_title_are_not_named_as_headers() -> None:
    text = "My review,,,\n,,,\nAuthor(s),Year,Name,Journal\nLow,2019,Gigs,Work Notes\n"
    with pytest.raises(UnreadableFile, match=r"headers found: Author\(s\), Year, Name, Journal;"):
        read(text)
    with_title = text.replace("Name", "Title of paper").replace("Year", "Year of publication")
    (entry,) = read(with_title)
    assert entry.record and (entry.record.title, entry.record.year) == ("Gigs", 2019)


def test_a_column_of_whole_citations(tmp_path: Path) -> None:
    path = tmp_path / "studies.csv"
    path.write_text(
        "No,Reference,DOI,Country\n"
        '1,"Low, A., & Mo, C. (2019). Gigs. Work Notes, 33(1), 56-75.",10.1000/1,Kenya\n'
        "2,see above,,\n"
    )
    entry, other = read_file(path)
    assert entry.record and other.record is None
    record = entry.record
    assert (record.title, record.issued, record.type) == ("Gigs", (2019,), "article-journal")
    assert record.authors == (Name("Low", "A."), Name("Mo", "C."))
    assert (record.container_title, record.volume, record.page) == ("Work Notes", "33", "56-75")
    assert (record.doi, record.facets.countries) == ("10.1000/1", ("Kenya",))
    assert {name for name, _ in record.sources[0].stated} == {"doi", "countries", "citation"}
    assert entry.problems == ()
    assert other.text == "2,see above,,"
    assert other.problems[0].message == "it is not clear where the title begins and ends"


def test_a_column_of_citations_beside_titles_is_not_read() -> None:
    (entry,) = read("Title,Year,Reference\nGigs,2019,Low 2019\n")
    assert [problem.message for problem in entry.problems] == ["not read: the column Reference"]


def test_a_mapping_file_names_the_fields_of_other_headers(tmp_path: Path) -> None:
    mapping = read_mapping(
        mapping_file(tmp_path, "header,field\nTitel,title\n\nVerfasser/in,Author\nJAHR,year\n")
    )
    source = SourceFile.of_text("titel;Jahr;Verfasser/in\nArbeit;2000;Doe, Ann\n", "x.csv")
    (entry,) = table.read(source, mapping)
    assert entry.record is not None
    assert (entry.record.title, entry.record.issued) == ("Arbeit", (2000,))
    assert entry.record.authors == (Name("Doe", "Ann"),)
    path = tmp_path / "y.csv"
    path.write_text("titel;Jahr\nArbeit;2000\n", encoding="utf-8")
    assert [e.record and e.record.title for e in read_file(path, mapping)] == ["Arbeit"]


def test_a_mapping_file_names_the_facets_of_other_headers(tmp_path: Path) -> None:
    text = "header,field\nStudy area,Countries\nSite,country\nDesign,methods\n"
    mapping = read_mapping(mapping_file(tmp_path, text))
    source = SourceFile.of_text(
        "Title,Year,Study area,Site,Design,Country\nA,2000,Kenya; Ghana,Mali,Survey,\n", "x.csv"
    )
    (entry,) = table.read(source, mapping)
    assert entry.record is not None
    assert entry.record.facets.countries == ("Kenya", "Ghana", "Mali")
    assert entry.record.facets.methods == ("Survey",)
    assert ("countries", "Kenya; Ghana; Mali") in entry.record.sources[0].stated
    assert not entry.problems


@pytest.mark.parametrize(
    "header",
    [
        "Title of the publication as it is listed in the bibliography",
        'The paper,\nwhich is called "work"',
    ],
    ids=["long", "two lines"],
)
def test_the_line_for_a_mapping_file_can_be_copied_from_the_message(
    tmp_path: Path, header: str
) -> None:
    cell = '"' + header.replace('"', '""') + '"'
    source = SourceFile.of_text(f"{cell},When\nWages of gig work,2000\n", "x.csv")
    with pytest.raises(UnreadableFile) as unread:
        list(table.read(source))
    line = str(unread.value.remedy).partition("header,field and ")[2].partition(" to a CSV file")[0]
    mapping = read_mapping(mapping_file(tmp_path, f"header,field\n{line}\n"))
    (entry,) = table.read(source, mapping)
    assert entry.record is not None and entry.record.title == "Wages of gig work"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("Titel,titel\n", 'line 1: unknown field "titel"; the fields are', id="field"),
        pytest.param(
            "a,title\nb\n",
            "line 2: expected 2 cells, a header and its field, but found 1",
            id="one-cell",
        ),
        pytest.param(
            "a,title\nA,year\n", 'line 2: the header "A" is mapped to two fields', id="twice"
        ),
        pytest.param("header,field\n", "no row maps a header", id="empty"),
    ],
)
def test_a_mapping_file_that_cannot_be_used(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(UnreadableFile) as error:
        read_mapping(mapping_file(tmp_path, text))
    assert str(error.value).startswith("map.csv") and said in str(error.value)


def test_every_line_may_open_a_quote_that_none_closes() -> None:
    count = 20_000
    entries = read("title,year\n" + 'x","y\n' * count)
    assert len(entries) == count


def test_a_type_is_guessed_only_from_a_journal() -> None:
    kinds = [record.type for record in records(read("title,journal,year\nA,J,2000\nB,,2000\n"))]
    assert kinds == ["article-journal", "document"]


def test_a_cell_over_the_limit_of_csv_is_read_and_the_limit_left_as_it_was() -> None:
    before = csv.field_size_limit()
    (record,) = records(read(f"title,year,abstract\nA,2000,{'x' * 200_000}\n"))
    assert record.title == "A"
    assert csv.field_size_limit() == before


def test_a_quote_never_closed_costs_one_row() -> None:
    entries = read('title,year\nA,2000\n"B,2001\nC,2002\nD,2003\n')
    assert [entry.record and entry.record.title for entry in entries] == ["A", None, "C", "D"]
    assert entries[1].problems[0].message == "a quotation mark is never closed"
    assert (entries[1].text, entries[1].source.position) == ('"B,2001', 3)
    assert entries[2].source.position == 4


def test_a_short_row_is_kept_and_said() -> None:
    (entry,) = read("title,year,author\nA,2000\n")
    assert entry.record is not None
    assert [problem.message for problem in entry.problems] == ["2 cells, but the header has 3"]


def test_a_key_twice_keeps_both_rows() -> None:
    first, second = read("key,title,year\nk,A,2000\nk,B,2000\n")
    assert first.record is not None and second.record is not None
    assert [p.message for p in second.problems] == [
        'an earlier row in this file has the same key, "k"'
    ]


_CELLS = st.text(st.sampled_from('ab é,;"\n\t-&{}\\'), max_size=8)
_FIELDS = ("title", "author", "year", "journal", "doi")


@given(st.lists(st.tuples(*[_CELLS] * len(_FIELDS)), max_size=5))
def test_a_row_says_what_the_same_entry_says(rows: list[tuple[str, ...]]) -> None:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([("ENTRYTYPE", *_FIELDS), *(("article", *row) for row in rows)])
    entries = read(out.getvalue())
    assert len(entries) == len(rows)
    for row, entry in zip(rows, entries, strict=True):
        fields = ", ".join(
            f"{name} = {{{value}}}" for name, value in zip(_FIELDS, row, strict=True)
        )
        (same,) = (
            bibtex.read(SourceFile.of_text(f"@article{{k, {fields}}}", "works.bib"))
            if _plain(row)
            else (None,)
        )
        if same is not None:
            assert _facts(same) == _facts(entry)


def _plain(row: tuple[str, ...]) -> bool:
    """BibTeX can hold it, and it has none of the marks that only a table's names have."""
    return not set("{}\\;") & set("".join(row)) and ",," not in row[1]


def _facts(entry: Entry) -> Record | None:
    return replace(entry.record, sources=()) if entry.record else None


@pytest.mark.parametrize("shape", [str, lambda text: f"title,author\n{text}"])
@given(text=st.text())
def test_no_text_raises_but_for_its_header(shape: Callable[[str], str], text: str) -> None:
    try:
        entries = read(shape(text))
    except UnreadableFile:
        return
    for entry in entries:
        assert entry.record is not None or entry.problems[0].severity == "violation"


def test_what_a_row_says_of_the_facets_is_stated_with_where_it_was_read(tmp_path: Path) -> None:
    path = tmp_path / "coded.tsv"
    path.write_text(
        "title\tauthors\tyear\tcountries\tplatforms\tmethods\tevidence\n"
        "Riders in Poland\tNowak, Anna\t2020\tPoland\tGlovo; Uber Eats\t\ttitle: Poland\n"
    )
    (entry,) = read_file(path)
    assert entry.record
    assert entry.record.facets.platforms == ("Glovo", "Uber Eats")
    assert entry.source.stated[3:] == (
        ("countries", "Poland"),
        ("platforms", "Glovo; Uber Eats"),
        ("evidence", "title: Poland"),
    )
    assert not entry.problems


@pytest.mark.parametrize(
    ("header", "row", "kind"),
    [
        ("source title", "Zenodo", "document"),
        ("journal title", "Work Notes", "article-journal"),
        ("source title\tvolume", "Work Notes\t7", "article-journal"),
        ("source title\ttype", "Work Notes\t", "article-journal"),
    ],
)
def test_a_source_title_alone_makes_no_journal_article(
    tmp_path: Path, header: str, row: str, kind: str
) -> None:
    path = tmp_path / "works.tsv"
    path.write_text(f"title\tauthors\tyear\t{header}\nRiders\tNowak, Anna\t2020\t{row}\n")
    (entry,) = read_file(path)
    assert entry.record and (entry.record.type, entry.record.container_title) == (
        kind,
        row.split("\t")[0],
    )


def test_the_number_of_a_chapter_in_a_series_is_no_issue() -> None:
    header = "Key,Item Type,Title,Publication Title,Series,Series Number"
    (entry,) = read(f"{header}\nA,bookSection,A,A book,Studies,3\n")
    assert entry.record is not None
    assert (entry.record.issue, entry.record.number) == ("", "3")


@pytest.mark.parametrize(
    ("row", "is_told"),
    [
        ('"A "quoted" title",Low', True),
        ('"A, open,"Low, Ada"', True),
        ('"A ""quoted"" title",Low', False),
        ('A 5" screen,Low', False),
    ],
)
def test_a_quotation_mark_that_is_not_doubled_is_told(row: str, is_told: bool) -> None:
    (entry,) = read(f"Title,Author\n{row}\n")
    messages = [problem.message for problem in entry.problems]
    assert any("not doubled" in message for message in messages) is is_told
