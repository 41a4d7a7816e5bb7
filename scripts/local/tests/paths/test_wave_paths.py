"""The paths of a rollout in waves, with the real functions."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from local.execution.approvals import NO, YES, Answers, Approvals
from local.execution.progress import Execution, report
from local.execution.verification import failure, verified
from local.fleet.activity import ActivityLog
from local.fleet.faults import DEFECT
from local.vyos.defects import GRAMMAR

from .conftest import Tell
from .network import EARLIER, PaperNetwork, PaperRun, topology

MACHINE = "waves"
CANARY, REST = ["nv-hub", "nv-branch"], ["fra-hub", "fra-branch"]
TIMEOUT, APPROVED_WITHIN = 30, 25
WAVES = {
    "orchestration": "polling", "topology": topology(block=1), "phase_timeouts": {"phase1": TIMEOUT},
    "approval_timeout_seconds": APPROVED_WITHIN,
    "waves": [{"name": "canary", "routers": CANARY, "onFailure": "continue"},
              {"name": "rest", "routers": REST, "pauseBefore": True, "onFailure": "rollback"}],
}


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
    network.apply(**WAVES)
    network.suffer(hanging={"nv-branch": "phase1"})
    run = network.start()
    run.until(lambda: ("phase1", "nv-branch") in network.seen(run, "start") or None)
    network.suffer()
    return run


@pytest.fixture(scope="module")
def approvals(network: PaperNetwork, unattended: PaperRun) -> Approvals:
    return Approvals(network.client, {}, Answers(YES))


@pytest.fixture(autouse=True)
def afterwards_all_is_well(network: PaperNetwork) -> Iterator[None]:
    yield
    network.suffer()


def answer(approvals: Approvals, run: PaperRun, how: str = YES) -> None:
    approvals.answers = Answers(how)
    run.until(lambda: approvals.answer(run.arn, print) or None)


def outcome(run: PaperRun) -> tuple[str, dict[str, str], dict[str, str]]:
    """The rollout's status, each wave's, and each wave's reason."""
    end = run.ended()
    summary = json.loads(end["output"] if end["status"] == "SUCCEEDED" else end["cause"])
    assert end.get("error", "Rollout.COMPLETED") == "Rollout." + summary["status"]
    return (summary["status"], {w["name"]: w["status"] for w in summary["waves"]}, {w["name"]: w["reason"] for w in summary["waves"]})


def refuse(network: PaperNetwork, router: str) -> None:
    network.suffer(host_environment={router: {DEFECT: GRAMMAR}})


# First: the routers still have their earlier configuration.
def test_rollback(network: PaperNetwork, earlier: dict[str, Any], approvals: Approvals, tell: Tell) -> None:
    refuse(network, "fra-branch")
    run = network.start(start_at="rest", recreate="never")
    answer(approvals, run)
    status, waves, reasons = outcome(run)
    assert (status, waves) == ("FAILED", {"rest": "FAILED"})
    assert "fra-branch" in reasons["rest"] and "previous configuration" in reasons["rest"]
    changed, back = run.printed("fra-hub")
    assert "configuration committed" in changed and "configuration restored" in back
    assert {router: network.configuration(router) for router in REST} == earlier
    tell("rollback", MACHINE, "FAILED; both routers have exactly the configuration from before",
         "one router refuses phase 2, the other has committed it; onFailure = rollback")


def test_approved(network: PaperNetwork, earlier: dict[str, Any], approvals: Approvals, tell: Tell) -> None:
    run = network.start()
    answer(approvals, run)
    assert outcome(run)[:2] == ("COMPLETED", {"canary": "COMPLETED", "rest": "COMPLETED"})
    assert {router: network.configuration(router) for router in REST} != earlier
    tell("success; pause, approved", MACHINE, "SUCCEEDED, COMPLETED", "two waves, the second approved by send-task-success")


def test_rejected(network: PaperNetwork, approvals: Approvals, tell: Tell) -> None:
    run = network.start()
    answer(approvals, run, NO)
    status, waves, reasons = outcome(run)
    assert (status, waves) == ("CANCELLED", {"canary": "COMPLETED", "rest": "CANCELLED"})
    assert reasons["rest"] == "Rejected: rejected by --approve no" and {r for _, r in run.commands()} == set(CANARY)
    tell("pause, rejected", MACHINE, "FAILED, Rollout.CANCELLED with the reason", "send-task-failure; no command for the second wave")


