"""The engine's definitions are right by what Step Functions documents, and what would be wrong in one is found."""

import json
import re
from typing import Any

import pytest

from local.asl import check, variables

from ..test_asl import change

NAMES = ["network", "servers", "clusters"]
Definition = dict[str, Any]


def found(definition: Definition) -> list[str]:
    return [str(problem) for problem in check.problems(json.dumps(definition))]


@pytest.mark.parametrize("name", NAMES)
def test_what_is_rendered_is_right(definitions: dict[str, str], name: str) -> None:
    assert check.problems(definitions[name]) == [] and len(definitions[name]) < 32 * 1024


@pytest.mark.parametrize("name", NAMES)
def test_every_variable_that_is_read_is_missed_where_nothing_assigns_it(definitions: dict[str, str], name: str) -> None:
    """Each name that a state assigns, taken away wherever it is assigned."""
    definition = json.loads(definitions[name])
    assigned = {key for holder in _holders(definition) for key in holder["Assign"]}
    assert len(assigned) > 25
    for key in sorted(assigned):
        broken = json.loads(definitions[name])
        for holder in _holders(broken):
            holder["Assign"].pop(key, None)
        assert any(text.startswith(f"{variables.UNDEFINED}: ${key} need") for text in found(broken)), key


def _holders(value: Any) -> list[Definition]:
    if isinstance(value, list):
        return [holder for each in value for holder in _holders(each)]
    if not isinstance(value, dict):
        return []
    own = [value] if isinstance(value.get("Assign"), dict) else []
    return own + [holder for each in value.values() for holder in _holders(each)]


@pytest.mark.parametrize("path, value, words", [
    ("States/Work/Assign/answer", "{% $states.errorOutput %}", "$states.errorOutput is not there"),
    ("States/Work/Arguments/FunctionName", "{% $states.result.a %}", "$states.result is not there"),
    ("States/Work/Catch/0/Assign/trouble", "{% $states.result %}", "$states.result is not there"),
    ("States/Gate/Choices/0/Condition", "{% $states.result = 1 %}", "$states.result is not there"),
    ("States/Plan/Assign/first", "{% $indexOf($waves, 1) %}", "there is no function $indexOf"),
    ("States/Plan/Assign/first", "{% $eval('1') %}", "there is no function $eval"),
    ("States/Plan/Assign/first", "{% ($a := 1; $map([1], function($b) { $a + $b + $c })) %}", "$c need not have been assigned"),
    ("States/Plan/Assign/first", "{% $filter([1], $ = 1) %}", "$ need not have been assigned"),
    # What the same Assign sets is not there yet.
    ("States/NextWave/Choices/0/Assign/at", "{% $count($members) %}", "$members need not have been assigned"),
    # A catcher does not assign what its state would have.
    ("States/Refused/Cause", "{% $string($waves) %}", "$waves need not have been assigned"),
    ("States/Completed/Result", {}, "Field 'Result' is not supported"),
    ("States/Work/ResultPath", "$.a", "only supported for the 'JSONPath'"),
    ("States/Approval/Catch/0/ErrorEquals", ["States.ALL"], "must be in the last rule of the list"),
    ("States/Pause/QueryLanguage", "JSONPath", "can not be 'JSONPath'"),
    ("States/StepPause/Next", "StepPause", 'From state "StepPause" no end is reached'),
])
def test_what_is_broken_is_found(definitions: dict[str, str], path: str, value: Any, words: str) -> None:
    problems = found(change(json.loads(definitions["network"]), path, value))
    assert any(words in text for text in problems), problems


@pytest.mark.parametrize("name", NAMES)
def test_traps_of_the_interpreters_are_kept_out(definitions: dict[str, str], name: str) -> None:
    """A bare $ differs between interpreters; != is false where nothing is there; line breaks are no JSON."""
    text = definitions[name]
    assert "\n" not in text and not re.search(r"\$[ ,)\]=]", text)
    for unequal in re.findall(r"(\$[\w.]+) != ", text):
        assert unequal in {f"${name}" for name in ("refusal", "trouble", "stopped", "resume", "status", "field", "step.name")}, unequal
