"""Records as CSL-JSON 1.0.2: an array of the catalogue's own items, one a line.

Everything survives: what CSL has no variable for stands in ``custom``. Keywords also stand in
CSL's own ``keyword``, where other programs look for them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from ..csl import Item, to_csl
from ..model import Record


def write(records: Iterable[Record]) -> Iterator[str]:
    """The records as one array."""
    return write_items(map(to_csl, records))


def write_items(items: Iterable[Item]) -> Iterator[str]:
    """Items that ``to_csl`` made, as one array."""
    encode = json.JSONEncoder(ensure_ascii=False).encode
    before = "[\n"
    for item in items:
        keywords = item.get("custom", {}).get("keywords", ())
        yield before + encode({**item, "keyword": ", ".join(keywords)} if keywords else item)
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"
