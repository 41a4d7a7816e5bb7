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

EXECUTION = "arn:aws:states:us-east-1:123456789012:execution:m:one"


class Redrives(FakeServer):
    """Step Functions with one execution, which can be begun anew once."""

    def __init__(self) -> None:
        self.identity = Identity()
        self.calls: list[tuple[str, dict]] = []
        super().__init__()

    def answer(self, request: Request) -> Answer:
        verify(request, self.url, self.identity, "states", self.clock_offset)
        operation = (request.headers.get("X-Amz-Target") or "").removeprefix("AWSStepFunctions.")
        found = services.request_problems("stepfunctions", operation, request.headers["Content-Type"], request.body)
        given = json.loads(request.body)
        if found or given.get("executionArn") != EXECUTION:
            return self._refused("ValidationException" if found else "ExecutionDoesNotExist", str(found))
        self.calls.append((operation, given))
        if len(self.calls) > 1:
            return self._refused("ExecutionNotRedrivable", "the execution is running")
        told = {"redriveDate": 1796000000.5}
        assert not services.answer_problems("stepfunctions", operation, told)
        return Answer(200, json.dumps(told).encode(), {"Content-Type": "application/x-amz-json-1.0"})

    @staticmethod
    def _refused(code: str, message: str) -> Answer:
        return Answer(400, json.dumps({"__type": code, "message": message}).encode(), {"Content-Type": "application/x-amz-json-1.0"})


@pytest.fixture
def redrives() -> Iterator[Redrives]:
    fake = Redrives()
    try:
        yield fake
    finally:
        fake.stop()


def redrive(fake: Redrives, execution: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "AWS_ENDPOINT_URL": fake.url, **fake.identity.environment()}
    return subprocess.run([SDWAN, "machine", "redrive", execution], env=environment, capture_output=True, text=True, timeout=60)


def test_an_execution_goes_on(redrives: Redrives) -> None:
    ended = redrive(redrives, EXECUTION)
    assert (ended.returncode, ended.stdout) == (0, "it goes on\n"), ended
    assert redrives.calls == [("RedriveExecution", {"executionArn": EXECUTION})]
    again = redrive(redrives, EXECUTION)
    assert again.returncode == 5 and "ExecutionNotRedrivable" in again.stderr, again


def test_an_execution_that_there_is_not(redrives: Redrives) -> None:
    ended = redrive(redrives, EXECUTION + "-other")
    assert ended.returncode == 5 and "ExecutionDoesNotExist" in ended.stderr and not redrives.calls
