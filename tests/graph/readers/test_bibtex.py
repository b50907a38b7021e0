"""The BibTeX reader: what it makes of good entries, and that nothing is lost of broken ones."""

import logging
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oograph.graph.model import Entry, Name, Record
from oograph.graph.readers import bibtex, bibtex_syntax
from oograph.graph.readers.source import SourceFile

FIXTURES = Path(__file__).parents[2] / "fixtures" / "bibtex"


def read(text: str) -> list[Entry]:
    return list(bibtex.read(SourceFile.of_text(text, "works.bib")))


def fixture(name: str) -> dict[str, Entry]:
    entries = list(bibtex.read(SourceFile.of_path(FIXTURES / name)))
    return {entry.source.key: entry for entry in entries}


def record_of(fields: str, kind: str = "article") -> Record:
    """The record of one entry with a title, a year and these fields."""
    (entry,) = read(f"@{kind}{{key, title = {{A title}}, year = 2000, {fields}}}")
    assert entry.record is not None, entry.problems
    return entry.record


def titled(title: str) -> str:
    (entry,) = read(f"@article{{key, year = 2000, title = {title}}}")
    assert entry.record is not None, entry.problems
    return entry.record.title


def messages(entry: Entry) -> list[str]:
    return [problem.message for problem in entry.problems]


def test_an_article_with_all_its_fields() -> None:
    entry = fixture("works.bib")["goldschmidt2017"]
    assert entry.problems == ()
    assert entry.record == Record(
        title="The Rise of Domestic Outsourcing and the Evolution of the German Wage Structure",
        type="article-journal",
        authors=(Name("Goldschmidt", "Deborah"), Name("Schmieder", "Johannes F.")),
        issued=(2017, 4),
        container_title="The Quarterly Journal of Economics",
        publisher="Oxford University Press",
        volume="132",
        issue="3",
        page="1165-1217",
        doi="10.1093/qje/qjx008",
        issn=("0033-5533",),
        url="https://doi.org/10.1093/qje/qjx008",
        sources=(entry.source,),
    )
    assert entry.source.position == 5
    assert entry.source.stated == (
        ("author", "Goldschmidt, Deborah and Schmieder, Johannes F."),
        (
            "title",
            "{The Rise of Domestic Outsourcing and the Evolution of the German Wage Structure*}",
        ),
        ("year", "2017"),
        ("doi", "10.1093/QJE/qjx008"),
    )
    assert entry.text.startswith("@article{goldschmidt2017,") and entry.text.endswith("}")


def test_every_entry_is_there_in_file_order_and_strings_are_none() -> None:
    entries = fixture("works.bib")
    assert list(entries) == [
        "goldschmidt2017",
        "schmidt2016",
        "chilton2010",
        "hcomp2010",
        "inherits",
        "blog",
        "odd",
    ]
    assert all(entry.record for entry in entries.values())


def test_a_report() -> None:
    record = fixture("works.bib")["schmidt2016"].record
    assert record is not None
    assert record.title == "Arbeitsmärkte in der Plattformökonomie – Zur Funktionsweise"
    assert (record.type, record.number, record.issue) == ("report", "Gute Gesellschaft", "")
    assert (record.publisher, record.publisher_place) == ("Friedrich-Ebert-Stiftung", "Bonn")
    assert record.language == "de"


def test_a_paper_inherits_what_it_lacks_but_not_the_doi_of_its_proceedings() -> None:
    record = fixture("works.bib")["chilton2010"].record
    assert record is not None
    assert record.container_title == "Proceedings of the ACM SIGKDD Workshop & more"
    assert (record.issued, record.publisher, record.doi) == ((2010,), "ACM", "")
    assert [str(name) for name in record.editors] == ["Raman Chandrasekar", "Luis von Ahn"]
    assert record.more_authors
    assert record.facets.keywords == ("search", "micro-tasks")


def test_a_chapter_takes_the_title_of_its_parent_for_its_book() -> None:
    record = fixture("works.bib")["inherits"].record
    assert record is not None
    assert record.container_title == "Human Computation"
    assert record.authors == (
        Name(literal="University of Hertfordshire"),
        Name("Deng", "Xuefei (Nancy)"),
    )
    assert record.sources[0].stated == (
        ("author", "{University of Hertfordshire} and Deng, Xuefei (Nancy)"),
        ("title", "A Chapter"),
    )


