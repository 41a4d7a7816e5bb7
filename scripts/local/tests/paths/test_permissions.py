"""The functions' and the machine's roles over a network that needs every permission: told by tags, with a bucket, in waves.

The hosts' role, and instances that are named one by one, are in the tests of the root's own network.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import pytest

from local.emulators.ledger import Books

from .. import permissions, programs
from .network import PaperNetwork, PaperRun

LAMBDA, MACHINE, EVENTS = "sdwan-lambda", "sdwan-state-machine", "events.amazonaws.com"
# More than an inline policy can name, and than an environment can hold.
COUNT = 60
ROUTERS = [f"r{number:02}" for number in range(COUNT)]
TOPOLOGY = {"tunnels": [], "routers": {
    name: {"region": ("us-east-1", "eu-central-1")[number % 2], "role": "branch", "loopback": f"10.255.0.{number}/32", "asn": 65002}
    for number, name in enumerate(ROUTERS)}}
# So are these waves.
WAVES = [{"name": "all", "routers": ROUTERS, "preCommands": [
    {"document": "AWS-RunShellScript", "parameters": {"commands": [f"true # {'x' * 3500}"]}}]}]
FEATURES = {"orchestration": "rollout", "history_table": True, "tracing_enabled": True, "notify_email": "network@example.com",
            "waves": WAVES}
HANGING = ROUTERS[0]
QUEUE = "sdwan-failed-cancellation"


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PaperNetwork]:
    with programs.started() as daemons:
        yield PaperNetwork(tmp_path_factory.mktemp("permissions"), daemons, TOPOLOGY)


@pytest.fixture(scope="module")
def worked(large: PaperNetwork) -> Books:
    """The books after everything that a feature does: a rollout, and one that is stopped."""
    large.apply(**FEATURES)
    end = large.start().ended()
    assert end["status"] == "SUCCEEDED", end
    run = stopped(large)
    run.until(lambda: ("phase1", HANGING) in large.seen(run, "Cancelled") or None)
    return Books(large.folder)


def stopped(network: PaperNetwork) -> PaperRun:
    """An execution that is stopped while a command of it never ends."""
    network.suffer(hanging={HANGING: "phase1"})
    run = network.start(instances=[HANGING], start_at="all.phase1")
    run.until(lambda: ("phase1", HANGING) in network.seen(run, "start") or None)
    network.suffer()
    network.client.stop_execution(executionArn=run.arn)
    return run


def test_all_is_allowed_that_is_done(worked: Books) -> None:
    assert worked.complaints == []


def test_all_is_done_that_is_allowed(worked: Books) -> None:
    print("\n" + permissions.table(worked))
    # Only a cancellation that fails needs it: see below.
    expected = [f"{grant.role} may {grant.action} on {grant.resource}, which nothing uses" for grant in worked.granted
                if grant.action == "sqs:SendMessage"]
    assert len(expected) == 1 and permissions.unused(worked, (LAMBDA, MACHINE)) == expected


def test_routers_are_told_by_their_tags(worked: Books) -> None:
    used = {grant.resource for use in worked.uses for grant in use.grants if use.action == "ssm:SendCommand"}
    assert {resource.rsplit(":", 1)[-1] for resource in used} == {"instance/*", "document/AWS-RunShellScript"}


@pytest.mark.parametrize("action", ["lambda:InvokeFunction", "sns:Publish", "kms:GenerateDataKey", "kms:Decrypt"])
def test_rules_reach_their_targets_by_the_targets_policies(worked: Books, action: str) -> None:
    assert any((use.role, use.action) == (EVENTS, action) for use in worked.uses)


@contextmanager
def without(role: str, *actions: str) -> Iterator[None]:
    """A role's policy without some actions for a while."""
    iam = boto3.client("iam")
    name = iam.list_role_policies(RoleName=role)["PolicyNames"][0]
    whole = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
    less = []
    for statement in whole["Statement"]:
        listed = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
        if left := [action for action in listed if action not in actions]:
            less.append({**statement, "Action": left})
    iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps({**whole, "Statement": less}))
    try:
        yield
    finally:
        iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(whole))


def left_over(execution: str) -> dict[str, Any] | None:
    """What the queue of cancellations that failed has of an execution next; what it has of others goes."""
    sqs = boto3.client("sqs", region_name="us-east-1")
    url = sqs.get_queue_url(QueueName=QUEUE)["QueueUrl"]
    while messages := sqs.receive_message(QueueUrl=url).get("Messages", []):
        sqs.delete_message(QueueUrl=url, ReceiptHandle=messages[0]["ReceiptHandle"])
        if execution in messages[0]["Body"]:
            return json.loads(messages[0]["Body"])
    return None


def test_a_cancellation_that_the_function_cant_do_is_kept(large: PaperNetwork, worked: Books) -> None:
    with without(LAMBDA, "ssm:ListCommands", "ssm:ListCommandInvocations"):
        run = stopped(large)
        kept = run.until(lambda: left_over(run.arn))
    assert kept["requestPayload"] == {"action": "cancel", "execution": run.arn}
    assert "ssm:ListCommand" in json.dumps(kept["responsePayload"])
    assert permissions.unused(Books(large.folder), (LAMBDA, MACHINE)) == []


def test_an_event_that_the_machine_may_not_send_is_complained_of(large: PaperNetwork, worked: Books) -> None:
    """It holds nothing up, so the execution does not tell."""
    with without(MACHINE, "events:PutEvents"):
        assert large.start(instances=[HANGING], steps=["phase3"]).ended()["status"] in ("SUCCEEDED", "FAILED")
    assert any("may not events:PutEvents on arn:aws:events:us-east-1:" in text for text in Books(large.folder).complaints)


def test_a_cancellation_that_lambda_does_not_take_is_kept(large: PaperNetwork, worked: Books) -> None:
    large.functions.remove_permission(FunctionName="sdwan-phase1", StatementId="sdwan-execution-ended")
    run = stopped(large)
    assert run.until(lambda: left_over(run.arn))["detail"]["executionArn"] == run.arn
