"""Every format's abstract reaches the entry, and never the record."""

from pathlib import Path

import pytest

from oograph.graph.readers import read_file

WORDS = "Words of a summary."
PAGE = f"""A study of invented riders

{WORDS}

Doe, J. (2017), 'A study of invented riders', Journal of Riders, Vol. 1, pp. 2-3.


  • Research publication
  • English
  • 2017
"""


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.bib", f"@article{{k, title={{T}}, year=2000, abstract={{{WORDS}}}}}"),
        ("a.ris", f"TY  - JOUR\nTI  - T\nPY  - 2000\nAB  - {WORDS}\nER  - \n"),
        ("b.ris", f"TY  - JOUR\nTI  - T\nPY  - 2000\nN2  - {WORDS}\nER  - \n"),
        (
            "a.json",
            f'[{{"id": "k", "type": "article-journal", "title": "T", "abstract": "{WORDS}"}}]',
        ),
        ("a.csv", f"title,year,abstract\nT,2000,{WORDS}\n"),
        ("a.txt", PAGE),
        ("a.nbib", f"PMID- 1\nTI  - T\nDP  - 2000\nPT  - Journal Article\nAB  - {WORDS}\n"),
        ("a.ciw", f"FN Clarivate\nVR 1.0\nPT J\nTI T\nPY 2000\nAB {WORDS}\nER\n\nEF\n"),
        ("a.enw", f"%0 Journal Article\n%T T\n%D 2000\n%X {WORDS}\n"),
        (
            "openalex.json",
            '{"id": "https://openalex.org/W1", "display_name": "T", "publication_year": 2000,'
            ' "type": "article", "authorships": [], "primary_location": null,'
            ' "abstract_inverted_index":'
            ' {"Words": [0], "of": [1], "a": [2], "summary.": [3]}}',
        ),
        (
            "crossref.json",
            '{"status": "ok", "message-type": "work", "message": {"DOI": "10.5555/a",'
            ' "type": "journal-article", "title": ["T"], "issued": {"date-parts": [[2000]]},'
            f' "abstract": "{WORDS}"}}}}',
        ),
        (
            "a.tei.xml",
            '<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt>'
            "<title>T</title></titleStmt></fileDesc><profileDesc><abstract>"
            f"<p>{WORDS}</p></abstract></profileDesc></teiHeader></TEI>",
        ),
    ],
)
def test_the_abstract_is_the_entrys_and_not_the_records(
    name: str, text: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    (entry,) = read_file(path)
    assert entry.abstract == WORDS
    assert WORDS not in repr(entry.record)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.bib", "@article{{k, title={{T}}, year=2000, abstract={{{}}}}}"),
        ("a.ris", "TY  - JOUR\nTI  - T\nPY  - 2000\nAB  - {}\nER  - \n"),
        ("a.csv", "title,year,abstract\nT,2000,{}\n"),
        ("a.json", '[{{"id": "k", "type": "article-journal", "title": "T", "abstract": "{}"}}]'),
    ],
)
def test_an_abstract_that_is_too_long_costs_no_record(name: str, text: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(text.format("x" * 30_000), encoding="utf-8")
    (entry,) = read_file(path)
    assert entry.record is not None and entry.record.title == "T"
    assert not any(p.severity == "violation" for p in entry.problems)
