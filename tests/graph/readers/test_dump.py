"""Our own dumps: what is exported comes back, for all six forms and the whole catalogue."""

import gzip
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields, replace
from functools import cache
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oograph.graph.catalogue import Catalogue, default_folder
from oograph.graph.errors import UnreadableFile
from oograph.graph.iris import IRIs, fold, slug
from oograph.graph.model import Entry, Facets, Name, Organisation, Record, Source
from oograph.graph.rdf.lineage import lineage_quads
from oograph.graph.rdf.mapping import Mapper, vocabulary_quads
from oograph.graph.rdf.names import Names
from oograph.graph.readers import dump as reader
from oograph.graph.readers.source import SourceFile
from oograph.graph.release import Release
from oograph.graph.release.dumps import DATASETS, DUMPS
from oograph.graph.release.statements import Statements, write_run
from oograph.graph.vocabulary import load_vocabulary
from oograph.graph.vocabulary.authority import load_authority
from oograph.ontology import BASE_IRI

FIXTURE = Path(__file__).parents[2] / "fixtures" / "own_dump" / "small.ttl"
WORKS = [
    work
    for work in Catalogue.read(default_folder()).works
    if work.facets.scope != "Out of scope"  # not published
]
AUTHORITY = load_authority()


def venue_of(work: Record) -> str:
    return AUTHORITY.place(work.container_title, work.issn).name


VENUES = Counter(venue_of(work) for work in WORKS if work.container_title)
#: Slug of a venue -> the spelling most works have, or that of the table.
SPELLING = {slug(v): v for v in sorted(sorted(VENUES, reverse=True), key=VENUES.__getitem__)}
#: A venue's ISSNs are those of its every work.
ISSNS: dict[str, set[str]] = {}
for each in WORKS:
    ISSNS.setdefault(venue_of(each), set()).update(each.issn)
#: The ORCID iD of each person that has one in any record.
ORCIDS = {
    agent: name.orcid
    for each in WORKS
    for name, agent in zip(
        (*each.authors, *each.editors), (*each.agents, *each.editor_agents), strict=True
    )
    if name.orcid
}
SEED = "malik-2017-understanding-development-implications"
#: Of so many works there are dumps in all forms.
SOME = 21
LISTS = ("record_types", "countries", "sectors", "work_types", "platforms", "keywords", "methods")


def dump(
    works: Sequence[Record], folder: Path, endings: Iterable[str] = ("nt",), base: str = BASE_IRI
) -> Path:
    """A folder with the dumps of these works in these forms, each also gzipped."""
    iris = IRIs(base)
    mapper = Mapper.of(Names.of(works, iris), iris)
    quads = {quad for work in works for quad in mapper.quads(work)}
    quads |= {*lineage_quads(works, {work.id for work in works}, (), iris)}
    quads |= {q for q in vocabulary_quads(iris) if q.predicate.value.endswith("prefLabel")}
    with TemporaryDirectory() as scratch:
        write_run(quads, ordered := Path(scratch) / "graph.nq")
        Statements((ordered,)).write_union(union := Path(scratch) / "union.nt")
        for ending in endings:
            path = folder / f"oograph.{ending}"
            with path.open("wb") as file:
                DUMPS[ending](ordered if ending in DATASETS else union, file, iris)
            (folder / f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes(), 1))
    return folder


def read(path: Path) -> list[Record]:
    entries = list(reader.read(SourceFile.of_path(path)))
    assert all(entry.record is not None and not entry.problems for entry in entries)
    return [entry.record for entry in entries if entry.record]


def read_text(text: str, name: str = "works.ttl") -> list[Entry]:
    return list(reader.read(SourceFile.of_text(text, name)))


def with_lists(facets: Facets, change: Callable[[tuple[str, ...]], tuple[str, ...]]) -> Facets:
    lists: dict[str, Any] = {name: change(getattr(facets, name)) for name in LISTS}
    return replace(facets, **lists)


@cache
def labels(base: str = BASE_IRI) -> dict[str, str]:
    """The preferred label of each concept."""
    triples = load_vocabulary(base).triples
    return {
        t.subject.value: t.object.value
        for t in triples
        if isinstance(t.subject, ox.NamedNode)
        and isinstance(t.object, ox.Literal)
        and t.predicate.value.endswith("#prefLabel")
        and t.object.language == "en"
    }


def with_orcids(names: tuple[Name, ...], agents: tuple[str, ...]) -> tuple[Name, ...]:
    """The names, each with the iD of its person in any record."""
    pairs = zip(names, agents, strict=True)
    return tuple(replace(name, orcid=ORCIDS.get(agent, name.orcid)) for name, agent in pairs)


