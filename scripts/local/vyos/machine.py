"""A router's way to the namespaces that its daemons run in: the socket of its host.

Used by the host's stand-ins and by the router's own programs: standard library only.
"""

import json
import os
import socket
from pathlib import Path
from typing import Any, NamedTuple, Optional

SOCKET = "plane.sock"
# All kinds of interfaces that VyOS shows; what the stand-in needs beside them is called otherwise.
OURS = ("eth", "vti", "dum", "lo", "wg", "br", "bond", "tun", "gre", "vxlan")


class Failed(Exception):
    """The data plane could not do it; the text says why."""


class Answer(NamedTuple):
    """What a program printed and how it ended."""

    status: int
    out: str
    err: str


def ask(folder: Path, **request: Any) -> dict[str, Any]:
    """One request to the data plane, by the socket in a folder."""
    try:
        opened = os.open(folder, os.O_DIRECTORY)
    except OSError as error:
        raise Failed(f"no data plane: {error}") from error
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            # by way of the folder: a socket's own path may be 107 bytes long, a user's may be longer
            connection.connect(f"/proc/self/fd/{opened}/{SOCKET}")
            connection.sendall(json.dumps(request).encode())
            connection.shutdown(socket.SHUT_WR)
            with connection.makefile() as reader:
                answer = json.loads(reader.read() or '{"error": "the data plane went away"}')
    except OSError as error:
        raise Failed(f"no data plane: {error}") from error
    finally:
        os.close(opened)
    if "error" in answer:
        raise Failed(answer["error"])
    return answer


class Machine:
    """One container's namespaces, known by the id of its first network card."""

    def __init__(self, folder: Path, card: str) -> None:
        self._folder = folder
        self._card = card

    @classmethod
    def of(cls, folder: Path, cards: dict[str, dict[str, str]]) -> Optional["Machine"]:
        """The machine with these cards, by the socket in a folder; None where the network is only simulated."""
        return cls(folder, card_of(cards)) if cards and (folder / SOCKET).exists() else None

    def plug(self, cards: dict[str, dict[str, str]]) -> None:
        """Make the namespaces and put the cards into them."""
        self._do("plug", cards={inside: card["id"] for inside, card in cards.items()})

    def unplug(self) -> None:
        """End everything that runs in them, and them."""
        self._do("unplug")

    def boot(self) -> None:
        """Start the daemons that run before anything is configured, where they do not run."""
        self._do("boot")

    def interfaces(self, wanted: dict[str, Any], route: dict[str, Any] | None) -> None:
        """Give the interfaces addresses (with prefix length), MTU (0: as it is) and state, and let a default route be."""
        self._do("interfaces", wanted=wanted, route=route)

    def connections(self, vti: str, release: str, peers: list[tuple[str, str]], wanted: dict[str, Any]) -> None:
        """Make a VTI's connections and secrets those of `wanted`; `peers` have the router's own address and theirs."""
        self._do("connections", vti=vti, release=release, peers=peers, wanted=wanted)

    def routing(self, wanted: dict[tuple[str, ...], list[str]]) -> None:
        """Make FRR's configuration this one."""
        self._do("routing", wanted=[*wanted.items()])

    def links(self) -> list[dict[str, Any]]:
        """What `ip` says of every interface."""
        answer = self._answer("links")
        if answer.status != 0:
            raise Failed(answer.err.strip())
        return json.loads(answer.out)

    def swanctl(self, vti: str, *words: str) -> Answer:
        """List, initiate or terminate with a VTI's strongSwan."""
        return self._answer("swanctl", vti=vti, words=words)

    def logs(self) -> str:
        """The log files of all VTIs' strongSwans."""
        return self._answer("logs").out

    def routes(self, question: str) -> Answer:
        """What FRR answers to a `show …`."""
        return self._answer("routes", question=question)

    def ping(self, arguments: list[str]) -> Answer:
        return self._answer("ping", arguments=arguments)

    def _answer(self, operation: str, **more: Any) -> Answer:
        answer = self._do(operation, **more)
        return Answer(answer["status"], answer["out"], answer["err"])

    def _do(self, operation: str, **more: Any) -> dict[str, Any]:
        return ask(self._folder, op=operation, card=self._card, **more)


def card_of(cards: dict[str, dict[str, str]]) -> str:
    """The id of the first card, by which a machine is known."""
    return cards[min(cards)]["id"]
