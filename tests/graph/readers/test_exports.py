"""Files as databases and reference managers write them: one small export a dialect.

The inputs are made up; the way they are written is that of the program they are named after.
"""

import json
from pathlib import Path

import pytest

from oograph.graph.errors import UnreadableFile
from oograph.graph.model import Entry, Name, Record
from oograph.graph.readers import read_file
from oograph.graph.readers.prose import prose
from oograph.graph.readers.proxies import unproxied


def read(folder: Path, name: str, text: str) -> list[Entry]:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return list(read_file(path))


def record(folder: Path, name: str, text: str) -> Record:
    (entry,) = read(folder, name, text)
    assert entry.record is not None, entry.problems
    return entry.record


def ris(folder: Path, kind: str, *lines: str) -> Record:
    return record(folder, "works.ris", "\n".join([f"TY  - {kind}", *lines, "ER  - ", ""]))


# --- RIS --------------------------------------------------------------------------------------


def test_web_of_science_gives_a_conference_as_cp_and_the_body_behind_it_as_a1(
    tmp_path: Path,
) -> None:
    work = ris(
        tmp_path,
        "CPAPER",
        "AU  - Sark, E",
        "A1  - IEEE",
        "TI  - Bidding on microtasks",
        "T2  - 2019 Crowd Platform Meeting",
        "CP  - 8th Meeting on Crowd Platforms",
        "AN  - WOS:000000000000017",
    )
    assert work.authors == (Name("Sark", "E"),)
    assert (work.issue, work.event_title) == ("", "8th Meeting on Crowd Platforms")
    assert work.container_title == "2019 Crowd Platform Meeting"


def test_sciencedirect_has_a_special_issue_in_t2(tmp_path: Path) -> None:
    lines = ["TI  - A", "T2  - Special issue on gigs", "JO  - Work Notes", "VL  - 3"]
    url = "UR  - https://www.sciencedirect.com/science/article/pii/S1"
    work = ris(tmp_path, "JOUR", *lines, url)
    assert (work.container_title, work.collection_title) == ("Work Notes", "Special issue on gigs")
    assert ris(tmp_path, "JOUR", *lines).container_title == "Special issue on gigs"


def test_a_chapter_has_its_series_in_t2_beside_bt(tmp_path: Path) -> None:
    work = ris(tmp_path, "CHAP", "TI  - A", "BT  - The Book", "T2  - Work Series")
    assert (work.container_title, work.collection_title) == ("The Book", "Work Series")
    work = ris(tmp_path, "CHAP", "TI  - A", "T2  - The Book", "T3  - Work Series")
    assert (work.container_title, work.collection_title) == ("The Book", "Work Series")


def test_web_of_science_repeats_the_authors_of_a_book(tmp_path: Path) -> None:
    names = ["AU  - Sark, E", "AU  - Low, A", "A1  - Sark, E", "A1  - Low, A"]
    lines = ["TI  - Bids", "T2  - BIDS", "AN  - WOS:000000000000017"]
    authors = (Name("Sark", "E"), Name("Low", "A"))
    assert ris(tmp_path, "BOOK", *names, *lines).authors == authors
    assert ris(tmp_path, "CHAP", *names, "A1  - Mo, C", *lines).authors == authors
    assert ris(tmp_path, "JOUR", *names, "TI  - Bids").authors == authors


def test_namesakes_are_two_authors(tmp_path: Path) -> None:
    names = ["Wang, J", "Wang, J"]
    for tag in ("AU", "A1"):
        work = ris(tmp_path, "JOUR", "TI  - Bids", *(f"{tag}  - {name}" for name in names))
        assert work.authors == (Name("Wang", "J"), Name("Wang", "J"))


def test_web_of_science_has_addresses_in_c1_and_c3(tmp_path: Path) -> None:
    work = ris(
        tmp_path,
        "CPAPER",
        "AU  - Sark, E",
        "TI  - Bidding on microtasks",
        "T2  - 2019 Crowd Platform Meeting",
        "C1  - Example Univ, Leeds, England",
        "C3  - Example University",
        "AN  - WOS:000000000000017",
    )
    assert (work.container_title, work.event_title) == ("2019 Crowd Platform Meeting", "")
    assert work.publisher_place == ""


def test_psycinfo_lists_what_a_work_cites(tmp_path: Path) -> None:
    work = ris(
        tmp_path,
        "JOUR",
        "DB  - APA PsycInfo <2021>",
        "T1  - Burnout among couriers",
        "A1  - Low, Ada",
        "A2  - Sark, E., Mo, C., Sark, Munro, I.",
        "M3  - Personnel Attitudes & Job Satisfaction [3650]",
        "JF  - Work Notes",
        "VL  - 13",
        "M1  - Sark, E., and Mo, C. (2000). A manual. Leeds: Example Press",
        "M1  - Munro, I. (1994). Another manual. Leeds: Example Press",
    )
    assert (work.editors, work.number, work.genre) == ((), "", "")


def test_medline_at_ovid_lists_who_took_part_and_comments(tmp_path: Path) -> None:
    lines = ["DB  - Ovid MEDLINE(R) <2022>", "T1  - Burnout", "A1  - Low, Ada"]
    lines += ["A2  - Sark E, Mo C, Munro I", "T3  - Comment in: Work Notes. 2022", "LA  - English."]
    work = ris(tmp_path, "JOUR", *lines)
    assert (work.editors, work.collection_title, work.language) == ((), "", "en")


def test_the_author_in_translation_is_no_journal(tmp_path: Path) -> None:
    work = ris(tmp_path, "BOOK", "TI  - A", "T2  - Notes on Work", "TA  - Mo, Cy")
    assert (work.container_title, work.collection_title) == ("", "Notes on Work")
    assert ris(tmp_path, "JOUR", "TI  - A", "TA  - Work Not").container_title == "Work Not"


def test_an_issue_in_cp_is_an_issue(tmp_path: Path) -> None:
    assert ris(tmp_path, "JOUR", "TI  - A", "CP  - 3-4").issue == "3-4"


def test_scopus_gives_a_paper_in_a_book_series_as_ser(tmp_path: Path) -> None:
    work = ris(
        tmp_path, "SER", "TI  - A", "C3  - Lecture Notes", "VL  - 76", "M3  - Conference Paper"
    )
    assert (work.type, work.container_title) == ("paper-conference", "Lecture Notes")
    assert ris(tmp_path, "SER", "TI  - A", "M3  - Book Chapter").type == "chapter"


def test_scopus_gives_an_article_in_press_as_inpr(tmp_path: Path) -> None:
    work = ris(tmp_path, "INPR", "TI  - A", "T2  - Work Notes", "M3  - Article in Press")
    assert (work.type, work.container_title, work.genre) == ("article-journal", "Work Notes", "")
    assert ris(tmp_path, "INPR", "TI  - A").type == "article"


def test_m1_of_an_article_without_is_is_the_issue(tmp_path: Path) -> None:
    work = ris(tmp_path, "JOUR", "TI  - A", "M1  - 3")
    assert (work.issue, work.number) == ("3", "")
    work = ris(tmp_path, "JOUR", "TI  - A", "IS  - 2", "M1  - 3")
    assert (work.issue, work.number) == ("2", "3")
    assert ris(tmp_path, "RPRT", "TI  - A", "M1  - 3").number == "3"


@pytest.mark.parametrize(
    ("lines", "title", "original"),
    [
        (("TI  - Pay: an essay", "TT  - Pay", "LA  - English"), "Pay: an essay", ""),
        (("TI  - Pay: an essay", "TT  - Pay"), "Pay: an essay", ""),
        (("TI  - Lohn", "TT  - Pay", "LA  - German"), "Pay", "Lohn"),
        (("TI  - Lohn", "TT  - Pay"), "Pay", "Lohn"),
        (("TI  - Pay", "N1  - Original title: Lohn"), "Pay", "Lohn"),
    ],
)
def test_a_second_title_is_a_translation_or_a_short_one(
    tmp_path: Path, lines: tuple[str, ...], title: str, original: str
) -> None:
    work = ris(tmp_path, "JOUR", *lines)
    assert (work.title, work.original_title) == (title, original)


def test_ty_need_not_be_the_first_tag(tmp_path: Path) -> None:
    text = (
        "DB  - X\nTI  - Riders\nSP  - 67-76\nTY  - JOUR\nSO  - Work Notes\n"
        "AU  - Maris, A.\nER  - \n"
    )
    work = record(tmp_path, "a.ris", text + "\n")
    assert (work.type, work.page, work.container_title) == (
        "article-journal",
        "67-76",
        "Work Notes",
    )


def test_records_without_er_are_records(tmp_path: Path) -> None:
    entries = read(tmp_path, "a.ris", "TY  - JOUR\nTI  - One\nTY  - JOUR\nTI  - Two\n")
    assert [entry.record and entry.record.title for entry in entries] == ["One", "Two"]


def test_a_tag_nobody_knows_ends_the_value_before_it_and_is_named_once(tmp_path: Path) -> None:
    text = "TY  - JOUR\nTI  - One\nIS  - 1\nPG  - 14316\nZZ  - x\n wrapped\nER  - \n"
    one, two = read(tmp_path, "a.ris", text + text.replace("One", "Two"))
    assert one.record is not None and two.record is not None
    assert (one.record.issue, one.record.page) == ("1", "14316")
    messages = [p.message for entry in (one, two) for p in entry.problems if "ZZ" in p.message]
    assert messages == ["not read: the tag ZZ"]


