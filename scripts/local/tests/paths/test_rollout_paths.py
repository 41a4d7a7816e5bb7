"""The engine's paths with the real functions: what is wanted is done, and nothing else."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from local.execution.progress import Execution, report
from local.fleet.activity import ActivityLog
from local.fleet.faults import DEFECT
from local.vyos.defects import GRAMMAR

from . import approver
from .conftest import Tell
from .network import EARLIER, ROUTERS, PaperNetwork, PaperRun, topology

MACHINE = "rollout"
PHASES = ("phase1", "phase2", "phase3")
CANARY, REST = ["nv-hub", "nv-branch"], ["fra-hub", "fra-branch"]
TIMEOUT, APPROVED_WITHIN = 30, 25
COMMAND = {"document": "AWS-RunShellScript", "parameters": {"commands": ["true"]}}
VARIABLES = {
    "orchestration": "rollout", "topology": topology(block=1), "phase_timeouts": {"phase1": TIMEOUT},
    "approval_timeout_seconds": APPROVED_WITHIN, "history_table": True,
    "waves": [{"name": "canary", "routers": CANARY, "onFailure": "continue", "preCommands": [COMMAND]},
              {"name": "rest", "rest": True, "pauseBefore": True, "onFailure": "rollback"}],
}
# The waves of executions that bring their own: nobody has to approve them.
ALL = [{"name": "all", "rest": True}]
TWO = [{"name": "first", "routers": CANARY}, {"name": "second", "routers": REST, "dependsOn": ["first"]}]


def steps(*waves: str) -> list[str]:
    return [f"{wave}.{phase}" for wave in waves for phase in PHASES]


@pytest.fixture(scope="module")
def earlier(network: PaperNetwork) -> dict[str, Any]:
    """The routers as they were before the rollout, which gives the tunnels other addresses."""
    network.apply(**EARLIER)
    run = network.start()
    assert run.ended()["status"] == "SUCCEEDED", run.ended()
    return {router: network.configuration(router) for router in REST}


@pytest.fixture(scope="module", autouse=True)
def unattended(earlier: dict[str, Any], network: PaperNetwork) -> PaperRun:
    """A rollout whose canary hangs and that nobody approves, while the other tests run."""
    network.apply(**VARIABLES)
    network.suffer(hanging={"nv-branch": "phase1"})
    run = network.start()
    run.until(lambda: ("phase1", "nv-branch") in network.seen(run, "start") or None)
    network.suffer()
    return run


@pytest.fixture(autouse=True)
def afterwards_all_is_well(network: PaperNetwork) -> Iterator[None]:
    yield
    network.suffer()


def answer(network: PaperNetwork, run: PaperRun, reason_against: str | None = None) -> None:
    run.until(lambda: approver.answer(network.client, run.arn, reason_against) or None)


def summary(run: PaperRun) -> dict[str, Any]:
    """The rollout's own word, from the output or from the cause of the failure."""
    end = run.ended()
    found = json.loads(end["output"] if end["status"] == "SUCCEEDED" else end["cause"])
    assert end.get("error", "Rollout.COMPLETED") == "Rollout." + found["status"]
    return found


def outcome(run: PaperRun) -> tuple[str, dict[str, str], dict[str, str]]:
    """The rollout's status, each wave's, and each wave's reason."""
    found = summary(run)
    return (found["status"], {w["name"]: w["status"] for w in found["waves"]}, {w["name"]: w["reason"] for w in found["waves"]})


def refuse(network: PaperNetwork, router: str) -> None:
    network.suffer(host_environment={router: {DEFECT: GRAMMAR}})


