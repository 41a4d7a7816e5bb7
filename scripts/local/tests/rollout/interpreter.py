"""A second interpreter of the Amazon States Language, as far as the rollout's machine needs it: JSONata, and strict.

It shares no code with the emulator but the library that evaluates an expression, takes no time, and counts the history's
events as AWS does. What the developer guide does not promise is an error here.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from jsonata.jexception import JException
from jsonata.jsonata import Jsonata
from jsonata.utils import Utils

LIMIT = 256 * 1024
MOST_EVENTS, MOST_SECONDS, LONGEST_CAUSE = 25_000, 99_999_999, 32_768
LIMITED, RUNTIME, QUERY, ALL = "States.DataLimitExceeded", "States.Runtime", "States.QueryEvaluationError", "States.ALL"
Task = Callable[[str, Any], Any]


class Failed(Exception):
    """An error as Step Functions knows it."""

    def __init__(self, error: str, cause: str = "") -> None:
        super().__init__(f"{error}: {cause}")
        self.error, self.cause = error, cause


@dataclass
class Outcome:
    """How an execution has ended, and what it took."""

    status: str = ""
    output: Any = None
    error: str = ""
    cause: str = ""
    visited: list[str] = field(default_factory=list)
    waited: list[tuple[str, float]] = field(default_factory=list)
    events: int = 0
    largest: int = 0

    @property
    def summary(self) -> dict[str, Any]:
        """The rollout's own word, wherever it stands."""
        return self.output if self.status == "SUCCEEDED" else json.loads(self.cause)


