"""Serving a release over HTTP."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from types import FrameType

import waitress

from ..graph.release import open_release
from ..graph.store import DEFAULT_LIMITS, EmbeddedStore, Limits
from .app import create_app

__all__ = ["serve"]


def serve(
    release_dir: Path,
    host: str = "127.0.0.1",
    port: int = 8000,
    public_url: str = "",
    limits: Limits = DEFAULT_LIMITS,
) -> None:
    """Serve a release until SIGINT or SIGTERM; port 0 takes any free one.

    Raises ``NoRelease`` where there is none in ``release_dir``, OSError where the port is taken.
    """
    release = open_release(release_dir)
    with EmbeddedStore(release.folder, limits) as store:
        server = waitress.create_server(
            create_app(release, store, public_url),
            host=host,
            port=port,
            # Each query that runs or waits holds a thread; some are left for everything else.
            threads=limits.workers + limits.queue + 6,
            # A query in a URL: each character may be escaped to nine and more.
            max_request_header_size=2**20,
            max_request_body_size=2**24,
            ident="oograph",
        )
        signal.signal(signal.SIGTERM, _stop)
        address = f"http://{_host(host)}:{server.effective_port}"
        print(_GREETING.format(address=address, version=release.version), flush=True)
        try:
            server.run()
        finally:
            server.close()


_GREETING = """\
oograph {version} is served at {address}/ (stop it with Ctrl-C). Try:
  a page    {address}/browse?class=platform
  a query   curl {address}/sparql --data-urlencode 'query=SELECT * {{ ?s ?p ?o }} LIMIT 5'
  a dump    curl -O {address}/dumps/oograph.ttl.gz"""


def _host(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _stop(signum: int, frame: FrameType | None) -> None:
    sys.exit(0)
