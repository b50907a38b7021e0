"""GraphStoreClient: a writable SPARQL 1.1 store, and how to find its services."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar
from urllib.parse import quote, urlencode, urlsplit, urlunsplit
from urllib.request import Request

import pyoxigraph as ox

from ..errors import BadAddress, LoadError, OographError
from ..nesting import NotReadable, check_nesting
from .endpoint import CutShort, Endpoint, Reply, TooLate, TooMuch, Unreachable

T = TypeVar("T")


#: Seconds to wait before each retry of a request that failed through no fault of ours.
PAUSES: Sequence[float] = (1, 2, 4, 8)
_SECONDS = 600.0
_PROBE_SECONDS = 20.0
_REPLY_BYTES = 2**24
#: A number of statements.
_COUNT = re.compile(r"[0-9]{1,18}")
#: Statements in one INSERT DATA; Virtuoso accepts fewer than 8,000.
_INSERTED = 2000

_JSON = "application/sparql-results+json"
#: Paths of query, update and Graph Store Protocol in common stores, relative to a root.
_LAYOUTS: dict[str, tuple[tuple[str, str, tuple[str, ...]], ...]] = {
    "query": (("query", "update", ("store", "data")),),  # Oxigraph; Fuseki, Stardog
    "sparql": (
        ("sparql", "sparql-auth", ("sparql-graph-crud-auth",)),  # Virtuoso
        ("sparql", "update", ("data",)),  # Fuseki
        ("sparql", "sparql", ("sparql/gsp/",)),  # Neptune
    ),
}


class _Failed(OographError):
    """A request failed but may be retried."""


class _Refused(OographError):
    """A request was refused; a retry would not help."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(f"HTTP {reply.status}: {reply.text}")
        self.status = reply.status


@dataclass(frozen=True, slots=True)
class _Layout:
    query: Endpoint
    update: Endpoint
    graph_stores: tuple[Endpoint, ...]


class GraphStoreClient:
    """A writable store: count and add statements, and run updates."""

    def __init__(self, layout: _Layout, step: Callable[[str], None]) -> None:
        self._layout = layout
        #: The Graph Store Protocol URLs that have not refused yet.
        self._graph_stores = layout.graph_stores
        self._step = step

    @property
    def label(self) -> str:
        """The URL of the query service."""
        return self._layout.query.label

    def select(self, query: str) -> list[dict[str, str]]:
        """The solutions of a query, with values as text."""
        try:
            return self._patiently(lambda: _select(self._layout.query, query, _SECONDS))
        except _Refused as error:
            raise LoadError(f"{self.label} does not answer a query: {error}") from error

    def count(self, graph: str) -> int:
        """The number of statements in a graph."""
        rows = self.select(f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}")
        counted = rows[0].get("n", "") if rows else "0"
        if not _COUNT.fullmatch(counted):
            raise LoadError(f"{self.label} does not count statements, but says {counted!r:.40}")
        return int(counted)

    def update(self, text: str) -> None:
        """Run a SPARQL 1.1 Update."""
        try:
            self._patiently(lambda: _update(self._layout.update, text, _SECONDS))
        except _Refused as error:
            raise LoadError(
                f"{self._layout.update.label} refused an update: {error}. Run the load again; if "
                "it fails in the same way, the store does not fully support SPARQL 1.1 Update."
            ) from error

    def add(self, graph: str, lines: Sequence[str]) -> None:
        """Add statements, each a line of N-Triples, to a graph; repeating this is harmless.

        Uses the Graph Store Protocol, which accepts large pieces, or otherwise INSERT DATA.
        """
        for store in self._graph_stores:
            try:
                self._patiently(partial(_post, store, graph, lines))
                return
            except _Refused as error:
                self._step(
                    f"{store.label} does not accept statements (HTTP {error.status}); "
                    "trying another way"
                )
                # a new tuple: another thread may be iterating over the old one
                self._graph_stores = tuple(s for s in self._graph_stores if s is not store)
        for start in range(0, len(lines), _INSERTED):
            some = "".join(lines[start : start + _INSERTED])
            self.update(f"INSERT DATA {{ GRAPH <{graph}> {{\n{some}}} }}")

    def _patiently(self, send: Callable[[], T]) -> T:
        """Call ``send``, with a retry after each of the pauses if it fails."""
        for pause in PAUSES:
            try:
                return send()
            except _Failed as error:
                self._step(f"{error}; retrying in {pause:g} s")
                time.sleep(pause)
        try:
            return send()
        except _Failed as error:
            raise LoadError(
                f"{self.label}: {error}. Everything sent so far is kept; run the same command "
                "again to continue."
            ) from error


def find_graph_store(
    url: str, update_url: str = "", step: Callable[[str], None] = lambda text: None
) -> GraphStoreClient:
    """Find the store at a URL, which is that of its query service or the root of its services.

    Raises LoadError if no query or update service is found by the conventions of common stores;
    ``update_url`` gives the URL of the update service explicitly.
    """
    reasons: list[str] = []
    try:
        step(f"looking for the services of {Endpoint.of(url).label}")
        for layout in _layouts(Endpoint.of(url), update_url):
            reason = _probe(layout)
            if not reason:
                step(f"querying {layout.query.label}, updating {layout.update.label}")
                return GraphStoreClient(layout, step)
            reasons += [reason] if reason not in reasons else []
    except BadAddress as error:
        raise LoadError(str(error)) from None
    except _Failed as error:
        raise LoadError(f"{Endpoint.of(url).label}: {error}; is the store running?") from None
    listed = "\n".join(f"  {reason}" for reason in reasons)
    raise LoadError(
        f"no writable SPARQL store was found:\n{listed}\n"
        "Give the URL of the query service, the URL of the update service with --update-url, and "
        "credentials in OOGRAPH_STORE_USER and OOGRAPH_STORE_PASSWORD."
    )


