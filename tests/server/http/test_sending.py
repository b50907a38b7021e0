"""What is sent for a small answer."""

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


def test_a_small_answer_is_sent_in_one_piece(monkeypatch) -> None:
    sent = 0
    send = Connection.send

    def counted(connection: Connection, *arguments: Any, **named: Any) -> int:
        nonlocal sent
        sent += 1
        return send(connection, *arguments, **named)

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
