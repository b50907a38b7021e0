"""Validation of whole graphs and of RDF files, and the forms its problems are told in."""

import gzip
import json
import logging
import time
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import RDF, SH, BNode, Graph, Literal, URIRef

from oograph import shapes
from oograph.graph.formats import RDF_BY_ENDING
from oograph.graph.model import Problem
from oograph.graph.rdf.prepared import rdflib_graph
from oograph.graph.rdf.rdf_file import rdf_ending
from oograph.graph.rdf.record_check import check_records
from oograph.graph.rdf.report import FORMATS, as_json, as_report, as_text
from oograph.graph.rdf.validate import validate_quads, validate_rdf
from oograph.ontology import BASE_IRI, PREFIXES

FIXTURES = Path(__file__).parents[2] / "fixtures" / "shapes"
PREAMBLE = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
RDF_XML = f'<rdf:RDF xmlns:rdf="{PREFIXES["rdf"]}" xmlns:dcterms="{PREFIXES["dcterms"]}">'
OO = PREFIXES["oo"]


def turtle(text: str) -> str:
    return f"{PREAMBLE}@base <{BASE_IRI}> .\n{text}"


def written(tmp_path: Path, name: str, content: str | bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def quads(*names: str) -> list[ox.Quad]:
    """Those of some graphs that break a shape."""
    return [quad for name in names for quad in ox.parse(path=FIXTURES / f"{name}.ttl")]


def stated(text: str) -> list[ox.Quad]:
    return list(ox.parse(turtle(text), ox.RdfFormat.TURTLE))


# Graphs


@pytest.mark.parametrize(
    ("role", "path"), [("authorship", "dcterms:creator"), ("editorship", "bibo:editor")]
)
def test_thousands_of_names_on_one_work_are_checked_at_once(role: str, path: str) -> None:
    people = "".join(
        f"<publication/a> {path} <person/{n}> ; oo:{role} <publication/a#{n}> . "
        f"<publication/a#{n}> oo:agent <person/{n}> .\n"
        for n in range(8000)
    )
    text = turtle(f"<publication/a> a oo:Publication .\n{people}")
    begun = time.process_time()
    validate_quads(list(ox.parse(text, ox.RdfFormat.TURTLE)))
    assert time.process_time() - begun < 8  # 2 as a rule; it took 17


@pytest.mark.parametrize(
    ("fixture", "severity", "conforms"),
    [
        ("publication-doi.pattern", "violation", False),
        ("publication-year-given.minCount", "warning", True),
        ("article-doi-given.minCount", "info", True),
    ],
)
def test_only_violations_break_conformance(fixture: str, severity: str, conforms: bool) -> None:
    report = validate_quads(quads(fixture))
    assert {problem.severity for problem in report.problems} == {severity}
    assert report.conforms is conforms
    assert (None, SH.conforms, Literal(conforms)) in rdflib_graph(report.triples())


def test_problem_says_where_what_and_how_to_mend_it() -> None:
    report = validate_quads(quads("publication-doi.pattern"))
    assert report.problems == (
        Problem(
            "violation",
            "The DOI is given more than once, or does not look like 10.1234/abc in lower case.",
            "Keep one DOI, in lower case and without https://doi.org/ in front.",
            record=f"{BASE_IRI}publication/lee-2017-gig-work",
            property=f"{PREFIXES['bibo']}doi",
            value="10.1000/ABC",
        ),
    )


def test_problems_are_sorted_worst_first_and_told_once() -> None:
    data = quads(
        "publication-doi.pattern",
        "publication-title-latex.pattern",
        "venue-issn.pattern",
        "inference-offset.minInclusive",
    )
    severities = [problem.severity for problem in validate_quads(data).problems]
    assert severities == sorted(severities, key=["violation", "warning", "info"].index)
    assert set(severities) == {"violation", "warning"}
    year = '<publication/a> a oo:Publication ; oo:year "x"^^xsd:integer .'
    problems = validate_quads(stated(year)).problems
    assert len(set(problems)) == len(problems)


def test_report_has_no_blank_nodes_and_is_the_same_each_time() -> None:
    data = quads("publication-doi.pattern", "venue-issn.pattern", "PublicationShape.nodeKind")
    data += stated('<publication/a> a oo:Publication ; oo:year "x"^^xsd:integer .')
    first, second = (rdflib_graph(validate_quads(each).triples()) for each in (data, data[::-1]))
    assert not [node for node in first.all_nodes() if isinstance(node, BNode)]
    assert set(first) == set(second)
    results = set(first.objects(URIRef(f"{BASE_IRI}report"), SH.result))
    assert results == {URIRef(f"{BASE_IRI}report#result-{n}") for n in range(1, len(results) + 1)}


def test_graph_below_another_base_is_checked_in_its_own_terms() -> None:
    base = "https://example.org/graph/"
    text = (FIXTURES / "publication-doi.pattern.ttl").read_text(encoding="utf-8")
    data = list(ox.parse(text.replace(BASE_IRI, base), ox.RdfFormat.TURTLE))
    report = validate_quads(data, base)
    assert [problem.record for problem in report.problems] == [
        f"{base}publication/lee-2017-gig-work"
    ]
    assert (URIRef(f"{base}report"), RDF.type, SH.ValidationReport) in rdflib_graph(
        report.triples()
    )


def test_named_graphs_are_taken_as_one() -> None:
    data = quads("publication-doi.pattern")
    spread = [
        ox.Quad(quad.subject, quad.predicate, quad.object, ox.NamedNode(f"urn:graph:{number % 3}"))
        for number, quad in enumerate(data)
    ]
    assert validate_quads(spread + data).problems == validate_quads(data).problems


def test_value_with_a_backslash_is_reported() -> None:
    """pySHACL 0.40 takes such a value in a query's result for a pattern, and fails."""
    title = r'<publication/a> a oo:Publication ; dcterms:title "ALL CAPITALS \\TEX" .'
    problems = validate_quads(stated(title)).problems
    messages = {p.message for p in problems if p.value == r"ALL CAPITALS \TEX"}
    assert {"The title is entirely in capitals."} < messages


@settings(max_examples=30, deadline=None)
@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])),
    st.sampled_from(["title", "issued", "creator", "spatial"]),
)
def test_any_text_anywhere_is_reported_not_raised(text: str, name: str) -> None:
    work = ox.NamedNode(f"{BASE_IRI}publication/a")
    property = ox.NamedNode(f"{PREFIXES['dcterms']}{name}")
    kind = ox.NamedNode(f"{PREFIXES['rdf']}type")
    data = [
        ox.Quad(work, kind, ox.NamedNode(f"{OO}Publication")),
        ox.Quad(work, property, ox.Literal(text)),
    ]
    report = validate_quads(data)
    assert not report.conforms
    assert as_text(report.problems)


