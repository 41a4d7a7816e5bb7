"""Run Command's lists as Systems Manager's documentation has them; MiniStack knows one of the two, and no filters.

The newest come first, fifty to a page. A token belongs to the question that got it, in its region.
"""

import json
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

from ..contract import services

OUTPUT_LIMIT = 2500
ERROR_LINE = "\n----------ERROR-------\n"
TRUNCATED = "\n--output truncated--"

Record = dict[str, Any]


class Refused(Exception):
    """The service's error code, and why."""


class CommandLists:
    """ListCommands and ListCommandInvocations over MiniStack's records."""

    def __init__(self, ssm: ModuleType) -> None:
        self._ssm = ssm
        self._places: dict[str, tuple[str, int]] = {}

    def answer(self, operation: str, data: Record) -> Any:
        try:
            if problems := services.value_problems("ssm", operation, data):
                raise Refused(*services.refusal(problems))
            entries = self._commands if operation == "ListCommands" else self._invocations
            name = "Commands" if operation == "ListCommands" else "CommandInvocations"
            return self._ssm.json_response(self._page(name, data, entries(data)))
        except Refused as refusal:
            return self._ssm.error_response_json(*refusal.args, 400)

    def _commands(self, data: Record) -> list[Record]:
        return [self._ssm._public_command(record) for record in self._records(data, _filters(data))]

    def _invocations(self, data: Record) -> list[Record]:
        filters = _filters(data)
        # A command's status is another one than that of each of its instances.
        status = filters.pop("Status", None)
        return [_listed(record, invocation, data.get("Details", False)) for record in self._records(data, filters)
                for invocation in record["Invocations"].values()
                if data.get("InstanceId") in (None, invocation["InstanceId"]) and status in (None, invocation["Status"])]

    def _records(self, data: Record, filters: dict[str, str]) -> list[Record]:
        tests: list[Callable[[Record], bool]] = [
            lambda one: data.get("CommandId") in (None, one["CommandId"]),
            lambda one: data.get("InstanceId") is None or data["InstanceId"] in one["Invocations"],
            lambda one: filters.get("Status") in (None, one["Status"]),
            lambda one: filters.get("DocumentName") in (None, one["DocumentName"]),
        ]
        if after := filters.get("InvokedAfter"):
            first = _moment(after)
            tests.append(lambda one: one["RequestedDateTime"] >= first)
        if before := filters.get("InvokedBefore"):
            last = _moment(before)
            tests.append(lambda one: one["RequestedDateTime"] <= last)
        found = [record for record in self._ssm._commands.values() if all(test(record) for test in tests)]
        return sorted(found, key=lambda one: one["RequestedDateTime"], reverse=True)

    def _page(self, name: str, data: Record, entries: list[Record]) -> Record:
        question = json.dumps([self._ssm.get_region(), name, {key: data[key] for key in data if key != "NextToken"}], sort_keys=True)
        start = 0
        if token := data.get("NextToken"):
            known, start = self._places.get(token, ("", 0))
            if known != question:
                raise Refused("InvalidNextToken", "The specified token isn't valid.")
        end = start + data.get("MaxResults", 50)
        answer: Record = {name: entries[start:end]}
        if end < len(entries):
            answer["NextToken"] = f"AAEAA/{uuid.uuid4().hex}"
            self._places[answer["NextToken"]] = question, end
        return answer


def _filters(data: Record) -> dict[str, str]:
    keys = [one["key"] for one in data.get("Filters", [])]
    if len(set(keys)) != len(keys):
        raise Refused("InvalidFilterKey", f"one of {sorted(keys)} twice")
    return {one["key"]: one["value"] for one in data.get("Filters", [])}


def _moment(text: str) -> float:
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp()
    except ValueError as problem:
        raise Refused("ValidationException", f"{text!r} is no moment like 2021-07-07T00:00:00Z") from problem


def _listed(record: Record, invocation: Record, details: bool) -> Record:
    """An invocation with the beginning of its output."""
    text = invocation["StandardOutputContent"]
    if invocation["StandardErrorContent"]:
        text += ERROR_LINE + invocation["StandardErrorContent"]
    if len(text) > OUTPUT_LIMIT:
        text = text[: OUTPUT_LIMIT - len(TRUNCATED)] + TRUNCATED
    step = {"Name": invocation["PluginName"], "ResponseCode": invocation["ResponseCode"], "Output": text,
            **{key: invocation[key] for key in ("Status", "StatusDetails")}}
    return {**{key: invocation[key] for key in ("CommandId", "InstanceId", "Comment", "DocumentName", "Status", "StatusDetails")},
            "RequestedDateTime": record["RequestedDateTime"], "CommandPlugins": [step] if details else []}
