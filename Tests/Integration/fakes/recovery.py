"""Elastic Disaster Recovery and Step Functions as the recovery function calls them, each over its own protocol."""

from __future__ import annotations

import json
import time

from local.contract import services
from local.systems.recovery.drs import Recovery
from local.systems.recovery.world import World

from .server import Answer, FakeServer, Request
from .signature import Identity, ServiceError, verify


class FakeDRS(FakeServer):
    """The stand-in of the local run behind a server of its own; a test moves its clock."""

    def __init__(self, identity: Identity) -> None:
        self.identity = identity
        self.world = World()
        self.ahead = 0.0
        self.service = Recovery(self.world, lambda: time.time() + self.ahead)
        # When the function is to be killed: before (False) or after (True) this call, counted from 1, is carried out.
        self.killing: tuple[int, bool] | None = None
        self.kill = lambda: None
        self.seen = 0
        super().__init__()

    def pass_time(self, seconds: float) -> None:
        self.ahead += seconds

    def answer(self, request: Request) -> Answer:
        verify(request, self.url, self.identity, "drs", self.clock_offset)
        if request.method != "POST":
            self.service.violations.append(f"{request.method} {request.path}")
        with self.lock:
            self.seen += 1
            number = self.seen
        is_fatal = self.killing is not None and self.killing[0] == number
        if is_fatal and not self.killing[1]:
            self.kill()
            return Answer(reset=True)
        told = self.service.answer(request.path.removeprefix("/"), request.headers.get("Content-Type") or "", request.body)
        if is_fatal:
            self.kill()
            return Answer(reset=True)
        if told is None:
            return Answer(reset=True)
        status, headers, body = told
        return Answer(status, body, headers)


class FakeStates(FakeServer):
    """What is known of one execution."""

    def __init__(self, identity: Identity) -> None:
        self.identity = identity
        self.started = time.time() - 1
        self.outputs: list[dict] = []
        self.violations: list[str] = []
        self.throttles = 0
        super().__init__()

    def answer(self, request: Request) -> Answer:
        operation = (request.headers.get("X-Amz-Target") or "").removeprefix("AWSStepFunctions.")
        verify(request, self.url, self.identity, "states", self.clock_offset)
        content_type = request.headers.get("Content-Type") or ""
        found = services.request_problems("stepfunctions", operation, content_type, request.body)
        self.violations += [f"{operation}: {problem}" for problem in found]
        if self.throttles > 0:
            self.throttles -= 1
            return self._told(400, {"__type": "ThrottlingException", "message": "Rate exceeded"})
        given = json.loads(request.body)
        if operation == "DescribeExecution":
            return self._told(200, {"executionArn": given["executionArn"], "stateMachineArn": "arn:aws:states:us-east-1:1:stateMachine:r",
                                    "name": "one", "status": "RUNNING", "startDate": self.started})
        if operation == "GetExecutionHistory":
            events = [{"id": number + 1, "timestamp": self.started, "type": "TaskSucceeded", "previousEventId": number,
                       "taskSucceededEventDetails": {"resourceType": "lambda", "resource": "invoke",
                                                     "output": json.dumps({"Payload": output})}}
                      for number, output in enumerate(self.outputs)]
            return self._told(200, {"events": events})
        raise ServiceError("UnknownOperationException", operation)

    @staticmethod
    def _told(status: int, value: dict) -> Answer:
        return Answer(status, json.dumps(value).encode(), {"Content-Type": "application/x-amz-json-1.0"})
