"""Links outwards: the shipped tables, a curator's, and what becomes of them in RDF."""

import csv
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import DCTERMS, SKOS, VOID, Graph

from oograph.graph.catalogue import Catalogue
from oograph.graph.iris import IRIs, Minter
from oograph.graph.model import Tombstone
from oograph.graph.rdf.linksets import link_quads, linkset_quads
from oograph.graph.release.build import build
from oograph.graph.targets import TARGETS, target_of
from oograph.graph.vocabulary.links import (
    Links,
    check_links,
    link_table_of,
    links_of,
)
from oograph.graph.vocabulary.sssom_reader import REQUIRED
from oograph.graph.vocabulary.tables import Table, has_columns
from oograph.ontology import BASE_IRI, PREFIXES, link_table, link_table_names, turtle

SMALL = Path(__file__).parents[2] / "fixtures" / "small"
ONTOLOGY = Path(__file__).parents[3] / "ontology"
COLUMNS = (
    "subject_id,predicate_id,object_id,mapping_justification,object_source,mapping_date,comment"
)
GOOD = (
    "platform:upwork,skos:exactMatch,https://example.org/upwork,"
    "semapv:ManualMappingCuration,a list of platforms v1,2026-01-31,"
)
CELLS = GOOD.split(",")


def nothing(subject: str) -> bool:
    return False


def vocabulary(subject: str) -> bool:
    return True


@pytest.fixture(scope="module")
def shipped() -> Links:
    return links_of((), BASE_IRI, nothing)


def tables_in(folder: Path) -> list[Table]:
    return [link_table_of(path.read_bytes(), path) for path in sorted(folder.iterdir())]


def row(**cells: str) -> str:
    """The good row with other values in some of its columns."""
    values = dict(zip(COLUMNS.split(","), CELLS, strict=True)) | cells
    return ",".join(f'"{value}"' for value in values.values())


def table(folder: Path, *rows: str, name: str = "mine.csv", header: str = COLUMNS) -> Path:
    path = folder / name
    path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    return path


# The tables that we ship


def test_every_shipped_row_is_sound_and_becomes_a_link(shipped: Links) -> None:
    lines = [
        line
        for name in link_table_names()
        for line in link_table(name).splitlines()
        if not line.startswith(("#", "subject_id"))
    ]
    assert shipped.problems == ()
    assert len(shipped.links) == len(lines) > 800


def test_each_table_is_one_linkset_with_a_title_a_description_and_a_licence(
    shipped: Links,
) -> None:
    assert {f"{name}.sssom.tsv" for name in shipped.linksets} == set(link_table_names())
    for linkset in shipped.linksets.values():
        assert linkset.title and linkset.description and linkset.license
        assert linkset.name.endswith(f"-{linkset.target}")


@pytest.mark.parametrize("name", link_table_names())
def test_the_labels_of_a_table_are_those_of_the_vocabulary(name: str) -> None:
    scheme = name.partition("-")[0]
    graph = Graph().parse(data=turtle(f"{scheme}.ttl"), format="turtle")
    labels = {str(s): str(o) for s, o in graph.subject_objects(SKOS.prefLabel)}
    lines = [line for line in link_table(name).splitlines() if not line.startswith("#")]
    for values in csv.DictReader(lines, delimiter="\t"):
        subject = values["subject_id"].replace(":", "/")
        assert labels[BASE_IRI + subject] == values["subject_label"]


@pytest.mark.parametrize("name", link_table_names())
def test_a_shipped_table_has_no_problems(name: str) -> None:
    assert check_links(ONTOLOGY / "links" / name) == ()


@pytest.mark.parametrize("name", link_table_names())
def test_what_names_something_in_a_shipped_table_is_an_iri_or_a_curie(name: str) -> None:
    """Readers of SSSOM leave out the rows where it is not."""
    path = ONTOLOGY / "links" / name
    shipped = link_table_of(path.read_bytes(), path)
    named = {"subject_id", "predicate_id", "object_id", "mapping_justification", "object_source"}
    for each in shipped.rows:
        for column in named & each.values.keys():
            prefix = each.get(column).partition(":")[0]
            assert prefix in shipped.prefixes or prefix in ("http", "https"), (column, each.line)


