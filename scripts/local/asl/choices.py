"""The rules of Choice states: which comparisons there are, and what a rule may hold."""

import re
from collections.abc import Iterator
from typing import Any

from .fields import CODE
from .machine import JSONATA, Problem, language, scopes

TESTS = ("IsPresent", "IsNull", "IsNumeric", "IsString", "IsBoolean", "IsTimestamp")
# Kind, relation, and whether the right side is a path.
COMPARISON = re.compile(r"^(String|Numeric|Boolean|Timestamp)(Equals|LessThanEquals|LessThan|GreaterThanEquals|GreaterThan)(Path)?$")
MATCHES = "StringMatches"
LIST_OPERATORS, NOT = ("And", "Or"), "Not"
OF_RULE = {"Next", "Assign", "Comment"}


def is_comparison(field: str) -> bool:
    """Whether it is an operator that looks at a Variable."""
    found = COMPARISON.match(field)
    is_order = found is not None and (found[1] != "Boolean" or found[2] == "Equals")
    return field in TESTS or field == MATCHES or is_order


def wrong(definition: dict[str, Any]) -> Iterator[Problem]:
    """Rules that Step Functions refuses."""
    for scope in scopes(definition):
        for name, state in scope.states.items():
            if state.get("Type") != "Choice":
                continue
            if not state.get("Choices"):
                yield Problem(CODE, "Choices must not be empty", scope.place_of(name))
            for index, rule in enumerate(state.get("Choices") or []):
                place = f"{scope.place_of(name)}/Choices[{index}]"
                if language(definition, state) == JSONATA:
                    yield from _only(rule, OF_RULE | {"Condition", "Output"}, {"Condition", "Next"}, place)
                else:
                    yield from _of_jsonpath(rule, place, OF_RULE)


def _only(rule: dict[str, Any], allowed: set[str], required: set[str], place: str) -> Iterator[Problem]:
    for field in sorted(rule.keys() - allowed):
        yield Problem(CODE, f"Field '{field}' is not supported", place)
    for field in sorted(required - rule.keys()):
        yield Problem(CODE, f"Field '{field}' is required", place)


def _of_jsonpath(rule: dict[str, Any], place: str, also: set[str]) -> Iterator[Problem]:
    operators = [field for field in rule if field in (*LIST_OPERATORS, NOT) or is_comparison(field)]
    if len(operators) != 1:
        yield Problem(CODE, f"A rule has one comparison or one of And, Or, Not, not {sorted(operators)}", place)
        return
    operator = operators[0]
    variable = {"Variable"} if is_comparison(operator) else set()
    yield from _only(rule, also | variable | {operator}, variable | ({"Next"} & also), place)
    parts = rule[operator] if operator in LIST_OPERATORS else [rule[operator]] if operator == NOT else []
    for index, part in enumerate(parts):
        yield from _of_jsonpath(part, f"{place}/{operator}[{index}]" if operator != NOT else f"{place}/{NOT}", set())
