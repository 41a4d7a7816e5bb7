"""scripts/run-local upgrade: three clusters are upgraded on this machine, with no AWS account."""

import argparse
import sys
from pathlib import Path

from ...processes import Daemons
from .. import rollout
from . import plan

DESCRIPTION = """\
Upgrades clusters on this machine with no AWS account: builds and packages the functions, starts emulators on loopback with a
stand-in for Amazon EKS, whose updates neither of them has, applies terraform/upgrade to them, tells what an upgrade would do,
upgrades two clusters in two waves with an approval between, then a third one that is not well afterwards and gets its former
version back, and takes the upgrade of one back that is well. With a fault there is no plan, and nothing is taken back by hand.
Exit status: 0 only if all of that came so; 1 if not; 2 if it could not be run."""


def run(options: argparse.Namespace, folder: Path, daemons: Daemons) -> bool:
    # Not above: --help must work before the virtual environment exists.
    from .run import run

    return run(options, folder, daemons)


if __name__ == "__main__":
    sys.exit(rollout.main("upgrade", DESCRIPTION, plan.FAULTS, run))
