"""What the history of the engine's machine says of its waves' results, out of a loop of the same states."""

import json
from collections.abc import Iterable
from typing import Any

# The engine's first state; no other machine of ours has one of this name.
FIRST = "Begin"
WORK = "Work"
# What is the machine's own of an answer.
NOT_SHOWN = ("done", "state", "wait_seconds", "progress")

Waves = dict[str, dict[str, Any]]
Event = dict[str, Any]


def is_one(events: list[Event]) -> bool:
    """Whether these are of the engine's machine."""
    return any(event.get("stateEnteredEventDetails", {}).get("name") == FIRST for event in events)


def read(events: Iterable[Event]) -> Waves:
    """Each wave's results by `STEP_result`, of a history or its beginning."""
    waves: Waves = {}
    state = wave = step = ""
    for event in events:
        if "stateEnteredEventDetails" in event:
            state = event["stateEnteredEventDetails"]["name"]
        elif state == WORK and "taskScheduledEventDetails" in event:
            asked = json.loads(event["taskScheduledEventDetails"].get("parameters") or "{}").get("Payload", {})
            wave, step = asked.get("wave", wave), asked.get("step", step)
        elif state == WORK and "taskSucceededEventDetails" in event:
            answer = json.loads(event["taskSucceededEventDetails"].get("output") or "{}").get("Payload")
            if isinstance(answer, dict) and answer.get("done") is True:
                waves.setdefault(wave, {})[f"{step}_result"] = {
                    name: value for name, value in answer.items() if name not in NOT_SHOWN}
    return waves


def described(waves: Waves, cause: str) -> list[dict[str, Any]]:
    """Each wave with its status, reason and steps, as far as the cause of the failure has them, and its results."""
    known = {wave["name"]: wave for wave in _summary(cause).get("waves", [])}
    names = list(dict.fromkeys([*known, *waves]))
    return [{"name": name, **known.get(name, {}), **waves.get(name, {})} for name in names]


def _summary(cause: str) -> dict[str, Any]:
    """Nothing of a cause that is no rollout's."""
    try:
        summary = json.loads(cause)
    except ValueError:
        return {}
    return summary if isinstance(summary, dict) and isinstance(summary.get("waves"), list) else {}