# First: the routers still have their earlier configuration.
def test_rollback(network: PaperNetwork, earlier: dict[str, Any], tell: Tell) -> None:
    refuse(network, "fra-branch")
    run = network.start(start_at="rest", recreate="never")
    answer(network, run)
    status, waves, reasons = outcome(run)
    assert (status, waves) == ("FAILED", {"canary": "SKIPPED", "rest": "FAILED"})
    assert "fra-branch" in reasons["rest"] and reasons["rest"].endswith("; rollback: done")
    changed, back = run.printed("fra-hub")
    assert "configuration committed" in changed and "configuration restored" in back
    assert {router: network.configuration(router) for router in REST} == earlier
    tell("rollback", MACHINE, "FAILED; both routers have exactly the configuration from before",
         "one router refuses phase 2, the other has committed it; onFailure = rollback")


def test_the_defaults(network: PaperNetwork, earlier: dict[str, Any], tell: Tell) -> None:
    run = network.start()
    answer(network, run)
    assert outcome(run)[:2] == ("COMPLETED", {"canary": "COMPLETED", "rest": "COMPLETED"})
    assert run.steps == ["canary.pre1", *steps("canary", "rest")]
    assert {router: network.configuration(router) for router in REST} != earlier
    tell("success; pause, approved; a command", MACHINE, "SUCCEEDED, COMPLETED",
         "the deployment's two waves, approved by send-task-success")


def test_waves_given_at_the_start(network: PaperNetwork, tell: Tell) -> None:
    run = network.start(waves=TWO)
    found = summary(run)
    assert run.steps == steps("first", "second") and "left_out" not in found
    assert [(step["success_count"], step["fail_count"]) for wave in found["waves"] for step in wave["steps"]] == [(2, 0)] * 6
    tell("waves at the start", MACHINE, "SUCCEEDED; no approval", "others than the deployment's, without an apply")


def test_some_of_the_network(network: PaperNetwork, tell: Tell) -> None:
    run = network.start(waves=[{"name": "one", "routers": ["nv-hub"]}])
    assert (summary(run)["status"], summary(run)["left_out"]) == ("COMPLETED", 3) and {r for _, r in run.commands()} == {"nv-hub"}
    tell("partial waves", MACHINE, "SUCCEEDED, left_out = 3", "one router of four")


def test_rejected(network: PaperNetwork, tell: Tell) -> None:
    run = network.start()
    answer(network, run, approver.REASON)
    status, waves, reasons = outcome(run)
    assert (status, waves) == ("CANCELLED", {"canary": "COMPLETED", "rest": "CANCELLED"})
    assert reasons["rest"] == f"Rejected: {approver.REASON}" and {r for _, r in run.commands()} == set(CANARY)
    tell("pause, rejected", MACHINE, "FAILED, Rollout.CANCELLED with the reason", "send-task-failure; no command for the second wave")


def test_a_failure_and_where_to_go_on(network: PaperNetwork, tell: Tell) -> None:
    refuse(network, "nv-branch")
    run = network.start()
    answer(network, run)
    status, waves, reasons = outcome(run)
    assert (status, waves) == ("PARTIAL", {"canary": "FAILED", "rest": "COMPLETED"})
    assert reasons["canary"].startswith("phase2: 1 of 2 failed: ") and "nv-branch" in reasons["canary"]
    progress = Execution(network.client, run.arn).progress()
    canary, rest = report(progress)["waves"]
    assert canary["status"] == "FAILED" and canary["phase2_result"]["results"]["nv-branch"]["status"] == "Failed"
    assert set(rest["phase3_result"]["results"]) == set(REST)
    tell("onFailure = continue", MACHINE, "FAILED, Rollout.PARTIAL with the reason per wave", "a canary router refuses phase 2")
    network.suffer()
    assert summary(run)["start_at"] == "canary.phase2"
    again = network.start(start_at="canary.phase2", instances=CANARY)
    assert outcome(again)[0] == "COMPLETED" and again.steps == ["canary.phase2", "canary.phase3"]
    tell("start_at of a failure", MACHINE, "SUCCEEDED", "resumed where the output says, with that wave's routers")


