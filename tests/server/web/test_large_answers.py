"""Large answers on their way: bounded for each client and in all, and shared out fairly."""

import io

import pytest

from oograph.graph.store.answers import Limits
from oograph.graph.store.problems import QueryError
from oograph.server.web.large_answers import LargeAnswers

PLACES = 32


@pytest.fixture
def answers() -> LargeAnswers:
    return LargeAnswers(Limits(client_queries=4))


def fill(answers: LargeAnswers, clients: int, each: int) -> list[list]:
    return [
        [answers.track(f"client {number}", io.BytesIO(b"whole")) for _ in range(each)]
        for number in range(clients)
    ]


def test_a_client_has_its_part_and_no_more(answers: LargeAnswers) -> None:
    ((first, *_),) = fill(answers, 1, 4)
    with pytest.raises(QueryError) as refusal:
        answers.track("client 0", io.BytesIO())
    assert refusal.value.problem.status == 429 and refusal.value.problem.retry_after
    first.close()
    first.close()
    answers.track("client 0", io.BytesIO())
    with pytest.raises(QueryError):
        answers.track("client 0", io.BytesIO())


def test_a_newcomer_takes_the_last_place_of_who_holds_most(answers: LargeAnswers) -> None:
    files = fill(answers, PLACES // 4, 4)
    newcomer = answers.track("newcomer", io.BytesIO(b"whole"))
    assert newcomer.read() == b"whole"
    left = [[file for file in held if is_whole(file)] for held in files]
    assert sorted(map(len, left)) == [3] + [4] * (PLACES // 4 - 1)


def test_what_gives_way_breaks_off_and_frees_the_disk(answers: LargeAnswers) -> None:
    fill(answers, PLACES // 4 - 1, 4)
    held = [io.BytesIO(b"whole") for _ in range(4)]
    tracked = [answers.track("last", file) for file in held]
    for number in range(PLACES // 4):
        answers.track(f"newcomer {number}", io.BytesIO())
    gone = [file for file in tracked if not is_whole(file)]
    assert gone
    assert all(file.getvalue() == b"" for file, t in zip(held, tracked, strict=True) if t in gone)
    for file in tracked:
        file.close()  # what has lost its place is not counted twice


def test_what_gives_way_may_just_have_been_read(answers: LargeAnswers) -> None:
    held = [io.BytesIO(b"whole") for _ in range(PLACES)]
    for number, file in enumerate(held):
        answers.track(f"client {number // 4}", file)
    for file in held:
        file.close()  # by the server's loop, which is about to say so
    answers.track("newcomer", io.BytesIO())


def test_equal_clients_do_not_displace_each_other(answers: LargeAnswers) -> None:
    files = fill(answers, PLACES, 1)
    with pytest.raises(QueryError) as refusal:
        answers.track("newcomer", io.BytesIO())
    assert refusal.value.problem.status == 503
    files[0][0].close()
    answers.track("newcomer", io.BytesIO())


@pytest.mark.parametrize("hostile", [1, 3, 8, 20])
def test_hostile_clients_hold_at_most_their_part(answers: LargeAnswers, hostile: int) -> None:
    """Who reads nothing and asks for more has no more places than its part, once others ask."""
    for _ in range(50):
        for client in range(hostile):
            try:
                answers.track(f"hostile {client}", io.BytesIO())
            except QueryError:
                pass
    polite = [answers.track("polite", io.BytesIO(b"whole"))]
    assert is_whole(polite[0])


def is_whole(file) -> bool:
    file.seek(0)
    try:
        return file.read() == b"whole"
    except OSError:
        return False
