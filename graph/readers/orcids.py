"""ORCID iDs in fields beside the names: which author each belongs to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ..identity import fold
from ..model import Name

__all__ = ["normal_orcid", "with_orcids"]

_ORCID = re.compile(r"\b(\d{4}-\d{4}-\d{4}-\d{3}[\dXx])\b", re.ASCII)
#: "Smith, Ann/0000-…", the form of Web of Science.
_NAMED = re.compile(
    r"([^/;\n]+)/\s*(?:https?://orcid\.org/)?(\d{4}-\d{4}-\d{4}-\d{3}[\dXx])\b", re.ASCII
)
#: "1:orcid="0000-…"" or "1=0000-…", an annotation of BibLaTeX: the author's number.
_NUMBERED = re.compile(r"(\d+)(?::\w+)?\s*=\s*\W*(\d{4}-\d{4}-\d{4}-\d{3}[\dXx])\b", re.ASCII)


def normal_orcid(text: str) -> str:
    """The ORCID iD in ``text`` (bare or as URL), with a right check digit; "" if none.

    >>> normal_orcid("https://orcid.org/0000-0002-1825-0097")
    '0000-0002-1825-0097'
    """
    found = _ORCID.search(text)
    if not found:
        return ""
    digits = found[1].upper().replace("-", "")
    total = 0
    for digit in digits[:-1]:
        total = (total + int(digit)) * 2
    check = (12 - total % 11) % 11
    return found[1].upper() if digits[-1] == ("X" if check == 10 else str(check)) else ""


def with_orcids(names: Sequence[Name], text: str) -> tuple[tuple[Name, ...], bool]:
    """The names with the ORCID iDs ``text`` gives them, and whether it gave every one a name.

    An iD is a name's where the text says so: before it stands the name or its number, or there
    is one for each. An iD that fits no name, or two, is nobody's.
    """
    found = list(names)
    if pairs := _NAMED.findall(text):
        places = [_place_of(written, names) for written, _ in pairs]
        ids = [orcid for _, orcid in pairs]
    elif pairs := _NUMBERED.findall(text):
        places = [int(number) - 1 for number, _ in pairs]
        ids = [orcid for _, orcid in pairs]
    else:
        ids = _ORCID.findall(text)
        places = list(range(len(ids))) if len(ids) == len(names) else [-1] * len(ids)
    is_all = bool(ids)
    for place, orcid in zip(places, map(normal_orcid, ids), strict=True):
        if orcid and 0 <= place < len(found) and not found[place].literal:
            found[place] = replace(found[place], orcid=orcid)
        else:
            is_all = False
    return tuple(found), is_all


def _place_of(written: str, names: Sequence[Name]) -> int:
    """The place of the one name that is meant; -1 where none is, or more than one could be."""
    family, _, given = re.sub(r"^\s*and\s", "", written).partition(",")
    fits = [
        place
        for place, name in enumerate(names)
        if fold(family) == fold(f"{name.particle} {name.family}")
        and fold(given)[:1] == fold(name.given)[:1]
    ]
    return fits[0] if len(fits) == 1 else -1
