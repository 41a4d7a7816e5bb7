"""`sdwan config|event|function|machine` as the tool is built, over both emulators where both have what is asked for; every line of
JSON keeps to docs/schema/orchestration, and every refusal is one sentence."""

from __future__ import annotations

import io
import json
import os
import subprocess
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, Account
from jsonschema import Draft202012Validator

SDWAN = Path(os.environ.get("SDWAN_TOOL", ROOT / "cli/.build/debug/sdwan"))
SCHEMAS = {file.stem: json.loads(file.read_text()) for file in (ROOT / "docs/schema/orchestration").glob("*.json")}
held: set[str] = set()


def sdwan(account: Account, *words: str, given: str = "", status: int = 0) -> tuple[str, str]:
    """What was printed, and what was complained about."""
    ended = subprocess.run([SDWAN, *words], env=account.environment, input=given, capture_output=True, text=True, timeout=120)
    assert ended.returncode == status, f"{words}: {ended.returncode}: {ended.stdout}{ended.stderr}"
    return ended.stdout, ended.stderr


def told(account: Account, schema: str, *words: str, given: str = "") -> list[dict[str, Any]]:
    """The lines of JSON, each held against its schema."""
    lines = [json.loads(line) for line in sdwan(account, *words, "--output", "json", given=given)[0].splitlines()]
    for line in lines:
        Draft202012Validator(SCHEMAS[schema]).validate(line)
        held.add(schema)
    return lines


def refused(account: Account, *words: str, given: str = "", status: int = 2) -> str:
    """The one sentence."""
    printed, said = sdwan(account, *words, given=given, status=status)
    lines = [line for line in said.splitlines() if not line.endswith("--help tells more")]
    assert printed == "" and len(lines) == 1 and lines[0].startswith("sdwan: "), (printed, said)
    return lines[0]


SETTINGS = '{"a":{"password":"p","n":1.50},"on":true,"none":null,"list":[],"text":""}'


def test_config(account: Account) -> None:
    ssm = account.client("ssm")
    assert told(account, "config-put", "config", "put", "/tool/x", "--tag", "team=net", given=SETTINGS) == [
        {"schema": 1, "written": 6, "deleted": 0}]
    printed, _ = sdwan(account, "config", "get", "/tool/x")
    # Numbers as they were written.
    assert json.loads(printed) == json.loads(SETTINGS) and "1.50" in printed
    assert ssm.get_parameter(Name="/tool/x/a/password")["Parameter"]["Type"] == "SecureString"
    tags = ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId="/tool/x/on")["TagList"]
    assert tags == [{"Key": "team", "Value": "net"}]
    assert told(account, "config-put", "config", "put", "/tool/x", "--merge", given='{"on":false}')[0]["deleted"] == 0
    assert told(account, "count", "config", "label", "/tool/x/on", "good", "--version", "1")
    assert ssm.get_parameter(Name="/tool/x/on:good")["Parameter"]["Value"] == "true"
    versions = told(account, "config-versions", "config", "versions", "/tool/x/on")
    assert [(line["version"], line["labels"]) for line in versions] == [(1, ["good"]), (2, [])]
    # It moves.
    sdwan(account, "config", "label", "/tool/x/on", "good")
    assert ssm.get_parameter(Name="/tool/x/on:good")["Parameter"]["Value"] == "false"
    assert told(account, "config-put", "config", "put", "/tool/x", given='{"on":false}')[0] == {"schema": 1, "written": 0, "deleted": 5}
    assert told(account, "count", "config", "delete", "/tool/x", "--yes") == [{"schema": 1, "count": 1}]
    assert sdwan(account, "config", "get", "/tool/x")[0] == "{}\n"


@pytest.mark.parametrize(("words", "given", "sentence"), [
    (["put", "/t"], "{", "no JSON"), (["put", "/t"], "[]", "no object"), (["put", "no-prefix"], "{}", "no prefix"),
    (["put", "/t"], json.dumps({"long": "x" * 4097}), "4096"), (["put", "/t", "--advanced"], json.dumps({"long": "x" * 8193}), "8192"),
    (["put", "/t", "--tag", "team"], "{}", "KEY=VALUE"), (["put", "/aws-t"], "{}", "aws"), (["delete", "/t"], "", "--yes"),
    (["label", "/t"], "", "label"), (["get"], "", "prefix")])
def test_what_config_refuses(pair: dict[str, Account], words: list[str], given: str, sentence: str) -> None:
    assert sentence in refused(pair["moto"], "config", *words, given=given)
    assert not pair["moto"].client("ssm").get_parameters_by_path(Path="/t", Recursive=True)["Parameters"]


