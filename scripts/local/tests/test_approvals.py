"""Waves that wait for an approval in the local run: who answers, and what is said."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.execution.approvals import ASK, NO, REASON, YES, Answers, Approvals, pending, usual
from local.run import may_wait

Event = dict[str, Any]


class FakeStates:
    """Step Functions: executions' histories, and its two answers."""

    def __init__(self, **histories: list[Event]) -> None:
        self.histories = histories
        self.answered: list[dict[str, str]] = []
        self.gone = False

    def get_paginator(self, operation: str) -> "FakeStates":
        assert operation == "get_execution_history"
        return self

    def paginate(self, executionArn: str, includeExecutionData: bool) -> Iterator[dict[str, list[Event]]]:
        assert includeExecutionData, "without the data there is no token"
        return ({"events": [event]} for event in self.histories[executionArn])

    def send_task_success(self, **answer: str) -> None:
        if self.gone:
            raise ClientError({"Error": {"Code": "TaskTimedOut", "Message": "too late"}}, "SendTaskSuccess")
        self.answered.append(answer)

    send_task_failure = send_task_success


def scheduled(wave: str, resource: str = "putEvents.waitForTaskToken") -> Event:
    detail = {"execution": "arn", "wave": wave, "instances": 2, "task_token": f"token-of-{wave}"}
    parameters = json.dumps({"Entries": [{"Source": "sdwan", "DetailType": "SD-WAN approval wanted", "Detail": detail}]})
    return {"type": "TaskScheduled", "taskScheduledEventDetails": {"resource": resource, "parameters": parameters}}


def event(kind: str) -> Event:
    return {"type": kind}


def waiting(wave: str = "rest") -> list[Event]:
    return [event("ExecutionStarted"), event("TaskStateEntered"), scheduled(wave), event("TaskStarted"), event("TaskSubmitted")]


def approvals(states: FakeStates, how: str, *said: str) -> Approvals:
    answers = iter(said)

    def ask(_: str) -> str:
        try:
            return next(answers)
        except StopIteration:
            raise EOFError from None

    environment = {"HOME": "/root", "AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_ACCESS_KEY_ID": "AKIAOURS"}
    return Approvals(states, environment, Answers(how, ask))


@pytest.mark.parametrize("events", [
    [], waiting()[:2], waiting()[:4], [*waiting(), event("TaskSucceeded")], [*waiting(), event("TaskFailed")],
    [*waiting(), event("TaskTimedOut")], [*waiting(), event("TaskStateAborted")], [*waiting(), event("ExecutionAborted")],
    [scheduled("rest", "putEvents"), event("TaskSubmitted")], [*waiting(), event("TaskSucceeded"), event("TaskSubmitted")]])
def test_nothing_waits(events: list[Event]) -> None:
    assert pending(events) is None


def test_the_last_one_waits() -> None:
    for events in (waiting(), [*waiting("canary"), event("TaskSucceeded"), event("TaskStateExited"), *waiting()[1:]],
                   [*waiting("canary"), event("TaskFailed"), *waiting()[2:]]):
        assert pending(events)["task_token"] == "token-of-rest"


@pytest.mark.parametrize("how, said, answer", [
    (YES, (), {"output": "{}"}), (NO, (), {"error": "Rejected", "cause": REASON}),
    (ASK, ("what?", "Y "), {"output": "{}"}), (ASK, ("n", "not today"), {"error": "Rejected", "cause": "not today"}),
    (ASK, ("no", " "), {"error": "Rejected", "cause": "no reason was given"}),
])
def test_an_answer_is_given_once(how: str, said: tuple[str, ...], answer: dict[str, str]) -> None:
    states, lines = FakeStates(arn=waiting()), []
    asking = approvals(states, how, *said)
    assert asking.answer("arn", lines.append) and not asking.answer("arn", lines.append)
    assert states.answered == [{"taskToken": "token-of-rest", **answer}]
    assert len(lines) == 2 and ("by this run itself" in lines[1]) == (how != ASK)


def test_each_wave_is_answered() -> None:
    states = FakeStates(arn=waiting("canary"))
    asking = approvals(states, YES)
    assert asking.answer("arn", lambda _: None)
    states.histories["arn"] += [event("TaskSucceeded"), *waiting()[1:]]
    assert asking.answer("arn", lambda _: None)
    assert [answer["taskToken"] for answer in states.answered] == ["token-of-canary", "token-of-rest"]


def test_both_commands_and_the_endpoint_are_shown() -> None:
    states, lines = FakeStates(arn=waiting()), []
    approvals(states, YES).answer("arn", lines.append)
    assert "aws stepfunctions send-task-success --task-token token-of-rest --task-output '{}'" in lines[0]
    assert "aws stepfunctions send-task-failure --task-token token-of-rest --error Rejected" in lines[0]
    assert "export AWS_ENDPOINT_URL=http://127.0.0.1:1 AWS_ACCESS_KEY_ID=AKIAOURS\n" in lines[0]


def test_nobody_there_leaves_it_waiting() -> None:
    states, lines = FakeStates(arn=waiting()), []
    assert approvals(states, ASK).answer("arn", lines.append)
    assert states.answered == [] and "goes on waiting" in lines[1]


def test_an_answer_that_comes_too_late_is_said() -> None:
    states, lines = FakeStates(arn=waiting()), []
    states.gone = True
    approvals(states, YES).answer("arn", lines.append)
    assert "does not wait any more" in lines[1]


def test_other_executions_are_left_alone() -> None:
    states = FakeStates(mine=waiting("mine"), other=waiting("theirs"))
    assert approvals(states, YES).answer("mine", lambda _: None)
    assert [a["taskToken"] for a in states.answered] == ["token-of-mine"]


@pytest.mark.parametrize("terminal", [True, False])
def test_a_person_is_asked_only_where_there_is_one(monkeypatch: pytest.MonkeyPatch, terminal: bool) -> None:
    monkeypatch.setattr("sys.stdin", type("Stream", (), {"isatty": lambda _: terminal})())
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    assert usual() == (ASK if terminal else YES)


GATED, OPEN = [{"name": "a", "pauseBefore": True}], [{"name": "a"}]


@pytest.mark.parametrize("waves, given, waits", [
    (None, {}, False), (OPEN, {"waves": OPEN}, False), (GATED, {}, True), (None, {"waves": GATED}, True), (None, [1], False),
    (None, {"waves": "a"}, False), (None, {"waves": [1]}, False), (None, None, False)])
def test_waves_that_an_execution_brings_may_wait_too(waves: Any, given: Any, waits: bool) -> None:
    assert may_wait(waves, given) == waits
