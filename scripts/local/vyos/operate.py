"""The programs that show what runs: the op-mode wrapper and ping."""

import sys
from typing import Callable

from . import ping as ping_program
from . import show_bgp, show_interfaces, show_ipsec, tree
from .box import Box
from .configure import answer
from .model import Router
from .network import World


def op_mode(box: Box, words: list[str]) -> int:
    """vyatta-op-cmd-wrapper: the show commands that exist in this release."""
    world, near = _view(box)
    commands: dict[str, Callable[[], str]] = {
        "show vpn ipsec sa": lambda: show_ipsec.sa(world, near),
        "show ip bgp summary": lambda: show_bgp.summary(world, near),
        "show ip route bgp": lambda: show_bgp.routes(world, near),
        "show interfaces": lambda: show_interfaces.interfaces(near),
        "show configuration": lambda: tree.render(box.grammar, near.tree).split("\n\n\n")[0] + "\n",
        "show version": lambda: f"Version:          VyOS {tree.RELEASES[box.version][0]} (simulated)\n",
    }
    if not near.is_old:
        commands["show vpn ipsec connections"] = lambda: show_ipsec.connections(world, near)
    if words[:1] == ["ping"]:
        return ping(box, words[1:])
    command = " ".join(words)
    if command not in commands:
        return answer(1, f"\n  Invalid command: [{command}]\n\n")
    return answer(0, commands[command]())


def ping(box: Box, arguments: list[str]) -> int:
    status, out, err = ping_program.ping(*_view(box), arguments)
    sys.stderr.write(err)
    return answer(status, out)


def _view(box: Box) -> tuple[World, Router]:
    world = World.read(box.root / "run/wire")
    near = Router({"version": box.version, "cards": box.cards(), **box.committed()})
    return world, world.routers.get(box.cards().get("eth0", {}).get("id", ""), near)


PROGRAMS: dict[str, Callable[[Box, list[str]], int]] = {"vyatta-op-cmd-wrapper": op_mode, "ping": ping}
