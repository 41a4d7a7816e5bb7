"""Follows a machine's variables: one that is read was assigned on every way to its state, and every function exists.

An expression sees the variables as they were when its state began, whatever the same Assign sets. `$states.result` is there
where a Task's result is, `$states.errorOutput` in a catcher.
"""

from collections.abc import Iterator
from typing import Any

from . import expressions
from .machine import JSONATA, Problem, Scope, State, inner, language, scopes

UNDEFINED, UNKNOWN_FUNCTION, MISPLACED = "UNDEFINED_VARIABLE", "UNKNOWN_FUNCTION", "MISPLACED_STATES_FIELD"
RESERVED = "states"
# JSONata 2.0.6 without $eval, which Step Functions has not, and the six that it adds.
FUNCTIONS = frozenset("""
abs append assert average base64decode base64encode boolean ceil contains count decodeUrl decodeUrlComponent distinct each
encodeUrl encodeUrlComponent error exists filter floor formatBase formatInteger formatNumber fromMillis join keys length
lookup lowercase map match max merge millis min not now number pad parseInteger power random reduce replace reverse round
shuffle sift single sort split spread sqrt string substring substringAfter substringBefore sum toMillis trim type uppercase
zip hash parse partition range uuid
""".split())
NESTED = ("ItemProcessor", "Iterator", "Branches")
Names = frozenset[str]


def unassigned(definition: dict[str, Any]) -> list[Problem]:
    """What is read though it need not be there."""
    every = {scope.place: scope for scope in scopes(definition)}
    problems: list[Problem] = []
    waiting: list[tuple[Scope, Names]] = [(every[""], frozenset())]
    while waiting:
        scope, given = waiting.pop()
        for name, known in _known(scope, given).items():
            state, place = scope.states[name], scope.place_of(name)
            if language(definition, state) == JSONATA:
                problems += _of_state(state, known, place)
            waiting += [(every[place + field], known) for field, _ in inner(state)]
    return problems


def _known(scope: Scope, given: Names) -> dict[str, Names]:
    """The variables at the entry of each state: those that all ways to it have assigned."""
    known, waiting = {scope.start: given}, [scope.start]
    while waiting:
        name = waiting.pop()
        for target, names in _leave(scope.states[name], known[name]):
            common = names if target not in known else known[target] & names
            if known.get(target) != common:
                known[target] = common
                waiting.append(target)
    return known


def _leave(state: State, known: Names) -> Iterator[tuple[str, Names]]:
    """A rule and a catcher assign their own; a state's Assign counts where neither is taken."""
    for rule in [*(state.get("Choices") or []), *(state.get("Catch") or [])]:
        if "Next" in rule:
            yield rule["Next"], known | frozenset(rule.get("Assign") or {})
    for field in ("Next", "Default"):
        if field in state:
            yield state[field], known | frozenset(state.get("Assign") or {})


def _of_state(state: State, known: Names, place: str) -> Iterator[Problem]:
    has_result = state["Type"] in ("Task", "Map", "Parallel")
    for field, value in state.items():
        if field == "Catch":
            for index, rule in enumerate(value):
                yield from _of_value(rule, known, f"{place}/Catch[{index}]", {"errorOutput"})
        elif field not in NESTED:
            yield from _of_value(value, known, f"{place}/{field}", {"result"} if has_result and field in ("Output", "Assign") else set())


def _of_value(value: Any, known: Names, place: str, also: set[str]) -> Iterator[Problem]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _of_value(each, known, f"{place}/{key}", also)
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _of_value(each, known, f"{place}[{index}]", also)
    elif expressions.is_expression(value):
        for code, text in dict.fromkeys(_of_node(expressions.tree(value), known | {RESERVED}, {"input", "context"} | also)):
            yield Problem(code, text, place)


def _of_node(node: Any, known: Names, fields: set[str]) -> Iterator[tuple[str, str]]:
    """What a syntax tree reads of what is not there: codes and texts."""
    if isinstance(node, (list, tuple)):
        for each in node:
            yield from _of_node(each, known, fields)
        return
    if not hasattr(node, "type"):
        return
    if node.type == "block":
        for part in node.expressions:
            yield from _of_node(part, known, fields)
            known |= {part.lhs.value} if part.type == "bind" else frozenset()
        return
    if node.type == "bind":
        yield from _of_node(node.rhs, known | ({node.lhs.value} if node.rhs.type == "lambda" else frozenset()), fields)
        return
    if node.type == "lambda":
        yield from _of_node(node.body, known | {argument.value for argument in node.arguments}, fields)
        return
    if node.type == "variable" and node.value not in known | FUNCTIONS:
        yield UNDEFINED, f"${node.value or ''} need not have been assigned"
    if node.type == "function" and node.procedure.type == "variable" and node.procedure.value not in FUNCTIONS | known:
        yield UNKNOWN_FUNCTION, f"there is no function ${node.procedure.value}"
    if node.type == "path" and node.steps[0].type == "variable" and node.steps[0].value == RESERVED:
        if len(node.steps) < 2 or node.steps[1].value not in fields:
            yield MISPLACED, f"$states.{node.steps[1].value if len(node.steps) > 1 else ''} is not there"
    for field, value in vars(node).items():
        # A function's name is no variable that is read.
        if not (field == "procedure" and getattr(value, "type", "") == "variable"):
            yield from _of_node(value, known, fields)