def test_start_at(network: PaperNetwork, tell: Tell) -> None:
    for start, begun in (("second", steps("second")), ("first.phase3", ["first.phase3", *steps("second")])):
        run = network.start(waves=TWO, start_at=start)
        assert outcome(run)[0] == "COMPLETED" and run.steps == begun
    tell("start_at WAVE, WAVE.STEP", MACHINE, "SUCCEEDED", "nothing before it is sent")


def test_instances(network: PaperNetwork, tell: Tell) -> None:
    run = network.start(waves=TWO, instances=["fra-hub", "fra-branch"])
    assert outcome(run)[:2] == ("COMPLETED", {"first": "SKIPPED", "second": "COMPLETED"})
    assert {router for _, router in run.commands()} == set(REST)
    tell("instances", MACHINE, "SUCCEEDED; a wave left empty is SKIPPED", "the second wave's routers")


def test_steps(network: PaperNetwork, tell: Tell) -> None:
    run = network.start(waves=ALL, steps=["phase3"])
    assert outcome(run)[0] == "COMPLETED" and run.steps == ["all.phase3"] and {phase for phase, _ in run.commands()} == {"phase3"}
    tell("steps", MACHINE, "SUCCEEDED", "phase 3 only")


def test_null_counts_as_absent(network: PaperNetwork, tell: Tell) -> None:
    nothing: dict[str, Any] = dict.fromkeys(("start_at", "instances", "steps", "mode", "recreate", "confirm", "action"))
    run = network.start(waves=[{"name": "all", "rest": True, "dependsOn": None, "maxErrors": None, "onFailure": None}], **nothing)
    assert outcome(run)[0] == "COMPLETED" and run.steps == steps("all")
    tell("null fields", MACHINE, "SUCCEEDED", "in the input and in a wave")


def test_a_plan_changes_nothing(network: PaperNetwork, tell: Tell) -> None:
    before = {router: network.configuration(router) for router in ROUTERS}
    run = network.start(mode="plan")
    assert outcome(run)[:2] == ("COMPLETED", {"canary": "COMPLETED", "rest": "COMPLETED"}), summary(run)
    assert run.steps == steps("canary", "rest")
    assert {router: network.configuration(router) for router in ROUTERS} == before
    progress = Execution(network.client, run.arn).progress()
    planned = [progress.waves[wave][f"{phase}_result"]["results"] for wave in ("canary", "rest") for phase in ("phase1", "phase2")]
    assert all("diff" in outcome["details"] for results in planned for outcome in results.values())
    tell("mode plan", MACHINE, "SUCCEEDED; the routers are as they were", "the deployment's waves: no approval, no command")


def test_what_failed_is_left_out_of_later_steps(network: PaperNetwork, tell: Tell) -> None:
    network.suffer(offline=["nv-branch"])
    run = network.start(waves=[{"name": "all", "rest": True, "maxErrors": 2}], recreate="never")
    found = summary(run)
    assert found["status"] == "COMPLETED" and found["waves"][0]["steps"][0]["failed"] == ["nv-branch"]
    assert not {phase for phase, router in run.commands() if router == "nv-branch"}
    assert {phase for phase, router in run.commands() if router == "fra-hub"} == set(PHASES)
    tell("maxErrors", MACHINE, "SUCCEEDED; the router that failed gets no later command", "a host is offline in phase 1")


def test_too_many_errors(network: PaperNetwork, tell: Tell) -> None:
    network.suffer(offline=["nv-branch", "fra-branch"])
    run = network.start(waves=[{"name": "all", "rest": True, "maxErrors": "25%"}])
    status, _, reasons = outcome(run)
    assert status == "FAILED" and reasons["all"].startswith("phase1: 2 of 4 failed (1 may): ") and run.steps == ["all.phase1"]
    tell("maxErrors, one too many", MACHINE, "FAILED", "two hosts are offline, one may")


