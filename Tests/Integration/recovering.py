"""The real recovery.zip beside the fakes, asked as the state machine asks it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from fakes.recovery import FakeDRS, FakeStates
from fakes.run_command import Host
from fakes.runtime_api import Invocation, RuntimeAPI
from fakes.ssm import FakeSSM
from harness import Bootstrap, Function

from local.systems.recovery.world import Server

EXECUTION = "arn:aws:states:us-east-1:123456789012:execution:recovery:one"


def server(number: int) -> str:
    return f"s-{number:017d}"


class RecoveryLab:
    """An account with five servers, and functions that recover them."""

    def __init__(self, task_root: Path, folder: Path) -> None:
        self._task_root = task_root
        self._folder = folder
        self.ssm = FakeSSM()
        self.ssm.prefix = "/recovery"
        self.drs = FakeDRS(self.ssm.identity)
        self.states = FakeStates(self.ssm.identity)
        self.world = self.drs.world
        self.world.add(*(Server(server(number), f"host{number}", {"Tier": "db" if number < 3 else "web"})
                         for number in range(1, 6)))
        self._functions: list[Function] = []

    @property
    def made(self) -> Callable[[str], list[dict]]:
        return self.drs.service.made

    def function(self, **environment: str) -> Function:
        """A new process; the next calls go to it."""
        runtime = RuntimeAPI()
        bootstrap = Bootstrap(self._task_root, self._folder / f"recovery-{len(self._functions)}", {
            "PATH": "/usr/bin:/bin", "LAMBDA_TASK_ROOT": str(self._task_root), "_HANDLER": "bootstrap",
            "AWS_LAMBDA_RUNTIME_API": runtime.address, "AWS_LAMBDA_FUNCTION_NAME": "recovery",
            "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/recovery", "AWS_LAMBDA_LOG_STREAM_NAME": "test",
            "AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL": self.ssm.url, "AWS_ENDPOINT_URL_DRS": self.drs.url,
            "AWS_ENDPOINT_URL_SFN": self.states.url, "AWS_MAX_ATTEMPTS": "1", **self.ssm.identity.environment(), **environment})
        self._functions.append(Function(bootstrap, runtime))
        self.drs.kill = bootstrap.kill
        return self._functions[-1]

    def invoke(self, **event: object) -> dict:
        """The answer; a failed invocation fails the test."""
        return self.asked(**event).response

    def error(self, **event: object) -> tuple[str, str]:
        """The type and the text of a failed invocation."""
        told = self.asked(**event).error
        return told["errorType"], told["errorMessage"]

    def asked(self, **event: object) -> Invocation:
        """What came of an invocation."""
        function = self._functions[-1] if self._functions else self.function()
        return function.invoke({name: value for name, value in event.items() if value is not None})

    def event(self, count: int = 2, **fields: object) -> dict:
        """What the state machine says of a wave's step."""
        return {"servers": [server(number) for number in range(1, count + 1)], "execution_type": "drill", "execution": EXECUTION,
                "wave": "db", "step": "recover", "timeout": 3600, "maxConcurrency": 200, "retry_count": 0, **fields}

    def start(self, count: int = 2, **fields: object) -> dict:
        return self.invoke(**self.event(count, action="start", **fields))

    def check(self, answer: dict, count: int = 2, **fields: object) -> dict:
        return self.invoke(**self.event(count, action="check", state=answer["state"], **fields))

    def follow(self, answer: dict, count: int = 2, most: int = 60, **fields: object) -> tuple[dict, list[int]]:
        """The step to its end, and the pauses in it; only the services' time passes."""
        waits = []
        while not answer["done"]:
            assert len(waits) < most, answer
            waits.append(answer["wait_seconds"])
            self.drs.pass_time(answer["wait_seconds"])
            answer = self.check(answer, count, **fields)
        return answer, waits

    def admit(self, waves: object = None, steps: object = None, **event: object) -> dict:
        return {"action": "admit", "execution": EXECUTION, "event": event, "waves": waves,
                "steps": steps or [{"name": "recover", "timeout": 3600}]}

    def host(self, instance: str) -> Host:
        """An instance that Systems Manager reaches."""
        host = self.ssm.hosts[instance] = Host(instance, "us-east-1")
        return host

    def stop(self) -> None:
        for function in self._functions:
            function.bootstrap.kill()
            function.runtime.stop()
        for fake in (self.ssm, self.drs, self.states):
            fake.stop()

    def check_manners(self) -> None:
        """What no correct caller does was not done."""
        wrong = self.ssm.violations + self.drs.service.violations + self.states.violations
        assert not wrong, json.dumps(wrong, indent=1)
