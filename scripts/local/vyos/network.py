"""The simulated network: who has a tunnel, a BGP session, a route, an answer to a ping.

Everything here follows from what both routers have committed and from the Elastic IPs;
nothing is remembered and nothing is assumed.
"""

import json
import time
from ipaddress import ip_address, ip_interface, ip_network
from pathlib import Path
from typing import NamedTuple

from .model import Bgp, Neighbor, Peer, Router

# How long the real daemons take from the second end's commit to an SA and to a session.
SA_SECONDS = 0.3
SESSION_SECONDS = 1.0


class Tunnel(NamedTuple):
    """An SA pair that is up."""

    peer: Peer
    far: Router
    far_peer: Peer
    since: float


class Session(NamedTuple):
    """A BGP neighbor as `show` has it; `far` is set once Established."""

    neighbor: Neighbor
    state: str
    since: float
    far: Router | None


class Route(NamedTuple):
    prefix: str
    via: str
    interface: str
    path: tuple[int, ...]
    since: float


class World:
    """The routers that run, by their outside card, and the Elastic IPs' 1:1 NAT.

    What is up between routers that don't change stays up, and is found out once: the routes of each branch are
    those of its hub, and so of all branches.
    """

    def __init__(self, routers: list[Router], elastic_ips: dict[str, str], now: float | None = None) -> None:
        self.routers = {r.id: r for r in routers}
        self.elastic_ips = elastic_ips
        self.now = time.time() if now is None else now
        self._public = {card: ip for ip, card in reversed(elastic_ips.items())}
        self._all_up: dict[str, list[Tunnel]] = {}
        self._all_established: dict[str, list[Session]] = {}
        self._interface_to: dict[tuple[str, str], str] = {}
        self._announced: dict[str, list[str]] = {}

    @classmethod
    def read(cls, wire: Path) -> "World":
        routers = [Router(json.loads(f.read_text())) for f in sorted(wire.glob("routers/[!.]*.json"))]
        nat = wire / "elastic-ips.json"
        return cls(routers, json.loads(nat.read_text()) if nat.exists() else {})

    def behind(self, public_address: str) -> Router | None:
        """The router whose outside card an Elastic IP is translated to, if it takes IKE there."""
        router = self.routers.get(self.elastic_ips.get(public_address, ""))
        if router is None or not router.outside():
            return None
        card = router.cards["eth0"]["address"].split("/")[0]
        return router if router.outside() == card else None

    def tunnel(self, near: Router, peer: Peer) -> Tunnel | None:
        """The tunnel of one connection, if it is up."""
        far = self.behind(peer.address)
        if far is None or far is near or self.public_address_of(near) is None:
            return None
        for other in far.peers():
            if self.behind(other.address) is near and _agree(near, peer, far, other):
                since = max(r.changed.get(s, 0.0) for r in (near, far) for s in ("vpn", "interfaces")) + SA_SECONDS
                return Tunnel(peer, far, other, since) if since <= self.now else None
        return None

    def public_address_of(self, router: Router) -> str | None:
        """The Elastic IP that a router's packets come from."""
        return self._public.get(router.id)

    def tunnels(self, near: Router) -> list[Tunnel]:
        if near.id in self._all_up:
            return self._all_up[near.id]
        found = [self.tunnel(near, peer) for peer in near.peers()]
        tunnels = [tunnel for tunnel in found if tunnel]
        if len(tunnels) == len(found):
            self._all_up[near.id] = tunnels
        return tunnels

    def sessions(self, near: Router) -> list[Session]:
        if near.id in self._all_established:
            return self._all_established[near.id]
        bgp = near.bgp()
        sessions = [self._session(near, bgp, n) for n in bgp.neighbors if n.ipv4] if bgp else []
        if all(session.far for session in sessions):
            self._all_established[near.id] = sessions
        return sessions

    def announced(self, router: Router) -> list[str]:
        """The `network` statements whose prefix the router really has."""
        if router.id not in self._announced:
            bgp = router.bgp()
            connected = {str(ip_interface(a).network) for name in router.interfaces() if router.is_up(name)
                         for a in router.addresses(name)}
            self._announced[router.id] = [n for n in bgp.networks if n in connected] if bgp else []
        return self._announced[router.id]

    def routes(self, near: Router, asked_by: frozenset[str] = frozenset()) -> list[Route]:
        """What a router learns by BGP; a path with its own AS in it is refused."""
        bgp = near.bgp()
        best: dict[str, Route] = {}
        for session in self.sessions(near):
            if bgp is None or session.far is None or session.far.id in asked_by:
                continue
            for prefix, path, since in self._offers(session.far, asked_by | {near.id}):
                route = Route(prefix, session.neighbor.address, self.interface_to(near, session.neighbor.address),
                              path, max(since, session.since))
                if bgp.asn not in path and (prefix not in best or len(path) < len(best[prefix].path)):
                    best[prefix] = route
        return sorted(best.values())

    def answers(self, near: Router, target: str) -> bool:
        """Whether a ping comes back."""
        if near.interface_of(target):
            return True
        hop = self._next_router(near, target)
        source = self._source(near, target)
        seen = {near.id}
        while hop is not None and hop.id not in seen:
            if hop.interface_of(target):
                return bool(source) and (self._next_router(hop, source) is not None)
            seen.add(hop.id)
            hop = self._next_router(hop, target)
        return False

    def interface_to(self, near: Router, address: str) -> str:
        """The enabled VTI in whose network an address lies."""
        if (near.id, address) not in self._interface_to:
            self._interface_to[near.id, address] = self._look_for_interface(near, address)
        return self._interface_to[near.id, address]

    def _look_for_interface(self, near: Router, address: str) -> str:
        for name in near.interfaces():
            if name.startswith("vti") and near.is_up(name):
                for own in near.addresses(name):
                    if ip_address(address) in ip_interface(own).network:
                        return name
        return ""

    def _session(self, near: Router, bgp: Bgp, neighbor: Neighbor) -> Session:
        interface = self.interface_to(near, neighbor.address)
        if not interface:
            return Session(neighbor, "Idle", 0.0, None)
        tunnel = next((t for t in self.tunnels(near) if t.peer.interface == interface), None)
        if tunnel is None:
            return Session(neighbor, "Connect", 0.0, None)
        far, other = tunnel.far, tunnel.far.bgp()
        mine = _source_address(near, neighbor, interface)
        if other is not None and mine:
            for back in other.neighbors:
                if back.address != mine or not back.ipv4:
                    continue
                theirs = _source_address(far, back, tunnel.far_peer.interface)
                since = max(tunnel.since, near.changed.get("protocols", 0.0), far.changed.get("protocols", 0.0)) + SESSION_SECONDS
                if (theirs == neighbor.address and _as_matches(neighbor.remote_as, bgp.asn, other.asn)
                        and _as_matches(back.remote_as, other.asn, bgp.asn)
                        and neighbor.password == back.password and since <= self.now):
                    return Session(neighbor, "Established", since, far)
        return Session(neighbor, "Active", 0.0, None)

    def _offers(self, router: Router, asked_by: frozenset[str]) -> list[tuple[str, tuple[int, ...], float]]:
        bgp = router.bgp()
        if bgp is None:
            return []
        own = [(prefix, (bgp.asn,), router.changed.get("protocols", 0.0)) for prefix in self.announced(router)]
        learnt = [(r.prefix, (bgp.asn, *r.path), r.since) for r in self.routes(router, asked_by)]
        return own + learnt

    def _next_router(self, near: Router, target: str) -> Router | None:
        interface = self.interface_to(near, target)
        if not interface:
            fitting = [r for r in self.routes(near) if ip_address(target) in ip_network(r.prefix)]
            interface = max(fitting, key=lambda r: ip_network(r.prefix).prefixlen).interface if fitting else ""
        return next((t.far for t in self.tunnels(near) if t.peer.interface == interface), None) if interface else None

    def _source(self, near: Router, target: str) -> str:
        interface = self.interface_to(near, target)
        if not interface:
            fitting = [r for r in self.routes(near) if ip_address(target) in ip_network(r.prefix)]
            interface = fitting[0].interface if fitting else ""
        return next((a.split("/")[0] for a in near.addresses(interface)), "")


