"""The web server: reads one release, knows nothing of the steps that made it."""

from .app import create_app
from .running.request_log import LOGS
from .running.run import serve

__all__ = ["LOGS", "create_app", "serve"]
