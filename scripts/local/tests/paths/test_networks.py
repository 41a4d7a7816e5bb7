"""Two networks side by side: each does its work, neither reaches the other's, and one goes on when the other is destroyed."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from local.emulators.credentials import ACCOUNT
from local.emulators.ledger import Books

from .. import programs
from .networks import REGION, Networks

REFUSED = ("AccessDenied", "AccessDeniedException", "AccessDeniedError", "403")


@pytest.fixture(scope="module")
def networks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Networks]:
    with programs.started() as daemons:
        both = Networks(tmp_path_factory.mktemp("networks"), daemons)
        both.apply("blue")
        both.apply("green")
        both.apply("large", "aws_iam_role_policy.lambda")
        # Hosts that exist bring their own role; this is the one that blue's would get.
        both.apply("blue", "aws_iam_role_policy.host", state="made", existing_hosts={}, elastic_ip_quota=200)
        yield both


@pytest.fixture(scope="module")
def ran(networks: Networks) -> Networks:
    """Both at the same time."""
    runs = {name: networks.start(name) for name in ("blue", "green")}
    for name, run in runs.items():
        end = run.ended()
        assert end["status"] == "SUCCEEDED", (name, end)
        assert {router.split("-")[0] for _, router in run.commands()} == {name}
    assert Books(networks.folder).complaints == []
    return networks


def test_an_execution_in_each(ran: Networks) -> None:
    assert ran.arns.keys() == {"blue", "green"}


def test_everything_has_the_networks_tags(networks: Networks) -> None:
    for name in ("blue", "green"):
        function = networks.functions.get_function(FunctionName=f"{name}-phase1")
        machine = networks.client.list_tags_for_resource(resourceArn=networks.arns[name])["tags"]
        parameter = boto3.client("ssm", region_name=REGION).list_tags_for_resource(
            ResourceType="Parameter", ResourceId=f"/{name}-secrets/vpn-psk")["TagList"]
        assert function["Tags"] == {"team": name} and machine == [{"key": "team", "value": name}]
        assert parameter == [{"Key": "team", "Value": name}]


def of(name: str, networks: Networks) -> dict[str, str]:
    """What the calls below are about."""
    buckets = [bucket["Name"] for bucket in boto3.client("s3", region_name=REGION).list_buckets()["Buckets"]]
    queue = boto3.client("sqs", region_name=REGION).get_queue_url(QueueName=f"{name}-failed-cancellation")["QueueUrl"]
    return {"name": name, "bucket": next(each for each in buckets if each.startswith(f"{name}-")), "queue": queue,
            "instance": networks.hosts[f"{name}-0"]["instance_id"]}


def filled(value: Any, words: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: filled(each, words) for key, each in value.items()}
    if isinstance(value, list):
        return [filled(each, words) for each in value]
    return value.format(**words) if isinstance(value, str) else value


SEND = {"DocumentName": "AWS-RunShellScript", "InstanceIds": ["{instance}"], "Parameters": {"commands": ["true"]}}
# Role, action, call; and whether the network's own may be called so.
CALLS = [
    ("{name}-lambda", "ssm:SendCommand", "ssm", "send_command", SEND, True),
    ("{name}-lambda", "ssm:GetParametersByPath", "ssm", "get_parameters_by_path", {"Path": "/{name}/", "Recursive": True}, True),
    ("{name}-lambda", "ssm:GetParameter", "ssm", "get_parameter", {"Name": "/{name}-secrets/vpn-psk"}, False),
    ("{name}-lambda", "ssm:GetParametersByPath", "ssm", "get_parameters_by_path", {"Path": "/{name}-secrets/"}, False),
    ("{name}-lambda", "s3:PutObject", "s3", "put_object", {"Bucket": "{bucket}", "Key": "results/a", "Body": "b"}, True),
    ("{name}-lambda", "s3:GetObject", "s3", "get_object", {"Bucket": "{bucket}", "Key": "results/a"}, False),
    ("{name}-lambda", "sqs:SendMessage", "sqs", "send_message", {"QueueUrl": "{queue}", "MessageBody": "b"}, True),
    ("{name}-state-machine", "lambda:InvokeFunction", "lambda", "invoke", {"FunctionName": "{name}-phase3", "Payload": "{{}}"}, True),
    ("{name}-state-machine", "dynamodb:PutItem", "dynamodb", "put_item",
     {"TableName": "{name}-history", "Item": {"execution": {"S": "e"}, "wave": {"S": "w"}}}, True),
    (f"{{name}}-host-{REGION}", "ssm:GetParameter", "ssm", "get_parameter", {"Name": "/{name}-secrets/vpn-psk"}, True),
    (f"{{name}}-host-{REGION}", "ssm:GetParameter", "ssm", "get_parameter", {"Name": "/{name}/{name}-0/instance-id"}, False),
    (f"{{name}}-host-{REGION}", "s3:GetObject", "s3", "get_object", {"Bucket": "{bucket}", "Key": "results/a"}, False),
    (f"{{name}}-host-{REGION}", "ssm:SendCommand", "ssm", "send_command", SEND, False),
]
# Only blue's role for hosts is made.
TRIED = [(by, role.format(name=by), *call) for role, *call in CALLS for by in ("blue", "green") if by == "blue" or "-host-" not in role]


@pytest.mark.parametrize("by, role, action, service, operation, arguments, own", TRIED,
                         ids=[f"{number} {role} {action}" for number, (_, role, action, *_) in enumerate(TRIED)])
def test_neither_reaches_the_other(ran: Networks, by: str, role: str, action: str, service: str, operation: str,
                                   arguments: dict[str, Any], own: bool) -> None:
    """Refused by the policy alone: with the action on everything it is done."""
    mine, others = (of(name, ran) for name in (by, "green" if by == "blue" else "blue"))
    tried = ran.copied(role)
    assert ran.call(tried, service, operation, filled(arguments, others)) in REFUSED
    assert (ran.call(tried, service, operation, filled(arguments, mine)) == "done") is own
    ran.give(tried, [*ran.statements(role), {"Effect": "Allow", "Action": action, "Resource": "*"}])
    assert ran.call(tried, service, operation, filled(arguments, others)) not in REFUSED


@pytest.mark.parametrize("other", ["blue", "green"])
def test_a_tag_tells_networks_apart(ran: Networks, other: str) -> None:
    """The one that has fifty-one hosts sends commands to those that have its name for their tag."""
    tried = ran.copied("large-lambda")
    [by_tag] = [each for each in ran.statements("large-lambda") if "Condition" in each]
    assert by_tag["Condition"] == {"StringEquals": {"ssm:resourceTag/sdwan": "large"}}

    def sent(name: str) -> str:
        return ran.call(tried, "ssm", "send_command", filled(SEND, {"instance": ran.hosts[f"{name}-0"]["instance_id"]}))

    assert sent("large") == "done" and sent(other) in REFUSED
    ran.give(tried, [*ran.statements("large-lambda"), {**by_tag, "Condition": {"StringLike": {"ssm:resourceTag/sdwan": "?*"}}}])
    assert sent(other) == "done"


@pytest.mark.parametrize("by, of", [("blue", "green"), ("green", "blue")])
def test_a_machine_cant_take_the_others_role(ran: Networks, by: str, of: str) -> None:
    """Nor one whose name begins like the other's."""
    trust = boto3.client("iam").get_role(RoleName=f"{of}-state-machine")["Role"]["AssumeRolePolicyDocument"]["Statement"]
    machine = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:{of}"
    assert [statement["Condition"]["ArnLike"]["aws:SourceArn"] for statement in trust] == [[machine, f"{machine}:*"]]
    assert ran.arns[by] not in trust[0]["Condition"]["ArnLike"]["aws:SourceArn"]