def test_a_long_tag_that_is_not_of_ris_ends_the_value_before_it(tmp_path: Path) -> None:
    text = "TY  - JOUR\nTI  - One\nAU  - Low, A.\nLID  - 7\nISSN  - 1234-5679\nT2  - B\nER  - \n"
    (entry,) = read(tmp_path, "a.ris", text)
    assert entry.record is not None
    assert (
        list(map(str, entry.record.authors)) == ["A. Low"] and entry.record.container_title == "B"
    )
    assert "not read: the tags LID, ISSN" in [problem.message for problem in entry.problems]


def test_names_without_commas(tmp_path: Path) -> None:
    (entry,) = read(
        tmp_path,
        "a.ris",
        "TY  - JOUR\nTI  - A\nAU  - CROUD, ANGUS D.\nAU  - CAIZHI SHEN\nAU  - Hughes GB\n"
        "AU  - Oxfam UK\nER  - \n",
    )
    assert entry.record is not None
    assert entry.record.authors == (
        Name("CROUD", "ANGUS D."),
        Name("SHEN", "CAIZHI"),
        Name("Hughes", "GB"),
        Name(literal="Oxfam UK"),
    )
    assert [p.value for p in entry.problems if p.property == "AU"] == ["CAIZHI SHEN"]


def test_a_serial_number_of_zeros_is_none(tmp_path: Path) -> None:
    assert ris(tmp_path, "JOUR", "TI  - A", "SN  - 00000000").issn == ()


# --- BibTeX -----------------------------------------------------------------------------------


def test_types_of_biblatex(tmp_path: Path) -> None:
    text = "".join(
        f"@{kind}{{{kind}, title={{A}}}}\n" for kind in ("standard", "software", "dataset")
    )
    types = [e.record and e.record.type for e in read(tmp_path, "a.bib", text)]
    assert types == ["standard", "software", "dataset"]


def test_braces_escaped_once_too_often(tmp_path: Path) -> None:
    work = record(tmp_path, "a.bib", r"@article{a, title={On \{GIG\} work}, journal={A \{and\} B}}")
    assert (work.title, work.container_title) == ("On GIG work", "A and B")


def test_an_and_in_braces_joins_nothing(tmp_path: Path) -> None:
    (entry,) = read(tmp_path, "a.bib", "@book{a, author={Orwin {and} Daughters}, title={A}}")
    assert entry.record is not None
    assert entry.record.authors == (Name(literal="Orwin and Daughters"),)
    assert any("joins nothing" in p.message for p in entry.problems)


@pytest.mark.parametrize(
    "names",
    [
        "Wilker E, Rinken G, Brooks KA",
        "Wilker E and Rinken G and Brooks KA",
        "Wilker E, Rinken G, Brooks KA.",
    ],
)
def test_initials_behind_the_family_name(tmp_path: Path, names: str) -> None:
    work = record(tmp_path, "a.bib", f"@article{{a, author={{{names}}}, title={{A}}}}")
    assert work.authors == (Name("Wilker", "E"), Name("Rinken", "G"), Name("Brooks", "KA"))


# --- tables -----------------------------------------------------------------------------------

LOW_AND_LI = (Name("Low", "Ada"), Name("Li", "Bo"))
TABLES = {
    "openalex": (
        "id,doi,display_name,publication_year,publication_date,language,type,"
        "primary_location.source.display_name,primary_location.source.issn,"
        "authorships.author.display_name,biblio.volume,biblio.issue,"
        "biblio.first_page,biblio.last_page\n"
        "https://openalex.org/W1,https://doi.org/10.5555/1,Gigs,2024,2024-02-01,en,"
        "article,Work Notes,"
        "1234-5679,Ada Low|Bo Li,7,2,10,20\n"
    ),
    "lens": (
        "Lens ID,Title,Date Published,Publication Year,Publication Type,Source Title,"
        "ISSNs,Author/s,"
        "Volume,Issue Number,Start Page,End Page,DOI\n"
        "000-1,Gigs,2024-02-01,2024,journal article,Work Notes,12345679,Ada Low; Bo Li,7,2,10,20,"
        "10.5555/1\n"
    ),
    "dimensions": (
        '"About the data: Exported on Feb 1, 2025"\n'
        "Rank,Publication ID,DOI,Title,Source title,Publication Date,PubYear,Volume,"
        "Issue,Pagination,"
        "Authors,Publication Type,ISSN\n"
        '1,pub.1,10.5555/1,Gigs,Work Notes,2024-02-01,2024,7,2,10-20,"Low, Ada; Li, Bo",Article,'
        "1234-5679\n"
    ),
    "covidence": (
        "Title,Authors,Abstract,Published Year,Published Month,Journal,Volume,Issue,"
        "Pages,DOI,Notes,"
        "ISSN,Publication date\n"
        'Gigs,"Low, Ada; Li, Bo",,2024,2,Work Notes,7,2,10-20,10.5555/1,,1234-5679,2024-02-01\n'
    ),
    "rayyan": (
        "key,title,year,month,day,journal,issn,volume,issue,pages,authors,url,publisher,doi\n"
        'rayyan-1,Gigs,2024,2,1,Work Notes,1234-5679,7,2,10-20,"Low, Ada and Li, Bo",,,10.5555/1\n'
    ),
    "web of science": (
        "PT\tAU\tAF\tTI\tSO\tDT\tSN\tPY\tPD\tVL\tIS\tBP\tEP\tDI\tUT\n"
        "J\tLow, A; Li, B\tLow, Ada; Li,"
        " Bo\tGigs\tWork Notes\tArticle\t1234-5679\t2024\tFEB 1\t7\t2\t"
        "10\t20\t10.5555/1\tWOS:1\n"
    ),
    "embase": (
        '"SEARCH QUERY","gig:ti"\n---------------\n\n'
        '"Title","Author Names","Source title","Publication Year","Date of publication","Volume",'
        '"Issue","First Page","Last Page","DOI","ISSN"\n'
        '"Gigs","Low, Ada; Li, Bo","Work Notes","2024","1 Feb 2024","7","2","10","20","10.5555/1",'
        '"1234-5679"\n'
    ),
    "paperpile": (
        "Item type,Authors,Title,Full journal,Publication year,Volume,Issue,Page(s),ISSN,DOI,Date\n"
        'Journal Article,"Low, Ada; Li, Bo",Gigs,Work Notes,2024,7,2,10-20,1234-5679,10.5555/1,'
        "2024-02-01\n"
    ),
    "proquest": (
        "Title,Authors,digitalObjectIdentifier,documentType,issn,issue,pages,pubdate,pubtitle,"
        "volume,year\n"
        'Gigs,"Low, Ada; Li, Bo",10.5555/1,Journal Article,1234-5679,2,10-20,2024-02-01,'
        "Work Notes,7,2024\n"
    ),
    "a table of Python": (
        "title,authors,journal,type,year,date,volume,issue,pages,doi,issn\n"
        "Gigs,\"['Low, Ada', 'Li, Bo']\",Work Notes,article,2024,2024-02-01,7,2,10-20,10.5555/1,"
        "\"['1234-5679']\"\n"
    ),
    "refworks": (
        "Reference Type\tAuthors, Primary\tTitle Primary\tPeriodical Full\tPub Year\tVolume\tIssue"
        "\tStart Page\tOther Pages\tISSN\tDOI\tDate\n"
        "Journal Article\tLow,Ada; Li,Bo\tGigs\tWork Notes\t2024\t7\t2\t10\t20\t1234-5679"
        "\t10.5555/1\t2024-02-01\n"
    ),
    "guarded for a spreadsheet": (
        "Article Title,Author,Journal Title,ISSN,Publication Date,Volume,Issue,"
        "First Page,Last Page,DOI\n"
        'Gigs,"Low, Ada & Li, Bo",Work Notes,"=""12345679""",2024-02-01,7,2,'
        '"=""10""",20,10.5555/1\n'
    ),
}


@pytest.mark.parametrize("dialect", TABLES)
def test_a_table_as_it_is_exported(tmp_path: Path, dialect: str) -> None:
    work = record(tmp_path, "works.csv", TABLES[dialect])
    assert (work.title, work.type, work.authors) == ("Gigs", "article-journal", LOW_AND_LI)
    assert (work.container_title, work.volume, work.issue, work.page) == (
        "Work Notes",
        "7",
        "2",
        "10-20",
    )
    assert (work.issued, work.doi, work.issn) == ((2024, 2, 1), "10.5555/1", ("1234-5679",))


def test_tables_of_web_of_science_and_bibliometrix_have_generated_keywords_in_id(
    tmp_path: Path,
) -> None:
    header = "AU,DE,ID,TI,PY,UT,SR\n"
    first, second = read(
        tmp_path,
        "m.csv",
        f"{header}WOOD AJ;LOW M,GIGS,LABOR;PAY,ONE,2019,WOS1,x\nLOW M,,LABOR;PAY,TWO,2018,WOS2,x\n",
    )
    assert first.record and first.record.authors == (Name("WOOD", "AJ"), Name("LOW", "M"))
    assert first.record.facets.keywords == ("GIGS",)
    assert (first.source.key, second.source.key) == ("WOS1", "WOS2")
    assert [problem.message for problem in second.problems] == ["not read: the column SR"]


