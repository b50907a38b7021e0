"""Zotero RDF: items with what they are in, beside them or inside them."""

from pathlib import Path

import pytest

from oograph.graph.errors import UnreadableFile
from oograph.graph.model import Entry, Name, Record
from oograph.graph.readers import READERS, choose, read_file
from oograph.graph.readers.source import SourceFile

LIBRARY = Path(__file__).parents[2] / "fixtures" / "zotero" / "library.rdf"
NO_TITLE = 1 + LIBRARY.read_text(encoding="utf-8").partition("<bib:Document")[0].count("\n")


@pytest.fixture(scope="module")
def entries() -> dict[str, Entry]:
    return {entry.source.key: entry for entry in read_file(LIBRARY)}


def record(entry: Entry) -> Record:
    assert entry.record is not None
    return entry.record


def test_attachments_notes_journals_and_collections_are_no_works(
    entries: dict[str, Entry],
) -> None:
    keys = ["https://example.org/gig", "low2019", "#item_8", "#item_9", "#item_10"]
    assert list(entries) == keys


def test_an_article_is_in_a_journal_that_stands_beside_it(entries: dict[str, Entry]) -> None:
    entry = entries["https://example.org/gig"]
    work = record(entry)
    assert (work.type, work.title) == ("article-journal", "Good Gig, Bad Gig")
    assert work.authors == (Name("Vries", "Bob", particle="de"), Name(literal="World Bank"))
    assert (work.container_title, work.volume, work.issue) == ("Review of Work", "33", "1")
    assert (work.page, work.doi, work.issn) == ("56-75", "10.1000/gig", ("0033-5533",))
    assert (work.issued, work.language, work.url) == ((2019, 2, 1), "en", "https://example.org/gig")
    assert work.facets.keywords == ("income", "privacy")
    assert (entry.abstract, entry.source.position) == ("Workers in Kenya.", 11)


def test_a_paper_is_in_proceedings_that_are_in_a_series(entries: dict[str, Entry]) -> None:
    work = record(entries["low2019"])
    assert (work.type, work.issued) == ("paper-conference", (2019, 5))
    assert (work.container_title, work.collection_title) == ("Proceedings of CHI", "CHI '19")
    assert (work.event_title, work.isbn) == ("CHI 2019", ("9783161484100",))
    assert work.doi == "10.1000/paper", "a line of Extra"


def test_a_chapter_and_a_report(entries: dict[str, Entry]) -> None:
    chapter, report = record(entries["#item_8"]), record(entries["#item_9"])
    assert (chapter.type, chapter.container_title, chapter.volume) == ("chapter", "The book", "2")
    assert (chapter.publisher, chapter.publisher_place) == ("Springer", "Cham")
    assert chapter.editors == (Name("Low", "Ann"),)
    assert (report.type, report.genre, report.number) == ("report", "Working paper", "27")
    assert report.publisher == "ILO"


def test_an_item_without_a_title_is_a_reject_with_its_line(entries: dict[str, Entry]) -> None:
    entry = entries["#item_10"]
    assert entry.record is None
    reason = entry.problems[0]
    assert (reason.message, reason.file, reason.line) == ("no title", "library.rdf", NO_TITLE)


def test_other_rdf_is_not_taken_for_it(tmp_path: Path) -> None:
    foreign = LIBRARY.read_text(encoding="utf-8").replace("www.zotero.org", "example.org")
    assert choose(SourceFile.of_text(foreign, "a.rdf")) is READERS["dump"]
    (tmp_path / "a.rdf").write_text(foreign, encoding="utf-8")
    with pytest.raises(UnreadableFile, match="no publications in the oograph ontology"):
        list(read_file(tmp_path / "a.rdf"))


def test_people_series_and_meetings_that_have_names_of_their_own(tmp_path: Path) -> None:
    def people(role: str, family: str) -> str:
        name = f"<foaf:surname>{family}</foaf:surname><foaf:givenName>Ann</foaf:givenName>"
        person = f"<foaf:Person>{name}</foaf:Person>"
        return f"<{role}><rdf:Seq><rdf:li>{person}</rdf:li></rdf:Seq></{role}>"

    series = "<dcterms:alternative>Papers</dcterms:alternative><dc:identifier>7</dc:identifier>"
    start = LIBRARY.read_text(encoding="utf-8").partition("<bib:")[0]
    path = tmp_path / "talks.rdf"
    path.write_text(
        f"{start}<bib:ConferenceProceedings rdf:about='#item_1'><dc:title>A talk</dc:title>"
        "<z:itemType>presentation</z:itemType><z:meetingName>A meeting</z:meetingName>"
        f"{people('z:presenters', 'Low')}{people('bib:contributors', 'Roe')}"
        f"{people('bib:editors', 'Doe')}"
        f"<dcterms:isPartOf><bib:Series>{series}</bib:Series></dcterms:isPartOf>"
        "</bib:ConferenceProceedings></rdf:RDF>",
        encoding="utf-8",
    )
    (entry,) = read_file(path)
    talk = record(entry)
    assert (talk.authors, talk.editors) == ((Name("Low", "Ann"),), (Name("Doe", "Ann"),))
    assert (talk.event_title, talk.collection_title, talk.number) == ("A meeting", "Papers", "7")


def test_the_number_of_a_preprint_is_no_issue(tmp_path: Path) -> None:
    start = LIBRARY.read_text(encoding="utf-8").partition("<bib:")[0]
    path = tmp_path / "preprint.rdf"
    path.write_text(
        f"{start}<rdf:Description rdf:about='#item_1'><dc:title>A</dc:title>"
        "<z:itemType>preprint</z:itemType><prism:number>arXiv:2301.00001</prism:number>"
        "</rdf:Description></rdf:RDF>",
        encoding="utf-8",
    )
    (entry,) = read_file(path)
    assert (record(entry).number, record(entry).issue) == ("arXiv:2301.00001", "")
