"""The router's interfaces in its real network namespace."""

import json
import time
from ipaddress import ip_interface
from typing import Any

from . import tunnels
from .machine import Failed, Machine
from .model import Router
from .tree import get, value

OURS = ("eth", "vti", "dum", "lo")
ZEBRA_SECONDS = 10.0


def read(machine: Machine) -> dict[str, dict[str, Any]]:
    """What `ip` says of every interface that VyOS would show."""
    found = json.loads(machine.do("ip", "-json", "addr", "show"))
    return {link["ifname"]: link for link in found if link["ifname"].startswith(OURS)}


def addresses(link: dict[str, Any]) -> list[str]:
    """Those that are not link-local."""
    return [f"{a['local']}/{a['prefixlen']}" for a in link["addr_info"] if a["scope"] != "link"]


def apply(machine: Machine, router: Router) -> None:
    """Give every interface the addresses and the state that are committed."""
    links = read(machine)
    wanted = router.interfaces()
    for name in [n for n in links if n.startswith("vti") and n not in wanted]:
        tunnels.remove(machine, name)
    for name in [n for n in tunnels.of(router) if n not in links]:
        tunnels.make(machine, name)
        _until_zebra_knows(machine, name)
    batch = [f"link del {name}" for name in links if name.startswith("dum") and name not in wanted]
    for name in wanted:
        if name not in links and name.startswith("dum"):
            batch.append(f"link add {name} type dummy")
        batch += _settings(router, name, links.get(name, {"addr_info": []}))
    batch += _default_route(router)
    machine.do("ip", "-batch", "-", stdin="\n".join(batch) + "\n")


def _until_zebra_knows(machine: Machine, name: str) -> None:
    """zebra hears of links and of addresses on two ways: an address that overtakes its link is lost
    to it, and then no BGP session comes up there."""
    deadline = time.monotonic() + ZEBRA_SECONDS
    while "index " not in machine.run("vtysh", "-d", "zebra", "-c", f"show interface {name}").out:
        if time.monotonic() > deadline:
            raise Failed(f"zebra did not notice {name} within {ZEBRA_SECONDS:.0f} s")
        time.sleep(0.02)


def _settings(router: Router, name: str, link: dict[str, Any]) -> list[str]:
    has = set(addresses(link))
    keeps = {"127.0.0.1/8", "::1/128"} if name == "lo" else set()
    wanted = {a for a in router.addresses(name) if a}
    lines = [f"addr del {a} dev {name}" for a in sorted(has - wanted - keeps)]
    lines += [f"addr add {a} dev {name}" for a in sorted(wanted - has)]
    mtu = value(get(router.interfaces(), name), "mtu")
    return [*lines, *([f"link set {name} mtu {mtu}"] if mtu else []),
            f"link set {name} {'up' if router.is_up(name) else 'down'}"]


def _default_route(router: Router) -> list[str]:
    """The one that DHCP brings, as the VPC's does: its subnet's first address is the gateway."""
    for name, settings in router.interfaces().items():
        options = get(settings, "dhcp-options")
        if "dhcp" in get(settings, "address") and router.is_up(name) and "no-default-route" not in options:
            card = router.cards.get(name, {}).get("address")
            if card:
                gateway = ip_interface(card).network.network_address + 1
                metric = value(options, "default-route-distance") or "210"
                return [f"route replace default via {gateway} dev {name} metric {metric}"]
    return []
