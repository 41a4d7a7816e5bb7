"""One process of a function under a Runtime API of its own."""

import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from fakes.runtime_api import Invocation, RuntimeAPI

Environment = Callable[[str], Mapping[str, str]]


@dataclass(frozen=True)
class Outcome:
    """What became of an event."""

    body: bytes
    failed: bool
    seconds: float
    over: bool = False  # the process takes no more events


class Sandbox:
    """Starts the program, hands it events one by one, and ends it."""

    def __init__(self, program: Path, environment: Environment, timeout: float) -> None:
        """`environment` gives the process's variables for the Runtime API's address; `timeout` is an invocation's, in seconds."""
        self._timeout = timeout
        self._api = RuntimeAPI()
        self._ended = False
        self._memory = 0
        self._began = time.monotonic()
        # What it writes is its log, which comes as it is written; our own stdout is for the answers.
        self._process = subprocess.Popen([program], cwd=program.parent, env=dict(environment(self._api.address)),
                                         stdin=subprocess.DEVNULL, stdout=2, stderr=2, start_new_session=True)
        threading.Thread(target=self._watch, daemon=True).start()

    def start(self) -> float | Outcome:
        """Seconds until it asked for its first event, or why it never did."""
        if not self._wait(lambda: bool(self._asked()) or self._api.init_error is not None):
            return self._gone(None, self._began)
        if self._api.init_error is not None:
            return Outcome(self._api.init_error.body, True, self._api.init_error.at - self._began, over=True)
        return self._asked()[0] - self._began

    def invoke(self, event: bytes) -> Outcome:
        """What became of the event. For Lambda an invocation is over when the runtime asks for the next event."""
        asked = len(self._asked())
        invocation = self._api.invoke(event, self._timeout)
        done = self._wait(invocation.done.is_set)
        back = done and self._wait(lambda: len(self._asked()) > asked)
        self._measure()
        if not done or invocation.result is None:
            return self._gone(invocation, invocation.given_at or time.monotonic())
        seconds = invocation.result.at - invocation.given_at
        return Outcome(invocation.result.body, invocation.failed, seconds, over=not back)

    @property
    def memory(self) -> int:
        """Bytes that it had at most, seen after its last answer; 0 where it was gone before."""
        return self._memory

    def broken_rules(self) -> list[str]:
        """Requests of the runtime that the Runtime API had to refuse."""
        return [f"{call.method} {call.path}: {call.status}" for call in self._api.refused()]

    def stop(self) -> None:
        try:
            os.killpg(self._process.pid, signal.SIGKILL)  # and what it has started
        except ProcessLookupError:
            pass
        self._process.wait()
        self._api.stop()

    def _asked(self) -> list[float]:
        return [call.at for call in self._api.calls if call.path.endswith("/invocation/next")]

    def _watch(self) -> None:
        self._process.wait()
        with self._api.lock:
            self._ended = True
            self._api.lock.notify_all()

    def _wait(self, condition: Callable[[], bool]) -> bool:
        """Whether it came to be before the process ended or the timeout was over."""
        with self._api.lock:
            self._api.lock.wait_for(lambda: condition() or self._ended, self._timeout)
            return condition()

    def _measure(self) -> None:
        try:
            status = Path(f"/proc/{self._process.pid}/status").read_text()
        except OSError:
            return
        for line in status.splitlines():
            if line.startswith("VmHWM:"):
                self._memory = int(line.split()[1]) * 1024

    def _gone(self, invocation: Invocation | None, since: float) -> Outcome:
        """The error that Lambda makes of a process that ended, or did not within its time."""
        about = f"RequestId: {invocation.request_id} " if invocation else ""
        if self._ended:
            kind, message = "Runtime.ExitError", f"{about}Error: Runtime exited {_manner(self._process.returncode)}"
        else:
            kind, message = "Sandbox.Timedout", f"{about}Error: Task timed out after {self._timeout:.2f} seconds"
        body = json.dumps({"errorType": kind, "errorMessage": message}).encode()
        return Outcome(body, True, time.monotonic() - since, over=True)


def _manner(status: int) -> str:
    if status == 0:
        return "without providing a reason"
    return f"with error: {f'exit status {status}' if status > 0 else f'signal: {signal.Signals(-status).name}'}"
