"""What the simulated network shows, where there is no real one."""

from . import show_bgp, show_interfaces, show_ipsec
from .box import Box
from .model import Router
from .network import World
from .ping import ping


class Simulated:
    """One router in the simulation."""

    def __init__(self, box: Box, near: Router) -> None:
        self._world = World.read(box.wire)
        self._near = self._world.routers.get(box.cards().get("eth0", {}).get("id", ""), near)

    def sa(self) -> str:
        return show_ipsec.sa(self._world, self._near)

    def connections(self) -> str:
        return show_ipsec.connections(self._world, self._near)

    def bgp_summary(self) -> str:
        return show_bgp.summary(self._world, self._near)

    def bgp_routes(self) -> str:
        return show_bgp.routes(self._world, self._near)

    def interfaces(self) -> str:
        return show_interfaces.interfaces(self._near)

    def ping(self, arguments: list[str]) -> tuple[int, str, str]:
        return ping(self._world, self._near, arguments)