def test_an_edited_table_takes_the_place_of_the_shipped_one(tmp_path: Path) -> None:
    name = "countries-wikidata.sssom.tsv"
    text = link_table(name)
    last = text.splitlines()[-1]
    (tmp_path / name).write_text(f"{text.rstrip()}\n{last}\n", encoding="utf-8")
    (problem,) = check_links(tmp_path / name)
    assert problem.line == len(text.splitlines()) + 1
    assert "countries-wikidata already has this link" in problem.message


@pytest.mark.parametrize(
    ("alpha2", "alpha3", "wikidata", "geonames"),
    [
        ("BD", "BGD", "Q902", "1210997"),
        ("DE", "DEU", "Q183", "2921044"),
        ("GB", "GBR", "Q145", "2635167"),
        ("IN", "IND", "Q668", "1269750"),
        ("KE", "KEN", "Q114", "192950"),
        ("PH", "PHL", "Q928", "1694008"),
        ("PK", "PAK", "Q843", "1168579"),
        ("US", "USA", "Q30", "6252001"),
    ],
)
def test_a_countrys_links(
    shipped: Links, alpha2: str, alpha3: str, wikidata: str, geonames: str
) -> None:
    found = [link for link in shipped.links if link.subject == f"{BASE_IRI}country/{alpha2}"]
    assert {link.predicate for link in found} == {str(SKOS.exactMatch)}
    assert {link.object for link in found} == {
        f"http://www.wikidata.org/entity/{wikidata}",
        f"https://sws.geonames.org/{geonames}/",
        f"http://publications.europa.eu/resource/authority/country/{alpha3}",
    }


@pytest.mark.parametrize(
    ("subject", "target", "predicate"),
    [
        ("topic/crowdsourcing", "stw", "exactMatch"),
        ("topic/freelancing", "stw", "closeMatch"),
        ("topic/health-and-safety", "eurovoc", "narrowMatch"),
        ("topic/online-labour-markets", "eurovoc", "broadMatch"),
        ("topic/outsourcing", "esco", "relatedMatch"),
        ("topic/outsourcing", "wikidata", "closeMatch"),
        ("country/NL", "wikidata", "closeMatch"),
    ],
)
def test_the_kind_of_match_is_chosen_by_meaning(
    shipped: Links, subject: str, target: str, predicate: str
) -> None:
    found = {
        link.predicate.rpartition("#")[2]
        for link in shipped.links
        if link.subject == BASE_IRI + subject and target_of(link.object) == target
    }
    assert found == {predicate}


def test_no_platform_has_an_identifier_that_nobody_saw(shipped: Links) -> None:
    predicates = {
        link.predicate for link in shipped.links if link.subject.startswith(f"{BASE_IRI}platform/")
    }
    assert predicates == {f"{PREFIXES['schema']}url"}


# A curator's table


