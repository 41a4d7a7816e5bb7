"""A definition in the Amazon States Language, taken apart: its scopes, its states, and what is wrong with one."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

JSONPATH, JSONATA = "JSONPath", "JSONata"
State = dict[str, Any]


@dataclass(frozen=True)
class Problem:
    """What is wrong, and where: `place` is a path in the definition."""

    code: str
    text: str
    place: str = ""

    def __str__(self) -> str:
        return f"{self.code}: {self.text}" + (f" at {self.place}" if self.place else "")


@dataclass(frozen=True)
class Scope:
    """States that may lead to one another: a machine's, a Map's processor's, or a branch's of a Parallel."""

    place: str
    holder: dict[str, Any]
    states: dict[str, State]

    @property
    def start(self) -> Any:
        return self.holder.get("StartAt")

    def place_of(self, name: str) -> str:
        return f"{self.place}/States/{name}"


def language(definition: dict[str, Any], state: State) -> str:
    """A state's query language; what it does not say itself comes from the top, never from a Map or Parallel around it."""
    return state.get("QueryLanguage") or definition.get("QueryLanguage") or JSONPATH


def scopes(definition: dict[str, Any]) -> Iterator[Scope]:
    """The machine's own scope first, then those inside its states."""
    return _scopes(definition, "")


def inner(state: State) -> Iterator[tuple[str, dict[str, Any]]]:
    """The processor of a Map and the branches of a Parallel, each with its place in the state."""
    for field in ("ItemProcessor", "Iterator"):
        if isinstance(state.get(field), dict):
            yield f"/{field}", state[field]
    for index, branch in enumerate(state.get("Branches") or []):
        if isinstance(branch, dict):
            yield f"/Branches[{index}]", branch


def _scopes(holder: dict[str, Any], place: str) -> Iterator[Scope]:
    states = holder.get("States")
    states = {name: state for name, state in states.items() if isinstance(state, dict)} if isinstance(states, dict) else {}
    scope = Scope(place, holder, states)
    yield scope
    for name, state in states.items():
        for field, processor in inner(state):
            yield from _scopes(processor, scope.place_of(name) + field)


def targets(state: State) -> Iterator[tuple[str, Any]]:
    """Where a state may lead to, each with its place in the state."""
    if "Next" in state:
        yield "/Next", state["Next"]
    if "Default" in state:
        yield "/Default", state["Default"]
    for field in ("Choices", "Catch"):
        for index, rule in enumerate(state.get(field) or []):
            if isinstance(rule, dict):
                yield f"/{field}[{index}]/Next", rule.get("Next")
