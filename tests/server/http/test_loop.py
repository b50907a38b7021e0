"""The server's loop: how often it turns for a request."""

import http.client
import threading
from collections.abc import Iterable
from contextlib import closing
from typing import Any

from oograph.server.http.connection import Connection
from oograph.server.http.server import create_server

REQUESTS = 100


def answering(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
    start("200 OK", [("Content-Length", "5000"), ("Content-Type", "text/plain")])
    return (b"x" * 5000,)


def test_the_loop_turns_a_few_times_a_request(monkeypatch) -> None:
    """It has nothing to do with what another thread sends, and would take its turns from it."""
    turns = sent = 0
    asked, send = Connection.writable, Connection.send

    def writable(connection: Connection) -> bool:
        nonlocal turns
        turns += 1
        return asked(connection)

    def counted(connection: Connection, *arguments: Any, **named: Any) -> int:
        nonlocal sent
        sent += 1
        return send(connection, *arguments, **named)

    monkeypatch.setattr(Connection, "writable", writable)
    monkeypatch.setattr(Connection, "send", counted)
    server = create_server(answering, "127.0.0.1", 0, 4)
    loop = threading.Thread(target=server.run, daemon=True)
    loop.start()
    client = http.client.HTTPConnection("127.0.0.1", server.effective_port, timeout=60)
    try:
        with closing(client):
            for _ in range(REQUESTS):
                client.request("GET", "/")
                assert client.getresponse().read() == b"x" * 5000
    finally:
        server.close()
    assert sent == REQUESTS  # the head with the body
    assert turns <= 10 * REQUESTS
