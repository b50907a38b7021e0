"""Work blocks: the text on each work, cut out of a dump unchanged.

A dump has one block of lines for each subject. Those of the authorships and editorships of a work
(``publication/x#author-1``) come somewhere before that of the work.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from ..iris import IRIs
from .dumps import whole


@dataclass(frozen=True, slots=True)
class _Layout:
    """How a format writes a block. Line breaks within a literal are escaped."""

    #: The lines before the one of the subject.
    first: bytes
    #: What comes before and after the subject's IRI, which has a line of its own.
    before: bytes
    after: bytes
    is_last: Callable[[bytes], bool]
    #: Separates two blocks; the last line of a block has some of it.
    between: bytes


#: Ending of a dump -> its layout.
_LAYOUTS = {
    "ttl": _Layout(b"", b"<", b">", lambda line: line.endswith(b" .\n"), b""),
    "jsonld": _Layout(b"{\n", b' "id": "', b'"', lambda line: line.startswith(b"}"), b",\n"),
}
#: The formats that works are cut out of.
BLOCK_FORMS = tuple(_LAYOUTS)


def blocks_of_works(dumps: Path, form: str, iris: IRIs) -> Iterator[tuple[str, bytes]]:
    """The id of each work, with its blocks and those of its parts; ``dumps`` is a folder."""
    layout = _LAYOUTS[form]
    start = layout.before + iris.thing("publication", "").encode()
    part = b'#(?:author|editor)-[^>"]+'
    subject = re.compile(b'%b([^#>"]+)(%b)?%b' % (re.escape(start), part, layout.after))
    # work that is still to come -> its parts
    waiting: defaultdict[str, list[bytes]] = defaultdict(list)
    with (dumps / whole(form)).open("rb") as file:
        for line in file:
            if not line.startswith(start) or not (found := subject.match(line)):
                continue
            lines = [layout.first]
            for each in chain((line,), file):
                lines.append(each)
                if layout.is_last(each):
                    break
            block = b"".join(lines).rstrip(layout.between)
            id = found[1].decode()
            if found[2]:
                waiting[id].append(block)
            else:
                yield id, layout.between.join([block, *waiting.pop(id, ())])
