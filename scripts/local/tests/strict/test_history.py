"""The history holds what a task was given: who may read it can answer a task that waits."""

import json
import time
from typing import Any

from .conftest import ENDED_WITHIN, Emulator

MACHINE = {"StartAt": "Ask", "States": {"Ask": {
    "Type": "Task", "Resource": "arn:aws:states:::events:putEvents.waitForTaskToken",
    "Parameters": {"Entries": [{"Source": "sdwan", "DetailType": "wanted", "Detail": {"token.$": "$$.Task.Token", "wave.$": "$.wave"}}]},
    "End": True}}}


def events(emulator: Emulator, execution: str, **more: Any) -> list[dict[str, Any]]:
    return emulator.states.get_execution_history(executionArn=execution, **more)["events"]


def submitted(emulator: Emulator, execution: str) -> list[dict[str, Any]]:
    """The history as soon as the event is sent."""
    end = time.monotonic() + ENDED_WITHIN
    while "TaskSubmitted" not in [event["type"] for event in events(emulator, execution)]:
        assert time.monotonic() < end, events(emulator, execution)
        time.sleep(0.05)
    return events(emulator, execution)


def test_a_task_that_waits_can_be_answered_from_its_history(emulator: Emulator) -> None:
    execution = emulator.start(MACHINE, {"wave": "rest"})
    found = submitted(emulator, execution)
    assert [event["type"] for event in found[1:]] == ["TaskStateEntered", "TaskScheduled", "TaskStarted", "TaskSubmitted"]
    scheduled = found[2]["taskScheduledEventDetails"]
    assert (scheduled["resourceType"], scheduled["resource"]) == ("events", "putEvents.waitForTaskToken")
    detail = json.loads(scheduled["parameters"])["Entries"][0]["Detail"]
    assert detail["wave"] == "rest"
    emulator.states.send_task_success(taskToken=detail["token"], output='{"by": "hand"}')
    assert json.loads(emulator.ended(execution)["output"]) == {"by": "hand"}


def test_who_wants_no_data_gets_none(emulator: Emulator) -> None:
    execution = emulator.start(MACHINE, {"wave": "rest"})
    submitted(emulator, execution)
    [scheduled] = [event["taskScheduledEventDetails"] for event in events(emulator, execution, includeExecutionData=False)
                   if event["type"] == "TaskScheduled"]
    assert "parameters" not in scheduled and scheduled["resource"] == "putEvents.waitForTaskToken"
    emulator.states.stop_execution(executionArn=execution)


def test_an_event_that_is_not_sent_is_not_waited_for(emulator: Emulator) -> None:
    task = {**MACHINE["States"]["Ask"], "Parameters": {"Entries": [{"Source": "sdwan", "DetailType": "wanted", "Detail": "no object"}]}}
    end = emulator.run({"StartAt": "Ask", "States": {"Ask": task}})
    assert end["error"] == "EventBridge.FailedEntry"
    assert "TaskSubmitted" not in [event["type"] for event in events(emulator, end["executionArn"])]


def test_what_failed_has_no_output(emulator: Emulator) -> None:
    ended = emulator.run({"StartAt": "No", "States": {"No": {"Type": "Fail", "Error": "Mine", "Cause": "no"}}})
    assert (ended["status"], ended["error"], ended["cause"]) == ("FAILED", "Mine", "no")
    assert ended.get("output") is None