def test_proceedings_say_so() -> None:
    record = fixture("works.bib")["hcomp2010"].record
    assert record is not None
    assert (record.type, record.genre, record.doi) == ("book", "Proceedings", "10.1145/1837885")


def test_a_web_page_and_its_wrong_isbn() -> None:
    entry = fixture("works.bib")["blog"]
    assert entry.record is not None
    assert (entry.record.type, entry.record.genre) == ("webpage", "Blog")
    assert entry.record.issued == (2012, 4, 25)
    assert entry.record.url == "http://blog.echen.me/2012/04/25/a_b/"
    assert entry.record.isbn == ()
    (problem,) = entry.problems
    assert (problem.severity, problem.property) == ("warning", "isbn")
    assert (problem.file, problem.line, problem.record) == ("works.bib", 53, "blog")
    assert problem.value == "978-0-00-000000-1"
    assert problem.remedy
    assert dict(entry.source.stated)["date"] == "2012-04-25"


def test_what_is_odd_is_said_and_the_entry_kept() -> None:
    entry = fixture("works.bib")["odd"]
    assert entry.record is not None
    assert [str(name) for name in entry.record.authors] == ["Ann Smith", "Bob Jones", "Carl Doe"]
    assert (entry.record.type, entry.record.issued) == ("document", ())
    assert [(problem.severity, problem.message) for problem in entry.problems] == [
        ("info", 'unknown entry type "gadget"; the work is treated as a document'),
        ("warning", 'names are separated by commas instead of "and"'),
        ("warning", "no year: the work is undated"),
    ]


def test_broken_entries_are_rejects_with_line_and_reason_and_the_good_are_kept() -> None:
    entries = fixture("broken.bib")
    rejects = {
        key: (entry.source.position, entry.problems[0].message)
        for key, entry in entries.items()
        if entry.record is None
    }
    missing = "a closing brace or quote is missing"
    assert rejects == {
        "unclosed": (1, f"the next entry begins before this one is closed: {missing}"),
        "quote": (8, f"the next entry begins before this one is closed: {missing}"),
        "nocomma": (15, 'the value of "title" goes on after its end: a comma may be missing'),
        "nokeycomma": (20, "a comma is missing after the entry's key"),
        "extra": (
            25,
            "the entry is closed before its last field: there is one closing brace too many",
        ),
        "untitled": (33, "no title"),
        "line-35": (35, 'this looks like an entry but does not begin with "@type{key,"'),
        "cut": (41, f"the file ends before the entry is closed: {missing}"),
    }
    kept = [key for key, entry in entries.items() if entry.record]
    assert kept == ["good1", "good2", "good3", "good4"]
    assert entries["good3"].source.position == 30


def test_the_text_of_a_reject_is_the_whole_entry() -> None:
    text = (FIXTURES / "broken.bib").read_text(encoding="utf-8")
    for entry in fixture("broken.bib").values():
        if entry.record is None:
            assert entry.text in text
            assert entry.text == text.split("\n\n")[_paragraph(text, entry)].strip()
            (problem,) = entry.problems
            assert (problem.severity, problem.file) == ("violation", "broken.bib")
            assert (problem.line, problem.record) == (entry.source.position, entry.source.key)
            assert problem.remedy


