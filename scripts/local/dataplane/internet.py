"""A region's internet: it carries packets between the hosts' cards and translates Elastic IPs 1:1."""

import json
from ipaddress import ip_interface
from itertools import count
from pathlib import Path

from ..vyos.machine import Failed
from .namespace import Namespace

LOSS_PERCENT = 30
# The largest IP packet of a path that takes less than it should. A tunnel's full size is 1,492 on the wire.
NARROW_BYTES = 1400
DISTURBANCES = ("link-down", "nat-gone", "packet-loss", "mtu")


class Internet:
    """One region's. Nothing leads from one to another."""

    def __init__(self, region: str, logs: Path, elastic_ips: Path) -> None:
        self._space = Namespace(f"internet-{region}", logs)
        self._space.do("sysctl", "-qw", "net.ipv4.ip_forward=1")
        # a VPC says nothing of what it can't deliver
        self._space.do("ip", "route", "add", "blackhole", "default")
        self._elastic_ips = elastic_ips
        self._numbers = count(1)
        self._wires: dict[str, tuple[str, str]] = {}
        self._disturbed: dict[str, set[str]] = {}

    def attach(self, card: dict[str, str], name: str, to: Namespace) -> None:
        """Give a namespace a card: a wire, with the subnet's gateway at this end."""
        wire, interface = f"wire{next(self._numbers)}", ip_interface(card["address"])
        mac = ["address", card["mac"]] if card["mac"] else []
        self._space.do("ip", "link", "add", wire, "type", "veth", "peer", "name", name, *mac, "netns", to.id)
        gateway = interface.network.network_address + 1
        self._space.do("ip", "-batch", "-", stdin=f"link set {wire} up\naddr add {gateway}/32 dev {wire}\n"
                                                  f"route add {interface.ip}/32 dev {wire}\n")
        # like a VPC, it also answers for the other hosts of the subnet
        self._space.do("sysctl", "-qw", f"net.ipv4.conf.{wire}.proxy_arp=1")
        self._wires[card["id"]] = (wire, str(interface.ip))
        self._translate()

    def detach(self, card: str) -> None:
        """The other end has gone with its namespace, or goes now; so does what was wrong with this one."""
        for cards in self._disturbed.values():
            cards.discard(card)
        if card in self._wires:
            self._space.run(["ip", "link", "del", self._wires.pop(card)[0]])
            self._translate()

    def disturb(self, card: str, kind: str) -> None:
        """Cut a card's wire, take its Elastic IP away, lose a part of its packets, or all that are large, which nobody
        is told."""
        if kind not in DISTURBANCES:
            raise Failed(f"there is no disturbance {kind}")
        self._disturbed.setdefault(kind, set()).add(card)
        if kind == "link-down":
            self._space.do("ip", "link", "set", self._wires[card][0], "down")
        self._translate()

    def repair(self) -> None:
        self._disturbed.clear()
        for wire, address in self._wires.values():
            self._space.do("ip", "link", "set", wire, "up")
            self._space.do("ip", "route", "replace", f"{address}/32", "dev", wire)
        self._translate()

    def close(self) -> None:
        self._space.close()

    def _translate(self) -> None:
        """Stateless, as an internet gateway does it: no connection outlives its Elastic IP."""
        inward, outward, lost = [], [], []
        cards = json.loads(self._elastic_ips.read_text()) if self._elastic_ips.exists() else {}
        for public, card in sorted(cards.items()):
            if card in self._wires and card not in self._disturbed.get("nat-gone", ()):
                private = self._wires[card][1]
                inward.append(f"ip daddr {public} ip daddr set {private}")
                outward.append(f"ip saddr {private} ip saddr set {public}")
        for card in self._disturbed.get("packet-loss", ()):
            if card in self._wires:
                wire = self._wires[card][0]
                lost += [f"{way} {wire} numgen random mod 100 < {LOSS_PERCENT} drop" for way in ("iifname", "oifname")]
        for card in self._disturbed.get("mtu", ()):
            if card in self._wires:
                wire = self._wires[card][0]
                lost += [f"{way} {wire} ip length > {NARROW_BYTES} drop" for way in ("iifname", "oifname")]
        chains = [("in", "prerouting priority -300", inward), ("lost", "forward priority 0", lost),
                  ("out", "postrouting priority 300", outward)]
        text = "".join(f"chain {name} {{ type filter hook {hook};\n" + "".join(f"{rule}\n" for rule in rules) + "}\n"
                       for name, hook, rules in chains)
        self._space.do("nft", "-f", "-", stdin=f"flush ruleset\ntable ip elastic {{\n{text}}}\n")
