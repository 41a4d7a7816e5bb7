"""From one committed configuration to the next, on the real kernel and daemons."""

from collections.abc import Callable

from . import daemons, kernel
from .machine import Failed, Machine
from .model import Router


def drive(machine: Machine, old: Router, new: Router) -> list[tuple[str, str]]:
    """Section and reason of everything that was refused; the rest is in force."""
    steps: list[tuple[str, Callable[[], None]]] = [
        ("interfaces", lambda: kernel.apply(machine, new)),
        ("vpn", lambda: daemons.load_vpn(machine, old, new)),
        ("protocols", lambda: daemons.load_routing(machine, old, new)),
    ]
    refused = []
    for section, step in steps:
        try:
            step()
        except Failed as failure:
            refused.append((section, str(failure)))
    return refused
