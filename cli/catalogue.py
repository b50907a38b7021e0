"""The commands on a catalogue: import, harvest, withdraw, export."""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Executor
from contextlib import contextmanager
from datetime import datetime
from itertools import chain
from pathlib import Path

import click

from ..graph.catalogue import Catalogue, Import, default_folder, editing
from ..graph.catalogue.reading import is_much, read_files
from ..graph.collection import rare_collection
from ..graph.dataset import OOGRAPH
from ..graph.errors import LostProcess, UnreadableFile
from ..graph.files import write_text
from ..graph.harvest import APIS, Harvest
from ..graph.model import Entry, Problem, Record, Tombstone
from ..graph.numbers import counted
from ..graph.rdf.record_check import unreadable
from ..graph.readers.headers import read_mapping
from ..graph.readers.values import words
from ..graph.release.processes import cores, working
from ..graph.resolution.resolve import explain as explain_match
from ..graph.vocabulary.annotate import Inference
from ..graph.vocabulary.scope import infer_scope, load_scope_rules
from ..graph.writers import WRITERS
from ..graph.writers.table import write_for_spreadsheets
from .common import FILES, FOLDER, exit_code, say, show, visible, with_bar
from .inputs import expanded

#: Whether this is a checkout: its own catalogue may be edited.
_CHECKOUT = (Path(__file__).parents[1] / "pyproject.toml").exists()
#: The most works that are listed by name.
_NAMED = 20


@click.command("import")
@click.argument("files", nargs=-1, type=FILES)
@click.option(
    "--catalogue",
    "folder",
    type=FOLDER,
    help="The catalogue to add to. In a checkout, the default is the checkout's own.",
)
@click.option(
    "--rejects",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("rejects.jsonl"),
    show_default=True,
    help="The file to add rejected entries to: one JSON object per line, with the reason.",
)
@click.option(
    "--mapping",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A CSV file with the columns header and field, for tables with unknown headers.",
)
@click.option(
    "--processes",
    type=click.IntRange(1),
    help="How many processes read the files; by default, one per core if there is a lot to read.",
)
@click.option("--explain", is_flag=True, help="Explain why matched records are the same work.")
@click.option("--dry-run", is_flag=True, help="Report what would change, but write nothing.")
@click.option("--undo", is_flag=True, help="Undo the last import or withdrawal.")
def import_(
    files: tuple[Path, ...],
    folder: Path | None,
    rejects: Path,
    mapping: Path | None,
    processes: int | None,
    explain: bool,
    dry_run: bool,
    undo: bool,
) -> None:
    """Read FILES (or every file in and below a folder) into the catalogue.

    The format is recognised from the content. Supported are BibTeX, RIS, CSL-JSON, Zotero RDF, CSV
    and TSV exports of reference managers and databases, EndNote (.enw, XML), MEDLINE (.nbib), Web
    of Science and Scopus plain text, EPPI-Reviewer, ReDIF, API responses of OpenAlex, Crossref,
    DataCite, PubMed, Europe PMC, arXiv and Semantic Scholar, TEI from GROBID, record pages,
    reference lists, schema.org JSON-LD, and our own dumps. docs/curation.md lists them all.

    Records of the same work become one work. A value already in the catalogue is never replaced,
    and importing a file twice changes nothing. Pairs that may be the same work go to
    undecided.csv beside the catalogue; a curator decides them in decisions.csv.

    \b
    oograph import refs.bib --catalogue my/ --dry-run --explain   preview the import
    oograph import refs.bib --catalogue my/                       import
    oograph import --undo --catalogue my/                         undo it

    Abstracts are searched for what the work studies: platforms, countries, methods, topics, types
    of work and sectors. The abstract itself is never kept. docs/annotation.md reports how accurate
    this is.

    Exit codes: 0, all entries were read; 1, some were not, or the import failed; 2, wrong usage,
    or another command is changing this catalogue.
    """
    folder = _own(folder)
    if undo:
        if files:
            raise click.UsageError("--undo takes no FILES.")
        with editing(folder, "oograph import --undo") as edit:
            works = counted(len(edit.undo(_today()).works), "work")
        click.echo(f"{works}, as before the last change; run this again to redo it")
        return
    if not files:
        raise click.UsageError("Missing argument 'FILES...'.")
    headers = _mapping(mapping)
    sys.exit(_import_into(folder, files, headers, rejects, explain, dry_run, processes))


