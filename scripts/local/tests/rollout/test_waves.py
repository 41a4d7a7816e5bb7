"""How waves follow one another, and what a failure does."""

from typing import Any

import pytest

from .conftest import wave
from .deployment import Deployment, Json
from .interpreter import Failed

STEPS = ["phase1", "phase2", "phase3"]


def test_a_failure_stops_what_comes_later(network: Deployment) -> None:
    run = network.run({"waves": [wave("a", "r1", "r2"), wave("b")]}, fail={"phase2": ["r2"]})
    assert (run.status, run.waves) == ("FAILED", {"a": "FAILED", "b": "SKIPPED"})
    assert run.reasons == {"a": "phase2: 1 of 2 failed: 1 of 2 succeeded", "b": "wave a failed"}
    assert [step for _, step, *_ in run.started()] == STEPS[:2]
    assert run.outcome.error == "Rollout.FAILED" and run.summary["start_at"] == "a.phase2"
    assert run.summary["waves"][0]["steps"][1] == {
        "step": "phase2", "success_count": 1, "fail_count": 1, "failed": ["r2"], "summary": "1 of 2 succeeded", "refs": ["ref-phase2"]}


def test_what_completed_before_makes_it_partial(network: Deployment) -> None:
    run = network.run({"waves": [wave("a", "r1"), wave("b", "r2"), wave("c")]}, fail={"phase1": ["r2"]})
    assert (run.status, run.summary["start_at"]) == ("PARTIAL", "b.phase1")
    assert run.waves == {"a": "COMPLETED", "b": "FAILED", "c": "SKIPPED"}


def test_continue_goes_on_without_those_that_need_it(network: Deployment) -> None:
    waves = [wave("a", "r1", onFailure="continue"), wave("b", "r2", dependsOn=["a"]), wave("c", "r3", dependsOn=["b"]), wave("d")]
    run = network.run({"waves": waves}, fail={"phase3": ["r1"]})
    assert (run.status, run.waves) == ("PARTIAL", {"a": "FAILED", "b": "SKIPPED", "c": "SKIPPED", "d": "COMPLETED"})
    assert run.reasons["b"] == "it depends on what did not complete: a" and run.reasons["c"].endswith(": b")
    assert run.summary["start_at"] == "a.phase3"


def test_a_rollback_takes_the_whole_wave_back_and_stops(network: Deployment) -> None:
    """Those too that failed earlier and were left out: they may be changed by half."""
    waves = [wave("a", "r1", "r2", "r3", maxErrors=1, onFailure="rollback"), wave("b")]
    run = network.run({"waves": waves}, fail={"phase1": ["r1"], "phase2": ["r2"]})
    assert run.started() == [("a", "phase1", "r1", "r2", "r3"), ("a", "phase2", "r2", "r3"), ("a", "rollback", "r1", "r2", "r3")]
    assert (run.status, run.waves, run.summary["start_at"]) == ("FAILED", {"a": "FAILED", "b": "SKIPPED"}, "a")
    assert run.reasons["a"] == "phase2: 1 of 2 failed, 1 before (1 may): 1 of 2 succeeded; rollback: done"
    assert run.asked[-1]["mode"] == "rollback" and run.asked[-1]["timeout"] == 1800


def test_a_rollback_that_fails_is_said(network: Deployment) -> None:
    run = network.run({"waves": [wave("a", "r1", "r2", maxErrors="100%", onFailure="rollback")]},
                      fail={"phase1": ["r1", "r2"], "rollback": ["r2"]})
    assert run.reasons["a"].endswith("; rollback: 1 of 2 failed (2 may): 1 of 2 succeeded") and run.status == "FAILED"
    run = network.run({"waves": [wave("a", "r1", onFailure="rollback")]}, fail={"phase1": ["r1"]},
                      **{"raise": {"rollback": ["AWS.Unreachable", "nobody answers"]}})
    assert run.reasons["a"].endswith("; rollback: AWS.Unreachable: nobody answers") and len(run.summary["waves"][0]["steps"]) == 2


def test_where_nothing_can_be_undone_a_rollback_is_a_stop(servers: Deployment) -> None:
    run = servers.run({"waves": [{"name": "a", "servers": ["r1"], "onFailure": "rollback"}]}, fail={"launch": ["r1"]})
    assert run.reasons["a"].endswith("; not rolled back") and run.status == "FAILED"


@pytest.mark.parametrize("most, failing, is_fine", [
    (1, 1, True), (1, 2, False), ("1", 1, True), ("25%", 2, True), ("25%", 3, False), ("24%", 2, False), ("0%", 1, False), (0, 1, False),
    ("100%", 7, True), ("100%", 8, False), (99, 8, False)])
