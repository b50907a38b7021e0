"""The fair queue: turns, bounds, and the lane of the site's own pages."""

import threading
import time

import pytest

from oograph.graph.store.admission import (
    ClientDisconnected,
    FairQueue,
    QueueFull,
    QueueTimeout,
    TooManyRequests,
)


def here() -> bool:
    return False


class Queue:
    """Requests that wait, each in a thread, and the order in which they were served."""

    def __init__(self, turns: FairQueue[str]) -> None:
        self.turns = turns
        self.served: list[str] = []
        self.threads: list[threading.Thread] = []

    def ask(self, client: str) -> None:
        def wait() -> None:
            item = self.turns.take(client, 10, here)
            self.served.append(client)
            self.turns.done(client, item)

        waiting = self.turns.waiting
        self.threads.append(threading.Thread(target=wait))
        self.threads[-1].start()
        until = time.monotonic() + 60
        while self.turns.waiting == waiting and time.monotonic() < until:
            time.sleep(0.001)

    def join(self) -> list[str]:
        for thread in self.threads:
            thread.join(60)
        return self.served


def test_clients_take_turns_however_many_requests_each_has() -> None:
    turns: FairQueue[str] = FairQueue(places=1, queue=20, each=10)
    turns.put("worker")
    assert turns.take("first", 1, here) == "worker"
    queue = Queue(turns)
    for client in ("greedy", "greedy", "greedy", "modest", "greedy", "late"):
        queue.ask(client)
    turns.done("first", "worker")
    assert queue.join() == ["greedy", "modest", "late", "greedy", "greedy", "greedy"]
    assert (turns.running, turns.waiting) == (0, 0)


def test_a_client_has_no_more_than_its_share() -> None:
    turns: FairQueue[str] = FairQueue(places=2, queue=8, each=2)
    for worker in ("one", "two", "three"):
        turns.put(worker)
    first = turns.take("greedy", 1, here)
    turns.take("greedy", 1, here)
    with pytest.raises(TooManyRequests):
        turns.take("greedy", 1, here)
    turns.done("greedy", first)
    assert turns.take("greedy", 1, here) == "three"


def test_visitors_never_hold_the_last_worker() -> None:
    turns: FairQueue[str] = FairQueue(places=2, queue=8, each=5)
    for worker in ("one", "two", "three"):
        turns.put(worker)
    turns.take("a", 1, here)
    turns.take("b", 1, here)
    with pytest.raises(QueueTimeout):
        turns.take("c", 0.05, here)
    assert turns.take("", 1, here) == "three"
    with pytest.raises(QueueTimeout):
        turns.take("", 0.05, here)


def test_the_site_goes_before_visitors() -> None:
    turns: FairQueue[str] = FairQueue(places=1, queue=8, each=5)
    turns.put("worker")
    turns.take("a", 1, here)
    queue = Queue(turns)
    for client in ("b", "", "c"):
        queue.ask(client)
    turns.done("a", "worker")
    assert queue.join() == ["", "b", "c"]


def test_a_full_queue_turns_away_and_forgets() -> None:
    turns: FairQueue[str] = FairQueue(places=1, queue=2, each=5)
    queue = Queue(turns)
    queue.ask("a")
    queue.ask("b")
    with pytest.raises(QueueFull):
        turns.take("c", 1, here)
    turns.put("worker")
    assert queue.join() == ["a", "b"]
    assert turns.take("c", 1, here) == "worker"


def test_who_has_left_is_not_waited_for() -> None:
    turns: FairQueue[str] = FairQueue(places=1, queue=2, each=1)
    with pytest.raises(ClientDisconnected):  # not QueueTimeout, after 30 seconds
        turns.take("a", 30, lambda: True)
    turns.put("worker")
    assert turns.take("a", 1, here) == "worker"


def test_a_dead_item_is_passed_over() -> None:
    turns: FairQueue[str] = FairQueue(1, 2, 5, usable=lambda item: item != "dead")
    turns.put("dead")
    turns.put("alive")
    assert turns.take("a", 1, here) == "alive"
    turns.done("a", None)
    with pytest.raises(QueueTimeout):
        turns.take("a", 0.05, here)