def test_a_parameter_that_there_is_not(account: Account) -> None:
    assert "ParameterNotFound" in refused(account, "config", "versions", "/nowhere", status=5)
    assert "/nowhere" in refused(account, "config", "label", "/nowhere", "good", status=5)


def test_event(account: Account) -> None:
    queue = account.client("sqs").create_queue(QueueName="tool")["QueueUrl"].rsplit("/", 2)
    arn = f"arn:aws:sqs:us-east-1:{queue[1]}:tool"
    assert told(account, "count", "event", "watch", "tool-rule", "eks-upgrade-agent", arn, "--type", "upgrade.failed")
    events = account.client("events")
    assert json.loads(events.describe_rule(Name="tool-rule")["EventPattern"]) == {
        "source": ["eks-upgrade-agent"], "detail-type": ["upgrade.failed"]}
    assert [target["Arn"] for target in events.list_targets_by_rule(Rule="tool-rule")["Targets"]] == [arn]
    assert told(account, "count", "event", "put", "eks-upgrade-agent", "upgrade.failed", given='{"cluster":"dev"}')
    assert told(account, "count", "event", "disable", "tool-rule")
    (rule,) = told(account, "event-rules", "event", "rules", "tool-")
    assert rule["name"] == "tool-rule" and rule["is_enabled"] is False
    sdwan(account, "event", "enable", "tool-rule")
    assert told(account, "event-rules", "event", "rules", "tool-")[0]["is_enabled"] is True
    assert told(account, "count", "event", "delete", "tool-rule") and not told(account, "event-rules", "event", "rules", "tool-")


@pytest.mark.parametrize(("words", "given", "sentence", "status"), [
    (["put", "s", "t"], "[]", "JSON object", 2), (["put", "s", "t"], "", "JSON object", 2), (["put", "aws.s", "t"], "{}", "aws.", 2),
    (["put", "s", "t"], json.dumps({"x": "y" * (256 << 10)}), "262144", 2), (["enable", "nobody"], "", "ResourceNotFoundException", 5),
    (["watch", "r"], "", "source", 2)])
def test_what_event_refuses(pair: dict[str, Account], words: list[str], given: str, sentence: str, status: int) -> None:
    assert sentence in refused(pair["moto"], "event", *words, given=given, status=status)


