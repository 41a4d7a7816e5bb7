"""Run Command's list of invocations, which MiniStack does not have."""

import base64
import json
from collections.abc import Iterable
from datetime import datetime, timezone
from typing import Any

Record = dict[str, Any]
FORMAT = "%Y-%m-%dT%H:%M:%SZ"
KEYS = ("InvokedAfter", "InvokedBefore", "Status", "DocumentName")
# Of an output that the list shows, and what stands between its two parts and at its end.
MOST_CHARACTERS, ERRORS, CUT = 2500, "\n----------ERROR-------\n", "\n--output truncated--"
SHOWN = ("CommandId", "InstanceId", "Comment", "DocumentName", "DocumentVersion", "RequestedDateTime", "Status", "StatusDetails")


class Refused(Exception):
    """What Systems Manager answers instead: the error's code, and words."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code


def page(commands: Iterable[Record], asked: Record) -> Record:
    """An answer to ListCommandInvocations over MiniStack's commands, the newest first. Raises Refused."""
    wanted = _filters(asked.get("Filters") or [])
    found = [{**invocation, "RequestedDateTime": command["RequestedDateTime"]}
             for command in sorted(commands, key=lambda each: each["RequestedDateTime"], reverse=True)
             if asked.get("CommandId") in (None, command["CommandId"]) and _admits(wanted, command)
             for invocation in command["Invocations"].values()
             if asked.get("InstanceId") in (None, invocation["InstanceId"]) and wanted.get("Status") in (None, invocation["Status"])]
    question = json.dumps({name: value for name, value in asked.items() if name != "NextToken"}, sort_keys=True)
    begin = _place(asked.get("NextToken"), question)
    end = begin + asked.get("MaxResults", 50)
    answer = {"CommandInvocations": [_shown(each, bool(asked.get("Details"))) for each in found[begin:end]]}
    return answer | ({"NextToken": base64.b64encode(f"{end} {question}".encode()).decode()} if end < len(found) else {})


def _filters(given: list[Record]) -> Record:
    filters: Record = {}
    for each in given:
        if each["key"] not in KEYS or each["key"] in filters:
            raise Refused("InvalidFilterKey", f"{each['key']} is given twice, or no key of this list")
        filters[each["key"]] = _moment(each["value"]) if each["key"].startswith("Invoked") else each["value"]
    return filters


def _moment(text: str) -> float:
    try:
        return datetime.strptime(text, FORMAT).replace(tzinfo=timezone.utc).timestamp()
    except ValueError as error:
        raise Refused("ValidationException", f"{text} is no moment like 2026-11-26T10:00:00Z") from error


def _admits(wanted: Record, command: Record) -> bool:
    moment = command["RequestedDateTime"]
    return (wanted.get("InvokedAfter", moment) <= moment <= wanted.get("InvokedBefore", moment)
            and wanted.get("DocumentName") in (None, command["DocumentName"]))


def _place(token: str | None, question: str) -> int:
    """A token is good for the question that got it."""
    if token is None:
        return 0
    try:
        place, asked = base64.b64decode(token, validate=True).decode().split(" ", 1)
    except ValueError:
        place, asked = "", ""
    if asked != question:
        raise Refused("InvalidNextToken", "The specified token isn't valid.")
    return int(place)


def _shown(invocation: Record, with_details: bool) -> Record:
    step = {"Name": invocation.get("PluginName", "aws:runShellScript"), "Status": invocation["Status"],
            "StatusDetails": invocation["StatusDetails"], "ResponseCode": invocation.get("ResponseCode", -1),
            "Output": output(invocation.get("StandardOutputContent", ""), invocation.get("StandardErrorContent", ""))}
    return {name: invocation[name] for name in SHOWN if name in invocation} | {"CommandPlugins": [step] if with_details else []}


def output(out: str, err: str) -> str:
    """What the list tells of a command's two outputs."""
    text = out + (ERRORS + err if err else "")
    return text if len(text) <= MOST_CHARACTERS else text[:MOST_CHARACTERS - len(CUT)] + CUT