def _paragraph(text: str, entry: Entry) -> int:
    before = text.split("\n")[: entry.source.position - 1]
    return "\n".join([*before, ""]).count("\n\n")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param(r"""{\"u \"{u} {\"u} {\"{u}}}""", "ü ü ü ü", id="umlaut"),
        pytest.param(r"{\'e \'{\i} {\'{\i}} {\'\i}}", "é í í í", id="acute"),
        pytest.param(r"{\c{c} \c c \v{s} \H{o} \k{a} \r a \.{I}}", "ç ç š ő ą å İ", id="others"),
        pytest.param(
            r"{S\o ren, {\O}re, Stra{\ss}e, Gro\ss, \L{}\'od\'z}",
            "Søren, Øre, Straße, Groß, Łódź",
            id="letters",
        ),
        pytest.param(r"{{The} {{UK}} and {NIST}}", "The UK and NIST", id="case-protection"),
        pytest.param(r"{R\&D, 50\% \_ \$5 \#1}", "R&D, 50% _ $5 #1", id="escaped"),
        pytest.param("{R&D, 50% of them, x_1, #1 ^}", "R&D, 50% of them, x_1, #1 ^", id="bare"),
        pytest.param("{From $5 to $10 an hour}", "From $5 to $10 an hour", id="dollars"),
        pytest.param("{a -- b --- c}", "a – b — c", id="dashes"),
        pytest.param("{``Work'' and~more}", "“Work” and more", id="quotes-and-tie"),
        pytest.param(
            r"{\emph{This} \textit{is} {\em it} \textsc{now}}", "This is it now", id="style"
        ),
        pytest.param(
            r"{See \url{http://a.org/b_c~d--e%20f}}", "See http://a.org/b_c~d--e%20f", id="url"
        ),
        pytest.param("{\n\\href{\nhttps://a.org/b.pdf}{\nThe title}}", "The title", id="href"),
        pytest.param(
            r"{Work \&\#38; play &amp; &quot;rest&quot;}", 'Work & play & "rest"', id="html"
        ),
        pytest.param(r"{The $\alpha$ and the $\beta$-test}", "The α and the β-test", id="math"),
        pytest.param(r"{The $25^{\textrm{th}}$ CO$_2$ $x^2$}", "The 25th CO2 x2", id="raised"),
        pytest.param(
            r"{On \enquote{gigs} and \mkbibquote{t\"asks}}", "On “gigs” and “täsks”", id="enquote"
        ),
        pytest.param(
            r"{Ro{\textcommabelow s}ia\textquoteright s \ocirc{u}}", "Roșia’s ů", id="more-accents"
        ),
        pytest.param(
            r"{\foreignlanguage{german}{Arbeit und} work}", "Arbeit und work", id="foreign"
        ),
        pytest.param(r"{economy \ldots and more\ldots}", "economy … and more…", id="dots"),
        pytest.param(
            r"{A \unheardof{word} and \another one}", r"A word and \another one", id="unknown"
        ),
        pytest.param(
            r"{\today \cite{it} \title{Kept} \footnote{too}}", r"\today it Kept too", id="not-run"
        ),
        pytest.param(r"{In C:\Users\me}", r"In C:\Users\me", id="not-latex"),
        pytest.param('"{Wage Structure*}"', "Wage Structure", id="footnote-star"),
        pytest.param(r"{Wage Structure$^*$}", "Wage Structure", id="footnote-star-in-math"),
        pytest.param("{Modell der Beziehungen **}", "Modell der Beziehungen", id="two-stars"),
        pytest.param("{Searching with A*}", "Searching with A*", id="star-of-an-algorithm"),
        pytest.param('{"All in quotes"}', "All in quotes", id="all-in-quotes"),
        pytest.param('{"We Don\'t": Required}', '"We Don\'t": Required', id="quotes-at-the-start"),
        pytest.param(
            '"Crowdsourcing {"}big{"} ideas"', 'Crowdsourcing "big" ideas', id="quotes-inside"
        ),
        pytest.param("{McDonald's in CAPITALS}", "McDonald's in CAPITALS", id="capitals"),
        pytest.param("{on\n   two lines}", "on two lines", id="space"),
        pytest.param("{u\u0308ber}", "über", id="nfc"),
        pytest.param('{One} # " and " # {two}', "One and two", id="concatenation"),
    ],
)
def test_titles(written: str, expected: str) -> None:
    assert titled(written) == expected


def test_a_macro_without_its_arguments_costs_no_other_word() -> None:
    title = titled(r"{\textcolor{red} is \sqrt the colour}")
    assert all(word in title.split() for word in ("is", "the", "colour"))


