"""CachedResult answers: bounded, and those used last stay."""

import hashlib
import tracemalloc

import pytest

from oograph.graph.store.cache import CachedResult, ResultCache


def test_what_is_kept_is_bounded_however_small_the_answers() -> None:
    kept = ResultCache(100_000)
    for number in range(1000):
        kept.keep(number, CachedResult(b"x" * (number % 50), number))
    assert kept.bytes <= 100_000
    assert kept.get(999) == CachedResult(b"x" * (999 % 50), 999)
    assert kept.get(0) is None
    assert (kept.hits, kept.misses) == (1, 1)


def test_those_used_last_stay() -> None:
    kept = ResultCache(9 * 650)
    for name in "abcdefghi":
        kept.keep(name, CachedResult(b"", 0))
    kept.get("a")
    kept.keep("j", CachedResult(b"", 0))
    assert [name for name in "abcdefghij" if kept.get(name)] == [*"acdefghij"]


def test_an_answer_kept_twice_counts_once() -> None:
    kept = ResultCache(10_000)
    kept.keep("a", CachedResult(b"x" * 500, 1))
    size = kept.bytes
    kept.keep("a", CachedResult(b"x" * 500, 1))
    assert kept.bytes == size


def test_no_answer_takes_more_than_an_eighth() -> None:
    kept = ResultCache(80_000)
    for length in (9_000, 9_990):
        kept.keep(length, CachedResult(b"x" * length, 1))
    assert [length for length in (9_000, 9_990) if kept.get(length)] == [9_000]
    assert (kept.fits(9_000), kept.fits(9_990)) == (True, False)


def test_nothing_is_kept_in_no_room() -> None:
    kept = ResultCache(0)
    assert not kept.fits(1)
    kept.keep("a", CachedResult(b"", 0))
    assert (kept.get("a"), kept.bytes) == (None, 0)


@pytest.mark.parametrize("length", [0, 300, 20_000])
def test_the_bytes_it_says_are_the_bytes_it_holds(length: int) -> None:
    kept = ResultCache(64 * 2**20)
    tracemalloc.start()
    try:
        for number in range(2000):
            key = hashlib.sha256(b"%d" % number).digest()
            kept.keep(key, CachedResult(bytes(bytearray(length)), number))
        held = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert held <= kept.bytes <= held + 2000 * 512
