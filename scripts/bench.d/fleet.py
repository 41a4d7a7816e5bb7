"""Fleets of any size: their topology, what Systems Manager knows of them, what their commands print."""

from __future__ import annotations

import json
import random
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Tests" / "Integration"))

from fakes.router import SHOW_BGP, SHOW_INTERFACES, SHOW_ROUTES, SHOW_SA, Texts  # noqa: E402

# Whose answers phase 3's script prints; the shell's `*` puts them in order.
SHOWN = (("bgp-summary", SHOW_BGP), ("interfaces", SHOW_INTERFACES), ("ip-route-bgp", SHOW_ROUTES),
         ("ipsec-sa", SHOW_SA))


@dataclass(frozen=True)
class Router:
    name: str
    region: str
    role: str
    loopback: str
    asn: int
    vti: str
    instance_id: str
    eip: str
    private_ip: str


def standard() -> list[tuple[Router, Router]]:
    """The built-in network of four."""
    def router(name: str, region: str, loopback: str, vti: str, number: int) -> Router:
        role, asn = ("sdwan", 65001) if name.endswith("sdwan") else ("branch", 65002)
        return Router(name, region, role, loopback, asn, vti, f"i-{number:017x}", f"198.51.100.{number}", f"10.0.{number}.10")
    return [(router("nv-sdwan", "us-east-1", "10.255.0.1", "169.254.100.1", 1),
             router("nv-branch1", "us-east-1", "10.255.1.1", "169.254.100.2", 2)),
            (router("fra-sdwan", "eu-central-1", "10.255.10.1", "169.254.100.13", 3),
             router("fra-branch1", "eu-central-1", "10.255.11.1", "169.254.100.14", 4))]


def pairs(count: int) -> list[tuple[Router, Router]]:
    """Pairs of hub and branch, the regions by turns."""
    def router(number: int, side: int) -> Router:
        short, region = (("nv", "us-east-1"), ("fra", "eu-central-1"))[number % 2]
        role, asn = (("sdwan", 65001), ("branch", 65002))[side]
        high, low = divmod(number, 64)
        return Router(f"{short}-{'sb'[side]}{number}", region, role, f"10.{high}.{low}.{side + 1}", asn,
                      f"169.254.{high}.{4 * low + side + 1}", f"i-{number * 2 + side + 1:017x}",
                      f"198.{51 + side}.{high}.{low}", f"10.{100 + side}.{high}.{low}")
    return [(router(number, 0), router(number, 1)) for number in range(count)]


def topology(fleet: list[tuple[Router, Router]]) -> str:
    """As small as can be: region and ASN follow from name and role, and a variable holds 128 KiB at most."""
    routers = {one.name: {"role": one.role, "loopback": f"{one.loopback}/32"} for pair in fleet for one in pair}
    tunnels = [{"name": f"t{number}", "ends": [{"router": end.name, "vti": "vti0", "address": f"{end.vti}/30"}
                                               for end in pair]} for number, pair in enumerate(fleet)]
    return json.dumps({"routers": routers, "tunnels": tunnels}, separators=(",", ":"))


def durations(count: int, shortest: float, longest: float) -> list[float]:
    """Evenly from the longest to the shortest, so that fleets of any size compare; behind the first, the longest, in
    an order that is the same in every run."""
    others = [longest - (longest - shortest) * number / (count - 1) for number in range(1, count)]
    random.Random(count).shuffle(others)
    return [longest, *others]


def write(path: Path, fleet: list[tuple[Router, Router]], phase: str, seconds: list[float]) -> None:
    """The file that the Systems Manager of the benchmark reads."""
    lines = []
    for pair in fleet:
        for one, peer in (pair, pair[::-1]):
            output = _verified(one, peer) if phase == "phase3" else "sdwan: configuration committed\n"
            lines.append("\t".join((one.region, one.name, one.instance_id, one.eip, one.private_ip,
                                    f"{seconds[len(lines)]:.3f}", json.dumps(output))))
    path.write_text("\n".join(lines) + "\n")


def _verified(router: Router, peer: Router) -> str:
    """What phase 3's script prints on a healthy router."""
    texts = Texts("1.3", router, peer)
    answers = {name: texts.answers[command][0] for name, command in SHOWN}
    answers["ip-route-bgp"] = "\n".join(line for line in answers["ip-route-bgp"].splitlines() if line.startswith("B"))
    answers |= {f"ping-{address}": texts.ping(address)[0] for address in (peer.vti, peer.loopback, router.loopback)}
    answers[f"full-size-ping-{peer.vti}"] = texts.full_size_ping(peer.vti)[0]
    return "".join(f"=====[ {name} ]=====\n{text}\n=====[ end {name} 0 ]=====\n" for name, text in sorted(answers.items()))
