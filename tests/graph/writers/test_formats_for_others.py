"""What other programs need of the files we write: Zotero, LaTeX, CSL processors, spreadsheets."""

import csv
import io
import json
import re

import pytest
from bibtexparser.entrypoint import parse_string

from oograph.graph.catalogue import Catalogue, default_folder
from oograph.graph.model import Facets, Name, Record
from oograph.graph.readers import READERS
from oograph.graph.readers.source import SourceFile
from oograph.graph.writers import WRITERS
from oograph.graph.writers.table import write_for_spreadsheets

WORKS = list(Catalogue.read(default_folder()).works)
RECORD = Record(
    title="Understanding R&D on the iPhone in Kenya",
    type="article-journal",
    id="malik-2017-understanding",
    authors=(Name("Malik", "Fareesa"), Name("Schaar", "M.", "van der"), Name(literal="World Bank")),
    more_authors=True,
    issued=(2017, 3, 1),
    container_title="A Journal",
    volume="7",
    issue="1",
    page="425-436",
    doi="10.1000/a_b",
    url="https://example.org/~a",
    language="en",
    facets=Facets(keywords=("income", "work")),
)
#: The variables of CSL 1.0.2 (https://docs.citationstyles.org/en/stable/specification.html,
#: appendix IV), with what its JSON schema has beside them.
STANDARD = set(
    "abstract annote archive archive_collection archive_location archive-place authority "
    "call-number citation-key citation-label citation-number collection-title container-title "
    "container-title-short dimensions division DOI event event-title event-place "
    "first-reference-note-number genre ISBN ISSN jurisdiction keyword language license locator "
    "medium note original-publisher original-publisher-place original-title page page-first part "
    "part-title PMCID PMID publisher publisher-place references reviewed-genre reviewed-title "
    "scale section source status title title-short URL volume-title year-suffix".split()
)
NUMBERS = set(
    "chapter-number citation-number collection-number edition issue number number-of-pages "
    "number-of-volumes page page-first part-number printing-number section supplement-number "
    "version volume".split()
)
NAME_VARIABLES = {"author", "editor"}
NAME_PARTS = {"family", "given", "non-dropping-particle", "suffix", "literal"}


@pytest.mark.parametrize(
    ("name", "ending", "media_type"),
    [
        ("bibtex", ".bib", "application/x-bibtex"),
        ("ris", ".ris", "application/x-research-info-systems"),
        ("csl", ".json", "application/vnd.citationstyles.csl+json"),
        ("csv", ".csv", "text/csv"),
    ],
)
def test_the_formats(name: str, ending: str, media_type: str) -> None:
    assert (WRITERS[name].ending, WRITERS[name].media_type) == (ending, media_type)


def test_bibtex() -> None:
    assert "".join(WRITERS["bibtex"].write([RECORD])) == (
        "@article{malik-2017-understanding,\n"
        "  author = {Malik, Fareesa and van der Schaar, M. and {World Bank} and others},\n"
        r"  title = {Understanding {R\&D} on the {iPhone} in {Kenya}}," + "\n"
        "  journal = {A Journal},\n"
        "  volume = {7},\n"
        "  number = {1},\n"
        "  pages = {425--436},\n"
        "  doi = {10.1000/a_b},\n"
        "  url = {https://example.org/~a},\n"
        "  langid = {english},\n"
        "  language = {en},\n"
        "  year = {2017},\n"
        "  month = {mar},\n"
        "  day = {1},\n"
        "  keywords = {income, work},\n"
        "}\n\n"
    )


