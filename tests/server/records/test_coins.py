"""COinS: the OpenURL of every work on a page, read back as a reference manager reads it."""

from __future__ import annotations

import html
import re
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oograph.graph.catalogue import Catalogue, default_folder
from oograph.graph.index.works import Choice, Works
from oograph.graph.model import Name, Record
from oograph.graph.release.records import Records
from oograph.server.web.openurl import of_record, of_work

BASE = "https://w3id.org/oograph/publication/"
BROWSER = "text/html,*/*;q=0.1"
#: Format, genre -> the CSL types that it stands for; nothing else is told apart.
TYPES = {
    ("journal", "article"): {"article-journal", "article-magazine", "article-newspaper"},
    ("book", "book"): {"book"},
    ("book", "bookitem"): {"chapter"},
    ("book", "proceeding"): {"paper-conference"},
    ("book", "report"): {"report"},
    ("dissertation", ""): {"thesis"},
}


@pytest.fixture(scope="module")
def server(small_server):
    return small_server


def read(context: str) -> dict[str, list[str]]:
    """A context object by key; what it cannot be without is there."""
    values = parse_qs(context, strict_parsing=True)
    assert values.pop("ctx_ver") == ["Z39.88-2004"]
    (format,) = values.pop("rft_val_fmt")
    assert format.startswith("info:ofi/fmt:kev:mtx:")
    return {**values, "format": [format.rpartition(":")[2]]}


def title_of(values: dict[str, list[str]]) -> list[str]:
    return next(values[k] for k in ("rft.atitle", "rft.btitle", "rft.title") if k in values)


def spans(page: str) -> list[str]:
    return [
        html.unescape(text) for text in re.findall(r'<span class="Z3988" title="([^"]+)">', page)
    ]


def test_a_list_has_one_for_every_work_beside_unapi(server, small_release) -> None:
    for path in ("/works", "/", "/platform/upwork.html"):
        page = server(path, BROWSER).text
        named = re.findall(r'<abbr class="unapi-id" title="([^"]+)">', page)
        contexts = list(map(read, spans(page)))
        assert named and [values["rft_id"][-1] for values in contexts] == named


def test_a_record_has_its_own(server) -> None:
    page = server("/publication/heeks-2018-home-based-work.html", BROWSER).text
    (context,) = spans(page)
    assert read(context) == {
        "format": ["journal"],
        "rft.genre": ["article"],
        "rft_id": ["info:doi/10.5555/hw.2018", f"{BASE}heeks-2018-home-based-work"],
        "rft.atitle": ["Home-based work online in Pakistan"],
        "rft.jtitle": ["MIS Quarterly"],
        "rft.date": ["2018"],
        "rft.au": ["Heeks, Richard", "Malik, Fareesa"],
    }


def test_every_shipped_work_comes_back() -> None:
    for record in Catalogue.read(default_folder()).works:
        values = read(of_record(record, f"{BASE}{record.id}"))
        assert title_of(values) == [record.title]
        key = "rft.creator" if values["format"] == ["dc"] else "rft.au"
        assert values.get(key, []) == [name.inverted for name in record.authors[:10]]
        year = values.get("rft.date", [""])[0][:4]
        assert year == (f"{record.issued[0]:02d}" if record.issued else "")
        assert (f"info:doi/{record.doi}" in values["rft_id"]) == bool(record.doi)
        types = TYPES.get((values["format"][0], values.get("rft.genre", [""])[0]))
        assert record.type in types if types else values["format"] == ["dc"]
        if record.page and "rft.spage" in values:
            pages = "-".join(values["rft.spage"] + values.get("rft.epage", []))
            assert pages == record.page


def test_a_list_and_a_record_say_the_same_of_a_work(small_release) -> None:
    works, records = Works(small_release.folder), Records(small_release.folder)
    everything = works.find(Choice())
    for work in works.page(everything, Choice(), 0, 100):
        record = records.of(work.id)
        assert record
        short, whole = (read(text) for text in (of_work(work, "urn:x"), of_record(record, "urn:x")))
        # a list has the year alone, and calls a venue by its own name
        assert short.pop("rft.date", [""])[0] == whole.pop("rft.date", [""])[0][:4]
        same = [key for key in short if key not in ("rft.jtitle", "rft.btitle", "rft.source")]
        assert {key: short[key] for key in same} == {key: whole[key] for key in same}


@given(st.text(min_size=1), st.text(min_size=1), st.sampled_from(["book", "webpage", "thesis"]))
def test_any_title_and_name_survive(title: str, name: str, type: str) -> None:
    record = Record(title, type, id="a", authors=(Name(literal=name),))
    try:
        title.encode(), name.encode()
    except UnicodeEncodeError:
        return
    values = read(of_record(record, "urn:x"))
    assert title_of(values) == [title]
    assert values["rft.creator" if type == "webpage" else "rft.au"] == [name]
