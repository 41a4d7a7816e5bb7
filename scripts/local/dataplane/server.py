"""The data plane: every namespace of a run, in one process tree.

Started in namespaces of its own (see start.py): when this process ends, for whatever reason,
the kernel ends all the others and takes their networks away. Nothing of it has a name on the machine.
"""

import json
import os
import signal
import socketserver
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..vyos.machine import SOCKET
from . import values
from .places import host_folder, sockets
from .plane import DataPlane, Request

# A hub of 500 tunnels says 1 MB.
MOST_BYTES = 16_000_000


class Listener(socketserver.ThreadingUnixStreamServer):
    """Requests of one folder's socket, which is for nobody but its owner."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, folder: Path, answer: Callable[[Request], Request]) -> None:
        self._answer = answer
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = folder / f"{SOCKET}.new"
        # one that a killed data plane has left
        draft.unlink(missing_ok=True)
        opened = os.open(folder, os.O_DIRECTORY)
        # by way of the folder: a socket's own path may be 107 bytes long, a user's may be longer
        super().__init__(f"/proc/self/fd/{opened}/{draft.name}", Conversation)
        os.close(opened)
        draft.chmod(0o600)
        # it has its name as soon as it listens
        draft.replace(folder / SOCKET)

    def answer(self, text: bytes) -> bytes:
        try:
            request: Any = json.loads(text) if len(text) <= MOST_BYTES else None
        except (ValueError, RecursionError):
            request = None
        answer = self._answer(request) if isinstance(request, dict) else {"error": "this is no request"}
        return json.dumps(answer).encode()


class Conversation(socketserver.StreamRequestHandler):
    """One request and its answer."""

    server: Listener

    def handle(self) -> None:
        answer = self.server.answer(self.rfile.read(MOST_BYTES + 1))
        try:
            self.wfile.write(answer)
        except BrokenPipeError:
            pass  # who asked has been killed meanwhile


class Doors:
    """The operator's door, and one for each host that the operator has let in."""

    def __init__(self, folder: Path) -> None:
        self._plane = DataPlane(folder)
        self._folder = folder
        self._lock = threading.Lock()
        self._hosts: set[str] = set()

    def serve(self) -> None:
        Listener(sockets(self._folder), self._operator).serve_forever()

    def _operator(self, request: Request) -> Request:
        if request.get("op") != "admit":
            return self._plane.answer_operator(request)
        try:
            self._admit(values.text(request.get("host"), values.HOST, "name of a host"), values.table(request.get("cards")))
        except values.Refused as refusal:
            return {"error": str(refusal)}
        return {}

    def _admit(self, host: str, cards: dict[str, dict[str, str]]) -> None:
        self._plane.admit(host, {card["id"]: card for card in cards.values()})
        with self._lock:
            if host not in self._hosts:
                listener = Listener(host_folder(self._folder, host), lambda request: self._plane.answer_host(host, request))
                threading.Thread(target=listener.serve_forever, daemon=True).start()
                self._hosts.add(host)


def serve(folder: Path) -> None:
    """Answer requests until a signal comes."""
    os.umask(0o077)
    (folder / "dataplane").mkdir(exist_ok=True)
    Doors(folder).serve()


if __name__ == "__main__":
    # the first process of its namespace: without a handler it would not even notice
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    serve(Path(sys.argv[1]))
