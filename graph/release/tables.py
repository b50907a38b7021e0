"""Tables: the works as one table, for spreadsheets, R, pandas or DuckDB.

``works.csv`` has a row for each work, in the order of the ids; ``works.parquet`` has the same rows
and columns. ``works.csv-metadata.json`` describes the columns as CSV on the Web
(https://www.w3.org/TR/tabular-metadata/), ``datapackage.json`` as a Data Package
(https://specs.frictionlessdata.io/). What sources state and what rules inferred are in separate
columns. Values are not escaped, even if a spreadsheet might take them for formulas.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from . import Release
from .dumps import DATA_PACKAGE, WORKS_CSV, WORKS_CSVW, WORKS_PARQUET, add_sums
from .records import Records
from .table_rows import heading
from .table_schema import columns, csvw, data_package


def write_tables(folder: Path, release: Release) -> None:
    """Write the tables of works to the dumps in ``folder``, and add their checksums.

    ``records.db``, which holds the lines, must exist already.
    """
    dumps = folder / "dumps"
    with (dumps / WORKS_CSV).open("wb") as file:
        file.write(heading().encode())
        file.writelines(Records(folder).all_texts("csv"))
    _write_parquet(dumps / WORKS_CSV, dumps / WORKS_PARQUET)
    _write_json(dumps / WORKS_CSVW, csvw(release))
    add_sums(dumps, (WORKS_CSV, WORKS_CSVW, WORKS_PARQUET))
    _write_json(dumps / DATA_PACKAGE, data_package(release, dumps))
    add_sums(dumps, (DATA_PACKAGE,))


def _write_parquet(table: Path, path: Path) -> None:
    types = ", ".join(f"'{column.name}': '{column.type[2]}'" for column in columns())
    with duckdb.connect(config={"threads": 1}) as base:
        # one thread: rows keep their order, and the same table gives the same bytes
        base.execute(
            f"COPY (SELECT * FROM read_csv($source, columns = {{{types}}}, header = true,"
            " auto_detect = false, delim = ',', quote = '\"', escape = '\"'))"
            " TO $target (FORMAT parquet, COMPRESSION zstd)",
            # read_csv takes a glob pattern: brackets make special characters literal
            {"source": re.sub(r"([*?[])", r"[\1]", str(table)), "target": str(path)},
        )


def _write_json(path: Path, value: Mapping[str, Any]) -> None:
    text = json.dumps(value, indent=1, ensure_ascii=False) + "\n"
    path.write_text(text, encoding="utf-8", newline="\n")
