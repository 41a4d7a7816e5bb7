"""The simulated network: who has a tunnel, a BGP session, a route, an answer to a ping.

Everything here follows from what both routers have committed, from the Elastic IPs and from what is
wrong on purpose (marks.py); nothing is remembered and nothing is assumed.
"""

import json
import time
from ipaddress import ip_interface, ip_network
from pathlib import Path

from . import marks
from .agreement import Stage, agreement
from .marks import Marks
from .model import Bgp, Neighbor, Peer, Router
from .places import Networks, Places
from .relations import Meeting, Route, Session, Tunnel

# How long the real daemons take from the second end's commit to an SA and to a session.
SA_SECONDS = 0.3
SESSION_SECONDS = 1.0
# What FRR says of a neighbor that no connected route leads to.
NO_WAY = "Active"
# The largest packet, its IP header included, that still gets through where the path takes less than it should.
NARROW = 1300


class World:
    """The routers that run, by their outside card, and the Elastic IPs' 1:1 NAT.

    What is up between routers that don't change stays up, and is found out once: the routes of each branch are
    those of its hub, and so of all branches. Once the daemons have had their time nothing changes any more.
    """

    def __init__(self, routers: list[Router], elastic_ips: dict[str, str], now: float | None = None,
                 wrong: Marks | None = None) -> None:
        self.routers = {r.id: r for r in routers}
        self._wrong = wrong or {}
        self.elastic_ips = elastic_ips
        self.now = time.time() if now is None else now
        self._public = {card: ip for ip, card in reversed(elastic_ips.items())}
        self._known_places: dict[str, Places] = {}
        self._meetings: dict[tuple[str, str], Meeting] = {}
        self._peers_behind: dict[str, dict[str, list[Peer]]] = {}
        self._all_up: dict[str, list[Tunnel]] = {}
        self._up_at: dict[str, dict[str, Tunnel]] = {}
        self._all_established: dict[str, list[Session]] = {}
        self._interface_to: dict[tuple[str, str], str] = {}
        self._announced: dict[str, list[str]] = {}
        self._routes: dict[tuple[str, frozenset[str]], list[Route]] = {}
        self._ways: dict[str, Networks] = {}
        changes = [moment for router in routers for moment in router.changed.values()]
        self._settled_at = max(changes, default=0.0) + SA_SECONDS + SESSION_SECONDS

    @classmethod
    def read(cls, wire: Path) -> "World":
        found = [(file.parent.name, Router(json.loads(file.read_text()))) for file in sorted(wire.glob("cards/*/router.json"))]
        # a host can write into its own cards' folders only, and so is nobody else
        routers = [router for card, router in found if router.id == card]
        nat = wire / "elastic-ips.json"
        return cls(routers, json.loads(nat.read_text()) if nat.exists() else {}, wrong=marks.read(wire))

    def has(self, router: Router, mark: str) -> bool:
        """Whether something is wrong with a router on purpose."""
        return mark in self._wrong.get(router.id, ())

    def behind(self, public_address: str) -> Router | None:
        """The router whose outside card an Elastic IP is translated to, if it takes IKE there."""
        router = self.routers.get(self.elastic_ips.get(public_address, ""))
        outside = self._places(router).outside if router else ""
        return router if router and outside and outside == router.cards["eth0"]["address"].split("/")[0] else None

    def meet(self, near: Router, peer: Peer) -> Meeting:
        """How far a connection comes; of routers that don't change that is found out once."""
        known = self._meetings.get((near.id, peer.name))
        if known is None:
            known = self._meetings[near.id, peer.name] = self._meet(near, peer)
        return known

    def _meet(self, near: Router, peer: Peer) -> Meeting:
        far = self.behind(peer.address)
        is_own = peer.local_address in (self._places(near).outside, "any")
        if far is None or far is near or self.public_address_of(near) is None or not is_own:
            return Meeting(Stage.UNREACHABLE)
        return max((Meeting(agreement(peer, other), far, other) for other in self._towards(near, far)),
                   key=lambda meeting: meeting.stage, default=Meeting(Stage.UNKNOWN, far))

    def _towards(self, near: Router, far: Router) -> list[Peer]:
        """The far router's connections that lead to the near one."""
        if far.id not in self._peers_behind:
            places, found = self._places(far), dict[str, list[Peer]]()
            for peer in places.peers:
                other = self.behind(peer.address)
                if other is not None and peer.local_address in (places.outside, "any"):
                    found.setdefault(other.id, []).append(peer)
            self._peers_behind[far.id] = found
        return self._peers_behind[far.id].get(near.id, [])

    def tunnel(self, near: Router, peer: Peer) -> Tunnel | None:
        """The tunnel of one connection, if it is up."""
        stage, far, other = self.meet(near, peer)
        if stage is not Stage.UP or far is None or other is None:
            return None
        since = self.agreed(near, far) + SA_SECONDS
        return Tunnel(peer, far, other, since) if since <= self.now else None

    @staticmethod
    def agreed(near: Router, far: Router) -> float:
        """When the later of two ends was given its part of the tunnel."""
        return max(r.changed.get(s, 0.0) for r in (near, far) for s in ("vpn", "interfaces"))

    def public_address_of(self, router: Router) -> str | None:
        """The Elastic IP that a router's packets come from."""
        return self._public.get(router.id)

    def tunnels(self, near: Router) -> list[Tunnel]:
        if near.id in self._all_up:
            return self._all_up[near.id]
        found = [self.tunnel(near, peer) for peer in self._places(near).peers]
        tunnels = [tunnel for tunnel in found if tunnel]
        if len(tunnels) == len(found) or self._is_settled:
            self._all_up[near.id] = tunnels
        return tunnels

    @property
    def _is_settled(self) -> bool:
        return self.now >= self._settled_at

    def _tunnel_at(self, near: Router, interface: str) -> Tunnel | None:
        """The first tunnel that ends at an interface and is up."""
        up = self._up_at.get(near.id)
        if up is None:
            up = {}
            for tunnel in self.tunnels(near):
                up.setdefault(tunnel.peer.interface, tunnel)
            if near.id in self._all_up:
                self._up_at[near.id] = up
        return up.get(interface)

    def sessions(self, near: Router) -> list[Session]:
        if near.id in self._all_established:
            return self._all_established[near.id]
        bgp = self._places(near).bgp
        sessions = [self._session(near, bgp, n) for n in bgp.neighbors if n.ipv4] if bgp else []
        if all(session.far for session in sessions) or self._is_settled:
            self._all_established[near.id] = sessions
        return sessions

    def announced(self, router: Router) -> list[str]:
        """The `network` statements whose prefix the router really has."""
        if router.id not in self._announced:
            bgp = self._places(router).bgp
            connected = {str(ip_interface(a).network) for name, addresses in self._places(router).addresses.items()
                         if self.link_is_up(router, name) for a in addresses}
            found = [n for n in bgp.networks if n in connected] if bgp else []
            if len(self.tunnels(router)) < len(self._places(router).peers) and not self._is_settled:
                return found
            self._announced[router.id] = found
        return self._announced[router.id]

    def link_is_up(self, router: Router, name: str) -> bool:
        """Whether an interface is up; a VTI is only while it has an SA, for VyOS's hook raises and lowers it."""
        is_enabled = name in self._places(router).enabled
        if not is_enabled or not name.startswith("vti"):
            return is_enabled
        return not self.has(router, marks.STALE_VTI) and self._tunnel_at(router, name) is not None

    def interface_of(self, router: Router, address: str) -> str:
        """The interface with an address (without its prefix length) that is up."""
        name = self._places(router).by_address.get(address, "")
        return name if name and self.link_is_up(router, name) else ""

    def _places(self, router: Router) -> Places:
        if router.id not in self._known_places:
            self._known_places[router.id] = Places(router)
        return self._known_places[router.id]

    def routes(self, near: Router, asked_by: frozenset[str] = frozenset()) -> list[Route]:
        """What a router learns by BGP; a path with its own AS in it is refused."""
        known = self._routes.get((near.id, asked_by))
        if known is None:
            known = self._learn(near, asked_by)
            if self._is_settled:
                self._routes[near.id, asked_by] = known
        return known

    def _learn(self, near: Router, asked_by: frozenset[str]) -> list[Route]:
        bgp = self._places(near).bgp
        best: dict[str, Route] = {}
        if self.has(near, marks.POLICY):
            return []
        for session in self.sessions(near):
            if bgp is None or session.far is None or session.far.id in asked_by:
                continue
            for prefix, path, since in self._offers(session.far, asked_by | {near.id}):
                route = Route(prefix, session.neighbor.address, self.interface_to(near, session.neighbor.address),
                              path, max(since, session.since))
                if bgp.asn not in path and (prefix not in best or len(path) < len(best[prefix].path)):
                    best[prefix] = route
        return sorted(best.values())

    def answers(self, near: Router, target: str, size: int = 84) -> bool:
        """Whether a ping comes back; `size` is that of the packet, its IP header included."""
        if self.interface_of(near, target):
            return True
        hop = self._next_router(near, target)
        source = self._source(near, target)
        passed = [near]
        while hop is not None and hop not in passed:
            passed.append(hop)
            if self.interface_of(hop, target):
                is_narrow = any(self.has(router, marks.MTU) for router in passed)
                return bool(source) and self._next_router(hop, source) is not None and not (is_narrow and size > NARROW)
            hop = self._next_router(hop, target)
        return False

    def interface_to(self, near: Router, address: str) -> str:
        """The enabled VTI in whose network an address lies."""
        known = self._interface_to.get((near.id, address), "")
        if not known:
            known = self._look_for_interface(near, address)
            self._interface_to[near.id, address] = known
        return known

    def _look_for_interface(self, near: Router, address: str) -> str:
        fitting = self._places(near).vtis.around(address)
        return next((name for name in fitting if self.link_is_up(near, name)), "")

    def _session(self, near: Router, bgp: Bgp, neighbor: Neighbor) -> Session:
        interface = self.interface_to(near, neighbor.address)
        tunnel = self._tunnel_at(near, interface)
        if tunnel is None:
            return Session(neighbor, NO_WAY, 0.0, None)
        far, other = tunnel.far, self._places(tunnel.far).bgp
        mine = self._source_address(near, neighbor, interface)
        if other is not None and mine:
            for back in other.neighbors:
                if back.address != mine or not back.ipv4:
                    continue
                theirs = self._source_address(far, back, tunnel.far_peer.interface)
                since = max(tunnel.since, near.changed.get("protocols", 0.0), far.changed.get("protocols", 0.0)) + SESSION_SECONDS
                if (theirs == neighbor.address and _as_matches(neighbor.remote_as, bgp.asn, other.asn)
                        and _as_matches(back.remote_as, other.asn, bgp.asn)
                        and neighbor.password == back.password and since <= self.now):
                    return Session(neighbor, "Established", since, far)
        return Session(neighbor, "Active", 0.0, None)

    def _source_address(self, router: Router, neighbor: Neighbor, interface: str) -> str:
        """Where a BGP session comes from: update-source if the router has it, else the interface's address."""
        wanted = neighbor.update_source or interface
        if self.interface_of(router, wanted):
            return wanted
        return self._first_address(router, wanted) if self.link_is_up(router, wanted) else ""

    def _first_address(self, router: Router, interface: str) -> str:
        return next((a.split("/")[0] for a in self._places(router).addresses.get(interface, [])), "")

    def _offers(self, router: Router, asked_by: frozenset[str]) -> list[tuple[str, tuple[int, ...], float]]:
        bgp = self._places(router).bgp
        if bgp is None or self.has(router, marks.SENDS_NOTHING) or self.has(router, marks.POLICY):
            return []
        own = [(prefix, (bgp.asn,), router.changed.get("protocols", 0.0)) for prefix in self.announced(router)]
        learnt = [(r.prefix, (bgp.asn, *r.path), r.since) for r in self.routes(router, asked_by)]
        return own + learnt

    def way(self, near: Router, target: str) -> str:
        """The VTI by which a router reaches an address; empty where it has none."""
        interface = self.interface_to(near, target)
        if interface:
            return interface
        ways = self._ways.get(near.id)
        if ways is None:
            ways = Networks((ip_network(route.prefix), route.interface) for route in self.routes(near))
            if self._is_settled:
                self._ways[near.id] = ways
        return ways.closest(target)

    def _next_router(self, near: Router, target: str) -> Router | None:
        interface = self.way(near, target)
        tunnel = self._tunnel_at(near, interface) if interface else None
        return tunnel.far if tunnel else None

    def _source(self, near: Router, target: str) -> str:
        return self._first_address(near, self.way(near, target))


class Worlds:
    """The world of the same routers again and again: a new one only where a router is new or another than before,
    or where something else is wrong."""

    def __init__(self, elastic_ips: dict[str, str]) -> None:
        self._elastic_ips = elastic_ips
        self._routers: list[Router] = []
        self._wrong: Marks = {}
        self._world = World([], elastic_ips)

    def of(self, routers: list[Router], wrong: Marks | None = None) -> World:
        if [*map(id, routers)] != [*map(id, self._routers)] or (wrong or {}) != self._wrong:
            self._routers, self._wrong = routers, wrong or {}
            self._world = World(routers, self._elastic_ips, wrong=wrong)
        self._world.now = time.time()
        return self._world


def _as_matches(wanted: str, own: int, theirs: int) -> bool:
    if wanted in ("external", "internal"):
        return (own != theirs) == (wanted == "external")
    return wanted == str(theirs)
