"""The programs that show what runs: the op-mode wrapper and ping."""

import sys
from collections.abc import Callable
from typing import Protocol

from . import tree
from .box import Box
from .configure import answer
from .live import Live
from .machine import Failed
from .show_ipsec import NOT_INITIALIZED
from .simulated import Simulated


class View(Protocol):
    """What the show commands want to know: of real daemons or of the simulation."""

    def sa(self) -> str: ...
    def connections(self) -> str: ...
    def ike_sa(self) -> str: ...
    def ipsec_log(self) -> str: ...
    def bgp_summary(self) -> str: ...
    def bgp_routes(self) -> str: ...
    def routes(self) -> str: ...
    def interfaces(self) -> str: ...
    def ping(self, arguments: list[str]) -> tuple[int, str, str]: ...


def op_mode(box: Box, words: list[str]) -> int:
    """vyatta-op-cmd-wrapper: the show commands that exist in this release."""
    view = _view(box)
    commands: dict[str, Callable[[], str]] = {
        "show vpn ipsec sa": view.sa,
        "show vpn ipsec connections": view.connections,
        "show vpn ike sa": view.ike_sa,
        "show ip bgp summary": view.bgp_summary,
        "show ip route bgp": view.bgp_routes,
        "show ip route": view.routes,
        # Of the whole log there is only what the IPsec daemon has written.
        "show log": view.ipsec_log,
        "show interfaces": view.interfaces,
        "show configuration": lambda: tree.render(box.grammar, box.committed()["tree"]).split("\n\n\n")[0] + "\n",
        "show configuration commands": lambda: tree.commands(box.grammar.root, box.committed()["tree"]),
        "show version": lambda: f"Version:          VyOS {tree.RELEASES[box.version][0]} (a stand-in)\n",
    }
    commands["show log vpn ipsec" if box.version == "1.3" else "show log ipsec"] = view.ipsec_log
    if words[:1] == ["ping"]:
        return ping(box, words[1:])
    command = " ".join(words)
    if command not in commands:
        return answer(1, f"\n  Invalid command: [{command}]\n\n")
    try:
        text = commands[command]()
        return answer(1 if text == NOT_INITIALIZED else 0, text)
    except Failed as failure:
        return answer(1, f"{failure}\n")


def ping(box: Box, arguments: list[str]) -> int:
    try:
        status, out, err = _view(box).ping(arguments)
    except Failed as failure:
        status, out, err = 2, "", f"ping: {failure}\n"
    sys.stderr.write(err)
    return answer(status, out)


def _view(box: Box) -> View:
    near = box.router(box.committed()["tree"])
    machine = box.machine()
    return Live(machine, near) if machine else Simulated.of(box, near)


PROGRAMS: dict[str, Callable[[Box, list[str]], int]] = {"vyatta-op-cmd-wrapper": op_mode, "ping": ping}
