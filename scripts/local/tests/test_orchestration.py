"""The synchronous machine in the emulator, with functions that answer as they are told; the engine's paths are in rollout/."""

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


@pytest.fixture(scope="module")
def machine(machines: Machines) -> Machines:
    machines.apply()
    return machines


def test_the_phases_run_in_order(machine: Machines, tmp_path: Path) -> None:
    run = Run(machine, tmp_path, {}, recreate="never")
    assert run.ended()["status"] == "SUCCEEDED"
    assert run.asked("phase", "recreate") == [(phase, "never") for phase in PHASES]
    assert [run.output[f"{phase}_result"]["phase"] for phase in PHASES] == list(PHASES)


@pytest.mark.parametrize("start_at, phases", [("phase1", PHASES), ("phase2", PHASES[1:]), ("phase3", PHASES[2:])])
def test_start_at(machine: Machines, tmp_path: Path, start_at: str, phases: tuple[str, ...]) -> None:
    run = Run(machine, tmp_path, {}, start_at=start_at)
    assert run.ended()["status"] == "SUCCEEDED"
    assert [phase for phase, in run.asked("phase")] == list(phases)


@pytest.mark.parametrize("start_at, shown", [
    ("phase4", '"phase4"'), ("", '""'), (3, "3"), ({"a": 1}, '{"a":1}'), (["phase1"], '["phase1"]'), (False, "false")])
def test_an_unknown_start_at_is_named(machine: Machines, tmp_path: Path, start_at: Any, shown: str) -> None:
    run = Run(machine, tmp_path, {}, start_at=start_at)
    end = run.ended()
    assert (end["status"], end["error"]) == ("FAILED", "Input.Invalid")
    assert end["cause"] == f"start_at: {shown} is none of phase1, phase2, phase3"
    assert run.events == []


def test_null_counts_as_absent(machine: Machines, tmp_path: Path) -> None:
    run = Run(machine, tmp_path, {}, start_at=None, progress=None)
    assert run.ended()["status"] == "SUCCEEDED"
    assert [phase for phase, in run.asked("phase")] == list(PHASES)


@pytest.mark.parametrize("text, shown", [
    ("[]", "[]"), ('[{"start_at": "phase1"}]', '[{"start_at":"phase1"}]'), ('"phase1"', "phase1"), ("7", "7"), ("true", "true"),
    ("null", "null")])
def test_an_input_that_is_no_object_is_refused(machine: Machines, tmp_path: Path, text: str, shown: str) -> None:
    run = Run(machine, tmp_path, {}, text=text)
    end = run.ended()
    assert (end["status"], end["error"]) == ("FAILED", "Input.Invalid")
    assert end["cause"] == f'the input must be a JSON object, such as {{}} or {{"start_at": "phase2"}}, and not {shown}'
    assert not {"Phase1", "Phase2", "Phase3"} & set(run.states)


def test_what_the_machine_itself_sets_is_refused(machine: Machines, tmp_path: Path) -> None:
    known = {"phase": "phase1", "redrive_count": 0, "state": {"of": "another execution"}}
    run = Run(machine, tmp_path, {}, progress=known)
    end = run.ended()
    assert (end["status"], end["error"]) == ("FAILED", "Input.Invalid")
    assert end["cause"] == "progress: the state machine itself sets this; leave it out of the input"
    assert run.events == []


def test_earlier_results_may_come_with_the_input(machine: Machines, tmp_path: Path) -> None:
    run = Run(machine, tmp_path, {}, start_at="phase3", phase1_result={"of": "another execution"})
    assert run.ended()["status"] == "SUCCEEDED"
    assert run.asked("phase", "phase1_result") == [("phase3", {"of": "another execution"})]


def test_failed_routers_fail_the_execution(machine: Machines, tmp_path: Path) -> None:
    run = Run(machine, tmp_path, {"phase2": [FAILED]})
    end = run.ended()
    assert (end["status"], end["error"]) == ("FAILED", "Phase.RoutersFailed")
    assert end["cause"] == 'phase2: 3 of 4 routers succeeded; r2: commit failed (1 failed: ["r2"])'
    assert "phase3" not in [phase for phase, in run.asked("phase")]


def test_a_function_that_fails_is_tried_again_only_for_what_passes(machine: Machines, tmp_path: Path) -> None:
    throttled = {"errorType": "Lambda.TooManyRequestsException", "errorMessage": "slow down"}
    run = Run(machine, tmp_path, {"phase1": [throttled, throttled, {**FAILED, "phase": "phase1", "fail_count": 0}]})
    assert run.ended()["status"] == "SUCCEEDED"
    assert [phase for phase, in run.asked("phase")] == ["phase1", "phase1", *PHASES]

    run = Run(machine, tmp_path / "not", {"phase1": [{"errorType": "Parameters.NotFound", "errorMessage": "none"}]})
    end = run.ended()
    assert (end["status"], end["error"], len(run.events)) == ("FAILED", "Parameters.NotFound", 1)
    assert "none" in end["cause"]


@pytest.mark.parametrize("result", [
    {"phase": "phase1"}, {"phase": "phase1", "fail_count": "0"}, {"phase": "phase1", "fail_count": None},
    {"phase": "phase1", "fail_count": 0, "done": False}, {"phase": "phase1", "fail_count": 1, "summary": "no names"},
    {"phase": "phase1", "fail_count": 1, "failed": ["r1"]}, {"phase": "phase1", "fail_count": 1, "failed": ["r1"], "summary": {"a": 1}},
    ["phase1"], "phase1", 0, None])
def test_a_result_that_is_none_is_refused(machine: Machines, tmp_path: Path, result: Any) -> None:
    run = Run(machine, tmp_path, {"phase1": [result]})
    end = run.ended()
    assert (end["status"], end["error"]) == ("FAILED", "Phase.ResultInvalid")
    assert end["cause"].startswith("phase1: the function's result lacks ") and {"phase2", "phase3"}.isdisjoint(run.asked("phase"))


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
