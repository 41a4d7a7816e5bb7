"""Run Command's lists: the newest first, everybody's, page by page, and behind what was sent."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from .run_command import Command, Invocation
from .signature import ServiceError

OUTPUT_LIMIT = 2_500
ERROR_LINE = "\n----------ERROR-------\n"
TRUNCATED = "\n--output truncated--"
STRANGER = "i-0fedcba9876543210"


def output(stdout: str, stderr: str) -> str:
    """What a list tells of both."""
    text = stdout + (f"{ERROR_LINE}{stderr}" if stderr else "")
    return text if len(text) <= OUTPUT_LIMIT else text[: OUTPUT_LIMIT - len(TRUNCATED)] + TRUNCATED


def strangers(count: int) -> list[dict]:
    """Somebody else's commands, each of two steps."""
    step = {"Name": "aws:runPatchBaseline", "Status": "InProgress", "StatusDetails": "In Progress", "ResponseCode": -1,
            "Output": "x" * OUTPUT_LIMIT}
    return [{"CommandId": str(uuid.UUID(int=number)), "InstanceId": STRANGER, "Comment": f"backup {number}",
             "DocumentName": "AWS-RunPatchBaseline", "RequestedDateTime": time.time(), "Status": "InProgress",
             "StatusDetails": "In Progress", "CommandPlugins": [step, step]} for number in range(count)]


def describe(invocation: Invocation, details: bool) -> dict | None:
    """An invocation as a list has it, or None while the service does not know it yet."""
    seen = invocation.poll()
    if seen is None:
        return None
    step = {"Name": seen["PluginName"], "Status": "InProgress" if seen["Status"] in ("Delayed", "Cancelling") else seen["Status"],
            "StatusDetails": seen["StatusDetails"], "ResponseCode": seen["ResponseCode"],
            "Output": output(seen["StandardOutputContent"], seen["StandardErrorContent"])}
    return {name: seen[name] for name in ("CommandId", "InstanceId", "Comment", "DocumentName", "Status", "StatusDetails")} | {
        "RequestedDateTime": invocation.command.sent_at, "CommandPlugins": [step] if details else []}


class Filters:
    """What a list is narrowed by, as the service's documentation has it. Raises for what it would refuse."""

    def __init__(self, body: dict) -> None:
        values: dict[str, str] = {}
        for one in body.get("Filters", []):
            if one["key"] in values:
                raise ServiceError("InvalidFilterKey", f"{one['key']} twice")
            values[one["key"]] = one["value"]
        self._command, self._instance = body.get("CommandId"), body.get("InstanceId")
        self.status = values.pop("Status", None)
        self._after = _moment(values.pop("InvokedAfter", None))
        self._before = _moment(values.pop("InvokedBefore", None))
        self._document = values.pop("DocumentName", None)
        if values:
            raise ServiceError("InvalidFilterKey", str(sorted(values)))

    def admit(self, command: Command) -> bool:
        return ((self._command is None or command.command_id == self._command)
                and (self._instance is None or self._instance in command.invocations)
                and (self._after is None or command.sent_at >= self._after)
                and (self._before is None or command.sent_at <= self._before)
                and self._document in (None, command.body["DocumentName"]))

    def admit_instance(self, instance: str) -> bool:
        return self._instance in (None, instance)


def _moment(text: str | None) -> float | None:
    if text is None:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp()
    except ValueError as problem:
        raise ServiceError("ValidationException", f"{text!r} is no moment like 2026-11-26T10:00:00Z") from problem


class Pages:
    """Tokens of pages, each for the question that got it."""

    def __init__(self) -> None:
        self._places: dict[str, tuple[str, int]] = {}

    def page(self, body: dict, region: str, entries: list, name: str, describe: Callable[[object], dict | None]) -> dict:
        question = region + name + json.dumps({key: value for key, value in body.items() if key != "NextToken"}, sort_keys=True)
        start = 0
        if token := body.get("NextToken"):
            known, start = self._places.get(token, ("", 0))
            if known != question:
                raise ServiceError("InvalidNextToken", "The specified token isn't valid.")
        end = start + body.get("MaxResults", 50)
        answer: dict = {name: [one for one in map(describe, entries[start:end]) if one is not None]}
        if end < len(entries):
            token = f"AAEAA/{uuid.uuid4().hex}+w=="
            self._places[token] = question, end
            answer["NextToken"] = token
        return answer


def shown(commands: Iterable[Command], region: str, filters: Filters, lag: float) -> list[Command]:
    """The newest first; each that is hidden from some lists is so from one less afterwards."""
    known = []
    for command in reversed(list(commands)):
        if command.region != region or not filters.admit(command) or time.time() - command.sent_at < lag:
            continue
        if command.hidden_listings > 0:
            command.hidden_listings -= 1
            continue
        known.append(command)
    return known
