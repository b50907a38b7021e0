"""Sound values: what the export of a source put in a field's place."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oograph.graph.catalogue import Catalogue
from oograph.graph.catalogue.cleaning import cleaned
from oograph.graph.model import Facets, Name, Record, Source


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (
            {"authors": (Name("available]", "[No", "author name"), Name("Low", "A."))},
            {"authors": (Name("Low", "A."),)},
        ),
        ({"editors": (Name(literal="[Anonymous]"),)}, {"editors": ()}),
        ({"editors": (Name(literal="-"), Name(literal="?"))}, {"editors": ()}),
        (
            {"authors": (Name("Low*", "Dr. Ann"), Name("Li", "Bo <bo@example.org>"))},
            {"authors": (Name("Low", "Ann"), Name("Li", "Bo"))},
        ),
        (
            {"authors": (Name("Mo", "Cy A. (cy@example.org)"),)},
            {"authors": (Name("Mo", "Cy A."),)},
        ),
        (
            {"authors": (Name("Low", "Ann https://orcid.org/0000-0002-1825-0097"),)},
            {"authors": (Name("Low", "Ann", orcid="0000-0002-1825-0097"),)},
        ),
        (
            {
                "authors": (
                    Name("Low", "Ann [0000-0002-1825-0097]"),
                    Name("Li", "Bo (ORCID: 0000-0002-1825-0098)"),
                )
            },
            {"authors": (Name("Low", "Ann", orcid="0000-0002-1825-0097"), Name("Li", "Bo"))},
        ),
        ({"authors": (Name("Profit", "Drew"),)}, {"authors": (Name("Profit", "Drew"),)}),
        ({"volume": "07-12-May-2016"}, {"volume": ""}),
        ({"volume": "2018-April"}, {"volume": ""}),
        ({"volume": "Part F127846"}, {"volume": ""}),
        ({"volume": "Volume 14"}, {"volume": "14"}),
        ({"volume": "Bd. 28"}, {"volume": "28"}),
        ({"type": "article-journal", "volume": "No. 4"}, {"volume": "", "issue": "4"}),
        ({"type": "book", "volume": "No. 4"}, {"volume": "No. 4", "issue": ""}),
        ({"volume": "No. 4", "issue": "5"}, {"volume": "No. 4", "issue": "5"}),
        (
            {
                "type": "article-journal",
                "volume": "No. 19525",
                "container_title": "NBER Working Paper Series",
            },
            {"type": "report", "volume": "", "number": "19525", "genre": "Working Paper"},
        ),
        (
            {"container_title": "Available at SSRN: https://ssrn.com/abstract=1689743"},
            {"container_title": "", "url": "https://ssrn.com/abstract=1689743"},
        ),
        ({"volume": "3(2)"}, {"volume": "3", "issue": "2"}),
        ({"volume": "83 (1999)", "issued": (1999,)}, {"volume": "83", "issue": ""}),
        ({"volume": "Vol. 3, No. 2-3"}, {"volume": "3", "issue": "2-3"}),
        ({"volume": "3(2)", "issue": "4"}, {"volume": "3(2)", "issue": "4"}),
        ({"page": "12 pages"}, {"page": ""}),
        ({"page": "1-1"}, {"page": ""}),
        ({"type": "thesis", "page": "240"}, {"page": ""}),
        ({"type": "chapter", "page": "240"}, {"page": "240"}),
        ({"type": "report", "issue": "23296"}, {"issue": "", "number": "23296"}),
        ({"type": "report", "issue": "4", "number": "7"}, {"issue": "4", "number": "7"}),
        (
            {"type": "report", "genre": "NBER Working Papers"},
            {"collection_title": "NBER Working Papers", "genre": "Working Paper"},
        ),
        (
            {"type": "report", "genre": "Research report"},
            {"collection_title": "", "genre": "Research report"},
        ),
        ({"type": "thesis", "volume": "PhD"}, {"volume": "", "genre": "PhD"}),
        ({"type": "thesis", "volume": "Ph.D."}, {"volume": "", "genre": "Ph.D."}),
        (
            {"type": "thesis", "volume": "Master of Science in Work and Organisation Studies"},
            {
                "volume": "",
                "container_title": "",
                "genre": "Master of Science in Work and Organisation Studies",
            },
        ),
        (
            {"type": "thesis", "collection_title": "Department of Sociology"},
            {"collection_title": ""},
        ),
        (
            {"type": "thesis", "container_title": "ProQuest Dissertations and Theses"},
            {"container_title": ""},
        ),
        (
            {"type": "thesis", "collection_title": "Dissertation Abstracts International: A"},
            {"collection_title": ""},
        ),
        (
            {"type": "thesis", "collection_title": "School Reform"},
            {"collection_title": "School Reform"},
        ),
        (
            {"type": "book", "title": "Gigs: A note", "container_title": "Gigs: a note."},
            {"container_title": ""},
        ),
        (
            {"type": "article-journal", "title": "Gigs", "container_title": "Gigs"},
            {"container_title": "Gigs"},
        ),
        ({"type": "thesis", "volume": "2"}, {"volume": "2", "genre": ""}),
        (
            {"type": "webpage", "volume": "2022", "number": "May 3"},
            {"volume": "", "number": ""},
        ),
        ({"type": "webpage", "volume": "12"}, {"volume": "12"}),
        ({"type": "article-journal", "volume": "2022"}, {"volume": "2022"}),
        ({"number": "Query date: 2024-02-08 14:55:16"}, {"number": ""}),
        ({"number": "(Low A.; Li B.) University of Leeds"}, {"number": ""}),
        ({"issue": "(Low A.) University of Leeds"}, {"issue": ""}),
        ({"type": "article-journal", "issue": "12 December"}, {"issue": "12"}),
        ({"type": "article-newspaper", "issue": "12 December"}, {"issue": "12 December"}),
        ({"number": "Copyright (C) 2016 Society for Work"}, {"number": ""}),
        ({"type": "article-journal", "edition": "2018/12/01"}, {"edition": ""}),
        ({"type": "book", "edition": "2nd"}, {"edition": "2nd"}),
        ({"title": "RETRACTED: Gigs"}, {"title": "RETRACTED: Gigs", "status": "retracted"}),
        ({"container_title": "Work, employment and …"}, {"container_title": ""}),
        ({"publisher": "journals.example.com"}, {"publisher": ""}),
        ({"publisher": "ver.di"}, {"publisher": "ver.di"}),
        *(
            ({"container_title": venue, "type": kind}, {"container_title": "", "type": "article"})
            for venue in (
                "arXiv",
                "arXiv [econ.GN]",
                "arXiv preprint arXiv:1801.01234",
                "CoRR",
                "medRxiv : the preprint server for health sciences",
                "SocArXiv",
            )
            for kind in ("article-journal", "document")
        ),
        (
            {"doi": "10.48550/arxiv.1801.01234", "type": "manuscript"},
            {"type": "article"},
        ),
        ({"doi": "10.2139/ssrn.2942558", "type": "document"}, {"type": "manuscript"}),
        ({"doi": "10.2139/ssrn.2942558", "type": "report"}, {"type": "report"}),
        (
            {"url": "https://papers.ssrn.com/abstract=2942558", "type": "webpage"},
            {"type": "manuscript"},
        ),
        (
            {"url": "https://ssrn.com/abstract=1", "doi": "10.1/x", "type": "webpage"},
            {"type": "webpage"},
        ),
        ({"page": "119 p."}, {"page": ""}),
        ({"title": "[PDF] [BOOK] On demand"}, {"title": "On demand"}),
        ({"title": "[Re]presenting work"}, {"title": "[Re]presenting work"}),
        ({"issue": "No. 4"}, {"issue": "4"}),
        ({"issue": "Heft 3-4"}, {"issue": "3-4"}),
        ({"issue": "No. 0"}, {"issue": "No. 0"}),
        ({"issue": "Number crunching"}, {"issue": "Number crunching"}),
        ({"issue": "–"}, {"issue": ""}),
        ({"volume": "174 AISC"}, {"volume": "174", "collection_title": "AISC"}),
        ({"volume": "0", "issue": "0"}, {"volume": "", "issue": ""}),
        ({"volume": "10", "issue": "n/a"}, {"volume": "10", "issue": ""}),
        ({"volume": "WS-11-11"}, {"volume": "WS-11-11"}),
        ({"volume": "XII"}, {"volume": "XII"}),
        (
            {"volume": "Proceedings of the Second Conference on Platforms and Work"},
            {
                "volume": "",
                "container_title": "Proceedings of the Second Conference on Platforms and Work",
            },
        ),
        (
            {"volume": "0", "issue": "0", "number": "0", "page": "0"},
            {"volume": "", "issue": "", "number": "", "page": ""},
        ),
        ({"volume": "10", "issue": "007"}, {"volume": "10", "issue": "007"}),
        ({"page": "0-26"}, {"page": ""}),
        ({"page": "35+"}, {"page": "35"}),
        ({"page": "986-+"}, {"page": "986"}),
        ({"page": "UNSP 133936"}, {"page": "133936"}),
        ({"page": "n.pag."}, {"page": ""}),
        ({"volume": "ahead-of-print", "issue": "Ahead-of-Print"}, {"volume": "", "issue": ""}),
        ({"volume": "v. 8", "issue": "NA"}, {"volume": "8", "issue": ""}),
        ({"type": "article-journal", "issue": "2, SI"}, {"issue": "2"}),
        ({"type": "article-journal", "issue": "eag, 7805975"}, {"issue": ""}),
        ({"type": "article-journal", "issue": "101676033"}, {"issue": ""}),
        ({"type": "article-journal", "edition": "20220219"}, {"edition": ""}),
        ({"type": "thesis", "number": "Ph.D."}, {"number": "", "genre": "Ph.D."}),
        ({"type": "thesis", "number": "13804"}, {"number": "13804", "genre": ""}),
        ({"page": "10-26"}, {"page": "10-26"}),
        ({"page": "14-May"}, {"page": ""}),
        ({"page": "S14-May"}, {"page": "S14-May"}),
        ({"title": "Gigs at work."}, {"title": "Gigs at work"}),
        ({"title": "A reply to Berg et al."}, {"title": "A reply to Berg et al."}),
        ({"title": "Gig work in the U.S."}, {"title": "Gig work in the U.S."}),
        ({"title": "And then …..."}, {"title": "And then …..."}),
        (
            {"title": "Decent work on platforms [Gute Arbeit auf den Plattformen]"},
            {
                "title": "Decent work on platforms",
                "original_title": "Gute Arbeit auf den Plattformen",
            },
        ),
        (
            {"title": "Decent work on platforms [Extended abstract]"},
            {"title": "Decent work on platforms [Extended abstract]"},
        ),
        (
            {"container_title": "Working Paper", "type": "article-journal"},
            {"container_title": "", "type": "manuscript", "genre": "Working Paper"},
        ),
        (
            {"container_title": "Report", "type": "document"},
            {"container_title": "", "type": "report", "genre": ""},
        ),
        (
            {"container_title": "Available at SSRN 3777307", "type": "article-journal"},
            {
                "container_title": "",
                "type": "manuscript",
                "genre": "Working Paper",
                "url": "https://ssrn.com/abstract=3777307",
            },
        ),
        (
            {"container_title": "arXiv preprint arXiv:1801.01234v2"},
            {"url": "https://arxiv.org/abs/1801.01234"},
        ),
        (
            {"container_title": "arXiv preprint arXiv:math.GT/0309136"},
            {"url": "https://arxiv.org/abs/math.GT/0309136"},
        ),
        (
            {"container_title": "CoRR", "volume": "abs/1801.01234"},
            {"url": "https://arxiv.org/abs/1801.01234"},
        ),
        (
            {
                "container_title": "ArXiv",
                "volume": "abs/1801.01234",
                "url": "https://api.semanticscholar.org/CorpusID:1",
            },
            {"url": "https://arxiv.org/abs/1801.01234"},
        ),
        ({"container_title": "Available at SSRN 3777307", "doi": "10.1000/1"}, {"url": ""}),
        ({"container_title": "Work", "type": "article-journal"}, {"container_title": "Work"}),
    ],
)
def test_values(said: dict[str, Any], meant: dict[str, Any]) -> None:
    record = cleaned(Record(**{"title": "Gigs", **said}))
    assert {name: getattr(record, name) for name in meant} == meant


def test_keywords_go_without_the_star_of_a_database() -> None:
    facets = Facets(keywords=("*LABOR market", "gig work", "* gig work", "*", "C*-algebra"))
    assert cleaned(Record("Gigs", facets=facets)).facets.keywords == (
        "LABOR market",
        "gig work",
        "C*-algebra",
    )


def test_a_cut_off_value_is_made_whole_where_it_can_mean_one_thing_only() -> None:
    facets = Facets(work_types=("Online moderately ski", "On-location platform-determined"))
    assert cleaned(Record("Gigs", facets=facets)).facets.work_types == (
        "Online moderately skilled click work",
        "On-location platform-determined",
    )


@given(
    st.builds(
        Record,
        title=st.text(max_size=60),
        volume=st.text(max_size=60),
        issue=st.text(max_size=20) | st.from_regex(r"(No\.|Heft) ?\d{1,2}(-\d)?", fullmatch=True),
        page=st.text(max_size=20),
        container_title=st.text(max_size=60),
    )
)
def test_a_second_time_changes_nothing(record: Record) -> None:
    once = cleaned(record)
    assert cleaned(once) == once


def test_an_import_gives_sound_values_and_keeps_the_words_of_the_source() -> None:
    source = Source("a.bib", "x", 1, (("volume", "2018-April"),))
    record = Record("Gigs", authors=(Name("Roe", "Ann"),), volume="2018-April", sources=(source,))
    (work,) = Catalogue().add([cleaned(record)]).catalogue.works
    assert (work.volume, work.sources) == ("", (source,))


def test_a_working_paper_s_number_in_the_issue_s_place_is_its_number() -> None:
    paper = cleaned(Record("A", type="article-journal", issue="NBER Working Paper 18720"))
    assert (paper.type, paper.genre, paper.number, paper.issue) == (
        "report",
        "Working Paper",
        "18720",
        "",
    )
    article = Record("A", type="article-journal", container_title="Notes", issue="Paper 4")
    assert cleaned(article) == article


@pytest.mark.parametrize("part", ["–x1", "* ", "<", " ", "a@b"])
def test_a_name_of_any_length_is_looked_at_once(part: str) -> None:
    # The square of its length would be hours.
    name = Name(literal="A" + part * 1_000_000 + "z")
    assert cleaned(Record("On work", authors=(name,))).authors == (name,)