@pytest.mark.parametrize("cell", ["platform:upwork", f"{BASE_IRI}platform/upwork"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_a_sound_table_has_no_problems(
    tmp_path: Path, cell: str, ending: str, delimiter: str, bom: str
) -> None:
    lines = [COLUMNS, GOOD.replace("platform:upwork", cell)]
    text = bom + "".join(line.replace(",", delimiter) + ending for line in lines)
    path = tmp_path / "mine.csv"
    path.write_bytes(text.encode())
    assert has_columns(path, REQUIRED)
    assert check_links(path) == ()


def test_the_head_gives_prefixes_and_values_for_all_rows(tmp_path: Path) -> None:
    text = (
        "# mapping_set_id: https://example.org/mine\n"
        "# mapping_set_title: Mine\n"
        "# mapping_date: 2026-01-31\n"
        '# object_source: "a list, v1"\n'
        "# curie_map:\n"
        "#   ex: https://example.org/\n"
        "subject_id\tpredicate_id\tobject_id\tmapping_justification\n"
        "platform:upwork\tskos:exactMatch\tex:upwork\tsemapv:ManualMappingCuration\n"
    )
    (tmp_path / "mine.sssom.tsv").write_text(text, encoding="utf-8")
    links = links_of(tables_in(tmp_path), BASE_IRI, vocabulary)
    assert links.problems == ()
    link = links.links[-1]
    assert (link.object, link.source) == ("https://example.org/upwork", "a list, v1")
    assert (link.date, link.linkset) == ("2026-01-31", "mine-web")


@pytest.mark.parametrize(
    ("dataset", "version", "source"),
    [
        ("", "a list, v1", "a list, v1"),
        ("a list, v1", "", "a list, v1"),
        ("ex:list", "v1", "https://example.org/list, v1"),
        ("dataset:web", "a list, v1", "a list, v1"),
    ],
)
def test_a_source_is_a_dataset_its_version_or_both(
    tmp_path: Path, dataset: str, version: str, source: str
) -> None:
    prefixes = f"#  ex: https://example.org/\n#  dataset: {BASE_IRI}.well-known/void#\n"
    header = f"#curie_map:\n{prefixes}{COLUMNS},object_source_version"
    table(tmp_path, f'{row(object_source=dataset)},"{version}"', header=header)
    links = links_of(tables_in(tmp_path), BASE_IRI, vocabulary)
    assert links.problems == ()
    assert links.links[-1].source == source


def test_one_table_with_two_targets_is_two_linksets(tmp_path: Path) -> None:
    table(tmp_path, GOOD, row(object_id="wikidata:Q42"))
    links = links_of(tables_in(tmp_path), BASE_IRI, vocabulary)
    assert [link.linkset for link in links.links[-2:]] == ["mine-web", "mine-wikidata"]
    assert links.linksets["mine-wikidata"].target == "wikidata"


@pytest.mark.parametrize(
    ("bad", "column", "words"),
    [
        (row(subject_id="platform:upwrok"), "subject_id", "nothing with this IRI"),
        (row(subject_id=""), "subject_id", "missing"),
        (row(subject_id="https://example.org/upwork"), "subject_id", "not one of ours"),
        (row(subject_id="upwork"), "subject_id", "not one of ours"),
        (row(predicate_id=""), "predicate_id", "missing"),
        (
            row(predicate_id="skos:exactmatch"),
            "predicate_id",
            "not allowed for this kind",
        ),
        (row(predicate_id="owl:sameAs"), "predicate_id", "sameAs is too strong"),
        (row(predicate_id="schema:sameAs"), "predicate_id", "sameAs is too strong"),
        (
            row(subject_id="person:ana-lee", predicate_id="owl:sameAs"),
            "predicate_id",
            "sameAs is too strong",
        ),
        (
            row(subject_id="person:ana-lee", predicate_id="skos:exactMatch"),
            "predicate_id",
            "not allowed for this kind",
        ),
        (
            row(subject_id="topic:income", predicate_id="schema:url"),
            "predicate_id",
            "not allowed for this kind",
        ),
        (row(object_id=""), "object_id", "missing"),
        (row(object_id="upwork"), "object_id", "not an http(s) or urn IRI"),
        (row(object_id="unknown:upwork"), "object_id", "not an http(s) or urn IRI"),
        (row(object_id="ftp://example.org/upwork"), "object_id", "not an http(s) or urn IRI"),
        (row(object_id="https://example.org/up work"), "object_id", "not an http(s) or urn IRI"),
        (row(object_id="http://["), "object_id", "not an http(s) or urn IRI"),
        (row(object_id="platform:guru"), "object_id", "one of ours"),
        (
            row(object_id="https://www.wikidata.org/wiki/Q42"),
            "object_id",
            "like an IRI of Wikidata",
        ),
        (row(object_id="wikidata:42"), "object_id", "like an IRI of Wikidata"),
        (
            row(object_id="https://www.geonames.org/42"),
            "object_id",
            "like an IRI of GeoNames",
        ),
        (row(mapping_justification=""), "mapping_justification", "missing"),
        (row(mapping_justification="by hand"), "mapping_justification", "not in SEMAPV"),
        (row(object_source=""), "object_source_version", "source of the object is missing"),
        (row(object_source="a li\x1fst"), "object_source", "U+001F is not allowed"),
        (row(mapping_date=""), "mapping_date", "missing"),
        (row(mapping_date="31.1.2026"), "mapping_date", "not in ISO 8601"),
        (row(mapping_date="2026-02-30"), "mapping_date", "not in ISO 8601"),
        (f'{row()},"surplus"', "", "more cells"),
    ],
)
def test_what_is_wrong_with_a_row_is_said(
    tmp_path: Path, bad: str, column: str, words: str
) -> None:
    good = row(subject_id="platform:guru", object_id="https://example.org/guru")
    path = table(tmp_path, good, bad)
    (problem,) = check_links(path)
    assert (problem.file, problem.line, problem.property) == (str(path), 3, column)
    assert words in problem.message and problem.remedy and problem.severity == "violation"


@pytest.mark.parametrize(
    ("first", "second", "column", "words"),
    [
        (GOOD, GOOD, "object_id", "already has this link."),
        (GOOD, row(predicate_id="skos:closeMatch"), "object_id", "with another predicate"),
        (
            row(object_id="wikidata:Q900041"),
            row(object_id="wikidata:Q42"),
            "object_id",
            "exact match in this vocabulary: http://www.wikidata.org/entity/Q900041",
        ),
        (
            GOOD,
            row(subject_id="platform:guru"),
            "subject_id",
            "already an exact match of https://w3id.org/oograph/platform/upwork",
        ),
    ],
    ids=["repeated", "two-predicates", "two-objects", "two-subjects"],
)
def test_what_repeats_or_contradicts_another_row_is_said(
    tmp_path: Path, first: str, second: str, column: str, words: str
) -> None:
    (problem,) = check_links(table(tmp_path, first, second))
    assert (problem.line, problem.property) == (3, column)
    assert words in problem.message


def test_a_table_is_held_against_the_shipped_links(tmp_path: Path) -> None:
    again = row(subject_id="country:KE", object_id="wikidata:Q114")
    other = row(subject_id="country:KE", object_id="wikidata:Q900115")
    first, second = check_links(table(tmp_path, again, other))
    assert "countries-wikidata" in first.message
    assert "match in this vocabulary: http://www.wikidata.org/entity/Q114" in second.message


def test_a_table_named_after_a_target_holds_nothing_else(tmp_path: Path) -> None:
    (problem,) = check_links(table(tmp_path, GOOD, name="platforms-wikidata.csv"))
    assert "lead to Wikidata; this one does not" in problem.message


def test_a_slip_in_a_subject_is_guessed(tmp_path: Path) -> None:
    (problem,) = check_links(table(tmp_path, row(subject_id="platform:upwrok")))
    assert f"{BASE_IRI}platform/upwork" in problem.remedy


def test_a_row_that_denies_a_link_is_no_link(tmp_path: Path) -> None:
    path = table(tmp_path, f"{GOOD},Not", header=f"{COLUMNS},predicate_modifier")
    (problem,) = check_links(path)
    assert problem.property == "predicate_modifier"


@pytest.mark.parametrize("value", ["2", "-1", "high", "0,9"])
def test_a_confidence_is_from_0_to_1(tmp_path: Path, value: str) -> None:
    path = table(tmp_path, f'{GOOD},"{value}"', header=f"{COLUMNS},confidence")
    (problem,) = check_links(path)
    assert (problem.property, problem.value) == ("confidence", value)


def test_the_line_is_that_on_which_the_row_begins(tmp_path: Path) -> None:
    long = row(comment="one\ntwo\nthree")
    bad = row(subject_id="platform:nowhere")
    (problem,) = check_links(table(tmp_path, long, "", bad))
    assert problem.line == 6


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no column subject_id, predicate_id, object_id"),
        (b"a,b\n1,2\n", "no column subject_id"),
        (b"subject_id,predicate_id\n", "no column object_id"),
        (COLUMNS.encode() + b"\nplatform:caf\xe9,,\n", "not UTF-8"),
        (COLUMNS.encode() + b'\n"platform:upwork,,\n', "cannot be read"),
    ],
)
def test_a_file_that_is_no_table_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "mine.csv"
    path.write_bytes(content)
    (problem,) = check_links(path)
    assert words in problem.message and problem.remedy and problem.line != 0


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    (problem,) = check_links(tmp_path / "none.csv")
    assert "cannot be read" in problem.message
    assert not has_columns(tmp_path / "none.csv", REQUIRED)


