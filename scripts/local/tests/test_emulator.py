"""Run Command of the emulators, asked by boto3 as the functions ask it."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import boto3
import pytest
from botocore.exceptions import ClientError

from local.emulators import start as emulators
from local.emulators.credentials import ACCOUNT
from local.fleet import faults

from . import programs, roles

REGION, OTHER_REGION = "us-east-1", "eu-central-1"
PARAMETERS = f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter"
ENDED = ("Success", "Failed", "Cancelled", "TimedOut")


class Lab(NamedTuple):
    """Running emulators with two instances, one of them without an agent; their role may read a key and an image."""

    folder: Path
    ssm: Any
    online: str
    offline: str


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("emulators")
    with programs.started() as daemons:
        endpoints = emulators.start(daemons, folder)
        programs.enter(endpoints.environment())
        ec2 = boto3.client("ec2", region_name=REGION)
        roles.instance_profile("hosts", {"ssm:GetParameter": f"{PARAMETERS}/*", "s3:GetObject": "arn:aws:s3:::images/*"})
        ids = [ec2.run_instances(ImageId="ami-12345678", MinCount=1, MaxCount=1, IamInstanceProfile={"Name": "hosts"}, TagSpecifications=[
            {"ResourceType": "instance", "Tags": [{"Key": key, "Value": name} for key in ("sdwan", "Name")]}])["Instances"][0]["InstanceId"]
            for name in ("here", "away")]
        faults.write(folder, faults.of_kind("offline-host", "away"))
        yield Lab(folder, boto3.client("ssm", region_name=REGION), *ids)


def send(lab: Lab, text: str, **parameters: list[str]) -> str:
    return lab.ssm.send_command(InstanceIds=[lab.online], DocumentName="AWS-RunShellScript", Comment="a test",
                                Parameters={"commands": text.split("\n"), **parameters})["Command"]["CommandId"]


def ended(lab: Lab, command_id: str) -> dict[str, Any]:
    for _ in range(300):
        invocation = lab.ssm.get_command_invocation(CommandId=command_id, InstanceId=lab.online)
        if invocation["Status"] in ENDED:
            return invocation
        time.sleep(0.1)
    raise AssertionError("the command never ended")


def test_a_script_is_a_file_whose_first_line_counts(lab: Lab) -> None:
    answer = ended(lab, send(lab, '#!/bin/bash\necho "${BASH_VERSION:+bash} $0 $(id -u) $(hostname)"; echo oops >&2; exit 3'))
    assert (answer["Status"], answer["ResponseCode"], answer["StandardErrorContent"]) == ("Failed", 3, "oops\n")
    shell, path, user, name = answer["StandardOutputContent"].split()
    assert shell == "bash" and path.endswith("/_script.sh") and (user, name) == ("0", "here")
    assert ended(lab, send(lab, 'echo "${BASH_VERSION:-no bash}"'))["StandardOutputContent"] == "no bash\n"


def test_a_host_keeps_its_files(lab: Lab) -> None:
    assert ended(lab, send(lab, "echo kept > /var/lib/note"))["Status"] == "Success"
    assert ended(lab, send(lab, "cat /var/lib/note"))["StandardOutputContent"] == "kept\n"


def test_output_is_cut_as_systems_manager_cuts_it(lab: Lab) -> None:
    answer = ended(lab, send(lab, "head -c 30000 /dev/zero | tr '\\0' x; head -c 9000 /dev/zero | tr '\\0' y >&2"))
    assert (len(answer["StandardOutputContent"]), len(answer["StandardErrorContent"])) == (24000, 8000)


def test_execution_timeout(lab: Lab) -> None:
    answer = ended(lab, send(lab, "sleep 600", executionTimeout=["1"]))
    assert (answer["Status"], answer["StatusDetails"]) == ("TimedOut", "ExecutionTimedOut")


def test_cancel_kills_the_whole_process_group(lab: Lab) -> None:
    command = send(lab, "#!/bin/bash\ntouch /tmp/began\nsleep 600 &\nwait")
    while lab.ssm.get_command_invocation(CommandId=command, InstanceId=lab.online)["Status"] == "Pending":
        time.sleep(0.05)
    while not (lab.folder / "hosts/here/root/tmp/began").exists():
        time.sleep(0.05)
    lab.ssm.cancel_command(CommandId=command, InstanceIds=[lab.online])
    assert ended(lab, command)["Status"] == "Cancelled"
    assert lab.ssm.list_commands(CommandId=command)["Commands"][0]["Status"] == "Cancelled"
    with pytest.raises(ClientError, match="InvalidCommandId"):
        lab.ssm.cancel_command(CommandId="00000000-0000-0000-0000-000000000000")


def test_cancel_right_after_sending(lab: Lab) -> None:
    command = send(lab, "sleep 600")
    lab.ssm.cancel_command(CommandId=command)
    assert ended(lab, command)["Status"] == "Cancelled"


def test_the_list_tells_how_commands_stand_and_how_their_output_begins(lab: Lab) -> None:
    before = [{"key": "InvokedBefore", "value": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())}]
    time.sleep(1.1)
    now = [{"key": "InvokedAfter", "value": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())}]
    short, long = send(lab, "echo out; echo err >&2; exit 3"), send(lab, "head -c 9000 /dev/zero | tr '\\0' x")
    ended(lab, short), ended(lab, long)
    asked = lab.ssm.list_command_invocations(Filters=now, Details=True)["CommandInvocations"]
    listed = {one["CommandId"]: one for one in asked}
    assert set(listed) == {short, long}
    [step] = listed[short]["CommandPlugins"]
    assert (listed[short]["Status"], step["ResponseCode"], listed[short]["Comment"]) == ("Failed", 3, "a test")
    assert step["Output"] == "out\n\n----------ERROR-------\nerr\n"
    output = listed[long]["CommandPlugins"][0]["Output"]
    assert len(output) == 2500 and output.endswith("--output truncated--")
    assert not {short, long} & {one["CommandId"] for one in lab.ssm.list_command_invocations(Filters=before)["CommandInvocations"]}
    for listing in (lab.ssm.list_commands, lab.ssm.list_command_invocations):
        answer = listing(Filters=[*now, {"key": "Status", "value": "Success"}])
        assert [one["CommandId"] for one in answer.get("Commands", answer.get("CommandInvocations"))] == [long]
        with pytest.raises(ClientError, match="ValidationException"):
            listing(Filters=[{"key": "InvokedAfter", "value": "today"}])


def test_a_pages_token_is_its_questions(lab: Lab) -> None:
    for _ in range(3):
        send(lab, "true")
    for operation in ("list_commands", "list_command_invocations"):
        pages = list(lab.ssm.get_paginator(operation).paginate(InstanceId=lab.online, PaginationConfig={"PageSize": 1, "MaxItems": 3}))
        assert len(pages) == 3
        first = getattr(lab.ssm, operation)(MaxResults=1)
        with pytest.raises(ClientError, match="InvalidNextToken"):
            getattr(lab.ssm, operation)(MaxResults=2, NextToken=first["NextToken"])


def test_an_absent_agent_spoils_the_whole_call(lab: Lab) -> None:
    for ids in ([lab.offline], [lab.online, lab.offline], ["i-0123456789abcdef0"]):
        with pytest.raises(ClientError, match="InvalidInstanceId"):
            lab.ssm.send_command(InstanceIds=ids, DocumentName="AWS-RunShellScript", Parameters={"commands": ["true"]})


def test_an_instance_is_known_in_its_own_region_only(lab: Lab) -> None:
    assert [i["InstanceId"] for i in lab.ssm.describe_instance_information()["InstanceInformationList"]] == [lab.online]
    wanted = [{"Key": "InstanceIds", "Values": [lab.offline]}]
    assert lab.ssm.describe_instance_information(Filters=wanted)["InstanceInformationList"] == []
    elsewhere = boto3.client("ssm", region_name=OTHER_REGION)
    assert elsewhere.describe_instance_information()["InstanceInformationList"] == []
    with pytest.raises(ClientError, match="InvalidInstanceId"):
        elsewhere.send_command(InstanceIds=[lab.online], DocumentName="AWS-RunShellScript", Parameters={"commands": ["true"]})


def test_the_hosts_aws_reads_the_emulator(lab: Lab) -> None:
    lab.ssm.put_parameter(Name="/sdwan-secrets/vpn-psk", Value="the key", Type="SecureString")
    s3 = boto3.client("s3", region_name=REGION)
    s3.create_bucket(Bucket="images")
    s3.put_object(Bucket="images", Key="a/b.tar.gz", Body=b"content")
    text = f"""#!/bin/bash
