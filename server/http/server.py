"""The HTTP server: waitress, with requests and connections of our own.

Waitress, since none of the other servers for WSGI has all of these: it notices that a client has
left while its query runs (so that the query is stopped), it sends files without holding a thread,
it reads bodies before it takes a thread, it is one process (so that metrics, limits and what is
kept are of the whole site), and it depends on nothing. What it leaves open, strictness and
deadlines, is a subclass of its parser and one of its channel.
"""

from __future__ import annotations

import resource
from dataclasses import replace
from typing import Any

import waitress
from waitress.server import BaseWSGIServer

from ...graph.errors import NoThreads
from ..app import BODY_BYTES
from .connection import DEFAULT_CONNECTION_LIMITS, ConnectionLimits, Connections

#: The files that a connection has open, its own and that of a large answer; and those of all else.
_OF_A_CONNECTION, _OTHER_DESCRIPTORS = 2, 500
#: Waitress's own limits, where ours come first.
_NEVER = 2**31


def create_server(
    app: Any,
    host: str,
    port: int,
    threads: int,
    limits: ConnectionLimits = DEFAULT_CONNECTION_LIMITS,
) -> Any:
    """A server that listens, but does not run yet; OSError where it cannot listen, ``NoThreads``
    where the system has no room for its threads."""
    limits = replace(limits, connections=_allow_descriptors(limits.connections))
    sockets: dict[int, Any] = {}
    try:
        server = waitress.create_server(
            app,
            map=sockets,
            host=host,
            port=port,
            threads=threads,
            ident="oograph",
            # For what is asked with HTTP/1.0 and no Host.
            server_name=host,
            max_request_header_size=_NEVER,
            max_request_body_size=BODY_BYTES + 1,
            connection_limit=_NEVER,
            channel_timeout=_NEVER,
            asyncore_use_poll=True,
            # So that waitress goes on reading, and notices when a client has left.
            channel_request_lookahead=1,
            # ProxyFix decides which of them count.
            clear_untrusted_proxy_headers=False,
        )
    except RuntimeError as error:  # Python's only word for it
        raise NoThreads(
            f"the {threads} threads of the server cannot be started ({error}): the limit on memory "
            "(ulimit -v) or on processes (ulimit -u) is too low. Fix: raise it, or lower --workers"
        ) from None
    connections = Connections(limits)
    for each in sockets.values():
        if isinstance(each, BaseWSGIServer):
            each.channel_class = connections
    return server


def _allow_descriptors(connections: int) -> int:
    """As many open files as connections need, where the system lets us; and else as many
    connections as it does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _OF_A_CONNECTION * connections + _OTHER_DESCRIPTORS
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return connections
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    left = most - min(_OTHER_DESCRIPTORS, most // 2)
    return max(1, min(connections, left // _OF_A_CONNECTION))
