"""A server that does nothing: it answers each request with the same 2 KB.

Run python bare_server.py PORT. The latency against it is the client's share of every latency.
"""

from __future__ import annotations

import socket
import sys
import threading

_BODY = b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{}}]}}'.ljust(2000)
_ANSWER = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\n"
    b"Content-Length: 2000\r\n\r\n" + _BODY
)


def _serve(connection: socket.socket) -> None:
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    received = b""
    while data := connection.recv(65536):
        received += data
        while b"\r\n\r\n" in received:
            received = received.partition(b"\r\n\r\n")[2]
            connection.sendall(_ANSWER)


if __name__ == "__main__":
    listening = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=64)
    while True:
        threading.Thread(target=_serve, args=(listening.accept()[0],), daemon=True).start()
