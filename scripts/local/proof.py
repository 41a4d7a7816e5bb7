"""Every fault over one kept run: it has to be noticed, named and mended, or, where it is no matter, called healthy."""

import re
import time
from dataclasses import dataclass

from . import handle
from .execution.progress import Progress
from .fleet import faults
from .kept import Kept
from .vyos.table import simple

PHASES = ("phase1", "phase2", "phase3")
# Fault → the phase that notices it, and what that phase says of the broken router.
WANTED = {
    "psk-mismatch": ("phase3", "no IPsec SA to "),
    "peer-down": ("phase3", "Instance is not running"),
    "bgp-down": ("phase3", "the BGP daemon is not running"),
    "ike-without-child": ("phase3", "no IPsec SA to "),
    "interface-admin-down": ("phase3", "vti0 is down (A/D)"),
    "link-down": ("phase3", "eth0 has no link"),
    "nat-gone": ("phase3", "no IPsec SA to "),
    "packet-loss": ("phase3", " of 3 replies from "),
    "mtu": ("phase3", "mtu"),
    "sends-nothing": ("phase3", "nothing is announced to neighbor "),
    "policy": ("phase3", "no policy lets "),
    "stale-vti": ("phase3", "vti0 is down (A/D)"),
    "refused-line": ("phase2", "refused: set "),
    "commit-fails": ("phase2", "the commit failed: "),
    "save-refused": ("phase1", "the save was refused: "),
    "container-missing": ("phase2", "there is no container named router"),
    "host-offline": ("phase1", "is not online in Systems Manager"),
    "disk-full": ("phase1", "No space left on device"),
}


@dataclass(frozen=True)
class Row:
    """What came of one fault; `wrong` says what should have been otherwise."""

    fault: str
    verdict: str
    sentence: str
    seconds: float
    wrong: str = ""


def prove(lab: Kept, kinds: list[str]) -> int:
    """Print a table; the exit status is 0 only if nothing in it is wrong."""
    router, rows = min(lab.routers), []
    for kind in kinds:
        if kind in faults.REAL_ONLY and lab.kind != "real":
            rows.append(Row(kind, "SKIPPED", "needs real routers, and this machine has only simulated ones", 0))
        else:
            rows.append(_row(lab, kind, router))
        _say(rows[-1])
    print("\n" + table(rows))
    skipped = sum(row.verdict == "SKIPPED" for row in rows)
    if skipped:
        print(f"\nSKIPPED {skipped} of {len(rows)} FAULTS: THERE IS NO REAL DATA PLANE HERE")
    wrong = [row for row in rows if row.wrong]
    print(f"\n{len(rows) - skipped - len(wrong)} of {len(rows)} faults were noticed, named and mended, or no matter", flush=True)
    return 1 if wrong else 0


def _row(lab: Kept, kind: str, router: str) -> Row:
    begun = time.monotonic()
    handle.damage(lab, kind, router)
    broken = handle.run(lab)
    handle.repair(lab)
    mended = handle.run(lab)
    seconds = time.monotonic() - begun
    if kind in faults.NO_MATTER:
        wrong = judge_no_matter(broken, len(lab.routers))
    else:
        wrong = judge_broken(kind, broken, router, lab.routers)
    wrong = wrong or judge_mended(mended, len(lab.routers))
    return Row(kind, f"{broken.status}, repaired {mended.status}", sentence(broken.cause, router, lab.routers), seconds, wrong)


def sentence(cause: str, router: str, routers: dict[str, dict[str, str]]) -> str:
    """What a failed execution's cause says of one router."""
    # A diagnosis stands right behind the phase, and the number of routers behind the first.
    part = f"; {cause.partition(': ')[2]}".partition(f"; {router}: ")[2]
    for other in routers:
        part = part.partition(f"; {other}: ")[0]
    part = re.split(r"; \d+ of \d+ routers succeeded", part)[0]
    return f"{router}: {part}" if part else ""


def judge_broken(kind: str, run: Progress, router: str, routers: dict[str, dict[str, str]]) -> str:
    """What is not as it has to be in a run with a fault."""
    phase, words = WANTED[kind]
    said = sentence(run.cause, router, routers)
    if kind == "packet-loss" and not said:
        # once in seventy runs nothing of this end's six echoes is lost
        said = run.cause
    if run.status != "FAILED":
        return f"the run with the fault ended {run.status}"
    if not run.cause.startswith(f"{phase}: "):
        return f"it was not {phase} that failed: {run.cause}"
    if words not in said:
        return f'"{words.strip()}" is not what is said of {router}: {run.cause}'
    innocent = [name for name in run.results[f"{phase}_result"]["failed"]
                if routers[name]["region"] != routers[router]["region"]]
    return f"failed in the other region: {', '.join(innocent)}: {run.cause}" if innocent else ""


def judge_no_matter(run: Progress, routers: int) -> str:
    """What is not as it has to be in a run with a fault that breaks nothing."""
    return _not_whole(run, routers) and f"the fault is no matter, but {_not_whole(run, routers)}"


def judge_mended(run: Progress, routers: int) -> str:
    """What is not as it has to be after the repair."""
    return _not_whole(run, routers) and f"after the repair: {_not_whole(run, routers)}"


def _not_whole(run: Progress, routers: int) -> str:
    """Why not every router has succeeded in every phase; empty where each has."""
    counts = [run.results.get(f"{phase}_result", {}).get("success_count") for phase in PHASES]
    if run.succeeded and counts == [routers] * len(PHASES):
        return ""
    return f"{run.status}, {counts} of {routers} routers: {run.cause}"


def table(rows: list[Row]) -> str:
    cells = [[row.fault, row.verdict, f"{row.seconds:.0f}", row.sentence] for row in rows]
    return simple(["fault", "verdict", "seconds", "sentence"], cells, frozenset({"seconds"}))


def _say(row: Row) -> None:
    print(f"==> {row.fault}: {row.verdict} after {row.seconds:.0f} s: {row.sentence}", flush=True)
    if row.wrong:
        print(f"==> {row.fault} WRONG: {row.wrong}", flush=True)
