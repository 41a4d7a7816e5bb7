"""scripts/run-local recovery: a drill of seven servers in three waves on this machine, with no AWS account."""

import argparse
import sys
from pathlib import Path

from ...processes import Daemons
from .. import rollout
from . import plan

DESCRIPTION = """\
Runs a whole drill on this machine with no AWS account: builds and packages the function, starts emulators on loopback with a
stand-in for Elastic Disaster Recovery, which neither of them has, applies terraform/recovery to them, starts a drill of
three waves with a dependency, an approval and documents before and after, follows it with the operator's tool, and
terminates what it has launched.
Exit status: 0 only if the drill succeeded and was terminated; 1 if not; 2 if it could not be run."""


def run(options: argparse.Namespace, folder: Path, daemons: Daemons) -> bool:
    # Not above: --help must work before the virtual environment exists.
    from .run import run

    return run(options, folder, daemons)


if __name__ == "__main__":
    sys.exit(rollout.main("recovery", DESCRIPTION, plan.FAULTS, run))