@pytest.mark.parametrize(
    ("title", "written"),
    [
        ('Making a "Pro": Professionalism', 'Making a "{Pro}": {Professionalism}'),
        ("“We” are not invisible", "“{We}” are not invisible"),
        ("Decent work in Africa?", "Decent work in {Africa}?"),
        ("Research & Development", r"Research \& {Development}"),
        ("On-demand work", "On-demand work"),
        ("eLancing, then", "{eLancing}, then"),
    ],
)
def test_marks_around_a_word_stay_outside_its_braces(title: str, written: str) -> None:
    text = "".join(WRITERS["bibtex"].write([Record(title, id="a")]))
    assert f"  title = {{{written}}},\n" in text
    [entry] = parse_string(text).entries
    assert entry["title"] == written
    [read] = READERS["bibtex"].reader.read(SourceFile.of_text(text, "works.bib"))
    assert read.record and read.record.title == title


@pytest.mark.parametrize(
    ("tag", "name"),
    [("en", "english"), ("en-US", "american"), ("de", "ngerman"), ("pt-BR", "brazilian")],
)
def test_a_language_has_babels_name_and_its_tag(tag: str, name: str) -> None:
    text = "".join(WRITERS["bibtex"].write([Record("A title", id="a", language=tag)]))
    assert f"  langid = {{{name}}},\n  language = {{{tag}}},\n" in text
    without_tag = text.replace(f"  language = {{{tag}}},\n", "")
    for written in (text, without_tag):
        [read] = READERS["bibtex"].reader.read(SourceFile.of_text(written, "works.bib"))
        assert read.record and read.record.language == tag


@pytest.mark.parametrize("title", ["a { b", "a } b", "a \\ b", "}}{{", "a\n@article{x,\nb"])
def test_braces_balance_for_bibtex_whatever_the_value(title: str) -> None:
    text = "".join(WRITERS["bibtex"].write([Record(title, id="a")]))
    depth = 0
    for brace in re.findall(r"[{}]", text):  # BibTeX counts escaped ones too
        depth += 1 if brace == "{" else -1
        assert depth >= 0
    assert depth == 0
    assert len(re.findall(r"^@", text, re.MULTILINE)) == 1


def test_ris_has_one_title_and_one_sn() -> None:
    work = Record(
        "Pay",
        id="a",
        original_title="Lohn",
        isbn=("9783319591100", "9783319591117"),
        issn=("1234-5679",),
    )
    lines = "".join(WRITERS["ris"].write([work])).split("\r\n")
    assert lines == [
        "TY  - GEN",
        "ID  - a",
        "TI  - Pay",
        "N1  - Original title: Lohn",
        "SN  - 9783319591100; 9783319591117; 1234-5679",
        "ER  - ",
        "",
        "",
    ]


def test_ris() -> None:
    lines = "".join(WRITERS["ris"].write([RECORD])).split("\r\n")
    assert lines == [
        "TY  - JOUR",
        "ID  - malik-2017-understanding",
        "AU  - Malik, Fareesa",
        "AU  - van der Schaar, M.",
        "AU  - World Bank",
        "AU  - et al.",
        "TI  - Understanding R&D on the iPhone in Kenya",
        "PY  - 2017",
        "DA  - 2017/03/01",
        "T2  - A Journal",
        "VL  - 7",
        "IS  - 1",
        "SP  - 425",
        "EP  - 436",
        "DO  - 10.1000/a_b",
        "UR  - https://example.org/~a",
        "LA  - en",
        "KW  - income",
        "KW  - work",
        "ER  - ",
        "",
        "",
    ]


@pytest.mark.parametrize("title", ["ER  - ", "a\nER  - \nb", "a\r\nTY  - BOOK", "a\x85ER  - b"])
def test_no_value_ends_an_entry_of_ris(title: str) -> None:
    text = "".join(WRITERS["ris"].write([Record(f"x {title}", id="a")]))
    assert len(re.findall(r"^ER  - $", text.replace("\r\n", "\n"), re.MULTILINE)) == 1
    assert len(re.findall(r"^TY  - ", text.replace("\r\n", "\n"), re.MULTILINE)) == 1
    assert "\n" not in text.replace("\r\n", "")


