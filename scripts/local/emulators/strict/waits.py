"""A Wait whose seconds or moment come from its input takes whole seconds from 0 on, or a timestamp: else States.Runtime."""

from types import ModuleType
from typing import Any

from ...asl.machine import JSONPATH
from .paths import RUNTIME
from .size import shown

MOST_SECONDS = 99_999_999


def install(states: ModuleType) -> None:
    execute = states._execute_wait

    def waited(state: dict[str, Any], given: Any, ctx: Any = None) -> Any:
        if states._state_query_language(state, ctx) == JSONPATH:
            effective = states._apply_input_path(state, given, ctx)
            for field, is_right in (("SecondsPath", _is_seconds), ("TimestampPath", states._is_timestamp)):
                value = states._resolve_path(state[field], effective) if field in state else None
                if field in state and not is_right(value):
                    raise states._ExecutionError(RUNTIME, f"The {field} parameter does not reference a valid value: {shown(value)}")
        return execute(state, given, ctx)

    states._execute_wait = waited


def _is_seconds(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_SECONDS
