"""Serving a release over HTTP."""

from __future__ import annotations

import gc
import logging
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from types import FrameType

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from ..graph.errors import NoRelease
from ..graph.release import Release
from ..graph.release.inspection import Inspection
from ..graph.store.answers import DEFAULT_LIMITS, Limits
from ..graph.store.embedded import CACHE_BYTES, EmbeddedStore, Store, default_memory, loaded_bytes
from ..graph.store.service_hosts import ServiceHosts
from .app import create_app
from .figures.surface import make_ahead
from .http.connection import DEFAULT_CONNECTION_LIMITS, ConnectionLimits
from .http.server import create_server
from .operations.hot_reload import CHECK_SECONDS, Opened, ReleaseSwitcher
from .operations.metrics import Metrics
from .operations.response_cache import ResponseCache
from .querying import sparql
from .web.access_log import request_log
from .web.memory import PeakMemory

#: The cache of whole responses has a quarter of the size of the cache of answers, in addition.
_RESPONSES_PART = 4
#: How long all workers may take to load a new release before it is served anyway.
_WARM_SECONDS = 120.0
#: How long a release is served before its figures are made in advance, so that pages come first.
_AHEAD_SECONDS = 10.0
#: How long requests may take to end when the process is told to stop; the server waits for 5 s.
_STOP_SECONDS = 6.0
#: After that, how often the exit is raised again until the process ends.
_AGAIN_SECONDS = 0.5

_LOGGER = logging.getLogger(__name__)


def serve(
    release_dir: Path,
    host: str = "127.0.0.1",
    port: int = 8000,
    public_url: str = "",
    limits: Limits = DEFAULT_LIMITS,
    trusted_proxies: int = 0,
    log: str = "requests",
    store: Callable[[Release], Store] | None = None,
    cache_bytes: int = CACHE_BYTES,
    service_hosts: Sequence[str] = (),
    contact: str = "",
    connections: ConnectionLimits = DEFAULT_CONNECTION_LIMITS,
    memory: int | None = None,
    check_seconds: float = CHECK_SECONDS,
) -> None:
    """Serve a release until SIGINT or SIGTERM; port 0 picks any free port.

    If ``release_dir`` is a link and comes to point to another release, the server switches to that
    one; SIGHUP makes it look at once. The other parameters:

    - ``trusted_proxies``: the number of proxies in front, whose X-Forwarded- headers are trusted
    - ``log``: one of ``access_log.LOGS``
    - ``store``: opens a store to use in place of the release's own
    - ``cache_bytes``: the size of the cache of answers
    - ``service_hosts``: the hosts that SERVICE may query ("host" or "host:port")
    - ``contact``: where mistakes are reported
    - ``connections``: the limits on connections (behind a proxy, all count as one client's)
    - ``memory``: the most bytes of a store in memory (None: half of the machine's memory)
    - ``check_seconds``: how long the release is checked before it is served; checking then goes on
      while it is served

    Raises ``NoRelease`` if there is no release or it proves damaged, OSError if the server cannot
    listen on the port, BadHost for an invalid host.
    """
    # The newest release is opened from here on, so a SIGHUP before that can be ignored.
    signal.signal(signal.SIGHUP, lambda signum, frame: None)
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s")
    metrics = Metrics()
    observers = request_log(log)
    hosts = ServiceHosts.of(service_hosts)
    # Each query or batch that runs or waits holds a thread; the rest are for everything else.
    threads = limits.workers + 2 * limits.queue + 22
    caches = cache_bytes + cache_bytes // _RESPONSES_PART
    most = default_memory() if memory is None else memory

    def embedded(release: Release) -> Store:
        return EmbeddedStore(release.folder, limits, cache_bytes, hosts, memory=most)

    def opening(release: Release, inspection: Inspection) -> Opened:
        opened = (store or embedded)(release)
        places = connections.connections
        loaded = 0 if store else loaded_bytes(release.quads, limits, most) or 0
        peak = PeakMemory.of(limits, loaded, caches, threads, places)
        unchecked = inspection.unchecked
        app = create_app(release, opened, public_url, metrics, observers, peak, contact, unchecked)
        ahead = threading.Timer(_AHEAD_SECONDS, _make_ahead, (app,))
        ahead.daemon = True
        ahead.start()
        watching = (metrics.observe, *observers)
        cached = ResponseCache(app, cache_bytes // _RESPONSES_PART, watching, sparql.PATH)
        return Opened(release, cached, opened)

    live = ReleaseSwitcher(release_dir, opening, _warm, check_seconds)
    _settle()
    try:
        app = _behind(trusted_proxies, live)
        if trusted_proxies:
            connections = replace(connections, client_connections=connections.connections)
        server = create_server(app, host, port, threads, connections, gives_way=True)
        stop_on_sigterm(server.stop)
        signal.signal(signal.SIGHUP, lambda signum, frame: live.wake())
        live.watch(_stop_from_aside)
        address = f"http://{_host(host)}:{server.port}"
        print(_GREETING.format(address=address, version=live.release.version), flush=True)
        try:
            server.run()
        finally:
            # A request may wait for ever on something outside, such as a reader of the log.
            if not signal.getitimer(signal.ITIMER_REAL)[0]:
                signal.setitimer(signal.ITIMER_REAL, _STOP_SECONDS)
            server.close()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        live.close()
        if live.damage:
            raise NoRelease(live.damage)


def _warm(opened: Opened) -> None:
    if isinstance(opened.store, EmbeddedStore):
        opened.store.wait(_WARM_SECONDS)
    _settle()


def _make_ahead(app: Flask) -> None:
    try:
        make_ahead(app)
    except Exception as error:  # requests for a figure report the error
        _LOGGER.warning("cannot make figures in advance: %s", error)


def _settle() -> None:
    """Exclude the open release from garbage collection, which would take 40 ms for it each time.

    The objects of an earlier release are freed when the next one is opened.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def _behind(proxies: int, live: ReleaseSwitcher) -> Callable[..., object]:
    if not proxies:
        return live
    return ProxyFix(live, x_for=proxies, x_proto=proxies, x_host=proxies, x_prefix=proxies)


_GREETING = """\
oograph {version} is served at {address}/ (stop it with Ctrl-C). Try:
  a page    {address}/browse?class=platform
  a query   curl {address}/sparql --data-urlencode 'query=SELECT * {{ ?s ?p ?o }} LIMIT 5'
  a dump    curl -O {address}/dumps/oograph.ttl.gz"""


def _host(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def stop_on_sigterm(stop: Callable[[], object]) -> None:
    """Call ``stop`` on SIGTERM; if the process has not ended some seconds later, raise SystemExit
    wherever it is."""

    def end(signum: int, frame: FrameType | None) -> None:
        signal.setitimer(signal.ITIMER_REAL, _STOP_SECONDS)
        stop()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGALRM, _stop)


def _stop_from_aside() -> None:
    """End the process from another thread, as SIGTERM does."""
    # to the main thread, which may be waiting in the system
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTERM)


def _stop(signum: int, frame: FrameType | None) -> None:
    # Python ignores an exception in a __del__: then the alarm raises it again.
    signal.setitimer(signal.ITIMER_REAL, _AGAIN_SECONDS)
    sys.exit(0)