# Files


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("a.ttl", "turtle"),
        ("a.nt", "nt"),
        ("a.rdf", "xml"),
        ("a.owl", "xml"),
        ("a.xml", "xml"),
        ("a.jsonld", "json-ld"),
        ("a.json", "json-ld"),
        ("a.trig", "turtle"),
        ("a.nq", "nt"),
        ("turtle", "turtle"),
        ("triples.txt", "nt"),
        ("xml.data", "xml"),
        ("json.data", "json-ld"),
        ("A.TTL", "turtle"),
    ],
)
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gz"])
def test_every_format_is_read(tmp_path: Path, name: str, form: str, packed: bool) -> None:
    data = Graph().parse(FIXTURES / "publication-doi.pattern.ttl")
    content = data.serialize(format=form, encoding="utf-8")
    path = written(
        tmp_path,
        f"{name}.gz" if packed else name,
        gzip.compress(content) if packed else content,
    )
    (problem,) = validate_rdf(path)
    assert problem.value == "10.1000/ABC"
    assert problem.file == str(path)


def test_named_graphs_are_taken_together(tmp_path: Path) -> None:
    text = (FIXTURES / "sound.ttl").read_text(encoding="utf-8")
    graph = Graph().parse(data=text, format="turtle")
    lines = graph.serialize(format="nt").splitlines()
    quads = [f"{line[:-1]}<{BASE_IRI}graph/{n % 2}> ." for n, line in enumerate(lines)]
    repeated = [f"{line[:-1]}<{BASE_IRI}graph/2> ." for line in lines]
    path = written(tmp_path, "a.nq", "\n".join(quads + repeated))
    assert validate_rdf(path) == ()


