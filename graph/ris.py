"""What RIS has no word of its own for, as our reader and our writer of it agree on."""

from __future__ import annotations

#: A note that begins so is the title in the language of the work.
ORIGINAL = "Original title: "
#: The CSL types of works whose secondary title is that of a series.
SERIES_TYPES = frozenset({"book", "dataset", "map", "report", "software", "thesis"})
