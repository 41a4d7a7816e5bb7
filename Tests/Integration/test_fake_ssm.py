"""The fake Systems Manager, driven by boto3: what AWS's own client accepts is the real protocol."""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError, EndpointConnectionError, HTTPClientError, SSLError
from certificates import authority
from fakes import faults
from fakes.rates import TokenBucket
from fakes.run_command import Outcome
from fakes.ssm import FakeSSM
from network import ROUTERS, populate

NV, FRA = ROUTERS["nv-sdwan"], ROUTERS["fra-sdwan"]


def client(ssm: FakeSSM, region: str = "us-east-1", **rest):
    rest = {"aws_access_key_id": ssm.identity.access_key, "aws_secret_access_key": ssm.identity.secret_key,
            "aws_session_token": ssm.identity.token} | rest
    return boto3.client("ssm", region, endpoint_url=ssm.url,
                        config=Config(retries={"total_max_attempts": 1}, read_timeout=2, connect_timeout=5), **rest)


@pytest.fixture
def ssm() -> Iterator[FakeSSM]:
    ssm = FakeSSM()
    populate(ssm, ROUTERS)
    yield ssm
    ssm.stop()


def code(problem: pytest.ExceptionInfo) -> str:
    return problem.value.response["Error"]["Code"]


def send(ssm: FakeSSM, router=NV, **rest) -> str:
    answer = client(ssm, router.region).send_command(
        InstanceIds=[router.instance_id], DocumentName="AWS-RunShellScript", TimeoutSeconds=30,
        Parameters={"commands": ["#!/bin/bash\nexit 0"], "executionTimeout": ["30"]}, **rest)
    return answer["Command"]["CommandId"]


def poll(ssm: FakeSSM, command_id: str, router=NV) -> dict:
    return client(ssm, router.region).get_command_invocation(CommandId=command_id, InstanceId=router.instance_id)


@pytest.mark.parametrize("empty_pages", [False, True])
def test_parameters_come_in_pages_from_their_region(ssm: FakeSSM, empty_pages: bool) -> None:
    ssm.page_size, ssm.empty_pages = 4, empty_pages
    for region, first in (("us-east-1", "/sdwan/nv-"), ("eu-central-1", "/sdwan/fra-")):
        pages = list(client(ssm, region).get_paginator("get_parameters_by_path").paginate(Path="/sdwan/", Recursive=True))
        names = [parameter["Name"] for page in pages for parameter in page["Parameters"]]
        assert len(names) == len(set(names)) == 6 and all(name.startswith(first) for name in names)
        assert [len(page["Parameters"]) for page in pages] == ([0, 4, 0, 2] if empty_pages else [4, 2])
    assert client(ssm).get_parameters_by_path(Path="/sdwan")["Parameters"] == []


def test_a_command_goes_through_its_statuses(ssm: FakeSSM) -> None:
    ssm.hosts[NV.instance_id].outcome = Outcome(
        unseen=2, stages=("Pending", "InProgress", "Delayed"), status="Failed", details="Undeliverable",
        stdout="o" * 30_000, stderr="e" * 30_000)
    command = send(ssm)
    for _ in range(2):
        with pytest.raises(ClientError) as problem:
            poll(ssm, command)
        assert code(problem) == "InvocationDoesNotExist"
    assert [poll(ssm, command)["Status"] for _ in range(3)] == ["Pending", "InProgress", "Delayed"]
    end = poll(ssm, command)
    assert (end["Status"], end["StatusDetails"], end["ResponseCode"]) == ("Failed", "Undeliverable", 1)
    assert (len(end["StandardOutputContent"]), len(end["StandardErrorContent"])) == (24_000, 8_000)


def test_a_command_can_be_cancelled_and_listed(ssm: FakeSSM) -> None:
    ssm.hosts[NV.instance_id].outcome = Outcome(never_ends=True)
    ssm.hidden_listings = 1
    command = send(ssm, Comment="mine")
    assert poll(ssm, command)["Status"] == "InProgress"
    listing = {"InstanceId": NV.instance_id}
    assert client(ssm).list_commands(**listing)["Commands"] == []
    assert [one["Comment"] for one in client(ssm).list_commands(**listing)["Commands"]] == ["mine"]
    assert client(ssm, "eu-central-1").list_commands()["Commands"] == []
    client(ssm).cancel_command(CommandId=command)
    assert poll(ssm, command)["Status"] == "Cancelled" and ssm.cancelled == [command]


