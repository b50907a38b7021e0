"""oograph: a linked-data knowledge graph of research on online outsourcing.

Everything in ``__all__`` is public and documented in docs/api.md. Names are imported on first use.
"""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .graph.errors import OographError
    from .graph.readers import read_file
    from .graph.release import Release, open_release
    from .graph.release.build import build
    from .graph.store.embedded import EmbeddedStore
    from .server import create_app, serve

__all__ = [
    "EmbeddedStore",
    "OographError",
    "Release",
    "__version__",
    "build",
    "create_app",
    "open_release",
    "read_file",
    "serve",
]

__version__ = version("oograph")

#: The module that defines each name.
_HOMES = {
    "EmbeddedStore": "graph.store.embedded",
    "OographError": "graph.errors",
    "Release": "graph.release",
    "build": "graph.release.build",
    "create_app": "server",
    "open_release": "graph.release",
    "read_file": "graph.readers",
    "serve": "server",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
