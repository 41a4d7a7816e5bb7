"""One drill from the emulators' start to the end of what it has launched."""

import argparse
import json
import os
from pathlib import Path
from typing import Any

from ...deploy import HOME, Deployment
from ...emulators import start as emulators
from ...emulators.ledger import Books
from ...execution.progress import Execution
from ...files import write_atomically
from ...network_file import REPO
from ...processes import Daemons
from ...tool import Tool
from . import plan
from .install import CALLS, WORLD, Machines
from .world import Server

NAME = "recovery"


def run(options: argparse.Namespace, folder: Path, daemons: Daemons) -> bool:
    """Whether the drill succeeded, was terminated, and did nothing that AWS would refuse."""
    say(f"logs and state: {folder}")
    write_atomically(folder / WORLD, plan.world(options.fault))
    if options.fault:
        say(f"fault {options.fault}: {plan.FAULTS[options.fault]}")
    say("starting the emulators")
    endpoints = emulators.start(daemons, folder, systems=(NAME,))
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ.update(endpoints.environment())
    deployment = Deployment(folder, REPO / "terraform/recovery", endpoints, daemons)
    # A host that is no server of the plan, where the first wave's command runs.
    witness = Machines(endpoints.ec2).launch(Server("s-00000000000000099", "witness"))
    say("terraform apply")
    outputs = deployment.apply_root(plan.variables(str(REPO / "dist"), witness))
    states = deployment.client("stepfunctions", HOME)
    execution = Execution.start(states, outputs["state_machine_arn"], json.dumps({"execution_type": "drill"}))
    tool = Tool(endpoints.environment())
    say(f"drill {execution.name} started")
    if not tool.run("recovery", "watch", execution.name, "--approve", options.approve) in (0, 1):
        say("the tool could not follow it to its end; it is waited for")
    progress = execution.ended()
    print(f"drill {progress.status}", flush=True)
    launched = instances(folder)
    say("terminating what the drill has launched")
    is_clean = tool.run("recovery", "terminate", execution.name, "--yes") == 0
    kept = deployment.client("dynamodb", HOME).scan(TableName=outputs["history_table"])["Items"]
    complaints = list(dict.fromkeys(Books(folder).complaints))
    if complaints:
        print("\n".join(["on AWS this would not have been done:", *complaints]))
    if options.report:
        options.report.write_text(json.dumps({
            "status": progress.status, "error": progress.error, "cause": progress.cause, "output": progress.output,
            "jobs": launched, "terminated": is_clean, "history": kept, "complaints": complaints}, indent=2, default=str) + "\n")
    return progress.succeeded and is_clean and not complaints


def instances(folder: Path) -> list[dict[str, Any]]:
    """The calls that changed something."""
    calls = [json.loads(line) for line in (folder / CALLS).read_text().splitlines()]
    return [call for call in calls if call["operation"] in ("StartRecovery", "TerminateRecoveryInstances")]


def say(text: str) -> None:
    print(f"==> {text}", flush=True)
