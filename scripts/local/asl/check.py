"""Everything that is wrong with a rendered definition, whether Step Functions refuses it or only fails with it later."""

import json

from . import flow, transitions, variables
from .machine import Problem
from .refusal import refused


def problems(text: str) -> list[Problem]:
    """None of a definition that is right."""
    found = refused(text)
    if found:
        return found
    definition = json.loads(text)
    return [*transitions.trapped(definition), *flow.unproven(definition), *variables.unassigned(definition)]
