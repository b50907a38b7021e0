"""The command line: one function a command, each a thin cover over graph/ and server/."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NoReturn

import click
from prettytable import PrettyTable

from . import __version__
from .graph import catalogue
from .graph.build import Unsound
from .graph.build import build as build_release
from .graph.catalogue import BrokenCatalogue
from .graph.check import check_records
from .graph.files import write_text
from .graph.formats import RDF, RESULTS
from .graph.model import Entry, Problem, Record
from .graph.readers import READERS, UnreadableFile, read_file
from .graph.release import NoRelease, open_release
from .graph.report import FORMATS as REPORTS
from .graph.store import EmbeddedStore, Limits, QueryError
from .graph.validate import validate_rdf
from .ontology import BASE_IRI
from .server import serve as run

__all__ = ["main"]

_CURRENT = Path("build/release/current")
#: Whether this is a checkout, whose own catalogue is there to be edited.
_CHECKOUT = (Path(__file__).parent / "pyproject.toml").exists()
_JSON = "application/sparql-results+json"
_FORMATS = {**RDF, **RESULTS}
_ACCEPT = f"{_JSON}, text/turtle;q=0.5"
_FILES = click.Path(exists=True, path_type=Path)
_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="oograph")
def main() -> None:
    """Publish a bibliography as linked data.

    \b
    oograph import refs.bib --catalogue my/   read records into a catalogue
    oograph build --catalogue my/             make a release of it
    oograph serve                             serve the release on port 8000
    oograph validate my.ttl                   check your own file
    oograph query 'SELECT …'                  ask the release

    Without --catalogue the catalogue that oograph ships is used. Progress goes to stderr,
    results to stdout. Exit 0: fine; 1: the data has problems, reported; 2: wrong usage.
    """


@main.command("import")
@click.argument("files", nargs=-1, required=True, type=_FILES)
@click.option(
    "--catalogue",
    "folder",
    type=_FOLDER,
    help="The catalogue to add to; in a checkout, by default its own.",
)
@click.option(
    "--rejects",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("rejects.jsonl"),
    show_default=True,
    help="Where entries that cannot be used go, one JSON object a line, with the reason.",
)
@click.option("--dry-run", is_flag=True, help="Say what would change; write nothing.")
def import_(files: tuple[Path, ...], folder: Path | None, rejects: Path, dry_run: bool) -> None:
    """Read FILES (or every file of a folder) into the catalogue.

    The format is told by the ending: .bib (BibTeX, BibLaTeX), .csv and .tsv (one record a row),
    .txt (record pages). Records of one work become one work; a value the catalogue has is never
    replaced; importing a file twice changes nothing.
    """
    if folder is None and not _CHECKOUT:
        raise click.UsageError(
            "The catalogue inside an installed package is not for editing: give --catalogue DIR "
            "(a new folder starts empty)."
        )
    folder = folder or catalogue.default_folder()
    works = _catalogue(folder)
    records: list[Record] = []
    rejected: list[Entry] = []
    problems: list[Problem] = []
    paths = list(_expanded(files))
    with click.progressbar(paths, label="reading", file=sys.stderr) as bar:
        for path in bar:
            try:
                for entry in read_file(path):
                    problems += entry.problems
                    if entry.record:
                        records.append(entry.record)
                    else:
                        rejected.append(entry)
            except UnreadableFile as error:
                problems.append(_unreadable(path, error))
    click.echo(f"comparing {len(works) + len(records):,} records", err=True)
    added = catalogue.add(works, records)
    if problems:
        click.echo(REPORTS["text"](problems), err=True)
    if not dry_run:
        catalogue.write(folder, added.works)
        if rejected:
            write_text(rejects, "".join(map(_reject_line, rejected)))
    merged = len(records) - len(added.new)
    click.echo(f"{len(records) + len(rejected):>7,} entries read from {len(paths)} files")
    click.echo(f"{len(added.new):>7,} new works")
    click.echo(f"{merged:>7,} records of works that were known or met twice")
    click.echo(f"{len(added.updated):>7,} works updated")
    where = f", see {rejects}" if rejected and not dry_run else ""
    click.echo(f"{len(rejected):>7,} entries rejected{where}")
    click.echo(f"{len(added.works):>7,} works in {'the catalogue' if not dry_run else 'all'}")
    sys.exit(1 if any(problem.severity == "violation" for problem in problems) else 0)


@main.command()
@click.option("--catalogue", "folder", type=_FOLDER, help="The catalogue to publish.")
@click.option("--out", type=_FOLDER, default=_CURRENT.parent, show_default=True)
@click.option("--base-iri", default=BASE_IRI, show_default=True, help="The base of every IRI.")
def build(folder: Path | None, out: Path, base_iri: str) -> None:
    """Make a release: map, validate, and write dumps, store and descriptions.

    Records that break a shape are left out and reported. Nothing is made anew where the newest
    release is of the same inputs.
    """
    if not base_iri.startswith(("http://", "https://")) or not base_iri.endswith("/"):
        raise click.BadParameter('must be http(s) and end with "/"', param_hint="--base-iri")
    try:
        made = build_release(
            folder or catalogue.default_folder(),
            out,
            base_iri,
            lambda text: click.echo(text, err=True),
        )
    except (BrokenCatalogue, Unsound) as error:
        _fail(error.problems)
    release = made.release
    broken = [problem for problem in made.problems if problem.severity == "violation"]
    if broken:
        click.echo(REPORTS["text"](broken), err=True)
    state = "made" if made.fresh else "up to date"
    click.echo(
        f"release {release.version} {state}: {release.classes.get('Publication', 0):,} "
        f"publications, {release.quads:,} statements, in {release.folder}"
    )
    sys.exit(1 if release.quarantined else 0)


@main.command()
@click.argument("files", nargs=-1, required=True, type=_FILES)
@click.option("--format", "form", type=click.Choice(list(REPORTS)), default="text")
def validate(files: tuple[Path, ...], form: str) -> None:
    """Check FILES: RDF in the ontology's terms, or records (.bib, .csv, .txt).

    For each problem: how grave, where, what is wrong, how to mend it. The form turtle is a SHACL
    validation report.
    """
    problems: list[Problem] = []
    for path in _expanded(files):
        if path.suffix.lower() in READERS:
            problems += check_records(path)
        else:
            problems += validate_rdf(path)
    click.echo(REPORTS[form](problems))
    sys.exit(1 if any(problem.severity == "violation" for problem in problems) else 0)


@main.command()
@click.option("--release", type=_FOLDER, default=_CURRENT, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="0.0.0.0: all networks.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True)
def serve(release: Path, host: str, port: int) -> None:
    """Serve a release: pages, IRIs, SPARQL, dumps. Port 0 takes a free one."""
    try:
        run(release, host, port)
    except NoRelease as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise click.ClickException(
            f"cannot listen on {host}:{port}: {error.strerror or error}; give another --port"
        ) from None


@main.command()
@click.argument("sparql")
@click.option("--release", type=_FOLDER, default=_CURRENT, show_default=True)
@click.option(
    "--format", "form", type=click.Choice(["table", *_FORMATS]), default="table", show_default=True
)
def query(sparql: str, release: Path, form: str) -> None:
    """Ask a release. SPARQL is the query, or - to read it from standard input.

    A table is for SELECT and ASK; with CONSTRUCT and DESCRIBE it is Turtle.
    """
    text = sys.stdin.read() if sparql == "-" else sparql
    try:
        with EmbeddedStore(open_release(release).folder, Limits(workers=1)) as store:
            answer = store.query(text, _ACCEPT if form == "table" else _FORMATS[form].media_type)
    except NoRelease as error:
        raise click.ClickException(str(error)) from None
    except QueryError as error:
        fault = error.fault
        told = "\n".join(filter(None, (fault.detail, fault.excerpt, fault.hint)))
        raise click.ClickException(told) from None
    as_table = form == "table" and answer.media_type == _JSON
    click.echo(_table(answer.body) if as_table else answer.body, nl=False)


def _table(body: bytes) -> str:
    """SPARQL results as columns; IRIs of ours in short."""
    found = json.loads(body)
    if "boolean" in found:
        return f"{str(found['boolean']).lower()}\n"
    names = found["head"]["vars"]
    table = PrettyTable(names, align="l")
    for row in found["results"]["bindings"]:
        table.add_row([row[name]["value"] if name in row else "" for name in names])
    return f"{table}\n{len(table.rows)} rows\n"


def _catalogue(folder: Path) -> list[Record]:
    try:
        return catalogue.read(folder)
    except BrokenCatalogue as error:
        _fail(error.problems)


def _expanded(files: Iterable[Path]) -> Iterator[Path]:
    """The files, and for a folder every file in it, sorted."""
    for path in files:
        yield from sorted(p for p in path.iterdir() if p.is_file()) if path.is_dir() else [path]


def _unreadable(path: Path, error: UnreadableFile) -> Problem:
    return Problem("violation", str(error), "Give a file that one of the readers takes.", str(path))


def _reject_line(entry: Entry) -> str:
    reason = next(p for p in entry.problems if p.severity == "violation")
    facts = {
        "file": entry.source.file,
        "line": entry.source.position,
        "key": entry.source.key,
        "reason": reason.message,
        "remedy": reason.remedy,
        "text": entry.text,
    }
    return json.dumps(facts, ensure_ascii=False) + "\n"


def _fail(problems: Iterable[Problem]) -> NoReturn:
    click.echo(REPORTS["text"](tuple(problems)), err=True)
    sys.exit(1)
