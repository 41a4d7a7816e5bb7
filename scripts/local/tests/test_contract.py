"""Requests and answers beside the services' models."""

import json
from typing import Any

import pytest
import regex

from local.contract import objects, services
from local.contract.shapes import Kind
from local.emulators.credentials import Sessions
from local.emulators.ledger import Books, Ledger
from local.emulators.models import Models

COMMAND = {"DocumentName": "AWS-RunShellScript", "InstanceIds": ["i-0123456789abcdef0"], "Parameters": {"commands": ["true"]}}
PARAMETER = {"Name": "/sdwan/r/instance-id", "Value": "i-1", "Type": "String"}
EVENT = {"Source": "sdwan", "DetailType": "a", "Detail": "{}"}


@pytest.mark.parametrize("service", ["ssm", "stepfunctions", "events", "lambda", "s3"])
def test_every_pattern_of_the_models_is_understood(service: str) -> None:
    model = services.model(service)
    patterns = [model.shape_for(name).metadata.get("pattern") for name in model.shape_names]
    assert [regex.compile(pattern) for pattern in patterns if pattern]


@pytest.mark.parametrize("service, operation, value", [
    ("ssm", "SendCommand", COMMAND), ("ssm", "SendCommand", {**COMMAND, "Comment": None}), ("ssm", "PutParameter", PARAMETER),
    ("ssm", "GetParametersByPath", {"Path": "/sdwan/", "Recursive": True, "MaxResults": 10}), ("events", "PutEvents", {"Entries": [EVENT]}),
    ("stepfunctions", "StartExecution", {"stateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:sdwan", "input": "{}"}),
])
def test_what_the_model_knows_is_fine(service: str, operation: str, value: dict[str, Any]) -> None:
    assert services.value_problems(service, operation, value) == []


@pytest.mark.parametrize("service, operation, value, kind, place", [
    ("ssm", "SendCommand", {**COMMAND, "InstanceIds": [f"i-{n:017x}" for n in range(51)]}, Kind.RULE, "InstanceIds"),
    ("ssm", "SendCommand", {**COMMAND, "InstanceIds": ["i-XYZ"]}, Kind.RULE, "InstanceIds[0]"),
    ("ssm", "SendCommand", {**COMMAND, "Comment": "x" * 9000}, Kind.RULE, "Comment"),
    ("ssm", "SendCommand", {**COMMAND, "TimeoutSeconds": 29}, Kind.RULE, "TimeoutSeconds"),
    ("ssm", "SendCommand", {**COMMAND, "TimeoutSeconds": "30"}, Kind.TYPE, "TimeoutSeconds"),
    ("ssm", "SendCommand", {**COMMAND, "TimeoutSeconds": True}, Kind.TYPE, "TimeoutSeconds"),
    ("ssm", "SendCommand", {**COMMAND, "Parameters": {"commands": "true"}}, Kind.TYPE, "Parameters.commands"),
    ("ssm", "SendCommand", {**COMMAND, "Nonsense": 1}, Kind.RULE, "Nonsense"),
    ("ssm", "SendCommand", {"Parameters": {}}, Kind.RULE, "DocumentName"),
    # The pattern has no anchors; AWS means the whole text.
    ("ssm", "GetCommandInvocation", {"CommandId": "0" * 36, "InstanceId": "x i-0123456789abcdef0"}, Kind.RULE, "InstanceId"),
    ("ssm", "PutParameter", {**PARAMETER, "Type": "Nonsense"}, Kind.RULE, "Type"),
    ("events", "PutEvents", {"Entries": [EVENT] * 11}, Kind.RULE, "Entries"),
    ("events", "PutEvents", {"Entries": [{**EVENT, "Detail": {}}]}, Kind.TYPE, "Entries[0].Detail"),
    ("stepfunctions", "StartExecution", {"stateMachineArn": "a", "name": "x" * 81}, Kind.RULE, "name"),
])
def test_what_breaks_the_model_is_named(service: str, operation: str, value: dict[str, Any], kind: Kind, place: str) -> None:
    [problem] = services.value_problems(service, operation, value)
    assert (problem.kind, problem.place) == (kind, place)


@pytest.mark.parametrize("operation, content_type, body, code", [
    ("SendCommand", services.JSON["1.1"], json.dumps(COMMAND), None),
    ("SendCommand", services.JSON["1.0"], json.dumps(COMMAND), "SerializationException"),
    ("SendCommand", services.JSON["1.1"], "{", "SerializationException"),
    ("SendNonsense", services.JSON["1.1"], "{}", "ValidationException"),
])
def test_a_requests_form_is_looked_at(operation: str, content_type: str, body: str, code: str | None) -> None:
    found = services.request_problems("ssm", operation, content_type, body.encode())
    assert (services.refusal(found)[0] if found else None) == code


def test_an_answers_empty_text_says_that_there_is_nothing() -> None:
    def wrong(answer: dict[str, Any]) -> list[str]:
        return [problem.place for problem in services.answer_problems("ssm", "GetCommandInvocation", answer)]

    assert wrong({"Status": "Pending", "ExecutionStartDateTime": "", "StandardOutputContent": ""}) == []
    assert wrong({"Status": "Nonsense", "ResponseCode": "0", "StandardOutputContent": "x" * 24_001, "More": 1}) == [
        "Status", "ResponseCode", "StandardOutputContent", "More"]


@pytest.mark.parametrize("method, path, query, headers, places", [
    ("GET", "/bucket/topology.json", "versionId=1", {"host": "s3"}, []),
    ("PUT", "/bucket/results/a/b", "", {"x-amz-date": "now", "x-amz-content-sha256": "0", "x-amz-meta-ours": "1"}, []),
    ("PUT", "/bucket/a", "nonsense=1", {"x-amz-nonsense": "1"}, ["x-amz-nonsense", "nonsense"]),
    ("PUT", "/bucket/a", "", {"x-amz-server-side-encryption": "ROT13"}, ["ServerSideEncryption"]),
    ("GET", "/bucket", "", {}, ["Key", "Key"]),
    ("DELETE", "/bucket/a", "", {}, ["DELETE"]),
])
def test_s3s_requests(method: str, path: str, query: str, headers: dict[str, str], places: list[str]) -> None:
    assert [problem.place for problem in objects.request_problems(method, path, query, headers)] == places


def test_a_machines_events_are_checked_and_remembered(tmp_path: Any) -> None:
    models = Models(Sessions(object), Ledger(tmp_path))
    assert models.events({"Entries": [{**EVENT, "Detail": {"execution": "a"}}]}) is None
    assert "no such member" in (models.events({"Entries": [{**EVENT, "Nonsense": 1}]}) or "")
    assert len(Books(tmp_path).broken) == 1
