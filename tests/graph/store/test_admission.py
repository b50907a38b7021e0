"""The fair queue: turns, bounds, and the lane of the site's own pages."""

import threading
import time
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from oograph.graph.store.admission import (
    ClientDisconnected,
    FairQueue,
    NotAdmitted,
    QueueFull,
    QueueTimeout,
    TooManyRequests,
    Turn,
)


def here() -> bool:
    return False


def acquire(turns: FairQueue[str], client: str, seconds: float = 1) -> Turn[str]:
    turn = turns.enter(client)
    turns.wait(turn, lambda: seconds, here)
    return turn


class Queue:
    """Requests that wait, each in a thread, and the order in which they were served."""

    def __init__(self, turns: FairQueue[str]) -> None:
        self.turns = turns
        self.served: list[str] = []
        self.threads: list[threading.Thread] = []

    def ask(self, client: str) -> None:
        def wait() -> None:
            turn = acquire(self.turns, client, 10)
            self.served.append(client)
            self.turns.release(turn, turn.item)

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
    first = acquire(turns, "first")
    queue = Queue(turns)
    for client in ("greedy", "greedy", "greedy", "modest", "greedy", "late"):
        queue.ask(client)
    turns.release(first, first.item)
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
        turns.release(turn, turn.item)
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
    ends: dict[int, tuple[float, str, Turn[int]]] = {}
    turns.put(0)
    turns.put(1)
    while clock.now < 2000:
        for name, entered in waiting.items():
            for turn in [turn for turn in entered if turn.item is not None]:
                ends[turn.item or 0] = (clock.now + lasts[name], name, turn)
                entered.remove(turn)
        item = min(ends, key=lambda item: ends[item][0])
        clock.now, name, turn = ends.pop(item)
        used[name] += lasts[name]
        turns.release(turn, item)
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
        turns.release(running, running.item)
    running = turns.enter("other")
    hog, polite = turns.enter("hog"), turns.enter("polite")
    turns.release(running, running.item)
    assert (hog.item, polite.item) == (None, 0)
    turns.release(polite, 0)
    assert hog.item == 0


def test_what_was_used_long_ago_is_forgiven_and_forgotten() -> None:
    clock = Clock()
    turns: FairQueue[int] = FairQueue(1, 64, 4, clock=clock)
    turns.put(0)
    for number in range(50):
        running = turns.enter(f"client {number}")
        clock.now += 2
        turns.release(running, running.item)
    assert len(turns._clients) == 50
    clock.now += 6000
    running = turns.enter("another")
    turns.release(running, running.item)
    assert turns._clients == {}


def test_visitors_never_hold_the_last_worker() -> None:
    turns: FairQueue[str] = FairQueue(places=2, queue=8, share=5)
    for worker in ("one", "two", "three"):
        turns.put(worker)
    acquire(turns, "a")
    acquire(turns, "b")
    with pytest.raises(QueueTimeout):
        acquire(turns, "c", 0.05)
    assert acquire(turns, "").item == "one"
    with pytest.raises(QueueTimeout):
        acquire(turns, "", 0.05)


def test_the_site_goes_before_visitors() -> None:
    turns: FairQueue[str] = FairQueue(places=1, queue=8, share=5)
    turns.put("worker")
    running = acquire(turns, "a")
    queue = Queue(turns)
    for client in ("b", "", "c"):
        queue.ask(client)
    turns.release(running, "worker")
    assert queue.join() == ["", "b", "c"]


def test_a_full_queue_turns_away_and_forgets() -> None:
    turns: FairQueue[str] = FairQueue(places=1, queue=2, share=5)
    queue = Queue(turns)
    queue.ask("a")
    queue.ask("b")
    with pytest.raises(QueueFull):
        turns.enter("c")
    turns.put("worker")
    assert queue.join() == ["a", "b"]
    assert acquire(turns, "c").item == "worker"


def test_who_has_left_is_not_waited_for() -> None:
    turns: FairQueue[str] = FairQueue(places=1, queue=2, share=1)
    with pytest.raises(ClientDisconnected):  # not QueueTimeout, after 30 seconds
        turns.wait(turns.enter("a"), lambda: 30, lambda: True)
    turns.put("worker")
    assert acquire(turns, "a").item == "worker"


def test_what_is_not_usable_does_not_wait_for_somebody_to_call_for_it() -> None:
    # A worker with the store that was best when it was hired is dropped when it comes back, and
    # with the last of them the process that holds that store: nobody may ask for hours.
    outdated: set[str] = set()
    dropped: list[str] = []

    def usable(item: str) -> bool:
        if item in outdated:
            dropped.append(item)
        return item not in outdated

    turns: FairQueue[str] = FairQueue(1, 2, 5, usable=usable)
    turns.put("out")
    turn = acquire(turns, "client")
    outdated.update({"out", "hired"})
    turns.put("hired")
    turns.release(turn, "out")
    assert dropped == ["hired", "out"]


def test_a_dead_item_is_passed_over() -> None:
    turns: FairQueue[str] = FairQueue(1, 2, 5, usable=lambda item: item != "dead")
    turns.put("dead")
    turns.put("alive")
    turn = acquire(turns, "a")
    assert turn.item == "alive"
    turns.release(turn, None)
    with pytest.raises(QueueTimeout):
        acquire(turns, "a", 0.05)


def test_patience_may_end_while_somebody_waits() -> None:
    """As where it turns out that the store cannot be opened."""
    turns: FairQueue[str] = FairQueue(places=1, queue=2, share=1)
    lasting = [600.0, 600.0, 600.0]
    with pytest.raises(QueueTimeout):  # not after ten minutes
        turns.wait(turns.enter("a"), lambda: lasting.pop() if lasting else 0.0, here)


