"""Names in BibLaTeX's extended format, each part with its label: "family=Low, given=Ada"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..model import Name
from .latex import plain

#: A part, in quotes if it contains a comma; "given-i" holds initials, "useprefix" is an option.
_PART = re.compile(r'"?\s*(?P<label>[a-z]+(?:-i)?)\s*=(?P<value>.*?)"?', re.DOTALL)
_NAMING = frozenset({"family", "given"})


def of_labelled_parts(parts: Sequence[str]) -> Name | None:
    """The name in the parts between commas; None if one of them has no label.

    >>> str(of_labelled_parts(["family=Fontaine", "given={Jean}", "prefix=de la", "given-i=J"]))
    'Jean de la Fontaine'
    >>> of_labelled_parts(["Fontaine", "Jean"])
    """
    labelled = list(map(_PART.fullmatch, parts))
    spelt = {match["label"]: plain(match["value"]) for match in labelled if match}
    if not all(labelled) or spelt.keys().isdisjoint(_NAMING):
        return None
    family, given = spelt.get("family", ""), spelt.get("given", "")
    if not family or not given:
        return Name(literal=family or given)
    particle, suffix = spelt.get("prefix", ""), spelt.get("suffix", "")
    return Name(family=family, given=given, particle=particle, suffix=suffix)
