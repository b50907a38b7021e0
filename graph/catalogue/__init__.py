"""The catalogue: records become works here, keep their ids, and can be taken back."""

from .catalogue import Catalogue, Edit, Import, default_folder, editing
from .decisions import Decision, Undecided

__all__ = ["Catalogue", "Decision", "Edit", "Import", "Undecided", "default_folder", "editing"]
