"""Both state machines in the emulator, with functions that answer as they are told."""

import json
import re
from pathlib import Path
from typing import Any

import boto3
import pytest

from .machines import Machines, Run

PHASES = ("phase1", "phase2", "phase3")
FAILED = {"phase": "phase2", "done": True, "success_count": 3, "fail_count": 1, "failed": ["r2"],
          "summary": "3 of 4 routers succeeded; r2: commit failed", "results": {}}


@pytest.fixture(scope="module", params=["synchronous", "polling"])
def machine(request: pytest.FixtureRequest, machines: Machines) -> tuple[str, Machines]:
    """Each machine; what both must do is asked of both."""
    machines.apply(orchestration=request.param)
    return request.param, machines


def pending(phase: str, seconds: int = 15, **state: Any) -> dict[str, Any]:
    return {"phase": phase, "done": False, "wait_seconds": seconds, "success_count": 0, "fail_count": 0,
            "pending_count": 4, "state": {"of": phase, **state}}


def test_the_phases_run_in_order(machine: tuple[str, Machines], tmp_path: Path) -> None:
    run = Run(machine[1], tmp_path, {}, recreate="never")
    assert run.ended()["status"] == "SUCCEEDED"
    assert run.asked("phase", "recreate") == [(phase, "never") for phase in PHASES]
    assert [run.output[f"{phase}_result"]["phase"] for phase in PHASES] == list(PHASES)


@pytest.mark.parametrize("start_at, phases", [("phase1", PHASES), ("phase2", PHASES[1:]), ("phase3", PHASES[2:])])
def test_start_at(machine: tuple[str, Machines], tmp_path: Path, start_at: str, phases: tuple[str, ...]) -> None:
    run = Run(machine[1], tmp_path, {}, start_at=start_at)
    assert run.ended()["status"] == "SUCCEEDED"
    assert [phase for phase, in run.asked("phase")] == list(phases)


@pytest.mark.parametrize("start_at, shown", [
    ("phase4", '"phase4"'), ("", '""'), (3, "3"), ({"a": 1}, '{"a":1}'), (["phase1"], '["phase1"]'), (False, "false")])
def test_an_unknown_start_at_is_named(machine: tuple[str, Machines], tmp_path: Path, start_at: Any, shown: str) -> None:
    run = Run(machine[1], tmp_path, {}, start_at=start_at)
    end = run.ended()
    assert (end["status"], end["error"]) == ("FAILED", "Input.Invalid")
    assert end["cause"] == f"start_at: {shown} is none of phase1, phase2, phase3"
    assert run.events == []


def test_null_counts_as_absent(machine: tuple[str, Machines], tmp_path: Path) -> None:
    run = Run(machine[1], tmp_path, {}, start_at=None, progress=None)
    assert run.ended()["status"] == "SUCCEEDED"
    assert [phase for phase, in run.asked("phase")] == list(PHASES)


@pytest.mark.parametrize("text, shown", [
    ("[]", "[]"), ('[{"start_at": "phase1"}]', '[{"start_at":"phase1"}]'), ('"phase1"', "phase1"), ("7", "7"), ("true", "true"),
    ("null", "null")])
def test_an_input_that_is_no_object_is_refused(machine: tuple[str, Machines], tmp_path: Path, text: str, shown: str) -> None:
    run = Run(machine[1], tmp_path, {}, text=text)
    end = run.ended()
    assert (end["status"], end["error"]) == ("FAILED", "Input.Invalid")
    assert end["cause"] == f'the input must be a JSON object, such as {{}} or {{"start_at": "phase2"}}, and not {shown}'
    assert not {"Phase1", "Phase2", "Phase3"} & set(run.states)


def test_what_the_machine_itself_sets_is_refused(machine: tuple[str, Machines], tmp_path: Path) -> None:
    known = {"phase": "phase1", "redrive_count": 0, "state": {"of": "another execution"}}
    given = {"progress": known} if machine[0] == "synchronous" else {"progress": known, "state": {}, "retry_count": 1}
    run = Run(machine[1], tmp_path, {}, **given)
    end = run.ended()
    assert (end["status"], end["error"]) == ("FAILED", "Input.Invalid")
    assert end["cause"] == f"{', '.join(given)}: the state machine itself sets this; leave it out of the input"
    assert run.events == []


