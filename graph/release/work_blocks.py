"""Work blocks: what a dump says of each work, cut out of it as it stands.

A dump has all that is said of a subject together, as one block. Those of the authorships and
editorships of a work (``publication/x#author-1``) stand somewhere before that of the work itself.
"""

from __future__ import annotations

import mmap
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..iris import IRIs
from .dumps import whole


@dataclass(frozen=True, slots=True)
class _Layout:
    """How a form writes blocks. No text in them has a line break that is not escaped."""

    #: What stands before and after the IRI of the subject.
    before: bytes
    after: bytes
    #: What a block ends with, and nothing else has.
    end: bytes
    #: What stands between two blocks.
    between: bytes


#: The ending of a dump -> how it is laid out.
_LAYOUTS = {
    "ttl": _Layout(b"<", b">", b" .\n", b""),
    "jsonld": _Layout(b'{\n "id": "', b'"', b"\n}", b",\n"),
}
#: The forms that works are cut out of.
BLOCK_FORMS = tuple(_LAYOUTS)


def blocks_of_works(dumps: Path, form: str, iris: IRIs) -> Iterator[tuple[str, bytes]]:
    """The id of each work, and the blocks of it and its parts; ``dumps`` is their folder."""
    layout = _LAYOUTS[form]
    works = re.escape(layout.before + iris.thing("publication", "").encode())
    part = b'#(?:author|editor)-[^>"]+'
    # what begins with plain characters is looked for in half the time
    start = re.compile(b'\n%b([^#>"]+)(%b)?%b' % (works, part, layout.after))
    # work that is still to come -> its parts
    waiting: defaultdict[str, list[bytes]] = defaultdict(list)
    with (dumps / whole(form)).open("rb") as file:
        text = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    for found in start.finditer(text):
        id, is_part = found[1].decode(), found[2]
        end = text.find(layout.end, found.end()) + len(layout.end)
        block = text[found.start() + 1 : end]
        if is_part:
            waiting[id].append(block)
        else:
            yield id, layout.between.join([block, *waiting.pop(id, ())])