def test_a_table_of_citavi(tmp_path: Path) -> None:
    work = record(
        tmp_path,
        "citavi.csv",
        'Titel;"Autor, Hrsg. oder Institution";Jahr ermittelt;Zeitschrift;Jahrgang;Heftnummer\n'
        "Gigs;Low, Ann;2017;Work Notes;23;2\n",
    )
    assert (work.authors, work.year) == ((Name("Low", "Ann"),), 2017)
    assert (work.container_title, work.volume, work.issue) == ("Work Notes", "23", "2")


def test_a_first_author_alone_is_said_not_to_be_read(tmp_path: Path) -> None:
    (entry,) = read(tmp_path, "a.csv", "Title,Year,First author\nGigs,2019,Low\n")
    assert [problem.message for problem in entry.problems] == ["not read: the column First author"]
    (entry,) = read(tmp_path, "a.csv", 'Title,Year,Authors,First author\nGigs,2019,"Low, A",Low\n')
    assert not entry.problems


def test_a_table_of_jstor(tmp_path: Path) -> None:
    work = record(
        tmp_path,
        "jstor.csv",
        "id,title,isPartOf,publicationYear,issueNumber,volumeNumber,creator,pageStart,pageEnd\n"
        "http://www.jstor.org/stable/1,Gigs,Work Notes,2017,2,23,Ann Low; Cy Mo,135,162\n",
    )
    assert (work.container_title, work.year, work.authors[0]) == (
        "Work Notes",
        2017,
        Name("Low", "Ann"),
    )
    assert (work.volume, work.issue, work.page) == ("23", "2", "135-162")


def test_proquest_repeats_the_first_page(tmp_path: Path) -> None:
    header = "Title,Authors,year,pages,startPage\n"
    assert record(tmp_path, "a.csv", f"{header}A,Low,2019,56-75,56\n").page == "56-75"
    assert record(tmp_path, "a.csv", f"{header}A,Low,2019,e12,56\n").page == "56"


def test_a_feature_of_proquest_is_an_article(tmp_path: Path) -> None:
    work = record(tmp_path, "a.csv", "Title,Authors,year,documentType\nA,Low,2019,Feature\n")
    assert work.type == "article-journal"


def test_names_with_commas_between_them_and_initials(tmp_path: Path) -> None:
    (entry,) = read(tmp_path, "a.csv", 'Title,Authors,Year\nA,"Low, Ann B., Mo, Cy, Li, Bo",2019\n')
    assert entry.record is not None
    assert entry.record.authors == (Name("Low", "Ann B."), Name("Mo", "Cy"), Name("Li", "Bo"))
    assert "separated by commas" in entry.problems[0].message


def test_names_on_lines_of_their_own_in_a_cell(tmp_path: Path) -> None:
    work = record(tmp_path, "a.csv", 'Title,Authors,Year\nA,"Low, Ann B.\nMo, Cy",2019\n')
    assert work.authors == (Name("Low", "Ann B."), Name("Mo", "Cy"))
    work = record(tmp_path, "a.csv", 'Title,Authors,Year\nA,"Low, Ann\nB.",2019\n')
    assert work.authors == (Name("Low", "Ann B."),)


@pytest.mark.parametrize(
    "doi", ["10.1000/ 1", "10.1000 /1", "doi: 10.1000/1", "https://doi.org/ 10.1000/1"]
)
def test_a_doi_with_spaces(tmp_path: Path, doi: str) -> None:
    assert record(tmp_path, "a.csv", f"Title,Year,DOI\nA,2019,{doi}\n").doi == "10.1000/1"


@pytest.mark.parametrize(
    ("written", "doi", "told"),
    [
        ("10.1000/3 411 764", "10.1000/3", True),
        ("10.1000/3411764. 3445000", "10.1000/3411764", True),
        ("10.1000/1 [doi]", "10.1000/1", False),
        ("10.1000/1 (accessed 2 May 2019)", "10.1000/1", False),
    ],
)
def test_a_doi_cut_at_a_space_is_told(tmp_path: Path, written: str, doi: str, told: bool) -> None:
    (entry,) = read(tmp_path, "a.csv", f"Title,Year,DOI\nA,2019,{written}\n")
    assert entry.record is not None and entry.record.doi == doi
    assert [p.message for p in entry.problems] == [f"only {doi} was read as the DOI"] * told


def test_a_slash_between_names_is_read_or_told(tmp_path: Path) -> None:
    (entry,) = read(tmp_path, "a.csv", 'Title,Authors,Year\nA,"Low, Ann / Li, Bo",2019\n')
    assert entry.record is not None
    assert entry.record.authors == (Name("Low", "Ann"), Name("Li", "Bo"))
    (entry,) = read(tmp_path, "a.csv", "Title,Authors,Year\nA,Ann Low / Bo Li,2019\n")
    assert [p.message for p in entry.problems] == ['a name with "/" was not split']


def test_family_names_joined_by_an_ampersand_are_told(tmp_path: Path) -> None:
    for authors, told in (("Low, Mo & Li", True), ("Low & Sons, Ltd.", False)):
        (entry,) = read(tmp_path, "a.csv", f'Title,Authors,Year\nA,"{authors}",2019\n')
        assert entry.record is not None and len(entry.record.authors) == 1
        assert [p.message for p in entry.problems] == ['a name with "&" was not split'] * told


def test_two_addresses_joined_by_and(tmp_path: Path) -> None:
    url = "https://example.org/a and https://example.org/b"
    work = record(tmp_path, "a.bib", f"@article{{k, title={{A}}, year=2019, url={{{url}}}}}")
    assert work.url == "https://example.org/a"


def test_a_chapter_of_dimensions_has_its_book(tmp_path: Path) -> None:
    text = (
        '"About the data: Exported on May 01, 2024."\n'
        "Publication ID,Title,Source title,Anthology title,Book editors,PubYear,Publication Type\n"
        'pub.1,Gigs,,Handbook of Gigs,"Roe, Ann",2020,Chapter\n'
    )
    work = record(tmp_path, "dimensions.csv", text)
    assert (work.type, work.container_title) == ("chapter", "Handbook of Gigs")


def test_web_of_science_has_bodies_among_the_authors_and_two_issns(tmp_path: Path) -> None:
    text = (
        "PT\tAU\tAF\tCA\tTI\tSO\tDT\tSN\tEI\tPY\n"
        "J\tLow, A\tLow, Ada\tGig Study Group; Fairwork\tGigs\tWORK NOTES\t"
        "Article; Retracted Publication\t1234-5679\t2345-6787\t2019\n"
    )
    work = record(tmp_path, "savedrecs.txt", text)
    assert work.authors == (
        Name("Low", "Ada"),
        Name(literal="Gig Study Group"),
        Name(literal="Fairwork"),
    )
    assert work.issn == ("1234-5679", "2345-6787")
    assert (work.type, work.status) == ("article-journal", "retracted")


def test_a_journal_in_full_goes_before_its_abbreviation(tmp_path: Path) -> None:
    text = "Title,Journal,Full journal,Publication year\nGigs,Work Not.,Work Notes,2019\n"
    assert record(tmp_path, "paperpile.csv", text).container_title == "Work Notes"


def test_what_a_list_of_results_has_cut_off_is_told(tmp_path: Path) -> None:
    text = (
        "Cites,Authors,Title,Year,Source,Publisher\n"
        '3,"A Low, B Li…",Good gig …,2019,"Work, employment and …",journals.example.com\n'
    )
    (entry,) = read(tmp_path, "PoPCites.csv", text)
    assert [(p.property, p.message) for p in entry.problems] == [
        ("title", "the title is cut off"),
        ("container_title", "the venue is cut off"),
    ]


def test_of_several_languages_the_first_is_kept_and_the_others_are_told(tmp_path: Path) -> None:
    text = "Title,Year,Language of Original Document\nGigs,2019,German; English\n"
    (entry,) = read(tmp_path, "scopus.csv", text)
    assert entry.record is not None and entry.record.language == "de"
    (told,) = entry.problems
    assert (told.severity, told.value) == ("info", "German; English")


SPRINGER = (
    "Item Title,Publication Title,Book Series Title,Journal Volume,Journal Issue,Item DOI,Authors,"
    "Publication Year,URL,Content Type\n"
)


def test_springerlink_runs_authors_together(tmp_path: Path) -> None:
    text = SPRINGER + (
        "Gigs,Work Notes,,7,2,10.5555/1,Ada J. LowNiels van DoornMary McLeanBo Li,2024,"
        "https://link.springer.com/article/10.5555/1,Article\n"
    )
    work = record(tmp_path, "SearchResults.csv", text)
    assert [name.inverted for name in work.authors] == [
        "Low, Ada J.",
        "van Doorn, Niels",
        "McLean, Mary",
        "Li, Bo",
    ]
    assert (work.type, work.container_title, work.volume, work.issue, work.doi) == (
        "article-journal",
        "Work Notes",
        "7",
        "2",
        "10.5555/1",
    )


