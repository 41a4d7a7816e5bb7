"""A deployment of terraform/recovery in the emulators, for tests: many servers, and executions beside one another."""

import json
import time
from collections import Counter
from pathlib import Path
from typing import Any

from ...deploy import HOME, Deployment
from ...emulators import start as emulators
from ...execution.progress import Execution
from ...files import write_atomically
from ...network_file import REPO
from ...processes import Daemons
from ...tests import programs
from .install import CALLS, WORLD

# Faster than the waits between two questions, so that a wave takes one of them.
SPEED = 400
COUNT = 120
BROKEN = "launch-failed"
# Long enough for an answer, and soon over where nobody gives one.
APPROVAL_SECONDS = 15


def name(number: int) -> str:
    return f"s-{number:017d}"


class Account:
    """A deployment without waves of its own: each execution brings its own, of servers that no other has."""

    def __init__(self, folder: Path, daemons: Daemons) -> None:
        self.folder = folder
        # The last of each ten can't be launched.
        servers = [{"id": name(number), "hostname": f"host{number}", "outcome": BROKEN if number % 10 == 9 else "launched"}
                   for number in range(COUNT)]
        write_atomically(folder / WORLD, {"speed": SPEED, "servers": servers, "tells_instances": False})
        endpoints = emulators.start(daemons, folder, systems=("recovery",))
        programs.enter(endpoints.environment())
        deployment = Deployment(folder, REPO / "terraform/recovery", endpoints, daemons)
        outputs = deployment.apply_root({"zip_directory": str(REPO / "dist"), "approval_timeout_seconds": APPROVAL_SECONDS})
        self.machine = outputs["state_machine_arn"]
        self.states, self.functions = (deployment.client(service, HOME) for service in ("stepfunctions", "lambda"))
        self._next = 0

    def servers(self, count: int = 2, is_broken: bool = False) -> list[str]:
        """Some that nobody else has; of broken ones the last."""
        while True:
            taken = list(range(self._next, self._next + count))
            self._next += 1 if is_broken and taken[-1] % 10 != 9 else count
            assert self._next <= COUNT, "there are no more servers"
            if (taken[-1] % 10 == 9) is is_broken and not any(number % 10 == 9 for number in taken[:-1]):
                return [name(number) for number in taken]

    def start(self, *waves: dict[str, Any], **event: Any) -> Execution:
        given = {"execution_type": "drill", **({"waves": list(waves)} if waves else {}), **event}
        return Execution.start(self.states, self.machine, json.dumps(given))

    def calls(self, operation: str) -> list[dict[str, Any]]:
        lines = [json.loads(line) for line in (self.folder / CALLS).read_text().splitlines()]
        return [line["input"] for line in lines if line["operation"] == operation and line["status"] in (0, 200, 202)]

    def launched(self) -> Counter[str]:
        """How often each server was given to a job."""
        return Counter(one["sourceServerID"] for call in self.calls("StartRecovery") for one in call["sourceServers"])

    def history(self, execution: Execution) -> str:
        """All that its steps have answered."""
        pages = self.states.get_paginator("get_execution_history").paginate(executionArn=execution.arn, includeExecutionData=True)
        return " ".join(event.get("taskSucceededEventDetails", {}).get("output", "") for page in pages for event in page["events"])

    def terminate(self, execution: Execution) -> dict[str, Any]:
        answer: dict[str, Any] = {"done": False}
        while not answer["done"]:
            event = {"action": "terminate", "execution": execution.arn, "state": answer.get("state")}
            told = self.functions.invoke(FunctionName="recovery", Payload=json.dumps(event).encode())
            answer = json.loads(told["Payload"].read())
            assert "errorType" not in answer, answer
            time.sleep(0.2)
        return answer