@pytest.mark.parametrize(
    ("name", "content", "line", "message"),
    [
        pytest.param(
            "a.ttl",
            "@prefix a: <http://a/> .\na:b a:c a:d .\nx:b a:c 1 .\n",
            3,
            "prefix x:",
            id="ttl",
        ),
        pytest.param(
            "a.trig",
            "@prefix a: <http://a/> .\na:g {\n a:b a:c a:d .\n a:e .\n}\n",
            4,
            "TriG",
            id="trig",
        ),
        pytest.param("a.nt", "<http://a> <http://b> 'c' .\n", 1, "N-Triples", id="nt"),
        pytest.param(
            "a.nq",
            '<http://a> <http://b> "c" <http://g> .\n<http://a> "c" .\n',
            2,
            "N-Quads",
            id="nq",
        ),
        pytest.param(
            "a.rdf",
            f"{RDF_XML}\n<rdf:Description>\n</rdf:Wrong>\n</rdf:RDF>",
            3,
            "mismatched tag",
            id="xml",
        ),
        pytest.param("cut.rdf", f"{RDF_XML}\n<rdf:Description>\n", 3, "XML", id="xml-cut-off"),
        pytest.param(
            "iri.rdf",
            f"{RDF_XML}\n<rdf:Description>\n<dcterms:type rdf:resource='http://a b'/>\n"
            "</rdf:Description>\n\n</rdf:RDF>",
            3,
            "http://a b",
            id="rdf-xml-iri",
        ),
        pytest.param(
            "a.jsonld", '{\n "@id": "http://a",\n "http://b": "c",,\n}', 3, "JSON-LD", id="jsonld"
        ),
        pytest.param(
            "term.jsonld", '{\n "@context": {"a": 3}\n}', None, "JSON-LD", id="jsonld-context"
        ),
        pytest.param(
            "latin.ttl", "<a> <b> 1 .\n# café\n".encode("latin-1"), 2, "0xe9", id="latin-1"
        ),
        pytest.param("wide.ttl", "<a> <b> 1 .\n".encode("utf-16"), 1, "UTF-8", id="utf-16"),
        pytest.param("a.bib.ttl", "@article{a,\n title={b}\n}\n", 1, "@article", id="bibtex"),
        pytest.param(
            "a12.ttl", "<a> <b> <<( <c> <d> <e> )>> .\n", None, "RDF 1.2", id="triple-term"
        ),
        pytest.param(
            "deep.ttl",
            "<a> <b> " + "<<( <a> <b> " * 100_000 + "<c>" + " )>>" * 100_000 + " .",
            None,
            "more than 2,000 levels of triples within triples",
            id="triple-terms-too-deep",
        ),
        pytest.param(
            "deep.rdf",
            f"{RDF_XML}\n{'<a><b>' * 100_000}{'</b></a>' * 100_000}</rdf:RDF>",
            2,
            "the elements are nested too deeply",
            id="elements-too-deep",
        ),
        pytest.param("letter.txt", "Dear all,\nno RDF here.\n", None, "not RDF", id="not-rdf"),
        pytest.param("half.ttl.gz", gzip.compress(b"<a> <b> 1 .")[:-9], None, "gzip", id="gz-half"),
        pytest.param(
            "bomb.ttl.gz", gzip.compress(bytes(2**27)), None, "200 times larger", id="gz-bomb"
        ),
        pytest.param("bad.ttl.gz", b"\x1f\x8b\x08\x00garbage, garbage", None, "gzip", id="gz-bad"),
        pytest.param(
            "long.ttl", f'<a> <b>\n "{"a" * 2**24}" .', 2, "longer than 16 MiB", id="a long value"
        ),
    ],
)
def test_broken_file_says_where_and_how_to_mend_it(
    tmp_path: Path, name: str, content: str | bytes, line: int | None, message: str
) -> None:
    path = written(tmp_path, name, content)
    (problem,) = validate_rdf(path)
    assert problem.severity == "violation"
    assert (problem.file, problem.line) == (str(path), line)
    assert message in problem.message
    assert problem.remedy


def test_missing_file_and_folder_are_problems(tmp_path: Path) -> None:
    for path in (tmp_path / "none.ttl", tmp_path):
        (problem,) = validate_rdf(path)
        assert "cannot be read" in problem.message
        assert problem.remedy