def test_some_may_fail_but_never_all(network: Deployment, most: Any, failing: int, is_fine: bool) -> None:
    failed = [f"r{n}" for n in range(1, failing + 1)]
    run = network.run({"waves": [wave("a", maxErrors=most)]}, fail={"phase2": failed})
    assert run.status == ("COMPLETED" if is_fine else "FAILED")
    left = [items for _, step, *items in run.started() if step == "phase3"]
    assert left == ([[f"r{n}" for n in range(failing + 1, 9)]] if is_fine else [])
    assert run.summary["waves"][0]["steps"][1]["failed"] == failed


def test_the_percentage_is_of_the_items_that_the_wave_keeps(network: Deployment) -> None:
    given = {"instances": ["r1", "r2"], "waves": [wave("a", maxErrors="25%")]}
    assert network.run(given, fail={"phase1": ["r1"]}).status == "FAILED"


def test_those_that_failed_count_for_the_whole_wave(network: Deployment) -> None:
    waves = [wave("a", maxErrors=2), wave("b", "r8")]
    run = network.run({"waves": waves}, fail={"phase1": ["r1"], "phase2": ["r2"]})
    assert run.status == "COMPLETED" and ("a", "phase3", *[f"r{n}" for n in range(3, 8)]) in run.started()
    run = network.run({"waves": waves}, fail={"phase1": ["r1"], "phase2": ["r2"], "phase3": ["r3"]})
    assert run.status == "FAILED" and run.reasons["a"] == "phase3: 1 of 5 failed, 2 before (2 may): 4 of 5 succeeded"
    # Where it goes on: at the first step that somebody needs again.
    assert run.summary["start_at"] == "a.phase1"


def test_a_command_that_is_advice_leaves_a_sentence(network: Deployment) -> None:
    waves = [wave("a", "r1", "r2", maxErrors=1, preCommands=[{"document": "D", "required": False}],
                  postCommands=[{"document": "E"}, {"document": "F", "required": False}])]
    run = network.run({"waves": waves}, fail={"pre1": ["r1"], "post2": ["r1", "r2"]})
    assert run.started() == [("a", step, "r1", "r2") for step in ("pre1", *STEPS, "post1", "post2")]
    assert run.status == "COMPLETED" and run.reasons["a"] == (
        "pre1: 1 of 2 failed (1 may): 1 of 2 succeeded; post2: 2 of 2 failed (1 may): 0 of 2 succeeded")
    assert [step.get("required") for step in run.summary["waves"][0]["steps"]] == [False, None, None, None, None, False]


def test_advice_that_ends_with_an_error_holds_nothing_up(clusters: Deployment) -> None:
    run = clusters.run({}, **{"raise": {"reasoning": ["Bedrock.Gone", "no words"]}})
    assert run.status == "COMPLETED" and run.reasons["all"] == "reasoning: Bedrock.Gone: no words"


def test_a_required_command_fails_the_wave(network: Deployment) -> None:
    run = network.run({"waves": [wave("a", "r1", preCommands=[{"document": "D"}], onFailure="rollback")]}, fail={"pre1": ["r1"]})
    assert run.started() == [("a", "pre1", "r1"), ("a", "rollback", "r1")] and run.status == "FAILED"


def test_a_sentence_stays_behind_a_failures(network: Deployment) -> None:
    waves = [wave("a", "r1", preCommands=[{"document": "D", "required": False}])]
    run = network.run({"waves": waves}, fail={"pre1": ["r1"], "phase2": ["r1"]})
    assert run.reasons["a"] == "phase2: 1 of 1 failed: 0 of 1 succeeded; pre1: 1 of 1 failed: 0 of 1 succeeded"
    assert run.summary["start_at"] == "a.phase2"


def test_commands_are_the_admissions_to_do(network: Deployment) -> None:
    run = network.run({"waves": [wave("a", "r1", preCommands=[{"document": "D", "timeout": 77}])]})
    [command] = [each for each in run.asked if each["action"] == "start" and each["step"] == "pre1"]
    assert (command["mode"], command["command"], command["timeout"]) == ("command", {"document": "D"}, 77)
    # Whatever the admission says of it.
    foreign = {"name": "pre1", "event": {}, "function": "arn:aws:lambda:us-east-1:111122223333:function:foreign"}
    machine = network.run({}, answer={"admit": {"waves": [{"name": "a", "items": ["r1"], "steps": [foreign]}]}})
    assert machine.functions == ["phase1"] * 3


