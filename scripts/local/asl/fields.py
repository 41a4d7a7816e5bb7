"""Which fields a state may have: by its type and its query language, as Step Functions' developer guide lists them.

Step Functions refuses a definition for a field too many, with the words that are used here.
"""

from collections.abc import Iterator
from typing import Any

from .machine import JSONATA, JSONPATH, Problem, Scope, State, language, scopes

CODE = "SCHEMA_VALIDATION_FAILED"
COMMON = frozenset({"Type", "Comment", "QueryLanguage"})
GOING_ON = {"Next", "End", "Assign"}
PATHS, RESULT = {"InputPath", "OutputPath"}, {"ResultSelector", "ResultPath"}
RECOVERY = {"Retry", "Catch"}
TASK = {"Resource", "TimeoutSeconds", "HeartbeatSeconds", "Credentials"}
MAP = {"ItemProcessor", "Iterator", "ItemSelector", "ItemReader", "ItemBatcher", "ResultWriter", "Label", "MaxConcurrency",
       "ToleratedFailurePercentage", "ToleratedFailureCount"}

ALLOWED: dict[str, dict[str, set[str]]] = {
    JSONPATH: {
        "Pass": GOING_ON | PATHS | {"Parameters", "Result", "ResultPath"},
        "Task": GOING_ON | PATHS | RESULT | RECOVERY | TASK | {"Parameters", "TimeoutSecondsPath", "HeartbeatSecondsPath"},
        "Choice": PATHS | {"Choices", "Default", "Assign"},
        "Wait": GOING_ON | PATHS | {"Seconds", "SecondsPath", "Timestamp", "TimestampPath"},
        "Succeed": set(PATHS),
        "Fail": {"Error", "ErrorPath", "Cause", "CausePath"},
        "Parallel": GOING_ON | PATHS | RESULT | RECOVERY | {"Branches", "Parameters"},
        "Map": GOING_ON | PATHS | RESULT | RECOVERY | MAP | {
            "ItemsPath", "Parameters", "MaxConcurrencyPath", "ToleratedFailurePercentagePath", "ToleratedFailureCountPath"},
    },
    JSONATA: {
        "Pass": GOING_ON | {"Output"},
        "Task": GOING_ON | RECOVERY | TASK | {"Arguments", "Output"},
        "Choice": {"Choices", "Default", "Assign", "Output"},
        "Wait": GOING_ON | {"Seconds", "Timestamp", "Output"},
        "Succeed": {"Output"},
        "Fail": {"Error", "Cause"},
        "Parallel": GOING_ON | RECOVERY | {"Branches", "Arguments", "Output"},
        "Map": GOING_ON | RECOVERY | MAP | {"Items", "Output"},
    },
}
# At least one of each set.
REQUIRED: dict[str, list[set[str]]] = {
    "Pass": [{"Next", "End"}], "Choice": [{"Choices"}], "Succeed": [], "Fail": [],
    "Task": [{"Next", "End"}, {"Resource"}], "Parallel": [{"Next", "End"}, {"Branches"}],
    "Wait": [{"Next", "End"}, {"Seconds", "SecondsPath", "Timestamp", "TimestampPath"}],
    "Map": [{"Next", "End"}, {"ItemProcessor", "Iterator"}],
}
# At most one of each set.
EXCLUSIVE = ({"Next", "End"}, {"Seconds", "SecondsPath", "Timestamp", "TimestampPath"}, {"Error", "ErrorPath"},
             {"Cause", "CausePath"}, {"TimeoutSeconds", "TimeoutSecondsPath"}, {"MaxConcurrency", "MaxConcurrencyPath"})
TOP = {"Comment", "StartAt", "States", "Version", "TimeoutSeconds", "QueryLanguage"}
PROCESSOR = {"Comment", "StartAt", "States", "ProcessorConfig"}
LONGEST_NAME = 80


def misplaced(definition: dict[str, Any]) -> Iterator[Problem]:
    """Fields that do not belong where they are, and those that are missing."""
    seen: set[str] = set()
    for scope in scopes(definition):
        yield from _of_scope(scope)
        for name, state in scope.states.items():
            if name in seen:
                yield Problem("DUPLICATE_STATE_NAME", f"Duplicate State name: {name}", scope.place_of(name))
            seen.add(name)
            if len(name) > LONGEST_NAME:
                yield Problem(CODE, f"State name is longer than {LONGEST_NAME} characters", scope.place_of(name))
            yield from _of_state(definition, scope.place_of(name), state)


def _of_scope(scope: Scope) -> Iterator[Problem]:
    for field in sorted(scope.holder.keys() - (PROCESSOR if scope.place else TOP)):
        yield Problem(CODE, f"Field '{field}' is not supported", scope.place)
    if not scope.states:
        yield Problem(CODE, "Field is required", f"{scope.place}/States")


def _of_state(definition: dict[str, Any], place: str, state: State) -> Iterator[Problem]:
    kind, spoken = state.get("Type"), language(definition, state)
    if spoken not in ALLOWED or kind not in ALLOWED[spoken]:
        yield Problem(CODE, f"Value is not supported: Type {kind!r}, QueryLanguage {spoken!r}", place)
        return
    if state.get("QueryLanguage") == JSONPATH and definition.get("QueryLanguage") == JSONATA:
        yield Problem(CODE, "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine", place)
    other = JSONATA if spoken == JSONPATH else JSONPATH
    for field in sorted(state.keys() - COMMON - ALLOWED[spoken][kind]):
        if field in ALLOWED[other][kind]:
            yield Problem(CODE, f"The QueryLanguage is set to '{spoken}', but field '{field}' is only supported for the '{other}' "
                                "QueryLanguage", place)
        else:
            yield Problem(CODE, f"Field '{field}' is not supported", place)
    for fields in REQUIRED[kind]:
        if not fields & state.keys():
            yield Problem(CODE, f"One of the following fields is required: {sorted(fields & ALLOWED[spoken][kind])}", place)
    for fields in EXCLUSIVE:
        if len(fields & state.keys()) > 1:
            yield Problem(CODE, f"There should only be one of the following fields: {sorted(fields & state.keys())}", place)
    if state.get("End") is False:
        yield Problem(CODE, "Field 'End' can only be true", place)