class Worlds:
    """The world of the same routers again and again: a new one only where a router is new or another than before."""

    def __init__(self, elastic_ips: dict[str, str]) -> None:
        self._elastic_ips = elastic_ips
        self._routers: list[Router] = []
        self._world = World([], elastic_ips)

    def of(self, routers: list[Router]) -> World:
        if [*map(id, routers)] != [*map(id, self._routers)]:
            self._routers, self._world = routers, World(routers, self._elastic_ips)
        self._world.now = time.time()
        return self._world


def _agree(near: Router, peer: Peer, far: Router, other: Peer) -> bool:
    """Whether two ends' settings make an IKE SA and an ESP SA."""
    return (
        peer.local_address in (near.outside(), "any") and other.local_address in (far.outside(), "any")
        and peer.local_id == other.remote_id and other.local_id == peer.remote_id
        and bool(peer.secret) and peer.secret == other.secret
        and (peer.initiates or other.initiates)
        and (peer.key_exchange == other.key_exchange or "any" in (peer.key_exchange, other.key_exchange))
        and bool(peer.ike & other.ike) and bool(peer.esp & other.esp)
        and peer.esp_mode == other.esp_mode and peer.pfs == other.pfs
        and near.is_up(peer.interface) and far.is_up(other.interface)
    )


def _source_address(router: Router, neighbor: Neighbor, interface: str) -> str:
    """Where a BGP session comes from: update-source if the router has it, else the interface's address."""
    wanted = neighbor.update_source or interface
    if router.interface_of(wanted):
        return wanted
    return next((a.split("/")[0] for a in router.addresses(wanted)), "") if router.is_up(wanted) else ""


def _as_matches(wanted: str, own: int, theirs: int) -> bool:
    if wanted in ("external", "internal"):
        return (own != theirs) == (wanted == "external")
    return wanted == str(theirs)
