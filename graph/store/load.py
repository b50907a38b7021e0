"""Load: a release into a SPARQL 1.1 store, in chunks, resumable, verified, swapped in at the end.

The statements go to staging graphs first, ``…/graph/loading/{version}/stated`` and so on, all of
them at once. Once their counts are right, one update moves them to the places of the old ones; who
asks meanwhile sees the old release. The store itself is the only record of how far a load came,
since a second machine may take it up and a file beside the release could tell another story: the
chunks of a graph are sent in one order, a chunk sent twice is the same set of triples, and the
number of triples in a staging graph says which chunk is next. ``…/graph/loading`` says what is
being loaded and by whom (``oo:loader``) and, after the last check, ``oo:loadedVersion``.

Of two loads the one that began last goes on: the other sees its mark in place of its own, and
stops. It cannot move anything afterwards, since the move begins with dropping a graph that each
load creates for itself, which fails where that graph is no more; nor can a move be made twice,
which would empty the graphs in a store to which what is not there is an empty graph.
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

#: Statements in a chunk: some 3 MB.
_CHUNK = 20_000


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load came to."""

    version: str
    #: Where it is asked now.
    url: str
    #: Statements in each named graph, as counted there, by the end of the graph's IRI.
    counts: dict[str, int]
    #: Statements sent by this run; fewer than there are where an earlier one had begun.
    sent: int
    #: False where this version was there already.
    fresh: bool


class _Overtaken(LoadError):
    """Another load has begun since."""


@dataclass(frozen=True, slots=True)
class _Places:
    """The graphs a load uses, and its mark."""

    iris: IRIs
    version: str
    #: No other load's.
    mark: str = ""

    @property
    def state(self) -> str:
        """Says what is being loaded, and what is loaded; also its own subject."""
        return self.iris.graph("loading")

    def staging(self, name: str, version: str = "") -> str:
        return self.iris.graph(f"loading/{version or self.version}/{name}")

    def held(self, mark: str = "") -> str:
        """Is there until its load moves its graphs, or another load begins."""
        return self.iris.graph(f"loading/by/{mark or self.mark}")

    def property(self, name: str) -> str:
        return f"{self.iris.ontology}{name}"

    def states(self, name: str, value: str) -> str:
        """A triple of the state graph."""
        return f"<{self.state}> <{self.property(name)}> {ox.Literal(value)} ."

    def forgets(self, name: str) -> str:
        """An update that takes a property from the state graph."""
        return f"DELETE WHERE {{ GRAPH <{self.state}> {{ ?s <{self.property(name)}> ?o }} }}"


def load(
    url: str,
    release: Release,
    update_url: str = "",
    step: Callable[[str], None] = lambda text: None,
) -> LoadReport:
    """Make the store at ``url`` hold a release, and nothing else in the release's graphs.

    ``step`` gets each step as it begins. A load that broke off goes on where it was; one after
    whose beginning another begins stops. Raises LoadError.
    """
    place = find_graph_store(url, update_url, step)
    at = _Places(IRIs(release.base_iri), release.version, uuid4().hex)
    wanted = _counts(release)
    state = _state(place, at)
    if state.get("loadedVersion") == release.version and _counted(place, at.iris) == wanted:
        step(f"release {release.version} is there already")
        return LoadReport(release.version, place.label, wanted, 0, fresh=False)
    try:
        _begin(place, at, state, step)
        sent = _send(place, at, release, sum(wanted.values()), step)
        _verify({name: place.count(at.staging(name)) for name in GRAPHS}, wanted, place, at)
        _check_alone(place, at)
        step("putting it in the place of the old release")
        _swap(place, at, wanted)
        counts = _counted(place, at.iris)
        _verify(counts, wanted, place, at)
        _finish(place, at)
    except _Overtaken:
        if _state(place, at).get("loading") != release.version:
            _drop_staging(place, at, release.version)  # what was on its way when the other began
        raise
    return LoadReport(release.version, place.label, counts, sent, fresh=True)


def loaded_version(url: str, base_iri: str, seconds: float = 10.0) -> str:
    """The release that a load has put into the store whose query service is at ``url``.

    "" where none has come to its end. Raises LoadError where the store does not answer, and
    BadAddress.
    """
    at = _Places(IRIs(base_iri), "")
    rows = select(Endpoint.of(url), _state_query(at), seconds)
    state = {row["property"]: row["version"] for row in rows}
    return state.get(at.property("loadedVersion"), "")


def _state_query(at: _Places) -> str:
    return (
        f"SELECT ?property ?version WHERE {{ "
        f"GRAPH <{at.state}> {{ <{at.state}> ?property ?version }} }}"
    )


