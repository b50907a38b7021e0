"""The measurements: a column for each store, a size for each graph."""

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
    #: By question name; includes answers with the wrong number of rows.
    latencies: Mapping[str, Latency]
    #: Question name -> why it was left out of this store's mix.
    faults: Mapping[str, str]
    rate: Rate | None
    #: MB of each process, by role.
    memory: Mapping[str, list[float]]
    #: Why nothing was measured.
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Size:
    """One graph."""

    name: str
    publications: int
    quads: int
    #: "in memory" or "on disk": where oograph, pyoxigraph and oxigraph serve hold it.
    held: str
    #: Question name -> title.
    questions: Mapping[str, str]
    columns: tuple[Column, ...]
    #: Measured against a server that does nothing: the client's own share.
    client: Latency
    client_rate: Rate
    #: Versions of the available programs.
    versions: Mapping[str, str]

    @classmethod
    def of(cls, figures: Figures) -> Size:
        """Read a size from its figures."""
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
        """The JSON that ``of`` takes."""
        return asdict(self)

    def column(self, name: str) -> Column:
        """The column of a store."""
        return next(column for column in self.columns if column.name == name)
