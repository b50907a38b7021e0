"""Each constraint of the shapes has a small graph that fails it alone, and says how to mend it.

The graphs are tests/fixtures/shapes/{shape}.{parameter}.ttl, and sound.ttl, which conforms.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pyoxigraph
import pyshacl
import pytest
from rdflib import RDF, SH, BNode, Graph, Literal, URIRef
from rdflib.plugins.sparql import processor
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.term import Node

from oograph import ontology, shapes
from oograph.graph.rdf.prepared import rdflib_graph
from oograph.graph.rdf.validate import validate_quads

FIXTURES = Path(__file__).parent.parent / "fixtures" / "shapes"
FAILING = sorted(path for path in FIXTURES.glob("*.ttl") if path.name != "sound.ttl")
SHAPES = sorted(Path(shapes.__file__).parent.glob("*.ttl"))

#: The parameters whose violation is a result of its own.
PARAMETERS = {
    "class",
    "datatype",
    "disjoint",
    "equals",
    "hasValue",
    "maxCount",
    "maxInclusive",
    "minCount",
    "minInclusive",
    "minLength",
    "nodeKind",
    "pattern",
    "sparql",
    "uniqueLang",
}
#: What the shapes say that is no constraint.
OTHER = {
    "declare",
    "description",
    "flags",
    "message",
    "name",
    "namespace",
    "path",
    "prefix",
    "prefixes",
    "property",
    "select",
    "severity",
    "targetClass",
}


@pytest.fixture(scope="module")
def shapes_graph() -> Graph:
    return Graph().parse(data=shapes.turtle(), format="turtle")


def is_shacl(term: Node) -> bool:
    return str(term).startswith(str(SH))


def constraints(graph: Graph) -> Iterator[tuple[str, str]]:
    for subject, predicate in graph.subject_predicates():
        parameter = local(predicate)
        if is_shacl(predicate) and parameter in PARAMETERS:
            yield local(subject), parameter


def local(node: Node | None) -> str:
    return str(node).rpartition("#")[2]


def component(node: Node | None) -> str:
    name = local(node).removesuffix("ConstraintComponent")
    return "sparql" if name == "SPARQL" else name[:1].lower() + name[1:]


def results(report: Graph) -> set[tuple[str, str]]:
    found = report.subjects(RDF.type, SH.ValidationResult)
    return {
        (
            local(report.value(node, SH.sourceShape)),
            component(report.value(node, SH.sourceConstraintComponent)),
        )
        for node in found
    }


@pytest.mark.parametrize("path", FAILING, ids=lambda path: path.stem)
def test_graph_fails_its_constraint_alone(path: Path) -> None:
    shape, _, parameter = path.stem.rpartition(".")
    report = validate_quads(list(pyoxigraph.parse(path=path)))
    found = results(rdflib_graph(report.triples()))
    assert (shape, parameter) in found
    assert {name for name, _ in found} == {shape}
    assert all(problem.message and problem.remedy for problem in report.problems)


def test_sound_graph_conforms() -> None:
    report = validate_quads(list(pyoxigraph.parse(path=FIXTURES / "sound.ttl")))
    assert report.conforms
    assert report.problems == ()


def test_every_constraint_has_a_graph_that_fails_it(shapes_graph: Graph) -> None:
    expected = {f"{shape}.{parameter}" for shape, parameter in constraints(shapes_graph)}
    assert {path.stem for path in FAILING} == expected


def test_sound_graph_has_every_property_that_is_checked(shapes_graph: Graph) -> None:
    sound = Graph().parse(FIXTURES / "sound.ttl")
    wrong = {"oo:unreviewed", "skos:hiddenLabel", "skos:closeMatch"}
    paths = {path for path in shapes_graph.objects(None, SH.path) if isinstance(path, URIRef)}
    missing = {shapes_graph.qname(path) for path in paths - set(sound.predicates())}
    assert missing <= wrong


def test_shapes_say_nothing_that_is_not_tested(shapes_graph: Graph) -> None:
    said = {local(predicate) for predicate in shapes_graph.predicates() if is_shacl(predicate)}
    assert said - OTHER <= PARAMETERS


@pytest.fixture(scope="module")
def queries_parsed_once() -> Iterator[None]:
    """To parse a query anew for each node takes rdflib twenty times as long as to evaluate it."""

    @cache
    def prepared(text: str, base: str | None, names: tuple[tuple[str, str], ...]) -> Query:
        return translateQuery(parseQuery(text), base, dict(names))

    def translated(text: str, base: str | None, names: Mapping[str, str] | None) -> Query:
        return prepared(text, base, tuple((names or {}).items()))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(processor, "parseQuery", lambda text: text)
        patch.setattr(processor, "translateQuery", translated)
        yield


@pytest.mark.usefixtures("queries_parsed_once")
@pytest.mark.parametrize("parameter", ["sparql", "class", "equals", "uniqueLang", "nodeKind"])
def test_pyshacl_alone_finds_the_same(parameter: str) -> None:
    """The way validate_quads runs the shapes is only faster."""
    shapes_graph = Graph().parse(data=shapes.turtle(), format="turtle")
    for path in FIXTURES.glob(f"*.{parameter}.ttl"):
        data = Graph().parse(path)
        _, report, _ = pyshacl.validate(data, shacl_graph=shapes_graph, inference="none")
        ours = rdflib_graph(validate_quads(list(pyoxigraph.parse(path=path))).triples())
        assert results(report) == results(ours)
        assert number_of_results(report) == number_of_results(ours), path.name


def number_of_results(report: Graph) -> int:
    return len(set(report.subjects(RDF.type, SH.ValidationResult)))


def test_every_constraint_has_a_message_that_says_how_to_mend_it(shapes_graph: Graph) -> None:
    for shape, _ in constraints(shapes_graph):
        node = URIRef(f"{ontology.BASE_IRI}shapes#{shape}")
        messages = list(shapes_graph.objects(node, SH.message))
        assert len(messages) == 1, shape
        message = messages[0]
        assert isinstance(message, Literal) and message.language == "en"
        (remedy,) = shapes_graph.objects(node, URIRef(shapes.fix()))
        what = str(message)
        assert isinstance(remedy, Literal) and remedy.language == "en"
        assert what.endswith(".") and what[0].isupper(), what
        assert remedy.endswith("."), remedy


def test_editors_are_checked_like_authors(shapes_graph: Graph) -> None:
    def of(role: str) -> set[tuple[str, str]]:
        each = ((shape.lower(), parameter) for shape, parameter in constraints(shapes_graph))
        return {(shape.removeprefix(role), name) for shape, name in each if shape.startswith(role)}

    assert of("editorship") == of("authorship")


def test_what_is_said_of_an_editor_does_not_speak_of_authors(shapes_graph: Graph) -> None:
    """Only authors can be left out with oo:moreAuthors."""
    said = (SH.message, URIRef(shapes.fix()))
    for shape in filter(lambda node: "editorship" in local(node).lower(), shapes_graph.subjects()):
        texts = [str(text) for name in said for text in shapes_graph.objects(shape, name)]
        assert not [text for text in texts if "author" in text.lower()], shape


@pytest.mark.parametrize("role", ["authorship", "editorship"])
def test_an_entry_of_no_publication_names_the_property_that_should_lead_to_it(role: str) -> None:
    path = FIXTURES / f"{role}-publication.sparql.ttl"
    [problem] = validate_quads(list(pyoxigraph.parse(path=path))).problems
    assert problem.property == ontology.PREFIXES.expand(f"oo:{role}")


def test_shapes_have_no_blank_nodes(shapes_graph: Graph) -> None:
    assert not [node for node in shapes_graph.all_nodes() if isinstance(node, BNode)]


def test_every_shape_is_used(shapes_graph: Graph) -> None:
    declared = set(shapes_graph.subjects(RDF.type, SH.PropertyShape))
    assert declared == set(shapes_graph.objects(None, SH.property))


def test_shapes_are_the_same_to_another_parser(shapes_graph: Graph) -> None:
    triples = list(pyoxigraph.parse(shapes.turtle(), pyoxigraph.RdfFormat.TURTLE))
    assert len(set(triples)) == len(shapes_graph)


@pytest.mark.parametrize("path", SHAPES, ids=lambda path: path.stem)
def test_each_file_of_shapes_can_be_read_alone(path: Path) -> None:
    assert len(Graph().parse(path)) > 0


def test_shapes_follow_the_base_iri() -> None:
    assert ontology.BASE_IRI not in shapes.turtle("https://example.org/graph/")


def test_every_term_of_ours_is_in_the_ontology(shapes_graph: Graph) -> None:
    terms = Graph().parse(data=ontology.turtle("oograph.ttl"), format="turtle")
    namespace = ontology.PREFIXES["oo"]
    used = {
        str(term)
        for predicate in (SH.path, SH["class"], SH.targetClass, SH.equals, SH.disjoint)
        for term in shapes_graph.objects(None, predicate)
        if str(term).startswith(namespace)
    }
    assert used
    assert {term for term in used if (URIRef(term), RDF.type, None) not in terms} == set()


def test_the_properties_of_our_own_are_those_of_the_ontology() -> None:
    """Beside the ontology, the sound graph stays sound: it uses most of the properties."""
    text = ontology.turtle("oograph.ttl")
    quads = [*pyoxigraph.parse(path=FIXTURES / "sound.ttl")]
    quads += pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.TURTLE)
    assert validate_quads(quads).problems == ()


def test_an_undefined_property_is_found_on_a_thing_of_any_class(shapes_graph: Graph) -> None:
    ours = ontology.PREFIXES["oo"]
    thing = URIRef(f"{shapes.namespace()}ThingShape")
    classes = set(shapes_graph.objects(thing, SH.targetClass))
    assert classes >= {
        each for each in shapes_graph.objects(None, SH.targetClass) if str(each).startswith(ours)
    }
    for each in classes:
        node, undefined = URIRef("urn:example:thing"), URIRef(f"{ours}nameAsWriten")
        data = Graph().parse(data=ontology.turtle("oograph.ttl"), format="turtle")
        data += Graph().add((node, RDF.type, each)).add((node, undefined, Literal("Lee, A.")))
        quads = pyoxigraph.parse(data.serialize(format="nt"), pyoxigraph.RdfFormat.N_TRIPLES)
        found = [problem.value for problem in validate_quads(quads).problems]
        assert str(undefined) in found, each
