"""The choice of a reader, by content and ending, and what every reader keeps to."""

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oograph.graph.errors import UnreadableFile
from oograph.graph.model import Entry
from oograph.graph.readers import READERS, choose, read_file
from oograph.graph.readers.source import SourceFile

BIB = "@article{k, title = {Work on demand}, author = {Doe, Ann}, year = 2000, journal = {J}}\n"
RIS = "TY  - JOUR\nTI  - Work on demand\nAU  - Doe, Ann\nPY  - 2000\nER  - \n\n"
CSL = json.dumps(
    [{"id": "k", "type": "article-journal", "title": "Work on demand", "container-title": "J"}]
)
SCHEMA = json.dumps(
    {"@context": "https://schema.org", "@type": "ScholarlyArticle", "name": "Work on demand"}
)
TABLE = 'title,author,year\nWork on demand,"Doe, Ann",2000\n'
PAGE = "Work on demand in Ruritania\n\n  • Uber\n  • 2015\n  • English\n  • Open access\n"
CITED = (
    "Work on demand in Ruritania\n\nAn abstract.\n\n"
    "Doe, A. (2016), 'Work on demand in Ruritania', Review of Work, 3(1), 1-20.\n"
)
LIST = (
    "References\n\nDoe, A. (2016), 'Work on demand', Review of Work, 3(1), pp. 1-20.\n"
    "Roe, B. and Doe, A. (2017), 'Work on the road', Review of Work, 4(1), pp. 1-20.\n"
)
DUMP = (
    "<https://w3id.org/oograph/publication/a> "
    "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "
    "<https://w3id.org/oograph/ontology#Publication> .\n"
)


def title_of(name: str, text: str) -> str:
    return choose(SourceFile.of_text(text, name)).title


@pytest.mark.parametrize("ending", ["", ".txt", ".dat", ".bib", ".json", ".csv", ".gz"])
@pytest.mark.parametrize(
    ("text", "name"),
    [
        pytest.param(BIB, "bibtex", id="bibtex"),
        pytest.param("% a comment\n\n" + BIB, "bibtex", id="bibtex-after-a-comment"),
        pytest.param(RIS, "ris", id="ris"),
        pytest.param(CSL, "csl-json", id="csl-json"),
        pytest.param(SCHEMA, "schema.org", id="schema.org"),
        pytest.param(TABLE, "table", id="table"),
        pytest.param(TABLE.replace(",", "\t"), "table", id="tabs"),
        pytest.param(PAGE, "record-page", id="record-page"),
        pytest.param(CITED, "record-page", id="record-page-without-bullets"),
        pytest.param(LIST, "reference-list", id="reference-list"),
        pytest.param(DUMP, "dump", id="dump"),
    ],
)
def test_a_format_is_told_by_its_content(text: str, name: str, ending: str) -> None:
    assert title_of(f"works{ending}", text) == READERS[name].title


def test_of_two_formats_a_text_could_be_the_ending_decides() -> None:
    table = f'title,year,note\nA,2000,"\n{BIB}"\n'
    assert title_of("works.csv", table) == READERS["table"].title
    assert title_of("works.bib", table) == READERS["bibtex"].title


def test_an_ending_is_believed_where_the_content_says_nothing() -> None:
    assert title_of("works.bib", "% a long comment\n" * 9) == READERS["bibtex"].title
    assert title_of("works.CSV", "Otsikko;Vuosi\nA;2000\n") == READERS["table"].title


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        pytest.param(
            "a.txt", "Dear Ann,\nhow are you?\n", "the format is not recognised", id="letter"
        ),
        pytest.param(
            "a.json", '{"name": "oograph"}', "the format is not recognised", id="other-json"
        ),
        pytest.param("a.py", "import os\n", "the format is not recognised", id="other-ending"),
        pytest.param("a", "words", "the format is not recognised", id="no-ending"),
        pytest.param("a.bib", "<!DOCTYPE html>\n<p>Log in", "this is a web page", id="web-page"),
        pytest.param(
            "a.bib", "<html><style>\n@supports (x) {}", "this is a web page", id="web-page-with-css"
        ),
        pytest.param("a.bib", " \n", "the file is empty", id="empty"),
    ],
)
def test_what_is_in_no_format_is_refused_and_the_formats_named(
    name: str, text: str, said: str
) -> None:
    with pytest.raises(UnreadableFile) as error:
        title_of(name, text)
    assert str(error.value).startswith(f"{name}: {said}")
    assert said == "the file is empty" or "as BibTeX, RIS, " in str(error.value)


