"""A path that finds nothing ends the execution."""

from typing import Any

import pytest

from .conftest import Emulator, single

RUNTIME = "States.Runtime"
MAP = {"ItemProcessor": {"ProcessorConfig": {"Mode": "INLINE"}, "StartAt": "Item", "States": {"Item": {"Type": "Pass", "End": True}}}}


@pytest.mark.parametrize("state", [
    {"Type": "Pass", "InputPath": "$.a"}, {"Type": "Pass", "OutputPath": "$.a"}, {"Type": "Pass", "Parameters": {"b.$": "$.a"}},
    {"Type": "Pass", "Parameters": {"b.$": "$.there[1]"}}, {"Type": "Pass", "Parameters": {"b.$": "$$.Execution.Nothing"}},
    {"Type": "Pass", "Parameters": {"b": {"c.$": "States.Format('{}', $.a)"}}},
    {"Type": "Pass", "Parameters": {"b.$": "States.JsonToString($.a)"}},
    {"Type": "Wait", "SecondsPath": "$.a"}, {"Type": "Map", "ItemsPath": "$.a", **MAP},
    {"Type": "Map", "ItemsPath": "$.there", "ItemSelector": {"b.$": "$.a"}, **MAP},
])
def test_nothing_is_found(emulator: Emulator, state: dict[str, Any]) -> None:
    end = emulator.run(single(**state), {"there": [1]})
    assert end["status"] == "FAILED" and end["error"] == RUNTIME, end
    assert "could not be found in the input" in end["cause"]


@pytest.mark.parametrize("seconds, is_right", [(0, True), (1, True), (-1, False), (0.5, False), ("1", False), (None, False), (True, False)])
def test_a_wait_takes_whole_seconds(emulator: Emulator, seconds: Any, is_right: bool) -> None:
    given = {"a": seconds}
    assert emulator.outcome(single(Type="Wait", SecondsPath="$.a"), given) == (given if is_right else RUNTIME)
    assert emulator.outcome(single(Type="Wait", TimestampPath="$.a"), {"a": "2026-01-01T00:00:00Z"}) == {"a": "2026-01-01T00:00:00Z"}
    assert emulator.outcome(single(Type="Wait", TimestampPath="$.a"), given) == RUNTIME


def test_a_fail_state_says_what_it_can_not_find(emulator: Emulator) -> None:
    state = {"Type": "Fail", "ErrorPath": "$.a"}
    assert emulator.outcome({"StartAt": "F", "States": {"F": state}}) == RUNTIME
    assert emulator.outcome({"StartAt": "F", "States": {"F": state}}, {"a": "Mine"}) == "Mine"


def test_null_and_an_empty_list_are_something(emulator: Emulator) -> None:
    assert emulator.outcome(single(Type="Pass", Parameters={"b.$": "$.a"}), {"a": None}) == {"b": None}
    assert emulator.outcome(single(Type="Pass", Parameters={"b.$": "$.a[*].c"}), {"a": []}) == {"b": []}


@pytest.mark.parametrize("given", [[1], "text", 1])
def test_a_result_has_its_place_in_an_object_only(emulator: Emulator, given: Any) -> None:
    end = emulator.run(single(Type="Pass", Result=1, ResultPath="$.a"), given)
    assert end["error"] == "States.ResultPathMatchFailure" and "Unable to apply ReferencePath $.a" in end["cause"]
    assert emulator.outcome(single(Type="Pass", Result=1, ResultPath="$.a"), {"b": 2}) == {"a": 1, "b": 2}


def test_format_takes_no_object(emulator: Emulator) -> None:
    state = single(Type="Pass", Parameters={"b.$": "States.Format('{} {} {}', $.a, $.c, $.d)"})
    assert emulator.outcome(state, {"a": True, "c": None, "d": "x"}) == {"b": "true null x"}
    assert emulator.outcome(state, {"a": {}, "c": 1, "d": "x"}) == "States.IntrinsicFailure"
    merge = single(Type="Pass", Parameters={"b.$": "States.JsonMerge($.a, $.c, false)"})
    assert emulator.outcome(merge, {"a": {}, "c": 1}) == "States.IntrinsicFailure"


@pytest.mark.parametrize("given", [None, {"b": 1}])
def test_nothing_catches_it(emulator: Emulator, given: Any) -> None:
    inside = {"StartAt": "Item", "States": {"Item": {"Type": "Pass", "InputPath": "$.a", "End": True}}}
    states = {"Branch": {"Type": "Parallel", "Branches": [inside], "Retry": [{"ErrorEquals": ["States.ALL"]}],
                         "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Caught"}], "End": True},
              "Caught": {"Type": "Pass", "Result": "caught", "End": True}}
    assert emulator.outcome({"StartAt": "Branch", "States": states}, given) == RUNTIME
