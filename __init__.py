"""oograph: a linked-data knowledge graph of research on online outsourcing."""

from importlib.metadata import version

__all__ = ["__version__"]

__version__ = version("oograph")
