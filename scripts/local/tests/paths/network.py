"""The real functions in the emulators, over hosts on paper: what the whole machine does is tried fast."""

import hashlib
import json
import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3

from local import network_file
from local.emulators.interference import FIELD
from local.execution import rollout
from local.fleet import faults
from local.fleet.activity import ActivityLog
from local.fleet.paper_routers import FOLDER
from local.network_file import REPO
from local.processes import Daemons

from ..machines import Machines, Run

VERSION = "1.3"
REGIONS = ("us-east-1", "eu-central-1")
HUBS, BRANCHES = ("nv-hub", "fra-hub"), ("nv-branch", "fra-branch")
ROUTERS = (*HUBS, *BRANCHES)
# What two modules begin with, so that it is applied once.
EARLIER = {"orchestration": "rollout"}


def topology(block: int = 0) -> dict[str, Any]:
    """A hub and a branch in each region; another block gives the tunnels other addresses."""
    routers: dict[str, Any] = {}
    tunnels = []
    for number, (hub, branch, region) in enumerate(zip(HUBS, BRANCHES, REGIONS)):
        routers[hub] = {"region": region, "role": "sdwan", "loopback": f"10.255.{number}.1/32", "asn": 65001}
        routers[branch] = {"region": region, "role": "branch", "loopback": f"10.255.{number}.2/32", "asn": 65002}
        tunnels.append({"name": hub, "ends": [
            {"router": name, "vti": "vti0", "address": f"169.254.{100 + block}.{4 * number + end}/30"}
            for end, name in ((1, hub), (2, branch))]})
    return {"routers": routers, "tunnels": tunnels}


class PaperNetwork(Machines):
    """Routers on paper, four where nothing else is said; the root is applied with changing variables."""

    parallelism = 10

    def __init__(self, folder: Path, daemons: Daemons, network: dict[str, Any] | None = None) -> None:
        self._applied: dict[str, Any] | None = None
        self._topology = network or topology()
        self._hosts = network_file.invent(folder, self._topology["routers"], VERSION, {})
        # By their hosts' instances.
        self.routers = {host["instance_id"]: name for name, host in self._hosts.items()}
        super().__init__(folder, daemons)

    def apply(self, **variables: Any) -> None:
        """What is applied already is not applied again."""
        if variables == self._applied:
            return
        super().apply(**{"zip_directory": str(REPO / "dist"), "topology": self._topology, "existing_hosts": self._hosts,
                         "vyos_version": VERSION, "ssm_poll_interval": 0.2, "phase2_wait_seconds": 100,
                         "verify_timeout": 4, "online_timeout": 0, **variables})
        self._applied = variables

    def start(self, **event: Any) -> "PaperRun":
        return PaperRun(self, **event)

    def suffer(self, **wrong: Any) -> None:
        """From now on; nothing means that everything is in order again."""
        faults.write(self.folder, faults.Faults(**wrong))

    def configuration(self, router: str) -> Any:
        """What a router has committed; None without a router."""
        file = self.folder / FOLDER / f"{router}.json"
        return json.loads(file.read_text()) if file.exists() else None

    def seen(self, run: "PaperRun", event: str) -> list[tuple[str, str]]:
        """Where commands of a rollout, which are marked, began or ended: phase, router."""
        return sorted((line["comment"].split(" ")[0], line["router"]) for line in ActivityLog(self.folder).read()
                      if run.mark in line["comment"] and line["event"] == event)


class PaperRun(Run):
    """An execution; `interference` says what shall go wrong on its way."""

    # Many run at the same time.
    patience = 240

    def __init__(self, network: PaperNetwork, interference: dict[str, Any] | None = None, text: str = "", **event: Any) -> None:
        """`text` is an input that is not made of the event."""
        self.id = str(uuid.uuid4())
        wish = {FIELD: {"id": self.id, **interference}} if interference else {}
        self._client, self._routers = network.client, network.routers
        self.arn = network.client.start_execution(
            stateMachineArn=network.arn, input=text or json.dumps({**event, **wish}))["executionArn"]

    @property
    def mark(self) -> str:
        """What the comments of its commands have in their last word."""
        return f" {hashlib.sha256(self.arn.encode()).hexdigest()[:16]}-"

    @property
    def phases(self) -> list[str]:
        """The synchronous machine's phases that were entered, in order."""
        entered = [state.lower() for state in self.states if state in ("Phase1", "Phase2", "Phase3")]
        return list(dict.fromkeys(entered))

    @property
    def steps(self) -> list[str]:
        """The engine's steps that were begun, as `WAVE.STEP`, in order."""
        pages = self._client.get_paginator("get_execution_history").paginate(executionArn=self.arn, includeExecutionData=True)
        events = [event for page in pages for event in page["events"]]
        assert not events or rollout.is_one(events)
        begun, state = [], ""
        for event in events:
            state = event.get("stateEnteredEventDetails", {}).get("name", state)
            asked = event.get("taskScheduledEventDetails") if state == rollout.WORK else None
            if asked and (payload := json.loads(asked["parameters"])["Payload"]).get("action") == "start":
                begun.append(f"{payload['wave']}.{payload['step']}")
        # One whose first answer was lost is begun again.
        return list(dict.fromkeys(begun))

    @property
    def errors(self) -> list[str]:
        """With what its Tasks failed, whether that was tried again or not."""
        pages = self._client.get_paginator("get_execution_history").paginate(executionArn=self.arn)
        return [event["taskFailedEventDetails"]["error"] for page in pages for event in page["events"]
                if "taskFailedEventDetails" in event]

    def commands(self) -> Counter[tuple[str, str]]:
        """How many commands Systems Manager knows of it, by phase and router; one may be for many routers."""
        return Counter((phase, router) for phase, router, *_ in self._sent())

    def printed(self, wanted: str) -> list[str]:
        """What a router's commands of phase 2 have printed, the oldest first."""
        sent = [(client, command, instance) for phase, router, instance, (client, command) in self._sent()
                if (phase, router) == ("phase2", wanted)]
        return [client.get_command_invocation(CommandId=command["CommandId"], InstanceId=instance)["StandardOutputContent"]
                for client, command, instance in sorted(sent, key=lambda s: s[1]["RequestedDateTime"])]

    def _sent(self) -> Iterator[tuple[str, str, str, tuple[Any, dict[str, Any]]]]:
        """Phase, router, instance, and the command with who knows of it."""
        for region in REGIONS:
            client = boto3.client("ssm", region_name=region)
            pages = client.get_paginator("list_commands").paginate()
            # While others are sent, a command moves on to the next page and is listed again.
            listed = {command["CommandId"]: command for page in pages for command in page["Commands"]}
            for command in listed.values():
                if self.mark in command["Comment"]:
                    for instance in command["InstanceIds"]:
                        yield command["Comment"].split(" ")[0], self._routers[instance], instance, (client, command)
