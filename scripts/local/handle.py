"""What can be done with a kept run: break something, mend it, start another execution."""

import os
from pathlib import Path

from .dataplane.operator import Operator
from .execution.progress import Execution, Progress
from .fleet import accidents, faults
from .fleet.sandbox import Sandbox
from .kept import Kept
from .vyos import marks

# What was broken in a router goes with it.
ANEW = '{"recreate": "always"}'


class Refused(Exception):
    """It can't be done with this run; the text says why."""


def host(lab: Kept, router: str) -> Sandbox:
    """The host of a router of this run."""
    if router not in lab.routers:
        raise Refused(f"{router} is none of {', '.join(sorted(lab.routers))}")
    return Sandbox(router, Path(lab.folder) / "hosts" / router, Path(lab.folder) / "wire")


def damage(lab: Kept, fault: str, router: str) -> None:
    """Let a fault happen, now and in every later execution."""
    if fault in faults.REAL_ONLY and lab.kind != "real":
        raise Refused(f"{fault} needs real routers, these are simulated")
    victim, wrong, folder = host(lab, router), faults.read(Path(lab.folder)), Path(lab.folder)
    before = len(wrong.accidents)
    wrong.add(fault, router)
    faults.write(folder, wrong)
    for accident in wrong.accidents[before:]:
        accidents.perform(accident, victim)


def repair(lab: Kept) -> None:
    """Mend everything but the routers themselves: the next execution makes them anew."""
    faults.write(Path(lab.folder), faults.Faults())
    marks.clear(Path(lab.folder) / "wire")
    if lab.kind == "real":
        Operator(Path(lab.folder)).repair()


def start(lab: Kept, event: str) -> Execution:
    """Another execution of the state machine over the same hosts."""
    import boto3

    for name in [n for n in os.environ if n.startswith("AWS_")]:
        del os.environ[name]
    os.environ.update(lab.environment)
    return Execution.start(boto3.client("stepfunctions"), lab.machine, event)


def run(lab: Kept, event: str = ANEW) -> Progress:
    """An execution to its end."""
    return start(lab, event).ended()
