"""The index of names: what a text finds, with which score, and how fast."""

import threading
from pathlib import Path

import pyoxigraph as ox
import pytest

from oograph.graph.index import names as index_of_names
from oograph.graph.index.names import Match, Names
from oograph.graph.index.names_index import write_names
from oograph.graph.iris import IRIs

BASE = "https://w3id.org/oograph/"
PREFIXES = f"""
@prefix oo: <{BASE}ontology#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix c: <{BASE}country/> .
@prefix f: <{BASE}platform/> .
@prefix o: <{BASE}organization/> .
@prefix p: <{BASE}publication/> .
@prefix s: <{BASE}person/> .
@prefix t: <{BASE}topic/> .
"""
GRAPH = """
f:upwork a oo:Platform ; skos:prefLabel "Upwork"@en ; skos:altLabel "oDesk"@en, "Elance"@en .
f:amazon-mechanical-turk a oo:Platform ; skos:prefLabel "Amazon Mechanical Turk"@en ;
  skos:altLabel "AMT"@en, "Amazon MTurk"@en ; skos:hiddenLabel "mturk"@en .
o:upwork a oo:Organization ; rdfs:label "Upwork" .
c:KR a oo:Country ; skos:prefLabel "South Korea"@en ; skos:notation "KR" ; oo:alpha3 "KOR" ;
  skos:altLabel "Republic of Korea"@en, "Corée du Sud"@fr ; skos:hiddenLabel "Korea"@en .
c:KP a oo:Country ; skos:prefLabel "North Korea"@en ; skos:notation "KP" .
t:freelancing a oo:Topic ; skos:prefLabel "freelancing"@en .
s:mark-graham a oo:Person ; rdfs:label "Mark Graham" ;
  foaf:familyName "Graham" ; foaf:givenName "Mark" .
p:malik-2017-understanding-development-implications a oo:Publication ; oo:year 2017 ;
  rdfs:label "Understanding the development implications of online outsourcing: a review" ;
  dcterms:creator s:mark-graham ; oo:platform f:upwork .
p:wang-2019-crowd a oo:Publication ; rdfs:label "众包平台的激励机制研究" ; oo:platform f:upwork .
p:part-1 a oo:Publication ; rdfs:label "Lessons from platform workers, part 1" .
p:part-2 a oo:Publication ; rdfs:label "Lessons from platform workers, part 2" .
"""


def written(folder: Path, turtle: str) -> Names:
    quads = list(ox.parse(PREFIXES + turtle, format=ox.RdfFormat.TURTLE))
    write_names(quads, folder / "names.db", IRIs())
    return Names(folder / "names.db")


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> Names:
    return written(tmp_path_factory.mktemp("names"), GRAPH)


def path(match: Match) -> str:
    return match.iri.removeprefix(BASE)


@pytest.mark.parametrize(
    ("text", "thing"),
    [
        ("oDesk", "platform/upwork"),
        ("ODESK!", "platform/upwork"),
        ("Amazon MTurk", "platform/amazon-mechanical-turk"),
        ("AMT", "platform/amazon-mechanical-turk"),
        ("MTurk", "platform/amazon-mechanical-turk"),
        ("Republic of Korea", "country/KR"),
        ("KR", "country/KR"),
        ("kor", "country/KR"),
        ("South Korea", "country/KR"),
        ("Coree du sud", "country/KR"),
        ("Graham, Mark", "person/mark-graham"),
        ("众包平台的激励机制研究", "publication/wang-2019-crowd"),
        (
            "malik-2017-understanding-development-implications",
            "publication/malik-2017-understanding-development-implications",
        ),
    ],
)
def test_an_equal_name_scores_100(names: Names, text: str, thing: str) -> None:
    first, *others = names.find(text)
    assert (path(first), first.score) == (thing, 100.0)
    assert all(other.score < 100 for other in others)


@pytest.mark.parametrize(
    ("text", "thing", "least", "most"),
    [
        ("Upwrok", "platform/upwork", 80, 90),
        ("Amazon Mechanicl Turk", "platform/amazon-mechanical-turk", 95, 99),
        ("Turk, Amazon Mechanical", "platform/amazon-mechanical-turk", 97, 97),
        ("M Turk", "platform/amazon-mechanical-turk", 99, 99),
        (
            "Understanding the developement implications of online outsourcing: a reveiw",
            "publication/malik-2017-understanding-development-implications",
            95,
            99,
        ),
        (
            "Understanding the development implications of online outsourcing",
            "publication/malik-2017-understanding-development-implications",
            92,
            95,
        ),
        ("Graham, M.", "person/mark-graham", 92, 92),
        ("平台的激励机制研究", "publication/wang-2019-crowd", 85, 99),
    ],
)
def test_a_name_that_is_nearly_so_scores_what_it_shares(
    names: Names, text: str, thing: str, least: float, most: float
) -> None:
    first = names.find(text)[0]
    assert path(first) == thing
    assert least <= first.score <= most


