"""What the history of the engine's machine says: its waves and steps, out of a loop of the same states."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from .state import State

# The engine's first state; no other machine of ours has one of this name.
FIRST = "Begin"
ADMIT, WORK, STEP_ENDED, APPROVAL, PAUSE = "Admit", "Work", "StepEnded", "Approval", "StepPause"
ENDS = ("Refused", "Completed", "Failed")
# A pause after a step is entered after each of them, and worth a line where it lasts.
SHORTEST_PAUSE = 0.5
# What is the machine's own of an answer, and too long to be shown.
NOT_SHOWN = ("done", "state", "wait_seconds", "progress")

Waves = dict[str, dict[str, Any]]
Event = dict[str, Any]


@dataclass
class Rollout:
    """The stages of an execution so far, and each wave's results by `STEP_result`."""

    stages: list[State] = field(default_factory=list)
    waves: Waves = field(default_factory=dict)


def is_one(events: list[Event]) -> bool:
    """Whether these are of the engine's machine."""
    return any(event.get("stateEnteredEventDetails", {}).get("name") == FIRST for event in events)


def read(events: Iterable[Event]) -> Rollout:
    """A history, or its beginning."""
    reader = _Reader()
    for event in events:
        reader.take(event)
    return reader.found


class _Reader:
    def __init__(self) -> None:
        self.found = Rollout()
        self._state = self._step = ""

    def take(self, event: Event) -> None:
        moment = event["timestamp"].timestamp()
        if "stateEnteredEventDetails" in event:
            self._enter(event["stateEnteredEventDetails"]["name"], moment)
        elif "stateExitedEventDetails" in event:
            self._leave(event["stateExitedEventDetails"]["name"], moment)
        elif "taskScheduledEventDetails" in event:
            self._schedule(event["taskScheduledEventDetails"], moment)
        elif "taskSucceededEventDetails" in event and self._state == WORK:
            self._answer(event["taskSucceededEventDetails"].get("output"))

    def _enter(self, state: str, moment: float) -> None:
        self._state = state
        if state == ADMIT:
            self._begin("admission", "Task", moment)
        elif state == PAUSE and self.found.stages:
            self._begin(f"{self._step.partition('.')[0]}.pause", "Wait", moment)
        elif state == STEP_ENDED:
            self._end(moment)
        elif state in ENDS:
            self._begin(state, "Fail" if state != "Completed" else "Succeed", moment)

    def _leave(self, state: str, moment: float) -> None:
        if state in (ADMIT, APPROVAL, PAUSE):
            self._end(moment)
        if state == PAUSE and self.found.stages[-1].seconds < SHORTEST_PAUSE:
            self.found.stages.pop()

    def _schedule(self, details: dict[str, Any], moment: float) -> None:
        if self._state not in (WORK, APPROVAL):
            return
        given = json.loads(details.get("parameters") or "{}")
        if self._state == APPROVAL:
            self._begin(f"{given['Entries'][0]['Detail']['wave']}.approval", "Wait", moment)
            return
        step = f"{given['Payload']['wave']}.{given['Payload']['step']}"
        last = self.found.stages[-1] if self.found.stages else None
        if last is None or last.name != step or last.ended is not None:
            self._step = step
            self._begin(step, "Task", moment)

    def _answer(self, text: str | None) -> None:
        answer = json.loads(text).get("Payload") if text else None
        if isinstance(answer, dict) and answer.get("done") is True:
            wave, _, step = self._step.partition(".")
            self.found.waves.setdefault(wave, {})[f"{step}_result"] = {
                name: value for name, value in answer.items() if name not in NOT_SHOWN}

    def _begin(self, name: str, kind: str, moment: float) -> None:
        self.found.stages.append(State(name, kind, moment))

    def _end(self, moment: float) -> None:
        if self.found.stages and self.found.stages[-1].ended is None:
            self.found.stages[-1].ended = moment


def described(waves: Waves, cause: str) -> list[dict[str, Any]]:
    """Each wave with its status, reason and steps, as far as the cause of the failure has them, and its results."""
    known = {wave["name"]: wave for wave in _summary(cause).get("waves", [])}
    names = list(dict.fromkeys([*known, *waves]))
    return [{"name": name, **known.get(name, {}), **waves.get(name, {})} for name in names]


def told(cause: str) -> list[str]:
    """What the cause of a failed rollout says, a line for each wave, for what is not known, and where to go on."""
    summary, lines = _summary(cause), []
    for wave in summary.get("waves", []):
        lines.append(f"wave {wave['name']}: {wave['status']}" + (f": {wave['reason']}" if wave.get("reason") else ""))
        lines += [f"    {step['step']}: how it ended is not known of {step['unknown_count']} routers"
                  for step in wave.get("steps", []) if step.get("unknown_count")]
    return lines + ([f'go on with {{"start_at": "{summary["start_at"]}"}}'] if summary.get("start_at") else [])


def _summary(cause: str) -> dict[str, Any]:
    """Nothing of a cause that is no rollout's."""
    try:
        summary = json.loads(cause)
    except ValueError:
        return {}
    return summary if isinstance(summary, dict) and isinstance(summary.get("waves"), list) else {}


def elsewhere(result: dict[str, Any]) -> str:
    """How many routers succeeded and where their results are, if the history has not all; else empty."""
    succeeded = result.get("success_count", 0)
    total = succeeded + result.get("fail_count", 0)
    missing = total - len(result.get("results", {}))
    if missing <= 0:
        return ""
    place = result.get("results_uri") or "the function's log"
    return f"{succeeded} of {total} routers succeeded; the results of {missing} are in {place}"
