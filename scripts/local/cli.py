"""scripts/run-local: the whole SD-WAN job on this machine, with no AWS account."""

import argparse
import os
import shutil
import signal
import sys
from datetime import datetime
from pathlib import Path
from types import FrameType

from . import check, network_file
from .fleet import faults
from .processes import Daemons, StartFailed, sweep

KEPT_RUNS = 5
WORLD = ("hosts", "paper", "plane", "s3", "state", "terraform", "tmp", "wire")
DESCRIPTION = """\
Runs the whole job on this machine with no AWS account: builds and packages the functions,
starts emulators on loopback, applies the Terraform root to them, starts an execution, and shows it with
the operator's tool, cli/: live, then the verdict on each router, the picture, and why where it failed. Every run leaves a
report.html beside its logs. The hosts are sandboxes. Where the machine allows it (root, or
unprivileged user namespaces) each router has a real strongSwan and a real FRR in a network namespace
behind 1:1 NAT; elsewhere the routers are simulated, and the first line says so.
Exit status: 0 only if the execution succeeded; 1 if it failed; 2 if it could not be run."""


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="scripts/run-local", description=DESCRIPTION,
                                  formatter_class=argparse.RawDescriptionHelpFormatter)
    top.add_argument("--report", metavar="FILE", type=Path,
                     help="write the execution's output JSON; of a failed one status, error, cause and the phases' results")
    top.add_argument("--fault", choices=[*faults.KINDS, *faults.OLD_NAMES], metavar="FAULT",
                     help="; ".join(f"{kind}: {text}" for kind, text in faults.KINDS.items()).replace("%", "%%"))
    top.add_argument("--fault-router", metavar="NAME", help="the router that gets the fault (default: the first by name)")
    top.add_argument("--input", metavar="JSON", default="{}", help="the execution's event (default: {})")
    top.add_argument("--vyos-version", choices=["1.3", "1.4", "1.5"], default="1.3", help="VyOS on the routers (default: 1.3)")
    top.add_argument("--routers", choices=["auto", "real", "simulated"], default="auto",
                     help="real: strongSwan and FRR in network namespaces (root, or unprivileged user namespaces); "
                          "default: real where that is possible")
    top.add_argument("--topology", metavar="FILE", type=Path,
                     help="another network than the one of four: JSON with the Terraform variables `topology` and, if need be, "
                          "`waves` (examples/); above 50 routers the hosts exist on paper only")
    top.add_argument("--orchestration", choices=["synchronous", "rollout"],
                     help="which state machine (default: the root's own; rollout with --waves)")
    top.add_argument("--waves", action="store_true", help="roll out in the waves of --topology's file (--orchestration rollout)")
    top.add_argument("--real-time", action="store_true",
                     help="shorten no waiting: the state machine's pauses and the functions' polls are those of AWS, and the hosts, on "
                          f"paper, take what real ones do ({_spans()}); about nine minutes")
    top.add_argument("--footprint", metavar="FILE", type=Path,
                     help="write what the run took as JSON: billed time, memory, calls, transitions (scripts/bench --costs reads it)")
    top.add_argument("--approve", choices=["ask", "yes", "no"],
                     help="a wave that waits for an approval: ask on the terminal, approve it, reject it "
                          "(default: ask where there is a terminal, else yes)")
    top.add_argument("--keep", action="store_true",
                     help="leave everything running until Ctrl-C, print how to reach it, and show the network on a page of this machine")
    top.add_argument("-v", "--verbose", action="store_true", help="print what the run took, too: billed time, memory, calls, transitions")
    top.add_argument("--skip-build", action="store_true", help="take the zips in dist/ as they are")
    return top


def _spans() -> str:
    return ", ".join(f"{phase} {low} to {high} s" for phase, (low, high) in network_file.REAL_SECONDS.items())


def main() -> int:
    options = parser().parse_args()
    # Not above: --help must work before the virtual environment exists.
    from botocore.exceptions import BotoCoreError, ClientError

    from . import run
    from .deploy import DeployFailed

    try:
        network = _network(options)
    except network_file.Unusable as error:
        return _complain(str(error))
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, _stop)
    daemons, folder = Daemons(), _new_run()
    try:
        return 0 if run.run(options, folder, daemons, network) else 1
    except (DeployFailed, StartFailed, BotoCoreError, ClientError) as error:
        return _complain(f"{error}\nlogs: {folder}")
    finally:
        daemons.stop()
        _leave_logs_only(folder)


def _network(options: argparse.Namespace) -> network_file.Network:
    """The network of the run; `options.routers` says from then on what its routers are. Raises Unusable."""
    from .dataplane import start as dataplane

    network = check.checked(options)
    obstacle = None if options.routers == "simulated" else dataplane.obstacle()
    if options.routers == "real" and obstacle:
        raise network_file.Unusable(f"--routers real: {obstacle}")
    if options.routers == "auto":
        options.routers = "simulated" if obstacle else "real"
    if options.fault in faults.REAL_ONLY and options.routers != "real":
        raise network_file.Unusable(f"--fault {options.fault} needs real routers: {obstacle or 'these are to be simulated'}")
    if network.is_on_paper:
        options.routers = network_file.ON_PAPER
    return network


def _new_run() -> Path:
    """A fresh folder for this run, named after its process; of ended runs the newest few are kept."""
    runs = network_file.REPO / ".local/run"
    runs.mkdir(parents=True, exist_ok=True)
    # For nobody else on this machine: hosts' files and keys are below.
    runs.chmod(0o700)
    ended = [run for run in sorted(runs.iterdir()) if not Path("/proc", run.name.rsplit("-", 1)[1]).exists()]
    for run in ended:
        sweep(run)
        _leave_logs_only(run)
    for old in ended[:-(KEPT_RUNS - 1)]:
        shutil.rmtree(old, ignore_errors=True)
    folder = runs / f"{datetime.now():%Y%m%d-%H%M%S}-{os.getpid()}"
    folder.mkdir(mode=0o700)
    return folder


def _leave_logs_only(run: Path) -> None:
    """What an ended run leaves behind is for reading. Its hosts, its state and what it stored hold secrets."""
    for name in WORLD:
        shutil.rmtree(run / name, ignore_errors=True)


def _stop(number: int, _: FrameType | None) -> None:
    # A second signal must not interrupt the cleaning up.
    for each in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(each, signal.SIG_IGN)
    print("\nstopping: what this run has started ends with it", file=sys.stderr)
    sys.exit(128 + number)


def _complain(text: str) -> int:
    print(f"run-local: error: {text}", file=sys.stderr)
    return 2
