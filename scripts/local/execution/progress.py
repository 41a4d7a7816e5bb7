"""Starts an execution of the state machine, and reads what came of it for the JSON report. What people see of it is the tool's."""

import json
import time
from dataclasses import dataclass, field
from typing import Any

from . import rollout

RUNNING = "RUNNING"
POLL_SECONDS = 0.3


@dataclass
class Progress:
    """What the history says at one moment."""

    status: str = RUNNING
    error: str = ""
    cause: str = ""
    output: dict[str, Any] = field(default_factory=dict)
    results: dict[str, Any] = field(default_factory=dict)
    # The same for each wave of a rollout.
    waves: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def succeeded(self) -> bool:
        return self.status == "SUCCEEDED"


class Execution:
    """An execution, by its ARN."""

    def __init__(self, client: Any, arn: str) -> None:
        self._client = client
        self.arn = arn

    @classmethod
    def start(cls, client: Any, machine: str, event: str) -> "Execution":
        return cls(client, client.start_execution(stateMachineArn=machine, input=event)["executionArn"])

    @property
    def name(self) -> str:
        return self.arn.rsplit(":", 1)[-1]

    def ended(self) -> Progress:
        """What came of it, once it has ended."""
        while self._client.describe_execution(executionArn=self.arn)["status"] == RUNNING:
            time.sleep(POLL_SECONDS)
        return self.progress()

    def progress(self) -> Progress:
        described = self._client.describe_execution(executionArn=self.arn)
        progress = Progress(described["status"], described.get("error", ""), described.get("cause", ""))
        if described.get("output"):
            progress.output = json.loads(described["output"])
        pages = self._client.get_paginator("get_execution_history").paginate(executionArn=self.arn, includeExecutionData=True)
        events = [event for page in pages for event in page["events"]]
        if rollout.is_one(events):
            progress.waves = rollout.read(events)
        else:
            for event in events:
                _collect(progress.results, event.get("stateEnteredEventDetails", {}).get("input"))
                _collect(progress.results, event.get("stateExitedEventDetails", {}).get("output"))
        return progress


def _collect(results: dict[str, Any], text: str | None) -> None:
    """Keep every `phaseN_result` that a state's input or output shows."""
    document = json.loads(text) if text else None
    if isinstance(document, dict):
        results.update({name: value for name, value in document.items() if name.endswith("_result")})


def report(progress: Progress) -> dict[str, Any]:
    """What --report writes: the output, or the failure with the phases' results so far."""
    if progress.succeeded:
        return progress.output
    waves = {"waves": rollout.described(progress.waves, progress.cause)} if progress.waves else {}
    return {"status": progress.status, "error": progress.error, "cause": progress.cause, **progress.results, **waves}
