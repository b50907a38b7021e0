"""The catalogue: turns records into works that keep their ids, and can undo an import."""

from ..resolution.decisions import Decision, Undecided
from .catalogue import Catalogue, Edit, Import, default_folder, editing

__all__ = [
    "Catalogue",
    "Decision",
    "Edit",
    "Import",
    "Undecided",
    "default_folder",
    "editing",
]
