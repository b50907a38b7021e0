"""The conventions that our RIS reader and writer share for what RIS itself does not define."""

from __future__ import annotations

#: A note that begins with this is the title in the language of the work.
ORIGINAL = "Original title: "
#: The CSL types of works whose secondary title is the title of a series.
SERIES_TYPES = frozenset({"book", "dataset", "map", "report", "software", "thesis"})
