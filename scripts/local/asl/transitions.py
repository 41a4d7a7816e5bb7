"""Where states lead to: every target exists, every state is reached, and there is an end."""

from collections.abc import Iterator
from typing import Any

from .machine import Problem, Scope, scopes, targets

MISSING, ENDLESS = "MISSING_TRANSITION_TARGET", "MISSING_END_STATE"


def broken(definition: dict[str, Any]) -> Iterator[Problem]:
    """What Step Functions refuses of the transitions."""
    for scope in scopes(definition):
        yield from _of_scope(scope)


def trapped(definition: dict[str, Any]) -> Iterator[Problem]:
    """States from which no end can be reached: Step Functions takes them, and their execution never ends."""
    for scope in scopes(definition):
        ending = {name for name, state in scope.states.items() if _ends(state)}
        while more := {name for name, state in scope.states.items()
                       if name not in ending and any(target in ending for _, target in targets(state))}:
            ending |= more
        for name in scope.states.keys() - ending:
            yield Problem(ENDLESS, f'From state "{name}" no end is reached', scope.place_of(name))


def _of_scope(scope: Scope) -> Iterator[Problem]:
    if scope.start not in scope.states:
        yield Problem(MISSING, f"Missing 'StartAt' target: {scope.start}", f"{scope.place}/StartAt")
    for name, state in scope.states.items():
        for field, target in targets(state):
            if target not in scope.states:
                yield Problem(MISSING, f"Missing 'Next' target: {target}", scope.place_of(name) + field)
    if not any(_ends(state) for state in scope.states.values()):
        yield Problem(ENDLESS, "Workflow has no terminal state")
        return
    for name in sorted(scope.states.keys() - _reached(scope)):
        yield Problem(MISSING, f'State "{name}" is not reachable.', scope.place_of(name))


def _reached(scope: Scope) -> set[str]:
    found: set[str] = set()
    waiting = [scope.start]
    while waiting:
        name = waiting.pop()
        if name in found or name not in scope.states:
            continue
        found.add(name)
        waiting += [target for _, target in targets(scope.states[name])]
    return found


def _ends(state: dict[str, Any]) -> bool:
    return state.get("Type") in ("Succeed", "Fail") or state.get("End") is True
