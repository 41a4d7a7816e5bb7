"""The Lambda Runtime API: hands out events, takes results, and keeps the state rules of the real one."""

from __future__ import annotations

import json
import re
import threading
import time
import uuid
from dataclasses import dataclass, field

from local.contract.quotas import ANSWER as LARGEST_RESPONSE

from .server import Answer, FakeServer, Request

_PREFIX = "/2018-06-01/runtime"
_RESULT = re.compile(_PREFIX + r"/invocation/([^/]+)/(response|error)")
ACCEPTED = json.dumps({"status": "OK"}).encode()


@dataclass
class Invocation:
    """One event and what became of it."""

    payload: bytes
    deadline_ms: int
    trace_id: str
    extra_headers: dict[str, str | None]
    shape: dict = field(default_factory=dict)
    request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    given_out: threading.Event = field(default_factory=threading.Event)
    given_at: float = 0.0  # on the clock of `Request.at`
    done: threading.Event = field(default_factory=threading.Event)
    result: Request | None = None
    too_large: Request | None = None

    def wait(self, seconds: float = 60) -> Invocation:
        assert self.done.wait(seconds), f"no result for {self.request_id} within {seconds} s"
        return self

    @property
    def failed(self) -> bool:
        return self.result is not None and self.result.path.endswith("/error")

    @property
    def json(self) -> dict:
        """The response's or the error report's body."""
        assert self.result is not None
        return json.loads(self.result.body)

    @property
    def response(self) -> dict:
        """The response's body; an error report fails the test that asked for a response."""
        assert not self.failed, f"the function reported {self.result.body!r}"
        return self.json

    @property
    def error(self) -> dict:
        assert self.failed, f"the function answered {self.result.body[:500]!r}"
        return self.json

    @property
    def error_type_header(self) -> str:
        assert self.result is not None
        return self.result.headers.get("Lambda-Runtime-Function-Error-Type", "")


