"""The input of an execution, and the answer to a task that waits, are JSON of at most 256 KiB. An execution that did not succeed
has no output (API reference, DescribeExecution)."""

import json
from types import ModuleType
from typing import Any

from ministack.core.responses import error_response_json, json_response

from ..footprint import STATE_LIMIT


def install(states: ModuleType) -> None:
    start, answer, describe = states._start_execution, states._send_task_success, states._describe_execution

    def started(data: dict[str, Any]) -> Any:
        return _refusal(data.get("input", "{}"), "input", "InvalidExecutionInput") or start(data)

    def answered(data: dict[str, Any]) -> Any:
        return _refusal(data.get("output", ""), "output", "InvalidOutput") or answer(data)

    def described(data: dict[str, Any]) -> Any:
        status, headers, body = describe(data)
        told = json.loads(body)
        return (status, headers, body) if told.get("status") == "SUCCEEDED" or "output" not in told else json_response(
            {**told, "output": None})

    states._start_execution, states._send_task_success, states._describe_execution = started, answered, described


def _refusal(text: str, field: str, error: str) -> Any:
    if len(text.encode()) > STATE_LIMIT:
        return error_response_json("ValidationException", f"1 validation error detected: Value at '{field}' failed to satisfy "
                                   f"constraint: Member must have length less than or equal to {STATE_LIMIT}", 400)
    try:
        json.loads(text, parse_constant=_no_json)
    except ValueError as problem:
        return error_response_json(error, f"Invalid JSON in {field}: {problem}", 400)
    return None


def _no_json(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")
