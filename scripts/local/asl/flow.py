"""Follows what is known of the data through a machine, and finds paths that need not be there.

Looked at are all fields in JSONPath. An expression in JSONata that finds nothing is no error by itself, so only what it makes is
looked at. What a function answers is not known: a state that reads it has to ask first.
"""

from collections.abc import Iterator
from typing import Any

from . import guards, shapes
from .facts import NOTHING, OBJECT, Facts, below, parsed, put
from .machine import JSONATA, Problem, Scope, State, inner, language, scopes

CODE = "UNPROVEN_PATH"
WHOLE = "$"
Edge = tuple[str, Facts]


def unproven(definition: dict[str, Any]) -> list[Problem]:
    """Paths that are read although on some way to their state nothing has made them."""
    every = {scope.place: scope for scope in scopes(definition)}
    problems: list[Problem] = []
    waiting = [(every[""], NOTHING)]
    while waiting:
        scope, given = waiting.pop()
        visit = _Visit(definition, scope)
        for name, facts in _known(visit, scope, given).items():
            list(visit.leave(name, facts))
        problems += dict.fromkeys(visit.problems)
        waiting += [(every[place], facts) for place, facts in visit.inside.items()]
    return problems


def _known(visit: "_Visit", scope: Scope, given: Facts) -> dict[str, Facts]:
    """What is known at the entry of each state that can be reached: what all ways to it have in common."""
    known = {scope.start: given}
    waiting = [scope.start]
    while waiting:
        name = waiting.pop()
        for target, facts in visit.leave(name, known[name]):
            common = facts if target not in known else known[target] & facts
            if known.get(target) != common:
                known[target] = common
                waiting.append(target)
    visit.problems.clear()
    return known


class _Visit:
    """One scope; keeps what it has found."""

    def __init__(self, definition: dict[str, Any], scope: Scope) -> None:
        self._definition, self._scope = definition, scope
        self._place = ""
        self.problems: list[Problem] = []
        # What is known where a Map's processor or a branch begins.
        self.inside: dict[str, Facts] = {}

    def leave(self, name: str, facts: Facts) -> Iterator[Edge]:
        """Where a state may lead to, and what is known then."""
        state = self._scope.states[name]
        self._place = self._scope.place_of(name)
        if language(self._definition, state) == JSONATA:
            yield from self._leave_jsonata(state, facts)
        else:
            yield from self._leave_jsonpath(state, facts)

    def _leave_jsonata(self, state: State, facts: Facts) -> Iterator[Edge]:
        if state["Type"] == "Choice":
            for rule in state["Choices"]:
                holds, facts = guards.of_condition(rule.get("Condition"), facts)
                yield rule["Next"], shapes.of_output(rule["Output"], holds) if "Output" in rule else holds
            if "Default" in state:
                yield state["Default"], facts
            return
        for field, _ in inner(state):
            self.inside[self._place + field] = NOTHING
        for rule in state.get("Catch") or []:
            yield rule["Next"], shapes.of_output(rule["Output"], facts) if "Output" in rule else shapes.ERROR_OUTPUT
        if "Next" in state:
            unchanged = facts if state["Type"] in ("Pass", "Wait") else NOTHING
            yield state["Next"], shapes.of_output(state["Output"], facts) if "Output" in state else unchanged

    def _leave_jsonpath(self, state: State, facts: Facts) -> Iterator[Edge]:
        effective = self._at(state.get("InputPath", WHOLE), facts)
        if state["Type"] == "Choice":
            for rule in state["Choices"]:
                holds, effective = guards.of_rule(rule, effective, self._read)
                yield rule["Next"], holds
            if "Default" in state:
                yield state["Default"], effective
            return
        for field in ("SecondsPath", "TimestampPath", "ErrorPath", "CausePath", "ItemsPath", "TimeoutSecondsPath"):
            if field in state:
                self._value(state[field], effective)
        output = self._template(state["Parameters"], effective) if "Parameters" in state else effective
        self._enter(state, output)
        if state["Type"] == "Pass" and "Result" in state:
            output = _of_constant(state["Result"])
        elif state["Type"] in ("Task", "Map", "Parallel"):
            output = NOTHING
        for rule in state.get("Catch") or []:
            yield rule["Next"], self._put(rule.get("ResultPath", WHOLE), facts, shapes.ERROR_OUTPUT)
        if "Next" in state:
            if state["Type"] != "Wait":
                output = self._put(state.get("ResultPath", WHOLE), facts, output)
            yield state["Next"], self._at(state.get("OutputPath", WHOLE), output)

    def _enter(self, state: State, effective: Facts) -> None:
        if state["Type"] == "Map":
            given = self._template(state["ItemSelector"], effective) if "ItemSelector" in state else NOTHING
        else:
            given = effective
        for field, _ in inner(state):
            self.inside[self._place + field] = given

    def _put(self, path: str | None, facts: Facts, value: Facts) -> Facts:
        if path is None:
            return facts
        if path == WHOLE:
            return value
        if () not in facts:
            self._add(f"ResultPath {path}: it is not certain that the state's input is an object")
        parts = parsed(path)
        return put(facts, parts, value) if parts else OBJECT

    def _template(self, template: Any, facts: Facts) -> Facts:
        """A template's keys are there, or it fails."""
        if not isinstance(template, dict):
            return NOTHING
        made: Facts = OBJECT
        for key, value in template.items():
            if key.endswith(".$"):
                made = put(made, (key[:-2],), self._value(value, facts))
            else:
                made = put(made, (key,), self._template(value, facts))
        return made

    def _value(self, text: str, facts: Facts) -> Facts:
        """What a path, or a function of paths, is known to be."""
        if not text.startswith("States."):
            return self._at(text, facts)
        for path in _arguments(text):
            self._read(path, facts)
        return NOTHING

    def _at(self, path: str | None, facts: Facts) -> Facts:
        if path is None:
            return OBJECT
        self._read(path, facts)
        return below(facts, parsed(path) or ()) if parsed(path) is not None else NOTHING

    def _read(self, path: str, facts: Facts) -> None:
        if path.startswith("$$"):
            is_there = (parsed(path[1:]) or ()) in shapes.CONTEXT
        else:
            is_there = path == WHOLE or parsed(path) in facts
        if not is_there:
            self._add(f"it is not certain that {path} is there")

    def _add(self, text: str) -> None:
        self.problems.append(Problem(CODE, text, self._place))


def _of_constant(value: Any) -> Facts:
    facts: Facts = OBJECT if isinstance(value, dict) else NOTHING
    for key, each in value.items() if isinstance(value, dict) else ():
        facts = put(facts, (key,), _of_constant(each))
    return facts


def _arguments(call: str) -> Iterator[str]:
    """The paths in an intrinsic function, those of functions in it too; a $ in a text is none."""
    outside = [part for index, part in enumerate(call.replace("\\'", "").split("'")) if index % 2 == 0]
    for part in outside:
        for word in part.replace("(", ",").replace(")", ",").split(","):
            if word.strip().startswith("$"):
                yield word.strip()
