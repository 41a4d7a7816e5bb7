"""Whether the page of the lab that is up shows a tunnel that is broken, and the others as they are: python -m local.page.proof"""

import json
import re
import sys
import time
import urllib.request

from .. import handle
from ..kept import Kept

SECONDS = 60.0
# What breaks a tunnel at once, of real routers and of simulated ones.
FAULTS = {"real": "nat-gone"}
USUAL_FAULT = "peer-down"
LINK = re.compile(r'data-tunnel="([^"]+)">.*?<line class="tunnel ?(\w*)"', re.DOTALL)


def seen(lab: Kept) -> dict[str, str]:
    """How each tunnel is drawn."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"{lab.page}network", timeout=SECONDS) as answer:
        return dict(LINK.findall(json.load(answer)["svg"]))


def wait_for(lab: Kept, wanted: dict[str, str]) -> str:
    """What is drawn otherwise when the time is over; empty as soon as it is as wanted."""
    deadline = time.monotonic() + SECONDS
    while (now := seen(lab)) != wanted:
        if time.monotonic() > deadline:
            return f"drawn are {now}, and not {wanted}"
        time.sleep(1)
    return ""


def main() -> int:
    lab = Kept.read()
    if lab is None:
        print("page: the lab is not up", file=sys.stderr)
        return 2
    router, fault = min(lab.routers), FAULTS.get(lab.kind, USUAL_FAULT)
    well = {tunnel["name"]: "well" for tunnel in lab.topology["tunnels"]}
    broken = well | {tunnel["name"]: "ill" for tunnel in lab.topology["tunnels"] if router in [end["router"] for end in tunnel["ends"]]}
    wrong = wait_for(lab, well)
    if not wrong:
        handle.damage(lab, fault, router)
        wrong = wait_for(lab, broken)
    handle.repair(lab)
    if not wrong and fault == FAULTS["real"]:
        wrong = wait_for(lab, well)
    print(f"page: {wrong}" if wrong else f"page: {fault} at {router} turned its tunnel red, and no other one")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
