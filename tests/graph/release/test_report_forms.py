"""The report of a release in every format."""

import gzip
from pathlib import Path

import pyoxigraph as ox
import pytest

from oograph.graph.formats import RDF
from oograph.graph.iris import IRIs
from oograph.graph.release import Release
from oograph.graph.release.report_forms import has_all_forms, report_file, write_forms
from oograph.graph.store.serialization import write_graph


def _triples(path: Path, form: str) -> set[ox.Triple]:
    return {quad.triple for quad in ox.parse(path=path, format=RDF[form].rdf)}


@pytest.mark.parametrize("form", RDF)
def test_every_form_says_the_same(small_release: Release, form: str) -> None:
    turtle = _triples(report_file(small_release.folder, "ttl"), "ttl")
    path = report_file(small_release.folder, form)
    assert _triples(path, form) == turtle
    assert len(turtle) > 10
    assert gzip.decompress(report_file(small_release.folder, form, True).read_bytes()) == (
        path.read_bytes()
    )


@pytest.mark.parametrize("form", sorted(RDF.keys() - {"ttl"}))
def test_the_other_forms_are_what_is_written_for_any_graph(
    small_release: Release, form: str
) -> None:
    triples = sorted(_triples(report_file(small_release.folder, "ttl"), "ttl"), key=str)
    written = report_file(small_release.folder, form).read_bytes()
    assert written == write_graph(triples, form, small_release.base_iri)


def test_the_same_report_gives_the_same_files(small_release: Release, tmp_path: Path) -> None:
    turtle = report_file(small_release.folder, "ttl").read_bytes()
    report_file(tmp_path, "ttl").write_bytes(turtle)
    write_forms(tmp_path, IRIs(small_release.base_iri))
    files = [report_file(tmp_path, form, packed) for form in RDF for packed in (False, True)]
    for file in files:
        assert file.read_bytes() == (small_release.folder / file.name).read_bytes()
        assert file.name in small_release.files


def test_where_there_is_no_report_it_is_empty_in_every_form(tmp_path: Path) -> None:
    assert not has_all_forms(tmp_path)
    write_forms(tmp_path, IRIs("https://example.org/"))
    assert has_all_forms(tmp_path)
    for form in RDF:
        assert _triples(report_file(tmp_path, form), form) == set()
