"""The command line: one function a command, each a thin cover over graph/ and server/."""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import click
from prettytable import PrettyTable

from . import __version__
from .graph import catalogue
from .graph.catalogue import Import, decisions, history
from .graph.catalogue.resolve import explain as explain_match
from .graph.errors import (
    BadAddress,
    BadHost,
    BrokenCatalogue,
    InvalidVocabulary,
    LoadError,
    NoRelease,
    NothingToUndo,
    UnreadableFile,
    UnreadableRDF,
)
from .graph.files import write_text
from .graph.formats import RDF, RESULTS
from .graph.model import Entry, Problem, Record, Tombstone
from .graph.rdf.rdf_file import FORMATS as RDF_FORMATS
from .graph.rdf.record_check import check_records, unreadable
from .graph.rdf.report import FORMATS as REPORTS
from .graph.rdf.validate import validate_rdf
from .graph.readers import read_file
from .graph.readers.headers import read_mapping
from .graph.release import Release, is_version, open_release
from .graph.release.build import build as build_release
from .graph.release.changes import KINDS, Records
from .graph.release.diff import ADDED, BOTH, DELETED, compare, patch_line, sorted_lines
from .graph.store.answers import Limits
from .graph.store.embedded import EmbeddedStore
from .graph.store.load import load as load_store
from .graph.store.load import loaded_version
from .graph.store.problems import QueryError
from .graph.store.remote import RemoteStore
from .graph.store.service_hosts import ServiceHosts
from .graph.vocabulary.disambiguation import check_rules, is_rule_table
from .graph.vocabulary.links import check_links, is_link_table
from .graph.writers import WRITERS
from .ontology import BASE_IRI
from .server.run import serve as run
from .server.web.access_log import LOGS

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
    oograph withdraw ID --reason TEXT         take a work out, leave a tombstone
    oograph export bibtex                     write the catalogue out
    oograph build --catalogue my/             make a release of it
    oograph serve                             serve the release on port 8000
    oograph load http://store:7878            fill a remote SPARQL store with it
    oograph validate my.ttl                   check your own file
    oograph query 'SELECT …'                  ask the release
    oograph diff OLD NEW                      what changed between two releases or files

    Without --catalogue the catalogue that oograph ships is used. Progress goes to stderr,
    results to stdout. Exit 0: fine; 1: the data has problems, reported; 2: wrong usage.
    """


@main.command("import")
@click.argument("files", nargs=-1, type=_FILES)
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
@click.option(
    "--mapping",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A CSV of two columns, header and field, for tables with other headers.",
)
@click.option("--explain", is_flag=True, help="Say for each match why it is one work.")
@click.option("--dry-run", is_flag=True, help="Say what would change; write nothing.")
@click.option("--undo", is_flag=True, help="Put back what the last import or withdrawal changed.")
def import_(
    files: tuple[Path, ...],
    folder: Path | None,
    rejects: Path,
    mapping: Path | None,
    explain: bool,
    dry_run: bool,
    undo: bool,
) -> None:
    """Read FILES (or every file of a folder) into the catalogue.

    The format is told by content and ending: BibTeX, RIS, CSL-JSON, CSV and TSV, record pages,
    reference lists, JSON-LD of schema.org, our own dumps. Records of one work become one work; a
    value the catalogue has is never replaced; importing a file twice changes nothing. Pairs that
    may be one work go to undecided.csv beside the catalogue, for a curator to settle in
    decisions.csv.
    """
    folder = _own(folder)
    if undo:
        if files:
            raise click.UsageError("--undo takes no FILES.")
        _undo(folder)
        return
    if not files:
        raise click.UsageError("Missing argument 'FILES...'.")
    works = _catalogue(folder)
    records, rejected, problems = _read(list(_expanded(files)), _mapping(mapping))
    click.echo(f"comparing {len(works) + len(records):,} records", err=True)
    decided, broken_decisions = decisions.read(folder)
    added = catalogue.add(works, records, decided, _tombstones(folder))
    problems += (*broken_decisions, *added.problems)
    if problems:
        click.echo(REPORTS["text"](problems), err=True)
    if explain:
        for match in (*added.matches, *added.versions):
            click.echo(explain_match(match, added.compared))
    if not dry_run:
        _store(folder, added)
        if rejected:
            write_text(rejects, "".join(map(_reject_line, rejected)))
    _summary(added, len(records), len(rejected), "" if dry_run else f", see {rejects}")
    sys.exit(1 if any(problem.severity == "violation" for problem in problems) else 0)


def _read(
    paths: list[Path], mapping: Mapping[str, str]
) -> tuple[list[Record], list[Entry], list[Problem]]:
    """The records of the files, the entries that are none, and what is wrong with either."""
    records: list[Record] = []
    rejected: list[Entry] = []
    problems: list[Problem] = []
    with click.progressbar(paths, label="reading", file=sys.stderr) as bar:
        for path in bar:
            try:
                for entry in read_file(path, mapping):
                    problems += entry.problems
                    if entry.record:
                        records.append(entry.record)
                    else:
                        rejected.append(entry)
            except UnreadableFile as error:
                problems.append(unreadable(path, error))
    return records, rejected, problems


def _summary(added: Import, records: int, rejected: int, rejects: str) -> None:
    lines = (
        (records + rejected, "entries read"),
        (len(added.new), "new works"),
        (records - len(added.new), "records of works that were known or met twice"),
        (len(added.updated), "works updated"),
        (len(added.versions), "works that are versions of another"),
        (len(added.tombstones), "tombstones"),
        (len(added.undecided), "pairs undecided" + (", see undecided.csv" * bool(added.undecided))),
        (rejected, f"entries rejected{rejects if rejected else ''}"),
        (len(added.works), "works in all"),
    )
    for number, what in lines:
        click.echo(f"{number:>7,} {what}")


def _store(folder: Path, added: Import) -> None:
    history.remember(folder)
    catalogue.write(folder, added.works)
    today = time.strftime("%Y-%m-%d", time.gmtime())
    graves = (grave if grave.date else replace(grave, date=today) for grave in added.tombstones)
    history.write_tombstones(folder, graves)
    decisions.write_undecided(folder, added.undecided)


@main.command()
@click.argument("id")
@click.option("--reason", required=True, help="Why, for those who follow the old IRI.")
@click.option("--into", default="", help="The id of the work that takes its place.")
@click.option("--catalogue", "folder", type=_FOLDER, help="The catalogue; see import.")
def withdraw(id: str, reason: str, into: str, folder: Path | None) -> None:
    """Take the work ID out of the catalogue; a tombstone stays under its IRI.

    `oograph import --undo` puts it back.
    """
    folder = _own(folder)
    works = _catalogue(folder)
    gone = Tombstone(id, into, reason, time.strftime("%Y-%m-%d", time.gmtime()))
    try:
        kept, tombstones = history.withdraw(works, _tombstones(folder), gone)
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    history.remember(folder)
    catalogue.write(folder, kept)
    history.write_tombstones(folder, tombstones)
    click.echo(f"{id} is withdrawn{f'; {into} takes its place' if into else ''}")


@main.command()
@click.argument("form", metavar="FORMAT", type=click.Choice(list(WRITERS)))
@click.option("--catalogue", "folder", type=_FOLDER, help="The catalogue to write out.")
def export(form: str, folder: Path | None) -> None:
    """Write the catalogue to standard output as bibtex, ris, csl (CSL-JSON) or csv."""
    works = _catalogue(folder or catalogue.default_folder())
    # as bytes: RIS and CSV bring their own line ends
    out = sys.stdout.buffer
    for text in WRITERS[form].write(works):
        out.write(text.encode("utf-8", "replace"))


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
    except (BrokenCatalogue, InvalidVocabulary) as error:
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
    """Check FILES: RDF in the ontology's terms, tables of links (SSSOM), or records.

    For each problem: how grave, where, what is wrong, how to mend it. The form turtle is a SHACL
    validation report.
    """
    problems: list[Problem] = []
    for path in _expanded(files):
        problems += _check(path)
    click.echo(REPORTS[form](problems))
    sys.exit(1 if any(problem.severity == "violation" for problem in problems) else 0)


@main.command()
@click.option("--release", type=_FOLDER, default=_CURRENT, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="0.0.0.0: all networks.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True)
@click.option(
    "--timeout",
    type=click.FloatRange(0, min_open=True),
    default=10.0,
    show_default=True,
    help="Seconds a query may run.",
)
@click.option(
    "--workers",
    type=click.IntRange(1),
    default=2,
    show_default=True,
    help="Queries that run at once; the pages have a process of their own.",
)
@click.option(
    "--trusted-proxies",
    type=click.IntRange(0),
    default=0,
    show_default=True,
    help="Proxies in front, whose X-Forwarded- headers are believed.",
)
@click.option("--store", "url", default="", help="A remote SPARQL endpoint that holds the release.")
@click.option(
    "--service-host",
    "hosts",
    multiple=True,
    metavar="HOST",
    callback=lambda context, option, hosts: _hosts(hosts),
    help="A host, or host:port, that SERVICE may ask; give it again for each.  [default: none]",
)
@click.option("--public-url", default="", help="Where the public reaches it, behind a proxy.")
@click.option(
    "--log",
    type=click.Choice(LOGS),
    default="requests",
    show_default=True,
    help="A JSON line a request on stderr; addresses only with 'addresses'.",
)
def serve(
    release: Path,
    host: str,
    port: int,
    timeout: float,
    workers: int,
    trusted_proxies: int,
    url: str,
    hosts: ServiceHosts,
    public_url: str,
    log: str,
) -> None:
    """Serve a release: pages, IRIs, SPARQL, dumps. Port 0 takes a free one.

    A new release takes over where --release is a link that comes to point to it, as
    build/release/current does, and on SIGHUP; no request fails.
    """
    limits = Limits(seconds=timeout, workers=workers)
    try:
        store = _remote(url, open_release(release), limits, hosts) if url else None
        run(
            release,
            host,
            port,
            public_url,
            limits,
            trusted_proxies,
            log,
            store,
            service_hosts=hosts.listed,
        )
    except (NoRelease, LoadError, BadAddress) as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise click.ClickException(
            f"cannot listen on {host}:{port}: {error.strerror or error}; give another --port"
        ) from None


def _hosts(hosts: Iterable[str]) -> ServiceHosts:
    try:
        return ServiceHosts.of(hosts)
    except BadHost as error:
        raise click.BadParameter(str(error)) from None


def _remote(
    url: str, release: Release, limits: Limits, hosts: ServiceHosts
) -> Callable[[Release], RemoteStore]:
    """What makes the store at ``url``, after a word where it holds another release."""
    there = loaded_version(url, release.base_iri)
    if there != release.version:
        click.echo(
            f"the store holds release {there or '(none)'}, the pages are of {release.version}; "
            f"fill it with `oograph load {url}`",
            err=True,
        )
    return lambda release: RemoteStore(url, release.base_iri, limits, hosts)


@main.command()
@click.argument("url")
@click.option("--release", type=_FOLDER, default=_CURRENT, show_default=True)
@click.option("--update-url", default="", help="Where updates go, if not where convention says.")
def load(url: str, release: Path, update_url: str) -> None:
    """Fill the SPARQL 1.1 store at URL with a release, for `serve --store URL`.

    Only the release's own graphs are replaced. A load that broke off goes on where it was; the
    end is verified by counts. Credentials: in URL, or OOGRAPH_STORE_USER and
    OOGRAPH_STORE_PASSWORD.
    """
    try:
        done = load_store(
            url, open_release(release), update_url, lambda text: click.echo(text, err=True)
        )
    except (NoRelease, LoadError, BadAddress) as error:
        raise click.ClickException(str(error)) from None
    for name, count in done.counts.items():
        click.echo(f"{count:>10,} in graph/{name}")
    state = "loaded" if done.fresh else "was there already"
    click.echo(f"release {done.version} {state}; serve it with `oograph serve --store {done.url}`")


@main.command()
@click.argument("old")
@click.argument("new")
def diff(old: str, new: str) -> None:
    """Write what NEW has and OLD has not, and the other way round, as an RDF Patch.

    Each is the folder of a release, the version of one under build/release, or an RDF file in any
    of our formats, gzipped or not. Named graphs are taken as one graph. A line "A s p o ." is
    added, "D s p o ." deleted; a summary goes to stderr.
    """
    counts: Counter[str] = Counter()
    records = Records()
    try:
        for mark, line in compare(_triples(old), _triples(new)):
            records.take(mark, line)
            if mark != BOTH:
                counts[mark] += 1
                click.echo(patch_line(mark, line), nl=False)
    except NoRelease as error:
        raise click.ClickException(str(error)) from None
    except UnreadableRDF as error:
        _fail(error.problems)
    kinds = Counter(kind for kind, _ in records.changes())
    click.echo(
        f"{counts[ADDED]:,} statements added, {counts[DELETED]:,} deleted; records: "
        + ", ".join(f"{kinds[kind]:,} {kind}" for kind in KINDS),
        err=True,
    )


def _triples(name: str) -> Iterator[str]:
    path = Path(name)
    if not path.exists() and is_version(name):
        path = _CURRENT.parent / name
    if not path.exists():
        raise click.UsageError(f"There is no file, folder or release {name}.")
    return sorted_lines(path)


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
        fault = error.problem
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


def _check(path: Path) -> tuple[Problem, ...]:
    ending = Path(path.name.lower().removesuffix(".gz")).suffix
    if is_link_table(path):
        return check_links(path)
    if is_rule_table(path):
        return check_rules(path)
    if ending in RDF_FORMATS and ending != ".json":
        return validate_rdf(path)
    return check_records(path)


def _own(folder: Path | None) -> Path:
    """The catalogue to change: the one given, or in a checkout its own."""
    if folder is None and not _CHECKOUT:
        raise click.UsageError(
            "The catalogue inside an installed package is not for editing: give --catalogue DIR "
            "(a new folder starts empty)."
        )
    return folder or catalogue.default_folder()


def _mapping(path: Path | None) -> Mapping[str, str]:
    try:
        return read_mapping(path) if path else {}
    except UnreadableFile as error:
        raise click.BadParameter(str(error), param_hint="--mapping") from None


def _tombstones(folder: Path) -> tuple[Tombstone, ...]:
    try:
        return history.read_tombstones(folder)
    except BrokenCatalogue as error:
        _fail(error.problems)


def _undo(folder: Path) -> None:
    try:
        history.undo(folder)
    except NothingToUndo as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{len(_catalogue(folder)):,} works, as before the last change; once more redoes it")


def _catalogue(folder: Path) -> list[Record]:
    try:
        return catalogue.read(folder)
    except BrokenCatalogue as error:
        _fail(error.problems)


def _expanded(files: Iterable[Path]) -> Iterator[Path]:
    """The files, and for a folder every file in it, sorted."""
    for path in files:
        yield from sorted(p for p in path.iterdir() if p.is_file()) if path.is_dir() else [path]


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
