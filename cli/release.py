"""The commands on releases and files: build, check, diff, stats, validate."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import click

from ..graph.catalogue import default_folder, description
from ..graph.catalogue.storage import VOCABULARIES
from ..graph.dataset import OOGRAPH
from ..graph.errors import UnreadableFile
from ..graph.formats import RDF_BY_ENDING
from ..graph.index.coverage import coverage_of
from ..graph.index.works import Works
from ..graph.index.works_index import NOT_STATED
from ..graph.model import FACETS, Problem
from ..graph.numbers import counted, plural
from ..graph.rdf.concept_check import check_concepts
from ..graph.rdf.rdf_file import rdf_ending
from ..graph.rdf.record_check import check_records
from ..graph.rdf.report import FORMATS as REPORTS
from ..graph.rdf.report import as_blocks, in_numbers
from ..graph.rdf.validate import validate_rdf
from ..graph.readers import SourceFile, redif, zotero_rdf
from ..graph.release import Release, is_version, open_release
from ..graph.release.build import build as build_release
from ..graph.release.changes import KINDS, met
from ..graph.release.diff import ADDED, BOTH, DELETED, compare, patch_line, sorted_lines
from ..graph.release.findings import Findings
from ..graph.release.verify import verify
from ..graph.resolution import decisions
from ..graph.vocabulary import (
    abstracts,
    authority,
    confidence,
    disambiguation,
    links,
    places,
    platform_work,
    scope,
    sssom_reader,
)
from ..graph.vocabulary.tables import has_columns
from ..ontology import BASE_IRI
from .common import (
    CURRENT,
    FILES,
    FOLDER,
    exit_code,
    say,
    show,
    tidied_up_on_sigterm,
    visible,
    with_bar,
)
from .inputs import expanded

#: The base of IRIs: an http(s) address whose path has at most one segment and ends with "/".
_BASE = re.compile(r'https?://[^\s<>"{}|\\^`#?/]+/(?:[^\s<>"{}|\\^`#?]*/)?')
#: The columns of each table that curators edit -> the function that checks it.
_TABLES: Mapping[tuple[str, ...], Callable[[Path], tuple[Problem, ...]]] = {
    sssom_reader.REQUIRED: links.check_links,
    disambiguation.COLUMNS: disambiguation.check_rules,
    authority.COLUMNS: authority.check_authority,
    scope.COLUMNS: scope.check_scope_rules,
    abstracts.COLUMNS: abstracts.check_abstract_rules,
    confidence.COLUMNS: confidence.check_confidences,
    places.COLUMNS: places.check_places,
    platform_work.COLUMNS: platform_work.check_platform_work,
    description.COLUMNS: description.check_dataset,
    decisions.COLUMNS: decisions.check_decisions,
}
#: The most works that a comparison names.
_WORKS = 50


@click.command()
@click.option("--catalogue", "folder", type=FOLDER, help="The catalogue to publish.")
@click.option(
    "--out", type=FOLDER, default=CURRENT.parent, show_default=True, help="The folder for releases."
)
@click.option("--base-iri", default=BASE_IRI, show_default=True, help="The base of every IRI.")
@click.option(
    "--processes",
    type=click.IntRange(1),
    help="The number of worker processes; by default, one per core.",
)
@click.option(
    "--scheduler",
    default="",
    metavar="ADDRESS",
    help="A Dask cluster to build on, such as tcp://host:8786; it must see the same files.",
)
def build(
    folder: Path | None, out: Path, base_iri: str, processes: int | None, scheduler: str
) -> None:
    """Build a release: map and validate the records, then write the dumps, store and descriptions.

    Records that violate a shape are left out and reported. If nothing has changed since the newest
    release, and that release is intact, nothing is rebuilt. dataset.csv in the catalogue's folder
    states the dataset's name, publisher and licence (docs/curation.md).
    """
    if not _BASE.fullmatch(base_iri):
        message = 'must be http(s), end with "/", and have neither spaces nor any of <>"{}|\\^`#?'
        raise click.BadParameter(message, param_hint="--base-iri")
    chosen = folder or default_folder()
    with tidied_up_on_sigterm():
        made = build_release(chosen, out, base_iri, say, processes or 0, scheduler)
    release = made.release
    if violations := [p for p in made.problems if p.severity == "violation"]:
        say(as_blocks(violations))
    state = "made" if made.fresh else "up to date"
    works = release.classes.get("Publication", 0)
    click.echo(
        f"release {release.version} {state}: {counted(works, 'publication')}, "
        f"{release.quads:,} statements, in {release.folder}"
    )
    for claim in _claims(release, chosen):
        say(claim)
    found = in_numbers(Findings(release.folder).problems())
    click.echo(f"its report has {found}: {release.folder / 'report.html'}")
    sys.exit(1 if release.quarantined else 0)


def _claims(release: Release, catalogue: Path) -> Iterator[str]:
    """Yield warnings for a release of your own catalogue that claims to be oograph's."""
    if release.dataset == OOGRAPH and catalogue != default_folder():
        yield (
            f"the release is described as {OOGRAPH.name}, by {OOGRAPH.creator}, under"
            f" {OOGRAPH.licence.name}; describe your own dataset in {catalogue / 'dataset.csv'}"
            " (docs/curation.md)"
        )
    if release.dataset != OOGRAPH and release.base_iri == BASE_IRI:
        yield (
            f"its IRIs begin with {BASE_IRI}, the base of {OOGRAPH.name}; before you publish it,"
            " choose a base of your own with --base-iri (docs/w3id/README.md)"
        )


