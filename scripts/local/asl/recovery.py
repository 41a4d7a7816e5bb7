"""Retry and Catch: States.ALL stands alone in its rule and last in its list, and the numbers are what they may be."""

from collections.abc import Iterator
from typing import Any

from .fields import CODE
from .machine import JSONATA, Problem, language, scopes

EVERYTHING = "States.ALL"
RETRIER = {"Comment", "ErrorEquals", "IntervalSeconds", "MaxAttempts", "BackoffRate", "MaxDelaySeconds", "JitterStrategy"}
CATCHER = {"Comment", "ErrorEquals", "Next", "Assign"}
MOST_SECONDS, MOST_DELAY = 99_999_999, 31_622_400


def wrong(definition: dict[str, Any]) -> Iterator[Problem]:
    """Rules that Step Functions refuses."""
    for scope in scopes(definition):
        for name, state in scope.states.items():
            own = "Output" if language(definition, state) == JSONATA else "ResultPath"
            for field, allowed in (("Retry", RETRIER), ("Catch", CATCHER | {own})):
                rules = state.get(field) or []
                for index, rule in enumerate(rules):
                    place = f"{scope.place_of(name)}/{field}[{index}]"
                    yield from _of_rule(rule, allowed, place, is_last=index == len(rules) - 1)
                    if field == "Retry":
                        yield from _of_numbers(rule, place)


def _of_rule(rule: dict[str, Any], allowed: set[str], place: str, is_last: bool) -> Iterator[Problem]:
    for field in sorted(rule.keys() - allowed):
        yield Problem(CODE, f"Field '{field}' is not supported", place)
    names = rule.get("ErrorEquals")
    if not isinstance(names, list) or not names:
        yield Problem(CODE, "Field 'ErrorEquals' is required", place)
    elif EVERYTHING in names and len(names) > 1:
        yield Problem(CODE, f"'{EVERYTHING}' must appear alone in ErrorEquals", place)
    elif EVERYTHING in names and not is_last:
        yield Problem(CODE, f"'{EVERYTHING}' must be in the last rule of the list", place)


def _of_numbers(rule: dict[str, Any], place: str) -> Iterator[Problem]:
    interval = rule.get("IntervalSeconds", 1)
    delay = rule.get("MaxDelaySeconds", interval + 1)
    limits = [("IntervalSeconds", 1 <= interval <= MOST_SECONDS), ("MaxAttempts", 0 <= rule.get("MaxAttempts", 3) <= MOST_SECONDS),
              ("BackoffRate", rule.get("BackoffRate", 2.0) >= 1), ("MaxDelaySeconds", interval < delay <= MOST_DELAY),
              ("JitterStrategy", rule.get("JitterStrategy", "NONE") in ("FULL", "NONE"))]
    for field, is_right in limits:
        if not is_right:
            yield Problem(CODE, f"Field '{field}' has a value that is not allowed: {rule[field]}", place)
