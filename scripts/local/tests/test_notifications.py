"""The topic of notify_email in the emulators: what comes to it, seen by a queue beside the mail's subscription."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import pytest

from .machines import Machines, Run, only
from .subscription import admitting
from .test_waves import failed, wave

ADDRESS = "network@example.com"


@pytest.fixture(scope="module")
def mailed(machines: Machines) -> Callable[[], list[dict[str, Any]]]:
    """Takes what was published since the last time."""
    machines.apply(orchestration="polling", notify_email=ADDRESS, monitoring_enabled=True,
                   waves=[wave("canary", "r1"), wave("rest", "r2", pauseBefore=True)], **only("r1", "r2"))
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


def test_an_approval_and_the_end_are_mailed_and_no_step(machines: Machines, tmp_path: Path, mailed: Any) -> None:
    run = Run(machines, tmp_path, {})
    [wanted] = run.until(lambda: mailed() or None)
    assert types([wanted]) == ["approval wanted"] and wanted["detail"]["wave"] == "rest"
    machines.client.send_task_success(taskToken=wanted["detail"]["task_token"], output="{}")
    assert run.ended()["status"] == "SUCCEEDED"
    assert types(run.until(lambda: mailed() or None)) == ["execution completed"]


def test_a_failure_is_mailed_with_its_reason(machines: Machines, tmp_path: Path, mailed: Any) -> None:
    run = Run(machines, tmp_path, {"phase2": [failed("phase2", "r1")]})
    assert run.ended()["status"] == "FAILED"
    seen: list[dict[str, Any]] = []
    run.until(lambda: seen.extend(mailed()) or (len(seen) >= 4 or None))
    assert sorted(types(seen)) == ["Step Functions Execution Status Change", "execution failed", "phase failed", "wave failed"]
    reason = next(e for e in seen if e["detail-type"] == "SD-WAN wave failed")["detail"]["reason"]
    assert "r1: it is broken" in reason
