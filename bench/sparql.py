"""The SPARQL endpoint measured beside others: the same data, machine and questions in one run.

Usage: python bench/sparql.py [--quick] [--publications N] [--out FOLDER]

Two graphs, the one that is shipped and one of N generated publications (``bench/generate.py``),
are asked the twelve questions of ``bench/queries/`` in this process by pyoxigraph (the floor),
and over HTTP at ``oograph serve`` without and with answers kept, ``oxigraph serve``,
rdflib-endpoint and Virtuoso. A store that is not installed is named as such. The full run writes
the tables and the plot into bench/README.md and bench/sparql.svg; one with options prints them,
and puts the plot into FOLDER.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

import pyoxigraph as ox
from parts.catalogues import OUT
from parts.clients import Client, Failed, Latency, Rate, latency, throughput, throughput_inside
from parts.engines import Bare, Engine, Oograph, Oxigraph, RdflibEndpoint, Virtuoso, in_memory
from parts.measured import FLOOR, Column, Size
from parts.plot import draw
from parts.questions import Question, questions
from parts.releases import release_of
from parts.report import report, write

from oograph.graph.release import Release
from oograph.graph.release.build import build
from oograph.graph.store.answers import DEFAULT_LIMITS
from oograph.graph.store.embedded import CACHE_BYTES
from oograph.graph.store.worker import Setup, open_store

HERE = Path(__file__).parent
PUBLICATIONS = 100_000
#: How long eight clients ask. A store that needs longer for the mix gets more.
_SECONDS, _MORE_SECONDS = 20.0, 60.0
#: A mix whose questions take longer than this, one after the other: what is unfinished at the end
#: is not counted, and would count too much against who answers all eight at once.
_LONG_MIX = 1.0


def main(publications: int, out: Path, quick: bool) -> None:
    """Measure, and write the tables and the plot."""
    shipped = build(Path(str(files("oograph.graph.catalogue"))), out / "shipped").release
    sizes = [_measure("shipped", shipped)]
    if not quick:
        made = release_of(publications, out, _say)
        sizes.append(_measure("generated", made))
    whole = (publications, out, quick) == (PUBLICATIONS, OUT, False)
    text = report(sizes)
    print(text)
    draw(sizes, (HERE if whole else out) / "sparql.svg")
    if whole:
        write(HERE / "README.md", text)


def _measure(name: str, release: Release) -> Size:
    store = open_store(
        Setup(release.folder.resolve(), release.base_iri, in_memory(release), DEFAULT_LIMITS)
    )
    asked = questions(store)
    floor = _inside(store, asked)
    expected = {question: found.rows for question, found in floor.latencies.items()}
    del store
    columns = [floor]
    with tempfile.TemporaryDirectory(prefix="oograph-bench-") as folder:
        engines: list[Engine] = [
            Oograph(release, Path(folder), 0),
            Oograph(release, Path(folder), CACHE_BYTES),
            Oxigraph(release, Path(folder)),
            Virtuoso(release, Path(folder)),
            RdflibEndpoint(release, Path(folder)),
        ]
        columns += [_tried(engine, asked, expected) for engine in engines]
        bare = Bare(release, Path(folder))
        with _running(bare):
            waits = latency(Client(bare.url), asked[0])
            rate = throughput(bare.url, [asked[0]], {asked[0].name: waits.rows}, 5.0)
    return Size(name, release, asked, tuple(columns), waits, rate)


def _inside(store: ox.Store, asked: Sequence[Question]) -> Column:
    """The floor: pyoxigraph in this process."""

    def ask(question: Question) -> bytes:
        return question.ask(store)

    _say(f"{FLOOR}: latency")
    latencies = {question.name: latency(ask, question) for question in asked}
    rows = {name: found.rows for name, found in latencies.items()}
    _say(f"{FLOOR}: throughput")
    rate = throughput_inside(ask, asked, rows, _window(latencies.values()))
    return Column(FLOOR, latencies, {}, rate, {})


def _tried(engine: Engine, asked: Sequence[Question], expected: Mapping[str, int]) -> Column:
    """A store over HTTP, or why it cannot be measured: that of one is no loss of the others."""
    missing = engine.missing
    if not missing:
        try:
            return _outside(engine, asked, expected)
        except (OSError, RuntimeError, subprocess.SubprocessError) as error:
            missing = f"failed: {error}"
    _say(f"{engine.name}: {missing}")
    return Column(engine.name, {}, {}, None, {}, missing)


def _outside(engine: Engine, asked: Sequence[Question], expected: Mapping[str, int]) -> Column:
    """A store over HTTP."""
    _say(f"{engine.name}: starting")
    with _running(engine):
        latencies, faults = {}, {}
        client = Client(engine.url)
        for question in asked:
            _say(f"{engine.name}: {question.name}")
            try:
                found = latency(client, question)
                latencies[question.name] = found
                if found.rows != expected[question.name]:
                    faults[question.name] = f"{found.rows} rows"
            except Failed as failed:
                faults[question.name] = str(failed)
                engine.reset()
        mix = [question for question in asked if question.name not in faults]
        rate: Rate | None = None
        if mix:
            _say(f"{engine.name}: throughput")
            seconds = _window(latencies[question.name] for question in mix)
            rate = throughput(engine.url, mix, expected, seconds)
        return Column(engine.name, latencies, faults, rate, engine.memory())


def _window(waits: Iterable[Latency]) -> float:
    """How long eight clients ask a mix that one waits for so long."""
    return _MORE_SECONDS if sum(wait.median for wait in waits) > _LONG_MIX else _SECONDS


@contextmanager
def _running(engine: Engine) -> Iterator[None]:
    try:
        engine.start()
        yield
    finally:
        engine.stop()


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="the shipped graph only")
    parser.add_argument("--publications", type=int, default=PUBLICATIONS, help="(%(default)s)")
    parser.add_argument("--out", type=Path, default=OUT, help="where releases are kept")
    options = parser.parse_args()
    main(options.publications, options.out, options.quick)
