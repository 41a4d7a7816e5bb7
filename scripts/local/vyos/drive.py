"""A committed configuration on the real kernel and daemons, whatever they have at this moment."""

from collections.abc import Callable
from ipaddress import ip_interface
from typing import Any

from . import frr, swanctl
from .machine import Failed, Machine
from .model import Router
from .tree import get, value


def drive(machine: Machine, new: Router) -> list[tuple[str, str]]:
    """Section and reason of everything that was refused; the rest is in force."""
    steps: list[tuple[str, Callable[[], None]]] = [
        ("interfaces", lambda: _interfaces(machine, new)),
        ("vpn", lambda: _connections(machine, new)),
        ("protocols", lambda: machine.routing(frr.render(new))),
    ]
    refused = []
    for section, step in steps:
        try:
            step()
        except Failed as failure:
            refused.append((section, str(failure)))
    return refused


def _interfaces(machine: Machine, router: Router) -> None:
    # a boot that was interrupted
    machine.boot()
    machine.interfaces({name: {"addresses": sorted({a for a in router.addresses(name) if a}), "up": router.is_up(name),
                               "mtu": int(value(settings, "mtu") or 0)}
                        for name, settings in router.interfaces().items()}, _default_route(router))


def _connections(machine: Machine, router: Router) -> None:
    for vti in router.vtis():
        peers = [peer for peer in router.peers() if peer.interface == vti and router.outside()]
        ends = [(router.outside() if peer.local_address == "any" else peer.local_address, peer.address) for peer in peers]
        machine.connections(vti, router.version, ends, swanctl.render(router, vti))


def _default_route(router: Router) -> dict[str, Any] | None:
    """The one that DHCP brings, as the VPC's does: its subnet's first address is the gateway."""
    for name, settings in router.interfaces().items():
        options = get(settings, "dhcp-options")
        if "dhcp" in get(settings, "address") and router.is_up(name) and "no-default-route" not in options:
            card = router.cards.get(name, {}).get("address")
            if card:
                return {"gateway": str(ip_interface(card).network.network_address + 1), "interface": name,
                        "metric": int(value(options, "default-route-distance") or "210")}
    return None
