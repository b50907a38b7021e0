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
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
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
class _Places:
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
    place = find_graph_store(url, update_url, step)
    at = _Places(IRIs(release.base_iri), release.version, uuid4().hex)
    wanted = _counts(release)
    state = _state(place, at)
    # A state that also records another load, even one that was cut off, needs a load to replace it.
    if state == {"loadedVersion": release.version} and _counted(place, at.iris) == wanted:
        step(f"the store already holds release {release.version}")
        return LoadReport(release.version, place.label, wanted, 0, fresh=False)
    try:
        _begin(place, at, state, step)
        sent = _stage(place, at, release, wanted, step)
        _check_alone(place, at)
        step("replacing the old release")
        _swap(place, at, wanted)
        counts = _counted(place, at.iris)
        _verify(counts, wanted, place, at)
        _finish(place, at)
    except _Overtaken:
        _drop_in_flight(place, at)
        raise
    return LoadReport(release.version, place.label, counts, sent, fresh=True)


def loaded_version(url: str, base_iri: str, seconds: float = 10.0) -> str:
    """The version of the release loaded into the store whose query service is at ``url``.

    "" if no load has completed. Raises LoadError if the store does not answer, and BadAddress.
    """
    at = _Places(IRIs(base_iri), "")
    endpoint = Endpoint.of(url)
    state = _properties(select(endpoint, _state_query(at), seconds), at, endpoint.label)
    return state.get("loadedVersion", "")


def _state_query(at: _Places) -> str:
    return (
        f"SELECT ?property ?version WHERE {{ "
        f"GRAPH <{at.state}> {{ <{at.state}> ?property ?version }} }}"
    )


def _state(place: GraphStoreClient, at: _Places) -> dict[str, str]:
    return _properties(place.select(_state_query(at)), at, place.label)


def _properties(rows: list[dict[str, str]], at: _Places, label: str) -> dict[str, str]:
    try:
        return {row["property"].removeprefix(at.iris.ontology): row["version"] for row in rows}
    except KeyError as error:
        raise LoadError(f"{label} does not answer what it is asked: there is no {error}") from None


def _statements(release: Release) -> Iterator[Statement]:
    """The statements of a release in their order."""
    path = release.folder / "dumps" / "oograph.nq"
    try:
        yield from Statements((path,))
    except (OSError, ValueError) as error:
        raise LoadError(f"{path} cannot be read: {error}; build the release again") from error


def _counts(release: Release) -> dict[str, int]:
    """The number of statements in each graph."""
    iris = IRIs(release.base_iri)
    names = {str(ox.NamedNode(iris.graph(name))): name for name in GRAPHS}
    counts = Counter(statement.graph for statement in _statements(release))
    if others := counts.keys() - names.keys():
        raise LoadError(f"the release contains an unknown graph: {min(others)}")
    return {name: counts[graph] for graph, name in names.items()}


def _counted(place: GraphStoreClient, iris: IRIs) -> dict[str, int]:
    return {name: place.count(iris.graph(name)) for name in GRAPHS}


def _staged(place: GraphStoreClient, at: _Places) -> dict[str, int]:
    return {name: place.count(at.staging(name)) for name in GRAPHS}


def _begin(
    place: GraphStoreClient, at: _Places, before: dict[str, str], step: Callable[[str], None]
) -> None:
    """Record what is being loaded and this load's mark; drop the remains of another release."""
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
        step(f"dropping the partial load of release {version}")
        # in the same update: once ours is recorded, nothing names the other release any more
        steps += _staging_emptied(at, version)
    place.update(" ;\n".join(steps))
    _bar_earlier(place, at)


def _bar_earlier(place: GraphStoreClient, at: _Places) -> None:
    """Keep loads that began unseen, between reading the state and writing ours, from moving."""
    query = (
        f"SELECT DISTINCT ?mark WHERE {{ "
        f"GRAPH ?graph {{ <{at.state}> <{at.property('loader')}> ?mark }} }}"
    )
    marks = {row.get("mark", "") for row in place.select(query)} - {at.mark, ""}
    _check_alone(place, at)  # so all of them began before this load
    if marks:
        place.update(" ;\n".join(f"DROP SILENT GRAPH <{at.held(mark)}>" for mark in sorted(marks)))


def _check_alone(place: GraphStoreClient, at: _Places) -> None:
    """Raise LoadError if another load began after this one."""
    state = _state(place, at)
    if state.get("loader") == at.mark:
        return
    if not (other := state.get("loading") or state.get("loadedVersion")):
        raise LoadError(
            f"{place.label} has lost the mark of this load. Make sure that queries see every "
            "update at once and that nothing else empties the store, then run the load again."
        )
    which = "the same release" if other == at.version else f"release {other}"
    raise _Overtaken(
        f"this load has stopped, because another load of {which} into {place.label} began after "
        f"it. That one continues. Run only one load at a time."
    )


