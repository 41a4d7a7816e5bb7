"""One run from the emulators' start to the third cluster's way back."""

import argparse
import json
import os
from pathlib import Path
from typing import Any

from ...deploy import HOME, Deployment
from ...emulators import start as emulators
from ...emulators.ledger import Books
from ...execution.progress import Execution, Progress, report
from ...files import write_atomically
from ...network_file import REPO
from ...processes import Daemons
from ...tool import Tool
from . import plan
from .install import CALLS, WORLD

NAME = "upgrade"


def run(options: argparse.Namespace, folder: Path, daemons: Daemons) -> bool:
    """Whether everything ended as it should, and nothing was done that AWS would refuse."""
    say(f"logs and state: {folder}")
    write_atomically(folder / WORLD, {"fault": options.fault, "subnets": []})
    if options.fault:
        say(f"fault {options.fault}: {plan.FAULTS[options.fault]}")
    say("starting the emulators")
    endpoints = emulators.start(daemons, folder, systems=(NAME,))
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ.update(endpoints.environment())
    deployment = Deployment(folder, REPO / "terraform/upgrade", endpoints, daemons)
    say("terraform apply")
    outputs = deployment.apply_root(plan.variables(str(REPO / "dist"), f"{endpoints.main}/_ministack/health"))
    tool = Tool(endpoints.environment())
    if not options.fault:
        say(f"what an upgrade of {plan.PLANNED} would do")
        if tool.run("upgrade", "plan", plan.TO, plan.PLANNED) != 0 or changes(folder):
            return False
    ran = [one(deployment, outputs, tool, {**plan.EVENT, "clusters": names}, options.approve)
           for names in ([plan.FIRST] if options.fault and options.fault != "expired-rollback" else [plan.FIRST, plan.SECOND])]
    taken_back = None
    if not options.fault and ran[0].succeeded:
        say(f"the upgrade of {plan.TAKEN_BACK} is taken back, though all is well")
        taken_back = tool.run("upgrade", "rollback", plan.TO, plan.TAKEN_BACK, "--yes", "--approve", options.approve) == 0
    versions = {name: deployment.client("eks", HOME).describe_cluster(name=name)["cluster"]["version"]
                for name in [*plan.FIRST, *plan.SECOND]}
    print("clusters: " + ", ".join(f"{name} {version}" for name, version in versions.items()), flush=True)
    complaints = list(dict.fromkeys(Books(folder).complaints))
    if complaints:
        print("\n".join(["on AWS this would not have been done:", *complaints]))
    if options.report:
        told = {"executions": [report(progress) for progress in ran], "statuses": [progress.status for progress in ran],
                "versions": versions, "taken_back": taken_back, "changes": changes(folder), "complaints": complaints}
        options.report.write_text(json.dumps(told, indent=2, default=str) + "\n")
    return taken_back is not False and as_it_should(ran, versions, taken_back) and not complaints


def as_it_should(ran: list[Progress], versions: dict[str, str], taken_back: bool | None) -> bool:
    """The first two are upgraded; the third has failed, and has its former version again, as what was taken back."""
    if not all(progress.succeeded for progress in ran[:1]):
        return False
    wanted = {**dict.fromkeys(plan.FIRST, plan.TO), **dict.fromkeys(plan.SECOND, plan.FROM)}
    if taken_back:
        wanted[plan.TAKEN_BACK] = plan.FROM
    return versions == wanted and all(not progress.succeeded for progress in ran[1:])


def one(deployment: Deployment, outputs: dict[str, Any], tool: Tool, event: dict[str, Any], approve: str) -> Progress:
    """An execution, followed to its end."""
    states = deployment.client("stepfunctions", HOME)
    execution = Execution.start(states, outputs["state_machine_arn"], json.dumps(event))
    say(f"upgrade of {' and '.join(event['clusters'])} {execution.name} started")
    if tool.run("upgrade", "watch", execution.name, "--approve", approve) not in (0, 1):
        say("the tool could not follow it to its end; it is waited for")
    progress = execution.ended()
    print(f"upgrade {progress.status}" + (f": {progress.cause[:2000]}" if progress.cause else ""), flush=True)
    return progress


def changes(folder: Path) -> list[dict[str, Any]]:
    """The calls that changed something."""
    if not (folder / CALLS).exists():
        return []
    calls = [json.loads(line) for line in (folder / CALLS).read_text().splitlines()]
    return [call for call in calls if call["operation"].startswith(("Update", "Delete"))]


def say(text: str) -> None:
    print(f"==> {text}", flush=True)
