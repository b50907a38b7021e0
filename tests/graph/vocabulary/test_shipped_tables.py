"""The shipped tables that curators edit: what ``validate`` says of them."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from oograph.cli import main
from oograph.graph.vocabulary import authority, disambiguation, scope
from oograph.graph.vocabulary.tables import has_columns

FOLDER = Path(__file__).parents[3] / "ontology"


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("authority.tsv", authority.COLUMNS),
        ("disambiguation.tsv", disambiguation.COLUMNS),
        ("scope-rules.tsv", scope.COLUMNS),
    ],
)
def test_validate_finds_nothing(name: str, columns: Sequence[str]) -> None:
    assert has_columns(FOLDER / name, columns)
    done = CliRunner().invoke(main, ["validate", str(FOLDER / name)])
    assert (done.exit_code, "No problems found" in done.output) == (0, True)
