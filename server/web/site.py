"""What every page works with: the release, the store, and the mapping from IRIs to paths."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from string import Template
from threading import Lock
from typing import Generic, TypeVar

import pyoxigraph as ox
from flask import request

from ...graph.errors import NoRelease, OutOfTime
from ...graph.formats import RESULTS
from ...graph.index.names import Names
from ...graph.index.names_index import NAMES
from ...graph.index.works import Works
from ...graph.iris import IRIs, node_of
from ...graph.release import Release
from ...graph.release.findings import FINDINGS, Findings
from ...graph.release.records import RECORDS, Records
from ...graph.release.report_forms import has_all_forms
from ...graph.store.answers import Answer
from ...graph.store.embedded import Store
from ...graph.store.problems import QueryError
from ...ontology import BASE_IRI
from .bars import bars_of_works
from .deadline import check, seconds_left, spend
from .host import root_url
from .links import is_web
from .memory import PeakMemory
from .served_files import ServedFiles
from .turns import Turns

T = TypeVar("T")

#: Pages that may wait for their turn: more than there are threads, so none is refused. Each takes
#: about 20 ms.
_WAITING = 10_000
#: The possible values of a variable: the data has no blank nodes.
_TERMS = (ox.NamedNode, ox.Literal)
#: A solution of a query: the value of each bound variable.
Row = Mapping[str, ox.NamedNode | ox.Literal]


class Lazy(Generic[T]):
    """A value computed on the first call and kept, because a release never changes."""

    def __init__(self, compute: Callable[[], T]) -> None:
        self._compute = compute
        self._lock = Lock()
        self._kept: list[T] = []

    def __call__(self) -> T:
        """The value; an error is not kept, so the next call tries again."""
        with self._lock:
            if not self._kept:
                self._kept.append(self._compute())
            return self._kept[0]


@dataclass(frozen=True)
class Site:
    """One release on the web."""

    release: Release
    store: Store
    names: Names
    records: Records
    works: Works
    findings: Findings
    #: The files that must stay in place while the release is served.
    files: ServedFiles
    #: The public address of the site, with a final "/"; "" to take it from each request.
    public_url: str = ""
    #: The peak memory of the server; None if unknown.
    memory: PeakMemory | None = None
    #: The files of the release that are still being checked, so may be damaged.
    unchecked: Callable[[], frozenset[str]] = frozenset

    @cached_property
    def turns(self) -> Turns:
        """For pages that are computed from the index of works: lists, profiles, figures."""
        return Turns(self.store.limits, _WAITING, _WAITING)

    def query(self, name: str, **terms: str) -> str:
        """The text of ``queries/{name}.rq`` for this base IRI, with its ``$names`` filled in.

        Values must be in SPARQL syntax, as ``str()`` of a pyoxigraph term is.
        """
        template = _query(name).replace(BASE_IRI, self.release.base_iri)
        return Template(template).substitute(terms)

    def select(self, name: str, client: str = "", **terms: str) -> list[Row]:
        """The solutions of ``queries/{name}.rq``; ``client`` as for ``Store.ask``."""
        text = self.query(name, **terms)
        answer = self.ask(text, RESULTS["json"].media_type, client)
        solutions = ox.parse_query_results(answer.body, format=ox.QueryResultsFormat.JSON)
        if not isinstance(solutions, ox.QuerySolutions):
            raise TypeError(f"{name}.rq is not a SELECT query")
        names = [variable.value for variable in solutions.variables]
        return [
            {
                name: term
                for name, term in zip(names, solution, strict=True)
                if isinstance(term, _TERMS)
            }
            for solution in solutions
        ]

    def ask(self, text: str, accept: str, client: str = "") -> Answer:
        """The answer to one of our own queries, within the time left for the request."""
        check()
        try:
            answer = self.store.query(text, accept, seconds=seconds_left(), client=client)
        except QueryError as error:
            if error.problem.limit == "seconds":
                raise OutOfTime from error
            raise
        spend(answer.seconds)
        return answer

    @cached_property
    def years(self) -> range:
        """The years that every drawing spans, so that drawings can be compared."""
        drawn = bars_of_works(self.works, self.works.everything).bars
        return range(drawn[0].year, drawn[-1].year + 1) if drawn else range(0)

    @property
    def iris(self) -> IRIs:
        """The IRIs of the release."""
        return IRIs(self.release.base_iri)

    def iri(self, path: str) -> ox.NamedNode | None:
        """Our IRI for a path without a leading "/"; None if it is not a valid IRI."""
        return node_of(self.iris.at(path))

    def href(self, iri: str) -> str:
        """The link target for an IRI: a local path for ours, "" if it is not a web address."""
        if iri.startswith(self.release.base_iri):
            return f"{request.script_root}/{self.iris.path(iri)}"
        return iri if is_web(iri) else ""

    def absolute(self, path: str) -> str:
        """The public URL of a local path without a leading "/"."""
        return (self.public_url or root_url()) + path

    def url(self, iri: str, ending: str = "") -> str:
        """The public URL of one of our IRIs, or, with an extension, of a document about it."""
        return self.absolute(self.iris.path(iri) + ending)


def open_site(
    release: Release,
    store: Store,
    public_url: str,
    memory: PeakMemory | None,
    unchecked: Callable[[], frozenset[str]],
) -> Site:
    """The site of a release; raises ``NoRelease`` if a file that it needs is missing."""
    folder = release.folder
    with _needed("index of names", folder):
        names = Names(folder / NAMES, seconds_left)
    with _needed(f"{RECORDS} for citations and exports", folder):
        records = Records(folder, seconds_left)
    works = Works(folder, seconds_left)
    with _needed(f"{FINDINGS} for its validation results", folder):
        findings = Findings(folder, seconds_left)
    if not has_all_forms(folder):
        raise NoRelease(
            f"the release in {folder} has its report only in Turtle; "
            "rebuild it with `oograph build`"
        )
    served = ServedFiles.of(folder)
    return Site(
        release, store, names, records, works, findings, served, public_url, memory, unchecked
    )


@contextmanager
def _needed(what: str, folder: Path) -> Iterator[None]:
    """Raise ``NoRelease`` if the file opened inside is missing or unreadable."""
    try:
        yield
    except sqlite3.Error as error:
        raise NoRelease(
            f"the release in {folder} has no {what} ({error}); rebuild it with `oograph build`"
        ) from None


@cache
def _query(name: str) -> str:
    return files("oograph").joinpath("server", "queries", f"{name}.rq").read_text(encoding="utf-8")


def text(row: Row, name: str) -> str:
    """The value of a variable as text; "" if it is unbound."""
    return row[name].value if name in row else ""


def integer(row: Row, name: str) -> int:
    """The value of a variable as an integer; 0 if it is unbound."""
    return int(row[name].value) if name in row else 0
