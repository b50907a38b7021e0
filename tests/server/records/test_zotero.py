"""What Zotero makes of a page and of a work's RIS, by the table of its translators' tags."""

import csv
import json
import re
import urllib.parse
from collections import defaultdict
from pathlib import Path
from xml.etree import ElementTree

import pytest

from oograph.graph.csl import from_csl
from oograph.graph.formats import CITATIONS
from oograph.graph.model import Name, Record
from oograph.graph.release.records import Records
from oograph.server.records.citation import UNTYPED, tags
from oograph.server.records.documents import cite

BASE = "https://w3id.org/oograph/"
WORK = f"{BASE}publication/doe-2020-clicks"
TABLE = Path(__file__).parents[2] / "fixtures" / "zotero" / "tags.tsv"
ROWS = list(csv.DictReader(TABLE.open(encoding="utf-8"), delimiter="\t"))
#: CSL type -> type of item, by Zotero's own schema.
ITEMS = {
    "article-journal": "journalArticle",
    "book": "book",
    "chapter": "bookSection",
    "document": "document",
    "manuscript": "manuscript",
    "paper-conference": "conferencePaper",
    "report": "report",
    "thesis": "thesis",
    "webpage": "webpage",
}
Item = dict[str, list[str]]


def type_of(given: list[tuple[str, str]], files: tuple[str, ...], default: str) -> str:
    """The type of the item; each file's rows in turn, a tag with its value or any value."""
    for file in files:
        for tag, value in given:
            for row in ROWS:
                if row["file"] == file and row["field"] == "itemType":
                    if row["tag"] in (tag, f"{tag}={value}"):
                        return row["item type"]
    return default


def item(given: list[tuple[str, str]], files: tuple[str, ...], default: str) -> tuple[str, Item]:
    """The type of an item and its fields, as the table has them."""
    kind = type_of(given, files, default)
    fields = {
        row["tag"]: row["field"]
        for wanted in ("*", kind)
        for row in ROWS
        if row["file"] in files and row["item type"] == wanted and row["field"] != "itemType"
    }
    made: Item = defaultdict(list)
    for tag, value in given:
        if tag in fields:
            made[fields[tag]].append(value)
    return kind, made


def of_page(record: Record) -> tuple[str, Item]:
    """The item of a page; keywords stand there twice, and what is in RDF's tags comes first."""
    given = tags(record, f"{BASE}publication/{record.id}", "http://localhost/")
    given = [each for each in given if each[0] != "citation_keywords"]
    return item(given, ("Embedded Metadata.js", "RDF.js"), "journalArticle")


def of_ris(record: Record) -> tuple[str, Item]:
    lines = cite(record, CITATIONS["ris"]).get_data(as_text=True).splitlines()
    given = [(line[:2], line[6:]) for line in lines if line]
    return item(given, ("RIS.js",), "journalArticle")


def lost(record: Record, kind: str, made: Item) -> list[str]:
    """What an item has not got of a record, of what Zotero can hold."""
    dates = {"-".join(f"{part:02d}" for part in record.issued[:n]) for n in (1, 2, 3)}
    expected = {
        "creators/author": [name.inverted for name in record.authors],
        "creators/editor": [name.inverted for name in record.editors],
        "place": [record.publisher_place],
        "DOI": [record.doi],
        "title": [record.title],
        "volume": [record.volume],
        "tags": list(record.facets.keywords),
    }
    problems = [
        f"{field}: {made[field]} of {values}"
        for field, values in expected.items()
        if any(values) and _plain(made[field][: len(values)]) != _plain(values)
    ]
    if record.issued and made["date"][-1].replace("/", "-") not in dates:
        problems.append(f"date: {made['date']} of {record.issued}")
    if record.issued and len(made["date"][-1]) < len("-".join(map(str, record.issued))):
        problems.append(f"date: {made['date']} of {record.issued}")
    if kind != ITEMS[record.type]:
        problems.append(f"type: {kind} of {record.type}")
    return problems


def _plain(texts: list[str]) -> list[str]:
    """Texts by their words: how each form divides names and lists is not compared."""
    return [" ".join(sorted(re.findall(r"[^;,\s]+", text))) for text in texts]


@pytest.fixture(scope="module")
def works(shipped_release) -> list[Record]:
    kept = Records(shipped_release.folder)
    return [from_csl(json.loads(text)) for text in kept.all_texts("csl")]


def test_a_page_loses_nothing_of_any_work(works) -> None:
    problems = {
        record.id: missing for record in works if (missing := lost(record, *of_page(record)))
    }
    assert problems == {}


