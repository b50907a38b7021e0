"""What was measured: a column a store, a size a graph."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from oograph.graph.release import Release

from .clients import Latency, Rate
from .questions import Question

__all__ = ["FLOOR", "Column", "Size"]

FLOOR = "in process"


@dataclass(frozen=True, slots=True)
class Column:
    """One store."""

    name: str
    #: By the question's name; also of an answer with other rows than the others'.
    latencies: Mapping[str, Latency]
    #: Why a question was taken out of its mix.
    faults: Mapping[str, str]
    rate: Rate | None
    #: MB of each process, by what it is.
    memory: Mapping[str, list[float]]
    #: Why nothing was measured.
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Size:
    """One graph."""

    name: str
    release: Release
    questions: tuple[Question, ...]
    columns: tuple[Column, ...]
    #: A server that does nothing: what the client itself takes.
    client: Latency
    client_rate: Rate

    def column(self, name: str) -> Column:
        """The column of a store."""
        return next(column for column in self.columns if column.name == name)
