"""A look at a kept run's network as it is now: every tunnel is pinged through. It changes nothing, and asks no function."""

import concurrent.futures
import re
import shlex
import subprocess
from typing import Any

from .. import handle
from ..fleet.accidents import ON_HOST
from ..kept import Kept

# A tunnel that takes longer than this is down for whoever looks.
SECONDS = 10.0
PINGS = 3
LOSS = re.compile(r"(\d+) packets transmitted, (\d+) (?:packets )?received")
ROUND_TRIP = re.compile(r"rtt min/avg/max/mdev = [\d.]+/([\d.]+)/")

Result = dict[str, Any]


def tunnels_of(topology: dict[str, Any]) -> dict[str, list[tuple[str, str]]]:
    """Whom each router pings, as (peer, its address in the tunnel): every tunnel once, from its branch."""
    wanted: dict[str, list[tuple[str, str]]] = {}
    for tunnel in topology["tunnels"]:
        near, far = tunnel["ends"]
        if topology["routers"][near["router"]]["role"] == "sdwan":
            near, far = far, near
        wanted.setdefault(near["router"], []).append((far["router"], far["address"].partition("/")[0]))
    return wanted


def command(addresses: list[str]) -> str:
    """Pings side by side in a router; each one's report comes in one piece."""
    one = f"lxc exec router -- ping -c {PINGS} -i 0.2 -W 1 "
    pings = [f"{{ report=$({one}{shlex.quote(address)} 2>&1); printf '=== %s\\n%s\\n' {shlex.quote(address)} \"$report\"; }} &"
             for address in addresses]
    return "\n".join([ON_HOST, *pings, "wait"])


def understood(text: str, peers: list[tuple[str, str]]) -> Result:
    """What came back, in the words of phase 3's results."""
    reports = dict(part.partition("\n")[::2] for part in text.split("=== ")[1:])
    checks, pings = [], {}
    for peer, address in peers:
        report = reports.get(address, "")
        counts, time = LOSS.search(report), ROUND_TRIP.search(report)
        received = int(counts[2]) if counts else 0
        pings[address] = {"sent": PINGS, "received": received, "loss": round(100 * (PINGS - received) / PINGS),
                          **({"rtt_ms": float(time[1])} if time else {})}
        checks.append({"area": "ipsec", "name": f"tunnel to {peer}", "health": "ok" if received else "fail", "seen": ""})
    # That a branch has lost all its tunnels is to be seen at the tunnels; whose fault it is, phase 3 finds out.
    well = all(ping["received"] for ping in pings.values())
    return {"status": "Success" if well else "Failed", "details": {"checks": checks, "numbers": {"ping": pings}}}


def look(lab: Kept) -> dict[str, Any]:
    """A report as `sdwan graph --from` reads it."""
    wanted = tunnels_of(lab.topology)
    with concurrent.futures.ThreadPoolExecutor(max_workers=8) as pool:
        texts = dict(zip(wanted, pool.map(lambda router: _ask(lab, router, wanted[router]), wanted)))
    results = {router: understood(texts[router], peers) for router, peers in wanted.items()}
    failed = sorted(router for router, result in results.items() if result["status"] != "Success")
    return {"phase3_result": {"phase": "phase3", "success_count": len(results) - len(failed), "fail_count": len(failed),
                              "failed": failed, "results": results}}


def _ask(lab: Kept, router: str, peers: list[tuple[str, str]]) -> str:
    """Nothing where the host or its router does not answer."""
    try:
        argv = handle.host(lab, router).command(["/bin/bash", "-c", command([address for _, address in peers])], {})
        return subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS, check=False).stdout
    except (subprocess.TimeoutExpired, OSError):
        return ""
