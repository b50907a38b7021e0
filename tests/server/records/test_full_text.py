"""The search for the text of a work, on its page."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from oograph.graph.model import Name, Record
from oograph.server.records.full_text import search_address


def asked(record: Record) -> str:
    return parse_qs(urlsplit(search_address(record)).query)["q"][0]


@pytest.mark.parametrize(
    ("title", "author", "expected"),
    [
        (
            "Crowd-work: who -really- pays?",
            Name("da Silva", "Ana"),
            "da Silva Crowd-work who really pays",
        ),
        (
            "L'ubérisation « à la française »",
            Name(literal="ILO"),
            "ILO L'ubérisation à la française",
        ),
        ("गिग कार्य: हिन्दी में", None, "गिग कार्य हिन्दी में"),
        ("แพลตฟอร์ม (ไทย)", None, "แพลตฟอร์ม ไทย"),
        ("کار می\u200cکنند؟", None, "کار می\u200cکنند"),
        ("众包平台上的劳动过程", Name(literal="李明"), "李明 众包平台上的劳动过程"),
        ('intitle:"A" OR author:B', None, "intitle A OR author B"),
    ],
)
def test_it_has_words_and_no_operators(title: str, author: Name | None, expected: str) -> None:
    assert asked(Record(title, authors=(author,) if author else ())) == expected


def test_it_is_no_longer_than_the_engine_reads_and_ends_with_a_word() -> None:
    words = asked(Record("outsourcing " * 50))
    assert len(words) <= 256 and set(words.split()) == {"outsourcing"}


@pytest.mark.parametrize("work", ["heeks-2018-home-based-work", "anonymous-notes-crowd-work"])
def test_every_work_has_it(small_server, work: str) -> None:
    page = small_server(f"/publication/{work}.html", "text/html").text
    [link] = re.findall(r'href="([^"]*)">Find in Google Scholar</a>', page)
    assert urlsplit(unescape(link)).hostname == "scholar.google.com"
    title = re.findall(r"<h1[^>]*>([^<]*)</h1>", page)[0]
    assert parse_qs(urlsplit(unescape(link)).query)["q"][0].endswith(title.split()[-1])