def read(folder: Path, name: str, content: str | bytes) -> list[Entry]:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(read_file(path))


def test_a_wrong_ending_is_said_once(tmp_path: Path) -> None:
    first, second = read(tmp_path, "x.txt", BIB + BIB.replace("{k", "{l"))
    (problem,) = first.problems
    assert (problem.severity, problem.message) == (
        "info",
        "x.txt was recognised as BibTeX by its content, not its ending",
    )
    assert second.problems == ()
    assert [entry.problems for entry in read(tmp_path, "works", BIB)] == [()]
    packed = read(tmp_path, "works.bib.gz", gzip.compress(BIB.encode()))
    assert [entry.problems for entry in packed] == [()]


def test_a_file_without_records_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        UnreadableFile, match=r"x\.bib: no records found in this file, read as BibTeX"
    ):
        read(tmp_path, "x.bib", "@comment{nothing}\n")
    with pytest.raises(UnreadableFile, match="no records found"):
        read(tmp_path, "x.csv", "title,year\n")


def test_every_record_has_a_digest_of_its_text(tmp_path: Path) -> None:
    (entry,) = read(tmp_path, "x.bib", BIB)
    assert entry.record is not None and len(entry.record.sources[0].digest) == 12


_ENDINGS = sorted({ending for form in READERS.values() for ending in form.endings} | {"", ".x"})
_STARTS = (BIB, RIS, CSL, SCHEMA, TABLE, PAGE, CITED, LIST, DUMP, "")


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from(_STARTS).map(str.encode),
    st.binary(max_size=200),
    st.sampled_from(["utf-8", "utf-16", "windows-1252"]),
    st.sampled_from(_ENDINGS),
    st.integers(0, 300),
)
def test_no_bytes_make_a_reader_raise_anything_else(
    tmp_path_factory: pytest.TempPathFactory,
    start: bytes,
    rest: bytes,
    encoding: str,
    ending: str,
    cut: int,
) -> None:
    head = start.decode()[:cut].encode(encoding)
    path = tmp_path_factory.getbasetemp() / f"any{ending}"
    path.write_bytes(head + rest)
    try:
        entries = list(read_file(path))
    except UnreadableFile as error:
        assert str(error).startswith(path.name)
        return
    assert entries
    for entry in entries:
        assert entry.source.file == path.name and entry.source.position >= 1
        assert entry.record or any(p.severity == "violation" for p in entry.problems)


_GOOD_AND_BAD = {
    ".bib": (BIB, "@article{b, title = {Open\n", "@article{b title = {No comma}}\n"),
    ".ris": (RIS, "TY  - JOUR\nPY  - 2000\nER  - \n\n"),
    ".csv": ('Work,"Doe, A.",2000\n', ",,2000\n", "Too,many,2000,cells\n"),
    ".txt": (
        PAGE + "Disclaimer — words.\n\n",
        "No citation, no bullets\nDisclaimer — words.\n\n",
    ),
}


@settings(deadline=None)
@given(st.data(), st.sampled_from(sorted(_GOOD_AND_BAD)))
def test_entries_in_are_records_and_rejects(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, ending: str
) -> None:
    good, *bad = _GOOD_AND_BAD[ending]
    parts = [good, *data.draw(st.lists(st.sampled_from([good, *bad]), max_size=8))]
    header = "title,author,year\n" if ending == ".csv" else ""
    entries = read(tmp_path_factory.getbasetemp(), f"x{ending}", header + "".join(parts))
    assert len(entries) == len(parts)
    assert sum(entry.record is not None for entry in entries) == parts.count(good)


def test_rows_with_years_are_no_reference_list() -> None:
    rows = (
        "paper,reference,published\n" + "12,The market for used cars of all kinds,1970,0.17\n" * 9
    )
    assert title_of("works.csv", rows) == READERS["table"].title
    lines = '{"doi": "10.5555/1", "label": "The market for used cars", "issued": "(1997-09)"}\n' * 9
    with pytest.raises(UnreadableFile, match="the format is not recognised"):
        title_of("works.jsonl", lines)
