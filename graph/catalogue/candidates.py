"""Candidates: the persons with a full name whom a family name and initials may mean.

Many persons share a family name; few of them have the same initials. Those that do are looked at
as one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Set
from functools import lru_cache, partial
from itertools import chain
from typing import NamedTuple

from ..shelf import Scratch
from .persons import fits
from .profiles import Forms

#: Family names with an initial whose forms are remembered.
_REMEMBERED = 2**8


class _Form(NamedTuple):
    """How persons may be abbreviated, with one of their family names."""

    family: str
    first: str
    #: Initials, turned round or not, as this family name has it; those as written.
    possible: str
    initials: str

    def may_be(self, forms: Forms) -> bool:
        """Whether a person's initials fit."""
        possible = self.possible.split("\n")
        return any(all(fits(one, own) for one in forms.initials) for own in possible)

    def is_exact(self, forms: Forms) -> bool:
        """Whether two initials or more are the same."""
        return any(len(each) > 1 for each in forms.initials.intersection(self.initials.split("\n")))


class Candidates:
    """The persons with a full name, by family name and first initial.

    ``base`` has the table ``form``: what ``abbreviations`` gives of each person, and the person.
    """

    def __init__(self, base: Scratch) -> None:
        self._base = base
        self._of = lru_cache(_REMEMBERED)(partial(_forms, base))

    def fitting(self, own: Collection[Forms]) -> Iterator[str]:
        """The persons whom these forms, which are one person's, may mean.

        Where some have two initials or more in common with it, only these: "J. J." is rather
        John J. than John.
        """
        fitting = [
            form
            for each in own
            for family in each.families
            for form in self._of(family, _first(each.initials))
            if form.may_be(each)
        ]
        exact = [form for form in fitting if any(map(form.is_exact, own))]
        return chain.from_iterable(map(self._agents, exact or fitting))

    def _agents(self, form: _Form) -> Iterator[str]:
        query = (
            "SELECT agent FROM form WHERE family = ? AND first = ? AND possible = ?"
            " AND initials = ?"
        )
        return (agent for (agent,) in self._base.execute(query, form))


def _forms(base: Scratch, family: str, first: str) -> list[_Form]:
    # those that fit begin alike; initials that do not, fit none
    query = (
        "SELECT DISTINCT family, first, possible, initials FROM form WHERE family = ? AND first = ?"
    )
    return [_Form(*row) for row in base.execute(query, (family, first))]


def abbreviations(forms: Forms) -> Iterator[_Form]:
    """How a person with a full name may be abbreviated, by family name and first initial.

    The first initial is "" where the other has none.
    """
    for family in forms.families | forms.turned:
        possible = forms.possible_initials(family)
        for first in {"", *(own[0] for own in possible)}:
            yield _Form(
                family, first, "\n".join(sorted(possible)), "\n".join(sorted(forms.initials))
            )


def as_many_initials(one: Forms, other: Forms) -> bool:
    """Whether two initials or more are the same in both."""
    return any(len(each) > 1 for each in one.initials & other.initials)


def _first(initials: Set[str]) -> str:
    return min(initials)[0] if initials else ""
