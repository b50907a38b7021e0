"""ORCID iDs given beside a list of names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ..identifiers import ORCID, normal_orcid
from ..iris import fold
from ..model import Name

_ORCID = re.compile(ORCID, re.ASCII)
_RESOLVER = re.compile(r"https?://(?:www\.)?orcid\.org/", re.IGNORECASE)
#: The label before an iD: the name ("Smith, Ann/0000-…", as in Web of Science) or, in a BibLaTeX
#: annotation, the author's number ("1:orcid="0000-…"" or "1=0000-…").
_LABEL = re.compile(r"(?P<name>[^/;\n]+)/\s*$|(?P<number>\d+)(?::\w+)?\s*=\s*\W*$", re.ASCII)
#: No label is longer.
_LONGEST_LABEL = 200


def is_orcid(text: str) -> bool:
    """Whether an identifier of a person is meant to be an ORCID iD, right or wrong.

    >>> is_orcid("ORCID: 0000-0002-1825-0098"), is_orcid("ISNI: 0000 0001 2103 2683")
    (True, False)
    """
    return "orcid" in text.casefold() or bool(re.fullmatch(ORCID, text))


def with_orcids(names: Sequence[Name], text: str) -> tuple[tuple[Name, ...], bool]:
    """The names with their ORCID iDs in ``text``, and whether it has iDs and all of them fit.

    An iD is matched by the name or number before it, or by position if there is one for each name;
    between bars, a place may be empty (OpenAlex).
    An iD that fits no name, or two, is not used.
    """
    labelled = list(_labelled(text))
    if named := [(name, orcid) for name, _, orcid in labelled if name]:
        places = _places_of(names)
        placed = [(places.get(_key(name), -1), orcid) for name, orcid in named]
    elif numbered := [(number, orcid) for _, number, orcid in labelled if number]:
        placed = [(int(number[:9]) - 1, orcid) for number, orcid in numbered]
    elif len(parts := text.split("|")) == len(names) > 1:
        placed = [(n, each[2]) for n, part in enumerate(parts) for each in _labelled(part)]
    else:
        is_each = len(labelled) == len(names)
        placed = [(n if is_each else -1, orcid) for n, (_, _, orcid) in enumerate(labelled)]
    identified = list(names)
    is_all = bool(placed)
    for place, orcid in placed:
        if orcid and 0 <= place < len(names) and not names[place].literal:
            identified[place] = replace(names[place], orcid=orcid)
        else:
            is_all = False
    return tuple(identified), is_all


def _labelled(text: str) -> Iterator[tuple[str, str, str]]:
    """Each iD in the text: the name and number before it, and the iD itself if valid."""
    end = 0
    text = _RESOLVER.sub("", text)
    for match in _ORCID.finditer(text):
        label = _LABEL.search(text[max(end, match.start() - _LONGEST_LABEL) : match.start()])
        end = match.end()
        name, number = label.group("name", "number") if label else ("", "")
        yield name or "", number or "", normal_orcid(match.group())


def _places_of(names: Sequence[Name]) -> dict[tuple[str, str], int]:
    """The place of each name by its key; -1 for a key that two names have."""
    places: dict[tuple[str, str], int] = {}
    for place, name in enumerate(names):
        key = fold(f"{name.particle} {name.family}"), fold(name.given)[:1]
        places[key] = -1 if key in places else place
    return places


def _key(written: str) -> tuple[str, str]:
    """The key of a name in "Family, Given": the family name and the first letter."""
    family, _, given = re.sub(r"^\s*and\s", "", written).partition(",")
    return fold(family), fold(given)[:1]
