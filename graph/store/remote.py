"""The remote store: the same interface, limits, formats and problems for any SPARQL 1.1 endpoint.

Our own engine first parses each query over an empty store. A query that is not SPARQL 1.1, such as
one with an engine's own extensions, therefore gets the same problem as with the embedded store and
is not sent. The endpoint is asked only for JSON results or for RDF (N-Triples preferred). The
format for the client is written here, so the answers are byte for byte those of the embedded store
wherever the engines agree.
"""

from __future__ import annotations

import json
import logging
import re
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from http.client import HTTPResponse
from pathlib import Path

from SPARQLWrapper import JSON, POST, TURTLE, SPARQLWrapper

from ...ontology import BASE_IRI
from ..errors import LoadError
from ..formats import FORMATS, with_charset
from ..iris import GRAPHS, IRIs
from ..nesting import NotReadable
from .admission import FairQueue, NotAdmitted, never_disconnected
from .answers import DEFAULT_LIMITS, Answer, Dataset, Limits, NoRoom, Overflow
from .embedded import EmbeddedStore, Store
from .endpoint import Call, CutShort, Endpoint, Reply, TooLate, TooMuch, Unreachable
from .graph_store_client import select
from .guard import as_graphs
from .plan import Plan
from .problems import (
    QueryError,
    no_room,
    not_admitted,
    not_in_xml,
    out_of_time,
    service_failed,
    too_large,
)
from .remote_problems import NOT_SPARQL, broken, cut_short, too_many_bytes, unreachable, unreadable
from .serialization import NotInXml
from .service_hosts import NO_HOSTS, ServiceHosts
from .syntax import excerpt
from .transcode import transcode
from .waiting import require_thread

_log = logging.getLogger(__name__)
#: The formats in which the endpoint may send a graph.
_GRAPH_ACCEPT = "application/n-triples, text/turtle;q=0.9, application/rdf+xml;q=0.5"
#: Seconds that a process for parsing queries may take to start.
_START_SECONDS = 10.0
#: JSON takes more bytes than the format written from it: up to about four times as many as CSV.
_RAW = 4
#: Functions by which some engines (Virtuoso, Jena) expose themselves or their machine. An IRI with
#: an escape in its scheme may name one of them.
_NATIVE = re.compile(r"<(?:bif|sql|java|[^<>\s:]*\\u[^<>\s:]*):", re.IGNORECASE)


