"""Run Command's side of the fake: hosts, commands and how they go on."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

STDOUT_LIMIT, STDERR_LIMIT = 24_000, 8_000
TERMINAL = {"Success", "Failed", "TimedOut", "Cancelled"}


@dataclass
class Outcome:
    """How one command on one host goes: scripted by a test, or made by running the script."""

    status: str = "Success"
    details: str = ""
    stdout: str = ""
    stderr: str = ""
    code: int | None = None
    unseen: int = 0  # so many polls answer InvocationDoesNotExist
    stages: tuple[str, ...] = ()  # one for each poll before the end
    seconds: float = 0.0
    ends_when: Callable[[], bool] = lambda: True
    never_ends: bool = False

    def response_code(self) -> int:
        if self.code is not None:
            return self.code
        return {"Success": 0, "Failed": 1}.get(self.status, -1)


Executor = Callable[[str, str], Outcome]


@dataclass
class Host:
    """A managed instance. `outcomes` are used up one a command, then `outcome` holds; `executor` beats both."""

    instance_id: str
    region: str
    online: bool = True
    outcome: Outcome = field(default_factory=Outcome)
    outcomes: list[Outcome] = field(default_factory=list)
    executor: Executor | None = None


@dataclass
class Command:
    """One SendCommand that arrived, for one instance or several."""

    body: dict
    region: str
    hidden_listings: int = 0
    command_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    sent_at: float = field(default_factory=time.time)
    invocations: dict[str, Invocation] = field(default_factory=dict)

    @property
    def script(self) -> str:
        return "\n".join(self.body["Parameters"]["commands"])

    @property
    def comment(self) -> str:
        return self.body.get("Comment", "")

    def describe(self) -> dict:
        statuses = {invocation.status() for invocation in self.invocations.values()}
        status = statuses.pop() if len(statuses) == 1 else "InProgress"
        return {"CommandId": self.command_id, "DocumentName": self.body["DocumentName"], "Comment": self.comment,
                "Parameters": self.body.get("Parameters", {}), "InstanceIds": list(self.invocations),
                "RequestedDateTime": self.sent_at, "ExpiresAfter": self.sent_at + 3600, "Targets": [],
                "Status": "InProgress" if status == "Delayed" else status, "StatusDetails": status,
                "MaxConcurrency": "50", "MaxErrors": "0", "TargetCount": len(self.invocations),
                "TimeoutSeconds": self.body.get("TimeoutSeconds", 3600)}


class Invocation:
    """A command on one host."""

    def __init__(self, command: Command, host: Host) -> None:
        self.command = command
        self.host = host
        self.polls = 0
        self.started = time.monotonic()
        self.ended: float | None = None  # when a poll first saw the end
        self.cancelled = False
        self.outcome: Outcome | None = None
        if host.executor:
            threading.Thread(target=self._execute, daemon=True).start()
        else:
            self.outcome = host.outcomes.pop(0) if host.outcomes else host.outcome

    def _execute(self) -> None:
        try:
            self.outcome = self.host.executor(self.host.instance_id, self.command.script)
        except Exception as problem:  # noqa: BLE001 - a broken sandbox must show up as a result
            self.outcome = Outcome("Failed", stderr=f"sandbox: {problem!r}")

    def status(self) -> str:
        if self.cancelled:
            return "Cancelled"
        outcome = self.outcome
        if outcome is None:
            return "InProgress"
        polls = self.polls - outcome.unseen
        if polls <= len(outcome.stages) and outcome.stages:
            return outcome.stages[max(polls - 1, 0)]
        over = time.monotonic() - self.started >= outcome.seconds and outcome.ends_when()
        return outcome.status if over and not outcome.never_ends else "InProgress"

    def poll(self) -> dict | None:
        """GetCommandInvocation's answer, or None while the service does not know the invocation yet."""
        self.polls += 1
        if self.outcome and self.polls <= self.outcome.unseen:
            return None
        status = self.status()
        outcome = self.outcome or Outcome()
        over = status in TERMINAL
        if over and self.ended is None:
            self.ended = time.monotonic()
        told = over and not self.cancelled
        details = outcome.details if told and outcome.details else status
        return {"CommandId": self.command.command_id, "InstanceId": self.host.instance_id,
                "Comment": self.command.comment, "DocumentName": self.command.body["DocumentName"],
                "DocumentVersion": "$DEFAULT", "PluginName": "aws:runShellScript",
                "ResponseCode": outcome.response_code() if told else -1,
                "ExecutionStartDateTime": "", "ExecutionElapsedTime": "", "ExecutionEndDateTime": "",
                "Status": status, "StatusDetails": "In Progress" if details == "InProgress" else details,
                "StandardOutputContent": outcome.stdout[:STDOUT_LIMIT] if told else "", "StandardOutputUrl": "",
                "StandardErrorContent": outcome.stderr[:STDERR_LIMIT] if told else "", "StandardErrorUrl": "",
                "CloudWatchOutputConfig": {"CloudWatchLogGroupName": "", "CloudWatchOutputEnabled": False}}
