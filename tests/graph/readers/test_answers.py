"""Answers of APIs as files, and the tagged and XML formats: what each says of a work.

The works in tests/fixtures/answers are made up; their form is that of the API or program.
"""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oograph.graph.errors import UnreadableFile
from oograph.graph.model import Entry, Facets, Name, Record
from oograph.graph.readers import READERS, choose, openalex, read_file
from oograph.graph.readers.source import SourceFile
from oograph.graph.readers.xml_answers import xml_items

FIXTURES = Path(__file__).parents[2] / "fixtures" / "answers"
ORCID = "0000-0002-1825-0097"
TEAM = Name(literal="Gig Research Team")
SCOPUS = "https://www.scopus.com/inward/record.uri?eid=2-s2.0-"
VAN_DOORN = Name("Doorn", "Niels", "van")

BIDDING = Record(
    title="Bidding alone",
    type="article-journal",
    authors=(Name("Beynon-Davies", "Paula", orcid=ORCID), VAN_DOORN),
    issued=(2016, 4, 2),
    container_title="Work Notes",
    publisher="Example Press",
    volume="26",
    issue="2",
    page="1-20",
    doi="10.5555/oa.1",
    issn=("1234-5679",),
    url="https://example.org/oa/1",
    language="en",
)
RATING = Record(
    title="Rating & being rated: A study",
    type="article-journal",
    authors=(Name("Smith", "Amos B.", suffix="III", orcid=ORCID), TEAM),
    issued=(2018, 1, 5),
    container_title="Work Notes",
    publisher="Example Press",
    volume="20",
    issue="1",
    page="1-3",
    doi="10.5555/cr.1",
    issn=("1234-5679",),
    url="http://dx.doi.org/10.5555/cr.1",
    language="en",
)
CROWDS = Record(
    title="Crowds at night",
    type="paper-conference",
    authors=(Name("Low", "Ada", "van"),),
    editors=(Name("Li", "Bo"),),
    issued=(2019, 7),
    container_title="Proceedings of a Meeting",
    event_title="8th Meeting on Crowds",
    publisher="Example Press",
    page="e7",
    doi="10.5555/cr.2",
    isbn=("9783319591100",),
)
COURIERS = Record(
    title="Sleep of couriers",
    type="article-journal",
    authors=(Name("Low", "Ada", orcid=ORCID), TEAM),
    issued=(2022, 3, 1),
    container_title="Journal of couriers",
    volume="23",
    issue="7",
    page="36-56",
    doi="10.5555/ep.1",
    issn=("1234-5679",),
    language="en",
    facets=Facets(keywords=("sleep", "couriers")),
)
DRIVERS = Record(
    title="Sleep and gig work: a survey",
    type="article-journal",
    authors=(Name("Griff", "Darren K", suffix="Jr", orcid=ORCID), TEAM),
    more_authors=True,
    issued=(2020, 2, 17),
    container_title="European journal of driving",
    volume="63",
    issue="2",
    page="103-110",
    doi="10.5555/pm.1",
    issn=("1234-5679",),
    language="en",
    facets=Facets(keywords=("sleep",)),
)
FIRST = {
    "openalex.json": BIDDING,
    "openalex.jsonl": BIDDING,
    "crossref.json": RATING,
    "crossref-one.json": RATING,
    "crossref.jsonl": RATING,
    "datacite.json": Record(
        title="Queues and prices: A note",
        type="paper-conference",
        authors=(Name("Low", "Ada", orcid=ORCID), TEAM),
        editors=(Name("Severin", "Simone"),),
        issued=(2013, 11),
        container_title="Proceedings of a Meeting",
        collection_title="Meetings in Informatics",
        publisher="Example Press",
        volume="22",
        page="93-105",
        doi="10.5555/dc.1",
        isbn=("9783319591100",),
        url="https://example.org/dc/1",
        language="en",
        facets=Facets(keywords=("bids", "queues")),
    ),
    "europe-pmc.json": COURIERS,
    "europe-pmc-by-id.json": COURIERS,
    "semantic-scholar.json": Record(
        title="Trust in stars",
        type="article-journal",
        authors=(Name("Low", "Marianne B."), Name("Li", "B.")),
        issued=(2001, 10, 1),
        container_title="Work Notes",
        volume="7",
        issue="2",
        page="1-9",
        doi="10.5555/s2.1",
        issn=("1234-5679",),
    ),
    "arxiv.xml": Record(
        title="Stars for gigs in the Large Connectivity Limit",
        type="article",
        authors=(Name("Low", "James M."), Name("Doorn", "Adrian", "van")),
        issued=(2021, 1, 8),
        url="https://arxiv.org/abs/2101.00001",
    ),
    "pubmed.xml": DRIVERS,
    "pubmed.nbib": Record(
        title="Sleep and gig work: a survey of drivers who work at night",
        type="article-journal",
        authors=(Name("Griff", "Darren K", orcid=ORCID), TEAM),
        issued=(2020, 3),
        issued_edtf="2020-03/2020-04",
        container_title="European journal of driving",
        volume="63",
        issue="2",
        page="103-110",
        doi="10.5555/pm.1",
        issn=("1234-5679",),
        language="en",
        facets=Facets(keywords=("sleep",)),
    ),
    "endnote.enw": Record(
        title="Bidding for jobs",
        type="article-journal",
        authors=(Name("Brix", "Anna"), TEAM),
        issued=(2014, 3, 3),
        container_title="Work Notes",
        volume="3",
        issue="1",
        page="1-9",
        doi="10.5555/enw1",
        issn=("1234-5679",),
        facets=Facets(keywords=("bids", "pay")),
    ),
    "endnote.xml": Record(
        title="Bidding for jobs",
        type="article-journal",
        authors=(Name("Brix", "Anna"), TEAM),
        issued=(2014, 3, 3),
        container_title="Work Notes",
        volume="3",
        issue="1",
        page="1-9",
        doi="10.5555/enx1",
        issn=("1234-5679", "2254-7088"),
        url="https://example.org/x",
        language="en",
        facets=Facets(keywords=("bids", "pay")),
    ),
    "refworks.txt": Record(
        title="Bids on platforms",
        type="article-journal",
        authors=(Name("Low", "Ada"), Name("Li", "Bo")),
        issued=(2019, 3),
        container_title="Work Notes",
        volume="3",
        issue="1",
        page="1-9",
        doi="10.5555/rw1",
        issn=("1234-5679",),
        url="https://example.org/rw1",
        language="en",
        facets=Facets(keywords=("bids", "pay")),
    ),
    "eppi.json": Record(
        title="Gigs and codes",
        type="article-journal",
        authors=(Name("Low", "Ada"), Name("De Stefano", "Valerio M")),
        issued=(2020, 3),
        container_title="Work Notes",
        volume="52",
        issue="1",
        page="169-183",
        doi="10.5555/ep.1",
        facets=Facets(keywords=("gig work",)),
    ),
    "scopus.txt": Record(
        title="Bidding for gigs on Upwork",
        type="article-journal",
        authors=(Name("Low", "Ada"), Name("Doorn", "Niels", "van")),
        issued=(2021,),
        container_title="Work, Employment and Society",
        volume="68",
        issue="2",
        page="2711-2726",
        doi="10.5555/sc.2021.1",
        issn=("1234-5679",),
        url=f"{SCOPUS}85104877361&doi=10.5555%2fsc.2021.1&partnerID=40&md5=bd4",
        language="en",
        facets=Facets(keywords=("gig work", "Upwork")),
    ),
    "savedrecs.txt": Record(
        title="Reactions to platform pay",
        type="article-journal",
        authors=(Name("Gran", "Arto"), Name("Fuch", "Chris", orcid=ORCID), TEAM),
        issued=(2019, 2, 1),
        container_title="WORK NOTES",
        volume="3",
        issue="10",
        page="1062-1069",
        doi="10.5555/wos1",
        issn=("1234-5679",),
        language="en",
        facets=Facets(keywords=("bids", "pay")),
    ),
    "grobid.tei.xml": Record(
        title="Hiring on platforms",
        type="article-journal",
        authors=(Name("Low", "Jason B"),),
        issued=(2014, 3),
        container_title="Work Notes",
        volume="3",
        issue="1",
        page="1-9",
        doi="10.5555/tei1",
        issn=("1234-5679",),
        facets=Facets(keywords=("Hiring",)),
    ),
}