@pytest.mark.parametrize("authors", ["William DeLone", "Ann K.Bo Li", "ANN LOWBO LI", "李明 王芳"])
def test_authors_that_may_be_divided_in_several_ways_are_rejected(
    tmp_path: Path, authors: str
) -> None:
    row = "Gigs,Work Notes,,,,10.5555/1,{},2024,,Article\n"
    (entry,) = read(tmp_path, "SearchResults.csv", SPRINGER + row.format(authors))
    assert entry.record is None and authors in entry.problems[0].message
    mended = record(
        tmp_path, "SearchResults.csv", SPRINGER + row.format('"DeLone, William; Li, Bo"')
    )
    assert mended.authors == (Name("DeLone", "William"), Name("Li", "Bo"))


def test_ieee_says_what_kind_of_document_it_is(tmp_path: Path) -> None:
    text = (
        "Document Title,Authors,Publication Title,Publication Year,Start Page,End Page,DOI,"
        "Document Identifier\n"
        '"Gigs","A. Low; B. Li","Conference on Gigs",2021,1,9,10.1109/1,IEEE Conferences\n'
    )
    work = record(tmp_path, "export.csv", text)
    assert (work.type, work.container_title) == ("paper-conference", "Conference on Gigs")
    assert work.authors == (Name("Low", "A."), Name("Li", "B."))


def test_pubmed_has_volume_and_pages_in_a_citation(tmp_path: Path) -> None:
    work = record(
        tmp_path,
        "csv-set.csv",
        "PMID,Title,Authors,Citation,First Author,Journal/Book,Publication Year,Create Date,DOI\n"
        '1,Gigs,"Griff DK, O\'Conn RE.",Eur J Driv. 2020 Feb;63(2):103-110. doi: 10.5555/1.,'
        "Griff DK,Eur J Driv,2020,2019/03/30,10.5555/1\n",
    )
    assert work.authors == (Name("Griff", "DK"), Name("O'Conn", "RE"))
    assert (work.container_title, work.volume, work.issue, work.page, work.issued) == (
        "Eur J Driv",
        "63",
        "2",
        "103-110",
        (2020, 2),
    )


def test_publish_or_perish_has_initials_first(tmp_path: Path) -> None:
    work = record(
        tmp_path,
        "pop.csv",
        "Cites,Authors,Title,Year,Source,ArticleURL,GSRank,Type,Volume,Issue,StartPage,EndPage\n"
        '12,"A Low, B Li...",Gigs,2019,Work Notes,https://example.org/a,1,CITATION,5,2,1,9\n',
    )
    assert work.authors == (Name("Low", "A"), Name("Li", "B"))
    assert work.more_authors
    assert (work.type, work.container_title, work.page) == ("article-journal", "Work Notes", "1-9")
    assert work.url == "https://example.org/a"


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("country", "countries"),
        ("Countries", "countries"),
        ("platform", "platforms"),
        ("Platforms", "platforms"),
        ("method", "methods"),
        ("Methods", "methods"),
        ("sector", "sectors"),
        ("topic", "keywords"),
        ("Topics", "keywords"),
    ],
)
def test_facets_in_singular_and_plural(tmp_path: Path, header: str, field: str) -> None:
    work = record(tmp_path, "a.csv", f"title,venue,{header}\nA,Work Notes,X; Y\n")
    assert getattr(work.facets, field) == ("X", "Y")
    assert work.container_title == "Work Notes"


def test_a_column_that_nobody_reads_is_named_once(tmp_path: Path) -> None:
    entries = read(tmp_path, "a.csv", "title,year,Hue,Empty,Cites\nA,2000,red,,1\nB,2001,blue,,2\n")
    assert [p.message for entry in entries for p in entry.problems] == ["not read: the column Hue"]


# --- what stands in the values ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Pay<sup>0</sup> on <i>Upwork</i> &amp; Fiverr", "Pay0 on Upwork & Fiverr"),
        ("&lt;i&gt;Uber&lt;/i&gt; and &amp;amp;", "Uber and &"),
        ("<jats:italic>Uber</jats:italic><br/>drivers", "Uber drivers"),
        ("PÃ©rez: donâ€™t", "Pérez: don’t"),
        ("a <b and c> d", "a <b and c> d"),
        ("AT&T, R&D; x < y > z", "AT&T, R&D; x < y > z"),
        ("naïve Ünï “x”", "naïve Ünï “x”"),
    ],
)
def test_prose(text: str, expected: str) -> None:
    assert prose(text) == expected
    assert prose(expected) == expected


def test_markup_is_taken_off_in_every_format(tmp_path: Path) -> None:
    written = "Pay<sup>0</sup> on <i>Upwork</i> &amp; Fiverr"
    works = [
        ris(tmp_path, "JOUR", f"TI  - {written}", f"T2  - {written}"),
        record(tmp_path, "a.bib", f"@article{{a, title={{{written}}}, journal={{{written}}}}}"),
        record(tmp_path, "a.csv", f"title,journal\n{written},{written}\n"),
    ]
    assert {work.title for work in works} == {"Pay0 on Upwork & Fiverr"}
    assert {work.container_title for work in works} == {"Pay0 on Upwork & Fiverr"}


@pytest.mark.parametrize(
    ("url", "public"),
    [
        (
            "https://login.proxy.lib.example.edu/login?url=https://www.proquest.com/docview/1",
            "https://www.proquest.com/docview/1",
        ),
        ("http://ezproxy.example.edu/login?url=http%3A%2F%2Fa.org%2Fb", "http://a.org/b"),
        ("https://www-jstor-org.ezproxy.example.edu/stable/1", "https://www.jstor.org/stable/1"),
        ("https://a.b.com.ezproxy.example.edu/x", "https://a.b.com/x"),
        ("https://my--site-org.lib.idm.oclc.org/x?y", "https://my-site.org/x?y"),
        ("http://0-www.jstor.org.library.example.edu/1", "http://www.jstor.org/1"),
        ("https://login.lib.idm.oclc.org/login", ""),
        ("https://proxy.org/x", "https://proxy.org/x"),
        ("https://example.org/a;jsessionid=1F?b=c", "https://example.org/a?b=c"),
        ("https://example.org/?url=https://a.org/", "https://example.org/?url=https://a.org/"),
        ("https://web.p.ebscohost.com/ehost/detail/detail?vid=0&sid=1f%40redis", ""),
        (
            "https://search.ebscohost.com/login.aspx?AN=1",
            "https://search.ebscohost.com/login.aspx?AN=1",
        ),
        ("https://www.proquest.com/docview/1?accountid=14", "https://www.proquest.com/docview/1"),
        ("http://[::1", "http://[::1"),
        (
            "http://proxy.example.edu:2048/login?url=http://search.proquest.com/docview/2?accountid=1",
            "http://search.proquest.com/docview/2",
        ),
        (
            "https://go.openathens.net/redirector/example.edu?url=https%3A%2F%2Fa.org%2Fb",
            "https://a.org/b",
        ),
        ("https://web-p-ebscohost-com.proxy.openathens.net/ehost/detail?sid=1", ""),
        (
            "https://login.ezproxy.example.edu/login?url=https://www-a-org.ezproxy.example.edu/b",
            "https://www.a.org/b",
        ),
    ],
)
def test_a_librarys_proxy_is_not_the_works_address(url: str, public: str) -> None:
    assert unproxied(url) == public


@pytest.mark.parametrize(
    "url",
    [
        "https://login.ezproxy.example.edu/login?url=https://doi.org/10.5555/a",
        "https://doi-org.ezproxy.example.edu/10.5555/a",
        "http://0-doi.org.library.example.edu/10.5555/a",
    ],
)
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.ris", "TY  - JOUR\nTI  - A\nUR  - {}\nER  - \n"),
        ("a.enw", "%0 Journal Article\n%T A\n%U {}\n"),
        ("a.bib", "@article{{a, title={{A}}, url={{{}}}}}"),
        ("a.csv", "Title,Authors,URL\nA,Low A.,{}\n"),
        ("a.json", '[{{"type": "book", "title": "A", "issued": {{}}, "URL": "{}"}}]'),
    ],
)
def test_a_doi_behind_a_proxy_is_the_works(name: str, text: str, url: str, tmp_path: Path) -> None:
    assert record(tmp_path, name, text.format(url)).doi == "10.5555/a"


@pytest.mark.parametrize(
    "url",
    ["https://login.lib.idm.oclc.org/login", "https://web.s.ebscohost.com/ehost/detail?vid=0"],
)
def test_no_proxy_is_published(url: str, tmp_path: Path) -> None:
    (entry,) = read(tmp_path, "a.bib", f"@book{{a, title={{A}}, url={{{url}}}}}")
    assert entry.record is not None and entry.record.url == ""
    assert any("proxy" in p.message for p in entry.problems)