@pytest.mark.parametrize(
    ("written", "names"),
    [
        pytest.param("Donald E. Knuth", [Name("Knuth", "Donald E.")], id="first-last"),
        pytest.param("Knuth, Donald E.", [Name("Knuth", "Donald E.")], id="last-first"),
        pytest.param(
            "King, Jr., Martin Luther", [Name("King", "Martin Luther", suffix="Jr.")], id="jr"
        ),
        pytest.param(
            "King, Martin Luther, Jr.", [Name("King", "Martin Luther", suffix="Jr.")], id="jr-last"
        ),
        pytest.param(
            "Robert Jr., Lionel P.", [Name("Robert", "Lionel P.", suffix="Jr.")], id="jr-inside"
        ),
        pytest.param("Ludwig van Beethoven", [Name("Beethoven", "Ludwig", "van")], id="von"),
        pytest.param("de la Cruz, Mar{\\'\\i}a", [Name("Cruz", "María", "de la")], id="de-la"),
        pytest.param("Van Alstyne, Marshall", [Name("Van Alstyne", "Marshall")], id="capital-van"),
        pytest.param(
            '{Al-Ani}, Ayad and {\\"O}zel, A',
            [Name("Al-Ani", "Ayad"), Name("Özel", "A")],
            id="part-in-braces",
        ),
        pytest.param(
            "{Barnes and Noble} and {Ver.di}",
            [Name(literal="Barnes and Noble"), Name(literal="Ver.di")],
            id="corporate",
        ),
        pytest.param(
            "Antonio Moreno and\n Terwiesch",
            [Name("Moreno", "Antonio"), Name(literal="Terwiesch")],
            id="one-word",
        ),
        pytest.param(
            "Ipeirotis, P. G., and Provost, Foster",
            [Name("Ipeirotis", "P. G."), Name("Provost", "Foster")],
            id="comma-before-and",
        ),
        pytest.param(
            "Saxton G.D. and Oh O.", [Name("Saxton", "G.D."), Name("Oh", "O.")], id="initials-last"
        ),
        pytest.param("Johnson \\& Johnson", [Name(literal="Johnson & Johnson")], id="firm"),
        pytest.param(
            "Smith, J.; Doe, A.", [Name("Smith", "J."), Name("Doe", "A.")], id="semicolons"
        ),
        pytest.param(
            "Smith, J., Doe, A. B.",
            [Name("Smith", "J."), Name("Doe", "A. B.")],
            id="commas-and-initials",
        ),
        pytest.param(
            "García Márquez, Gabriel José",
            [Name("García Márquez", "Gabriel José")],
            id="two-and-two",
        ),
        pytest.param("A, B c, D, E, F", [Name(literal="A, B c, D, E, F")], id="too-many-commas"),
        pytest.param("", [], id="none"),
    ],
)
def test_names(written: str, names: list[Name]) -> None:
    record = record_of(f"author = {{{written}}}, editor = {{{written}}}")
    assert list(record.authors) == names
    assert list(record.editors) == names
    assert not record.more_authors


@pytest.mark.parametrize("end", ["and others", "and et al.", "et al.", "et al"])
def test_more_authors(end: str) -> None:
    record = record_of(f"author = {{Smith, Ann {end}}}")
    assert record.authors == (Name("Smith", "Ann"),)
    assert record.more_authors


@pytest.mark.parametrize(
    ("fields", "issued"),
    [
        pytest.param("date = {2013-11}", (2013, 11), id="date-with-month"),
        pytest.param("date = {2013-03-11}", (2013, 3, 11), id="full-date"),
        pytest.param("date = {2011}", (2011,), id="date-is-a-year"),
        pytest.param("date = {2010-05/2012}", (2010, 5), id="range"),
        pytest.param("date = {2013-02-30}", (2013, 2), id="no-such-day"),
        pytest.param("date = {2013-22}", (2013,), id="season"),
        pytest.param("year = 2012, month = apr, day = 3", (2012, 4, 3), id="month-and-day"),
        pytest.param("year = {2012}, month = {September}", (2012, 9), id="month-in-words"),
        pytest.param('year = {2012}, month = "1~" # dec', (2012, 12, 1), id="day-then-month"),
        pytest.param("year = {2012}, month = {04}", (2012, 4), id="month-in-digits"),
        pytest.param("year = {[2017a]}", (2017,), id="letter"),
        pytest.param("year = {2020.0}", (2020,), id="spreadsheet"),
    ],
)
def test_dates(fields: str, issued: tuple[int, ...]) -> None:
    (entry,) = read(f"@article{{key, title = {{A title}}, {fields}}}")
    assert entry.record is not None and entry.record.issued == issued
    assert entry.problems == ()