def test_concurrency(network: PaperNetwork, tell: Tell) -> None:
    run = network.start(waves=[{"name": "all", "rest": True, "maxConcurrency": 1}], steps=["phase2"])
    assert outcome(run)[0] == "COMPLETED"
    lines = [line["event"] for line in sorted(ActivityLog(network.folder).read(), key=lambda line: line["time"])
             if run.mark in line["comment"]]
    assert lines == ["start", "Success"] * 4
    tell("maxConcurrency", MACHINE, "SUCCEEDED; never two at once", "four routers, one at a time")


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"start_at": "phase1"}, "phase1"), ({"wave": "rest"}, "wave: the state machine itself"), ({"steps": ["phase4"]}, "phase4"),
    ({"instances": ["nobody"]}, "nobody"), ({"instances": []}, "instances"), ({"mode": "rollback"}, "rollback"),
    ({"mode": "command"}, "command"), ({"mode": "dry"}, "dry"),
    ({"waves": []}, "waves"), ({"waves": "all"}, "waves must be a list"), ({"waves": [7]}, "object"),
    *(({"waves": waves}, words) for waves, words in (
        ([{"name": "a"}], "rest"), ([{"name": "a", "routers": ["nv-hub"], "rest": True}], "not both"), ([{"rest": True}], "name"),
        ([{"name": "a", "rest": True, "colour": 1}], "colour"), ([{"name": "A wave", "rest": True}], "A wave"),
        ([{"name": "a" * 41, "rest": True}], "a" * 41), ([{"name": "a", "routers": ["nv-hub"]}, {"name": "a", "rest": True}], "called a"),
        ([{"name": "a", "routers": ["tokyo"]}], "tokyo"), ([{"name": "a", "routers": ["nv-hub", "nv-hub"]}], "twice"),
        ([{"name": "a", "routers": ["nv-hub"]}, {"name": "b", "routers": ["nv-hub"]}], "two waves"),
        ([{"name": "a", "rest": True}, {"name": "b", "rest": True}], "rest"),
        ([{"name": "a", "routers": list(ROUTERS)}, {"name": "b", "rest": True}], "empty"),
        ([{"name": "a", "routers": ["nv-hub"], "dependsOn": ["b"]}, {"name": "b", "rest": True}], "dependsOn"),
        ([{"name": "a", "rest": True, "dependsOn": ["a"]}], "dependsOn"), ([{"name": "a", "rest": True, "dependsOn": ["z"]}], "dependsOn"),
        ([{"name": "a", "rest": True, "maxErrors": "101%"}], "maxErrors"), ([{"name": "a", "rest": True, "maxErrors": -1}], "maxErrors"),
        ([{"name": "a", "rest": True, "maxConcurrency": 0}], "maxConcurrency"),
        ([{"name": "a", "rest": True, "onFailure": "undo"}], "onFailure"),
        ([{"name": "a", "rest": True, "pauseBefore": "yes"}], "pauseBefore"),
        ([{"name": "a", "rest": True, "preCommands": [{"document": "Acme-Other"}]}], "Acme-Other"),
        ([{"name": "a", "rest": True, "preCommands": [COMMAND] * 11}], "preCommands"),
        ([{"name": "a", "rest": True, "postCommands": [{**COMMAND, "timeout": 0}]}], "timeout"),
        ([{"name": "a", "rest": True, "postCommands": [{**COMMAND, "retries": 3}]}], "retries"),
        ([{"name": f"w{number}", "routers": ["nv-hub"]} for number in range(101)], "101 waves"))),
]


def test_what_can_not_be_is_refused_before_anything_is_done(network: PaperNetwork, tell: Tell) -> None:
    runs = [(network.start(**given), words) for given, words in WRONG]
    for run, words in runs:
        end = run.ended()
        assert (end["status"], end["error"]) == ("FAILED", "Input.Invalid") and words in end["cause"], (words, end)
        assert run.steps == [] and not run.commands() and not {"ExecutionStarted", "WaveStarted"} & set(run.states)
    tell("inputs that can not be", MACHINE, "FAILED, Input.Invalid with words", f"{len(WRONG)} of them; no event, no command")