def test_the_shipped_works_are_csl_json_1_0_2() -> None:
    items = json.loads("".join(WRITERS["csl"].write(WORKS)))
    assert len(items) == len(WORKS)
    for item in items:
        assert isinstance(item["id"], str) and isinstance(item["type"], str)
        for variable, value in item.items():
            if variable in NAME_VARIABLES:
                assert all(set(name) <= NAME_PARTS for name in value)
                assert all(isinstance(part, str) for name in value for part in name.values())
            elif variable == "issued":
                ((*parts,),) = value["date-parts"]
                assert 1 <= len(parts) <= 3 and all(isinstance(part, int) for part in parts)
            elif variable == "custom":
                assert isinstance(value, dict)
            else:
                assert variable in STANDARD | NUMBERS | {"id", "type"}
                assert isinstance(value, str)


def test_csl_json_has_keywords_where_others_look() -> None:
    (item,) = json.loads("".join(WRITERS["csl"].write([RECORD])))
    assert item["keyword"] == "income, work"


def test_csv() -> None:
    text = "".join(WRITERS["csv"].write([RECORD]))
    assert text.count("\r\n") == 2
    (row,) = csv.DictReader(io.StringIO(text, newline=""))
    assert {name: value for name, value in row.items() if value} == {
        "Key": "malik-2017-understanding",
        "Item Type": "journalArticle",
        "Publication Year": "2017",
        "Author": "Malik, Fareesa; van der Schaar, M.; World Bank; others",
        "Title": "Understanding R&D on the iPhone in Kenya",
        "Publication Title": "A Journal",
        "DOI": "10.1000/a_b",
        "Url": "https://example.org/~a",
        "Date": "2017-03-01",
        "Pages": "425-436",
        "Issue": "1",
        "Volume": "7",
        "Language": "en",
        "Manual Tags": "income; work",
    }


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@SUM(A1)", 'a "b"\nc', "\ta", "a,b;c"])
def test_no_value_of_csv_is_changed(title: str) -> None:
    text = "".join(WRITERS["csv"].write([Record(title, id="a")]))
    (row,) = csv.DictReader(io.StringIO(text, newline=""))
    assert row["Title"] == title


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r=", "\n=", "＝", "＠"])
def test_a_formula_is_a_text_where_it_is_written_for_spreadsheets(start: str) -> None:
    title = f"{start}1+1"
    record = Record(title, id="a", authors=(Name(literal=f"{start}A"),), publisher=f"see {title}")
    text = "".join(write_for_spreadsheets([record]))
    (row,) = csv.DictReader(io.StringIO(text, newline=""))
    assert row["Title"] == f"'{title}"
    assert row["Author"] == f"'{start}A"
    assert all(not cell.startswith(start[0]) for cell in row.values())


def test_for_spreadsheets_all_else_is_the_same() -> None:
    harmless = [work for work in WORKS if work.title[0].isalpha()]
    plain = "".join(WRITERS["csv"].write(harmless))
    assert len(harmless) > 100
    assert "".join(write_for_spreadsheets(harmless)).replace("'-", "-") == plain.replace("'-", "-")


@pytest.mark.parametrize("author", ["{Foo bar, Bob}", "{{Foo bar}, Bob}", "{{Foo} bar, {B}ob}"])
def test_csv_has_names_without_the_braces_of_bibtex(author: str) -> None:
    text = f"@article{{x, title = {{A b}}, year = 2000, author = {author}}}"
    (entry,) = READERS["bibtex"].reader.read(SourceFile.of_text(text, "a.bib"))
    assert entry.record is not None
    written = "".join(WRITERS["csv"].write([entry.record]))
    (row,) = csv.DictReader(io.StringIO(written, newline=""))
    assert row["Author"] == "Foo bar, Bob"
    (again,) = READERS["table"].reader.read(SourceFile.of_text(written, "a.csv"))
    assert again.record is not None and again.record.authors == entry.record.authors
