"""Candidates: the persons with a full name that a family name and initials may stand for.

Many persons share a family name, but few of those share their initials too. Persons who do are
looked up together.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Set
from functools import lru_cache, partial
from itertools import chain
from typing import NamedTuple

from ..shelf import Scratch
from .names import fits
from .profiles import Forms

#: How many lookups, each by a family name and an initial, are cached.
_REMEMBERED = 2**8


class _Form(NamedTuple):
    """A way to abbreviate a person, under one of their family names."""

    family: str
    first: str
    #: The initials that can go with this family name, in normal or swapped name order.
    possible: str
    #: The initials as written.
    initials: str

    def may_be(self, forms: Forms) -> bool:
        """Whether a person's initials fit this form."""
        possible = self.possible.split("\n")
        return any(all(fits(one, own) for one in forms.initials) for own in possible)

    def is_exact(self, forms: Forms) -> bool:
        """Whether the person has two or more initials, all as in this form."""
        return any(len(each) > 1 for each in forms.initials.intersection(self.initials.split("\n")))


class Candidates:
    """The persons with a full name, by family name and first initial.

    ``base`` has a table ``form`` with the rows that ``abbreviations`` gives for each person.
    """

    def __init__(self, base: Scratch) -> None:
        self._base = base
        self._of = lru_cache(_REMEMBERED)(partial(_forms, base))

    def fitting(self, own: Collection[Forms]) -> Iterator[str]:
        """Yield the persons that ``own``, the forms of one person, may stand for.

        If two or more initials match some persons exactly, only those are given: "J. J." is more
        likely to be John J. than John.
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
    # initials can only fit if the first one is the same
    query = (
        "SELECT DISTINCT family, first, possible, initials FROM form WHERE family = ? AND first = ?"
    )
    return [_Form(*row) for row in base.execute(query, (family, first))]


def abbreviations(forms: Forms) -> Iterator[_Form]:
    """Yield the ways to abbreviate a person with a full name, by family name and first initial.

    One of them has "" as the first initial, to find the person by the family name alone.
    """
    for family in forms.families | forms.turned:
        possible = forms.possible_initials(family)
        for first in {"", *(own[0] for own in possible)}:
            yield _Form(
                family, first, "\n".join(sorted(possible)), "\n".join(sorted(forms.initials))
            )


def as_many_initials(one: Forms, other: Forms) -> bool:
    """Whether both have the same initials, at least two of them."""
    return any(len(each) > 1 for each in one.initials & other.initials)


def _first(initials: Set[str]) -> str:
    return min(initials)[0] if initials else ""