def select(endpoint: Endpoint, query: str, seconds: float = _SECONDS) -> list[dict[str, str]]:
    """The solutions of one query, with values as text; raise LoadError if the query fails."""
    try:
        return _select(endpoint, query, seconds)
    except (_Failed, _Refused) as error:
        raise LoadError(f"{endpoint.label}: {error}") from error


def _layouts(base: Endpoint, update_url: str) -> Iterator[_Layout]:
    """Possible locations of a store's services, most likely first."""
    path = urlsplit(base.url).path.rstrip("/")
    root, _, last = path.rpartition("/")
    if root.endswith("/repositories"):  # RDF4J, GraphDB
        services = path, f"{path}/statements", (f"{path}/rdf-graphs/service",)
        places: list[tuple[str, str, tuple[str, ...]]] = [services]
    elif last in _LAYOUTS:
        places = [_below(root, *names) for names in _LAYOUTS[last]]
    else:
        places = [_below(path, *names) for layouts in _LAYOUTS.values() for names in layouts]
        places.append((path or "/", path or "/", (path or "/",)))  # QLever: one URL for all
    given = _as_given(base, update_url) if update_url else None
    for query, update, stores in places:
        yield _Layout(
            _at(base, query),
            given or _at(base, update),
            tuple(_at(base, store) for store in stores),
        )


def _below(
    root: str, query: str, update: str, stores: tuple[str, ...]
) -> tuple[str, str, tuple[str, ...]]:
    return f"{root}/{query}", f"{root}/{update}", tuple(f"{root}/{name}" for name in stores)


def _at(base: Endpoint, path: str) -> Endpoint:
    scheme, netloc, _, query, _ = urlsplit(base.url)
    return replace(base, url=urlunsplit((scheme, netloc, path, query, "")))


def _as_given(base: Endpoint, url: str) -> Endpoint:
    """Another URL; on the same host it has the same credentials, unless it gives its own."""
    other = Endpoint.of(url)
    same = urlsplit(other.url)[:2] == urlsplit(base.url)[:2]
    return replace(base, url=other.url) if same and not urlsplit(url).username else other


def _probe(layout: _Layout) -> str:
    """Why a layout does not fit the store; "" if it does. Changes nothing in the store."""
    try:
        _select(layout.query, "SELECT ?s WHERE { ?s ?p ?o } LIMIT 1", _PROBE_SECONDS)
    except _Refused as error:
        return f"query {layout.query.label}: {error}"
    try:
        _update(layout.update, "INSERT DATA {}", _PROBE_SECONDS)
    except _Refused as error:
        return f"update {layout.update.label}: {error}"
    except _Failed as error:  # some stores answer 500 when they mean 403
        return f"update {layout.update.label}: {error}"
    return ""


def _select(endpoint: Endpoint, query: str, seconds: float) -> list[dict[str, str]]:
    reply = _form(endpoint, "query", query, seconds)
    try:
        check_nesting(lambda: reply.body, ox.QueryResultsFormat.JSON)
        solutions = ox.parse_query_results(reply.body.file, format=ox.QueryResultsFormat.JSON)
        if not isinstance(solutions, ox.QuerySolutions):
            raise _Refused(reply)
        names = [variable.value for variable in solutions.variables]
        return [
            {
                name: term.value
                for name in names
                if isinstance(term := solution[name], ox.NamedNode | ox.Literal)
            }
            for solution in solutions
        ]
    except (SyntaxError, ValueError, NotReadable) as error:
        raise _Refused(reply) from error


def _update(endpoint: Endpoint, text: str, seconds: float) -> None:
    _form(endpoint, "update", text, seconds)


def _form(endpoint: Endpoint, name: str, text: str, seconds: float) -> Reply:
    # Not as application/sparql-query, which Virtuoso 7.2.5 never answers.
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Accept": f"{_JSON}, */*;q=0.1" if name == "query" else "*/*",
    }
    return _sent(endpoint, endpoint.url, urlencode({name: text}).encode(), headers, seconds)


def _post(endpoint: Endpoint, graph: str, lines: Sequence[str]) -> None:
    joint = "&" if "?" in endpoint.url else "?"
    url = f"{endpoint.url}{joint}graph={quote(graph, safe='')}"
    # N-Triples is also Turtle, which every store reads.
    _sent(endpoint, url, "".join(lines).encode(), {"Content-Type": "text/turtle"}, _SECONDS)


def _sent(
    endpoint: Endpoint, url: str, body: bytes, headers: dict[str, str], seconds: float
) -> Reply:
    """Send a POST and return the reply if it succeeded."""
    request = Request(url, body, headers, method="POST")
    try:
        reply = endpoint.send(request, seconds, _REPLY_BYTES)
    except (Unreachable, CutShort) as error:
        raise _Failed(str(error)) from error
    except (TooLate, TooMuch) as error:
        raise _Failed(f"no answer within {seconds:g} seconds") from error
    is_locked = "deadlock" in reply.headers.get("X-SQL-Message", "")  # Virtuoso, with status 200
    if is_locked or reply.status in (408, 425, 429) or reply.status >= 500:
        raise _Failed(f"HTTP {reply.status}: {reply.text}")
    if not 200 <= reply.status < 300 or reply.headers.get("X-SQL-State"):
        raise _Refused(reply)
    return reply
