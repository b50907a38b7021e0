"""The RIS reader: the dialects that programs write, and that nothing is lost of what is broken."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oograph.graph.csl_types import TYPES
from oograph.graph.errors import UnreadableFile
from oograph.graph.model import Entry, Facets, Name, Record, Source
from oograph.graph.readers import ris
from oograph.graph.readers.ris_record import BY_TAG
from oograph.graph.readers.source import SourceFile

FIXTURES = Path(__file__).parents[2] / "fixtures" / "ris"


def read(text: str) -> list[Entry]:
    return list(ris.read(SourceFile.of_text(text, "works.ris")))


def fixture(name: str) -> list[Entry]:
    return list(ris.read(SourceFile.of_path(FIXTURES / name)))


def record_of(*lines: str, kind: str = "JOUR") -> Record:
    (entry,) = read("\n".join([f"TY  - {kind}", "TI  - A title", *lines, "ER  - "]))
    assert entry.record is not None, entry.problems
    return entry.record


def messages(entry: Entry) -> list[str]:
    return [problem.message for problem in entry.problems]


def test_zotero() -> None:
    article, paper = fixture("zotero.ris")
    assert article.problems == paper.problems == ()
    assert article.record == Record(
        title="Regulating labour platforms, the data deficit",
        type="article-journal",
        authors=(Name("Hawley", "Adrian John"),),
        issued=(2018, 6, 12),
        container_title="European Journal of Government and Economics",
        volume="7",
        issue="1",
        page="5-23",
        doi="10.17979/ejge.2018.7.1.4330",
        issn=("2254-7088",),
        url="https://revistas.udc.es/index.php/ejge/article/view/4330",
        language="en",
        facets=Facets(keywords=("data", "platforms")),
        sources=(
            Source(
                "zotero.ris",
                "1",
                1,
                (
                    ("AU", "Hawley, Adrian John"),
                    ("TI", "Regulating labour platforms, the data deficit"),
                    ("PY", "2018"),
                    ("DA", "2018/06/12/"),
                    ("DO", "10.17979/ejge.2018.7.1.4330"),
                ),
            ),
        ),
    )
    assert paper.record is not None
    assert paper.record.type == "paper-conference"
    assert paper.record.container_title.startswith("Information and Communication Technologies")
    assert paper.record.event_title == "ICT4D 2017"
    assert paper.record.collection_title.startswith("IFIP Advances")
    assert paper.record.publisher_place == "Yogyakarta"
    assert paper.record.editors == (Name("Choudrie", "Jyoti"),)
    assert (paper.record.issued, paper.record.isbn) == ((2017,), ("9783319591100",))


def test_endnote() -> None:
    article, report = fixture("endnote.ris")
    assert article.record is not None and report.record is not None
    assert [str(name) for name in article.record.authors][-1] == "World Bank"
    assert article.record.authors[-1] == Name(literal="World Bank")
    assert article.record.page == "170-195"
    assert article.record.issue == "1"
    assert article.record.issued == (2020, 2, 1)
    assert article.record.facets.keywords == ("self-employment", "contracts", "jobs")
    assert article.source.key == "1521"
    assert report.record.authors == (
        Name("Robert", "Lionel P.", suffix="Jr."),
        Name(literal="University of California, Berkeley"),
    )
    assert (report.record.number, report.record.genre) == ("EUR 29810 EN", "Working Paper")
    assert report.record.collection_title == "A series"


def test_mendeley() -> None:
    article, chapter = fixture("mendeley.ris")
    assert article.record is not None and chapter.record is not None
    assert article.record.authors[-1] == Name("Graham", "Mark", "van der")
    assert article.record.issued == (2018, 7, 1)
    assert article.record.container_title == "New Technology, Work and Employment"
    assert article.record.doi == "10.1111/ntwe.12112"
    assert article.record.facets.keywords == ("freelancers", "unions", "solidarity")
    assert chapter.record.container_title == "The book around it"
    assert chapter.record.editors == (Name("Meil", "Pam"),)
    assert chapter.record.isbn == ("9783319643670", "9783319643663")


def test_scopus() -> None:
    (entry,) = fixture("scopus.ris")
    assert entry.record is not None
    assert entry.record.doi == "10.1371/journal.pone.0057410"
    assert entry.record.more_authors and len(entry.record.authors) == 1
    assert (entry.record.page, entry.record.issn) == ("e57410", ("1932-6203",))
    assert entry.record.facets.keywords == ("behaviour", "experiments", "Mechanical Turk")
    assert (entry.record.genre, entry.record.language) == ("", "en")


def test_proquest_with_a_translated_title() -> None:
    (entry,) = fixture("proquest.ris")
    assert entry.record is not None
    assert entry.source.position == 4
    assert entry.record.title == "The story of the platform"
    assert entry.record.original_title == "Krønikken om plattformen"
    assert (entry.record.type, entry.record.genre) == ("thesis", "Ph.D.")
    assert (entry.record.issued, entry.record.publisher) == ((2017, 3, 1), "Universitetet i Oslo")


def test_what_is_odd_is_told_and_nothing_is_lost() -> None:
    small, unheard, untitled, untyped = fixture("odd.ris")
    assert small.record is not None
    assert (small.record.type, small.record.page) == ("article-newspaper", "4")
    assert small.record.authors == (Name("Doe", "Jane"),)
    assert "the entry has no closing ER line" in messages(small)
    assert unheard.record is not None and unheard.record.type == "document"
    assert set(messages(unheard)) == {
        "the entry has no closing ER line",
        'unknown type "UNHEARD"; the work is treated as a document',
        "no year found in the date",
        "this is not a DOI",
        "this is not a URL",
        "this is neither an ISBN nor an ISSN: 1234",
    }
    assert untitled.record is None
    assert untitled.problems[0].severity == "violation"
    assert (untitled.problems[0].line, untitled.problems[0].message) == (13, "no title")
    assert untitled.text.startswith("TY  - JOUR\nAU  - Title, No")
    assert untyped.record is not None and untyped.record.issued == (1999, 2)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["PY  - 2021", "DA  - JUN"], {"issued": (2021, 6)}),
        (["PY  - 2021", "PD  - JUN 15"], {"issued": (2021, 6, 15)}),
        (["PY  - 2021", "DA  - MAR-APR"], {"issued": (2021, 3), "issued_edtf": "2021-03/2021-04"}),
        (["PY  - 2021", "DA  - in press"], {"issued": (2021,), "status": "in press"}),
        (["PY  - 2021", "DA  - 2021/06/15"], {"issued": (2021, 6, 15)}),
        (["AR  - 012345"], {"page": "012345"}),
        (["AR  - 012345", "SP  - 1", "EP  - 9"], {"page": "1-9"}),
        (["PU  - SAGE", "PI  - London"], {"publisher": "SAGE", "publisher_place": "London"}),
        (["M3  - Article; Early Access"], {"genre": ""}),
        (["M3  - Article; Data Paper"], {"genre": "Data Paper"}),
    ],
)
def test_tags_of_web_of_science(lines: list[str], expected: dict[str, object]) -> None:
    record = record_of(*lines)
    assert {name: getattr(record, name) for name in expected} == expected


def test_a_body_behind_proceedings_may_take_two_lines() -> None:
    lines = ["TY  - CPAPER", "AU  - Sark, E", "A1  - IEEE Computer", "Society", "TI  - A"]
    (entry,) = read("\n".join([*lines, "PY  - 2019", "AN  - WOS:1", "ER  - "]))
    assert entry.record is not None and entry.record.authors == (Name("Sark", "E"),)
    assert messages(entry) == [
        "IEEE Computer Society was not read as an author: it is named for the whole book"
    ]


@pytest.mark.parametrize("tag", sorted(BY_TAG))
def test_every_type_is_one_of_csl(tag: str) -> None:
    assert record_of(kind=tag).type == BY_TAG[tag]
    assert BY_TAG[tag] in TYPES


@pytest.mark.parametrize(
    ("lines", "page"),
    [
        (["SP  - 425", "EP  - 436"], "425-436"),
        (["SP  - 425-436", "EP  - 436"], "425-436"),
        (["SP  - 425–36"], "425-436"),
        (["SP  - 7", "EP  - 7"], "7"),
        (["EP  - 9"], "9"),
        (["SP  - e100662"], "e100662"),
        ([], ""),
    ],
)
def test_pages(lines: list[str], page: str) -> None:
    assert record_of(*lines).page == page


@pytest.mark.parametrize(
    ("lines", "issued"),
    [
        (["PY  - 2017"], (2017,)),
        (["PY  - 2017///"], (2017,)),
        (["Y1  - 2017/03//"], (2017, 3)),
        (["PY  - 2017", "DA  - 2017/03/01/"], (2017, 3, 1)),
        (["PY  - 2017", "DA  - 2016/12/31/"], (2017,)),
        (["PY  - 2017", "DA  - 1 March 2017"], (2017, 3, 1)),
        (["DA  - 2017-03-01"], (2017, 3, 1)),
        (["DA  - Mar 2017"], (2017, 3)),
        (["PY  - 2017//05"], (2017,)),
        (["PY  - 0000"], ()),
        ([], ()),
    ],
)
def test_dates(lines: list[str], issued: tuple[int, ...]) -> None:
    assert record_of(*lines).issued == issued


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Malik, F.", Name("Malik", "F.")),
        ("Malik, F., Jr.", Name("Malik", "F.", suffix="Jr.")),
        ("Malik, Jr., F.", Name("Malik", "F.", suffix="Jr.")),
        ("de la Cruz, Ana", Name("Cruz", "Ana", "de la")),
        ("World Bank", Name(literal="World Bank")),
        ("RSA,, Action and Research Centre", Name(literal="RSA, Action and Research Centre")),
    ],
)
def test_names(written: str, name: Name) -> None:
    assert record_of(f"AU  - {written}").authors == (name,)


def test_the_editors_of_an_edited_book_are_its_authors_in_endnote() -> None:
    record = record_of("AU  - Meil, Pam", kind="EDBOOK")
    assert (record.authors, record.editors, record.type) == ((), (Name("Meil", "Pam"),), "book")


def test_abstracts_and_notes_are_not_read() -> None:
    record = record_of("AB  - secret", "going on", "N1  - secret", "N2  - secret")
    assert "secret" not in repr(record)


@pytest.mark.parametrize(
    ("lines", "field", "value"),
    [
        (["DP  - 2019 Feb"], "issued", (2019, 2)),
        (["DP  - EBSCOhost", "Y1  - 2019/02//"], "issued", (2019, 2)),
        (["UR  - doi:10.1000/1"], "doi", "10.1000/1"),
        (["ID  - 10.1000/1", "UR  - https://example.org/1"], "doi", "10.1000/1"),
        (["ID  - 10.1000/1", "DO  - 10.1000/2"], "doi", "10.1000/2"),
        (["ID  - see 10.1000/1"], "doi", ""),
    ],
)
def test_a_date_or_a_doi_in_a_tag_for_something_else(
    lines: list[str], field: str, value: object
) -> None:
    record = record_of("AU  - Low, A.", *lines)
    assert getattr(record, field) == value


def test_a_doi_in_place_of_an_address_is_no_address() -> None:
    (entry,) = read("TY  - JOUR\nTI  - A\nPY  - 2019\nUR  - doi:10.1000/1\nER  - \n")
    assert entry.record and (entry.record.url, entry.problems) == ("", ())


def test_who_advised_a_thesis_is_no_editor() -> None:
    lines = "AU  - Low, A.", "A2  - Mo, C.", "A3  - Li, B."
    assert record_of(*lines, kind="THES").editors == ()
    assert record_of(*lines, kind="CHAP").editors == (Name("Mo", "C."),)


def test_a_key_that_occurs_twice() -> None:
    first, second = read("TY  - BOOK\nTI  - A\nID  - x\nER  - \nTY  - BOOK\nTI  - B\nID  - x\n")
    assert "same key" not in " ".join(messages(first)) and "same key" in " ".join(messages(second))


def test_an_entry_without_end_is_no_danger_to_memory() -> None:
    text = "TY  - JOUR\nTI  - A\n" + "AB  - more\n" * 200_000 + "TY  - JOUR\nTI  - B\nER  - \n"
    first, second = read(text)
    assert first.record is None and "longer than 1,000,000" in messages(first)[0]
    assert len(first.text) <= 1_000_000
    assert second.record is not None and second.record.title == "B"


def test_entries_come_as_they_are_read() -> None:
    class Endless(SourceFile):
        def lines(self) -> Iterator[str]:
            while True:
                yield from ("TY  - JOUR\n", "TI  - A\n", "ER  - \n")

    source = Endless("works.ris", "")
    assert next(ris.read(source)).record is not None


@pytest.mark.parametrize("text", ["", "no RIS\nat all\n", "{}", "@article{x, title = {T}}"])
def test_a_file_without_a_tag_is_refused(text: str) -> None:
    with pytest.raises(UnreadableFile, match=r"works\.ris: no line is in RIS format"):
        read(text)


LINES = st.one_of(
    st.sampled_from(["TY  - JOUR", "ER  - ", "ER  -", "ty - BOOK", "TI  - A title", "AU  - , ,"]),
    st.builds(
        "{}{}{}".format,
        st.sampled_from(sorted(ris._TAGS) + ["XX", "ti"]),
        st.sampled_from(["  - ", " - ", "  -", "-"]),
        st.text(max_size=30),
    ),
    st.text(max_size=20),
)


@given(st.lists(LINES, max_size=30))
def test_no_input_raises_and_no_entry_disappears(lines: list[str]) -> None:
    text = "\n".join(lines)
    try:
        entries = read(text)
    except UnreadableFile:
        entries = []
    opened = [
        line
        for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        if line.startswith(("TY  - JOUR", "ty - BOOK"))
    ]
    assert len(entries) >= len(opened)
    for entry in entries:
        assert (entry.record is None) == any(p.severity == "violation" for p in entry.problems)
        assert entry.record is None or entry.record.title


@given(st.text())
def test_no_text_raises(text: str) -> None:
    try:
        read(text)
    except UnreadableFile as error:
        assert str(error).startswith("works.ris")


@pytest.mark.parametrize("name", sorted(path.name for path in FIXTURES.iterdir()))
def test_ris_looks_like_ris(name: str) -> None:
    assert ris.looks_like(SourceFile.of_path(FIXTURES / name).head)
    assert not ris.looks_like("title,year\nTY,2010\n")


@pytest.mark.parametrize("end", ["ER  - \n", ""])
def test_files_put_one_behind_another_keep_all_their_entries(end: str) -> None:
    mark = "\ufeff"
    one = f"{mark}TY  - JOUR\nTI  - One\nPY  - 2000\nJO  - B\n{end}"
    entries = read(one + one.replace("One", "Two"))
    assert [entry.record and entry.record.title for entry in entries] == ["One", "Two"]
    assert {entry.record.type for entry in entries if entry.record} == {"article-journal"}


def test_the_doi_in_the_extra_of_zotero() -> None:
    assert record_of("TI  - A", "M2  - PMID: 1", "DOI: 10.5555/Extra").doi == "10.5555/extra"
    assert record_of("TI  - A", "DO  - 10.5555/a", "M2  - DOI: 10.5555/b").doi == "10.5555/a"


def test_lines_without_a_beginning_or_an_end_may_be_several_entries() -> None:
    text = "AU  - Doe, A\nTI  - One\nPY  - 2000\n\nAU  - Roe, B\nTI  - Two\nPY  - 2001\n"
    (entry,) = ris.read(SourceFile.of_text(text, "works.ris"))
    assert entry.record is None and "TI  - Two" in entry.text
    assert "no TY line begins this entry and no ER line ends it" in entry.problems[0].message
    (ended,) = ris.read(SourceFile.of_text("AU  - Doe, A\nTI  - One\nER  - \n", "works.ris"))
    assert ended.record is not None and ended.record.title == "One"


def test_what_looks_like_a_tag_does_not_continue_a_number() -> None:
    lines = ["TY  - JOUR", "TI  - A: does it", "IS - a theory", "VL  - 3", "AN: 12", "IS  - 2"]
    (entry,) = read("\n".join([*lines, "SP - 44", "EP  - 50", "PY  - 2019", "ER  - "]))
    assert entry.record is not None and entry.record.title == "A: does it IS - a theory"
    assert (entry.record.volume, entry.record.issue) == ("3", "2")
    assert entry.record.page == "44-50"
    (problem,) = entry.problems
    assert problem.message.startswith("a line without a tag was not read")
    assert problem.value == "AN: 12"
