"""The web server: reads one release, knows nothing of the steps that made it."""

from .app import create_app
from .request_log import LOGS
from .run import serve

__all__ = ["LOGS", "create_app", "serve"]
