"""What we ship: the catalogue and the release that is made of it."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from owlrl import DeductiveClosure, OWLRL_Semantics
from owlrl.Namespaces import ERRNS
from rdflib import OWL, RDF, SH, Graph

from oograph.graph.catalogue import Catalogue, default_folder
from oograph.graph.model import FACETS, Facets, Organisation, Record
from oograph.graph.rdf.prepared import rdflib_graph
from oograph.graph.readers import read_file
from oograph.graph.release import Release
from oograph.ontology import BASE_IRI
from oograph.server.matching.external import external
from oograph.server.matching.lookup import EXAMPLES

CODED = Path(__file__).parent / "fixtures" / "coded"


@pytest.fixture(scope="module")
def works() -> tuple[Record, ...]:
    return tuple(Catalogue.read(default_folder()).works)


def test_there_are_enough_works_and_each_has_its_source(works: tuple[Record, ...]) -> None:
    assert len(works) >= 900
    assert all(s.file and s.key and s.position for work in works for s in work.sources)
    assert all(work.sources for work in works)


def test_each_facet_that_is_stated_is_so_by_a_source_or_the_curator(
    works: tuple[Record, ...],
) -> None:
    """Only scopes are the curator's own."""
    for work in works:
        said = {field for source in work.sources for field, _ in source.stated}
        has = {field.name for field in FACETS if getattr(work.facets, field.name)}
        assert has - said <= {"scope"}, work.id


def test_no_doi_and_no_title_with_year_and_author_occurs_twice(works: tuple[Record, ...]) -> None:
    dois = Counter(work.doi for work in works if work.doi)
    assert [doi for doi, number in dois.items() if number > 1] == []
    same = Counter((w.title.casefold(), w.year, str(w.authors[:1])) for w in works)
    assert [key for key, number in same.items() if number > 1] == []


def test_every_facet_of_the_seed(works: tuple[Record, ...]) -> None:
    seed = next(w for w in works if w.id == "malik-2017-understanding-development-implications")
    conference = (
        "International Conference on Social Implications of Computers in Developing Countries"
    )
    assert seed.facets == Facets(
        record_types=("Research publication", "Case study-worker"),
        countries=("Other",),
        flag="Yes",
        sectors=("professional services",),
        work_types=("Online client-determined specialist work",),
        platforms=("Upwork", "Freelancer", "Fiverr", "Guru"),
        keywords=("income", "worker demographics", "motivation for platform work"),
        organisations=(Organisation(conference, "Publisher"),),
        methods=("Qualitative research",),
        access="Subscription",
        year=2017,
    )
    assert seed.title == "Understanding the development implications of online outsourcing"
    assert [name.family for name in seed.authors] == ["Malik", "Nicholson", "Heeks"]
    assert (seed.year, seed.page, seed.language) == (2017, "425-436", "en")
    assert seed.container_title == conference


def test_no_withdrawn_work_is_back(works: tuple[Record, ...]) -> None:
    catalogue = Catalogue.read(default_folder())
    gone = [stone.id for stone in catalogue.tombstones if not stone.replaced_by]
    assert gone and [work.id for work in catalogue.withdrawn] == gone
    ids = {work.id for work in works}
    assert not {id for id in gone if ids & {id, f"{id}-2"}}
    again = catalogue.add([replace(work, id="") for work in catalogue.withdrawn])
    assert (again.new, again.updated) == ((), ())


@pytest.mark.parametrize(
    "table",
    [
        "page__coded_works_again.tsv",
        "page__coded_works_places.tsv",
        "page__coded_works_kinds.tsv",
        "dymodi_dymodi.github.io__Related-Works-of-Crowd-and-Gig-in-CSCW.tsv",
    ],
)
def test_what_was_coded_by_reading_is_there(works: tuple[Record, ...], table: str) -> None:
    ids = {(s.file, s.key): work for work in works for s in work.sources}
    for entry in read_file(CODED / table):
        assert entry.record
        (source,) = entry.record.sources
        said, work = entry.record.facets, ids[source.file, source.key].facets
        for facet in ("countries", "platforms", "methods"):
            assert set(getattr(said, facet)) <= set(getattr(work, facet)), source


def test_many_works_have_platform_country_and_method(works: tuple[Record, ...]) -> None:
    full = [w for w in works if w.facets.platforms and w.facets.countries and w.facets.methods]
    assert len(works) >= 1_144 and len(full) >= 190


def test_every_record_page_is_there(works: tuple[Record, ...]) -> None:
    pages = {s.file for work in works for s in work.sources if s.file.endswith(".txt")}
    assert len(pages) == 9


