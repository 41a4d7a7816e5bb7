"""`ping` of iputils: its report and its exit status."""

import argparse

from .model import Router
from .network import World
from .tree import value

ROUND_TRIP_MS = 0.8
# IP and ICMP; what ping prints of an answer has no IP header.
HEADERS, ICMP = 28, 8
# ESP in UDP leaves 1,422 of 1,500 bytes: IP 20, UDP 8, ESP 8, the vector 16, the checksum 16, and the rest in whole
# blocks of 16 whose last two bytes are taken. A router knows that of its own tunnels.
TUNNEL_MTU = 1422
USAGE = "ping: usage error: Destination address required\n"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(add_help=False, exit_on_error=False)
    for flag, kind, usual in (("-c", int, 3), ("-W", float, 10.0), ("-w", float, 0.0), ("-i", float, 1.0), ("-I", str, ""),
                              ("-s", int, 56), ("-M", str, "want")):
        parser.add_argument(flag, type=kind, default=usual)
    parser.add_argument("-n", action="store_true")
    parser.add_argument("-q", action="store_true")
    parser.add_argument("target", nargs="?", default="")
    return parser


def ping(world: World, near: Router, arguments: list[str]) -> tuple[int, str, str]:
    """(exit status, stdout, stderr); the time it would take is printed, not waited for."""
    try:
        options, unknown = _parser().parse_known_args(arguments)
    except argparse.ArgumentError as error:
        return 2, "", f"ping: {error.message}\n"
    if unknown:
        return 2, "", f"ping: invalid option -- '{unknown[0].lstrip('-')}'\n"
    if not options.target:
        return 2, "", USAGE
    count, target, size = options.c, options.target, options.s + HEADERS
    lines, errors = [f"PING {target} ({target}) {options.s}({size}) bytes of data."], ""
    limit = _limit(world, near, target)
    too_long, answered = options.M == "do" and size > limit, False
    if too_long:
        word = "Message" if near.is_old else "message"
        errors = f"ping: local error: {word} too long, mtu={limit}\n" * count
    else:
        answered = world.answers(near, target, size)
    if answered:
        lines += [f"{options.s + ICMP} bytes from {target}: icmp_seq={n} ttl=64 time={ROUND_TRIP_MS} ms" for n in range(1, count + 1)]
    loss, received = (0, count) if answered else (100, 0)
    failed = f", +{count} errors" if too_long else ""
    # from the first packet to the last, whether or not they come back
    spent = (count - 1) * 2003 // 2 if answered else (count - 1) * 1020
    lines += ["", f"--- {target} ping statistics ---",
              f"{count} packets transmitted, {received} received{failed}, {loss}% packet loss, time {spent}ms"]
    lines.append("rtt min/avg/max/mdev = " + "/".join([f"{ROUND_TRIP_MS:.3f}"] * 3) + "/0.000 ms" if answered else "")
    return (0 if answered else 1), "\n".join(lines) + "\n", errors


def _limit(world: World, near: Router, target: str) -> int:
    """The largest packet that leaves the router towards an address in one piece."""
    name = world.way(near, target)
    configured = value(near.interfaces().get(name, {}), "mtu")
    return min(int(configured or "1500"), TUNNEL_MTU if name.startswith("vti") else 9001)