def test_a_language_that_is_not_known_is_not_the_pages(works) -> None:
    for record in works:
        _, made = of_page(record)
        assert made["language"][0] == (record.language or "und")


def test_ris_loses_nothing_that_zotero_reads(works) -> None:
    problems = {
        record.id: missing
        for record in works
        if record.type not in UNTYPED
        and not record.original_title
        and (missing := lost(record, *of_ris(record)))
    }
    assert problems == {}


@pytest.mark.parametrize("type", ITEMS)
def test_every_type_arrives_as_itself(type) -> None:
    record = Record(
        "A title",
        type=type,
        id="x-2020-title",
        authors=(Name("Doe", "Jane"),),
        editors=(Name("Roe", "Ada"), Name("de Silva", "Ana Maria")),
        issued=(2020, 3, 7),
        container_title="" if type in ("book", "report", "thesis") else "A container",
        publisher="A publisher",
        publisher_place="Lisbon",
        edition="2",
        number="12",
    )
    kind, made = of_page(record)
    assert kind == ITEMS[type]
    assert made["creators/editor"] == ["Roe, Ada", "de Silva, Ana Maria;"]
    assert (made["date"], made["place"], made["edition"]) == (["2020/03/07"], ["Lisbon"], ["2"])
    if type == "report":
        assert made["number"] == ["12"]
    if type not in UNTYPED:
        assert of_ris(record)[0] == ITEMS[type]


# unAPI, as Zotero asks it


def unapi(server, **arguments: str):
    return server(f"/unapi?{urllib.parse.urlencode(arguments)}")


def ids(page: str) -> list[str]:
    return re.findall(r'<abbr class="unapi-id" title="([^"]+)"></abbr>', page)


def test_unapi_lists_its_formats(server) -> None:
    reply = server("/unapi")
    assert (reply.status, reply.type) == (200, "application/xml")
    formats = {each.get("name"): each.get("type") for each in ElementTree.fromstring(reply.body)}
    assert formats["ris"] == "application/x-research-info-systems"
    assert formats["bibtex"] == "application/x-bibtex"


def test_unapi_lists_the_formats_of_a_work(server) -> None:
    reply = unapi(server, id=WORK)
    assert reply.status == 300
    root = ElementTree.fromstring(reply.body)
    assert root.get("id") == WORK and len(root) == 2


@pytest.mark.parametrize(("name", "ending"), [("ris", "ris"), ("bibtex", "bib")])
def test_unapi_hands_over_the_citation(server, name, ending) -> None:
    # Zotero puts the id into the address as it stands.
    reply = server(f"/unapi?id={WORK}&format={name}")
    document = server(f"/publication/doe-2020-clicks.{ending}")
    assert (reply.status, reply.type, reply.body) == (200, document.type, document.body)
    assert (
        server(f"/unapi?id={WORK}&format={name}", If_None_Match=reply.headers["ETag"]).status == 304
    )


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        ({"format": "ris"}, 400),
        ({"id": WORK, "format": "mods"}, 406),
        ({"id": f"{BASE}publication/none", "format": "ris"}, 404),
        ({"id": f"{BASE}platform/upwork", "format": "ris"}, 404),
        ({"id": "doe-2020-clicks", "format": "ris"}, 404),
        ({"id": "../../etc/passwd", "format": "ris"}, 404),
        ({"id": "\x00\ud7ff<&", "format": "ris"}, 404),
        ({"id": "x" * 5000}, 404),
    ],
)
def test_unapi_refuses(server, arguments, status) -> None:
    assert unapi(server, **arguments).status == status


@pytest.mark.parametrize(
    "path",
    [
        "/publication/doe-2020-clicks.html",
        "/works",
        "/works?q=clicks",
        "/platform/upwork.html",
        "/",
    ],
)
def test_every_page_of_works_names_them(server, path) -> None:
    page = server(path, "text/html").text
    (resolver,) = re.findall(r'<link rel="unapi-server" [^>]*href="([^"]+)"', page)
    assert resolver == f"{server.url}/unapi"
    assert WORK in ids(page)
    for id in ids(page):
        assert server(f"/unapi?id={id}&format=ris").status == 200


def test_a_page_of_one_work_names_it_alone(server) -> None:
    assert ids(server("/publication/doe-2020-clicks.html").text) == [WORK]
    # RIS has no type for a document; the tags of its page have.
    page = server("/publication/roe-2018-freelancers.html").text
    assert ids(page) == [] and 'content="document"' in page
    assert ids(server("/platform/upwork.html").text.partition("</h1>")[0]) == []
