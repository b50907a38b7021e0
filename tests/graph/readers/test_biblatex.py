"""BibLaTeX as Zotero and biber have it, and BibTeX as ACM and MDPI write it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oograph.graph.model import Entry, Name, Record
from oograph.graph.readers import bibtex
from oograph.graph.readers.source import SourceFile


def read(text: str) -> list[Entry]:
    return list(bibtex.read(SourceFile.of_text(text, "works.bib")))


def record_of(fields: str, kind: str = "article") -> Record:
    (entry,) = read(f"@{kind}{{key, title = {{A title}}, year = 2000, {fields}}}")
    assert entry.record is not None, entry.problems
    return entry.record


@pytest.mark.parametrize(
    ("kind", "fields", "expected"),
    [
        ("article", "eid = {e1234}", {"page": "e1234"}),
        ("article", "articleno = {46}, numpages = {25}", {"page": "46"}),
        ("article", "ARTICLE-NUMBER = {1515}", {"page": "1515"}),
        ("article", "articleno = {46}, pages = {46:1--46:25}", {"page": "46:1-46:25"}),
        (
            "inproceedings",
            "address = {New York}, location = {Paris, France}",
            {"publisher_place": "New York"},
        ),
        ("book", "location = {Berlin}", {"publisher_place": "Berlin"}),
        (
            "article",
            "journaltitle = {The Daily}, entrysubtype = {newspaper}",
            {"type": "article-newspaper", "container_title": "The Daily"},
        ),
        ("article", "entrysubtype = {magazine}", {"type": "article-magazine"}),
        ("book", "entrysubtype = {newspaper}", {"type": "book"}),
        ("article", "number = {2}, issue = {Spring}", {"issue": "2", "number": ""}),
        ("article", "number = {2}, issue = {Spring 2019}", {"issue": "2", "number": ""}),
        ("article", "issue = {Spring}", {"issue": "Spring"}),
        ("article", "number = {e15}, issue = {3-4}", {"issue": "3-4", "number": "e15"}),
        ("online", "titleaddon = {Upwork Blog}", {"container_title": "Upwork Blog"}),
        ("misc", "eprint = {2306.07899}, archivePrefix = {arXiv}", {"type": "article"}),
        ("online", "eprint = {2306.07899}, eprinttype = {arxiv}", {"type": "article"}),
        ("misc", "url = {https://arxiv.org/abs/2306.07899}", {"type": "article"}),
        ("techreport", "eprint = {2306.07899}, eprinttype = {arxiv}", {"type": "report"}),
        ("misc", "url = {https://example.org/arxiv.org/abs/1}", {"type": "webpage"}),
        ("article", "titleaddon = {A review}", {"container_title": ""}),
        (
            "incollection",
            "booktitle = {Companion}, booksubtitle = {Papers on Labour}",
            {"container_title": "Companion: Papers on Labour"},
        ),
        (
            "article",
            "journaltitle = {Work}, journalsubtitle = {A Review}",
            {"container_title": "Work: A Review"},
        ),
        ("article", "journalsubtitle = {A Review}", {"container_title": ""}),
    ],
)
def test_fields(kind: str, fields: str, expected: dict[str, str]) -> None:
    record = record_of(fields, kind)
    assert {name: getattr(record, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("family=Okoye, given=Ada", [Name("Okoye", "Ada")]),
        (
            "given={Jean}, prefix=de la, prefix-i=d, useprefix=true, family=Fontaine and Low, Bo",
            [Name("Fontaine", "Jean", particle="de la"), Name("Low", "Bo")],
        ),
        ("given=Martin, family=King, suffix=Jr.", [Name("King", "Martin", suffix="Jr.")]),
        ('"family={Robert and Sons, Inc.}"', [Name(literal="Robert and Sons, Inc.")]),
        ("Doe, Ann", [Name("Doe", "Ann")]),
    ],
)
def test_names_by_their_parts(written: str, names: list[Name]) -> None:
    assert list(record_of(f"author = {{{written}}}").authors) == names


@pytest.mark.parametrize(
    ("note", "doi"),
    [
        ("DOI: 10.5555/x1", "10.5555/x1"),
        ("tex.ids: a\ndoi: 10.5555/x1\nPublisher: Elg", "10.5555/x1"),
        ("A reply to DOI: 10.5555/x1", ""),
        ("DOI: none yet", ""),
    ],
)
def test_zotero_keeps_a_doi_in_a_line_of_the_note(note: str, doi: str) -> None:
    assert record_of(f"note = {{{note}}}", "book").doi == doi
    assert record_of(f"note = {{{note}}}, doi = {{10.5555/own}}", "book").doi == "10.5555/own"


plain_words = st.text("abcdefgh ", min_size=1, max_size=12).map(str.strip).filter(bool)


@given(plain_words, plain_words)
def test_the_order_of_the_parts_says_nothing(family: str, given_name: str) -> None:
    parts = [f"family={{{family}}}", f"given={{{given_name}}}"]
    one, other = (
        record_of(f"author = {{{', '.join(order)}}}").authors for order in (parts, parts[::-1])
    )
    assert one == other == (Name(" ".join(family.split()), " ".join(given_name.split())),)


def test_a_body_or_two_people_with_an_ampersand_are_warned_of() -> None:
    (entry,) = read("@misc{a, title={T}, year=2000, url={https://x.org}, author={Low & Li}}")
    assert [problem.message for problem in entry.problems] == ['a name with "&" was not split']
    (two,) = read("@misc{a, title={T}, year=2000, url={https://x.org}, author={Ada Low & Bo Li}}")
    assert [problem.message for problem in two.problems] == [
        'names are separated by "&" instead of "and"'
    ]
    (braced,) = read("@misc{a, title={T}, year=2000, url={https://x.org}, author={{Low & Li}}}")
    assert braced.problems == ()


XDATA = """
@xdata{press, publisher = {Shared Press}, location = {Berlin}, date = {1999}}
@book{a, title = {A}, date = {2018}, xdata = {press}}
@book{b, title = {B}, date = {2019}, publisher = {Own Press}, xdata = {Press, none}}
"""


def test_xdata_is_inherited_and_is_no_entry() -> None:
    a, b = read(XDATA)
    assert a.record is not None and b.record is not None
    assert (a.record.publisher, a.record.publisher_place) == ("Shared Press", "Berlin")
    assert a.record.issued == (2018,)
    assert (b.record.publisher, b.record.publisher_place) == ("Own Press", "Berlin")
    assert [p.message for p in b.problems] == [
        'the entry inherits from "none", which is not in this file'
    ]


def test_a_field_that_nobody_reads_is_named_once_at_the_end() -> None:
    text = "@article{a, title={A}, year=2000, jounal={Work}, numpages={3}, file={x}}"
    one, two = read(text + text.replace("{a,", "{b,"))
    assert one.problems == ()
    (named,) = two.problems
    assert (named.severity, named.message) == ("info", "not read: the field jounal")
    assert named.line is None
