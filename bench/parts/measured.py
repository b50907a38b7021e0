"""What was measured: a column a store, a size a graph."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from .clients import Latency, Rate
from .part import Figures

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
    publications: int
    quads: int
    #: Where oograph, pyoxigraph and oxigraph serve hold it.
    held: str
    #: By the question's name: its words.
    questions: Mapping[str, str]
    columns: tuple[Column, ...]
    #: A server that does nothing: what the client itself takes.
    client: Latency
    client_rate: Rate
    #: Of the programs that could be had.
    versions: Mapping[str, str]

    @classmethod
    def of(cls, figures: Figures) -> Size:
        """The size of its figures."""
        columns = (
            Column(
                **{
                    **each,
                    "latencies": {name: Latency(**w) for name, w in each["latencies"].items()},
                    "rate": Rate(**each["rate"]) if each["rate"] else None,
                }
            )
            for each in figures["columns"]
        )
        client, rate = Latency(**figures["client"]), Rate(**figures["client_rate"])
        rest = {"columns": tuple(columns), "client": client, "client_rate": rate}
        return cls(**{**figures, **rest})

    @property
    def figures(self) -> Figures:
        """What ``of`` takes, as JSON has it."""
        return asdict(self)

    def column(self, name: str) -> Column:
        """The column of a store."""
        return next(column for column in self.columns if column.name == name)
