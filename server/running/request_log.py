"""The request log: one JSON object a line."""

from __future__ import annotations

import json
import logging
import sys
from dataclasses import asdict
from datetime import UTC, datetime

from .observe import Observer, Seen

__all__ = ["LOGS", "request_log"]

#: What ``--log`` may be: no line a request; lines without addresses; lines with them.
LOGS = ("off", "requests", "addresses")


def request_log(kind: str) -> tuple[Observer, ...]:
    """The observer that writes the log of a kind to stderr; none for "off"."""
    if kind == "off":
        return ()
    logger = logging.Logger("oograph.requests", logging.INFO)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(message)s"))
    logger.addHandler(handler)

    def write(seen: Seen) -> None:
        facts = {name: value for name, value in asdict(seen).items() if value not in ("", None)}
        if not seen.kept:
            del facts["kept"]
        facts["seconds"] = round(seen.seconds, 4)
        if kind != "addresses":
            facts.pop("client", None)
        time = datetime.now(UTC).isoformat(timespec="milliseconds")
        logger.info(json.dumps({"time": time, **facts}))

    return (write,)
