"""A rollout in waves in the emulator, with functions that answer as they are told."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from .machines import Machines, Run, only
from .subscription import Subscription

PHASES = ["phase1", "phase2", "phase3"]


def wave(name: str, *routers: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "routers": list(routers), **more}


def failed(phase: str, *routers: str) -> dict[str, Any]:
    return {"phase": phase, "done": True, "success_count": 0, "fail_count": len(routers), "failed": list(routers),
            "summary": f"0 of {len(routers)} routers succeeded; {routers[0]}: it is broken", "results": {}}


def done(phase: str) -> dict[str, Any]:
    return failed(phase, "r0") | {"fail_count": 0, "success_count": 1, "failed": [], "summary": "1 of 1 routers succeeded"}


def outcome(run: Run) -> tuple[str, list[tuple[str, str]]]:
    """The rollout's status and each wave's, from the output or from the cause of the failure."""
    end = run.ended()
    summary = json.loads(end["output"] if end["status"] == "SUCCEEDED" else end["cause"])
    assert end.get("error", "Rollout.COMPLETED") == "Rollout." + summary["status"]
    return summary["status"], [(w["name"], w["status"]) for w in summary["waves"]]


def reasons(run: Run) -> dict[str, str]:
    return {w["name"]: w["reason"] for w in json.loads(run.ended()["cause"])["waves"]}


class TestThreeWaves:
    @pytest.fixture(scope="class", autouse=True)
    def applied(self, machines: Machines) -> None:
        machines.apply(orchestration="polling", waves=[
            wave("canary", "r1", onFailure="continue"), wave("edge", "r2", dependsOn=["canary"], onFailure="rollback"),
            wave("rest", "r3", "r4", maxConcurrency=1, maxErrors="50%")])

    def test_one_after_the_other(self, machines: Machines, tmp_path: Path) -> None:
        run = Run(machines, tmp_path, {}, recreate="never")
        assert outcome(run) == ("COMPLETED", [("canary", "COMPLETED"), ("edge", "COMPLETED"), ("rest", "COMPLETED")])
        asked = [(e["wave"], e["phase"], e["instances"]) for e in run.events]
        assert asked[:6] == [(w, phase, [r]) for w, r in (("canary", "r1"), ("edge", "r2")) for phase in PHASES]
        assert sorted(asked[6:]) == sorted(("rest", phase, [r]) for phase in PHASES for r in ("r3", "r4"))
        assert {(e["execution"], e["action"], e["recreate"]) for e in run.events} == {(run.arn, "start", "never")}
        assert [e["reached"] for e in run.events][::3] == [["r1"], ["r1", "r2"], ["r1", "r2", "r3", "r4"], ["r1", "r2", "r3", "r4"]]

    def test_a_phase_is_asked_until_it_is_done(self, machines: Machines, tmp_path: Path) -> None:
        pending = {"phase": "phase1", "done": False, "wait_seconds": 15, "state": {"n": 1}}
        run = Run(machines, tmp_path, {"phase1": [pending, done("phase1")]}, start_at="edge")
        assert outcome(run) == ("COMPLETED", [("edge", "COMPLETED"), ("rest", "COMPLETED")])
        assert [(e["action"], e.get("state")) for e in run.events[:2]] == [("start", None), ("check", {"n": 1})]

    def test_a_failed_wave_with_continue_goes_on_without_those_that_need_it(self, machines: Machines, tmp_path: Path) -> None:
        run = Run(machines, tmp_path, {"phase3": [failed("phase3", "r1"), done("phase3")]})
        assert outcome(run) == ("PARTIAL", [("canary", "FAILED"), ("edge", "SKIPPED"), ("rest", "COMPLETED")])
        assert reasons(run)["canary"] == "phase3: 1 of 1 routers failed: 0 of 1 routers succeeded; r1: it is broken"
        assert "depends on" in reasons(run)["edge"]

    def test_a_failed_wave_with_rollback_rolls_its_routers_back_and_stops(self, machines: Machines, tmp_path: Path) -> None:
        run = Run(machines, tmp_path, {"phase2": [done("phase2"), failed("phase2", "r2")]})
        assert outcome(run) == ("PARTIAL", [("canary", "COMPLETED"), ("edge", "FAILED"), ("rest", "SKIPPED")])
        last = run.events[-1]
        assert (last["phase"], last["mode"], last["instances"], last["wave"]) == ("phase2", "rollback", ["r2"], "edge.rollback")
        assert reasons(run)["edge"].endswith("rollback: its routers have their previous configuration")
        assert reasons(run)["rest"] == "wave edge failed"

    def test_what_happens_is_told(self, machines: Machines, tmp_path: Path) -> None:
        take = machines.received_events()
        outcome(Run(machines, tmp_path, {"phase1": [failed("phase1", "r2")]}, start_at="edge"))
        told = take()
        assert [(e["detail-type"].removeprefix("SD-WAN "), e["detail"].get("wave")) for e in told] == [
            ("execution started", None), ("wave started", "edge"), ("phase started", "edge"), ("phase failed", "edge"),
            ("rollback", "edge"), ("wave failed", "edge"), ("wave skipped", "rest"), ("execution failed", None)]
        assert told[2]["detail"]["phase"] == "phase1"
        assert told[-1]["detail"]["status"] == "FAILED" and "r2: it is broken" in told[5]["detail"]["reason"]

    def test_a_rollback_that_fails_is_told(self, machines: Machines, tmp_path: Path) -> None:
        run = Run(machines, tmp_path, {"phase2": [failed("phase2", "r2")], "rollback": [failed("phase2", "r2")]}, start_at="edge")
        assert outcome(run) == ("FAILED", [("edge", "FAILED"), ("rest", "SKIPPED")])
        assert reasons(run)["edge"].endswith("rollback: failed on r2")

    def test_a_function_that_fails_fails_its_wave(self, machines: Machines, tmp_path: Path) -> None:
        broken = {"errorType": "AWS.AccessDeniedException", "errorMessage": "not allowed"}
        run = Run(machines, tmp_path, {"phase1": [broken]}, start_at="edge")
        assert outcome(run) == ("FAILED", [("edge", "FAILED"), ("rest", "SKIPPED")])
        assert reasons(run)["edge"].startswith("phase1: AWS.AccessDeniedException: ") and "not allowed" in reasons(run)["edge"]

    def test_some_routers_may_fail(self, machines: Machines, tmp_path: Path) -> None:
        run = Run(machines, tmp_path, {"phase1": [failed("phase1", "r3"), done("phase1")]}, start_at="rest")
        assert outcome(run) == ("COMPLETED", [("rest", "COMPLETED")])
        run = Run(machines, tmp_path / "more", {"phase1": [failed("phase1", "r3")]}, start_at="rest")
        assert outcome(run) == ("FAILED", [("rest", "FAILED")])

    def test_a_result_without_a_count_is_no_success(self, machines: Machines, tmp_path: Path) -> None:
        run = Run(machines, tmp_path, {"phase3": [{"phase": "phase3"}]}, start_at="rest")
        assert outcome(run) == ("FAILED", [("rest", "FAILED")])
        assert "no fail_count" in reasons(run)["rest"]

    @pytest.mark.parametrize("event, words", [
        ({"start_at": "phase2"}, 'start_at: "phase2" is none of canary, edge, rest'), ({"instances": ["r1"]}, "instances: the waves say "),
        ({"wave": "edge", "progress": {}}, "wave, progress: the state machine itself sets this"),
        ({"reached": []}, "reached: the state machine itself sets this")])
    def test_what_waves_can_not_do_is_refused(self, machines: Machines, tmp_path: Path, event: Any, words: str) -> None:
        run = Run(machines, tmp_path, {}, **event)
        assert run.ended()["error"] == "Input.Invalid" and run.ended()["cause"].startswith(words) and run.events == []

    @pytest.mark.parametrize("text", ["[]", '[{"start_at": "edge"}]', '"edge"', "7", "null"])
    def test_an_input_that_is_no_object_is_refused(self, machines: Machines, tmp_path: Path, text: str) -> None:
        run = Run(machines, tmp_path, {}, text=text)
        assert run.ended()["error"] == "Input.Invalid"
        assert run.ended()["cause"].startswith('the input must be a JSON object, such as {} or {"start_at": "canary"}, and not ')

    def test_null_counts_as_absent(self, machines: Machines, tmp_path: Path) -> None:
        run = Run(machines, tmp_path, {}, start_at=None, instances=None)
        assert outcome(run)[0] == "COMPLETED" and [e["instances"] for e in run.events][0] == ["r1"]

    def test_a_result_that_is_not_done_is_no_success(self, machines: Machines, tmp_path: Path) -> None:
        run = Run(machines, tmp_path, {"phase3": [{"phase": "phase3", "done": False, "fail_count": 0}]}, start_at="rest")
        assert outcome(run) == ("FAILED", [("rest", "FAILED")]) and "not done" in reasons(run)["rest"]


BACKUP = {"document": "Acme-Backup", "parameters": {"to": ["s3://<x>", "%} \"'"]}, "timeout": 40}
CHECK = {"document": "AWS-RunShellScript", "parameters": {"commands": ["id"]}}


class TestCommands:
    @pytest.fixture(scope="class", autouse=True)
    def applied(self, machines: Machines) -> None:
        machines.apply(orchestration="polling", waves=[
            wave("canary", "r1", preCommands=[BACKUP, CHECK], postCommands=[CHECK]),
            wave("rest", "r2", "r3", maxConcurrency=1, maxErrors="1", onFailure="rollback",
                 preCommands=[{**CHECK, "required": False}, CHECK], postCommands=[{**BACKUP, "required": False}])],
            **only("r1", "r2", "r3"))

    def test_they_stand_around_the_phases(self, machines: Machines, tmp_path: Path) -> None:
        run = Run(machines, tmp_path, {})
        assert outcome(run) == ("COMPLETED", [("canary", "COMPLETED"), ("rest", "COMPLETED")])
        assert all(w["reason"] == "" for w in run.output["waves"])
        canary = [e for e in run.events if e["instances"] == ["r1"]]
        assert [(e["wave"], e["phase"], e.get("mode")) for e in canary] == [
            ("canary.pre1", "phase1", "command"), ("canary.pre2", "phase1", "command"),
            *(("canary", phase, None) for phase in PHASES), ("canary.post1", "phase1", "command")]
        assert [e.get("command") for e in canary] == [
            {name: BACKUP[name] for name in ("document", "parameters")}, CHECK, None, None, None, CHECK]
        assert [e["timeout"] for e in canary][:2] == [40, 600]
        assert [e["instances"] for e in run.events if e["wave"] == "rest.post1"] == [["r2"], ["r3"]]

    def test_one_that_is_not_done_yet_is_asked_again(self, machines: Machines, tmp_path: Path) -> None:
        pending = {"phase": "phase1", "done": False, "wait_seconds": 15, "state": {"n": 1}}
        run = Run(machines, tmp_path, {"command": [pending, done("phase1")]}, start_at="rest")
        assert outcome(run) == ("COMPLETED", [("rest", "COMPLETED")])
        assert [(e["action"], e.get("state"), e["wave"]) for e in run.events[:2]] == [
            ("start", None, "rest.pre1"), ("check", {"n": 1}, "rest.pre1")]

    def test_a_required_one_that_fails_fails_its_wave(self, machines: Machines, tmp_path: Path) -> None:
        run = Run(machines, tmp_path, {"command": [done("phase1"), failed("phase1", "r1")]})
        assert outcome(run) == ("FAILED", [("canary", "FAILED"), ("rest", "SKIPPED")])
        assert reasons(run)["canary"] == ("command pre2 (AWS-RunShellScript): 1 of 1 routers failed: "
                                          "0 of 1 routers succeeded; r1: it is broken")
        assert {e.get("mode") for e in run.events} == {"command"}

    def test_one_after_the_phases_fails_its_wave_too(self, machines: Machines, tmp_path: Path) -> None:
        run = Run(machines, tmp_path, {"command": [done("phase1"), done("phase1"), failed("phase1", "r1")]})
        assert outcome(run) == ("FAILED", [("canary", "FAILED"), ("rest", "SKIPPED")])
        assert reasons(run)["canary"].startswith("command post1 ")

    def test_some_routers_may_fail_in_a_required_one(self, machines: Machines, tmp_path: Path) -> None:
        fine = done("phase1")
        run = Run(machines, tmp_path, {"command": [fine, fine, failed("phase1", "r2"), fine]}, start_at="rest")
        assert outcome(run) == ("COMPLETED", [("rest", "COMPLETED")])
        run = Run(machines, tmp_path / "more", {"command": [fine, fine, failed("phase1", "r2")]}, start_at="rest")
        assert outcome(run) == ("FAILED", [("rest", "FAILED")])
        assert run.events[-1]["mode"] == "rollback" and "; rollback: " in reasons(run)["rest"]

    def test_advice_is_left_in_the_reason(self, machines: Machines, tmp_path: Path) -> None:
        run = Run(machines, tmp_path, {"command": [failed("phase1", "r2"), done("phase1")]}, start_at="rest")
        assert outcome(run) == ("COMPLETED", [("rest", "COMPLETED")])
        [rest] = run.output["waves"]
        assert rest["reason"].startswith("command pre1 (AWS-RunShellScript): 1 of 2 routers failed") and "r2: " in rest["reason"]
        assert [e["phase"] for e in run.events if "mode" not in e] == [phase for phase in PHASES for _ in range(2)]

    def test_advice_and_failure_are_both_told(self, machines: Machines, tmp_path: Path) -> None:
        broken = {"errorType": "AWS.AccessDeniedException", "errorMessage": "not allowed"}
        run = Run(machines, tmp_path, {"command": [broken, done("phase1")], "phase2": [failed("phase2", "r2")]}, start_at="rest")
        assert outcome(run) == ("FAILED", [("rest", "FAILED")])
        reason = reasons(run)["rest"]
        assert reason.startswith("phase2: 2 of 2 routers failed (1 may): ")
        assert "; command pre1 (AWS-RunShellScript): AWS.AccessDeniedException: " in reason

    def test_what_happens_is_told(self, machines: Machines, tmp_path: Path) -> None:
        take = machines.received_events()
        run = Run(machines, tmp_path, {"command": [failed("phase1", "r2"), done("phase1")]}, start_at="rest")
        assert outcome(run)[0] == "COMPLETED"
        told = [e for e in take() if "command" in e["detail-type"] and e["detail"]["execution"] == run.arn]
        assert [(e["detail-type"], e["detail"]["command"], e["detail"]["required"]) for e in told] == [
            ("SD-WAN command failed", "pre1", False), ("SD-WAN command completed", "pre2", True),
            ("SD-WAN command completed", "post1", False)]
        assert told[0]["detail"]["wave"] == "rest" and told[0]["detail"]["document"] == "AWS-RunShellScript"
        assert told[0]["detail"]["failed"] == ["r2"]


class TestApproval:
    WAVES = [wave("canary", "r1"), wave("rest", "r2", "r3", "r4", pauseBefore=True)]

    @pytest.fixture(scope="class", autouse=True)
    def queue(self, machines: Machines) -> Iterator[Callable[[], str]]:
        machines.apply(orchestration="polling", waves=self.WAVES)
        sqs, events = (boto3.client(name, region_name="us-east-1") for name in ("sqs", "events"))
        subscription = Subscription(sqs, events, "approvals", {"source": ["sdwan"], "detail-type": ["SD-WAN approval wanted"]})
        yield lambda: next((event["detail"] for event in subscription.take()), None)

    def test_approved(self, machines: Machines, tmp_path: Path, queue: Any) -> None:
        run = Run(machines, tmp_path, {})
        wanted = run.until(queue)
        assert (wanted["execution"], wanted["wave"], wanted["routers"]) == (run.arn, "rest", 3)
        assert {e["wave"] for e in run.events} == {"canary"}
        machines.client.send_task_success(taskToken=wanted["task_token"], output="{}")
        assert outcome(run) == ("COMPLETED", [("canary", "COMPLETED"), ("rest", "COMPLETED")])

    def test_rejected(self, machines: Machines, tmp_path: Path, queue: Any) -> None:
        run = Run(machines, tmp_path, {})
        machines.client.send_task_failure(taskToken=run.until(queue)["task_token"], error="Rejected", cause="not today")
        assert outcome(run) == ("CANCELLED", [("canary", "COMPLETED"), ("rest", "CANCELLED")])
        assert reasons(run)["rest"] == "Rejected: not today"

    def test_expired(self, machines: Machines, tmp_path: Path) -> None:
        machines.apply(orchestration="polling", approval_timeout_seconds=1, waves=self.WAVES)
        run = Run(machines, tmp_path, {})
        assert outcome(run) == ("CANCELLED", [("canary", "COMPLETED"), ("rest", "CANCELLED")])
        assert reasons(run)["rest"] == "nobody approved it within 1 s"


def test_many_routers_go_in_executions_of_their_own(machines: Machines, tmp_path: Path) -> None:
    names = [f"m{n}" for n in range(45)]
    machines.apply(
        orchestration="polling", waves=[wave("all", *names, maxConcurrency=80)],
        topology={"routers": {name: {"region": "us-east-1", "role": "branch", "loopback": f"10.255.1.{n}/32", "asn": 65002}
                              for n, name in enumerate(names)}, "tunnels": []},
        existing_hosts={name: {"instance_id": f"i-{n:08x}", "outside_eip": f"198.51.100.{n}", "outside_private_ip": f"10.1.0.{n}"}
                        for n, name in enumerate(names)})
    run = Run(machines, tmp_path, {})
    assert outcome(run) == ("COMPLETED", [("all", "COMPLETED")])
    assert sorted(len(e["instances"]) for e in run.events) == [5] * 3 + [40] * 3
    assert {name for e in run.events if e["phase"] == "phase3" for name in e["instances"]} == set(names)
    assert {e["execution"] for e in run.events} == {run.arn}
    assert len(machines.client.list_map_runs(executionArn=run.arn)["mapRuns"]) == 3