class TestApproval:
    WAVES = [wave("a", "r1"), wave("b", "r2", "r3", pauseBefore=True), wave("c")]

    def test_approved(self, network: Deployment) -> None:
        wanted: list[Json] = []
        run = network.run({"waves": self.WAVES}, approve=lambda detail: wanted.append(detail) or {})
        assert run.status == "COMPLETED" and len(wanted) == 1
        assert (wanted[0]["wave"], wanted[0]["instances"], wanted[0]["task_token"][:6]) == ("b", 2, "token-")

    @pytest.mark.parametrize("failure, reason", [
        (Failed("Rejected", "not today"), "Rejected: not today"), (Failed("Rejected"), "Rejected: no cause was given"),
        (Failed("States.Timeout"), "nobody approved it within 86400 s")])
    def test_not_approved(self, network: Deployment, failure: Failed, reason: str) -> None:
        def refuse(_: Json) -> None:
            raise failure
        run = network.run({"waves": self.WAVES}, approve=refuse)
        assert (run.status, run.waves) == ("CANCELLED", {"a": "COMPLETED", "b": "CANCELLED", "c": "SKIPPED"})
        assert run.reasons == {"a": "", "b": reason, "c": "wave b was cancelled"} and run.summary["start_at"] == "b"

    def test_what_failed_to_ask_asks_again(self, network: Deployment) -> None:
        errors = ["EventBridge.EventBridgeException", "EventBridge.FailedEntry"]

        def approve(_: Json) -> Json:
            if errors:
                raise Failed(errors.pop())
            return {}
        assert network.run({"waves": self.WAVES}, approve=approve).status == "COMPLETED"

    def test_a_rejection_is_not_asked_again(self, network: Deployment) -> None:
        asked: list[Json] = []

        def refuse(detail: Json) -> None:
            asked.append(detail)
            raise Failed("Rejected")
        network.run({"waves": self.WAVES}, approve=refuse)
        assert len(asked) == 1

    def test_it_is_asked_for_again_where_start_at_begins(self, network: Deployment) -> None:
        wanted: list[Json] = []
        network.run({"waves": self.WAVES, "start_at": "b.phase2"}, approve=lambda detail: wanted.append(detail) or {})
        assert len(wanted) == 1

    def test_a_wave_that_is_left_empty_is_not_asked_for(self, network: Deployment) -> None:
        wanted: list[Json] = []
        network.run({"waves": self.WAVES, "instances": ["r1"]}, approve=lambda detail: wanted.append(detail) or {})
        assert wanted == []


class TestPlan:
    WAVES = [wave("a", "r1", pauseBefore=True, onFailure="rollback", preCommands=[{"document": "D"}], postCommands=[{"document": "E"}]),
             wave("b", dependsOn=["a"])]

    def test_nothing_but_plans_is_sent(self, network: Deployment) -> None:
        run = network.run({"mode": "plan", "waves": self.WAVES})
        assert [step for _, step, *_ in run.started()] == STEPS * 2 and run.status == "COMPLETED"
        assert {each["mode"] for each in run.asked[1:]} == {"plan"} and not any("command" in each for each in run.asked)
        assert not any("approval" in kind for kind, _ in run.told)
        assert {seconds for state, seconds in run.outcome.waited if state == "StepPause"} == {0}

    def test_a_failing_plan_undoes_nothing(self, network: Deployment) -> None:
        run = network.run({"mode": "plan", "instances": ["r1"], "waves": self.WAVES}, fail={"phase2": ["r1"]})
        assert [step for _, step, *_ in run.started()] == STEPS[:2] and {each["mode"] for each in run.asked[1:]} == {"plan"}

    @pytest.mark.parametrize("given", [{"steps": ["rollback"]}, {"steps": ["pre1"]}, {"start_at": "a.pre1"}])
    def test_what_is_none_of_its_own_steps_is_no_plan(self, network: Deployment, given: Any) -> None:
        run = network.run({"mode": "plan", "waves": self.WAVES, **given})
        assert run.status == "Input.Invalid" and [each["action"] for each in run.asked] == ["admit"]

    def test_no_steps_own_event_makes_it_something_else(self, network: Deployment, definitions: dict[str, str]) -> None:
        eager = Deployment(definitions["network"].replace('"name":"phase1"', '"event":{"mode":"apply"},"name":"phase1"'))
        assert eager.run({}).asked[1]["mode"] == "apply"
        assert {each["mode"] for each in eager.run({"mode": "plan"}).asked[1:]} == {"plan"}
