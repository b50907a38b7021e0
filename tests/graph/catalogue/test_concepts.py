"""The concepts that a catalogue adds to the vocabularies."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from oograph.cli import main
from oograph.graph.catalogue import Catalogue
from oograph.graph.catalogue.concepts import parse_concepts
from oograph.graph.errors import BrokenCatalogue
from oograph.graph.model import Facets, Record
from oograph.graph.vocabulary import load_vocabulary
from oograph.graph.vocabulary.annotate import annotate
from oograph.graph.vocabulary.gazetteer import load_gazetteer
from oograph.graph.vocabulary.links import link_table_of, links_of

BASE = "https://example.org/soils/"
PATH = Path("my/vocabularies/soils.ttl")
SOUND = """
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<topic/farming> skos:prefLabel "farming"@en ; skos:definition "Growing crops."@en .
<topic/soil> skos:prefLabel "soil"@en ; skos:altLabel "topsoil"@en , "Boden"@de ;
    skos:definition "The ground in which crops grow."@en ; skos:broader <topic/farming> .
<platform/agri-hire> skos:prefLabel "AgriHire"@en ; skos:definition "A platform."@en .
"""


def test_a_concept_stands_below_the_base_in_the_vocabulary_of_its_path() -> None:
    own = parse_concepts(SOUND.encode(), PATH)
    vocabulary = load_vocabulary(BASE, (own,))
    assert vocabulary.concept("topics", "Topsoil") == f"{BASE}topic/soil"
    assert vocabulary.own == {
        f"{BASE}{path}" for path in ("topic/farming", "topic/soil", "platform/agri-hire")
    }
    said = {f"{t.subject} {t.predicate} {t.object}" for t in vocabulary.triples}
    skos = "<http://www.w3.org/2004/02/skos/core#"
    for statement in (
        f"<{BASE}topic/soil> {skos}inScheme> <{BASE}scheme/topics>",
        f"<{BASE}topic/farming> {skos}topConceptOf> <{BASE}scheme/topics>",
        f"<{BASE}topic/farming> {skos}narrower> <{BASE}topic/soil>",
        f"<{BASE}topic/soil> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
        f" <{BASE}ontology#Topic>",
    ):
        assert statement in said
    assert vocabulary.concept("topics", "gender") == f"{BASE}topic/gender"
    assert not load_vocabulary(BASE).own


def test_titles_and_keywords_are_read_for_it_by_a_rule_that_its_curator_answers_for() -> None:
    record = Record(
        "Topsoils in Kenya",
        id="doe-2020",
        type="article-journal",
        facets=Facets(keywords=("AGRIHIRE",)),
    )
    found = {i.concept: i for i in annotate(record, load_gazetteer(BASE, (SOUND,)))}
    for path, rule in (("topic/soil", "own-label"), ("platform/agri-hire", "own-name")):
        inference = found[f"{BASE}{path}"]
        assert (inference.rule, inference.is_sure, inference.confidence) == (rule, True, None)
    assert found[f"{BASE}country/KE"].rule == "country-name"


def test_a_table_of_links_may_link_it() -> None:
    rows = (
        "subject_id\tpredicate_id\tobject_id\tmapping_justification\tobject_source_version"
        "\tmapping_date\n"
        f"{BASE}topic/soil\tskos:exactMatch\thttp://www.wikidata.org/entity/Q36133"
        "\tsemapv:ManualMappingCuration\twikidata 2026\t2026-11-28\n"
    )
    table = link_table_of(rows.encode(), Path("my/links/soils.sssom.tsv"))
    links = links_of([table], BASE, lambda iri: iri == f"{BASE}topic/soil", (SOUND,))
    assert not links.problems
    assert links.links[-1].subject == f"{BASE}topic/soil"


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (
            "<topic/soil> a <ontology#Topic> .",
            "<topic/soil> follows from its path and must not",
        ),
        ("<topic/gender> <p:p> 1 .", "The concept <topic/gender> already comes with oograph."),
        ("<soil> <p:p> 1 .", "This is not a concept of the catalogue: <soil>."),
        ("<topic/so%20il> <p:p> 1 .", "not a concept of the catalogue: <topic/so%20il>."),
        ("<https://w3id.org/oograph/topic/x> <p:p> 1 .", "<https://w3id.org/oograph/topic/x>."),
        ("[] <p:p> 1 .", "This is not a concept of the catalogue: a node without an IRI."),
        ("<topic/soil> <p:p> [] .", "The value of <p:p> of <topic/soil> is neither an IRI nor"),
        ("<topic/soil> <http://x/1> 1 .", "XML cannot represent <http://x/1> of <topic/soil>"),
        ("<topic/soil> <p:p> 'a\\u0001b' .", "XML cannot represent <p:p> of <topic/soil>"),
        (
            "<topic/soil> <http://www.w3.org/1999/02/22-rdf-syntax-ns#about> 1 .",
            "XML cannot represent <http://www.w3.org/1999/02/22-rdf-syntax-ns#about>",
        ),
        ("<topic/soil> .", "This is not valid Turtle"),
        ("\udcff", "The file is not UTF-8: byte 0xff starts no character."),
    ],
)
def test_a_file_with_a_fault_is_not_read(wrong: str, message: str) -> None:
    with pytest.raises(BrokenCatalogue) as raised:
        parse_concepts(f"{SOUND}{wrong}\n".encode(errors="surrogateescape"), PATH)
    (problem,) = raised.value.problems
    assert message in problem.message
    assert problem.file == str(PATH) and problem.remedy


def test_a_catalogue_reads_its_files(tmp_path: Path) -> None:
    Catalogue().save(tmp_path)
    assert not Catalogue.read(tmp_path).concepts
    (tmp_path / "vocabularies").mkdir()
    (tmp_path / "vocabularies" / "soils.ttl").write_text(SOUND)
    (tmp_path / "vocabularies" / "notes.txt").write_text("none of it")
    assert Catalogue.read(tmp_path).concepts == (SOUND,)
    (tmp_path / "vocabularies" / "more.ttl").write_text("no Turtle")
    with pytest.raises(BrokenCatalogue):
        Catalogue.read(tmp_path)


def test_validate_says_what_the_shapes_say_of_a_file(tmp_path: Path) -> None:
    folder = tmp_path / "vocabularies"
    folder.mkdir()
    (folder / "soils.ttl").write_text(SOUND)
    (folder / "more.ttl").write_text(
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        '<topic/clay> skos:prefLabel "Ton"@de ; skos:definition "A soil."@en ;'
        " skos:broader <topic/soil> ."
    )
    sound = CliRunner().invoke(main, ["validate", str(folder / "soils.ttl")])
    assert sound.exit_code == 0 and "No problems" in sound.output
    wrong = CliRunner().invoke(main, ["validate", str(folder / "more.ttl")])
    assert wrong.exit_code == 1
    assert "more.ttl  https://w3id.org/oograph/topic/clay  skos:prefLabel" in wrong.output
    assert "The concept has no English name" in wrong.output
