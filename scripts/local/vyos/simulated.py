"""What the simulated network shows, where there is no real one."""

from ipaddress import ip_interface

from . import charon, foreign, log, marks, show_bgp, show_ike, show_interfaces, show_ipsec, show_log
from .box import Box
from .model import Router
from .network import World
from .ping import ping
from .relations import Session
from .show_bgp import BgpRoute, ConnectedRoute, Neighbor, Summary
from .show_interfaces import Interface
from .tree import value


class Simulated:
    """One router in the simulation."""

    def __init__(self, world: World, near: Router) -> None:
        self._world = world
        self._near = near

    @classmethod
    def of(cls, box: Box, near: Router) -> "Simulated":
        """A sandboxed router: it is on the wire as soon as it has committed something."""
        world = World.read(box.wire)
        return cls(world, world.routers.get(box.cards().get("eth0", {}).get("id", ""), near))

    def sa(self) -> str:
        if not self._near.has_ipsec():
            return show_ipsec.not_running(self._near.is_old)
        return show_ipsec.sa(self._near.is_old, charon.conns(self._world, self._near), charon.sas(self._world, self._near))

    def connections(self) -> str:
        if not self._near.has_ipsec():
            return show_ipsec.no_connections(self._near.is_old)
        return show_ipsec.connections(charon.conns(self._world, self._near), charon.sas(self._world, self._near))

    def ike_sa(self) -> str:
        if not self._near.has_ipsec():
            return "" if self._near.is_old else show_ike.not_running()
        sas = charon.sas(self._world, self._near)
        return show_ike.old(self._near, sas) if self._near.is_old else show_ike.new(sas)

    def ipsec_log(self) -> str:
        return show_log.journal(log.of(self._world, self._near), self._near.is_old)

    def bgp_summary(self) -> str:
        bgp = self._near.bgp()
        if bgp is None:
            return show_bgp.NO_INSTANCE
        learnt = self._world.routes(self._near)
        prefixes = len(self._world.announced(self._near)) + len(learnt)
        neighbors = [self._neighbor(session, sum(r.via == session.neighbor.address for r in learnt), prefixes)
                     for session in self._world.sessions(self._near)]
        neighbors += foreign.NEIGHBORS if self._world.has(self._near, marks.FOREIGN) else []
        return show_bgp.summary(Summary(bgp.router_id, bgp.asn, prefixes, max(2 * prefixes - 1, 0), neighbors), self._near.version)

    def _neighbor(self, session: Session, received: int, prefixes: int) -> Neighbor:
        wanted = session.neighbor
        asn = wanted.remote_as if wanted.remote_as.isdigit() else "0"
        if session.far is None:
            return Neighbor(wanted.address, asn, 0, 0, None, session.state, "0", wanted.description)
        age = self._world.now - session.since
        sent = "0" if self._world.has(self._near, marks.SENDS_NOTHING) else str(prefixes)
        numbers = ("(Policy)", "(Policy)") if self._world.has(self._near, marks.POLICY) else (str(received), sent)
        messages = 4 + int(age) // 60
        return Neighbor(wanted.address, asn, messages, messages, age, *numbers, wanted.description)

    def bgp_routes(self) -> str:
        return show_bgp.routes(self._learnt(), self._near.version)

    def routes(self) -> str:
        age = self._world.now - self._near.changed.get("interfaces", self._world.now)
        connected = [ConnectedRoute(str(ip_interface(address).network), name, age)
                     for name in self._near.interfaces() if self._world.link_is_up(self._near, name)
                     for address in self._near.addresses(name) if "/" in address]
        return show_bgp.all_routes(self._learnt(), connected, self._near.version)

    def _learnt(self) -> list[BgpRoute]:
        return [BgpRoute(r.prefix, r.via, r.interface, self._world.now - r.since) for r in self._world.routes(self._near)]

    def interfaces(self) -> str:
        rows = [self._interface(name) for name in self._near.interfaces()]
        rows += foreign.INTERFACES if self._world.has(self._near, marks.FOREIGN) else []
        return show_interfaces.format_interfaces(rows, self._near.is_old)

    def _interface(self, name: str) -> Interface:
        settings, addresses = self._near.interfaces()[name], self._near.addresses(name)
        if name == "lo":
            addresses = ["127.0.0.1/8", *addresses, "::1/128"]
            mac, mtu = "00:00:00:00:00:00", "65536"
        else:
            mac, mtu = self._near.cards.get(name, {}).get("mac", "n/a"), "1500"
        state = "u/u" if self._world.link_is_up(self._near, name) else "A/D"
        return Interface(name, addresses or ["-"], mac, value(settings, "mtu") or mtu, state, value(settings, "description"))

    def ping(self, arguments: list[str]) -> tuple[int, str, str]:
        return ping(self._world, self._near, arguments)
