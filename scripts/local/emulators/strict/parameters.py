"""What Parameter Store does not take: names, values and tiers, as PutParameter's documentation says."""

import re
from types import ModuleType
from typing import Any

from ministack.core.responses import error_response_json

# Bytes of a value by tier.
LARGEST = {"Standard": 4096, "Advanced": 8192}
TYPES = ("String", "StringList", "SecureString")
# With the ARN before it; the path's depth, the name included.
LONGEST_NAME, DEEPEST = 1011, 15
NAME = re.compile(r"[a-zA-Z0-9_.\-/]+")
# A value can't refer to another parameter.
REFERENCE = "{{"


def install(systems_manager: ModuleType) -> None:
    put = systems_manager._put_parameter

    def put_parameter(data: dict[str, Any]) -> Any:
        # Spaces around a name are taken off.
        data = {**data, "Name": (data.get("Name") or "").strip()}
        fault = _wrong_name(systems_manager, data["Name"]) or _wrong_value(systems_manager, data)
        return error_response_json("ValidationException", fault, 400) if fault else put(data)

    systems_manager._put_parameter = put_parameter


def _wrong_name(systems_manager: ModuleType, name: str) -> str:
    if not NAME.fullmatch(name) or "//" in name or name.endswith("/"):
        return ("Parameter name: a path consists of sub-paths divided by slash symbol; each sub-path can be formed as a mix of "
                f"letters, numbers and the following 3 symbols .-_: {name!r}")
    if "/" in name and not name.startswith("/"):
        return "Parameter name must be a fully qualified name."
    if name.strip("/").count("/") + 1 > DEEPEST:
        return f"A hierarchy has at most {DEEPEST} levels: {name!r}"
    if len(systems_manager._param_arn(name)) > LONGEST_NAME:
        return f"The parameter's ARN is longer than {LONGEST_NAME} characters: {name!r}"
    return ""


def _wrong_value(systems_manager: ModuleType, data: dict[str, Any]) -> str:
    value, existing = data.get("Value") or "", systems_manager._parameters.get(data["Name"])
    tier = _tier(systems_manager, data, value, existing)
    if not value:
        return ("1 validation error detected: Value at 'value' failed to satisfy constraint: Member must have length greater "
                "than or equal to 1")
    if REFERENCE in value:
        return 'Parameter value can\'t nest another parameter. Do not use "{{}}" in the value'
    if tier not in LARGEST or data.get("Type", TYPES[0]) not in TYPES:
        return f"1 validation error detected: tier {tier!r} or type {data.get('Type')!r} is not an enum value"
    if len(value.encode()) > LARGEST[tier]:
        return f"{tier} tier parameters support a maximum parameter value of {LARGEST[tier]} characters."
    if existing and existing["Tier"] == "Advanced" and tier == "Standard":
        return "This parameter uses the advanced-parameter tier. You can't downgrade it to the standard-parameter tier."
    pattern = data.get("AllowedPattern")
    if pattern and not re.search(pattern, value):
        return f"Parameter value doesn't match the allowed pattern {pattern}."
    return ""


def _tier(systems_manager: ModuleType, data: dict[str, Any], value: str, existing: dict[str, Any] | None) -> str:
    wanted = data.get("Tier")
    if wanted == "Intelligent-Tiering":
        needs_more = len(value.encode()) > LARGEST["Standard"] or data.get("Policies") or (existing or {}).get("Tier") == "Advanced"
        return "Advanced" if needs_more else "Standard"
    return wanted or systems_manager._default_tier(data, value, existing)