def test_a_cell_that_says_title_makes_no_header(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("file,what\na.csv,author and, title\nb.csv,x\n")
    with pytest.raises(UnreadableFile, match="no column is called title"):
        list(read_file(path))


def test_the_year_of_covidence(tmp_path: Path) -> None:
    text = 'Title,Authors,Published Year,Published Month\nGigs,"Low, Ada",2024,2\n'
    work = record(tmp_path, "works.csv", text)
    assert work.issued == (2024, 2)


def test_the_table_of_our_own_works_is_read_without_what_is_only_inferred(tmp_path: Path) -> None:
    text = (
        "id,iri,type,title,authors,year,published_in,platforms,platforms_inferred,methods\n"
        "low-2024-gigs,https://w3id.org/oograph/publication/low-2024-gigs,article-journal,Gigs,"
        '"Low, Ada|Li, Bo",2024,Work Notes,Upwork,Fiverr,Survey|Interview study\n'
    )
    work = record(tmp_path, "works.csv", text)
    assert (work.title, work.type, work.authors) == ("Gigs", "article-journal", LOW_AND_LI)
    assert (work.container_title, work.year) == ("Work Notes", 2024)
    assert work.facets.platforms == ("Upwork",)
    assert work.facets.methods == ("Survey", "Interview study")


# --- retractions ------------------------------------------------------------------------------

RETRACTED = {
    "openalex.json": '{"id": "https://openalex.org/W1", "title": "Gigs", "is_retracted": true}',
    "openalex.csv": "id,display_name,publication_year,is_retracted\nW1,Gigs,2019,TRUE\n",
    "crossref.json": '{"reference-count": 1, "DOI": "10.5555/1", "title": ["Gigs"], '
    '"updated-by": [{"type": "retraction", "DOI": "10.5555/2"}]}',
    "europe-pmc.json": '[{"authorString": "Low A.", "title": "Gigs", "pubTypeList": '
    '{"pubType": ["Retracted Publication", "Journal Article"]}}]',
    "pubmed.nbib": "PMID- 1\nTI  - Gigs.\nPT  - Journal Article\nPT  - Retracted Publication\n",
    "pubmed.xml": "<PubmedArticleSet><PubmedArticle><MedlineCitation><Article><ArticleTitle>Gigs."
    "</ArticleTitle><PublicationTypeList><PublicationType>Retracted Publication</PublicationType>"
    "</PublicationTypeList></Article></MedlineCitation></PubmedArticle></PubmedArticleSet>",
    "scopus.csv": "Title,Year,Document Type,EID\nGigs,2019,Retracted,2-s2.0-1\n",
    "scopus.ris": "TY  - JOUR\nTI  - Gigs\nM3  - Retracted\nER  - \n",
    "scopus.bib": "@ARTICLE{a, title={Gigs}, year={2019}, type={Retracted}}",
    "works.bib": "@article{a, title={Gigs}, year=2019, pubstate={retracted}}",
    "wos.txt": "PT J\nTI Gigs\nDT Article; Retracted Publication\nER\n",
}


@pytest.mark.parametrize("name", RETRACTED)
def test_a_retraction_is_the_works_status(tmp_path: Path, name: str) -> None:
    (entry,) = read(tmp_path, name, RETRACTED[name])
    assert entry.record is not None
    assert (entry.record.title, entry.record.status) == ("Gigs", "retracted")
    assert not any("entry type" in problem.message for problem in entry.problems)


def test_a_notice_of_a_retraction_is_not_retracted(tmp_path: Path) -> None:
    text = "PMID- 1\nTI  - Retraction: Gigs.\nPT  - Retraction of Publication\n"
    assert record(tmp_path, "pubmed.nbib", text).status == ""


# --- names and titles of PubMed ---------------------------------------------------------------


def test_pubmed_writes_suffixes_behind_given_names_and_translated_titles_in_brackets(
    tmp_path: Path,
) -> None:
    text = (
        "PMID- 1\nTI  - [Pain in couriers].\nTT  - Schmerz bei Kurieren.\n"
        "FAU - King, Martin L Jr\nAU  - King ML Jr\nFAU - Low, Ada 3rd\nLA  - ger\n"
        "PG  - 103-9\nDP  - 2019\n"
    )
    work = record(tmp_path, "pubmed.nbib", text)
    assert work.authors == (Name("King", "Martin L", suffix="Jr"), Name("Low", "Ada", suffix="3rd"))
    assert (work.title, work.original_title) == ("Pain in couriers", "Schmerz bei Kurieren")
    assert work.page == "103-109"


def test_zotero_writes_suffixes_behind_given_names_and_dblp_numbers_namesakes(
    tmp_path: Path,
) -> None:
    item = '[{"itemType": "book", "title": "A", "date": "2019", "creators": [{"creatorType": '
    item += '"author", "firstName": "Martin L., Jr.", "lastName": "King"}]}]'
    work = record(tmp_path, "zotero.json", item)
    assert work.authors == (Name("King", "Martin L.", suffix="Jr."),)
    work = record(tmp_path, "a.bib", "@book{a, title={A}, author={Ada Low 0001 and Wei Wang 0002}}")
    assert work.authors == (Name("Low", "Ada"), Name("Wang", "Wei"))


def test_two_family_names_with_a_particle_between_are_one(tmp_path: Path) -> None:
    text = "@book{a, title={A}, author={Uchôa de Oliveira, Flavia and van den Berg, Jan}}"
    assert record(tmp_path, "a.bib", text).authors == (
        Name("Uchôa de Oliveira", "Flavia"),
        Name("Berg", "Jan", particle="van den"),
    )


def test_proquest_numbers_its_subjects(tmp_path: Path) -> None:
    work = ris(tmp_path, "THES", "TI  - A", "KW  - 0629:Labor relations", "KW  - 2030: a plan")
    assert work.facets.keywords == ("Labor relations", "2030: a plan")


# --- ReDIF ------------------------------------------------------------------------------------

REDIF = """Template-Type: ReDIF-Paper 1.0
Author-Name: Valerio De Stefano
Author-X-Name-First: Valerio
Author-X-Name-Last: De Stefano
Author-name: Ada Low
Author-X-Name-First: Ada
Author-X-Name-Last: Low
Title: Gigs at
  work
Abstract: What riders do.
Background: nothing.
Length: 40 pages
Creation-date: 2017-03
Number: 23296
File-URL: http://www.example.org/papers/w23296.pdf
Handle: RePEc:abc:wpaper:23296

Template-Type: ReDIF-Article 1.0
Author-Name: Low, Ada
Title: Gigs
Journal: Work Notes
Pages: 56-75
Volume: 33
Issue: 1
Year: 2019
Month: February
DOI: 10.5555/1
Keywords: gig economy; riders
Classification-JEL: J22
Handle: RePEc:abc:worknt:v:33:y:2019
"""


@pytest.mark.parametrize("name", ["worknt.rdf", "worknt.redif", "worknt.txt"])
def test_templates_of_repec_are_read(tmp_path: Path, name: str) -> None:
    paper, article = read(tmp_path, name, REDIF)
    assert paper.record is not None and article.record is not None
    assert paper.source.key == "RePEc:abc:wpaper:23296"
    assert paper.record.title == "Gigs at work"
    assert paper.record.authors == (Name("De Stefano", "Valerio"), Name("Low", "Ada"))
    assert (paper.record.type, paper.record.number, paper.record.issued) == (
        "report",
        "23296",
        (2017, 3),
    )
    assert paper.abstract == "What riders do. Background: nothing."
    work = article.record
    assert (work.container_title, work.volume, work.issue, work.page, work.doi, work.issued) == (
        "Work Notes",
        "33",
        "1",
        "56-75",
        "10.5555/1",
        (2019, 2),
    )
    assert work.facets.keywords == ("gig economy", "riders")
    assert "Classification-Jel" in article.problems[-1].message


# --- JSON -------------------------------------------------------------------------------------


def test_an_answer_of_lens_is_read(tmp_path: Path) -> None:
    work = record(
        tmp_path,
        "lens.json",
        '{"total": 1, "data": [{"lens_id": "1", "publication_type": "journal article", "authors": '
        '[{"collective_name": null, "first_name": "Ada", "last_name": "Low"}, {"collective_name": '
        '"Gig Study Group"}], "title": "Gigs", "year_published": 2019, "source": {"title": '
        '"Work Notes"}}]}',
    )
    assert work.authors == (Name("Low", "Ada"), Name(literal="Gig Study Group"))
    assert work.container_title == "Work Notes"


def test_a_conference_paper_of_lens_is_one(tmp_path: Path) -> None:
    table = "Lens ID,Title,Publication Year,Publication Type\n1,Gigs,2019,{}\n"
    work = record(tmp_path, "lens.csv", table.format("conference proceedings article"))
    assert work.type == "paper-conference"


def test_a_variable_of_csl_that_nobody_reads_is_named(tmp_path: Path) -> None:
    (entry,) = read(
        tmp_path,
        "works.json",
        '[{"type": "chapter", "title": "Gigs", "container-title": "Work", "issued": {"date-parts": '
        '[[2019]]}, "collection-number": "7", "translator": [{"family": "Low"}], "source": "G"}]',
    )
    assert entry.record is not None and entry.record.number == "7"
    (told,) = entry.problems
    assert told.message == "not read: the variable translator"


# --- BibTeX -----------------------------------------------------------------------------------


def test_scopus_gives_the_keywords_of_authors_in_a_field_of_their_own(tmp_path: Path) -> None:
    (entry,) = read(
        tmp_path,
        "scopus.bib",
        "@ARTICLE{a, title={Gigs}, year={2019}, author_keywords={autonomy; gig economy}, "
        "keywords={labor}, issn={12345679}, eissn={23456787}, type={Article}, "
        "abbrev_source_title={W}, publication_stage={Final}, source={Scopus}}",
    )
    assert entry.record is not None and entry.problems == ()
    assert entry.record.facets.keywords == ("autonomy", "gig economy", "labor")
    assert entry.record.issn == ("1234-5679", "2345-6787")
    assert entry.record.genre == ""


def test_the_history_of_a_paper_is_no_keyword(tmp_path: Path) -> None:
    text = (
        "@article{a, title={Gigs}, year=2019, keywords={pay, bids History: Ann Low, Senior Editor}}"
    )
    assert record(tmp_path, "works.bib", text).facets.keywords == ("pay", "bids")


ZOTERO_ITEM = """{"key": "ABCD2345", "itemType": "bookSection",
"title": "Gigs", "creators": [{"creatorType": "author", "firstName": "Ada", "lastName": "Low"},
{"creatorType": "author", "name": "Fairwork"}, {"creatorType": "editor", "firstName": "Bo",
"lastName": "van Li"}, {"creatorType": "translator", "firstName": "Cy", "lastName": "Mo"}],
"bookTitle": "Work", "series": "Notes", "seriesNumber": "7", "date": "2019-02", "pages": "1-9",
"ISBN": "9780306406157", "extra": "DOI: 10.5555/1", "language": "en",
"tags": [{"tag": "gig work"}, {"tag": "Labor", "type": 1}]}"""
ZOTERO_NOTE = '{"key": "N", "data": {"key": "N", "itemType": "note", "note": "<p>mine</p>"}}'


@pytest.mark.parametrize(
    "text",
    [
        f'[{ZOTERO_NOTE}, {{"key": "ABCD2345", "version": 12, "data": {ZOTERO_ITEM}}}]',
        f'{{"config": {{"id": "x"}}, "items": [{ZOTERO_ITEM}, {ZOTERO_NOTE}]}}',
    ],
)
def test_items_of_zotero_are_read_and_notes_are_no_works(tmp_path: Path, text: str) -> None:
    (entry,) = read(tmp_path, "zotero.json", text)
    work = entry.record
    assert work is not None and entry.problems == ()
    assert (entry.source.key, work.type, work.title) == ("ABCD2345", "chapter", "Gigs")
    assert work.authors == (Name("Low", "Ada"), Name(literal="Fairwork"))
    assert work.editors == (Name("Li", "Bo", particle="van"),)
    assert (work.container_title, work.collection_title, work.number, work.page) == (
        "Work",
        "Notes",
        "7",
        "1-9",
    )
    assert (work.issued, work.doi, work.isbn) == ((2019, 2), "10.5555/1", ("9780306406157",))
    assert work.facets.keywords == ("gig work", "Labor")


def test_attachments_and_notes_inside_an_item_of_zotero_lose_no_work(tmp_path: Path) -> None:
    text = """{"items": [
        {"itemType": "journalArticle", "title": "One", "citationKey": "one",
         "attachments": [{"itemType": "attachment", "title": "PDF"}],
         "notes": [{"itemType": "note", "note": "mine"}]},
        {"itemType": "attachment", "title": "Alone"},
        {"itemType": "book", "title": "Two", "citationKey": "two"}]}"""
    entries = read(tmp_path, "zotero.json", text)
    assert [entry.record and entry.record.title for entry in entries] == ["One", "Two"]


def test_a_zotero_file_of_attachments_only_has_items_but_no_records(tmp_path: Path) -> None:
    text = '{"items": [{"itemType": "attachment", "title": "PDF"}, {"itemType": "note"}]}'
    with pytest.raises(UnreadableFile, match="no records found in this file, read as Zotero JSON"):
        read(tmp_path, "zotero.json", text)


MEDLINE = "PMID- 1\nTI  - Pay.\nDP  - 2020\n"
ORCID = "0000-0002-1825-0097"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("FAU - Low, Ann\nAU  - Low A\nFAU - Roe, Bo\nAUID- ORCID: {}\nAU  - Roe B", ["", ORCID]),
        ("FAU - Low, Ann\nAUID- {}\nAU  - Low A\nFAU - Roe, Bo\nAU  - Roe B", [ORCID, ""]),
        ("FAU - Low, Ann\nFED - Roe, Bo\nAUID- {}\n", [""]),
        ("FAU - Low, Ann\nAUID- ORCID: 0000-0002-1825-0098\n", [""]),
    ],
    ids=["second", "first", "editor", "check-digit"],
)
def test_an_orcid_id_of_medline_belongs_to_the_name_before_it(
    tmp_path: Path, lines: str, expected: list[str]
) -> None:
    work = record(tmp_path, "pubmed.nbib", MEDLINE + lines.format(ORCID) + "\n")
    assert [author.orcid for author in work.authors] == expected


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.enw", "%0 Journal Article\n%T El trabajo\n%Q The work\n"),
        (
            "a.xml",
            "<xml><records><record><ref-type name='Journal Article'>17</ref-type><titles>"
            "<title>El trabajo</title><translated-title>The work</translated-title>"
            "</titles></record></records></xml>",
        ),
    ],
)
def test_a_translated_title_of_endnote(tmp_path: Path, name: str, text: str) -> None:
    work = record(tmp_path, name, text)
    assert (work.title, work.original_title) == ("The work", "El trabajo")


