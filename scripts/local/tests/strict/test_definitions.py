"""A definition that Step Functions refuses is refused here: made anew, or as a change."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import Definition, Emulator

FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:f"
ALL = {"ErrorEquals": ["States.ALL"], "Next": "Caught"}
GOOD: Definition = {"StartAt": "Work", "States": {
    "Work": {"Type": "Task", "Resource": FUNCTION, "ResultPath": "$.work", "Retry": [{"ErrorEquals": ["A"], "MaxAttempts": 0}],
             "Catch": [{**ALL, "ResultPath": "$.e"}], "Next": "Ask"},
    "Ask": {"Type": "Choice", "Choices": [{"And": [{"Variable": "$.a", "IsPresent": True}, {"Variable": "$.a", "IsNull": False}],
                                           "Next": "Many"}], "Default": "Done"},
    "Many": {"Type": "Map", "ItemsPath": "$.a", "ItemProcessor": {"StartAt": "Item", "States": {"Item": {"Type": "Pass", "End": True}}},
             "Next": "Modern"},
    "Modern": {"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $states.input %}", "Next": "Done"},
    "Caught": {"Type": "Fail", "Error": "Mine"}, "Done": {"Type": "Succeed"}}}
Change = Callable[[dict[str, Any]], Any]
# What is changed in the good one, and what is said of it.
BAD: list[tuple[Change, str]] = [
    (lambda s: s["Done"].update(Result={}), "Field 'Result' is not supported at /States/Done"),
    (lambda s: s["Caught"].update(Next="Done"), "Field 'Next' is not supported at /States/Caught"),
    (lambda s: s["Work"].update(Choices=[]), "Field 'Choices' is not supported at /States/Work"),
    (lambda s: s["Ask"].update(Next="Done"), "Field 'Next' is not supported at /States/Ask"),
    (lambda s: s["Modern"].update(Catch=[ALL]), "Field 'Catch' is not supported at /States/Modern"),
    (lambda s: s["Modern"].update(Parameters={}),
     "The QueryLanguage is set to 'JSONata', but field 'Parameters' is only supported for the 'JSONPath' QueryLanguage"),
    (lambda s: s["Work"].update(Arguments={}),
     "The QueryLanguage is set to 'JSONPath', but field 'Arguments' is only supported for the 'JSONata' QueryLanguage"),
    (lambda s: s["Many"]["ItemProcessor"].update(QueryLanguage="JSONata"),
     "Field 'QueryLanguage' is not supported at /States/Many/ItemProcessor"),
    (lambda s: s["Many"]["ItemProcessor"]["States"]["Item"].update(Output="{% 1 %}"), "field 'Output' is only supported"),
    (lambda s: s["Work"].update(Next="Nowhere"), "MISSING_TRANSITION_TARGET: Missing 'Next' target: Nowhere at /States/Work/Next"),
    (lambda s: s["Work"]["Catch"][0].update(Next="Nowhere"), "Missing 'Next' target: Nowhere at /States/Work/Catch[0]/Next"),
    (lambda s: s["Ask"].update(Default="Nowhere"), "Missing 'Next' target: Nowhere at /States/Ask/Default"),
    (lambda s: s.update(Left={"Type": "Succeed"}), 'State "Left" is not reachable. at /States/Left'),
    (lambda s: (s.pop("Done"), s.pop("Caught"), s["Work"].pop("Catch"), s["Ask"].update(Default="Work"), s["Modern"].update(Next="Work")),
     "MISSING_END_STATE: Workflow has no terminal state"),
    (lambda s: s["Work"].pop("Next"), "One of the following fields is required: ['End', 'Next'] at /States/Work"),
    (lambda s: s["Work"].update(End=True), "There should only be one of the following fields: ['End', 'Next'] at /States/Work"),
    (lambda s: s["Work"].pop("Resource"), "required: ['Resource'] at /States/Work"),
    (lambda s: s["Done"].update(Type="Stop"), "Value is not supported: Type 'Stop'"),
    (lambda s: s["Work"]["Catch"].append({"ErrorEquals": ["A"], "Next": "Done"}), "must be in the last rule of the list"),
    (lambda s: s["Work"]["Catch"][0]["ErrorEquals"].append("A"), "must appear alone in ErrorEquals"),
    (lambda s: s["Work"]["Retry"][0].update(MaxDelaySeconds=1), "Field 'MaxDelaySeconds' has a value that is not allowed: 1"),
    (lambda s: s["Work"]["Retry"][0].update(BackoffRate=0.5), "Field 'BackoffRate' has a value that is not allowed: 0.5"),
    (lambda s: s["Ask"]["Choices"][0]["And"][0].update(IsPresentt=True), "Field 'IsPresentt' is not supported"),
    (lambda s: s["Ask"]["Choices"][0]["And"][0].update(IsString=True), "A rule has one comparison"),
    (lambda s: s["Ask"]["Choices"][0].pop("Next"), "Field 'Next' is required at /States/Ask/Choices[0]"),
    (lambda s: s["Modern"].update(Output="{% $states.input. %}"), "INVALID_JSONATA_EXPRESSION"),
    (lambda s: s["Many"]["ItemProcessor"]["States"].update(Done={"Type": "Succeed"}), "Duplicate State name: Done"),
]


def changed(change: Change) -> str:
    definition = copy.deepcopy(GOOD)
    change(definition["States"])
    return json.dumps(definition)


def test_a_good_one_is_taken(emulator: Emulator) -> None:
    machine = emulator.make(GOOD)
    emulator.states.update_state_machine(stateMachineArn=machine, definition=json.dumps(GOOD))
    assert emulator.states.validate_state_machine_definition(definition=json.dumps(GOOD))["result"] == "OK"


@pytest.mark.parametrize("change, words", BAD, ids=[words[:60] for _, words in BAD])
def test_a_bad_one_is_not(emulator: Emulator, change: Change, words: str) -> None:
    with pytest.raises(ClientError, match="InvalidDefinition") as refusal:
        emulator.make(changed(change))
    assert words in str(refusal.value)
    machine = emulator.make(GOOD)
    with pytest.raises(ClientError, match="InvalidDefinition"):
        emulator.states.update_state_machine(stateMachineArn=machine, definition=changed(change))
    assert json.loads(emulator.states.describe_state_machine(stateMachineArn=machine)["definition"]) == GOOD
    answer = emulator.states.validate_state_machine_definition(definition=changed(change))
    assert answer["result"] == "FAIL" and any(d["message"] in words or words in f"{d['code']}: {d['message']} at {d.get('location')}"
                                              for d in answer["diagnostics"])


def test_no_state_of_a_jsonata_machine_is_jsonpath(emulator: Emulator) -> None:
    machine = {"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Pass", "QueryLanguage": "JSONPath", "End": True}}}
    with pytest.raises(ClientError, match="'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine"):
        emulator.make(machine)


def test_it_has_at_most_1_mb(emulator: Emulator) -> None:
    text = json.dumps(GOOD)
    emulator.make(text + " " * (1024 * 1024 - len(text)))
    with pytest.raises(ClientError, match="InvalidDefinition"):
        emulator.make(text + " " * (1024 * 1024 - len(text) + 1))


@pytest.mark.parametrize("text", ["{", "[]", "{}"])
def test_it_is_an_object_with_states(emulator: Emulator, text: str) -> None:
    with pytest.raises(ClientError, match="InvalidDefinition"):
        emulator.make(text)