def test_a_missing_year_is_a_warning() -> None:
    (entry,) = read("@article{key, title = {A title}}")
    assert entry.record is not None and entry.record.issued == ()
    assert messages(entry) == ["no year"]


@pytest.mark.parametrize(
    ("kind", "fields", "expected"),
    [
        pytest.param(
            "article",
            "journaltitle = {J}, number = 2",
            {"container_title": "J", "issue": "2"},
            id="biblatex-article",
        ),
        pytest.param(
            "book",
            "location = {Paris}, series = {S}, edition = {2}",
            {"publisher_place": "Paris", "collection_title": "S", "edition": "2"},
            id="book",
        ),
        pytest.param(
            "inproceedings",
            "eventtitle = {CHI}, organization = {ACM}",
            {"event_title": "CHI", "publisher": "ACM"},
            id="event",
        ),
        pytest.param(
            "report",
            "institution = {ILO}, number = {7}, type = {Working Paper}",
            {"publisher": "ILO", "number": "7", "issue": "", "genre": "Working Paper"},
            id="report",
        ),
        pytest.param(
            "phdthesis",
            "school = {MIT}",
            {"type": "thesis", "publisher": "MIT", "genre": "PhD thesis"},
            id="phd",
        ),
        pytest.param(
            "thesis",
            "type = {mathesis}",
            {"type": "thesis", "genre": "Master's thesis"},
            id="biblatex-thesis",
        ),
        pytest.param("collection", "", {"type": "book", "genre": ""}, id="collection"),
        pytest.param("unpublished", "", {"type": "manuscript"}, id="manuscript"),
        pytest.param(
            "misc",
            "howpublished = {\\url{http://a.org/}}",
            {"type": "webpage", "url": "http://a.org/"},
            id="misc-with-url",
        ),
        pytest.param(
            "misc",
            'note = {=HYPERLINK("http://a.org/", "open")}',
            {"type": "document", "url": ""},
            id="misc-with-a-formula",
        ),
        pytest.param("misc", "pubstate = {inpress}", {"status": "in press"}, id="pubstate"),
        pytest.param(
            "misc",
            "url = {http://a.org/}, publisher = {P}",
            {"type": "document"},
            id="misc-published",
        ),
        pytest.param("article", "pages = {160--178}", {"page": "160-178"}, id="pages"),
        pytest.param("article", "pages = {160\u2013178}", {"page": "160-178"}, id="pages-en-dash"),
        pytest.param(
            "article", "pages = {pp. 1 -- 2, 4-5}", {"page": "1-2, 4-5"}, id="pages-two-ranges"
        ),
        pytest.param(
            "article", "doi = {https://doi.org/10.1000/A_B}", {"doi": "10.1000/a_b"}, id="doi-url"
        ),
        pytest.param(
            "article", r"doi = {10.1000/a\_b--c}", {"doi": "10.1000/a_b--c"}, id="doi-latex"
        ),
        pytest.param(
            "article",
            "url = {http://dx.doi.org/10.1000/1}",
            {"doi": "10.1000/1"},
            id="doi-from-url",
        ),
        pytest.param(
            "article",
            "url = {https://dl.acm.org/doi/10.1000/1}",
            {"doi": ""},
            id="no-doi-from-other-urls",
        ),
        pytest.param(
            "article",
            "eprint = {1702.08636}, archiveprefix = {arXiv}",
            {"url": "https://arxiv.org/abs/1702.08636"},
            id="arxiv",
        ),
        pytest.param(
            "article", "eprint = {123456}, eprinttype = {jstor}", {"url": ""}, id="other-eprint"
        ),
        pytest.param(
            "article",
            r"url = {http://a.org/\%7Eme/a\_b?x=1\&y=2}",
            {"url": "http://a.org/%7Eme/a_b?x=1&y=2"},
            id="url-escapes",
        ),
        pytest.param("article", "language = {EN}", {"language": "en"}, id="language-tag"),
        pytest.param("article", "language = {German}", {"language": "de"}, id="language-name"),
        pytest.param("article", "language = {spa}", {"language": "es"}, id="language-code"),
        pytest.param("article", "langid = {american}", {"language": "en-US"}, id="langid"),
        pytest.param(
            "article", "language = {Elvish}", {"language": "Elvish"}, id="language-unknown"
        ),
        pytest.param(
            "book",
            "isbn = {978-1-4503-1899-0, 0-306-40615-2}",
            {"isbn": ("9781450318990", "0306406152")},
            id="isbns",
        ),
        pytest.param(
            "article",
            "journal = {UNKNOWN}, volume = {UNKNOWN}",
            {"container_title": "", "volume": ""},
            id="colrev-unknown",
        ),
        pytest.param(
            "article", "subtitle = {And More}", {"title": "A title: And More"}, id="subtitle"
        ),
    ],
)
def test_fields(kind: str, fields: str, expected: dict[str, object]) -> None:
    record = record_of(fields, kind)
    assert {name: getattr(record, name) for name in expected} == expected


