"""The regions' internets, the routers on them, and who may do what.

A host has its own socket, and by it only what its cards allow. What can be plugged in where says the operator, by a
socket that no host sees.
"""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..vyos.machine import Answer, Failed
from . import values
from .internet import Internet
from .namespace import Namespace
from .router import Router
from .values import Refused

Request = dict[str, Any]
# What a router asks of its own data plane, by name; Router's methods of the same names.
ROUTERS_OWN = ("boot", "interfaces", "connections", "routing", "links", "swanctl", "logs", "routes", "ping")


class DataPlane:
    """Everything of one run."""

    def __init__(self, folder: Path) -> None:
        self._elastic_ips = folder / "wire/elastic-ips.json"
        self._logs = folder / "dataplane"
        self._lock = threading.Lock()
        self._internets: dict[str, Internet] = {}
        # Host → card's id → what the operator says of the card.
        self._hosts: dict[str, dict[str, dict[str, str]]] = {}
        self._routers: dict[str, Router] = {}

    def answer_operator(self, request: Request) -> Request:
        """For who runs all this."""
        return self._answer(request, {"run": self._run, "disturb": self._disturb, "repair": self._repair})

    def answer_host(self, host: str, request: Request) -> Request:
        """For what runs on a host."""
        card = request.get("card")
        if not isinstance(card, str) or card not in self._hosts.get(host, {}):
            return {"error": f"there is no card {card} in {host}"}
        own: dict[str, Callable[..., Any]] = {
            "plug": lambda **more: self._plug(host, **more), "unplug": self._unplug,
            **{name: self._of_router(name) for name in ROUTERS_OWN}}
        return self._answer(request, own)

    def admit(self, host: str, cards: dict[str, dict[str, str]]) -> None:
        """From now on a host has these cards: id → region, mac and address."""
        with self._lock:
            self._hosts[host] = cards

    @staticmethod
    def _answer(request: Request, operations: dict[str, Callable[..., Any]]) -> Request:
        operation = request.get("op")
        if not isinstance(operation, str) or operation not in operations:
            return {"error": f"{operation}: this can't be asked for here"}
        try:
            answer = operations[operation](**{name: value for name, value in request.items() if name != "op"})
        except (Failed, OSError) as error:
            return {"error": str(error)}
        except TypeError as error:
            return {"error": f"{operation}: {error}"}
        return answer._asdict() if isinstance(answer, Answer) else {}

    def _router(self, card: str) -> Router:
        with self._lock:
            if card not in self._routers:
                raise Failed(f"there is no router with the card {card}")
            return self._routers[card]

    def _of_router(self, name: str) -> Callable[..., Any]:
        return lambda card, **more: getattr(self._router(card), name)(**more)

    def _plug(self, host: str, card: str, cards: Any) -> None:
        """Make a router of some of a host's cards (name inside → id), of which one is `card`."""
        own = self._hosts[host]
        chosen = {values.text(name, values.CARD, "name of a card"): known for name, known in values.table(cards).items()}
        if not all(isinstance(known, str) and known in own for known in chosen.values()) or card not in chosen.values():
            raise Refused(f"these are not all cards of {host}: {', '.join(map(str, chosen.values()))}")
        with self._lock:
            # a start that was interrupted has left one
            for holder in [first for first, router in self._routers.items() if set(router.cards.values()) & set(chosen.values())]:
                self._remove(holder)
            region = own[card]["region"]
            if region not in self._internets:
                self._internets[region] = Internet(region, self._logs, self._elastic_ips)
            internet, space = self._internets[region], Namespace(host, self._logs)
            self._routers[card] = Router(space, internet, chosen)
            for inside, known in chosen.items():
                internet.attach({**own[known], "id": known}, inside, space)

    def _unplug(self, card: str) -> None:
        with self._lock:
            if card in self._routers:
                self._remove(card)

    def _remove(self, card: str) -> None:
        router = self._routers.pop(card)
        router.space.close()
        for each in router.cards.values():
            router.internet.detach(each)

    def _run(self, card: str, argv: list[str], stdin: str = "") -> Answer:
        return self._router(card).space.run(argv, stdin)

    def _disturb(self, card: str, kind: str) -> None:
        router = self._router(card)
        with self._lock:
            router.internet.disturb(card, kind)

    def _repair(self) -> None:
        with self._lock:
            for internet in self._internets.values():
                internet.repair()
