"""scripts/run-local upgrade: three clusters are upgraded on this machine, with no AWS account."""

import argparse
import shutil
import sys
from pathlib import Path

from ...network_file import REPO
from ...processes import Daemons, StartFailed
from . import plan

DESCRIPTION = """\
Upgrades clusters on this machine with no AWS account: builds and packages the functions, starts emulators on loopback with a
stand-in for Amazon EKS, whose updates neither of them has, applies terraform/upgrade to them, tells what an upgrade would do,
upgrades two clusters in two waves with an approval between, then a third one that is not well afterwards and gets its former
version back, and takes the upgrade of one back that is well. With a fault there is no plan, and nothing is taken back by hand.
Exit status: 0 only if all of that came so; 1 if not; 2 if it could not be run."""


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="scripts/run-local upgrade", description=DESCRIPTION,
                                  formatter_class=argparse.RawDescriptionHelpFormatter)
    top.add_argument("--fault", choices=[*plan.FAULTS], metavar="FAULT",
                     help="; ".join(f"{kind}: {text}" for kind, text in plan.FAULTS.items()))
    top.add_argument("--approve", choices=["ask", "yes", "no"], default="yes",
                     help="the wave that waits for an approval (default: %(default)s)")
    top.add_argument("--report", metavar="FILE", type=Path, help="write what came of it as JSON")
    top.add_argument("--skip-build", action="store_true", help="take dist/upgrade.zip and the operator's tool as they are")
    return top


def main() -> int:
    options = parser().parse_args()
    # Not above: --help must work before the virtual environment exists.
    from botocore.exceptions import BotoCoreError, ClientError

    from ...cli import _leave_logs_only, _new_run
    from ...deploy import DeployFailed
    from .run import run

    if not (REPO / "dist/upgrade.zip").is_file():
        print("run-local: error: there is no dist/upgrade.zip: run scripts/package upgrade", file=sys.stderr)
        return 2
    folder, daemons = _new_run(), Daemons()
    try:
        return 0 if run(options, folder, daemons) else 1
    except (DeployFailed, StartFailed, BotoCoreError, ClientError) as error:
        print(f"run-local: error: {error}\nlogs: {folder}", file=sys.stderr)
        return 2
    finally:
        daemons.stop()
        _leave_logs_only(folder)
        shutil.rmtree(folder / "modules", ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
