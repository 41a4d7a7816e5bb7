"""What the router's own daemons and its kernel say, for the show commands."""

import re
from collections.abc import Iterator
from typing import Any

from . import kernel, swanctl, tunnels
from .machine import Machine
from .model import Router
from .show_interfaces import Interface, format_interfaces
from .show_ipsec import Association, Connection, format_connections, format_sa, not_running
from .tree import value

TOKEN = re.compile(r"([^\s={}]+) \{|(\})|([^\s={}]+)=\[([^\]]*)\]|([^\s={}]+)=([^\s{}]*)|(\S+)")
# FRR 8 says these in the summary, FRR 7.5 of VyOS 1.3 does not.
NEWER = ((" (VRF default):", ":"), ("   PfxSnt Desc", "   PfxSnt"))


class Live:
    """One router, asked now."""

    def __init__(self, machine: Machine, near: Router) -> None:
        self._machine = machine
        self._near = near

    def sa(self) -> str:
        sas = self._ask("--list-sas")
        return not_running(self._near.is_old) if sas is None else format_sa(list(self._associations(sas)))

    def connections(self) -> str:
        loaded, sas = self._ask("--list-conns"), self._ask("--list-sas")
        if loaded is None or sas is None:
            return not_running(self._near.is_old)
        return format_connections([_connection(name, conn, sas) for name, conn in loaded])

    def _ask(self, question: str) -> list[tuple[str, dict[str, Any]]] | None:
        """What every VTI's strongSwan answers; None where one does not run, or none has to."""
        answers = [tunnels.swanctl(self._machine, vti, question, "--raw") for vti in tunnels.of(self._near)]
        if not self._near.has_ipsec() or any(answer.status != 0 for answer in answers):
            return None
        return [found for answer in answers for found in parse_raw(answer.out)]

    def bgp_summary(self) -> str:
        text = self._vtysh("show ip bgp summary")
        if self._near.is_old:
            for new, old in NEWER:
                text = text.replace(new, old)
            text = re.sub(r"^(\d+\..*\S) N/A$", r"\1", text, flags=re.MULTILINE)
        return text

    def bgp_routes(self) -> str:
        return self._vtysh("show ip route bgp")

    def interfaces(self) -> str:
        configured, rows = self._near.interfaces(), []
        for name, link in sorted(kernel.read(self._machine).items()):
            up = "UP" in link["flags"]
            carries = link["operstate"] in ("UP", "UNKNOWN")
            state = "u/u" if up and carries else "u/D" if up else "A/D"
            mac = link.get("address", "n/a") if link["link_type"] in ("ether", "loopback") else "n/a"
            rows.append(Interface(name, kernel.addresses(link) or ["-"], mac, str(link["mtu"]), state,
                                  value(configured.get(name, {}), "description")))
        return format_interfaces(rows, self._near.is_old)

    def ping(self, arguments: list[str]) -> tuple[int, str, str]:
        return self._machine.run("ping", *arguments)

    def _vtysh(self, command: str) -> str:
        answer = self._machine.run("vtysh", "-c", command)
        return answer.out + answer.err

    def _associations(self, sas: list[tuple[str, dict[str, Any]]]) -> Iterator[Association]:
        """Every child; on 1.3 the last of a name, and a row without any for an IKE SA that has none."""
        shown_as = swanctl.shown(self._near)
        for name, sa in sas:
            children = list(sa["child-sas"].values())
            installed = [c for c in children if c["state"] == "INSTALLED"]
            if self._near.is_old:
                shown = list({c["name"]: c for c in installed}.values())
                if not shown:
                    yield Association(shown_as.get(name, name), False)
            else:
                shown = children
            for child in shown:
                yield Association(
                    shown_as.get(child["name"], child["name"]), child["state"] == "INSTALLED", int(child.get("install-time", 0)),
                    int(child.get("bytes-in", 0)), int(child.get("bytes-out", 0)),
                    int(child.get("packets-in", 0)), int(child.get("packets-out", 0)),
                    sa.get("remote-host", ""), sa.get("remote-id", ""), _algorithms(child))


def _algorithms(child: dict[str, Any]) -> str:
    cipher = f"{child['encr-alg']}_{child['encr-keysize']}" if "encr-keysize" in child else child.get("encr-alg", "")
    return "/".join(part for part in (cipher, child.get("integ-alg", ""), child.get("dh-group", "")) if part)


def _connection(name: str, conn: dict[str, Any], sas: list[tuple[str, dict[str, Any]]]) -> Connection:
    ike = next((sa for found, sa in sas if found == name and sa["state"] == "ESTABLISHED"), None)
    child_name, child_conn = next(iter(conn["children"].items()))
    child = next((c for found, sa in sas if found == name for c in sa["child-sas"].values()
                  if c["name"] == child_name and c["state"] == "INSTALLED"), None)
    return Connection(
        name, child_name, ike is not None, child is not None, conn["version"],
        " ".join(conn["remote_addrs"]), conn["local-1"]["id"], conn["remote-1"]["id"],
        child_conn["local-ts"], child_conn["remote-ts"],
        _slashes(ike, "dh-group") if ike else "-", _slashes(child, "dh-group") + ("" if "dh-group" in child else "/None") if child else "-")


def _slashes(sa: dict[str, Any], last: str) -> str:
    return "/".join(sa[part] for part in ("encr-alg", "encr-keysize", "integ-alg", last) if part in sa)


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
