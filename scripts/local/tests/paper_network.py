"""The real functions in the emulators, over hosts on paper: what the whole machine does is tried fast."""

import hashlib
import json
import uuid
from collections import Counter
from pathlib import Path
from typing import Any

import boto3

from local import faults, network_file
from local.activity import ActivityLog
from local.cli import REPO
from local.interference import FIELD
from local.paper_routers import FOLDER
from local.processes import Daemons

from .machines import Machines, Run

VERSION = "1.3"
REGIONS = ("us-east-1", "eu-central-1")
HUBS, BRANCHES = ("nv-hub", "fra-hub"), ("nv-branch", "fra-branch")
ROUTERS = (*HUBS, *BRANCHES)


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
    """Four routers; the root is applied with changing variables."""

    def __init__(self, folder: Path, daemons: Daemons) -> None:
        self._hosts = network_file.invent(folder, topology()["routers"], VERSION)
        super().__init__(folder, daemons)

    def apply(self, **variables: Any) -> None:
        super().apply(**{"zip_directory": str(REPO / "dist"), "topology": topology(), "existing_hosts": self._hosts,
                         "vyos_version": VERSION, "ssm_poll_interval": 0.2, "phase2_wait_seconds": 60,
                         "verify_timeout": 10, "online_timeout": 0, **variables})

    def start(self, **event: Any) -> "PaperRun":
        return PaperRun(self, **event)

    def suffer(self, **wrong: Any) -> None:
        """From now on; nothing means that everything is in order again."""
        faults.write(self.folder, faults.Faults(**wrong))

    def configuration(self, router: str) -> Any:
        """What a router has committed; None without a router."""
        file = self.folder / FOLDER / f"{router}.json"
        return json.loads(file.read_text()) if file.exists() else None

    def activity(self, run: "PaperRun") -> list[dict[str, Any]]:
        """What the hosts did for an execution in the polling machine: only that one's commands bear marks."""
        return [line for line in ActivityLog(self.folder).read() if run.mark in line["comment"]]


class PaperRun(Run):
    """An execution; `interference` says what shall go wrong on its way."""

    def __init__(self, network: PaperNetwork, interference: dict[str, Any] | None = None, **event: Any) -> None:
        self.id = str(uuid.uuid4())
        wish = {FIELD: {"id": self.id, **interference}} if interference else {}
        self._client = network.client
        self.arn = network.client.start_execution(
            stateMachineArn=network.arn, input=json.dumps({**event, **wish}))["executionArn"]

    @property
    def mark(self) -> str:
        """What the comments of its commands have in their last word."""
        return f" {hashlib.sha256(self.arn.encode()).hexdigest()[:16]}-"

    def commands(self) -> Counter[tuple[str, str]]:
        """How many commands Systems Manager knows of it, by phase and router."""
        found: Counter[tuple[str, str]] = Counter()
        for region in REGIONS:
            for page in boto3.client("ssm", region_name=region).get_paginator("list_commands").paginate():
                for command in page["Commands"]:
                    if self.mark in command["Comment"]:
                        phase, router, _ = command["Comment"].split(" ")
                        found[phase, router] += 1
        return found