@pytest.mark.parametrize("field", ["abstract", "annote", "annotation", "file", "review"])
def test_what_is_not_ours_is_never_read(field: str) -> None:
    (entry,) = read(f"@article{{key, title = {{T}}, year = 2000, {field} = {{Secret words}}}}")
    assert "Secret" not in repr(entry.record)
    assert entry.problems == ()


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        pytest.param("doi = {n/a}", "this is not a DOI", id="doi"),
        pytest.param("url = {Best Practices}", "this is not a URL", id="url"),
        pytest.param(
            "issn = {1234-5678}", "this is neither an ISBN nor an ISSN: 1234-5678", id="issn"
        ),
        pytest.param(
            "crossref = {gone}",
            'the entry inherits from "gone", which is not in this file',
            id="crossref",
        ),
        pytest.param(
            "journal = undefined",
            'no @string "undefined" is defined before this entry; it was read as text',
            id="string",
        ),
        pytest.param(
            "Title = {Other}",
            'the field "title" occurs twice; the first one was used',
            id="field-twice",
        ),
        pytest.param(
            "author = {Wong, I, Sut}", '"I" was read as a suffix such as Jr. or III', id="suffix"
        ),
    ],
)
def test_warnings_name_the_field_and_keep_the_entry(fields: str, message: str) -> None:
    (entry,) = read(f"@article{{key, title = {{A title}}, year = 2000, {fields}}}")
    assert entry.record is not None and entry.record.title == "A title"
    assert [(problem.severity, problem.message) for problem in entry.problems] == [
        ("warning", message)
    ]
    assert entry.problems[0].property == fields.split(" =")[0].lower()


def test_a_key_twice_keeps_both_entries() -> None:
    first, second = read("@book{k, title={A}, year=1}\n@book{k, title={B}, year=2000}")
    assert first.record is not None and second.record is not None
    assert (first.record.title, second.record.title) == ("A", "B")
    assert messages(second) == ['an earlier entry in this file has the same key, "k"']


def test_comments_preambles_and_strings_are_no_entries() -> None:
    text = (
        "An e-mail: joe@example.org (sic)\n@comment{jabref-meta: x;}\n@preamble{ {\\x} }\n"
        '@string{a = "b"}\n@comment{\n@book{inside, title = {It}, year = 2000}\n}\n'
    )
    # As in BibTeX, an entry on a line of its own inside a comment is an entry.
    assert [entry.source.key for entry in read(text)] == ["inside"]


def test_a_string_holds_from_where_it_is_defined() -> None:
    before, after = read(
        "@article{a, title = {A}, year = 2000, journal = j}\n@string{j = {Journal}}\n"
        "@article{b, title = {B}, year = 2000, journal = j}\n"
    )
    assert before.record is not None and before.record.container_title == "j"
    assert messages(before) == ['no @string "j" is defined before this entry; it was read as text']
    assert after.record is not None and after.record.container_title == "Journal"


def test_a_parent_may_come_last_and_a_value_may_name_it_by_a_string() -> None:
    first, _ = read(
        "@string{p = {The Parent}}\n@inproceedings{a, title = {A}, year = 2000, crossref = p}\n"
        "@proceedings{the parent, title = {P}, year = 1999}\n"
    )
    assert first.record is not None and first.record.container_title == "P"


