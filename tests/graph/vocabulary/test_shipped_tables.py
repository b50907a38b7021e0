"""The shipped tables that curators edit: what ``validate`` says of them, and of a wrong row."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from oograph.cli import main
from oograph.graph.vocabulary import (
    abstracts,
    authority,
    confidence,
    disambiguation,
    places,
    platform_work,
    scope,
)
from oograph.graph.vocabulary.tables import has_columns

FOLDER = Path(__file__).parents[3] / "ontology"


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("abstract-rules.tsv", abstracts.COLUMNS),
        ("authority.tsv", authority.COLUMNS),
        ("cities.tsv", places.COLUMNS),
        ("confidence.tsv", confidence.COLUMNS),
        ("country-groups.tsv", places.COLUMNS),
        ("disambiguation.tsv", disambiguation.COLUMNS),
        ("platform-work.tsv", platform_work.COLUMNS),
        ("scope-rules.tsv", scope.COLUMNS),
    ],
)
def test_validate_finds_nothing(name: str, columns: Sequence[str]) -> None:
    assert has_columns(FOLDER / name, columns)
    done = CliRunner().invoke(main, ["validate", str(FOLDER / name)])
    assert (done.exit_code, "No problems found" in done.output) == (0, True)


def test_every_shipped_table_is_known() -> None:
    done = CliRunner().invoke(main, ["validate", *map(str, FOLDER.glob("*.tsv"))])
    assert (done.exit_code, "No problems found" in done.output) == (0, True)


@pytest.mark.parametrize(
    ("name", "row", "message"),
    [
        ("abstract-rules.tsv", "x\tmethods\tno-such\tsurvey\ta reason", "not a concept"),
        ("abstract-rules.tsv", "x\tmethods\titself\tsurvey\ta reason", "not a concept"),
        ("abstract-rules.tsv", "x\tcolours\tsurvey\tsurvey\ta reason", "not a known scheme"),
        ("abstract-rules.tsv", "x\tmethods\tsurvey\t(survey\ta reason", "regular expression"),
        ("abstract-rules.tsv", "x\tmethods\tsurvey\t{no such} by\ta reason", "Not defined: {no"),
        ("abstract-rules.tsv", "x\tmethods\tsurvey\tsurvey\t", "The cell why is empty"),
        ("abstract-rules.tsv", "x\tmethods\tsurvey\tsurvey\ta reason\tb", "more cells"),
        ("abstract-rules.tsv", "define\tour study\t\tour\t", "not a name in braces"),
        ("abstract-rules.tsv", "define\t{our study}\t\t\t", "The cell pattern is empty"),
        ("cities.tsv", "XX\tAtlantis", "no country or region with this slug"),
        ("cities.tsv", "KE\tNairobi||Mombasa", "A place is missing"),
        ("cities.tsv", "KE\tNairobi\tMombasa", "more cells"),
        ("country-groups.tsv", "XX\tAtlantis", "no country or region with this slug"),
        ("confidence.tsv", "x\t2\t1\ttitles", "not two sensible counts"),
        ("confidence.tsv", "\t1\t1\ttitles", "The cell rules is empty"),
        ("confidence.tsv", "x\t1\t1\ttitles\tb", "more cells"),
        ("platform-work.tsv", "platforms-for-dreams\t\t\ta reason", "platforms has no concept"),
        ("platform-work.tsv", "platforms-for-microtasks\tno\t\ta reason", "work-types has no"),
        ("platform-work.tsv", "platforms-for-microtasks\t\tno\ta reason", "sectors has no"),
        ("platform-work.tsv", "platforms-for-microtasks\t\t\ta reason\tb", "more cells"),
    ],
)
def test_a_wrong_row_is_reported(tmp_path: Path, name: str, row: str, message: str) -> None:
    shipped = (FOLDER / name).read_text(encoding="utf-8")
    (tmp_path / name).write_text(f"{shipped}{row}\n", encoding="utf-8")
    done = CliRunner().invoke(main, ["validate", str(tmp_path / name)])
    assert (done.exit_code, message in done.output) == (1, True)
    assert f"{name}:{shipped.count(chr(10)) + 1}" in done.output
    assert "1 violation," in done.output
