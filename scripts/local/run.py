"""One local run from the emulators' start to what came of the execution."""

import argparse
import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

from .dataplane import start as dataplane
from .deploy import SHORT_TIMES, Deployment
from .emulators import footprint
from .emulators import start as emulators
from .emulators.ledger import Books
from .execution import plan, verification
from .execution.approvals import Answers, Approvals, usual
from .execution.progress import Execution, Progress, report
from .execution.view import LiveView, LogView
from .fleet import faults
from .fleet.activity import ActivityLog
from .kept import Kept
from .network_file import REPO, Network
from .processes import Daemons

MOST_COMPLAINTS = 20


class Refused(Exception):
    """The run can't be done as it was asked for; the text says why."""


def run(options: argparse.Namespace, folder: Path, daemons: Daemons, network: Network) -> bool:
    """Do what the options say; whether the execution succeeded. Raises Refused."""
    _say(f"logs and state: {folder}")
    if options.routers == "real":
        _say("starting the data plane")
        dataplane.start(daemons, folder)
    variables = network.variables(folder, options.vyos_version)
    _say("starting the emulators")
    endpoints = emulators.start(daemons, folder, emulators.REAL_WAITS if options.real_time else emulators.SHORT_WAITS)
    for name in [n for n in os.environ if n.startswith("AWS_")]:
        del os.environ[name]
    os.environ.update(endpoints.environment())
    deployment = Deployment(folder, REPO / "terraform", endpoints, daemons)
    outputs = _deploy(options, deployment, variables)
    if options.fault:
        _inject(options, folder, outputs["routers"])
    machine = outputs["state_machine_arn"]
    states = deployment.client("stepfunctions", "us-east-1")
    approvals = None
    if may_wait(variables.get("waves"), json.loads(options.input)):
        approvals = Approvals(states, endpoints.environment(), Answers(options.approve or usual()))
    execution = Execution.start(states, machine, options.input, ActivityLog(folder))
    succeeded = follow(execution, options.report, approvals)
    complaints = list(dict.fromkeys(Books(folder).complaints))
    if complaints:
        print("\n" + "\n".join(["on AWS this would not have been done:", *complaints[:MOST_COMPLAINTS]]))
    taken = footprint.measure(folder, {**network.kind, "routers": len(outputs["routers"])},
                              states.describe_state_machine(stateMachineArn=machine)["definition"])
    print("\n" + taken.text())
    if options.footprint:
        taken.write(options.footprint)
    if options.keep:
        _keep(Kept(os.getpid(), str(folder), endpoints.environment(), machine, outputs["routers"], options.vyos_version,
                   options.routers))
    return succeeded and not complaints


def may_wait(waves: Any, given: Any) -> bool:
    """Whether a wave asks for an approval: of the deployment's, or of those that the execution brings."""
    given = given.get("waves") if isinstance(given, dict) else None
    return any(isinstance(wave, dict) and wave.get("pauseBefore") for each in (waves, given) if isinstance(each, list) for wave in each)


def follow(execution: Execution, report_file: Path | None, approvals: Approvals | None = None) -> bool:
    """Show an execution until it ends, and then what came of it; whether it succeeded."""
    _say(f"execution {execution.arn.rsplit(':', 1)[-1]} started")
    view = LiveView() if sys.stdout.isatty() else LogView()

    def show(progress: Progress) -> None:
        view(progress)
        if approvals and approvals.answer(execution.arn, _say):
            view.leave()

    progress = execution.follow(show)
    if report_file:
        report_file.write_text(json.dumps(report(progress), indent=2) + "\n")
    print("\n" + (plan.shown(progress) or verification.verified(progress)))
    if not progress.succeeded:
        print("\n" + verification.failure(progress))
    print(f"\nexecution {progress.status}", flush=True)
    return progress.succeeded


def _deploy(options: argparse.Namespace, deployment: Deployment, variables: dict[str, Any]) -> dict[str, Any]:
    deployment.put_image(options.vyos_version)
    _say("terraform apply")
    started = time.monotonic()
    outputs = deployment.apply(options.vyos_version, REPO / "dist", variables, {} if options.real_time else SHORT_TIMES)
    _say(f"terraform apply took {time.monotonic() - started:.1f} s")
    return outputs


def _inject(options: argparse.Namespace, folder: Path, routers: dict[str, Any]) -> None:
    """Put the fault into the world."""
    router = options.fault_router or min(routers)
    if router not in routers:
        raise Refused(f"--fault-router: {router} is none of {', '.join(sorted(routers))}")
    faults.write(folder, faults.of_kind(options.fault, router))
    _say(f"fault {options.fault} at {router}: {faults.meaning(options.fault)}")


def _keep(kept: Kept) -> None:
    """Leave all as it is until somebody interrupts."""
    kept.write()
    print("\nleft running until Ctrl-C; in another shell:\n")
    for name in sorted(n for n in kept.environment if n.startswith("AWS_")):
        print(f"  export {name}={kept.environment[name]}")
    print(f"\nhosts' files: {Path(kept.folder) / 'hosts'}", flush=True)
    try:
        while True:
            signal.pause()
    finally:
        Kept.forget()


def _say(text: str) -> None:
    print(f"==> {text}", flush=True)
