"""What Step Functions itself refuses of a definition when a machine is made or changed."""

import json
from typing import Any

from . import choices, expressions, fields, recovery, transitions
from .machine import Problem

# Bytes of UTF-8.
LARGEST = 1024 * 1024


def refused(text: str) -> list[Problem]:
    """Everything that is wrong with a definition's text; empty if Step Functions takes it."""
    size = len(text.encode())
    if size > LARGEST:
        return [Problem("INVALID_SIZE", f"The definition has {size} bytes, {LARGEST} are allowed")]
    try:
        definition = json.loads(text)
    except ValueError as error:
        return [Problem("INVALID_JSON_DESCRIPTION", str(error))]
    if not isinstance(definition, dict):
        return [Problem("INVALID_JSON_DESCRIPTION", "The definition is no object")]
    return _of_definition(definition)


def _of_definition(definition: dict[str, Any]) -> list[Problem]:
    parts = (fields.misplaced, choices.wrong, recovery.wrong, transitions.broken, expressions.unreadable)
    return [problem for part in parts for problem in part(definition)]
