"""What the engine tells EventBridge, and what it keeps in its table."""

import json
from typing import Any

import pytest

from .conftest import wave
from .deployment import Deployment, Rollout
from .interpreter import Failed

WAVES = [wave("a", "r1"), wave("b", "r2", onFailure="rollback", pauseBefore=True), wave("c")]


def short(run: Rollout, title: str = "SD-WAN ") -> list[tuple[Any, ...]]:
    return [(kind.removeprefix(title), *(detail[field] for field in ("wave", "step") if field in detail)) for kind, detail in run.told]


def test_everything_is_told_in_its_order(network: Deployment) -> None:
    run = network.run({"waves": WAVES, "steps": ["phase2", "rollback"]}, fail={"phase2": ["r2"]})
    assert short(run) == [
        ("execution started",),
        ("wave started", "a"), ("step started", "a", "phase2"), ("step completed", "a", "phase2"), ("wave completed", "a"),
        ("approval wanted", "b"), ("wave started", "b"), ("step started", "b", "phase2"), ("step failed", "b", "phase2"),
        ("step started", "b", "rollback"), ("step completed", "b", "rollback"), ("wave failed", "b"),
        ("wave skipped", "c"), ("execution failed",)]
    details = [detail for _, detail in run.told]
    assert all(detail["execution"].startswith("arn:") and detail["name"] == "sdwan" for detail in details)
    assert details[0]["waves"] == ["a", "b", "c"] and (details[6]["instances"], details[6]["steps"]) == (1, ["phase2"])
    assert (details[8]["fail_count"], details[8]["failed"], details[8]["summary"]) == (1, ["r2"], "0 of 1 succeeded")
    assert details[11]["reason"].endswith("; rollback: done")
    assert run.summary.items() <= details[-1].items()


def test_a_completed_rollout_says_so(servers: Deployment) -> None:
    run = servers.run({})
    assert short(run, "Recovery ")[-1] == ("execution completed",) and run.told[-1][1]["status"] == "COMPLETED"


def test_an_event_that_can_not_be_sent_holds_nothing_up(network: Deployment) -> None:
    def refuse(_: str) -> None:
        raise Failed("EventBridge.EventBridgeException", "not allowed")
    run = network.run({"waves": [wave("a", "r1"), wave("b", onFailure="rollback")]}, fail={"phase2": ["r2"]}, bus=refuse)
    assert (run.status, run.waves) == ("PARTIAL", {"a": "COMPLETED", "b": "FAILED"}) and run.asked[-1]["step"] == "rollback"
    assert run.outcome.error == "Rollout.PARTIAL"


def notes(run: Rollout) -> list[tuple[str, str, str]]:
    return [(note["Item"]["wave"]["S"], note["Item"]["sequence"]["N"], note["Item"]["status"]["S"]) for note in run.noted]


def test_executions_and_waves_are_noted(servers: Deployment) -> None:
    waves = [{"name": "a", "servers": ["r1"]}, {"name": "b", "servers": ["r2"]}, {"name": "c", "servers": ["r3"]}]
    run = servers.run({"waves": waves}, fail={"launch": ["r2"]})
    assert notes(run) == [
        ("-", "0", "RUNNING"), ("a", "0", "RUNNING"), ("a", "1", "COMPLETED"), ("b", "0", "RUNNING"), ("b", "1", "FAILED"),
        ("c", "1", "SKIPPED"), ("-", "1", "PARTIAL")]
    assert {note["TableName"] for note in run.noted} == {"recovery-history"}
    begun, last = run.noted[0]["Item"], run.noted[-1]["Item"]
    assert json.loads(begun["plan"]["S"]) == [{"name": name, "steps": ["launch"]} for name in ("a", "b", "c")]
    assert json.loads(last["summary"]["S"]) == run.summary and last["started"] == begun["started"] and last["ended"]["S"]
    assert json.loads(run.noted[2]["Item"]["steps"]["S"])[0]["refs"] == ["ref-launch"]


def test_a_late_note_undoes_no_later_one(servers: Deployment) -> None:
    for note in servers.run({}).noted:
        assert note["ConditionExpression"] == "attribute_not_exists(#sequence) OR #sequence < :sequence"
        assert note["ExpressionAttributeValues"][":sequence"] == note["Item"]["sequence"]


def test_a_note_that_can_not_be_taken_holds_nothing_up(servers: Deployment) -> None:
    def refuse(_: Any) -> None:
        raise Failed("DynamoDB.ConditionalCheckFailedException")
    run = servers.run({}, fail={"launch": ["r2"]}, table=refuse)
    assert run.status == "FAILED" and run.outcome.error == "Rollout.FAILED" and len(run.noted) == 4


@pytest.mark.parametrize("deployment", ["network", "clusters"])
def test_without_a_table_nothing_is_noted(request: pytest.FixtureRequest, deployment: str) -> None:
    assert request.getfixturevalue(deployment).run({}).noted == []
