"""Characters that our texts must not contain, so that RDF/XML is always well-formed."""

from __future__ import annotations

import re

#: What XML 1.0 does not allow, and the control characters beyond ASCII, common in damaged text.
UNREADABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
