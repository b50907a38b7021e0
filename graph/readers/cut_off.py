"""Values cut off in a list of search results: "Work, employment and …" in Google Scholar."""

from __future__ import annotations

import re
from dataclasses import replace

from ..model import Entry
from .values import problem

_CUT_OFF = re.compile(r"(?:…|\.{3}) .*|.* (?:…|\.{3})")
#: The fields in which this happens, and what a curator calls them.
_FIELDS = {"title": "title", "container_title": "venue"}


def is_cut_off(text: str) -> bool:
    """Whether the beginning or the end of a text is missing.

    >>> is_cut_off("Work, employment and …"), is_cut_off("What if...")
    (True, False)
    """
    return _CUT_OFF.fullmatch(text) is not None


def with_cut_off_told(entry: Entry) -> Entry:
    """The entry, with a warning for each value that is cut off."""
    warnings = [
        problem(
            entry.source,
            "warning",
            f"the {called} is cut off",
            "Complete it, or also import the work from a source that has it in full.",
            name,
            text,
        )
        for name, called in _FIELDS.items()
        if is_cut_off(text := getattr(entry.record, name, ""))
    ]
    return replace(entry, problems=(*entry.problems, *warnings)) if warnings else entry
