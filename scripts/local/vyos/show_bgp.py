"""`show ip bgp summary` and `show ip route bgp`."""

from .model import Router
from .network import Session, World
from .table import clock_time

ROUTE_CODES = """\
Codes: K - kernel route, C - connected, S - static, R - RIP,
       O - OSPF, I - IS-IS, B - BGP, E - EIGRP, N - NHRP,
       T - Table, v - VNC, V - VNC-Direct, A - Babel, F - PBR,
       f - OpenFabric,
       > - selected route, * - FIB route, q - queued, r - rejected, b - backup
       t - trapped, o - offload failure

"""


def summary(world: World, near: Router) -> str:
    """One row a neighbor: its state, or the number of prefixes received."""
    bgp = near.bgp()
    if bgp is None:
        return "% BGP instance not found\n"
    sessions = world.sessions(near)
    if not sessions:
        return "% No BGP neighbors found\n"
    routes = world.routes(near)
    prefixes = len(world.announced(near)) + len(routes)
    title = "" if near.is_old else " (VRF default)"
    more = "" if near.is_old else " Desc"
    entries = max(2 * prefixes - 1, 0)
    lines = ["", f"IPv4 Unicast Summary{title}:",
             f"BGP router identifier {bgp.router_id}, local AS number {bgp.asn} vrf-id 0",
             f"BGP table version {prefixes}", f"RIB entries {entries}, using {entries * 192} bytes of memory",
             f"Peers {len(sessions)}, using {len(sessions) * 724} KiB of memory", "",
             f"Neighbor        V         AS   MsgRcvd   MsgSent   TblVer  InQ OutQ  Up/Down State/PfxRcd   PfxSnt{more}"]
    for session in sessions:
        received = sum(route.via == session.neighbor.address for route in routes)
        lines.append(_row(world, session, received, prefixes, near.is_old))
    lines += ["", f"Total number of neighbors {len(sessions)}"]
    return "\n".join(lines) + "\n"


def routes(world: World, near: Router) -> str:
    """The routes learnt by BGP; nothing at all where there is none."""
    learnt = world.routes(near)
    lines = [f"B>* {r.prefix} [20/0] via {r.via}, {r.interface}, weight 1, {clock_time(world.now - r.since)}\n" for r in learnt]
    return ROUTE_CODES + "".join(lines) if lines else ""


def _row(world: World, session: Session, received: int, prefixes: int, is_old: bool) -> str:
    up = session.far is not None
    age = world.now - session.since
    messages = 4 + int(age) // 60 if up else 0
    state = str(received) if up else session.state
    asn = session.neighbor.remote_as if session.neighbor.remote_as.isdigit() else "0"
    row = (f"{session.neighbor.address:<15} 4 {asn:>10} {messages:>9} {messages:>9} {0:>8} {0:>4} {0:>4} "
           f"{clock_time(age) if up else 'never':>8} {state:>12} {prefixes if up else 0:>8}")
    return row if is_old else row + " N/A"
