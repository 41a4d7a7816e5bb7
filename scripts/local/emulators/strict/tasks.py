"""The task that sends events, as AWS does it.

A Detail that is an object becomes its JSON text, the execution and its machine are added to the entry's resources, and the task
fails with EventBridge.FailedEntry if an entry is not taken (developer guide, "Call EventBridge with Step Functions").
"""

import json
from types import ModuleType
from typing import Any

from .history import History

PUT_EVENTS = "arn:aws:states:::events:putEvents"


def install(states: ModuleType, bus: ModuleType, history: History) -> None:
    def put_events(_: str, arguments: dict[str, Any]) -> Any:
        execution = history.execution
        ours = [execution["executionArn"], execution["stateMachineArn"]]
        entries = [{**entry, "Detail": text_of(entry.get("Detail")), "Resources": [*(entry.get("Resources") or []), *ours]}
                   for entry in arguments.get("Entries", [])]
        status, _, body = bus._put_events({**arguments, "Entries": entries})
        answer = json.loads(body)
        if status >= 400:
            raise states._ExecutionError(f"EventBridge.{answer['__type']}", answer["message"])
        if answer["FailedEntryCount"]:
            raise states._ExecutionError("EventBridge.FailedEntry", json.dumps(answer))
        history.sent(answer)
        return answer

    states._SERVICE_DISPATCH[PUT_EVENTS] = put_events


def text_of(detail: Any) -> Any:
    """An entry's Detail as the integration sends it: an object's JSON, anything else as it is."""
    return json.dumps(detail) if isinstance(detail, dict) else detail
