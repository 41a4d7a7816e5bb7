"""What the emulator counts, with stand-ins for MiniStack's modules that call what they call."""

import json
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from local.emulators.footprint import USAGE
from local.emulators.meter import Meter, watch_functions, watch_states


def usage(folder: Path) -> dict[str, Any]:
    return json.loads((folder / USAGE).read_text())


def module(**functions: Any) -> Any:
    made = ModuleType("stand-in")
    vars(made).update(functions)
    return made


def test_each_invocation_is_rounded_up_by_itself(tmp_path: Path) -> None:
    meter = Meter(tmp_path)
    for seconds in (0.0101, 0.0009, 0.002):
        meter.invoked("sdwan-phase1", 256, seconds)
    assert usage(tmp_path)["functions"] == {"sdwan-phase1": {"invocations": 3, "billed_ms": 11 + 1 + 2, "memory_mb": 256}}


def test_an_invocation_that_fails_is_billed_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([10.0, 10.5])
    monkeypatch.setattr("local.emulators.meter.time", SimpleNamespace(monotonic=lambda: next(clock)))

    def dispatch(*_: Any) -> None:
        raise ValueError("the function died")
    functions = module(_execute_function_dispatch=dispatch)
    watch_functions(functions, Meter(tmp_path))
    with pytest.raises(ValueError):
        functions._execute_function_dispatch({}, {"FunctionName": "f", "MemorySize": 128}, {}, "id", 0.0)
    assert usage(tmp_path)["functions"]["f"]["billed_ms"] == 500


def test_only_the_functions_calls_of_systems_manager_count(tmp_path: Path) -> None:
    meter = Meter(tmp_path)
    for operation in ("SendCommand", "PutParameter", "SendCommand", "GetParameter"):
        meter.asked(operation)
    assert usage(tmp_path)["ssm_calls"] == {"SendCommand": 2}


def machines() -> Any:
    return module(_add_event=lambda execution, kind, details: None,
                  _find_matching_retrier=lambda retriers, error, counts: (retriers[0], 0) if retriers else (None, -1))


def test_states_and_retries_are_transitions(tmp_path: Path) -> None:
    watched = machines()
    watch_states(watched, Meter(tmp_path))
    for kind in ("PassStateEntered", "PassStateExited", "TaskScheduled"):
        watched._add_event({}, kind, {})
    assert usage(tmp_path)["state_transitions"] == 1
    assert watched._find_matching_retrier([{"MaxAttempts": 2}], "error", {}) == ({"MaxAttempts": 2}, 0)
    assert usage(tmp_path)["state_transitions"] == 2
    assert watched._find_matching_retrier([], "error", {}) == (None, -1)
    assert usage(tmp_path)["state_transitions"] == 2


def test_the_largest_of_all_that_states_were_given_and_gave(tmp_path: Path) -> None:
    watched, meter = machines(), Meter(tmp_path)
    watch_states(watched, meter)
    watched._add_event({}, "PassStateEntered", {"stateEnteredEventDetails": {"name": "x" * 50, "input": "123"}})
    watched._add_event({}, "TaskSucceeded", {"taskSucceededEventDetails": {"output": "éé"}})
    meter.moved()
    assert usage(tmp_path)["largest_state_bytes"] == 4
