"""The reader of reference lists: lines seen in real lists, and marks before them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oograph.graph.errors import UnreadableFile
from oograph.graph.model import Entry, Record
from oograph.graph.readers import reference_list
from oograph.graph.readers.source import SourceFile

FIXTURES = Path(__file__).parents[2] / "fixtures" / "reference_list"
SEEN = list(reference_list.read(SourceFile.of_path(FIXTURES / "seen.txt")))


def read(text: str) -> list[Entry]:
    return list(reference_list.read(SourceFile.of_text(text, "refs.txt")))


def facts(record: Record) -> dict[str, object]:
    """The bibliographic facts that are not empty, names in index order."""
    found = {
        "authors": "; ".join(name.inverted for name in record.authors),
        "year": record.year,
        "title": record.title,
        "container": record.container_title,
        "series": record.collection_title,
        "publisher": record.publisher,
        "place": record.publisher_place,
        "volume": record.volume,
        "issue": record.issue,
        "page": record.page,
        "number": record.number,
        "doi": record.doi,
        "url": record.url,
    }
    return {name: value for name, value in found.items() if value}


EXPECTED: list[dict[str, object]] = [
    {
        "authors": "Malik, F.; Nicholson, B.; Heeks, R.",
        "year": 2017,
        "title": "Understanding the development implications of online outsourcing",
        "container": "International Conference on Social Implications of Computers in "
        "Developing Countries",
        "page": "425-436",
    },
    {
        "authors": "Urzì Brancati, C.; Pesole, A.; Fernández-Macías, E.",
        "year": 2019,
        "title": "Digital Labour Platforms in Europe: Numbers, Profiles, and Employment Status "
        "of Platform Workers",
        "publisher": "Publications Office of the European Union",
        "place": "Luxembourg",
        "number": "EUR 29810 EN",
    },
    {
        "authors": "Agrawal, A.; Horton, J.; Lacetera, N.; Lyons, E.",
        "year": 2013,
        "title": "Digitization and the contract labor market: a research agenda",
        "series": "National Bureau of Economic Research Working Paper",
        "place": "Cambridge",
        "number": "1952",
    },
    {
        "authors": "Alsos, K.; Jesnes, K.; Sletvold Øistad, B.; Nesheim, T.",
        "year": 2017,
        "title": "Når sjefen er en app",
        "series": "FAFO-Rapport",
        "place": "Oslo",
        "number": "41",
    },
    {
        "authors": "Balaram, B.; Warden, J.; Wallace-Stephens, F.",
        "year": 2017,
        "title": "Good gigs: A fairer future for the UK’s gig economy",
        "publisher": "RSA, Action and Research Centre",
        "place": "London",
    },
    {
        "authors": "Beręsewicz, M.; Nikulin, D.",
        "year": 2021,
        "title": "COVID-19 and the Gig Economy in Poland",
        "url": "https://arxiv.org/abs/2107.11124",
    },
    {
        "authors": "Boeri, T.; Giupponi, G.; Krueger, A.B.; Machin, S.",
        "year": 2020,
        "title": "Solo-self employment and alternative work arrangements: A cross-country "
        "perspective on the changing composition of jobs",
        "container": "Journal of Economic Perspectives",
        "volume": "34",
        "issue": "1",
        "page": "170-195",
    },
    {
        "authors": "Eurofound",
        "year": 2018,
        "title": "Employment and working conditions of selected types of platform work",
        "publisher": "Publications Office of the European Union",
        "place": "Luxembourg",
    },
    {
        "authors": "Hawley, A.",
        "year": 2018,
        "title": "Regulating labour platforms, the data deficit",
        "container": "European Journal of Government and Economics",
        "volume": "7",
        "issue": "1",
        "page": "5-23",
        "doi": "10.17979/ejge.2018.7.1.4330",
    },
    {
        "authors": "Wood, A.J; Lehdonvirta, V; Graham, M",
        "year": 2018,
        "title": "Workers of the Internet unite? Online freelancer organisation among remote gig "
        "economy workers in six Asian and African countries",
        "container": "New Technology, Work and Employment",
        "volume": "33",
        "issue": "2",
        "page": "95-112",
    },
    {
        "authors": "Ivanova, Mirela; Bronowicka, Joanna; Kocher, Eva; Degner, Anne",
        "year": 2018,
        "title": "Foodora and Deliveroo: The App as a Boss? Control and autonomy in app-based "
        "management - the case of food delivery riders",
        "series": "Working Paper Forschungsförderung",
        "publisher": "Hans-Böckler- Stiftung",
        "place": "Düsseldorf",
        "number": "107",
        "url": "http://nbn-resolving.de/urn:nbn:de:101:1-2019022610132332740779",
    },
]


@pytest.mark.parametrize(
    ("entry", "expected"),
    list(zip(SEEN, EXPECTED, strict=True)),
    ids=[str(expected["authors"]).split(",")[0] for expected in EXPECTED],
)
def test_lines_of_real_lists(entry: Entry, expected: dict[str, object]) -> None:
    assert entry.record is not None
    assert facts(entry.record) == expected
    assert entry.problems == ()
    assert entry.record.sources[0].stated == (("citation", entry.text),)


def test_marks_comments_and_rejects() -> None:
    entries = list(reference_list.read(SourceFile.of_path(FIXTURES / "numbered.txt")))
    assert [(e.source.key, e.source.position) for e in entries] == [
        ("1", 3),
        ("2", 4),
        ("3", 5),
        ("4", 7),
    ]
    titles = [entry.record.title if entry.record else None for entry in entries]
    assert titles == [EXPECTED[8]["title"], EXPECTED[7]["title"], EXPECTED[3]["title"], None]
    assert entries[0].record is not None
    assert entries[0].record.sources[0].stated[0][1].startswith("Hawley, A. (2018).")
    assert entries[3].problems[0].severity == "violation"
    assert entries[3].text == "https://example.org/nothing-but-a-link"


@pytest.mark.parametrize("mark", ["[12] ", "(3) ", "1. ", "2) ", "4\t", "• ", "- ", "* ", "– ", ""])
def test_marks(mark: str) -> None:
    (entry,) = read(f"{mark}Hawley, A. (2018). A title. A Journal, 7(1), 5-23.")
    assert entry.record is not None
    assert (entry.record.title, entry.record.authors[0].family) == ("A title", "Hawley")


@pytest.mark.parametrize(
    "heading", ["References", "REFERENCES:", "Works cited", "Literaturverzeichnis"]
)
def test_a_heading_is_no_citation_and_a_quote_in_a_title_ends_it(heading: str) -> None:
    line = 'De Stefano V (2016) The rise of "just-in-time work". Comp Labor Law J 37(3):471–503'
    (entry,) = read(f"{heading}\n{line}\n")
    assert entry.record is not None
    assert entry.record.title == 'The rise of "just-in-time work"'
    assert (entry.record.container_title, entry.record.volume) == ("Comp Labor Law J", "37")


def test_what_is_unsure_stays_empty_with_a_warning() -> None:
    (entry,) = read("Something Unclear Here (2018), A title")
    assert entry.record is not None
    assert (entry.record.title, entry.record.authors) == ("A title", ())
    assert [p.property for p in entry.problems] == ["author", "venue"]


def test_a_line_too_long_for_a_citation_is_a_reject() -> None:
    (entry,) = read("Hawley, A. (2018). " + "word " * 1_000)
    assert entry.record is None and "too many" in entry.problems[0].message


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n"])
def test_a_file_without_lines_is_refused(text: str) -> None:
    with pytest.raises(UnreadableFile, match=r"refs\.txt: no line here"):
        read(text)


@given(st.lists(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\r\n"))))
def test_no_input_raises_and_no_line_disappears(lines: list[str]) -> None:
    expected = [n for n, s in enumerate(lines, 1) if s.strip() and not s.strip().startswith("#")]
    try:
        entries = read("\n".join(lines))
    except UnreadableFile:
        entries = []
    assert [entry.source.position for entry in entries] == expected
    for entry in entries:
        assert (entry.record is None) == any(p.severity == "violation" for p in entry.problems)


@pytest.mark.parametrize("name", ["seen.txt", "numbered.txt"])
def test_a_reference_list_looks_like_one(name: str) -> None:
    assert reference_list.looks_like((FIXTURES / name).read_text(encoding="utf-8"))
    assert not reference_list.looks_like("A title\n\nSome prose without any year in brackets.\n")
    assert not reference_list.looks_like("")
