"""The engine in the emulator, as Terraform deploys it, with the functions of the contract as Lambda functions."""

import json
import os
import subprocess
import sys
import time
import uuid
import zipfile
from pathlib import Path
from typing import Any

import boto3

from local.emulators import start as emulators
from local.emulators.interference import FIELD
from local.processes import Daemons

from .. import programs
from ..subscription import Subscription

ROOT = Path(__file__).resolve().parents[4] / "terraform/tests/rollout"
WORKER = Path(__file__).with_name("worker.py")
REGION, TABLE, MACHINE = "us-east-1", "sdwan-history", "sdwan-state-machine"
PATIENCE = 120


class Live:
    """The deployment; one for all paths."""

    def __init__(self, folder: Path, daemons: Daemons) -> None:
        self.folder = folder
        endpoints = emulators.start(daemons, folder)
        programs.enter(endpoints.environment())
        self._environment = {**endpoints.environment(), "TF_DATA_DIR": str(folder / "data"), "TF_IN_AUTOMATION": "1",
                             **{name: value for name, value in os.environ.items() if name.startswith("TF_CLI")}}
        self._cancellations = folder / "cancellations.jsonl"
        with zipfile.ZipFile(folder / "worker.zip", "w") as archive:
            entry = zipfile.ZipInfo("bootstrap")
            entry.external_attr = 0o755 << 16
            archive.writestr(entry, f"#!{sys.executable}\n{WORKER.read_text()}")
            archive.writestr("cancellations", str(self._cancellations))
        self._terraform("init", "-input=false", "-backend=false")
        self.client, self.bus, self.queues, self.table = (
            boto3.client(name, region_name=REGION) for name in ("stepfunctions", "events", "sqs", "dynamodb"))
        self.arn = ""

    def apply(self, **variables: Any) -> None:
        file = self.folder / "live.tfvars.json"
        file.write_text(json.dumps({"zip": str(self.folder / "worker.zip"), **variables}))
        self._terraform("apply", "-input=false", "-auto-approve", "-no-color", f"-var-file={file}",
                        f"-state={self.folder / 'live.tfstate'}")
        [self.arn] = [machine["stateMachineArn"] for machine in self.client.list_state_machines()["stateMachines"]]

    def subscribe(self) -> Subscription:
        """From now on: what the engine tells."""
        return Subscription(self.queues, self.bus, f"told-{uuid.uuid4()}", {"source": ["sdwan"]})

    def start(self, given: Any, refuse: dict[str, list[str]] | None = None, **script: Any) -> "Run":
        return Run(self, given, refuse, script)

    def cancelled(self, run: "Run") -> list[dict[str, Any]]:
        """What the functions were told when an execution ended without success, one for each of them."""
        told = [json.loads(line) for line in self._cancellations.read_text().splitlines()] if self._cancellations.exists() else []
        return [event for event in told if event == {"action": "cancel", "execution": run.arn}]

    def notes(self, run: "Run") -> dict[str, dict[str, str]]:
        """The table's items of an execution: by wave, each attribute's text."""
        found = self.table.query(TableName=TABLE, KeyConditionExpression="execution = :e", ExpressionAttributeValues={":e": {"S": run.arn}})
        return {item["wave"]["S"]: {name: next(iter(value.values())) for name, value in item.items()} for item in found["Items"]}

    def _terraform(self, *arguments: str) -> None:
        done = subprocess.run(["terraform", *arguments], cwd=ROOT, env=self._environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr


class Run:
    """An execution, and all that its functions were asked."""

    def __init__(self, live: Live, given: Any, refuse: dict[str, list[str]] | None, script: dict[str, Any]) -> None:
        self._client, self._journal = live.client, live.folder / f"{uuid.uuid4()}.jsonl"
        if isinstance(given, dict):
            given = {**given, "script": {**script, "journal": str(self._journal)}}
            given |= {FIELD: {"id": self._journal.name, "refuse": refuse}} if refuse else {}
        self.arn = self._client.start_execution(stateMachineArn=live.arn, input=json.dumps(given))["executionArn"]

    @property
    def described(self) -> dict[str, Any]:
        return self._client.describe_execution(executionArn=self.arn)

    def until(self, found: Any) -> Any:
        end = time.monotonic() + PATIENCE
        while (value := found()) is None:
            assert time.monotonic() < end, f"nothing came of it in {PATIENCE} s: {self.described}"
            time.sleep(0.1)
        return value

    def ended(self) -> dict[str, Any]:
        return self.until(lambda: self.described if self.described["status"] != "RUNNING" else None)

    @property
    def summary(self) -> dict[str, Any]:
        end = self.ended()
        summary = json.loads(end["output"] if end["status"] == "SUCCEEDED" else end["cause"])
        assert end.get("error", "Rollout.COMPLETED") == f"Rollout.{summary['status']}", end
        return summary

    @property
    def status(self) -> str:
        return self.summary["status"]

    @property
    def waves(self) -> dict[str, str]:
        return {wave["name"]: wave["status"] for wave in self.summary["waves"]}

    @property
    def reasons(self) -> dict[str, str]:
        return {wave["name"]: wave["reason"] for wave in self.summary["waves"]}

    @property
    def asked(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self._journal.read_text().splitlines()] if self._journal.exists() else []

    def started(self) -> list[tuple[Any, ...]]:
        self.ended()
        return [(each["wave"], each["step"], *each["instances"]) for each in self.asked if each["action"] == "start"]

    @property
    def history(self) -> list[dict[str, Any]]:
        pages = self._client.get_paginator("get_execution_history").paginate(executionArn=self.arn, includeExecutionData=True)
        return [event for page in pages for event in page["events"]]

    @property
    def errors(self) -> list[str]:
        return [event["taskFailedEventDetails"]["error"] for event in self.history if "taskFailedEventDetails" in event]

    def token(self) -> str:
        """The task token of the approval that it waits for, as an operator's tool finds it."""
        def pending() -> str | None:
            scheduled = [event["taskScheduledEventDetails"] for event in self.history if "taskScheduledEventDetails" in event]
            waiting = [json.loads(details["parameters"]) for details in scheduled if details["resource"].endswith(".waitForTaskToken")]
            return waiting[-1]["Entries"][0]["Detail"]["task_token"] if waiting else None
        return self.until(pending)