def without_source(entry: Entry) -> Record | None:
    return entry.record and replace(entry.record, sources=())


def messages(entries: list[Entry]) -> list[str]:
    return [problem.message for entry in entries for problem in entry.problems]


@pytest.mark.parametrize("name", FIRST)
def test_the_first_work_of_an_answer(name: str) -> None:
    entries = list(read_file(FIXTURES / name))
    assert without_source(entries[0]) == FIRST[name]


def test_every_file_is_tested() -> None:
    assert {path.name for path in FIXTURES.iterdir()} == set(FIRST)


@pytest.mark.parametrize("ending", [".txt", ".dat", ".ris", ".json", ".csv"])
@pytest.mark.parametrize("name", FIRST)
def test_a_format_is_known_by_its_content(name: str, ending: str) -> None:
    text = (FIXTURES / name).read_text(encoding="utf-8")
    ours = choose(SourceFile.of_path(FIXTURES / name))
    assert choose(SourceFile.of_text(text, f"works{ending}")) is ours


def test_second_works() -> None:
    _, queues = read_file(FIXTURES / "openalex.json")
    assert queues.record is not None
    assert (queues.record.type, queues.record.container_title) == (
        "paper-conference",
        "Proceedings of a Meeting",
    )
    for name in ("crossref.json", "crossref.jsonl"):
        _, crowds = read_file(FIXTURES / name)
        assert without_source(crowds) == CROWDS
    _, preprint = read_file(FIXTURES / "semantic-scholar.json")
    assert preprint.record is not None
    assert (preprint.record.type, preprint.record.url, preprint.record.container_title) == (
        "article",
        "https://arxiv.org/abs/2101.00001",
        "",
    )
    _, paper = read_file(FIXTURES / "endnote.enw")
    assert paper.record is not None
    assert (paper.record.container_title, paper.record.collection_title) == (
        "Proceedings of a Meeting",
        "Meetings",
    )
    assert (paper.record.authors, paper.record.publisher_place) == ((VAN_DOORN,), "Oslo")
    _, meeting = read_file(FIXTURES / "savedrecs.txt")
    assert meeting.record is not None
    assert (meeting.record.type, meeting.record.event_title) == (
        "paper-conference",
        "8th Meeting on Crowd Platforms",
    )


