"""A comparison of something that is not there is no false: it ends the execution. And true is no number.

"Invalid path '$.x': The choice state's condition path references an invalid value." IsPresent alone may look for what is not
there; null is there. In JSONata a condition has to be true or false.
"""

import operator
import re
from collections.abc import Callable
from types import ModuleType
from typing import Any

from ...asl.choices import COMPARISON, MATCHES
from .paths import RUNTIME, is_present
from .size import shown

RELATIONS: dict[str, Callable[[Any, Any], bool]] = {
    "Equals": operator.eq, "LessThan": operator.lt, "LessThanEquals": operator.le,
    "GreaterThan": operator.gt, "GreaterThanEquals": operator.ge}
WILDCARD = re.compile(r"\\\\|\\\*|\*|[^*\\]+|\\")


def install(states: ModuleType) -> None:
    evaluate = states._evaluate_rule

    def is_there(path: str, data: Any, ctx: Any) -> bool:
        return is_present(states, *_place(path, data, ctx))

    def value_of(path: str, data: Any, ctx: Any) -> Any:
        """Raises States.Runtime where there is none."""
        if not is_there(path, data, ctx):
            raise states._ExecutionError(
                RUNTIME, f"Invalid path '{path}': The choice state's condition path references an invalid value.")
        return states._resolve_path(*_place(path, data, ctx))

    def judged(rule: dict[str, Any], data: Any, ctx: Any = None) -> bool:
        if rule.keys() & {"And", "Or", "Not"}:
            return evaluate(rule, data, ctx)
        if "IsPresent" in rule:
            return is_there(rule["Variable"], data, ctx) == rule["IsPresent"]
        return _holds(states, rule, value_of(rule["Variable"], data, ctx), lambda other: value_of(other, data, ctx))

    def condition(rule: dict[str, Any], raw_input: Any, ctx: Any) -> bool:
        given = rule.get("Condition")
        value = states._apply_jsonata_template(given, raw_input, ctx)
        if not isinstance(value, bool):
            raise states._ExecutionError(
                "States.QueryEvaluationError", f"The condition {given} returned {shown(value)}, which is neither true nor false")
        return value

    states._evaluate_rule, states._evaluate_jsonata_choice_rule = judged, condition


def _place(path: str, data: Any, ctx: Any) -> tuple[str, Any]:
    """A path and what it is looked for in: the context for one that begins with $$."""
    return (path[1:], ctx or {}) if path.startswith("$$") else (path, data)


def _holds(states: ModuleType, rule: dict[str, Any], value: Any, find: Callable[[str], Any]) -> bool:
    tests = {
        "IsNull": value is None, "IsNumeric": states._is_num(value), "IsString": isinstance(value, str),
        "IsBoolean": isinstance(value, bool), "IsTimestamp": states._is_timestamp(value)}
    for field, wanted in rule.items():
        if field in tests:
            return tests[field] == wanted
        if field == MATCHES:
            return isinstance(value, str) and re.fullmatch(_pattern(wanted), value, re.DOTALL) is not None
        if comparison := COMPARISON.match(field):
            kind, relation, is_path = comparison.groups()
            sides = [_as_kind(states, kind, side) for side in (value, find(wanted) if is_path else wanted)]
            return None not in sides and RELATIONS[relation](*sides)
    raise states._ExecutionError(RUNTIME, f"The emulator does not know the rule {shown(rule)}")


def _as_kind(states: ModuleType, kind: str, value: Any) -> Any:
    """A value of this kind to be compared; None for one of another kind, which is never equal, less or greater."""
    if kind == "Timestamp":
        return states._parse_ts(value)
    fits = {"String": isinstance(value, str), "Numeric": states._is_num(value), "Boolean": isinstance(value, bool)}
    return value if fits[kind] else None


def _pattern(wanted: str) -> str:
    """An asterisk stands for anything, unless there is a backslash before it."""
    return "".join(".*" if part == "*" else re.escape(part[1:] if part in (r"\*", r"\\") else part)
                   for part in WILDCARD.findall(wanted))
