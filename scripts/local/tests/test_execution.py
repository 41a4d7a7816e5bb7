"""What is reported of an execution, from its history."""

import json
from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any

from local.execution.progress import Execution, Progress, report


def at(second: float) -> datetime:
    return datetime.fromtimestamp(second, timezone.utc)


class FakeStates:
    """The two calls of Step Functions that an execution is read by."""

    def __init__(self, described: dict[str, Any], events: list[dict[str, Any]]) -> None:
        self.described, self.events = described, events

    def describe_execution(self, **_: str) -> dict[str, Any]:
        return self.described

    def get_paginator(self, _: str) -> "FakeStates":
        return self

    def paginate(self, **_: Any) -> Iterator[dict[str, Any]]:
        for event in self.events:
            yield {"events": [event]}


HISTORY = [
    {"type": "TaskStateEntered", "timestamp": at(10), "stateEnteredEventDetails": {"name": "Phase1", "input": "{}"}},
    {"type": "TaskStateExited", "timestamp": at(20), "stateExitedEventDetails": {
        "name": "Phase1", "output": '{"phase1_result": {"fail_count": 1, "results": {"a": {"status": "Failed", "stderr": "no\\nroom"}}}}'}},
    {"type": "FailStateEntered", "timestamp": at(21), "stateEnteredEventDetails": {"name": "Failed", "input": "[1]"}},
]


def failed() -> Progress:
    described = {"status": "FAILED", "error": "Phase.RoutersFailed", "cause": "phase1: a"}
    return Execution(FakeStates(described, HISTORY), "arn").progress()


def test_a_failed_execution_reports_its_phases() -> None:
    assert report(failed()) == {
        "status": "FAILED", "error": "Phase.RoutersFailed", "cause": "phase1: a",
        "phase1_result": {"fail_count": 1, "results": {"a": {"status": "Failed", "stderr": "no\nroom"}}}}


def test_a_succeeded_execution_reports_its_output() -> None:
    client = FakeStates({"status": "SUCCEEDED", "output": '{"phase3_result": 1, "x": 2}'}, [])
    assert report(Execution(client, "arn").progress()) == {"phase3_result": 1, "x": 2}


def entered(second: float, kind: str, name: str) -> dict[str, Any]:
    return {"type": f"{kind}StateEntered", "timestamp": at(second), "stateEnteredEventDetails": {"name": name, "input": "{}"}}


def left(second: float, kind: str, name: str, output: str = "{}") -> dict[str, Any]:
    return {"type": f"{kind}StateExited", "timestamp": at(second), "stateExitedEventDetails": {"name": name, "output": output}}


def passed(second: float, kind: str, name: str) -> list[dict[str, Any]]:
    return [entered(second, kind, name), left(second, kind, name)]


def progress_of(events: list[dict[str, Any]], **described: str) -> Progress:
    return Execution(FakeStates({"status": "RUNNING", **described}, events), "arn").progress()


def asked(second: float, wave: str, step: str, action: str = "start") -> dict[str, Any]:
    payload = {"wave": wave, "step": step, "action": action, "instances": ["a", "b"]}
    return {"type": "TaskScheduled", "timestamp": at(second), "taskScheduledEventDetails": {
        "resource": "invoke", "parameters": json.dumps({"FunctionName": "f", "Payload": payload})}}


def answered(second: float, **answer: Any) -> dict[str, Any]:
    return {"type": "TaskSucceeded", "timestamp": at(second), "taskSucceededEventDetails": {"output": json.dumps({"Payload": answer})}}


def worked(second: float, wave: str, step: str, action: str, **answer: Any) -> list[dict[str, Any]]:
    """A call of a step's function, over in half a second."""
    return [entered(second, "Task", "Work"), asked(second, wave, step, action), answered(second + 0.5, **answer),
            left(second + 0.5, "Task", "Work"), *passed(second + 0.5, "Choice", "Working")]


PENDING = {"done": False, "wait_seconds": 15, "state": "aa"}
DONE = {"done": True, "success_count": 1, "fail_count": 1, "failed": ["a"], "summary": "1 of 2 routers succeeded; a: no room"}
RESULTS = {"a": {"status": "Failed", "stderr": "no room"}, "b": {"status": "Success"}}
BEGUN = [
    *passed(8, "Pass", "Begin"), entered(8, "Task", "Admit"), answered(9, waves=[]), left(9, "Task", "Admit"),
    *passed(9, "Task", "ExecutionStarted"), *passed(9.5, "Task", "WaveStarted"), *passed(9.6, "Task", "StepStarted"),
    *worked(10, "canary", "phase1", "start", **PENDING), entered(10.6, "Wait", "Pause"), left(13, "Wait", "Pause"),
]
ENDED = [*worked(13, "canary", "phase1", "check", results=RESULTS, state="zz", **DONE), *passed(15, "Pass", "StepEnded"),
         *passed(15, "Wait", "StepPause")]
WAVES = [
    *BEGUN, *ENDED, entered(15.1, "Task", "Approval"),
    {"type": "TaskScheduled", "timestamp": at(15.1), "taskScheduledEventDetails": {
        "resource": "putEvents.waitForTaskToken", "parameters": json.dumps({"Entries": [{"Detail": {"wave": "rest"}}]})}},
    left(19, "Task", "Approval"), *worked(20, "rest", "phase3", "start", success_count=78, fail_count=2, failed=["a"], done=True,
                                          summary="78 of 80", results={}, results_uri="s3://bucket/one"),
    *passed(35, "Pass", "StepEnded"), entered(35, "Wait", "StepPause"), left(36, "Wait", "StepPause"), entered(36, "Fail", "Failed"),
]
CAUSE = json.dumps({"status": "PARTIAL", "start_at": "canary.phase1", "waves": [
    {"name": "canary", "status": "FAILED", "reason": "a", "steps": [{"step": "phase1", "unknown_count": 2}]},
    {"name": "rest", "status": "COMPLETED", "reason": "", "steps": []}]})


def test_a_failed_rollout_reports_its_waves() -> None:
    reported = report(progress_of(WAVES, status="FAILED", error="Rollout.PARTIAL", cause=CAUSE))
    assert (reported["status"], reported["error"], reported["cause"]) == ("FAILED", "Rollout.PARTIAL", CAUSE)
    canary, rest = reported["waves"]
    found = {**{name: value for name, value in DONE.items() if name != "done"}, "results": RESULTS}
    assert canary == {"name": "canary", "status": "FAILED", "reason": "a", "steps": [{"step": "phase1", "unknown_count": 2}],
                      "phase1_result": found}
    assert rest["name"] == "rest" and rest["phase3_result"]["success_count"] == 78
    assert report(progress_of(WAVES, status="FAILED", cause="cut {"))["waves"][0].keys() == {"name", "phase1_result"}


def test_an_execution_is_waited_for() -> None:
    client = FakeStates({}, [])
    answers = iter([{"status": "RUNNING"}, {"status": "RUNNING"}, *[{"status": "FAILED", "cause": "x"}] * 2])
    client.describe_execution = lambda **_: next(answers)
    assert Execution(client, "arn").ended().cause == "x" and not list(answers)
