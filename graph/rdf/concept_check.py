"""Check a file of a catalogue's own concepts against the shapes, without a build."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ..catalogue.concepts import parse_concepts
from ..errors import BrokenCatalogue
from ..iris import IRIs
from ..model import Problem
from ..vocabulary import load_vocabulary
from .mapping import vocabulary_quads
from .validate import validate_quads


def check_concepts(path: Path) -> tuple[Problem, ...]:
    """The problems of one file of concepts, checked with the shipped ones and its neighbours."""
    iris = IRIs()
    try:
        own = parse_concepts(path.read_bytes(), path)
        every = (parse_concepts(each.read_bytes(), each) for each in path.parent.glob("*.ttl"))
        concepts = tuple(sorted({own, *every}))
    except BrokenCatalogue as error:
        return error.problems
    nodes = load_vocabulary(iris.base, (own,)).own
    problems = validate_quads(vocabulary_quads(iris, concepts), iris.base).problems
    return tuple(replace(each, file=str(path)) for each in problems if each.record in nodes)
