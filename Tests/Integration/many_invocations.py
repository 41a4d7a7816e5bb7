"""A Runtime API server for very many invocations: one thread, one socket, as few bytes as it takes."""

from __future__ import annotations

import socket
from pathlib import Path

HEAD = ("HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: {number}\r\nLambda-Runtime-Deadline-Ms: 4102444800000\r\n"
        "Lambda-Runtime-Trace-Id: {trace}\r\nContent-Length: {length}\r\n\r\n{event}")
ACCEPTED = b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"


def trace_id(number: int) -> str:
    """As long as Lambda's, and never the same."""
    return f"Root=1-{number:08x}-{number:024x};Parent={number:016x};Sampled=1;Lineage=1:{number:08x}:0"


class ManyInvocations:
    """Hands out events and takes results; `last` is the body of the last one."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(60)
        self._socket: socket.socket | None = None
        self._rest = b""
        self._count = 0
        self._is_asked = False  # whether the function has asked for an event that it has not got yet
        self.last = b""

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._listener.getsockname()[1]}"

    def serve(self, invocations: int, event: str) -> None:
        """So many more invocations; afterwards the function waits for the next one."""
        for _ in range(invocations):
            if not self._is_asked:
                self._read_request()
            number = self._count
            head = HEAD.format(number=number, trace=trace_id(number), length=len(event), event=event)
            self._connection().sendall(head.encode())
            self.last = self._read_request()
            self._connection().sendall(ACCEPTED)
            self._read_request()
            self._is_asked = True
            self._count += 1

    def _connection(self) -> socket.socket:
        if self._socket is None:
            self._socket, _ = self._listener.accept()
            self._socket.settimeout(60)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self._socket

    def _read_request(self) -> bytes:
        """The body of the next request."""
        data = self._rest
        while b"\r\n\r\n" not in data:
            data += self._more()
        head, data = data.split(b"\r\n\r\n", 1)
        length = next((int(line.split(b":")[1]) for line in head.split(b"\r\n")
                       if line.lower().startswith(b"content-length:")), 0)
        while len(data) < length:
            data += self._more()
        self._rest = data[length:]
        return data[:length]

    def _more(self) -> bytes:
        data = self._connection().recv(65536)
        assert data, "the function closed its connection"
        return data

    def close(self) -> None:
        self._listener.close()
        if self._socket:
            self._socket.close()


def memory(pid: int, what: str) -> int:
    """Bytes of a process: VmRSS now, VmHWM at its peak."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{what}:"))
