"""Addresses that are given away once."""

import threading
from collections.abc import Iterator
from ipaddress import IPv4Address, ip_network
from itertools import islice

# The first ones are nobody's: a subnet's router and name server are among them.
KEPT = 10


class Addresses:
    """Gives each address of a network to one who asks, in their order; threads may ask at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._free: dict[str, Iterator[IPv4Address]] = {}

    def take(self, network: str) -> str:
        """The next free one of a network like 10.0.0.0/24; raises LookupError when there is none."""
        with self._lock:
            if network not in self._free:
                self._free[network] = islice(ip_network(network).hosts(), KEPT, None)
            address = next(self._free[network], None)
        if address is None:
            raise LookupError(f"{network} has no free address")
        return str(address)
