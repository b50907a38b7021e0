"""Seasons, ranges and approximate dates: read, kept by each format, and published."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oograph.graph.csl import from_csl, to_csl
from oograph.graph.dates import parse_date
from oograph.graph.edtf import edtf, edtf_of_parts, start
from oograph.graph.model import Record
from oograph.graph.readers import bibtex, csl_json, ris, table
from oograph.graph.readers.source import SourceFile
from oograph.graph.resolution.merging import merge
from oograph.graph.writers import WRITERS


@pytest.mark.parametrize(
    ("text", "month", "expected"),
    [
        ("2015-22/2016-24", "", "2015-22/2016-24"),
        ("2013-21/2013-22", "", "2013-21/2013-22"),
        ("2019-03-01/2019-04", "", "2019-03-01/2019-04"),
        ("1995~", "", "1995~"),
        ("1995?", "", "1995~"),
        ("[1995?]", "", "1995~"),
        ("ca. 1995", "", "1995~"),
        ("2018-2019", "", "2018/2019"),
        ("2018–2019", "", "2018/2019"),
        ("Spring 2019", "", "2019-21"),
        ("2019", "Spring", "2019-21"),
        ("2019", "Herbst", "2019-23"),
        ("2019", "SPR", "2019-21"),
        ("2019", "SUM-FAL", "2019-22/2019-23"),
        ("WIN 2019", "", "2019-24"),
        ("Winter 1999-2000", "", "1999-24"),
        ("Winter 1999/00", "", "1999-24"),
        ("1995", "Winter 1995-96", "1995-24"),
        ("Spring 2013 - Winter 2014", "", "2013-21/2014-24"),
        ("Mar-Apr 2019", "", "2019-03/2019-04"),
        ("2019", "MAY-JUN", "2019-05/2019-06"),
        ("2015///Spring", "", "2015-21"),
        ("1995///circa", "", "1995~"),
        ("2013///2013-21/2014-24", "", "2013-21/2014-24"),
        ("2019", "", ""),
        ("2019", "March", ""),
        ("2019-03", "", ""),
        ("2019/03/01/", "", ""),
        ("2016-17", "", ""),
        ("2019/2018", "", ""),
        ("2013-02-30~", "", ""),
        ("Summer School 2019", "", ""),
        ("Summer 2019/20", "", ""),
        ("Winter", "", ""),
        ("Winter 2019-2021", "", ""),
        ("forthcoming", "", ""),
        ("", "", ""),
    ],
)
def test_what_a_date_says_beyond_its_day(text: str, month: str, expected: str) -> None:
    assert edtf(text, month) == expected


MONTHS = st.integers(1, 12) | st.integers(21, 24)
POINTS = st.one_of(
    st.tuples(st.integers(1000, 2999)),
    st.tuples(st.integers(1000, 2999), MONTHS),
    st.tuples(st.integers(1000, 2999), st.integers(1, 12), st.integers(1, 28)),
)
DATES = (
    st.builds(edtf_of_parts, st.lists(POINTS, min_size=1, max_size=2), circa=st.booleans())
).filter(bool)


@given(DATES)
def test_a_normal_form_is_read_as_itself(date: str) -> None:
    assert edtf(date) == date
    assert start(date) == parse_date(date)


@given(st.text(max_size=60), st.text(max_size=10))
def test_any_text_gives_a_normal_form_or_none(text: str, month: str) -> None:
    date = edtf(text, month)
    assert date == "" or edtf(date) == date


@given(DATES)
def test_every_format_holds_it(date: str) -> None:
    work = Record("Crowd work", id="a", issued=start(date), issued_edtf=date)
    assert from_csl(to_csl(work)) == work
    for name, read in (
        ("bibtex", bibtex.read),
        ("ris", ris.read),
        ("csl", csl_json.read),
        ("csv", table.read),
    ):
        text = "".join(WRITERS[name].write([work]))
        (entry,) = read(SourceFile.of_text(text, f"works{WRITERS[name].ending}"))
        assert entry.record is not None
        assert (entry.record.issued, entry.record.issued_edtf) == (start(date), date), text


@pytest.mark.parametrize(
    ("issued", "expected"),
    [
        ('{"date-parts": [[2009, "season-04"]], "season": 4}', "2009-24"),
        ('{"date-parts": [["2021", "season-01"]]}', "2021-21"),
        ('{"date-parts": [[2013, 13], [2014, 16]]}', "2013-21/2014-24"),
        ('{"date-parts": [["2021", "Summer"]]}', "2021-22"),
        ('{"date-parts": [[2021, "March"], [2021, "April"]]}', "2021-03/2021-04"),
        ('{"year": 2021, "month": "Autumn"}', "2021-23"),
        ('[{"year": "2013", "season": "1"}, {"year": "2014", "season": "4"}]', "2013-21/2014-24"),
        ('{"raw": "2013-21/2013-22"}', "2013-21/2013-22"),
        ('{"date-parts": [[2018], [2019]]}', "2018/2019"),
        ('{"date-parts": [[1995]], "circa": true}', "1995~"),
        ('{"date-parts": [[2019, 3, 1]]}', ""),
        ('{"literal": "Spring 2019"}', "2019-21"),
    ],
)
def test_csl_json_in_the_wild(issued: str, expected: str) -> None:
    item = f'[{{"id": "x", "type": "book", "title": "A", "issued": {issued}}}]'
    (entry,) = csl_json.read(SourceFile.of_text(item, "a.json"))
    assert entry.record is not None
    assert entry.record.issued_edtf == expected
    assert not expected or entry.record.issued == start(expected)


@pytest.mark.parametrize(
    ("issue", "expected"),
    [("Spring", "2019-21"), ("Spring/Summer", "2019-21/2019-22"), ("2", ""), ("Spring issue", "")],
)
def test_an_issue_may_be_called_by_its_season(issue: str, expected: str) -> None:
    files = {
        ".bib": f"@article{{a, title={{A}}, author={{Low, A.}}, date=2019, issue={{{issue}}}}}",
        ".ris": f"TY  - JOUR\nTI  - A\nIS  - {issue}\nPY  - 2019\nER  - \n",
        ".csv": f"Title,Authors,Year,Issue\nA,Low A.,2019,{issue}\n",
    }
    readers = {".bib": bibtex, ".ris": ris, ".csv": table}
    for ending, text in files.items():
        (entry,) = readers[ending].read(SourceFile.of_text(text, f"works{ending}"))
        assert entry.record is not None
        assert (entry.record.issued_edtf, entry.record.issue) == (expected, issue), ending


def test_a_merged_record_has_the_whole_date_of_the_one_whose_year_it_has() -> None:
    dated = Record("Crowd work", issued=(2015,), issued_edtf="2015-21")
    undated = Record("Crowd work", id="a")
    assert merge([undated, dated]).issued_edtf == "2015-21"
    other = Record("Crowd work", id="a", issued=(2014,))
    assert (merge([other, dated]).issued, merge([other, dated]).issued_edtf) == ((2014,), "")