def test_what_is_called_so_has_an_equal_name(names: Names) -> None:
    assert [path(each) for each in names.called("ODESK!")] == ["platform/upwork"]
    assert names.called("oDesk", ["country"]) == names.called("Upwrok") == names.called("!") == []


def test_of_things_with_one_name_the_one_more_written_about_comes_first(names: Names) -> None:
    found = names.find("upwork")[:2]
    assert [(path(m), m.score, m.mentions) for m in found] == [
        ("platform/upwork", 100.0, 2),
        ("organization/upwork", 100.0, 0),
    ]


def test_other_numbers_are_another_work(names: Names) -> None:
    first, second = names.find("Lessons from platform workers, part 2")[:2]
    assert path(first) == "publication/part-2"
    assert second.score < 90


def test_codes_are_not_guessed_at(names: Names) -> None:
    assert [path(m) for m in names.find("KRX", ("country",))] == []


def test_a_class_leaves_out_the_others(names: Names) -> None:
    assert [path(m) for m in names.find("upwork", ("organization",))] == ["organization/upwork"]
    assert names.find("upwork", ("country",)) == []
    assert names.find("upwork", ("nothing-of-ours",)) == []


@pytest.mark.parametrize(
    "text", ["", " ", "?!", '"', "a OR b*", "NEAR(", "x" * 10_000, "\x00", "%"]
)
def test_no_text_breaks_it(names: Names, text: str) -> None:
    assert all(match.score >= 60 for match in names.find(text))
    assert names.search(text)[1] <= 11


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("turk amaz", "platform/amazon-mechanical-turk"),
        ("outsourcing implic", "publication/malik-2017-understanding-development-implications"),
        ("graham", "person/mark-graham"),
        ("freelan", "topic/freelancing"),
        ("frelancing", "topic/freelancing"),
        ("malik 2017", "publication/malik-2017-understanding-development-implications"),
    ],
)
def test_words_are_found_in_any_order_and_the_last_one_begun(
    names: Names, text: str, first: str
) -> None:
    found, total = names.search(text)
    assert path(found[0]) == first
    assert total == len(found)
    assert names.suggest(text, limit=50) == found


def test_pages_of_a_search_are_disjoint_and_whole(names: Names) -> None:
    every, total = names.search("o", limit=50)
    pages = [m for start in range(0, total, 2) for m in names.search("o", (), 2, start)[0]]
    assert pages == every
    assert total == len(every) > 2


def test_things_are_told_by_their_iri(names: Names) -> None:
    found = names.named([f"{BASE}country/KR", f"{BASE}country/XX"])
    assert {iri: match.label for iri, match in found.items()} == {
        f"{BASE}country/KR": "South Korea"
    }


def test_many_threads_may_ask(names: Names) -> None:
    found: list[str] = []
    threads = [
        threading.Thread(target=lambda: found.extend(path(m) for m in names.find("oDesk")))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["platform/upwork"] * 8


def test_the_same_graph_gives_the_same_file(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        written(tmp_path / name, GRAPH)
    assert (tmp_path / "one/names.db").read_bytes() == (tmp_path / "two/names.db").read_bytes()


def test_a_thing_with_a_class_but_no_name_is_left_out(tmp_path: Path) -> None:
    assert (
        written(tmp_path, "t:nameless a oo:Topic . t:untyped rdfs:label 'x y z' .").find("x y z")
        == []
    )


def test_a_search_reads_a_small_part_of_many_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = "crowd platform work labour online market study digital gig economy".split()
    titles = "".join(
        f'p:w{i} a oo:Publication ; rdfs:label "{words[i % 10]} {words[i * 3 % 10]} {i}" .\n'
        for i in range(3000)
    )
    names = written(tmp_path, GRAPH + titles)
    read: list[int] = []
    rows = names._rows

    def counted(query: str, *given: object) -> list[tuple[object, ...]]:
        found = rows(query, *given)
        read.append(len(found))
        return found

    monkeypatch.setattr(names, "_rows", counted)
    assert names.find("platform labour digtal")
    assert sum(read) < 1500
    for text in ("c", "platform", "platform la"):
        read.clear()
        assert len(names.suggest(text, ("platform", "publication"), 20)) >= 20
        assert sum(read) < 500


@pytest.mark.parametrize(("read", "most"), [(1, 1), (2, 1), (3, 2), (7, 3), (240, 60)])
@pytest.mark.parametrize("query", ['"u"*', '"p"*', '"a"*', '"nothing"*'])
def test_the_shortest_names_of_each_class_are_the_first_of_its_range(
    names: Names, monkeypatch: pytest.MonkeyPatch, query: str, read: int, most: int
) -> None:
    monkeypatch.setattr(index_of_names, "_TOGETHER", read)
    monkeypatch.setattr(index_of_names, "_SUGGESTED", most)
    ranges = names._ranges(names.classes)
    for some in (ranges, ranges[1::2], ranges[:1], []):
        one_by_one = [
            id
            for low, high in some
            for id in names._column(f"{index_of_names._WORDS_MATCH} LIMIT {most}", query, low, high)
        ]
        assert list(names._shortest(query, some)) == one_by_one