def test_earlier_results_may_come_with_the_input(machine: tuple[str, Machines], tmp_path: Path) -> None:
    run = Run(machine[1], tmp_path, {}, start_at="phase3", phase1_result={"of": "another execution"})
    assert run.ended()["status"] == "SUCCEEDED"
    assert run.asked("phase", "phase1_result") == [("phase3", {"of": "another execution"})]


def test_failed_routers_fail_the_execution(machine: tuple[str, Machines], tmp_path: Path) -> None:
    run = Run(machine[1], tmp_path, {"phase2": [FAILED]})
    end = run.ended()
    assert (end["status"], end["error"]) == ("FAILED", "Phase.RoutersFailed")
    assert "r2: commit failed" in end["cause"]
    if machine[0] == "synchronous":
        assert end["cause"] == 'phase2: 3 of 4 routers succeeded; r2: commit failed (1 failed: ["r2"])'
    assert "phase3" not in [phase for phase, in run.asked("phase")]


def test_a_function_that_fails_is_tried_again_only_for_what_passes(machine: tuple[str, Machines], tmp_path: Path) -> None:
    throttled = {"errorType": "Lambda.TooManyRequestsException", "errorMessage": "slow down"}
    run = Run(machine[1], tmp_path, {"phase1": [throttled, throttled, {**FAILED, "phase": "phase1", "fail_count": 0}]})
    assert run.ended()["status"] == "SUCCEEDED"
    assert [phase for phase, in run.asked("phase")] == ["phase1", "phase1", *PHASES]

    run = Run(machine[1], tmp_path / "not", {"phase1": [{"errorType": "Parameters.NotFound", "errorMessage": "none"}]})
    end = run.ended()
    assert (end["status"], end["error"], len(run.events)) == ("FAILED", "Parameters.NotFound", 1)
    assert "none" in end["cause"]


@pytest.mark.parametrize("result", [
    {"phase": "phase1"}, {"phase": "phase1", "fail_count": "0"}, {"phase": "phase1", "fail_count": None},
    {"phase": "phase1", "fail_count": 0, "done": False}, {"phase": "phase1", "fail_count": 1, "summary": "no names"},
    {"phase": "phase1", "fail_count": 1, "failed": ["r1"]}, {"phase": "phase1", "fail_count": 1, "failed": ["r1"], "summary": {"a": 1}},
    ["phase1"], "phase1", 0, None])
def test_a_result_that_is_none_is_refused(machine: tuple[str, Machines], tmp_path: Path, result: Any) -> None:
    run = Run(machine[1], tmp_path, {"phase1": [result]})
    end = run.ended()
    assert (end["status"], end["error"]) == ("FAILED", "Phase.ResultInvalid")
    assert end["cause"].startswith("phase1: the function's result lacks ") and {"phase2", "phase3"}.isdisjoint(run.asked("phase"))


@pytest.fixture(scope="module")
def polling(machines: Machines) -> Machines:
    machines.apply(orchestration="polling", phase_timeouts={"phase1": 7200})
    return machines


def test_a_phase_is_asked_again_until_it_is_done(polling: Machines, tmp_path: Path) -> None:
    run = Run(polling, tmp_path, {"phase1": [pending("phase1", step=1), pending("phase1", 30, step=2), FAILED | {"fail_count": 0}]})
    assert run.ended()["status"] == "SUCCEEDED"
    assert run.asked("phase", "action", "state")[:4] == [
        ("phase1", "start", None), ("phase1", "check", {"of": "phase1", "step": 1}),
        ("phase1", "check", {"of": "phase1", "step": 2}), ("phase2", "start", None)]
    assert set(run.asked("execution", "redrive_count", "fail_on_routers")) == {(run.arn, 0, False)}
    assert run.asked("phase", "timeout")[:1] + run.asked("phase", "timeout")[-1:] == [("phase1", 7200), ("phase3", 1800)]
    assert run.states.count("Phase1Poll") == 2 and "state" not in run.output["phase1_result"]


