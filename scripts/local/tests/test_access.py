"""Who may do what in the emulators: signatures, policies, trust, and requests as the services' models have them."""

import json
import os
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from local.emulators import start as emulators
from local.emulators.credentials import ACCOUNT
from local.emulators.enforcement import arn_of_any
from local.emulators.ledger import Books

from . import programs, roles

REGION, ROLE = "us-east-1", "tried"
SSM, EC2 = f"arn:aws:ssm:{REGION}:{ACCOUNT}", f"arn:aws:ec2:{REGION}:{ACCOUNT}"
DOCUMENT = f"arn:aws:ssm:{REGION}::document/AWS-RunShellScript"
QUESTIONS = {"ssm": "list_commands", "s3": "list_buckets", "ec2": "describe_vpcs", "iam": "list_roles", "lambda": "list_functions",
             "stepfunctions": "list_state_machines", "events": "list_rules", "sqs": "list_queues", "sts": "get_caller_identity"}
READING = {"ssm:GetCommandInvocation": "*", "ssm:ListCommands": "*"}


class Lab(NamedTuple):
    """Running emulators, two instances with the role to be tried, and that role's key as a host of it has it."""

    folder: Path
    operator: Any
    instance: str
    other: str
    key: dict[str, str]

    def as_role(self, service: str = "ssm", **more: Any) -> Any:
        return boto3.client(service, region_name=REGION, **self.key, **more)

    def allow(self, allowed: dict[str, Any], **condition: Any) -> None:
        document = json.loads(roles.policy(allowed))
        for statement in document["Statement"]:
            statement.update({"Condition": condition} if condition else {})
        boto3.client("iam").put_role_policy(RoleName=ROLE, PolicyName="all", PolicyDocument=json.dumps(document))


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("access")
    with programs.started() as daemons:
        programs.enter(emulators.start(daemons, folder).environment())
        roles.instance_profile(ROLE, READING)
        boto3.client("s3", region_name=REGION).create_bucket(Bucket="bare")
        ids = [instance(name, ROLE) for name in ("one", "another")]
        ssm = boto3.client("ssm", region_name=REGION)
        printed = output(ssm, ids[0], "env")
        given = dict(line.split("=", 1) for line in printed.splitlines() if line.startswith("AWS_"))
        key = {f"aws_{name}": given[f"AWS_{name.upper()}"] for name in ("access_key_id", "secret_access_key", "session_token")}
        yield Lab(folder, ssm, *ids, key)


def instance(name: str, profile: str) -> str:
    tags = [{"ResourceType": "instance", "Tags": [{"Key": key, "Value": name} for key in ("sdwan", "Name")]}]
    return str(boto3.client("ec2", region_name=REGION).run_instances(
        ImageId="ami-12345678", MinCount=1, MaxCount=1, IamInstanceProfile={"Name": profile}, TagSpecifications=tags,
    )["Instances"][0]["InstanceId"])


def output(ssm: Any, instance: str, text: str) -> str:
    """What a command prints."""
    asked = {"DocumentName": "AWS-RunShellScript", "Parameters": {"commands": [text]}}
    for _ in range(50):
        try:
            command = ssm.send_command(InstanceIds=[instance], **asked)["Command"]["CommandId"]
            break
        except ssm.exceptions.InvalidInstanceId:
            time.sleep(0.1)
    for _ in range(300):
        answer = ssm.get_command_invocation(CommandId=command, InstanceId=instance)
        if answer["Status"] in ("Success", "Failed"):
            return str(answer["StandardOutputContent"])
        time.sleep(0.1)
    raise AssertionError("the command never ended")