class Execution:
    """One run of a definition; `task` does what a Task's resource does with its arguments, or raises Failed."""

    ARN = "arn:aws:states:us-east-1:000000000000:execution:rollout:1"

    def __init__(self, definition: dict[str, Any], task: Task) -> None:
        self._definition, self._do = definition, task
        self._variables: dict[str, Any] = {}
        self._context: dict[str, Any] = {}
        self.outcome = Outcome()

    def run(self, given: Any) -> Outcome:
        self._context = {"Execution": {"Id": self.ARN, "Input": given, "StartTime": "2026-01-01T00:00:00Z"}}
        name, data, outcome = self._definition["StartAt"], given, self.outcome
        try:
            while True:
                state = self._definition["States"][name]
                outcome.visited.append(name)
                self._context["State"] = {"Name": name, "EnteredTime": "2026-01-01T00:00:01Z", "RetryCount": 0}
                self._count(2)
                self._sized(data)
                if state["Type"] == "Succeed":
                    outcome.status, outcome.output = "SUCCEEDED", data
                    return outcome
                if state["Type"] == "Fail":
                    raise Failed(self._text(state["Error"], data), self._text(state["Cause"], data))
                name, data = getattr(self, f"_{state['Type'].lower()}")(state, data)
        except Failed as failed:
            outcome.status, outcome.error, outcome.cause = "FAILED", failed.error, failed.cause
            assert len(failed.cause) <= LONGEST_CAUSE
            return outcome

    def _pass(self, state: dict[str, Any], data: Any) -> tuple[str, Any]:
        return self._leave(state, data, {"input": data})

    def _choice(self, state: dict[str, Any], data: Any) -> tuple[str, Any]:
        for rule in state["Choices"]:
            holds = self._value(rule["Condition"], {"input": data})
            if not isinstance(holds, bool):
                raise Failed(QUERY, f"{rule['Condition']} is {holds!r}")
            if holds:
                return self._leave(rule, data, {"input": data})
        return self._leave({**state, "Next": state["Default"]}, data, {"input": data})

    def _wait(self, state: dict[str, Any], data: Any) -> tuple[str, Any]:
        seconds = self._value(state["Seconds"], {"input": data})
        if isinstance(seconds, bool) or int(seconds) != seconds or not 0 <= seconds <= MOST_SECONDS:
            raise Failed(QUERY, f"Seconds is {seconds!r}")
        self.outcome.waited.append((self._context["State"]["Name"], seconds))
        return self._leave(state, data, {"input": data})

    def _result(self, state: dict[str, Any], data: Any) -> Any:
        arguments = self._sized(self._value(state["Arguments"], {"input": data}))
        self._count(4 if state["Resource"].endswith(".waitForTaskToken") else 3)
        return self._sized(self._do(state["Resource"].rsplit(":::", 1)[1], arguments))

    def _leave_task(self, state: dict[str, Any], data: Any) -> tuple[str, Any]:
        self._context["Task"] = {"Token": f"token-{self.outcome.events}"}
        result = self._result(state, data)
        return self._leave(state, data, {"input": data, "result": result}, result)

    def _leave(self, state: dict[str, Any], data: Any, states: dict[str, Any], default: Any = None) -> tuple[str, Any]:
        """Output and Assign see the variables as they were."""
        output = self._value(state["Output"], states) if "Output" in state else data if default is None else default
        assigned = self._sized({name: self._value(value, states) for name, value in state.get("Assign", {}).items()})
        self._variables = self._sized({**self._variables, **assigned}, 40 * LIMIT)
        return state["Next"], self._sized(output)

    def _task(self, state: dict[str, Any], data: Any) -> tuple[str, Any]:
        attempts: dict[int, int] = {}
        while True:
            self._context["State"]["RetryCount"] = sum(attempts.values())
            try:
                return self._leave_task(state, data)
            except Failed as failed:
                index = next(_matching(state.get("Retry", []), failed.error), None)
                if index is not None and attempts.get(index, 0) < state["Retry"][index]["MaxAttempts"]:
                    attempts[index] = attempts.get(index, 0) + 1
                    continue
                catcher = next((state["Catch"][place] for place in _matching(state.get("Catch", []), failed.error)), None)
                if catcher is None:
                    raise
                error = {"Error": failed.error, **({"Cause": failed.cause} if failed.cause else {})}
                return self._leave(catcher, data, {"input": data, "errorOutput": error})

    def _value(self, value: Any, states: dict[str, Any]) -> Any:
        if isinstance(value, dict):
            return {key: self._value(each, states) for key, each in value.items()}
        if isinstance(value, list):
            return [self._value(each, states) for each in value]
        if not (isinstance(value, str) and value.startswith("{%")):
            return value
        return evaluated(value[2:-2], {**self._variables, "states": {**states, "context": self._context}})

    def _text(self, value: Any, data: Any) -> str:
        text = self._value(value, {"input": data})
        if not isinstance(text, str):
            raise Failed(QUERY, f"{value} is no text")
        return text

    def _sized(self, value: Any, limit: int = LIMIT) -> Any:
        size = len(json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode())
        self.outcome.largest = max(self.outcome.largest, size if limit == LIMIT else 0)
        if size > limit:
            raise Failed(LIMITED, f"{size} bytes in {self._context['State']['Name']}")
        return value

    def _count(self, events: int) -> None:
        self.outcome.events += events
        if self.outcome.events >= MOST_EVENTS:
            raise Failed(RUNTIME, "The execution reached the maximum number of history events (25000).")


@cache
def _program(expression: str) -> Jsonata:
    program = Jsonata.jsonata(f"($value := ({expression}); {{ 'is': $exists($value), 'value': $value }})")
    program.register_lambda("parse", json.loads)
    return program


def evaluated(expression: str, bindings: dict[str, Any]) -> Any:
    """An expression's value; one that has none is an error."""
    try:
        known = {name: Utils.NULL_VALUE if value is None else value for name, value in bindings.items()}
        found = _program(expression).evaluate(None, known)
    except (JException, ValueError) as error:
        raise Failed(QUERY, f"{error} in {expression}") from error
    if not found["is"]:
        raise Failed(QUERY, f"no value: {expression}")
    return json.loads(json.dumps(found.get("value")))


def _matching(rules: list[dict[str, Any]], error: str) -> Iterator[int]:
    """The places of the rules that an error meets; States.ALL meets neither of the two that end an execution."""
    for place, rule in enumerate(rules):
        if error in rule["ErrorEquals"] or (ALL in rule["ErrorEquals"] and error not in (LIMITED, RUNTIME)):
            yield place