class RuntimeAPI(FakeServer):
    """Serves one runtime. `calls` holds every request in the order in which it was answered or parked."""

    def __init__(self, largest_response: int = LARGEST_RESPONSE, error_after_413: bool = True, port: int = 0) -> None:
        self.largest_response = largest_response
        self.error_after_413 = error_after_413
        self.calls: list[Request] = []
        self.init_error: Request | None = None
        self.reset_reused = 0  # so many requests on a reused connection get an RST and no answer
        self.refusals: dict[str, int] = {}  # status for the next "response", "error" or "init/error"
        self.post_gate: threading.Event | None = None  # posts are answered when it is set
        self.hang_up_after_answer = False
        self.delay = 0.0
        self.provoked = False  # a test that causes refusals itself says so
        self._queue: list[Invocation] = []
        self._current: Invocation | None = None
        self._started = False
        self._parked = 0
        self._parked_end: Answer | None = None
        super().__init__(port=port)

    # What a test does

    def invoke(self, payload: bytes | dict | str = b"{}", seconds: float = 300, trace_id: str | None = None,
               headers: dict[str, str | None] | None = None, **shape) -> Invocation:
        """Queue an event whose deadline is that many seconds away.

        A header that is None is left out; `shape` says how the answer goes over the wire, see `Answer`.
        """
        if isinstance(payload, dict):
            payload = json.dumps(payload).encode()
        elif isinstance(payload, str):
            payload = payload.encode()
        deadline = int((time.time() + seconds) * 1000)
        trace = trace_id or f"Root=1-{int(time.time()):08x}-{uuid.uuid4().hex[:24]};Parent={uuid.uuid4().hex[:16]};Sampled=1"
        invocation = Invocation(payload, deadline, trace, headers or {}, shape)
        with self.lock:
            self._queue.append(invocation)
            self.lock.notify_all()
        return invocation

    def wait_parked(self, seconds: float = 60) -> None:
        """Until the runtime waits in /next with nothing to do."""
        self.wait_for(lambda: self._parked and not self._queue, seconds, "the runtime never asked for an event")

    def end_parked(self, end: Answer) -> None:
        """The request that waits in /next gets this instead of an event."""
        with self.lock:
            self._parked_end = end
            self.lock.notify_all()
            assert self.lock.wait_for(lambda: self._parked_end is None, 60), "nobody was waiting in /next"

    def give_up(self) -> None:
        """Lambda's timeout: whatever is being handled is over."""
        with self.lock:
            self._current = None

    def wait_init_error(self, seconds: float = 60) -> Request:
        self.wait_for(lambda: self.init_error is not None, seconds, "no /init/error")
        assert self.init_error is not None
        return self.init_error

    def wait_for(self, condition, seconds: float, complaint: str) -> None:
        with self.lock:
            assert self.lock.wait_for(condition, seconds), complaint

    def connections(self) -> set[int]:
        return {call.connection for call in self.calls}

    def refused(self) -> list[Request]:
        """What a well-behaved runtime never causes."""
        return [call for call in self.calls if call.status in (400, 403, 404)]

    # The protocol

    def answer(self, request: Request) -> Answer:
        with self.lock:
            if request.nth > 1 and self.reset_reused > 0:
                self.reset_reused -= 1
                return Answer(reset=True)
            self.calls.append(request)
            self.lock.notify_all()
        if self.delay:
            self.stopping.wait(self.delay)
        if self.post_gate and request.method == "POST":
            self.post_gate.wait(60)
        answer = self._route(request)
        answer.headers.setdefault("Content-Type", "application/json")
        answer.hang_up = answer.hang_up or self.hang_up_after_answer
        with self.lock:
            request.status = 0 if answer.is_silent else answer.status
            self.lock.notify_all()
        return answer

    def _route(self, request: Request) -> Answer:
        if (request.method, request.path) == ("GET", _PREFIX + "/invocation/next"):
            return self._next(request)
        if (request.method, request.path) == ("POST", _PREFIX + "/init/error"):
            return self._init_error(request)
        match = _RESULT.fullmatch(request.path)
        if request.method == "POST" and match:
            return self._result(request, *match.groups())
        return _refusal(404, "PageNotFound", f"{request.method} {request.path}")

    def _next(self, request: Request) -> Answer:
        with self.lock:
            if self._parked or self._current:
                return _refusal(403, "InvalidStateTransition", "the previous event has no result yet")
            self._started = True
            self._parked += 1
            self.lock.notify_all()
            try:
                while not self._queue:
                    if self.stopping.is_set() or request.client_left():
                        return Answer(reset=True)
                    if self._parked_end:
                        end, self._parked_end = self._parked_end, None
                        return end
                    self.lock.wait(0.1)
                self._current = invocation = self._queue.pop(0)
            finally:
                self._parked -= 1
        invocation.given_at = time.monotonic()
        invocation.given_out.set()
        headers = {
            "Lambda-Runtime-Aws-Request-Id": invocation.request_id,
            "Lambda-Runtime-Deadline-Ms": str(invocation.deadline_ms),
            "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:us-east-1:123456789012:function:sdwan",
            "Lambda-Runtime-Trace-Id": invocation.trace_id,
            **invocation.extra_headers,
        }
        told = {name: value for name, value in headers.items() if value is not None}
        return Answer(200, invocation.payload, told, **invocation.shape)

    def _result(self, request: Request, request_id: str, kind: str) -> Answer:
        with self.lock:
            current = self._current
            if kind in self.refusals:
                return self._refuse(kind, request)
            if current is None:
                return _refusal(403, "InvalidStateTransition", "no event is being handled")
            if current.request_id != request_id:
                return _refusal(400, "InvalidRequestID", f"the event being handled is not {request_id}")
            if current.too_large and not self.error_after_413:
                self._finish(current, request)
                return _refusal(403, "InvalidStateTransition", "the response was refused already")
            if kind == "response" and len(request.body) > self.largest_response:
                current.too_large = request
                return _refusal(413, "RequestEntityTooLarge",
                                f"Exceeded maximum allowed payload size ({self.largest_response} bytes).")
            self._finish(current, request)
        return Answer(202, ACCEPTED)

    def _refuse(self, kind: str, request: Request) -> Answer:
        """What is refused as out of turn is over for the server; after another refusal the event stays open."""
        status = self.refusals.pop(kind)
        if status == 413 and self._current:
            self._current.too_large = request
        if status in (400, 403):
            self._current = None
        return _refusal(status, "Injected", f"the test refuses /{kind}")

    def _finish(self, invocation: Invocation, request: Request) -> None:
        invocation.result = request
        self._current = None
        invocation.done.set()

    def _init_error(self, request: Request) -> Answer:
        with self.lock:
            if self._started:
                return _refusal(403, "InvalidStateTransition", "initialization is over")
            self.init_error = request
            if "init/error" in self.refusals:
                return self._refuse("init/error", request)
        return Answer(202, ACCEPTED)


def _refusal(status: int, error_type: str, message: str) -> Answer:
    return Answer(status, json.dumps({"errorType": error_type, "errorMessage": message}).encode())
