"""The catalogue: records become works here, keep their ids, and can be taken back."""

from .catalogue import Catalogue, Edit, Import, amending, default_folder, editing
from .decisions import Decision, Undecided

__all__ = [
    "Catalogue",
    "Decision",
    "Edit",
    "Import",
    "Undecided",
    "amending",
    "default_folder",
    "editing",
]