def _staging_emptied(at: _Places, version: str) -> list[str]:
    return [_emptied(at.staging(name, version)) for name in GRAPHS]


def _drop_in_flight(place: GraphStoreClient, at: _Places) -> None:
    """Drop the chunks in flight when another load began, unless its release is the same.

    Each update checks this itself, because a load of the same release may begin at any time.
    """
    is_same = f"GRAPH <{at.state}> {{ {at.states('loading', at.version)} }}"
    place.update(
        " ;\n".join(
            f"DELETE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}\n"
            f"WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} FILTER NOT EXISTS {{ {is_same} }} }}"
            for graph in map(at.staging, GRAPHS)
        )
    )


def _emptied(graph: str) -> str:
    """An update after which a graph holds nothing.

    Oxigraph 0.5 forgets the name of a graph that is dropped while statements are added to it, but
    keeps the statements; another DROP then does nothing, and only DELETE removes them.
    """
    return f"DROP SILENT GRAPH <{graph}> ;\nDELETE WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"


def _stage(
    place: GraphStoreClient,
    at: _Places,
    release: Release,
    wanted: dict[str, int],
    step: Callable[[str], None],
) -> int:
    """Fill the staging graphs; return the number of statements sent.

    If the counts differ, an earlier load of the same release may have moved some of them, which it
    can do only once; so this starts from scratch once.
    """
    total = sum(wanted.values())
    sent = _send(place, at, release, total, step)
    if _staged(place, at) != wanted:
        _check_alone(place, at)
        step("the counts differ; starting from scratch")
        place.update(" ;\n".join(_staging_emptied(at, at.version)))
        sent += _send(place, at, release, total, step)
        _verify(_staged(place, at), wanted, place, at)
    return sent


def _send(
    place: GraphStoreClient, at: _Places, release: Release, total: int, step: Callable[[str], None]
) -> int:
    """Send the statements missing from the staging graphs, in parallel; return their number."""
    there = {name: place.count(at.staging(name)) // _CHUNK * _CHUNK for name in GRAPHS}
    sent = Counter(there)
    is_over = Event()

    def fill(name: str) -> None:
        graph = str(ox.NamedNode(at.iris.graph(name)))
        lines = (each.line for each in _statements(release) if each.graph == graph)
        lacking = islice(lines, there[name], None)
        while not is_over.is_set() and (chunk := list(islice(lacking, _CHUNK))):
            place.add(at.staging(name), chunk)
            _check_alone(place, at)
            sent[name] += len(chunk)
            step(f"sent {sent.total():,} of {total:,} statements")

    with ThreadPoolExecutor(len(GRAPHS)) as executor:
        try:
            list(executor.map(fill, GRAPHS))
        finally:  # after an error or Ctrl-C, the other graphs stop at their next chunk
            is_over.set()
    return sent.total() - sum(there.values())


def _verify(
    counts: dict[str, int], wanted: dict[str, int], place: GraphStoreClient, at: _Places
) -> None:
    """Raise LoadError unless the counts agree; the next load then starts from scratch."""
    if counts == wanted:
        return
    _check_alone(place, at)
    place.update(" ;\n".join(_staging_emptied(at, at.version)))
    wrong = ", ".join(
        f"{name} {counts[name]:,} instead of {wanted[name]:,}"
        for name in GRAPHS
        if counts[name] != wanted[name]
    )
    raise LoadError(
        f"the counts in {place.label} differ from what was sent: {wrong}. Make sure that nothing "
        "else writes to the store, then run the load again; it starts from scratch."
    )


def _swap(place: GraphStoreClient, at: _Places, wanted: dict[str, int]) -> None:
    """Swap the graphs in one update; until it ends, the store records no loaded release."""
    steps = [f"DROP GRAPH <{at.held()}>", at.forgets("loadedVersion")]
    for name in GRAPHS:
        graph = at.iris.graph(name)
        # An empty staging graph may not exist, and a graph that does not exist cannot be moved.
        moved = f"MOVE GRAPH <{at.staging(name)}> TO GRAPH <{graph}>"
        steps.append(moved if wanted[name] else f"DROP SILENT GRAPH <{graph}>")
    try:
        place.update(" ;\n".join(steps))
    except LoadError:
        _check_alone(place, at)
        if any(place.count(at.staging(name)) for name in GRAPHS):
            raise
        # The first attempt moved everything; only its reply was lost.


def _finish(place: GraphStoreClient, at: _Places) -> None:
    """Record only the loaded version, unless another load has begun."""
    place.update(
        f"DELETE {{ GRAPH <{at.state}> {{ ?s ?p ?o }} }}\n"
        f"INSERT {{ GRAPH <{at.state}> {{ {at.states('loadedVersion', at.version)} }} }}\n"
        f"WHERE {{ GRAPH <{at.state}> {{ {at.states('loader', at.mark)} ?s ?p ?o }} }}"
    )
    if _state(place, at).get("loadedVersion") != at.version:
        _check_alone(place, at)