def test_a_device_is_not_read(tmp_path: Path) -> None:
    """It may have no end."""
    for name in ("zero.ttl", "zero.rdf"):
        (tmp_path / name).symlink_to("/dev/zero")
        (problem,) = validate_rdf(tmp_path / name)
        assert "device" in problem.message and problem.remedy


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ('{\n "@context": "https://example.org/c",\n "name": "a"\n}', 2),
        ('{\n "@context": [\n  "https://example.org/c"],\n "name": "a"\n}', 3),
        ('{"@context": {\n "@import": "https://example.org/c"}, "name": "a"}', 2),
        ('{"@context": [{}, "https://example.org/c"], "name": "a"}', None),
        (
            '{"@id": "http://a", "@context": {"b": {"@id": "http://b",\n'
            '"@context": "https://example.org/c"}}, "b": {"name": "a"}}',
            2,
        ),
    ],
    ids=["string", "list", "import", "second", "scoped"],
)
def test_context_on_the_web_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str, line: int | None
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("went to the network")

    monkeypatch.setattr("socket.socket.connect", refuse)
    monkeypatch.setattr("socket.getaddrinfo", refuse)
    (problem,) = validate_rdf(written(tmp_path, "a.jsonld", content))
    assert problem.line == line
    assert "from the web" in problem.message
    assert ("https://example.org/c" in problem.message) is (line is not None)


def test_external_entity_is_not_read(tmp_path: Path) -> None:
    secret = written(tmp_path, "secret.txt", "the secret")
    text = (
        f'<!DOCTYPE r [<!ENTITY x SYSTEM "{secret.as_uri()}">]>\n{RDF_XML}\n'
        f"<rdf:Description rdf:about='http://a'><dcterms:title>&x;</dcterms:title>"
        "</rdf:Description></rdf:RDF>"
    )
    problems = validate_rdf(written(tmp_path, "a.rdf", text))
    assert problems
    assert "the secret" not in as_json(problems)


def test_a_problem_of_a_venue_is_at_the_first_entry_that_names_it(tmp_path: Path) -> None:
    one = "@article{x%s, title = {Gig work in %s}, author = {Doe, Ann}, year = 2019, %s}\n"
    venue = "journal = {Working Paper}"
    text = one % ("1", "Kenya", "") + one % ("2", "Ghana", venue) + one % ("3", "Nepal", venue)
    problems = check_records(written(tmp_path, "a.bib", text))
    (problem,) = (p for p in problems if p.value == "Working Paper")
    assert (problem.file, problem.line, problem.record) == ("a.bib", 2, "x2")


