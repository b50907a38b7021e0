"""How a release describes itself and its history: VoID, changes, part dumps, SSSOM."""

import csv
import re
from collections import Counter
from pathlib import Path
from shutil import copytree

import pyoxigraph as ox
import pytest

from oograph.graph.catalogue import Catalogue
from oograph.graph.release import Release, kept_releases
from oograph.graph.release.build import build
from oograph.graph.release.changes import history, modified, modified_on
from oograph.graph.release.dumps import listing
from oograph.ontology import BASE_IRI, PREFIXES, questions

SMALL = Path(__file__).parents[2] / "fixtures" / "small"
PROLOGUE = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
DATASET = f"<{BASE_IRI}.well-known/void#dataset>"


@pytest.fixture(scope="module")
def release(small_release: Release) -> Release:
    return small_release


@pytest.fixture(scope="module")
def store(release: Release) -> ox.Store:
    return ox.Store.read_only(str(release.folder / "store"))


def rows(store: ox.Store, query: str) -> list[list[str]]:
    found = store.query(PROLOGUE + query, use_default_graph_as_union=True)
    return [[term.value for term in row] for row in found]


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("triples", "COUNT(*) AS ?n) { ?s ?p ?o"),
        ("entities", "COUNT(DISTINCT ?s) AS ?n) { ?s a ?c"),
        ("distinctSubjects", "COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o"),
        ("distinctObjects", "COUNT(DISTINCT ?o) AS ?n) { ?s ?p ?o"),
        ("classes", "COUNT(DISTINCT ?c) AS ?n) { ?s a ?c"),
        ("properties", "COUNT(DISTINCT ?p) AS ?n) { ?s ?p ?o"),
    ],
)
def test_the_graph_counts_itself(store: ox.Store, name: str, pattern: str) -> None:
    told = rows(store, f"SELECT ?n {{ {DATASET} void:{name} ?n }}")
    assert told == rows(store, f"SELECT ({pattern} }}")


