"""The same work through every reader is the same record."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from oograph.graph.catalogue.cleaning import cleaned
from oograph.graph.model import Entry, Facets, Name, Record
from oograph.graph.readers import bibtex, csl_json, read_file, ris, schema_org, table
from oograph.graph.readers.source import SourceFile

ANN, BAD = "0000-0002-1825-0097", "0000-0002-1825-0098"
WORK = Record(
    title="Work on demand",
    type="article-journal",
    authors=(Name("Doe", "Ann"), Name("Vries", "Bob", particle="de")),
    issued=(2019, 3, 1),
    container_title="Review of Work",
    volume="7",
    issue="2",
    page="5-23",
    doi="10.1000/x1",
    issn=("0033-5533",),
    url="https://example.org/x1",
    language="de",
    facets=Facets(keywords=("income", "privacy")),
)
#: The ways to write the day of the work; each stands in every format.
DATES = ("2019-03-01", "2019/03/01", "1 March 2019", "March 1, 2019", "2019 Mar 1")


def of_bibtex(date: str, orcid: str = "") -> str:
    return (
        "@article{k, title = {Work on demand}, author = {Doe, Ann and de Vries, Bob}, "
        f"journal = {{Review of Work}}, date = {{{date}}}, volume = 7, number = 2, "
        "pages = {5--23}, "
        "doi = {https://doi.org/10.1000/X1}, issn = {00335533}, url = {https://example.org/x1}, "
        f"language = {{ngerman}}, keywords = {{income, privacy}}, orcid = {{{orcid}}}}}"
    )


def of_ris(date: str, orcid: str = "") -> str:
    del orcid  # RIS has no place for one
    return (
        "TY  - JOUR\nTI  - Work on demand\nAU  - Doe, Ann\nAU  - de Vries, Bob\n"
        f"JO  - Review of Work\nDA  - {date}\nVL  - 7\nIS  - 2\nSP  - 5\nEP  - 23\n"
        "DO  - doi:10.1000/x1\nSN  - 0033-5533\nUR  - https://example.org/x1\n"
        "LA  - ger\nKW  - income\nKW  - privacy\nER  - \n"
    )


def of_csl(date: str, orcid: str = "") -> str:
    item = {
        "type": "article-journal",
        "title": "Work on demand",
        "author": [
            {"family": "Doe", "given": "Ann", "ORCID": orcid},
            {"family": "Vries", "given": "Bob", "non-dropping-particle": "de"},
        ],
        "container-title": "Review of Work",
        "issued": {"raw": date},
        "volume": 7,
        "issue": 2,
        "page": "5–23",
        "DOI": "10.1000/X1",
        "ISSN": "0033-5533",
        "URL": "https://example.org/x1",
        "language": "de",
        "keyword": "income; privacy",
    }
    return json.dumps([item])


def of_jsonld(date: str, orcid: str = "") -> str:
    item = {
        "@context": "https://schema.org",
        "@type": "ScholarlyArticle",
        "name": "Work on demand",
        "author": [
            {"@type": "Person", "familyName": "Doe", "givenName": "Ann", "sameAs": orcid},
            {"@type": "Person", "name": "Bob de Vries"},
        ],
        "isPartOf": {
            "@type": "PublicationIssue",
            "issueNumber": "2",
            "isPartOf": {
                "@type": ["PublicationVolume", "Periodical"],
                "name": "Review of Work",
                "volumeNumber": "7",
                "issn": "0033-5533",
            },
        },
        "datePublished": date,
        "pageStart": 5,
        "pageEnd": "23",
        "identifier": "doi:10.1000/x1",
        "url": "https://example.org/x1",
        "inLanguage": {"@type": "Language", "name": "German", "alternateName": "de"},
        "keywords": "income, privacy",
    }
    return json.dumps(item)


def of_csv(date: str, orcid: str = "") -> str:
    return (
        "Item Type,Title,Author,Publication Title,Date,Volume,Issue,Pages,DOI,ISSN,Url,Language,"
        "Keywords,ORCID\n"
        'journalArticle,Work on demand,"Doe, Ann; de Vries, Bob",Review of Work,'
        f'"{date}",7,2,5–23,10.1000/x1,0033-5533,https://example.org/x1,Deutsch,"income; privacy",'
        f"{orcid}\n"
    )


Reader = Callable[[SourceFile], Iterator[Entry]]
FORMATS: dict[str, tuple[Reader, Callable[..., str]]] = {
    "bibtex": (bibtex.read, of_bibtex),
    "ris": (ris.read, of_ris),
    "csl": (csl_json.read, of_csl),
    "json-ld": (schema_org.read, of_jsonld),
    "csv": (table.read, of_csv),
}


def read(name: str, *values: str) -> Entry:
    reader, written = FORMATS[name]
    (entry,) = reader(SourceFile.of_text(written(*values), "works"))
    return entry


@pytest.mark.parametrize("date", DATES)
@pytest.mark.parametrize("name", FORMATS)
def test_a_work_is_the_same_record_in_every_format(name: str, date: str) -> None:
    entry = read(name, date)
    assert entry.record is not None and entry.problems == ()
    assert replace(entry.record, sources=()) == WORK


@pytest.mark.parametrize("name", FORMATS)
def test_keywords_are_stated_in_every_format(name: str, tmp_path: Path) -> None:
    """A facet has a source that states it, or its page cannot say where it comes from."""
    (tmp_path / "works").write_text(FORMATS[name][1]("2019"), encoding="utf-8")
    (entry,) = read_file(tmp_path / "works")
    assert entry.record is not None
    stated = [text for field, text in entry.record.sources[0].stated if field == "keywords"]
    assert stated == ["income; privacy"]


@pytest.mark.parametrize("date", ["March 2019", "2019-03", "Mar 2019", "03/2019", "Mar-Apr 2019"])
@pytest.mark.parametrize("name", FORMATS)
def test_a_month_is_kept_in_every_format(name: str, date: str) -> None:
    record = read(name, date).record
    assert record is not None and record.issued == (2019, 3)


@pytest.mark.parametrize("name", FORMATS)
def test_what_has_no_date_is_said_in_every_format(name: str) -> None:
    entry = read(name, "forthcoming")
    assert entry.record is not None and entry.record.issued == ()
    assert [problem.message for problem in entry.problems] == ["no year: the work is undated"]


ORCIDS = {
    "bibtex": "Doe, Ann/{}",
    "csl": "https://orcid.org/{}",
    "json-ld": "https://orcid.org/{}",
    "csv": '"Doe, Ann/{}"',
}


@pytest.mark.parametrize("name", ORCIDS)
def test_an_orcid_with_a_wrong_check_digit_is_refused_in_every_format(name: str) -> None:
    right = read(name, "2019", ORCIDS[name].format(ANN))
    assert right.record is not None and right.record.authors[0].orcid == ANN
    assert right.problems == ()
    wrong = read(name, "2019", ORCIDS[name].format(BAD))
    assert wrong.record is not None and wrong.record.authors == WORK.authors
    (problem,) = wrong.problems
    assert problem.severity == "warning" and "ORCID iD" in problem.message
    assert BAD in problem.value


def test_an_orcid_with_a_wrong_check_digit_is_refused_in_our_own_csl_json() -> None:
    item = {
        "id": "a",
        "title": "A",
        "author": [{"family": "Doe", "given": "Ann"}],
        "issued": {"date-parts": [[2019]]},
        "custom": {"orcids": [BAD], "agents": ["person/ann-doe"]},
    }
    (entry,) = csl_json.read(SourceFile.of_text(json.dumps([item]), "works.json"))
    assert entry.record is not None and entry.record.authors == (Name("Doe", "Ann"),)
    assert [problem.value for problem in entry.problems] == [BAD]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("bibtex", "@article{k, title = {A}, year = {forthcoming}}"),
        ("ris", "TY  - JOUR\nTI  - A\nPY  - Forthcoming\nER  - \n"),
        ("csl", '[{"title": "A", "type": "article-journal", "status": "forthcoming"}]'),
        ("table", "Title,Year,Journal\nA,Forthcoming,J\n"),
        ("medline", "PMID- 1\nTI  - A.\nDP  - forthcoming\n"),
    ],
)
def test_a_status_is_one_in_every_format(name: str, text: str, tmp_path: Path) -> None:
    path = tmp_path / "works.txt"
    path.write_text(text, encoding="utf-8")
    records = [entry.record for entry in read_file(path)]
    assert records and all(record and record.status == "forthcoming" for record in records)


@pytest.mark.parametrize(
    "text",
    [
        "TY  - JOUR\nTI  - A\nAU  - {0}\nAU  - {1}\nKW  - {2}\nPY  - 2019\nER  - \n",
        'Authors,Title,Year,Keywords\n"{0}; {1}",A,2019,"{2}"\n',
        "PT\tAU\tAF\tTI\tPY\tDE\nJ\t{0}; {1}\t{0}; {1}\tA\t2019\t{2}\n",
        "PT J\nAU {0}\n   {1}\nTI A\nPY 2019\nDE {2}\nUT WOS:1\nER\n",
        "%0 Journal Article\n%A {0}\n%A {1}\n%T A\n%D 2019\n%K {2}\n",
        "RT Journal Article\nA1 {0}\nA1 {1}\nT1 A\nYR 2019\nK1 {2}\n",
        "Scopus\n\n{0}; {1}\n1; 2\nA\n(2019) B, 1 (2), pp. 1-2.\nhttps://www.scopus.com/a?eid=2-s2.0-2\n"
        "AUTHOR KEYWORDS: {2}\nDOCUMENT TYPE: Article\nSOURCE: Scopus\n",
        "<xml><records><record><contributors><authors><author>{0}</author><author>{1}</author>"
        "</authors></contributors><titles><title>A</title></titles><dates><year>2019</year></dates>"
        "<keywords><keyword>{2}</keyword></keywords></record></records></xml>",
        '[{{"type": "book", "title": "A", "author": [{{"literal": "{0}"}}, {{"literal": "{1}"}}],'
        '"issued": {{"date-parts": [[2019]]}}, "keyword": "{2}"}}]',
    ],
    ids=lambda text: text[:12],
)
def test_an_entity_divides_no_names_or_keywords(text: str, tmp_path: Path) -> None:
    """An entity ends with a semicolon, which elsewhere separates values."""
    ann, bob, research = "M&uuml;ller, Ann", "O&#39;Neil, B&#243;", "R&amp;D"
    if text.startswith("<xml"):
        ann, bob, research = (word.replace("&", "&amp;") for word in (ann, bob, research))
    (tmp_path / "works").write_text(text.format(ann, bob, research), encoding="utf-8")
    (entry,) = read_file(tmp_path / "works")
    assert entry.record is not None and not entry.problems
    assert [name.inverted for name in entry.record.authors] == ["Müller, Ann", "O'Neil, Bó"]
    assert entry.record.facets.keywords == ("R&D",)


def authors_in(texts: dict[str, str], folder: Path) -> dict[str, tuple[Name, ...]]:
    """The authors of the one work in each file, as a catalogue keeps them."""
    found = {}
    for file, text in texts.items():
        (folder / file).write_text(text, encoding="utf-8")
        (entry,) = read_file(folder / file)
        assert entry.record is not None, file
        found[file] = cleaned(entry.record).authors
    return found


#: Names as files have them.
NAMES = {
    "Doe, Ann": Name("Doe", "Ann"),
    "Doe, A.-B.": Name("Doe", "A.-B."),
    "Doe,Ann": Name("Doe", "Ann"),
    "Doe AB": Name("Doe", "AB"),
    "A. B. Doe": Name("Doe", "A. B."),
    "de Vries, Bob": Name("Vries", "Bob", particle="de"),
    "Von Neumann, John": Name("Von Neumann", "John"),
    "al-Sayyid, M.": Name("al-Sayyid", "M."),
    "Ortega y Gasset, José": Name("Ortega y Gasset", "José"),
    "Doe, Jr., John": Name("Doe", "John", suffix="Jr."),
    "Doe, John, Jr.": Name("Doe", "John", suffix="Jr."),
    "Doe, John Jr.": Name("Doe", "John", suffix="Jr."),
    "Ann Doe, PhD": Name("Doe", "Ann", suffix="PhD"),
    "Doe, Dr. Ann": Name("Doe", "Ann"),
    "Prof. Doe, Ann": Name("Doe", "Ann"),
    "Doe, Ann*": Name("Doe", "Ann"),
    "Doe, Ann²": Name("Doe", "Ann"),
    "Doe, Ann (Eds.)": Name("Doe", "Ann"),
    "Doe, Ann <ann@example.org>": Name("Doe", "Ann"),
    f"Doe, Ann ({ANN})": Name("Doe", "Ann", orcid=ANN),
    "Иванов И. И.": Name("Иванов", "И. И."),
    "李伟": Name(literal="李伟"),
    "OECD": Name(literal="OECD"),
    "Unions NSW": Name(literal="Unions NSW"),
    "Google, Inc.": Name(literal="Google, Inc."),
    "Smith & Wesson": Name(literal="Smith & Wesson"),
    "University of Leeds": Name(literal="University of Leeds"),
    "Press, William H.": Name("Press", "William H."),
}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_the_same_in_every_format(name: str, tmp_path: Path) -> None:
    """Whether a file has one name a line or a list of names, as it stands in a catalogue."""
    texts = {
        "a.bib": f"@article{{k, title = {{A}}, author = {{{name}}}, year = 2019}}",
        "a.ris": f"TY  - JOUR\nTI  - A\nAU  - {name}\nPY  - 2019\nER  - \n",
        "a.csv": f'Title,Authors,Year\nA,"{name}",2019\n',
        "a.enw": f"%0 Journal Article\n%T A\n%A {name}\n%D 2019\n",
    }
    assert authors_in(texts, tmp_path) == dict.fromkeys(texts, (NAMES[name],))


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Ann Doe (Ed.)", Name("Doe", "Ann")),
        ("Ann B. van Doe (Hrsg.)", Name("Doe", "Ann B.", particle="van")),
        ("Ann Doe <ann@example.org>", Name("Doe", "Ann")),
        (f"Ann Doe ({ANN})", Name("Doe", "Ann", orcid=ANN)),
        ("World Bank (Ed.)", Name(literal="World Bank")),
    ],
)
def test_a_mark_behind_a_name_in_reading_order_is_no_family_name(
    written: str, name: Name, tmp_path: Path
) -> None:
    texts = {
        "a.bib": f"@book{{k, title = {{A}}, author = {{{written}}}, year = 2019}}",
        "a.csv": f'Title,Authors,Year\nA,"{written}",2019\n',
        "a.enw": f"%0 Book\n%T A\n%A {written}\n%D 2019\n",
    }
    assert authors_in(texts, tmp_path) == dict.fromkeys(texts, (name,))