def test_partial(network: PaperNetwork, approvals: Approvals, tell: Tell) -> None:
    refuse(network, "nv-branch")
    run = network.start()
    answer(approvals, run)
    status, waves, reasons = outcome(run)
    assert (status, waves) == ("PARTIAL", {"canary": "FAILED", "rest": "COMPLETED"})
    assert "phase2: 1 of 2 routers failed" in reasons["canary"] and "nv-branch" in reasons["canary"]
    progress = Execution(network.client, run.arn, ActivityLog(network.folder)).progress()
    canary, rest = report(progress)["waves"]
    assert canary["status"] == "FAILED" and canary["phase2_result"]["results"]["nv-branch"]["status"] == "Failed"
    assert set(rest["phase3_result"]["results"]) == set(REST) and "fra-hub" in verified(progress)
    assert "canary phase2 nv-branch: Failed" in failure(progress)
    tell("partial, onFailure = continue", MACHINE, "FAILED, Rollout.PARTIAL with the reason per wave", "a canary router refuses phase 2")


def test_what_passes_is_tried_again(network: PaperNetwork, approvals: Approvals, tell: Tell) -> None:
    errors = ["Lambda.ServiceException"] * 2
    run = network.start(start_at="rest", interference={"refuse": {"phase2": errors}})
    answer(approvals, run)
    assert outcome(run)[0] == "COMPLETED" and run.errors == errors
    tell("retry", MACHINE, "SUCCEEDED", "Lambda answers phase 2 with two service errors, then invokes it")


def test_what_lasts_fails_the_wave(network: PaperNetwork, approvals: Approvals, tell: Tell) -> None:
    run = network.start(interference={"refuse": {"phase1": ["Lambda.ServiceException"] * 3}})
    answer(approvals, run)
    status, waves, reasons = outcome(run)
    assert (status, waves) == ("PARTIAL", {"canary": "FAILED", "rest": "COMPLETED"})
    assert reasons["canary"].startswith("phase1: Lambda.ServiceException: ")
    tell("catch", MACHINE, "FAILED, Rollout.PARTIAL; the wave's reason has phase, error and cause",
         "Lambda answers the canary's phase 1 with a service error three times")


def test_start_at(network: PaperNetwork, approvals: Approvals, tell: Tell) -> None:
    run = network.start(start_at="rest")
    answer(approvals, run)
    assert outcome(run)[:2] == ("COMPLETED", {"rest": "COMPLETED"})
    assert {r for _, r in run.commands()} == set(REST)
    tell("start_at", MACHINE, "SUCCEEDED", "the second wave; no command for the first one's routers")


@pytest.mark.parametrize("given, words", [('{"start_at": "phase1"}', 'start_at: "phase1" is none of canary, rest'),
                                          ("[]", "the input must be a JSON object"),
                                          ('{"wave": "rest"}', "wave: the state machine itself")])
def test_an_input_that_can_not_be(network: PaperNetwork, tell: Tell, given: str, words: str) -> None:
    run = network.start(text=given)
    end = run.ended()
    assert (end["status"], end["error"]) == ("FAILED", "Input.Invalid") and end["cause"].startswith(words) and not run.commands()
    tell(f"input {given}", MACHINE, "FAILED, Input.Invalid with words", "refused before the first wave, no function is called")


def test_what_is_stopped_has_its_commands_cancelled(network: PaperNetwork, tell: Tell) -> None:
    hanging = ("phase2", "nv-hub")
    network.suffer(hanging={hanging[1]: hanging[0]})
    run = network.start()
    run.until(lambda: hanging in network.seen(run, "start") or None)
    network.client.stop_execution(executionArn=run.arn)
    run.until(lambda: hanging in network.seen(run, "Cancelled") or None)
    assert run.ended()["status"] == "ABORTED"
    tell("stop", MACHINE, "ABORTED; the running command ends as Cancelled on its host",
         "stop-execution while a canary router never ends phase 2")


# Last: it takes its time.
def test_a_timeout_and_a_missing_approval(network: PaperNetwork, unattended: PaperRun, tell: Tell) -> None:
    status, waves, reasons = outcome(unattended)
    assert (status, waves) == ("CANCELLED", {"canary": "FAILED", "rest": "CANCELLED"})
    assert f"nv-branch: the phase had not ended after {TIMEOUT} s" in reasons["canary"]
    assert reasons["rest"] == f"nobody approved it within {APPROVED_WITHIN} s"
    assert network.seen(unattended, "Cancelled") == [("phase1", "nv-branch")]
    tell("timeout; pause, expired", MACHINE, "FAILED, Rollout.CANCELLED; the hanging command is cancelled on its host",
         f"a canary router never ends phase 1 ({TIMEOUT} s); nobody answers for {APPROVED_WITHIN} s")
