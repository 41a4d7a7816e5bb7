"""swanctl inside the router, for the tunnels that VyOS has named: each VTI has a strongSwan of its own here."""

import argparse
import sys
from collections.abc import Callable

from . import swanctl, tunnels
from .box import Box
from .configure import answer
from .machine import Failed
from .model import Peer, Router
from .network import World


def real_names(router: Router, peer: Peer) -> tuple[str, str]:
    """What VyOS calls a peer's connection and its child."""
    old = f"peer-{peer.name}-tunnel-vti"
    return (old, old) if router.is_old else (peer.name, f"{peer.name}-vti")


def control(box: Box, arguments: list[str]) -> int:
    """--list-sas --raw --ike NAME, --initiate --child NAME --timeout N, --terminate --ike NAME --force --timeout N"""
    parser = argparse.ArgumentParser("swanctl")
    for flag in ("--list-sas", "--raw", "--initiate", "--terminate", "--force"):
        parser.add_argument(flag, action="store_true")
    for option in ("--ike", "--child", "--timeout"):
        parser.add_argument(option, default="")
    asked = parser.parse_args(arguments)
    router = box.router(box.committed()["tree"])
    peer = next((p for p in router.peers() if (asked.ike or None, asked.child or None) in (
        (real_names(router, p)[0], None), (None, real_names(router, p)[1]))), None)
    if peer is None:
        return 0 if asked.list_sas else answer(22, "no matching connection found\n")
    machine = box.machine()
    if machine is None:
        return _simulated(box, router, peer, asked.list_sas)
    connection, child = swanctl.names(router, peer.name)
    own = {real_names(router, peer)[0]: connection} if asked.ike else {real_names(router, peer)[1]: child}
    try:
        done = tunnels.swanctl(machine, peer.interface, *(own.get(word, word) for word in arguments))
    except Failed as failure:
        return answer(1, f"{failure}\n")
    sys.stderr.write(done.err)
    return answer(done.status, done.out)


def _simulated(box: Box, router: Router, peer: Peer, lists: bool) -> int:
    """There a tunnel is up as soon as both ends let it be."""
    is_up = World.read(box.wire).tunnel(router, peer) is not None
    return answer(0, "state=INSTALLED\n" if is_up else "") if lists else 0 if is_up else 1


PROGRAMS: dict[str, Callable[[Box, list[str]], int]] = {"swanctl": control}
