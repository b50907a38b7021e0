"""Characters that no text of ours holds, since no XML document can: the RDF/XML is well-formed."""

from __future__ import annotations

import re

#: What XML 1.0 does not allow, and the controls beyond ASCII, which damaged text is full of.
UNREADABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
