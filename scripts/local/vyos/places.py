"""Where a router's addresses are, found out once: a hub has hundreds of them."""

from ipaddress import IPv4Network, IPv6Network, ip_interface

from .model import Router


class Places:
    """The enabled interfaces of one router and their addresses."""

    def __init__(self, router: Router) -> None:
        self.enabled = frozenset(name for name, settings in router.interfaces().items() if "disable" not in settings)
        self.addresses = {name: router.addresses(name) for name in sorted(self.enabled)}
        self.by_address: dict[str, str] = {}
        for name, addresses in self.addresses.items():
            for address in addresses:
                self.by_address.setdefault(address.split("/")[0], name)
        self.vtis: list[tuple[IPv4Network | IPv6Network, str]] = [
            (ip_interface(address).network, name) for name, addresses in self.addresses.items() if name.startswith("vti")
            for address in addresses]