def test_one_host_offline_refuses_the_whole_call(ssm: FakeSSM) -> None:
    ssm.hosts[NV.instance_id].online = False
    information = client(ssm).describe_instance_information()["InstanceInformationList"]
    assert sorted(one["PingStatus"] for one in information) == ["ConnectionLost", "Online"]
    for router in (NV, FRA):
        with pytest.raises(ClientError) as problem:
            client(ssm, "us-east-1").send_command(InstanceIds=[router.instance_id], DocumentName="AWS-RunShellScript")
        assert code(problem) == "InvalidInstanceId"
    assert ssm.commands == []


@pytest.mark.parametrize("wrong, expected", [
    ({"aws_secret_access_key": "another"}, "InvalidSignatureException"),
    ({"aws_access_key_id": "AKIAANOTHER"}, "UnrecognizedClientException"),
    ({"aws_session_token": "another"}, "UnrecognizedClientException"),
])
def test_wrong_credentials_are_refused(ssm: FakeSSM, wrong: dict, expected: str) -> None:
    with pytest.raises(ClientError) as problem:
        client(ssm, **wrong).list_commands()
    assert code(problem) == expected


def test_a_skewed_clock_is_refused(ssm: FakeSSM) -> None:
    ssm.clock_offset = 600
    with pytest.raises(ClientError) as problem:
        client(ssm).list_commands()
    assert code(problem) == "InvalidSignatureException" and ssm.violations


def test_what_the_role_may_not_do_is_denied(ssm: FakeSSM) -> None:
    for operation, given in (("get_parameter", {"Name": "/sdwan-secrets/vpn-psk", "WithDecryption": True}),
                             ("get_parameters", {"Names": ["/sdwan/nv-sdwan/instance-id"]}),
                             ("get_parameters_by_path", {"Path": "/sdwan-secrets"})):
        with pytest.raises(ClientError) as problem:
            getattr(client(ssm), operation)(**given)
        assert code(problem) == "AccessDeniedException"
    assert len(ssm.violations) == 3


@pytest.mark.parametrize("change, expected, named", [
    ({"InstanceIds": [f"i-{n:017x}" for n in range(51)]}, "ValidationException", "less than or equal to 50"),
    ({"Comment": "x" * 9000}, "ValidationException", "less than or equal to 100"),
    ({"DocumentHashType": "Nonsense"}, "ValidationException", "enum value set"),
    ({"Nonsense": 1}, "ValidationException", "no such member"),
    ({"TimeoutSeconds": "30"}, "SerializationException", "str is no integer"),
    ({"TimeoutSeconds": 29}, "ValidationException", "greater than or equal to 30"),
    ({"DocumentName": "no blanks"}, "ValidationException", "regular expression pattern"),
    ({"InstanceIds": []}, "ValidationException", "the model allows none"),
])
def test_what_breaks_the_model_is_refused_and_remembered(ssm: FakeSSM, change: dict, expected: str, named: str) -> None:
    asked = {"InstanceIds": [NV.instance_id], "DocumentName": "AWS-RunShellScript", "Parameters": {"commands": ["true"]}} | change
    unchecked = client(ssm)
    unchecked.meta.events.register("before-call.ssm.SendCommand", lambda params, **_: params.update(body=json.dumps(asked).encode()))
    with pytest.raises(ClientError) as problem:
        unchecked.send_command(DocumentName="AWS-RunShellScript")
    assert code(problem) == expected and named in ssm.violations[-1] and ssm.commands == []


def test_an_answer_that_the_model_does_not_know_is_remembered(ssm: FakeSSM, monkeypatch: pytest.MonkeyPatch) -> None:
    client(ssm).list_commands()
    assert ssm.violations == []
    monkeypatch.setattr(FakeSSM, "ListCommands", lambda *_: {"Commands": [{"Status": "Nonsense", "Comment": 7}], "More": True})
    client(ssm).list_commands()
    assert len(ssm.violations) == 3