def refused(call: Any, **given: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as problem:
        call(**given)
    error = problem.value.response["Error"]
    return error["Code"], error.get("Message", "")


@pytest.mark.parametrize("service, code", [
    ("ssm", "UnrecognizedClientException"), ("s3", "InvalidAccessKeyId"), ("ec2", "AuthFailure"), ("iam", "InvalidClientTokenId"),
    ("lambda", "UnrecognizedClientException"), ("stepfunctions", "UnrecognizedClientException"),
    ("events", "UnrecognizedClientException"), ("sqs", "InvalidClientTokenId"), ("sts", "InvalidClientTokenId")])
@pytest.mark.parametrize("key", ["test", "000000000000", ACCOUNT, "AKIAIOSFODNN7EXAMPLE"])
def test_no_other_key_is_known(lab: Lab, service: str, code: str, key: str) -> None:
    foreign = boto3.client(service, region_name=REGION, aws_access_key_id=key, aws_secret_access_key="test")
    assert refused(getattr(foreign, QUESTIONS[service]))[0] == code


@pytest.mark.parametrize("service, code", [
    ("ssm", "InvalidSignatureException"), ("s3", "SignatureDoesNotMatch"), ("ec2", "AuthFailure"), ("iam", "SignatureDoesNotMatch"),
    ("lambda", "InvalidSignatureException"), ("stepfunctions", "InvalidSignatureException"), ("events", "InvalidSignatureException"),
    ("sqs", "SignatureDoesNotMatch"), ("sts", "SignatureDoesNotMatch")])
def test_the_operators_signature_is_looked_at(lab: Lab, service: str, code: str) -> None:
    wrong = boto3.client(service, region_name=REGION, aws_secret_access_key="wrong", aws_access_key_id=os.environ["AWS_ACCESS_KEY_ID"])
    assert refused(getattr(wrong, QUESTIONS[service]))[0] == code


@pytest.mark.parametrize("service, code", [
    ("ssm", "MissingAuthenticationTokenException"), ("s3", "AccessDenied"), ("ec2", "MissingAuthenticationToken"),
    ("iam", "MissingAuthenticationToken"), ("lambda", "MissingAuthenticationTokenException")])
def test_an_unsigned_request_is_refused(lab: Lab, service: str, code: str) -> None:
    unsigned = boto3.client(service, region_name=REGION, config=Config(signature_version=UNSIGNED))
    assert refused(getattr(unsigned, QUESTIONS[service]))[0] == code


def test_a_roles_key_needs_its_secret_and_its_token(lab: Lab) -> None:
    lab.allow(READING)
    assert lab.as_role().list_commands()["Commands"]
    for part, code in (("aws_secret_access_key", "InvalidSignatureException"), ("aws_session_token", "UnrecognizedClientException")):
        wrong = boto3.client("ssm", region_name=REGION, **{**lab.key, part: "another"})
        assert refused(wrong.list_commands)[0] in (code, "InvalidToken")


# MiniStack leaves the newer form to its S3; no program of ours makes links, so that one is refused whatever it opens.
@pytest.mark.parametrize("version, whole", [("s3", 200), ("s3v4", 403)])
def test_a_link_that_a_role_has_signed_opens_no_more_than_the_role(lab: Lab, version: str, whole: int) -> None:
    def opened(change: str = "") -> int:
        client = lab.as_role("s3", config=Config(signature_version=version))
        link = client.generate_presigned_url("get_object", Params={"Bucket": "bare", "Key": "there"})
        try:
            return int(urllib.request.urlopen(link.replace("/there", "/there" + change)).status)
        except urllib.error.HTTPError as error:
            return error.code

    boto3.client("s3", region_name=REGION).put_object(Bucket="bare", Key="there", Body=b"")
    lab.allow({"s3:GetObject": "*"})
    assert (opened(), opened("-not")) == (whole, 403)
    lab.allow(READING)
    assert opened() == 403


def test_what_the_policy_does_not_allow_is_denied_by_name(lab: Lab) -> None:
    lab.allow(READING)
    code, message = refused(lab.as_role().describe_instance_information)
    assert code == "AccessDeniedException" and "assumed-role/tried/i-" in message
    assert "not authorized to perform: ssm:DescribeInstanceInformation on resource: *" in message
    code, message = refused(lab.as_role().get_parameter, Name="/sdwan-secrets/vpn-psk")
    assert f"ssm:GetParameter on resource: {SSM}:parameter/sdwan-secrets/vpn-psk" in message
    assert refused(lab.as_role("ec2").describe_instances)[0] == "AuthFailure"
    assert {"who": f"arn:aws:sts::{ACCOUNT}:assumed-role/{ROLE}/{lab.instance}", "action": "ssm:DescribeInstanceInformation",
            "resource": "*"} in Books(lab.folder).refused


def test_a_path_is_read_by_who_may_read_it_and_what_is_below(lab: Lab) -> None:
    path = f"{SSM}:parameter/sdwan"
    for resources in (path, f"{path}/*", f"{SSM}:parameter/other"):
        lab.allow({"ssm:GetParametersByPath": resources})
        assert refused(lab.as_role().get_parameters_by_path, Path="/sdwan/")[0] == "AccessDeniedException"
    lab.allow({"ssm:GetParametersByPath": [path, f"{path}/*"]})
    assert lab.as_role().get_parameters_by_path(Path="/sdwan/", Recursive=True)["Parameters"] == []


def test_a_command_needs_the_document_and_every_instance(lab: Lab) -> None:
    asked = {"InstanceIds": [lab.instance, lab.other], "DocumentName": "AWS-RunShellScript", "Parameters": {"commands": ["true"]}}
    for allowed, named in (([f"{EC2}:instance/*"], DOCUMENT), ([DOCUMENT], f"{EC2}:instance/{lab.instance}"),
                           ([DOCUMENT, f"{EC2}:instance/{lab.instance}"], f"{EC2}:instance/{lab.other}")):
        lab.allow({"ssm:SendCommand": allowed})
        assert f"ssm:SendCommand on resource: {named} " in refused(lab.as_role().send_command, **asked)[1]
    lab.allow({"ssm:SendCommand": [DOCUMENT, f"{EC2}:instance/{lab.instance}", f"{EC2}:instance/{lab.other}"]})
    assert lab.as_role().send_command(**asked)["Command"]["CommandId"]


def test_an_instances_tags_decide_where_they_are_asked_for(lab: Lab) -> None:
    def statements(pattern: str) -> str:
        return json.dumps({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": "ssm:SendCommand", "Resource": DOCUMENT},
            {"Effect": "Allow", "Action": "ssm:SendCommand", "Resource": f"{EC2}:instance/*",
             "Condition": {"StringLike": {"ssm:resourceTag/sdwan": pattern}}}]})

    asked = {"DocumentName": "AWS-RunShellScript", "Parameters": {"commands": ["true"]}}
    for pattern, instance, allowed in (("?*", lab.other, True), ("on*", lab.instance, True), ("on*", lab.other, False),
                                       ("?*", "i-0123456789abcdef0", False)):
        boto3.client("iam").put_role_policy(RoleName=ROLE, PolicyName="all", PolicyDocument=statements(pattern))
        if allowed:
            assert lab.as_role().send_command(InstanceIds=[instance], **asked)
        else:
            assert refused(lab.as_role().send_command, InstanceIds=[instance], **asked)[0] == "AccessDeniedException"


