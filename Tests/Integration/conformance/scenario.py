"""A scenario, and the stage that it is played on."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass

from fakes.runtime_api import Invocation, RuntimeAPI
from fakes.server import Request
from harness import PATIENCE, Bootstrap, Function, Lab

GOES_ON = "goes on"


@dataclass(frozen=True)
class Scenario:
    """`sees` is every request that AWS's own server gets and the status that it answers, `-` where it answers none.

    `ends` is how the process ends, or that it goes on: then it must serve another event.
    """

    name: str
    server: str
    play: Callable[[Stage], None]
    sees: tuple[str, ...]
    ends: str = GOES_ON


class Stage:
    """One Runtime API server at a time, and the functions that it runs."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        self._servers: list[RuntimeAPI] = []
        self._begin(RuntimeAPI())
        self.function: Function

    def _begin(self, runtime: RuntimeAPI) -> None:
        self.runtime = runtime
        self.runtime.provoked = True
        self._servers.append(runtime)

    @property
    def bootstrap(self) -> Bootstrap:
        return self.function.bootstrap

    def start(self, **environment: str) -> None:
        self.function = self._lab.start("conformance", self.runtime, **environment)

    def start_parked(self) -> None:
        self.start()
        self.runtime.wait_parked()

    def invoke(self, event: bytes | str = "echo", **rest) -> Invocation:
        return self.function.invoke(event, **rest)

    def handing_out(self, event: bytes | str, **rest) -> Invocation:
        """An event that the function has, and whose result is not waited for."""
        invocation = self.runtime.invoke(event, **rest)
        assert invocation.given_out.wait(PATIENCE), "the event was never asked for"
        return invocation

    def wait_for_call(self, kind: str) -> None:
        self.runtime.wait_for(lambda: any(_kind(call) == kind for call in self.runtime.calls), PATIENCE, f"no {kind}")

    def wait_until_begun(self) -> None:
        """The handler says so at log level DEBUG."""
        until = time.monotonic() + PATIENCE
        while not any("has begun" in line for line in self.bootstrap.logs()):
            assert time.monotonic() < until, "the handler never began"
            time.sleep(0.02)

    def freeze(self) -> None:
        self.bootstrap.process.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, self.bootstrap.process.pid, os.WSTOPPED | os.WNOWAIT)

    def thaw(self) -> None:
        self.bootstrap.process.send_signal(signal.SIGCONT)

    def restart_server(self) -> None:
        """Another server on the same port, which knows nothing of the first."""
        old = self.runtime
        old.stop()
        self._begin(RuntimeAPI(port=old.port))
        self.function.runtime = self.runtime

    # What came of it

    def end(self, expected: str) -> str:
        if expected == GOES_ON:
            self.runtime.wait_parked()
            return GOES_ON if self.bootstrap.running() else _words(self.bootstrap.wait())
        return _words(self.bootstrap.wait())

    def seen(self) -> tuple[str, ...]:
        return tuple(f"{_kind(call)} {call.status or '-'}" for server in self._servers for call in server.calls)

    def posted(self, kind: str) -> list[Request]:
        return [call for server in self._servers for call in server.calls if _kind(call) == kind]


def cause(report: Request) -> dict:
    """X-Ray's cause, of which Lambda takes one line of less than 1 MiB."""
    header = report.headers["Lambda-Runtime-Function-XRay-Error-Cause"]
    assert header.isascii() and header.isprintable() and len(header) < 1 << 20
    parsed = json.loads(header)
    assert set(parsed) == {"working_directory", "exceptions", "paths"}
    return parsed


def _kind(call: Request) -> str:
    """next, response, error or init/error."""
    last = call.path.rsplit("/", 1)[-1]
    return "init/error" if call.path.endswith("/init/error") else last


def _words(status: int) -> str:
    return f"exit {status}" if status >= 0 else signal.Signals(-status).name
