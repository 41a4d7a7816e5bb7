"""Counts, inside the emulator, what AWS would put on a bill or hold against a limit."""

import math
import threading
import time
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

from ..fleet.instances import write_atomically
from .footprint import USAGE

# What the functions ask of Systems Manager; Terraform and the hosts ask for other things.
CALLS_OF_FUNCTIONS = frozenset(("GetParametersByPath", "DescribeInstanceInformation", "SendCommand", "GetCommandInvocation",
                                "ListCommands", "ListCommandInvocations", "CancelCommand"))


class Meter:
    """The counts so far, and always the same in a file."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / USAGE
        self._lock = threading.Lock()
        self._functions: dict[str, dict[str, int]] = {}
        self._calls: Counter[str] = Counter()
        self._transitions = 0
        self._largest_state = 0
        self._write()

    def invoked(self, function: str, memory_mb: int, seconds: float) -> None:
        """An invocation: Lambda bills each one's duration, rounded up to a millisecond."""
        with self._lock:
            use = self._functions.setdefault(function, {"invocations": 0, "billed_ms": 0, "memory_mb": memory_mb})
            use["invocations"] += 1
            use["billed_ms"] += math.ceil(seconds * 1000)
            self._write()

    def asked(self, operation: str) -> None:
        """A call of Systems Manager."""
        if operation in CALLS_OF_FUNCTIONS:
            with self._lock:
                self._calls[operation] += 1
                self._write()

    def moved(self) -> None:
        """A state is entered, or a Task is tried again: Step Functions bills both as a transition."""
        with self._lock:
            self._transitions += 1
            self._write()

    def carried(self, text: str) -> None:
        """A state's input or output."""
        with self._lock:
            self._largest_state = max(self._largest_state, len(text.encode()))

    def _write(self) -> None:
        write_atomically(self._file, {"functions": self._functions, "ssm_calls": self._calls,
                                      "state_transitions": self._transitions, "largest_state_bytes": self._largest_state})


def watch_functions(functions: ModuleType, meter: Meter) -> None:
    """Time MiniStack's invocations, a cold start included: Lambda bills it too."""
    dispatch = functions._execute_function_dispatch

    def timed(func: dict[str, Any], config: dict[str, Any], *rest: Any) -> Any:
        started = time.monotonic()
        try:
            return dispatch(func, config, *rest)
        finally:
            meter.invoked(config["FunctionName"], config["MemorySize"], time.monotonic() - started)

    functions._execute_function_dispatch = timed


def watch_states(machines: ModuleType, meter: Meter) -> None:
    """Count MiniStack's transitions. A Map's are not in its history; no machine of ours has one."""
    add_event, find_retrier = machines._add_event, machines._find_matching_retrier

    def counted_event(execution: dict[str, Any], kind: str, details: dict[str, Any] | None = None) -> Any:
        if kind.endswith("StateEntered"):
            meter.moved()
        for values in (details or {}).values():
            for text in (values.get("input"), values.get("output")):
                meter.carried(text or "")
        return add_event(execution, kind, details)

    def counted_retry(*arguments: Any) -> Any:
        retrier, index = find_retrier(*arguments)
        if retrier is not None:
            meter.moved()
        return retrier, index

    machines._add_event, machines._find_matching_retrier = counted_event, counted_retry
