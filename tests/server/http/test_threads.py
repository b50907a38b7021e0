"""Threads: no client has all of them, and none is idle while a request may have it."""

import http.client
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from typing import Any

import pytest
from werkzeug.middleware.proxy_fix import ProxyFix

from oograph.graph.store.waiting import require_thread
from oograph.server.http.server import create_server
from oograph.server.http.threads import FairThreads


class Held:
    """A task that lasts until it is let go."""

    def __init__(self, asker: str, begun: Callable[[str], object]) -> None:
        self.asker, self._begun = asker, begun
        self.may_end = threading.Event()
        self.is_cancelled = False

    def service(self) -> None:
        self._begun(self.asker)
        self.may_end.wait(60)

    def cancel(self) -> None:
        self.is_cancelled = True


class House:
    """Threads, and what has begun in them."""

    def __init__(self, count: int) -> None:
        self.threads = FairThreads()
        self.threads.set_thread_count(count)
        self.begun: list[str] = []
        self.tasks: list[Held] = []

    def ask(self, asker: str, count: int) -> list[Held]:
        asked = [Held(asker, self.begun.append) for _ in range(count)]
        self.tasks += asked
        for task in asked:
            self.threads.add_task(task)
        return asked

    def close(self) -> None:
        for task in self.tasks:
            task.may_end.set()
        self.threads.shutdown(timeout=60)


@pytest.fixture
def house() -> Iterator[House]:
    house = House(16)
    yield house
    house.close()


def test_one_client_gets_half_and_the_next_one_half_of_the_rest(house, eventually) -> None:
    first = house.ask("a", 20)
    eventually(lambda: len(house.begun) == 8, "the first client has not half of the threads")
    house.ask("b", 20)
    house.ask("c", 1)
    eventually(lambda: Counter(house.begun) == {"a": 8, "b": 4, "c": 1}, "nobody else has one")
    for task in first[:8]:
        task.may_end.set()
    # Both that wait have five now, and five are free.
    eventually(lambda: Counter(house.begun) == {"a": 13, "b": 5, "c": 1}, "what is free stays so")


def test_the_servers_own_work_waits_for_no_client(house, eventually) -> None:
    house.ask("a", 20)
    eventually(lambda: len(house.begun) == 8, "the client has not half of the threads")
    house.ask("", 8)
    eventually(lambda: Counter(house.begun) == {"a": 8, "": 8}, "its own work waits")


def test_whatever_ends_all_that_waits_comes_to_its_turn(house, eventually) -> None:
    tasks = [task for asker in "abcde" for task in house.ask(asker, 40)]
    for task in tasks:
        task.may_end.set()
    eventually(lambda: Counter(house.begun) == dict.fromkeys("abcde", 40), "some never begin")


def test_one_thread_is_for_all_in_turn(eventually) -> None:
    house = House(1)
    first = house.ask("a", 1)[0]
    eventually(lambda: house.begun, "the first does not begin")
    tasks = [*house.ask("a", 3), *house.ask("b", 2)]
    for task in [first, *tasks]:
        task.may_end.set()
    eventually(lambda: len(house.begun) == 6, "some never begin")
    house.close()
    assert "".join(house.begun) == "aababa"


def test_at_the_end_whatever_waits_is_cancelled(eventually) -> None:
    house = House(4)
    tasks = house.ask("a", 10)
    eventually(lambda: len(house.begun) == 2, "none begins")
    house.threads.shutdown(timeout=0)
    assert sum(task.is_cancelled for task in tasks) == 8
    house.close()


def test_who_asks_for_much_that_takes_long_holds_up_nobody(eventually) -> None:
    """Clients behind one proxy are told apart."""
    may_answer, asked = threading.Event(), []

    def answer(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        require_thread()
        if environ["PATH_INFO"] == "/long":
            asked.append(environ["REMOTE_ADDR"])
            may_answer.wait(60)
        start("200 OK", [("Content-Length", "2")])
        return (b"ok",)

    server = create_server(ProxyFix(answer), "127.0.0.1", 0, 4, gives_way=True)
    loop = threading.Thread(target=server.run, daemon=True)
    loop.start()

    def ask(path: str, client: str) -> http.client.HTTPConnection:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        connection.request("GET", path, headers={"X-Forwarded-For": client})
        return connection

    long = [ask("/long", "192.0.2.1") for _ in range(8)]
    try:
        eventually(lambda: len(asked) == 2, "nothing is answered")
        for _ in range(3):
            with closing(ask("/short", "192.0.2.2")) as short:
                assert short.getresponse().read() == b"ok"
        assert len(asked) == 2
        may_answer.set()
        assert [each.getresponse().read() for each in long] == [b"ok"] * 8
    finally:
        may_answer.set()
        for each in long:
            each.close()
        server.close()
        loop.join(60)
