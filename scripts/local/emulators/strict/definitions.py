"""A definition that Step Functions refuses is refused when a machine is made or changed: InvalidDefinition."""

from types import ModuleType
from typing import Any

from ministack.core.responses import error_response_json, json_response

from ...asl.refusal import refused

# As many as AWS lists at once.
LISTED = 100


def install(states: ModuleType) -> None:
    create, update = states._create_state_machine, states._update_state_machine

    def created(data: dict[str, Any]) -> Any:
        return _refusal(data.get("definition", "")) or create(data)

    def updated(data: dict[str, Any]) -> Any:
        return ("definition" in data and _refusal(data["definition"])) or update(data)

    def validated(data: dict[str, Any]) -> Any:
        problems = refused(data.get("definition", ""))
        return json_response({
            "result": "FAIL" if problems else "OK", "truncated": len(problems) > LISTED,
            "diagnostics": [{"severity": "ERROR", "code": problem.code, "message": problem.text,
                             **({"location": problem.place} if problem.place else {})} for problem in problems[:LISTED]]})

    states._create_state_machine, states._update_state_machine = created, updated
    states._validate_state_machine_definition = validated


def _refusal(definition: str) -> Any:
    problems = refused(definition)
    if not problems:
        return None
    listed = ", ".join(str(problem) for problem in problems[:LISTED])
    return error_response_json("InvalidDefinition", f"Invalid State Machine Definition: '{listed}'", 400)
