"""Free-text notes: the DOI of a work whose type has no field for it."""

from __future__ import annotations

import re

_DOI_LINE = re.compile(r"^[ \t]*DOI:[ \t]*(10\.\S+)[ \t]*$", re.IGNORECASE | re.MULTILINE)


def doi_of_note(note: str) -> str:
    """The DOI that Zotero keeps on a line of "Extra" for types without a field for it.

    A DOI in a sentence is not read, because it may be another work's.

    >>> doi_of_note("PMID: 1\\nDOI: 10.1000/1"), doi_of_note("a reply to DOI: 10.1000/1")
    ('10.1000/1', '')
    """
    match = _DOI_LINE.search(note)
    return match[1] if match else ""