@click.command()
@click.argument("files", nargs=-1, required=True, type=FILES)
@click.option(
    "--format",
    "form",
    type=click.Choice(list(REPORTS)),
    default="text",
    show_default=True,
    help="The format of the report.",
)
def validate(files: tuple[Path, ...], form: str) -> None:
    """Check FILES: RDF that uses the ontology, mapping tables (SSSOM), curated tables, or records.

    A Turtle file in a folder called vocabularies is checked as a catalogue's own concepts.

    Each problem is reported with its severity, its place, what is wrong and how to fix it. The
    format turtle is a SHACL validation report. In a file that the site serves for one thing, only
    that thing is checked, not the things it links to. Exit 1 if any problem is a violation.
    """
    problems: list[Problem] = []
    paths = expanded(files)
    with tidied_up_on_sigterm():
        for path in with_bar(paths, len(paths)):
            problems += _check(path)
    report = REPORTS[form](problems)
    click.echo(visible(report) if form == "text" else report)
    sys.exit(exit_code(problems))


@click.command()
@click.argument("release", type=FOLDER, default=CURRENT)
def check(release: Path) -> None:
    """Check that a RELEASE is intact: every checksum and count, and that every file opens.

    Exit 1 if something is missing or damaged. Each such file is named, with what to do about it.
    """
    opened = open_release(release)
    problems = verify(opened)
    show(problems)
    if not problems:
        click.echo(f"release {opened.version} is intact: {opened.quads:,} statements")
    sys.exit(exit_code(problems))


@click.command()
@click.option(
    "--release", type=FOLDER, default=CURRENT, show_default=True, help="The release to count."
)
def stats(release: Path) -> None:
    """Count the works by scope, and how many have each facet, stated or inferred.

    "of read" is the share among the works for which more than the title was read: an abstract, a
    record page, or a table of works coded by readers. For the others, the title reveals little
    more than the topic.
    """
    folder = open_release(release).folder
    works = Works(folder)
    click.echo(f"{works.size:>7,} {plural(works.size, 'work')}")
    for each in works.members.counts(works.everything.numbers, "scope"):
        click.echo(f"{each.count:>7,} {each.label if each.value != NOT_STATED else 'no scope'}")
    known = coverage_of(folder)
    click.echo(f"{known.read:>7,} read beyond the title: abstract, record page or coding")
    click.echo("\n stated inferred   share  of read")
    plurals = {field.name: field.plural for field in FACETS}
    for facet in known.facets:
        share = (facet.stated + facet.inferred) / max(known.works, 1)
        of_read = facet.of_read / max(known.read, 1)
        click.echo(
            f"{facet.stated:>7,} {facet.inferred:>8,} {share:>7.1%} {of_read:>8.1%}  "
            f"{plurals[facet.facet]}"
        )


@click.command()
@click.argument("old")
@click.argument("new")
def diff(old: str, new: str) -> None:
    """Write the differences between OLD and NEW as an RDF Patch.

    Each is the folder of a release, the version of one under build/release, or an RDF file in any
    of our formats, gzipped or not. Named graphs are merged into one. A line "A s p o ." is an added
    statement, "D s p o ." a deleted one. A summary goes to stderr: how much differs, and which
    works.
    """
    counts: Counter[str] = Counter()

    def written() -> Iterator[tuple[str, str]]:
        for mark, line in compare(_triples(old), _triples(new)):
            if mark != BOTH:
                counts[mark] += 1
                click.echo(patch_line(mark, line), nl=False)
            yield mark, line

    kinds: Counter[str] = Counter()
    works: list[str] = []
    for thing in met(written()):
        kinds[thing.kind] += 1
        path, _, id = thing.iri.rpartition("/")
        if thing.kind and path.endswith("/publication"):
            works.append(f"  {thing.kind:<7}  {id}: {thing.label}")
    say(
        f"{counted(counts[ADDED], 'statement')} added, {counts[DELETED]:,} deleted; records: "
        + ", ".join(f"{kinds[kind]:,} {kind}" for kind in KINDS)
    )
    for work in works[:_WORKS]:
        say(work)
    if len(works) > _WORKS:
        say(f"  and {counted(len(works) - _WORKS, 'more work')}")


def _triples(name: str) -> Iterator[str]:
    path = Path(name)
    if not path.exists() and is_version(name):
        path = CURRENT.parent / name
    if not path.exists():
        raise click.UsageError(f"There is no file, folder or release called {name}.")
    return sorted_lines(path)


def _holds_records(path: Path) -> bool:
    """Whether a .rdf file holds records: Zotero RDF, or RePEc's ReDIF, which is not RDF at all."""
    try:
        head = SourceFile.of_path(path).head
        return zotero_rdf.looks_like(head) or redif.looks_like(head)
    except UnreadableFile:
        return False  # the RDF checker reports what is wrong with it


def _check(path: Path) -> tuple[Problem, ...]:
    for columns, check_table in _TABLES.items():
        if has_columns(path, columns):
            return check_table(path)
    ending = rdf_ending(path)
    if ending == "ttl" and path.absolute().parent.name == VOCABULARIES:
        return check_concepts(path)
    if ending in RDF_BY_ENDING.keys() - {"json"} and not (ending == "rdf" and _holds_records(path)):
        return validate_rdf(path)
    return check_records(path)
