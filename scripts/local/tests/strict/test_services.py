"""Limits of Parameter Store, Lambda and IAM."""

import io
import json
import sys
import zipfile
from typing import Any

import pytest
from botocore.exceptions import ClientError

from .. import roles
from .conftest import Emulator, single

FUNCTION = f"""#!{sys.executable}
import json, os, urllib.request
API = f"http://{{os.environ['AWS_LAMBDA_RUNTIME_API']}}/2018-06-01/runtime/invocation"
while True:
    with urllib.request.urlopen(f"{{API}}/next") as request:
        identity, event = request.headers["Lambda-Runtime-Aws-Request-Id"], json.load(request)
    answer = b'{{"a":"' + b"x" * (event["size"] - 8) + b'"}}'
    urllib.request.urlopen(urllib.request.Request(f"{{API}}/{{identity}}/response", answer)).close()
"""
MIB = 1024 * 1024


def put(emulator: Emulator, **more: Any) -> Any:
    return emulator.client("ssm").put_parameter(**{"Name": "/sdwan/a", "Value": "v", "Type": "String", "Overwrite": True, **more})


@pytest.mark.parametrize("wrong", [
    {"Value": ""}, {"Value": "{{ssm:/a}}"}, {"Value": "a{{"}, {"Value": "x" * 4097}, {"Value": "ü" * 2049},
    {"Value": "x" * 8193, "Tier": "Advanced"}, {"Tags": [{"Key": "a", "Value": "b"}]}, {"Type": "Text"}, {"Tier": "Large"},
    {"Name": "sdwan/a"}, {"Name": "/sdwan/a b"}, {"Name": "/sdwan//a"}, {"Name": "/sdwan/ä"}, {"Name": "/ssm/a"}, {"Name": "/sdwan/"},
    {"Name": "/a" * 16}, {"Name": "/" + "a" * 1000}, {"Value": "ab", "AllowedPattern": "^[0-9]+$"}], ids=lambda w: str(w)[:40])
def test_a_parameter_is_not_taken(emulator: Emulator, wrong: dict[str, Any]) -> None:
    with pytest.raises(ClientError, match="ValidationException"):
        put(emulator, **wrong)


def test_a_parameter_is_taken(emulator: Emulator) -> None:
    for fine in ({}, {"Value": "x" * 4096}, {"Name": "/a" * 15}, {"Name": "plain"}, {"Value": "x" * 8192, "Tier": "Advanced", "Name": "/l"},
                 {"Value": "x" * 5000, "Tier": "Intelligent-Tiering", "Name": "/i"}):
        put(emulator, **fine)
    with pytest.raises(ClientError, match="ValidationException"):
        put(emulator, Name="/l", Tier="Standard")


