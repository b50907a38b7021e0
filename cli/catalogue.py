"""The commands on a catalogue: import, withdraw, export."""

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

from ..graph.catalogue import Catalogue, Import, amending, default_folder, editing
from ..graph.catalogue.reading import is_much, read_files
from ..graph.catalogue.resolve import explain as explain_match
from ..graph.collection import rare_collection
from ..graph.dataset import OOGRAPH
from ..graph.errors import LostProcess, UnreadableFile
from ..graph.files import write_text
from ..graph.harvest import APIS, Harvest
from ..graph.model import Entry, Problem, Record, Tombstone
from ..graph.rdf.record_check import unreadable
from ..graph.readers.headers import read_mapping
from ..graph.readers.values import words
from ..graph.release.processes import cores, working
from ..graph.vocabulary.annotate import Inference
from ..graph.vocabulary.scope import infer_scope, load_scope_rules
from ..graph.writers import WRITERS
from ..graph.writers.table import write_for_spreadsheets
from .common import FILES, FOLDER, exit_code, expanded, say, show, visible, with_bar

#: Whether this is a checkout, whose own catalogue is there to be edited.
_CHECKOUT = (Path(__file__).parents[1] / "pyproject.toml").exists()
#: Works that are named at most.
_NAMED = 20


@click.command("import")
@click.argument("files", nargs=-1, type=FILES)
@click.option(
    "--catalogue",
    "folder",
    type=FOLDER,
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
@click.option(
    "--processes",
    type=click.IntRange(1),
    help="How many read at once; by default, one for each core where there is much to read.",
)
@click.option("--explain", is_flag=True, help="Say for each match why it is one work.")
@click.option("--dry-run", is_flag=True, help="Say what would change; write nothing.")
@click.option("--undo", is_flag=True, help="Put back what the last import or withdrawal changed.")
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
    """Read FILES (or every file of a folder) into the catalogue.

    The format is recognised by content: BibTeX, RIS, CSL-JSON, Zotero RDF, CSV and TSV as
    reference managers and databases export them, EndNote (.enw, XML), MEDLINE (.nbib), Web of
    Science, ReDIF, answers of OpenAlex, Crossref, DataCite, PubMed, Europe PMC, arXiv and Semantic
    Scholar, TEI of GROBID, record pages, reference lists, JSON-LD of schema.org, our own dumps
    (docs/curation.md lists them). Records of one work become one work; a value the catalogue has
    is never replaced; importing a file twice changes nothing. Pairs that may be one work go to
    undecided.csv beside the catalogue, for a curator to settle in decisions.csv.

    \b
    oograph import refs.bib --catalogue my/ --dry-run --explain   look first
    oograph import refs.bib --catalogue my/                       then do it
    oograph import --undo --catalogue my/                         take it back

    Abstracts are read for what the work studies: platforms, countries, methods, topics, types of
    work and sectors. An abstract itself is never kept. docs/annotation.md says how often that is
    right.

    Exit 0: all entries were read; 1: some were not, or the import failed; 2: wrong usage, or
    another command is changing this catalogue.
    """
    folder = _own(folder)
    if undo:
        if files:
            raise click.UsageError("--undo takes no FILES.")
        with editing(folder, "oograph import --undo") as edit:
            number = len(edit.undo(_today()).works)
        works = f"{number:,} work{'s' * (number != 1)}"
        click.echo(f"{works}, as before the last change; once more redoes it")
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
@click.option("--api", "address", default="", metavar="URL", help="Where a copy of the API is.")
@click.option("--catalogue", "folder", type=FOLDER, help="The catalogue; see import.")
@click.option("--dry-run", is_flag=True, help="Ask, and say what would change; change nothing.")
def harvest(
    source: str,
    query: str,
    since: datetime | None,
    mailto: str,
    address: str,
    folder: Path | None,
    dry_run: bool,
) -> None:
    """Ask the API of SOURCE for works that match QUERY, and import them.

    The pages of the answer are kept in harvest/ here until they are imported: after an
    interruption the same command goes on where it stopped, and after --dry-run it does not ask
    again. QUERY is in the API's own words. This is the one command that asks the network.

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
    if not dry_run:
        shutil.rmtree(files[0].parent)
    sys.exit(code)


@click.command()
@click.argument("id")
@click.option(
    "--reason",
    required=True,
    callback=lambda context, option, reason: _reason(reason),
    help="Why, for those who follow the old IRI.",
)
@click.option("--into", default="", help="The id of the work that takes its place.")
@click.option("--catalogue", "folder", type=FOLDER, help="The catalogue; see import.")
def withdraw(id: str, reason: str, into: str, folder: Path | None) -> None:
    """Take the work ID out of the catalogue; a tombstone stays under its IRI.

    The IRI then answers 410 with the reason, or with --into leads to the work that takes its
    place. `oograph import --undo` puts it back.
    """
    with amending(_own(folder), "oograph withdraw") as edit:
        edit.save(edit.catalogue.withdraw(Tombstone(id, into, reason, _today())))
    click.echo(f"{id} is withdrawn{f'; {into} takes its place' if into else ''}")


def _reason(text: str) -> str:
    if not (reason := words(text)):
        raise click.BadParameter("say why, in a few words")
    return reason


@click.command()
@click.argument("form", metavar="FORMAT", type=click.Choice(list(WRITERS)))
@click.option("--catalogue", "folder", type=FOLDER, help="The catalogue to write out.")
@click.option(
    "--for-spreadsheets",
    is_flag=True,
    help="csv only: put an apostrophe before cells that a spreadsheet would take for a formula.",
)
def export(form: str, folder: Path | None, for_spreadsheets: bool) -> None:
    """Write the catalogue to standard output as bibtex, ris, csl (CSL-JSON) or csv."""
    if for_spreadsheets and form != "csv":
        raise click.UsageError("--for-spreadsheets is for csv.")
    write = write_for_spreadsheets if for_spreadsheets else WRITERS[form].write
    works = Catalogue.open(folder or default_folder()).works
    # as bytes: RIS and CSV bring their own line ends
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
    """Add the files to the catalogue and say what it came to; the exit code."""
    if dry_run:
        catalogue = Catalogue.read(folder)
        added, read, rejected, problems = _import(catalogue, files, headers, explain, processes)
    else:
        with editing(folder, "oograph import") as edit:
            added, read, rejected, problems = _import(
                edit.catalogue, files, headers, explain, processes
            )
            if rejected:
                write_text(rejects, "".join(map(_reject_line, rejected)))
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
    """What adding the files comes to, how many records they hold, the rest, and all problems."""
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
        compared = len(catalogue.works) + read
        say(f"comparing {compared:,} record{'s' * (compared != 1)}")

    added = catalogue.add(records(), _today())
    problems += added.problems
    show(problems)
    if explain:
        for match in chain(added.matches, added.versions):
            click.echo(visible(explain_match(match, added.compared)))
    return added, read, rejected, problems


@contextmanager
def _pool(paths: Iterable[Path], processes: int | None) -> Iterator[Executor | None]:
    """What reads the files in other processes; None where this one does."""
    processes = processes or (cores() if is_much(paths) else 1)
    if processes == 1:
        yield None
        return
    try:
        with working(processes) as pool:
            yield pool
    except LostProcess:
        raise LostProcess(
            "a process that read a part of the files has ended: it was killed, perhaps for want of"
            " memory; nothing was imported; import again, with --processes 1 where memory is short"
        ) from None


def _summary(added: Import, records: int, rejected: int, rejects: Path | None) -> None:
    """Say what an import came to; ``rejects`` is their file, None where nothing is written."""
    undecided = len(added.catalogue.undecided)

    def where(number: int, file: str) -> str:
        return f", see {file}" if number and rejects else ""

    lines = (
        (records + rejected, "entry", "entries", " read"),
        (len(added.new), "new work", "new works", ""),
        (
            records - len(added.new),
            "record of a work that was known or met twice",
            "records of works that were known or met twice",
            "",
        ),
        (len(added.updated), "work", "works", " updated"),
        (
            len(added.versions),
            "work of the catalogue that is a version of another",
            "works of the catalogue that are versions of another",
            "",
        ),
        (len(added.tombstones), "tombstone", "tombstones", ""),
        (
            undecided,
            "pair of the catalogue",
            "pairs of the catalogue",
            " undecided" + where(undecided, "undecided.csv"),
        ),
        (rejected, "entry", "entries", " rejected" + where(rejected, str(rejects))),
        (len(added.catalogue.works), "work", "works", " in all"),
    )
    for number, one, several, fate in lines:
        click.echo(f"{number:>7,} {one if number == 1 else several}{fate}")


def _name_without_scope(added: Import) -> None:
    """Name the new works of which no rule is sure what they have to do with platform labour.

    In a dataset on another subject no work has to do with it.
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
        new_works = "1 new work is" if unsure == 1 else f"{unsure:,} new works are"
        say(
            f"{new_works} in no scope that a rule is sure of, and will be published without one, "
            "unless you give them one in works.json or withdraw them:"
        )
    for work, scope in named:
        perhaps = f" (perhaps {scope.concept.rpartition('/')[2]})" if scope else ""
        say(f"  {work.id}: {work.title}{perhaps}")
    if unsure > _NAMED:
        say(f"  … and {unsure - _NAMED:,} more")


def _own(folder: Path | None) -> Path:
    """The catalogue to change: the one given, or in a checkout its own."""
    if folder is None and not _CHECKOUT:
        raise click.UsageError(
            "The catalogue inside an installed package is not for editing: give --catalogue DIR "
            "(a new folder starts empty)."
        )
    return folder or default_folder()


def _mapping(path: Path | None) -> Mapping[str, str]:
    try:
        return read_mapping(path) if path else {}
    except UnreadableFile as error:
        raise click.BadParameter(str(error), param_hint="--mapping") from None


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


def _today() -> str:
    return time.strftime("%Y-%m-%d", time.gmtime())