def test_records_are_checked_alike_in_chunks_of_any_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = (
        "@article{x%s, title = {Gig work in %s}, author = {Doe, Ann}, year = 2019, %s, "
        "doi = {10.5555/%s}}\n"
    )
    venue, other = "journal = {Working Paper}", "journal = {Invented Review}, pages = {9--1}"
    text = "".join(
        one % (n, place, other if n % 2 else venue, n // 2)
        for n, place in enumerate(("Kenya", "Ghana", "Nepal", "Peru", "Chile"), 1)
    )
    path = written(tmp_path, "a.bib", text)
    whole = check_records(path)
    monkeypatch.setattr("oograph.graph.rdf.record_check._WORKS", 1)
    assert check_records(path) == whole
    assert {(p.line, p.value) for p in whole} >= {(2, "Working Paper"), (3, "10.5555/1")}


def test_a_graph_with_another_base_is_checked_by_it(tmp_path: Path) -> None:
    base = "https://example.org/kg/"
    text = turtle(PUBLICATION).replace(BASE_IRI, base)
    (hint,) = validate_rdf(written(tmp_path, "a.ttl", text))
    assert (hint.severity, base in hint.message) == ("info", True)
    unknown = text.replace("platform/upwork", "platform/no-such-platform")
    (wrong, _) = validate_rdf(written(tmp_path, "b.ttl", unknown))
    assert (wrong.severity, wrong.value) == ("violation", f"{base}platform/no-such-platform")


def test_classes_of_others_are_named_where_nothing_is_checked(tmp_path: Path) -> None:
    text = "<http://e.org/a> a <http://e.org/ontology#Publication> , <http://e.org/Book> ."
    (problem,) = validate_rdf(written(tmp_path, "a.ttl", text))
    assert problem.severity == "warning"
    said = "Its classes are http://e.org/Book, http://e.org/ontology#Publication."
    assert problem.message.endswith(said)


@pytest.mark.parametrize(
    "content",
    ["", "# nothing\n", "<http://a> <http://b> <http://c> .\n"],
    ids=["empty", "comment", "foreign"],
)
def test_file_with_nothing_of_ours_says_that_nothing_was_checked(
    tmp_path: Path, content: str
) -> None:
    (problem,) = validate_rdf(written(tmp_path, "a.ttl", content))
    assert problem.severity == "warning"
    assert "Nothing was checked" in problem.message
    assert OO in problem.message


PUBLICATION = """
<publication/lee-2017-gig-work> a oo:Publication , bibo:Report ;
    rdfs:label "Gig work" ; dcterms:title "Gig work" ; dcterms:creator <person/ana-lee> ;
    oo:authorship <publication/lee-2017-gig-work#author-1> ;
    dcterms:issued "2017"^^xsd:gYear ; oo:year 2017 ;
    oo:platform <platform/upwork> ; dcterms:spatial <country/IN> ;
    prov:wasDerivedFrom <publication/lee-2017-gig-work#source-1> .
<publication/lee-2017-gig-work#author-1> a oo:Authorship ;
    oo:position 1 ; oo:agent <person/ana-lee> ; oo:nameAsWritten "Lee, A." .
<person/ana-lee> a oo:Person ; rdfs:label "Ana Lee" ; foaf:name "Ana Lee" .
<publication/lee-2017-gig-work#source-1> a oo:SourceRecord ;
    oo:file "works.bib" ; oo:key "lee" ; oo:line 1 .
"""


def test_shipped_vocabularies_stand_behind_a_file(tmp_path: Path) -> None:
    assert validate_rdf(written(tmp_path, "a.ttl", turtle(PUBLICATION))) == ()
    unknown = PUBLICATION.replace("platform/upwork", "platform/no-such-platform")
    (problem,) = validate_rdf(written(tmp_path, "b.ttl", turtle(unknown)))
    assert problem.value == f"{BASE_IRI}platform/no-such-platform"


def test_concept_the_file_describes_takes_the_place_of_the_shipped_one(tmp_path: Path) -> None:
    concept = (
        "<platform/upwork> a oo:Platform ; skos:inScheme <scheme/platforms> ; "
        'skos:prefLabel "The platform once called oDesk"@en .'
    )
    assert validate_rdf(written(tmp_path, "a.ttl", turtle(PUBLICATION + concept))) == ()


def test_problems_of_the_shipped_vocabularies_are_not_the_files(tmp_path: Path) -> None:
    concept = (
        "<platform/a> a oo:Platform ; skos:inScheme <scheme/platforms> ; "
        'skos:prefLabel "Upwork"@en .'
    )
    problems = validate_rdf(written(tmp_path, "a.ttl", turtle(concept)))
    assert [(p.record, p.value) for p in problems] == [(f"{BASE_IRI}platform/a", "Upwork")]


DESCRIPTION = (
    PUBLICATION.replace(' ; foaf:name "Ana Lee"', "").replace(
        "oo:platform",
        "bibo:editor <person/bo-li> ; "
        "oo:editorship <publication/lee-2017-gig-work#editor-1> ; oo:platform",
    )
    + """
<person/bo-li> rdfs:label "Bo Li" .
<https://example.org/publication/lee-2017-gig-work.ttl> a foaf:Document ;
    foaf:primaryTopic <publication/lee-2017-gig-work> ;
    void:inDataset <.well-known/void#dataset> .
"""
)


def test_what_a_description_only_points_to_is_not_checked(tmp_path: Path) -> None:
    (hint,) = validate_rdf(written(tmp_path, "a.ttl", turtle(DESCRIPTION)))
    assert (hint.severity, hint.record) == ("info", "")
    assert "one thing of a larger graph" in hint.message
    whole = DESCRIPTION.replace("void:inDataset", "dcterms:source")
    assert len(validate_rdf(written(tmp_path, "a.ttl", turtle(whole)))) > 3


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("oo:year 2017", "oo:year 2018"),
        ("oo:position 1", "oo:position 2"),
        ("oo:year 2017", 'oo:year 2017 ; oo:edtf "2017-21"'),
    ],
)
def test_what_a_description_says_of_its_thing_is_checked(
    right: str, wrong: str, tmp_path: Path
) -> None:
    text = turtle(DESCRIPTION.replace(right, wrong))
    problems = validate_rdf(written(tmp_path, "a.ttl", text))
    assert {p.severity for p in problems} == {"violation", "info"}
    thing = f"{BASE_IRI}publication/lee-2017-gig-work"
    assert all(p.record.startswith(thing) for p in problems if p.severity == "violation")


