"""What the output of an expression or a template is known to hold, without running it."""

from dataclasses import dataclass
from typing import Any

from . import expressions
from .facts import NOTHING, OBJECT, Facts, below, put, without

# Functions that answer something whatever they are given.
ALWAYS = ("exists", "count")
COMPARING = ("=", "!=", "<", "<=", ">", ">=", "in", "and", "or", "&")
# What the context object has at every time.
CONTEXT = {("Execution", "Id"), ("Execution", "Name"), ("Execution", "Input"), ("Execution", "StartTime"), ("Execution", "RoleArn"),
           ("State", "Name"), ("State", "EnteredTime"), ("State", "RetryCount"), ("StateMachine", "Id"), ("StateMachine", "Name"),
           ("Task", "Token"), ("Map", "Item", "Index"), ("Map", "Item", "Value")}
# Error is always said, Cause not.
ERROR_OUTPUT: Facts = frozenset({(), ("Error",)})


@dataclass(frozen=True)
class Shape:
    """A value: its facts, whether it has no fields but those in them, and whether it is there for certain."""

    facts: Facts = NOTHING
    is_closed: bool = False
    is_sure: bool = True


UNKNOWN = Shape(is_sure=False)
Names = dict[str, Shape]


def of_output(value: Any, given: Facts) -> Facts:
    """What a state's Output holds, if it could be evaluated: a text with an expression, or a template of such texts."""
    if isinstance(value, dict):
        facts: Facts = OBJECT
        for key, each in value.items():
            facts = put(facts, (key,), of_output(each, given))
        return facts
    return of_node(expressions.tree(value), given, {}).facts if expressions.is_expression(value) else NOTHING


def of_node(node: Any, given: Facts, names: Names) -> Shape:
    """The shape of a part of an expression; `given` is known of $states.input, `names` of the variables."""
    kind = node.type
    if kind in ("string", "number", "value"):
        return Shape()
    if kind == "block":
        shape, inner = UNKNOWN, dict(names)
        for part in node.expressions:
            shape = of_node(part, given, inner)
            if part.type == "bind":
                inner[part.lhs.value] = shape
        return shape
    if kind == "bind":
        return of_node(node.rhs, given, names)
    if kind == "variable":
        return names.get(node.value, UNKNOWN)
    if kind == "path":
        return _of_path(node, given, names)
    if kind == "condition":
        return _of_either(of_node(node.then, given, names), of_node(node._else, given, names) if node._else else UNKNOWN)
    if kind == "unary" and node.value == "[":
        return Shape()
    if kind == "unary" and node.value == "{":
        return _of_object(node, given, names)
    if kind == "binary" and node.value in COMPARING:
        return Shape()
    return _of_call(node, given, names) if kind == "function" else UNKNOWN


def input_path(node: Any) -> tuple[str, ...] | None:
    """The path below $states.input that a part of an expression is; None if it is something else."""
    if node.type != "path" or any(step.type not in ("variable", "name") or getattr(step, "stages", None) or
                                  getattr(step, "predicate", None) for step in node.steps):
        return None
    words = tuple(step.value for step in node.steps)
    return words[2:] if words[:2] == ("states", "input") else None


def _of_path(node: Any, given: Facts, names: Names) -> Shape:
    path = input_path(node)
    if path is not None:
        return Shape(below(given, path), is_sure=not path or path in given)
    first, *rest = node.steps
    words = tuple(step.value for step in rest if step.type == "name")
    if first.type != "variable" or len(words) != len(rest):
        return UNKNOWN
    if first.value == "states" and words[:1] == ("context",):
        return Shape(is_sure=words[1:] in CONTEXT)
    if first.value == "states" and words[:1] == ("errorOutput",):
        return Shape(below(ERROR_OUTPUT, words[1:]), is_sure=words[1:] in ERROR_OUTPUT)
    known = names.get(first.value, UNKNOWN)
    return Shape(below(known.facts, words), is_sure=known.is_sure and words in known.facts)


def _of_either(one: Shape, other: Shape) -> Shape:
    return Shape(one.facts & other.facts, is_sure=one.is_sure and other.is_sure)


def _of_object(node: Any, given: Facts, names: Names) -> Shape:
    facts: Facts = OBJECT
    for key, value in node.lhs_object:
        shape = of_node(value, given, names)
        # A field without a value is left out.
        if key.type == "string" and shape.is_sure:
            facts = put(facts, (key.value,), shape.facts)
    return Shape(facts, is_closed=True)


def _of_call(node: Any, given: Facts, names: Names) -> Shape:
    name = node.procedure.value
    if name == "merge" and node.arguments[0].type == "unary":
        facts: Facts = OBJECT
        for part in node.arguments[0].expressions:
            shape = of_node(part, given, names)
            # What else it may hold takes the place of what was there.
            kept = facts if shape.is_closed else frozenset(fact for fact in facts if len(fact) < 2)
            for key in {fact[0] for fact in shape.facts if fact}:
                kept = put(kept, (key,), below(shape.facts, (key,)))
            facts = kept
        return Shape(facts)
    if name == "sift":
        shape, dropped = of_node(node.arguments[0], given, names), _dropped(node.arguments[1])
        facts = shape.facts if dropped is not None else NOTHING
        for key in dropped or []:
            facts = without(facts, (key,))
        return Shape(facts, is_sure=False)
    return Shape() if name in ALWAYS else UNKNOWN


def _dropped(function: Any) -> list[str] | None:
    """The fields that a function for $sift leaves out: by $field != 'a' or by $not($field in ['a', 'b'])."""
    test = function.body
    while test.type == "lambda":
        test = test.body
    if test.type == "binary" and test.value == "!=" and test.rhs.type == "string":
        return [test.rhs.value]
    if test.type == "function" and test.procedure.value == "not":
        among = test.arguments[0]
        if among.type == "binary" and among.value == "in" and all(each.type == "string" for each in among.rhs.expressions):
            return [each.value for each in among.rhs.expressions]
    return None