export PATH="$PATH:/snap/bin"
command -v aws >/dev/null || {{ snap wait system seed.loaded; snap install aws-cli --classic >/dev/null; }}
aws ssm get-parameter --name /sdwan-secrets/vpn-psk --with-decryption --query Parameter.Value --output text --region {REGION}
aws s3 cp s3://images/a/b.tar.gz /tmp/b --region {REGION} --only-show-errors && cat /tmp/b
aws ssm get-parameter --name /absent --region {REGION} || echo " status $?"
aws s3 cp s3://images/absent /tmp/c --region {REGION} || echo "status $?"
"""
    answer = ended(lab, send(lab, text))
    assert answer["StandardOutputContent"] == "the key\ncontent status 254\nstatus 1\n"
    assert "ParameterNotFound" in answer["StandardErrorContent"] and "403" in answer["StandardErrorContent"]
    before = faults.read(lab.folder)
    faults.write(lab.folder, faults.of_kind("psk-mismatch", "here"))
    try:
        assert ended(lab, send(lab, text))["StandardOutputContent"].startswith(f"{faults.OTHER_PSK}\n")
    finally:
        faults.write(lab.folder, before)


def test_no_two_cards_have_one_address(lab: Lab) -> None:
    ec2 = boto3.client("ec2", region_name=OTHER_REGION)
    vpc = ec2.create_vpc(CidrBlock="10.99.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.99.0.0/26")["Subnet"]["SubnetId"]
    cards = [ec2.create_network_interface(SubnetId=subnet)["NetworkInterface"] for _ in range(40)]
    given = {card["PrivateIpAddress"] for card in cards}
    assert len(given) == 40 and "10.99.0.1" not in given
