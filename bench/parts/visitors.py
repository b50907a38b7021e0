"""Visitors: several clients that request pages at once, each from its own address."""

from __future__ import annotations

import multiprocessing
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from multiprocessing.pool import Pool
from typing import Any

from .clients import PATIENCE

_SEED = 8
#: The most requests that one client makes for one page.
_MOST = 100
_GOOD = frozenset({200, 204, 206, 300, 301, 302, 303, 304, 307, 308})


@dataclass(frozen=True, slots=True)
class Request:
    """A request; with a body it is sent by POST."""

    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class Waits:
    """How long the clients waited, in seconds, the shortest first."""

    seconds: tuple[float, ...]
    #: Failed requests, by status or error.
    wrong: Mapping[str, int]
    #: Size of the last answer in bytes.
    size: int

    def at(self, share: float) -> float:
        """The wait that this share of all waits does not exceed; 0 if there are none."""
        count = len(self.seconds)
        return self.seconds[min(count - 1, int(share * count))] if count else 0.0


def one(port: int, request: Request) -> tuple[float, str, int]:
    """Send a request on a new connection; return the wait, the status or error, and the bytes."""
    connection = _connected(port, 0)
    try:
        return _asked(connection, request)
    finally:
        connection.close()


@dataclass(frozen=True, slots=True)
class Visitors:
    """The clients of one server."""

    port: int
    count: int
    pool: Pool

    def ask(self, requests: Sequence[Request], seconds: float) -> Waits:
        """Send requests for that many seconds, each client in its own order."""
        tasks = [(self.port, tuple(requests), seconds, number) for number in range(self.count)]
        answers = [each for part in self.pool.map(_visit, tasks, chunksize=1) for each in part]
        wrong: dict[str, int] = {}
        for _, status, _ in answers:
            if status:
                wrong[status] = wrong.get(status, 0) + 1
        right = sorted(wait for wait, status, _ in answers if not status)
        return Waits(tuple(right), wrong, answers[-1][2] if answers else 0)


@contextmanager
def visitors(port: int, count: int) -> Iterator[Visitors]:
    """Start that many clients, which wait for each other before they begin."""
    fork = multiprocessing.get_context("fork")
    with fork.Pool(count, _prepare, (fork.Barrier(count, timeout=PATIENCE),)) as pool:
        yield Visitors(port, count, pool)


_ready: Any = None


def _prepare(ready: Any) -> None:
    global _ready
    _ready = ready


def _visit(task: tuple[int, tuple[Request, ...], float, int]) -> list[tuple[float, str, int]]:
    port, requests, seconds, number = task
    rng = random.Random(_SEED + number)
    connection = _connected(port, number)
    answers: list[tuple[float, str, int]] = []
    _ready.wait()
    until = time.monotonic() + seconds
    while len(answers) < _MOST and (not answers or time.monotonic() < until):
        answers.append(_asked(connection, rng.choice(requests)))
    connection.close()
    return answers


def _connected(port: int, number: int) -> HTTPConnection:
    source = (f"127.0.0.{number + 1}", 0)
    return HTTPConnection("127.0.0.1", port, timeout=PATIENCE, source_address=source)


def _asked(connection: HTTPConnection, request: Request) -> tuple[float, str, int]:
    """Return the wait, the error status or error ("" if there is none), and the bytes."""
    method = "GET" if request.body is None else "POST"
    begin = time.perf_counter()
    try:
        connection.request(method, request.path, request.body, dict(request.headers))
        response = connection.getresponse()
        body = response.read()
    except (OSError, HTTPException) as error:
        connection.close()  # the next request opens it again
        return time.perf_counter() - begin, type(error).__name__, 0
    wait = time.perf_counter() - begin
    return wait, "" if response.status in _GOOD else str(response.status), len(body)
