"""What a step's function is asked, and what its answers mean."""

from typing import Any

import pytest

from .conftest import wave
from .deployment import Deployment

PASSING = ["Lambda.ServiceException", "Lambda.AWSLambdaException", "Lambda.SdkClientException", "Lambda.TooManyRequestsException",
           "Lambda.ClientExecutionTimeoutException"]
DEAD = ["Lambda.Unknown", "Runtime.ExitError", "Sandbox.Timedout"]
DONE = {"done": True, "success_count": 1, "fail_count": 0}


def test_it_is_started_once_and_then_asked_with_its_state(network: Deployment) -> None:
    run = network.run({"instances": ["r1"], "steps": ["phase2"]}, polls={"phase2": 3})
    start, *checks = run.asked[1:]
    assert start["action"] == "start" and "state" not in start and [each["action"] for each in checks] == ["check"] * 3
    assert [each["state"]["running"] for each in checks] == [[[0, 3]], [[0, 2]], [[0, 1]]]
    common = {"instances": ["r1"], "wave": "all", "step": "phase2", "timeout": 1800, "retry_count": 0, "maxConcurrency": 200}
    assert all(common.items() <= each.items() for each in run.asked[1:])
    assert {each["execution"] for each in run.asked} == {"arn:aws:states:us-east-1:000000000000:execution:rollout:1"}


@pytest.mark.parametrize("state", [{}, [], 0, "", False, [[1, 2], []]])
def test_the_state_comes_back_as_it_was(network: Deployment, state: Any) -> None:
    machine = network.run({"instances": ["r1"], "steps": ["phase1"]}, answers_in_turn={"phase1": [
        {"done": False, "wait_seconds": 1, "state": state}, DONE]})
    seen = [each.get("state", "none") for each in machine.asked[1:]]
    assert seen == ["none", state] and machine.status == "COMPLETED"


@pytest.mark.parametrize("given, waited", [(15, 15), (0, 1), (-3, 1), (1.2, 2), (999999999, 86400)])
def test_it_is_asked_again_after_what_it_says(network: Deployment, given: float, waited: int) -> None:
    run = network.run({"instances": ["r1"], "steps": ["phase1"]}, answers_in_turn={"phase1": [
        {"done": False, "wait_seconds": given, "state": 1}, DONE]})
    assert ("Pause", waited) in run.outcome.waited


def test_concurrency_is_the_waves(network: Deployment) -> None:
    run = network.run({"waves": [wave("a", maxConcurrency=3)], "steps": ["phase1"]})
    checks = [each for each in run.asked if each["action"] == "check"]
    assert [len(each["state"]["running"]) for each in checks] == [3, 3, 2] and {each["maxConcurrency"] for each in run.asked[1:]} == {3}


def test_who_is_reached_goes_to_those_that_ask(network: Deployment) -> None:
    waves = [wave("a", "r2", "r1"), wave("b", "r3"), wave("c")]
    run = network.run({"waves": waves})
    told = {(each["wave"], each["step"]): each.get("reached") for each in run.asked[1:]}
    assert told["a", "phase3"] == ["r2", "r1"] and told["b", "phase3"] == ["r2", "r1", "r3"] and len(told["c", "phase3"]) == 8
    assert {reached for (_, step), reached in told.items() if step != "phase3"} == {None}
    # What earlier executions have set up is there, though this one does not do it.
    assert network.run({"waves": waves, "start_at": "b", "instances": ["r3"]}).asked[-1]["reached"] == ["r2", "r1", "r3"]


def test_pauses_are_for_the_step_that_follows(network: Deployment) -> None:
    def pauses(given: Any) -> list[float]:
        return [seconds for state, seconds in network.run(given).outcome.waited if state == "StepPause"]
    assert pauses({}) == [60, 90, 0] and pauses({"steps": ["phase1", "phase3"]}) == [60, 0] and pauses({"steps": ["phase2"]}) == [0]


def test_what_passes_is_tried_again(network: Deployment) -> None:
    run = network.run({}, lambda_errors={"phase2": PASSING + DEAD, "phase1": ["Lambda.TooManyRequestsException"]})
    assert run.status == "COMPLETED"
    assert [each["retry_count"] for each in run.asked if each.get("step") == "phase2" and each["action"] == "start"] == [8]


