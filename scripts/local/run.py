"""One local run from the emulators' start to what came of the execution."""

import argparse
import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

from .apply_progress import Announcer
from .dataplane import start as dataplane
from .deploy import HOME, SHORT_TIMES, Deployment
from .emulators import footprint
from .emulators import start as emulators
from .emulators.ledger import Books
from .execution.progress import Execution, Progress, report
from .fleet import faults
from .kept import Kept
from .network_file import ON_PAPER, REPO, Network
from .page.server import Page
from .processes import Daemons
from .tool import Tool, whom_to_ask

MOST_COMPLAINTS = 20
# Beside the run's logs.
REPORT, FOOTPRINT = "report.html", "footprint.json"


def run(options: argparse.Namespace, folder: Path, daemons: Daemons, network: Network) -> bool:
    """Do what the options say; whether the execution succeeded."""
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
    states = deployment.client("stepfunctions", HOME)
    tool = Tool(endpoints.environment())
    execution = Execution.start(states, machine, options.input)
    progress = follow(execution, tool, options.approve)
    taken = footprint.measure(folder, {**network.kind, "routers": len(outputs["routers"])},
                              states.describe_state_machine(stateMachineArn=machine)["definition"])
    taken.write(folder / FOOTPRINT)
    if options.footprint:
        taken.write(options.footprint)
    explain(execution, progress, tool, options.input)
    if options.verbose:
        print("\n" + taken.text())
    complaints = list(dict.fromkeys(Books(folder).complaints))
    if complaints:
        print("\n" + "\n".join(["on AWS this would not have been done:", *complaints[:MOST_COMPLAINTS]]))
    conclude(execution, progress, tool, options.report, folder / REPORT, folder / FOOTPRINT)
    if options.keep:
        _keep(Kept(os.getpid(), str(folder), endpoints.environment(), machine, outputs["routers"], options.vyos_version,
                   options.routers, network.topology), tool)
    return progress.succeeded and not complaints


def follow(execution: Execution, tool: Tool, approve: str | None) -> Progress:
    """Show an execution until it ends."""
    _say(f"execution {execution.name} started")
    if not tool.watch(execution.name, approve or whom_to_ask()):
        _say("the tool could not follow it to its end; it is waited for")
    return execution.ended()


def explain(execution: Execution, progress: Progress, tool: Tool, event: str) -> None:
    """What came of it: the network, and why where it failed; of a plan, the plan."""
    print()
    if json.loads(event).get("mode") == "plan":
        tool.run("plan")
        return
    if not progress.succeeded:
        tool.run("why")
        print()
    tool.picture(execution.name)


def conclude(execution: Execution, progress: Progress, tool: Tool, report_file: Path | None, page: Path,
             taken: Path | None = None) -> None:
    """Leave the reports behind; the last line is the verdict."""
    if report_file:
        report_file.write_text(json.dumps(report(progress), indent=2) + "\n")
    print()
    tool.report(execution.name, page, taken)
    print(f"execution {progress.status}", flush=True)


def _deploy(options: argparse.Namespace, deployment: Deployment, variables: dict[str, Any]) -> dict[str, Any]:
    deployment.put_image(options.vyos_version)
    started = time.monotonic()
    outputs = deployment.apply(options.vyos_version, REPO / "dist", variables, {} if options.real_time else SHORT_TIMES,
                               Announcer())
    _say(f"terraform apply took {time.monotonic() - started:.1f} s")
    return outputs


def _inject(options: argparse.Namespace, folder: Path, routers: dict[str, Any]) -> None:
    """Put the fault into the world."""
    router = options.fault_router or min(routers)
    faults.write(folder, faults.of_kind(options.fault, router))
    _say(f"fault {options.fault} at {router}: {faults.meaning(options.fault)}")


def _keep(kept: Kept, tool: Tool) -> None:
    """Leave all as it is until somebody interrupts."""
    # Hosts on paper have no network that could be looked at.
    page = "none, as the hosts are on paper" if kept.kind == ON_PAPER else Page.start(kept, tool).address
    kept.with_page(page).write()
    print("\nleft running until Ctrl-C; in another shell:\n")
    for name in sorted(n for n in kept.environment if n.startswith("AWS_")):
        print(f"  export {name}={kept.environment[name]}")
    print("\nor, anywhere in this checkout: sdwan status --endpoint local")
    print(f"hosts' files: {Path(kept.folder) / 'hosts'}")
    print(f"the network, as it is now: {page}", flush=True)
    try:
        while True:
            signal.pause()
    finally:
        Kept.forget()


def _say(text: str) -> None:
    print(f"==> {text}", file=sys.stdout, flush=True)
