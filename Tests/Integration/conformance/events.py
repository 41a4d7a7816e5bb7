"""Events and responses: what stands in the headers, how the bytes travel, and how many there may be."""

from __future__ import annotations

from collections.abc import Callable

from fakes.runtime_api import LARGEST_RESPONSE

from .scenario import Scenario, Stage

REQUEST_ID, DEADLINE = "Lambda-Runtime-Aws-Request-Id", "Lambda-Runtime-Deadline-Ms"
ARN, TRACE = "Lambda-Runtime-Invoked-Function-Arn", "Lambda-Runtime-Trace-Id"
SIX_MIB = 6 * 1024 * 1024
FAR = "4102444800000"
SERVED = ("next 200", "response 202", "next -")


def context(told: dict[str, str], **headers: str | None) -> Callable[[Stage], None]:
    """What the handler learns from these headers, in an invocation after one that had them all."""
    def play(stage: Stage) -> None:
        stage.start()
        stage.invoke("context")
        body = stage.invoke("context", headers=headers).result.body.decode()
        learnt = dict(line.split("=", 1) for line in body.splitlines())
        assert told.items() <= learnt.items(), learnt
    return play


def no_request_id(stage: Stage) -> None:
    stage.start()
    stage.handing_out("echo", headers={REQUEST_ID: None})
    stage.bootstrap.wait()
    assert any(REQUEST_ID in line for line in stage.bootstrap.logs())


def echo(event: bytes, **shape) -> Callable[[Stage], None]:
    def play(stage: Stage) -> None:
        stage.start()
        assert stage.invoke(event, **shape).result.body == event
    return play


def answer(size: int) -> Callable[[Stage], None]:
    def play(stage: Stage) -> None:
        stage.start()
        assert stage.invoke(f"size {size}").result.body == b"x" * size
    return play


def too_large(stage: Stage) -> None:
    stage.start()
    invocation = stage.invoke(f"size {LARGEST_RESPONSE + 1}")
    assert invocation.error["errorType"] == "Response.TooLarge"
    assert invocation.error_type_header == "Function.ResponseSizeTooLarge"


def deadline(value: str | None, told: str) -> Scenario:
    shown = "no deadline" if value is None else f"the deadline {value!r}"
    return Scenario(f"deadline {'missing' if value is None else value!r}", f"sends {shown}",
                    context({"deadline": told}, **{DEADLINE: value}), SERVED[:2] + SERVED)


EVENTS = [
    Scenario("no request id", "sends an event without its id, which nobody can answer",
             no_request_id, ("next 200", "next 403"), "exit 1"),
    Scenario("no ARN", "sends no function ARN", context({"arn": "none"}, **{ARN: None}), SERVED[:2] + SERVED),
    Scenario("no trace id", "sends no trace id after an invocation that had one",
             context({"trace": "none", "variable": "none"}, **{TRACE: None}), SERVED[:2] + SERVED),
    Scenario("trace id", "sends another trace id", context({"variable": "Root=1-2-3"}, **{TRACE: "Root=1-2-3"}),
             SERVED[:2] + SERVED),
    deadline(FAR, f"{int(FAR) / 1000}"),
    *(deadline(value, "none") for value in (None, "", "soon", "nan", "inf", "1e300", "9" * 30, "-" + "9" * 30, "0x1p62")),
    Scenario("event of 6 MiB", "sends the largest event", echo(b"echo " + b"e" * (SIX_MIB - 5)), SERVED),
    Scenario("event that is no UTF-8", "sends bytes", echo(b"echo " + bytes(range(256)) * 4), SERVED),
    Scenario("event in chunks", "sends Transfer-Encoding: chunked",
             echo(b"echo " + bytes(range(256)) * 400, chunked=True, pieces=7), SERVED),
    Scenario("slow event", "sends the event bit by bit", echo(b"echo " + b"s" * 995, pieces=20, pause=0.05), SERVED),
    Scenario("slow event in chunks", "does it in chunks",
             echo(b"echo " + b"s" * 995, chunked=True, pieces=20, pause=0.05), SERVED),
    Scenario("empty response", "takes a response of no byte", answer(0), SERVED),
    Scenario("response of the limit - 1", "takes it", answer(LARGEST_RESPONSE - 1), SERVED),
    Scenario("response of the limit", f"takes {LARGEST_RESPONSE} bytes", answer(LARGEST_RESPONSE), SERVED),
    Scenario("response of the limit + 1", "refuses it with 413", too_large,
             ("next 200", "response 413", "error 202", "next -")),
]