def test_each_partition_counts_right(store: ox.Store, release: Release) -> None:
    told = rows(
        store, "SELECT ?c ?n { [] void:classPartition [ void:class ?c ; void:entities ?n ] }"
    )
    counted = rows(store, "SELECT ?c (COUNT(DISTINCT ?s) AS ?n) { ?s a ?c } GROUP BY ?c")
    assert sorted(told) == sorted(counted)
    told = rows(
        store,
        f"SELECT ?p ?n {{ {DATASET} void:propertyPartition "
        "[ void:property ?p ; void:triples ?n ] }",
    )
    counted = rows(store, "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p")
    assert sorted(told) == sorted(counted)
    assert release.quads == len(store)
    assert [[str(release.triples)]] == rows(store, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")


def test_the_properties_of_each_class_count_right(store: ox.Store) -> None:
    """So do the kinds of their values: classes of nodes, datatypes of literals."""
    of_class = f"{DATASET} void:classPartition [ void:class ?c ; void:propertyPartition ?part ]"
    told = rows(
        store, f"SELECT ?c ?p ?n {{ {of_class} . ?part void:property ?p ; void:triples ?n }}"
    )
    counted = rows(store, "SELECT ?c ?p (COUNT(*) AS ?n) { ?s a ?c ; ?p ?o } GROUP BY ?c ?p")
    assert sorted(told) == sorted(counted)
    told = rows(
        store,
        f"SELECT ?c ?p ?d ?n {{ {of_class} . ?part void:property ?p ; "
        "void:classPartition [ void:class ?d ; void:triples ?n ] }",
    )
    counted = rows(
        store, "SELECT ?c ?p ?d (COUNT(*) AS ?n) { ?s a ?c ; ?p ?o . ?o a ?d } GROUP BY ?c ?p ?d"
    )
    assert sorted(told) == sorted(counted)
    told = rows(
        store,
        f"SELECT ?c ?p ?d ?n {{ {of_class} . ?part void:property ?p ; void-ext:datatypePartition "
        "[ void-ext:datatype ?d ; void:triples ?n ] }",
    )
    counted = rows(
        store,
        "SELECT ?c ?p ?d (COUNT(*) AS ?n) { ?s a ?c ; ?p ?o . FILTER(isLiteral(?o)) "
        "BIND(DATATYPE(?o) AS ?d) } GROUP BY ?c ?p ?d",
    )
    assert sorted(told) == sorted(counted)


def test_the_questions_are_examples(store: ox.Store) -> None:
    found = rows(
        store,
        f"""SELECT ?words ?query {{ ?x a sh:SPARQLExecutable , sh:SPARQLSelectExecutable ;
        rdfs:comment ?words ; sh:select ?query ; sh:prefixes {DATASET} ;
        schema:target <{BASE_IRI}sparql> ; rdfs:label ?label }} ORDER BY ?x""",
    )
    assert found == [[question.words, question.query] for question in questions()]
    prefixes = rows(
        store, f"SELECT ?p ?n {{ {DATASET} sh:declare [ sh:prefix ?p ; sh:namespace ?n ] }}"
    )
    assert {name: iri for name, iri in prefixes} == PREFIXES


def test_void_ttl_says_the_same_and_the_version(release: Release, store: ox.Store) -> None:
    void = {q.triple for q in ox.parse(path=release.folder / "void.ttl")}
    graph = ox.NamedNode(f"{BASE_IRI}graph/description")
    inside = {q.triple for q in store.quads_for_pattern(None, None, None, graph)}
    assert inside < void
    more = {(t.predicate.value.rpartition("/")[2], t.object.value) for t in void - inside}
    assert ("modified", release.date) in more
    assert any(value == release.version for _, value in more)
    assert not any(isinstance(t, ox.BlankNode) for triple in void for t in triple)


def test_part_dumps_are_parts(release: Release) -> None:
    dumps = release.folder / "dumps"
    whole = set((dumps / "oograph.nt").read_text().splitlines())
    lines: Counter[str] = Counter()
    for dump in listing(dumps):
        if dump.kind == "whole" or not dump.name.endswith(".nt"):
            continue
        text = (dumps / dump.name).read_text().splitlines()
        assert text == sorted(set(text)) and set(text) < whole
        turtle = ox.parse(path=dumps / dump.name.replace(".nt", ".ttl"))
        assert {f"{quad.triple} ." for quad in turtle} == set(text)
        if dump.kind == "class":
            lines.update(text)
            # and, for concepts, their scheme
            pattern = re.compile(f"<{BASE_IRI}({dump.of}/[^/>]+|scheme/[a-z-]+)> ")
            assert all(pattern.match(line) for line in text)
    assert max(lines.values()) == 1
    things = re.compile(f"<{BASE_IRI}(publication|person|venue|topic|country|platform)/")
    assert {line for line in whole if things.match(line)} <= set(lines)


def test_linksets_as_sssom(release: Release, store: ox.Store) -> None:
    dumps = release.folder / "dumps"
    tables = [dump for dump in listing(dumps) if dump.name.endswith(".sssom.tsv")]
    counts = rows(store, "SELECT ?l ?n { ?l a void:Linkset ; void:triples ?n }")
    assert {f"{BASE_IRI}linkset/{d.of}" for d in tables} == {iri for iri, _ in counts}
    for dump in tables:
        text = (dumps / dump.name).read_text(encoding="utf-8").splitlines()
        head = [line for line in text if line.startswith("#")]
        prefixes = dict(re.findall(r'^#  ([\w-]+): "(.+)"$', "\n".join(head), re.MULTILINE))
        assert f'#mapping_set_id: "{BASE_IRI}linkset/{dump.of}"' in head
        assert any(line.startswith("#license: ") for line in head)
        table = list(csv.DictReader(text[len(head) :], delimiter="\t"))
        assert [[str(len(table))]] == [[n] for iri, n in counts if iri.endswith(f"/{dump.of}")]
        statements = (dumps / f"linkset-{dump.of}.nt").read_text()
        for row in table:
            iris = []
            for column in ("subject_id", "predicate_id", "object_id"):
                prefix, _, local = row[column].partition(":")
                iris.append(f"<{prefixes[prefix]}{local}>")
            assert " ".join(iris) + " ." in statements
            assert row["mapping_justification"].startswith("semapv:")
            assert row["subject_label"]


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> list[Release]:
    """Three releases in a row: without the first work, with it, with another title."""
    folder = tmp_path_factory.mktemp("three")
    text = (SMALL / "works.json").read_text(encoding="utf-8")
    works = Catalogue.read(SMALL).works
    made = []
    with pytest.MonkeyPatch.context() as patch:
        for day, number in enumerate(range(3)):
            patch.setenv("SOURCE_DATE_EPOCH", str(1_700_000_000 + day * 86_400))
            Catalogue(works[1:] if number == 0 else works).save(folder / "cat")
            if number == 2:
                path = folder / "cat" / "works.json"
                path.write_text(path.read_text().replace(works[0].title, "Another title"))
            made.append(build(folder / "cat", folder / "out").release)
    assert works[0].title in text
    return made


def test_two_releases_are_kept(three: list[Release]) -> None:
    assert [release.before for release in three] == ["", three[0].version, three[1].version]
    assert [release.version for release in kept_releases(three[2])] == [
        three[2].version,
        three[1].version,
    ]
    names = {path.name for path in three[2].folder.parent.iterdir()}
    assert names == {"current", three[1].version, three[2].version}


def test_the_history(three: list[Release]) -> None:
    last, middle, first = history(three[2])
    work = f"{BASE_IRI}publication/{Catalogue.read(SMALL).works[0].id}"
    assert (last.version, last.before) == (three[2].version, three[1].version)
    assert (first.version, first.before) == (three[0].version, "")
    assert first.added == three[0].triples and first.deleted == 0
    assert [(c.iri, c.kind) for c in middle.records][:1] == [(work, "new")]
    assert [(c.iri, c.label, c.kind) for c in last.records] == [(work, "Another title", "changed")]
    assert last.counts == {"new": 0, "changed": 1, "gone": 0}


def test_when_each_record_changed(three: list[Release]) -> None:
    found = list(modified(three[2]))
    assert found == sorted(found)
    dates = dict(found)
    for iri in (*dates, BASE_IRI, f"{BASE_IRI}topic/incom", "zzz"):
        assert modified_on(three[2], iri) == dates.get(iri, "")
    work = f"{BASE_IRI}publication/{Catalogue.read(SMALL).works[0].id}"
    assert dates.pop(work) == three[2].date
    assert {dates[f"{BASE_IRI}country/PK"], dates[f"{BASE_IRI}topic/income"]} <= {
        three[0].date,
        three[1].date,
    }
    assert three[0].date in dates.values() and three[2].date not in dates.values()


def test_a_release_made_anew_keeps_its_history(
    three: list[Release], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = three[2].folder.parent
    out = copytree(folder, tmp_path / "out", symlinks=True)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(1_700_000_000 + 2 * 86_400))
    monkeypatch.setattr("oograph.graph.release.inputs.version", lambda name: "99")
    again = build(folder.parent / "cat", out)
    assert again.fresh
    assert (again.release.version, again.release.before) == (three[2].version, three[1].version)
    assert history(again.release) == history(three[2])
    assert (out / three[1].version).exists()
