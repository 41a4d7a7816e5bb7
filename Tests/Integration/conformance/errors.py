"""Errors of the handler, and what is none: a process that dies, and time that is over."""

from __future__ import annotations

import json

from .scenario import Scenario, Stage, cause

CONTROLS = "".join(map(chr, range(0x20))) + "\x7f\x85\u2028\u2029 é 🛰 \"\\"
MIB = 1 << 20


def is_beginning(told: str, message: str, limit: int) -> bool:
    """The message itself, or as much of it as so many bytes hold, with a mark."""
    size = len(told.encode())
    return told == message or (told.endswith("…") and message.startswith(told[:-1]) and limit - 8 < size <= limit)


def throw(message: str):
    """The message, 4 KiB at most, is in the body and the log; the header for X-Ray holds 2 KiB of it."""
    def play(stage: Stage) -> None:
        stage.start(AWS_LAMBDA_LOG_FORMAT="JSON")
        invocation = stage.invoke("throw " + message)
        told = invocation.error["errorMessage"]
        assert invocation.error["errorType"] == "Test.Thrown" and is_beginning(told, message, 4096)
        assert invocation.error_type_header == "Function.TestThrown"
        [exception] = cause(invocation.result)["exceptions"]
        assert exception["type"] == "Test.Thrown" and is_beginning(exception["message"], told, 2048)
        assert [json.loads(line)["message"] for line in stage.bootstrap.logs()] == [told]
    return play


def die(event: str):
    """The server sees the process end with an event in its hands: Runtime.ExitError, not an error of the handler."""
    def play(stage: Stage) -> None:
        stage.start()
        stage.handing_out(event)
        stage.bootstrap.wait()
        assert not stage.posted("error") and not stage.posted("response")
    return play


def late(stage: Stage) -> None:
    stage.start()
    stage.handing_out("wait 0.5", seconds=0.1)
    stage.runtime.give_up()
    stage.wait_for_call("response")


def late_and_next_one_waits(stage: Stage) -> None:
    late(stage)
    assert stage.invoke("echo next").result.body == b"echo next"


def killed_at_the_deadline(stage: Stage) -> None:
    stage.start()
    stage.handing_out("busy 60", seconds=0.1)
    stage.bootstrap.kill()
    stage.runtime.give_up()
    stage.start()
    assert stage.invoke("echo anew").result.body == b"echo anew"


def throw_then_serve(stage: Stage) -> None:
    stage.start()
    pid = stage.bootstrap.process.pid
    assert stage.invoke("throw it").failed
    assert stage.invoke("echo it").result.body == b"echo it" and stage.bootstrap.process.pid == pid


REPORTED = ("next 200", "error 202", "next -")
ERRORS = [
    Scenario("handler throws", "takes the report", throw("as it is"), REPORTED),
    Scenario("error, then an event", "sends another event to the same process", throw_then_serve,
             (*REPORTED[:2], "next 200", "response 202", "next -")),
    Scenario("control characters", "takes a message with all of them", throw(CONTROLS), REPORTED),
    Scenario("message of 3 MiB", "drops an X-Ray cause above 1 MiB", throw("m" * (3 * MIB)), REPORTED),
    Scenario("3 MiB of controls", "the same, each escaped", throw("\x01" * (3 * MIB)), REPORTED),
    Scenario("1 MiB in one letter", "the same, as combining marks", throw("e" + "\u0301" * (MIB // 2)), REPORTED),
    Scenario("process aborts", "sees it end: an error of the process", die("crash"), ("next 200",), "SIGABRT"),
    Scenario("process exits", "sees it end: an error of the process", die("exit 3"), ("next 200",), "exit 3"),
    Scenario("past the deadline", "has given the event up, and refuses the late result", late,
             ("next 200", "response 403", "next -")),
    Scenario("late, next event", "hands out the next event", late_and_next_one_waits,
             ("next 200", "response 403", "next 200", "response 202", "next -")),
    Scenario("killed at the deadline", "kills the process and starts another", killed_at_the_deadline,
             ("next 200", "next 200", "response 202", "next -")),
]
