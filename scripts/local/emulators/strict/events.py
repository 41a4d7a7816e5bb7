"""Events that EventBridge does not take, and a rule that still has targets.

An entry has a Source, a DetailType of at most 128 characters, and a Detail that is the JSON text of an object; a request has at
most ten entries and 256 KB, counted as the user guide says. (The commercial regions take 1 MB by now; in others it is 256 KB.)
"""

import json
from types import ModuleType
from typing import Any

from ministack.core.responses import error_response_json, json_response

MOST_BYTES, MOST_ENTRIES, LONGEST_TYPE = 256 * 1024, 10, 128
REQUIRED = ("Source", "DetailType", "Detail")
TIME_BYTES = 14
Entry = dict[str, Any]


def install(bus: ModuleType) -> None:
    put, delete = bus._put_events, bus._delete_rule

    def put_events(data: dict[str, Any], allow_aws_source: bool = False) -> Any:
        if allow_aws_source:
            return put(data, allow_aws_source)
        entries = data.get("Entries", [])
        if not 1 <= len(entries) <= MOST_ENTRIES:
            return _invalid(f"1 validation error detected: Value '{len(entries)}' at 'entries' failed to satisfy constraint: "
                            f"Member must have length from 1 to {MOST_ENTRIES}")
        if sum(map(entry_size, entries)) > MOST_BYTES:
            return _invalid("Total size of the entries in the request is over the limit.")
        failures = [_failure(entry) for entry in entries]
        taken = [entry for entry, failure in zip(entries, failures) if not failure]
        results = json.loads(put({**data, "Entries": taken})[2])["Entries"] if taken else []
        answers = [failure or results.pop(0) for failure in failures]
        return json_response({"FailedEntryCount": sum("ErrorCode" in answer for answer in answers), "Entries": answers})

    def delete_rule(data: dict[str, Any]) -> Any:
        if bus._targets.get(bus._rule_key(data.get("Name"), data.get("EventBusName", "default"))):
            return _invalid("Rule can't be deleted since it has targets.")
        return delete(data)

    bus._put_events, bus._delete_rule = put_events, delete_rule


def entry_size(entry: Entry) -> int:
    """Bytes of an entry as EventBridge counts them."""
    texts = [entry.get(field) for field in REQUIRED] + (entry.get("Resources") or [])
    return (TIME_BYTES if entry.get("Time") else 0) + sum(len(text.encode()) for text in texts if isinstance(text, str))


def _failure(entry: Entry) -> dict[str, str] | None:
    for field in REQUIRED:
        if not entry.get(field):
            return _argument(field, f"{field} is a required argument.")
    if len(entry["DetailType"]) > LONGEST_TYPE:
        return _argument("DetailType", f"DetailType is longer than {LONGEST_TYPE} characters.")
    try:
        is_object = isinstance(json.loads(entry["Detail"]), dict)
    except (ValueError, TypeError):
        is_object = False
    return None if is_object else {"ErrorCode": "MalformedDetail", "ErrorMessage": "Detail is malformed."}


def _argument(field: str, reason: str) -> dict[str, str]:
    return {"ErrorCode": "InvalidArgument", "ErrorMessage": f"Parameter {field} is not valid. Reason: {reason}"}


def _invalid(message: str) -> Any:
    return error_response_json("ValidationException", message, 400)