@pytest.mark.parametrize("fault, expected", [
    (faults.reset(), ConnectionClosedError),
    (faults.reset_during(), HTTPClientError),
    (faults.hang(), HTTPClientError),
    (faults.throttle(), ClientError),
    (faults.html(), ClientError),
    (faults.error("InternalServerError", 500), ClientError),
])
def test_faults_hit_once(ssm: FakeSSM, fault: faults.Fault, expected: type) -> None:
    fault.operation = "SendCommand"
    ssm.inject(fault)
    with pytest.raises(expected):
        send(ssm)
    send(ssm)
    assert len(ssm.commands) == (2 if fault.executed else 1) and fault.hits == 1


def test_an_executed_reset_loses_only_the_answer(ssm: FakeSSM) -> None:
    ssm.inject(faults.reset(operation="SendCommand", executed=True, instance=NV.instance_id))
    send(ssm, FRA)
    with pytest.raises((ConnectionClosedError, EndpointConnectionError)):
        send(ssm, NV)
    assert len(ssm.commands_for(NV.instance_id)) == 1


def test_tls_with_the_right_authority_only(tmp_path: Path) -> None:
    ours, pair = authority(tmp_path, "ours")
    other, _ = authority(tmp_path, "other")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair)
    ssm = FakeSSM(context)
    try:
        assert client(ssm, verify=str(ours)).list_commands()["Commands"] == []
        with pytest.raises(SSLError):
            client(ssm, verify=str(other)).list_commands()
    finally:
        ssm.stop()


# The lists


def invocations(ssm: FakeSSM, region: str = "us-east-1", **rest) -> list[dict]:
    asked = {"Filters": [{"key": "InvokedAfter", "value": "2026-01-01T00:00:00Z"}], "Details": True} | rest
    pages = client(ssm, region).get_paginator("list_command_invocations").paginate(**asked)
    return [one for page in pages for one in page["CommandInvocations"]]


def test_a_list_tells_how_commands_stand_on_each_instance(ssm: FakeSSM) -> None:
    ssm.hosts[NV.instance_id].outcome = Outcome(status="Failed", stdout="out", stderr="err")
    command = send(ssm, Comment="mine")
    [one] = invocations(ssm)
    assert (one["CommandId"], one["InstanceId"], one["Comment"], one["Status"]) == (command, NV.instance_id, "mine", "Failed")
    [step] = one["CommandPlugins"]
    assert (step["Output"], step["ResponseCode"]) == ("out\n----------ERROR-------\nerr", 1)
    assert invocations(ssm, Details=False)[0]["CommandPlugins"] == []
    assert invocations(ssm, "eu-central-1") == []
    assert ssm.violations == []


@pytest.mark.parametrize("stdout, stderr", [("x" * 3000, ""), ("x", "y" * 3000)])
def test_a_list_shows_the_beginning_of_an_output(ssm: FakeSSM, stdout: str, stderr: str) -> None:
    ssm.hosts[NV.instance_id].outcome = Outcome(stdout=stdout, stderr=stderr)
    send(ssm)
    text = invocations(ssm)[0]["CommandPlugins"][0]["Output"]
    assert len(text) == 2500 and text.endswith("--output truncated--")


@pytest.mark.parametrize("operation", ["list_command_invocations", "list_commands"])
@pytest.mark.parametrize("filters, expected", [
    ([{"key": "InvokedAfter", "value": "yesterday"}], "ValidationException"),
    ([{"key": "InvokedAfter", "value": "2026-11-26T10:00:00.123Z"}], "ValidationException"),
    ([{"key": "Comment", "value": "mine"}], "ValidationException"),
    ([{"key": "Status", "value": "Success"}, {"key": "Status", "value": "Failed"}], "InvalidFilterKey"),
])
def test_filters_are_the_documentations(ssm: FakeSSM, operation: str, filters: list, expected: str) -> None:
    with pytest.raises(ClientError) as problem:
        getattr(client(ssm), operation)(Filters=filters)
    assert code(problem) == expected