def test_what_a_journal_has_made_of_a_paper_of_arxiv_is_another_work(tmp_path: Path) -> None:
    feed = Path(__file__).parents[2] / "fixtures" / "answers" / "arxiv.xml"
    (entry,) = read(tmp_path, "arxiv.xml", feed.read_text(encoding="utf-8"))
    assert entry.record is not None and entry.record.doi == ""
    (word,) = entry.problems
    assert (word.severity, word.value) == ("info", "10.5555/ax.1")


ERIC = """\

OWN - ERIC
TI  - Learning on Demand
AU  - van Low, Ada M.
AU  - Mo, Cy
OT  - Adult Learning
JT  - Journal of Work Notes
SO  - v21 n1 p12-24 Apr 2020
AID - http://dx.doi.org/10.5555/eric-1
OID - EJ1000001
VI  - 21
IP  - 1
PG  - 12-24
DP  - Apr 2020
LID - http://eric.ed.gov/?id=EJ1000001
ISSN - EISSN-2375-5636
LA  - English
PT  - Journal Articles
PT  - Reports - Research

OWN - ERIC
TI  - Gigs and Grades
AU  - Li, Bo
JT  - ProQuest LLC
SO  - Ph.D. Dissertation, Example University, Los Angeles
OID - ED1000002
DP  - 2021
LID - http://eric.ed.gov/?id=ED1000002
ISBN - ISBN-978-0-306-40615-7
PT  - Dissertations/Theses - Doctoral Dissertations

OWN - ERIC
TI  - A Brief on Platform Work
JT  - Example Publishing
OID - ED1000003
DP  - 2017
PT  - Reports - Evaluative
"""


def test_files_of_eric_have_no_pmid(tmp_path: Path) -> None:
    article, thesis, report = (entry.record for entry in read(tmp_path, "eric.nbib", ERIC))
    assert article and thesis and report
    assert article.type == "article-journal"
    assert article.authors == (Name("Low", "Ada M.", "van"), Name("Mo", "Cy"))
    assert (article.container_title, article.volume, article.issue, article.page) == (
        "Journal of Work Notes",
        "21",
        "1",
        "12-24",
    )
    assert (article.issued, article.doi, article.issn) == (
        (2020, 4),
        "10.5555/eric-1",
        ("2375-5636",),
    )
    assert article.url == "http://eric.ed.gov/?id=EJ1000001"
    assert (thesis.type, thesis.genre) == ("thesis", "Ph.D. Dissertation")
    assert (thesis.publisher, thesis.container_title) == ("Example University, Los Angeles", "")
    assert (report.type, report.publisher) == ("report", "Example Publishing")
    assert [source.key for source in report.sources] == ["ED1000003"]


def test_refworks_writes_a_list_of_tags_above_its_references(tmp_path: Path) -> None:
    legend = ["Refworks Export Tagged Format", "", "Tag legend", "*****", "RT=Reference Type"]
    legend += ["T1=Primary Title", "*****", "BEGIN EXPORTED REFERENCES", "", ""]
    lines = ["RT Journal Article", "SR Electronic(1)", "ID 12", "A1 Low,Ada", "T1 Bids and pay"]
    lines += ["OT Gebote und Lohn", "JF Work Notes", "YR 2003", "NO doi: 10.5555/rw.12", "PMID 123"]
    work = record(tmp_path, "refs.txt", "\n".join([*legend, *lines, ""]))
    assert (work.title, work.original_title) == ("Bids and pay", "Gebote und Lohn")
    assert work.authors == (Name("Low", "Ada"),)
    assert (work.container_title, work.issued) == ("Work Notes", (2003,))
    assert work.doi == "10.5555/rw.12"


