"""Approvals in the local run: a wave that waits is shown, and answered by a person or by the run itself.

The run reads in the execution's history what the wave has told EventBridge: the task's token is in it.
"""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

# The task that sends "SD-WAN approval wanted" and waits.
WAITING = "putEvents.waitForTaskToken"
ENDS = ("TaskSucceeded", "TaskFailed", "TaskTimedOut", "TaskStateExited", "TaskStateAborted")
REASON = "rejected by --approve no"
ASK, YES, NO = "ask", "yes", "no"

# What a shell needs to answer for itself.
EXPORTED = ("AWS_ENDPOINT_URL", "AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")

Say = Callable[[str], None]


def usual() -> str:
    """Whom to leave the decision to: a person, where there is one."""
    return ASK if sys.stdin.isatty() and sys.stdout.isatty() else YES


@dataclass
class Answers:
    """How a wave is answered: by a person at the terminal, or always in the same way."""

    how: str
    ask: Callable[[str], str] = input

    def reason_against(self, wave: str) -> str | None:
        """Why the wave is rejected; None approves it.

        Raises EOFError when a person was to be asked and there is none.
        """
        if self.how == YES:
            return None
        if self.how == NO:
            return REASON
        while (answer := self.ask(f"approve wave {wave}? [y/n] ").strip().lower()) not in ("y", "yes", "n", "no"):
            pass
        return None if answer.startswith("y") else self.ask("the reason: ").strip() or "no reason was given"


def pending(events: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The detail of the event of the task that waits at the end of a history; None if none does.

    A token is good for an answer only from TaskSubmitted on: the event has been sent.
    """
    asked = wanted = None
    for event in events:
        scheduled = event.get("taskScheduledEventDetails", {})
        if scheduled.get("resource") == WAITING:
            asked = json.loads(scheduled["parameters"])["Entries"][0]["Detail"]
        elif event["type"] == "TaskSubmitted":
            wanted = asked
        elif event["type"] in ENDS or event["type"].startswith("Execution"):
            asked = wanted = None
    return wanted


@dataclass
class Approvals:
    """The waves that wait for an approval, each answered once."""

    states: Any
    # What reaches the emulators from another shell.
    environment: dict[str, str]
    answers: Answers
    answered: set[str] = field(default_factory=set)

    def answer(self, execution: str, say: Say) -> bool:
        """Show and answer the wave of an execution that waits; whether there was one."""
        pages = self.states.get_paginator("get_execution_history").paginate(executionArn=execution, includeExecutionData=True)
        wanted = pending([event for page in pages for event in page["events"]])
        if wanted is None or wanted["task_token"] in self.answered:
            return False
        self.answered.add(wanted["task_token"])
        self._answer(wanted, say)
        return True

    def _answer(self, wanted: dict[str, Any], say: Say) -> None:
        token, wave = wanted["task_token"], wanted["wave"]
        exports = " ".join(f"{name}={self.environment[name]}" for name in EXPORTED if name in self.environment)
        say(f"wave {wave} ({wanted['instances']} routers) waits for an approval; from another shell:\n\n"
            f"  export {exports}\n"
            f"  aws stepfunctions send-task-success --task-token {token} --task-output '{{}}'\n"
            f"  aws stepfunctions send-task-failure --task-token {token} --error Rejected --cause 'the reason'\n")
        try:
            reason = self.answers.reason_against(wave)
            if reason is None:
                self.states.send_task_success(taskToken=token, output="{}")
            else:
                self.states.send_task_failure(taskToken=token, error="Rejected", cause=reason)
        except EOFError:
            say(f"nobody is there to ask: wave {wave} goes on waiting")
        except ClientError as error:
            say(f"wave {wave} does not wait any more: {error}")
        else:
            by_itself = "" if self.answers.how == ASK else f" by this run itself (--approve {self.answers.how})"
            say(f"wave {wave} was {'approved' if reason is None else f'rejected: {reason}'}{by_itself}")
