"""The topic of notify_email in the emulators: what comes to it, seen by a queue beside the mail's subscription."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from . import programs
from .machines import Machines, Run, only
from .subscription import admitting

ADDRESS = "network@example.com"
# Functions of the engine's contract.
WORKER = Path(__file__).parent / "rollout/worker.py"
WAVES = [{"name": "canary", "routers": ["r1"]}, {"name": "rest", "routers": ["r2"], "pauseBefore": True}]
Mailed = Callable[[], list[dict[str, Any]]]


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    with programs.started() as daemons:
        yield Machines(tmp_path_factory.mktemp("machines"), daemons, WORKER)


@pytest.fixture(scope="module")
def mailed(machines: Machines) -> Mailed:
    """Takes what was published since the last time."""
    machines.apply(orchestration="rollout", notify_email=ADDRESS, monitoring_enabled=True, **only("r1", "r2"))
    sqs, sns = (boto3.client(name, region_name="us-east-1") for name in ("sqs", "sns"))
    [topic] = [t["TopicArn"] for t in sns.list_topics()["Topics"] if t["TopicArn"].endswith(":sdwan-notifications")]
    url = sqs.create_queue(QueueName="mailed")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    assert [(s["Protocol"], s["Endpoint"]) for s in sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]] == [
        ("email", ADDRESS)]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": admitting(arn, "sns", topic)})
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)

    def take() -> list[dict[str, Any]]:
        taken: list[dict[str, Any]] = []
        while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
            for message in messages:
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            taken += [json.loads(json.loads(message["Body"])["Message"]) for message in messages]
        return taken
    return take


def types(events: list[dict[str, Any]]) -> list[str]:
    return [re.sub("^SD-WAN ", "", event["detail-type"]) for event in events]


def test_an_approval_and_the_end_are_mailed_and_no_step(machines: Machines, tmp_path: Path, mailed: Mailed) -> None:
    run = Run(machines, tmp_path, {}, waves=WAVES)
    [wanted] = run.until(lambda: mailed() or None)
    assert types([wanted]) == ["approval wanted"] and wanted["detail"]["wave"] == "rest"
    machines.client.send_task_success(taskToken=wanted["detail"]["task_token"], output="{}")
    assert run.ended()["status"] == "SUCCEEDED"
    assert types(run.until(lambda: mailed() or None)) == ["execution completed"]


def test_a_failure_is_mailed_with_its_reason(machines: Machines, tmp_path: Path, mailed: Mailed) -> None:
    run = Run(machines, tmp_path, {}, waves=WAVES, script={"fail": {"phase2": ["r1"]}})
    assert run.ended()["status"] == "FAILED"
    seen: list[dict[str, Any]] = []
    run.until(lambda: seen.extend(mailed()) or (len(seen) >= 4 or None))
    assert sorted(types(seen)) == ["Step Functions Execution Status Change", "execution failed", "step failed", "wave failed"]
    reason = next(e for e in seen if e["detail-type"] == "SD-WAN wave failed")["detail"]["reason"]
    assert "phase2: 1 of 1 failed" in reason
