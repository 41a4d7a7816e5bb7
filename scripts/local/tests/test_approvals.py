"""Waves that wait for an approval in the local run: who answers, and what is said."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.execution.approvals import ASK, NO, REASON, YES, Answers, Approvals, usual


class FakeServices:
    """A subscription with events, and Step Functions' two answers."""

    def __init__(self, *details: dict[str, Any]) -> None:
        self.events = [{"detail": detail} for detail in details]
        self.answered: list[dict[str, str]] = []
        self.gone = False

    def take(self) -> list[dict[str, Any]]:
        taken, self.events = self.events, []
        return taken

    def send_task_success(self, **answer: str) -> None:
        if self.gone:
            raise ClientError({"Error": {"Code": "TaskTimedOut", "Message": "too late"}}, "SendTaskSuccess")
        self.answered.append(answer)

    send_task_failure = send_task_success


def wanted(wave: str = "rest", execution: str = "arn") -> dict[str, Any]:
    return {"execution": execution, "wave": wave, "routers": 2, "task_token": f"token-of-{wave}"}


def approvals(services: FakeServices, how: str, *said: str) -> Approvals:
    answers = iter(said)

    def ask(_: str) -> str:
        try:
            return next(answers)
        except StopIteration:
            raise EOFError from None

    environment = {"HOME": "/root", "AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_ACCESS_KEY_ID": "AKIAOURS"}
    return Approvals(services, services, environment, Answers(how, ask))


@pytest.mark.parametrize("how, said, answer", [
    (YES, (), {"output": "{}"}), (NO, (), {"error": "Rejected", "cause": REASON}),
    (ASK, ("what?", "Y "), {"output": "{}"}), (ASK, ("n", "not today"), {"error": "Rejected", "cause": "not today"}),
    (ASK, ("no", " "), {"error": "Rejected", "cause": "no reason was given"}),
])
def test_an_answer_is_given_once(how: str, said: tuple[str, ...], answer: dict[str, str]) -> None:
    services, lines = FakeServices(wanted()), []
    asking = approvals(services, how, *said)
    assert asking.answer("arn", lines.append) and not asking.answer("arn", lines.append)
    assert services.answered == [{"taskToken": "token-of-rest", **answer}]
    assert len(lines) == 2 and ("by this run itself" in lines[1]) == (how != ASK)


def test_both_commands_and_the_endpoint_are_shown() -> None:
    services, lines = FakeServices(wanted()), []
    approvals(services, YES).answer("arn", lines.append)
    assert "aws stepfunctions send-task-success --task-token token-of-rest --task-output '{}'" in lines[0]
    assert "aws stepfunctions send-task-failure --task-token token-of-rest --error Rejected" in lines[0]
    assert "export AWS_ENDPOINT_URL=http://127.0.0.1:1 AWS_ACCESS_KEY_ID=AKIAOURS\n" in lines[0]


def test_nobody_there_leaves_it_waiting() -> None:
    services, lines = FakeServices(wanted()), []
    assert approvals(services, ASK).answer("arn", lines.append)
    assert services.answered == [] and "goes on waiting" in lines[1]


def test_an_answer_that_comes_too_late_is_said() -> None:
    services, lines = FakeServices(wanted()), []
    services.gone = True
    approvals(services, YES).answer("arn", lines.append)
    assert "does not wait any more" in lines[1]


def test_other_executions_are_left_alone() -> None:
    services = FakeServices(wanted("theirs", "other"), wanted("mine"))
    asking = approvals(services, YES)
    assert asking.answer("arn", lambda _: None)
    assert [a["taskToken"] for a in services.answered] == ["token-of-mine"]
    assert asking.answer("other", lambda _: None) and len(services.answered) == 2


@pytest.mark.parametrize("terminal", [True, False])
def test_a_person_is_asked_only_where_there_is_one(monkeypatch: pytest.MonkeyPatch, terminal: bool) -> None:
    monkeypatch.setattr("sys.stdin", type("Stream", (), {"isatty": lambda _: terminal})())
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    assert usual() == (ASK if terminal else YES)
