"""Who answers for the waves that wait, in the tests of the machines' paths."""

import json
from typing import Any

# The task that sends "SD-WAN approval wanted" and waits.
WAITING = "putEvents.waitForTaskToken"
ENDS = ("TaskSucceeded", "TaskFailed", "TaskTimedOut", "TaskStateExited", "TaskStateAborted")
REASON = "not today"


def token(events: list[dict[str, Any]]) -> str | None:
    """The token of the task that waits at the end of a history; None if none does.

    It is good for an answer only from TaskSubmitted on: the event has been sent.
    """
    asked = wanted = None
    for event in events:
        scheduled = event.get("taskScheduledEventDetails", {})
        if scheduled.get("resource") == WAITING:
            asked = json.loads(scheduled["parameters"])["Entries"][0]["Detail"]["task_token"]
        elif event["type"] == "TaskSubmitted":
            wanted = asked
        elif event["type"] in ENDS or event["type"].startswith("Execution"):
            asked = wanted = None
    return wanted


def answer(states: Any, execution: str, reason_against: str | None) -> bool:
    """Approve, or reject for a reason; whether a wave has waited."""
    pages = states.get_paginator("get_execution_history").paginate(executionArn=execution, includeExecutionData=True)
    waiting = token([event for page in pages for event in page["events"]])
    if waiting is None:
        return False
    if reason_against is None:
        states.send_task_success(taskToken=waiting, output="{}")
    else:
        states.send_task_failure(taskToken=waiting, error="Rejected", cause=reason_against)
    return True