@click.command()
@click.argument("source", type=click.Choice(list(APIS)))
@click.argument("query")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Only works from this day on.")
@click.option("--mailto", default="", help="Your e-mail address, which the API asks for.")
@click.option("--api", "address", default="", metavar="URL", help="The address of an API mirror.")
@click.option("--catalogue", "folder", type=FOLDER, help="The catalogue to add to; see import.")
@click.option("--dry-run", is_flag=True, help="Fetch and report, but change nothing.")
def harvest(
    source: str,
    query: str,
    since: datetime | None,
    mailto: str,
    address: str,
    folder: Path | None,
    dry_run: bool,
) -> None:
    """Fetch the works that match QUERY from the API of SOURCE, and import them.

    QUERY uses the API's own syntax. Result pages are kept in ./harvest/ until all their works are
    imported. After an interruption, the same command resumes where it stopped; after --dry-run, it
    does not fetch the pages again. This is the only command that fetches data from the web.

    \b
    oograph harvest openalex '"online labour platforms"' --since 2024-01-01 --dry-run
    """
    folder = _own(folder)
    day = since.strftime("%Y-%m-%d") if since else ""
    pages = Harvest(source, query, day, address, mailto).pages(Path("harvest"))
    files = []
    for page in pages:
        say(f"{page.name}: {page.stat().st_size:,} bytes")
        files.append(page)
    code = _import_into(folder, files, {}, Path("rejects.jsonl"), False, dry_run)
    if code:
        say(f"the pages are kept in {files[0].parent}")
    elif not dry_run:
        shutil.rmtree(files[0].parent)
    sys.exit(code)


@click.command()
@click.argument("id")
@click.option(
    "--reason",
    required=True,
    callback=lambda context, option, reason: _reason(reason),
    help="The reason, shown to anyone who follows the old IRI.",
)
@click.option("--into", default="", help="The id of the work that replaces it.")
@click.option("--catalogue", "folder", type=FOLDER, help="The catalogue to change; see import.")
def withdraw(id: str, reason: str, into: str, folder: Path | None) -> None:
    """Remove the work ID from the catalogue and leave a tombstone at its IRI.

    The IRI then answers 410 with the reason. With --into, it redirects to the work that replaces
    it. `oograph import --undo` restores the work.
    """
    with editing(_own(folder), "oograph withdraw", must_exist=True) as edit:
        edit.save(edit.catalogue.withdraw(Tombstone(id, into, reason, _today())))
    click.echo(f"{id} is withdrawn{f', replaced by {into}' if into else ''}")


def _reason(text: str) -> str:
    if not (reason := words(text)):
        raise click.BadParameter("say why in a few words")
    return reason


@click.command()
@click.argument("form", metavar="FORMAT", type=click.Choice(list(WRITERS)))
@click.option("--catalogue", "folder", type=FOLDER, help="The catalogue to write out.")
@click.option(
    "--for-spreadsheets",
    is_flag=True,
    help="csv only: put an apostrophe before cells that a spreadsheet would read as formulas.",
)
def export(form: str, folder: Path | None, for_spreadsheets: bool) -> None:
    """Write the catalogue to standard output as bibtex, ris, csl (CSL-JSON) or csv."""
    if for_spreadsheets and form != "csv":
        raise click.UsageError("--for-spreadsheets is for csv only.")
    write = write_for_spreadsheets if for_spreadsheets else WRITERS[form].write
    works = Catalogue.read(folder or default_folder(), must_exist=True).works
    # as bytes, because RIS and CSV have their own line endings
    out = sys.stdout.buffer
    for text in write(works):
        out.write(text.encode("utf-8", "replace"))


@rare_collection()
def _import_into(
    folder: Path,
    files: Iterable[Path],
    headers: Mapping[str, str],
    rejects: Path,
    explain: bool,
    dry_run: bool,
    processes: int | None = None,
) -> int:
    """Add the files to the catalogue, print a summary, and return the exit code."""
    if dry_run:
        catalogue = Catalogue.read(folder)
        added, read, rejected, problems = _import(catalogue, files, headers, explain, processes)
    else:
        with editing(folder, "oograph import") as edit:
            added, read, rejected, problems = _import(
                edit.catalogue, files, headers, explain, processes
            )
            if rejected:
                _add_rejects(rejects, rejected)
            edit.save(added.catalogue)
    _summary(added, read, len(rejected), None if dry_run else rejects)
    _name_without_scope(added)
    return exit_code(problems)


