"""Sizes: of what states carry, of variables, of the history."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import Emulator, single

TOO_LARGE, RUNTIME = "States.DataLimitExceeded", "States.Runtime"
STATE_LIMIT = 256 * 1024
DOUBLED = single(Type="Pass", Parameters={"a.$": "$.a", "b.$": "$.a"})
JSONATA = {"QueryLanguage": "JSONata"}


def of_size(number: int) -> dict[str, str]:
    """An object of so many bytes."""
    return {"a": "x" * (number - len('{"a":""}'))}


def test_a_state_gives_at_most_256_kib(emulator: Emulator) -> None:
    half = (STATE_LIMIT - len('{"a":"","b":""}')) // 2
    assert len(emulator.outcome(DOUBLED, {"a": "x" * half})["b"]) == half
    assert emulator.outcome(DOUBLED, {"a": "x" * (half + 1)}) == TOO_LARGE
    # Characters are counted by their bytes, and not as they are escaped.
    assert len(emulator.outcome(DOUBLED, {"a": "ü" * (half // 2)})["b"]) == half // 2


def test_nothing_but_its_own_name_catches_that(emulator: Emulator) -> None:
    def branches(*rules: dict[str, Any]) -> dict[str, Any]:
        return {"StartAt": "Branch", "States": {
            "Branch": {"Type": "Parallel", "Branches": [DOUBLED], "Catch": [{**rule, "Next": "Caught"} for rule in rules], "End": True},
            "Caught": {"Type": "Pass", "Result": "caught", "End": True}}}
    large = of_size(STATE_LIMIT - 10)
    assert emulator.outcome(branches({"ErrorEquals": ["States.ALL"]}), large) == TOO_LARGE
    assert emulator.outcome(branches({"ErrorEquals": [TOO_LARGE]}, {"ErrorEquals": ["States.ALL"]}), large) == "caught"


def test_an_execution_gets_json_of_at_most_256_kib(emulator: Emulator) -> None:
    machine = emulator.make(single(Type="Pass"))
    assert emulator.outcome(single(Type="Pass"), of_size(STATE_LIMIT - 2)) is not None
    with pytest.raises(ClientError, match="ValidationException"):
        emulator.states.start_execution(stateMachineArn=machine, input='{"a":"' + "x" * STATE_LIMIT + '"}')
    for text in ("{", "", "NaN"):
        with pytest.raises(ClientError, match="InvalidExecutionInput"):
            emulator.states.start_execution(stateMachineArn=machine, input=text)


def test_one_assign_sets_at_most_256_kib(emulator: Emulator) -> None:
    state = {"Type": "Pass", "Assign": {"a": "{% $pad('', $states.input.of) %}", "b": "{% $pad('', $states.input.of) %}"}}
    machine = {**JSONATA, **single(**state)}
    assert emulator.outcome(machine, {"of": 130_000}) == {"of": 130_000}
    assert emulator.outcome(machine, {"of": 132_000}) == TOO_LARGE


def test_all_variables_have_at_most_10_mib(emulator: Emulator) -> None:
    count = 45
    states = {f"S{n}": {"Type": "Pass", "Assign": {f"v{n}": "{% $pad('', 250000) %}"}, "Next": f"S{n + 1}"} for n in range(count)}
    machine = {**JSONATA, "StartAt": "S0", "States": {**states, f"S{count}": {"Type": "Succeed"}}}
    execution = emulator.start(machine)
    assert emulator.ended(execution)["error"] == TOO_LARGE
    entered = [e["stateEnteredEventDetails"]["name"] for page in
               emulator.states.get_paginator("get_execution_history").paginate(executionArn=execution)
               for e in page["events"] if "stateEnteredEventDetails" in e]
    assert entered[-1] == "S41"


def test_an_assign_sees_what_was_before_it(emulator: Emulator) -> None:
    machine = {**JSONATA, "StartAt": "First", "States": {
        "First": {"Type": "Pass", "Assign": {"n": 1}, "Next": "Second"},
        "Second": {"Type": "Pass", "Assign": {"n": "{% $n + 1 %}", "before": "{% $n %}"}, "Next": "Third"},
        "Third": {"Type": "Pass", "Output": "{% [$n, $before] %}", "End": True}}}
    assert emulator.outcome(machine) == [2, 1]


def test_an_assign_counts_in_a_rule_and_in_a_catcher(emulator: Emulator) -> None:
    put_events = "arn:aws:states:::events:putEvents"
    machine = {"StartAt": "Ask", "States": {
        "Ask": {"Type": "Choice", **JSONATA, "Default": "Fail",
                "Choices": [{"Condition": "{% true %}", "Assign": {"a": "of a rule"}, "Next": "Send"}]},
        "Send": {"Type": "Task", **JSONATA, "Resource": put_events, "Arguments": {"Entries": [{"Source": "x"}]}, "Next": "Fail",
                 "Catch": [{"ErrorEquals": ["States.ALL"], "Assign": {"b": "{% $states.errorOutput.Error %}"}, "Next": "Tell"}]},
        "Tell": {"Type": "Pass", **JSONATA, "Output": "{% [$a, $b] %}", "End": True}, "Fail": {"Type": "Fail"}}}
    assert emulator.outcome(machine) == ["of a rule", "EventBridge.FailedEntry"]


def test_an_execution_has_at_most_25_000_events(emulator: Emulator) -> None:
    loop = {"StartAt": "A", "States": {
        "A": {"Type": "Choice", "Choices": [{"Variable": "$.end", "IsPresent": True, "Next": "B"}], "Default": "A"},
        "B": {"Type": "Succeed"}}}
    end = emulator.run(loop)
    assert end["error"] == RUNTIME and end["cause"] == "The execution reached the maximum number of history events (25000)."
    newest = emulator.states.get_execution_history(executionArn=end["executionArn"], reverseOrder=True, maxResults=1)
    assert newest["events"][0]["type"] == "ExecutionFailed" and newest["events"][0]["id"] <= 25_000


def test_the_events_of_a_maps_items_count(emulator: Emulator) -> None:
    inside = {"ProcessorConfig": {"Mode": "INLINE"}, "StartAt": "A", "States": {
        "A": {"Type": "Choice", "Choices": [{"Variable": "$$.Map.Item.Value", "IsNull": True, "Next": "B"}], "Default": "A"},
        "B": {"Type": "Succeed"}}}
    assert emulator.outcome(single(Type="Map", ItemsPath="$.items", ItemProcessor=inside), {"items": [1]}) == RUNTIME
