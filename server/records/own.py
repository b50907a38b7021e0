"""Our own IRIs that a text may stand for."""

from __future__ import annotations

import re

from ..web.site import Site
from .documents import formats_of

#: The most characters of a text to read.
_CHARACTERS = 2000


def own(site: Site, asked: str) -> tuple[str, ...]:
    """Our IRIs that a text may stand for: one of our IRIs, its path, or the address of a document.

    The address may be below the base IRI or below the site's own address, as shown in a browser.
    Repeated prefixes are removed: some clients put the base before a complete address.
    """
    path = asked.strip()[:_CHARACTERS]
    for start in (site.release.base_iri, site.absolute("")):
        place = start.partition("://")[2]
        path = re.sub(rf"^(https?://{re.escape(place)})+", "", path)
    path = re.split("[?#]", path)[0].strip("/")
    if "/" not in path or " " in path or "://" in path:
        return ()
    endings = sorted(formats_of(path.partition("/")[0]), key=len, reverse=True)
    stems = (path.removesuffix(f".{ending}") for ending in endings if path.endswith(f".{ending}"))
    return tuple(dict.fromkeys(site.iris.at(each) for each in (path, *stems)))
