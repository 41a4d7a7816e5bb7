"""Every definition that Terraform renders is right, and whatever is broken in one is found."""

import copy
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from local.asl import check, fields, flow, machine, refusal, transitions

from .definitions import ROOT, RUNS, rendered

Definition = dict[str, Any]
VARIANTS = re.findall(r'^run "(\w+)"', (ROOT / RUNS).read_text(), re.MULTILINE)
# Those in JSONPath; more of the engine's: rollout/test_definitions.py.
SYNCHRONOUS = [variant for variant in VARIANTS if variant.startswith("synchronous")]


@pytest.fixture(scope="module")
def definitions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return rendered(tmp_path_factory.mktemp("definitions"))


def found(definition: Definition) -> list[str]:
    return [str(problem) for problem in check.problems(json.dumps(definition))]


@pytest.mark.parametrize("variant", VARIANTS)
def test_what_is_rendered_is_right(definitions: dict[str, str], variant: str) -> None:
    assert check.problems(definitions[variant]) == []


def states(definition: Definition) -> Iterator[tuple[str, dict[str, Any]]]:
    for scope in machine.scopes(definition):
        yield from scope.states.items()


def conjunctions(definition: Definition) -> Iterator[list[dict[str, Any]]]:
    """The lists of rules that stand in an And of a Choice."""
    for _, state in states(definition):
        for rule in state.get("Choices") or []:
            if "And" in rule:
                yield rule["And"]


@pytest.mark.parametrize("variant", SYNCHRONOUS)
def test_a_guard_that_is_taken_away_is_missed(definitions: dict[str, str], variant: str) -> None:
    """Each IsPresent before a comparison of the same variable, one at a time."""
    count = 0
    for number, rules in enumerate(conjunctions(json.loads(definitions[variant]))):
        for place, rule in enumerate(rules):
            compared = [other for other in rules if other["Variable"] == rule["Variable"] and "IsPresent" not in other]
            if "IsPresent" not in rule or not compared:
                continue
            broken = json.loads(definitions[variant])
            del list(conjunctions(broken))[number][place]
            assert any(f"{flow.CODE}: it is not certain that {rule['Variable']} is there" in text for text in found(broken)), rule
            count += 1
    assert count >= 6


@pytest.mark.parametrize("variant", SYNCHRONOUS)
def test_a_transition_that_leads_nowhere_is_found(definitions: dict[str, str], variant: str) -> None:
    places = [(name, field) for name, state in states(json.loads(definitions[variant])) for field, _ in machine.targets(state)]
    assert len(places) > 20
    for name, field in places:
        broken = json.loads(definitions[variant])
        holder = dict(states(broken))[name]
        *way, last = [int(part) if part.isdigit() else part for part in re.findall(r"[A-Za-z]+|\d+", field)]
        for part in way:
            holder = holder[part]
        holder[last] = "Nowhere"
        [problem] = [each for each in transitions.broken(broken) if each.text == "Missing 'Next' target: Nowhere"]
        assert problem.code == transitions.MISSING and problem.place.endswith(f"/States/{name}{field}")


@pytest.mark.parametrize("variant", SYNCHRONOUS)
def test_a_state_that_is_left_or_has_no_end_is_found(definitions: dict[str, str], variant: str) -> None:
    names = [name for name, state in states(json.loads(definitions[variant])) if "Next" in state]
    for name in names:
        broken = json.loads(definitions[variant])
        del dict(states(broken))[name]["Next"]
        [problem] = fields.misplaced(broken)
        assert problem.text == "One of the following fields is required: ['End', 'Next']" and problem.place.endswith(f"/States/{name}")
    left = json.loads(definitions[variant])
    left["States"]["Left"] = {"Type": "Pass", "Next": "Succeeded"}
    assert found(left) == ['MISSING_TRANSITION_TARGET: State "Left" is not reachable. at /States/Left']


def change(definition: Definition, path: str, value: Any) -> Definition:
    """The definition with another value at a path like States.Start.Choices.0; None takes it away."""
    changed: Any = copy.deepcopy(definition)
    holder, parts = changed, path.split("/")
    for part in parts[:-1]:
        holder = holder[int(part) if part.isdigit() else part]
    last: Any = int(parts[-1]) if parts[-1].isdigit() else parts[-1]
    if value is None:
        del holder[last]
    else:
        holder[last] = value
    return changed


