"""The request log: one JSON object a line."""

from __future__ import annotations

import json
import sys
from dataclasses import fields
from datetime import UTC, datetime

from .observe import Observer, Seen

__all__ = ["LOGS", "request_log"]

#: What ``--log`` may be: no line a request; lines without addresses; lines with them.
LOGS = ("off", "requests", "addresses")


def request_log(kind: str) -> tuple[Observer, ...]:
    """The observer that writes the log of a kind to stderr; none for "off"."""
    if kind == "off":
        return ()
    names = [field.name for field in fields(Seen) if kind == "addresses" or field.name != "client"]

    def write(seen: Seen) -> None:
        facts = {name: getattr(seen, name) for name in names}
        facts["seconds"] = round(seen.seconds, 4)
        facts["kept"] = seen.kept or None
        told = {name: value for name, value in facts.items() if value not in ("", None)}
        time = datetime.now(UTC).isoformat(timespec="milliseconds")
        # One write a line, so that lines of several threads do not mix.
        sys.stderr.write(json.dumps({"time": time, **told}) + "\n")

    return (write,)