@pytest.mark.parametrize("given", ["[]", "7", "null", '"canary"'])
def test_an_input_that_is_no_object(network: PaperNetwork, tell: Tell, given: str) -> None:
    run = network.start(text=given)
    end = run.ended()
    assert (end["status"], end["error"]) == ("FAILED", "Input.Invalid") and end["cause"].startswith("the input must be a JSON object")
    assert "Admit" not in run.states
    tell(f"input {given}", MACHINE, "FAILED, Input.Invalid with words", "refused before the admission")


def test_what_passes_is_tried_again(network: PaperNetwork, tell: Tell) -> None:
    errors = ["Lambda.ServiceException", "Lambda.TooManyRequestsException"]
    run = network.start(waves=ALL, interference={"refuse": {"phase2": errors}})
    assert outcome(run)[0] == "COMPLETED" and run.errors == errors
    tell("retry", MACHINE, "SUCCEEDED", "Lambda answers phase 2 with two errors, then invokes it")


def test_what_lasts_fails_the_wave(network: PaperNetwork, tell: Tell) -> None:
    run = network.start(waves=ALL, interference={"refuse": {"phase1": ["Lambda.Unknown"] * 4}})
    status, waves, reasons = outcome(run)
    assert (status, waves) == ("FAILED", {"all": "FAILED"}) and reasons["all"].startswith("phase1: Lambda.Unknown: ")
    [step] = summary(run)["waves"][0]["steps"]
    assert (step["unknown_count"], step["fail_count"], step["failed"]) == (4, 0, [])
    tell("catch", MACHINE, "FAILED; the routers are unknown, not failed", "phase 1's function dies four times")


def test_history(network: PaperNetwork, tell: Tell) -> None:
    run = network.start(waves=TWO, instances=REST, steps=["phase3"])
    assert outcome(run)[0] == "COMPLETED"
    found = boto3.client("dynamodb", region_name="us-east-1").query(
        TableName="sdwan-history", KeyConditionExpression="execution = :e", ExpressionAttributeValues={":e": {"S": run.arn}})
    assert {item["wave"]["S"]: item["status"]["S"] for item in found["Items"]} == {
        "-": "COMPLETED", "first": "SKIPPED", "second": "COMPLETED"}
    tell("history_table", MACHINE, "the execution and its waves are in the table", "two waves, one of them empty")


def test_what_is_stopped_has_its_commands_cancelled(network: PaperNetwork, tell: Tell) -> None:
    hanging = ("phase2", "nv-hub")
    network.suffer(hanging={hanging[1]: hanging[0]})
    run = network.start(waves=TWO)
    run.until(lambda: hanging in network.seen(run, "start") or None)
    network.client.stop_execution(executionArn=run.arn)
    run.until(lambda: hanging in network.seen(run, "Cancelled") or None)
    assert run.ended()["status"] == "ABORTED"
    tell("stop", MACHINE, "ABORTED; the running command ends as Cancelled on its host",
         "stop-execution while a router never ends phase 2; the rule tells each phase")


# Last: it takes its time.
def test_a_timeout_and_a_missing_approval(network: PaperNetwork, unattended: PaperRun, tell: Tell) -> None:
    status, waves, reasons = outcome(unattended)
    assert (status, waves) == ("CANCELLED", {"canary": "FAILED", "rest": "CANCELLED"})
    assert "phase1: 1 of 2 failed: " in reasons["canary"] and f"nv-branch: the phase had not ended after {TIMEOUT} s" in reasons["canary"]
    assert reasons["rest"] == f"nobody approved it within {APPROVED_WITHIN} s"
    assert network.seen(unattended, "Cancelled") == [("phase1", "nv-branch")]
    tell("timeout; pause, expired", MACHINE, "FAILED, Rollout.CANCELLED; the hanging command is cancelled on its host",
         f"a canary router never ends phase 1 ({TIMEOUT} s); nobody answers for {APPROVED_WITHIN} s")
