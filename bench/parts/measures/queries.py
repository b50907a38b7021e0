"""Queries: the SPARQL endpoint beside others, with the same data and questions.

The twelve questions of ``bench/queries/`` are answered by pyoxigraph in this process (the floor),
and over HTTP by ``oograph serve`` without and with cached answers, ``oxigraph serve``,
rdflib-endpoint and Virtuoso. A store that is not installed is listed as missing.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import pyoxigraph as ox

from oograph.graph.store.answers import DEFAULT_LIMITS
from oograph.graph.store.embedded import CACHE_BYTES
from oograph.graph.store.worker import Setup, open_store

from ..clients import Client, Failed, Latency, Rate, latency, throughput, throughput_inside
from ..engines import Bare, Engine, Oograph, in_memory
from ..measured import FLOOR, Column, Size
from ..part import SHIPPED, Bench, Figures, Part
from ..peer_engines import Oxigraph, RdflibEndpoint, Virtuoso
from ..questions import Question, questions
from ..report import CHARTS, markdown

#: How long eight clients ask, as a multiple of the time per page. A mix that takes one client more
#: than _LONG_MIX seconds gets more: answers that are unfinished at the end do not count, which
#: would put a store that answers all eight at once at a disadvantage.
_TIMES, _MORE_TIMES, _LONG_MIX = 10, 30, 1.0
#: A query is asked for at least this share of the time per page.
_PART = 1 / 4


def _measure(size: int, bench: Bench) -> Figures:
    release = bench.release(size)
    store = open_store(
        Setup(release.folder.resolve(), release.base_iri, in_memory(release), DEFAULT_LIMITS)
    )
    asked = questions(store)
    asking = _Asking(asked, bench.seconds, bench.step)
    floor = asking.inside(store)
    expected = {question: waits.rows for question, waits in floor.latencies.items()}
    del store
    columns, peers = [floor], [bench.peer(name) for name in ("oxigraph", "rdflib-endpoint")]
    with tempfile.TemporaryDirectory(prefix="oograph-bench-") as scratch:
        folder = Path(scratch)
        engines: list[Engine] = [
            Oograph(release, folder, 0),
            Oograph(release, folder, CACHE_BYTES),
            Oxigraph(release, folder, peers[0]),
            Virtuoso(release, folder),
            RdflibEndpoint(release, folder, peers[1]),
        ]
        columns += [asking.tried(engine, expected) for engine in engines]
        bare = Bare(release, folder)
        with _running(bare):
            waits = latency(Client(bare.url), asked[0], bench.seconds * _PART)
            rate = throughput(bare.url, [asked[0]], {asked[0].name: waits.rows}, bench.seconds)
    return Size(
        "shipped" if size == SHIPPED else "generated",
        release.classes["Publication"],
        release.quads,
        "in memory" if in_memory(release) else "on disk",
        {question.name: question.title for question in asked},
        tuple(columns),
        waits,
        rate,
        {"pyoxigraph": version("pyoxigraph")}
        | {peer.name: peer.version for peer in peers if not peer.missing},
    ).figures


@dataclass(frozen=True, slots=True)
class _Asking:
    """How every store is measured."""

    questions: Sequence[Question]
    seconds: float
    step: Callable[[str], None]

    def inside(self, store: ox.Store) -> Column:
        """Measure the floor: pyoxigraph in this process."""

        def ask(question: Question) -> bytes:
            return question.ask(store)

        self.step(f"{FLOOR}: latency")
        latencies = {
            question.name: latency(ask, question, self.seconds * _PART)
            for question in self.questions
        }
        rows = {name: waits.rows for name, waits in latencies.items()}
        self.step(f"{FLOOR}: throughput")
        rate = throughput_inside(ask, self.questions, rows, self._window(latencies.values()))
        return Column(FLOOR, latencies, {}, rate, {})

    def tried(self, engine: Engine, expected: Mapping[str, int]) -> Column:
        """Measure a store over HTTP; if that fails, say why, so that the others still run."""
        missing = engine.missing
        if not missing:
            try:
                return self.outside(engine, expected)
            except (OSError, RuntimeError, subprocess.SubprocessError) as error:
                missing = f"failed: {error}"
        self.step(f"{engine.name}: skipped, {missing}")
        return Column(engine.name, {}, {}, None, {}, missing)

    def outside(self, engine: Engine, expected: Mapping[str, int]) -> Column:
        """Measure a store over HTTP."""
        self.step(f"{engine.name}: starting")
        with _running(engine):
            latencies, faults = {}, {}
            client = Client(engine.url)
            for question in self.questions:
                self.step(f"{engine.name}: {question.name}")
                try:
                    waits = latency(client, question, self.seconds * _PART)
                    latencies[question.name] = waits
                    if waits.rows != expected[question.name]:
                        faults[question.name] = f"{waits.rows} rows"
                except Failed as failed:
                    faults[question.name] = str(failed)
                    engine.reset()
            mix = [question for question in self.questions if question.name not in faults]
            rate: Rate | None = None
            if mix:
                self.step(f"{engine.name}: throughput")
                seconds = self._window(latencies[question.name] for question in mix)
                rate = throughput(engine.url, mix, expected, seconds)
            return Column(engine.name, latencies, faults, rate, engine.memory())

    def _window(self, waits: Iterable[Latency]) -> float:
        """How long eight clients ask a mix for which one client waits that long."""
        is_long = sum(wait.median for wait in waits) > _LONG_MIX
        return self.seconds * (_MORE_TIMES if is_long else _TIMES)


@contextmanager
def _running(engine: Engine) -> Iterator[None]:
    try:
        engine.start()
        yield
    finally:
        engine.stop()


PART = Part("queries", _measure, markdown, CHARTS, base="the shipped catalogue", most=100_000)
