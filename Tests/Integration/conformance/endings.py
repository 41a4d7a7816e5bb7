"""SIGTERM: whatever the runtime does, it ends with status 0 and leaves nothing unsaid."""

from __future__ import annotations

import json
import threading

from .scenario import Scenario, Stage


def parked(stage: Stage) -> None:
    stage.start(AWS_LAMBDA_LOG_FORMAT="JSON")
    stage.runtime.wait_parked()
    stage.bootstrap.terminate()
    stage.bootstrap.wait()
    assert not [line for line in stage.bootstrap.logs() if json.loads(line)["level"] in ("WARN", "ERROR", "FATAL")]


def parked_after_an_event(stage: Stage) -> None:
    stage.start()
    stage.invoke()
    stage.runtime.wait_parked()
    stage.bootstrap.terminate()


def running(event: str, body: bytes):
    def play(stage: Stage) -> None:
        stage.start(AWS_LAMBDA_LOG_LEVEL="DEBUG")
        invocation = stage.handing_out(event)
        stage.wait_until_begun()
        stage.bootstrap.terminate()
        assert body in invocation.wait().result.body
    return play


def during_post(event: str, kind: str):
    def play(stage: Stage) -> None:
        stage.runtime.post_gate = threading.Event()
        stage.start()
        invocation = stage.handing_out(event)
        stage.wait_for_call(kind)
        stage.bootstrap.terminate()
        assert not stage.runtime.post_gate.wait(0.3) and stage.bootstrap.running()
        stage.runtime.post_gate.set()
        invocation.wait()
    return play


ENDINGS = [
    Scenario("SIGTERM, parked", "ends the sandbox", parked, ("next -",), "exit 0"),
    Scenario("SIGTERM after an event", "ends the sandbox", parked_after_an_event,
             ("next 200", "response 202", "next -"), "exit 0"),
    Scenario("cancelled, throws", "sends SIGTERM; the handler fails for it", running("wait 60", b"Test.Cancelled"),
             ("next 200", "error 202"), "exit 0"),
    Scenario("cancelled, answers", "sends SIGTERM; the handler gives what it has", running("gather 60", b"a part"),
             ("next 200", "response 202"), "exit 0"),
    Scenario("SIGTERM, busy", "sends SIGTERM; the handler does not listen", running("busy 3", b"done"),
             ("next 200", "response 202"), "exit 0"),
    Scenario("SIGTERM during /response", "sends SIGTERM before it answers the POST", during_post("echo", "response"),
             ("next 200", "response 202"), "exit 0"),
    Scenario("SIGTERM during /error", "sends SIGTERM before it answers the POST", during_post("throw it", "error"),
             ("next 200", "error 202"), "exit 0"),
]