def zipped(folder: Path) -> str:
    """A package with something in it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("bootstrap", "#!/bin/sh\n")
    (folder / "f.zip").write_bytes(packed.getvalue())
    return str(folder / "f.zip")


def test_function(account: Account, tmp_path: Path) -> None:
    """moto runs none without Docker, and has them all the same."""
    words = ["function", "deploy", "tool", "--zip", zipped(tmp_path), "--role", account.role, "--handler", "h", "--variable", "A=b=c"]
    (made,) = told(account, "function-deploy", *words)
    (changed,) = told(account, "function-deploy", *words, "--memory", "256")
    assert (made["is_new"], changed["is_new"]) == (True, False) and int(changed["version"]) >= int(made["version"])
    known = account.client("lambda").get_function_configuration(FunctionName="tool")
    assert known["MemorySize"] == 256 and known["Environment"]["Variables"] == {"A": "b=c"} and known["Handler"] == "h"
    assert {"schema": 1, "name": "tool"} in told(account, "name", "function", "list")
    assert told(account, "count", "function", "delete", "tool", "--yes")
    assert {"schema": 1, "name": "tool"} not in told(account, "name", "function", "list")


def test_a_function_that_ends_with_an_error(pair: dict[str, Account]) -> None:
    account = pair["ministack"]
    sdwan(account, "function", "deploy", "failing", "--zip", str(ROOT / "dist/upgrade.zip"), "--role", account.role,
          "--handler", "perception", "--variable", 'UPGRADE_CLUSTERS={"dev": {}}')
    assert "failing: Event.Invalid: " in refused(account, "function", "invoke", "failing", given="[]", status=1)
    _, said = sdwan(account, "function", "invoke", "failing", "--verbose", given="[]", status=1)
    assert "RequestId" in said
    assert told(account, "count", "function", "invoke", "failing", "--event", given="{}")
    sdwan(account, "function", "delete", "failing", "--yes")


@pytest.mark.parametrize(("words", "given", "sentence", "status"), [
    (["deploy", "f", "--zip", "/nowhere.zip", "--role", "r"], "", "/nowhere.zip can't be read", 2),
    (["deploy", "f", "--zip", "/dev/null", "--role", "r", "--variable", "=x"], "", "NAME=VALUE", 2),
    (["invoke", "nobody"], "{}", "ResourceNotFoundException", 5), (["delete", "f"], "", "--yes", 2)])
def test_what_function_refuses(pair: dict[str, Account], words: list[str], given: str, sentence: str, status: int) -> None:
    assert sentence in refused(pair["ministack"], "function", *words, given=given, status=status)


def machine(state: dict[str, Any]) -> str:
    return json.dumps({"StartAt": "Only", "States": {"Only": {**state, "End": True}}})


def test_machine(pair: dict[str, Account]) -> None:
    account = pair["ministack"]
    (line,) = told(account, "arn", "machine", "create", "tool", "--role", account.role, given=machine({"Type": "Pass", "Result": {"n": 1}}))
    arn = line["arn"]
    assert {"schema": 1, "name": "tool", "arn": arn} in told(account, "machine", "machine", "list")
    assert json.loads(sdwan(account, "machine", "run", arn, "--execution", "one", given="{}")[0]) == {"n": 1}
    assert told(account, "arn", "machine", "update", arn, given=machine({"Type": "Pass", "Result": {"n": 2}}))
    assert json.loads(sdwan(account, "machine", "run", arn)[0]) == {"n": 2}
    failing = json.dumps({"StartAt": "No", "States": {"No": {"Type": "Fail", "Error": "E", "Cause": "because"}}})
    sdwan(account, "machine", "update", arn, given=failing)
    assert "FAILED: E: because" in refused(account, "machine", "run", arn, status=1)
    assert told(account, "count", "machine", "delete", arn, "--yes")


@pytest.mark.parametrize(("words", "given", "status"), [
    (["create", "m", "--role", "r"], "{", 5), (["run", "arn:aws:states:us-east-1:123456789012:stateMachine:nobody"], "{}", 5),
    (["delete", "arn:x"], "", 2), (["heartbeat", "no-token"], "", 5), (["answer"], "", 2),
    (["redrive", "arn:aws:states:us-east-1:123456789012:execution:m:nobody"], "", 5)])
def test_what_machine_refuses(pair: dict[str, Account], words: list[str], given: str, status: int) -> None:
    refused(pair["ministack"], "machine", *words, given=given, status=status)


@pytest.mark.parametrize("error", [None, "Rejected"])
def test_a_state_that_waits_for_its_token(pair: dict[str, Account], error: str | None) -> None:
    """Task success, failure and heartbeat. moto runs no state of EventBridge's."""
    account = pair["ministack"]
    states = account.client("stepfunctions")
    name = f"tokens-{error or 'ok'}".lower()
    entry = {"Source": "tool", "DetailType": "waits", "Detail": {"token.$": "$$.Task.Token"}}
    waiting = machine({"Type": "Task", "Resource": "arn:aws:states:::events:putEvents.waitForTaskToken", "TimeoutSeconds": 600,
                       "Parameters": {"Entries": [entry]}})
    arn = told(account, "arn", "machine", "create", name, "--role", account.role, given=waiting)[0]["arn"]
    execution = states.start_execution(stateMachineArn=arn, input="{}")["executionArn"]
    token = token_of(states, execution)
    assert told(account, "count", "machine", "heartbeat", token)
    words = ["machine", "answer", token] + (["--error", error] if error else [])
    assert told(account, "count", *words, given="no" if error else '{"yes": true}')
    ended = ended_execution(states, execution)
    assert (ended["status"], ended.get("error")) == (("FAILED", error) if error else ("SUCCEEDED", None))
    assert ended.get("cause") == "no" if error else json.loads(ended["output"]) == {"yes": True}


def token_of(states: Any, execution: str) -> str:
    for _ in range(200):
        for event in states.get_execution_history(executionArn=execution)["events"]:
            if event["type"] == "TaskScheduled":
                entry = json.loads(event["taskScheduledEventDetails"]["parameters"])["Entries"][0]
                return (entry["Detail"] if isinstance(entry["Detail"], dict) else json.loads(entry["Detail"]))["token"]
        time.sleep(0.1)
    raise AssertionError("the state hands out no token")


def ended_execution(states: Any, execution: str) -> dict[str, Any]:
    for _ in range(200):
        found = states.describe_execution(executionArn=execution)
        if found["status"] != "RUNNING":
            return found
        time.sleep(0.1)
    raise AssertionError("the execution goes on")


def test_no_schema_is_left_out() -> None:
    """Beside the others: every schema that there is was held against something."""
    assert held == set(SCHEMAS), set(SCHEMAS) - held
