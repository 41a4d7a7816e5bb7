"""JSONata in a definition, as syntax trees of the interpreter that the emulator has."""

from collections.abc import Iterator
from typing import Any

from jsonata.jexception import JException
from jsonata.jsonata import Jsonata

from .machine import Problem, scopes

BEGIN, END = "{%", "%}"


def is_expression(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(BEGIN) and value.endswith(END)


def tree(expression: str) -> Any:
    """The syntax tree of a text in its delimiters; raises JException."""
    return Jsonata.jsonata(expression[len(BEGIN):-len(END)].strip()).ast


def unreadable(definition: dict[str, Any]) -> Iterator[Problem]:
    """Expressions that are no JSONata."""
    for scope in scopes(definition):
        for name, state in scope.states.items():
            own = {field: value for field, value in state.items() if field not in ("ItemProcessor", "Iterator", "Branches")}
            yield from _unreadable(own, scope.place_of(name))


def _unreadable(value: Any, place: str) -> Iterator[Problem]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _unreadable(each, f"{place}/{key}")
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _unreadable(each, f"{place}[{index}]")
    elif is_expression(value):
        try:
            tree(value)
        except JException as error:
            yield Problem("INVALID_JSONATA_EXPRESSION", str(error), place)
