"""A container's way to the namespaces that its daemons run in.

Used by the host's stand-ins, by the router's own programs and by the lab: standard library only.
"""

import json
import os
import socket
from pathlib import Path
from typing import Any, NamedTuple, Optional

SOCKET = "dataplane.sock"


class Failed(Exception):
    """The data plane could not do it; the text says why."""


class Answer(NamedTuple):
    """What a program printed and how it ended."""

    status: int
    out: str
    err: str


def ask(wire: Path, **request: Any) -> dict[str, Any]:
    """One request to the data plane, whose socket lies in the folder `wire`."""
    folder = os.open(wire, os.O_DIRECTORY)
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            # by way of the folder: a socket's own path may be 107 bytes long, a user's may be longer
            connection.connect(f"/proc/self/fd/{folder}/{SOCKET}")
            connection.sendall(json.dumps(request).encode())
            connection.shutdown(socket.SHUT_WR)
            with connection.makefile() as reader:
                answer = json.loads(reader.read() or '{"error": "the data plane went away"}')
    except OSError as error:
        raise Failed(f"no data plane: {error}") from error
    finally:
        os.close(folder)
    if "error" in answer:
        raise Failed(answer["error"])
    return answer


class Machine:
    """One container's namespaces, known by the id of its first network card."""

    def __init__(self, wire: Path, card: str) -> None:
        self._wire = wire
        self._card = card

    @classmethod
    def of(cls, wire: Path, cards: dict[str, dict[str, str]]) -> Optional["Machine"]:
        """The machine with these cards; None where the network is only simulated."""
        return cls(wire, card_of(cards)) if cards and (wire / SOCKET).exists() else None

    def plug(self, name: str, cards: dict[str, dict[str, str]]) -> None:
        """Make the namespaces and put the cards into them."""
        ask(self._wire, op="plug", card=self._card, name=name, cards=cards)

    def unplug(self) -> None:
        """End everything that runs in them, and them."""
        ask(self._wire, op="unplug", card=self._card)

    def run(self, *argv: str, stdin: str = "") -> Answer:
        """Run a program in them to its end."""
        answer = ask(self._wire, op="run", card=self._card, argv=argv, stdin=stdin)
        return Answer(answer["status"], answer["out"], answer["err"])

    def do(self, *argv: str, stdin: str = "") -> str:
        """Run a program that must succeed; returns what it printed."""
        answer = self.run(*argv, stdin=stdin)
        if answer.status != 0:
            raise Failed(f"{' '.join(argv[:2])}: {(answer.err or answer.out).strip()}")
        return answer.out

    def start(self, name: str, ready: list[str], *argv: str) -> None:
        """Start a daemon and wait until the paths of `ready` exist."""
        ask(self._wire, op="start", card=self._card, name=name, ready=ready, argv=argv)

    def disturb(self, kind: str) -> None:
        """Do something to the network around it (dataplane/internet.py)."""
        ask(self._wire, op="disturb", card=self._card, kind=kind)


def card_of(cards: dict[str, dict[str, str]]) -> str:
    """The id of the first card, by which a machine is known."""
    return cards[min(cards)]["id"]