def _import(
    catalogue: Catalogue,
    files: Iterable[Path],
    headers: Mapping[str, str],
    explain: bool,
    processes: int | None,
) -> tuple[Import, int, list[Entry], list[Problem]]:
    """Return the result of the import, the number of records, the rejects, and all problems."""
    read = 0
    rejected: list[Entry] = []
    problems: list[Problem] = []
    paths = expanded(files)

    def records() -> Iterator[Record]:
        nonlocal read
        with _pool(paths, processes) as pool:
            for path, entries in with_bar(read_files(paths, headers, pool), len(paths)):
                try:
                    for entry in entries:
                        problems.extend(entry.problems)
                        if entry.record:
                            read += 1
                            yield entry.record
                        else:
                            rejected.append(entry)
                except UnreadableFile as error:
                    problems.append(unreadable(path, error))
        say(f"comparing {counted(len(catalogue.works) + read, 'record')}")

    added = catalogue.add(records(), _today())
    problems += added.problems
    show(problems)
    if explain:
        for match in chain(added.matches, added.versions):
            click.echo(visible(explain_match(match, added.compared)))
    return added, read, rejected, problems


@contextmanager
def _pool(paths: Iterable[Path], processes: int | None) -> Iterator[Executor | None]:
    """Yield an executor that reads the files in other processes, or None for this process."""
    processes = processes or (cores() if is_much(paths) else 1)
    if processes == 1:
        yield None
        return
    try:
        with working(processes) as pool:
            yield pool
    except LostProcess:
        raise LostProcess(
            "a worker process that was reading the files was killed, perhaps because memory ran"
            " out; nothing was imported; try again, with --processes 1 if memory is short"
        ) from None


def _summary(added: Import, records: int, rejected: int, rejects: Path | None) -> None:
    """Print what an import did; ``rejects`` is the file of rejects, or None for a dry run."""
    undecided = len(added.catalogue.undecided)

    def where(number: int, file: str) -> str:
        return f", see {file}" if number and rejects else ""

    lines = (
        (records + rejected, "entry", "entries", " read"),
        (len(added.new), "new work", "new works", ""),
        (
            records - len(added.new),
            "record of a work that was already known or occurs twice",
            "records of works that were already known or occur twice",
            "",
        ),
        (len(added.updated), "work", "works", " updated"),
        (
            len(added.versions),
            "work in the catalogue that is a version of another",
            "works in the catalogue that are versions of another",
            "",
        ),
        (len(added.tombstones), "tombstone", "tombstones", ""),
        (
            undecided,
            "pair in the catalogue",
            "pairs in the catalogue",
            " undecided" + where(undecided, "undecided.csv"),
        ),
        (rejected, "entry", "entries", " rejected" + where(rejected, str(rejects))),
        (len(added.catalogue.works), "work", "works", " in total"),
    )
    for number, one, several, fate in lines:
        click.echo(f"{number:>7,} {one if number == 1 else several}{fate}")


def _name_without_scope(added: Import) -> None:
    """List the new works for which no rule is sure of the scope.

    Scopes are about platform labour, so a dataset on another subject has none.
    """
    if added.catalogue.dataset != OOGRAPH:
        return
    rules = load_scope_rules()
    unsure, named = 0, list[tuple[Record, Inference | None]]()
    for work in added.new_works():
        scope = None if work.facets.scope else infer_scope(work, rules)
        if work.facets.scope or (scope and scope.is_sure):
            continue
        unsure += 1
        if len(named) < _NAMED:
            named.append((work, scope))
    if unsure:
        new_works = "1 new work has" if unsure == 1 else f"{unsure:,} new works have"
        say(
            f"{new_works} no scope, because no rule is sure of one; set it in works.json or "
            "withdraw the work, or it will be published without:"
        )
    for work, scope in named:
        perhaps = f" (perhaps {scope.concept.rpartition('/')[2]})" if scope else ""
        say(f"  {work.id}: {work.title}{perhaps}")
    if unsure > _NAMED:
        say(f"  … and {unsure - _NAMED:,} more")


def _own(folder: Path | None) -> Path:
    """Return the catalogue to change: the one given, or a checkout's own."""
    if folder is None and not _CHECKOUT:
        raise click.UsageError(
            "The catalogue inside an installed package cannot be edited. Give --catalogue DIR "
            "(a new folder starts empty)."
        )
    return folder or default_folder()


def _mapping(path: Path | None) -> Mapping[str, str]:
    try:
        return read_mapping(path) if path else {}
    except UnreadableFile as error:
        raise click.BadParameter(str(error), param_hint="--mapping") from None


def _add_rejects(path: Path, rejected: Iterable[Entry]) -> None:
    """Add rejects to the file, which keeps those of earlier imports; none is in it twice."""
    before = path.read_text(encoding="utf-8", errors="replace").split("\n") if path.exists() else []
    lines = dict.fromkeys([*filter(None, before), *map(_reject_line, rejected)])
    write_text(path, "".join(f"{line}\n" for line in lines))


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
    return json.dumps(facts, ensure_ascii=False)


def _today() -> str:
    return time.strftime("%Y-%m-%d", time.gmtime())
