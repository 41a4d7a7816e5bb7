"""What Terraform takes for networks of existing hosts, against a local AWS: `scripts/bench --plans ROUTERS…`.

A row for each size: seconds of the processor for a plan (its `init` is not in it) and for the apply, resources, and the apply's
calls by what the provider logs of them. A column's exponent is its slope from one row to the next, both drawn by logarithms.
"""

import argparse
import json
import math
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3

from .deploy import HOME, LARGE_PARALLELISM, REGIONS, Deployment
from .emulators import start as emulators
from .network_file import REPO, invent
from .processes import Daemons

# The provider's words for a request that it sends (aws-sdk-go-base's logger), at this level.
SENT, LEVEL = "HTTP Request Sent", "DEBUG"
HEADINGS = ("routers", "plan, CPU (s)", "resources", "apply, CPU (s)", "apply's calls")


@dataclass(frozen=True)
class Taken:
    """None of an apply that was not asked for."""

    routers: int
    plan_seconds: float
    resources: int
    apply_seconds: float | None = None
    calls: int | None = None

    @property
    def cells(self) -> tuple[float | None, ...]:
        return self.plan_seconds, self.resources, self.apply_seconds, self.calls


def topology(count: int) -> dict[str, Any]:
    """Pairs of hub and branch, the regions by turns."""
    routers, tunnels = {}, []
    for pair in range(count // 2):
        high, low = divmod(pair, 64)
        names = f"r{pair}-sdwan", f"r{pair}-branch"
        for side, (name, role) in enumerate(zip(names, ("sdwan", "branch")), 1):
            routers[name] = {"region": REGIONS[pair % 2], "role": role, "loopback": f"10.{high}.{low}.{side}/32", "asn": 65000 + side}
        ends = [{"router": name, "vti": "vti0", "address": f"169.254.{high + 1}.{4 * low + side}/30"} for side, name in enumerate(names, 1)]
        tunnels.append({"name": f"t{pair}", "ends": ends})
    return {"routers": routers, "tunnels": tunnels}


class Measured(Deployment):
    """The root for a network of existing hosts, planned and perhaps applied."""

    def take(self, count: int, dist: Path, is_applied: bool) -> Taken:
        network = topology(count)
        variables = {"zip_directory": str(dist), "vyos_s3_bucket": "images", "vyos_s3_key": "vyos.tar.gz", "topology": network,
                     "existing_hosts": invent(self.folder, network["routers"], "1.3", {}),
                     "sites": {region: {"ami_id": self.ami(region)} for region in REGIONS}}
        self._copy_root()
        (self._working / "local.tfvars.json").write_text(json.dumps(variables))
        self._keep_state_in_bucket()
        self._terraform("init", "-input=false")
        seconds = cpu_seconds(lambda: self._terraform("plan", "-input=false", "-var-file=local.tfvars.json", "-out=plan"))
        resources = _planned(self._log)
        if not is_applied:
            return Taken(count, seconds, resources)
        log = self.folder / "provider.log"
        os.environ.update(TF_LOG_PROVIDER=LEVEL, TF_LOG_PATH=str(log))
        try:
            applied = cpu_seconds(lambda: self._terraform("apply", "-input=false", f"-parallelism={LARGE_PARALLELISM}", "plan"))
        finally:
            del os.environ["TF_LOG_PROVIDER"], os.environ["TF_LOG_PATH"]
        with log.open(errors="replace") as lines:
            calls = sum(SENT in line for line in lines)
        return Taken(count, seconds, resources, applied, calls)


def _planned(log: Path) -> int:
    words = log.read_text(errors="replace").rsplit("Plan: ", 1)[1].split()
    return int(words[0])


def cpu_seconds(run: Callable[[], None]) -> float:
    """The processor's time of the programs that end meanwhile."""
    def taken() -> float:
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime
    before = taken()
    run()
    return taken() - before


def measure(count: int, dist: Path, is_applied: bool) -> Taken:
    """A local AWS of its own for each size: the next finds nothing."""
    work = REPO / ".local" / "plans"
    work.mkdir(parents=True, exist_ok=True)
    daemons = Daemons()
    with tempfile.TemporaryDirectory(dir=work) as name:
        folder = Path(name) / "run"
        folder.mkdir()
        try:
            endpoints = emulators.start(daemons, folder)
            os.environ.update(endpoints.environment())
            boto3.setup_default_session(region_name=HOME)
            return Measured(folder, REPO / "terraform", endpoints, daemons).take(count, dist, is_applied)
        finally:
            daemons.stop()


def table(rows: list[Taken]) -> str:
    lines = [HEADINGS, ("--:",) * len(HEADINGS), *((f"{row.routers:,}", *map(_cell, row.cells)) for row in rows)]
    for small, large in zip(rows, rows[1:]):
        slopes = (math.log(b / a) / math.log(large.routers / small.routers) if a and b else None
                  for a, b in zip(small.cells, large.cells))
        lines.append((f"exponent, {small.routers:,} to {large.routers:,}", *("–" if one is None else f"{one:.2f}" for one in slopes)))
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,}" if isinstance(value, int) else f"{value:,.1f}"


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/bench --plans", description="What plans and applies of existing hosts take.")
    parser.add_argument("routers", nargs="+", type=int, help="how many")
    parser.add_argument("--apply-up-to", type=int, default=1000, metavar="ROUTERS", help="larger ones are only planned (default: 1000)")
    options = parser.parse_args()
    rows = []
    for count in sorted(options.routers):
        began = time.monotonic()
        rows.append(measure(count, REPO / "dist", count <= options.apply_up_to))
        print(f"==> {count} routers: {time.monotonic() - began:.0f} s", file=sys.stderr)
    print(table(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