class RemoteStore(Store):
    """A SPARQL 1.1 endpoint that holds a release (``oograph load``), queried under our limits.

    The memory limit does not apply. The endpoint itself contacts the services that SERVICE names.
    """

    def __init__(
        self,
        url: str,
        base_iri: str = BASE_IRI,
        limits: Limits = DEFAULT_LIMITS,
        service_hosts: ServiceHosts = NO_HOSTS,
    ) -> None:
        """``url`` is the endpoint's; credentials are in it or in the environment (``Endpoint.of``).

        The endpoint is not contacted yet: a store that is down now may be up when a query comes.
        Raises BadAddress.
        """
        super().__init__(limits, service_hosts)
        self._endpoint = Endpoint.of(url)
        self._none = IRIs(base_iri).graph("none")
        self._graphs = tuple(IRIs(base_iri).graph(name) for name in GRAPHS)
        self._base_iri = base_iri
        #: Whether the store's default graph is the union of its graphs; None while unknown.
        self._is_union: bool | None = None
        self._queue: FairQueue[int] = FairQueue(limits.workers, limits.queue, limits.client_queries)
        for slot in range(limits.workers + 1):
            self._queue.put(slot)
        self._folder = tempfile.TemporaryDirectory(prefix="oograph-")
        self._grammar = EmbeddedStore(
            _empty_release(Path(self._folder.name), base_iri), limits, known_functions_only=True
        )

    def ask(
        self,
        planned: Plan,
        *,
        seconds: float | None = None,
        client: str = "",
        is_disconnected: Callable[[], bool] = never_disconnected,
    ) -> Answer:
        """Return the answer to a query, or raise ``QueryError``.

        If the store's default graph is the union of its graphs, the query is sent without naming
        graphs, so the store should hold nothing else. Naming each graph makes Virtuoso fifty times
        slower, and it then loses solutions of property paths.
        """
        require_thread()
        if _NATIVE.search(planned.text):
            raise QueryError(NOT_SPARQL)
        time_limit = min(seconds or self.limits.seconds, self.limits.seconds)
        limits = replace(self.limits, seconds=time_limit)
        try:
            with self._queue.turn(client, time_limit, is_disconnected):
                columns = self._columns(planned, time_limit)
                until = time.monotonic() + time_limit
                with self._reply(planned, limits, until) as reply:
                    return self._written(reply, planned, columns, limits, until)
        except NotAdmitted as error:
            raise QueryError(not_admitted(error, limits)) from error
        except NoRoom as error:
            raise QueryError(no_room(error)) from error

    def _columns(self, planned: Plan, seconds: float) -> list[str]:
        """The variables of a SELECT in our engine's order; ``QueryError`` if it does not parse.

        Engines differ in the order of ``SELECT *``.
        """
        read = replace(
            planned,
            text=as_graphs(planned.text),
            shape=replace(planned.shape, services=()),
            format=next(iter(FORMATS[planned.shape.form or "SELECT"].values())),
            excerpt=None,
        )
        try:
            answer = self._grammar.ask(read, seconds=seconds)
            return json.loads(answer.body)["head"]["vars"] if read.shape.form == "SELECT" else []
        except QueryError as error:
            problem = error.problem
            if problem.line and problem.column:
                shown = excerpt(planned.text, problem.line, problem.column)
                raise QueryError(replace(problem, excerpt=shown)) from error
            raise

    def close(self) -> None:
        """End the processes that parse queries."""
        self._grammar.wait(_START_SECONDS)  # A starting process still needs the folder.
        self._grammar.close()
        self._folder.cleanup()

    @contextmanager
    def _reply(self, planned: Plan, limits: Limits, until: float) -> Iterator[Reply]:
        """A reply whose status and headers show no problem."""
        where = self._endpoint.label
        parameters = list(self._parameters(planned.shape.has_dataset, planned.dataset, until))
        try:
            with Call(self._endpoint, max(0.01, until - time.monotonic())) as call:
                asker = _Asker(call, self._endpoint.url, _with_base(planned), planned.shape.form)
                for name, value in parameters:
                    asker.addParameter(name, value)
                reply = call.read(asker.query().response, limits.result_bytes * _RAW)
        except Unreachable as error:
            _log.warning("%s does not answer: %s", where, error)
            raise QueryError(unreachable(str(error))) from error
        except CutShort as error:
            _log.warning("%s closed the connection before the end of its answer: %s", where, error)
            raise QueryError(cut_short()) from error
        except TooLate as error:
            raise QueryError(out_of_time(limits)) from error
        except TooMuch as error:
            most = limits.result_bytes * _RAW
            raise QueryError(too_many_bytes(most)) from error
        try:
            problem = broken(reply)
            if problem:
                _log.warning("%s: HTTP %d: %s", where, reply.status, reply.text)
                if planned.shape.services and reply.status >= 400 and not problem.limit:
                    problem = service_failed(f"or the store behind this service: {reply.text}")
                raise QueryError(problem)
            yield reply
        finally:
            reply.body.close()

    def _parameters(
        self, has_dataset: bool, dataset: Dataset, until: float
    ) -> Iterator[tuple[str, str]]:
        if not dataset and (has_dataset or self._asked_as_it_is(until)):
            return
        chosen = dataset or Dataset(self._graphs, self._graphs)
        # Name an empty graph for "none": some stores take a missing parameter to mean "any".
        for iri in chosen.default_graphs or (self._none,):
            yield "default-graph-uri", iri
        for iri in chosen.named_graphs or (self._none,):
            yield "named-graph-uri", iri

    def _asked_as_it_is(self, until: float) -> bool:
        """Whether the store's default graph includes what a load wrote to a named graph.

        This cannot be known until a load has completed: the graph is missing.
        """
        if self._is_union is None:
            iris = IRIs(self._base_iri)
            graph = iris.graph("loading")
            states = f"<{graph}> <{iris.ontology}loadedVersion>"
            query = (
                f"SELECT ?version ?inDefault WHERE {{ GRAPH <{graph}> {{ {states} ?version }} "
                f"OPTIONAL {{ {states} ?inDefault }} }}"
            )
            try:
                seconds = max(0.01, (until - time.monotonic()) / 2)
                rows = select(self._endpoint, query, seconds)
            except LoadError:  # Try again next time; this query will show why it failed.
                return False
            if not rows:
                return False
            self._is_union = "inDefault" in rows[0]
        return self._is_union

    def _written(
        self, reply: Reply, planned: Plan, columns: Sequence[str], limits: Limits, until: float
    ) -> Answer:
        """The answer in the format that the client requested."""
        try:
            spool, rows = transcode(reply, planned, columns, self._base_iri, limits, until)
        except NotReadable as error:
            _log.warning("%s: %s", self._endpoint.label, error)
            raise QueryError(unreadable(reply)) from error
        except NotInXml as error:
            formats = FORMATS[planned.shape.form or "SELECT"].values()
            raise QueryError(not_in_xml(formats)) from error
        except Overflow as error:
            raise QueryError(too_large(error.rows, error.unit, limits)) from error
        except TooLate as error:
            raise QueryError(out_of_time(limits)) from error
        seconds = limits.seconds - (until - time.monotonic())
        return Answer(with_charset(planned.media_type), spool, spool.length, rows, seconds)


def _with_base(planned: Plan) -> str:
    """The text of a query, with a BASE for its relative IRIs unless it has its own."""
    if not planned.base_iri or planned.shape.has_base:
        return planned.text
    return f"BASE <{planned.base_iri}> {planned.text}"


class _Asker(SPARQLWrapper):
    """SPARQLWrapper over our own connection, which enforces the limits and follows no redirect."""

    def __init__(self, call: Call, url: str, text: str, form: str) -> None:
        super().__init__(url)
        self._call = call
        self.setMethod(POST)
        self.setOnlyConneg(True)
        # Not setQuery: it guesses the form, and takes `prefix add: <...> select` for an update.
        self.queryString = text
        self.queryType = form
        if form in ("CONSTRUCT", "DESCRIBE"):
            self.setReturnFormat(TURTLE)
            self.addCustomHttpHeader("Accept", _GRAPH_ACCEPT)
        else:
            self.setReturnFormat(JSON)

    def _query(self) -> tuple[HTTPResponse, str]:
        return self._call.open(self._createRequest()), self.returnFormat


def _empty_release(folder: Path, base_iri: str) -> Path:
    """An empty release, so that an embedded store can parse queries and find their errors."""
    (folder / "dumps").mkdir()
    (folder / "dumps" / "oograph.nq").touch()
    (folder / "release.json").write_text(json.dumps({"quads": 0, "base_iri": base_iri}))
    return folder
