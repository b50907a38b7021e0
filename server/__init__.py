"""The web server: reads one release, knows nothing of the steps that made it."""

from __future__ import annotations

from .app import create_app
from .run import serve
from .web.access_log import LOGS

__all__ = [
    "LOGS",
    "create_app",
    "serve",
]