def test_a_condition_that_is_not_understood_lets_nobody_pass(lab: Lab) -> None:
    lab.allow(READING, DateGreaterThan={"aws:CurrentTime": "2020-01-01T00:00:00Z"})
    with pytest.raises(ClientError):
        boto3.client("ssm", region_name=REGION, **lab.key, config=Config(retries={"total_max_attempts": 1})).list_commands()


def test_a_host_gets_the_credentials_that_ec2_can_take(lab: Lab) -> None:
    """EC2 says nothing of itself when it takes a role: under a condition it never can."""
    asked = "[ -n \"$AWS_SESSION_TOKEN\" ] && echo credentials || echo none"
    iam = boto3.client("iam")
    try:
        for condition, expected in (({"StringEquals": {"aws:SourceAccount": ACCOUNT}}, "none\n"), ({}, "credentials\n")):
            iam.update_assume_role_policy(RoleName=ROLE, PolicyDocument=roles.trust("ec2", **condition))
            assert output(lab.operator, lab.instance, asked) == expected
    finally:
        iam.update_assume_role_policy(RoleName=ROLE, PolicyDocument=roles.trust("ec2"))


def test_a_role_that_no_service_can_take_makes_no_machine(lab: Lab) -> None:
    states = boto3.client("stepfunctions", region_name=REGION)
    definition = json.dumps({"StartAt": "End", "States": {"End": {"Type": "Succeed"}}})
    foreign = roles.role("foreign", "states", {"events:PutEvents": "*"}, StringEquals={"aws:SourceAccount": "999999999999"})
    assert "can't be assumed" in refused(states.create_state_machine, name="m", definition=definition, roleArn=foreign)[1]
    absent = f"arn:aws:iam::{ACCOUNT}:role/absent"
    assert "cannot be found" in refused(states.create_state_machine, name="m", definition=definition, roleArn=absent)[1]