@pytest.mark.parametrize("variant, path, value, words", [
    # The first rule keeps away what is no object.
    ("synchronous", "States/Start/Choices/0/Condition", "{% false %}",
     "ResultPath $.phase1_result: it is not certain that the state's input is an object"),
    ("synchronous", "States/Phase1Verdict/Choices/2/And/1", None, "it is not certain that $.phase1_result.failed is there"),
    ("synchronous", "States/Phase1Verdict/Choices/2/And/2", None, "it is not certain that $.phase1_result.summary is there"),
    ("synchronous", "States/Phase1/ResultPath", "$", "ResultPath $.failure: it is not certain that the state's input is an object"),
    ("synchronous", "States/DescribeError/ResultPath", "$.failed", "it is not certain that $.failure.error is there at /States/Failed"),
    ("synchronous", "States/Failed/CausePath", "$.failure.reason", "it is not certain that $.failure.reason is there"),
    ("synchronous", "States/DescribeError/Parameters/cause.$", "States.Format('{}', $.failure.Why)", "that $.failure.Why is there"),
    ("synchronous", "States/Phase2/Catch/0/ErrorEquals", ["States.ALL", "A"], "must appear alone"),
    ("synchronous", "States/Phase2/Retry/0/ErrorEquals", ["States.ALL"], "must be in the last rule of the list"),
    ("synchronous", "States/Succeeded/Result", {}, "Field 'Result' is not supported"),
    ("synchronous", "States/Phase2Wait/Next", "Phase2Wait", 'From state "Phase2Wait" no end is reached'),
    ("rollout", "States/Plan/Assign/first", "{% $states.input. %}", "INVALID_JSONATA_EXPRESSION"),
])
def test_what_is_broken_is_found(definitions: dict[str, str], variant: str, path: str, value: Any, words: str) -> None:
    problems = found(change(json.loads(definitions[variant]), path, value))
    assert any(words in text for text in problems), problems


def test_a_definition_that_is_too_large_is_found(definitions: dict[str, str]) -> None:
    padded = definitions["synchronous"] + " " * refusal.LARGEST
    assert [problem.code for problem in check.problems(padded)] == ["INVALID_SIZE"]


# As it was: on AWS each execution without start_at ended here.
OLD = {"StartAt": "Start", "States": {
    "Start": {"Type": "Choice", "Choices": [{"Variable": "$.start_at", "StringEquals": "phase1", "Next": "Done"},
                                            {"Variable": "$.start_at", "IsPresent": True, "Next": "Unknown"}], "Default": "Done"},
    "Unknown": {"Type": "Fail"}, "Done": {"Type": "Succeed"}}}
A, IS_ONE = {"Variable": "$.a", "IsPresent": True}, {"Variable": "$.a", "NumericEquals": 1}


def asking(*rules: dict[str, Any]) -> Definition:
    return {"StartAt": "Ask", "States": {
        "Ask": {"Type": "Choice", "Choices": [{**rule, "Next": "One"} for rule in rules], "Default": "Done"},
        "One": {"Type": "Pass", "InputPath": "$.a", "Next": "Done"}, "Done": {"Type": "Succeed"}}}


@pytest.mark.parametrize("definition, is_right", [
    (OLD, False), (asking(IS_ONE), False), (asking({"And": [A, IS_ONE]}), True), (asking({"And": [IS_ONE, A]}), False),
    (asking({"Not": A}, IS_ONE), False), (asking({"Variable": "$.a", "IsPresent": False}, IS_ONE), False),
    (asking({"Or": [{"Variable": "$.a", "IsPresent": False}, IS_ONE]}), False), (asking({"Or": [A, IS_ONE]}), False),
    (asking({"And": [{"Not": {"Variable": "$.a", "IsPresent": False}}, IS_ONE]}), True),
    (asking({"And": [A, {"Variable": "$.a", "NumericEqualsPath": "$.b"}]}), False),
    (asking({"And": [A, {"Variable": "$.b", "IsPresent": True}, {"Variable": "$.a", "NumericEqualsPath": "$.b"}]}), True),
])
def test_what_is_proven(definition: Definition, is_right: bool) -> None:
    assert (found(definition) == []) == is_right, found(definition)


def test_an_earlier_rule_that_leads_away_is_a_proof() -> None:
    definition = asking(IS_ONE)
    definition["States"]["Ask"]["Choices"].insert(0, {"Variable": "$.a", "IsPresent": False, "Next": "Done"})
    assert found(definition) == []


def test_every_way_to_a_state_has_to_make_what_it_reads() -> None:
    ways = {"StartAt": "Ask", "States": {
        "Ask": {"Type": "Choice", "QueryLanguage": "JSONata", "Default": "Two",
                "Choices": [{"Condition": "{% $type($states.input) = 'object' %}", "Next": "One"}]},
        "One": {"Type": "Pass", "Result": 1, "ResultPath": "$.a", "Next": "Read"},
        "Two": {"Type": "Pass", "Result": {"a": 1}, "Next": "Read"},
        "Read": {"Type": "Pass", "Parameters": {"b.$": "$.a"}, "Next": "Done"}, "Done": {"Type": "Succeed"}}}
    assert found(ways) == []
    assert len(found(change(ways, "States/Two/Result", {"b": 1}))) == 1
    assert len(found(change(ways, "States/One/ResultPath", "$.b"))) == 1
    assert len(found(change(ways, "States/Ask/Choices/0/Condition", "{% true %}"))) == 1
