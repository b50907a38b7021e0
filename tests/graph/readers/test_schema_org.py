"""The reader of schema.org's JSON-LD: a graph, a web page, and the forms a value may have."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oograph.graph.errors import UnreadableFile
from oograph.graph.model import Entry, Facets, Name, Record, Source
from oograph.graph.readers import schema_org
from oograph.graph.readers.schema_work import TYPES
from oograph.graph.readers.source import SourceFile

FIXTURES = Path(__file__).parents[2] / "fixtures" / "jsonld"


def read(text: str) -> list[Entry]:
    return list(schema_org.read(SourceFile.of_text(text, "works.jsonld")))


def fixture(name: str) -> list[Entry]:
    return list(schema_org.read(SourceFile.of_path(FIXTURES / name)))


def record_of(**properties: object) -> Record:
    node = {"@context": "https://schema.org", "@type": "ScholarlyArticle", "name": "A title"}
    (entry,) = read(json.dumps(node | properties))
    assert entry.record is not None, entry.problems
    return entry.record


def test_an_article_in_an_issue_of_a_graph() -> None:
    article, book, untitled = fixture("article.jsonld")
    assert article.problems == ()
    assert article.record == Record(
        title="Regulating labour platforms, the data deficit",
        type="article-journal",
        authors=(
            Name("Hawley", "Adrian John"),
            Name("Schaar", "Mihaela", "van der", orcid="0000-0002-1825-0097"),
            Name(literal="World Bank"),
        ),
        issued=(2018, 6, 12),
        container_title="European Journal of Government and Economics",
        publisher="Universidade da Coruña",
        volume="7",
        issue="1",
        page="5-23",
        doi="10.17979/ejge.2018.7.1.4330",
        issn=("2254-7088",),
        url="https://doi.org/10.17979/ejge.2018.7.1.4330",
        language="en",
        facets=Facets(keywords=("data", "platforms", "Labour law")),
        sources=(
            Source(
                "article.jsonld",
                "#article",
                19,
                (("name", "Regulating labour platforms, the data deficit"),),
            ),
        ),
    )
    assert book.record is not None
    assert (book.record.type, book.record.isbn) == ("book", ("9783319591100",))
    assert (book.record.editors, book.record.issued) == ((Name("Meil", "Pam"),), (2017,))
    assert untitled.record is None
    assert untitled.problems[0].message == "no name or headline"
    assert untitled.source.position == 46


def test_a_web_page() -> None:
    (entry,) = fixture("page.html")
    assert entry.record is not None
    assert entry.record.title == "Workers of the Internet unite?"
    assert entry.record.type == "paper-conference"
    assert entry.record.doi == "10.1111/ntwe.12112"
    assert entry.record.authors == (Name("Wood", "Alex J"),)
    assert (entry.record.page, entry.record.issued) == ("95-112", (2018, 7))
    assert (entry.source.file, entry.source.position) == ("page.html", 11)


@pytest.mark.parametrize("kind", sorted(TYPES))
@pytest.mark.parametrize("space", ["", "schema:", "http://schema.org/", "https://schema.org/"])
def test_types(kind: str, space: str) -> None:
    assert record_of(**{"@type": f"{space}{kind}"}).type == TYPES[kind]


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("World Bank", (Name(literal="World Bank"),)),
        ("Hawley, A.", (Name("Hawley", "A."),)),
        ({"@type": "Person", "name": "Adrian John Hawley"}, (Name("Hawley", "Adrian John"),)),
        ({"@type": "Person", "name": "Plato"}, (Name(literal="Plato"),)),
        ({"@type": "Person", "name": "Hawley AJ"}, (Name("Hawley", "AJ"),)),
        ({"name": "Adrian Hawley", "familyName": "Hawley"}, (Name("Hawley", "Adrian"),)),
        ({"@type": "Person", "name": "Ann O&#39;Neil"}, (Name("O'Neil", "Ann"),)),
        ({"@type": "Person", "familyName": "Plato"}, (Name("Plato"),)),
        ({"@type": "Organization", "name": "RSA, London"}, (Name(literal="RSA, London"),)),
        ({"@list": [{"name": "A, B."}, {"name": "C, D."}]}, (Name("A", "B."), Name("C", "D."))),
        ([{}, 3, None, {"name": {"@value": "A, B."}}], (Name("A", "B."),)),
    ],
)
def test_authors(author: object, names: tuple[Name, ...]) -> None:
    assert record_of(author=author).authors == names


def test_entities_are_no_words_of_a_venue_or_publisher() -> None:
    record = record_of(isPartOf={"name": "Work &amp; Pay"}, publisher={"name": "Hill &amp; Son"})
    assert (record.container_title, record.publisher) == ("Work & Pay", "Hill & Son")


def test_what_a_page_is_about_is_read_instead_of_the_page() -> None:
    article = {"@type": "ScholarlyArticle", "name": "Gigs", "datePublished": "2019"}
    page = {"@context": "https://schema.org", "@type": "WebPage", "name": "A journal"}
    (entry,) = read(json.dumps(page | {"mainEntity": article}))
    assert entry.record is not None and entry.record.title == "Gigs"
    (entry,) = read(json.dumps(page | {"mainEntity": {"@id": "#a"}}))
    assert entry.record is not None and entry.record.title == "A journal"


def test_abstract_and_description_are_not_read() -> None:
    record = record_of(abstract="secret", description="secret", articleBody="secret", text="secret")
    assert "secret" not in repr(record)


def test_a_node_that_is_part_of_itself_ends() -> None:
    text = '{"@id": "#a", "@type": "Book", "name": "A", "isPartOf": {"@id": "#a"}}'
    (entry,) = read(f"[{text}]")
    assert entry.record is not None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{}", "no schema.org works"),
        (
            '{"@context": "https://schema.org", "@type": "Person", "name": "A"}',
            "no schema.org works",
        ),
        ("<html><body>Text</body></html>", "has no JSON-LD"),
        ("<script type='application/ld+json'>{</script>", "script on line 1"),
        ("[", "this is not valid JSON"),
    ],
)
def test_what_holds_no_work_is_refused(text: str, told: str) -> None:
    with pytest.raises(UnreadableFile, match=told):
        read(text)


PROPERTIES = st.sampled_from(
    "@id @type @list @value @graph name headline author familyName givenName isPartOf issn isbn "
    "volumeNumber datePublished identifier sameAs url publisher inLanguage keywords about "
    "pageStart pagination".split()
)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-9999, 9999)
    | st.text()
    | st.sampled_from(["ScholarlyArticle", "Person", "PublicationIssue", "#a"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(PROPERTIES, inner, max_size=5),
    max_leaves=10,
)
WORKS = st.dictionaries(PROPERTIES, VALUES, max_size=8).map(lambda node: {**node, "@type": "Book"})


@given(st.lists(WORKS, min_size=1, max_size=4))
def test_works_in_are_records_and_rejects(works: list[dict[str, object]]) -> None:
    without_graph = [{k: v for k, v in work.items() if k != "@graph"} for work in works]
    entries = read(json.dumps(without_graph))
    assert len(entries) == len(works)
    for entry in entries:
        assert (entry.record is None) == any(p.severity == "violation" for p in entry.problems)


@given(VALUES | st.text())
def test_no_input_raises(value: object) -> None:
    for text in (json.dumps(value), str(value), f"<script type=application/ld+json>{value}"):
        try:
            read(text)
        except UnreadableFile as error:
            assert str(error).startswith("works.jsonld")


@pytest.mark.parametrize("name", ["article.jsonld", "page.html"])
def test_schema_org_looks_like_itself(name: str) -> None:
    assert schema_org.looks_like((FIXTURES / name).read_text(encoding="utf-8"))
    assert not schema_org.looks_like('[{"type": "book", "title": "A"}]')
    ours = '{"@context": {"oo": "https://w3id.org/oograph/ontology#", "schema": "https://schema.org/"}}'
    assert not schema_org.looks_like(ours)