def test_a_year_that_is_none_is_reported_once(tmp_path: Path) -> None:
    text = turtle(PUBLICATION.replace('"2017"^^xsd:gYear', '"17"^^xsd:gYear'))
    (problem,) = validate_rdf(written(tmp_path, "a.ttl", text))
    assert (problem.property, problem.value) == (PREFIXES.expand("dcterms:issued"), "17")


def test_a_year_before_printing_is_reported_once(tmp_path: Path) -> None:
    text = PUBLICATION.replace('"2017"^^xsd:gYear', '"0999"^^xsd:gYear')
    text = turtle(text.replace("oo:year 2017", "oo:year 999"))
    (problem,) = validate_rdf(written(tmp_path, "a.ttl", text))
    assert (problem.property, problem.value) == (PREFIXES.expand("oo:year"), "999")


@pytest.mark.parametrize("year", ["", "year={17},", "year={forthcoming},"])
def test_a_year_that_a_record_lacks_is_reported_once(year: str, tmp_path: Path) -> None:
    text = f"@book{{a, author={{Low, Ada}}, title={{Gigs}}, {year} publisher={{P}}}}"
    problems = check_records(written(tmp_path, "a.bib", text))
    assert [p.message[:7] for p in problems if "year" in p.message] == ["no year"]


@pytest.mark.parametrize(
    ("wrong", "label"),
    [
        ("<platform/upwrok>", "Upwork"),
        ("<platform/amazon-mechanical-turc>", "Amazon Mechanical Turk"),
        ('"Upwrok"', "Upwork"),
        ('"Upwork"', "Upwork"),
        ("<platform/no-such-thing>", ""),
        ("<person/upwork-2>", "Upwork"),
    ],
)
def test_a_misspelt_concept_of_a_graph_is_guessed(wrong: str, label: str, tmp_path: Path) -> None:
    text = turtle(PUBLICATION.replace("<platform/upwork>", wrong))
    problems = validate_rdf(written(tmp_path, "a.ttl", text))
    assert problems
    guesses = [p.remedy.partition("? ")[0] for p in problems if "Did you mean" in p.remedy]
    assert guesses == ([f"Did you mean {label}"] if label else [])


def test_thing_without_an_iri_is_reported(tmp_path: Path) -> None:
    text = turtle('[] a oo:Person ; rdfs:label "Ana Lee" ; foaf:name "Ana Lee" .')
    (problem,) = validate_rdf(written(tmp_path, "a.ttl", text))
    assert problem.record.startswith("_:")
    assert "no IRI" in problem.message


def test_ill_typed_value_leaves_no_traceback_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    text = turtle('<publication/a> a oo:Publication ; oo:year "soon"^^xsd:integer .')
    with caplog.at_level(logging.WARNING):
        problems = validate_rdf(written(tmp_path, "a.ttl", text))
    assert "soon" in {problem.value for problem in problems}
    assert caplog.records == []


# Forms

PROBLEMS = (
    Problem(
        "violation",
        "The DOI is given twice.",
        "Keep one DOI.",
        record=f"{BASE_IRI}publication/a",
        property=f"{PREFIXES['bibo']}doi",
        value="10.1000/A",
    ),
    Problem("warning", "This is not a year.", "Write 2017.", "a.bib", 12, "lee", "year", "MMXVII"),
)


def test_text_is_readable() -> None:
    assert (
        as_text(PROBLEMS)
        == """\
violation  https://w3id.org/oograph/publication/a  bibo:doi  “10.1000/A”
           The DOI is given twice.
           Fix: Keep one DOI.

warning    a.bib:12  lee  year  “MMXVII”
           This is not a year.
           Fix: Write 2017.

1 violation, 1 warning, 0 hints
"""
    )


def test_text_of_no_problems_says_so() -> None:
    assert as_text(()) == "No problems found.\n"


def test_text_shortens_a_long_value() -> None:
    problem = Problem("info", "Long.", "", record="a", value="x" * 500)
    assert FORMATS["text"]([problem]).startswith("hint ")
    assert max(map(len, as_text([problem]).splitlines())) < 100


def test_json_has_every_field() -> None:
    first, second = json.loads(as_json(PROBLEMS))
    assert Problem(**first) == PROBLEMS[0]
    assert Problem(**second) == PROBLEMS[1]


