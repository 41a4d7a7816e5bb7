"""Makes an accident happen: on a host, among a router's daemons, or on the wire between them."""

import subprocess
import sys
import time

from ..dataplane.operator import Workshop
from ..vyos import marks
from ..vyos.machine import Failed
from .faults import MISDEEDS, Accident
from .sandbox import Sandbox

SECONDS = 60
SETTLE_SECONDS = 10.0
ON_HOST = 'export PATH="$PATH:/snap/bin"; '


def machine_of(host: Sandbox) -> Workshop:
    """The namespaces of the container whose first card is the host's ens6."""
    return host.plane.machine(card_of(host))


def card_of(host: Sandbox) -> str:
    """The id of the host's ens6."""
    return host.cards["ens6"]["id"]


def settle(host: Sandbox) -> None:
    """Wait until the router has learnt a route: what breaks after phase 2 breaks a network that works."""
    deadline = time.monotonic() + SETTLE_SECONDS
    while "B>" not in machine_of(host).run("vtysh", "-c", "show ip route bgp").out and time.monotonic() < deadline:
        time.sleep(0.2)


def perform(accident: Accident, host: Sandbox) -> None:
    """One that can't happen (any more) says so in the log, and is no reason to stop."""
    try:
        is_real = host.plane.is_there
        if not is_real and accident.kind in marks.ALL:
            marks.put(host.wire, card_of(host), accident.kind)
            return
        if is_real and accident.place != "host" and accident.phase == "phase3":
            settle(host)
        if accident.place == "internet":
            machine_of(host).disturb(accident.what)
        elif accident.place == "router":
            machine_of(host).do("bash", "-c", (MISDEEDS / accident.what).read_text())
        else:
            subprocess.run(host.command(["/bin/bash", "-c", ON_HOST + accident.what], {}), stdin=subprocess.DEVNULL,
                           check=True, timeout=SECONDS)
    except (Failed, OSError, subprocess.SubprocessError) as error:
        print(f"accident at {accident.router}: {error}", file=sys.stderr, flush=True)
