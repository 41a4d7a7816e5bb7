"""A threaded HTTP/1.1 server that keeps connections open and can break them in every way a network does."""

from __future__ import annotations

import contextlib
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
    """What goes back. `reset` sends no byte and an RST, `leave` no byte and a FIN, `cut_head` that share of the head
    and an RST, `cut` that many bytes of the body and then the end. A body may come in chunks, and in `pieces` with a
    `pause` in seconds before each."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    reset: bool = False
    leave: bool = False
    cut_head: float | None = None
    cut: int | None = None
    hang_up: bool = False
    chunked: bool = False
    pieces: int = 1
    pause: float = 0.0

    @property
    def is_silent(self) -> bool:
        return self.reset or self.leave


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.number = next(self.server.fake.connection_numbers)
        self.count = 0
        self.server.fake.sockets.add(self.connection)

    def serve(self) -> None:
        fake = self.server.fake
        self.count += 1
        body = self._read_body()
        request = Request(self.command, self.path, self.headers, body, self.number, self.count,
                          time.monotonic(), self.connection)
        answer = fake.answer(request)
        request.status = 0 if answer.is_silent else answer.status
        self.close_connection = answer.leave or answer.cut is not None or answer.hang_up
        if answer.reset:
            return self._reset()
        if answer.leave:
            return
        head = self._head(answer)
        if answer.cut_head is not None:
            self._send(head[: int(len(head) * answer.cut_head)])
            return self._reset()
        self._send(head)
        self._send_body(answer)

    def _head(self, answer: Answer) -> bytes:
        length = {"Transfer-Encoding": "chunked"} if answer.chunked else {"Content-Length": str(len(answer.body))}
        fields = self.server.fake.date() | length | answer.headers
        lines = [f"HTTP/1.1 {answer.status} {self.responses.get(answer.status, ('',))[0]}",
                 *(f"{name}: {value}" for name, value in fields.items())]
        return "\r\n".join([*lines, "", ""]).encode("latin-1")

    def _send_body(self, answer: Answer) -> None:
        body = answer.body if answer.cut is None else answer.body[: answer.cut]
        size = max(-(-len(body) // answer.pieces), 1)
        for start in range(0, len(body), size):
            time.sleep(answer.pause)
            piece = body[start : start + size]
            self._send(b"%x\r\n%s\r\n" % (len(piece), piece) if answer.chunked else piece)
        if answer.chunked:
            self._send(b"0\r\n\r\n")

    def _send(self, data: bytes) -> None:
        self.wfile.write(data)
        self.wfile.flush()

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
        self.server.fake.sockets.discard(self.connection)
        try:
            super().finish()
        except OSError:
            pass

    def log_message(self, *_: object) -> None:
        """Quiet: the fakes keep what they saw themselves."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256
    fake: FakeServer

    def handle_error(self, request: object, client_address: object) -> None:
        self.fake.connection_failed()


class FakeServer:
    """Base of the fakes: subclasses say what to answer."""

    def __init__(self, tls: ssl.SSLContext | None = None, port: int = 0) -> None:
        self.clock_offset = 0.0
        self.dated = True
        self.connection_numbers = itertools.count(1)
        self.broken_connections = 0
        self.sockets: set[socket.socket] = set()
        self.stopping = threading.Event()
        self.lock = threading.Condition()
        self._server = _Server(("127.0.0.1", port), _Handler)
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
        return f"127.0.0.1:{self.port}"

    @property
    def port(self) -> int:
        return self._server.server_address[1]

    @property
    def url(self) -> str:
        return f"{self._scheme}://{self.address}"

    def answer(self, request: Request) -> Answer:
        raise NotImplementedError

    def date(self) -> dict[str, str]:
        """What the answers' `Date` is; a server without a clock sends none."""
        return {"Date": formatdate(time.time() + self.clock_offset, usegmt=True)} if self.dated else {}

    def refuse_connections(self) -> None:
        """From now on nobody listens; connections that stand go on."""
        self._server.shutdown()
        self._server.server_close()

    def connection_failed(self) -> None:
        """A connection ended inside a request or a TLS handshake."""
        with self.lock:
            self.broken_connections += 1
            self.lock.notify_all()

    def wait_broken_connection(self) -> None:
        """Until one has ended so; its other end may have been told first."""
        with self.lock:
            assert self.lock.wait_for(lambda: self.broken_connections, timeout=60), "no connection has ended early"

    def stop(self) -> None:
        with self.lock:
            self.stopping.set()
            self.lock.notify_all()
        self.refuse_connections()
        for connection in self.sockets.copy():
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)
