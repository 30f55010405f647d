"""HTTP: one request in, one answer out, and a tunnel for clients that come by Google's own names."""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BufferedIOBase
from pathlib import Path
from typing import Any

from .certificates import HOSTS


@dataclass(slots=True)
class Answer:
    """What goes back: status, headers, body; `cut` is the share of the body that is sent before the line goes dead."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    cut: float | None = None

    @classmethod
    def json(cls, status: int, value: Any, headers: dict[str, str] | None = None) -> Answer:
        """A JSON answer."""
        body = json.dumps(value, ensure_ascii=False, indent=2).encode()
        return cls(status, body, {"Content-Type": "application/json; charset=UTF-8", **(headers or {})})


Respond = Callable[[str, str, dict[str, str], bytes, bool], Answer]


class Listener(ThreadingHTTPServer):
    """Listens on a free port of the loopback interface, and closes every connection when it stops."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, respond: Respond, chain: Path) -> None:
        self.respond = respond
        self.chain = chain
        self.open_connections: set[socket.socket] = set()
        self.strangers: list[str] = []
        self.broken: list[str] = []
        super().__init__(("127.0.0.1", 0), _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remember the connection."""
        self.open_connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forget the connection, and close it."""
        self.open_connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, *_: Any) -> None:
        """A client that hangs up is nothing to report; anything else is a fault of the emulator."""
        if not isinstance(sys.exc_info()[1], OSError):
            self.broken.append(traceback.format_exc())

    def stop(self) -> None:
        """Close all connections and wait for their threads."""
        self.shutdown()
        for connection in list(self.open_connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self.server_close()


def _close_unfinished(error: OSError) -> None:
    """Close the socket that was being wrapped when a client hung up: `ssl` does so only from the handshake on."""
    for frame, _line in traceback.walk_tb(error.__traceback__):
        if isinstance(made := frame.f_locals.get("self"), ssl.SSLSocket):
            made.close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Listener
    timeout = 60

    def setup(self) -> None:
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.secure: ssl.SSLSocket | None = None

    def finish(self) -> None:
        with contextlib.suppress(OSError):
            super().finish()
        if self.secure is not None:
            self.secure.close()

    def log_message(self, *_: Any) -> None:
        pass

    def do_CONNECT(self) -> None:
        host, _, port = self.path.partition(":")
        if host not in HOSTS or port != "443":
            self.server.strangers.append(self.path)
            self.send_error(403, "Only Google's hosts are here")
            return
        self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.server.chain)
        self.rfile.close()
        try:
            self.secure = context.wrap_socket(self.connection, server_side=True)
        except OSError as error:
            _close_unfinished(error)
            raise
        self.server.open_connections.discard(self.request)
        self.server.open_connections.add(self.secure)
        self.connection = self.secure
        self.rfile = self.secure.makefile("rb")
        self.wfile = _Writer(self.secure)
        self.close_connection = False

    def _handle(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        answer = self.server.respond(self.command, self.path, dict(self.headers.items()), body, self.secure is not None)
        self._send(answer)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _handle

    def _send(self, answer: Answer) -> None:
        headers = {"Content-Length": str(len(answer.body)), **answer.headers}
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        head = f"HTTP/1.1 {answer.status} {self.responses.get(answer.status, ('',))[0]}\r\n{lines}\r\n".encode()
        if answer.cut is None:
            self.wfile.write(head + answer.body)
            return
        self.wfile.write(head + answer.body[: int(len(answer.body) * answer.cut)])
        self.close_connection = True
        time.sleep(0.01)  # what was sent arrives before the end does


class _Writer(BufferedIOBase):
    """A file to write to that keeps nothing back."""

    def __init__(self, connection: ssl.SSLSocket) -> None:
        self._connection = connection

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        self._connection.sendall(content)
        return memoryview(content).nbytes