def as_held(work: Record) -> Record:
    """The work without what the graph does not hold: the list in the reader's docstring."""
    return replace(
        work,
        issued=work.issued[:1],
        isbn=tuple(sorted(work.isbn, key=lambda isbn: (len(isbn), isbn))),
        authors=with_orcids(work.authors, work.agents),
        editors=with_orcids(work.editors, work.editor_agents),
        issn=tuple(sorted(ISSNS.get(venue_of(work), ()))) or work.issn,
        container_title=SPELLING.get(slug(venue_of(work)), "") if work.container_title else "",
        publisher=AUTHORITY.publisher(work.publisher),
        sources=tuple(replace(source, digest="", abstract=None) for source in work.sources),
        facets=replace(
            with_lists(work.facets, lambda values: ()),
            organisations=tuple(
                body
                for body in work.facets.organisations
                if fold(body.name) != fold(work.container_title)
            ),
        ),
    )


def held_facets(work: Record) -> dict[str, set[str]]:
    """The values of each facet as the graph has them: labels of concepts."""
    vocabulary = load_vocabulary()
    schemes = dict(
        zip(
            LISTS,
            "record-types countries sectors work-types platforms topics methods".split(),
            strict=True,
        )
    )
    found = {}
    for name, scheme in schemes.items():
        values = getattr(work.facets, name)
        iris = [vocabulary.concept(scheme, value) for value in values]
        pairs = zip(iris, values, strict=True)
        found[name] = {labels().get(iri or "", value) for iri, value in pairs}
    return found


@pytest.fixture(scope="module")
def dumps(shipped_release: Release) -> Path:
    return shipped_release.folder / "dumps"