def datacite(folder: Path, **attributes: object) -> Record:
    described = {"doi": "10.5555/dc.2", "titles": [{"title": "Bids and pay"}], **attributes}
    item = {"data": [{"type": "dois", "attributes": described}]}
    return record(folder, "answer.json", json.dumps(item))


@pytest.mark.parametrize(
    ("citeproc", "genre", "expected"),
    [
        ("article-journal", "Journal Article", ("article-journal", "")),
        ("report", "Working Paper", ("report", "Working Paper")),
        ("article", "Poster", ("document", "Poster")),
    ],
)
def test_a_text_of_datacite_has_its_type_beside_it(
    tmp_path: Path, citeproc: str, genre: str, expected: tuple[str, str]
) -> None:
    types = {"resourceTypeGeneral": "Text", "resourceType": genre, "citeproc": citeproc}
    work = datacite(tmp_path, types=types)
    assert (work.type, work.genre) == expected


def test_a_translated_title_of_datacite_is_the_title_if_it_is_alone(tmp_path: Path) -> None:
    translation = {"title": "Bids and pay", "titleType": "TranslatedTitle"}
    subtitle = {"title": "A note", "titleType": "Subtitle"}
    assert datacite(tmp_path, titles=[subtitle, translation]).title == "Bids and pay: A note"
    own = {"title": "Gebote und Lohn"}
    assert datacite(tmp_path, titles=[own, translation]).title == "Gebote und Lohn"


def test_what_contains_a_work_of_datacite_has_a_number_and_no_odd_pages(tmp_path: Path) -> None:
    journal = {
        "relationType": "IsPublishedIn",
        "titles": [{"title": "Work Notes"}],
        "relatedItemIdentifier": {
            "relatedItemIdentifier": "2375-5636",
            "relatedItemIdentifierType": "ISSN",
        },
    }
    assert datacite(tmp_path, relatedItems=[journal]).issn == ("2375-5636",)
    odd = {"title": "Work Notes", "firstPage": "No 1", "lastPage": "2 (2018)"}
    assert datacite(tmp_path, container=odd).page == ""
    sound = {"title": "Work Notes", "firstPage": "e12", "lastPage": "e14"}
    assert datacite(tmp_path, container=sound).page == "e12-e14"


PUBMED = "PMID- 2\nTI  - {}\n{}JT  - Work (Reading, Mass.)\nDP  - 2020\n"
PUBMED_XML = """\
<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>2</PMID><Article>
<Journal><JournalIssue><PubDate><Year>2020</Year></PubDate></JournalIssue>
<Title>Work (Reading, Mass.)</Title></Journal><ArticleTitle>{}</ArticleTitle>{}
</Article></MedlineCitation></PubmedArticle></PubmedArticleSet>
"""


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.nbib", PUBMED.format("[Not Available].", "TT  - Schmerz.\nLID - 5560 [pii]\n")),
        (
            "a.xml",
            PUBMED_XML.format(
                "",
                '<ELocationID EIdType="pii">5560</ELocationID>'
                "<VernacularTitle>Schmerz.</VernacularTitle>",
            ),
        ),
    ],
)
def test_pubmed_without_a_translated_title_or_pages(tmp_path: Path, name: str, text: str) -> None:
    work = record(tmp_path, name, text)
    assert (work.title, work.original_title) == ("Schmerz", "")
    assert (work.container_title, work.page) == ("Work", "5560")


def test_a_publishers_own_number_is_no_page(tmp_path: Path) -> None:
    text = PUBMED.format("Pain.", "LID - S1080-6032(22)00139-9 [pii]\nAID - 6132456 [pii]\n")
    assert record(tmp_path, "a.nbib", text).page == ""


def test_refworks_has_issns_and_isbns_in_one_column_and_initials_after_a_comma(
    tmp_path: Path,
) -> None:
    text = (
        "Reference Type\tReference Id\tAuthors, Primary\tTitle Primary\tPub Year"
        "\tPub Date Free From\tISSN/ISBN\n"
        "Journal Article\t1\tLow,Ada,M.;King,Martin,Jr.\tGigs\t2020\t03/30\t2375-5636\n"
        "Book, Whole\t2\tvan Mo,Cy\tBids\t2019\t \t9780306406157\n"
    )
    article, book = (entry.record for entry in read(tmp_path, "works.tsv", text))
    assert article and book
    assert article.authors == (Name("Low", "Ada M."), Name("King", "Martin", suffix="Jr."))
    assert (article.issn, article.isbn, article.issued) == (("2375-5636",), (), (2020, 3))
    assert (book.type, book.issn, book.isbn) == ("book", (), ("9780306406157",))


@pytest.mark.parametrize("field", ["isbn", "issn"])
def test_mendeley_has_issns_as_isbns(tmp_path: Path, field: str) -> None:
    text = f"@article{{a, title = {{Gigs}}, {field} = {{2375-5636}}, year = 2020}}"
    assert record(tmp_path, "a.bib", text).issn == ("2375-5636",)


def test_initials_after_a_given_name_are_no_suffix(tmp_path: Path) -> None:
    work = ris(tmp_path, "JOUR", "TI  - A", "AU  - Low,Ada,M.", "AU  - King,Martin,Jr.")
    assert work.authors == (Name("Low", "Ada M."), Name("King", "Martin", suffix="Jr."))


def test_a_book_of_web_of_science_is_its_own_source(tmp_path: Path) -> None:
    text = "PT B\nAU Low, A\nTI Gigs and pay.\nSO Gigs and pay\nPY 2011\nER\nEF"
    assert record(tmp_path, "savedrecs.txt", text).type == "book"
    assert record(tmp_path, "savedrecs.txt", text.replace("TI Gigs", "TI Bids")).type == "chapter"


def test_several_keywords_in_one_element_of_endnote_are_split(tmp_path: Path) -> None:
    text = (
        '<xml><records><record><ref-type name="Journal Article">17</ref-type>'
        "<titles><title>Gigs</title></titles><dates><year>2020</year></dates>"
        "<keywords><keyword>bids; pay</keyword><keyword>time</keyword></keywords>"
        "</record></records></xml>"
    )
    assert record(tmp_path, "a.xml", text).facets.keywords == ("bids", "pay", "time")


AIS = """\
%T Bids and Pay
%0 Journal Article
%A Low, Ada
%A Mo, Cy
%B Journal of Work Notes
%D 2021
%8 September  1, 2021
%V 45
%N 3
%P 1309-1348
%U https://aisel.example.org/jwn/vol45/iss3/13
%X About bids.


%T Contents of Volume 45
%B Journal of Work Notes
%D 2021
%V 45


%T Trust in Stars
%0 Journal Article
%A Li, Bo
%B GIGS 2017 Proceedings
%D 2017
%U https://aisel.example.org/gigs2017/260
"""


@pytest.mark.parametrize("name", ["refs.enw", "refs.txt"])
def test_references_of_ais_begin_with_the_title(tmp_path: Path, name: str) -> None:
    article, contents, paper = (entry.record for entry in read(tmp_path, name, AIS))
    assert article and contents and paper
    assert (article.title, article.type) == ("Bids and Pay", "article-journal")
    assert article.authors == (Name("Low", "Ada"), Name("Mo", "Cy"))
    assert (article.container_title, article.volume, article.issue, article.page) == (
        "Journal of Work Notes",
        "45",
        "3",
        "1309-1348",
    )
    assert article.issued == (2021, 9, 1)
    assert (contents.title, contents.type) == ("Contents of Volume 45", "article-journal")
    assert (paper.title, paper.type) == ("Trust in Stars", "paper-conference")
    assert paper.container_title == "GIGS 2017 Proceedings"


def test_a_file_of_endnote_without_entries_says_how_they_begin(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match='none begins with "%0"'):
        read(tmp_path, "refs.enw", "%A Low, Ada\n")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "savedrecs.txt",
            "PT J\nAU Pham, CT\n   Low, A\n   Zhang, CW\nAF Cong Thang Pham\n   Low, Ada\n"
            "   Zhang ChunWei\nTI Gigs\nSO Work Notes\nPY 2018\nER\nEF",
        ),
        (
            "savedrecs.tsv",
            "Authors\tAuthor Full Names\tArticle Title\tPublication Year\n"
            "Pham, CT; Low, A; Zhang, CW\tCong Thang Pham; Low, Ada; Zhang ChunWei\tGigs\t2018\n",
        ),
    ],
)
def test_the_short_name_of_web_of_science_shows_the_family_name(
    tmp_path: Path, name: str, text: str
) -> None:
    assert record(tmp_path, name, text).authors == (
        Name("Pham", "Cong Thang"),
        Name("Low", "Ada"),
        Name("Zhang", "ChunWei"),
    )


def test_a_capital_particle_in_bibtex_belongs_to_the_family_name(tmp_path: Path) -> None:
    names = "Mark De Rond and Maria De La Cruz and Aisha Al Amin and Al Gore"
    text = f"@misc{{a, author = {{{names}}}, title = {{A}}, year = 2020}}"
    assert record(tmp_path, "a.bib", text).authors == (
        Name("De Rond", "Mark"),
        Name("De La Cruz", "Maria"),
        Name("Al Amin", "Aisha"),
        Name("Gore", "Al"),
    )


