"""A threaded HTTP/1.1 server that keeps connections open and can break them in every way a network does."""

from __future__ import annotations

import itertools
import select
import socket
import ssl
import struct
import threading
import time
from dataclasses import dataclass, field
from email.message import Message
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Request:
    """One request as it arrived. `nth` counts the requests of its connection, from 1."""

    method: str
    path: str
    headers: Message
    body: bytes
    connection: int
    nth: int
    at: float
    socket: socket.socket = field(repr=False)
    status: int = 0

    def client_left(self) -> bool:
        """True once the client has closed its end."""
        try:
            readable, _, _ = select.select([self.socket], [], [], 0)
            return bool(readable) and self.socket.recv(1, socket.MSG_PEEK) == b""
        except ValueError:  # TLS sockets cannot peek; the Runtime API never uses TLS
            return False
        except OSError:
            return True


@dataclass
class Answer:
    """What goes back. `reset` sends no byte and an RST, `cut` that many bytes of the body and then the end."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    reset: bool = False
    cut: int | None = None
    hang_up: bool = False


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: "_Server"

    def setup(self) -> None:
        super().setup()
        self.number = next(self.server.fake.connection_numbers)
        self.count = 0

    def serve(self) -> None:
        fake = self.server.fake
        self.count += 1
        body = self._read_body()
        request = Request(self.command, self.path, self.headers, body, self.number, self.count,
                          time.monotonic(), self.connection)
        answer = fake.answer(request)
        request.status = answer.status
        if answer.reset:
            self._reset()
            return
        self.send_response_only(answer.status)
        headers = {"Date": formatdate(time.time() + fake.clock_offset, usegmt=True),
                   "Content-Length": str(len(answer.body)), **answer.headers}
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body if answer.cut is None else answer.body[: answer.cut])
        self.wfile.flush()
        if answer.cut is not None or answer.hang_up:
            self.close_connection = True

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = serve

    def _read_body(self) -> bytes:
        if "chunked" not in (self.headers.get("Transfer-Encoding") or "").lower():
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        while self.rfile.readline() not in (b"\r\n", b""):
            pass
        return b"".join(parts)

    def _reset(self) -> None:
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        socket.close(self.connection.detach())

    def finish(self) -> None:
        try:
            super().finish()
        except OSError:
            pass

    def log_message(self, *_: object) -> None:
        """Quiet: the fakes keep what they saw themselves."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256
    fake: "FakeServer"

    def handle_error(self, request: object, client_address: object) -> None:
        self.fake.connection_failed()


class FakeServer:
    """Base of the fakes: subclasses say what to answer."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.clock_offset = 0.0
        self.connection_numbers = itertools.count(1)
        self.broken_connections = 0
        self.stopping = threading.Event()
        self.lock = threading.Condition()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.fake = self
        self._scheme = "http"
        if tls:
            self._scheme = "https"
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True,
                                                  do_handshake_on_connect=False)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        """host:port"""
        return f"127.0.0.1:{self._server.server_address[1]}"

    @property
    def url(self) -> str:
        return f"{self._scheme}://{self.address}"

    def answer(self, request: Request) -> Answer:
        raise NotImplementedError

    def connection_failed(self) -> None:
        """A connection ended inside a request or a TLS handshake."""
        with self.lock:
            self.broken_connections += 1

    def stop(self) -> None:
        with self.lock:
            self.stopping.set()
            self.lock.notify_all()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)
