"""Under load: workers killed by hand, a new release, and nothing lost or left over."""

import json
import os
import random
import signal
import subprocess
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyoxigraph as ox
import pytest

BASE = "https://w3id.org/oograph/"
#: Takes some time to answer, and the same answer always: every title with every label.
QUERY = """SELECT ?title ?label {{
  ?w <http://purl.org/dc/terms/title> ?title . ?x <http://www.w3.org/2004/02/skos/core#prefLabel>
  ?label . ?y a ?o
}} ORDER BY ?title ?label # {0}"""
PRODUCT = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?o ?q } # "
KILLS, ANSWERS_BETWEEN_KILLS = 12, 10
LIMITS = {"seconds": 60, "queue": 30, "client_queries": 30, "result_bytes": 2**24}


def settled(server) -> bool:
    """Whether the server has as many workers as it should, of one store."""
    return len(server.workers) == 4 and len(server.fork_servers) == 1


class Load:
    """Clients that ask without a pause, each question once, until they are told to stop."""

    def __init__(self, server, clients: int, query: str = QUERY) -> None:
        self._server, self._query = server, query
        self._stop = threading.Event()
        self.bodies: Counter[bytes] = Counter()
        self.faults: Counter[tuple[int, object]] = Counter()
        self.odd: list[str] = []
        self._threads = [
            threading.Thread(target=self._ask, args=(number,)) for number in range(clients)
        ]

    def _ask(self, client: int) -> None:
        number = 0
        while not self._stop.is_set():
            number += 1
            try:
                reply = self._server.query(self._query.format(f"{client} {number}"))
            except OSError as error:
                self.odd.append(repr(error))
                continue
            if reply.status == 200:
                self.bodies[reply.body] += 1
                if reply.headers["Content-Length"] != str(len(reply.body)):
                    self.odd.append("cut short")
            elif reply.type == "application/problem+json":
                self.faults[reply.status, reply.json["title"]] += 1
            else:
                self.odd.append(f"{reply.status} {reply.type}")

    def __enter__(self) -> "Load":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(60)


def test_workers_killed_by_hand_under_load(start_server, eventually) -> None:
    with start_server(limits=LIMITS) as server:
        expected = server.query(QUERY.format("first")).body
        assert len(json.loads(expected)["results"]["bindings"]) > 100
        with Load(server, 6) as load:
            for kill in range(KILLS):
                enough = ANSWERS_BETWEEN_KILLS * (kill + 1)
                eventually(lambda least=enough: load.bodies.total() >= least, "nothing is answered")
                eventually(lambda: server.workers, "no worker is started")
                os.kill(random.choice([*server.workers, *server.fork_servers]), signal.SIGKILL)
        assert load.odd == []
        assert set(load.bodies) == {expected}
        # A query whose worker was killed again and again may fail, and says so.
        assert load.faults.total() <= KILLS / 4, load.faults
        eventually(lambda: settled(server), "workers are missing or left over")
        assert server("/health").status == 200


def quad(name: str) -> ox.Quad:
    title = ox.NamedNode("http://purl.org/dc/terms/title")
    work, graph = (ox.NamedNode(BASE + path) for path in ("publication/new", "graph/stated"))
    return ox.Quad(work, title, ox.Literal(f"Only in {name}"), graph)


@pytest.fixture
def releases(release_at, tmp_path) -> dict[str, Path]:
    versions = ("2026-02-01-aaaaaaaaaaaa", "2026-03-01-bbbbbbbbbbbb")
    return {name: release_at(tmp_path / name, name, (quad(name),)) for name in versions}


def point(link: Path, target: Path) -> None:
    """What ``oograph build`` does: the link changes in one step."""
    new = link.with_name("new")
    new.symlink_to(target)
    new.replace(link)


def test_a_new_release_under_load(start_server, releases, tmp_path, eventually) -> None:
    first, second = releases.values()
    current = tmp_path / "current"
    point(current, first)
    stated = QUERY.replace("?y a ?o", "")
    with start_server(current, limits=LIMITS) as server:
        texts = {}
        with Load(server, 4, stated) as load:
            for number, folder in enumerate((second, first, second)):
                answered = load.bodies.total()
                eventually(
                    lambda before=answered: load.bodies.total() > before, "nothing is answered"
                )
                point(current, folder)
                if number % 2:
                    server.process.send_signal(signal.SIGHUP)
                eventually(
                    lambda name=folder.name: server("/health").json["version"] == name,
                    "the new release is not served",
                )
                body = server.query(stated.format(f"now {number}")).body
                assert f"Only in {folder.name}".encode() in body
                texts[folder.name] = body
        assert load.odd == []
        assert load.faults == {}
        # Each answer is of one release, and whole.
        assert set(load.bodies) == set(texts.values())
        eventually(lambda: settled(server), "workers are missing or left over")
        # What was kept, and its tag, was of the old one.
        assert server.query(stated.format("now 0")).body == texts[second.name]
        assert f'version="{second.name}"' in server("/metrics").text


def test_a_broken_release_is_not_served(start_server, releases, tmp_path) -> None:
    first, second = releases.values()
    current = tmp_path / "current"
    point(current, first)
    (second / "release.json").write_text("{")
    with start_server(current, stderr=subprocess.DEVNULL) as server:
        point(current, second)
        server.process.send_signal(signal.SIGHUP)
        time.sleep(1)
        assert server("/health").json == {"status": "ok", "store": True, "version": first.name}


def test_memory_and_descriptors_are_steady(start_server, eventually) -> None:
    server = start_server(limits={"queue": 8, "client_queries": 8}, cache_bytes=2**21)
    pid = server.process.pid

    def long(round: int) -> list[str]:
        return [
            "ASK {" + "{" * 5000 + "}" * 5000 + "}",
            f"ASK {{ FILTER({'!' * 50_000}true) }} # {round}",
        ]

    def status(query: str) -> int:
        seconds = "0.5" if query.startswith(PRODUCT) else "60"
        return int(server.query(query, timeout=seconds).status)

    def ask(queries: list[str]) -> Counter[int]:
        with ThreadPoolExecutor(6) as pool:
            return Counter(pool.map(status, queries))

    def mixture(round: int) -> Counter[int]:
        return ask(
            [
                *(QUERY.format(f"{round} {number}") for number in range(20)),
                *(f"{PRODUCT}{round} {number}" for number in range(3)),
                *(f"nonsense {number}" for number in range(20)),
                *long(round),
            ]
        )

    def descriptors() -> int:
        return len(list(Path(f"/proc/{pid}/fd").iterdir()))

    try:
        # Each thread keeps some memory once it has had a long query, and they take turns.
        ask([query for number in range(50) for query in long(-number)])
        statuses = mixture(0)
        assert statuses[200] >= 10
        eventually(lambda: settled(server), "workers are missing or left over")
        memory, files = server.resident, descriptors()
        for round in range(1, 3):
            mixture(round)
        eventually(lambda: settled(server), "workers are missing or left over")
        assert server.resident - memory < 40 * 2**20
        assert descriptors() - files < 10
        assert server.query(QUERY.format("last")).status == 200
    finally:
        server.stop()
