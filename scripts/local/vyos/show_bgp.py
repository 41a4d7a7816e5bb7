"""`show ip bgp summary`, `show ip route bgp` and `show ip route`, as the FRR of each release of VyOS prints them."""

from ipaddress import ip_network
from typing import NamedTuple

from .table import clock_time

# 1.3 has FRR 7.5, 1.4 8.5 or 9.1, 1.5 10.
ROUTE_CODES = """\
Codes: K - kernel route, C - connected, S - static, R - RIP,
       O - OSPF, I - IS-IS, B - BGP, E - EIGRP, N - NHRP,
       T - Table, v - VNC, V - VNC-Direct, A - Babel, F - PBR,
       f - OpenFabric,
       > - selected route, * - FIB route, q - queued, r - rejected, b - backup
"""
NEWER_CODES = "       t - trapped, o - offload failure\n"
NARROWEST = 16


class Neighbor(NamedTuple):
    """A row of the summary: `received` is its number of prefixes or what stands there in its place."""

    address: str
    asn: str
    heard: int
    said: int
    # Seconds since it came up or went down; None where it never was up.
    seconds: float | None
    received: str
    sent: str
    description: str = ""
    table_version: int = 0


class Summary(NamedTuple):
    """The IPv4 unicast neighbors of a router."""

    router_id: str
    asn: int
    table_version: int
    entries: int
    neighbors: list[Neighbor]


class BgpRoute(NamedTuple):
    prefix: str
    via: str
    interface: str
    seconds: float


NO_INSTANCE = "% BGP instance not found\n"
NO_NEIGHBORS = "% No BGP neighbors found\n"


def summary(shown: Summary, version: str) -> str:
    if not shown.neighbors:
        return NO_NEIGHBORS
    is_old, peers = version == "1.3", len(shown.neighbors)
    title = " (VRF default)" if version == "1.4" else ""
    vrf = "VRF default " if version == "1.5" else ""
    width = max([NARROWEST, *(len(neighbor.address) + 1 for neighbor in shown.neighbors)])
    lines = ["", f"IPv4 Unicast Summary{title}:",
             f"BGP router identifier {shown.router_id}, local AS number {shown.asn} {vrf}vrf-id 0",
             f"BGP table version {shown.table_version}", f"RIB entries {shown.entries}, using {shown.entries * 192} bytes of memory",
             f"Peers {peers}, using {peers * 724} KiB of memory", "",
             f"{'Neighbor':<{width}}V         AS   MsgRcvd   MsgSent   TblVer  InQ OutQ  Up/Down State/PfxRcd   PfxSnt"
             + ("" if is_old else " Desc")]
    lines += [_row(neighbor, width, is_old) for neighbor in shown.neighbors]
    return "\n".join([*lines, "", f"Total number of neighbors {peers}"]) + "\n"


def _row(n: Neighbor, width: int, is_old: bool) -> str:
    age = "never" if n.seconds is None else clock_time(n.seconds)
    row = (f"{n.address:<{width}}4 {n.asn:>10} {n.heard:>9} {n.said:>9} {n.table_version:>8} {0:>4} {0:>4} {age:>8} "
           f"{n.received:>12} {n.sent:>8}")
    return row if is_old else f"{row} {_cut(n.description) if n.description else 'N/A'}"


def _cut(text: str) -> str:
    """A description's words that fit into 20 characters."""
    return text if len(text) < 20 else text[:20].rpartition(" ")[0]


class ConnectedRoute(NamedTuple):
    prefix: str
    interface: str
    seconds: float


def all_routes(learnt: list[BgpRoute], connected: list[ConnectedRoute], version: str) -> str:
    """Both kinds, by their prefixes."""
    found = [(ip_network(r.prefix), _learnt(r)) for r in learnt]
    found += [(ip_network(r.prefix), f"C>* {r.prefix} is directly connected, {r.interface}, {clock_time(r.seconds)}\n") for r in connected]
    lines = [line for _, line in sorted(found)]
    return ROUTE_CODES + ("" if version == "1.3" else NEWER_CODES) + "\n" + "".join(lines)


def _learnt(route: BgpRoute) -> str:
    return f"B>* {route.prefix} [20/0] via {route.via}, {route.interface}, weight 1, {clock_time(route.seconds)}\n"


def routes(learnt: list[BgpRoute], version: str) -> str:
    """The routes learnt by BGP; nothing at all where there is none."""
    lines = [_learnt(route) for route in learnt]
    return ROUTE_CODES + ("" if version == "1.3" else NEWER_CODES) + "\n" + "".join(lines) if lines else ""
