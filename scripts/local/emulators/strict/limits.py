"""What a state gets and what it gives is at most 256 KiB: States.DataLimitExceeded, which States.ALL does not catch."""

import json
from types import ModuleType
from typing import Any

from ..footprint import STATE_LIMIT
from .errors import DATA_LIMIT
from .size import size

STATES = ("pass", "task", "choice", "wait", "parallel", "map")
EVENT_TEXTS = ("parameters", "output")


def install(states: ModuleType) -> None:
    for kind in STATES:
        setattr(states, f"_execute_{kind}", _limited(states, getattr(states, f"_execute_{kind}")))
    add = states._add_event

    def add_event(execution: dict[str, Any], kind: str, details: dict[str, Any] | None = None) -> Any:
        event = add(execution, kind, details)
        if kind in ("TaskScheduled", "TaskSucceeded"):
            for values in (details or {}).values():
                for name in EVENT_TEXTS:
                    _check_text(states, values.get(name, ""))
        return event

    states._add_event = add_event


def _limited(states: ModuleType, execute: Any) -> Any:
    def limited(state: dict[str, Any], given: Any, *rest: Any) -> Any:
        check(states, given)
        output, following = execute(state, given, *rest)
        check(states, output)
        return output, following
    return limited


def check(states: ModuleType, value: Any) -> None:
    """Raises where a value is too large."""
    _check_text(states, json.dumps(value))


def _check_text(states: ModuleType, text: str) -> None:
    # A text with white space and escapes is never the smaller one.
    if len(text) > STATE_LIMIT and (found := size(json.loads(text))) > STATE_LIMIT:
        raise states._ExecutionError(
            DATA_LIMIT, "The state/task returned a result with a size exceeding the maximum number of bytes service limit: "
                        f"{found} bytes, {STATE_LIMIT} are allowed")