@pytest.fixture(scope="module")
def function(emulator: Emulator) -> str:
    """The name of a function that answers as many bytes as it is asked for."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        entry = zipfile.ZipInfo("bootstrap")
        entry.external_attr = 0o755 << 16
        archive.writestr(entry, FUNCTION)
    role = roles.role("functions", "lambda", {"logs:PutLogEvents": "*"})
    return emulator.client("lambda").create_function(
        FunctionName="limits", Role=role, Runtime="provided.al2023", Handler="bootstrap", Timeout=30,
        Code={"ZipFile": file.getvalue()})["FunctionArn"]


def test_an_environment_has_4_kb(emulator: Emulator, function: str) -> None:
    lambdas = emulator.client("lambda")
    role = lambdas.get_function_configuration(FunctionName=function)["Role"]
    room = 4096 - len('{"A":""}')
    lambdas.update_function_configuration(FunctionName=function, Environment={"Variables": {"A": "x" * room}})
    for variables in ({"A": "x" * (room + 1)}, {"A": "ü" * (room // 2 + 1)}, {f"N{n}": "" for n in range(500)}):
        with pytest.raises(ClientError, match="InvalidParameterValueException.*4KB limit"):
            lambdas.update_function_configuration(FunctionName=function, Environment={"Variables": variables})
        with pytest.raises(ClientError, match="InvalidParameterValueException.*4KB limit"):
            lambdas.create_function(FunctionName="other", Role=role, Runtime="provided.al2023", Handler="bootstrap",
                                    Code={"ZipFile": b""}, Environment={"Variables": variables})


def invoke(emulator: Emulator, function: str, payload_size: int, answer_size: int, how: str = "RequestResponse") -> Any:
    payload = json.dumps({"size": answer_size, "more": ""})
    payload = payload.replace('""', '"' + "x" * (payload_size - len(payload)) + '"')
    return emulator.client("lambda").invoke(FunctionName=function, Payload=payload, InvocationType=how)


def test_a_payload_and_its_answer_have_6_mb(emulator: Emulator, function: str) -> None:
    answer = invoke(emulator, function, 6 * MIB, 6 * MIB)
    assert "FunctionError" not in answer and len(answer["Payload"].read()) >= 6 * MIB
    with pytest.raises(ClientError, match="RequestTooLargeException"):
        invoke(emulator, function, 6 * MIB + 1, 100)
    answer = invoke(emulator, function, 100, 6 * MIB + 101)
    assert answer["FunctionError"] == "Unhandled"
    assert json.load(answer["Payload"])["errorType"] == "Function.ResponseSizeTooLarge"


def test_an_event_that_nobody_waits_for_has_1_mb(emulator: Emulator, function: str) -> None:
    assert invoke(emulator, function, MIB, 100, "Event")["StatusCode"] == 202
    with pytest.raises(ClientError, match="RequestTooLargeException"):
        invoke(emulator, function, MIB + 1, 100, "Event")


def test_a_state_gets_256_kib_from_a_function(emulator: Emulator, function: str) -> None:
    machine = single(Type="Task", Resource=function, Catch=[{"ErrorEquals": ["States.ALL"], "Next": "Caught"}])
    machine["States"]["Caught"] = {"Type": "Succeed"}
    assert len(emulator.outcome(machine, {"size": 250_000})["a"]) > 249_000
    assert emulator.outcome(machine, {"size": 262_145}) == "States.DataLimitExceeded"


def policy(characters: int, space: str = "") -> str:
    """A document of so many characters that count."""
    document = {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/"}]}
    text = json.dumps(document, separators=(",", ":"))
    return text.replace("b/", "b/" + "x" * (characters - len(text))).replace(",", f",{space}")


TRUST = json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]})


def test_the_policies_in_a_role_have_10_240_characters_together(emulator: Emulator) -> None:
    iam = emulator.client("iam")
    iam.create_role(RoleName="limits", AssumeRolePolicyDocument=TRUST)
    iam.put_role_policy(RoleName="limits", PolicyName="a", PolicyDocument=policy(10_000, " \n" * 200))
    iam.put_role_policy(RoleName="limits", PolicyName="b", PolicyDocument=policy(240))
    iam.put_role_policy(RoleName="limits", PolicyName="a", PolicyDocument=policy(10_000))
    with pytest.raises(ClientError, match=r"LimitExceeded\).*Maximum policy size of 10240 bytes exceeded for role limits"):
        iam.put_role_policy(RoleName="limits", PolicyName="b", PolicyDocument=policy(241))
    with pytest.raises(ClientError, match="LimitExceeded"):
        iam.put_role_policy(RoleName="limits", PolicyName="c", PolicyDocument=policy(200))


def test_other_policies_have_their_limits_too(emulator: Emulator) -> None:
    iam = emulator.client("iam")
    iam.create_user(UserName="limits")
    iam.create_group(GroupName="limits")
    for kind, limit in (("User", 2048), ("Group", 5120)):
        put_policy = getattr(iam, f"put_{kind.lower()}_policy")
        put_policy(**{f"{kind}Name": "limits"}, PolicyName="a", PolicyDocument=policy(limit))
        with pytest.raises(ClientError, match="LimitExceeded"):
            put_policy(**{f"{kind}Name": "limits"}, PolicyName="a", PolicyDocument=policy(limit + 1))
    iam.create_policy(PolicyName="fits", PolicyDocument=policy(6144))
    with pytest.raises(ClientError, match="LimitExceeded"):
        iam.create_policy(PolicyName="large", PolicyDocument=policy(6145))
    with pytest.raises(ClientError, match="LimitExceeded"):
        iam.create_role(RoleName="large", AssumeRolePolicyDocument=TRUST.replace("Allow", "Allow", 1).replace(
            "2012-10-17", "2012-10-17", 1).replace('"sts:AssumeRole"', json.dumps(["sts:AssumeRole"] * 150)))
