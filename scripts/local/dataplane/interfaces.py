"""A router's interfaces in its real network namespace."""

import json
import time
from typing import Any, NamedTuple

from ..vyos.machine import OURS, Failed
from . import tunnels, values
from .namespace import Namespace
from .values import Refused

ZEBRA_SECONDS = 10.0
# For the hook that raises a VTI.
DISABLED = 'rm -f /run/own/*.disabled; for name in "$@"; do : >"/run/own/$name.disabled"; done'
LOOPBACKS = {"127.0.0.1/8", "::1/128"}


class Wanted(NamedTuple):
    """What is configured for one interface; `mtu` is 0 where nothing is."""

    addresses: list[str]
    mtu: int
    is_up: bool


def checked(wanted: Any, cards: set[str]) -> dict[str, Wanted]:
    """What a router says about its interfaces. Raises Refused."""
    found = {}
    for name, settings in values.table(wanted).items():
        if name not in cards and not values.MADE.fullmatch(name):
            raise Refused(f"{name!r} is no interface that exists here")
        settings = values.table(settings)
        found[name] = Wanted(values.listed(settings.get("addresses"), values.interface_address),
                             values.number(settings.get("mtu"), values.MOST_MTU, "MTU"), values.flag(settings.get("up")))
    return found


def default_route(route: Any, names: set[str]) -> list[str]:
    """The route that DHCP brings, as lines for `ip`; none where there is none."""
    if route is None:
        return []
    route = values.table(route)
    if route.get("interface") not in names:
        raise Refused(f"{route.get('interface')!r} is none of the router's interfaces")
    metric = values.number(route.get("metric"), values.MOST_METRIC, "metric")
    return [f"route replace default via {values.address(route.get('gateway'))} dev {route['interface']} metric {metric}"]


def read(space: Namespace) -> dict[str, dict[str, Any]]:
    """What `ip` says of every interface that VyOS would show."""
    found = json.loads(space.do("ip", "-json", "addr", "show"))
    return {link["ifname"]: link for link in found if link["ifname"].startswith(OURS)}


def apply(space: Namespace, wanted: dict[str, Wanted], routes: list[str]) -> None:
    """Give every interface the addresses and the state that are committed, whatever they are now."""
    links = read(space)
    for name in [n for n in links if values.VTI.fullmatch(n) and n not in wanted]:
        tunnels.remove(space, name)
    for name in [n for n in wanted if values.VTI.fullmatch(n)]:
        if name not in links or not tunnels.is_whole(space, name):
            links.pop(name, None)
            tunnels.make(space, name)
            _until_zebra_knows(space, name)
    batch = [f"link del {name}" for name in links if name.startswith("dum") and name not in wanted]
    for name, settings in wanted.items():
        if name not in links and name.startswith("dum"):
            batch.append(f"link add {name} type dummy")
        batch += _settings(name, settings, links.get(name, {"addr_info": []}))
    disabled = [name for name, settings in wanted.items() if name.startswith("vti") and not settings.is_up]
    space.script(DISABLED, *disabled)
    space.do("ip", "-batch", "-", stdin="\n".join([*batch, *routes]) + "\n")


def _until_zebra_knows(space: Namespace, name: str) -> None:
    """zebra hears of links and of addresses on two ways: an address that overtakes its link is lost
    to it, and then no BGP session comes up there."""
    deadline = time.monotonic() + ZEBRA_SECONDS
    while "index " not in space.run(["vtysh", "-d", "zebra", "-c", f"show interface {name}"]).out:
        if time.monotonic() > deadline:
            raise Failed(f"zebra did not notice {name} within {ZEBRA_SECONDS:.0f} s")
        time.sleep(0.02)


def _settings(name: str, wanted: Wanted, link: dict[str, Any]) -> list[str]:
    has = {f"{a['local']}/{a['prefixlen']}" for a in link["addr_info"] if a["scope"] != "link"}
    keeps = LOOPBACKS if name == "lo" else set()
    lines = [f"addr del {a} dev {name}" for a in sorted(has - set(wanted.addresses) - keeps)]
    lines += [f"addr add {a} dev {name}" for a in sorted(set(wanted.addresses) - has)]
    if name.startswith("vti"):
        # the kernel's own ESP would refuse what does not fit into the tunnel; only a hook raises a VTI
        lines.append(f"link set {name} mtu {min(wanted.mtu or 1500, tunnels.TUNNEL_MTU)}")
        return lines if wanted.is_up else [*lines, f"link set {name} down"]
    return [*lines, *([f"link set {name} mtu {wanted.mtu}"] if wanted.mtu else []),
            f"link set {name} {'up' if wanted.is_up else 'down'}"]