def test_a_preposition_shows_a_body(tmp_path: Path) -> None:
    text = "@misc{a, author = {Riders at Work and Low, Ada}, title = {A}, year = 2020}"
    assert record(tmp_path, "a.bib", text).authors == (
        Name(literal="Riders at Work"),
        Name("Low", "Ada"),
    )


def test_books_of_pubmed_are_read(tmp_path: Path) -> None:
    person = "<Author><LastName>{}</LastName><ForeName>{}</ForeName></Author>"
    book = (
        "<PubmedBookArticle><BookDocument><PMID>{}</PMID><Book><Publisher>"
        "<PublisherName>Example Press</PublisherName><PublisherLocation>Leeds</PublisherLocation>"
        "</Publisher><BookTitle>Work and Health</BookTitle><PubDate><Year>2001</Year></PubDate>"
        f'<AuthorList Type="editors">{person.format("Mo", "Cy")}</AuthorList>'
        "<Isbn>0306406152</Isbn></Book>{}<Language>eng</Language></BookDocument>"
        "</PubmedBookArticle>"
    )
    authors = f'<AuthorList Type="authors">{person.format("Low", "Ada")}</AuthorList>'
    chapter = f"<ArticleTitle>Couriers</ArticleTitle>{authors}"
    text = PUBMED_XML.format("Pain.", "").replace("</PubmedArticleSet>", "")
    text += book.format("3", "") + book.format("4", chapter) + "</PubmedArticleSet>"
    article, whole, part = (entry.record for entry in read(tmp_path, "a.xml", text))
    assert article and whole and part
    assert (whole.title, whole.type, whole.authors) == ("Work and Health", "book", ())
    assert (whole.editors, whole.isbn) == ((Name("Mo", "Cy"),), ("0306406152",))
    assert (whole.publisher, whole.publisher_place) == ("Example Press", "Leeds")
    assert (part.title, part.type, part.container_title) == ("Couriers", "chapter", whole.title)
    assert (part.authors, part.editors) == ((Name("Low", "Ada"),), (Name("Mo", "Cy"),))
    assert [source.key for source in part.sources] == ["4"]


def test_other_databases_of_web_of_science_have_authors_on_one_line_and_ps(tmp_path: Path) -> None:
    text = "PT J\nTI Gigs\nAU Low, Ada; Mo, Cy A\nSO Work Notes\nPS 2457-71\nPY 2006\nER\n\nEF"
    work = record(tmp_path, "savedrecs.txt", text)
    assert work.authors == (Name("Low", "Ada"), Name("Mo", "Cy A"))
    assert work.page == "2457-2471"


def test_ieee_has_initials_first_in_ris(tmp_path: Path) -> None:
    names = ["S. Brix", "K. -J. Stol", "A. B. van Doorn", "U.S. Congress", "U. N. Women"]
    lines = ["TY  - CONF", "TI  - Crowds", *(f"AU  - {name}" for name in names), "PY  - 2018"]
    (entry,) = read(tmp_path, "ieee.ris", "\n".join([*lines, "ER  - ", ""]))
    assert entry.record is not None and entry.problems == ()
    assert entry.record.authors == (
        Name("Brix", "S."),
        Name("Stol", "K. -J."),
        Name("Doorn", "A. B.", "van"),
        Name(literal="U.S. Congress"),
        Name(literal="U. N. Women"),
    )


def test_publish_or_perish_has_initials_first_in_ris(tmp_path: Path) -> None:
    lines = ["TY  - JOUR", "TI  - Crowds", "AU  - AJ Low", "AU  - M Mo", "PY  - 2018", "ER  - ", ""]
    (entry,) = read(tmp_path, "pop.ris", "\n".join(lines))
    assert entry.record is not None and entry.problems == ()
    assert entry.record.authors == (Name("Low", "AJ"), Name("Mo", "M"))
    (entry,) = read(tmp_path, "pop.ris", "\n".join(line for line in lines if "Mo" not in line))
    assert entry.record is not None and entry.record.authors == (Name(literal="AJ Low"),)
    assert [problem.message for problem in entry.problems] == [
        "the name AJ Low has no comma and was not split"
    ]


def test_several_names_on_one_line_of_ris_are_told(tmp_path: Path) -> None:
    line = "AU  - Low, Ann A., Mo, Cy"
    (entry,) = read(tmp_path, "a.ris", f"TY  - JOUR\nTI  - A\nPY  - 2018\n{line}\nER  - \n")
    assert entry.record is not None
    assert entry.record.authors == (Name("Low", "Ann A."), Name("Mo", "Cy"))
    line = "AU  - Low, Ann A., Mo"
    (odd,) = read(tmp_path, "a.ris", f"TY  - JOUR\nTI  - A\nPY  - 2018\n{line}\nER  - \n")
    line = "AU  - Ann Low, Cy Mo, Bo Li"
    (three,) = read(tmp_path, "a.ris", f"TY  - JOUR\nTI  - A\nPY  - 2018\n{line}\nER  - \n")
    assert three.record is not None and len(three.record.authors) == 3
    assert [problem.message for problem in (*entry.problems, *odd.problems)] == [
        "several names in one value were split at the commas",
        '"Mo" was read as a suffix such as Jr. or III',
    ]


def test_a_name_in_full_without_a_comma_in_ris_is_told(tmp_path: Path) -> None:
    lines = ["TY  - JOUR", "TI  - Gigs", "AU  - Ann Low", "AU  - World Bank", "AU  - Upwork"]
    (entry,) = read(tmp_path, "a.ris", "\n".join([*lines, "PY  - 2018", "ER  - ", ""]))
    assert entry.record is not None
    assert entry.record.authors[0] == Name(literal="Ann Low")
    assert [(problem.severity, problem.message) for problem in entry.problems] == [
        ("info", "the name Ann Low has no comma and was not split")
    ]


@pytest.mark.parametrize("written", ["pp 37-64", "pp. 37-64", "pp37-64", "p 37-64", "37-64"])
def test_pages_after_a_mark(tmp_path: Path, written: str) -> None:
    assert ris(tmp_path, "JOUR", "TI  - A", f"SP  - {written}").page == "37-64"


def test_the_university_of_a_thesis_goes_before_a_database(tmp_path: Path) -> None:
    text = (
        "@phdthesis{a, title = {Gigs}, publisher = {ProQuest Dissertations and Theses Global},"
        " institution = {University of Leeds}, year = 2020}"
    )
    assert record(tmp_path, "a.bib", text).publisher == "University of Leeds"
    report = text.replace("phdthesis", "report").replace("ProQuest Dissertations", "Press")
    assert record(tmp_path, "a.bib", report).publisher == "Press and Theses Global"


@pytest.mark.parametrize(
    ("kind", "csl"),
    [
        ("case", "legal_case"),
        ("statute", "legislation"),
        ("film", "motion_picture"),
        ("podcast", "broadcast"),
        ("interview", "interview"),
    ],
)
def test_laws_and_recordings_of_zotero_have_their_types(
    tmp_path: Path, kind: str, csl: str
) -> None:
    item = [{"itemType": kind, "title": "Riders and others", "date": "2021"}]
    assert record(tmp_path, "items.json", json.dumps(item)).type == csl
    table = f"Key,Item Type,Publication Year,Title\nA,{kind},2021,Riders and others\n"
    assert record(tmp_path, "items.csv", table).type == csl


def test_laws_and_letters_of_biblatex_have_their_types(tmp_path: Path) -> None:
    kinds = {"jurisdiction": "legal_case", "legislation": "legislation", "image": "graphic"}
    for kind, csl in (kinds | {"letter": "personal_communication"}).items():
        assert record(tmp_path, "a.bib", f"@{kind}{{a, title = {{A}}, year = 2020}}").type == csl


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "a.ris",
            "TY  - BOOK\nTI  - A\nAU  - Low, Ada, 1982-\nAU  - Mo, Cy, 1918-1983, author.\nER  - ",
        ),
        ("a.bib", "@book{a, title = {A}, author = {Low, Ada, 1982- and Mo, Cy, 1918--1983}}"),
        ("a.enw", "%0 Book\n%T A\n%A Low, Ada, 1982-\n%A Mo, Cy, editor.\n"),
    ],
)
def test_library_catalogues_add_years_and_roles_to_names(
    tmp_path: Path, name: str, text: str
) -> None:
    assert record(tmp_path, name, text).authors == (Name("Low", "Ada"), Name("Mo", "Cy"))


@pytest.mark.parametrize("unseen", ["\u00ad", "\u200b", "\ufeff", "\u202e"])
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", 'title,authors,year\n"Plat~form work","Li~n, Bo",2020\n'),
        ("a.bib", "@article{a, title={Plat~form work}, author={Li~n, Bo}, year=2020}\n"),
        ("a.ris", "TY  - JOUR\nTI  - Plat~form work\nAU  - Li~n, Bo\nPY  - 2020\nER  - \n"),
    ],
)
def test_characters_that_nobody_sees_do_not_part_a_word(
    tmp_path: Path, name: str, text: str, unseen: str
) -> None:
    path = tmp_path / name
    path.write_text(text.replace("~", unseen), encoding="utf-8")
    (record,) = (entry.record for entry in read_file(path))
    assert record is not None
    assert (record.title, record.authors) == ("Platform work", (Name("Lin", "Bo"),))