@pytest.fixture(scope="module")
def some(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The six forms of a few works, with another base IRI."""
    works = [work for work in WORKS if work.id == SEED] + WORKS[: SOME - 1]
    return dump(works, tmp_path_factory.mktemp("some"), DUMPS, "https://example.org/other/")


@pytest.fixture(scope="module")
def found(dumps: Path) -> list[Record]:
    return read(dumps / "oograph.nq")


def test_a_value_longer_than_a_parser_holds_is_named() -> None:
    with pytest.raises(UnreadableFile, match="longer than 16 MiB"):
        read_text(f'<a:a> <a:b> "{"a" * 2**24}" .')


def test_the_whole_catalogue_comes_back(found: list[Record]) -> None:
    assert [work.id for work in found] == [work.id for work in WORKS]
    for work, back in zip(WORKS, found, strict=True):
        expected, got = as_held(work), as_held(back)
        for field in fields(Record):
            assert getattr(got, field.name) == getattr(expected, field.name), (work.id, field.name)
        for facet, held in held_facets(work).items():
            values = set(getattr(back.facets, facet))
            assert {v.casefold() for v in values} == {v.casefold() for v in held}, work.id


def test_without_named_graphs_the_same_comes_back(dumps: Path, found: list[Record]) -> None:
    assert read(dumps / "oograph.ttl.gz") == found


@pytest.mark.parametrize("ending", [f".{name}{zipped}" for name in DUMPS for zipped in ("", ".gz")])
def test_every_form_gives_the_same(some: Path, ending: str) -> None:
    assert read(some / f"oograph{ending}") == read(some / "oograph.nq")


def test_the_seed_comes_back_field_by_field(some: Path) -> None:
    (back,) = (work for work in read(some / "oograph.jsonld") if work.id == SEED)
    (work,) = (work for work in WORKS if work.id == SEED)
    facets = replace(
        with_lists(work.facets, lambda values: tuple(sorted(values))),
        organisations=as_held(work).facets.organisations,
    )
    assert back == replace(as_held(work), facets=facets)


def test_nothing_inferred_comes_back_as_stated(tmp_path: Path) -> None:
    work = Record(
        "Workers on Fiverr in Kenya and what they earn by their work",
        id="a",
        issued=(2020,),
        facets=Facets(platforms=("Upwork",), keywords=("crowdsourcing", "Uber")),
        sources=(Source("f.bib", "a", 1),),
    )
    dump([work], tmp_path, ("nq", "nt"))
    for name in ("oograph.nq", "oograph.nt"):
        assert "platform/fiverr" in (tmp_path / name).read_text()
        assert 'inLanguage> "en"' in (tmp_path / name).read_text()
        (back,) = read(tmp_path / name)
        assert back.facets == work.facets, name
        assert back.language == "", name


EXCEPTIONS = {
    "month and day": (
        Record("A", id="a", issued=(2020, 5, 1)),
        Record("A", id="a", issued=(2020,)),
    ),
    "digest": (
        Record("A", id="a", sources=(Source("f", "k", 1, (("title", "A"),), "abc"),)),
        Record("A", id="a", sources=(Source("f", "k", 1, (("title", "A"),)),)),
    ),
    "order of ISBNs, of a facet": (
        Record(
            "A",
            id="a",
            isbn=("9783319591117", "9783319591100"),
            facets=Facets(platforms=("Upwork", "Fiverr")),
        ),
        Record(
            "A",
            id="a",
            isbn=("9783319591100", "9783319591117"),
            facets=Facets(platforms=("Fiverr", "Upwork")),
        ),
    ),
    "words for a concept": (
        Record("A", id="a", facets=Facets(platforms=("UPWORK", "Upwork"))),
        Record("A", id="a", facets=Facets(platforms=("Upwork",))),
    ),
    "a publisher that is an organisation too": (
        Record(
            "A",
            id="a",
            publisher="Eurofound",
            facets=Facets(organisations=(Organisation("Eurofound", "Publisher"),)),
        ),
        Record("A", id="a", facets=Facets(organisations=(Organisation("Eurofound", "Publisher"),))),
    ),
    "an organisation that is the venue": (
        Record(
            "A",
            id="a",
            container_title="A meeting",
            facets=Facets(organisations=(Organisation("A Meeting", "Publisher"),)),
        ),
        Record("A", id="a", container_title="A meeting"),
    ),
    "a publisher that is none": (
        Record("A", id="a", publisher="Citeseer"),
        Record("A", id="a"),
    ),
    "an ISSN without a venue": (Record("A", id="a", issn=("2254-7088",)), Record("A", id="a")),
    "a newspaper": (
        Record("A", id="a", type="article-newspaper"),
        Record("A", id="a", type="article-magazine"),
    ),
    "a type with no class": (Record("A", id="a", type="speech"), Record("A", id="a")),
    "an ORCID iD of a person elsewhere": (
        Record(
            "A",
            id="a",
            authors=(Name("B", "C"), Name("B", "C", orcid="0000-0002-1825-0097")),
            agents=("person/c-b", "person/c-b"),
        ),
        Record(
            "A",
            id="a",
            authors=(Name("B", "C", orcid="0000-0002-1825-0097"),) * 2,
            agents=("person/c-b", "person/c-b"),
        ),
    ),
    "a capital particle, a small family name": (
        Record(
            "A",
            id="a",
            authors=(Name("Berg", "C", "Van"), Name("de Berg", "C")),
            agents=("person/a", "person/b"),
        ),
        Record(
            "A",
            id="a",
            authors=(Name("Van Berg", "C"), Name("Berg", "C", "de")),
            agents=("person/a", "person/b"),
        ),
    ),
}


@pytest.mark.parametrize(("work", "back"), EXCEPTIONS.values(), ids=EXCEPTIONS)
def test_what_the_graph_does_not_hold(work: Record, back: Record, tmp_path: Path) -> None:
    dump([work], tmp_path)
    assert read(tmp_path / "oograph.nt") == [back]


def test_editors_come_back_in_their_order(tmp_path: Path) -> None:
    editors, agents = (Name("B", "C"), Name("A", "C")), ("person/c-b", "person/c-a")
    work = Record("A", id="a", editors=editors, editor_agents=agents)
    dump([work], tmp_path)
    assert read(tmp_path / "oograph.nt") == [work]


def test_a_preprint_comes_back(tmp_path: Path) -> None:
    work = Record("A", id="a", type="article", doi="10.2139/ssrn.1")
    dump([work], tmp_path)
    assert read(tmp_path / "oograph.nt") == [work]


def test_keywords_come_back_whatever_they_name(tmp_path: Path) -> None:
    work = Record("Fiverr", id="a", facets=Facets(keywords=("crowdsourcing", "Fiverr", "rate4")))
    dump([work], tmp_path)
    assert read(tmp_path / "oograph.nt") == [work]
    assert "unreviewed" not in (tmp_path / "oograph.nt").read_text()


def test_versions(tmp_path: Path) -> None:
    works = [Record("A", id="a", version_of=("b", "c")), Record("B", id="b"), Record("C", id="c")]
    dump(works, tmp_path)
    assert read(tmp_path / "oograph.nt") == works


def test_a_dump_by_hand() -> None:
    entries = list(reader.read(SourceFile.of_path(FIXTURE)))
    strange, first, untitled = sorted(entries, key=lambda entry: entry.source.position)
    assert first.record == Record(
        "A title",
        "report",
        id="malik-2017",
        authors=(Name("Malik", "F."), Name(literal="World Bank")),
        agents=("person/malik", "organization/world-bank"),
        issued=(2017,),
        facets=Facets(platforms=("Upwork",)),
    )
    assert first.source.position == 6
    assert "malik-2017" in first.text
    assert [e.problems[0].message for e in (untitled, strange)] == [
        "no dcterms:title",
        "the publication's IRI is not https://example.org/kg/publication/ followed by a slug",
    ]


@pytest.mark.parametrize(
    ("text", "name", "told"),
    [
        ("@prefix : <#> .\n:a :b .", "works.ttl", r"works\.ttl, line 2: this is not valid"),
        ("<a> <b> <c> .", "works.nt", "not valid"),
        ("<http://a/a> <http://a/b> <http://a/c> .", "works.nt", "no publication"),
        ('{"@context": "https://example.org/c"}', "works.jsonld", "not valid"),
        ("<rdf:RDF>", "works.rdf", "this XML cannot be read"),
        (
            f"<{BASE_IRI}ontology#> <x:b> {'<<( <x:a> <x:b> ' * 100_000}",
            "works.nt",
            "more than 2,000 levels of triples within triples",
        ),
        ("", "works.ttl", "no publication"),
    ],
)
def test_what_is_no_dump_of_ours_is_refused(text: str, name: str, told: str) -> None:
    with pytest.raises(UnreadableFile, match=told):
        read_text(text, name)


def test_rdf_xml_may_begin_with_blank_lines(tmp_path: Path) -> None:
    text = (dump(WORKS[:1], tmp_path, ["rdf"]) / "oograph.rdf").read_text("utf-8")
    (entry,) = read_text(f"\n \n{text}", "works.rdf")
    (as_it_is,) = read_text(text, "works.rdf")
    assert (entry.record, entry.source.position) == (as_it_is.record, as_it_is.source.position + 2)


@given(st.data())
def test_a_damaged_dump_raises_nothing_else(data: st.DataObject) -> None:
    text = FIXTURE.read_text(encoding="utf-8")
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(start + 60, len(text))))
    damaged = text[:start] + data.draw(st.text(max_size=5)) + text[end:]
    works = set(re.findall(r"^(\S+) a oo:Publication", damaged, re.MULTILINE))
    try:
        entries = read_text(damaged)
    except UnreadableFile as error:
        assert str(error).startswith("works.ttl")
        return
    assert len(entries) <= len(works) + 1
    for entry in entries:
        assert (entry.record is None) == any(p.severity == "violation" for p in entry.problems)


def test_a_large_dump_is_kept_on_disk(
    some: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "_IN_MEMORY", 1_000)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    works = reader.read(SourceFile.of_path(some / "oograph.nq"))
    assert next(works).record is not None
    assert [path.name.startswith("oograph-") for path in tmp_path.iterdir()] == [True]
    works.close()  # type: ignore[attr-defined]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("taken", [1, SOME])
def test_the_store_of_a_large_dump_is_closed_before_its_folder_goes(
    some: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, taken: int
) -> None:
    opened: list[str] = []

    def remove(folder: Path, ignore_errors: bool) -> None:
        ox.Store(folder)  # OSError where another has it
        opened.append(folder.name)

    monkeypatch.setattr(reader, "_IN_MEMORY", 1_000)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("shutil.rmtree", remove)
    works = reader.read(SourceFile.of_path(some / "oograph.nq"))
    assert len(list(islice(works, taken))) == taken
    assert next(works, None) is None or taken == 1
    works.close()  # type: ignore[attr-defined]
    assert len(opened) == 1


def test_a_dump_looks_like_one(some: Path) -> None:
    for path in some.iterdir():
        assert reader.looks_like(SourceFile.of_path(path).head), path.name
    assert not reader.looks_like("<http://a/a> <http://a/b> <http://a/c> .")
    assert not reader.looks_like("@article{x, note = {/ontology#}}")


@pytest.mark.parametrize("ending", ["nt", "jsonld", "rdf"])
def test_a_season_a_range_and_an_approximate_date_come_back(ending: str, tmp_path: Path) -> None:
    dates = {"2015-22/2016-24": (2015,), "2019-03/2019-04": (2019, 3), "1995~": (1995,)}
    works = [
        replace(WORKS[place], issued=start, issued_edtf=date)
        for place, (date, start) in enumerate(dates.items())
    ]
    back = read(dump(works, tmp_path, [ending]) / f"oograph.{ending}")
    assert {work.issued_edtf: work.issued for work in back} == dates
