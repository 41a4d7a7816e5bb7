"""What a router's configuration says, found out once: a hub has hundreds of addresses and peers."""

from collections.abc import Iterable
from functools import cached_property
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_interface, ip_network

from .model import Bgp, Peer, Router

Network = IPv4Network | IPv6Network


class Networks:
    """Names that belong to networks, found by an address in them."""

    def __init__(self, entries: Iterable[tuple[Network, str]]) -> None:
        self._names: dict[Network, list[tuple[int, str]]] = {}
        for place, (network, name) in enumerate(entries):
            self._names.setdefault(network, []).append((place, name))
        self._lengths = sorted({network.prefixlen for network in self._names}, reverse=True)

    def around(self, address: str) -> list[str]:
        """The names of all networks that hold an address, in the order in which they were given."""
        return [name for _, _, name in sorted(self._found(address), key=lambda found: found[1])]

    def closest(self, address: str) -> str:
        """The name of the longest of them; empty where there is none."""
        return next((name for _, _, name in self._found(address)), "")

    def _found(self, address: str) -> list[tuple[int, int, str]]:
        wanted = ip_address(address)
        return [(length, place, name) for length in self._lengths if length <= wanted.max_prefixlen
                for place, name in self._names.get(ip_network((wanted, length), strict=False), [])]


class Places:
    """The enabled interfaces of one router, their addresses, and whom it talks to."""

    def __init__(self, router: Router) -> None:
        self._router = router
        self.enabled = frozenset(name for name, settings in router.interfaces().items() if "disable" not in settings)
        self.addresses = {name: router.addresses(name) for name in sorted(self.enabled)}
        self.by_address: dict[str, str] = {}
        for name, addresses in self.addresses.items():
            for address in addresses:
                self.by_address.setdefault(address.split("/")[0], name)
        self.vtis = Networks((ip_interface(address).network, name) for name, addresses in self.addresses.items()
                             if name.startswith("vti") for address in addresses)
        self.outside = router.outside()

    @cached_property
    def peers(self) -> list[Peer]:
        return self._router.peers()

    @cached_property
    def bgp(self) -> Bgp | None:
        return self._router.bgp()
