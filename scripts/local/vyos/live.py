"""What the router's own daemons and its kernel say, for the show commands."""

import re
from typing import Any

from . import show_bgp, show_ike, show_ipsec, show_log, swanctl, tunnels
from .machine import OURS, Machine
from .model import Router
from .show_interfaces import Interface, format_interfaces
from .show_ipsec import Listed
from .tree import value

# A value may have blanks and equals signs in it (a distinguished name); the next key is in small letters.
TOKEN = re.compile(r"([^\s={}]+) \{|(\})|([^\s={}]+)=\[([^\]]*)\]|([^\s={}]+)=((?:(?! [a-z][-\w]*=| [^\s={}]+ \{)[^{}])*)|(\S+)")
# FRR 8 says these in the summary, FRR 7.5 of VyOS 1.3 does not.
NEWER = ((" (VRF default):", ":"), ("   PfxSnt Desc", "   PfxSnt"))
# Ten columns, the state perhaps of two words, and the description after them.
ROW = r"^(\S*[.:]\S* +4(?: +\S+){7} +(?:Idle \(\w+\)|\S+) +\S+) .*$"


class Live:
    """One router, asked now."""

    def __init__(self, machine: Machine, near: Router) -> None:
        self._machine = machine
        self._near = near

    def sa(self) -> str:
        sas, conns = self._ask("--list-sas"), self._ask("--list-conns") if self._near.is_old else []
        if conns is None or sas is None:
            return show_ipsec.not_running(self._near.is_old)
        return show_ipsec.sa(self._near.is_old, conns, sas)

    def connections(self) -> str:
        conns, sas = self._ask("--list-conns"), self._ask("--list-sas")
        return show_ipsec.no_connections(self._near.is_old) if conns is None or sas is None else show_ipsec.connections(conns, sas)

    def ike_sa(self) -> str:
        sas = self._ask("--list-sas")
        if sas is None:
            return "" if self._near.is_old else show_ike.not_running()
        return show_ike.old(self._near, sas) if self._near.is_old else show_ike.new(sas)

    def ipsec_log(self) -> str:
        return show_log.journal(show_log.read(self._machine.logs(), swanctl.shown(self._near)), self._near.is_old)

    def _ask(self, question: str) -> Listed | None:
        """What every VTI's strongSwan answers, by VyOS's names; None where one does not run, or none has to."""
        answers = [tunnels.swanctl(self._machine, vti, question, "--raw") for vti in self._near.vtis()]
        if not self._near.has_ipsec() or any(answer.status != 0 for answer in answers):
            return None
        shown = swanctl.shown(self._near)
        return [(shown.get(name, name), _renamed(found, shown)) for answer in answers for name, found in parse_raw(answer.out)]

    def bgp_summary(self) -> str:
        return older_summary(self._vtysh("show ip bgp summary"), self._near.version)

    def bgp_routes(self) -> str:
        return self._routes("show ip route bgp")

    def routes(self) -> str:
        return self._routes("show ip route")

    def _routes(self, command: str) -> str:
        routes = self._vtysh(command)
        return routes.replace(show_bgp.NEWER_CODES, "", 1) if self._near.is_old else routes

    def interfaces(self) -> str:
        configured, rows = self._near.interfaces(), []
        for name, link in ((link["ifname"], link) for link in self._machine.links() if link["ifname"].startswith(OURS)):
            up = "UP" in link["flags"]
            carries = link["operstate"] in ("UP", "UNKNOWN")
            state = "u/u" if up and carries else "u/D" if up else "A/D"
            mac = link.get("address", "n/a") if link["link_type"] in ("ether", "loopback") else "n/a"
            settings = configured.get(name, {})
            # a VTI's device is never larger than what fits into the tunnel, VyOS shows what is configured
            mtu = value(settings, "mtu") or "1500" if name.startswith("vti") else str(link["mtu"])
            rows.append(Interface(name, addresses(link) or ["-"], mac, mtu, state, value(settings, "description")))
        return format_interfaces(rows, self._near.is_old)

    def ping(self, arguments: list[str]) -> tuple[int, str, str]:
        return self._machine.ping(arguments)

    def _vtysh(self, command: str) -> str:
        answer = self._machine.routes(command)
        return answer.out + answer.err


def addresses(link: dict[str, Any]) -> list[str]:
    """An interface's addresses that are not link-local."""
    return [f"{a['local']}/{a['prefixlen']}" for a in link["addr_info"] if a["scope"] != "link"]


def _renamed(listed: dict[str, Any], shown: dict[str, str]) -> dict[str, Any]:
    """A connection's or an SA's children by VyOS's names."""
    if "children" in listed:
        return listed | {"children": {shown.get(name, name): child for name, child in listed["children"].items()}}
    children = {key: child | {"name": shown.get(child["name"], child["name"])} for key, child in listed["child-sas"].items()}
    return listed | {"child-sas": children}


def older_summary(text: str, version: str) -> str:
    """FRR 8's summary as 7.5 (1.3) and 10 (1.5) print it."""
    if version == "1.3":
        for new, old in NEWER:
            text = text.replace(new, old)
        # a description goes with its column
        return re.sub(ROW, r"\1", text, flags=re.MULTILINE)
    if version == "1.5":
        return text.replace(" (VRF default):", ":").replace(" vrf-id 0", " VRF default vrf-id 0", 1)
    return text


def parse_raw(text: str) -> list[tuple[str, dict[str, Any]]]:
    """The named sections of `swanctl --raw`, one for every line that holds one."""
    found: list[tuple[str, dict[str, Any]]] = []
    for line in text.splitlines():
        top: dict[str, Any] = {}
        stack = [top]
        for section, close, key, words, name, word, _ in TOKEN.findall(line):
            if section:
                stack.append(stack[-1].setdefault(section, {}))
            elif close:
                stack.pop()
            elif key:
                stack[-1][key] = words.split()
            elif name:
                stack[-1][name] = word
        found += [(name, below) for event, body in top.items() if event == "event" for name, below in body.items()]
    return found
