"""Check a file of records with its reader and the shapes, without importing it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from pyoxigraph import Quad

from ...ontology import PREFIXES
from ..errors import UnreadableFile
from ..iris import IRIs
from ..model import Entry, Problem, Record
from ..readers import read_file
from ..readers.values import NO_YEAR
from ..resolution.agents import with_agents
from ..resolution.ids import with_ids
from .chunks import Checker, document_of
from .join import Join
from .mapping import Mapper, vocabulary_quads
from .names import Names
from .results import Report

#: Works that are validated at once; their statements are all in memory.
_WORKS = 1_000
_ISSUED = PREFIXES.expand("dcterms:issued")


def check_records(path: Path) -> tuple[Problem, ...]:
    """The problems of a file of records: first those of its reader, then those of the shapes.

    A shape's problem gives the entry's key and line instead of a node. If several entries name the
    node, such as a person or a venue, these are those of the first.
    """
    try:
        entries = list(read_file(path))
    except UnreadableFile as error:
        return (unreadable(path, error),)
    problems = [problem for entry in entries for problem in entry.problems]
    return (*problems, *_shape_problems(entries))


def unreadable(path: Path, error: UnreadableFile) -> Problem:
    """The problem of a file that no reader can read."""
    message = error.message.removeprefix(f"{path.name}: ")
    remedy = f"{error.remedy[:1].upper()}{error.remedy[1:]}."
    return Problem("violation", message, remedy, file=str(path))


def _shape_problems(entries: list[Entry]) -> list[Problem]:
    readable = [entry for entry in entries if entry.record]
    # ids contain the entry's place, so that each problem leads back to it
    own_ids = [replace(e.record, id=f"entry-{n}") for n, e in enumerate(readable) if e.record]
    report, places = _validated(with_agents(with_ids(own_ids)))
    located = []
    for problem in report.each_problem():
        place = places.get(document_of(f"<{problem.record}>"))
        if place is not None:
            entry = readable[place]
            if problem.property == _ISSUED and not problem.value:
                # the reader has already reported the missing year, and why
                if any(said.message.startswith(NO_YEAR) for said in entry.problems):
                    continue
            source = entry.source
            problem = replace(problem, file=source.file, line=source.position, record=source.key)
        located.append(problem)
    return located


def _validated(works: Sequence[Record]) -> tuple[Report, Mapping[str, int]]:
    """The report on the graph of some works.

    Also each document with the place of the first entry that describes it.
    """
    iris = IRIs()
    mapper = Mapper.of(Names.of(works, iris), iris)
    checker = Checker.of(vocabulary_quads(iris), iris.base)
    own = {iris.thing("publication", work.id): work for work in works}
    # the statements on all other documents, such as persons and venues
    shared: defaultdict[str, set[Quad]] = defaultdict(set)
    places: dict[str, int] = {}

    def described(documents: Collection[str]) -> Iterator[Quad]:
        for document in documents:
            quads = mapper.quads(own[document]) if document in own else shared[document]
            yield from (quad for quad in quads if document_of(str(quad.subject)) == document)

    with ExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory(prefix="oograph-"))
        notes = Path(folder) / "notes.db"
        join = stack.enter_context(Join(lambda: checker, described, notes))
        for start in range(0, len(works), _WORKS):
            quads: list[Quad] = []
            for work in works[start : start + _WORKS]:
                place = int(work.id.removeprefix("entry-"))
                for quad in mapper.quads(work):
                    quads.append(quad)
                    document = document_of(str(quad.subject))
                    places[document] = min(place, places.get(document, place))
                    if document not in own:
                        shared[document].add(quad)
            join.add(checker.check(quads))
        return join.report(stack.enter_context(ThreadPoolExecutor(1))), places