@pytest.mark.parametrize("header", ["title,author,year", "subject,predicate,object", ""])
def test_a_table_of_something_else_is_not_taken_for_links(tmp_path: Path, header: str) -> None:
    assert not has_columns(table(tmp_path, header=header), REQUIRED)


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(content=st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_content_makes_the_reader_raise(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "any.csv"
    path.write_bytes(content)
    has_columns(path, REQUIRED)
    check_links(path)


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    rows=st.lists(
        st.tuples(
            *(
                st.sampled_from((cell, "", "x:y", 'a"b', "http://[", "wikidata:Q1"))
                | st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
                for cell in CELLS
            )
        ),
        max_size=4,
    )
)
def test_no_row_disappears(tmp_path: Path, rows: list[tuple[str, ...]]) -> None:
    path = tmp_path / "any.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([COLUMNS.split(","), *rows])
    links = links_of(tables_in(tmp_path), BASE_IRI, vocabulary)
    filled = [cells for cells in rows if any(cell.strip() for cell in cells)]
    wrong = {problem.line for problem in links.problems}
    assert len(links_of((), BASE_IRI, nothing).links) + len(filled) == (
        len(links.links) + len(wrong)
    )


# In a release


def test_a_release_has_a_curators_links_versions_and_tombstones(tmp_path: Path) -> None:
    """The wrong row is left out and told; a changed table makes a new release."""
    cat, out = tmp_path / "cat", tmp_path / "out"
    shutil.copytree(SMALL, cat)
    first, second = Catalogue.read(cat).works[:2]
    works = (replace(first, version_of=(second.id,)), *Catalogue.read(cat).works[1:])
    graves = (Tombstone("gone", second.id, "merged", "2026-01-31"),)
    Catalogue(works, graves).save(cat)
    agent = next(agent for work in works for agent in work.agents if agent.startswith("person/"))
    (cat / "links").mkdir()
    person = row(
        subject_id=agent.replace("/", ":"),
        predicate_id="schema:sameAs",
        object_id="https://example.org/somebody",
    )
    table(cat / "links", GOOD, row(subject_id="platform:nowhere"), person)
    made = build(cat, out)
    assert [p.line for p in made.problems if p.file.endswith("mine.csv")] == [3]
    store = ox.Store.read_only(str(made.release.folder / "store"))

    def has(graph: str, subject: str, predicate: str, thing: str) -> bool:
        prefix, _, local = predicate.partition(":")
        object_ = ox.NamedNode(thing if thing.startswith("http") else BASE_IRI + thing)
        quad = ox.Quad(
            ox.NamedNode(BASE_IRI + subject),
            ox.NamedNode(PREFIXES[prefix] + local),
            object_,
            ox.NamedNode(f"{BASE_IRI}graph/{graph}"),
        )
        return quad in store

    one, two = f"publication/{first.id}", f"publication/{second.id}"
    assert has("vocabulary", "platform/upwork", "skos:exactMatch", "https://example.org/upwork")
    assert has("stated", agent, "schema:sameAs", "https://example.org/somebody")
    assert has("stated", one, "dcterms:isVersionOf", two)
    assert has("stated", two, "dcterms:hasVersion", one)
    assert has("provenance", "publication/gone", "dcterms:isReplacedBy", two)
    void = Graph().parse(made.release.folder / "void.ttl")
    subsets = {str(node).rpartition("/")[2] for node in void.objects(None, VOID.subset)}
    assert {"mine-web", "topics-stw", "publications-doi"} <= subsets
    for linkset in void.objects(None, VOID.subset):
        assert int(str(void.value(linkset, VOID.triples))) > 0
        assert void.value(linkset, VOID.objectsTarget) and void.value(linkset, DCTERMS.title)
    assert not build(cat, out).fresh
    table(cat / "links", GOOD)
    assert build(cat, out).fresh


# In RDF


def test_each_link_stands_in_its_graph_with_its_evidence(tmp_path: Path) -> None:
    person = row(
        subject_id="person:ana-lee",
        predicate_id="schema:sameAs",
        object_id="https://example.org/ana",
    )
    table(tmp_path, row(comment="Why so."), person)
    links = links_of(tables_in(tmp_path), BASE_IRI, vocabulary)
    quads = set(link_quads(links.links, IRIs(), Minter()))
    graphs = {
        quad.subject.value.removeprefix(BASE_IRI): quad.graph_name.value.rpartition("/")[2]
        for quad in quads
        if isinstance(quad.object, ox.NamedNode) and "example.org" in quad.object.value
    }
    assert graphs == {
        "platform/upwork": "vocabulary",
        "person/ana-lee": "stated",
        "linkset/mine-web#platform-upwork-example-org-upwork": "provenance",
        "linkset/mine-web#person-ana-lee-example-org-ana": "provenance",
    }
    node = f"{BASE_IRI}linkset/mine-web#platform-upwork-example-org-upwork"
    said = {
        quad.predicate.value.rpartition("#" if "#" in quad.predicate.value else "/")[
            2
        ]: quad.object.value
        for quad in quads
        if quad.subject.value == node
    }
    assert said == {
        "type": f"{BASE_IRI}ontology#Link",
        "subject": f"{BASE_IRI}platform/upwork",
        "predicate": str(SKOS.exactMatch),
        "object": "https://example.org/upwork",
        "linkset": f"{BASE_IRI}linkset/mine-web",
        "justification": "https://w3id.org/semapv/vocab/ManualMappingCuration",
        "source": "a list of platforms v1",
        "date": "2026-01-31",
        "comment": "Why so.",
    }


@pytest.mark.parametrize(
    ("justification", "method"),
    [
        ("semapv:ManualMappingCuration", "manual mapping curation"),
        ("semapv:UnspecifiedMatching", "stated by the source"),
    ],
)
def test_how_the_links_were_made_is_said_in_words(
    tmp_path: Path, justification: str, method: str
) -> None:
    table(tmp_path, row(mapping_justification=justification))
    quads = linkset_quads(links_of(tables_in(tmp_path), BASE_IRI, vocabulary), IRIs())
    methods = [
        quad.object.value
        for quad in quads
        if quad.subject.value.endswith("/mine-web") and quad.predicate.value.endswith("#linkMethod")
    ]
    assert methods == [method]


def test_each_linkset_counts_its_links(shipped: Links) -> None:
    triples = f"{PREFIXES['void']}triples"
    found = {
        quad.subject.value.rpartition("/")[2]: int(quad.object.value)
        for quad in linkset_quads(shipped, IRIs())
        if quad.predicate.value == triples
    }
    assert found == Counter(link.linkset for link in shipped.links)


def test_links_have_no_blank_nodes_and_follow_the_base() -> None:
    base = "http://localhost:8000/"
    links, iris = links_of((), base, nothing), IRIs(base)
    quads = [*link_quads(links.links, iris, Minter()), *linkset_quads(links, iris)]
    assert {type(t) for q in quads for t in (q.subject, q.object)} == {ox.NamedNode, ox.Literal}
    assert quads and not [quad for quad in quads if BASE_IRI in str(quad)]


def test_two_links_never_share_a_node(tmp_path: Path) -> None:
    table(
        tmp_path,
        GOOD.replace("/upwork", "/a/b"),
        GOOD.replace("/upwork", "/a-b").replace("exact", "close"),
    )
    links = links_of(tables_in(tmp_path), BASE_IRI, vocabulary)
    quads = link_quads(links.links, IRIs(), Minter())
    nodes = [quad for quad in quads if quad.object.value.endswith("ontology#Link")]
    assert len(nodes) == len({quad.subject for quad in nodes}) == len(links.links)


@pytest.mark.parametrize("name", TARGETS)
def test_a_target_has_a_title_and_its_own_space(name: str) -> None:
    target = TARGETS[name]
    assert target.title
    assert name == "web" or target_of(f"{target.space}1") == name
