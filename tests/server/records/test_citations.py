"""A publication for reference managers: as BibTeX, RIS and CSL-JSON, and in its page's head."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oograph.graph.readers import dump
from oograph.graph.readers.source import SourceFile
from oograph.graph.writers import WRITERS
from oograph.server.records.schema_org import embedded

WORKS = ("doe-2020-clicks", "roe-2018-freelancers")
FORMS = {
    "bib": ("bibtex", "application/x-bibtex"),
    "ris": ("ris", "application/x-research-info-systems"),
    "csl.json": ("csl", "application/vnd.citationstyles.csl+json"),
}


@pytest.fixture(scope="module")
def records(release_folder: Path) -> dict:
    """What our own reader reads out of the dump."""
    source = SourceFile.of_path(release_folder / "dumps" / "oograph.nq")
    return {entry.record.id: entry.record for entry in dump.read(source) if entry.record}


@pytest.mark.parametrize("work", WORKS)
@pytest.mark.parametrize("ending", FORMS)
def test_a_citation_is_what_the_dump_says(server, records, work, ending) -> None:
    name, media_type = FORMS[ending]
    reply = server(f"/publication/{work}.{ending}")
    assert (reply.status, reply.type) == (200, media_type)
    assert reply.text == "".join(WRITERS[name].write([records[work]]))


@pytest.mark.parametrize("ending", FORMS)
def test_a_citation_by_negotiation(server, ending) -> None:
    _, media_type = FORMS[ending]
    reply = server("/publication/doe-2020-clicks", f"{media_type}, text/html;q=0.5")
    assert reply.status == 303
    assert reply.headers["Location"].endswith(f"/publication/doe-2020-clicks.{ending}")
    assert reply.headers["Vary"] == "Accept"


@pytest.mark.parametrize("ending", FORMS)
def test_only_publications_are_cited(server, ending) -> None:
    assert server(f"/platform/upwork.{ending}").status == 404
    assert server("/platform/upwork", FORMS[ending][1]).status == 406


class Head(HTMLParser):
    """The tags and the data in a page's head."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, str]] = []
        self.links: list[dict[str, str | None]] = []
        self.data = ""
        self._in_data = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "meta" and "name" in found:
            self.tags.append((found["name"] or "", found["content"] or ""))
        if tag == "link":
            self.links.append(found)
        self._in_data = tag == "script"

    def handle_endtag(self, tag: str) -> None:
        self._in_data = False

    def handle_data(self, data: str) -> None:
        if self._in_data:
            self.data += data

    def values(self, name: str) -> list[str]:
        return [content for each, content in self.tags if each == name]


TITLE = 'Clicks for "pennies" </script><b>&'


def test_the_head_says_how_to_cite(server) -> None:
    head = Head(server("/publication/doe-2020-clicks.html").text)
    expected = {
        "citation_title": [TITLE],
        "citation_author": ["Doe, J.", "Roe, Ada"],
        "citation_publication_date": ["2020"],
        "citation_journal_title": ["Journal of Examples"],
        "citation_volume": ["7"],
        "citation_issue": ["2"],
        "citation_doi": ["10.5555/abc"],
        "citation_public_url": ["https://w3id.org/oograph/publication/doe-2020-clicks"],
        "citation_abstract_html_url": [f"{server.url}/publication/doe-2020-clicks.html"],
        # The only topic is inferred.
        "citation_keywords": [],
        "DC.title": [TITLE],
        "DC.creator": ["Doe, J.", "Roe, Ada"],
        "DC.date": ["2020"],
        "DC.identifier": [
            "https://w3id.org/oograph/publication/doe-2020-clicks",
            "doi:10.5555/abc",
        ],
    }
    assert {name: head.values(name) for name in expected} == expected
    assert {"rel": "schema.DC", "href": "http://purl.org/dc/elements/1.1/"} in head.links


def test_other_things_have_no_citation(server) -> None:
    head = Head(server("/platform/upwork.html").text)
    assert not [name for name, _ in head.tags if name.startswith(("citation_", "DC."))]


def test_the_data_in_the_head_is_of_schema_org(server) -> None:
    data = json.loads(Head(server("/publication/doe-2020-clicks.html").text).data)
    assert data["@context"]["@vocab"] == "https://schema.org/"
    assert data["@id"] == "https://w3id.org/oograph/publication/doe-2020-clicks"
    assert data["@type"] == "ScholarlyArticle"
    assert data["name"] == TITLE
    assert [author["name"] for author in data["author"]] == ["Jane Doe", "Ada Roe"]
    assert data["author"][0]["familyName"] == "Doe"
    issue = data["isPartOf"]
    assert (issue["@type"], issue["issueNumber"]) == ("PublicationIssue", "2")
    journal = issue["isPartOf"]["isPartOf"]
    assert (journal["@type"], journal["name"]) == ("Periodical", "Journal of Examples")
    assert data["sameAs"] == "https://doi.org/10.5555/abc"
    # A URL that a browser would run is no link.
    assert "url" not in data


def test_the_data_in_the_head_is_rdf_without_fetching_a_context(server) -> None:
    text = Head(server("/publication/doe-2020-clicks.html").text).data
    work = ox.NamedNode("https://w3id.org/oograph/publication/doe-2020-clicks")
    schema = "https://schema.org/"
    found = {
        (triple.predicate.value.removeprefix(schema), triple.object)
        for triple in ox.parse(text, ox.RdfFormat.JSON_LD)
        if triple.subject == work
    }
    assert ("name", ox.Literal(TITLE)) in found
    assert ("sameAs", ox.NamedNode("https://doi.org/10.5555/abc")) in found


@pytest.mark.parametrize(
    ("path", "types"),
    [
        ("publication/roe-2018-freelancers", "CreativeWork"),
        ("platform/upwork", ["Organization", "WebSite"]),
        ("country/IN", "Country"),
        ("topic/microtask-work", "DefinedTerm"),
        ("person/jane-doe", "Person"),
        ("venue/journal-of-examples", "Periodical"),
        ("scheme/platforms", "DefinedTermSet"),
    ],
)
def test_each_class_has_its_type(server, path, types) -> None:
    data = json.loads(Head(server(f"/{path}.html").text).data)
    assert (data["@id"], data["@type"]) == (f"https://w3id.org/oograph/{path}", types)
    assert data["name"]


@given(st.dictionaries(st.text(), st.text()))
def test_no_text_ends_the_script(texts) -> None:
    found = embedded(texts)
    assert json.loads(found) == texts
    assert not re.search("[<>&\u2028\u2029]", found)


@given(st.lists(st.sampled_from(["</script>", "<!--", "]]>", "&lt;", "\u2028", "x"])))
def test_a_page_is_read_as_it_was_written(parts) -> None:
    title = "".join(parts)
    page = f'<script type="application/ld+json">{embedded({"name": title})}</script><p>'
    assert json.loads(Head(page).data)["name"] == title
