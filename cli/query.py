"""The command that queries a release: query."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
from prettytable import PrettyTable

from ..graph.formats import RDF, RESULTS
from ..graph.numbers import counted
from ..graph.release import open_release
from ..graph.store.answers import Limits
from ..graph.store.embedded import EmbeddedStore
from .common import CURRENT, FOLDER, visible

_FORMATS = {**RDF, **RESULTS}
_JSON = RESULTS["json"].media_type
_ACCEPT = f"{_JSON}, {RDF['ttl'].media_type};q=0.5"


@click.command()
@click.argument("sparql")
@click.option(
    "--release", type=FOLDER, default=CURRENT, show_default=True, help="The release to query."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", *_FORMATS]),
    default="table",
    show_default=True,
    help="The format of the answer.",
)
def query(sparql: str, release: Path, form: str) -> None:
    """Query a release. SPARQL is the query, or - to read it from standard input.

    The table format is for SELECT and ASK; CONSTRUCT and DESCRIBE print Turtle instead.
    """
    text = sys.stdin.read() if sparql == "-" else sparql
    with EmbeddedStore(open_release(release).folder, Limits(workers=1)) as store:
        answer = store.query(text, _ACCEPT if form == "table" else _FORMATS[form].media_type)
    as_table = form == "table" and answer.media_type == _JSON
    click.echo(_table(answer.body) if as_table else answer.body, nl=False)


def _table(body: bytes) -> str:
    """Format SPARQL JSON results as a table, or an ASK result as true or false."""
    results = json.loads(body)
    if "boolean" in results:
        return f"{str(results['boolean']).lower()}\n"
    names = results["head"]["vars"]
    table = PrettyTable(names, align="l")
    for row in results["results"]["bindings"]:
        table.add_row([visible(row[name]["value"]) if name in row else "" for name in names])
    return f"{table}\n{counted(len(table.rows), 'row')}\n"