def test_where_the_authors_work_is_not_what_they_studied() -> None:
    for name in ("openalex.json", "openalex.jsonl", "crossref.json", "grobid.tei.xml"):
        for entry in read_file(FIXTURES / name):
            assert entry.record is not None
            assert entry.record.facets.countries == ()


def test_an_entry_has_the_line_it_stands_on_and_a_key() -> None:
    places = {
        name: [(entry.source.key, entry.source.position) for entry in read_file(FIXTURES / name)]
        for name in ("openalex.jsonl", "pubmed.nbib", "savedrecs.txt", "arxiv.xml")
    }
    assert places == {
        "openalex.jsonl": [("https://openalex.org/W2346602302", 1), ("https://openalex.org/W2", 2)],
        "pubmed.nbib": [("10000001", 1), ("10000002", 27)],
        "savedrecs.txt": [("WOS:000000000000001", 3), ("WOS:000000000000002", 29)],
        "arxiv.xml": [("2101.00001", 5)],
    }


@pytest.mark.parametrize("name", ["arxiv.xml", "pubmed.xml", "endnote.xml", "grobid.tei.xml"])
def test_xml_may_begin_with_blank_lines(name: str, tmp_path: Path) -> None:
    """As text copied from a page does; the lines that are said of it are those of the file."""
    text = (FIXTURES / name).read_text("utf-8")
    as_it_is = [*read_file(FIXTURES / name)]
    (tmp_path / name).write_text(f"\n \n\t{text}", "utf-8")
    again = [*read_file(tmp_path / name)]
    assert [entry.source.position - 2 for entry in again] == [e.source.position for e in as_it_is]
    assert [entry.text for entry in again] == [entry.text for entry in as_it_is]
    assert messages(again) == messages(as_it_is)
    broken = tmp_path / "broken.xml"
    broken.write_text(f"\n \n{text}<", "utf-8")
    with pytest.raises(UnreadableFile, match=f"line {text.count(chr(10)) + 3:,}"):
        list(read_file(broken))


@pytest.mark.parametrize("name", ["arxiv.xml", "pubmed.xml", "endnote.xml", "grobid.tei.xml"])
def test_xml_that_begins_twice_or_late_is_refused_in_plain_words(name: str, tmp_path: Path) -> None:
    text = (FIXTURES / name).read_text("utf-8")
    without = text.partition("?>")[2]
    joined = tmp_path / name
    for said, both in {
        "<?xml is not at the start of the file": " " * 2**16 + text,
        "more content follows the end, as if two files were joined": text + without,
    }.items():
        joined.write_text(both, "utf-8")
        with pytest.raises(UnreadableFile) as error:
            list(read_file(joined))
        assert f"this XML cannot be read ({said})" in str(error.value)