def test_a_retry_says_that_it_is_one(polling: Machines, tmp_path: Path) -> None:
    lost = {"errorType": "Lambda.ServiceException", "errorMessage": "gone"}
    run = Run(polling, tmp_path, {"phase2": [lost, pending("phase2"), lost, lost, FAILED | {"fail_count": 0}]})
    assert run.ended()["status"] == "SUCCEEDED"
    assert [event[1:] for event in run.asked("phase", "action", "retry_count") if event[0] == "phase2"] == [
        ("start", 0), ("start", 1), ("check", 0), ("check", 1), ("check", 2)]


def test_a_phase_with_failed_routers_ends_in_its_task(polling: Machines, tmp_path: Path) -> None:
    run = Run(polling, tmp_path, {"phase2": [pending("phase2"), FAILED]})
    assert run.ended()["error"] == "Phase.RoutersFailed"
    assert run.states[-1] == "Phase2RoutersFailed"
    assert run.asked("action", "state", "fail_on_routers")[-1] == ("check", {"of": "phase2"}, True)


def test_a_phase_that_is_done_at_once_with_failed_routers(polling: Machines, tmp_path: Path) -> None:
    run = Run(polling, tmp_path, {"phase1": [pending("phase1"), {**FAILED, "fail_count": 0}], "phase2": [FAILED]})
    assert run.ended()["error"] == "Phase.RoutersFailed"
    assert run.asked("phase", "action", "state", "fail_on_routers")[-1] == ("phase2", "start", None, True)


def test_what_is_stopped_or_fails_has_its_commands_cancelled(polling: Machines, tmp_path: Path) -> None:
    never = Run(polling, tmp_path, {"phase1": [pending("phase1", 60)]})
    never.until(lambda: never.events or None)
    polling.client.stop_execution(executionArn=never.arn)
    fails = Run(polling, tmp_path / "fails", {"phase1": [{"errorType": "Parameters.NotFound", "errorMessage": "none"}]})
    healthy = Run(polling, tmp_path / "healthy", {})
    assert healthy.ended()["status"] == "SUCCEEDED"
    for run in (never, fails):
        cancelled = run.until(lambda arn=run.arn: next((c for c in polling.cancelled() if c["execution"] == arn), None))
        assert cancelled["action"] == "cancel"
    assert healthy.arn not in [c["execution"] for c in polling.cancelled()]


def test_what_happens_is_told(polling: Machines, tmp_path: Path) -> None:
    take = polling.received_events()
    run = Run(polling, tmp_path, {"phase2": [FAILED]})
    assert run.ended()["error"] == "Phase.RoutersFailed"
    told = take()
    assert [(e["detail-type"].removeprefix("SD-WAN "), e["detail"].get("phase")) for e in told] == [
        ("execution started", None), ("phase started", "phase1"), ("phase completed", "phase1"),
        ("phase started", "phase2"), ("phase failed", "phase2")]
    assert {e["detail"]["execution"] for e in told} == {run.arn}
    assert told[-1]["detail"]["failed"] == ["r2"] and "results" not in told[-1]["detail"]
    Run(polling, tmp_path / "healthy", {}).ended()
    assert [e["detail-type"] for e in take()][-2:] == ["SD-WAN verification", "SD-WAN execution completed"]


def test_a_large_topology_is_an_object_of_its_own(machines: Machines) -> None:
    names = [f"a-router-whose-name-is-long-{n}-{'x' * 30}" for n in range(30)]
    topology = {"routers": {name: {"region": "us-east-1", "role": "branch", "loopback": f"10.255.1.{n}/32", "asn": 65002}
                            for n, name in enumerate(names)}, "tunnels": []}
    machines.apply(topology=topology, existing_hosts={
        name: {"instance_id": f"i-{n:08x}", "outside_eip": f"198.51.100.{n}", "outside_private_ip": f"10.1.0.{n}"}
        for n, name in enumerate(names)})
    variables = machines.functions.get_function_configuration(FunctionName="sdwan-phase2")["Environment"]["Variables"]
    bucket, key, version = re.fullmatch(r"s3://([^/]+)/(.+)\?versionId=(.+)", variables["SDWAN_TOPOLOGY"]).groups()
    stored = boto3.client("s3", region_name="us-east-1").get_object(Bucket=bucket, Key=key, VersionId=version)
    assert json.load(stored["Body"]) == topology and variables["SDWAN_RESULTS"] == f"s3://{bucket}/results"
