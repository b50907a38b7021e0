"""Every exception that oograph raises on purpose has one base, so that a caller can catch them all.

.. code-block:: text

    OographError
    ├── UnsoundData           what was read breaks a rule; ``problems`` say where and how to fix it
    │   ├── BrokenCatalogue       a file of the catalogue
    │   ├── InvalidVocabulary     the vocabularies: nothing can be released
    │   ├── UnreadableRDF         an RDF file
    │   └── UnreadableTable       a table that curators edit
    ├── UnreadableFile        a file that no reader can take
    ├── NoAnswer              an API that gave no answer, or none that can be used
    ├── MalformedItem         a CSL-JSON item that cannot be a record
    ├── Locked                another command is writing where this one would
    │   ├── CatalogueLocked       … in a catalogue
    │   └── ReleaseLocked         … in a folder of releases
    ├── NothingToUndo         the catalogue has no earlier state
    ├── UnknownWork           no work has this id
    ├── NoCatalogue           no catalogue where one was looked for
    ├── NoRelease             no release, or a damaged one, where one was looked for
    ├── BadEpoch              SOURCE_DATE_EPOCH is no time of a build
    ├── NoCluster             no cluster to build on where one was named
    ├── LostProcess           a process that did a part of a build or an import was killed
    ├── UnwritableRelease     the disk is full, or may not be written to; also an OSError
    ├── LoadError             a load into a remote store that did not come to its end
    ├── NoThreads             the system's limits leave no room for the threads of a server
    ├── OutOfTime             the work for a request has taken all the time it may
    ├── BadAddress            a URL that no store can be at
    ├── BadHost               what is not a host
    └── QueryError            a query without an answer; carries the problem details
        (``graph.store`` keeps its own inner exceptions below OographError, too)

Each message says what is wrong and, where a person can do something about it, what to do.
"""

from __future__ import annotations

from collections.abc import Sequence

from .model import Problem


class OographError(Exception):
    """The base of every exception that oograph raises on purpose."""


class UnsoundData(OographError):
    """What was read breaks a rule; ``problems`` say where, what is wrong and how to fix it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(problems[0].message if problems else "")
        self.problems = tuple(problems)

    def __reduce__(self) -> tuple[type[UnsoundData], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)  # a process may have raised it


class BrokenCatalogue(UnsoundData):
    """A file of the catalogue cannot be read."""


class InvalidVocabulary(UnsoundData):
    """What no record is to blame for (the vocabularies) is unsound: nothing can be released."""


class UnreadableRDF(UnsoundData):
    """A file that gives no graph."""


class UnreadableTable(UnsoundData):
    """A file that is not a table of the columns it should have."""


class UnreadableFile(OographError):
    """A file that no reader can take; the message names it, says why and what to do."""


class NoAnswer(OographError):
    """An API that gave no answer, or none that can be used; says why and what to do."""


class MalformedItem(OographError):
    """A CSL-JSON item that cannot be a record; the message says which variable and why."""


class Locked(OographError):
    """Another command is writing where this one would; the message says which."""


class CatalogueLocked(Locked):
    """Another command is changing the catalogue."""


class ReleaseLocked(Locked):
    """Another build is writing in the same folder."""


class NothingToUndo(OographError):
    """The catalogue has not been changed since it was made or last undone."""


class UnknownWork(OographError):
    """No work of the catalogue has the id that was given."""


class NoCatalogue(OographError):
    """No catalogue where one was looked for; the message says what to do."""


class NoRelease(OographError):
    """No release, or a damaged one, where one was looked for; the message says what to do."""


class BadEpoch(OographError):
    """SOURCE_DATE_EPOCH is no time of a build; the message says what is."""


class NoCluster(OographError):
    """No cluster to build on where one was named; says why and what to do."""


class LostProcess(OographError):
    """A process that did a part of a build or an import was killed; says what to do."""


class UnwritableRelease(OographError, OSError):
    """A release that cannot be written; the message says which file, why and what to do."""


class LoadError(OographError):
    """A load into a remote store that did not come to its end; says why and what to do."""


class NoThreads(OographError):
    """The system's limits leave no room for the threads of a server."""


class OutOfTime(OographError):
    """The work for a request has taken all the time it may."""


class BadAddress(OographError):
    """A URL that no store can be at; the message says why."""


class BadHost(OographError):
    """What is not a host; the message says what is."""
