"""What EventBridge takes, asked by itself and by a state machine."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import Emulator, single

ENTRY = {"Source": "sdwan", "DetailType": "SD-WAN test", "Detail": "{}"}
MOST = 256 * 1024
TASK = {"Type": "Task", "Resource": "arn:aws:states:::events:putEvents", "QueryLanguage": "JSONata"}


@pytest.mark.parametrize("change, code", [
    ({"Detail": "{"}, "MalformedDetail"), ({"Detail": "[]"}, "MalformedDetail"), ({"Detail": "text"}, "MalformedDetail"),
    ({"Source": ""}, "InvalidArgument"), ({"DetailType": ""}, "InvalidArgument"), ({"DetailType": "x" * 129}, "InvalidArgument"),
    ({"Detail": ""}, "InvalidArgument")])
def test_an_entry_is_not_taken(emulator: Emulator, change: dict[str, str], code: str) -> None:
    answer = emulator.client("events").put_events(Entries=[ENTRY, {**ENTRY, **change}, ENTRY])
    assert answer["FailedEntryCount"] == 1
    assert ["EventId" in entry for entry in answer["Entries"]] == [True, False, True]
    assert answer["Entries"][1]["ErrorCode"] == code
    machine = single(**TASK, Arguments={"Entries": [{**ENTRY, **change}]})
    assert emulator.outcome(machine) == "EventBridge.FailedEntry"


def test_a_request_has_ten_entries_and_256_kb(emulator: Emulator) -> None:
    bus = emulator.client("events")
    assert bus.put_events(Entries=[ENTRY] * 10)["FailedEntryCount"] == 0
    with pytest.raises(ClientError, match="ValidationException"):
        bus.put_events(Entries=[ENTRY] * 11)
    detail = json.dumps({"a": "ü"}, ensure_ascii=False)
    room = MOST - len((ENTRY["Source"] + ENTRY["DetailType"] + detail).encode())
    fitting = {**ENTRY, "Detail": detail.replace("ü", "ü" + "x" * room)}
    assert bus.put_events(Entries=[fitting])["FailedEntryCount"] == 0
    for more in ({"Resources": ["r"]}, {"Time": "2026-01-01T00:00:00Z"}, {"Detail": fitting["Detail"].replace("x", "ü", 1)}):
        with pytest.raises(ClientError, match="over the limit"):
            bus.put_events(Entries=[{**fitting, **more}])


def test_a_detail_may_be_an_object_in_a_state(emulator: Emulator) -> None:
    good = single(**TASK, Arguments={"Entries": [{**ENTRY, "Detail": {"a": "{% $states.input.b %}"}}]})
    assert emulator.outcome(good, {"b": [1]})["FailedEntryCount"] == 0
    good["States"]["Only"]["TimeoutSeconds"] = 30
    assert emulator.outcome(good, {"b": [1]})["FailedEntryCount"] == 0
    # Against the service's model, so the request itself is wrong.
    assert emulator.outcome(single(**TASK, Arguments={"Entries": [{**ENTRY, "Detail": ["a"]}]})) == "EventBridge.EventBridgeException"


def test_a_task_that_fails_so_can_be_caught(emulator: Emulator) -> None:
    machine: dict[str, Any] = {"StartAt": "Send", "States": {
        "Send": {**TASK, "Arguments": {"Entries": [{**ENTRY, "Detail": "x"}]}, "Next": "Sent",
                 "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Caught", "Output": "{% $states.errorOutput.Error %}"}]},
        "Sent": {"Type": "Succeed"}, "Caught": {"Type": "Succeed"}}}
    assert emulator.outcome(machine) == "EventBridge.FailedEntry"


def test_a_rule_with_targets_stays(emulator: Emulator) -> None:
    bus = emulator.client("events")
    bus.put_rule(Name="kept", EventPattern=json.dumps({"source": ["sdwan"]}))
    bus.put_targets(Rule="kept", Targets=[{"Id": "q", "Arn": "arn:aws:sqs:us-east-1:000000000000:q"}])
    with pytest.raises(ClientError, match="ValidationException.*Rule can't be deleted since it has targets"):
        bus.delete_rule(Name="kept")
    bus.remove_targets(Rule="kept", Ids=["q"])
    bus.delete_rule(Name="kept")
    bus.delete_rule(Name="kept")
