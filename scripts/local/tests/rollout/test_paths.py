"""Every path of the engine in the emulator, strict as AWS: the machine, its role and its rules as Terraform makes them."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest

from local.emulators.ledger import Books

from .. import permissions, programs
from ..paths.test_permissions import left_over, without
from .conftest import wave
from .live import MACHINE, REGION, TABLE, Live

ENGINE = "rollout"
STEPS = ["phase1", "phase2", "phase3"]
TWO = [wave("canary", "r1", "r2"), wave("rest", dependsOn=["canary"])]
GATED = [wave("canary", "r1"), wave("rest", pauseBefore=True)]
APPROVED_WITHIN = 5
Tell = Callable[[str, str, str, str], None]


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with programs.started() as daemons:
        deployment = Live(tmp_path_factory.mktemp("live"), daemons)
        deployment.apply(approval_timeout_seconds=APPROVED_WITHIN)
        yield deployment


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Tell:
    """A row of the table of paths, which the tests of the paths print."""
    return lambda *row: record_property("path", row)


def test_success(live: Live, tell: Tell) -> None:
    told = live.subscribe()
    run = live.start({"waves": TWO})
    assert (run.status, run.waves) == ("COMPLETED", {"canary": "COMPLETED", "rest": "COMPLETED"})
    rest = [f"r{n}" for n in range(3, 9)]
    assert run.started() == [("canary", step, "r1", "r2") for step in STEPS] + [("rest", step, *rest) for step in STEPS]
    kinds = [(event["detail-type"], event["detail"].get("step")) for event in told.take() if event["detail"]["execution"] == run.arn]
    assert kinds[0] == ("SD-WAN execution started", None) and kinds[-1] == ("SD-WAN execution completed", None) and len(kinds) == 18
    tell("success", ENGINE, "SUCCEEDED, COMPLETED", "two waves given at the start, three steps; 18 events")


def test_the_default(live: Live, tell: Tell) -> None:
    assert live.start({}).waves == {"all": "COMPLETED"} and live.start({}, waves=TWO).waves == {"canary": "COMPLETED", "rest": "COMPLETED"}
    tell("input {}", ENGINE, "SUCCEEDED, COMPLETED", "the deployment's waves, or one of everything")


@pytest.mark.parametrize("start, first", [("rest", ("rest", "phase1")), ("canary.phase2", ("canary", "phase2"))])
def test_start_at(live: Live, tell: Tell, start: str, first: tuple[str, str]) -> None:
    run = live.start({"start_at": start, "waves": TWO})
    every = [(name, step) for name in ("canary", "rest") for step in STEPS]
    assert run.status == "COMPLETED" and [(name, step) for name, step, *_ in run.started()] == every[every.index(first):]
    tell(f"start_at {start}", ENGINE, "SUCCEEDED", "nothing before it is asked for")


@pytest.mark.parametrize("given, words", [
    ([], "the input must be a JSON object"), (7, "the input must be"), (None, "the input must be"),
    ([{"start_at": "all"}], "the input must be"),
    ({"wave": "a"}, "wave: the state machine itself sets this"), ({"start_at": 3}, "start_at: 3 is no name"),
    ({"start_at": "phase4"}, 'start_at: "phase4" is no wave'), ({"steps": ["phase4"]}, "steps: phase4 are not all"),
    ({"instances": ["nobody"]}, "instances: there is no nobody"), ({"instances": []}, "steps, instances: nothing is left"),
    ({"waves": [wave("a", "r1", colour=1)]}, "wave a: there is no field colour"),
    ({"waves": [wave("a", "r1", dependsOn=["b"]), wave("b", "r2")]}, "wave a: dependsOn b"),
    ({"waves": [wave("a", "r1"), wave("b", "r1")]}, "r1 is in two waves"), ({"waves": []}, "waves: must be a list")])
def test_an_input_that_can_not_be(live: Live, tell: Tell, given: Any, words: str) -> None:
    told = live.subscribe()
    run = live.start(given)
    end = run.ended()
    assert (end["status"], end["error"]) == ("FAILED", "Input.Invalid") and end["cause"].startswith(words), end
    assert [each["action"] for each in run.asked] in ([], ["admit"], ["admit", "cancel"], ["cancel"]) and told.take() == []
    tell(f"input {json.dumps(given)}", ENGINE, "FAILED, Input.Invalid with words", "nothing was told and no step called")


def test_null_counts_as_absent(live: Live, tell: Tell) -> None:
    nothing: dict[str, Any] = dict.fromkeys(("waves", "start_at", "instances", "steps", "mode", "action", "mine"))
    run = live.start(nothing, waves=[{**TWO[0], "dependsOn": None, "maxErrors": None, "pauseBefore": None}, TWO[1]])
    assert run.status == "COMPLETED" and all(not each.keys() & {"mine", "mode"} for each in run.asked)
    tell("null fields", ENGINE, "SUCCEEDED", "each counts as absent, in the input and in a wave")


def test_instances(live: Live, tell: Tell) -> None:
    run = live.start({"instances": ["r5"], "waves": TWO})
    assert (run.waves, run.status) == ({"canary": "SKIPPED", "rest": "COMPLETED"}, "COMPLETED")
    assert run.started() == [("rest", step, "r5") for step in STEPS]
    tell("instances", ENGINE, "SUCCEEDED; the empty wave is SKIPPED and satisfies dependsOn", "one router of the second wave")


def test_steps(live: Live, tell: Tell) -> None:
    run = live.start({"steps": ["phase3", "phase1"], "instances": ["r1"]})
    assert run.started() == [("all", "phase1", "r1"), ("all", "phase3", "r1")]
    assert live.start({"steps": ["rollback"], "instances": ["r1"]}).started() == [("all", "rollback", "r1")]
    tell("steps", ENGINE, "SUCCEEDED", "two of three; and the undo by itself")


def test_plan(live: Live, tell: Tell) -> None:
    commands = [{"document": "D"}]
    waves = [wave("a", "r1", "r2", pauseBefore=True, onFailure="rollback", preCommands=commands, postCommands=commands), wave("b")]
    run = live.start({"mode": "plan", "instances": ["r2"], "waves": waves}, fail={"phase2": ["r2"]})
    assert run.status == "FAILED" and run.started() == [("a", "phase1", "r2"), ("a", "phase2", "r2")]
    assert {each["mode"] for each in run.asked if each["action"] in ("start", "check")} == {"plan"}
    tell("mode plan", ENGINE, "FAILED; nothing but plans was sent", "with commands, an approval, and a rollback that a failure wants")


def test_stop(live: Live, tell: Tell) -> None:
    run = live.start({"waves": TWO}, fail={"phase2": ["r2"]})
    assert (run.status, run.waves, run.summary["start_at"]) == ("FAILED", {"canary": "FAILED", "rest": "SKIPPED"}, "canary.phase2")
    assert run.reasons["canary"] == "phase2: 1 of 2 failed: 1 of 2 succeeded"
    again = live.start({"waves": TWO, "start_at": run.summary["start_at"]})
    assert again.status == "COMPLETED" and again.started()[0] == ("canary", "phase2", "r1", "r2")
    tell("onFailure stop, then resumed", ENGINE, "FAILED, Rollout.FAILED; then SUCCEEDED", "with the first one's start_at")


def test_continue(live: Live, tell: Tell) -> None:
    waves = [wave("a", "r1", onFailure="continue"), wave("b", "r2", dependsOn=["a"]), wave("c")]
    run = live.start({"waves": waves}, fail={"phase3": ["r1"]})
    assert (run.status, run.waves) == ("PARTIAL", {"a": "FAILED", "b": "SKIPPED", "c": "COMPLETED"})
    tell("onFailure continue", ENGINE, "FAILED, Rollout.PARTIAL", "the wave that needs the failed one is skipped")


def test_rollback(live: Live, tell: Tell) -> None:
    run = live.start({"waves": [wave("a", "r1", "r2", onFailure="rollback"), wave("b")]}, fail={"phase2": ["r2"]})
    assert run.started()[-1] == ("a", "rollback", "r1", "r2") and run.reasons["a"].endswith("; rollback: done")
    assert [each["mode"] for each in run.asked if each.get("step") == "rollback"] == ["rollback"] * 2
    tell("onFailure rollback", ENGINE, "FAILED; the undo was done for the whole wave", "one router fails phase 2")


def test_some_may_fail(live: Live, tell: Tell) -> None:
    run = live.start({"waves": [wave("a", maxErrors="25%")]}, fail={"phase1": ["r1"], "phase2": ["r2"]})
    assert run.status == "COMPLETED" and run.started()[-1] == ("a", "phase3", *[f"r{n}" for n in range(3, 9)])
    assert [step["failed"] for step in run.summary["waves"][0]["steps"]] == [["r1"], ["r2"], []]
    assert live.start({"waves": [wave("a", maxErrors=1)]}, fail={"phase1": ["r1", "r2"]}).status == "FAILED"
    tell("maxErrors", ENGINE, "SUCCEEDED; those that failed are left out and in the output", "two of eight, 25%; and one too many")


def test_concurrency(live: Live, tell: Tell) -> None:
    run = live.start({"waves": [wave("a", maxConcurrency=3)], "steps": ["phase1"]})
    assert run.status == "COMPLETED" and max(len(each["state"]["running"]) for each in run.asked if each["action"] == "check") == 3
    tell("maxConcurrency", ENGINE, "SUCCEEDED", "eight routers, three at once")


def test_commands(live: Live, tell: Tell) -> None:
    waves = [wave("a", "r1", preCommands=[{"document": "D", "required": False}], postCommands=[{"document": "E"}]), wave("b")]
    run = live.start({"waves": waves}, fail={"pre1": ["r1"], "post1": ["r1"]})
    assert [step for _, step, *_ in run.started()] == ["pre1", *STEPS, "post1"]
    assert run.reasons["a"] == "post1: 1 of 1 failed: 0 of 1 succeeded; pre1: 1 of 1 failed: 0 of 1 succeeded"
    tell("commands", ENGINE, "FAILED by the required one; the other one is a sentence", "both fail")


def test_what_passes_is_tried_again(live: Live, tell: Tell) -> None:
    errors = ["Lambda.ServiceException", "Lambda.TooManyRequestsException", "Lambda.Unknown"]
    run = live.start({"instances": ["r1"]}, refuse={"phase2": errors})
    assert run.status == "COMPLETED" and run.errors == errors
    tell("retry", ENGINE, "SUCCEEDED", "Lambda answers phase 2 with three errors, then invokes it")


def test_what_lasts_is_not_known(live: Live, tell: Tell) -> None:
    run = live.start({"waves": [wave("a", "r1", onFailure="continue"), wave("b", "r2")]}, refuse={"phase2": ["Lambda.Unknown"] * 4})
    assert (run.status, run.waves) == ("PARTIAL", {"a": "FAILED", "b": "COMPLETED"})
    found = run.summary["waves"][0]["steps"][1]
    assert (found["unknown_count"], found["fail_count"], found["error"]) == (1, 0, "Lambda.Unknown")
    tell("catch", ENGINE, "FAILED, Rollout.PARTIAL; the items are unknown, not failed", "phase 2's function dies four times")


def test_a_functions_own_error(live: Live, tell: Tell) -> None:
    run = live.start({"instances": ["r1"]}, **{"raise": {"phase1": ["AWS.AccessDenied", 'not "allowed"']}})
    assert run.reasons == {"all": 'phase1: AWS.AccessDenied: not "allowed"'} and run.errors == ["AWS.AccessDenied"]
    tell("the function's own error", ENGINE, "FAILED, not retried, with its words", "phase 1 ends with an error")


def test_no_answer_is_no_success(live: Live, tell: Tell) -> None:
    for answer in ({"done": True}, {"done": True, "success_count": 7, "fail_count": 0}, "words", {"done": False, "wait_seconds": 1}):
        run = live.start({}, answer={"phase2": answer})
        assert run.status == "FAILED" and "what the function answers is neither done" in run.reasons["all"]
    tell("an answer that forgets an item", ENGINE, "FAILED with words", "four answers that are none")


def test_approved(live: Live, tell: Tell) -> None:
    run = live.start({"waves": GATED})
    live.client.send_task_success(taskToken=run.token(), output="{}")
    assert run.status == "COMPLETED"
    tell("pause, approved", ENGINE, "SUCCEEDED", "send-task-success with the token of the history")


def test_rejected(live: Live, tell: Tell) -> None:
    run = live.start({"waves": GATED})
    live.client.send_task_failure(taskToken=run.token(), error="Rejected", cause="not today")
    assert (run.status, run.reasons["rest"], run.summary["start_at"]) == ("CANCELLED", "Rejected: not today", "rest")
    assert {name for name, *_ in run.started()} == {"canary"}
    tell("pause, rejected", ENGINE, "FAILED, Rollout.CANCELLED with the reason", "send-task-failure")


def test_expired(live: Live, tell: Tell) -> None:
    run = live.start({"waves": GATED})
    assert (run.status, run.reasons["rest"]) == ("CANCELLED", f"nobody approved it within {APPROVED_WITHIN} s")
    tell("pause, expired", ENGINE, "FAILED, Rollout.CANCELLED", "nobody answers")


def test_what_is_stopped_is_cancelled(live: Live, tell: Tell) -> None:
    run = live.start({}, answer={"phase2": {"done": False, "wait_seconds": 10, "state": 1}})
    run.until(lambda: True if any(each.get("step") == "phase2" for each in run.asked) else None)
    live.client.stop_execution(executionArn=run.arn)
    assert run.ended()["status"] == "ABORTED"
    run.until(lambda: len(live.cancelled(run)) == 3 or None)
    tell("stop", ENGINE, "ABORTED; each of the three functions is told", "stop-execution while phase 2 works")


def test_what_fails_is_cancelled(live: Live, tell: Tell) -> None:
    run = live.start({"waves": TWO}, fail={"phase1": ["r1"]})
    assert run.status == "FAILED"
    run.until(lambda: len(live.cancelled(run)) == 3 or None)
    tell("cancel after a failure", ENGINE, "each of the three functions is told", "what may still run is ended")


def test_a_cancellation_that_is_not_taken_is_kept(live: Live, tell: Tell) -> None:
    functions = boto3.client("lambda", region_name=REGION)
    functions.remove_permission(FunctionName="sdwan-phase3", StatementId="sdwan-execution-ended")
    run = live.start({"waves": TWO}, fail={"phase1": ["r1"]})
    assert run.status == "FAILED" and run.until(lambda: left_over(run.arn))["detail"]["executionArn"] == run.arn
    tell("a cancellation that fails", ENGINE, "it lies in the queue, with the execution", "phase 3's function does not let the rule in")
    live.apply(approval_timeout_seconds=APPROVED_WITHIN)


def test_history(live: Live, tell: Tell) -> None:
    run = live.start({"waves": TWO}, fail={"phase2": ["r1"]})
    summary, notes = run.summary, live.notes(run)
    assert {name: note["status"] for name, note in notes.items()} == {"-": "FAILED", "canary": "FAILED", "rest": "SKIPPED"}
    assert json.loads(notes["-"]["summary"]) == summary and json.loads(notes["canary"]["steps"])[0]["refs"] == ["ref-phase1"]
    # A write that comes late: the machine's own, again, in the name of the beginning.
    late = next(json.loads(event["taskScheduledEventDetails"]["parameters"]) for event in run.history
                if "taskScheduledEventDetails" in event and TABLE in event["taskScheduledEventDetails"].get("parameters", ""))
    with pytest.raises(live.table.exceptions.ConditionalCheckFailedException):
        live.table.put_item(**late)
    assert live.notes(run) == notes
    tell("history_table", ENGINE, "execution and waves are in the table; a late write changes nothing", "a rollout that fails")


@pytest.mark.parametrize("action", ["events:PutEvents", "dynamodb:PutItem"])
def test_what_can_not_be_told_holds_nothing_up(live: Live, tell: Tell, action: str) -> None:
    with without(MACHINE, action):
        assert live.start({"waves": TWO}).status == "COMPLETED"
    assert any(f"may not {action}" in text for text in Books(live.folder).complaints)
    tell(f"without {action}", ENGINE, "SUCCEEDED", "the machine's role may not do it")


def test_many_items(live: Live, tell: Tell) -> None:
    many = [f"{number:012}" for number in range(1000)]
    waves = [wave("a", *many[:10]), wave("b", maxErrors="10%", maxConcurrency=400)]
    run = live.start({"waves": waves}, known=many, fail={"phase1": many[10:90]})
    assert run.status == "COMPLETED" and len(run.started()[-1]) == 2 + 910
    tell("1,000 items", ENGINE, "SUCCEEDED", "in two waves, 80 fail the first step and are left out")


def test_all_that_is_allowed_is_used(live: Live) -> None:
    """After all of them: the role has nothing that no path needs, but what AWS does itself."""
    used = {use.action for use in Books(live.folder).uses if use.role == MACHINE}
    assert used == {"lambda:InvokeFunction", "events:PutEvents", "dynamodb:PutItem"}
    granted = {grant.action for grant in Books(live.folder).granted if grant.role == MACHINE}
    known = permissions.OF_AWS["sdwan-state-machine"].keys()
    assert granted - used <= known

