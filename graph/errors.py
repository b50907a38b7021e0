"""The exceptions that oograph raises on purpose; all have one base class, so callers can catch it.

.. code-block:: text

    OographError
    ├── UnsoundData           data that breaks a rule; ``problems`` say where and how to fix it
    │   ├── BrokenCatalogue       a file of the catalogue
    │   ├── InvalidVocabulary     the vocabularies: nothing can be released
    │   ├── UnreadableRDF         an RDF file
    │   └── UnreadableTable       a table that curators edit
    ├── UnreadableFile        a file that no reader can read
    ├── NoAnswer              an API that gave no answer, or an unusable one
    ├── MalformedItem         a CSL-JSON item that cannot be a record
    ├── Locked                another command is already writing there
    │   ├── CatalogueLocked       … in a catalogue
    │   └── ReleaseLocked         … in a folder of releases
    ├── NothingToUndo         the catalogue has no earlier state
    ├── UnknownWork           no work has this id
    ├── NoCatalogue           there is no catalogue in the folder
    ├── NoRelease             there is no release, or it is damaged
    ├── BadEpoch              SOURCE_DATE_EPOCH is not a valid build time
    ├── NoCluster             the cluster to build on cannot be used
    ├── LostProcess           a worker process of a build or an import was killed
    ├── UnwritableRelease     the disk is full or cannot be written to; also an OSError
    ├── LoadError             a load into a remote store that was not completed
    ├── NoThreads             the system's limits leave no room for a server's threads
    ├── OutOfTime             a request has used up its time
    ├── BadAddress            a URL that no store can have
    ├── BadHost               a text that is not a host
    └── QueryError            a query without an answer; carries the problem details
        (``graph.store`` also has internal exceptions below OographError)

Each message says what is wrong and, if there is something to do about it, what to do.
"""

from __future__ import annotations

from collections.abc import Sequence

from .model import Problem


class OographError(Exception):
    """The base of every exception that oograph raises on purpose."""


class UnsoundData(OographError):
    """Data that breaks a rule; ``problems`` say where, what is wrong and how to fix it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(problems[0].message if problems else "")
        self.problems = tuple(problems)

    def __reduce__(self) -> tuple[type[UnsoundData], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)  # so that it can be raised in a worker process


class BrokenCatalogue(UnsoundData):
    """A file of the catalogue cannot be read."""


class InvalidVocabulary(UnsoundData):
    """The vocabularies, rather than any record, are unsound: nothing can be released."""


class UnreadableRDF(UnsoundData):
    """An RDF file that cannot be read."""


class UnreadableTable(UnsoundData):
    """A file that is not a table with the required columns."""


class UnreadableFile(OographError):
    """A file that no reader can read: the message names it and says why; the remedy, what to do."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message, remedy)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message}; {self.remedy}"


class NoAnswer(OographError):
    """An API gave no answer, or an unusable one; the message says why and what to do."""


class MalformedItem(OographError):
    """A CSL-JSON item that cannot be a record; the message says which variable and why."""


class Locked(OographError):
    """Another command is already writing there; the message says which one."""


class CatalogueLocked(Locked):
    """Another command is changing the catalogue."""


class ReleaseLocked(Locked):
    """Another build is writing to the same folder."""


class NothingToUndo(OographError):
    """The catalogue has no earlier state to go back to."""


class UnknownWork(OographError):
    """No work of the catalogue has this id."""


class NoCatalogue(OographError):
    """There is no catalogue in the folder; the message says what to do."""


class NoRelease(OographError):
    """There is no release, or it is damaged; the message says what to do."""


class BadEpoch(OographError):
    """SOURCE_DATE_EPOCH is not a valid build time; the message says what is."""


class NoCluster(OographError):
    """The cluster to build on cannot be used; the message says why and what to do."""


class LostProcess(OographError):
    """A worker process of a build or an import was killed; the message says what to do."""


class UnwritableRelease(OographError, OSError):
    """The release cannot be written; the message says which file, why and what to do."""


class LoadError(OographError):
    """A load into a remote store was not completed; the message says why and what to do."""


class NoThreads(OographError):
    """The system's limits leave no room for a server's threads."""


class OutOfTime(OographError):
    """A request has used up its time."""


class BadAddress(OographError):
    """A URL that no store can have; the message says why."""


class BadHost(OographError):
    """A text that is not a host; the message says what is."""
