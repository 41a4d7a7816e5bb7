"""A JSON value beside the shape that a service's model gives it.

botocore's own validator knows unknown members, types, required members and least sizes. Here are the greatest sizes,
the enumerations and the patterns too, and the value is looked at as it is on the wire.
"""

import base64
import binascii
from collections.abc import Callable, Iterator
from enum import Enum
from typing import Any, NamedTuple

import regex
from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape

# As long as that is a value in an answer that says what is wrong with it.
SHOWN = 100
# Systems Manager's times have three decimals, of which the model's pattern allows one:
# https://docs.aws.amazon.com/cli/latest/reference/ssm/get-command-invocation.html#examples
ANSWERED_OTHERWISE = frozenset({"StringDateTime"})


class Kind(Enum):
    """How AWS takes it: a value of another type can't be read, what is read can break a rule."""

    TYPE = "SerializationException"
    RULE = "ValidationException"


class Problem(NamedTuple):
    """One thing that is wrong; `place` is where, like `Parameters.commands[0]`."""

    kind: Kind
    place: str
    text: str

    def __str__(self) -> str:
        return f"{self.place or 'the whole'}: {self.text}"


def problems(value: Any, shape: Shape, place: str = "", is_answer: bool = False) -> Iterator[Problem]:
    """Everything that the model forbids in a value. A member that is null counts as left out, as AWS reads it.

    In an answer an empty text says that there is nothing, whatever the model says of a text that is there: so Systems
    Manager answers the times of a command that has not begun.
    """
    if is_answer and isinstance(value, str) and (value == "" or shape.name in ANSWERED_OTHERWISE):
        return
    if shape.type_name == "structure" and getattr(shape, "is_document_type", False):
        return
    if not TYPES[shape.type_name](value):
        yield Problem(Kind.TYPE, place, f"{type(value).__name__} is no {shape.type_name}")
        return
    yield from _size(value, shape, place)
    if isinstance(shape, StructureShape):
        yield from _members(value, shape, place, is_answer)
    elif isinstance(shape, ListShape):
        for number, item in enumerate(value):
            yield from problems(item, shape.member, f"{place}[{number}]", is_answer)
    elif isinstance(shape, MapShape):
        for key, item in value.items():
            yield from problems(key, shape.key, f"{place}.key", is_answer)
            yield from problems(item, shape.value, f"{place}.{key}", is_answer)
    elif isinstance(shape, StringShape):
        yield from _text(value, shape, place)


def _members(value: dict[str, Any], shape: StructureShape, place: str, is_answer: bool) -> Iterator[Problem]:
    within = f"{place}." if place else ""
    given = {name: item for name, item in value.items() if item is not None}
    for name in shape.required_members:
        if name not in given:
            yield Problem(Kind.RULE, within + name, "Member must not be null")
    for name, item in given.items():
        if name not in shape.members:
            yield Problem(Kind.RULE, within + name, f"{shape.name} has no such member")
        else:
            yield from problems(item, shape.members[name], within + name, is_answer)
    if getattr(shape, "is_tagged_union", False) and len(given) != 1:
        yield Problem(Kind.RULE, place, f"exactly one of {', '.join(shape.members)} must be given")


def _size(value: Any, shape: Shape, place: str) -> Iterator[Problem]:
    measured = len(value) if isinstance(value, (str, list, dict)) else value
    what = "value" if measured is value else "length"
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and measured < least:
        yield _broken(value, place, f"Member must have {what} greater than or equal to {least}")
    if most is not None and measured > most:
        yield _broken(value, place, f"Member must have {what} less than or equal to {most}")


def _text(value: str, shape: StringShape, place: str) -> Iterator[Problem]:
    if shape.enum and value not in shape.enum:
        yield _broken(value, place, f"Member must satisfy enum value set: [{', '.join(shape.enum)}]")
    pattern = shape.metadata.get("pattern")
    # Many patterns have no anchors; AWS means the whole text.
    if pattern is not None and not regex.fullmatch(pattern, value):
        yield _broken(value, place, f"Member must satisfy regular expression pattern: {pattern}")


def _broken(value: Any, place: str, rule: str) -> Problem:
    shown = str(value)
    return Problem(Kind.RULE, place, f"Value '{shown if len(shown) <= SHOWN else shown[:SHOWN] + '…'}' at '{place}' failed to satisfy "
                                     f"constraint: {rule}")


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_whole(value: Any) -> bool:
    return _is_number(value) and value == int(value)


def _is_blob(value: Any) -> bool:
    try:
        return isinstance(value, str) and base64.b64decode(value, validate=True) is not None
    except binascii.Error:
        return False


TYPES: dict[str, Callable[[Any], bool]] = {
    "structure": lambda value: isinstance(value, dict), "map": lambda value: isinstance(value, dict),
    "list": lambda value: isinstance(value, list), "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool), "integer": _is_whole, "long": _is_whole,
    "float": _is_number, "double": _is_number, "timestamp": _is_number, "blob": _is_blob,
}
