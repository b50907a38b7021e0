"""The reader of reference lists: lines seen in real lists, and marks before them."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oograph.graph.errors import UnreadableFile
from oograph.graph.model import Entry, Name, Record
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


@pytest.mark.parametrize(
    ("url", "doi", "public"),
    [
        ("https://login.ezproxy.example.edu/login?url=https://doi.org/10.5555/a", "10.5555/a", ""),
        ("https://doi-org.ezproxy.example.edu/10.5555/a", "10.5555/a", ""),
        (
            "https://www-jstor-org.ezproxy.example.edu/stable/1",
            "",
            "https://www.jstor.org/stable/1",
        ),
        ("https://web.p.ebscohost.com/ehost/detail?sid=1", "", ""),
        (
            "(https://www.proquest.com/docview/1?accountid=9)",
            "",
            "https://www.proquest.com/docview/1",
        ),
    ],
)
def test_a_librarys_proxy_is_not_the_address_of_a_work(url: str, doi: str, public: str) -> None:
    (entry,) = read(f"Low, A. (2019). Pay on Upwork. Work Notes, 5(2), 1–9. {url}.")
    assert entry.record is not None
    assert (entry.record.doi, entry.record.url, entry.record.page) == (doi, public, "1-9")


def test_markup_and_entities_are_no_words_of_a_citation() -> None:
    line = (
        "M&uuml;ller, A., &amp; Li, B. (2019). R&amp;D and pay. "
        "<i>Work &amp; Pay</i>, 5(2), 1&ndash;9."
    )
    (entry,) = read(line)
    assert entry.record is not None
    assert facts(entry.record) == facts(
        replace(
            entry.record,
            title="R&D and pay",
            authors=(Name("Müller", "A."), Name("Li", "B.")),
            container_title="Work & Pay",
            page="1-9",
        )
    )
    assert entry.record.sources[0].stated == (("citation", line),)


@pytest.mark.parametrize("mark", ["…", "...", ". . .", "... &"])
def test_an_ellipsis_stands_for_authors_left_out(mark: str) -> None:
    (entry,) = read(f"Low, A., Li, B., {mark} Po, D. (2019). Pay on Upwork. Work Notes, 5(2), 1–9.")
    assert entry.record is not None and entry.record.more_authors
    names = [name.inverted for name in entry.record.authors]
    assert names == ["Low, A.", "Li, B.", "Po, D."]


def test_a_line_too_long_for_a_citation_is_a_reject() -> None:
    (entry,) = read("Hawley, A. (2018). " + "word " * 1_000)
    assert entry.record is None and "too many" in entry.problems[0].message


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n"])
def test_a_file_without_lines_is_refused(text: str) -> None:
    with pytest.raises(UnreadableFile, match=r"refs\.txt: no citations found"):
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


_ARTICLE = {
    "year": 2013,
    "title": "eLancing: A review and research agenda for bridging the science-practice gap",
    "container": "Human Resource Management Review",
    "volume": "23",
    "issue": "1",
    "page": "6-17",
}
_INITIALS = {"authors": "Aguinis, H.; Lawal, S. O."}
_IN_FULL = {"authors": "Aguinis, Herman; Lawal, Sola O."}
_BOOK = {
    "authors": "Brabham, D. C.",
    "year": 2013,
    "title": "Crowdsourcing",
    "publisher": "MIT Press",
    "place": "Cambridge, MA",
}
_PAPER = {
    "year": 2017,
    "title": "Crowd Work and Gig Work Through The Historical Lens of Piecework",
    "container": "Proceedings of the 2017 CHI Conference on Human Factors in Computing Systems",
    "page": "4599-4616",
}
_DOI = {"doi": "10.1016/j.hrmr.2012.06.003"}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param(
            "[1] H. Aguinis and S. O. Lawal, “{title},” {container}, vol. 23, no. 1, pp. 6–17, "
            "2013, doi: 10.1016/j.hrmr.2012.06.003.",
            _ARTICLE | _INITIALS | _DOI,
            id="ieee-article",
        ),
        pytest.param(
            '[2] A. Alkhatib, M. S. Bernstein, and M. Levi, "{title}," in {container}, May 2017, '
            "pp. 4599-4616.",
            _PAPER | {"authors": "Alkhatib, A.; Bernstein, M. S.; Levi, M."},
            id="ieee-paper",
        ),
        pytest.param(
            "[3] D. C. Brabham, {title}. Cambridge, MA: MIT Press, 2013.", _BOOK, id="ieee-book"
        ),
        pytest.param(
            '[4] N. van Doorn, "{title}," Inf. Commun. Soc., vol. 20, pp. 898-914, 2017.',
            {
                "authors": "van Doorn, N.",
                "year": 2017,
                "title": "Platform labor",
                "container": "Inf. Commun. Soc.",
                "volume": "20",
                "page": "898-914",
            },
            id="ieee-short-words",
        ),
        pytest.param(
            "1. Aguinis H, Lawal SO. {title}. {container}. 2013 Mar;23(1):6-17. "
            "doi: 10.1016/j.hrmr.2012.06.003",
            _ARTICLE | _DOI | {"authors": "Aguinis, H; Lawal, SO"},
            id="vancouver-article",
        ),
        pytest.param(
            "2. Agrawal A, Lyons E, et al. {title} {container}. 2016;103:1-12.",
            {
                "authors": "Agrawal, A; Lyons, E",
                "year": 2016,
                "title": "Does standardized information benefit job applicants?",
                "container": "Journal of International Economics",
                "volume": "103",
                "page": "1-12",
            },
            id="vancouver-question-without-issue",
        ),
        pytest.param(
            "1. Chesta RE, Pury CLS. {title}. {container}. 2019;12(3):819-844.",
            {
                "authors": "Chesta, RE; Pury, CLS",
                "year": 2019,
                "title": "Labour Activism. Food delivery workers' struggles in Italy",
                "container": "Partecipazione e Conflitto",
                "volume": "12",
                "issue": "3",
                "page": "819-844",
            },
            id="vancouver-title-of-two-sentences",
        ),
        pytest.param(
            "3. Alkhatib A, Levi M. {title}. In: {container}; 2017 May 6-11; Denver, CO. "
            "New York: ACM; 2017. p. 4599-4616.",
            _PAPER | {"authors": "Alkhatib, A; Levi, M", "publisher": "ACM", "place": "New York"},
            id="vancouver-paper",
        ),
        pytest.param(
            "4. Brabham DC. {title}. Cambridge, MA: MIT Press; 2013.",
            _BOOK | {"authors": "Brabham, DC"},
            id="vancouver-book",
        ),
        pytest.param(
            "Aguinis, Herman, and Sola O. Lawal. 2013. “{title}.” {container} 23 (1): 6–17. "
            "https://doi.org/10.1016/j.hrmr.2012.06.003.",
            _ARTICLE | _IN_FULL | _DOI,
            id="chicago-article",
        ),
        pytest.param(
            "Alkhatib, Ali, Michael S. Bernstein, and Margaret Levi. 2017. “{title}.” "
            "In {container}, 4599–4616. New York: ACM.",
            _PAPER
            | {
                "authors": "Alkhatib, Ali; Bernstein, Michael S.; Levi, Margaret",
                "publisher": "ACM",
                "place": "New York",
            },
            id="chicago-paper",
        ),
        pytest.param(
            "Agrawal, A., N. Lacetera, and E. Lyons. 2016. “{title}” {container} 103: 1–12.",
            {
                "authors": "Agrawal, A.; Lacetera, N.; Lyons, E.",
                "year": 2016,
                "title": "Does standardized information benefit job applicants?",
                "container": "Journal of International Economics",
                "volume": "103",
                "page": "1-12",
            },
            id="chicago-without-issue",
        ),
        pytest.param(
            "Brabham, D. C. 2013. {title}. Cambridge, MA: MIT Press.", _BOOK, id="chicago-book"
        ),
        pytest.param(
            "Aguinis, H. and Lawal, S. O., 2013. {title}. {container}, 23(1), pp.6-17.",
            _ARTICLE | _INITIALS,
            id="harvard-article",
        ),
        pytest.param(
            "Alkhatib, A. and Levi, M., 2017, May. {title}. In {container} (pp. 4599-4616).",
            _PAPER | {"authors": "Alkhatib, A.; Levi, M."},
            id="harvard-paper",
        ),
        pytest.param(
            "International Labour Organization, 2021. {title}. Geneva: ILO.",
            {
                "authors": "International Labour Organization",
                "year": 2021,
                "title": "World employment and social outlook",
                "publisher": "ILO",
                "place": "Geneva",
            },
            id="harvard-report",
        ),
        pytest.param(
            "Aguinis, Herman, and Sola O. Lawal. “{title}.” {container}, vol. 23, no. 1, "
            "Mar. 2013, pp. 6–17, https://doi.org/10.1016/j.hrmr.2012.06.003. Accessed 3 May 2021.",
            _ARTICLE | _IN_FULL | _DOI,
            id="mla-article",
        ),
        pytest.param(
            'Liu, Sophia B. "{title}." {container}, vol. 23, no. 4-6, 2014, pp. 389-443.',
            {
                "authors": "Liu, Sophia B.",
                "year": 2014,
                "title": "Crisis Crowdsourcing Framework",
                "container": "Computer Supported Cooperative Work",
                "volume": "23",
                "issue": "4-6",
                "page": "389-443",
            },
            id="mla-issues",
        ),
        pytest.param(
            'Alkhatib, Ali, et al. "{title}." {container}, 2017, pp. 4599-4616.',
            _PAPER | {"authors": "Alkhatib, Ali"},
            id="mla-paper",
        ),
        pytest.param(
            "Botsman, Rachel, and Roo Rogers. {title}. HarperBusiness, 2010.",
            {
                "authors": "Botsman, Rachel; Rogers, Roo",
                "year": 2010,
                "title": "What's Mine Is Yours",
                "publisher": "HarperBusiness",
            },
            id="mla-book",
        ),
    ],
)
def test_styles_with_the_year_in_no_brackets(line: str, expected: dict[str, object]) -> None:
    text = line.format(title=expected["title"], container=expected.get("container"))
    (entry,) = read(text)
    assert entry.record is not None
    assert facts(entry.record) == expected
    assert entry.problems == ()


@pytest.mark.parametrize(
    "line",
    [
        "[1] A. Low, “A title of work,” A Journal, vol. 23, no. 1, pp. 6–17, 2013.",
        "1. Low A, Chi B. A title of work. A Journal. 2013;23(1):6-17.",
        "1. Low A, Chi B. A title of work. A Journal. 2013 Mar 2;23(1):6-17.",
        "Low, Ann. 2013. “A title of work.” A Journal 23 (1): 6–17.",
        "Low, A., 2013. A title of work. A Journal, 23(1), pp.6-17.",
        "Low, Ann. “A title of work.” A Journal, vol. 23, no. 1, 2013, pp. 6–17.",
    ],
)
def test_a_list_in_another_style_looks_like_one(line: str) -> None:
    assert reference_list.looks_like(f"{line}\n{line}\n")


@pytest.mark.parametrize(
    "line",
    [
        # The names end in two places, or are none.
        "Brabham, Daren C. Crowdsourcing. MIT Press, 2013.",
        "———. 2014. “Another title.” Journal of Things 3 (2): 1–9.",
        "In the year of our work, 2017. A sentence goes on here and then. It ends.",
        "Methods, Results, and Discussion. We asked people. They answered in Oslo, 2017.",
        'He said, "This is a thing of the sort," and then he left in the spring, 2017.',
        # No end of the title, and two years.
        "Low, A., 2017. A title, A Journal, 3(2), pp.1-9",
        'A. Low, "A title," A Journal, 2016, pp. 1-9, 2017.',
    ],
)
def test_a_line_that_could_be_read_in_two_ways_is_a_reject(line: str) -> None:
    (entry,) = read(line)
    assert entry.record is None
    assert "title begins and ends" in entry.problems[0].message


@pytest.mark.parametrize(
    "line",
    [
        "- Low, A. (2013). A title of work. *Work, Notes and Queries*, *23*(1), 6–17. "
        "<https://doi.org/10.1000/1>",
        "1. **Low, A.** (2013). A title of work. _Work, Notes and Queries_, 23(1), 6–17. "
        "[https://doi.org/10.1000/1](https://doi.org/10.1000/1)",
        "* Low, A. (2013). [A title of work](https://doi.org/10.1000/1). *Work, Notes and "
        "Queries*, 23(1), 6–17.",
    ],
)
def test_a_list_in_markdown(line: str) -> None:
    (entry,) = read(f"# References\n\n{line}\n")
    assert entry.record and facts(entry.record) == {
        "authors": "Low, A.",
        "year": 2013,
        "title": "A title of work",
        "container": "Work, Notes and Queries",
        "volume": "23",
        "issue": "1",
        "page": "6-17",
        "doi": "10.1000/1",
    }


def test_a_table_with_one_column_is_a_list() -> None:
    (entry,) = read('Reference\n"Low, A. (2013). A ""title"" of work. A Journal, 23(1), 6-17."\n')
    assert entry.record and entry.record.title == 'A "title" of work'
    assert [name.inverted for name in entry.record.authors] == ["Low, A."]


@pytest.mark.parametrize(
    "line",
    [
        'Low, Ann, et al. "A title of work." Work, notes and queries 23.1 (2013): 6-17.',
        'Low, Ann, et al. "A title of work." Work, notes and queries 23, no. 1 (2013): 6–17.',
        "1: Low A, et al. A title of work. Work, notes and queries. 2013;23(1):6-17. "
        "Epub 2012 Aug 8. PMID: 1.",
    ],
)
def test_citations_as_google_scholar_and_pubmed_write_them(line: str) -> None:
    assert reference_list.looks_like(f"{line}\n{line}\n")
    (entry,) = read(line)
    assert entry.record and entry.record.more_authors
    found = facts(entry.record)
    assert found.pop("authors") in ("Low, Ann", "Low, A")
    assert found == {
        "year": 2013,
        "title": "A title of work",
        "container": "Work, notes and queries",
        "volume": "23",
        "issue": "1",
        "page": "6-17",
    }


def test_a_year_in_brackets_after_the_venue_may_have_a_month_and_no_issue() -> None:
    first, second = read(
        "Low, Ann, and Bo Chi. “A title of work.” A Journal 23 (May 2013): 6.\n"
        "Low, Ann. “A title of work.” A Review (2013).\n"
    )
    assert first.record and second.record
    assert (first.record.issued, first.record.volume) == ((2013, 5), "23")
    assert (second.record.issued, second.record.container_title) == ((2013,), "A Review")


def test_what_ssrn_suggests_to_cite() -> None:
    (entry,) = read(
        "Low, Ann B. and Chi, Bo, A Title: Of work and pay (May 2, 2013). "
        "Available at SSRN: https://ssrn.com/abstract=1 or http://dx.doi.org/10.2139/ssrn.1\n"
    )
    assert entry.record and entry.problems == ()
    assert facts(entry.record) == {
        "authors": "Low, Ann B.; Chi, Bo",
        "year": 2013,
        "title": "A Title: Of work and pay",
        "doi": "10.2139/ssrn.1",
        "url": "https://ssrn.com/abstract=1",
    }
    assert entry.record.issued == (2013, 5, 2)


WRAPPED = """References

1. Low, A., & Chi, B. (2013). A title
   of work. A Journal, 23(1),
   6-17.

2. Mo, C. (2014). Another title. A Journal, 24(2), 1-5.
"""


def test_citations_over_several_lines_with_blank_lines_between() -> None:
    assert reference_list.looks_like(WRAPPED)
    first, second = read(WRAPPED)
    assert first.record and first.record.title == "A title of work"
    assert (first.record.volume, first.record.page) == ("23", "6-17")
    assert (first.source.position, second.source.position) == (3, 7)
    assert first.text == "\n".join(WRAPPED.split("\n")[2:5])


def test_citations_under_each_other_are_not_joined_because_of_a_blank_line() -> None:
    one = "Low, A. (2013). A title of work. A Journal, 23(1), 6-17."
    assert len(read(f"{one}\n{one}\n\n{one}\n")) == 3
