"""The web server: reads one release, knows nothing of the steps that made it."""

from .app import create_app
from .run import serve

__all__ = ["create_app", "serve"]