def test_an_object_under_a_key_is_read_by_who_may_use_the_key_through_s3(lab: Lab) -> None:
    key = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    s3 = boto3.client("s3", region_name=REGION)
    s3.create_bucket(Bucket="encrypted")
    s3.put_object(Bucket="encrypted", Key="image", Body=b"content", ServerSideEncryption="aws:kms", SSEKMSKeyId=key)

    def allow(service: str, key: str) -> None:
        decrypt = {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": key, "Condition": {"StringEquals": {"kms:ViaService": service}}}
        read = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::encrypted/*"}
        boto3.client("iam").put_role_policy(RoleName=ROLE, PolicyName="all", PolicyDocument=json.dumps(
            {"Version": "2012-10-17", "Statement": [read, decrypt]}))

    asked: dict[str, str] = {"Bucket": "encrypted", "Key": "image"}
    for service, allowed in (("s3.eu-central-1.amazonaws.com", key), ("ssm.us-east-1.amazonaws.com", key),
                             (f"s3.{REGION}.amazonaws.com", key.replace("1234abcd", "5678abcd"))):
        allow(service, allowed)
        assert refused(lab.as_role("s3").get_object, **asked)[0] == "AccessDenied"
    allow(f"s3.{REGION}.amazonaws.com", key)
    assert lab.as_role("s3").get_object(**asked)["Body"].read() == b"content"


def test_who_may_not_list_a_bucket_is_not_told_what_is_not_there(lab: Lab) -> None:
    reading = {"s3:GetObject": "arn:aws:s3:::bare/*"}
    for allowed, code in ((reading, "AccessDenied"), ({**reading, "s3:ListBucket": "arn:aws:s3:::bare"}, "NoSuchKey")):
        lab.allow(allowed)
        assert refused(lab.as_role("s3").get_object, Bucket="bare", Key="absent")[0] == code


@pytest.mark.parametrize("header, value, named", [
    ("x-amz-storage-class", "NONSENSE", "enum value set"), ("x-amz-nonsense", "1", "has no such header"), ("x-amz-meta-ours", "1", ""),
])
def test_an_object_is_put_as_s3s_model_has_it(lab: Lab, header: str, value: str, named: str) -> None:
    lab.allow({"s3:PutObject": "*"})
    client = lab.as_role("s3")
    client.meta.events.register("before-call.s3.PutObject", lambda params, **_: params["headers"].update({header: value}))
    asked: dict[str, Any] = {"Bucket": "bare", "Key": "k", "Body": b""}
    if not named:
        assert client.put_object(**asked)
        return
    assert refused(client.put_object, **asked)[0] == "ValidationException"
    assert named in Books(lab.folder).broken[-1]


COMMAND = {"InstanceIds": ["i-0123456789abcdef0"], "DocumentName": "AWS-RunShellScript", "Parameters": {"commands": ["true"]}}


@pytest.mark.parametrize("change, code, named", [
    ({"InstanceIds": [f"i-{n:017x}" for n in range(51)]}, "ValidationException", "less than or equal to 50"),
    ({"Comment": "x" * 9000}, "ValidationException", "less than or equal to 100"),
    ({"DocumentHashType": "Nonsense"}, "ValidationException", "enum value set: [Sha256, Sha1]"),
    ({"Nonsense": 1}, "ValidationException", "no such member"),
    ({"TimeoutSeconds": "30"}, "SerializationException", "str is no integer"),
    ({"Comment": 7}, "SerializationException", "int is no string"),
    ({"DocumentName": "no blanks"}, "ValidationException", "regular expression pattern"),
    ({"DocumentName": None}, "ValidationException", "must not be null"),
])
def test_a_request_that_breaks_the_model_is_refused_and_remembered(lab: Lab, change: dict[str, Any], code: str, named: str) -> None:
    lab.allow({"ssm:SendCommand": "*"})
    client = lab.as_role(config=Config(parameter_validation=False))
    # Over botocore's own idea of a body.
    client.meta.events.register("before-call.ssm.SendCommand",
                                lambda params, **_: params.update(body=json.dumps({**COMMAND, **change}).encode()))
    assert refused(client.send_command)[0] == code
    assert named in Books(lab.folder).broken[-1]


@pytest.mark.parametrize("source, machine", [
    ("arn:aws:states:us-east-1:123456789012:stateMachine:recovery*", "recovery"),
    ("arn:aws:states:us-east-1:123456789012:stateMachine:sdwan", "sdwan"),
    ("arn:aws:states:us-east-1:999999999999:stateMachine:sdwan", ""), ("arn:aws:lambda:us-east-1:123456789012:function:f", "")])
def test_a_role_is_for_a_machine_of_any_name_of_this_account(source: str, machine: str) -> None:
    trust = {"Statement": [{"Effect": "Allow", "Principal": {"Service": "states.amazonaws.com"}, "Action": "sts:AssumeRole",
                            "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}, "ArnLike": {"aws:SourceArn": source}}}]}
    assert arn_of_any("states.amazonaws.com", trust).rpartition(":")[2] == machine
    assert arn_of_any("lambda.amazonaws.com", trust) == "" and arn_of_any("states.amazonaws.com", {"Statement": []}) == ""