def _state(place: GraphStoreClient, at: _Places) -> dict[str, str]:
    rows = place.select(_state_query(at))
    return {row["property"].removeprefix(at.iris.ontology): row["version"] for row in rows}


def _statements(release: Release) -> Iterator[Statement]:
    """The statements of a release in their order."""
    path = release.folder / "dumps" / "oograph.nq"
    try:
        yield from Statements((path,))
    except (OSError, ValueError) as error:
        raise LoadError(f"{path} cannot be read: {error}; build the release anew") from error


def _counts(release: Release) -> dict[str, int]:
    """How many statements each graph has."""
    iris = IRIs(release.base_iri)
    names = {str(ox.NamedNode(iris.graph(name))): name for name in GRAPHS}
    counts = Counter(statement.graph for statement in _statements(release))
    if others := counts.keys() - names.keys():
        raise LoadError(f"the release has a graph that no store is given: {min(others)}")
    return {name: counts[graph] for graph, name in names.items()}


def _counted(place: GraphStoreClient, iris: IRIs) -> dict[str, int]:
    return {name: place.count(iris.graph(name)) for name in GRAPHS}


def _begin(
    place: GraphStoreClient, at: _Places, before: dict[str, str], step: Callable[[str], None]
) -> None:
    """Note what is being loaded, and that it is by us; what is left of another release goes."""
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
    place.update(" ;\n".join(steps))
    version = before.get("loading", at.version)
    if version != at.version:
        step(f"dropping what was sent of release {version}")
        _drop_staging(place, at, version)


def _check_alone(place: GraphStoreClient, at: _Places) -> None:
    """LoadError where another load has begun since this one."""
    state = _state(place, at)
    if state.get("loader") == at.mark:
        return
    other = state.get("loading") or state.get("loadedVersion") or "(none)"
    which = "the same release" if other == at.version else f"release {other}"
    raise _Overtaken(
        f"this load has stopped: another one into {place.label}, of {which}, began after it and "
        f"goes on alone. Run only one at a time."
    )


def _drop_staging(place: GraphStoreClient, at: _Places, version: str) -> None:
    place.update(" ;\n".join(f"DROP SILENT GRAPH <{at.staging(n, version)}>" for n in GRAPHS))


def _send(
    place: GraphStoreClient, at: _Places, release: Release, total: int, step: Callable[[str], None]
) -> int:
    """Send the statements that the staging graphs lack, all graphs at once; how many that were."""
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
        finally:  # after an error, or Ctrl-C, the other graphs stop at their next chunk
            is_over.set()
    return sent.total() - sum(there.values())


def _verify(
    counts: dict[str, int], wanted: dict[str, int], place: GraphStoreClient, at: _Places
) -> None:
    """LoadError unless the counts agree; the next load then begins from nothing."""
    if counts == wanted:
        return
    _check_alone(place, at)
    _drop_staging(place, at, at.version)
    wrong = ", ".join(
        f"{name} {counts[name]:,} instead of {wanted[name]:,}"
        for name in GRAPHS
        if counts[name] != wanted[name]
    )
    raise LoadError(
        f"{place.label} does not hold what was sent: {wrong}. Is somebody else writing to it? "
        "Run the load again; it begins from nothing."
    )


def _swap(place: GraphStoreClient, at: _Places, wanted: dict[str, int]) -> None:
    """One update: from here to its end the store says that it holds no release."""
    steps = [f"DROP GRAPH <{at.held()}>", at.forgets("loadedVersion")]
    for name in GRAPHS:
        graph = at.iris.graph(name)
        # The graph of no statements need not exist, and what does not exist cannot be moved.
        moved = f"MOVE GRAPH <{at.staging(name)}> TO GRAPH <{graph}>"
        steps.append(moved if wanted[name] else f"DROP SILENT GRAPH <{graph}>")
    try:
        place.update(" ;\n".join(steps))
    except LoadError:
        _check_alone(place, at)
        if any(place.count(at.staging(name)) for name in GRAPHS):
            raise
        # All was moved the first time; only the answer was lost.


def _finish(place: GraphStoreClient, at: _Places) -> None:
    """Say what is loaded, and nothing else; only if no other load has begun."""
    place.update(
        f"DELETE {{ GRAPH <{at.state}> {{ ?s ?p ?o }} }}\n"
        f"INSERT {{ GRAPH <{at.state}> {{ {at.states('loadedVersion', at.version)} }} }}\n"
        f"WHERE {{ GRAPH <{at.state}> {{ {at.states('loader', at.mark)} ?s ?p ?o }} }}"
    )
    if _state(place, at).get("loadedVersion") != at.version:
        _check_alone(place, at)
