"""Load: a release into a SPARQL 1.1 store, in chunks, resumable, verified, swapped in at the end.

The statements go to staging graphs first, ``…/graph/loading/{version}/stated`` and so on, all of
them at once. Once their counts are right, one update moves them to the places of the old ones; who
asks meanwhile sees the old release. The store itself is the only record of how far a load came,
since a second machine may take it up and a file beside the release could tell another story: the
chunks of a graph are sent in one order, a chunk sent twice is the same set of triples, and the
number of triples in a staging graph says which chunk is next. ``…/graph/loading`` says what is
being loaded and, after the last check, ``oo:loadedVersion``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from threading import Event

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


@dataclass(frozen=True, slots=True)
class _Places:
    """The graphs a load uses."""

    iris: IRIs
    version: str

    @property
    def state(self) -> str:
        """Says what is being loaded, and what is loaded; also its own subject."""
        return self.iris.graph("loading")

    def staging(self, name: str, version: str = "") -> str:
        return self.iris.graph(f"loading/{version or self.version}/{name}")

    def property(self, name: str) -> str:
        return f"{self.iris.ontology}{name}"

    def states(self, name: str, version: str) -> str:
        """A triple in the state graph."""
        literal = ox.Literal(version)
        return f"GRAPH <{self.state}> {{ <{self.state}> <{self.property(name)}> {literal} }}"


def load(
    url: str,
    release: Release,
    update_url: str = "",
    step: Callable[[str], None] = lambda text: None,
) -> LoadReport:
    """Make the store at ``url`` hold a release, and nothing else in the release's graphs.

    ``step`` gets each step as it begins. A load that broke off goes on where it was. Raises
    LoadError.
    """
    place = find_graph_store(url, update_url, step)
    at = _Places(IRIs(release.base_iri), release.version)
    wanted = _counts(release)
    state = _state(place, at)
    if state.get("loadedVersion") == release.version and _counted(place, at.iris) == wanted:
        step(f"release {release.version} is there already")
        return LoadReport(release.version, place.label, wanted, 0, fresh=False)
    _begin(place, at, state.get("loading", ""), step)
    sent = _send(place, at, release, sum(wanted.values()), step)
    _verify({name: place.count(at.staging(name)) for name in GRAPHS}, wanted, place, at)
    step("putting it in the place of the old release")
    _swap(place, at, wanted)
    counts = _counted(place, at.iris)
    _verify(counts, wanted, place, at)
    place.update(
        f"DROP SILENT GRAPH <{at.state}> ;\n"
        f"INSERT DATA {{ {at.states('loadedVersion', release.version)} }}"
    )
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


def _begin(place: GraphStoreClient, at: _Places, before: str, step: Callable[[str], None]) -> None:
    """Note what is being loaded; what is left of another load that broke off goes."""
    if before == at.version:
        return
    if before:
        step(f"dropping what was sent of release {before}")
        _drop_staging(place, at, before)
    place.update(
        f"DELETE WHERE {{ GRAPH <{at.state}> {{ ?s <{at.property('loading')}> ?o }} }} ;\n"
        f"INSERT DATA {{ {at.states('loading', at.version)} }}"
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
    loaded = at.property("loadedVersion")
    steps = [f"DELETE WHERE {{ GRAPH <{at.state}> {{ ?s <{loaded}> ?o }} }}"]
    for name in GRAPHS:
        graph = at.iris.graph(name)
        # The graph of no statements need not exist, and what does not exist cannot be moved.
        moved = f"MOVE GRAPH <{at.staging(name)}> TO GRAPH <{graph}>"
        steps.append(moved if wanted[name] else f"DROP SILENT GRAPH <{graph}>")
    place.update(" ;\n".join(steps))