def test_a_type_and_its_brace_on_two_lines_begin_an_entry() -> None:
    entries = read(
        "@book{a, title = {A}, year = 2000}\n@book\n\n  {b,\n title = {B}, year = 2000}\n"
        "@book{c, title = {C\n@mention\nof it}, year = 2000}\n"
    )
    assert [(e.source.key, e.source.position) for e in entries] == [("a", 1), ("b", 2), ("c", 6)]
    assert [e.record and e.record.title for e in entries] == ["A", "B", "C @mention of it"]


def test_an_open_brace_takes_no_more_than_one_chunk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bibtex_syntax, "LONGEST", 1000)
    first, *_, last = read(
        "@book{open, title = {A\n" + "words\n" * 1000 + "@book{k, title = {B}, year = 2000}\n"
    )
    assert first.record is None and len(first.text) < 1100
    assert messages(first)[0].startswith("the entry is still open after 1,000 characters")
    assert last.record is not None and last.source.position == 1002


def test_an_entry_in_a_crossref_circle_is_read() -> None:
    first, second = read(
        "@inbook{a, title={A}, year=2000, crossref={b}}\n@inbook{b, title={B}, crossref={a}}"
    )
    assert first.record is not None and first.record.container_title == "B"
    assert second.record is not None and second.record.container_title == "A"


def test_what_no_document_can_hold_is_replaced_and_said() -> None:
    (entry,) = read("@book{k, title = {A\x00B}, year = 2000}")
    assert entry.record is not None and entry.record.title == "A\ufffdB"
    assert messages(entry) == ["a character could not be read"]
    assert "\x00" not in entry.text + repr(entry.source.stated)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_lines_are_counted_whatever_ends_them(newline: str) -> None:
    text = "\ufeff% first\n\n@book{a, title={A},\n year=2000}\n\n@book{b, title={B}, year=2000}\n"
    assert [entry.source.position for entry in read(text.replace("\n", newline))] == [3, 6]


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("{" * 100_000 + "x" + "}" * 100_000, id="deep"),
        pytest.param("{" * 100_000, id="deep-and-open"),
        pytest.param("word " * 200_000, id="long"),
        pytest.param("a{b} " * 200_000, id="long-with-braces"),
        pytest.param("\\emph" * 200_000, id="long-with-macros"),
        pytest.param("\\(" * 5_000, id="nested-macros"),
    ],
)
def test_a_value_nobody_can_read_costs_only_its_entry(value: str) -> None:
    bad, good = read(
        f"@book{{bad, title={{{value}}}, year=2000}}\n@book{{good, title={{Good}}, year=2000}}"
    )
    assert bad.record is None and bad.problems[0].severity == "violation"
    assert good.record is not None and good.record.title == "Good"


