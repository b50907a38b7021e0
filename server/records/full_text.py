"""Where to look for the text of a work, which may have neither a DOI nor a web page."""

from __future__ import annotations

import unicodedata
from urllib.parse import urlencode

from ...graph.model import Record

#: The search engine, and the most characters of a search that it reads.
_ENGINE, _CHARACTERS = "https://scholar.google.com/scholar", 256
#: What may be within a word, also between letters of Persian and Hindi.
_WITHIN = "'’.-\u200c\u200d"


def search_address(record: Record) -> str:
    """A search for the title and the first author of a work.

    >>> from ...graph.model import Name
    >>> search_address(Record('Who "clicks"?', authors=(Name("Doe", "Jane"),)))
    'https://scholar.google.com/scholar?q=Doe+Who+clicks'
    """
    first = record.authors[0] if record.authors else None
    author = first.family or first.literal if first else ""
    found = ""
    for word in _words(f"{author} {record.title}"):
        longer = f"{found} {word}".lstrip()
        if len(longer) > _CHARACTERS:
            break
        found = longer
    return f"{_ENGINE}?{urlencode({'q': found})}"


def _words(text: str) -> list[str]:
    """The words of a text, without what the engine would take for an operator.

    >>> _words("Who -really- pays? हिन्दी")
    ['Who', 'really', 'pays', 'हिन्दी']
    """
    spaced = "".join(
        char if char in _WITHIN or unicodedata.category(char)[0] in "LMN" else " " for char in text
    )
    return [word for part in spaced.split() if (word := part.strip(_WITHIN))]