def test_a_page_has_fifty_at_most_and_a_token_is_its_questions(ssm: FakeSSM) -> None:
    ssm.strangers = 60
    send(ssm)
    first = client(ssm).list_command_invocations()
    assert len(first["CommandInvocations"]) == 50
    assert len(client(ssm).list_command_invocations(NextToken=first["NextToken"])["CommandInvocations"]) == 11
    for question in ({"Details": True}, {"MaxResults": 10}):
        with pytest.raises(ClientError) as problem:
            client(ssm).list_command_invocations(NextToken=first["NextToken"], **question)
        assert code(problem) == "InvalidNextToken"
    with pytest.raises(ClientError) as problem:
        client(ssm, "eu-central-1").list_command_invocations(NextToken=first["NextToken"])
    assert code(problem) == "InvalidNextToken"
    unchecked = client(ssm)
    unchecked.meta.events.register("before-call.ssm.ListCommandInvocations",
                                   lambda params, **_: params.update(body=b'{"MaxResults": 51}'))
    with pytest.raises(ClientError) as problem:
        unchecked.list_command_invocations()
    assert code(problem) == "ValidationException"


def test_lists_are_narrowed_by_time_and_status(ssm: FakeSSM) -> None:
    ssm.hosts[NV.instance_id].outcomes = [Outcome(never_ends=True), Outcome()]
    running, ended = send(ssm), send(ssm)
    poll(ssm, ended)
    for key in ("list_commands", "list_command_invocations"):
        listed = getattr(client(ssm), key)
        for status, expected in (("InProgress", running), ("Success", ended)):
            answer = listed(Filters=[{"key": "Status", "value": status}])
            assert [one["CommandId"] for one in answer[next(name for name in answer if name.startswith("Command"))]] == [expected]
        assert not any(listed(Filters=[{"key": "InvokedAfter", "value": "2999-01-01T00:00:00Z"}]).get(name)
                       for name in ("Commands", "CommandInvocations"))


def test_a_list_lags_behind(ssm: FakeSSM) -> None:
    ssm.list_lag = 3600
    command = send(ssm)
    assert invocations(ssm) == [] and client(ssm).list_commands()["Commands"] == []
    assert poll(ssm, command)["Status"] == "Success"


# Rates


def test_an_operation_is_throttled_by_its_rate_in_each_region(ssm: FakeSSM) -> None:
    ssm.limits.set("SendCommand", rate=0, burst=2)
    for router in (NV, FRA):
        for _ in range(2):
            send(ssm, router)
        with pytest.raises(ClientError) as problem:
            send(ssm, router)
        assert code(problem) == "ThrottlingException"
    assert len(ssm.commands) == 4 and ssm.violations == []
    assert client(ssm).list_commands()["Commands"]


def test_a_bucket_is_filled_again() -> None:
    now = 0.0
    bucket = TokenBucket(2, 3, lambda: now)
    assert [bucket.take() for _ in range(5)] == [True] * 3 + [False] * 2
    now = 0.5
    assert [bucket.take() for _ in range(2)] == [True, False]
    now = 100
    assert [bucket.take() for _ in range(4)] == [True] * 3 + [False]


# Stopping


def test_what_has_ended_is_not_cancelled(ssm: FakeSSM) -> None:
    """The service accepts the request all the same."""
    command = send(ssm)
    client(ssm).cancel_command(CommandId=command, InstanceIds=[NV.instance_id])
    assert poll(ssm, command)["Status"] == "Success"
    with pytest.raises(ClientError) as problem:
        client(ssm).cancel_command(CommandId=command, InstanceIds=[FRA.instance_id])
    assert code(problem) == "InvalidInstanceId"


def test_an_operation_that_there_is_not(ssm: FakeSSM) -> None:
    ssm.missing = {"ListCommandInvocations"}
    with pytest.raises(ClientError) as problem:
        client(ssm).list_command_invocations()
    assert code(problem) == "InvalidAction" and ssm.violations == []