def test_the_parser_logs_nothing(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        read("@book{a, title = {A\n@book{b, title = {\\emph{B}}, year = 2000}")
    assert caplog.records == []


#: Pieces that make trouble when they meet.
_PIECES = st.sampled_from(
    ["@article{", "@book(", "@string{", "@comment{", "@", "{", "}", '"', ",", "=", "#", "\n", "\\"]
    + ["title", "author", " and ", "key", "year", "2000", "\\'", "\\url{", "$", "%", "&#", "-- "]
    + ["\\begin{", "\\verb", "\\frac", "crossref", "\\sqrt[", "doi = ", "\x00", "\ud800", "é", "))"]
)


@given(st.one_of(st.text(), st.lists(_PIECES, max_size=60).map("".join)))
def test_no_text_raises(text: str) -> None:
    for entry in read(text):
        assert entry.record is not None or entry.problems[0].severity == "violation"
        assert 1 <= entry.source.position <= text.count("\n") + text.count("\r") + 1
        assert entry.source.key and entry.text


@given(st.lists(_PIECES, max_size=20).map("".join))
def test_no_value_raises(value: str) -> None:
    fields = ("title", "author", "year", "pages", "doi", "url", "isbn", "note", "keywords")
    text = ", ".join(f"{field} = {{{value}}}" for field in fields)
    read(f"@article{{key, {text}, eprint = {{{value}}}, month = {{{value}}}}}")


_WORDS = st.text(st.sampled_from("aeosucnAEOSU"), min_size=2, max_size=8).map(str.capitalize)
_ACCENTS = {
    "ü": r"{\"u}",
    "é": r"\'{e}",
    "ø": r"{\o}",
    "ß": r"{\ss}",
    "ç": r"\c{c}",
    "š": r"{\v{s}}",
    "í": r"{\'{\i}}",
    "Å": r"{\AA}",
    "&": r"\&",
    "%": r"\%",
    "–": "--",
    "NIST": "{NIST}",
    "“": "``",
    "α": r"$\alpha$",
}
_TITLE_PARTS = st.one_of(
    _WORDS.map(lambda word: (word, word)), st.sampled_from(list(_ACCENTS.items()))
)
_NAME = st.builds(Name, family=_WORDS, given=_WORDS, particle=st.sampled_from(["", "van", "de la"]))
_CORPORATE = st.lists(_WORDS, min_size=1, max_size=3).map(
    lambda words: Name(literal=" ".join(words))
)
_ENTRY = st.tuples(
    st.lists(_TITLE_PARTS, min_size=1, max_size=6),
    st.lists(st.one_of(_NAME, _CORPORATE), max_size=4),
    st.integers(1000, 2999),
)


def _written(name: Name) -> str:
    return f"{{{name.literal}}}" if name.literal else name.inverted


@given(st.lists(_ENTRY, max_size=5), st.sampled_from(['"{}"', "{{{}}}"]))
def test_what_is_written_is_read(entries: list, enclosing: str) -> None:
    text = "".join(
        f"@book{{key{number},\n title = "
        + enclosing.format(" ".join(latex for _, latex in parts))
        + ",\n author = "
        + enclosing.format(" and ".join(map(_written, names)))
        + f",\n year = {year}\n}}\n\n"
        for number, (parts, names, year) in enumerate(entries)
    )
    found = read(text)
    assert [entry.source.key for entry in found] == [f"key{n}" for n in range(len(entries))]
    for (parts, names, year), entry in zip(entries, found, strict=True):
        assert entry.record is not None, entry.problems
        assert entry.record.title == " ".join(plain for plain, _ in parts)
        assert list(entry.record.authors) == names
        assert entry.record.issued == (year,)


@given(st.lists(st.sampled_from(["good", "unclosed", "nocomma", "untitled"]), max_size=8))
def test_entries_in_are_records_and_rejects_out(kinds: list[str]) -> None:
    written = {
        "good": "@book{k, title = {T}, year = 2000}\n",
        "unclosed": "@book{k, title = {T, year = 2000}\n",
        "nocomma": "@book{k, title = {T} year = 2000}\n",
        "untitled": "@book{k, year = 2000}\n",
    }
    entries = read("\n".join(written[kind] for kind in kinds))
    assert len(entries) == len(kinds)
    counts = Counter("good" if entry.record else "bad" for entry in entries)
    assert counts["good"] == kinds.count("good")


@given(st.lists(_PIECES, max_size=30).map("".join), st.lists(_PIECES, max_size=30).map("".join))
def test_what_stands_around_an_entry_does_not_touch_it(before: str, after: str) -> None:
    good = "@book{thekey, title = {The Title}, year = 2000}\n"
    found = [e for e in read(f"{before}\n{good}@comment{{}}{after}") if e.source.key == "thekey"]
    assert [entry.record and entry.record.title for entry in found] == ["The Title"]
    assert found[0].source.position == before.count("\n") + 2


def test_comments_between_fields_are_not_read() -> None:
    text = """@article{a, % the first
  author = {Low, Ada},
  % author = {Mo, Cy},
  title = {50% of
% workers {%}},
  journal = "Notes % Work", % a name, in quotes
  year = 2020 % or 2021
  % url = {https://example.org},
}
@book{b, title={B}, year=2000}
"""
    article, book = read(text)
    assert article.record is not None and article.problems == ()
    assert article.record.authors == (Name("Low", "Ada"),)
    assert article.record.title == "50% of % workers %"
    assert (article.record.container_title, article.record.year) == ("Notes % Work", 2020)
    assert (book.source.key, book.source.position) == ("b", 10)
