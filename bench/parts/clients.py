"""The clients: one measures latency, eight processes measure throughput.

A client is ``http.client`` with one connection that stays open. Each has its own loopback address
(127.0.0.1 to 127.0.0.8), as visitors do, because oograph limits an address to four queries at once.
"""

from __future__ import annotations

import multiprocessing
import random
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlsplit

from .questions import Question

CLIENTS = 8
#: Seconds after which a query is abandoned.
PATIENCE = 60.0
#: How often a query is asked: at least, at least if it is slow, and at most.
_TIMES, _LEAST_TIMES, _MOST_TIMES = 15, 3, 100
_MOST_SECONDS = 10.0
_SEED = 8
#: A function that returns the body of the answer to a question.
Ask = Callable[[Question], bytes]


class Failed(Exception):
    """A question got no answer; the message says why."""


class Client:
    """One client of one endpoint."""

    def __init__(self, url: str, number: int = 0) -> None:
        parts = urlsplit(url)
        self._path = parts.path or "/"
        self._connection = HTTPConnection(
            parts.hostname or "",
            parts.port,
            timeout=PATIENCE,
            source_address=(f"127.0.0.{number + 1}", 0),
        )

    def __call__(self, question: Question) -> bytes:
        try:
            path = f"{self._path}?{question.parameters}"
            self._connection.request("GET", path, headers={"Accept": question.accept})
            response = self._connection.getresponse()
            body = response.read()
        except TimeoutError:
            self._connection.close()
            raise Failed(f"> {PATIENCE:g} s") from None
        except (OSError, HTTPException) as error:
            self._connection.close()
            raise Failed(type(error).__name__) from None
        if response.status != 200:
            raise Failed(f"status {response.status}")
        return body


@dataclass(frozen=True, slots=True)
class Latency:
    """How long one client waits for an answer, in seconds."""

    rows: int
    median: float
    p95: float
    times: int


@dataclass(frozen=True, slots=True)
class Rate:
    """The answers that eight clients got."""

    right: int
    wrong: int
    seconds: float
    #: Processor time of the clients, in seconds.
    client_seconds: float

    @property
    def per_second(self) -> float:
        """Right answers a second."""
        return self.right / self.seconds


def latency(ask: Ask, question: Question, least_seconds: float) -> Latency:
    """Measure the waits for a question, after asking it once to warm up.

    Ask for at least ``least_seconds``. Raises Failed if there is no answer.
    """
    begin = time.perf_counter()
    rows = question.rows(ask(question))
    first = time.perf_counter() - begin
    waits: list[float] = [first] if first > _MOST_SECONDS else []
    spent = sum(waits)
    while not _enough(len(waits), spent, least_seconds):
        begin = time.perf_counter()
        body = ask(question)
        waits.append(time.perf_counter() - begin)
        spent += waits[-1]
        if question.rows(body) != rows:
            raise Failed("rows that vary")
    ordered = sorted(waits)
    p95 = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
    return Latency(rows, statistics.median(ordered), p95, len(ordered))


def _enough(times: int, spent: float, least_seconds: float) -> bool:
    if spent >= _MOST_SECONDS:
        return times >= _LEAST_TIMES or spent >= 2 * _MOST_SECONDS or times == 1
    return times >= _MOST_TIMES or (times >= _TIMES and spent >= least_seconds)


def throughput(url: str, mix: Sequence[Question], rows: Mapping[str, int], seconds: float) -> Rate:
    """Measure the right answers that eight processes get to a shuffled mix of questions."""
    fork = multiprocessing.get_context("fork")  # a spawned process would import this program again
    ready = fork.Barrier(CLIENTS)
    with fork.Pool(CLIENTS, _prepare, (ready,)) as pool:
        work = partial(_visit, url, tuple(mix), dict(rows), seconds)
        return _sum(pool.map(work, range(CLIENTS), chunksize=1), seconds)


def throughput_inside(
    ask: Ask, mix: Sequence[Question], rows: Mapping[str, int], seconds: float
) -> Rate:
    """Like ``throughput``, but in this process, with eight threads."""
    with ThreadPoolExecutor(CLIENTS) as pool:
        work = partial(_ask_on, ask, mix, rows, seconds)
        return _sum(list(pool.map(work, range(CLIENTS))), seconds)


_Counts = tuple[int, int, float]
_ready: Any = None


def _prepare(ready: Any) -> None:
    global _ready
    _ready = ready


def _visit(
    url: str, mix: Sequence[Question], rows: Mapping[str, int], seconds: float, number: int
) -> _Counts:
    client = Client(url, number)
    with suppress(Failed):  # connect
        client(mix[0])
    _ready.wait()
    return _ask_on(client, mix, rows, seconds, number)


def _ask_on(
    ask: Ask, mix: Sequence[Question], rows: Mapping[str, int], seconds: float, number: int
) -> _Counts:
    """The right and wrong answers within the time, and the processor time of this process."""
    rng = random.Random(_SEED + number)
    right = wrong = 0
    used = time.process_time()
    until = time.monotonic() + seconds
    while True:
        for question in rng.sample(mix, len(mix)):
            try:
                is_right = question.rows(ask(question)) == rows[question.name]
            except Failed:
                is_right = False
            if time.monotonic() > until:
                return right, wrong, time.process_time() - used
            right, wrong = right + is_right, wrong + (not is_right)


def _sum(counts: Sequence[_Counts], seconds: float) -> Rate:
    return Rate(
        sum(right for right, _, _ in counts),
        sum(wrong for _, wrong, _ in counts),
        seconds,
        sum(used for _, _, used in counts),
    )