def full_house(**settings: Any) -> FairQueue[str]:
    """One place, taken by a hog, and one item more for trials."""
    turns: FairQueue[str] = FairQueue(places=1, queue=20, share=5, trials=1, **settings)
    turns.put("two")
    turns.put("one")  # the last that came is the first that is taken
    acquire(turns, "hog")
    return turns


def test_in_a_full_house_a_request_is_tried() -> None:
    turns = full_house()
    tried, next_one = turns.enter("a"), turns.enter("b")
    assert (tried.item, tried.on_trial, next_one.item) == ("two", True, None)
    turns.release(tried, "two")
    assert (next_one.item, next_one.on_trial) == ("two", True)
    turns.release(next_one, "two")
    assert (turns.running, turns.waiting) == (1, 0)


def test_a_trial_goes_on_until_somebody_else_wants_one() -> None:
    turns = full_house()
    tried = turns.enter("a")
    assert turns.may_go_on(tried)
    assert turns.untried == 0
    turns.enter("b")
    assert turns.untried == 1
    assert not turns.may_go_on(tried)


def test_after_its_trial_a_request_waits_before_all_else_of_its_client() -> None:
    turns: FairQueue[str] = FairQueue(places=1, queue=20, share=5, trials=1)
    turns.put("one")
    turns.put("two")
    running = acquire(turns, "hog")
    tried, second, third = [turns.enter("a") for _ in range(3)]
    turns.retry(tried)
    assert (tried.item, turns.running, turns.waiting) == (None, 1, 3)
    turns.put("three")  # for a trial, which the first has had
    assert (tried.item, second.item, third.item) == (None, "three", None)
    turns.release(running, "one")
    assert (tried.item, tried.on_trial, third.item) == ("one", False, None)


def test_a_request_that_was_admitted_is_not_refused_after_its_trial() -> None:
    turns: FairQueue[str] = FairQueue(places=1, queue=1, share=1, trials=1)
    turns.put("one")
    turns.put("two")
    running = acquire(turns, "hog")
    tried = turns.enter("a")
    turns.enter("b")
    turns.retry(tried)
    assert not tried.called.is_set()
    turns.release(running, "one")
    assert tried.item == "one"


def test_who_fails_trials_has_few() -> None:
    clock = Clock()
    turns = full_house(clock=clock)
    for _ in range(3):
        turn = turns.enter("a")
        assert turn.on_trial
        clock.now += 1
        turns.retry(turn)
        turns._leave(turn, QueueTimeout())
        turns.put("two")
    assert turns.enter("a").item is None
    assert turns.enter("b").on_trial
    clock.now += 300
    assert turns._clients["a"].may_try(clock.now)


def test_who_has_failed_no_trial_is_tried_first() -> None:
    clock = Clock()
    turns = full_house(clock=clock)
    failing = turns.enter("a")
    assert failing.on_trial
    again, other = turns.enter("a"), turns.enter("b")
    clock.now += 0.1  # too short to count as used
    turns.retry(failing)
    turns.put("two")
    assert (again.item, other.item) == (None, "two")


def test_the_site_goes_before_a_trial() -> None:
    turns = full_house()
    tried = turns.enter("a")
    page, waiting = turns.enter(""), turns.enter("b")
    turns.release(tried, "two")
    assert (page.item, waiting.item) == ("two", None)


class Requests(RuleBasedStateMachine):
    """Whatever is asked, in any order: no bound is passed, and no item is lost."""

    places, trials, queue = 2, 1, 6

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.turns: FairQueue[int] = FairQueue(
            self.places, self.queue, 2, self.trials, clock=self.clock
        )
        self.entered: list[Turn[int]] = []
        self.items = self.places + self.trials + 1
        for item in range(self.items):
            self.turns.put(item)

    def having(self, has_item: bool) -> list[Turn[int]]:
        return [turn for turn in self.entered if (turn.item is not None) is has_item]

    @rule(client=st.sampled_from(["", "a", "b", "c"]))
    def enter(self, client: str) -> None:
        with suppress(NotAdmitted):
            self.entered.append(self.turns.enter(client))

    @rule(data=st.data(), how=st.sampled_from(["release", "lose", "retry"]))
    def end(self, data: st.DataObject, how: str) -> None:
        if turns := self.having(True):
            turn = data.draw(st.sampled_from(turns))
            item = turn.item
            assert item is not None
            if how == "retry":
                self.turns.retry(turn)
                self.turns.put(item)
                return
            self.entered.remove(turn)
            self.turns.release(turn, item if how == "release" else None)
            if how == "lose":
                self.turns.put(item)

    @rule(data=st.data())
    def leave(self, data: st.DataObject) -> None:
        if turns := self.having(False):
            turn = data.draw(st.sampled_from(turns))
            self.turns._leave(turn, QueueTimeout())
            self.entered.remove(turn)

    @rule(seconds=st.floats(0, 400))
    def wait(self, seconds: float) -> None:
        self.clock.now += seconds

    @invariant()
    def bounds_hold(self) -> None:
        self.entered = [turn for turn in self.entered if not turn.refusal]
        running = self.having(True)
        visitors = [turn for turn in running if turn.client]
        assert sum(turn.on_trial for turn in visitors) <= self.trials
        assert sum(not turn.on_trial for turn in visitors) <= self.places
        assert len({turn.item for turn in running}) == len(running) == self.turns.running
        assert self.turns.waiting == len(self.having(False))
        # what waits has a reason to
        if any(not turn.client for turn in self.having(False)):
            assert len(running) == self.items
        if any(turn.client for turn in self.having(False)) and len(running) < self.items:
            assert sum(not turn.on_trial for turn in visitors) == self.places


def test_whatever_is_asked_in_any_order() -> None:
    run_state_machine_as_test(Requests)
