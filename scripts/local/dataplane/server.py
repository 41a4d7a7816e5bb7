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
from pathlib import Path
from typing import Any

from ..vyos.machine import SOCKET, Failed
from .internet import Internet
from .namespace import Namespace


class DataPlane:
    """The regions' internets and the machines on them."""

    def __init__(self, folder: Path) -> None:
        self._wire = folder / "wire"
        self._logs = folder / "dataplane"
        self._lock = threading.Lock()
        self._internets: dict[str, Internet] = {}
        self._machines: dict[str, tuple[Namespace, Internet, list[str]]] = {}

    def handle(self, request: dict[str, Any]) -> dict[str, Any]:
        operation = request.pop("op", "")
        try:
            return {"plug": self.plug, "unplug": self.unplug, "run": self.run, "start": self.start,
                    "disturb": self.disturb, "repair": self.repair}[operation](**request)
        except KeyError as error:
            return {"error": f"{operation}: there is no {error}"}
        except (Failed, OSError) as error:
            return {"error": str(error)}

    def plug(self, card: str, name: str, cards: dict[str, dict[str, str]]) -> dict[str, Any]:
        with self._lock:
            region = next(iter(cards.values()))["region"]
            if region not in self._internets:
                self._internets[region] = Internet(region, self._logs, self._wire / "elastic-ips.json")
            internet, space = self._internets[region], Namespace(name, self._logs)
            self._machines[card] = (space, internet, [c["id"] for c in cards.values()])
            for inside, description in cards.items():
                internet.attach(description, inside, space)
        return {}

    def unplug(self, card: str) -> dict[str, Any]:
        with self._lock:
            if card in self._machines:
                space, internet, cards = self._machines.pop(card)
                space.close()
                for each in cards:
                    internet.detach(each)
        return {}

    def run(self, card: str, argv: list[str], stdin: str = "") -> dict[str, Any]:
        return self._machines[card][0].run(argv, stdin)._asdict()

    def start(self, card: str, name: str, argv: list[str], ready: list[str]) -> dict[str, Any]:
        self._machines[card][0].start(name, argv, ready)
        return {}

    def disturb(self, card: str, kind: str) -> dict[str, Any]:
        with self._lock:
            self._machines[card][1].disturb(card, kind)
        return {}

    def repair(self) -> dict[str, Any]:
        with self._lock:
            for internet in self._internets.values():
                internet.repair()
        return {}


class Listener(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    request_queue_size = 64


def serve(folder: Path) -> None:
    """Answer requests until a signal comes."""
    plane = DataPlane(folder)

    class Request(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            answer = plane.handle(json.loads(self.rfile.read()))
            try:
                self.wfile.write(json.dumps(answer).encode())
            except BrokenPipeError:
                pass  # who asked has been killed meanwhile

    (folder / "dataplane").mkdir(exist_ok=True)
    wire = os.open(folder / "wire", os.O_DIRECTORY)
    with Listener(f"/proc/self/fd/{wire}/{SOCKET}", Request) as listener:
        (folder / "wire" / SOCKET).chmod(0o600)
        listener.serve_forever()


if __name__ == "__main__":
    # the first process of its namespace: without a handler it would not even notice
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    serve(Path(sys.argv[1]))
