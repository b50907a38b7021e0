"""Records as CSL-JSON 1.0.2: an array of the catalogue's own items, one a line.

Everything survives: what CSL has no variable for stands in ``custom``. Keywords also stand in
CSL's own ``keyword``, where other programs look for them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from ..csl import to_csl
from ..model import Record


def write(records: Iterable[Record]) -> Iterator[str]:
    """The records as one array."""
    before = "[\n"
    for record in records:
        item = to_csl(record)
        if record.facets.keywords:
            item["keyword"] = ", ".join(record.facets.keywords)
        yield before + json.dumps(item, ensure_ascii=False)
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"
