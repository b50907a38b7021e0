"""Records as CSL-JSON 1.0.2: an array of the catalogue's own items, one a line.

Everything survives: what CSL has no variable for stands in ``custom``. Keywords also stand in
CSL's own ``keyword``, where other programs look for them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from ..csl import Item, to_csl
from ..model import Record

_ENCODE = json.JSONEncoder(ensure_ascii=False).encode


def write(records: Iterable[Record]) -> Iterator[str]:
    """The records as one array."""
    return joined(written(to_csl(record)) for record in records)


def written(item: Item) -> str:
    """An item that ``to_csl`` made, as it stands in the array."""
    keywords = item.get("custom", {}).get("keywords", ())
    return _ENCODE({**item, "keyword": ", ".join(keywords)} if keywords else item)


def joined(items: Iterable[str]) -> Iterator[str]:
    """Items that are written, as one array."""
    before = "[\n"
    for item in items:
        yield before + item
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"
