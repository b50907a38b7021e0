"""One number for the memory of the service, from its settings; hostile traffic stays below it."""

import json
import re
import socket
import time
import urllib.parse
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oograph.graph.store.answers import Limits
from oograph.graph.store.problems import QueryError
from oograph.server.web.forms import MOST_FIELDS, decoded, fields
from oograph.server.web.memory import PeakMemory

FORM = {"Content_Type": "application/x-www-form-urlencoded"}
CACHE = 4 * 2**20
SETTINGS = Limits(seconds=1, workers=1, queue=8, memory_bytes=100 * 2**20)


def status(pid: int, name: str) -> int:
    """A number of bytes that the kernel knows of a process."""
    text = Path(f"/proc/{pid}/status").read_text()
    return int(text.split(f"{name}:")[1].split()[0]) * 1024


@pytest.fixture(scope="module")
def watched(start_server) -> Iterator:
    with start_server(
        limits={"seconds": 1, "workers": 1, "queue": 8, "client_queries": 8, "result_bytes": 2**26},
        cache_bytes=CACHE,
        ahead_seconds=0,
    ) as running:
        assert running("/health").status == 200
        yield running


def peak(server) -> dict[str, int]:
    """The parts of the number, as the metrics have them."""
    found = re.findall(
        r'^oograph_peak_memory_bytes\{part="(\w+)"\} (\S+)$', server("/metrics").text, re.MULTILINE
    )
    return {part: int(float(size)) for part, size in found}


