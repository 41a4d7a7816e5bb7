"""What a choice's rule looks at, and what is known once it was true or false."""

from collections.abc import Callable
from typing import Any

from . import expressions
from .choices import LIST_OPERATORS, NOT
from .facts import OBJECT, Facts, parsed, with_path
from .shapes import input_path

# Told of a path that is read and of what is known then.
Reads = Callable[[str, Facts], None]
Both = tuple[Facts, Facts]


def of_rule(rule: dict[str, Any], facts: Facts, reads: Reads) -> Both:
    """A rule in JSONPath: what is known if it holds, and if not. A comparison reads its Variable, IsPresent does not."""
    if NOT in rule:
        holds, fails = of_rule(rule[NOT], facts, reads)
        return fails, holds
    for operator in LIST_OPERATORS:
        if operator in rule:
            return _of_list(rule[operator], operator == "And", facts, reads)
    path = parsed(rule["Variable"])
    if "IsPresent" in rule:
        there = with_path(facts, path) if path else facts
        return (there, facts) if rule["IsPresent"] else (facts, there)
    reads(rule["Variable"], facts)
    for field, value in rule.items():
        if field.endswith("Path"):
            reads(value, facts)
    return facts, facts


def _of_list(rules: list[dict[str, Any]], is_and: bool, facts: Facts, reads: Reads) -> Both:
    """Rules one after the other: And goes on while they hold, Or while they don't."""
    left: Facts | None = None
    for rule in rules:
        holds, fails = of_rule(rule, facts, reads)
        facts, leaves = (holds, fails) if is_and else (fails, holds)
        left = leaves if left is None else left & leaves
    over = left if left is not None else facts
    return (facts, over) if is_and else (over, facts)


def of_condition(condition: Any, facts: Facts) -> Both:
    """The same for a condition in JSONata, as far as it is understood."""
    return _of_node(expressions.tree(condition), facts) if expressions.is_expression(condition) else (facts, facts)


def _of_node(node: Any, facts: Facts) -> Both:
    if node.type == "function" and node.procedure.value == "not":
        holds, fails = _of_node(node.arguments[0], facts)
        return fails, holds
    if node.type == "function" and node.procedure.value == "exists":
        path = input_path(node.arguments[0])
        return (with_path(facts, path) if path else facts), facts
    if node.type == "binary" and node.value == "=" and node.lhs.type == "function" and node.lhs.procedure.value == "type":
        is_object = input_path(node.lhs.arguments[0]) == () and node.rhs.type == "string" and node.rhs.value == "object"
        return (facts | OBJECT if is_object else facts), facts
    return facts, facts