def test_a_tag_that_nobody_reads_is_named_and_a_guess_is_called_one() -> None:
    assert messages([*read_file(FIXTURES / "pubmed.nbib")]) == ["not read: the tag XYZ"]
    assert messages([*read_file(FIXTURES / "grobid.tei.xml")]) == [
        "GROBID extracted this record from a PDF file and may be wrong"
    ]


def test_what_a_paper_prints_around_title_authors_and_keywords_is_no_part_of_them(
    tmp_path: Path,
) -> None:
    """GROBID takes "Short Paper" for an author, editors and codes of JEL for keywords."""
    printed = (FIXTURES / "grobid.tei.xml").read_text()
    author = "<author><persName><forename>Short</forename><surname>Paper</surname></persName>"
    for sound, as_printed in (
        ("Hiring on platforms", "Hiring on platforms Completed Research Paper"),
        ("<analytic>", f"<analytic>{author}</author>"),
        (
            "<term>Hiring</term>",
            "<term>Bo Li, Associate Editor Hiring JEL classification L81</term><term>L86</term>",
        ),
    ):
        assert sound in printed
        printed = printed.replace(sound, as_printed)
    path = tmp_path / "paper.tei.xml"
    path.write_text(printed)
    (entry,) = read_file(path)
    assert without_source(entry) == FIRST["grobid.tei.xml"]


def test_no_sentence_of_an_abstract_gets_into_a_record() -> None:
    for name in FIRST:
        for entry in read_file(FIXTURES / name):
            assert "Not read" not in str(entry.record)


def test_medline_with_the_ending_of_ris_is_medline(tmp_path: Path) -> None:
    path = tmp_path / "pubmed.ris"
    path.write_bytes((FIXTURES / "pubmed.nbib").read_bytes())
    entries = list(read_file(path))
    assert len(entries) == 2
    assert any("recognised as MEDLINE (PubMed)" in message for message in messages(entries))


def test_a_broken_line_of_json_lines_is_a_reject(tmp_path: Path) -> None:
    good = (FIXTURES / "openalex.jsonl").read_text(encoding="utf-8")
    path = tmp_path / "a.jsonl"
    path.write_text(good + '{"id": "https://openalex.org/W3", "title": \n[' + "[" * 5000 + "\n")
    entries = list(read_file(path))
    assert [entry.record is not None for entry in entries] == [True, True, False, False]
    assert entries[2].source.position == 3


def test_json_lines_longer_than_the_start_of_a_file(tmp_path: Path) -> None:
    lines = (FIXTURES / "openalex.jsonl").read_text(encoding="utf-8").splitlines()
    works = [{**json.loads(line), "referenced_works": ["x" * 80] * 1000} for line in lines]
    path = tmp_path / "a.jsonl"
    path.write_text("\n\n" + "\n".join(map(json.dumps, works)) + "\n")
    entries = list(read_file(path))
    assert [entry.source.position for entry in entries] == [3, 4]
    assert without_source(entries[0]) == BIDDING


def test_a_paper_that_the_api_does_not_know_is_no_entry(tmp_path: Path) -> None:
    paper = json.loads((FIXTURES / "semantic-scholar.json").read_text())["data"][0]
    path = tmp_path / "batch.json"
    path.write_text(json.dumps([None, paper, None]))
    assert [entry.record is not None for entry in read_file(path)] == [True]


def test_the_first_date_that_is_not_blank_is_stated() -> None:
    text = "%0 Report\n%T A\n%8 March 2019\n"
    (entry,) = READERS["endnote"].reader.read(SourceFile.of_text(text, "a.enw"))
    assert entry.record and ("date", "March 2019") in entry.record.sources[0].stated


