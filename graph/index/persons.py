"""Persons: records that are likely of one person are counted and listed as one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from .members import Value
from .works import Answer, Works


def each_person_once(counted: Sequence[Value], chosen: Collection[str] = ()) -> Iterator[Value]:
    """Of authors who are likely one person, the one with the works of all; chosen ones stay."""
    by_value = {value.value: value for value in counted}
    listed: set[str] = set()
    for value in counted:
        one = value
        if value.value not in chosen:
            if listed & {value.value, *value.parents}:
                continue
            # it may come after those that are likely the same, if they have as many works
            above = (by_value[parent] for parent in value.parents if parent in by_value)
            one = next((each for each in above if value.value not in each.parents), value)
        listed |= {one.value, value.value}
        yield one


def likely_the_same(works: Works, answer: Answer, person: str) -> list[Value]:
    """The authors of some works who are likely this person under another record."""
    return [
        value for value in works.members.counts(answer.numbers, "author") if person in value.parents
    ]
