"""Comparisons are judged as Step Functions judges them."""

from typing import Any

import pytest

from .conftest import Emulator, choice

RUNTIME = "States.Runtime"
PRESENT = {"Variable": "$.a", "IsPresent": True}


# The beginning of a machine as it was once: without start_at every execution ended here on AWS, and locally none.
def test_a_comparison_of_what_is_not_there_ends_the_execution(emulator: Emulator) -> None:
    end = emulator.run(choice(
        {"Variable": "$.start_at", "StringEquals": "phase1"}, {"Variable": "$.start_at", "IsPresent": True}))
    assert (end["status"], end["error"]) == ("FAILED", RUNTIME)
    assert end["cause"].endswith("Invalid path '$.start_at': The choice state's condition path references an invalid value.")


@pytest.mark.parametrize("rule", [
    {"NumericEquals": 1}, {"BooleanEquals": False}, {"IsNull": True}, {"IsString": False}, {"StringMatches": "*"},
    {"TimestampLessThan": "2026-01-01T00:00:00Z"}])
def test_every_comparison_does(emulator: Emulator, rule: dict[str, Any]) -> None:
    assert emulator.outcome(choice({"Variable": "$.a", **rule})) == RUNTIME
    assert emulator.outcome(choice({"Not": {"Variable": "$.a", **rule}})) == RUNTIME
    assert emulator.outcome(choice({"Variable": "$$.Execution.Nothing", **rule})) == RUNTIME


def test_the_right_side_has_to_be_there_too(emulator: Emulator) -> None:
    assert emulator.outcome(choice({"Variable": "$.a", "NumericEqualsPath": "$.b"}), {"a": 1}) == RUNTIME


@pytest.mark.parametrize("given, answer", [({}, "no"), ({"a": 0}, "no"), ({"a": 1}, "yes"), ({"a": "1"}, "no"), ([], "no"), ("a", "no")])
def test_a_guard_keeps_it_from_that(emulator: Emulator, given: Any, answer: str) -> None:
    assert emulator.outcome(choice({"And": [PRESENT, {"Variable": "$.a", "NumericEquals": 1}]}), given) == answer


@pytest.mark.parametrize("rule, given, answer", [
    (PRESENT, {"a": None}, "yes"), ({"Variable": "$.a", "IsPresent": False}, {"a": None}, "no"),
    ({"Variable": "$.a", "IsNull": True}, {"a": None}, "yes"),
    ({"Variable": "$.a", "IsNumeric": True}, {"a": True}, "no"), ({"Variable": "$.a", "BooleanEquals": True}, {"a": 1}, "no"),
    ({"Variable": "$.a", "NumericLessThanPath": "$.b"}, {"a": 1, "b": 2}, "yes"),
    ({"Variable": "$.a", "StringLessThanPath": "$.b"}, {"a": "x", "b": "y"}, "yes"),
    ({"Variable": "$.a", "StringMatches": "log-*.t\\*t"}, {"a": "log-1.t*t"}, "yes"),
    ({"Variable": "$.a", "StringMatches": "log-*.t\\*t"}, {"a": "log-1.txt"}, "no"),
])
def test_what_a_value_is(emulator: Emulator, rule: dict[str, Any], given: Any, answer: str) -> None:
    assert emulator.outcome(choice(rule), given) == answer


def test_a_condition_is_true_or_false(emulator: Emulator) -> None:
    for condition, answer in (("{% $states.input.a = 1 %}", "yes"), ("{% $states.input.b = 1 %}", "no"),
                              ("{% $states.input.a %}", "States.QueryEvaluationError"),
                              ("{% $states.input.b %}", "States.QueryEvaluationError")):
        assert emulator.outcome(choice({"Condition": condition}, QueryLanguage="JSONata"), {"a": 1}) == answer
