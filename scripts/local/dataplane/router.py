"""One container on the data plane: its namespaces, and what has been applied there.

What a router asks for is done to its end even where who asked is killed meanwhile, one thing after the other, and
starts from what is there and not from what the router believes.
"""

import threading
from typing import Any

from ..vyos.frr import Config
from ..vyos.machine import Answer, Failed
from . import boot, connections, interfaces, routing, tunnels, values
from . import words as checks
from .internet import Internet
from .namespace import Namespace

QUESTIONS = ("show ip bgp summary", "show ip route", "show ip route bgp")


class Router:
    """Known by its cards: name inside → id."""

    def __init__(self, space: Namespace, internet: Internet, cards: dict[str, str]) -> None:
        self.space = space
        self.internet = internet
        self.cards = cards
        self._lock = threading.Lock()
        self._has_booted = False
        self._connections: dict[str, connections.Tree] = {}
        # VTIs whose connections were refused in part.
        self._unsure: set[str] = set()
        self._routing: Config = {}

    def boot(self) -> None:
        """Start what runs on every router; what runs already is left alone."""
        with self._lock:
            if not self._has_booted:
                boot.boot(self.space)
                self._has_booted = True

    def interfaces(self, wanted: Any, route: Any) -> None:
        known = interfaces.checked(wanted, set(self.cards))
        routes = interfaces.default_route(route, set(known))
        with self._lock:
            # a charon that is started anew knows no connections
            kept = {vti for vti in interfaces.read(self.space) if vti in known and tunnels.is_whole(self.space, vti)}
            self._connections = {vti: tree for vti, tree in self._connections.items() if vti in kept}
            interfaces.apply(self.space, known, routes)

    def connections(self, vti: Any, release: Any, peers: Any, wanted: Any) -> None:
        """`peers` are the router's own address and the peer's, for each peer of a VTI."""
        vti, new = values.vti(vti), connections.checked(wanted, values.vti(vti), release)
        ends = [values.listed(peer, values.address) for peer in values.listed(peers, lambda each: each)]
        if any(len(end) != 2 for end in ends):
            raise values.Refused("a peer has two addresses")
        with self._lock:
            if not tunnels.is_whole(self.space, vti):
                raise Failed(f"there is no {vti}")
            old = self._connections.get(vti, {})
            if new == old and vti not in self._unsure:
                return
            self._unsure.add(vti)
            for local, peer in ends:
                tunnels.hand_down(self.space, vti, local, peer)
            connections.load(self.space, vti, new, old)
            self._connections[vti] = new
            self._unsure.discard(vti)

    def routing(self, wanted: Any) -> None:
        new = routing.checked(wanted)
        with self._lock:
            routing.load(self.space, new, self._routing)
            self._routing = new

    def links(self) -> Answer:
        with self._lock:
            return self.space.run(["ip", "-json", "addr", "show"])

    def swanctl(self, vti: Any, words: Any) -> Answer:
        """What a VTI's strongSwan says of its SAs or its connections, or does with them."""
        return tunnels.swanctl(self.space, values.vti(vti), *checks.swanctl(words))

    def logs(self) -> Answer:
        return self.space.run(["sh", "-c", tunnels.READ_LOGS])

    def routes(self, question: Any) -> Answer:
        if question not in QUESTIONS:
            raise values.Refused(f"{question!r} is no question that FRR is asked here")
        return self.space.run(["vtysh", "-c", question])

    def ping(self, arguments: Any) -> Answer:
        return self.space.run(["ping", *checks.ping(arguments)])