def test_the_number_is_described_and_its_parts_are_metrics(watched) -> None:
    parts = peak(watched)
    expected = PeakMemory.of(SETTINGS, 0, CACHE + CACHE // 4, 1 + 2 * 8 + 22, 1000)
    assert parts.keys() == expected.parts.keys()
    assert {**parts, "store": 0} == expected.parts
    assert parts["store"] > 0
    text = watched("/sparql", "application/n-triples").text
    (node,) = re.findall(r'(<\S+>) <https://schema.org/name> "peak_memory_bytes"', text)
    (value,) = re.findall(rf'{node} <https://schema.org/maxValue> "(\d+)"', text)
    assert int(value) == sum(parts.values())


def test_the_usual_metrics_of_a_process(watched) -> None:
    text = watched("/metrics").text
    for name in ("resident_memory_bytes", "cpu_seconds_total", "open_fds", "start_time_seconds"):
        assert f"\nprocess_{name} " in text
    resident = float(re.findall(r"^process_resident_memory_bytes (\S+)$", text, re.MULTILINE)[0])
    assert resident == pytest.approx(status(watched.process.pid, "VmRSS"), rel=0.2)


def test_more_of_anything_is_more_memory() -> None:
    few = PeakMemory.of(SETTINGS, 1000, CACHE, 10, 10).total
    assert PeakMemory.of(replace(SETTINGS, workers=2), 1000, CACHE, 10, 10).total > few
    assert PeakMemory.of(replace(SETTINGS, memory_bytes=2**30), 1000, CACHE, 10, 10).total > few
    for more in ((2000, CACHE, 10, 10), (1000, 2 * CACHE, 10, 10)):
        assert PeakMemory.of(SETTINGS, *more).total > few
    assert PeakMemory.of(SETTINGS, 1000, CACHE, 11, 10).total > few
    assert PeakMemory.of(SETTINGS, 1000, CACHE, 10, 11).total > few


def page(query: str) -> str:
    return f"/sparql?{urllib.parse.urlencode({'query': query, 'format': 'html'})}"


def form(**values: str) -> bytes:
    return urllib.parse.urlencode(values).encode()


WIDE = " ".join(f"(?x AS ?a{n})" for n in range(20))
LONG = f'REPLACE("{"a" * 300}", "a", "<<<<<<<<<<")'
HOSTILE: dict[str, Callable[..., object]] = {
    "a page of many cells": lambda ask: ask(
        page(f'SELECT {WIDE} {{ ?s ?p ?o . ?t ?q ?r BIND("<&" AS ?x) }} LIMIT 1000')
    ),
    "a page of long cells": lambda ask: ask(
        page(f"SELECT ({LONG} AS ?x) {{ ?s ?p ?o . ?t ?q ?r }} LIMIT 1000")
    ),
    "a body of escapes": lambda ask: ask(
        "/sparql", method="POST", body=b"query=" + b"%41" * 690_000, **FORM
    ),
    "a body of fields": lambda ask: ask("/sparql", method="POST", body=b"a&" * 1_000_000, **FORM),
    "a long graph's name": lambda ask: ask(
        "/sparql",
        method="POST",
        body=form(query="ASK {}", **{"default-graph-uri": "a:" + "b" * 1_900_000}),
        **FORM,
    ),
    "a long query on a page": lambda ask: ask(
        "/sparql?format=html", method="POST", body=form(query='ASK {} #😀"' + '"' * 600_000), **FORM
    ),
    "empty lists": lambda ask: ask(
        "/reconcile",
        method="POST",
        body=b'queries={"a":[' + b"[]," * 500_000 + b"[]]}",
        **FORM,
    ),
    "a full batch": lambda ask: ask(
        "/reconcile",
        method="POST",
        body=form(
            queries=json.dumps(
                {f"q{n}": {"query": f"Upwrk {n}", "limit": 100} for n in range(1000)}
            )
        ),
        **FORM,
    ),
    "too much memory": lambda ask: ask(
        page("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i")
    ),
    "a large answer": lambda ask: ask(
        "/sparql?"
        + urllib.parse.urlencode(
            {"query": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } LIMIT 1000"}
        )
    ),
}


def test_hostile_traffic_stays_below_the_number(watched, eventually) -> None:
    parts = peak(watched)
    allowed = sum(size for part, size in parts.items() if part != "workers")
    highest = 0
    for name, attack in HOSTILE.items():
        with ThreadPoolExecutor(12) as pool:
            replies = list(pool.map(lambda _, attack=attack: attack(watched), range(12)))
        assert {reply.status for reply in replies} <= {200, 400, 413, 422, 429, 503}, name
        assert max(len(reply.body) for reply in replies) < 4 * 2**20, name
        for worker in watched.workers:
            highest = max(highest, status(worker, "VmHWM"))
    with ExitStack() as stack:
        for number in range(100):
            sock = stack.enter_context(socket.create_connection(("127.0.0.1", watched.port)))
            head = b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 1_000_000
            whole = (
                b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2000000\r\n\r\n" + b"a" * 500_000
            )
            sock.sendall(head if number % 2 else whole)
        eventually(lambda: watched("/health").status == 200, "nothing is answered")
        time.sleep(0.5)
    # A hundred connections of a thousand, and a batch, a new release's things that are not there.
    assert status(watched.process.pid, "VmHWM") < allowed - 900 * (parts["connections"] // 1000)
    assert 0 < highest <= parts["workers"] // 6  # three, of each of two releases
    assert watched("/health").status == 200


@given(st.binary(max_size=300) | st.text(max_size=100).map(str.encode))
def test_decoding_in_pieces_is_decoding(text: bytes) -> None:
    assert decoded(text) == urllib.parse.unquote_to_bytes(text)


@pytest.mark.parametrize("shift", range(4))
def test_no_piece_ends_within_an_escape(shift: int) -> None:
    text = b"a" * shift + b"%C3%A9" * 100_000
    assert decoded(text) == urllib.parse.unquote_to_bytes(text)


@given(st.lists(st.tuples(st.text(min_size=1, max_size=20), st.text(max_size=20)), max_size=9))
def test_a_form_that_is_sent_is_the_form_that_is_read(pairs: list[tuple[str, str]]) -> None:
    body = urllib.parse.urlencode(pairs).encode()
    read = fields(body)
    assert [(name, values) for name, values in read.lists()] == [
        (name, [value for other, value in pairs if other == name])
        for name in dict.fromkeys(name for name, _ in pairs)
    ]


@pytest.mark.parametrize(
    ("body", "code"),
    [(b"a&" * MOST_FIELDS, 413), (b"a=%ff", 400), (b"a=\xff", 400)],
)
def test_what_is_no_form_is_refused(body: bytes, code: int) -> None:
    with pytest.raises(QueryError) as refused:
        fields(body)
    assert refused.value.problem.status == code


def test_too_many_fields_in_an_address(watched) -> None:
    assert watched(f"/works?{'a&' * MOST_FIELDS}").status == 413
    graphs = "&".join(f"default-graph-uri=urn:{'a' * 40}{n}" for n in range(MOST_FIELDS - 1))
    assert watched(f"/sparql?query=ASK%7B%7D&{graphs}").status in (200, 413)
    long = "default-graph-uri=urn:" + "a" * 120_000
    assert watched(f"/sparql?query=ASK%7B%7D&{long}").status == 413
