"""What goes wrong on purpose between Step Functions, Lambda and Systems Manager: for tests of the state machines.

An execution's input asks for it in its field `interference`, which every phase's event carries and the functions
ignore:

- `id`: tells the execution from others.
- `refuse`: phase → errors that Lambda answers its first invocations with, instead of passing them on.
- `kill`: {"call": N, "moment": "before" or "after"}: each step's function is killed at its N-th call of Systems
  Manager, or of a system's stand-in, before the call is done, or when it is done and not answered yet. An invocation
  that is retried lives.
- `lag`: seconds that the function's lists of commands lag behind.
"""

import json
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from .credentials import signer
from .workers import Workers

KILLS = "kills.jsonl"
FIELD = "interference"
BEFORE, AFTER = "before", "after"
# What the answers call what they list.
LISTS = {"ListCommands": "Commands", "ListCommandInvocations": "CommandInvocations"}

Response = tuple[int, dict[str, str], bytes]
NO_ANSWER: Response = (503, {}, b"{}")


@dataclass(eq=False)
class Invocation:
    """A function at work, and how often it has called Systems Manager."""

    worker: Any
    event: dict[str, Any]
    calls: int = 0

    @property
    def wish(self) -> dict[str, Any]:
        return self.event.get(FIELD) or {}

    @property
    def port(self) -> int | None:
        server = self.worker._server
        return server.server_address[1] if server else None

    def kill_due(self) -> str | None:
        """The moment at which the present call is to be the last one."""
        kill = self.wish.get("kill")
        due = kill and self.calls == kill["call"] and not self.event.get("retry_count")
        return kill["moment"] if due else None


class Interference:
    """Stands in for some functions of the emulator, and is asked about every call of Systems Manager and of a system's stand-in."""

    def __init__(self, folder: Path, workers: Workers) -> None:
        self._log = folder / KILLS
        self._workers = workers
        self._lock = threading.Lock()
        self._invocations: list[Invocation] = []
        self._refused: Counter[tuple[str, str]] = Counter()

    def install(self, runtime: ModuleType, states: ModuleType) -> None:
        invoke, call = runtime.ProvidedWorker.invoke, states._call_lambda

        def watched_invoke(worker: Any, event: Any, *rest: Any, **more: Any) -> Any:
            invocation = Invocation(worker, event if isinstance(event, dict) else {})
            with self._lock:
                self._invocations.append(invocation)
            try:
                return invoke(worker, event, *rest, **more)
            finally:
                with self._lock:
                    self._invocations.remove(invocation)

        def call_or_refuse(function: str, event: Any) -> Any:
            if error := self._refusal(function, event):
                raise states._ExecutionError(error, "the service answered so on purpose")
            return call(function, event)

        runtime.ProvidedWorker.invoke = watched_invoke
        states._call_lambda = call_or_refuse

    async def around(self, headers: dict[str, str], operation: str, perform: Callable[[], Awaitable[Response]]) -> Response:
        """A call of Systems Manager, with what is wished for it."""
        invocation = self._caller(headers)
        if invocation is None:
            return await perform()
        with self._lock:
            invocation.calls += 1
            moment = invocation.kill_due()
        if moment == BEFORE:
            self._kill(invocation, operation, moment)
            return NO_ANSWER
        answer = await perform()
        if moment == AFTER:
            self._kill(invocation, operation, moment)
        if operation in LISTS:
            return _without_newest(answer, LISTS[operation], invocation.wish.get("lag", 0))
        return answer

    def _caller(self, headers: dict[str, str]) -> Invocation | None:
        port = self._workers.port_of(signer(headers))
        with self._lock:
            return next((i for i in self._invocations if port is not None and i.port == port), None)

    def _refusal(self, function: str, event: Any) -> str | None:
        wish = (event.get(FIELD) or {}) if isinstance(event, dict) else {}
        phase = function.rsplit("-", 1)[-1]
        errors = wish.get("refuse", {}).get(phase, [])
        if not errors:
            return None
        with self._lock:
            self._refused[wish["id"], phase] += 1
            number = self._refused[wish["id"], phase]
        return errors[number - 1] if number <= len(errors) else None

    def _kill(self, invocation: Invocation, operation: str, moment: str) -> None:
        os.kill(invocation.worker._proc.pid, signal.SIGKILL)
        function = invocation.worker.config["FunctionName"]
        line = {"id": invocation.wish["id"], "phase": function.rsplit("-", 1)[-1], "action": invocation.event.get("action"),
                "call": invocation.calls, "operation": operation, "moment": moment}
        with self._lock, self._log.open("a") as log:
            log.write(json.dumps(line) + "\n")


def _without_newest(answer: Response, name: str, lag: float) -> Response:
    """A history that does not show yet what is younger."""
    if not lag or answer[0] != 200:
        return answer
    listed = json.loads(answer[2])
    listed[name] = [one for one in listed[name] if one["RequestedDateTime"] <= time.time() - lag]
    return answer[0], answer[1], json.dumps(listed).encode()