def test_no_abstract_is_published(works: tuple[Record, ...]) -> None:
    fields = {field for work in works for s in work.sources for field, _ in s.stated}
    assert not {field for field in fields if "abstract" in field.lower()}
    text = (default_folder() / "works.json").read_text(encoding="utf-8")
    assert "Disclaimer" not in text and '"abstract"' not in text
    longest = max((words for w in works for s in w.sources for _, words in s.stated), key=len)
    assert len(longest) < 1500, longest


def test_the_shipped_graph_conforms(shipped_release: Release) -> None:
    assert shipped_release.quarantined == ()
    report = Graph().parse(shipped_release.folder / "report.ttl")
    assert list(report.subjects(RDF.type, SH.ValidationReport))
    assert list(report.subjects(SH.resultSeverity, SH.Violation)) == []
    assert shipped_release.classes["Publication"] >= 550


def test_importing_a_source_again_changes_nothing(works: tuple[Record, ...]) -> None:
    again = Catalogue(works).add(works)
    assert (again.new, again.updated) == ((), ())


def test_importing_our_own_dump_changes_nothing(
    works: tuple[Record, ...], shipped_release: Release
) -> None:
    """In JSON-LD; tests of the reader read the others."""
    dump = shipped_release.folder / "dumps" / "oograph.jsonld"
    records = [entry.record for entry in read_file(dump) if entry.record]
    again = Catalogue(works).add(records)
    published = [work for work in works if work.facets.scope != "Out of scope"]
    assert len(records) == len(published)
    assert (again.new, again.updated) == ((), ())


def merged(triples: Sequence[ox.Triple]) -> Iterator[ox.Triple]:
    """The triples with one thing for all things of the same classes.

    The rules of OWL 2 RL only ever add statements, so a contradiction in the graph is one in this
    image of it, too. Classes and properties stay themselves. Of a property's values, one of each
    datatype stands for all. (Whether "x" is a year, SHACL says.)
    """
    classes: defaultdict[object, set[Any]] = defaultdict(set)
    for triple in triples:
        if triple.predicate.value == str(RDF.type):
            classes[triple.subject].add(triple.object)
    kinds = {
        node: frozenset(its)
        for node, its in classes.items()
        if not any(each.value.startswith(str(OWL)) for each in its)
    }
    first: dict[object, Any] = {}
    for triple in triples:
        subject, value = (
            first.setdefault(kinds.get(node, node), node)
            for node in (triple.subject, triple.object)
        )
        if isinstance(value, ox.Literal):
            value = first.setdefault((subject, triple.predicate, value.datatype), value)
        yield ox.Triple(subject, triple.predicate, value)


def contradictions(triples: Sequence[ox.Triple]) -> list[str]:
    """What OWL 2 RL finds wrong with a graph."""
    graph = rdflib_graph(dict.fromkeys(merged(triples)))
    DeductiveClosure(OWLRL_Semantics).expand(graph)
    return [str(error) for error in graph.objects(None, ERRNS.error)]


def test_the_shipped_graph_is_consistent_in_owl_2_rl(shipped_release: Release) -> None:
    dump = shipped_release.folder / "dumps" / "oograph.nq"
    names = {ox.NamedNode(f"{BASE_IRI}graph/{n}") for n in ("stated", "inferred", "vocabulary")}
    triples = [q.triple for q in ox.parse(path=str(dump)) if q.graph_name in names]
    assert len(triples) > 80_000
    assert contradictions(triples) == []
    platform = next(t for t in triples if t.predicate.value == f"{BASE_IRI}ontology#platform")
    region = ox.NamedNode(f"{BASE_IRI}country/southern-asia")
    wrong = contradictions([*triples, ox.Triple(platform.subject, platform.predicate, region)])
    assert "ontology#Region have a common individual" in str(wrong)


def test_the_files_of_the_release(shipped_release: Release) -> None:
    folder: Path = shipped_release.folder
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    expected = {f"dumps/oograph.{e}" for e in ("nt", "nq", "ttl", "trig", "rdf", "jsonld")}
    expected |= {f"{name}.gz" for name in expected} | {"dumps/SHA256SUMS"}
    expected |= {"void.ttl", "report.ttl", "report.html", "release.json"}
    expected |= {"changes.add.nt", "changes.del.nt"}
    assert expected <= names


def test_each_example_of_a_look_up_finds_something(shipped_release: Release) -> None:
    dump = (shipped_release.folder / "dumps" / "oograph.nt").read_text()
    for example in EXAMPLES:
        sought = external(example)
        assert sought is not None, example
        assert any(f" <{iri}> ." in dump for iri in sought.iris), example