@pytest.mark.parametrize("errors, most", [(PASSING[:1], 8), (DEAD[:1], 3)])
def test_what_lasts_is_not_known(network: Deployment, errors: list[str], most: int) -> None:
    """Nothing says that an item failed, and the wave is no success."""
    run = network.run({"waves": [wave("a", "r1", "r2", maxErrors="100%"), wave("b")]}, lambda_errors={"phase2": errors * (most + 1)})
    assert (run.status, run.waves) == ("FAILED", {"a": "FAILED", "b": "SKIPPED"})
    found = run.summary["waves"][0]["steps"][1]
    assert (found["fail_count"], found["failed"], found["unknown_count"], found["error"]) == (0, [], 2, errors[0])
    assert run.reasons["a"] == f"phase2: {errors[0]}: on purpose" and run.summary["start_at"] == "a.phase2"
    assert network.run({}, lambda_errors={"phase2": errors * most}).status == "COMPLETED"


def test_a_functions_own_error_is_not_tried_again(network: Deployment) -> None:
    run = network.run({"waves": [wave("a", "r1", onFailure="continue"), wave("b")]},
                      **{"raise": {"phase1": ["AWS.AccessDenied", "names \"it\""]}})
    assert run.reasons["a"] == 'phase1: AWS.AccessDenied: names "it"' and run.waves["b"] == "FAILED"
    assert [each["action"] for each in run.asked] == ["admit", "start", "start"]


@pytest.mark.parametrize("answer", [
    {}, {"done": True}, {"done": True, "success_count": 2, "fail_count": 0}, {"done": True, "success_count": 0, "fail_count": 0},
    {"done": True, "success_count": "1", "fail_count": 0}, {"success_count": 1, "fail_count": 0}, {**DONE, "done": "yes"},
    {"done": False, "wait_seconds": 1}, {"done": False, "state": 1}, {"done": False, "wait_seconds": "1", "state": 1},
    {"done": False, "wait_seconds": 1, "state": None}, {"done": None}, "words", [], None, 7])
def test_what_is_no_answer_is_no_success(network: Deployment, answer: Any) -> None:
    run = network.run({"instances": ["r1"], "steps": ["phase1"]}, answer={"phase1": answer})
    assert run.status == "FAILED" and run.reasons["all"].startswith("phase1: what the function answers is neither done")
    assert len(run.asked) == 2


def test_those_that_failed_without_a_name_can_not_be_left_out(network: Deployment) -> None:
    answer = {"done": True, "success_count": 6, "fail_count": 2, "failed": ["r1"], "summary": "two"}
    run = network.run({"waves": [wave("a", maxErrors=2)]}, answer={"phase1": answer})
    assert run.status == "FAILED" and run.reasons["a"] == "phase1: 2 of 8 failed (2 may), 1 without a name: two"


def test_what_a_function_adds_goes_no_further(network: Deployment) -> None:
    answer = {**DONE, "summary": "fine", "results_uri": "s3://b/k", "refs": ["a", "b"], "results": {"r1": "x" * 1000}, "mine": 1}
    run = network.run({"instances": ["r1"], "steps": ["phase1"]}, answer={"phase1": answer})
    kept = {"summary": "fine", "results_uri": "s3://b/k", "refs": ["a", "b"]}
    assert run.summary["waves"][0]["steps"] == [{"step": "phase1", "success_count": 1, "fail_count": 0, "failed": [], **kept}]


def test_a_function_that_never_ends_is_ended_before_its_history_is(network: Deployment) -> None:
    """At 25,000 events Step Functions would end it, and nobody would hear how the waves stand."""
    run = network.run({"waves": [wave("a", "r1"), wave("b", "r2", onFailure="continue"), wave("c", onFailure="continue")]},
                      answers_of={"b": {"done": False, "wait_seconds": 1, "state": 1}})
    assert (run.status, run.waves) == ("PARTIAL", {"a": "COMPLETED", "b": "FAILED", "c": "SKIPPED"})
    assert "history is nearly full" in run.reasons["b"] and run.reasons["c"] == "the execution's history is nearly full"
    assert run.summary["start_at"] == "b.phase1" and 20_000 < run.outcome.events < 25_000
