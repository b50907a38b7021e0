"""The stored RDF of works for exports, compared with the graph."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from oograph.graph.release import Release
from oograph.graph.release.build import build
from oograph.graph.store.answers import Limits
from oograph.graph.store.embedded import EmbeddedStore
from oograph.server.app import create_app

SMALL = Path(__file__).parents[2] / "fixtures" / "small"
FORMATS = {"ttl": ox.RdfFormat.TURTLE, "jsonld": ox.RdfFormat.JSON_LD}
#: The statements about works, and about their authorships and editorships.
SAID = """
PREFIX oo: <{base}ontology#>
CONSTRUCT {{ ?node ?property ?value }} WHERE {{
  {{ ?node a oo:Publication }} UNION {{ ?work oo:authorship|oo:editorship ?node }}
  ?node ?property ?value
}}
"""


def said(release: Release) -> set[str]:
    store = ox.Store.read_only(str(release.folder / "store"))
    query = SAID.format(base=release.base_iri)
    answer = store.query(query, use_default_graph_as_union=True)
    assert isinstance(answer, ox.QueryTriples)
    return set(map(str, answer))


def exported(release: Release, form: str) -> list[str]:
    with EmbeddedStore(release.folder, Limits(workers=1)) as store:
        reply = create_app(release, store).test_client().get(f"/works.{form}")
    return [str(quad.triple) for quad in ox.parse(reply.data, FORMATS[form])]


@pytest.mark.parametrize("form", FORMATS)
def test_an_export_says_what_the_graph_says_each_statement_once(
    shipped_release: Release, form: str
) -> None:
    statements = said(shipped_release)
    assert len(statements) > 20_000
    assert sorted(exported(shipped_release, form)) == sorted(statements)


@pytest.mark.parametrize("base", ["http://example.org/a+b/", "https://example.org/ü(1)/"])
def test_so_it_does_under_another_iri(tmp_path: Path, base: str) -> None:
    release = build(SMALL, tmp_path, base).release
    for form in FORMATS:
        assert sorted(exported(release, form)) == sorted(said(release))
