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
            item = self.turns.acquire(client, lambda: 10, here)
            self.served.append(client)
            self.turns.release(client, item)

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
    turns: FairQueue[str] = FairQueue(places=1, queue=20, share=10)
    turns.put("worker")
    assert turns.acquire("first", lambda: 1, here) == "worker"
    queue = Queue(turns)
    for client in ("greedy", "greedy", "greedy", "modest", "greedy", "late"):
        queue.ask(client)
    turns.release("first", "worker")
    assert queue.join() == ["greedy", "modest", "late", "greedy", "greedy", "greedy"]
    assert (turns.running, turns.waiting) == (0, 0)


def test_one_client_may_fill_an_idle_house() -> None:
    turns: FairQueue[str] = FairQueue(places=2, queue=8, share=2)
    for worker in ("one", "two"):
        turns.put(worker)
    entered = [turns.enter("a class") for _ in range(10)]
    with pytest.raises(QueueFull):
        turns.enter("a class")
    for turn in entered:
        assert turn.item
        turns.release("a class", turn.item)
    assert (turns.running, turns.waiting) == (0, 0)


def test_a_client_has_no_more_than_its_share_while_others_wait() -> None:
    turns: FairQueue[str] = FairQueue(places=1, queue=7, share=2)
    for client in ("hog", "hog", "hog", "hog", "polite"):
        turns.enter(client)
    with pytest.raises(TooManyRequests):  # Four of eight places are its equal part.
        turns.enter("hog")
    for client in ("b", "c"):
        turns.enter(client)
    assert turns.enter("polite")  # Two each is what every client may have.
    with pytest.raises(TooManyRequests):
        turns.enter("polite")


def test_a_newcomer_displaces_the_last_request_of_the_client_that_holds_most() -> None:
    turns: FairQueue[str] = FairQueue(places=1, queue=4, share=1)
    modest = turns.enter("modest")
    greedy = [turns.enter("greedy") for _ in range(2)]
    other = turns.enter("other")
    newcomer = turns.enter("newcomer")
    assert isinstance(greedy[-1].refusal, TooManyRequests)
    assert not any(turn.called.is_set() for turn in (modest, greedy[0], other, newcomer))
    # Now each has one request: another newcomer finds nobody who holds more than it would.
    for late in ("late", "later"):
        with pytest.raises(QueueFull):
            turns.enter(late)
    with pytest.raises(TooManyRequests):
        turns.enter("modest")
    assert turns.waiting == 4


class Clock:
    """A clock that moves when it is moved."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def shares(lasts: dict[str, float]) -> dict[str, float]:
    """Seconds of two workers that each client gets whose queries take so many seconds.

    Each asks four at once, without a pause.
    """
    clock = Clock()
    turns: FairQueue[int] = FairQueue(2, 64, 4, clock=clock)
    used = dict.fromkeys(lasts, 0.0)
    waiting = {name: [turns.enter(name) for _ in range(4)] for name in lasts}
    ends: dict[int, tuple[float, str]] = {}
    turns.put(0)
    turns.put(1)
    while clock.now < 2000:
        for name, entered in waiting.items():
            for turn in [turn for turn in entered if turn.item is not None]:
                ends[turn.item or 0] = (clock.now + lasts[name], name)
                entered.remove(turn)
        item = min(ends, key=lambda item: ends[item])
        clock.now, name = ends.pop(item)
        used[name] += lasts[name]
        turns.release(name, item)
        waiting[name].append(turns.enter(name))
    return used


@pytest.mark.parametrize("hogs", [1, 3, 8])
def test_clients_get_equal_seconds_however_long_their_queries_are(hogs: int) -> None:
    used = shares({f"hog {number}": 10.0 for number in range(hogs)} | {"other": 1.0})
    assert min(used.values()) >= 0.9 * 4000 / (hogs + 1), used


def test_who_has_used_little_goes_first() -> None:
    clock = Clock()
    turns: FairQueue[int] = FairQueue(1, 64, 4, clock=clock)
    turns.put(0)
    for _ in range(3):
        running = turns.enter("hog")
        clock.now += 10
        turns.release("hog", running.item)
    running = turns.enter("other")
    hog, polite = turns.enter("hog"), turns.enter("polite")
    turns.release("other", running.item)
    assert (hog.item, polite.item) == (None, 0)
    turns.release("polite", 0)
    assert hog.item == 0


def test_what_was_used_long_ago_is_forgiven_and_forgotten() -> None:
    clock = Clock()
    turns: FairQueue[int] = FairQueue(1, 64, 4, clock=clock)
    turns.put(0)
    for number in range(50):
        running = turns.enter(f"client {number}")
        clock.now += 2
        turns.release(f"client {number}", running.item)
    assert len(turns._clients) == 50
    clock.now += 6000
    running = turns.enter("another")
    turns.release("another", running.item)
    assert turns._clients == {}


def test_visitors_never_hold_the_last_worker() -> None:
    turns: FairQueue[str] = FairQueue(places=2, queue=8, share=5)
    for worker in ("one", "two", "three"):
        turns.put(worker)
    turns.acquire("a", lambda: 1, here)
    turns.acquire("b", lambda: 1, here)
    with pytest.raises(QueueTimeout):
        turns.acquire("c", lambda: 0.05, here)
    assert turns.acquire("", lambda: 1, here) == "three"
    with pytest.raises(QueueTimeout):
        turns.acquire("", lambda: 0.05, here)


def test_the_site_goes_before_visitors() -> None:
    turns: FairQueue[str] = FairQueue(places=1, queue=8, share=5)
    turns.put("worker")
    turns.acquire("a", lambda: 1, here)
    queue = Queue(turns)
    for client in ("b", "", "c"):
        queue.ask(client)
    turns.release("a", "worker")
    assert queue.join() == ["", "b", "c"]


def test_a_full_queue_turns_away_and_forgets() -> None:
    turns: FairQueue[str] = FairQueue(places=1, queue=2, share=5)
    queue = Queue(turns)
    queue.ask("a")
    queue.ask("b")
    with pytest.raises(QueueFull):
        turns.acquire("c", lambda: 1, here)
    turns.put("worker")
    assert queue.join() == ["a", "b"]
    assert turns.acquire("c", lambda: 1, here) == "worker"


def test_who_has_left_is_not_waited_for() -> None:
    turns: FairQueue[str] = FairQueue(places=1, queue=2, share=1)
    with pytest.raises(ClientDisconnected):  # not QueueTimeout, after 30 seconds
        turns.acquire("a", lambda: 30, lambda: True)
    turns.put("worker")
    assert turns.acquire("a", lambda: 1, here) == "worker"


def test_a_dead_item_is_passed_over() -> None:
    turns: FairQueue[str] = FairQueue(1, 2, 5, usable=lambda item: item != "dead")
    turns.put("dead")
    turns.put("alive")
    assert turns.acquire("a", lambda: 1, here) == "alive"
    turns.release("a", None)
    with pytest.raises(QueueTimeout):
        turns.acquire("a", lambda: 0.05, here)


def test_patience_may_end_while_somebody_waits() -> None:
    """As where it turns out that the store cannot be opened."""
    turns: FairQueue[str] = FairQueue(places=1, queue=2, share=1)
    lasting = [600.0, 600.0, 600.0]
    with pytest.raises(QueueTimeout):  # not after ten minutes
        turns.acquire("a", lambda: lasting.pop() if lasting else 0.0, here)
