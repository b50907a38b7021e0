"""Candidates: the persons with a full name whom a family name and initials may mean.

Many persons share a family name; few of them have the same initials. Those that do are looked at
as one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Set
from itertools import chain
from typing import NamedTuple

from .persons import fits
from .profiles import Profile


class _Form(NamedTuple):
    """How persons may be abbreviated, with one of their family names."""

    #: Initials, turned round or not, as this family name has it.
    possible: Set[str]
    initials: Set[str]

    def may_be(self, profile: Profile) -> bool:
        """Whether the person's initials fit."""
        return any(all(fits(one, own) for one in profile.initials) for own in self.possible)

    def is_exact(self, profile: Profile) -> bool:
        """Whether two initials or more are the same."""
        return any(len(each) > 1 for each in self.initials & profile.initials)


class Candidates:
    """The persons with a full name, by family name and first initial."""

    def __init__(self, profiles: Mapping[str, Profile]) -> None:
        #: Family name and first initial ("" for any) -> form -> persons.
        self._forms: dict[tuple[str, str], dict[_Form, list[str]]] = {}
        for agent, profile in profiles.items():
            for family in profile.families | profile.turned if profile.names else ():
                form = _Form(profile.possible_initials(family), profile.initials)
                for first in {"", *(own[0] for own in form.possible)}:
                    forms = self._forms.setdefault((family, first), defaultdict(list))
                    forms[form].append(agent)

    def fitting(self, own: Collection[Profile]) -> Iterator[str]:
        """The persons whom these profiles, which are one person's, may mean.

        Where some have two initials or more in common with it, only these: "J. J." is rather
        John J. than John.
        """
        fitting = [
            (form, agents)
            for profile in own
            for family in profile.families
            for form, agents in self._of(family, profile.initials).items()
            if form.may_be(profile)
        ]
        exact = [(form, agents) for form, agents in fitting if any(map(form.is_exact, own))]
        return chain.from_iterable(agents for _, agents in exact or fitting)

    def _of(self, family: str, initials: Set[str]) -> Mapping[_Form, list[str]]:
        # those that fit begin alike; initials that do not, fit none
        first = min(initials)[0] if initials else ""
        return self._forms.get((family, first), {})


def as_many_initials(one: Profile, other: Profile) -> bool:
    """Whether two initials or more are the same in both."""
    return any(len(each) > 1 for each in one.initials & other.initials)
