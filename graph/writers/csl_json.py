"""Records as CSL-JSON 1.0.2: an array of the catalogue's own items, one per line.

Everything survives: data for which CSL has no variable is in ``custom``. Keywords are also in CSL's
own ``keyword``, where other programs look for them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from ..csl import Item, to_csl
from ..model import Record

_ENCODE = json.JSONEncoder(ensure_ascii=False).encode


def write(records: Iterable[Record]) -> Iterator[str]:
    """Yield the records as one array."""
    return joined(written(to_csl(record)) for record in records)


def written(item: Item) -> str:
    """Write an item that ``to_csl`` made, as it appears in the array."""
    keywords = item.get("custom", {}).get("keywords", ())
    return _ENCODE({**item, "keyword": ", ".join(keywords)} if keywords else item)


def joined(items: Iterable[str]) -> Iterator[str]:
    """Join written items into one array."""
    before = "[\n"
    for item in items:
        yield before + item
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"