def test_one_goes_on_when_the_other_is_destroyed(ran: Networks) -> None:
    ran.destroy("green")
    assert left("green") == [] and len(left("blue")) > 0
    assert ran.start("blue").ended()["status"] == "SUCCEEDED"


def left(name: str) -> list[str]:
    """What the account has of a network, by the services' own lists."""
    def client(service: str) -> Any:
        return boto3.client(service, region_name=REGION)

    parameters = [each["Name"] for page in client("ssm").get_paginator("describe_parameters").paginate() for each in page["Parameters"]]
    found = [
        *(each["FunctionName"] for each in client("lambda").list_functions()["Functions"]),
        *(each["name"] for each in client("stepfunctions").list_state_machines()["stateMachines"]),
        *(each["RoleName"] for each in client("iam").list_roles()["Roles"]),
        *(each["Name"] for each in client("s3").list_buckets()["Buckets"]),
        *(url.rsplit("/", 1)[-1] for url in client("sqs").list_queues().get("QueueUrls", [])),
        *(each["Name"] for each in client("events").list_rules()["Rules"]),
        *client("dynamodb").list_tables()["TableNames"],
        *(each["logGroupName"].removeprefix("/aws/lambda/").removeprefix("/aws/vendedlogs/states/")
          for each in client("logs").describe_log_groups()["logGroups"]),
        *(parameter.strip("/") for parameter in parameters),
    ]
    return sorted(each for each in found if each == name or each.startswith((f"{name}-", f"{name}/")))
