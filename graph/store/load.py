"""Load a release into a SPARQL 1.1 store: in chunks, resumable, verified, swapped in at the end.

The statements first go to staging graphs, ``…/graph/loading/{version}/stated`` and so on, all
graphs in parallel. Once their counts are right, a single update moves them over the old graphs;
until then, queries see the old release.

The store itself is the only record of progress, because another machine may resume the load and a
local file could contradict the store. The chunks of a graph are always sent in the same order,
sending a chunk twice adds nothing, and the number of triples in a staging graph tells which chunk
is next. The graph ``…/graph/loading`` records what is being loaded and by which load
(``oo:loader``) and, after the last check, ``oo:loadedVersion``.

If two loads run at the same time, the one that began last continues. The other finds that its mark
has been replaced, and stops. It cannot move graphs afterwards: the move starts by dropping a graph
that each load creates for itself, and that fails if the graph no longer exists. For the same
reason a move cannot run twice, which would empty the graphs in a store that treats a missing graph
as an empty one.

Oxigraph 0.5 does not isolate updates: of two that overlap by milliseconds, neither sees the other,
so both may drop that graph. If both load the same release, the earlier one then moves away what
the later one counts on. The later one finds wrong counts and starts from scratch, once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import islice
from threading import Event
from uuid import uuid4

import pyoxigraph as ox

from ..errors import LoadError
from ..iris import GRAPHS, IRIs
from ..release import Release
from ..release.statements import Statement, Statements
from .endpoint import Endpoint
from .graph_store_client import GraphStoreClient, find_graph_store, select

#: Statements in a chunk, about 3 MB.
_CHUNK = 20_000


@dataclass(frozen=True, slots=True)
class LoadReport:
    """The result of a load."""

    version: str
    #: The URL of the query service.
    url: str
    #: Statements in each named graph, as counted in the store, by the end of the graph's IRI.
    counts: dict[str, int]
    #: Statements sent by this run; fewer than the total if it resumed an earlier load.
    sent: int
    #: False if the store already held this version.
    fresh: bool


class _Overtaken(LoadError):
    """Another load began after this one."""


@dataclass(frozen=True, slots=True)
class _Graphs:
    """The graphs a load uses, and its mark."""

    iris: IRIs
    version: str
    #: Unique to this load.
    mark: str = ""

    @property
    def state(self) -> str:
        """The graph that records what is being loaded and what is loaded; also its own subject."""
        return self.iris.graph("loading")

    def staging(self, name: str, version: str = "") -> str:
        return self.iris.graph(f"loading/{version or self.version}/{name}")

    def held(self, mark: str = "") -> str:
        """A graph that exists until its load moves the staging graphs or another load begins."""
        return self.iris.graph(f"loading/by/{mark or self.mark}")

    def property(self, name: str) -> str:
        return f"{self.iris.ontology}{name}"

    def states(self, name: str, value: str) -> str:
        """A triple of the state graph."""
        return f"<{self.state}> <{self.property(name)}> {ox.Literal(value)} ."

    def forgets(self, name: str) -> str:
        """An update that removes a property from the state graph."""
        return f"DELETE WHERE {{ GRAPH <{self.state}> {{ ?s <{self.property(name)}> ?o }} }}"

    def staging_emptied(self, version: str = "") -> list[str]:
        """Updates after which the staging graphs hold nothing."""
        return [_emptied(self.staging(name, version)) for name in GRAPHS]


def _emptied(graph: str) -> str:
    """An update after which a graph holds nothing.

    Oxigraph 0.5 forgets the name of a graph that is dropped while statements are added to it, but
    keeps the statements; another DROP then does nothing, and only DELETE removes them.
    """
    return f"DROP SILENT GRAPH <{graph}> ;\nDELETE WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"


def load(
    url: str,
    release: Release,
    update_url: str = "",
    step: Callable[[str], None] = lambda text: None,
) -> LoadReport:
    """Make the store at ``url`` hold a release, and nothing else in the release's graphs.

    ``step`` is called with a description of each step as it begins. An interrupted load resumes
    where it stopped. A load stops if another one begins after it. Raises LoadError.
    """
    store = find_graph_store(url, update_url, step)
    graphs = _Graphs(IRIs(release.base_iri), release.version, uuid4().hex)
    return _Load(store, graphs, step).run(release)


def loaded_version(url: str, base_iri: str, seconds: float = 10.0) -> str:
    """The version of the release loaded into the store whose query service is at ``url``.

    "" if no load has completed. Raises LoadError if the store does not answer, and BadAddress.
    """
    graphs = _Graphs(IRIs(base_iri), "")
    endpoint = Endpoint.of(url)
    ask = partial(select, endpoint, seconds=seconds)
    return _recorded(graphs, ask, endpoint.label).get("loadedVersion", "")


def _recorded(
    graphs: _Graphs, ask: Callable[[str], list[dict[str, str]]], label: str
) -> dict[str, str]:
    """What a store records about loads, by the names of the properties."""
    state = graphs.state
    recorded = f"<{state}> ?property ?version"
    query = f"SELECT ?property ?version WHERE {{ GRAPH <{state}> {{ {recorded} }} }}"
    try:
        return {
            row["property"].removeprefix(graphs.iris.ontology): row["version"] for row in ask(query)
        }
    except KeyError as error:
        raise LoadError(f"{label} does not answer what it is asked: there is no {error}") from None


@dataclass(frozen=True, slots=True)
class _Load:
    """One load into a store."""

    store: GraphStoreClient
    graphs: _Graphs
    step: Callable[[str], None]

    def run(self, release: Release) -> LoadReport:
        """Load a release, unless the store holds it already."""
        wanted = _counts(release)
        state = self.state()
        # A state that also records another load, even one that was cut off, needs a load to
        # replace it.
        if state == {"loadedVersion": release.version} and self._counted() == wanted:
            self.step(f"the store already holds release {release.version}")
            return LoadReport(release.version, self.store.label, wanted, 0, fresh=False)
        try:
            self.begin(state)
            sent = self._stage(release, wanted)
            self._check_alone()
            self.step("replacing the old release")
            self.swap(wanted)
            counts = self._counted()
            self._verify(counts, wanted)
            self._finish()
        except _Overtaken:
            self._drop_in_flight()
            raise
        return LoadReport(release.version, self.store.label, counts, sent, fresh=True)

    def state(self) -> dict[str, str]:
        """What the store records about loads."""
        return _recorded(self.graphs, self.store.select, self.store.label)

    def begin(self, before: dict[str, str]) -> None:
        """Record what is being loaded and this load's mark; drop the remains of another release.

        ``before`` is the state until now.
        """
        at = self.graphs
        noted = f"{at.states('loading', at.version)} {at.states('loader', at.mark)}"
        steps = [
            at.forgets("loading"),
            at.forgets("loader"),
            f"INSERT DATA {{ GRAPH <{at.state}> {{ {noted} }} }}",
            f"CREATE SILENT GRAPH <{at.held()}>",
            f"INSERT DATA {{ GRAPH <{at.held()}> {{ {noted} }} }}",
        ]
        if mark := before.get("loader"):
            steps.append(f"DROP SILENT GRAPH <{at.held(mark)}>")
        version = before.get("loading", at.version)
        if version != at.version:
            self.step(f"dropping the partial load of release {version}")
            # in the same update: once ours is recorded, nothing names the other release any more
            steps += at.staging_emptied(version)
        self._update(steps)
        self._bar_earlier()

    def _update(self, steps: Iterable[str]) -> None:
        """Run some updates as one."""
        self.store.update(" ;\n".join(steps))

    def _bar_earlier(self) -> None:
        """Keep loads that began unseen, between reading the state and writing ours, from moving."""
        at = self.graphs
        query = (
            f"SELECT DISTINCT ?mark WHERE {{ "
            f"GRAPH ?graph {{ <{at.state}> <{at.property('loader')}> ?mark }} }}"
        )
        marks = {row.get("mark", "") for row in self.store.select(query)} - {at.mark, ""}
        self._check_alone()  # so all of them began before this load
        if marks:
            self._update(f"DROP SILENT GRAPH <{at.held(mark)}>" for mark in sorted(marks))

    def _check_alone(self) -> None:
        """Raise LoadError if another load began after this one."""
        state = self.state()
        if state.get("loader") == self.graphs.mark:
            return
        if not (other := state.get("loading") or state.get("loadedVersion")):
            raise LoadError(
                f"{self.store.label} has lost the mark of this load. Make sure that queries see "
                "every update at once and that nothing else empties the store, then run the load "
                "again."
            )
        which = "the same release" if other == self.graphs.version else f"release {other}"
        raise _Overtaken(
            f"this load has stopped, because another load of {which} into {self.store.label} "
            f"began after it. That one continues. Run only one load at a time."
        )

    def _drop_in_flight(self) -> None:
        """Drop the chunks in flight when another load began, unless its release is the same.

        Each update checks this itself, because a load of the same release may begin at any time.
        """
        at = self.graphs
        is_same = f"GRAPH <{at.state}> {{ {at.states('loading', at.version)} }}"
        self._update(
            f"DELETE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}\n"
            f"WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} FILTER NOT EXISTS {{ {is_same} }} }}"
            for graph in map(at.staging, GRAPHS)
        )

    def _counted(self) -> dict[str, int]:
        """The number of statements in each graph of the store."""
        return {name: self.store.count(self.graphs.iris.graph(name)) for name in GRAPHS}

    def _staged(self) -> dict[str, int]:
        """The number of statements in each staging graph."""
        return {name: self.store.count(self.graphs.staging(name)) for name in GRAPHS}

    def _stage(self, release: Release, wanted: dict[str, int]) -> int:
        """Fill the staging graphs; return the number of statements sent.

        If the counts differ, an earlier load of the same release may have moved some of them, which
        it can do only once; so this starts from scratch once.
        """
        total = sum(wanted.values())
        sent = self.send(release, total)
        if self._staged() != wanted:
            self._check_alone()
            self.step("the counts differ; starting from scratch")
            self._update(self.graphs.staging_emptied())
            sent += self.send(release, total)
            self._verify(self._staged(), wanted)
        return sent

    def send(self, release: Release, total: int) -> int:
        """Send the statements missing from the staging graphs, in parallel; return their number."""
        there = {name: number // _CHUNK * _CHUNK for name, number in self._staged().items()}
        sent = Counter(there)
        is_over = Event()

        def fill(name: str) -> None:
            graph = str(ox.NamedNode(self.graphs.iris.graph(name)))
            lines = (each.line for each in _statements(release) if each.graph == graph)
            lacking = islice(lines, there[name], None)
            while not is_over.is_set() and (chunk := list(islice(lacking, _CHUNK))):
                self.store.add(self.graphs.staging(name), chunk)
                self._check_alone()
                sent[name] += len(chunk)
                self.step(f"sent {sent.total():,} of {total:,} statements")

        with ThreadPoolExecutor(len(GRAPHS)) as executor:
            try:
                list(executor.map(fill, GRAPHS))
            finally:  # after an error or Ctrl-C, the other graphs stop at their next chunk
                is_over.set()
        return sent.total() - sum(there.values())

    def _verify(self, counts: dict[str, int], wanted: dict[str, int]) -> None:
        """Raise LoadError unless the counts agree; the next load then starts from scratch."""
        if counts == wanted:
            return
        self._check_alone()
        self._update(self.graphs.staging_emptied())
        wrong = ", ".join(
            f"{name} {counts[name]:,} instead of {wanted[name]:,}"
            for name in GRAPHS
            if counts[name] != wanted[name]
        )
        raise LoadError(
            f"the counts in {self.store.label} differ from what was sent: {wrong}. Make sure that "
            "nothing else writes to the store, then run the load again; it starts from scratch."
        )

    def swap(self, wanted: dict[str, int]) -> None:
        """Swap the graphs in one update; until it ends, the store records no loaded release."""
        at = self.graphs
        steps = [f"DROP GRAPH <{at.held()}>", at.forgets("loadedVersion")]
        for name in GRAPHS:
            graph = at.iris.graph(name)
            # An empty staging graph may not exist, and a graph that does not exist cannot be moved.
            moved = f"MOVE GRAPH <{at.staging(name)}> TO GRAPH <{graph}>"
            steps.append(moved if wanted[name] else f"DROP SILENT GRAPH <{graph}>")
        try:
            self._update(steps)
        except LoadError:
            self._check_alone()
            if any(self._staged().values()):
                raise
            # The first attempt moved everything; only its reply was lost.

    def _finish(self) -> None:
        """Record only the loaded version, unless another load has begun."""
        at = self.graphs
        self.store.update(
            f"DELETE {{ GRAPH <{at.state}> {{ ?s ?p ?o }} }}\n"
            f"INSERT {{ GRAPH <{at.state}> {{ {at.states('loadedVersion', at.version)} }} }}\n"
            f"WHERE {{ GRAPH <{at.state}> {{ {at.states('loader', at.mark)} ?s ?p ?o }} }}"
        )
        if self.state().get("loadedVersion") != at.version:
            self._check_alone()


def _statements(release: Release) -> Iterator[Statement]:
    """The statements of a release in their order."""
    path = release.folder / "dumps" / "oograph.nq"
    try:
        yield from Statements((path,))
    except (OSError, ValueError) as error:
        raise LoadError(f"{path} cannot be read: {error}; build the release again") from error


def _counts(release: Release) -> dict[str, int]:
    """The number of statements in each graph of a release."""
    iris = IRIs(release.base_iri)
    names = {str(ox.NamedNode(iris.graph(name))): name for name in GRAPHS}
    counts = Counter(statement.graph for statement in _statements(release))
    if others := counts.keys() - names.keys():
        raise LoadError(f"the release contains an unknown graph: {min(others)}")
    return {name: counts[graph] for graph, name in names.items()}
