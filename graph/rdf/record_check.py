"""Check a file of records with its reader and the shapes, without importing it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pyoxigraph import Quad

from ...ontology import PREFIXES
from ..errors import UnreadableFile
from ..iris import IRIs
from ..model import Entry, Problem
from ..readers import read_file
from ..readers.values import NO_YEAR
from ..resolution.agents import with_agents
from ..resolution.ids import with_ids
from .mapping import Mapper, vocabulary_quads
from .names import Names
from .validate import validate_quads

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
    """The problem of a file that no reader can read; the end of the message is the remedy."""
    message, _, remedy = str(error).removeprefix(f"{path.name}: ").rpartition("; ")
    if not message:
        message, remedy = remedy, "give a file that contains records"
    return Problem("violation", message, f"{remedy[:1].upper()}{remedy[1:]}.", file=str(path))


def _shape_problems(entries: list[Entry]) -> list[Problem]:
    iris = IRIs()
    readable = [entry for entry in entries if entry.record]
    # ids contain the entry's place, so that each problem leads back to it
    own_ids = [replace(e.record, id=f"entry-{n}") for n, e in enumerate(readable) if e.record]
    works = with_agents(with_ids(own_ids))
    mapper = Mapper.of(Names.of(works, iris), iris)
    own = set[Quad]()
    # each node -> the place of the first entry that names it.
    places: dict[str, int] = {}
    for work in works:
        place = int(work.id.removeprefix("entry-"))
        for quad in mapper.quads(work):
            own.add(quad)
            node = str(quad.subject)[1:-1]
            places[node] = min(place, places.get(node, place))
    report = validate_quads(own.union(vocabulary_quads(iris)), iris.base)
    located = []
    for problem in report.problems:
        if problem.record in places:
            entry = readable[places[problem.record]]
            if problem.property == _ISSUED and not problem.value:
                # the reader has already reported the missing year, and why
                if any(said.message.startswith(NO_YEAR) for said in entry.problems):
                    continue
            source = entry.source
            problem = replace(problem, file=source.file, line=source.position, record=source.key)
        located.append(problem)
    return located