def test_an_answer_without_items_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"meta": {}, "results": [], "x": [{"id": "https://openalex.org/W1"}]}')
    entries = list(read_file(path))
    assert [entry.problems[0].message for entry in entries] == ["no title"]


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE TEI [<!ENTITY a "aaaa">]><TEI><teiHeader>&a;</teiHeader></TEI>',
        "<TEI><teiHeader><title>cut off",
        "<TEI><teiHeader/></TEI>",
    ],
)
def test_xml_that_cannot_be_read_is_refused_or_a_reject(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.xml"
    path.write_text(text)
    try:
        entries = list(read_file(path))
    except UnreadableFile as error:
        assert "a.xml, line 1" in str(error) or "not recognised" in str(error)
    else:
        assert [entry.record for entry in entries] == [None]


def test_xml_nested_too_deep_is_a_reject() -> None:
    deep = (
        f"<feed><entry>{'<b>' * 5000}{'</b>' * 5000}</entry><entry><title>A</title></entry></feed>"
    )
    first, second = xml_items(SourceFile.of_text(deep, "a.xml"), "entry")
    assert first.element is None and first.fault
    assert second.element is not None and second.number == 2


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inside: (
        st.lists(inside, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                "id title authorships author display_name biblio primary_location source issn "
                "message items issued date-parts data attributes creators titles journalInfo "
                "authorList externalIds journal publicationTypes name family given".split()
            ),
            inside,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@pytest.mark.parametrize(
    "name", ["openalex", "crossref", "datacite", "europe-pmc", "semantic-scholar"]
)
@given(JSON)
def test_any_json_is_records_or_rejects_or_refused(name: str, value: object) -> None:
    source = SourceFile.of_text(json.dumps([{"title": "A", "x": value}, value]), "a.json")
    try:
        entries = list(READERS[name].reader.read(source))
    except UnreadableFile:
        return
    assert all(entry.record or entry.problems for entry in entries)


@pytest.mark.parametrize("name", ["medline", "endnote", "refworks", "web-of-science"])
@given(st.text(st.sampled_from("PMID- TAUF%0ERXY\n;,.1é\t"), max_size=200))
def test_any_tagged_text_is_records_or_rejects_or_refused(name: str, text: str) -> None:
    start = {
        "medline": "PMID- 1\n",
        "endnote": "%0 Book\n",
        "refworks": "RT Book, Whole\n",
        "web-of-science": "PT J\n",
    }[name]
    entries = list(READERS[name].reader.read(SourceFile.of_text(start + text, "a.txt")))
    assert all(entry.record or entry.problems for entry in entries)


def test_openalex_looks_for_the_id_of_a_work() -> None:
    assert not openalex.looks_like('{"id": "https://openalex.org/A1"}')


def test_the_older_form_of_scopus_and_a_record_without_authors() -> None:
    _, old, nobodys = (entry.record for entry in read_file(FIXTURES / "scopus.txt"))
    assert old is not None and nobodys is not None
    assert old.authors == (Name("Li", "B."), Name("Roe", "J."))
    assert (old.type, old.container_title) == (
        "paper-conference",
        "Lecture Notes in Computer Science",
    )
    assert (old.volume, old.page) == ("12400 LNCS", "441-455")
    assert (nobodys.title, nobodys.authors) == ("TEACHING: A REVIEW", ())
    assert (nobodys.container_title, nobodys.page) == ("Otra Revista", "5")


def test_a_record_of_scopus_that_is_cut_off_is_rejected(tmp_path: Path) -> None:
    path = tmp_path / "scopus.txt"
    whole = (FIXTURES / "scopus.txt").read_text()
    path.write_text(f"{whole}\nLow A.\nA title without anything else\n")
    *_, last = read_file(path)
    assert last.record is None and "A title without" in last.text
    assert last.source.position == len(whole.split("\n")) + 1


def test_a_reference_of_eppi_without_a_title_is_rejected() -> None:
    _, untitled = read_file(FIXTURES / "eppi.json")
    assert untitled.record is None and untitled.problems[0].message == "no title"


@pytest.mark.parametrize(
    "name", sorted(p.name for p in FIXTURES.iterdir() if ORCID in p.read_text(encoding="utf-8"))
)
def test_an_orcid_with_a_wrong_check_digit_is_reported(name: str, tmp_path: Path) -> None:
    wrong = f"{ORCID[:-1]}8"
    (tmp_path / name).write_text(
        (FIXTURES / name).read_text(encoding="utf-8").replace(ORCID, wrong), encoding="utf-8"
    )
    entries = list(read_file(tmp_path / name))
    assert any("ORCID iD" in message for message in messages(entries))
    names = [each for entry in entries if entry.record for each in entry.record.authors]
    assert names and not any(each.orcid for each in names)


def test_the_mark_of_a_main_topic_is_no_part_of_a_keyword(tmp_path: Path) -> None:
    text = "PMID- 1\nTI  - Gigs\nDP  - 2019\nOT  - *crowdsourcing\nOT  - pay\n"
    (tmp_path / "a.nbib").write_text(text, encoding="utf-8")
    (entry,) = read_file(tmp_path / "a.nbib")
    assert entry.record is not None
    assert entry.record.facets.keywords == ("crowdsourcing", "pay")
