"""Starts an execution of the state machine and reads how far it is."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ..fleet.activity import ActivityLog
from . import rollout
from .state import State

# Of the synchronous machine's states those that are worth a line.
SHOWN = ("Task", "Wait", "Fail", "Succeed")
RUNNING = "RUNNING"
POLL_SECONDS = 0.3


@dataclass
class Progress:
    """What the history and the hosts' activity say at one moment."""

    status: str = RUNNING
    error: str = ""
    cause: str = ""
    output: dict[str, Any] = field(default_factory=dict)
    stages: list[State] = field(default_factory=list)
    results: dict[str, Any] = field(default_factory=dict)
    # The same for each wave of a rollout.
    waves: dict[str, dict[str, Any]] = field(default_factory=dict)
    activity: list[dict[str, Any]] = field(default_factory=list)

    @property
    def succeeded(self) -> bool:
        return self.status == "SUCCEEDED"


class Execution:
    """An execution, by its ARN."""

    def __init__(self, client: Any, arn: str, activity: ActivityLog) -> None:
        self._client = client
        self.arn = arn
        self._activity = activity

    @classmethod
    def start(cls, client: Any, machine: str, event: str, activity: ActivityLog) -> "Execution":
        return cls(client, client.start_execution(stateMachineArn=machine, input=event)["executionArn"], activity)

    def follow(self, show: Callable[[Progress], None]) -> Progress:
        """Show each new state of affairs until the execution ends."""
        while True:
            progress = self.progress()
            show(progress)
            if progress.status != RUNNING:
                return progress
            time.sleep(POLL_SECONDS)

    def progress(self) -> Progress:
        described = self._client.describe_execution(executionArn=self.arn)
        progress = Progress(described["status"], described.get("error", ""), described.get("cause", ""))
        if described.get("output"):
            progress.output = json.loads(described["output"])
        self._read_history(progress)
        progress.activity = self._activity.read()
        return progress

    def _read_history(self, progress: Progress) -> None:
        pages = self._client.get_paginator("get_execution_history").paginate(
            executionArn=self.arn, includeExecutionData=True)
        events = [event for page in pages for event in page["events"]]
        if rollout.is_one(events):
            read = rollout.read(events)
            progress.stages, progress.waves = read.stages, read.waves
        else:
            _read_phases(progress, events)


def _read_phases(progress: Progress, events: list[dict[str, Any]]) -> None:
    """The synchronous machine's states, and what they have made."""
    for event in events:
        moment = event["timestamp"].timestamp()
        if "stateEnteredEventDetails" in event:
            details, kind = event["stateEnteredEventDetails"], event["type"].removesuffix("StateEntered")
            if kind in SHOWN:
                progress.stages.append(State(details["name"], kind, moment))
            _collect(progress.results, details.get("input"))
        elif "stateExitedEventDetails" in event:
            details = event["stateExitedEventDetails"]
            for state in progress.stages:
                if state.name == details["name"] and state.ended is None:
                    state.ended = moment
            _collect(progress.results, details.get("output"))


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