def test_report_is_shacl_without_blank_nodes() -> None:
    graph = Graph().parse(data=as_report(PROBLEMS), format="turtle")
    first, second = (URIRef(f"{BASE_IRI}report#result-{n}") for n in (1, 2))
    assert not [node for node in graph.all_nodes() if isinstance(node, BNode)]
    assert (URIRef(f"{BASE_IRI}report"), SH.conforms, Literal(False)) in graph
    assert graph.value(first, SH.resultSeverity) == SH.Violation
    assert graph.value(first, SH.focusNode) == URIRef(f"{BASE_IRI}publication/a")
    assert graph.value(first, SH.resultPath) == URIRef(f"{PREFIXES['bibo']}doi")
    assert graph.value(second, SH.resultMessage) == Literal("This is not a year.", lang="en")
    assert graph.value(second, URIRef(shapes.fix())) == Literal("Write 2017.", lang="en")
    assert graph.value(second, URIRef(f"{OO}file")) == Literal("a.bib")
    assert graph.value(second, URIRef(f"{OO}line")) == Literal(12)
    assert graph.value(second, URIRef(f"{OO}key")) == Literal("lee")
    assert graph.value(second, URIRef(f"{OO}fieldName")) == Literal("year")
    assert graph.value(second, SH.resultPath) is None


@pytest.mark.parametrize("form", FORMATS)
def test_every_form_tells_any_problem(form: str) -> None:
    assert FORMATS[form](PROBLEMS)
    assert FORMATS[form](())
    assert FORMATS[form]([Problem("info", "A message.", "")])


def test_an_ending_is_lower_case_without_its_dot() -> None:
    assert rdf_ending(Path("Works.TTL.gz")) == "ttl" and rdf_ending(Path("works")) == ""
    assert all(ending == ending.lower().strip(".") for ending in RDF_BY_ENDING)


def test_a_misspelt_scope_is_told() -> None:
    """It would be published as a scope of its own, and so would a work out of scope."""
    concept = """
        <scope/out-of-scop> a oo:Scope ; skos:inScheme <scheme/scopes> ;
            skos:prefLabel "Out of scop" ; oo:unreviewed true .
        <scheme/scopes> a skos:ConceptScheme ; dcterms:title "Scopes"@en .
    """
    (told,) = (p for p in validate_quads(stated(concept)).problems if "unreviewed" in p.property)
    assert told.severity == "warning"
    assert told.remedy.startswith("Did you mean Out of scope? ")


def test_a_misspelt_platform_is_guessed() -> None:
    concept = """
        <platform/upwrok> a oo:Platform ; skos:inScheme <scheme/platforms> ;
            skos:prefLabel "Upwrok" ; oo:unreviewed true .
        <platform/zzz> a oo:Platform ; skos:inScheme <scheme/platforms> ;
            skos:prefLabel "Zzz" ; oo:unreviewed true .
        <scheme/platforms> a skos:ConceptScheme ; dcterms:title "Platforms"@en .
        <platform/fiver> a oo:Platform ; skos:inScheme <scheme/platforms> ;
            skos:prefLabel "fiver" ; oo:unreviewed true .
    """
    problems = validate_quads(stated(concept)).problems
    remedies = {
        p.record.rpartition("/")[2]: p.remedy for p in problems if "unreviewed" in p.property
    }
    assert remedies["upwrok"].startswith("Did you mean Upwork? ")
    assert remedies["fiver"].startswith("Did you mean Fiverr? ")
    assert "Did you mean" not in remedies["zzz"]


def test_what_to_do_about_a_file_that_nobody_can_read(tmp_path: Path) -> None:
    """Not the end of what is wrong with it, even if there is a semicolon in that."""
    header = "a,b; c\n1,2\n"
    problems = (
        *check_records(tmp_path / "gone.csv"),
        *check_records(written(tmp_path, "a.csv", header)),
        *check_records(written(tmp_path, "b.csv", "")),
    )
    remedy = problems[1].remedy
    assert remedy.startswith('Say which one has the titles: write the lines header,field and "a"')
    assert [(problem.message.split(";")[0], problem.remedy) for problem in problems] == [
        ("No such file or directory", "Check its name and permissions."),
        ("no column is called title", remedy),
        ("the file is empty", "Give a file that contains records."),
    ]
