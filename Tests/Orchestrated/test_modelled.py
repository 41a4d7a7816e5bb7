"""What neither emulator has, against a fake that holds every request against the service's model."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest
from conftest import ROOT
from test_tool import SDWAN

from local.contract import services

sys.path.insert(0, str(ROOT / "Tests/Integration"))
from fakes.server import Answer, FakeServer, Request  # noqa: E402
from fakes.signature import Identity, verify  # noqa: E402

MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:m"
EXECUTION = "arn:aws:states:us-east-1:123456789012:execution:m:one"
JSON = {"Content-Type": "application/x-amz-json-1.0"}


class Refused(Exception):
    """An error's code."""


class Executions(FakeServer):
    """Step Functions with one machine, whose executions run for ever: names as documented, which MiniStack refuses a second time
    whatever the input is, and a redrive, which it does not have."""

    def __init__(self) -> None:
        self.identity = Identity()
        self.inputs: dict[str, str] = {}
        self.redriven: list[str] = []
        super().__init__()

    def answer(self, request: Request) -> Answer:
        verify(request, self.url, self.identity, "states", self.clock_offset)
        operation = (request.headers.get("X-Amz-Target") or "").removeprefix("AWSStepFunctions.")
        found = services.request_problems("stepfunctions", operation, request.headers["Content-Type"], request.body)
        try:
            if found:
                raise Refused("ValidationException")
            told = getattr(self, operation)(json.loads(request.body))
        except Refused as error:
            return Answer(400, json.dumps({"__type": str(error), "message": str(found)}).encode(), JSON)
        assert not services.answer_problems("stepfunctions", operation, told)
        return Answer(200, json.dumps(told).encode(), JSON)

    def StartExecution(self, given: dict[str, str]) -> dict[str, object]:
        name, text = given["name"], given["input"]
        if self.inputs.setdefault(name, text) != text:
            raise Refused("ExecutionAlreadyExists")
        return {"executionArn": EXECUTION.removesuffix("one") + name, "startDate": 1796000000.5}

    def DescribeExecution(self, given: dict[str, str]) -> dict[str, object]:
        return {"executionArn": given["executionArn"], "stateMachineArn": MACHINE, "status": "RUNNING", "startDate": 1796000000.5}

    def RedriveExecution(self, given: dict[str, str]) -> dict[str, object]:
        if given["executionArn"] != EXECUTION:
            raise Refused("ExecutionDoesNotExist")
        if self.redriven:
            raise Refused("ExecutionNotRedrivable")
        self.redriven.append(given["executionArn"])
        return {"redriveDate": 1796000000.5}


@pytest.fixture
def executions() -> Iterator[Executions]:
    fake = Executions()
    try:
        yield fake
    finally:
        fake.stop()


def machine(fake: Executions, *words: str, given: str = "") -> tuple[int, str]:
    """Exit status, and what was said."""
    environment = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "AWS_ENDPOINT_URL": fake.url, **fake.identity.environment()}
    ended = subprocess.run([SDWAN, "machine", *words], env=environment, input=given, capture_output=True, text=True, timeout=60)
    return ended.returncode, ended.stdout + ended.stderr


def test_an_execution_goes_on(executions: Executions) -> None:
    assert machine(executions, "redrive", EXECUTION) == (0, "it goes on\n") and executions.redriven == [EXECUTION]
    status, said = machine(executions, "redrive", EXECUTION)
    assert status == 5 and "ExecutionNotRedrivable" in said
    status, said = machine(executions, "redrive", EXECUTION + "-other")
    assert status == 5 and "ExecutionDoesNotExist" in said and len(executions.redriven) == 1


def test_the_same_name_and_input_find_the_execution_that_runs(executions: Executions) -> None:
    for _ in range(2):
        status, said = machine(executions, "run", MACHINE, "--execution", "one", "--timeout", "1", given='{"a": 1}')
        assert status == 6 and "one goes on" in said, said
    assert executions.inputs == {"one": '{"a": 1}'}
    status, said = machine(executions, "run", MACHINE, "--execution", "one", given='{"a": 2}')
    assert status == 5 and "ExecutionAlreadyExists" in said
