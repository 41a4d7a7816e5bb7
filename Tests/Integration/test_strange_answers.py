"""Answers that are not quite what was asked for: words may be anything, whose answer it is may not."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from fakes.run_command import Outcome
from fakes.server import Answer, Request
from harness import Lab
from network import ROUTERS

POLL = "GetCommandInvocation"


def rewrite(lab: Lab, operation: str, change: Callable[[Answer], None], times: float = 1e9) -> None:
    """The next answers to an operation, changed on their way."""
    truthful, left = lab.ssm.answer, [times]

    def answer(request: Request) -> Answer:
        answer = truthful(request)
        if (request.headers.get("X-Amz-Target") or "").endswith(f".{operation}") and left[0] > 0:
            left[0] -= 1
            change(answer)
        return answer

    lab.ssm.answer = answer


def with_fields(**fields: object) -> Callable[[Answer], None]:
    def change(answer: Answer) -> None:
        answer.body = json.dumps(json.loads(answer.body) | fields).encode()
    return change


@pytest.mark.parametrize("half", [b"\xe2\x82", b"\xf0\x9f", b"\\ud83d", b"\xff"], ids=["utf-8", "emoji", "surrogate", "byte"])
def test_half_a_character_at_the_end_of_an_output(lab: Lab, half: bytes) -> None:
    lab.outcome(Outcome(stdout="sdwan: configuration committed\nHALF", stderr="HALF"))
    rewrite(lab, POLL, lambda answer: setattr(answer, "body", answer.body.replace(b"HALF", half)))
    result = lab.start("phase1").invoke().response
    assert result["success_count"] == 4
    assert all(one["stdout"].startswith("sdwan: configuration committed\n\ufffd") for one in result["results"].values())


@pytest.mark.parametrize("fields", [
    {"StatusDetails": 5}, {"StatusDetails": None}, {"ResponseCode": "seven"}, {"ResponseCode": None}, {"StandardErrorContent": 7},
    {"ExecutionElapsedTime": []}, {"Comment": {}}, {"CloudWatchOutputConfig": "x"}], ids=str)
def test_an_unexpected_type_among_the_words(lab: Lab, fields: dict) -> None:
    rewrite(lab, POLL, with_fields(**fields))
    assert lab.start("phase1").invoke().response["success_count"] == 4


@pytest.mark.parametrize("fields", [
    {"CommandId": "0" * 36}, {"InstanceId": "i-0ffffffffffffffff"}, {"CommandId": None}, {"InstanceId": 5}, {"Status": 5},
    {"Comment": "phase1 nv-sdwan somebody-else"}], ids=str)
def test_an_answer_about_something_else_is_none(lab: Lab, fields: dict) -> None:
    """It says Failed, of another command: ours is asked for again."""
    rewrite(lab, POLL, with_fields(**({"Status": "Failed", "StatusDetails": "Failed"} | fields)), times=6)
    event = {"execution": "arn:aws:states:us-east-1:123456789012:execution:sdwan:run", "retry_count": 0}
    assert lab.start("phase1").invoke(event).response["success_count"] == 4


def test_an_answer_to_another_send_command_is_looked_up(lab: Lab) -> None:
    def other(answer: Answer) -> None:
        body = json.loads(answer.body)
        body["Command"] |= {"CommandId": "0" * 36, "Comment": "another's"}
        answer.body = json.dumps(body).encode()

    rewrite(lab, "SendCommand", other, times=1)
    result = lab.start("phase1").invoke().response
    assert result["success_count"] == 4 and len(lab.ssm.commands) == 4
    assert {one["command_id"] for one in result["results"].values()} == {command.command_id for command in lab.ssm.commands}


STILL = {"Status": "InProgress", "StatusDetails": "InProgress", "StandardOutputContent": ""}
LATER = {"it runs": (200, STILL), "it failed": (200, {"Status": "Failed", "StatusDetails": "Failed"}),
         "unknown": (400, {"__type": "InvocationDoesNotExist"}), "forbidden": (400, {"__type": "AccessDeniedException"})}


@pytest.mark.parametrize("later", LATER)
def test_what_has_ended_stays_so(lab: Lab, later: str) -> None:
    """In short steps: two routers are seen at their end, and later answers say something else."""
    slow = [ROUTERS[name].instance_id for name in ("fra-sdwan", "fra-branch1")]
    for instance in slow:
        lab.ssm.hosts[instance].outcome = Outcome(stages=("InProgress",))
    event = {"execution": "arn:aws:states:us-east-1:123456789012:execution:sdwan:run", "retry_count": 0}
    function = lab.start("phase2")
    state = function.invoke(event | {"action": "start"}).response["state"]
    second = function.invoke(event | {"action": "check", "state": state}).response
    assert second["progress"] == {"waiting_count": 0, "running_count": 2, "success_count": 2, "fail_count": 0,
                                  "pending": ["fra-branch1", "fra-sdwan"]}
    status, fields = LATER[later]

    def lies(answer: Answer) -> None:
        body = json.loads(answer.body)
        if body["InstanceId"] not in slow:
            answer.status, answer.body = status, json.dumps(fields if status == 400 else body | fields).encode()

    rewrite(lab, POLL, lies)
    result = function.invoke(event | {"action": "check", "state": second["state"]}).response
    assert result["done"] and result["success_count"] == 4, result


@pytest.mark.parametrize("name, value", [("x-amzn-ErrorType", "X" * 60_000), ("__type", "Y" * 70_000)])
def test_an_error_code_of_70_kb(lab: Lab, name: str, value: str) -> None:
    def change(answer: Answer) -> None:
        answer.status = 400
        answer.body = json.dumps({name: value, "message": "é" * 1_000_000}).encode()
        if name.startswith("x-"):
            answer.headers[name] = value

    rewrite(lab, "GetParametersByPath", change)
    invocation = lab.start("phase1").invoke()
    assert invocation.error["errorType"].startswith("AWS.") and len(invocation.result.body) < 10_000


def test_a_message_of_nearly_a_megabyte(lab: Lab) -> None:
    """Counted in bytes: a character may be of any length."""
    def change(answer: Answer) -> None:
        answer.status = 400
        answer.body = json.dumps({"__type": "AccessDeniedException", "message": "e" + "\u0301" * 150_000}).encode()

    rewrite(lab, "GetParametersByPath", change)
    function = lab.start("phase1")
    invocation = function.invoke()
    assert invocation.error["errorType"] == "AWS.AccessDeniedException" and len(invocation.result.body) < 20_000
    assert all(len(line.encode()) < 20_000 for line in function.bootstrap.logs())


def test_an_unknown_key_says_what_to_look_at(lab: Lab) -> None:
    def change(answer: Answer) -> None:
        answer.status = 400
        answer.body = json.dumps({"__type": "UnrecognizedClientException",
                                  "message": "The security token included in the request is invalid."}).encode()

    rewrite(lab, "GetParametersByPath", change)
    error = lab.start("phase1", AWS_REGION="cn-north-1", SDWAN_REGIONS="cn-north-1").invoke().error
    assert error["errorType"] == "AWS.UnrecognizedClientException"
    assert "AWS_ACCESS_KEY_ID" in error["errorMessage"] and "aws-cn" in error["errorMessage"]
