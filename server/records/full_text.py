"""Where to look for the text of a work, which may have neither a DOI nor a web page."""

from __future__ import annotations

import re
from urllib.parse import urlencode

from ...graph.model import Record

#: The search engine, and the most characters of a search that it reads.
_ENGINE, _CHARACTERS = "https://scholar.google.com/scholar", 256
#: A word without what the engine would take for an operator.
_WORD = re.compile(r"\w+(?:['’.-]\w+)*")


def search_address(record: Record) -> str:
    """A search for the title and the first author of a work.

    >>> from ...graph.model import Name
    >>> search_address(Record('Who "clicks"?', authors=(Name("Doe", "Jane"),)))
    'https://scholar.google.com/scholar?q=Doe+Who+clicks'
    """
    first = record.authors[0] if record.authors else None
    author = first.family or first.literal if first else ""
    found = ""
    for word in _WORD.findall(f"{author} {record.title}"):
        longer = f"{found} {word}".lstrip()
        if len(longer) > _CHARACTERS:
            break
        found = longer
    return f"{_ENGINE}?{urlencode({'q': found})}"
