"""What who runs a run can do with its data plane: everything."""

from pathlib import Path

from ..vyos.machine import SOCKET, Answer, Failed, ask
from .places import sockets


class Operator:
    """The data plane of a run's folder."""

    def __init__(self, folder: Path) -> None:
        self._sockets = sockets(folder)

    @property
    def is_there(self) -> bool:
        """Whether there is a real data plane; the network is simulated otherwise."""
        return (self._sockets / SOCKET).exists()

    def admit(self, host: str, cards: dict[str, dict[str, str]]) -> None:
        """Let a host have these cards and a socket of its own."""
        ask(self._sockets, op="admit", host=host, cards=cards)

    def repair(self) -> None:
        """End every disturbance."""
        ask(self._sockets, op="repair")

    def machine(self, card: str) -> "Workshop":
        """The router whose first card has this id."""
        return Workshop(self._sockets, card)


class Workshop:
    """One router's namespaces, for who may do as they like in them."""

    def __init__(self, folder: Path, card: str) -> None:
        self._sockets = folder
        self._card = card

    def run(self, *argv: str, stdin: str = "") -> Answer:
        """Run a program in them to its end."""
        answer = ask(self._sockets, op="run", card=self._card, argv=argv, stdin=stdin)
        return Answer(answer["status"], answer["out"], answer["err"])

    def do(self, *argv: str, stdin: str = "") -> str:
        """Run a program that must succeed; returns what it printed."""
        answer = self.run(*argv, stdin=stdin)
        if answer.status != 0:
            raise Failed(f"{' '.join(argv[:2])}: {(answer.err or answer.out).strip()}")
        return answer.out

    def disturb(self, kind: str) -> None:
        """Do something to the network around it (internet.py)."""
        ask(self._sockets, op="disturb", card=self._card, kind=kind)
