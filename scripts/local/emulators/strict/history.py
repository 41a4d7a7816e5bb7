"""The history as AWS writes it: what a task was given, that it began, and that its event was sent; and it is not endless.

TaskScheduled has the resolved parameters, so that the token of a waiting task can be read. An execution that reaches 25,000
events ends with States.Runtime. The states of an inline Map's items are events of the same history.
"""

import json
import threading
from contextvars import ContextVar
from types import ModuleType
from typing import Any

from .paths import RUNTIME

MOST_EVENTS = 25_000
INTEGRATION = ":states:::"
WAITS = ".waitForTaskToken"
MESSAGE = f"The execution reached the maximum number of history events ({MOST_EVENTS})."
Execution = dict[str, Any]


class History:
    """Adds to MiniStack's history what it leaves out, and counts."""

    def __init__(self, states: ModuleType) -> None:
        self._states = states
        self._add = states._add_event
        # Of the task at work: what it was given, and its execution and resource. A thread that MiniStack starts for it
        # has them too.
        self._parameters: ContextVar[Any] = ContextVar("parameters", default=None)
        self._task: ContextVar[tuple[Execution, dict[str, str]]] = ContextVar("task")
        self._lock = threading.Lock()
        self._of_items: dict[str, int] = {}

    def remember(self, parameters: Any) -> Any:
        self._parameters.set(parameters)
        return parameters

    def add(self, execution: Execution, kind: str, details: dict[str, Any] | None = None) -> Any:
        for values in (details or {}).values():
            if INTEGRATION in values.get("resource", ""):
                service, action = values["resource"].split(INTEGRATION, 1)[1].split(":", 1)
                values.update(resourceType=service, resource=action)
        if kind == "TaskScheduled":
            scheduled = details["taskScheduledEventDetails"]
            scheduled["parameters"] = json.dumps(self._parameters.get())
            self._task.set((execution, {name: scheduled[name] for name in ("resourceType", "resource")}))
        if not kind.startswith("Execution"):
            self._count(execution, 1)
        event = self._add(execution, kind, details)
        if kind == "TaskScheduled":
            self.add(execution, "TaskStarted", {"taskStartedEventDetails": dict(self._task.get()[1])})
        return event

    def sent(self, output: Any) -> None:
        """The call of the task at work has been made; one that waits for its token goes on waiting."""
        execution, task = self._task.get()
        if task["resource"].endswith(WAITS):
            self.add(execution, "TaskSubmitted", {"taskSubmittedEventDetails": {**task, "output": json.dumps(output)}})

    def of_item(self, execution: Execution, events: int) -> None:
        """Events that MiniStack does not write: those of a Map's items."""
        with self._lock:
            self._of_items[execution["executionArn"]] = self._of_items.get(execution["executionArn"], 0) + events
        self._count(execution, 0)

    @property
    def execution(self) -> Execution:
        """Whose task is at work."""
        return self._task.get()[0]

    def _count(self, execution: Execution, more: int) -> None:
        # The last one tells of the end.
        if len(execution["events"]) + self._of_items.get(execution["executionArn"], 0) + more >= MOST_EVENTS:
            raise self._states._ExecutionError(RUNTIME, MESSAGE)


class CountedStates(dict[str, Any]):
    """The states of a Map's item: looking one up is how the interpreter enters it."""

    def __init__(self, states: dict[str, Any], history: History, execution: Execution) -> None:
        super().__init__(states)
        # Asked, because others look on in the same way.
        self._states = states
        self._history, self._execution = history, execution

    def get(self, name: str, default: Any = None) -> Any:
        self._history.of_item(self._execution, 2)
        return self._states.get(name, default)


def install(states: ModuleType) -> History:
    """The history, for those who do a task's call."""
    history = History(states)
    parameters, arguments = states._apply_parameters, states._apply_jsonata_arguments
    run_item, read = states._run_sub_machine, states._get_execution_history

    def counted_item(item: dict[str, Any], start: str, given: Any, execution: Execution, ctx: Any) -> Any:
        history.of_item(execution, 2)
        return run_item(CountedStates(item, history, execution), start, given, execution, ctx)

    def read_history(data: dict[str, Any]) -> Any:
        status, headers, body = read(data)
        if data.get("includeExecutionData") is False and status == 200:
            answer = json.loads(body)
            for event in answer["events"]:
                event.get("taskScheduledEventDetails", {}).pop("parameters", None)
            body = json.dumps(answer).encode()
        return status, headers, body

    states._apply_parameters = lambda *given: history.remember(parameters(*given))
    states._apply_jsonata_arguments = lambda *given: history.remember(arguments(*given))
    states._add_event, states._run_sub_machine, states._get_execution_history = history.add, counted_item, read_history
    return history
